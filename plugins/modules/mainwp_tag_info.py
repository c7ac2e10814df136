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
    msg: >-
      {{ known.tags | selectattr('sites', 'eq', []) | map(attribute='name') }}

- name: Read two tags
  wpfleet.mainwp.mainwp_tag_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    names: [First wave, "Shop, EU"]
"""

RETURN = r"""
tags:
  description: The tags, by name, each in the shape of RV(wpfleet.mainwp.mainwp_tag#module:tag).
  returned: success
  type: list
  elements: dict
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
  description: Which Dashboard answered. See U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#dashboard).
  returned: when the Dashboard was reached
  type: dict
  sample: {url: "https://dashboard.example", dialect: abilities}
error:
  description: What went wrong with the whole run. See U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#error).
  returned: when the task failed as a whole
  type: dict
  sample: {message: "list the sites: HTTP 401", hint: "Is the key copied whole?", reason: unauthorized, status: 401}
"""

from ..module_utils._dashboard_door import run_module
from ..module_utils._resource_doors import info_door
from ..module_utils._resources.tags import TAG

DOOR = info_door("mainwp_tag_info", TAG)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
