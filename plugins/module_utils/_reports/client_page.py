# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A letter in the words of a language, as its templates draw it. Pure. PRIVATE to the collection."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._addresses import spoken
from .availability import Measured, Watch, hundredths, measured
from .belonging import Belonging
from .keys import Key
from .language import Language
from .letters import ONE_DAY, Letter, SiteStory
from .owner import NOTED, is_offered, stays
from .vulnerable import Look, closed_ones

Day = datetime.date


@dataclass(frozen=True)
class Beside:
    """What a letter tells beside what reports do."""

    extra: Belonging = field(default_factory=dict)
    watches: Mapping[Key, Watch] = field(default_factory=dict)
    #: Looks at vulnerabilities; empty where clients are not told of them.
    looks: Mapping[Key, Sequence[Look]] = field(default_factory=dict)
    #: Of later times nobody can know.
    now: float = math.inf


def client_page(
    letter: Letter, words: Language, period: tuple[Day, Day], manner: Mapping[str, Any], beside: Beside
) -> dict[str, Any]:
    """What the templates of a letter draw. ``manner``: sender, greeting, colour, logo."""
    when, extra = words.period(*period), beside.extra
    backups = extra.get("backups", {})
    days = len({day for site in letter.sites for day in site.days})
    return {
        "language": words.code,
        "client": letter.name,
        "title": words.text("title", period=when),
        "greeting": manner.get("greeting") or words.text("greeting"),
        "intro": words.text(_intro(letter), period=when),
        "tiles": [
            {"label": words.count(key, number), "value": number, "tone": ""}
            for key, number in (
                ("tile_sites", len(letter.sites)),
                ("tile_updates", letter.updates),
                ("tile_days", days),
            )
        ],
        "weeks": _weeks(letter, words) if letter.updates and len(letter.weeks) > 1 else [],
        "sites": [
            _site(site, words, _backup(site, letter, period, backups), _closed(site, letter, words, beside))
            for site in letter.sites
        ],
        "availability": _availability(letter, words, period, beside),
        "steps": list(dict.fromkeys(step for site in letter.sites for step in _steps(site, words))),
        "gaps": gaps(letter, words),
        "remarks": [str(entry["text"]) for entry in _own(letter, extra, "remarks")],
        "hours": _hours(letter, words, extra),
        "sender": [line for line in str(manner.get("sender") or "").splitlines() if line.strip()],
        "logo": manner.get("logo") or "",
        "color": manner.get("color") or "",
    }


def gaps(letter: Letter, words: Language) -> list[str]:
    """What the letter cannot tell, in sentences."""
    found = []
    for first, last in letter.missing:
        key = "gap_day" if first == last else "gap_week"
        found.append(words.text(key, day=words.date(first), first=words.date(first), last=words.date(last)))
    return found + [words.text("broken", day=words.date(day)) for day in letter.broken_off]


def _intro(letter: Letter) -> str:
    """That there was nothing to do is only said where that is known of all sites, all the time."""
    if letter.updates:
        return "intro"
    quiet = letter.is_whole and all(site.is_quiet for site in letter.sites)
    return "intro_none" if quiet else "intro_else"


def _weeks(letter: Letter, words: Language) -> list[dict[str, Any]]:
    """Updates by week; of a week without any report nobody knows."""
    return [
        {"label": words.short(day), "number": number, "unknown": day in letter.unknown and not number}
        for day, number in letter.weeks
    ]


