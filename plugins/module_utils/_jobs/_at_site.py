# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One site's way through a run that writes: it is told what happened, and knows what that means. PRIVATE. No I/O."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from .. import _verdict as verdict
from .._errors import MainWPError
from .._health import Page
from .._models import Release, Site
from .._report import Report
from . import _site_words as words

#: What is sent, and what becomes of it. Both have a ``key``.
T = TypeVar("T")
R = TypeVar("R", bound=verdict.Outcome)


def is_stale(site: Site, now: float, max_age: int) -> bool:
    """Too old to plan from, or disconnected: a sync decides."""
    age = site.age(now)
    return age is None or age >= max_age  # not >: with max_age 0 nothing is fresh, whatever the clocks say


class AtSite(ABC, Generic[T, R]):
    """One site between its turns. Only one lane works on it at a time.

    Plans come first, then what is sent, call by call, then what is read: more than once while a lost answer may still
    come true. ``report`` is what all that amounts to.
    """

    report: Report[R]
    #: What check mode says of what would be sent.
    would = ""

    def __init__(self, site: Site, report: Report[R]) -> None:
        #: As listed when the run began.
        self.site = site
        self.report = report
        #: As last read before writing.
        self.current = site
        #: The site's pages right before the first write.
        self.pages_before: tuple[Page, ...] = ()
        #: What was sent last.
        self.attempt: verdict.Attempt[T] = verdict.Attempt()
        #: What the last call carried.
        self._call: list[T] = []
        #: What is planned and waits until it is read what became of an earlier call, whose answer was not a good one.
        self._rest: list[T] = []
        #: When to give up waiting for a lost answer, by the monotonic clock; None before all was sent.
        self._deadline: float | None = None
        #: Verifying reads so far.
        self._looks = 0
        #: Results: of what was not sent, of the last step, and of the steps before it.
        self._left: list[R] = []
        self._judged: list[R] = []
        self._earlier: list[R] = []
        #: The report is complete.
        self.finished = False
        #: What became of it could not be asked, through no fault of the site.
        self._unheard = False

    # -- what a kind of run knows ----------------------------------------------------------------------------------

    @property
    @abstractmethod
    def in_play(self) -> bool:
        """True when the run began with something to do here."""

    @property
    @abstractmethod
    def to_send(self) -> Sequence[T]:
        """What the plan would send."""

    @abstractmethod
    def _judge(self, thing: T, after: Site | None) -> R:
        """What became of something that was sent; ``after`` is None where it could not be read."""

    @abstractmethod
    def _not_sent(self, thing: T, result: str, reason: str, message: str) -> R:
        """The result of something that is left alone."""

    @abstractmethod
    def _others(self) -> list[R]:
        """Results of what the plan leaves alone."""

    # -- questions -----------------------------------------------------------------------------------------------------

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
        """True while something at which an error struck has not moved."""
        return not all(self._asleep())

    def _asleep(self) -> list[bool]:
        """For each trouble that an error struck, whether it has moved, and is not active any more."""
        doubtful = _keys(self.attempt.failed_at)
        return [entry.moved for entry in self.report.results if entry.is_trouble and entry.key in doubtful]

    @property
    def may_go_on(self) -> bool:
        """True when something is left to be sent, and all that was sent before it came out well enough for that."""
        return bool(self._rest) and not self.in_doubt

    def patience(self, now: float) -> float:
        """For how many seconds it is worth to look again: while the Dashboard may be at it, until time is up; after an
        error, once more for a slow child."""
        fresh = self._looks < 2  # what moved may be switched on again a moment later
        worth = (fresh or self.attempt.may_be_running) if self.in_doubt else fresh and any(self._asleep())
        return max(0.0, (self._deadline or 0.0) - now) if worth else 0.0

    def blamed(self) -> frozenset[Release]:
        """The releases that this site's trouble speaks against: those that failed, and everything that was sent when
        the site, or its pages, are worse than before."""
        refused = frozenset() if self.attempt.lost else _keys(self.attempt.failed_at)
        sent = [entry for entry in (*self._earlier, *self._judged) if entry.key not in refused]
        worse = self.report.reason in verdict.WORSE
        accused = (entry for entry in sent if worse or verdict.speaks_against(entry, self._unheard))
        return frozenset(entry.release for entry in accused)

    # -- what happened -------------------------------------------------------------------------------------------------

    def only_planned(self, repairs: bool, reason: str) -> None:
        """Check mode ends here: the plan is the result. ``repairs``: the real run reconnects a disconnected site; else
        it fails for ``reason``."""
        if self.finished:
            return
        if self.site.sync_errors and not repairs:
            self.failed(reason, self.site.sync_errors)
            return
        self.left_out(self.to_send, "", self.would, verdict.PLANNED)
        self._finish()
        if self.site.sync_errors:
            text = f"Disconnected ({self.site.sync_errors}); the real run tries to get it back first."
            self.report.reason, self.report.message = "disconnected", text
        elif self.report.stale:
            old = "Planned from data older than max_age; the real run syncs first."
            new = "Never synced, so nothing is known of it; the real run tries to sync it first."
            self.report.message = old if self.site.last_sync else new

    def sending(self, things: Sequence[T]) -> None:
        """A call is on its way, from now on the Dashboard may be at work on these."""
        self._call = list(things)
        self.attempt.sent += things

    def unsent(self) -> list[T]:
        """The last call never left this machine, or was refused unread; what it would have carried."""
        call, self._call = self._call, []
        self.attempt.sent = [thing for thing in self.attempt.sent if thing not in call]
        return call

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

    def _resumed(self, fresh: Site) -> None:
        """The outcome of the step before was found by reading, and the rest is planned again."""
        self._earlier += self._judged
        self._judged = []
        self.current = fresh
        self.attempt = verdict.Attempt()
        self._rest = []
        self._looks = 0
        self.finished = False

    def left_out(self, things: Sequence[T], reason: str, message: str, result: str = verdict.SKIPPED) -> None:
        """What was not sent after all."""
        self._left += [self._not_sent(thing, result, reason, message) for thing in things]

    def left_alone(self, reason: str, message: str) -> None:
        """The whole site is left alone."""
        self.report.reason, self.report.message = reason, message
        self.left_out(self.to_send, reason, message)
        self._finish()

    def failed(self, reason: str, message: str) -> None:
        """The site cannot be worked on; what is there stays as it is."""
        self._is_bad(reason, message)
        if self.attempt.sent:
            self._unheard = True
            self.verified(None, message)
            self.stopped()
        else:
            self.left_out(self.to_send, reason, message, verdict.FAILED)
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

    def _why_stopped(self) -> tuple[str, str]:
        return "stopped", words.AFTER_TROUBLE

    def stopped(self) -> None:
        """What was not sent stays so."""
        if self._rest:
            self.left_out(self._rest, *self._why_stopped())
            self._rest = []
            self._finish()

    def _finish(self) -> None:
        """Nothing (more) is sent: what is judged, left and skipped is the result."""
        self.report.results = [*self._earlier, *self._judged, *self._left, *self._others()]
        self.finished = True

    def verified(self, after: Site | None, message: str = "") -> None:
        """The state after the verifying sync, None if it failed: it tells what became of everything sent."""
        self._judged = [self._judge(thing, after) for thing in self.attempt.sent]
        self._looks += 1
        self._finish()
        self.report.message = message if after is None else ""
        if after is not None:
            self.report.site = after.named({tag.id: tag.name for tag in self.site.tags})

    def looked_at_again(self, pages: Sequence[Page]) -> None:
        """The site's pages when it is finished; worse than before means failed."""
        self.report.health = words.health_told(self.pages_before, pages)
        if self.report.health["verdict"] == "failed":
            told = words.pages_failed(self.report.health["message"], self.report.results)
            self._is_bad("health", f"{told} {self.report.message}".strip())


def _keys(things: Sequence[Any]) -> frozenset[Any]:
    return frozenset(thing.key for thing in things)
