# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One site's way through an update run. PRIVATE to the collection. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._brakes import Brakes
from ansible_collections.wpfleet.mainwp.plugins.module_utils._health import UNKNOWN, Page, compare, paired
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import (
    CORE,
    TRANSLATION,
    Release,
    Site,
    Update,
    UpdateKey,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import SitePlan, Skip, inseparable
from ansible_collections.wpfleet.mainwp.plugins.module_utils._report import SiteReport

_HELD = "This release failed on other sites of this run."
#: Reasons of updates that were sent and may still move.
_OPEN = ("not_moved", "unverified", "timeout")


class SiteRun:
    """State of one site between its turns. Only one lane works on it at a time."""

    def __init__(self, site: Site, now: float, max_age: int, clients: Mapping[int, str]) -> None:
        age = site.age(now)
        #: As listed when the run began.
        self.site = site
        #: Too old to plan from (or disconnected): a sync decides.
        self.stale = age is None or age > max_age
        self.plan = SitePlan(site, (), ())
        #: As synced right before the first write.
        self.before = site
        self.attempt = verdict.Attempt()
        self.report = SiteReport(site, stale=self.stale, client=clients.get(site.client_id, ""))
        #: When to give up waiting for a lost answer, by the monotonic clock; None before anything was sent.
        self.deadline: float | None = None
        #: Its locks are ours: nobody else on this machine works on it.
        self.admitted = False
        #: Verifying reads so far.
        self.looks = 0
        #: (reason, sentence) against updating this site at all; None until it was asked for.
        self.objection: tuple[str, str] | None = None
        self.pages_before: tuple[Page, ...] = ()
        #: What moves is done by a batch of the Dashboard that somebody else started.
        self.joined = False
        self._first_planned: dict[UpdateKey, Update] = {}
        #: Planned updates that wait until it is read what became of an earlier step, whose answer was not a good one.
        self.rest: list[Update] = []
        self._left: list[verdict.UpdateResult] = []
        self._judged: list[verdict.UpdateResult] = []
        self._earlier: list[verdict.UpdateResult] = []
        self._finished = False
        #: What became of it could not be asked, through no fault of the site.
        self._unheard = False

    @property
    def current(self) -> Site:
        """The site as last read before writing."""
        return self.before

    @property
    def lock_names(self) -> tuple[str, str]:
        """Its server, and itself: two runs may know different addresses of it, and API v1 knows none."""
        return (self.site.lane, f"site-{self.site.id}")

    @property
    def own_lock(self) -> str:
        """The lock of the site itself."""
        return self.lock_names[1]

    @property
    def in_words(self) -> frozenset[str]:
        """What is planned, as the file of its lock names it."""
        return frozenset(update.in_words for update in self.plan.updates)

    @property
    def in_play(self) -> bool:
        """True when the run began with something to do here: updates to run, or a sync to learn whether there are."""
        return not self.site.suspended and (bool(self._first_planned) or self.stale)

    @property
    def finished(self) -> bool:
        """True when the report is complete."""
        return self._finished

    @property
    def needs_turn(self) -> bool:
        """True while the real run has something to do here."""
        return self.in_play and not self._finished

    def set_plan(self, plan: SitePlan) -> None:
        """The first plan, from stored data."""
        self.plan = plan
        if self.site.suspended:
            text = "The site is suspended in MainWP."
            self.report.reason, self.report.message = "suspended", text
            skips = [Skip(update, "suspended", text) for update in plan.updates]
            self.report.results = [verdict.skipped(skip, self.site) for skip in (*skips, *plan.skips)]
            self._finished = True
            return
        self._first_planned = {update.key: update for update in plan.updates}
        if not self.stale and not plan.updates:
            self.finish()

    def finish_as_planned(self, repairs: bool, reason: str) -> None:
        """Check mode ends here: the plan is the result. ``repairs``: the real run reconnects a disconnected site; else
        it fails for ``reason``."""
        if self._finished:
            return
        if self.site.sync_errors and not repairs:
            self.fail(reason, self.site.sync_errors)
            return
        planned = [
            verdict.left(update, self.site, verdict.PLANNED, "", "Would be updated.") for update in self.plan.updates
        ]
        self.report.results = [*planned, *(verdict.skipped(skip, self.site) for skip in self.plan.skips)]
        if self.site.sync_errors:
            text = f"Disconnected ({self.site.sync_errors}); the real run tries to get it back first."
            self.report.reason, self.report.message = "disconnected", text
        elif self.stale:
            self.report.message = "Planned from data older than max_age; the real run syncs first."

    def refreshed(self, plan: SitePlan) -> None:
        """The plan made again right before the first write."""
        self.plan = plan
        self.before = plan.site
        self.report.site = plan.site
        self.report.health_before = plan.site.health_score
        still = {update.key for update in plan.updates} | {skip.update.key for skip in plan.skips}
        # What we planned from was old: tell what became of it, do not drop it. There may have been a plan in between.
        text = "No longer offered after the sync: somebody else moved it, or it was withdrawn."
        self._left = [
            verdict.overtaken(update, plan.site, text)
            for key, update in self._first_planned.items()
            if key not in still
        ]

    def by_call(self, brakes: Brakes, many: bool, all_translations_only: bool) -> Iterator[tuple[str, list[Update]]]:
        """The updates to send, call by call: all of a type, or without ``many`` one after the other. Releases that are held
        by the time of the call are left out."""
        for kind, wanted in self._calls(many):
            bad = brakes.held()
            held = [update for update in wanted if update.release in bad]
            if held and kind == TRANSLATION:  # what would move with them
                free = [update for update in wanted if update not in held]
                held += inseparable(free, held, all_translations_only)
            self._leave(held, verdict.HELD, "held_release", _HELD)
            updates = [update for update in wanted if update not in held]
            if updates:
                yield kind, updates

    def _calls(self, many: bool) -> Iterator[tuple[str, list[Update]]]:
        for kind, group in groupby(self.plan.updates, key=lambda update: update.type):
            updates = list(group)
            if many or kind == TRANSLATION:  # v1 updates all translations of a site or none
                yield kind, updates
            else:
                yield from ((kind, [update]) for update in updates)

    def hold(self, updates: Sequence[Update], held: Sequence[Update]) -> None:
        """``updates`` that can only be sent together, among them some ``held`` ones: none is sent."""
        self._leave(held, verdict.HELD, "held_release", _HELD)
        names = ", ".join(f"{update.name} {update.new_version}" for update in held)
        text = f"The Dashboard's own batch would update {names}, too, which failed on other sites of this run."
        self._leave([update for update in updates if update not in held], verdict.HELD, "held_release", text)

    def core_moved(self) -> bool:
        """True when the answer to the core update, if one was sent, does not speak against it."""
        answer = next(iter(self.attempt.answers.get(CORE, {}).values()), None)
        return answer is None or answer.shows_move

    def leave_updates(self, updates: Sequence[Update], reason: str, message: str) -> None:
        """Updates that were not sent after all."""
        self._leave(updates, verdict.SKIPPED, reason, message)

    def _leave(self, updates: Sequence[Update], result: str, reason: str, message: str) -> None:
        self._left += [verdict.left(update, self.before, result, reason, message) for update in updates]

    def leave(self, reason: str, message: str) -> None:
        """The whole site is left alone."""
        self.report.reason, self.report.message = reason, message
        self.leave_updates(self.plan.updates, reason, message)
        self.finish()

    def fail(self, reason: str, message: str) -> None:
        """The site cannot be worked on; its updates keep the versions they have."""
        self.report.failed = True
        self.report.reason, self.report.message = reason, message
        if self.attempt.sent:
            self._unheard = True
            self.judge(None, message)
            self.leave_rest()
            return
        self._leave(self.plan.updates, verdict.FAILED, reason, message)
        self.finish()

    def interrupt(self, why: str = "The run was interrupted") -> None:
        """The run was broken off: what was sent and not read is unknown, what was not sent is left."""
        if self._finished and not self.in_doubt:
            self.leave_rest()
            return
        if self.attempt.sent:
            self.judge(None, f"{why} before the outcome was read.")
            self.leave_rest()
        else:
            self.leave("stopped", f"{why} before it started.")

    def finish(self) -> None:
        """Nothing (more) was sent: what was left and skipped is the result."""
        self._compose()
        self._finished = True

    def _compose(self) -> None:
        skips = [verdict.skipped(skip, self.before) for skip in self.plan.skips]
        self.report.results = [*self._earlier, *self._judged, *self._left, *skips]

    @property
    def started(self) -> bool:
        """True when at least one write went through or may have."""
        return bool(self._earlier) or self.attempt.started

    @property
    def touched(self) -> bool:
        """True when something was sent whose outcome is not still to come."""
        waiting = (verdict.PENDING, verdict.SKIPPED, verdict.HELD)
        return self.started and any(entry.result not in waiting for entry in self.report.results)

    def blamed(self) -> frozenset[Release]:
        """The releases that this site's trouble speaks against: those that failed, and everything that was sent when
        the site, or its pages, are worse than before."""
        refused = () if self.attempt.lost else self.attempt.failed_at
        sent = [entry for entry in (*self._earlier, *self._judged) if entry.update not in refused]
        worse = self.report.reason in verdict.WORSE
        return frozenset(
            entry.update.release
            for entry in sent
            if worse
            or entry.reason in verdict.RELEASE_FAILURES
            or (entry.result == verdict.UNKNOWN and not self._unheard)
        )

    def resume(self, plan: SitePlan) -> None:
        """Go on with the rest, planned again, after the outcome of the step before was found by reading."""
        self._earlier += self._judged
        self._judged = []
        wanted = {update.key for update in self.rest}
        # A call updates all languages of a translation: those that are new since are told of, too.
        slugs = {update.slug for update in self.rest if update.type == TRANSLATION}
        updates = tuple(
            update
            for update in plan.updates
            if update.key in wanted or (update.type == TRANSLATION and update.slug in slugs)
        )
        skips = tuple(skip for skip in plan.skips if skip.update.key in wanted)
        told = {update.key for update in updates} | {skip.update.key for skip in skips}
        text = "No longer offered after the sync: somebody else moved it, or it was withdrawn."
        self._left += [verdict.overtaken(update, plan.site, text) for update in self.rest if update.key not in told]
        self.plan = SitePlan(plan.site, updates, self.plan.skips + skips)
        self.before = plan.site
        self.attempt = verdict.Attempt()
        self.rest = []
        self.looks = 0
        self._finished = False

    def hand_over(self) -> None:
        """From now on a batch of the Dashboard may be at work on what was planned; what an earlier one did stays told."""
        self._earlier += [entry for entry in self._judged if entry.reason not in _OPEN]
        self._judged = []
        done = {entry.update.key for entry in self._earlier}
        self.attempt = verdict.Attempt(sent=[update for update in self.plan.updates if update.key not in done])

    def leave_rest(self) -> None:
        """What was not sent stays so."""
        if self.rest:
            if self._core_trouble and not self.attempt.lost:
                self.leave_updates(self.rest, "core_failed", "Left out because the WordPress update failed.")
            else:
                text = "Left out because an earlier step on this site failed or its outcome is not known."
                self.leave_updates(self.rest, "stopped", text)
            self.rest = []
            self._compose()

    @property
    def _core_trouble(self) -> bool:
        return any(entry.update.type == CORE and entry.is_trouble for entry in self._judged)

    @property
    def may_go_on(self) -> bool:
        """True when something is left to be sent, and all that was sent before it came out well enough for that."""
        return bool(self.rest) and not self.in_doubt and not self._core_trouble

    def so_far(self) -> SiteReport | None:
        """What is known while the run goes on: what was sent and not read yet is unknown. None if there is nothing yet.

        May be called from another thread than the one that works on the site.
        """
        told = {entry.update.key for entry in self._judged}
        unread = [update for update in tuple(self.attempt.sent) if update.key not in told]
        if not unread or not self.attempt.started:
            return self.report if self._finished else None
        results = [self._judge_one(update, None) for update in unread]
        text = "What was sent had not been read again when this was written."
        return replace(self.report, results=[*self._earlier, *self._judged, *results, *self._left], message=text)

    def _judge_one(self, update: Update, after: Site | None) -> verdict.UpdateResult:
        planned = self._first_planned.get(update.key, update).new_version
        return verdict.judge(update, planned, self.before, after, self.attempt)

    def judge(self, after: Site | None, message: str = "") -> None:
        """What became of everything sent, by the state after the verifying sync."""
        judged = [self._judge_one(update, after) for update in self.attempt.sent]
        if self.joined:
            judged = [verdict.by_another_batch(entry) for entry in judged]
        self._judged = judged
        self._compose()
        self._finished = True
        self.report.message = message if after is None else ""
        if after is None:
            return
        self.report.site = after.named({tag.id: tag.name for tag in self.site.tags})
        self.report.health_after = after.health_score
        self._compare_themes(after, judged)

    def pend(self, reason: str, message: str, on_purpose: bool = False) -> None:
        """What was sent and has not moved is pending. ``on_purpose``: nobody wanted to wait for it."""
        self.report.on_purpose = on_purpose
        if not self._finished:
            self.judge(self.before)
        self.report.results = [
            replace(entry, result=verdict.PENDING, reason=reason, message=message) if entry.reason in _OPEN else entry
            for entry in self.report.results
        ]

    @property
    def unmoved(self) -> bool:
        """True when something that was sent has not moved."""
        return any(entry.reason in _OPEN for entry in self.report.results)

    def explain(self, kind: str, text: str) -> None:
        """Put the Dashboard's own words to updates of ``kind`` that did not move."""
        if text:
            self.report.results = [
                replace(entry, reason="child_error", message=text)
                if entry.update.type == kind and entry.reason == "not_moved"
                else entry
                for entry in self.report.results
            ]

    def check_health(self, pages: Sequence[Page]) -> None:
        """Compare the site's pages with those before the update; worse means failed."""
        found, message = compare(self.pages_before, pages)
        self.report.health = {
            "verdict": found,
            "message": message,
            "pages": [
                {
                    "path": page.path,
                    "before": old.state if old else UNKNOWN,
                    "after": page.state,
                    "message": page.message,
                }
                for old, page in paired(self.pages_before, pages)
            ],
        }
        if found == "failed":
            told = f"{message}. {self._what_was_done()}"
            self.report.failed = True
            self.report.reason = "health"
            self.report.message = f"{told} {self.report.message}".strip()

    def _what_was_done(self) -> str:
        """What may have broken the site."""
        moved = [
            f"{entry.update.name} {entry.version_before} → {entry.version_after}"
            for entry in self.report.results
            if entry.moved
        ]
        unread = [
            f"{entry.update.name} {entry.version_before} → {entry.version_planned}"
            for entry in self.report.results
            if entry.result == verdict.UNKNOWN
        ]
        parts = [f"Moved: {', '.join(moved) or 'nothing'}."] if moved or not unread else []
        return " ".join(parts + ([f"Sent, and its outcome not known: {', '.join(unread)}."] if unread else []))

    def _compare_themes(self, after: Site, judged: Sequence[verdict.UpdateResult]) -> None:
        """An update must not change which theme is active."""
        was, now = verdict.active_theme_slug(self.before), verdict.active_theme_slug(after)
        if judged and was and now and was != now:
            self.report.failed = True
            self.report.reason = "theme_changed"
            self.report.message = f"The active theme was {was} and is {now} now."

    @property
    def in_doubt(self) -> bool:
        """True while an update at which an error struck has not moved."""
        doubtful = {update.key for update in self.attempt.failed_at}
        return any(entry.is_trouble and entry.update.key in doubtful for entry in self.report.results)
