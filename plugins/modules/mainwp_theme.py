# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_theme
short_description: Activate and delete themes on the sites of a MainWP fleet
version_added: 0.3.0
description:
  - Makes a theme active, or themes absent, on all selected sites, in lanes, one call for each theme of a site.
  - What is installed is read first, and a site that is as it shall be is not touched. A site on which something is to be
    done is synced right before the first call and after the last one, and what is read then is the result.
  - MainWP switches a site to a theme that is not there, and reports success for themes that it did not delete. So nothing
    is sent for a theme that is not installed, is active, or that the active one builds on.
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
      - Shows each theme that changes, as it was and as it is.
  idempotent:
    support: full
    details:
      - A second run finds nothing to do and sends nothing, not even a sync as long as data is younger than O(max_age).
options:
  themes:
    description:
      - The themes, each by its slug, which is its folder (V(twentytwentyfive)), or its whole name. What names several themes
        of a site is a failure there.
      - With O(state=active) exactly one, for a site has one active theme.
      - One that is on none of the selected sites brings a warning. With O(state=absent), of which that is the aim, RV(msg) names it.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(active) activates the theme, by which the one that was active becomes inactive. There is no other way to make a
        theme inactive. The API cannot install, so what is not installed is a failure with the reason C(not_installed).
      - V(absent) deletes the theme's files. Its settings stay in the database. Nothing in this collection brings a deleted
        theme back. The active theme, and the one that it builds on, cannot be deleted.
    type: str
    choices: [active, absent]
    required: true
notes:
  - Where MainWP's settings leave out themes of its syncs, nothing could be verified. So the task fails then, before anything
    is sent, if it has anything to do. See C(advanced.sync_data) of M(wpfleet.mainwp.mainwp_settings).
  - Deleting cannot be undone. O(max_failed_sites), O(hold_after) and O(health_check) limit what a mistake can do.
seealso:
  - module: wpfleet.mainwp.mainwp_settings
  - module: wpfleet.mainwp.mainwp_theme_info
  - module: wpfleet.mainwp.mainwp_plugin
  - module: wpfleet.mainwp.mainwp_batch_update
"""

EXAMPLES = r"""
- name: Activate a theme on one site, and look at its pages before and after
  wpfleet.mainwp.mainwp_theme:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    sites: [blog.example]
    themes: [twentytwentyfive]
    state: active
    health_check: {}

- name: Delete old default themes wherever no site uses them
  wpfleet.mainwp.mainwp_theme:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    themes:
      - twentytwentytwo
      - twentytwentythree
    state: absent
"""

RETURN = r"""
sites:
  description: The selected sites, with the keys of M(wpfleet.mainwp.mainwp_batch_update) but for those about updates.
  returned: when the task got as far
  type: list
  elements: dict
  contains:
    themes:
      description:
        - Each theme that was named, in the order of O(themes), each once, with the keys that M(wpfleet.mainwp.mainwp_plugin)
          has for a plugin. C(slug) is its folder, or the text of O(themes) where it is not installed.
      type: list
      elements: dict
      returned: always
summary:
  description:
    - Counts, with the keys of M(wpfleet.mainwp.mainwp_batch_update) but for what is about updates.
  returned: when the task got as far
  type: dict
  contains:
    themes:
      description: Number of themes C(total) and by result, over all sites.
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
  sample: "131 ok (12 theme changes) · 1 failed - new: shop.example (disconnected)"
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

DOOR = thing_door("mainwp_theme", extensions.themes_from, {**health_spec(), **extensions.THEMES})


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
