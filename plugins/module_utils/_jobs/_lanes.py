# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work on sites in lanes: lock, sync, plan again, act once, verify, in as many turns as that takes. PRIVATE."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .. import _errors as errors
from .._brakes import Brakes
from .._dashboard import Dashboard
from .._fleet import Fleet
from .._locks import POLL, Locks
from .._models import Site
from .._probe import Prober
from .._refresh import Refreshed, Refresher
from ._at_site import AtSite
from ._calls import under_way
from ._common import AWAY, Reporter, in_words, locked_sentence, pace, until_interrupted
from ._lane_options import LaneOptions

ANY = TypeVar("ANY", bound=AtSite[Any, Any])


@dataclass
class Work(ABC, Generic[ANY]):
    """One run against one Dashboard, and what is done at every site. ``save`` is called all the time, to write the report
    so far."""

    dashboard: Dashboard
    options: LaneOptions
    brakes: Brakes
    reporter: Reporter
    locks: Locks
    save: Callable[[], None]

    def __post_init__(self) -> None:
        self.refresher = Refresher(self.dashboard, self.options.reconnect, self.options.wait_timeout)
        self.prober = Prober(self.options.health, self.dashboard.sleep) if self.options.health else None

    @abstractmethod
    def plan_again(self, item: ANY, fresh: Site) -> None:
        """Plan a site that was read again."""

    def read(self, item: ANY, site: Site, written: bool) -> Refreshed:  # noqa: ARG002  # others keep what they read
        """The site as it is now; ``written``: something was sent since it was read last."""
        return self.refresher.refresh(site, updated=written)

    def at(self, item: ANY, work: Callable[[ANY], float | None]) -> float | None:
        """Do ``work`` at a site; None when it failed there, which ends the site."""
        try:
            return work(item)
        except errors.DashboardAway as exc:
            self.lost_sight(item, exc)
        except Exception as exc:  # noqa: BLE001  # a bug met on one site must not lose the others' report
            self.abort_if_general(exc)
            item.failed(*in_words(exc))
        return None

    def too_late(self, item: ANY) -> bool:
        """True when nothing may start any more: the site is left alone."""
        closed = self.brakes.closed()
        if closed:
            item.left_alone(*closed)
        return closed is not None

    def ready(self, item: ANY) -> bool:
        """Sync and plan again, right before the first write. False when there is nothing to do any more, and the site is
        finished, or while something may be under way there that an earlier run had sent."""
        refreshed = self.read(item, item.site, written=False)
        if refreshed.site is None:
            item.failed(refreshed.reason, refreshed.message)
            return False
        fresh = refreshed.site
        if self.is_left(item, fresh):
            item.left_alone("suspended", "The site was suspended in MainWP meanwhile.")
            return False
        self.plan_again(item, fresh)
        # A second write beside one that is under way would destroy what both install.
        if item.finished or under_way(self.locks.unanswered(item.site.own_lock), fresh):
            return False
        self.locks.settled(item.site.own_lock)
        if self.prober:
            item.pages_before = self.prober.look(fresh)
        return True

    def is_left(self, item: ANY, fresh: Site) -> bool:  # noqa: ARG002  # others know more
        """A site that must be left alone after all."""
        return fresh.suspended

    def look_again(self, item: ANY) -> None:
        """At the pages of a site, once it is finished, by whatever way it came to its end: only where something may have
        moved."""
        if self.prober and item.touched:
            item.looked_at_again(self.prober.look(item.current))

    def ended(self, item: ANY) -> None:
        """A site is finished, once."""
        self.brakes.count_site(item.report.is_trouble and not item.report.expected)

    def abort_if_general(self, exc: Exception) -> None:
        """Trouble with the Dashboard itself or with the key ends the run: it would be the same everywhere."""
        if isinstance(exc, errors.OF_THE_DASHBOARD) and not isinstance(exc, errors.DashboardAway):
            self.brakes.abort(f"{exc} Nothing more is started.")

    def lost_sight(self, item: ANY, exc: errors.DashboardAway) -> None:
        """The Dashboard is away: nothing more starts, and nobody can see what it does, if it does anything."""
        self.brakes.abort(f"{exc.message} Nothing more is started.")
        item.interrupted(AWAY)


