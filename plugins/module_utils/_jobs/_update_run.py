# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run of updates has at hand, and what is done at every site, whatever way it is updated. PRIVATE."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from .. import _errors as errors
from .._brakes import Brakes
from .._dashboard import Dashboard
from .._locks import Locks
from .._probe import Prober
from .._refresh import Refresher
from .._report import mark_expected
from ._calls import under_way
from ._common import AWAY, Reporter, in_words
from ._planning import Planner
from ._site_run import SiteRun
from ._update_options import Options


@dataclass
class UpdateRun:
    """One run against one Dashboard. ``save`` is called all the time, to write the report so far."""

    dashboard: Dashboard
    options: Options
    planner: Planner
    brakes: Brakes
    reporter: Reporter
    locks: Locks
    save: Callable[[], None]

    def __post_init__(self) -> None:
        self.refresher = Refresher(self.dashboard, self.options.reconnect, self.options.wait_timeout)
        self.prober = Prober(self.options.health, self.dashboard.sleep) if self.options.health else None

    def at(self, item: SiteRun, work: Callable[[SiteRun], float | None]) -> float | None:
        """Do ``work`` at a site; None when it failed there, which ends the site."""
        try:
            return work(item)
        except errors.DashboardAway as exc:
            self.lost_sight(item, exc)
        except Exception as exc:  # noqa: BLE001  # a bug met on one site must not lose the others' report
            self.abort_if_general(exc)
            item.failed(*in_words(exc))
        return None

    def too_late(self, item: SiteRun) -> bool:
        """True when nothing may start any more: the site is left alone."""
        closed = self.brakes.closed()
        if closed:
            item.left_alone(*closed)
        return closed is not None

    def ready(self, item: SiteRun) -> bool:
        """Sync and plan again, right before the first write. False when there is nothing to do any more, and the site is
        finished, or while something may be under way there that an earlier run had sent."""
        refreshed = self.refresher.refresh(item.site)
        if refreshed.site is None:
            item.failed(refreshed.reason, refreshed.message)
            return False
        fresh = refreshed.site
        if fresh.suspended:
            item.left_alone("suspended", "The site was suspended in MainWP meanwhile.")
            return False
        item.synced(self.planner.again(item, fresh))
        # A second write beside one that is under way would destroy what both install.
        if item.finished or under_way(self.locks.unanswered(item.site.own_lock), fresh):
            return False
        self.locks.settled(item.site.own_lock)
        if self.prober:
            item.pages_before = self.prober.look(fresh)
        return True

    def look_again(self, item: SiteRun) -> None:
        """At the pages of a site, once it is finished, by whatever way it came to its end: only where something may have
        moved."""
        if self.prober and item.touched:
            item.looked_at_again(self.prober.look(item.current))

    def ended(self, item: SiteRun) -> None:
        """A site is finished, once."""
        mark_expected(item.report, self.options.expectations, datetime.date.today())
        self.brakes.count_site(item.report.is_trouble and not item.report.expected)

    def abort_if_general(self, exc: Exception) -> None:
        """Trouble with the Dashboard itself or with the key ends the run: it would be the same everywhere."""
        if isinstance(exc, errors.OF_THE_DASHBOARD) and not isinstance(exc, errors.DashboardAway):
            self.brakes.abort(f"{exc} Nothing more is started.")

    def lost_sight(self, item: SiteRun, exc: errors.DashboardAway) -> None:
        """The Dashboard is away: nothing more starts, and nobody can see what it does, if it does anything."""
        self.brakes.abort(f"{exc.message} Nothing more is started.")
        item.interrupted(AWAY)
