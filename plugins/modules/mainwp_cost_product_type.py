# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_cost_product_type
short_description: Make a product type for costs of a MainWP Dashboard present or absent
version_added: 0.3.0
description:
  - Creates, renames, colours and removes the kinds of products that costs of MainWP's Cost Tracker are sorted by.
  - Five come with MainWP - C(plugin), C(theme), C(hosting), C(service) and C(other). They can be given another colour and icon,
    and neither another title nor be removed.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
  - wpfleet.mainwp.state.slug
options:
  title:
    description:
      - Its title. With O(slug) its new title.
      - A title of which MainWP would make the slug of another one is refused, for it would overwrite that one.
    type: str
  color:
    description:
      - Its colour, V(#rrggbb), in quotes. Upper and lower case are the same. A new one has V(#34424D) if not given.
      - The API cannot clear a colour; an empty one is refused where the type has one.
    type: str
  icon:
    description:
      - Its icon, V(deficon:) and the name of an icon as MainWP's pages have them. A new one has V(deficon:folder open) if not
        given.
      - Pictures can only be uploaded in MainWP's own pages. A type that has one is edited only if another icon is given, for
        the API would lose it.
    type: str
notes:
  - MainWP makes the slug of the title, once, and never changes it. Of letters that are not Latin it makes percent codes, which no
    route of its API takes and no cost stores, so such a title is refused for a new one. Costs know a product type by its slug.
  - A product type that is removed stays in the costs that have it, which then show only the slug.
  - A cost stores twenty characters of a slug, so M(wpfleet.mainwp.mainwp_cost) refuses a type with a longer one.
seealso:
  - module: wpfleet.mainwp.mainwp_cost_info
  - module: wpfleet.mainwp.mainwp_cost
"""

EXAMPLES = r"""
- name: Have a product type for domains
  wpfleet.mainwp.mainwp_cost_product_type:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    title: Domains
    color: "#2d6cdf"
    icon: deficon:globe

- name: Give plugins another colour
  wpfleet.mainwp.mainwp_cost_product_type:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    slug: plugin
    color: "#5ec130"

- name: Do without a product type
  wpfleet.mainwp.mainwp_cost_product_type:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    slug: domains
    state: absent
"""

RETURN = r"""
product_type:
  description:
    - The product type as it is afterwards, or in check mode would be; as it was where it is removed; null where there is none.
  returned: success, and when the task fails after it began to write
  type: dict
  contains:
    slug:
      description: Its slug; null for one that check mode would make.
      type: str
      returned: always
    title:
      description: Its title.
      type: str
      returned: always
    color:
      description: Its colour.
      type: str
      returned: always
      sample: "#2d6cdf"
    icon:
      description: Its icon, C(deficon:) and a name, or the file of an uploaded picture.
      type: str
      returned: always
      sample: deficon:globe
action:
  description: C(created), C(changed), C(removed) or C(unchanged); in check mode what would be done.
  returned: success, and when the task fails after it began to write
  type: str
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "Product type 'Domains' (slug domains) was created."
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
from ..module_utils._resources.cost_types import PRODUCT_TYPE

DOOR = state_door("mainwp_cost_product_type", PRODUCT_TYPE)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
