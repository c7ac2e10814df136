# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_batch_update
short_description: Update WordPress, plugins, themes and translations of a MainWP fleet, truthfully
version_added: 0.1.0
description:
  - Plans the pending updates of the selected sites, syncs each site right before its first update and plans again,
    sends each update once, syncs again, reads, and reports for each update what really moved.
  - Changed means that a version moved by this run, never that a call returned.
  - One failing site never stops the others or hides them. The task fails at the end if anything failed, with the whole
    report in its result.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.selection
  - wpfleet.mainwp.updates
  - wpfleet.mainwp.lanes
  - wpfleet.mainwp.health
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
attributes:
  check_mode:
    support: full
    details:
      - Plans from stored data without any write; sites older than O(max_age) are marked as stale.
  diff_mode:
    support: full
    details:
      - Shows each update as old and new version.
  idempotent:
    support: full
    details:
      - A second run finds nothing to do on healthy, fresh sites and sends nothing that starts work.
options:
  plan:
    description:
      - Run exactly the updates of an earlier plan, as RV(wpfleet.mainwp.mainwp_update_info#module:plan) returned them,
        and skip what drifted. Other options still restrict it.
      - An entry with C(closes), as M(wpfleet.mainwp.mainwp_vulnerability_info) returns them, names the vulnerabilities that
        this release closes. It is exempt from O(min_offer_age).
      - Its sites are selected without any selection option.
    type: list
    elements: dict
  update_method:
    description:
      - V(per_item) uses the API's item endpoints - answered when done, with evidence for each update, without WP-Cron.
      - V(dashboard_batch) uses the Dashboard's own batch. On WordPress 6.9 and newer that is one call per site, done
        when it answers. Before, it is started for all sites if all connected ones are selected, else per site, and done
        by WP-Cron, three sites a minute, without translations.
      - V(dashboard_batch) updates whatever it finds on a site. So options that narrow the updates are refused, and a site
        on which it would install what must be left alone - not proven, held - is left alone as a whole.
    type: str
    choices: [per_item, dashboard_batch]
    default: per_item
  wait:
    description:
      - Whether to wait for a batch that runs in the background. With V(false) its updates are C(pending), which is
        neither a change nor a failure.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait for a background batch, or for an update whose answer was lost, in seconds. What has not moved
        by then is C(pending) or C(unknown).
      - A Dashboard that goes away during the run is waited for as long, but for 600 seconds at most. Then the run is broken
        off.
    type: int
    default: 3600
  poll_interval:
    description:
      - Pause between two looks while waiting, in seconds.
    type: int
    default: 15
  hold_after:
    description:
      - A release that failed on so many sites is held for the rest of the run. V(0) never holds.
      - It counts sites on which the release itself failed, and sites that were well before and are not after it was sent -
        the verifying sync fails, the outcome stays C(unknown), the health check finds pages broken, another theme is
        active, or a plugin is not any more. There, every release that was sent counts.
      - It is V(2) unless given. The background batch of O(update_method=dashboard_batch) before WordPress 6.9 starts all
        sites at once and can hold nothing, so there it is refused.
    type: int
  run_id:
    description:
      - Tasks that give the same text here and use the same O(lock_dir) count for O(hold_after) together, for example one
        task for each site. Each run needs a text of its own, such as that of the lookup P(wpfleet.mainwp.run_id#lookup).
      - If the file for it cannot be written, there is a warning, and each task counts alone.
    type: str
  report_file:
    description:
      - Write the report to this file, on the machine that runs the job, from the start of the run on, so that a run that
        is killed leaves what it knew. The file is whole at any time, and readable by its owner only.
      - It is JSON with the keys of this module's result, always with all sites that something is known of. Besides,
        C(format) is 1, C(started) and C(finished) are times (UTC), and C(complete) is V(false) as long as the run has not
        come to its end, and stays so if it was broken off. What had been sent and not been read again is C(unknown) then.
      - A plugin or theme that an earlier report knew, the one in this file or one of the same name in a folder beside its
        own, and that is gone from its site is told as a warning.
      - Not written in check mode. A file that cannot be written is a warning.
    type: path
  expected_failures:
    description:
      - Trouble that is known. It is reported apart and does not make the task fail.
    type: list
    elements: dict
    default: []
    suboptions:
      site:
        description: Id, address, domain or name of the site. One that hits several sites is a warning, and expects nothing.
        type: str
        required: true
      update:
        description: A pattern as in O(include_updates); without it everything on the site is expected to fail.
        type: str
      until:
        description: The last day on which it is expected, for example V(2026-12-31). What counts is when the task begins.
        type: str
seealso:
  - module: wpfleet.mainwp.mainwp_update_info
  - module: wpfleet.mainwp.mainwp_sync
"""

EXAMPLES = r"""
- name: See what would be updated, without touching anything
  wpfleet.mainwp.mainwp_batch_update:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
  check_mode: true
  diff: true

- name: Update the canary sites, but no major releases
  wpfleet.mainwp.mainwp_batch_update:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_tags: [canary]
    max_version_change: minor
    exclude_updates:
      - "plugin:woocommerce*"

- name: Update everything at night, within limits
  wpfleet.mainwp.mainwp_batch_update:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    exclude_sites: [shop.example]
    max_failed_sites: "5%"
    stop_after: "05:30"
    expected_failures:
      - site: old.example
        update: revslider
        until: "2026-12-31"
  register: night

- name: Show every update that moved
  ansible.builtin.debug:
    msg: >-
      {{ item.0.url }}: {{ item.1.name }}
      {{ item.1.version_before }} to {{ item.1.version_after }}
  loop: "{{ night.sites | subelements('updates') }}"
  loop_control:
    label: "{{ item.0.name }}"
  when: item.1.result == 'updated'
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
          C(planned) in check mode.
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
          description: One sentence about it; empty where it is the one of the whole site.
          type: str
          returned: always
        expected:
          description: Whether its failure was announced with C(expected_failures).
          type: bool
          returned: always
    new_pending:
      description:
        - Updates that the verifying sync uncovered, each with C(type), C(slug), C(language), C(name), C(version) and
          C(new_version).
        - They are left for the next run.
      type: list
      elements: dict
      returned: always
    turns:
      description:
        - When a lane worked on the site, with C(began) and C(seconds). A site whose answer was lost has several turns. Check
          mode has none, nor has a batch in the background.
      type: list
      elements: dict
      returned: always
      version_added: 0.2.0
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
    failed:
      description: Whether the task failed, also where C(failed_when) or C(ignore_errors) say otherwise.
      type: bool
      returned: always
    msg:
      description: The same line as RV(msg).
      type: str
      returned: always
trouble:
  description: The trouble as people read it. A line for each kind of it, with the sites that have it.
  returned: when sites were selected
  type: list
  elements: str
  sample: ["shop.example, old.example: failed (disconnected). The site did not answer."]
batch:
  description: How the updates were run.
  returned: when sites were selected
  type: dict
  contains:
    method:
      description: The value of O(update_method).
      type: str
      returned: always
    started:
      description: Whether anything was started.
      type: bool
      returned: always
    last_time_start_batch_updates:
      description: What the Dashboard says of its background batch; equal values mean the same batch. Null for others.
      type: str
      returned: always
locking:
  description: Where locks kept other runs away. Who does not use this directory on this machine was not kept away.
  returned: when sites were selected
  type: dict
  contains:
    dir:
      description: The directory, empty if no locks were held - in check mode, or with O(lock_dir=none).
      type: str
      returned: always
    host:
      description: The machine.
      type: str
      returned: always
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "131 ok (212 updates) · 4 failed (2 updates moved) · 9 updates left alone (9 ignored) – new: shop.example (disconnected)"
broken_off:
  description: Why the run was broken off before its end; empty if it was not.
  returned: when sites were selected
  type: str
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
from ..module_utils._jobs import batch_update
from ..module_utils._jobs._update_options import options_from
from ..module_utils._specs import health_spec, lanes_spec, plan_spec, selection_spec

DOOR = DashboardDoor(
    name="mainwp_batch_update",
    options_from=options_from,
    run=batch_update.run,
    serves_v1=True,
    spec={
        **selection_spec(),
        **plan_spec(),
        **health_spec(),
        **lanes_spec(),
        "plan": {"type": "list", "elements": "dict"},
        "update_method": {"type": "str", "choices": ["per_item", "dashboard_batch"], "default": "per_item"},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 3600},
        "poll_interval": {"type": "int", "default": 15},
        "hold_after": {"type": "int"},
        "run_id": {"type": "str"},
        "report_file": {"type": "path"},
        "expected_failures": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {"site": {"type": "str", "required": True}, "update": {"type": "str"}, "until": {"type": "str"}},
        },
    },
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
