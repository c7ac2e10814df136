# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_api_key
short_description: Make an API key of a MainWP Dashboard present or absent
version_added: 0.3.0
description:
  - Makes keys for the REST API v2, switches them on and off, changes what they may do, and removes them.
  - A key is known by its O(description). MainWP tells its token once, when it is made, and this module hands it on only if
    O(return_token=true).
  - The key that the task itself uses is never removed, switched off, or given less permission. To renew it, make a new one,
    hand it over to whoever uses it, and remove the old one with the new one.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
  - wpfleet.mainwp.state
options:
  description:
    description:
      - What it is for, at most 200 characters. With O(id) its new description. Cannot be emptied.
      - MainWP lets several keys have the same; this module does not make a second one, and of several it needs the O(id).
    type: str
  permissions:
    description:
      - What it may do. V(write) may also delete, and make keys that may do everything. A new one has V(read) if not given.
    type: str
    choices: [read, write, read_write]
  active:
    description:
      - Whether it works. A new one does.
    type: bool
  return_token:
    description:
      - Return the token of a new key, as RV(token). Set C(no_log=true) for the task then, and C(register) it, or it is shown
        with C(-v), and in whatever keeps results of tasks.
      - Without it nobody will ever know the token of a new key. The token of a key that is there already cannot be read.
    type: bool
notes:
  - A new key acts for the WordPress user of the key that makes it.
  - Whoever has a key with V(write) permission can make one that may do everything.
  - Where the answer to the making of a key is lost, so is its token. With O(return_token=true) the task then fails, and names the
    key, which is to be removed and made again.
  - Keys of API v1 are listed by M(wpfleet.mainwp.mainwp_api_key_info) and never touched.
seealso:
  - module: wpfleet.mainwp.mainwp_api_key_info
"""

EXAMPLES = r"""
- name: Have a key for the monitoring, which may only read
  wpfleet.mainwp.mainwp_api_key:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    description: monitoring
    permissions: read
    return_token: true
  register: made
  no_log: true

- name: Keep its token, which is told only once
  ansible.builtin.copy:
    content: "{{ made.token }}"
    dest: /etc/monitoring/mainwp.token
    mode: "0600"
  when: made.token is defined
  no_log: true

- name: Switch a key off
  wpfleet.mainwp.mainwp_api_key:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    description: old contractor
    active: false

- name: Remove one of two that have the same description
  wpfleet.mainwp.mainwp_api_key:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    id: 7
    state: absent
"""

RETURN = r"""
api_key:
  description:
    - The key as it is afterwards, or in check mode would be; as it was where it is removed; null where there is none. Never its
      token.
  returned: success, and when the task fails after it began to write
  type: dict
  contains:
    id:
      description: Its id; null for one that check mode would make, and for keys of API v1.
      type: int
      returned: always
    description:
      description: What it is for.
      type: str
      returned: always
    permissions:
      description: C(read), C(write) or C(read_write); empty for what MainWP does not know.
      type: str
      returned: always
    active:
      description: Whether it works.
      type: bool
      returned: always
    version:
      description: C(v2), or C(v1) for a key of the legacy API.
      type: str
      returned: always
    truncated_key:
      description: The last seven characters of its token; empty for one that check mode would make.
      type: str
      returned: always
      sample: 3fcec05
    last_access:
      description: When it was used last (UTC); null for never, and for keys of API v1.
      type: str
      returned: always
      sample: "2026-11-25T22:44:00Z"
    own:
      description: Whether it is the key that this task uses.
      type: bool
      returned: always
token:
  description: The token of a key that was just made. It cannot be read again.
  returned: when a key was made and C(return_token) is true
  type: str
action:
  description: C(created), C(changed), C(removed) or C(unchanged); in check mode what would be done.
  returned: success, and when the task fails after it began to write
  type: str
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "API key 'monitoring' (id 6) was created."
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
from ..module_utils._resources.api_keys import API_KEY

DOOR = state_door("mainwp_api_key", API_KEY)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
