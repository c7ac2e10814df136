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
  description:
    - What became of each selected site, sorted by address. Updates that would be left carry the reason.
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
    client_id:
      description: The id of its client, 0 for none.
      type: int
      returned: always
    client_name:
      description: The name of its client, empty for none.
      type: str
      returned: always
    tags:
      description: Its tags, each with C(id) and C(name).
      type: list
      elements: dict
      returned: always
    result:
      description:
        - The worst that counts of C(failed), C(unknown), C(pending), C(updated), C(held), C(skipped), C(unchanged), or
          C(planned) for updates that would be run.
      type: str
      returned: always
    reason:
      description: A stable code, for example C(disconnected), C(locked_out) or C(suspended); empty if there is nothing to add.
      type: str
      returned: always
    message:
      description: One sentence about it.
      type: str
      returned: always
    changed:
      description: Whether a version moved here by this run.
      type: bool
      returned: always
    stale:
      description: Whether the site's stored data was older than O(max_age) when the run began.
      type: bool
      returned: always
    expected:
      description: Whether its failure was announced with C(expected_failures).
      type: bool
      returned: always
    last_sync:
      description: When the Dashboard last synced it (UTC), null for never.
      type: str
      returned: always
      sample: "2026-11-23T13:45:33Z"
    wp_version:
      description: Its WordPress version.
      type: str
      returned: always
    health_score_before:
      description: MainWP's health score before the first update, null if nothing was updated.
      type: int
      returned: always
    health_score_after:
      description: The same after the last update, null if nothing was updated.
      type: int
      returned: always
    health:
      description: What the health check found.
      type: dict
      returned: always
      contains:
        verdict:
          description: C(ok), C(failed), C(unknown), C(broken_before) or C(not_checked).
          type: str
          returned: always
        message:
          description: One sentence about it.
          type: str
          returned: always
        pages:
          description: Each page with C(path), C(before) and C(after) (C(ok), C(bad) or C(unknown)), and C(message).
          type: list
          elements: dict
          returned: always
    updates:
      description: Each update that was offered and wanted.
      type: list
      elements: dict
      returned: always
      contains:
        type:
          description: C(core), C(plugin), C(theme) or C(translation).
          type: str
          returned: always
        slug:
          description: Plugin file, stylesheet of a theme, text domain of a translation, or C(wordpress).
          type: str
          returned: always
          sample: woocommerce/woocommerce.php
        language:
          description: The language of a translation, else empty.
          type: str
          returned: always
        name:
          description: Its name.
          type: str
          returned: always
        version_before:
          description: The version right before; empty for translations, which have none.
          type: str
          returned: always
        version_planned:
          description: The version that was offered when the plan was made.
          type: str
          returned: always
        version_after:
          description: The version read afterwards; empty if it could not be read.
          type: str
          returned: always
        result:
          description:
            - C(updated), C(unchanged), C(failed), C(pending), C(unknown), C(skipped), C(held) or C(planned).
          type: str
          returned: always
        reason:
          description:
            - A stable code, for example C(ignored), C(excluded), C(premium), C(policy), C(no_package), C(requires_php),
              C(requires_wp), C(rolled_back), C(deactivated), C(moved_elsewhere), C(child_error), C(timeout),
              C(out_of_time) or C(held_release). The collection's documentation lists all.
          type: str
          returned: always
        message:
          description: One sentence about it.
          type: str
          returned: always
        expected:
          description: Whether its failure was announced with C(expected_failures).
          type: bool
          returned: always
    new_pending:
      description: Updates that the verifying sync uncovered. They are left for the next run.
      type: list
      elements: dict
      returned: always
summary:
  description: Counts.
  returned: when sites were selected
  type: dict
  contains:
    sites:
      description: Number of sites C(total) and by result.
      type: dict
      returned: always
    updates:
      description: Number of updates C(total) and by result.
      type: dict
      returned: always
    expected_failures:
      description: Number of sites whose trouble was announced.
      type: int
      returned: always
    failed_sites:
      description: Addresses of the sites with trouble that was not announced.
      type: list
      elements: str
      returned: always
    msg:
      description: The same line as RV(msg).
      type: str
      returned: always
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "9 ok (31 planned) · 1 failed · 1 skipped – new: shop.example (disconnected)"
dashboard:
  description: Which Dashboard answered.
  returned: when the Dashboard was reached
  type: dict
  contains:
    url:
      description: Its address.
      type: str
      returned: always
    dialect:
      description: >-
        Which dialect of the API it speaks - C(abilities) (WordPress 6.9 or newer), C(classic), C(v1), or C(v2) where
        it did not matter.
      type: str
      returned: always
error:
  description: What went wrong with the whole run, for machines.
  returned: when the task failed as a whole
  type: dict
  contains:
    message:
      description: One sentence.
      type: str
      returned: always
    hint:
      description: The likely cause, and what to do.
      type: str
      returned: always
    reason:
      description: A stable code such as C(unauthorized), C(connect_failed), C(tls_failed), C(no_route) or C(invalid_input).
      type: str
      returned: always
    status:
      description: The HTTP status.
      type: int
      returned: when there was an answer
    code:
      description: The API's own error code.
      type: str
      returned: when there was one
    symptom:
      description: Which row of the table of symptoms it is, see U(https://github.com/wpfleet/mainwp/blob/main/docs/troubleshooting.md).
      type: str
      returned: when the answer, or the lack of one, is known as a symptom
    retry_after:
      description: Seconds after which the server wants to be asked again.
      type: float
      returned: when the server said so
    option:
      description: The option that is wrong.
      type: str
      returned: for invalid input
"""

from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard_door import DashboardDoor, run_module
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import update_info
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import plan_spec, selection_spec

DOOR = DashboardDoor(
    name="mainwp_update_info",
    options_from=update_info.options_from,
    run=update_info.run,
    spec={**selection_spec(), **plan_spec()},
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
