# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites in lanes: lock, sync, plan again, act once, verify, in as many turns as that takes. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from functools import partial

from .. import _errors as errors
from .._fleet import Fleet
from .._locks import POLL
from .._models import Site, Update
from ._calls import news
from ._common import AWAY, locked_sentence, pace, until_interrupted
from ._site_run import SiteRun
from ._update_run import UpdateRun
from ._ways import DASHBOARD_BATCH


class SiteTurns(UpdateRun):
    """Runs the per-item method, and the Dashboard's own batch where it works inside the request: sites in lanes, each in
    as many turns as it needs."""

    def __post_init__(self) -> None:
        super().__post_init__()
        #: Sites whose locks are ours: nobody else on this machine works on them.
        self._admitted: set[int] = set()
        #: Site id → who holds what it waits for.
        self._holders: dict[int, str] = {}

    def run(self, runs: Sequence[SiteRun]) -> bool:
        """Work through the sites; True when at least one update was sent."""
        todo = [item for item in runs if item.needs_turn]
        #: Of each finished site, whether it is in trouble.
        ended: list[bool] = []

        def done(item: SiteRun) -> None:
            ended.append(item.report.is_trouble)
            self.reporter.progress(len(ended), len(todo), sum(ended), item.report)

        def busy() -> None:
            self.save()
            self.reporter.waiting([*self.dashboard.waiting_for, *self._holders.values()])

        tick = until_interrupted(self.reporter, busy)
        try:
            lanes = pace(self.dashboard, self.dashboard.limits.update_lanes)
            whole = Fleet(self._turn, lambda item: item.site.lane, *lanes, done, tick).run(todo)
            why = "Interrupted"
        except Exception as exc:  # noqa: BLE001  # what cannot be shown must not cost the report
            whole, why = False, errors.bug_sentence(exc).rstrip(".")
        if not whole:
            self.brakes.abort(f"{why}: nothing more is started.")
            for item in todo:
                item.interrupted()
        return any(item.started for item in runs)

    def _turn(self, item: SiteRun) -> float | None:
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
                self.locks.give(item.site.lock_names)
            self.ended(item)
        return again

    def _leave(self, item: SiteRun) -> None:
        self.look_again(item)
        self.brakes.blame(item.site.id, item.blamed())

    def _admit(self, item: SiteRun) -> bool:
        """Take the site's locks if nobody else has them. A site for which it is too late is left alone, or failed."""
        if item.site.id in self._admitted:
            return True
        self._holders.pop(item.site.id, None)
        if self.too_late(item):
            return False
        wait = self.locks.take(item.site.lock_names)
        if wait is None:
            self._admitted.add(item.site.id)
            return True
        if wait.seconds >= self.options.lock_timeout:
            item.failed("locked", locked_sentence(wait))
        elif not wait.is_sibling:
            self._holders[item.site.id] = f"the lock of {wait}"
        return False

    def _step(self, item: SiteRun) -> float | None:
        if not self._admit(item):
            return None if item.finished else POLL
        if item.is_waiting:
            return self._verify(item)
        if self.too_late(item):
            return None
        if not self.ready(item):
            if item.finished:
                return None
            self._holders[item.site.id] = "an update that an earlier run had sent and nobody answered"
            return self.options.pause
        self._holders.pop(item.site.id, None)
        self._send_all(item)
        return self._verify(item) if item.is_waiting else None

    def _send_all(self, item: SiteRun) -> None:
        """Plugins, themes, core, translations: call by call, each sent once. Or the Dashboard's own batch of one site, done
        inside the request (core.md §9.2)."""
        dialect = self.dashboard.dialect
        if self.options.method == DASHBOARD_BATCH:
            updates = item.one_call(self.brakes)
            if updates:
                self._send(item, updates, partial(self.dashboard.v2.batches.start, item.current))
        else:
            for kind, part in item.calls(self.brakes, dialect.many_items, not dialect.is_v2):
                self._send(
                    item, part, partial(self._update, item, kind, list(dict.fromkeys(entry.slug for entry in part)))
                )
        item.all_sent(time.monotonic() + self.options.wait_timeout)

    def _update(self, item: SiteRun, kind: str, slugs: Sequence[str]) -> None:
        item.answered(kind, self.dashboard.api.updates.start(item.current, kind, slugs))

    def _send(self, item: SiteRun, updates: Sequence[Update], send: Callable[[], object]) -> None:
        """One write. Whoever comes next is told of it in the words of the lock, until nothing of it can be under way."""
        lock = item.site.own_lock
        item.sending(updates)
        self.locks.sending(lock, [update.in_words for update in updates])
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

    def _verify(self, item: SiteRun) -> float | None:
        """Sync, read, judge; another turn while a lost answer may still come true."""
        if not item.attempt.started:
            item.verified(item.current)
            item.stopped()
            return None
        refreshed = self.refresher.refresh(item.current, updated=True)
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
        if after is not None and news(item.current.updates, after.updates):
            with contextlib.suppress(errors.MainWPError):  # the run's own outcome is known; this is a courtesy
                offers = self.dashboard.api.updates.pending(after)
                item.report.new_pending = news(item.current.updates, offers)
        return None

    def _go_on(self, item: SiteRun, fresh: Site) -> float | None:
        """What an answer did not tell was found by reading: nothing speaks against the rest of the plan."""
        try:
            plan = self.planner.again(item, fresh)
        except errors.MainWPError:
            item.stopped()  # what has moved so far is known, and must not be lost to this
            return None
        item.resumed(plan)
        self._send_all(item)
        return self._verify(item)
