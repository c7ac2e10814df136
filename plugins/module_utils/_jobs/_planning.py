# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first plan of a run, from what the Dashboard has stored: reads only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .. import _errors as errors
from .._api.resource import parallel
from .._dashboard import Dashboard
from .._models import Site, Update
from .._pending import read_pending
from .._plan import PlanOptions, SitePlan, make_plan, unmatched
from .._proven import BackupGate
from ._common import Reporter
from ._gates import backup_objection
from ._site_run import SiteRun


def plan_sites(
    dashboard: Dashboard,
    sites: Sequence[Site],
    max_age: int,
    options: PlanOptions,
    backup: BackupGate | None,
    reporter: Reporter,
) -> list[SiteRun]:
    """The first plan of every site. Sites that have offers are asked for together; suspended ones need not be."""
    clients = dashboard.client_names(sites)
    runs = [SiteRun(site, dashboard.now(), max_age, clients) for site in sites]
    asked = [item.site for item in runs if options.wants_any(item.site) and not item.site.suspended]
    told = read_pending(dashboard, asked)

    def planned(item: SiteRun) -> SitePlan:
        site = item.site
        pending = site.updates if site.suspended else told.get(site.id, ())
        if isinstance(pending, errors.MainWPError):
            raise pending
        return _with_objection(dashboard, item, site, pending, options, backup)

    def plan(item: SiteRun) -> None:
        try:
            item.planned(planned(item))
        except (errors.Unauthorized, errors.DashboardAway):
            raise
        except errors.MainWPError as exc:
            item.failed(exc.reason, str(exc))
        except Exception as exc:  # noqa: BLE001  # a bug met on one site must not stop the others
            item.failed("error", errors.bug_sentence(exc))

    parallel(plan, runs)
    _warn_about_plan(options, runs, reporter)
    return runs


def end_as_planned(dashboard: Dashboard, runs: Iterable[SiteRun], repairs: bool) -> None:
    """Nothing is sent: the plans are the results. ``repairs``: the real run reconnects disconnected sites."""
    for item in runs:
        item.only_planned(repairs, "locked_out" if dashboard.dialect.locks_out else "disconnected")


def plan_again(
    dashboard: Dashboard, item: SiteRun, fresh: Site, options: PlanOptions, backup: BackupGate | None
) -> None:
    """Plan a site again after its sync, right before its first write. It is finished if there is nothing to do."""
    if fresh.suspended:
        item.left_alone("suspended", "The site was suspended in MainWP meanwhile.")
        return
    pending = dashboard.api.updates.pending(fresh) if options.wants_any(fresh) else ()
    item.synced(_with_objection(dashboard, item, fresh, pending, options, backup))


def _with_objection(
    dashboard: Dashboard,
    item: SiteRun,
    site: Site,
    pending: Sequence[Update],
    options: PlanOptions,
    backup: BackupGate | None,
) -> SitePlan:
    """The plan; only for a site with something to run it is asked, once, what speaks against the whole site."""
    plan = make_plan(site, pending, options, item.objection())
    if not plan.updates or site.suspended:
        return plan
    objection = item.objection(lambda: backup_objection(dashboard, site, backup))
    return make_plan(site, pending, options, objection) if objection[0] else plan


def _warn_about_plan(options: PlanOptions, runs: Sequence[SiteRun], reporter: Reporter) -> None:
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
