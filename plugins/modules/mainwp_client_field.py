# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_client_field
short_description: Make a field for clients of a MainWP Dashboard present or absent
version_added: 0.3.0
description:
  - Creates, renames, describes and removes fields that an agency makes for its clients, a tax number for one.
  - The values that a client has in such a field cannot be read by the API, so no module manages these.
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
      - Its name, at most 191 characters. With O(id) its new name.
      - No two fields have the same name, upper and lower case being the same, and letters with and without accents, too.
    type: str
  description:
    description:
      - What it is for, at most 255 characters. Needed to make a new field, and cannot be emptied.
    type: str
notes:
  - A field that is removed takes with it what clients have in it.
seealso:
  - module: wpfleet.mainwp.mainwp_client_field_info
  - module: wpfleet.mainwp.mainwp_client
"""

EXAMPLES = r"""
- name: Have a field for tax numbers
  wpfleet.mainwp.mainwp_client_field:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: VAT
    description: VAT identification number

- name: Rename it
  wpfleet.mainwp.mainwp_client_field:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    id: 1
    name: VAT number

- name: Do without a field
  wpfleet.mainwp.mainwp_client_field:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    name: Fax
    state: absent
"""

RETURN = r"""
client_field:
  description: The field as it is afterwards, or in check mode would be; as it was where it is removed; null where there is none.
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
    description:
      description: What it is for.
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
  sample: "Client field 'VAT' (id 1) was changed (description)."
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
from ..module_utils._resources.client_fields import CLIENT_FIELD

DOOR = state_door("mainwp_client_field", CLIENT_FIELD)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
