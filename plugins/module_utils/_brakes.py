# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a run must not start anything new: thread-safe counters. PRIVATE to the collection. No I/O."""

from __future__ import annotations

import contextlib
import datetime
import re
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from ._errors import InputError
from ._models import Release


@dataclass(frozen=True)
class FailureLimit:
    """``max_failed_sites``: a number, or percent of the sites with work. None: every failure is reported only."""

    number: int | None = None
    percent: float | None = None

    @property
    def is_set(self) -> bool:
        """True when failures up to the limit are tolerated."""
        return self.number is not None or self.percent is not None

    def exceeded(self, failed: int, sites_in_play: int) -> bool:
        """True when more sites failed than are tolerated."""
        if self.number is not None:
            return failed > self.number
        if self.percent is not None:
            return failed > sites_in_play * self.percent / 100
        return False


def failure_limit(value: Any) -> FailureLimit:
    """``3``, ``"10%"`` or None. Raises InputError."""
    if value is None or str(value).strip() == "":
        return FailureLimit()
    match = re.fullmatch(r"(\d+)|(\d+(?:\.\d+)?)\s*%", str(value).strip())
    if not match or float(match[2] or 0) > 100:
        raise InputError("max_failed_sites", f"'{value}' is neither a number nor a percentage.", "Use 3 or '10%'.")
    return FailureLimit(number=int(match[1])) if match[1] else FailureLimit(percent=float(match[2]))


def stop_time(value: Any, now: float, clock: float, zone: datetime.tzinfo | None = None) -> float | None:
    """When ``stop_after`` strikes, by the clock that shows ``clock`` at unix time ``now``.

    It is a number of seconds, or the next time when the clocks on the wall show ``HH:MM``: those of ``zone``, by default
    the machine's own; or a moment with its zone, which may be over.
    """
    if value is None or str(value).strip() == "":
        return None
    text = str(value).strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return clock + float(text)
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not match:
        with contextlib.suppress(ValueError):
            moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
            if moment.tzinfo is not None:
                return clock + moment.timestamp() - now
        raise InputError("stop_after", f"'{value}' is neither seconds nor a time.", "Use 7200, or '05:30' (quoted).")
    today = datetime.datetime.fromtimestamp(now, zone).date()
    time_of_day = datetime.time(int(match.group(1)), int(match.group(2)))
    days = (today + datetime.timedelta(days=number) for number in (0, 1))
    return clock + next_strike((datetime.datetime.combine(day, time_of_day, zone) for day in days), now) - now


def next_strike(times: Iterable[datetime.datetime], now: float) -> float:
    """The first unix time after ``now`` at which the clocks show one of ``times``: each comes twice in the night when they go
    back. When they go forward, a time that is left out stands for the moment at which it would have come."""
    pairs = ([time.replace(fold=fold).timestamp() for fold in (0, 1)] for time in times)
    strikes = (strike for first, second in pairs for strike in ((first, second) if first <= second else (first,)))
    return min(strike for strike in strikes if strike > now)


class Accusations:
    """Which releases the troubles of which sites speak against, as far as is known now."""

    def __init__(self) -> None:
        self._by_site: dict[int, frozenset[Release]] = {}

    def put(self, site: int, releases: Collection[Release]) -> bool:
        """``releases`` are what ``site`` speaks against; True when that is news. None once it is well again."""
        old = self._by_site.get(site, frozenset())
        self._by_site[site] = frozenset(releases)
        return old != self._by_site[site]

    def sites(self) -> dict[Release, set[int]]:
        """By release, the sites that speak against it."""
        found: dict[Release, set[int]] = {}
        for site, releases in self._by_site.items():
            for release in releases:
                found.setdefault(release, set()).add(site)
        return found


@dataclass
class Brakes:
    """Says before each write whether it may start."""

    limit: FailureLimit
    hold_after: int
    sites_in_play: int
    deadline: float | None
    clock: Callable[[], float]
    interrupted: Callable[[], bool] = lambda: False
    accusations: Accusations = field(default_factory=Accusations)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._failed_sites = 0
        self._stopped: tuple[str, str] | None = None
        #: Why the whole run was broken off; empty if it was not.
        self.aborted = ""

    def abort(self, message: str) -> None:
        """Let nothing new start: the trouble is the Dashboard's or the key's, so it would hit every site."""
        with self._lock:
            self.aborted = self.aborted or message
            self._stopped = self._stopped or ("stopped", message)

    def closed(self) -> tuple[str, str] | None:
        """(reason, message) when no new write may start, else None."""
        if self.interrupted():  # at once: a lane may have several writes before it
            self.abort("Interrupted: nothing more is started.")
        with self._lock:
            if self._stopped is None and self.deadline is not None and self.clock() >= self.deadline:
                self._stopped = ("out_of_time", "stop_after was reached before it started.")
            return self._stopped

    def count_site(self, failed: bool) -> None:
        """A site is finished."""
        with self._lock:
            self._failed_sites += failed
            if failed and self._stopped is None and self.limit.exceeded(self._failed_sites, self.sites_in_play):
                number = self._failed_sites
                text = f"{number} site{'s' * (number != 1)} failed, more than max_failed_sites allows."
                self._stopped = ("stopped", text)

    def blame(self, site: int, releases: Collection[Release]) -> None:
        """The troubles of ``site`` speak against ``releases``; what was said of it before is forgotten."""
        with self._lock:
            self.accusations.put(site, releases)

    def held(self) -> frozenset[Release]:
        """The releases against which ``hold_after`` sites speak by now."""
        if not self.hold_after:
            return frozenset()
        with self._lock:
            found = self.accusations.sites()
        return frozenset(release for release, sites in found.items() if len(sites) >= self.hold_after)
