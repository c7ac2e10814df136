# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_batch_update does: plan → act once → sync → read → report. PRIVATE to the collection."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _report as reporting
from ansible_collections.wpfleet.mainwp.plugins.module_utils._brakes import (
    Brakes,
    FailureLimit,
    failure_limit,
    stop_time,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard, Limits
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._fleet import Fleet
from ansible_collections.wpfleet.mainwp.plugins.module_utils._health import HealthOptions, health_options_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._batch import SHORTEST_POLL, BatchRun
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._common import (
    AWAY,
    Reporter,
    bug_sentence,
    chosen_sites,
    locked_sentence,
    not_negative,
    read_sites,
    refuse_cached_answers,
    refuse_read_only_key,
    together,
    until_interrupted,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._earlier import known_from, missing
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._gates import (
    GateOptions,
    gate_options_from,
    with_gates,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._pages import Pages
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._planning import (
    plan_again,
    plan_sites,
    warn_about_plan,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._report_file import ReportFile
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._results import result_of, so_far
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._site_run import SiteRun
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._ways import DASHBOARD_BATCH, PER_ITEM, given, refuse
from ansible_collections.wpfleet.mainwp.plugins.module_utils._ledger import ledger_for
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import POLL, Locks, lock_directory
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import TRANSLATION, Site, Update
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import (
    PlanOptions,
    make_plan,
    plan_options_from,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._refresh import Refresher
from ansible_collections.wpfleet.mainwp.plugins.module_utils._selection import Selection, selection_from


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_batch_update."""

    selection: Selection
    plan: PlanOptions
    expectations: tuple[reporting.Expectation, ...]
    method: str
    reconnect: bool
    max_age: int
    limit: FailureLimit
    hold_after: int
    #: When stop_after strikes, by the monotonic clock: it counts from the start of the module.
    stop_at: float | None
    wait: bool
    wait_timeout: float
    poll_interval: float
    gates: GateOptions
    health: HealthOptions | None
    lock_dir: str | None
    lock_timeout: float
    run_id: str | None
    report_file: str | None
    details: str = "some"
    #: Options that not every way honours, as far as they were given.
    given: frozenset[str] = frozenset()


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    plan = plan_options_from(params)
    method = params.get("update_method") or PER_ITEM
    asked = given(params) | {"update_method"}
    if method == DASHBOARD_BATCH:
        refuse(asked, method, *(["v1"] if params.get("api_version") == "v1" else ["abilities", "classic"]))
    return Options(
        selection=selection_from(params, required=plan.plan is None),
        plan=plan,
        expectations=reporting.expectations_from(params.get("expected_failures")),
        method=method,
        reconnect=bool(params.get("reconnect")),
        max_age=not_negative(params, "max_age", 300),
        limit=failure_limit(params.get("max_failed_sites")),
        hold_after=not_negative(params, "hold_after", 2),
        stop_at=stop_time(params.get("stop_after"), time.time(), time.monotonic()),
        wait=params.get("wait") is not False,
        wait_timeout=not_negative(params, "wait_timeout", 3600),
        poll_interval=not_negative(params, "poll_interval", 15),
        gates=gate_options_from(params),
        health=health_options_from(params.get("health_check")),
        lock_dir=lock_directory(params.get("lock_dir")),
        lock_timeout=not_negative(params, "lock_timeout", 600),
        run_id=params.get("run_id"),
        report_file=params.get("report_file"),
        details=params.get("details") or "some",
        given=asked,
    )


def run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """Do the job; the module's result.

    Raises MainWPError only for what concerns the whole run: the Dashboard unreachable, a read-only key.
    """
    locks = Locks(None if check_mode else options.lock_dir, dashboard.connection.url)
    locks.check()
    try:
        return _run(dashboard, options, reporter, check_mode, locks)
    finally:
        locks.close()


def _run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool, locks: Locks) -> dict[str, Any]:
    needs_all = options.method == DASHBOARD_BATCH
    reading = _planned_alone(options) if dashboard.api.paged else options.selection
    listed = dashboard.sites() if needs_all else read_sites(dashboard, reading)
    chosen = chosen_sites(dashboard, listed, _with_plan(options, listed), reporter)
    options = replace(options, expectations=tuple(entry.among(listed) for entry in options.expectations))
    dashboard.wait_out(options.wait_timeout, lambda: reporter.interrupted)
    if options.selection.only_ids is not None and len(chosen) == 1 and not needs_all:
        # One site of a task per host: no lanes to find out, and a key that may not write is refused at the first
        # sync, before anything is touched.
        dashboard.limits = Limits()
        if check_mode and chosen[0].sync_errors:
            dashboard.detect(chosen[0].id)  # what becomes of a disconnected site depends on the dialect
    else:
        together(
            lambda: dashboard.detect(chosen[0].id) if chosen else None,
            lambda: refuse_read_only_key(dashboard, reporter, check_mode),
            lambda: None if check_mode else dashboard.limits,
        )
    refuse(options.given, options.method, dashboard.api.name if options.method == DASHBOARD_BATCH else "v2")
    plan_options = with_gates(
        dashboard, options.plan, options.gates, listed if needs_all or reading.only_ids is None else None
    )
    plan_options = replace(plan_options, all_translations=dashboard.api.name == "v1")
    if options.method == DASHBOARD_BATCH:
        plan_options = replace(
            plan_options, batch_types=dashboard.api.batch_types, batch_premium=dashboard.api.batch_premium
        )
    if needs_all or reading.only_ids is None:
        reporting.warn_of_strangers(options.expectations, listed, reporter.warn)
    clients = dashboard.client_names(chosen)
    runs = [SiteRun(site, dashboard.now(), options.max_age, clients) for site in chosen]
    plan_sites(dashboard, runs, plan_options, options.gates.backup)
    warn_about_plan(plan_options, runs, reporter)
    batch = {"method": options.method, "started": False, "last_time_start_batch_updates": None}
    aborted = ""
    file = ReportFile(None if check_mode else options.report_file, dashboard.connection.secrets(), reporter.warn)

    def save() -> None:
        file.save(lambda: {**so_far(dashboard, runs, batch), "locking": locks.told()})

    known = {} if check_mode else known_from(options.report_file, dashboard.connection.url)
    save()
    if check_mode:
        for item in runs:
            item.finish_as_planned(options.reconnect, "locked_out" if dashboard.api.locks_out else "disconnected")
    else:
        refuse_cached_answers(dashboard)
        brakes = Brakes(
            options.limit,
            options.hold_after,
            sum(1 for item in runs if item.has_work),
            options.stop_at,
            time.monotonic,
            lambda: reporter.interrupted,
            ledger_for(options.lock_dir, options.run_id, dashboard.connection.url, reporter.warn),
        )
        dashboard.http.closing = lambda: brakes.closed() is not None
        actor = _Actor(dashboard, options, plan_options, brakes, reporter, locks)
        if options.method == DASHBOARD_BATCH and dashboard.api.batch_in_background:
            in_background = BatchRun(
                dashboard, actor.refresher, actor.pages, brakes, plan_options, options, reporter, locks, save
            )
            batch.update(in_background.run(runs, listed))
            reporter.patient = True  # nothing may take the report along
        else:
            batch["started"] = actor.run(runs, save)
        aborted = brakes.aborted
    for text in missing(dashboard, [item.report for item in runs], known) if not aborted else ():
        reporter.warn(text)
    result = {**result_of(dashboard, runs, options, reporter, batch, aborted, check_mode), "locking": locks.told()}
    told = {key: value for key, value in result.items() if key != "diff"}
    file.save(lambda: {**told, "sites": [item.report.to_dict() for item in runs]}, complete=not aborted, last=True)
    return result


def _in_words(update: Update) -> str:
    """How a lock's file names an update."""
    return " ".join(filter(None, update.key))


def _planned_alone(options: Options) -> Selection:
    """The selection, where a plan alone selects: the ids in it, so that no more than these need be read."""
    if options.plan.plan is None or options.selection.names_any:
        return options.selection
    return replace(options.selection, sites=tuple(sorted({str(entry.site_id) for entry in options.plan.plan})))


def _with_plan(options: Options, listed: list[Site]) -> Selection:
    """A plan alone selects its own sites."""
    if options.plan.plan is None or options.selection.names_any:
        return options.selection
    known = {site.id for site in listed}
    ids = sorted({entry.site_id for entry in options.plan.plan})
    gone = [str(item) for item in ids if item not in known]
    if gone and options.selection.fail_on_missing:
        raise InputError("plan", f"the Dashboard has no site with id {', '.join(gone)}.", "Make a new plan.")
    return replace(options.selection, sites=tuple(str(item) for item in ids if item in known))


class _Actor:
    """Runs the per-item method, and the Dashboard's own batch where it works inside the request."""

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
        if not Fleet(self._turn, lambda item: item.site.lane, lanes, gap, done, tick).run(todo):
            self.brakes.abort("Interrupted: nothing more is started.")
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
            item.fail("error", bug_sentence(exc))
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
            item.fail("error", bug_sentence(exc))
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
        if self.locks.unanswered(item.own_lock) & {_in_words(update) for update in item.plan.updates}:
            # It may be at work this very moment, and a second one beside it would destroy what both install.
            self._holders[item.site.id] = "an update that a run which is gone had sent"
            return max(self.options.poll_interval, SHORTEST_POLL)
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
        """Plugins, themes, core, translations: one call per type, each sent once."""
        attempt = item.attempt
        for kind, updates in item.by_type(self.brakes, self.dashboard.api.name == "v1"):
            step = len(updates) if self.dashboard.api.many_items or kind == TRANSLATION else 1
            for start in range(0, len(updates), step):
                part = updates[start : start + step]
                closed = self.brakes.closed()
                if closed:
                    item.leave_updates(part, *closed)
                    continue
                if attempt.error is not None or (kind == TRANSLATION and not item.core_moved()):
                    item.rest += part
                    continue
                attempt.sent += part
                self.locks.sending(item.own_lock, map(_in_words, part))
                try:
                    slugs = list(dict.fromkeys(update.slug for update in part))
                    attempt.answers.setdefault(kind, {}).update(self.dashboard.api.update(item.current, kind, slugs))
                    self.locks.settled(item.own_lock)
                except errors.DashboardAway as exc:
                    del attempt.sent[-len(part) :]
                    self.brakes.abort(f"{exc.message} Nothing more is started.")
                    item.leave_updates(part, "stopped", f"{AWAY} before it started.")
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
        self.locks.sending(item.own_lock, map(_in_words, updates))
        try:
            self.dashboard.v2.batch_site(item.current)
            self.locks.settled(item.own_lock)
        except errors.DashboardAway as exc:
            item.attempt.sent = []
            self.brakes.abort(f"{exc.message} Nothing more is started.")
            item.leave_updates(updates, "stopped", f"{AWAY} before it started.")
        except errors.MainWPError as exc:
            item.attempt.error, item.attempt.failed_at = exc, updates

    def _verify(self, item: SiteRun) -> float | None:
        """Sync, read, judge; another turn while a lost answer may still come true."""
        if not item.attempt.started:
            item.judge(item.current)
            item.leave_rest()
            return None
        refreshed = self.refresher.refresh(item.current, was_healthy=True)
        item.judge(refreshed.site, refreshed.message)
        # A site that is gone speaks at once, for others follow while this one waits for a lost answer.
        self.brakes.blame(item.site.id, () if refreshed.ok else item.blamed())
        item.looks += 1
        left = (item.deadline or 0.0) - time.monotonic()
        # While the Dashboard may be at it, look until time is up; after an error, once more for a slow child.
        if item.in_doubt and left > 0 and (item.attempt.may_be_running or item.looks < 2):
            return min(max(self.options.poll_interval, SHORTEST_POLL), left)
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
            pending = self.dashboard.api.pending(fresh) if self.plan_options.wants_any(fresh) else ()
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
            pending = self.dashboard.api.pending(after)
        except errors.MainWPError:
            return  # the run's own outcome is known; this is a courtesy
        item.report.new_pending = tuple(update for update in pending if update.key + (update.new_version,) not in known)
