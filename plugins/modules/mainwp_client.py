# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_client
short_description: Make a client of a MainWP Dashboard present or absent
version_added: 0.1.0
description:
  - Creates, changes, suspends and removes clients, and says which sites are theirs.
  - A client is known by its O(email) where that is given, for no two clients have the same; a client without any is then
    known by its O(name). To change the address of a client give its O(id).
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
      - Its name, at most 255 characters. Needed to make a new client; clients may have the same name.
    type: str
  email:
    description:
      - Its e-mail address, at most 191 characters. MainWP does not check whether it is one. As with all texts but O(name),
        an empty one empties what is there.
    type: str
  phone:
    description: Its telephone number, at most 100 characters.
    type: str
  address_1:
    description: First line of its address, at most 255 characters.
    type: str
  address_2:
    description: Second line of its address, at most 255 characters.
    type: str
  zip:
    description: Its postal code, at most 32 characters. Write it in quotes; YAML takes some codes for other numbers.
    type: str
  city:
    description: Its city, at most 100 characters.
    type: str
  region:
    description: Its state, province or region, at most 200 characters.
    type: str
  country:
    description: Its country, at most 200 characters.
    type: str
  note:
    description: What is noted of it. MainWP makes one line of it.
    type: str
  facebook:
    description: Its page at Facebook, at most 255 characters. MainWP would cut percent codes out of it, so these are refused.
    type: str
  twitter:
    description: Its name at X, or its page, as with O(facebook).
    type: str
  instagram:
    description: Its name at Instagram, or its page, as with O(facebook).
    type: str
  linkedin:
    description: Its page at LinkedIn, as with O(facebook).
    type: str
  created:
    description:
      - Since when it is a client, V(2026-11-23) or V(2026-11-23T13:45:00Z), UTC if no zone is given. A new client is one
        since now.
    type: str
  suspended:
    description:
      - Whether it is suspended. This is a mark of the client and does not suspend its sites.
      - With V(false) a lead or a lost client stays what it is.
    type: bool
notes:
  - A site belongs to one client. What is given to this one leaves another, which RV(moved_sites) tells.
  - With O(state=absent) an O(email) that was given decides alone, so that no namesake is removed.
  - Where its sites change, staging sites that it has lose it, for the API does not list them.
  - A client that is removed leaves its sites without any. Costs that were recorded for it keep its id.
  - Contacts, the picture, and whether somebody is a lead or lost cannot be set by the API; values of client fields cannot
    be read, so they could not be compared.
seealso:
  - module: wpfleet.mainwp.mainwp_client_info
  - module: wpfleet.mainwp.mainwp_tag
"""

EXAMPLES = r"""
- name: Have a client and its sites
  wpfleet.mainwp.mainwp_client:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: Lindgren & Söhne
    email: office@lindgren.example
    city: Köln
    zip: "50667"
    sites: [blog.example, old.example]

- name: Suspend it, and empty its note
  wpfleet.mainwp.mainwp_client:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    email: office@lindgren.example
    suspended: true
    note: ""

- name: Give a client another address
  wpfleet.mainwp.mainwp_client:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    id: 1
    email: hello@lindgren.example

- name: Part with a client; its sites stay
  wpfleet.mainwp.mainwp_client:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    email: hello@lindgren.example
    state: absent
"""

RETURN = r"""
client:
  description: The client as it is afterwards, or in check mode would be; as it was where it is removed; null where there is none.
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
    email:
      description: Its e-mail address.
      type: str
      returned: always
    phone:
      description: Its telephone number.
      type: str
      returned: always
    address_1:
      description: First line of its address.
      type: str
      returned: always
    address_2:
      description: Second line of its address.
      type: str
      returned: always
    zip:
      description: Its postal code.
      type: str
      returned: always
    city:
      description: Its city.
      type: str
      returned: always
    region:
      description: Its state, province or region.
      type: str
      returned: always
    country:
      description: Its country.
      type: str
      returned: always
    note:
      description: What is noted of it.
      type: str
      returned: always
    facebook:
      description: Its page at Facebook.
      type: str
      returned: always
    twitter:
      description: Its name at X.
      type: str
      returned: always
    instagram:
      description: Its name at Instagram.
      type: str
      returned: always
    linkedin:
      description: Its page at LinkedIn.
      type: str
      returned: always
    created:
      description: Since when it is a client (UTC); empty for one that check mode would make.
      type: str
      returned: always
      sample: "2026-11-23T13:45:33Z"
    suspended:
      description: Whether it is suspended.
      type: bool
      returned: always
    status:
      description: C(active), C(suspended), C(lead) or C(lost).
      type: str
      returned: always
    sites:
      description: Its sites by address, each with C(id), C(url) and C(name).
      type: list
      elements: dict
      returned: always
action:
  description: C(created), C(changed), C(removed) or C(unchanged); in check mode what would be done.
  returned: success, and when the task fails after it began to write
  type: str
moved_sites:
  description:
    - Sites that left, or in check mode would leave, another client, each with C(id), C(url), C(name), and with
      C(client_id) and C(client_name) of the client that it leaves.
  returned: success, and when the task fails after it began to write
  type: list
  elements: dict
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "Client 'Lindgren & Söhne' (id 7) was changed (city, sites)."
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
from ..module_utils._resources.clients import CLIENT

DOOR = state_door("mainwp_client", CLIENT)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
