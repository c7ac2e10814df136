# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_plugin
short_description: Activate, deactivate and delete plugins on the sites of a MainWP fleet
version_added: 0.3.0
description:
  - Makes plugins active, inactive or absent on all selected sites, in lanes, one call for each plugin of a site.
  - What is installed is read first, and a site that is as it shall be is not touched. A site on which something is to be
    done is synced right before the first call and after the last one, and what is read then is the result.
  - MainWP reports success for plugins that are unknown, cannot be activated or must not be touched. Those are found before
    anything is sent, or by reading afterwards, and fail. One of them never keeps the others from theirs.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.selection
  - wpfleet.mainwp.lanes
  - wpfleet.mainwp.lanes.things
  - wpfleet.mainwp.lanes.synced
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
      - Shows each plugin that changes, as it was and as it is.
  idempotent:
    support: full
    details:
      - A second run finds nothing to do and sends nothing, not even a sync as long as data is younger than O(max_age).
options:
  plugins:
    description:
      - The plugins, each by its slug (V(akismet/akismet.php)), its folder or file (V(akismet)), or its whole name. What
        names several plugins of a site is a failure there.
      - One that is on none of the selected sites brings a warning. With O(state=absent), of which that is the aim, RV(msg) names it.
      - MainWP Child itself is refused unless O(state=active). Without it the site would be lost for the Dashboard.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(active) activates what is installed. The API cannot install, so what is not installed is a failure with the reason
        C(not_installed).
      - V(inactive) deactivates. What is not installed is fine.
      - V(absent) deletes the plugin's files. What the plugin has stored in the database stays there, but for what it deletes
        by itself as it is uninstalled. Nothing in this collection brings a deleted plugin back.
      - Must-use plugins are always active, and cannot be changed.
    type: str
    choices: [active, inactive, absent]
    required: true
  force:
    description:
      - Whether O(state=absent) deletes a plugin that is active, which deactivates it first. Otherwise that is refused on the
        sites where it is active, with the reason C(is_active).
    type: bool
    default: false
notes:
  - Where MainWP's settings leave out plugins of its syncs, nothing could be verified. So the task fails then, before anything
    is sent, if it has anything to do. See C(advanced.sync_data) of M(wpfleet.mainwp.mainwp_settings).
  - Deleting cannot be undone. O(max_failed_sites), O(hold_after) and O(health_check) limit what a mistake can do.
seealso:
  - module: wpfleet.mainwp.mainwp_settings
  - module: wpfleet.mainwp.mainwp_plugin_info
  - module: wpfleet.mainwp.mainwp_theme
  - module: wpfleet.mainwp.mainwp_batch_update
"""

EXAMPLES = r"""
- name: See on which sites a plugin would be activated
  wpfleet.mainwp.mainwp_plugin:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    plugins: [akismet]
    state: active
  check_mode: true
  diff: true

- name: Deactivate two plugins on the shops, and look at pages before and after
  wpfleet.mainwp.mainwp_plugin:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_tags: [shops]
    plugins:
      - hello.php
      - wp-super-cache/wp-cache.php
    state: inactive
    health_check: {}
    max_failed_sites: "5%"

- name: Delete a plugin everywhere, also where it is active
  wpfleet.mainwp.mainwp_plugin:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    exclude_sites: [shop.example]
    plugins: [hello.php]
    state: absent
    force: true
  register: gone

- name: Show where it was deleted
  ansible.builtin.debug:
    msg: "{{ item.0.url }}: {{ item.1.name }} {{ item.1.version }}"
  loop: "{{ gone.sites | subelements('plugins') }}"
  loop_control:
    label: "{{ item.0.name }}"
  when: item.1.result == 'changed'
"""

RETURN = r"""
sites:
  description: The selected sites, with the keys of M(wpfleet.mainwp.mainwp_batch_update) but for those about updates.
  returned: when the task got as far
  type: list
  elements: dict
  contains:
    plugins:
      description: Each plugin that was named, in the order of O(plugins), each once.
      type: list
      elements: dict
      returned: always
      contains:
        slug:
          description: Its file, as WordPress names it; where it is not installed, the text of O(plugins).
          type: str
          returned: always
          sample: akismet/akismet.php
        name:
          description: Its name, empty where it is not installed.
          type: str
          returned: always
        version:
          description: Its version before, empty where it is not installed.
          type: str
          returned: always
        action:
          description: What was to be done - C(activate), C(deactivate) or C(delete); empty if nothing was.
          type: str
          returned: always
        before:
          description: C(active), C(inactive), C(must_use) or C(absent), right before. Null where that is not known.
          type: str
          returned: always
        after:
          description: The same, as read afterwards; in check mode as it would be. Null where that is not known.
          type: str
          returned: always
        result:
          description:
            - C(changed), C(unchanged), C(failed), C(unknown), C(skipped), C(held) or C(planned).
          type: str
          returned: always
        reason:
          description:
            - A stable code, for example C(not_installed), C(is_active), C(must_use), C(requires_php), C(not_changed),
              C(child_error), C(timeout), C(out_of_time) or
              C(held_release). The collection's documentation lists all.
          type: str
          returned: always
        message:
          description: One sentence about it; empty where it is the one of the whole site.
          type: str
          returned: always
summary:
  description:
    - Counts, with the keys of M(wpfleet.mainwp.mainwp_batch_update) but for what is about updates.
  returned: when the task got as far
  type: dict
  contains:
    plugins:
      description: Number of plugins C(total) and by result, over all sites.
      type: dict
      returned: always
trouble:
  description: The trouble as people read it. A line for each kind of it, with the sites that have it.
  returned: when the task got as far
  type: list
  elements: str
  sample: ["shop.example, old.example: failed (disconnected). The site did not answer."]
locking:
  description:
    - Where locks kept other runs away, with the keys of M(wpfleet.mainwp.mainwp_batch_update).
  returned: when the task got as far
  type: dict
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "131 ok (12 plugin changes) · 1 failed - new: shop.example (disconnected)"
broken_off:
  description: Why the run was broken off before its end; empty if it was not.
  returned: when the task got as far
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

from ..module_utils._dashboard_door import run_module
from ..module_utils._specs import health_spec
from ..module_utils._thing_doors import thing_door
from ..module_utils._things import extensions

DOOR = thing_door("mainwp_plugin", extensions.plugins_from, {**health_spec(), **extensions.PLUGINS})


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
