# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters to clients about a period, as data without words, from stored reports. Pure. PRIVATE to the collection.

Sites and clients are keyed by (Dashboard, id). What happened on a site belongs to the client that the report of that run
names, whoever has the site today. What no report tells is not told; where reports are missing, that is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .owner import NOT_DONE, is_open, note_of
from .reasons import SETTLED
from .runs import Run
from .vulnerable import Move

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)
WEEK = datetime.timedelta(days=7)
#: What had no run for longer is no longer looked after, most likely.
LATELY = datetime.timedelta(days=62)
#: What was left out because somebody wants that, or is there already, is no news.
NO_NEWS = (*SETTLED, "moved_elsewhere")
_MOVED = "updated"


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
    #: The last run's result of the site, and its reason of the whole site where the owner is told.
    result: str = ""
    note: str = ""
    #: The day of the last run, where it did not get to anything here.
    not_done: Day | None = None
    #: What WordPress itself last thought of its health; None: no report tells.
    health_score: int | None = None
    seen_well: int = 0
    seen_bad: list[Day] = field(default_factory=list)
    #: Did a look find pages that were bad before, or could not be judged?
    seen_else: bool = False
    #: The first day on which it was no longer another's, the last before it was; None: it always was, it still is.
    came: Day | None = None
    left_us: Day | None = None

    @property
    def is_quiet(self) -> bool:
        """Is it known that nothing was to be done?"""
        return self.result == "unchanged" and bool(self.days) and not self.moved and not self.left


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
    #: The Mondays of weeks of which nothing is known.
    unknown: frozenset[Day] = frozenset()

    @property
    def updates(self) -> int:
        """How many updates moved."""
        return sum(number for dummy, number in self.weeks)

    @property
    def is_whole(self) -> bool:
        """Does it tell of all that should have been?"""
        return not self.missing and not self.broken_off


