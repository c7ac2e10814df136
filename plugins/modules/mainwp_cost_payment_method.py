# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_cost_payment_method
short_description: Make a payment method for costs of a MainWP Dashboard present or absent
version_added: 0.3.0
description:
  - Creates, renames and removes payment methods for costs of MainWP's Cost Tracker.
  - Those that come with MainWP - C(paypal), C(stripe), C(apple), C(amazon), C(google), C(credit_debit), C(debit_card) and
    C(cash) - are not listed by its API. One that is made with the title PayPal, Stripe or Cash stands in its place until it is
    removed; the other titles are refused, for they would be there twice.
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
    type: str
notes:
  - MainWP makes the slug of the title, once, and never changes it. Of letters that are not Latin it makes percent codes, which no
    route of its API takes and no cost stores, so such a title is refused for a new one. Costs know a payment method by its slug.
  - A payment method that is removed stays in the costs that have it, which then show only the slug.
seealso:
  - module: wpfleet.mainwp.mainwp_cost_info
  - module: wpfleet.mainwp.mainwp_cost
"""

EXAMPLES = r"""
- name: Have a payment method
  wpfleet.mainwp.mainwp_cost_payment_method:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    title: Bank transfer

- name: Rename it
  wpfleet.mainwp.mainwp_cost_payment_method:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    slug: bank-transfer
    title: SEPA transfer

- name: Do without it
  wpfleet.mainwp.mainwp_cost_payment_method:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    slug: bank-transfer
    state: absent
"""

RETURN = r"""
payment_method:
  description:
    - The payment method as it is afterwards, or in check mode would be; as it was where it is removed; null where there is none.
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
action:
  description: C(created), C(changed), C(removed) or C(unchanged); in check mode what would be done.
  returned: success, and when the task fails after it began to write
  type: str
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "Payment method 'Bank transfer' (slug bank-transfer) was created."
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
from ..module_utils._resources.cost_types import PAYMENT_METHOD

DOOR = state_door("mainwp_cost_payment_method", PAYMENT_METHOD)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