def _site(
    site: SiteStory, words: Language, backup: Day | None, closed: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    notes = [words.text("came", day=words.date(site.came))] if site.came else []
    notes += [words.text("left_us", day=words.date(site.left_us))] if site.left_us else []
    notes += [_note(site, words)] if site.note else []
    notes += [words.text("bad", days=", ".join(map(words.date, site.seen_bad)))] if site.seen_bad else []
    if site.seen_well and not site.seen_bad and not site.seen_else:
        notes.append(words.text("well", times=words.count("times", site.seen_well)))
    if site.health_score and not site.left_us:
        notes.append(words.text("health", score=site.health_score))
    notes += [words.text("backup", day=words.date(backup))] if backup and not site.left_us else []
    notes += [words.text("wordpress", version=site.wp_version)] if site.wp_version and not site.left_us else []
    return {
        "name": site.name or spoken(site.url),
        "url": site.url,
        "moved": [
            {**_moved(entry, words), "closed": closed.get((kind, slug), "")}
            for (kind, slug, dummy), entry in site.moved.items()
        ],
        "left": [_left(entry, words) for entry in site.left],
        "quiet": site.is_quiet,
        "notes": notes,
    }


def _note(site: SiteStory, words: Language) -> str:
    """What was wrong with the whole site in the last run."""
    reason = words.reason(site.note) or words.reason("error")
    if site.not_done and site.note not in NOTED:
        return words.text("not_done", day=words.date(site.not_done), reason=reason)
    return words.text("note", reason=reason)


def _what(entry: Mapping[str, Any], words: Language) -> str:
    if entry["type"] == "core":
        return "WordPress"
    if entry["type"] == "translation":
        return words.text("translation", name=entry["name"], language=entry["language"])
    return f"{entry['name']} ({words.text('theme')})" if entry["type"] == "theme" else str(entry["name"])


def _moved(entry: Mapping[str, Any], words: Language) -> dict[str, str]:
    told = entry["type"] != "translation"
    return {
        "what": _what(entry, words),
        "before": entry["before"] if told else "",
        "after": entry["after"] if told else "",
        "remark": words.text("inactive") if entry["reason"] == "deactivated" else "",
    }


def _left(entry: Mapping[str, Any], words: Language) -> str:
    """``Cache stays at 2.0 (3.0 is available): a larger step, left for later on purpose``"""
    text = _what(entry, words)
    if entry["type"] != "translation" and entry["before"] and stays(entry):
        text = words.text("stays", name=text, version=entry["before"])
        if entry["planned"] not in ("", entry["before"]) and is_offered(entry):
            text += f" ({words.text('available', version=entry['planned'])})"
    why = words.reason(entry["reason"])
    return f"{text}{words.text('colon')}{why}" if why else text


def _steps(site: SiteStory, words: Language) -> Iterable[str]:
    """What comes next on a site, by what was left and what is wrong."""
    name = site.name or spoken(site.url)
    if site.note in NOTED:
        yield from filter(None, [words.step(site.note, site=name)])
    inactive = [entry for entry in site.moved.values() if entry["reason"] == "deactivated"]
    for entry in [] if site.left_us else [*site.left, *inactive]:
        if entry["reason"] != site.note:
            yield from filter(None, [words.step(entry["reason"], site=name, name=_what(entry, words))])


def _own(letter: Letter, extra: Belonging, key: str) -> Sequence[Mapping[str, Any]]:
    """What you noted for this client."""
    return extra.get(key, {}).get((letter.dashboard, letter.client), ())


def _hours(letter: Letter, words: Language, extra: Belonging) -> list[dict[str, str]]:
    """Hours of the period, and their sum."""
    found = _own(letter, extra, "hours")
    if not found:
        return []
    told = [
        {"day": words.date(entry["day"]), "what": str(entry["what"]), "hours": words.decimal(entry["hours"])}
        for entry in sorted(found, key=lambda entry: entry["day"])
    ]
    whole = words.decimal(sum(entry["hours"] for entry in found))
    return [*told, {"day": words.text("total"), "what": "", "hours": whole}]


def _backup(
    site: SiteStory, letter: Letter, period: tuple[Day, Day], backups: Mapping[Key, Sequence[Mapping[str, Any]]]
) -> Day | None:
    """The last backup that you noted, up to the end of the period."""
    noted = [entry["at"] for entry in backups.get((letter.dashboard, site.id), ())]
    return max((day for day in noted if day <= period[1]), default=None)


def _closed(site: SiteStory, letter: Letter, words: Language, beside: Beside) -> dict[tuple[str, str], str]:
    """(type, slug) → what its updates surely closed, in our own words."""
    found = closed_ones(beside.looks.get((letter.dashboard, site.id), ()), site.moves)
    return {item: words.count("closed", number) for item, number in found.items()}


def _availability(letter: Letter, words: Language, period: tuple[Day, Day], beside: Beside) -> list[dict[str, Any]]:
    """How long each site could be reached while it was this client's; empty where nothing was measured."""
    found = []
    for site in letter.sites:
        since, until = _midnight(site.came or period[0]), _midnight((site.left_us or period[1]) + ONE_DAY)
        watch = beside.watches.get((letter.dashboard, site.id))
        one = measured(watch.spans if watch else (), since, min(until, beside.now))
        found.append((one, {"name": site.name or spoken(site.url), "url": site.url, **_reached(one, words)}))
    return [told for dummy, told in found] if any(one.told for one, dummy in found) else []


def _midnight(day: Day) -> float:
    return datetime.datetime.combine(day, datetime.time(), datetime.timezone.utc).timestamp()


def _reached(one: Measured, words: Language) -> dict[str, Any]:
    """``text`` says how long; ``more`` what that does not. It is 100 % only where somebody measured all the time."""

    def percent(part: int, whole: int) -> str:
        return words.text("percent", n=words.decimal(hundredths(part, whole)))

    parts = [one.up, one.down, one.whole - one.told]
    if not one.told:
        return {"text": words.text("unmeasured"), "more": [], "parts": parts}
    if one.down:
        text = words.text("reached", share=percent(one.up, one.told))
    else:
        text = words.text("reached_always" if one.is_whole else "no_outage", share=percent(one.up, one.whole))
    more = []
    if one.outages:
        longest = words.count("minutes", -(-one.longest // 60))
        more.append(words.text("outages", outages=words.count("outage", one.outages), longest=longest))
    if not one.is_whole:
        more.append(words.text("measured", share=percent(one.told, one.whole)))
    return {"text": text, "more": more, "parts": parts}
