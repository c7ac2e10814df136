# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first plan of a run, from what the Dashboard has stored: reads only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import READ_LANES, Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._common import Reporter
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._gates import backup_objection
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._site_run import SiteRun
from ansible_collections.wpfleet.mainwp.plugins.module_utils._pending import read_pending
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import PlanOptions, make_plan, unmatched
from ansible_collections.wpfleet.mainwp.plugins.module_utils._proven import BackupGate


def plan_sites(
    dashboard: Dashboard, runs: Sequence[SiteRun], options: PlanOptions, backup: BackupGate | None = None
) -> None:
    """Plan every site. Sites that have offers are asked for together; suspended ones need not be."""
    asked = [item.site for item in runs if options.wants_any(item.site) and not item.site.suspended]
    told = read_pending(dashboard, asked)

    def plan(item: SiteRun) -> None:
        site = item.site
        pending = told.get(site.id, ())
        try:
            if isinstance(pending, errors.MainWPError):
                raise pending
            if pending:
                item.objection = backup_objection(dashboard, site, backup)
        except errors.Unauthorized:
            raise
        except errors.MainWPError as exc:
            item.fail(exc.reason, str(exc))
            return
        item.set_plan(make_plan(site, site.updates if site.suspended else pending, options, item.objection or ("", "")))

    with ThreadPoolExecutor(READ_LANES) as pool:
        list(pool.map(plan, runs))


def warn_about_plan(options: PlanOptions, runs: Sequence[SiteRun], reporter: Reporter) -> None:
    """Warn of exclude patterns that protect nothing, and of updates without a package."""
    offered = [update for item in runs for update in item.site.updates]
    for text in unmatched(options.exclude, offered):
        reporter.warn(f"exclude_updates: '{text}' matches no update offered to the selected sites.")
    lacking = {skip.update.name for item in runs for skip in item.plan.skips if skip.reason == "no_package"}
    if lacking:
        reporter.warn(
            f"No download package is offered for: {', '.join(sorted(lacking))}. A premium updater on the site might "
            "still deliver: name the update in include_updates to try."
        )
