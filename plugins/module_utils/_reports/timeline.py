# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the time of a run went: the turns of its sites, side by side as they were. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._models import epoch, iso

#: Sites named as those that took longest.
_LONGEST = 6


def timeline(sites: Iterable[Mapping[str, Any]], tones: Mapping[str, str]) -> dict[str, Any] | None:
    """The turns in lanes, in thousandths of the whole, and the sites that took longest. None where nothing tells times.

    A turn takes the first lane that is free: there are as many as worked at the same time.
    """
    turns = sorted(
        (turn for site in sites for turn in _turns(site, tones)), key=lambda turn: (turn["begin"], turn["end"])
    )
    if not turns:
        return None
    first, last = turns[0]["begin"], max(turn["end"] for turn in turns)
    whole = max(last - first, 0.001)
    free: list[float] = []
    for turn in turns:
        lane = next((number for number, end in enumerate(free) if end <= turn["begin"]), len(free))
        free[lane : lane + 1] = [turn["end"]]
        turn |= {"lane": lane, "x": 1000 * (turn["begin"] - first) / whole, "width": 1000 * turn["seconds"] / whole}
    return {
        "lanes": len(free),
        "turns": turns,
        "first": iso(first),
        "last": iso(last),
        "busy": round(100 * sum(turn["seconds"] for turn in turns) / (whole * len(free))),
        "longest": _longest(turns),
    }


def _turns(site: Mapping[str, Any], tones: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """What a report tells of when a site was worked on; anything that is no time is passed over."""
    found = site.get("turns")
    for turn in found if isinstance(found, list) else ():
        try:
            begin, seconds = epoch(str(turn["began"])), float(turn["seconds"])
        except (KeyError, TypeError, ValueError):
            continue
        if begin is not None and 0 <= seconds < 1e6:
            tone = tones.get(str(site.get("result") or ""), "none")
            known = {"name": site.get("name") or "", "url": str(site.get("url") or ""), "tone": tone}
            yield {**known, "begin": begin, "end": begin + seconds, "seconds": seconds}


def _longest(turns: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sites by the time that lanes spent on them."""
    spent: dict[str, dict[str, Any]] = {}
    for turn in turns:
        site = spent.setdefault(turn["url"], {"name": turn["name"], "url": turn["url"], "seconds": 0.0})
        site["seconds"] += turn["seconds"]
    return sorted(spent.values(), key=lambda site: -site["seconds"])[:_LONGEST]
