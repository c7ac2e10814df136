# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first plan of a run, from what the Dashboard has stored: reads only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .. import _errors as errors
from .._api.resource import parallel
from .._dashboard import Dashboard
from .._models import Site
from .._pending import Pending, read_pending
from .._plan import PlanOptions, SitePlan, make_plan, unmatched
from .._proven import unsaved
from ._common import Reporter, in_words
from ._site_run import SiteRun


@dataclass(frozen=True)
class Planner:
    """Plans the sites of one run, at its start and again later."""

    dashboard: Dashboard
    options: PlanOptions
    #: ``max_backup_age``, seconds.
    backup: int | None

    def first(self, sites: Sequence[Site], max_age: int, reporter: Reporter) -> list[SiteRun]:
        """The first plan of every site. Sites that have offers are asked for together; suspended ones need not be."""
        clients = self.dashboard.client_names(sites)
        now = self.dashboard.now()
        asked = [site for site in sites if self.options.wants_any(site) and not site.suspended]
        told = read_pending(self.dashboard, asked)
        runs = [SiteRun(self.dashboard.completed(site), now, max_age, clients) for site in sites]

        def plan(item: SiteRun) -> None:
            try:
                pending = item.site.updates if item.site.suspended else told.get(item.site.id, ())
                item.planned(self._plan(item, item.site, pending))
            except (errors.Unauthorized, errors.DashboardAway):
                raise
            except Exception as exc:  # noqa: BLE001  # a bug met on one site must not stop the others
                item.failed(*in_words(exc))

        parallel(plan, runs)
        _warn_about_plan(self.options, runs, reporter)
        return runs

    def again(self, item: SiteRun, fresh: Site) -> SitePlan:
        """The plan of a site that was read again."""
        fresh = fresh.named({tag.id: tag.name for tag in item.site.tags})
        pending = self.dashboard.api.updates.pending(fresh) if self.options.wants_any(fresh) else ()
        return self._plan(item, fresh, pending)

    def _plan(self, item: SiteRun, site: Site, pending: Pending) -> SitePlan:
        """The plan; only for a site with something to run its backup is asked for, once."""
        if isinstance(pending, errors.MainWPError):
            raise pending
        if self.options.offers:
            self.options.offers.see((*site.updates, *pending))
        plan = make_plan(site, pending, self.options, item.objection or ("", ""))
        if self.backup is not None and plan.updates and not site.suspended and item.objection is None:
            known = self.dashboard.v2.sites.option(site.id, ("primary_lasttime_backup",))
            item.objection = unsaved(self.backup, known.get("primary_lasttime_backup"), self.dashboard.now())
            plan = make_plan(site, pending, self.options, item.objection)
        return plan


def end_as_planned(dashboard: Dashboard, runs: Iterable[SiteRun], repairs: bool) -> None:
    """Nothing is sent: the plans are the results. ``repairs``: the real run reconnects disconnected sites."""
    for item in runs:
        item.only_planned(repairs, "locked_out" if dashboard.dialect.locks_out else "disconnected")


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
