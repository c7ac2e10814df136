# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites in lanes: lock, sync, plan again, act once, verify, in as many turns as that takes. PRIVATE to the collection."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _report as reporting
from ansible_collections.wpfleet.mainwp.plugins.module_utils._brakes import Brakes
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._fleet import Fleet
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._common import (
    AWAY,
    Reporter,
    locked_sentence,
    until_interrupted,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._pages import Pages
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._planning import plan_again
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._site_run import SiteRun
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._update_options import Options
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._ways import DASHBOARD_BATCH
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import POLL, Locks
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import TRANSLATION, Site, Update
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import PlanOptions, make_plan
from ansible_collections.wpfleet.mainwp.plugins.module_utils._refresh import Refresher


class SiteTurns:
    """Runs the per-item method, and the Dashboard's own batch where it works inside the request: sites in lanes, each in
    as many turns as it needs."""

    def __init__(
        self,
        dashboard: Dashboard,
        options: Options,
        plan_options: PlanOptions,
        brakes: Brakes,
        reporter: Reporter,
        locks: Locks,
    ) -> None:
        self.dashboard = dashboard
        self.options = options
        self.plan_options = plan_options
        self.brakes = brakes
        self.reporter = reporter
        self.locks = locks
        #: Site id → who holds what it waits for.
        self._holders: dict[int, str] = {}
        self.refresher = Refresher(dashboard, options.reconnect, options.wait_timeout)
        self.pages = Pages(options.health, dashboard.sleep)
        self._done = 0
        self._failed = 0

    def run(self, runs: list[SiteRun], save: Callable[[], None]) -> bool:
        """Work through the sites; True when at least one update was sent. ``save`` is called all the time."""
        todo = [item for item in runs if item.needs_turn]
        limits = self.dashboard.limits
        lanes = self.dashboard.connection.concurrency or limits.update_lanes
        total = len(todo)

        def done(item: SiteRun) -> None:
            self._done += 1
            self._failed += item.report.is_trouble
            self.reporter.progress(self._done, total, self._failed, item.report)

        gap = limits.ip_gap if self.dashboard.connection.concurrency is None else 0.0

        def busy() -> None:
            save()
            self.reporter.waiting([*self.dashboard.waiting_for, *self._holders.values()])

        tick = until_interrupted(self.reporter, busy)
        try:
            whole = Fleet(self._turn, lambda item: item.site.lane, lanes, gap, done, tick).run(todo)
            why = "Interrupted"
        except Exception as exc:  # noqa: BLE001  # what cannot be shown must not cost the report
            whole, why = False, errors.bug_sentence(exc).rstrip(".")
        if not whole:
            self.brakes.abort(f"{why}: nothing more is started.")
            for item in todo:
                item.interrupt()
        return any(item.started for item in runs)

    def _turn(self, item: SiteRun) -> float | None:
        """One turn of one site: None when it is finished, else seconds until its next turn.

        Its locks are held from before the sync of its first turn to the end of its last one, between turns, too.
        """
        again: float | None = None
        try:
            self._admit(item)
            if item.admitted:
                again = self._work(item)
                if again is None:
                    self.pages.after(item)
                    self.brakes.blame(item.site.id, item.blamed())
            elif not item.finished:
                return POLL
        except errors.MainWPError as exc:
            item.fail(exc.reason, str(exc))
        except Exception as exc:  # noqa: BLE001  # a bug met on one site must not lose the others' report
            item.fail("error", errors.bug_sentence(exc))
        if again is None:
            if item.admitted:
                self.locks.give(item.lock_names)
            reporting.mark_expected(item.report, self.options.expectations, datetime.date.today())
            self.brakes.count_site(item.report.is_trouble and not item.report.expected)
        return again

    def _admit(self, item: SiteRun) -> None:
        """Take the site's locks if nobody else has them. A site for which it is too late is left alone, or failed."""
        if item.admitted:
            return
        self._holders.pop(item.site.id, None)
        closed = self.brakes.closed()
        if closed:
            item.leave(*closed)
            return
        wait = self.locks.take(item.lock_names)
        if wait is None:
            item.admitted = True
        elif wait.seconds >= self.options.lock_timeout:
            item.fail("locked", locked_sentence(wait))
        elif not wait.is_sibling:
            self._holders[item.site.id] = f"the lock of {wait}"

    def _abort_if_general(self, exc: errors.MainWPError) -> None:
        """Trouble with the Dashboard itself or with the key ends the run: it would be the same everywhere."""
        if isinstance(exc, errors.OF_THE_DASHBOARD):
            self.brakes.abort(f"{exc} Nothing more is started.")

    def _work(self, item: SiteRun) -> float | None:
        try:
            return self._step(item)
        except errors.DashboardAway as exc:
            self.brakes.abort(f"{exc.message} Nothing more is started.")
            item.interrupt(AWAY)
        except errors.MainWPError as exc:
            self._abort_if_general(exc)
            item.fail(exc.reason, str(exc))
        except Exception as exc:  # noqa: BLE001  # a bug met on one site must not lose the others' report
            item.fail("error", errors.bug_sentence(exc))
        return None

    def _step(self, item: SiteRun) -> float | None:
        if item.deadline is not None:
            return self._verify(item)
        closed = self.brakes.closed()
        if closed:
            item.leave(*closed)
            return None
        refreshed = self.refresher.refresh(item.site)
        if refreshed.site is None:
            item.fail(refreshed.reason, refreshed.message)
            return None
        fresh = refreshed.site.named({tag.id: tag.name for tag in item.site.tags})
        plan_again(self.dashboard, item, fresh, self.plan_options, self.options.gates.backup)
        if item.finished:
            return None
        if self.locks.unanswered(item.own_lock) & item.in_words:
            # It may be at work this very moment, and a second one beside it would destroy what both install.
            self._holders[item.site.id] = "an update that an earlier run had sent and nobody answered"
            return self.options.pause
        self._holders.pop(item.site.id, None)
        self.locks.settled(item.own_lock)
        self.pages.before(item, fresh)
        if self.options.method == DASHBOARD_BATCH:
            self._send_batch(item)
        else:
            self._send_items(item)
        if not item.attempt.sent:
            item.finish()
            return None
        item.deadline = time.monotonic() + self.options.wait_timeout
        return self._verify(item)

    def _send_items(self, item: SiteRun) -> None:
        """Plugins, themes, core, translations: call by call, each sent once."""
        attempt = item.attempt
        dialect = self.dashboard.dialect
        for kind, part in item.by_call(self.brakes, dialect.many_items, not dialect.is_v2):
            closed = self.brakes.closed()
            if closed:
                item.leave_updates(part, *closed)
                continue
            if attempt.error is not None or (kind == TRANSLATION and not item.core_moved()):
                item.rest += part
                continue
            attempt.sent += part
            self.locks.sending(item.own_lock, [update.in_words for update in part])
            try:
                slugs = list(dict.fromkeys(update.slug for update in part))
                attempt.answers.setdefault(kind, {}).update(self.dashboard.api.updates.start(item.current, kind, slugs))
                self.locks.settled(item.own_lock)
            except (errors.DashboardAway, errors.TooLate) as exc:
                del attempt.sent[-len(part) :]
                self.locks.settled(item.own_lock)
                self._leave_unsent(item, part, exc)
            except errors.MainWPError as exc:
                attempt.error, attempt.failed_at = exc, list(part)
                self._abort_if_general(exc)

    def _send_batch(self, item: SiteRun) -> None:
        """The Dashboard's own batch of one site, done inside the request (core.md §9.2)."""
        updates = list(item.plan.updates)
        closed = self.brakes.closed()
        if closed:
            item.leave_updates(updates, *closed)
            return
        bad = self.brakes.held()
        held = [update for update in updates if update.release in bad]
        if held:
            item.hold(updates, held)
            return
        item.attempt.sent += updates
        self.locks.sending(item.own_lock, item.in_words)
        try:
            self.dashboard.v2.batches.start(item.current)
            self.locks.settled(item.own_lock)
        except (errors.DashboardAway, errors.TooLate) as exc:
            item.attempt.sent = []
            self.locks.settled(item.own_lock)
            self._leave_unsent(item, updates, exc)
        except errors.MainWPError as exc:
            item.attempt.error, item.attempt.failed_at = exc, updates
            self._abort_if_general(exc)

    def _leave_unsent(self, item: SiteRun, updates: list[Update], exc: errors.MainWPError) -> None:
        """A write waited until it was too late to send it."""
        if isinstance(exc, errors.DashboardAway):
            self.brakes.abort(f"{exc.message} Nothing more is started.")
            item.leave_updates(updates, "stopped", f"{AWAY} before it started.")
        else:
            item.leave_updates(updates, *(self.brakes.closed() or (exc.reason, str(exc))))

    def _verify(self, item: SiteRun) -> float | None:
        """Sync, read, judge; another turn while a lost answer may still come true."""
        if not item.attempt.started:
            self.locks.settled(item.own_lock)
            item.judge(item.current)
            item.leave_rest()
            return None
        refreshed = self.refresher.refresh(item.current, updated=True)
        item.judge(refreshed.site, refreshed.message)
        if not (item.in_doubt and item.attempt.may_be_running):
            self.locks.settled(item.own_lock)  # else the next run must look, however long this one waits
        # A site that is gone speaks at once, for others follow while this one waits for a lost answer.
        self.brakes.blame(item.site.id, () if refreshed.ok else item.blamed())
        item.looks += 1
        left = (item.deadline or 0.0) - time.monotonic()
        # While the Dashboard may be at it, look until time is up; after an error, once more for a slow child.
        if item.in_doubt and left > 0 and (item.attempt.may_be_running or item.looks < 2):
            return min(self.options.pause, left)
        if item.may_go_on and refreshed.site is not None and not self.brakes.closed():
            return self._go_on(item, refreshed.site)
        item.leave_rest()
        if refreshed.site is not None:
            self._new_pending(item, refreshed.site)
        return None

    def _go_on(self, item: SiteRun, fresh: Site) -> float | None:
        """What an answer did not tell was found by reading: nothing speaks against the rest of the plan."""
        fresh = fresh.named({tag.id: tag.name for tag in item.site.tags})
        try:
            pending = self.dashboard.api.updates.pending(fresh) if self.plan_options.wants_any(fresh) else ()
        except errors.MainWPError:
            item.leave_rest()  # what has moved so far is known, and must not be lost to this
            return None
        item.resume(make_plan(fresh, pending, self.plan_options, item.objection or ("", "")))
        self._send_items(item)
        item.deadline = time.monotonic() + self.options.wait_timeout
        return self._verify(item)

    def _new_pending(self, item: SiteRun, after: Site) -> None:
        """Updates that the verifying sync uncovered: asked for only when there is something we did not know."""
        known = {update.key + (update.new_version,) for update in item.before.updates}
        if all(update.key + (update.new_version,) in known for update in after.updates):
            return
        try:
            pending = self.dashboard.api.updates.pending(after)
        except errors.MainWPError:
            return  # the run's own outcome is known; this is a courtesy
        item.report.new_pending = tuple(update for update in pending if update.key + (update.new_version,) not in known)
