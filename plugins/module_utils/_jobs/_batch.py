# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Dashboard's own batch on the classic dialect: start it, wait for WP-Cron, then read. PRIVATE.

``POST /updates/update`` answers at once and says the same whether it started or was refused; what happened is read
from per-site clocks and queues (core.md §9.1, §9.5).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from .. import _errors as errors
from .._fleet import Fleet
from .._locks import POLL, Wait
from .._models import CORE, Site
from ._batch_watch import WAITING, BatchWatch, waiting_reason
from ._common import AWAY, in_words, locked_sentence, pace
from ._site_run import SiteRun
from ._update_run import UpdateRun

#: How long the start of a batch whose answer was lost may take to show, seconds.
LOST_START = 60.0
#: Site id → (last finished, last started).
Clocks = dict[int, tuple[int, int]]


def _begun(before: Clocks, now: Clocks) -> bool:
    """True when a batch began in between."""
    return any(now[key][1] != before.get(key, (0, 0))[1] for key in now)


def _at_work(now: Clocks) -> bool:
    """True while a batch has not come to its end."""
    return any(done < start for done, start in now.values())


class BatchRun(UpdateRun):
    """One ``dashboard_batch`` run against a classic Dashboard."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._batches = self.dashboard.v2.batches
        #: Sites whose locks somebody else has.
        self._locked: set[int] = set()
        #: By the monotonic clock; set when the batch is started, for the syncs before it may take long.
        self._deadline = 0.0
        #: What did not move in a batch that was joined does not get another one.
        self._last_round = False
        self._batch: dict[str, Any] = {}

    def run(self, runs: Sequence[SiteRun], listed: Sequence[Site]) -> dict[str, Any]:
        """Update through the Dashboard's batch; what the ``batch`` key of the result says."""
        try:
            self._update(runs, listed)
        except KeyboardInterrupt:
            told, why = "Interrupted: the Dashboard goes on with its batch.", "The run was interrupted"
        except Exception as exc:  # noqa: BLE001  # a bug, or a folder of locks that is full: the report must not be lost
            told, why = f"{in_words(exc)[1]} Nothing more is started.", "The run was broken off"
        else:
            return self._batch
        self.brakes.abort(told)
        for item in runs:
            if item.attempt.sent:
                item.pending("batch_waiting", f"{why}; the Dashboard goes on with its batch.")
            elif not item.finished:
                item.interrupted(why)
        return self._batch

    def _update(self, runs: Sequence[SiteRun], listed: Sequence[Site]) -> None:
        self._take_locks([item for item in runs if not item.site.suspended])
        self._in_lanes(self._prepare, [item for item in runs if item.needs_turn])
        working = [item for item in runs if item.plan.updates and not item.finished]
        closed = self.brakes.closed()
        if closed:
            for item in working:
                item.left_alone(*closed)
        if not working or closed:
            return
        # The batch of all sites would update those, too, that were not selected, whose plan could not be made or leaves
        # something alone, or that another run works on.
        planned = {item.site.id for item in runs if not item.report.failed and not item.plan.withheld} - self._locked
        now = {item.site.id: item.current for item in runs}  # our sync brought some of them back
        reachable = {site.id for site in listed if not site.suspended and not now.get(site.id, site).sync_errors}
        whole_fleet = reachable <= planned
        start = self._start_fleet if whole_fleet else self._start_sites
        start(working)
        working = [item for item in working if not item.finished]
        if not self.options.wait:
            for item in working:
                item.pending("batch_waiting", "Started; the Dashboard works on it through WP-Cron.", on_purpose=True)
            return
        self._wait_and_read(working, whole_fleet)
        # The batch we joined was planned by somebody else, before our sync: these were not in it.
        again = [item for item in working if self._may_come_again(item)]
        self._last_round = True
        if time.monotonic() >= self._deadline or self.brakes.closed():
            for item in again:
                self._conclude(item)
        elif again:
            start(again)
            self._wait_and_read(again, whole_fleet)

    # -- the steps ------------------------------------------------------------------------------------------------

    def _take_locks(self, runs: Sequence[SiteRun]) -> None:
        """Take the locks of all sites, for the batch touches them all at once: in sorted order, so that no two runs ever
        wait for each other. What cannot be had is left out."""
        refused: dict[str, Wait] = {}
        for name in sorted({name for item in runs for name in item.site.lock_names}):
            wait = self.locks.take([name])
            while wait is not None and wait.seconds < self.options.lock_timeout and not self.brakes.closed():
                self.reporter.waiting([f"the lock of {wait}"])
                self.save()
                self.dashboard.sleep(POLL)
                wait = self.locks.take([name])
            if wait is not None:
                refused[name] = wait
        closed = self.brakes.closed()
        for item in runs:
            wait = next((refused[name] for name in item.site.lock_names if name in refused), None)
            if wait is not None:
                self._locked.add(item.site.id)
            if item.needs_turn and closed:
                item.left_alone(*closed)
            elif item.needs_turn and wait is not None:
                item.failed("locked", locked_sentence(wait))
                self._conclude(item)

    def _prepare(self, item: SiteRun) -> None:
        """Sync and plan again, right before the batch is started."""
        while not self.ready(item):
            # Something that an earlier run had sent may be at work this very moment.
            if item.finished or self.too_late(item):
                return
            self.dashboard.sleep(self.options.pause)

    def _start_fleet(self, working: Sequence[SiteRun]) -> None:
        """Start the batch of all sites, or join one that runs already."""
        joined = self._begin_fleet(working)
        for item in working:
            item.joined = joined

    def _begin_fleet(self, working: Sequence[SiteRun]) -> bool:
        """Start the batch of all sites; True when one that ran already was joined."""
        self._begin_waiting()
        ids = [item.site.id for item in working]
        while True:
            try:
                before = self._batches.clocks(ids)
            except errors.MainWPError as exc:
                self._not_started(working, exc)
                return False
            lost = self._start(working, self._batches.start_all)
            if lost is not None:
                if not lost.may_have_started:
                    return False
                self.reporter.warn(f"{lost} Reading what became of it.")
            try:
                now = self._clocks_after(ids, before, patient=lost is not None)
            except errors.MainWPError as exc:
                self.reporter.warn(f"{exc} Whether the batch began is not known yet.")
                return False
            if _begun(before, now):
                self._batch["started"] = True
                self._begin_waiting()
                return False
            if _at_work(now):
                return True
            if lost is not None:
                return False  # it may have been heard, so it is not sent again
            # "Already running" while nothing of ours is outstanding: an old flag, so nothing was started.
            if time.monotonic() >= self._deadline:
                return True
            self._pause()
            closed = self.brakes.closed()
            if closed:
                self._not_started(working, errors.TooLate(closed[1], reason=closed[0]))
                return False

    def _clocks_after(self, ids: Sequence[int], before: Clocks, patient: bool) -> Clocks:
        """The clocks after the start; ``patient``: its answer was lost, so they may take a while to move."""
        until = min(self._deadline, time.monotonic() + LOST_START) if patient else 0.0
        while True:
            now = self._batches.clocks(ids)
            if _begun(before, now) or _at_work(now) or time.monotonic() >= until or self.brakes.closed():
                return now
            self._pause()

    def _start_sites(self, working: Sequence[SiteRun]) -> None:
        """Queue each site's own batch, or join one that is queued already."""
        self._begin_waiting()
        for item in working:
            closed = self.brakes.closed()
            if closed:
                if not item.finished:
                    item.left_alone(*closed)
                continue
            try:
                joined = self._batches.queue_state(item.site)[0]
            except errors.MainWPError as exc:
                self._not_started([item], exc)
                continue
            item.joined = joined
            if self._start([item], partial(self._batches.start, item.current)) is None:
                self._batch["started"] = self._batch.get("started", False) or not joined

    def _start(self, items: Sequence[SiteRun], send: Callable[[], dict[str, Any]]) -> errors.MainWPError | None:
        """Start a batch for these; what came in the place of the answer."""
        for item in items:
            item.handed_over()
        try:
            answer = send()
        except errors.MainWPError as exc:
            if exc.may_have_started:
                for item in items:
                    item.struck(exc)
            else:
                self._not_started(items, exc)
            return exc
        self._batch["last_time_start_batch_updates"] = answer.get("last_time_start_batch_updates")
        return None

    def _begin_waiting(self) -> None:
        self._deadline = time.monotonic() + self.options.wait_timeout

    def _not_started(self, working: Iterable[SiteRun], exc: errors.MainWPError) -> None:
        """No batch was begun for these; what an earlier one left undone keeps its verdict."""
        self.abort_if_general(exc)
        for item in working:
            if not item.finished:
                item.unsent()
                if isinstance(exc, errors.DashboardAway):
                    self.lost_sight(item, exc)
                elif isinstance(exc, errors.TooLate):
                    item.left_alone(*(self.brakes.closed() or (exc.reason, str(exc))))
                else:
                    item.failed(exc.reason, str(exc))
                self._conclude(item)

    def lost_sight(self, item: SiteRun, exc: errors.DashboardAway) -> None:
        """What was sent goes on."""
        if not item.attempt.sent:
            super().lost_sight(item, exc)
            return
        self.brakes.abort(f"{exc.message} Nothing more is started.")
        item.pending("batch_waiting", f"{AWAY} before the outcome of its batch was read.")

    def _wait_and_read(self, working: Sequence[SiteRun], whole_fleet: bool) -> None:
        """Poll until all are done or time is up; then sync and judge each site."""
        unfinished, reason = self._poll(working, whole_fleet)

        def read(item: SiteRun) -> None:
            refreshed = self.refresher.refresh(item.current, updated=True)
            item.verified(refreshed.site, refreshed.message)
            if item.site.id in unfinished:
                item.pending(reason, WAITING[reason])
            elif refreshed.site is not None and item.core_failed:
                # The only error text that a background batch keeps is that of a core update. A courtesy: what became of
                # it is known.
                with contextlib.suppress(errors.MainWPError):
                    item.explained(CORE, self._batches.queue_state(item.site)[2])

        self._in_lanes(read, working)

    def _poll(self, working: Sequence[SiteRun], whole_fleet: bool) -> tuple[set[int], str]:
        """(ids that are not finished when all are or time is up, the reason why they are pending)."""
        watch = BatchWatch(self._batches, (item.site for item in working), whole_fleet, self.options.pause)
        unfinished = {item.site.id for item in working}
        seen = (len(unfinished), 0)
        moved_at = self.dashboard.now()
        advanced = False
        while True:
            try:
                still, tried = watch.look(unfinished)
            except (errors.Unauthorized, errors.DashboardAway):
                return unfinished, "batch_waiting"
            except errors.MainWPError as exc:
                self.reporter.warn(f"{exc} Looking again.")  # a look that failed is no news
            except Exception as exc:  # noqa: BLE001  # reading the sites tells what became of them
                self.reporter.warn(errors.bug_sentence(exc))
                return unfinished, "batch_waiting"
            else:
                if (len(still), tried) != seen:
                    moved_at, advanced = self.dashboard.now(), True
                seen, unfinished = (len(still), tried), still
            self.reporter.progress(len(working) - len(unfinished), len(working), 0, None)
            self.save()
            if not unfinished or time.monotonic() >= self._deadline:
                return unfinished, waiting_reason(advanced, self.dashboard.now() - moved_at)
            self._pause()

    def _pause(self) -> None:
        """Wait for the next look, but not beyond the deadline."""
        left = max(0.0, self._deadline - time.monotonic())
        self.dashboard.sleep(min(self.options.pause, left))

    def _may_come_again(self, item: SiteRun) -> bool:
        """True for a site that was not, or not wholly, in a batch that was joined."""
        return item.joined and not self._last_round and any(entry.may_move for entry in item.report.results)

    def _conclude(self, item: SiteRun) -> None:
        """A site is finished, once."""
        self.look_again(item)
        self.ended(item)

    def _in_lanes(self, work: Callable[[SiteRun], None], todo: Sequence[SiteRun]) -> None:
        def turn(item: SiteRun) -> None:
            self.at(item, work)
            if item.finished and not self._may_come_again(item):
                self._conclude(item)

        lanes = pace(self.dashboard, self.dashboard.limits.sync_lanes)
        if not Fleet(turn, lambda item: item.site.lane, *lanes, on_tick=self.save).run(todo):
            self.brakes.abort("Interrupted: nothing more is started.")
            for item in todo:
                if not item.finished:
                    item.interrupted()
