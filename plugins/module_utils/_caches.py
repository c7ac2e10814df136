# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does an answer come from the Dashboard, or from a cache in front of it? PRIVATE to the collection. No I/O.

Page caches and CDNs keep ``/wp-json`` for hours. Some say so in a header, some repeat the Date of what they keep, some
give themselves away only by contradicting what the Dashboard said before.
"""

from __future__ import annotations

import email.utils
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import _errors as errors
from . import _symptoms as symptoms
from ._secrets import plain
from ._symptoms import Symptom

#: Headers by which caches tell: X-Cache, X-LiteSpeed-Cache, CF-Cache-Status, X-SRCache-Fetch-Status, Cache-Status …
_HEADER = re.compile(r"cache|^server-timing$|^x-nananana$", re.IGNORECASE)
#: What else has "cache" in its name speaks of WordPress' object cache, or of what may be kept.
_INSIDE = re.compile(r"object|opcode|opcache|fragment|query|transient|control|tags?$|key|enabled|config", re.IGNORECASE)
_HIT = re.compile(r"(?:\b|tcp_|tcp_mem_)hit\b|(?<!fwd=)\bstale\b|\bupdating\b|^served\b(?!.*\borigin)", re.IGNORECASE)
#: Two numbers: that of this answer's request, and that of the request that fetched it.
_VARNISH = re.compile(r"\d+\s+\d+")
#: Comments that page caches leave behind an answer.
_COMMENT = re.compile(r"\b(?:cached (?:page|by|@|on)|served from|page cached|supercached?)\b", re.IGNORECASE)

#: An answer that was made longer before it was asked for may be an old one, seconds. Asking past a cache shows it.
SLACK = 2.0
#: And surely is one if that was asked past a cache already: the servers of one Dashboard may differ by less.
LATE = 60.0
#: Nothing is kept longer: a clock is wrong then, seconds.
_OLDEST = 31 * 24 * 3600.0


def mark_of(headers: Mapping[str, str]) -> str:
    """The header that shows that a cache answered, empty if none does."""
    for name, value in headers.items():
        parts = [part.strip() for part in value.split(",")]  # each cache on the way may say something
        if name.lower() in ("age", "x-cache-hits"):
            shows = any(part.isdecimal() and int(part[:9]) > 0 for part in parts)
        elif name.lower() == "x-varnish":
            shows = any(_VARNISH.fullmatch(part) for part in parts)
        elif name.lower() == "x-cache-lookup":  # Squid had it, but did not use it if we wanted a new one
            shows = bool(_HIT.search(value)) and "miss" not in headers.get("X-Cache", "").lower()
        else:
            named = [part if name.lower() != "server-timing" or _HEADER.search(part) else "" for part in parts]
            told = bool(_HEADER.search(name)) and not _INSIDE.search(name)
            shows = told and any(_HIT.search(part) and not _INSIDE.search(part) for part in named)
        if shows:
            return plain(f"{name}: {value}", 100)
    return ""


def comment_of(more: str) -> str:
    """What stands around an answer and shows that a cache answered, empty if nothing does."""
    found = _COMMENT.search(more)
    return f"the words '{found.group()}' behind the answer" if found else ""


def past_caches() -> dict[str, str]:
    """A query that no cache has an answer to."""
    return {"mainwp-check": secrets.token_hex(8)}


def date_of(value: str | None) -> float | None:
    """A Date header in unix seconds."""
    try:
        return email.utils.parsedate_to_datetime(value or "").timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Answer:
    """A JSON answer: HTTP status, parsed body, and the Dashboard's own time (unix seconds, None if not sent).

    ``asked`` and ``received``: when, by our clock. ``mark``: what shows that a cache answered. ``headers``: as they came.
    """

    status: int
    data: Any
    time: float | None
    asked: float = 0.0
    received: float = 0.0
    mark: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Guard:
    """Keeps a run from believing a cache. Safe to use from several threads.

    Reads carry a unique query once there is suspicion or a write of our own, but where a route refuses it. What comes
    from a cache all the same is told to ``warn``, and no write is to follow.
    """

    def __init__(self, warn: Callable[[Symptom, str], None]) -> None:
        self._warn = warn
        #: The Dashboard's clock minus ours, in seconds, by its own answers; None before it was told.
        self.skew: float | None = None
        #: What gave away a cache that could be asked past, and one that could not.
        self.passed = ""
        self.found = ""
        self._unique = False
        self._wrote = False
        self._refusing: set[str] = set()

    def ask_past(self) -> None:
        """Reads carry a unique query from the start, for who asks the same again and again has nothing else to notice a silent
        cache by."""
        self._unique = True

    def refuse(self) -> None:
        """Before a write that builds on what was read. Raises CachedAnswers."""
        if self.found:
            raise errors.CachedAnswers(f"Answers come from a cache ({self.found}).")

    def writes(self, work: bool) -> None:
        """A write is about to be sent: what is kept from before it is old. ``work``: it builds on what was read; others
        are refused only before the first one, for later they verify. Raises CachedAnswers."""
        if work or not self._wrote:
            self.refuse()
        self._unique = self._wrote = True

    def wrote(self, answer: Answer) -> None:
        """A write was answered: by the Dashboard, or else it was not done. Raises CachedAnswers."""
        doubt = self._doubt(answer, can_ask=False)
        if not doubt:
            self.believe(answer)
            return
        self.distrust(doubt)
        failure = errors.CachedAnswers(f"A cache answered a write ({doubt}), which did not get to the Dashboard then.")
        failure.may_have_started = True  # by what the header says; who wants to know reads it
        raise failure

    def believe(self, answer: Answer) -> None:
        """Set the clock by an answer that seems to be the Dashboard's own.

        All that can be wrong with it makes the clock slow: the way here, a server that dates an answer by the begin of the
        work, as Apache does, a cache that kept it for a moment. So the latest counts, unless an answer that came at once
        says that the clock was set back.
        """
        if answer.time is None:
            return
        skew, at_once = answer.time - answer.received, answer.received - answer.asked <= SLACK
        if self.skew is None or skew > self.skew or (at_once and self.skew - skew > LATE):
            self.skew = skew

    def distrust(self, evidence: str) -> None:
        """A cache answers whatever is asked, or a read says less than the Dashboard itself had said before."""
        if not self.found:
            self.found = evidence
            self._warn(symptoms.CACHED, evidence)

    def read(self, path: str, ask: Callable[[bool], Answer], own_time: Callable[[], Answer | None]) -> Answer:
        """``ask(with a unique query)``, and again past the cache that seems to have answered. ``own_time``: an answer with
        the Dashboard's own clock, of a kind that nobody keeps."""
        route = re.sub(r"\d+", "N", path)
        unique = self._unique and route not in self._refusing
        try:
            answer = ask(unique)
        except errors.MainWPError as exc:
            if unique and _may_be_refused(exc):
                answer, unique = ask(False), False
                if self._is_old(answer, own_time):
                    raise  # what a cache still has is no answer to this
                self._refusing.add(route)
            elif exc.mark and not unique and route not in self._refusing:
                self._unique = unique = True
                answer = ask(True)
                self._tell_passed(exc.mark)
            else:
                raise
        if unique and self.skew is None and not answer.mark and self._doubt(answer, can_ask=True):
            # Nobody has told the Dashboard's clock yet, and a kept answer must not be the first to do so.
            self.believe(own_time() or answer)
        doubt = self._doubt(answer, can_ask=not unique)
        if doubt and not unique and route in self._refusing:
            doubt = doubt if self._is_old(answer, own_time) else ""
        elif doubt and not unique:
            answer, doubt = self._ask_past(answer, doubt, ask, own_time)
        if doubt:
            self.distrust(doubt)
        else:
            self.believe(answer)
        return answer

    def mark_of_failure(self, headers: Mapping[str, str], asked: float) -> str:
        """What shows, or suggests, that a refusal or redirect comes from a cache: asking past it tells."""
        mark, made = mark_of(headers), date_of(headers.get("Date"))
        if mark or made is None:
            return mark
        age = asked + (self.skew or 0.0) - made
        return _made_before(age) if LATE < age < _OLDEST else ""

    def _is_old(self, answer: Answer, own_time: Callable[[], Answer | None]) -> bool:
        """Does what was asked without a unique query seem to come from a cache, as far as can be found out?"""
        doubt = self._doubt(answer, can_ask=True)
        return bool(doubt) and (bool(answer.mark) or not _is_slow(answer, own_time()))

    def _ask_past(
        self, first: Answer, doubt: str, ask: Callable[[bool], Answer], own_time: Callable[[], Answer | None]
    ) -> tuple[Answer, str]:
        """The answer to the same question with a unique query, and what speaks against that one."""
        if not first.mark:
            own = own_time()
            if own is None or own.time is None or _is_slow(first, own):
                return first, ""
            self.believe(own)
        self._unique = True
        try:
            second = ask(True)
        except errors.MainWPError as exc:
            if not _may_be_refused(exc):
                raise
            return first, doubt
        still = self._doubt(second, can_ask=False)
        if not still:
            self._tell_passed(doubt)
        return second, still

    def _doubt(self, answer: Answer, can_ask: bool) -> str:
        """What shows, or with ``can_ask`` suggests, that an answer comes from a cache."""
        if answer.mark or answer.time is None or (self.skew is None and not can_ask):
            return answer.mark
        # How long before it was asked for it was made. Before anything is known of the Dashboard's clock, ours has to do.
        age = answer.asked + (self.skew or 0.0) - (answer.time + 1)
        return _made_before(age) if (SLACK if can_ask else LATE) < age < _OLDEST else ""

    def _tell_passed(self, evidence: str) -> None:
        if not self.passed:
            self.passed = evidence
            self._warn(symptoms.CACHE_PASSED, evidence)


def _made_before(age: float) -> str:
    return f"made {age:.0f} s before it was asked for"


def _is_slow(answer: Answer, own: Answer | None) -> bool:
    """Is it the Dashboard's clock that is behind, rather than an old ``answer``? ``own`` was not kept by anybody."""
    if own is None or own.time is None:
        return False
    return own.time - (answer.time or 0.0) <= own.asked - answer.asked + SLACK


def _may_be_refused(exc: errors.MainWPError) -> bool:
    """May it be the unique query that this route, or a firewall before it, does not like?"""
    status = exc.details.get("status") or 0
    by_code = isinstance(exc, errors.ApiError) and not exc.php_died
    return (400 <= status < 500 and status not in (401, 404, 408, 429)) or (status == 500 and by_code)
