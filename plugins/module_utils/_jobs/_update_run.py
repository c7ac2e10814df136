# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run of updates has at hand, and what is done at every site, whatever way it is updated. PRIVATE."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from .. import _errors as errors
from .._brakes import Brakes
from .._dashboard import Dashboard
from .._fleet import Fleet
from .._locks import Locks
from .._plan import PlanOptions
from .._refresh import Refresher
from .._report import mark_expected
from ._calls import under_way
from ._common import Reporter, lanes_and_gap
from ._pages import Pages
from ._planning import plan_again
from ._site_run import SiteRun
from ._update_options import Options


class UpdateRun:
    """One run against one Dashboard. ``save`` is called all the time, to write the report so far."""

    def __init__(
        self,
        dashboard: Dashboard,
        options: Options,
        plan_options: PlanOptions,
        brakes: Brakes,
        reporter: Reporter,
        locks: Locks,
        save: Callable[[], None],
    ) -> None:
        self.dashboard = dashboard
        self.options = options
        self.plan_options = plan_options
        self.brakes = brakes
        self.reporter = reporter
        self.locks = locks
        self.save = save
        self.refresher = Refresher(dashboard, options.reconnect, options.wait_timeout)
        self.pages = Pages(options.health, dashboard.sleep)

    def fleet(
        self,
        turn: Callable[[SiteRun], float | None],
        lanes: int,
        tick: Callable[[], None],
        done: Callable[[SiteRun], None] = lambda _item: None,
    ) -> Fleet[SiteRun]:
        """``turn`` for many sites, in so many ``lanes`` unless the user says otherwise."""
        return Fleet(turn, lambda item: item.site.lane, *lanes_and_gap(self.dashboard, lanes), done, tick)

    def ready(self, item: SiteRun) -> bool:
        """Sync and plan again, right before the first write. False when there is nothing to do any more, and the site is
        finished, or while something may be under way there that an earlier run had sent."""
        refreshed = self.refresher.refresh(item.site)
        if refreshed.site is None:
            item.failed(refreshed.reason, refreshed.message)
            return False
        fresh = refreshed.site.named({tag.id: tag.name for tag in item.site.tags})
        plan_again(self.dashboard, item, fresh, self.plan_options, self.options.gates.backup)
        # A second write beside one that is under way would destroy what both install.
        if item.finished or under_way(self.locks.unanswered(item.site.own_lock), fresh):
            return False
        self.locks.settled(item.site.own_lock)
        self.pages.before(item, fresh)
        return True

    def ended(self, item: SiteRun) -> None:
        """A site is finished, once."""
        mark_expected(item.report, self.options.expectations, datetime.date.today())
        self.brakes.count_site(item.report.is_trouble and not item.report.expected)

    def abort_if_general(self, exc: errors.MainWPError) -> None:
        """Trouble with the Dashboard itself or with the key ends the run: it would be the same everywhere."""
        if isinstance(exc, errors.OF_THE_DASHBOARD) and not isinstance(exc, errors.DashboardAway):
            self.brakes.abort(f"{exc} Nothing more is started.")
