# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_ignored_update
short_description: Make MainWP ignore updates on the sites of a fleet
version_added: 0.3.0
description:
  - Lets MainWP ignore all updates of some plugins and themes, of all plugins, of all themes or of WordPress itself, for each
    selected site. M(wpfleet.mainwp.mainwp_batch_update) leaves what is ignored alone.
  - The Dashboard keeps these rules. No site is asked, so it does not matter whether one is down, disconnected or suspended.
  - MainWP's API adds single rules and takes none back. Where O(state=absent) meets one, that is a failure which names the page
    in MainWP where it can be done. The flags O(core), O(all_plugins) and O(all_themes) go both ways.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.selection
  - wpfleet.mainwp.lanes
  - wpfleet.mainwp.lanes.things
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
attributes:
  check_mode:
    support: full
    details:
      - What would be done is known exactly, and nothing is written.
  diff_mode:
    support: full
    details:
      - Shows each rule and flag that changes, as it was and as it is.
  idempotent:
    support: full
    details:
      - A second run finds nothing to do and writes nothing.
options:
  plugins:
    description:
      - Plugins, each by its slug (V(akismet/akismet.php)), its folder or file (V(akismet)), or its whole name.
      - What is not installed on a site is skipped there. What is on none of the selected sites brings a warning.
    type: list
    elements: str
  themes:
    description: Themes, each by its slug (V(twentytwentyfive)) or its whole name, as with O(plugins).
    type: list
    elements: str
  state:
    description:
      - V(present) ignores all versions of O(plugins) and O(themes).
      - V(absent) is fine where none of them is ignored, and a failure with the reason C(by_hand) where one is.
      - It says nothing about the flags, each of which says by itself what it shall be.
    type: str
    choices: [present, absent]
    default: present
  core:
    description: Whether updates of WordPress itself are ignored.
    type: bool
  all_plugins:
    description: Whether updates of all plugins are ignored. With V(false) single rules stay.
    type: bool
  all_themes:
    description: Whether updates of all themes are ignored. With V(false) single rules stay.
    type: bool
notes:
  - A rule that somebody made in MainWP for some versions only cannot be changed by the API. That is a failure with the reason
    C(by_hand), too.
  - Rules for all sites, and ignored versions of WordPress, can neither be read nor written by the API.
  - Something that wrote a list to the API may have left a rule named C(0), which ignores nothing and breaks MainWP's own list of
    ignored updates. It brings a warning, and stays. Take it away in MainWP.
  - O(reconnect) has no meaning here, for no site is asked.
seealso:
  - module: wpfleet.mainwp.mainwp_ignored_update_info
  - module: wpfleet.mainwp.mainwp_batch_update
"""

EXAMPLES = r"""
- name: Leave the shops' own plugin and WordPress alone
  wpfleet.mainwp.mainwp_ignored_update:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_tags: [shops]
    plugins: [woocommerce/woocommerce.php]
    core: true

- name: Ignore no whole kind of updates any more, anywhere
  wpfleet.mainwp.mainwp_ignored_update:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    core: false
    all_plugins: false
    all_themes: false

- name: Make sure that nobody ignores security updates of a plugin
  wpfleet.mainwp.mainwp_ignored_update:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    plugins: [contact-form-7]
    state: absent
"""

RETURN = r"""
sites:
  description: The selected sites, with the keys of M(wpfleet.mainwp.mainwp_batch_update) but for those about updates.
  returned: when the task got as far
  type: list
  elements: dict
  contains:
    rules:
      description: Each flag that was given, then each plugin and theme that was named, each once.
      type: list
      elements: dict
      returned: always
      contains:
        rule:
          description: C(core), C(all_plugins), C(all_themes), or the type and the slug with a colon in between.
          type: str
          returned: always
          sample: plugin:akismet/akismet.php
        type:
          description: C(plugin), C(theme) or C(core).
          type: str
          returned: always
        slug:
          description: The slug; C(wordpress) for O(core), empty for all plugins or all themes.
          type: str
          returned: always
        name:
          description: Its name, empty where that is not known.
          type: str
          returned: always
        action:
          description: What was to be done - C(ignore) or C(unignore); empty if nothing was.
          type: str
          returned: always
        before:
          description: C(ignored) or C(not_ignored), right before.
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
            - A stable code, for example C(by_hand), C(not_installed), C(ambiguous), C(not_changed), C(timeout) or C(out_of_time).
              The collection's documentation lists all.
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
    rules:
      description: Number of rules C(total) and by result, over all sites.
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
  sample: "131 ok (12 rule changes) · 1 failed - new: shop.example (by_hand)"
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
from ..module_utils._thing_doors import thing_door
from ..module_utils._things import ignored

DOOR = thing_door("mainwp_ignored_update", ignored.ignored_from, ignored.OPTIONS, live=True)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
