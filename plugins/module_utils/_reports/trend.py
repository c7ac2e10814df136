# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pending updates over time, from looks that were kept. Pure. PRIVATE to the collection.

A day has a number where all sites of all Dashboards were looked at: a sum with a part missing would look like progress.
Every other day has none, which is a gap and never 0. Dashboards that came later would look like a setback, so the line
begins where all of them are known.
"""

from __future__ import annotations

import datetime
import itertools
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from .._stored import maps
from .keys import Key, sites_of, time_of
from .reasons import is_settled

_DAY = 86400
#: So many days are shown at most, the newest ones.
_SHOWN = 92
#: Fewer days with a number are no line.
_FEWEST = 3
#: Days that are further apart than so many times the usual are not joined.
_GAP = 1.5
#: Of such a site MainWP tells what it knew at its last sync; for any other reason a plan without entries knows nothing.
_STILL_KNOWN = ("disconnected", "locked_out", "suspended")
#: Day → site → pending updates there.
Looks = Mapping[int, Mapping[Key, int]]


def pending_over_time(
    infos: Iterable[Mapping[str, Any]], plans: Iterable[Mapping[str, Any]], gone: Set[Key]
) -> dict[str, Any] | None:
    """What the line is drawn from; None where too few days are known.

    Plans leave out more than listings do, so they are not mixed: that kind which knows more days, of equal ones plans.
    """
    known = max((_whole(_looks(results), gone) for results in (plans, infos)), key=len)
    newest = max(known, default=0)
    days = [day for day in sorted(known) if day > newest - _SHOWN]
    if len(days) < _FEWEST:
        return None
    top = _round(max(known[day] for day in days))
    return {
        "points": [
            {"day": _date(day), "number": known[day], "x": (day - days[0]) / (days[-1] - days[0]), "joined": joined}
            for day, joined in zip(days, _joined(days), strict=True)
        ],
        "top": top,
        "gaps": _joined(days).count(False) - 1,
    }


def _looks(results: Iterable[Mapping[str, Any]]) -> dict[int, dict[Key, int]]:
    """By the day of the newest sync that a result knows of. Of one day's the last word on each site counts."""
    found: dict[int, dict[Key, int]] = {}
    for asked, result in sorted(((_asked(result), result) for result in results), key=lambda one: one[0]):
        for key, site, dummy in sites_of([result]):
            number = _pending(site)
            if asked and number is not None:
                found.setdefault(int(asked // _DAY), {})[key] = number
    return found


def _asked(result: Mapping[str, Any]) -> float:
    return max((time_of(site.get("last_sync")) for site in maps(result.get("sites"))), default=0.0)


def _pending(site: Mapping[str, Any]) -> int | None:
    """None where nobody told."""
    entries = site.get("updates")
    if not isinstance(entries, list) or not time_of(site.get("last_sync")):
        return None
    if not entries and site.get("reason") and site["reason"] not in _STILL_KNOWN:
        return None
    return sum(not is_settled(entry, site) for entry in maps(entries))


def _whole(looks: Looks, gone: Set[Key]) -> dict[int, int]:
    """Day → pending updates, of days on which no site is missing that was there.

    A site is there from the first look that has it, up to the last one if it is gone, and to the end otherwise.
    """
    first: dict[Key, int] = {}
    last: dict[Key, float] = {}
    for day in sorted(looks):
        for key in looks[day]:
            first.setdefault(key, day)
            last[key] = day if key in gone else math.inf
    begins: dict[str, int] = {}
    for (dashboard, dummy), day in first.items():
        begins[dashboard] = min(day, begins.get(dashboard, day))
    return {
        day: sum(told.values())
        for day, told in looks.items()
        if day >= max(begins.values()) and all(key in told for key in first if first[key] <= day <= last[key])
    }


def _joined(days: Sequence[int]) -> list[bool]:
    """Whether each day is joined to the one before it. Who looks once a week has no gap of six days."""
    steps = [later - earlier for earlier, later in itertools.pairwise(days)]
    return [False, *(step <= _GAP * statistics.median_low(steps) for step in steps)]


def _round(number: int) -> int:
    """The end of the axis: an even number, so that half of it is one, too."""
    size = 10 ** (len(str(number)) - 1)
    return next(top for top in (size * step for step in (1, 2, 4, 6, 8, 10)) if top >= number and top % 2 == 0)


def _date(day: int) -> str:
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()
