# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites in lanes: lock, sync, plan again, act once, verify, in as many turns as that takes. PRIVATE to the collection."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from .. import _errors as errors
from .._locks import POLL
from .._models import Site, Update
from .._plan import make_plan
from ._calls import news
from ._common import AWAY, locked_sentence, until_interrupted
from ._site_run import SiteRun
from ._update_run import UpdateRun
from ._ways import DASHBOARD_BATCH


class SiteTurns:
    """Runs the per-item method, and the Dashboard's own batch where it works inside the request: sites in lanes, each in
    as many turns as it needs."""

    def __init__(self, run: UpdateRun) -> None:
        self._run = run
        self._dashboard = run.dashboard
        self._options = run.options
        self._brakes = run.brakes
        self._locks = run.locks
        #: Sites whose locks are ours: nobody else on this machine works on them.
        self._admitted: set[int] = set()
        #: Site id → who holds what it waits for.
        self._holders: dict[int, str] = {}
        self._done = 0
        self._failed = 0

    def run(self, runs: Sequence[SiteRun]) -> bool:
        """Work through the sites; True when at least one update was sent."""
        todo = [item for item in runs if item.needs_turn]
        reporter = self._run.reporter

        def done(item: SiteRun) -> None:
            self._done += 1
            self._failed += item.report.is_trouble
            reporter.progress(self._done, len(todo), self._failed, item.report)

        def busy() -> None:
            self._run.save()
            reporter.waiting([*self._dashboard.waiting_for, *self._holders.values()])

        tick = until_interrupted(reporter, busy)
        try:
            whole = self._run.fleet(self._turn, self._dashboard.limits.update_lanes, tick, done).run(todo)
            why = "Interrupted"
        except Exception as exc:  # noqa: BLE001  # what cannot be shown must not cost the report
            whole, why = False, errors.bug_sentence(exc).rstrip(".")
        if not whole:
            self._brakes.abort(f"{why}: nothing more is started.")
            for item in todo:
                item.interrupted()
        return any(item.started for item in runs)

    def _turn(self, item: SiteRun) -> float | None:
        """One turn of one site: None when it is finished, else seconds until its next turn.

        Its locks are held from before the sync of its first turn to the end of its last one, between turns, too.
        """
        again: float | None = None
        try:
            if self._admit(item):
                again = self._work(item)
                if again is None:
                    self._run.pages.after(item)
                    self._brakes.blame(item.site.id, item.blamed())
            elif not item.finished:
                return POLL
        except errors.MainWPError as exc:
            item.failed(exc.reason, str(exc))
        except Exception as exc:  # noqa: BLE001  # a bug met on one site must not lose the others' report
            item.failed("error", errors.bug_sentence(exc))
        if again is None:
            if item.site.id in self._admitted:
                self._locks.give(item.site.lock_names)
            self._run.ended(item)
        return again

    def _admit(self, item: SiteRun) -> bool:
        """Take the site's locks if nobody else has them. A site for which it is too late is left alone, or failed."""
        if item.site.id in self._admitted:
            return True
        self._holders.pop(item.site.id, None)
        closed = self._brakes.closed()
        if closed:
            item.left_alone(*closed)
            return False
        wait = self._locks.take(item.site.lock_names)
        if wait is None:
            self._admitted.add(item.site.id)
            return True
        if wait.seconds >= self._options.lock_timeout:
            item.failed("locked", locked_sentence(wait))
        elif not wait.is_sibling:
            self._holders[item.site.id] = f"the lock of {wait}"
        return False

    def _work(self, item: SiteRun) -> float | None:
        try:
            return self._step(item)
        except errors.DashboardAway as exc:
            self._brakes.abort(f"{exc.message} Nothing more is started.")
            item.interrupted(AWAY)
        except errors.MainWPError as exc:
            self._run.abort_if_general(exc)
            item.failed(exc.reason, str(exc))
        except Exception as exc:  # noqa: BLE001  # a bug met on one site must not lose the others' report
            item.failed("error", errors.bug_sentence(exc))
        return None

    def _step(self, item: SiteRun) -> float | None:
        if item.is_waiting:
            return self._verify(item)
        closed = self._brakes.closed()
        if closed:
            item.left_alone(*closed)
            return None
        if not self._run.ready(item):
            if item.finished:
                return None
            self._holders[item.site.id] = "an update that an earlier run had sent and nobody answered"
            return self._options.pause
        self._holders.pop(item.site.id, None)
        if self._options.method == DASHBOARD_BATCH:
            self._send_batch(item)
        else:
            self._send_items(item)
        return self._verify(item) if item.is_waiting else None

    def _update(self, item: SiteRun, kind: str, slugs: Sequence[str]) -> None:
        item.answered(kind, self._dashboard.api.updates.start(item.current, kind, slugs))

    def _send_items(self, item: SiteRun) -> None:
        """Plugins, themes, core, translations: call by call, each sent once."""
        dialect = self._dashboard.dialect
        for kind, part in item.calls(self._brakes, dialect.many_items, not dialect.is_v2):
            self._send(item, part, partial(self._update, item, kind, list(dict.fromkeys(entry.slug for entry in part))))
        item.all_sent(time.monotonic() + self._options.wait_timeout)

    def _send_batch(self, item: SiteRun) -> None:
        """The Dashboard's own batch of one site, done inside the request (core.md §9.2)."""
        updates = item.one_call(self._brakes)
        if updates:
            self._send(item, updates, lambda: self._dashboard.v2.batches.start(item.current))
        item.all_sent(time.monotonic() + self._options.wait_timeout)

    def _send(self, item: SiteRun, updates: Sequence[Update], send: Callable[[], object]) -> None:
        """One write. Whoever comes next is told of it in the words of the lock, until nothing of it can be under way."""
        lock = item.site.own_lock
        item.sending(updates)
        self._locks.sending(lock, [update.in_words for update in updates])
        try:
            send()
        except (errors.DashboardAway, errors.TooLate) as exc:
            self._leave_unsent(item, exc)
        except errors.MainWPError as exc:
            item.struck(exc)
            self._run.abort_if_general(exc)
            if exc.may_be_running:
                return
        self._locks.settled(lock)

    def _leave_unsent(self, item: SiteRun, exc: errors.MainWPError) -> None:
        """A write waited until it was too late to send it."""
        updates = item.unsent()
        if isinstance(exc, errors.DashboardAway):
            self._brakes.abort(f"{exc.message} Nothing more is started.")
            item.left_out(updates, "stopped", f"{AWAY} before it started.")
        else:
            item.left_out(updates, *(self._brakes.closed() or (exc.reason, str(exc))))

    def _verify(self, item: SiteRun) -> float | None:
        """Sync, read, judge; another turn while a lost answer may still come true."""
        if not item.has_to_be_read:
            item.verified(item.current)
            item.stopped()
            return None
        refreshed = self._run.refresher.refresh(item.current, updated=True)
        item.verified(refreshed.site, refreshed.message)
        if refreshed.ok and not item.in_doubt:
            self._locks.settled(item.site.own_lock)
        # A site that is gone speaks at once, for others follow while this one waits for a lost answer.
        self._brakes.blame(item.site.id, () if refreshed.ok else item.blamed())
        left = item.patience(time.monotonic())
        if left > 0:
            return min(self._options.pause, left)
        if item.may_go_on and refreshed.site is not None and not self._brakes.closed():
            return self._go_on(item, refreshed.site)
        item.stopped()
        if refreshed.site is not None:
            self._look_for_new(item, refreshed.site)
        return None

    def _go_on(self, item: SiteRun, fresh: Site) -> float | None:
        """What an answer did not tell was found by reading: nothing speaks against the rest of the plan."""
        fresh = fresh.named({tag.id: tag.name for tag in item.site.tags})
        wanted = self._run.plan_options
        try:
            pending = self._dashboard.api.updates.pending(fresh) if wanted.wants_any(fresh) else ()
        except errors.MainWPError:
            item.stopped()  # what has moved so far is known, and must not be lost to this
            return None
        item.resumed(make_plan(fresh, pending, wanted, item.objection()))
        self._send_items(item)
        return self._verify(item)

    def _look_for_new(self, item: SiteRun, after: Site) -> None:
        """Updates that the verifying sync uncovered: asked for only when there is something we did not know."""
        if not news(item.current.updates, after.updates):
            return
        try:
            item.uncovered(self._dashboard.api.updates.pending(after))
        except errors.MainWPError:
            return  # the run's own outcome is known; this is a courtesy
