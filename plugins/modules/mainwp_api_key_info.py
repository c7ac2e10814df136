# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_api_key_info
short_description: Read the API keys of a MainWP Dashboard
version_added: 0.3.0
description:
  - Reads what each API key is for, what it may do, and when it was used last, sorted by description. No token can be read.
  - Without any filter it returns all keys, those of the legacy API v1 included.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.info
  - wpfleet.mainwp.attributes.actiongroup_mainwp_info
options:
  ids:
    description:
      - Only those with one of these ids. Keys of API v1 have none.
    type: list
    elements: int
  descriptions:
    description:
      - Only those with one of these descriptions, without regard to case. Always write a list, for a description may have
        commas.
      - What is not there is not returned, and is no error. If several filters are given, one has to fit.
    type: list
    elements: str
seealso:
  - module: wpfleet.mainwp.mainwp_api_key
"""

EXAMPLES = r"""
- name: Read all keys
  wpfleet.mainwp.mainwp_api_key_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: known

- name: Name the keys that were never used
  ansible.builtin.debug:
    msg: >-
      {{ known.api_keys | selectattr('version', 'eq', 'v2')
      | rejectattr('last_access') | map(attribute='description') }}
"""

RETURN = r"""
api_keys:
  description: The keys, by description, each in the shape of RV(wpfleet.mainwp.mainwp_api_key#module:api_key).
  returned: success
  type: list
  elements: dict
count:
  description: Number of keys returned.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "3 API keys"
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
from ..module_utils._resources.api_keys import API_KEY

DOOR = info_door("mainwp_api_key_info", API_KEY)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
