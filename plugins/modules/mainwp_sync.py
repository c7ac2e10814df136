# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_sync
short_description: Sync child sites into a MainWP Dashboard
version_added: 0.1.0
description:
  - Makes the Dashboard ask its child sites for their current state, site by site, in lanes, within the Dashboard's own
    limits.
  - Reports changed when the Dashboard's picture of a site became another one - status, versions, plugins, themes,
    pending updates - and not merely because time passed.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.selection
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
attributes:
  check_mode:
    support: full
    details:
      - A sync is a write, so nothing is synced; RV(sites) tells which sites would be.
  diff_mode:
    support: full
    details:
      - Shows what differs in the Dashboard's picture of each site. Check mode cannot know that.
  idempotent:
    support: full
    details:
      - A second run within O(max_age) syncs nothing.
options:
  max_age:
    description:
      - Skip sites that were synced less than so many seconds ago, by the Dashboard's clock. V(0) syncs always.
      - A site with sync errors is always synced.
    type: int
    default: 300
  reconnect:
    description:
      - Repair sites whose sync fails by reconnecting them.
      - On WordPress 6.9 and newer, MainWP refuses to sync a site that failed once until it is reconnected.
      - Off by default, since it would undo an intended disconnect. A site that was well before, and that a sync of the
        task itself locks out, is reconnected once all the same.
    type: bool
    default: false
  details:
    description:
      - How much a task that fails returns, and so shows on the terminal. V(some) is up to 20 failed and changed sites, the
        failed ones first. V(all) is all sites, as in a task that does not fail. With C(-v) it is always all.
      - RV(trouble) and RV(summary) always speak of all sites.
    type: str
    choices: [some, all]
    default: some
seealso:
  - module: wpfleet.mainwp.mainwp_batch_update
  - module: wpfleet.mainwp.mainwp_site_info
"""

EXAMPLES = r"""
- name: Sync everything that is older than an hour
  wpfleet.mainwp.mainwp_sync:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    max_age: 3600

- name: Sync two sites now and repair them if need be
  wpfleet.mainwp.mainwp_sync:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    sites:
      - shop.example
      - https://www.blog.example/
    max_age: 0
    reconnect: true
"""

RETURN = r"""
sites:
  description:
    - What became of each selected site, sorted by address. When the task fails, some of them, as O(details) says.
  returned: when sites were selected
  type: list
  elements: dict
  contains:
    id:
      description: The site's id on this Dashboard.
      type: int
      returned: always
    url:
      description: Its address.
      type: str
      returned: always
    name:
      description: Its name.
      type: str
      returned: always
    result:
      description: C(synced), C(skipped), C(failed), or C(planned) in check mode.
      type: str
      returned: always
    reason:
      description: A stable code of a failure, for example C(disconnected), C(locked_out) or C(timeout).
      type: str
      returned: always
    message:
      description: One sentence about it.
      type: str
      returned: always
    changed:
      description: Whether the Dashboard's picture of the site became another one.
      type: bool
      returned: always
    last_sync_before:
      description: When it was synced before (UTC), null for never.
      type: str
      returned: always
    last_sync_after:
      description: When it was synced last, as known now; null for never.
      type: str
      returned: always
    differs:
      description: What changed in the picture, each with C(what), C(before) and C(after).
      type: list
      elements: dict
      returned: always
summary:
  description: Number of sites C(total), C(synced), C(skipped), C(failed), C(planned) and C(changed).
  returned: when sites were selected
  type: dict
trouble:
  description: The failures as people read them. A line for each kind, with the sites that have it.
  returned: when sites were selected
  type: list
  elements: str
  sample: ["shop.example, old.example: failed (disconnected). The site did not answer."]
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "137 synced · 2 skipped · 1 failed – shop.example (disconnected)"
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

from ..module_utils._dashboard_door import DashboardDoor, run_module
from ..module_utils._jobs import sync as job
from ..module_utils._specs import selection_spec

DOOR = DashboardDoor(
    "mainwp_sync",
    job.options_from,
    job.run,
    {
        **selection_spec(),
        "max_age": {"type": "int", "default": 300},
        "reconnect": {"type": "bool", "default": False},
        "details": {"type": "str", "choices": ["some", "all"], "default": "some"},
    },
    serves_v1=True,
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
