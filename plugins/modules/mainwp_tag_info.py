# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_tag_info
short_description: Read the tags of a MainWP Dashboard
version_added: 0.1.0
description:
  - Reads tags with their colours and sites, in one stable shape, sorted by name.
  - Without any filter it returns all tags.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.info
  - wpfleet.mainwp.attributes.actiongroup_mainwp_info
  - wpfleet.mainwp.state.info
seealso:
  - module: wpfleet.mainwp.mainwp_tag
"""

EXAMPLES = r"""
- name: Read all tags
  wpfleet.mainwp.mainwp_tag_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: known

- name: Name the tags that no site has
  ansible.builtin.debug:
    msg: "{{ known.tags | selectattr('sites', 'eq', []) | map(attribute='name') }}"

- name: Read two tags
  wpfleet.mainwp.mainwp_tag_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    names: [Canary, "Shop, EU"]
"""

RETURN = r"""
tags:
  description: The tags, by name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Its id.
      type: int
      returned: always
    name:
      description: Its name.
      type: str
      returned: always
    color:
      description: Its colour, empty for none.
      type: str
      returned: always
      sample: "#2d6cdf"
    sites:
      description: Its sites by address, each with C(id), C(url) and C(name).
      type: list
      elements: dict
      returned: always
count:
  description: Number of tags returned.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "3 tags"
dashboard:
  description: Which Dashboard answered.
  returned: when the Dashboard was reached
  type: dict
  contains:
    url:
      description: Its address.
      type: str
      returned: always
    dialect:
      description: >-
        Which dialect of the API it speaks - C(abilities) (WordPress 6.9 or newer), C(classic), C(v1), or C(v2) where
        it did not matter.
      type: str
      returned: always
error:
  description: What went wrong with the whole run, for machines.
  returned: when the task failed as a whole
  type: dict
  contains:
    message:
      description: One sentence.
      type: str
      returned: always
    hint:
      description: The likely cause, and what to do.
      type: str
      returned: always
    reason:
      description: A stable code such as C(unauthorized), C(connect_failed), C(tls_failed), C(no_route) or C(invalid_input).
      type: str
      returned: always
    status:
      description: The HTTP status.
      type: int
      returned: when there was an answer
    code:
      description: The API's own error code.
      type: str
      returned: when there was one
    symptom:
      description: Which row of the table of symptoms it is, see U(https://github.com/wpfleet/mainwp/blob/main/docs/troubleshooting.md).
      type: str
      returned: when the answer, or the lack of one, is known as a symptom
    retry_after:
      description: Seconds after which the server wants to be asked again.
      type: float
      returned: when the server said so
    option:
      description: The option that is wrong.
      type: str
      returned: for invalid input
"""

from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard_door import run_module
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resource_doors import info_door
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.tags import TAG

DOOR = info_door("mainwp_tag_info", TAG)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
