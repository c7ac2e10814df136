# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_cost
short_description: Make a cost of a MainWP Dashboard present or absent
version_added: 0.3.0
description:
  - Records in MainWP's Cost Tracker what licences, hosting and the like cost, how often, and for which sites, tags or clients.
  - A cost of a plugin or theme is known by its O(product_type) and O(slug), of which there can be only one; any other is known
    by its O(name).
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
  - wpfleet.mainwp.state
options:
  name:
    description:
      - Its name. Needed to make a new one. Costs may have the same name; of several the task needs the O(id).
    type: str
  product_type:
    description:
      - The slug of its product type, V(plugin), V(theme), V(hosting), V(service), V(other), or one of those that
        M(wpfleet.mainwp.mainwp_cost_product_type) makes. A new one is V(other) if not given.
    type: str
  slug:
    description:
      - The plugin or theme that it is for, as V(akismet/akismet.php). Needs O(product_type).
    type: str
  type:
    description:
      - Whether it is paid again and again, or once. A new one is a V(subscription) if not given.
    type: str
    choices: [subscription, lifetime]
  license_type:
    description:
      - Whether one payment is for one site, or for all. A new one is for a V(single_site) if not given.
    type: str
    choices: [single_site, multi_site]
  status:
    description:
      - Its status. A new one is V(active) if not given.
    type: str
    choices: [active, canceled, onhold, expired, pending_cancelation]
  price:
    description:
      - Its price, a number with a point and no currency. The currency is a setting of the Dashboard.
    type: float
  renewal_type:
    description:
      - How often it is paid.
    type: str
    choices: [weekly, monthly, quarterly, yearly, disabled]
  last_renewal:
    description:
      - When it was bought, or paid last, V(2026-11-23) or V(2026-11-23T13:45:00Z), UTC if no zone is given. An empty one clears
        it. MainWP computes RV(cost.next_renewal) of it whenever it writes the cost.
    type: str
  payment_method:
    description:
      - The slug of the way it is paid, one of V(paypal), V(stripe), V(apple), V(amazon), V(google), V(credit_debit),
        V(debit_card) and V(cash), or one of those that M(wpfleet.mainwp.mainwp_cost_payment_method) makes.
    type: str
  cost_url:
    description:
      - A page about it, beginning with V(http://) or V(https://). An address that MainWP would change is refused.
      - O(url) is the address of the Dashboard.
    type: str
  icon:
    description:
      - Its icon, V(deficon:) and the name of an icon as MainWP's pages have them; an empty one stands for that of its type.
    type: str
  color:
    description:
      - Its colour, V(#rgb) or V(#rrggbb), in quotes; an empty one stands for that of its type.
    type: str
  note:
    description:
      - What is noted of it, in as many lines as you like. It is plain text.
    type: str
  sites:
    description:
      - All child sites that it is for, by id, address, domain or name, as with
        O(wpfleet.mainwp.mainwp_site_info#module:sites). A site that does not exist, or a name that hits several, is an error.
      - A new cost needs one of O(sites), O(site_tags) and O(clients); it belongs to the one, and no more to the others.
      - Staging sites are not listed by the API and cannot be named; in a cost that has such ones, or removed ones, they stay.
    type: list
    elements: str
  site_tags:
    description:
      - All tags whose sites it is for, by name or id, instead of O(sites).
    type: list
    elements: str
  clients:
    description:
      - All clients that it is for, by name or id, instead of O(sites). A name that several have is an error.
    type: list
    elements: str
notes:
  - MainWP empties all of a cost that an edit does not name. The task sends everything as it is at that moment; what somebody else
    changes in the same second may be lost.
  - A cost that belongs to sites and tags at once, which only MainWP's own pages can make, is changed only if one of them is given.
  - Sites, tags and clients that are gone stay in the costs that name them, until these are given others.
  - Names, addresses and notes with an odd character are compared as MainWP stores them.
seealso:
  - module: wpfleet.mainwp.mainwp_cost_info
  - module: wpfleet.mainwp.mainwp_cost_product_type
  - module: wpfleet.mainwp.mainwp_cost_payment_method
"""

EXAMPLES = r"""
- name: Record the licence of a plugin
  wpfleet.mainwp.mainwp_cost:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: Akismet
    product_type: plugin
    slug: akismet/akismet.php
    price: 99.5
    renewal_type: yearly
    last_renewal: "2026-02-01"
    license_type: multi_site
    payment_method: paypal
    sites: [blog.example, shop.example]

- name: Record what the hosting of a client costs
  wpfleet.mainwp.mainwp_cost:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: Hosting of Lindgren
    product_type: hosting
    price: 25
    renewal_type: monthly
    last_renewal: "2026-11-01"
    clients: [Lindgren]

- name: The plugin has become dearer
  wpfleet.mainwp.mainwp_cost:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    product_type: plugin
    slug: akismet/akismet.php
    price: 119

- name: Forget a cost
  wpfleet.mainwp.mainwp_cost:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: Hosting of Lindgren
    state: absent
"""

RETURN = r"""
cost:
  description: The cost as it is afterwards, or in check mode would be; as it was where it is removed; null where there is none.
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
    type:
      description: C(subscription) or C(lifetime).
      type: str
      returned: always
    product_type:
      description: The slug of its product type.
      type: str
      returned: always
    slug:
      description: The plugin or theme that it is for.
      type: str
      returned: always
    license_type:
      description: C(single_site) or C(multi_site).
      type: str
      returned: always
    status:
      description: Its status.
      type: str
      returned: always
      sample: active
    price:
      description: Its price.
      type: float
      returned: always
      sample: 29.99
    renewal_type:
      description: How often it is paid.
      type: str
      returned: always
      sample: yearly
    last_renewal:
      description: When it was bought, or paid last (UTC); empty for never.
      type: str
      returned: always
      sample: "2026-02-01T00:00:00Z"
    next_renewal:
      description: When it is to be paid next (UTC), as MainWP computed it when the cost was written last; empty for never.
      type: str
      returned: always
      sample: "2027-02-01T00:00:00Z"
    payment_method:
      description: The slug of the way it is paid.
      type: str
      returned: always
    cost_url:
      description: A page about it.
      type: str
      returned: always
    icon:
      description: Its icon; empty for that of its type.
      type: str
      returned: always
    color:
      description: Its colour; empty for that of its type.
      type: str
      returned: always
    note:
      description: What is noted of it.
      type: str
      returned: always
    sites:
      description:
        - The sites that it is for, by id, each with C(id), C(url) and C(name); url and name are null where the API does not
          list the site (any more).
      type: list
      elements: dict
      returned: always
    site_tags:
      description: The tags that it is for, each with C(id), and C(name), null for one that is gone.
      type: list
      elements: dict
      returned: always
    clients:
      description: The clients that it is for, each with C(id), and C(name), null for one that is gone.
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
  sample: "Cost 'Akismet' (id 4) was changed (price)."
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
from ..module_utils._resources.costs import COST, RULES

DOOR = state_door("mainwp_cost", COST, **RULES)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
