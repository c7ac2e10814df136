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
from typing import Any

from .. import _errors as errors
from .._locks import POLL, Wait
from .._models import CORE, Site
from ._batch_watch import WAITING, BatchWatch, waiting_reason
from ._common import AWAY, locked_sentence
from ._site_run import SiteRun
from ._update_run import UpdateRun

#: How long the start of a batch whose answer was lost may take to show, seconds.
LOST_START = 60.0
#: Site id → (last finished, last started).
Clocks = dict[int, tuple[int, int]]


def _begun(before: Clocks, now: Clocks) -> bool:
    """True when a batch began in between."""
    return any(now[key][1] != before.get(key, (0, 0))[1] for key in now)


class BatchRun:
    """One ``dashboard_batch`` run against a classic Dashboard."""

    def __init__(self, run: UpdateRun) -> None:
        self._run = run
        self._dashboard = run.dashboard
        self._batches = run.dashboard.v2.batches
        self._brakes = run.brakes
        self._options = run.options
        self._locks = run.locks
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
            self._brakes.abort("Interrupted: the Dashboard goes on with its batch.")
            self._end(runs, "The run was interrupted")
        except Exception as exc:  # noqa: BLE001  # a bug, or a folder of locks that is full: the report must not be lost
            told = str(exc) if isinstance(exc, errors.MainWPError) else errors.bug_sentence(exc)
            self._brakes.abort(f"{told} Nothing more is started.")
            self._end(runs, "The run was broken off")
        return self._batch

    @staticmethod
    def _end(runs: Sequence[SiteRun], why: str) -> None:
        for item in runs:
            if item.has_sent:
                item.pending("batch_waiting", f"{why}; the Dashboard goes on with its batch.")
            elif not item.finished:
                item.interrupted(why)

    def _update(self, runs: Sequence[SiteRun], listed: Sequence[Site]) -> None:
        self._take_locks([item for item in runs if not item.site.suspended])
        self._in_lanes(self._prepare, [item for item in runs if item.needs_turn])
        working = [item for item in runs if item.plan.updates and not item.finished]
        closed = self._brakes.closed()
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
        if not self._options.wait:
            for item in working:
                item.pending("batch_waiting", "Started; the Dashboard works on it through WP-Cron.", on_purpose=True)
            return
        self._wait_and_read(working, whole_fleet)
        # The batch we joined was planned by somebody else, before our sync: these were not in it.
        again = [item for item in working if self._may_come_again(item)]
        self._last_round = True
        if time.monotonic() >= self._deadline or self._brakes.closed():
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
            wait = self._locks.take([name])
            while wait is not None and wait.seconds < self._options.lock_timeout and not self._brakes.closed():
                self._run.reporter.waiting([f"the lock of {wait}"])
                self._run.save()
                self._dashboard.sleep(POLL)
                wait = self._locks.take([name])
            if wait is not None:
                refused[name] = wait
        closed = self._brakes.closed()
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
        while not self._run.ready(item):
            if item.finished:
                return
            # Something that an earlier run had sent may be at work this very moment.
            closed = self._brakes.closed()
            if closed:
                item.left_alone(*closed)
                return
            self._dashboard.sleep(self._options.pause)

    def _start_fleet(self, working: Sequence[SiteRun]) -> None:
        """Start the batch of all sites, or join one that runs already."""
        joined = self._begin_fleet(working)
        for item in working:
            item.joined(joined)

    def _begin_fleet(self, working: Sequence[SiteRun]) -> bool:
        """Start the batch of all sites; True when one that ran already was joined."""
        self._begin_waiting()
        ids = [item.site.id for item in working]
        lost: errors.MainWPError | None = None
        while True:
            try:
                before = self._batches.clocks(ids)
            except errors.MainWPError as exc:
                self._not_started(working, exc)
                return False
            for item in working:
                item.handed_over()
            try:
                self._note(self._batches.start_all())
            except errors.MainWPError as exc:
                if not exc.may_have_started:
                    self._not_started(working, exc)
                    return False
                self._run.reporter.warn(f"{exc} Reading what became of it.")
                lost = exc
                self._lose(working, exc)
            try:
                now = self._clocks_after(ids, before, patient=lost is not None)
            except errors.MainWPError as exc:
                self._run.reporter.warn(f"{exc} Whether the batch began is not known yet.")
                return False
            if _begun(before, now):
                self._batch["started"] = True
                self._begin_waiting()
                return False
            if any(done < start for done, start in now.values()):
                return True
            if lost is not None:
                return False  # it may have been heard, so it is not sent again
            # "Already running" while nothing of ours is outstanding: an old flag, so nothing was started.
            if time.monotonic() >= self._deadline:
                return True
            self._pause()
            closed = self._brakes.closed()
            if closed:
                self._not_started(working, errors.TooLate(closed[1], reason=closed[0]))
                return False

    def _clocks_after(self, ids: Sequence[int], before: Clocks, patient: bool) -> Clocks:
        """The clocks after the start; ``patient``: its answer was lost, so they may take a while to move."""
        until = min(self._deadline, time.monotonic() + LOST_START) if patient else 0.0
        while True:
            now = self._batches.clocks(ids)
            moved = _begun(before, now) or any(done < start for done, start in now.values())
            if moved or time.monotonic() >= until or self._brakes.closed():
                return now
            self._pause()

    @staticmethod
    def _lose(working: Iterable[SiteRun], exc: errors.MainWPError) -> None:
        """Whether the batch was begun for these is not known."""
        for item in working:
            item.struck(exc)

    def _start_sites(self, working: Sequence[SiteRun]) -> None:
        """Queue each site's own batch, or join one that is queued already."""
        self._begin_waiting()
        for item in working:
            closed = self._brakes.closed()
            if closed:
                if not item.finished:
                    item.left_alone(*closed)
                continue
            try:
                joined = self._batches.queue_state(item.site)[0]
            except errors.MainWPError as exc:
                self._not_started([item], exc)
                continue
            item.joined(joined)
            item.handed_over()
            try:
                self._note(self._batches.start(item.current))
                self._batch["started"] = self._batch.get("started", False) or not joined
            except errors.MainWPError as exc:
                if exc.may_have_started:
                    item.struck(exc)
                else:
                    self._not_started([item], exc)

    def _begin_waiting(self) -> None:
        self._deadline = time.monotonic() + self._options.wait_timeout

    def _not_started(self, working: Iterable[SiteRun], exc: errors.MainWPError) -> None:
        """No batch was begun for these; what an earlier one left undone keeps its verdict."""
        self._run.abort_if_general(exc)
        for item in working:
            if not item.finished:
                item.unsent()
                if isinstance(exc, errors.DashboardAway):
                    self._break_off(item, exc)
                elif isinstance(exc, errors.TooLate):
                    item.left_alone(*(self._brakes.closed() or (exc.reason, str(exc))))
                else:
                    item.failed(exc.reason, str(exc))
                self._conclude(item)

    def _break_off(self, item: SiteRun, exc: errors.DashboardAway) -> None:
        """Nobody can see what the Dashboard does, if it does anything."""
        self._brakes.abort(f"{exc.message} Nothing more is started.")
        if item.has_sent:
            item.pending("batch_waiting", f"{AWAY} before the outcome of its batch was read.")
        else:
            item.interrupted(AWAY)

    def _note(self, answer: dict[str, Any]) -> None:
        self._batch["last_time_start_batch_updates"] = answer.get("last_time_start_batch_updates")

    def _wait_and_read(self, working: Sequence[SiteRun], whole_fleet: bool) -> None:
        """Poll until all are done or time is up; then sync and judge each site."""
        unfinished, reason = self._poll(working, whole_fleet)

        def read(item: SiteRun) -> None:
            refreshed = self._run.refresher.refresh(item.current, updated=True)
            item.verified(refreshed.site, refreshed.message)
            if item.site.id in unfinished:
                item.pending(reason, WAITING[reason])
            elif refreshed.site is not None:
                self._explain_core(item)

        self._in_lanes(read, working)

    def _poll(self, working: Sequence[SiteRun], whole_fleet: bool) -> tuple[set[int], str]:
        """(ids that are not finished when all are or time is up, the reason why they are pending)."""
        interval = self._options.pause
        watch = BatchWatch(self._batches, (item.site for item in working), whole_fleet, interval)
        unfinished = {item.site.id for item in working}
        seen = (len(unfinished), 0)
        moved_at = self._dashboard.now()
        advanced = False
        while True:
            try:
                still, tried = watch.look(unfinished)
            except (errors.Unauthorized, errors.DashboardAway):
                return unfinished, "batch_waiting"
            except errors.MainWPError as exc:
                self._run.reporter.warn(f"{exc} Looking again.")  # a look that failed is no news
            except Exception as exc:  # noqa: BLE001  # reading the sites tells what became of them
                self._run.reporter.warn(errors.bug_sentence(exc))
                return unfinished, "batch_waiting"
            else:
                if (len(still), tried) != seen:
                    moved_at, advanced = self._dashboard.now(), True
                seen, unfinished = (len(still), tried), still
            self._run.reporter.progress(len(working) - len(unfinished), len(working), 0, None)
            self._run.save()
            if not unfinished or time.monotonic() >= self._deadline:
                return unfinished, waiting_reason(advanced, self._dashboard.now() - moved_at)
            self._pause()

    def _pause(self) -> None:
        """Wait for the next look, but not beyond the deadline."""
        left = max(0.0, self._deadline - time.monotonic())
        self._dashboard.sleep(min(self._options.pause, left))

    def _explain_core(self, item: SiteRun) -> None:
        """The only error text that a background batch keeps is that of a core update."""
        if item.core_failed:
            with contextlib.suppress(errors.MainWPError):  # a courtesy: what became of it is known
                item.explained(CORE, self._batches.queue_state(item.site)[2])

    def _may_come_again(self, item: SiteRun) -> bool:
        """True for a site that was not, or not wholly, in a batch that was joined."""
        return item.missed_the_batch and not self._last_round

    def _conclude(self, item: SiteRun) -> None:
        """A site is finished, once."""
        self._run.pages.after(item)
        self._run.ended(item)

    def _in_lanes(self, work: Callable[[SiteRun], None], items: Iterable[SiteRun]) -> None:
        def turn(item: SiteRun) -> None:
            try:
                work(item)
            except errors.DashboardAway as exc:
                self._break_off(item, exc)
            except errors.MainWPError as exc:
                self._run.abort_if_general(exc)
                item.failed(exc.reason, str(exc))
            except Exception as exc:  # noqa: BLE001  # a bug met on one site must not lose the others' report
                item.failed("error", errors.bug_sentence(exc))
            if item.finished and not self._may_come_again(item):
                self._conclude(item)

        todo = list(items)
        if not self._run.fleet(turn, self._dashboard.limits.sync_lanes, self._run.save).run(todo):
            self._brakes.abort("Interrupted: nothing more is started.")
            for item in todo:
                if not item.finished:
                    item.interrupted()
