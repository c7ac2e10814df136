# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_config
short_description: Have a whole MainWP Dashboard as a tree says
version_added: 0.4.0
description:
  - Makes a Dashboard what one tree of variables says - its settings, tags, clients, sites, plugins and themes, ignore rules,
    users, costs and API keys -, in the order in which one needs the other.
  - The whole tree is checked before the first request, and rehearsed against the Dashboard before the first write. All
    mistakes of a stage are told at once, each with its place in the tree.
  - Only what differs is written. What the tree does not mention stays, and is told as extra, unless O(purge) names its kind.
  - Check mode is the rehearsal, and its result the drift report.
  - The role P(wpfleet.mainwp.dashboard_config#role) collects the variables and calls this module once for each Dashboard.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.health
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
options:
  tree:
    description:
      - What the Dashboard shall be, kind by kind. Each kind is a list of entries, but C(settings), which is a map.
      - An entry takes the options of the kind's own module, C(state) included where the module has it, but not those about
        the connection and about how carefully sites are worked on.
      - C(settings) takes the options of M(wpfleet.mainwp.mainwp_settings).
      - C(client_fields) those of M(wpfleet.mainwp.mainwp_client_field).
      - C(cost_product_types) those of M(wpfleet.mainwp.mainwp_cost_product_type).
      - C(cost_payment_methods) those of M(wpfleet.mainwp.mainwp_cost_payment_method).
      - C(tags) those of M(wpfleet.mainwp.mainwp_tag). Its C(sites) only adds them to the tag.
      - C(clients) those of M(wpfleet.mainwp.mainwp_client). Its C(sites) only adds them to the client, and a site that stands
        under two clients is a mistake.
      - C(sites) those of one of C(child_sites) of M(wpfleet.mainwp.mainwp_site), and C(state). A site that is added needs
        its C(admin) and C(admin_password), which may be empty where MainWP Child asks for none.
      - C(ignored_updates) those of M(wpfleet.mainwp.mainwp_ignored_update).
      - C(plugins) those of M(wpfleet.mainwp.mainwp_plugin).
      - C(themes) those of M(wpfleet.mainwp.mainwp_theme).
      - C(users) those of M(wpfleet.mainwp.mainwp_user).
      - C(costs) those of M(wpfleet.mainwp.mainwp_cost).
      - C(api_keys) those of M(wpfleet.mainwp.mainwp_api_key). They come last.
      - A kind can be written in parts, for a tree that is split over files. After the kind and two underscores anything may
        follow, such as C(tags__acme). Lists are joined and settings are merged; the same setting with two values is a mistake.
    type: dict
    required: true
  tree_prefix:
    description: What is put before the places in messages, for who gathers the tree from variables.
    type: str
    default: ""
  secrets:
    description:
      - Passwords and keys that are kept apart from the tree, in a vault. A map of kinds; below it the name of the thing, or
        V(*) for all of the kind; below that options such as C(admin), C(admin_password) or C(password). For C(settings) the
        shape of the settings.
      - What stands under a name goes before what is for all. All values are masked in whatever is told.
    type: dict
  only:
    description:
      - Look at these kinds alone, such as V(tags), whatever else the tree has.
      - Which sites a tag or client takes in belongs to V(sites), so without that it is not looked at.
    type: list
    elements: str
  purge:
    description:
      - Remove what the tree does not mention, of these kinds. That is done last, and only if nothing failed before.
      - Refused where the tree has no such list, or it or a part of it is empty, together with O(only) or O(partial), and for more
        than O(purge_max).
      - Anything that failed, at a site that O(max_failed_sites) tolerates, too, keeps all from being removed, and what somebody
        changed since it was looked at is left alone.
      - V(client_fields), V(cost_product_types), V(cost_payment_methods), V(tags) and V(costs) can be purged. Sites, clients, users
        and API keys never are. Remove one by C(state=absent) on it.
    type: list
    elements: str
    default: []
  purge_max:
    description: So many things may be purged. Where there are more, they are listed, and nothing at all is changed.
    type: int
    default: 0
  partial:
    description: This run sees only a part of the tree, or of the Dashboards. Then nothing is purged.
    type: bool
    default: false
  max_age:
    description:
      - A site that C(plugins) or C(themes) are about is synced first if its data is older than so many seconds. A site that is
        added is always synced.
      - Check mode syncs nothing, plans from what is stored, and tells such sites in RV(stale_sites).
    type: int
    default: 86400
  max_failed_sites:
    description:
      - Up to so many failed sites - a number, or a percentage such as V(10%) - are tolerated as warnings, for each entry of
        C(plugins), C(themes), C(users) and C(ignored_updates). Once there are more, the run is broken off.
      - Without it everything is tried, and any failure makes the task fail.
    type: str
  stop_after:
    description:
      - Start nothing new after so many seconds, or after a clock time such as V(05:30) (quoted, the controller's time).
      - Or from a moment on, such as V(2026-11-27T04:30:00Z), with its zone; nothing at all if it is over.
    type: str
  lock_dir:
    description:
      - The directory for lock files, on the machine that runs the job, as in M(wpfleet.mainwp.mainwp_plugin). V(none) switches
        locking off.
      - Of runs that share it, one at a time applies a tree to a Dashboard. The next one looks again before it writes anything.
    type: path
    default: ~/.ansible/mainwp-locks
  lock_timeout:
    description:
      - How long to wait for one and the same holder of a lock, in seconds. Then that site is failed, untouched; or the whole run,
        before its first write.
    type: int
    default: 600
  hold_after:
    description:
      - What failed on so many sites - the same done to the same plugin, for example - is held for the rest of an entry's sites.
        V(0) never holds.
    type: int
    default: 2
  wait_timeout:
    description:
      - How long to look for what was sent to a site and whose answer was lost, in seconds.
      - A Dashboard that goes away during the run is waited for as long, but for 600 seconds at most. Then the run is broken
        off.
    type: int
    default: 600
attributes:
  check_mode:
    support: full
    details: Sends no write. Tells what would be done, and what differs.
  diff_mode:
    support: full
    details: Shows each thing that differs in an entry of its own.
  idempotent:
    support: full
    details: What is as the tree says is not written again.
seealso:
  - module: wpfleet.mainwp.mainwp_settings_info
  - module: wpfleet.mainwp.mainwp_site
  - module: wpfleet.mainwp.mainwp_plugin
"""

EXAMPLES = r"""
- name: What differs from the tree?
  wpfleet.mainwp.mainwp_config:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    tree:
      settings:
        monitoring: {uptime_monitoring_interval: 5m}
      tags:
        - {name: canary, color: "#f5a623"}
      clients:
        - {name: Harbour Trading, email: office@harbour.example}
      sites:
        - site_url: https://shop.example
          client: Harbour Trading
          site_tags: [canary]
  check_mode: true
  diff: true
  register: drift

- name: Have it so, a password from a vault, and remove up to four other tags
  wpfleet.mainwp.mainwp_config:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    tree:
      tags:
        - {name: canary, color: "#f5a623"}
      sites:
        - site_url: https://shop.example
          site_tags: [canary]
    secrets:
      sites:
        "*": {admin: mainwp, admin_password: "{{ vault_shop_password }}"}
    purge: [tags]
    purge_max: 4
"""

RETURN = r"""
drift:
  description:
    - What was found that is not as the tree says, kind by kind. What is right is only counted, in RV(summary).
  returned: when the Dashboard was reached
  type: list
  elements: dict
  contains:
    kind:
      description: The kind, as in O(tree).
      type: str
      returned: always
    name:
      description: What the thing is called - a setting as C(section.setting), a plugin by its slug.
      type: str
      returned: always
    site:
      description: The address of the site, for a thing at one; empty for others.
      type: str
      returned: always
    place:
      description: Where the tree says it; empty for what it does not mention.
      type: str
      returned: always
    standing:
      description: C(wrong), C(missing), or C(extra) for what the tree does not mention.
      type: str
      returned: always
    action:
      description: What was to be done, such as C(created), C(changed), C(removed) or C(activate); empty if nothing was.
      type: str
      returned: always
    reason:
      description: A stable code where it was not done, for example C(not_installed), C(disconnected) or C(stopped).
      type: str
      returned: always
    message:
      description: One sentence about it.
      type: str
      returned: always
    changes:
      description:
        - What differs, each with C(key), C(before) and C(after), as texts. Of secrets no value. Empty where nothing could be planned.
      type: list
      elements: dict
      returned: always
extra:
  description: What the tree does not mention, by kind - the names of such things.
  returned: when the Dashboard was reached
  type: dict
  sample: {tags: [Old], sites: ["https://forgotten.example/"]}
by_hand:
  description: What has to be done by hand, in sentences. On the controller it is shown before the first write, too.
  returned: when the Dashboard was reached
  type: list
  elements: str
stale_sites:
  description: Sites whose data was too old to tell what is on them. Check mode looked at the old data all the same.
  returned: when the Dashboard was reached
  type: list
  elements: str
tokens:
  description: Of new API keys whose entry has C(return_token=true), the token by the key's description. MainWP tells it once.
  returned: when there is one
  type: dict
summary:
  description: Counts by kind, and the verdict.
  returned: when the Dashboard was reached
  type: dict
  contains:
    kinds:
      description:
        - For each kind of the tree how many were found C(right), C(wrong), C(missing) and C(extra), or were C(skipped), such as
          plugins of suspended sites. Settings count singly, things on sites once for each site.
        - C(done) is what moved since, C(failed) what did not or cannot.
      type: dict
      returned: always
    left:
      description: How much is wrong or missing at the end. In check mode that is all that was found so.
      type: int
      returned: always
    failed:
      description: Whether the task failed, also where C(failed_when) or C(ignore_errors) say otherwise.
      type: bool
      returned: always
    msg:
      description: The same line as RV(msg).
      type: str
      returned: always
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "2 wrong, 1 missing, 3 done · 4 extra"
broken_off:
  description: Why the run was broken off before its end; empty if it was not.
  returned: when the Dashboard was reached
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

from ..module_utils._config import run as config
from ..module_utils._config._door import TreeDoor, tree_spec
from ..module_utils._dashboard_door import run_module

DOOR = TreeDoor("mainwp_config", config.options_from, config.run, tree_spec())


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
