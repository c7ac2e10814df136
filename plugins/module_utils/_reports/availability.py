# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long sites could be reached, from heartbeats. Pure. PRIVATE to the collection.

A heartbeat says what was true when a check was made. It holds until the next one, if that is not much later than it was due;
of all other time nobody knows, and that is neither up nor down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._models import epoch
from .._stored import maps
from .keys import Key, sites_of

#: What a check found, the worst last. A check that is to be repeated before anybody is alarmed decides nothing.
UP, UNDECIDED, DOWN = range(3)
#: As words, and as MainWP numbers them.
_STATES = {"up": UP, "1": UP, "down": DOWN, "0": DOWN, "pending": UNDECIDED, "2": UNDECIDED}
#: A check that comes later than so many intervals after the one before left a gap.
_LATE = 2


class Beat(NamedTuple):
    """A heartbeat."""

    at: int
    state: int
    #: Seconds until the next check is due.
    interval: int


class Span(NamedTuple):
    """A time for which heartbeats hold that found the same."""

    begin: int
    end: int
    state: int


class Watch(NamedTuple):
    """What heartbeats tell of a site."""

    spans: tuple[Span, ...]
    last: Beat


@dataclass(frozen=True)
class Measured:
    """What heartbeats tell of a span of time, in seconds."""

    whole: int
    up: int = 0
    down: int = 0
    outages: int = 0
    longest: int = 0

    @property
    def told(self) -> int:
        """What was measured of it."""
        return self.up + self.down

    @property
    def is_whole(self) -> bool:
        """Was it measured all the time?"""
        return self.told == self.whole > 0


def watches_of(results: Iterable[Mapping[str, Any]]) -> dict[Key, Watch]:
    """What the heartbeats of each site tell, from looks that may overlap. Raises ValueError for what is none."""
    looks: dict[Key, list[Mapping[str, Any]]] = {}
    for key, site, dummy in sites_of(results):
        if maps(site.get("heartbeats")):
            looks.setdefault(key, []).append(site)
    # site by site, for a month may have ten thousand of each
    return {key: _watch(sorted({beat for look in found for beat in _beats(look)})) for key, found in looks.items()}


def _watch(beats: Sequence[Beat]) -> Watch:
    """Spans out of heartbeats. Of two at the same time the worse holds."""
    spans: list[Span] = []
    for place, beat in enumerate(beats):
        due = beat.at + beat.interval
        after = beats[place + 1].at if place + 1 < len(beats) else due
        end = after if after - beat.at <= _LATE * beat.interval else due
        before = spans[-1] if spans else None
        if before and (before.end, before.state) == (beat.at, beat.state):
            spans[-1] = before._replace(end=end)
        elif end > beat.at:
            spans.append(Span(beat.at, end, beat.state))
    return Watch(tuple(spans), beats[-1])


def _beats(site: Mapping[str, Any]) -> Iterator[Beat]:
    interval = _interval(site.get("interval"))
    for beat in maps(site["heartbeats"]):
        yield Beat(_time(beat), _state(beat), interval)


def _interval(value: Any) -> int:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 1 <= value <= 7 * 86400:
        raise ValueError(f"an interval of {value!r} is no number of seconds")
    return int(value)


def _time(beat: Mapping[str, Any]) -> int:
    stamp = str(beat.get("time") or "")
    if not stamp.endswith("Z"):
        raise ValueError(f"'{stamp}' is no time such as 2026-11-24T22:30:00Z")
    return round(epoch(stamp) or 0)


def _state(beat: Mapping[str, Any]) -> int:
    state = str(beat.get("status")).lower()
    if state not in _STATES:
        raise ValueError(f"a status is '{state}', and should be up, down or pending")
    return _STATES[state]


def measured(spans: Iterable[Span], since: float, until: float) -> Measured:
    """What is known of the time from ``since`` to ``until``."""
    first, last = round(since), round(until)
    spent = {UP: 0, DOWN: 0, UNDECIDED: 0}
    outages = outage = longest = 0
    broken = False
    for span in spans:
        length = min(span.end, last) - max(span.begin, first)
        if length <= 0:
            continue
        spent[span.state] += length
        if span.state == DOWN:
            outages, outage = (outages, outage) if broken else (outages + 1, 0)
            outage += length
            longest = max(longest, outage)
        # an outage of which nobody saw the end goes on
        broken = span.state == DOWN or (broken and span.state == UNDECIDED)
    return Measured(max(last - first, 0), spent[UP], spent[DOWN], outages, longest)


def hundredths(part: int, whole: int) -> float:
    """Percent with two digits, rounded down: 100 is all, and nothing less is."""
    return (10000 * part // whole) / 100 if whole > 0 else 0.0
