# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_cost_info
short_description: Read the costs of a MainWP Dashboard
version_added: 0.3.0
description:
  - Reads what is recorded in MainWP's Cost Tracker, sorted by name, and what product types and payment methods there are.
  - Without any filter it returns all costs. Each takes a request of its own, for the list lacks colours and icons.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.info
  - wpfleet.mainwp.attributes.actiongroup_mainwp_info
  - wpfleet.mainwp.state.info
options:
  slugs:
    description:
      - Only those of one of these plugins and themes, as V(akismet/akismet.php), without regard to case.
    type: list
    elements: str
seealso:
  - module: wpfleet.mainwp.mainwp_cost
  - module: wpfleet.mainwp.mainwp_cost_product_type
  - module: wpfleet.mainwp.mainwp_cost_payment_method
"""

EXAMPLES = r"""
- name: Read all costs
  wpfleet.mainwp.mainwp_cost_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: known

- name: Name what is paid every month
  ansible.builtin.debug:
    msg: >-
      {{ known.costs | selectattr('renewal_type', 'eq', 'monthly')
      | map(attribute='name') }}
"""

RETURN = r"""
costs:
  description: The costs, by name, each in the shape of RV(wpfleet.mainwp.mainwp_cost#module:cost).
  returned: success
  type: list
  elements: dict
count:
  description: Number of costs returned.
  returned: success
  type: int
product_types:
  description:
    - All product types there are for costs, each in the shape of
      RV(wpfleet.mainwp.mainwp_cost_product_type#module:product_type).
  returned: success
  type: list
  elements: dict
payment_methods:
  description:
    - All payment methods that somebody made, each in the shape of
      RV(wpfleet.mainwp.mainwp_cost_payment_method#module:payment_method). Those that come with MainWP are not listed.
  returned: success
  type: list
  elements: dict
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "3 costs"
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
from ..module_utils._resources.costs import COST, read_all

DOOR = info_door("mainwp_cost_info", COST, read_all)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
