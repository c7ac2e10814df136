# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_tag
short_description: Make a tag of a MainWP Dashboard present or absent
version_added: 0.1.0
description:
  - Creates, renames, colours and removes tags, and says which sites have them.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
  - wpfleet.mainwp.state
  - wpfleet.mainwp.state.sites
options:
  name:
    description:
      - Its name. With O(id) its new name.
      - A name of another tag is refused, although MainWP would make C(shop (1)) of it, or two of one name.
    type: str
  color:
    description:
      - Its colour, V(#rgb) or V(#rrggbb), in quotes. Upper and lower case are the same.
      - The API cannot clear a colour; an empty one is refused where the tag has one.
    type: str
notes:
  - The sites of a tag are written site by site, each with all its tags and its client, for the API knows no other way.
    What somebody else changes of the same site at the same moment may be lost.
  - A tag that is removed is taken off its sites. Costs that were recorded for it keep its id.
seealso:
  - module: wpfleet.mainwp.mainwp_tag_info
  - module: wpfleet.mainwp.mainwp_client
"""

EXAMPLES = r"""
- name: Have a tag for the sites that are updated in the first wave
  wpfleet.mainwp.mainwp_tag:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: First wave
    color: "#f5a623"
    sites:
      - blog.example
      - https://shop.example/

- name: Put one more site under it
  wpfleet.mainwp.mainwp_tag:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: First wave
    sites: [old.example]
    sites_mode: add

- name: Rename a tag
  wpfleet.mainwp.mainwp_tag:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    id: 1
    name: Pioneers

- name: Have several tags
  wpfleet.mainwp.mainwp_tag:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: "{{ item }}"
  loop: ["Shop, EU", R&D, Hotels]

- name: Do without a tag
  wpfleet.mainwp.mainwp_tag:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: Hotels
    state: absent
"""

RETURN = r"""
tag:
  description: The tag as it is afterwards, or in check mode would be; as it was where it is removed; null where there is none.
  returned: success, and when the task fails after it began to write
  type: dict
  contains:
    id:
      description: Its id; null for one that check mode would make.
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
action:
  description: C(created), C(changed), C(removed) or C(unchanged); in check mode what would be done.
  returned: success, and when the task fails after it began to write
  type: str
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "Tag 'First wave' (id 3) was changed (sites)."
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
from ..module_utils._resource_doors import state_door
from ..module_utils._resources.tags import TAG

DOOR = state_door("mainwp_tag", TAG)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