@dataclass(frozen=True)
class Period:
    """Both days belong to it. ``every``: ``day`` or ``week``, how often runs should be."""

    since: Day
    until: Day
    every: str
    #: Of later days nobody can know, and this one is not over.
    today: Day

    @property
    def known(self) -> Day:
        """The last day on which there should have been a run by now."""
        return min(self.until, self.today - ONE_DAY)

    def spans(self) -> list[tuple[Day, Day]]:
        """Spans that should have a run each. A week belongs to the period in which it ends, so that each is judged once,
        and by all its days."""
        length = ONE_DAY if self.every == "day" else WEEK
        begin = self.since if self.every == "day" else monday(self.since)
        ends = range((self.known - begin).days // length.days + 1)
        spans = [(begin + length * step, begin + length * (step + 1) - ONE_DAY) for step in ends]
        return [span for span in spans if span[1] <= self.known]


def letters(runs: Sequence[Run], period: Period) -> list[Letter]:
    """A letter for each client that a run of the period had."""
    told = [run for run in runs if period.since <= run.day <= period.until]
    keys = {(run.dashboard, client) for run in told for client in run.sites if client}
    of: dict[str, list[Run]] = {}
    for run in runs:
        of.setdefault(run.dashboard, []).append(run)
    return [_letter(of[dashboard], dashboard, client, period) for dashboard, client in sorted(keys)]


def silent(runs: Sequence[Run], period: Period) -> list[tuple[str, Day]]:
    """Dashboards of which no run of the period tells anything, while one did shortly before: with its day."""
    last: dict[str, Day] = {}
    for run in runs:
        if run.sites and run.day <= period.until and period.spans():
            last[run.dashboard] = run.day
    return [(dashboard, day) for dashboard, day in sorted(last.items()) if period.since - LATELY <= day < period.since]


def left(runs: Sequence[Run], period: Period) -> list[tuple[str, int, str, Day]]:
    """Clients that no run of the period has, while others do, and one did shortly before: with their name and its day.
    What became of them, nobody tells, unless other clients have all of their sites now."""
    last: dict[tuple[str, int], tuple[str, Run]] = {}
    for run in runs:
        for dummy, key, site in run.told() if run.day <= period.until else ():
            if key[1]:
                last[key] = (str(site.get("client_name") or ""), run)
    quiet = {dashboard for dashboard, dummy in silent(runs, period)}
    return [
        (dashboard, client, name, run.day)
        for (dashboard, client), (name, run) in sorted(last.items(), key=lambda pair: pair[0])
        if period.spans() and period.since - LATELY <= run.day < period.since and dashboard not in quiet
        if not _all_moved_on([other for other in runs if other.dashboard == dashboard], run, client)
    ]


def _letter(runs: Sequence[Run], dashboard: str, client: int, period: Period) -> Letter:
    told = [run for run in runs if period.since <= run.day <= period.until]
    stories: dict[int, SiteStory] = {}
    first, last = monday(period.since), monday(max(min(period.until, period.today), told[-1].day))
    counts: dict[Day, int] = {first + WEEK * step: 0 for step in range((last - first).days // 7 + 1)}
    name = ""
    for run in told:
        for number, site, entries in run.sites.get(client, ()):
            name = str(site.get("client_name") or name)
            story = stories.setdefault(number, SiteStory(number))
            counts[monday(run.day)] += _tell(story, run, site, entries)
    for story in stories.values():
        _say_where_it_went(story, told, client)
    having = _Having(runs, client)
    missing = [span for span in period.spans() if not having.covered(*span)]
    return Letter(
        dashboard=dashboard,
        client=client,
        name=name,
        sites=sorted(stories.values(), key=lambda story: (story.name.lower(), story.url)),
        weeks=list(counts.items()),
        missing=missing,
        broken_off=sorted({run.day for run in told if not run.complete and having.concerns(run)}),
        unknown=frozenset(week for week in counts if _is_unknown(week, period, missing)),
    )


def _is_unknown(week: Day, period: Period, missing: Sequence[tuple[Day, Day]]) -> bool:
    """Are all days of a week, so far as the period has them and they are over, without a run?"""
    days = [day for day in (week + ONE_DAY * step for step in range(7)) if period.since <= day <= period.known]
    return bool(days) and all(any(first <= day <= last for first, last in missing) for day in days)


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
    story.seen_bad += [run.day] if verdict == "failed" and run.day not in story.seen_bad else []
    story.seen_else = story.seen_else or verdict in ("broken_before", "unknown")
    story.result, story.note = str(site.get("result") or ""), note_of(site, entries)
    story.not_done = run.day if not entries and story.result in NOT_DONE else None
    moved = [entry for entry in entries if entry.get("result") == _MOVED]
    for entry in moved:
        _move(story, entry)
        story.moves.append(Move(*run.span, entry))
    if not story.not_done:  # otherwise what was open still is
        story.left = [_plain(entry) for entry in entries if is_open(entry, NO_NEWS)]
    return len(moved)


def _move(story: SiteStory, entry: Mapping[str, Any]) -> None:
    told = _plain(entry)
    key = (told["type"], str(entry.get("slug") or told["name"]), told["language"])
    earlier = story.moved.get(key, {"before": told["before"], "times": 0})
    story.moved[key] = {**told, "before": earlier["before"], "times": earlier["times"] + 1}


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An update without what only machines read."""
    known = {
        "type": "type",
        "result": "result",
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
        story.left, story.note, story.not_done = [], "", None


def monday(day: Day) -> Day:
    """The first day of the week."""
    return day - ONE_DAY * day.weekday()


class _Having:
    """When a client had sites on a Dashboard, by all of its runs, the oldest first."""

    def __init__(self, runs: Sequence[Run], client: int) -> None:
        having = [run for run in runs if client in run.sites]
        self._runs, self._client = runs, client
        self._first, self._last = having[0].day, having[-1].day
        self._moved_on = _all_moved_on(runs, having[-1], client)

    def covered(self, begin: Day, end: Day) -> bool:
        """Did a run of these days come to its end, and have this client's sites while they should have been had?"""
        whole = [run for run in self._runs if run.complete and begin <= run.day <= end]
        if end < self._first or (self._moved_on and begin > self._last):
            return bool(whole)
        return any(self._client in run.sites for run in whole)

    def concerns(self, run: Run) -> bool:
        """Has a run this client's sites, or should it have had them?"""
        ours = self._first <= run.day and not (self._moved_on and run.day > self._last)
        return ours or self._client in run.sites


def _all_moved_on(runs: Sequence[Run], last: Run, client: int) -> bool:
    """Did other clients have all of its sites afterwards?"""
    later = [run for run in runs if run.stamp > last.stamp]
    return all(
        any(run.owners.get(number, client) != client for run in later) for number, dummy, told in last.sites[client]
    )
