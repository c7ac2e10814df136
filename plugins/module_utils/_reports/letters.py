# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters to clients about a period, as data without words, from stored reports. Pure. PRIVATE to the collection.

Sites and clients are keyed by (Dashboard, id). What happened on a site belongs to the client that the report of that run
names, whoever has the site today. What no report tells is not told; where reports are missing, that is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._stored import sites_in
from .keys import dashboard_of, time_of
from .vulnerable import Move

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)
WEEK = datetime.timedelta(days=7)
#: What was left out because somebody wants that, or is there already, is no news.
NO_NEWS = ("ignored", "excluded", "same_version", "older", "moved_elsewhere")
#: Reasons of a whole site that its owner is told.
NOTED = ("suspended", "disconnected", "locked_out", "theme_changed", "health")
_MOVED = "updated"


#: (id, entry, entries of its updates) of a site in a report.
Told = tuple[int, Mapping[str, Any], list[Mapping[str, Any]]]


@dataclass(frozen=True)
class Run:
    """One stored report. Its sites are sorted once, for there are many sites, nights and clients."""

    dashboard: str
    day: Day
    stamp: str
    complete: bool
    #: By client, as the report has it.
    sites: Mapping[int, list[Told]]
    #: Site → client.
    owners: Mapping[int, int]
    #: When it began and ended.
    span: tuple[float, float] = (0, 0)


@dataclass
class SiteStory:
    """What happened on a site while it was this client's."""

    id: int
    name: str = ""
    url: str = ""
    wp_version: str = ""
    #: Days on which a run that came to its end had it.
    days: list[Day] = field(default_factory=list)
    #: What moved, as the reports have it.
    moves: list[Move] = field(default_factory=list)
    #: (type, slug, language) → what moved: ``name``, ``before`` of the first time, ``after`` of the last, ``times``.
    moved: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    #: What was left, by the last run that had it: entries with ``reason``.
    left: list[dict[str, Any]] = field(default_factory=list)
    #: The last run's reason of the whole site, where its owner is told.
    note: str = ""
    #: What WordPress itself last thought of its health; None: no report tells.
    health_score: int | None = None
    seen_well: int = 0
    seen_bad: list[Day] = field(default_factory=list)
    #: The first day on which it was no longer another's, the last before it was; None: it always was, it still is.
    came: Day | None = None
    left_us: Day | None = None


@dataclass
class Letter:
    """What one client is told."""

    dashboard: str
    client: int
    name: str
    sites: list[SiteStory]
    #: (Monday, updates that moved in this week of the period)
    weeks: list[tuple[Day, int]]
    #: First and last day of spans without a run that came to its end.
    missing: list[tuple[Day, Day]]
    broken_off: list[Day]

    @property
    def updates(self) -> int:
        """How many updates moved."""
        return sum(number for dummy, number in self.weeks)

    @property
    def is_whole(self) -> bool:
        """Does it tell of all that should have been?"""
        return not self.missing and not self.broken_off


def runs_in(reports: Iterable[Mapping[str, Any]]) -> list[Run]:
    """The runs that stored reports are about, the oldest first. A copy counts once; a plan does not count."""
    found: dict[tuple[str, str, str], Run] = {}
    for report in reports:
        stamp = str(report.get("started") or "")
        try:
            day = Day.fromisoformat(stamp[:10])
        except ValueError:
            continue
        if report.get("check_mode"):
            continue
        run = _run(report, day, stamp)
        key = (run.dashboard, stamp, str(report.get("host") or ""))
        if key not in found or run.complete:
            found[key] = run
    return sorted(found.values(), key=lambda run: (run.stamp, run.dashboard))


def _run(report: Mapping[str, Any], day: Day, stamp: str) -> Run:
    sites: dict[int, list[Told]] = {}
    for told in sites_in(report):
        sites.setdefault(client_of(told[1]), []).append(told)
    owners = {number: client for client, entries in sites.items() for number, dummy, updates in entries}
    began = time_of(stamp)
    span = (began, max(began, time_of(report.get("finished"))))
    return Run(dashboard_of(report), day, stamp, report.get("complete") is True, sites, owners, span)


def client_of(site: Mapping[str, Any]) -> int:
    """The client that a report names; 0 for none."""
    number = site.get("client_id")
    return number if isinstance(number, int) and number > 0 else 0


def letters(runs: Sequence[Run], since: Day, until: Day, every: str) -> list[Letter]:
    """A letter for each client that a run of the period had. ``every``: ``day`` or ``week``, how often runs should be."""
    told = [run for run in runs if since <= run.day <= until]
    keys = {(run.dashboard, client) for run in told for client in run.sites if client}
    of: dict[str, list[Run]] = {}
    for run in runs:
        of.setdefault(run.dashboard, []).append(run)
    return [_letter(of[dashboard], dashboard, client, (since, until), every) for dashboard, client in sorted(keys)]