class Turns(Work[ANY], ABC):
    """Sites in lanes, each in as many turns as it needs."""

    def __post_init__(self) -> None:
        super().__post_init__()
        #: Sites whose locks are ours: nobody else on this machine works on them.
        self._admitted: set[int] = set()
        #: Site id → who holds what it waits for.
        self._holders: dict[int, str] = {}

    def lane_of(self, item: ANY) -> str:
        """What it shares with others that must not be worked on at the same time."""
        return str(item.site.lane)

    def locks_of(self, item: ANY) -> Sequence[str]:
        """What it is locked by against others."""
        return list(item.site.lock_names)

    @abstractmethod
    def send_all(self, item: ANY) -> None:
        """Send what is planned at a site, call by call, each with ``send``."""

    @abstractmethod
    def resume(self, item: ANY, fresh: Site) -> None:
        """Plan again what is left of a site whose earlier calls came out well."""

    def courtesy(self, item: ANY, after: Site) -> None:
        """What else there is to tell of a site that is verified."""

    def run(self, runs: Sequence[ANY]) -> None:
        """Work through the sites."""
        todo = [item for item in runs if item.needs_turn]
        #: Of each finished site, whether it is in trouble.
        ended: list[bool] = []

        def done(item: ANY) -> None:
            ended.append(item.report.is_trouble)
            self.reporter.progress(len(ended), len(todo), sum(ended), item.report)

        def busy() -> None:
            self.save()
            self.reporter.waiting([*self.dashboard.waiting_for, *self._holders.values()])

        tick = until_interrupted(self.reporter, busy)
        try:
            lanes = pace(self.dashboard, self.dashboard.limits.update_lanes)
            whole = Fleet(self._turn, self.lane_of, *lanes, done, tick).run(todo)
            why = "Interrupted"
        except Exception as exc:  # noqa: BLE001  # what cannot be shown must not cost the report
            whole, why = False, errors.bug_sentence(exc).rstrip(".")
        if not whole:
            self.brakes.abort(f"{why}: nothing more is started.")
            for item in todo:
                item.interrupted()

    def _turn(self, item: ANY) -> float | None:
        """One turn of one site: None when it is finished, else seconds until its next turn.

        Its locks are held from before the sync of its first turn to the end of its last one, between turns, too.
        """
        began, clock = time.time(), time.monotonic()
        again = self.at(item, self._step)
        if again is None:
            self.at(item, self._leave)
        if item.site.id in self._admitted:
            item.report.turns.append((began, time.monotonic() - clock))
        if again is None:
            if item.site.id in self._admitted:
                self.locks.give(self.locks_of(item))
            self.ended(item)
        return again

    def _leave(self, item: ANY) -> None:
        self.look_again(item)
        self.brakes.blame(item.site.id, item.blamed())

    def _admit(self, item: ANY) -> bool:
        """Take the site's locks if nobody else has them. A site for which it is too late is left alone, or failed."""
        if item.site.id in self._admitted:
            return True
        self._holders.pop(item.site.id, None)
        if self.too_late(item):
            return False
        wait = self.locks.take(self.locks_of(item))
        if wait is None:
            self._admitted.add(item.site.id)
            return True
        if wait.seconds >= self.options.lock_timeout:
            item.failed("locked", locked_sentence(wait))
        elif not wait.is_sibling:
            self._holders[item.site.id] = f"the lock of {wait}"
        return False

    def _step(self, item: ANY) -> float | None:
        if not self._admit(item):
            return None if item.finished else POLL
        if item.is_waiting:
            return self._verify(item)
        if self.too_late(item):
            return None
        if not self.ready(item):
            if item.finished:
                return None
            self._holders[item.site.id] = "something that an earlier run had sent and nobody answered"
            return self.options.pause
        self._holders.pop(item.site.id, None)
        return self._act(item)

    def _act(self, item: ANY) -> float | None:
        self.send_all(item)
        item.all_sent(time.monotonic() + self.options.wait_timeout)
        return self._verify(item) if item.is_waiting else None

    def send(self, item: ANY, things: Sequence[Any], words: Sequence[str], send: Callable[[], object]) -> None:
        """One write. Whoever comes next is told of it in the ``words`` of the lock, until nothing of it can be under
        way."""
        lock = item.site.own_lock
        item.sending(things)
        self.locks.sending(lock, words)
        try:
            send()
        except errors.DashboardAway as exc:  # it waited until it was too late to send it
            self.brakes.abort(f"{exc.message} Nothing more is started.")
            item.left_out(item.unsent(), "stopped", f"{AWAY} before it started.")
        except errors.TooLate as exc:
            item.left_out(item.unsent(), *(self.brakes.closed() or (exc.reason, str(exc))))
        except errors.MainWPError as exc:
            item.struck(exc)
            self.abort_if_general(exc)
            if exc.may_be_running:
                return
        self.locks.settled(lock)

    def _verify(self, item: ANY) -> float | None:
        """Sync, read, judge; another turn while a lost answer may still come true."""
        if not item.attempt.started:
            item.verified(item.current)
            item.stopped()
            return None
        refreshed = self.read(item, item.current, written=True)
        item.verified(refreshed.site, refreshed.message)
        if refreshed.ok and not item.in_doubt:
            self.locks.settled(item.site.own_lock)
        # A site that is gone speaks at once, for others follow while this one waits for a lost answer.
        self.brakes.blame(item.site.id, () if refreshed.ok else item.blamed())
        left = item.patience(time.monotonic())
        if left > 0:
            return min(self.options.pause, left)
        after = refreshed.site
        if item.may_go_on and after is not None and not self.brakes.closed():
            return self._go_on(item, after)
        item.stopped()
        if after is not None:
            self.courtesy(item, after)
        return None

    def _go_on(self, item: ANY, fresh: Site) -> float | None:
        """What an answer did not tell was found by reading: nothing speaks against the rest of the plan."""
        try:
            self.resume(item, fresh)
        except errors.MainWPError:
            item.stopped()  # what has moved so far is known, and must not be lost to this
            return None
        return self._act(item)
