# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One site's way through an update run: it is told what happened, and knows what that means. PRIVATE. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .. import _verdict as verdict
from .._brakes import Brakes
from .._models import CORE, TRANSLATION, ItemAnswer, Site, Update, UpdateKey
from .._plan import SitePlan
from .._report import SiteReport
from . import _site_words as words
from ._at_site import AtSite, is_stale
from ._calls import by_type, parted, rest_of


class SiteRun(AtSite[Update, verdict.UpdateResult]):
    """One site of a run of updates."""

    report: SiteReport
    would = "Would be updated."

    def __init__(self, site: Site, now: float, max_age: int, clients: Mapping[int, str]) -> None:
        stale = is_stale(site, now, max_age)
        super().__init__(site, SiteReport(site, stale=stale, client=clients.get(site.client_id, "")))
        self.plan = SitePlan(site, (), ())
        self._first_planned: dict[UpdateKey, Update] = {}
        #: (reason, sentence) against updating this site at all; None until it was asked for.
        self.objection: tuple[str, str] | None = None
        #: What moves is done by a batch of the Dashboard that somebody else started.
        self.joined = False

    # -- questions -----------------------------------------------------------------------------------------------------

    @property
    def in_play(self) -> bool:
        """True when the run began with something to do here: updates to run, or a sync to learn whether there are."""
        return not self.site.suspended and (bool(self._first_planned) or self.report.stale)

    @property
    def to_send(self) -> tuple[Update, ...]:
        """The updates of the plan."""
        return self.plan.updates

    @property
    def core_failed(self) -> bool:
        """True when the update of WordPress was sent and went wrong."""
        return any(entry.update.type == CORE and entry.is_trouble for entry in self._judged)

    @property
    def may_go_on(self) -> bool:
        """True when something is left to be sent, and all that was sent before it came out well enough for that."""
        return super().may_go_on and not self.core_failed

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

    def synced(self, plan: SitePlan) -> None:
        """The plan made again right before the first write, which may leave nothing to do."""
        self.plan = plan
        self.current = plan.site
        self.report.site = plan.site
        self.report.health_before = plan.site.health_score
        still = {update.key for update in plan.updates} | {skip.update.key for skip in plan.skips}
        # What we planned from was old: tell what became of it, do not drop it. There may have been a plan in between.
        gone = [update for key, update in self._first_planned.items() if key not in still]
        self._left = [verdict.overtaken(update, plan.site) for update in gone]
        if not plan.updates:
            self._finish()

    def resumed(self, plan: SitePlan) -> None:
        """The rest is planned again, after the outcome of the step before was found by reading."""
        again, gone = rest_of(plan, self._rest)
        self._resumed(plan.site)
        self._left += [verdict.overtaken(update, plan.site) for update in gone]
        self.plan = replace(again, skips=self.plan.skips + again.skips)

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

    def answered(self, kind: str, answers: Mapping[str, ItemAnswer]) -> None:
        """The Dashboard's word on a call."""
        self.attempt.answers.setdefault(kind, {}).update(answers)

    def handed_over(self) -> None:
        """From now on a batch of the Dashboard may be at work on what was planned; what an earlier one did stays told."""
        self._earlier += [entry for entry in self._judged if not entry.may_move]
        self._judged = []
        done = {entry.update.key for entry in self._earlier}
        self.attempt = verdict.Attempt()
        self.sending([update for update in self.plan.updates if update.key not in done])

    def _why_stopped(self) -> tuple[str, str]:
        core = self.core_failed and not self.attempt.lost
        return ("core_failed", words.AFTER_CORE) if core else super()._why_stopped()

    def _others(self) -> list[verdict.UpdateResult]:
        return [verdict.skipped(skip, self.current) for skip in self.plan.skips]

    def _not_sent(self, thing: Update, result: str, reason: str, message: str) -> verdict.UpdateResult:
        return verdict.left(thing, self.current, result, reason, message)

    def _judge(self, thing: Update, after: Site | None) -> verdict.UpdateResult:
        planned = self._first_planned.get(thing.key, thing).new_version
        entry = verdict.judge(thing, planned, self.current, after, self.attempt)
        return verdict.by_another_batch(entry) if self.joined else entry

    def verified(self, after: Site | None, message: str = "") -> None:
        """The state after the verifying sync, None if it failed: it tells what became of everything sent."""
        super().verified(after, message)
        if after is None:
            return
        self.report.health_after = after.health_score
        if not self._judged:
            return
        lost = words.plugins_lost(self.current, after, self._judged)
        if lost:
            self._is_bad("plugins_lost", lost)
        changed = words.theme_change(self.current, after)
        if changed:
            self._is_bad("theme_changed", f"{changed} {lost}".strip())

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