def _letter(runs: Sequence[Run], dashboard: str, client: int, period: tuple[Day, Day], every: str) -> Letter:
    since, until = period
    told = [run for run in runs if since <= run.day <= until]
    stories: dict[int, SiteStory] = {}
    counts: dict[Day, int] = {
        monday(since) + WEEK * step: 0 for step in range((monday(until) - monday(since)).days // 7 + 1)
    }
    name = ""
    for run in told:
        for number, site, entries in run.sites.get(client, ()):
            name = str(site.get("client_name") or name)
            story = stories.setdefault(number, SiteStory(number))
            counts[monday(run.day)] += _tell(story, run, site, entries)
    for story in stories.values():
        _say_where_it_went(story, told, client)
    return Letter(
        dashboard=dashboard,
        client=client,
        name=name,
        sites=sorted(stories.values(), key=lambda story: (story.name.lower(), story.url)),
        weeks=list(counts.items()),
        missing=_missing(runs, client, period, every),
        broken_off=sorted({run.day for run in told if not run.complete}),
    )


def _tell(story: SiteStory, run: Run, site: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> int:
    """Add what a run did on a site; how many updates moved."""
    story.name, story.url = str(site.get("name") or ""), str(site.get("url") or "")
    story.wp_version = str(site.get("wp_version") or story.wp_version)
    if run.complete:
        story.days.append(run.day)
    score = site.get("health_score_after")
    story.health_score = (
        score if isinstance(score, int) and not isinstance(score, bool) and score > 0 else story.health_score
    )
    health = site.get("health")
    verdict = health.get("verdict") if isinstance(health, Mapping) else ""
    story.seen_well += verdict == "ok"
    story.seen_bad += [run.day] if verdict == "failed" else []
    story.note = str(site.get("reason")) if site.get("reason") in NOTED else ""
    story.left, number = [], 0
    for entry in entries:
        if entry.get("result") == _MOVED:
            _move(story, entry)
            story.moves.append(Move(*run.span, entry))
            number += 1
        elif entry.get("result") not in ("unchanged", "planned") and entry.get("reason") not in NO_NEWS:
            story.left.append(_plain(entry))
    return number


def _move(story: SiteStory, entry: Mapping[str, Any]) -> None:
    told = _plain(entry)
    key = (told["type"], str(entry.get("slug") or told["name"]), told["language"])
    earlier = story.moved.get(key, {"before": told["before"], "times": 0})
    story.moved[key] = {**told, "before": earlier["before"], "times": earlier["times"] + 1}


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An update without what only machines read."""
    known = {
        "type": "type",
        "name": "name",
        "language": "language",
        "reason": "reason",
        "before": "version_before",
        "planned": "version_planned",
        "after": "version_after",
    }
    return {key: str(entry.get(column) or "") for key, column in known.items()}


def _say_where_it_went(story: SiteStory, told: Sequence[Run], client: int) -> None:
    """A site that another client had earlier or later in the period."""
    owners = [(run.day, run.owners[story.id]) for run in told if story.id in run.owners]
    ours = [place for place, (dummy, owner) in enumerate(owners) if owner == client]
    story.came = owners[ours[0]][0] if ours[0] > 0 else None
    story.left_us = owners[ours[-1]][0] if ours[-1] + 1 < len(owners) else None
    if story.left_us:  # what is open there is no longer this client's business
        story.left, story.note = [], ""


def monday(day: Day) -> Day:
    """The first day of the week."""
    return day - ONE_DAY * day.weekday()


def _missing(runs: Sequence[Run], client: int, period: tuple[Day, Day], every: str) -> list[tuple[Day, Day]]:
    """Spans in which no run that came to its end had this client's sites, while they should have been had.

    A week belongs to the period in which it ends, so that each is judged once, and by all its days.
    """
    since, until = period
    having = [run for run in runs if client in run.sites]
    first, last = having[0].day, having[-1].day
    moved_on = _all_moved_on(runs, having[-1], client)

    def covered(begin: Day, end: Day) -> bool:
        whole = [run for run in runs if run.complete and begin <= run.day <= end]
        if end < first or (moved_on and begin > last):
            return bool(whole)
        return any(client in run.sites for run in whole)

    length = ONE_DAY if every == "day" else WEEK
    begin = since if every == "day" else monday(since)
    spans = []
    while begin + length - ONE_DAY <= until:
        spans.append((begin, begin + length - ONE_DAY))
        begin += length
    return [span for span in spans if not covered(*span)]


def _all_moved_on(runs: Sequence[Run], last: Run, client: int) -> bool:
    """Did other clients have all of its sites afterwards?"""
    later = [run for run in runs if run.stamp > last.stamp]
    return all(
        any(run.owners.get(number, client) != client for run in later) for number, dummy, told in last.sites[client]
    )
