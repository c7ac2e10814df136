# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One site's way through an update run: it is told what happened, and knows what that means. PRIVATE. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import _verdict as verdict
from .._brakes import Brakes
from .._errors import MainWPError
from .._health import Page
from .._models import CORE, TRANSLATION, ItemAnswer, Release, Site, Update, UpdateKey
from .._plan import SitePlan
from .._report import SiteReport
from . import _site_words as words
from ._calls import by_type, parted, rest_of


class SiteRun:
    """One site between its turns. Only one lane works on it at a time.

    Plans come first, then what is sent, call by call, then what is read: more than once while a lost answer may still
    come true. ``report`` is what all that amounts to.
    """

    def __init__(self, site: Site, now: float, max_age: int, clients: Mapping[int, str]) -> None:
        age = site.age(now)
        #: As listed when the run began.
        self.site = site
        #: Stale: too old to plan from (or disconnected), so a sync decides.
        # not >: with max_age 0 nothing is fresh, whatever the clocks say
        stale = age is None or age >= max_age
        self.report = SiteReport(site, stale=stale, client=clients.get(site.client_id, ""))
        self.plan = SitePlan(site, (), ())
        #: As last read before writing.
        self.current = site
        self._first_planned: dict[UpdateKey, Update] = {}
        #: (reason, sentence) against updating this site at all; None until it was asked for.
        self.objection: tuple[str, str] | None = None
        #: The site's pages right before the first write.
        self.pages_before: tuple[Page, ...] = ()
        #: What was sent last.
        self.attempt = verdict.Attempt()
        #: What the last call carried.
        self._call: list[Update] = []
        #: Planned updates that wait until it is read what became of an earlier call, whose answer was not a good one.
        self._rest: list[Update] = []
        #: When to give up waiting for a lost answer, by the monotonic clock; None before all was sent.
        self._deadline: float | None = None
        #: Verifying reads so far.
        self._looks = 0
        #: What moves is done by a batch of the Dashboard that somebody else started.
        self.joined = False
        #: Results: of what was not sent, of the last step, and of the steps before it.
        self._left: list[verdict.UpdateResult] = []
        self._judged: list[verdict.UpdateResult] = []
        self._earlier: list[verdict.UpdateResult] = []
        #: The report is complete.
        self.finished = False
        #: What became of it could not be asked, through no fault of the site.
        self._unheard = False

    # -- questions -----------------------------------------------------------------------------------------------------

    @property
    def in_play(self) -> bool:
        """True when the run began with something to do here: updates to run, or a sync to learn whether there are."""
        return not self.site.suspended and (bool(self._first_planned) or self.report.stale)

    @property
    def needs_turn(self) -> bool:
        """True while the real run has something to do here."""
        return self.in_play and not self.finished

    @property
    def started(self) -> bool:
        """True when at least one write went through or may have."""
        return bool(self._earlier) or self.attempt.started

    @property
    def is_waiting(self) -> bool:
        """True when all that can be sent now was sent, and its outcome is to be read."""
        return self._deadline is not None

    @property
    def touched(self) -> bool:
        """True when something was sent whose outcome is not still to come."""
        to_come = (verdict.PENDING, verdict.SKIPPED, verdict.HELD)
        return self.started and any(entry.result not in to_come for entry in self.report.results)

    @property
    def in_doubt(self) -> bool:
        """True while an update at which an error struck has not moved."""
        doubtful = {update.key for update in self.attempt.failed_at}
        return any(entry.is_trouble and entry.update.key in doubtful for entry in self.report.results)

    @property
    def core_failed(self) -> bool:
        """True when the update of WordPress was sent and went wrong."""
        return any(entry.update.type == CORE and entry.is_trouble for entry in self._judged)

    @property
    def may_go_on(self) -> bool:
        """True when something is left to be sent, and all that was sent before it came out well enough for that."""
        return bool(self._rest) and not self.in_doubt and not self.core_failed

    def patience(self, now: float) -> float:
        """For how many seconds it is worth to look again: while the Dashboard may be at it, until time is up; after an
        error, once more for a slow child."""
        worth = self.in_doubt and (self.attempt.may_be_running or self._looks < 2)
        return max(0.0, (self._deadline or 0.0) - now) if worth else 0.0

    def blamed(self) -> frozenset[Release]:
        """The releases that this site's trouble speaks against: those that failed, and everything that was sent when
        the site, or its pages, are worse than before."""
        refused = () if self.attempt.lost else self.attempt.failed_at
        sent = [entry for entry in (*self._earlier, *self._judged) if entry.update not in refused]
        worse = self.report.reason in verdict.WORSE
        accused = (entry for entry in sent if worse or verdict.speaks_against(entry, self._unheard))
        return frozenset(entry.update.release for entry in accused)

    def so_far(self) -> SiteReport | None:
        """What is known while the run goes on: what was sent and not read yet is unknown. None if there is nothing yet.

        May be called from another thread than the one that works on the site.
        """
        told = {entry.update.key for entry in self._judged}
        unread = [update for update in tuple(self.attempt.sent) if update.key not in told]
        if not unread or not self.attempt.started:
            return self.report if self.finished else None
        results = [self._judge(update, None) for update in unread]
        text = "What was sent had not been read again when this was written."
        return replace(self.report, results=[*self._earlier, *self._judged, *results, *self._left], message=text)

    # -- what happened -------------------------------------------------------------------------------------------------

    def planned(self, plan: SitePlan) -> None:
        """The first plan, from stored data."""
        self.plan = plan
        if self.site.suspended:
            self.left_alone("suspended", "The site is suspended in MainWP.")
            return
        self._first_planned = {update.key: update for update in plan.updates}
        if not self.report.stale and not plan.updates:
            self._finish()

    def only_planned(self, repairs: bool, reason: str) -> None:
        """Check mode ends here: the plan is the result. ``repairs``: the real run reconnects a disconnected site; else
        it fails for ``reason``."""
        if self.finished:
            return
        if self.site.sync_errors and not repairs:
            self.failed(reason, self.site.sync_errors)
            return
        self.left_out(self.plan.updates, "", "Would be updated.", verdict.PLANNED)
        self._finish()
        if self.site.sync_errors:
            text = f"Disconnected ({self.site.sync_errors}); the real run tries to get it back first."
            self.report.reason, self.report.message = "disconnected", text
        elif self.report.stale:
            self.report.message = "Planned from data older than max_age; the real run syncs first."

    def synced(self, plan: SitePlan) -> None:
        """The plan made again right before the first write, which may leave nothing to do."""
        self.plan = plan
        self.current = plan.site
        self.report.site = plan.site
        self.report.health_before = plan.site.health_score
        still = {update.key for update in plan.updates} | {skip.update.key for skip in plan.skips}
        # What we planned from was old: tell what became of it, do not drop it. There may have been a plan in between.
        gone = [update for key, update in self._first_planned.items() if key not in still]
        self._left = [verdict.overtaken(update, plan.site, words.WITHDRAWN) for update in gone]
        if not plan.updates:
            self._finish()

    def resumed(self, plan: SitePlan) -> None:
        """The rest is planned again, after the outcome of the step before was found by reading."""
        self._earlier += self._judged
        self._judged = []
        again, gone = rest_of(plan, self._rest)
        self._left += [verdict.overtaken(update, plan.site, words.WITHDRAWN) for update in gone]
        self.plan = replace(again, skips=self.plan.skips + again.skips)
        self.current = plan.site
        self.attempt = verdict.Attempt()
        self._rest = []
        self._looks = 0
        self.finished = False

    def calls(self, brakes: Brakes, many: bool, all_translations_only: bool) -> Iterator[tuple[str, list[Update]]]:
        """The updates to send, call by call: all of a type, or without ``many`` one after the other. What must not be sent
        by the time of the call is left out."""
        for kind, wanted in by_type(self.plan.updates, many):
            updates, held = parted(kind, wanted, brakes.held(), all_translations_only)
            self.left_out(held, "held_release", words.HELD, verdict.HELD)
            closed = brakes.closed() if updates else None
            if closed:
                self.left_out(updates, *closed)
            elif self.attempt.error is not None or (kind == TRANSLATION and not self.attempt.core_may_have_moved):
                self._rest += updates
            elif updates:
                yield kind, updates

    def one_call(self, brakes: Brakes) -> list[Update]:
        """All updates, which can only be sent together; none when that must not be by now."""
        closed = brakes.closed()
        if closed:
            self.left_out(self.plan.updates, *closed)
            return []
        bad = brakes.held()
        held = [update for update in self.plan.updates if update.release in bad]
        others = [update for update in self.plan.updates if update.release not in bad]
        if not held:
            return others
        self.left_out(held, "held_release", words.HELD, verdict.HELD)
        self.left_out(others, "held_release", words.held_along(held), verdict.HELD)
        return []

    def sending(self, updates: Sequence[Update]) -> None:
        """A call is on its way, from now on the Dashboard may be at work on these."""
        self._call = list(updates)
        self.attempt.sent += updates

    def unsent(self) -> list[Update]:
        """The last call never left this machine, or was refused unread; what it would have carried."""
        call, self._call = self._call, []
        self.attempt.sent = [update for update in self.attempt.sent if update not in call]
        return call

    def answered(self, kind: str, answers: Mapping[str, ItemAnswer]) -> None:
        """The Dashboard's word on a call."""
        self.attempt.answers.setdefault(kind, {}).update(answers)

    def struck(self, error: MainWPError) -> None:
        """An error came in the place of the answer to the last call: what does not move may move yet."""
        self.attempt.error, self.attempt.failed_at = error, list(self._call)

    def all_sent(self, until: float) -> None:
        """Nothing more is sent now; a lost answer is waited for ``until`` then, by the monotonic clock. With nothing sent
        at all, that was it."""
        if self.attempt.sent:
            self._deadline = until
        else:
            self._finish()

    def handed_over(self) -> None:
        """From now on a batch of the Dashboard may be at work on what was planned; what an earlier one did stays told."""
        self._earlier += [entry for entry in self._judged if not entry.may_move]
        self._judged = []
        done = {entry.update.key for entry in self._earlier}
        self.attempt = verdict.Attempt()
        self.sending([update for update in self.plan.updates if update.key not in done])

    def left_out(self, updates: Sequence[Update], reason: str, message: str, result: str = verdict.SKIPPED) -> None:
        """Updates that were not sent after all."""
        self._left += [verdict.left(update, self.current, result, reason, message) for update in updates]

    def left_alone(self, reason: str, message: str) -> None:
        """The whole site is left alone."""
        self.report.reason, self.report.message = reason, message
        self.left_out(self.plan.updates, reason, message)
        self._finish()

    def failed(self, reason: str, message: str) -> None:
        """The site cannot be worked on; its updates keep the versions they have."""
        self._is_bad(reason, message)
        if self.attempt.sent:
            self._unheard = True
            self.verified(None, message)
            self.stopped()
        else:
            self.left_out(self.plan.updates, reason, message, verdict.FAILED)
            self._finish()

    def _is_bad(self, reason: str, message: str) -> None:
        self.report.failed, self.report.reason, self.report.message = True, reason, message

    def interrupted(self, why: str = "The run was interrupted") -> None:
        """The run was broken off: what was sent and not read is unknown, what was not sent is left."""
        if self.finished and not self.in_doubt:
            self.stopped()
        elif self.attempt.sent:
            self.verified(None, f"{why} before the outcome was read.")
            self.stopped()
        else:
            self.left_alone("stopped", f"{why} before it started.")

    def stopped(self) -> None:
        """What was not sent stays so."""
        if self._rest:
            core = self.core_failed and not self.attempt.lost
            why = ("core_failed", words.AFTER_CORE) if core else ("stopped", words.AFTER_TROUBLE)
            self.left_out(self._rest, *why)
            self._rest = []
            self._finish()

    def _finish(self) -> None:
        """Nothing (more) is sent: what is judged, left and skipped is the result."""
        skips = [verdict.skipped(skip, self.current) for skip in self.plan.skips]
        self.report.results = [*self._earlier, *self._judged, *self._left, *skips]
        self.finished = True

    def _judge(self, update: Update, after: Site | None) -> verdict.UpdateResult:
        planned = self._first_planned.get(update.key, update).new_version
        return verdict.judge(update, planned, self.current, after, self.attempt)

    def verified(self, after: Site | None, message: str = "") -> None:
        """The state after the verifying sync, None if it failed: it tells what became of everything sent."""
        judged = [self._judge(update, after) for update in self.attempt.sent]
        self._judged = [verdict.by_another_batch(entry) for entry in judged] if self.joined else judged
        self._looks += 1
        self._finish()
        self.report.message = message if after is None else ""
        if after is None:
            return
        self.report.site = after.named({tag.id: tag.name for tag in self.site.tags})
        self.report.health_after = after.health_score
        changed = words.theme_change(self.current, after) if judged else ""
        if changed:
            self._is_bad("theme_changed", changed)

    def pending(self, reason: str, message: str, on_purpose: bool = False) -> None:
        """What was sent and has not moved is pending. ``on_purpose``: nobody wanted to wait for it."""
        self.report.on_purpose = on_purpose
        if not self.finished:
            self.verified(self.current)
        self._retell(lambda entry: entry.may_move, result=verdict.PENDING, reason=reason, message=message)

    def explained(self, kind: str, text: str) -> None:
        """The Dashboard's own words to updates of ``kind`` that did not move."""
        if text:
            told = {"reason": "child_error", "message": text}
            self._retell(lambda entry: entry.update.type == kind and entry.reason == "not_moved", **told)

    def _retell(self, which: Callable[[verdict.UpdateResult], bool], **told: Any) -> None:
        self.report.results = [replace(entry, **told) if which(entry) else entry for entry in self.report.results]

    def looked_at_again(self, pages: Sequence[Page]) -> None:
        """The site's pages when it is finished; worse than before means failed."""
        self.report.health = words.health_told(self.pages_before, pages)
        if self.report.health["verdict"] == "failed":
            told = words.pages_failed(self.report.health["message"], self.report.results)
            self._is_bad("health", f"{told} {self.report.message}".strip())
