# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which updates a plan contains."""

from __future__ import annotations


class ModuleDocFragment:
    """Options that shape a plan."""

    DOCUMENTATION = r"""
options:
  types:
    description:
      - The types of updates.
    type: list
    elements: str
    choices: [core, plugins, themes, translations]
    default: [core, plugins, themes, translations]
  include_updates:
    description:
      - Only updates whose slug or name matches one of these patterns (V(*) and V(?) are wildcards, case does not
        matter). V(woocommerce) matches the plugin V(woocommerce/woocommerce.php), V(wordpress) is WordPress itself.
      - A prefix V(core:), V(plugin:), V(theme:) or V(translation:) limits a pattern to one type.
      - A pattern that matches nothing is fine.
    type: list
    elements: str
    default: []
  exclude_updates:
    description:
      - Never updates that match one of these patterns. One that matches no offered update at all causes a warning.
    type: list
    elements: str
    default: []
  max_version_change:
    description:
      - The largest step that is allowed - V(patch), V(minor) or V(major) - for all types, or a map of types to steps
        with the keys C(core), C(plugins) and C(themes).
      - For plugins and themes a change of the first number is major, of the second minor, anything else a patch.
      - For WordPress itself the project's own meaning holds, so from 7.0 to 7.1 is major and from 7.0.4 to 7.0.5 is minor.
      - Translations have no version and are always allowed.
    type: raw
  max_age:
    description:
      - A site whose last sync is older than so many seconds is stale. A real update run syncs it before it decides that
        there is nothing to do; check mode and info modules plan from stored data and mark it.
      - Measured by the Dashboard's clock. A site with sync errors is always stale.
    type: int
    default: 300
  proven_on:
    description:
      - Only releases that a connected canary site runs already. Everything else is skipped as C(unproven).
      - Translations need no proof.
    type: dict
    suboptions:
      sites:
        description: Canary sites by id, address, domain or name.
        type: list
        elements: str
      site_tags:
        description: Tags of the canary sites.
        type: list
        elements: str
      clients:
        description: Clients of the canary sites.
        type: list
        elements: str
  proven_for:
    description:
      - Only releases that canary sites have run for so many seconds, by the reports in O(proven_history).
      - A release that no report speaks of is not proven.
    type: int
    default: 0
  proven_history:
    description:
      - The directory with the JSON reports of earlier runs, as the role C(fleet_maintenance) writes them.
    type: path
  unproven:
    description:
      - What to do with plugins and themes that no canary site has at all.
    type: str
    choices: [skip, allow]
    default: skip
  max_backup_age:
    description:
      - Only sites whose last backup that MainWP knows of is at most so many seconds old. Where MainWP does not know, the
        site is skipped as C(backup_unknown), for nobody can tell.
    type: int
  min_offer_age:
    description:
      - Only releases that were first seen offered, on any site, at least so many seconds ago; others are skipped as
        C(too_new). A vendor's release that carries malice is mostly found and withdrawn within a day or two.
      - What is offered is noted in O(offer_history) by each task with this option; V(0) notes it and holds nothing back. A
        release that is not in there counts as just seen. Check mode notes nothing.
      - Translations are exempt. So is what closes a vulnerability, by the C(closes) of an entry in a plan that
        M(wpfleet.mainwp.mainwp_vulnerability_info) returned.
      - The time goes by the clock of the machine that does the work. If that was set back, releases wait longer.
    type: int
    version_added: 0.2.0
  offer_history:
    description:
      - The directory of these notes, on the machine that does the work. Tasks that shall know of each other share it.
      - Releases that nobody was offered for half a year are forgotten.
    type: path
    default: ~/.ansible/mainwp-offers
    version_added: 0.2.0
"""
