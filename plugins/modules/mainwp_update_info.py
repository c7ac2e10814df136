# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_update_info
short_description: Read the plan of pending updates of a MainWP fleet
version_added: 0.1.0
description:
  - Tells which updates M(wpfleet.mainwp.mainwp_batch_update) would start from and which it would leave, with the
    reason, without touching anything.
  - Its RV(plan) binds a later run to exactly these updates - pass it to
    O(wpfleet.mainwp.mainwp_batch_update#module:plan).
  - Plans from what the Dashboard has stored. Sites older than O(max_age) are marked C(stale).
  - Without any selection option it plans for all sites.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.selection
  - wpfleet.mainwp.updates
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.info
  - wpfleet.mainwp.attributes.actiongroup_mainwp_info
seealso:
  - module: wpfleet.mainwp.mainwp_batch_update
  - module: wpfleet.mainwp.mainwp_site_info
"""

EXAMPLES = r"""
- name: See what is pending on the shops
  wpfleet.mainwp.mainwp_update_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_tags: [shops]
    max_version_change: minor
  register: pending

- name: Show it in one line
  ansible.builtin.debug:
    msg: "{{ pending.msg }}"

- name: Later, run exactly that
  wpfleet.mainwp.mainwp_batch_update:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    plan: "{{ pending.plan }}"
"""

RETURN = r"""
plan:
  description: The updates that would be run; what drifts from it later is skipped.
  returned: success
  type: list
  elements: dict
  contains:
    site_id:
      description: The site's id.
      type: int
      returned: always
    site_url:
      description: Its address.
      type: str
      returned: always
    type:
      description: C(core), C(plugin), C(theme) or C(translation).
      type: str
      returned: always
    slug:
      description: Plugin file, stylesheet of a theme, text domain of a translation, or C(wordpress).
      type: str
      returned: always
    language:
      description: The language of a translation, else empty.
      type: str
      returned: always
    name:
      description: Its name.
      type: str
      returned: always
    version_before:
      description: The version installed.
      type: str
      returned: always
    version_planned:
      description: The version offered.
      type: str
      returned: always
count:
  description: Number of entries in RV(plan).
  returned: success
  type: int
sites:
  description: >-
    What became of each selected site, sorted by address, as M(wpfleet.mainwp.mainwp_batch_update) returns it in check mode.
  returned: when sites were selected
  type: list
  elements: dict
summary:
  description: Counts, as M(wpfleet.mainwp.mainwp_batch_update) returns them, but for C(failed).
  returned: when sites were selected
  type: dict
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "9 ok (31 planned) · 1 failed · 1 skipped – new: shop.example (disconnected)"
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
from ..module_utils._jobs import update_info as job
from ..module_utils._specs import plan_spec, selection_spec

DOOR = DashboardDoor("mainwp_update_info", job.options_from, job.run, {**selection_spec(), **plan_spec()})


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
