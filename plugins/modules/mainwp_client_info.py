# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_client_info
short_description: Read the clients of a MainWP Dashboard
version_added: 0.1.0
description:
  - Reads clients with their sites, in one stable shape, sorted by name.
  - Without any filter it returns all clients.
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
  emails:
    description:
      - Only those with one of these e-mail addresses, without regard to case.
    type: list
    elements: str
seealso:
  - module: wpfleet.mainwp.mainwp_client
"""

EXAMPLES = r"""
- name: Read all clients
  wpfleet.mainwp.mainwp_client_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: known

- name: Name the clients that are suspended
  ansible.builtin.debug:
    msg: "{{ known.clients | selectattr('suspended') | map(attribute='name') }}"

- name: Read one client
  wpfleet.mainwp.mainwp_client_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    emails: [office@lindgren.example]
"""

RETURN = r"""
clients:
  description: The clients, by name, each in the shape of RV(wpfleet.mainwp.mainwp_client#module:client).
  returned: success
  type: list
  elements: dict
count:
  description: Number of clients returned.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "3 clients"
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
from ..module_utils._resources.clients import CLIENT

DOOR = info_door("mainwp_client_info", CLIENT)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
