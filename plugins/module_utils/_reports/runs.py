# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runs that stored reports are about: each once, however often it was reported. Pure. PRIVATE to the collection."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._stored import maps, sites_in
from .keys import Key, dashboard_of, moment_of, time_of
from .run import is_plan

#: (id, entry, entries of its updates) of a site in a report.
Told = tuple[int, Mapping[str, Any], list[Mapping[str, Any]]]


@dataclass(frozen=True)
class Run:
    """One stored report. Its sites are sorted once, for there are many sites, nights and clients."""

    dashboard: str
    #: The day (UTC) on which it began.
    day: datetime.date
    stamp: str
    complete: bool
    #: By client, as the report has it.
    sites: Mapping[int, list[Told]]
    #: Site → client.
    owners: Mapping[int, int]
    #: When it began and ended.
    span: tuple[float, float] = (0, 0)

    def told(self) -> Iterator[tuple[Key, Key, Mapping[str, Any]]]:
        """(site, client, entry) of each site; a client with the number 0 is none."""
        for client, entries in self.sites.items():
            for number, site, dummy in entries:
                yield (self.dashboard, number), (self.dashboard, client), site


def runs_in(reports: Iterable[Mapping[str, Any]]) -> list[Run]:
    """The runs that stored reports are about, the oldest first. A copy counts once; a plan does not count."""
    found: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for report in reports:
        stamp = _stamp(report)
        if not stamp or is_plan(report):
            continue
        key = (dashboard_of(report), stamp, str(report.get("host") or ""))
        if key not in found or report.get("complete") is True:
            found[key] = report
    runs = []
    seen: set[Hashable] = set()
    for (dashboard, stamp, dummy), report in sorted(found.items(), key=_fullest_first):
        told = list(sites_in(report))
        marks = {entry[0]: _marks(dashboard, entry) for entry in told}
        copied = {number for number, own in marks.items() if own & seen}
        if copied and copied >= {number for number, own in marks.items() if own}:
            continue
        seen.update(*marks.values())
        runs.append(_run(report, dashboard, stamp, [entry for entry in told if entry[0] not in copied]))
    return sorted(runs, key=lambda run: (run.stamp, run.dashboard))


def _stamp(report: Mapping[str, Any]) -> str:
    """When the run began, in UTC; empty where nobody knows the day."""
    given = str(report.get("started") or "")
    moment = moment_of(given)
    if moment is not None:
        return moment.isoformat()
    try:
        return datetime.date.fromisoformat(given[:10]).isoformat()
    except ValueError:
        return ""


def _fullest_first(pair: tuple[tuple[str, str, str], Mapping[str, Any]]) -> tuple[Any, ...]:
    """Of several reports of one run that which tells most comes first, and then the one that was made first."""
    report = pair[1]
    return report.get("complete") is not True, -sum(1 for dummy in sites_in(report)), pair[0]


def _marks(dashboard: str, told: Told) -> set[Hashable]:
    """What can have happened on a site only once: its turns in a lane, or else what moved. No two runs share that, two
    reports of one run do. Where nothing happened there is nothing to count twice."""
    number, site, entries = told
    began = [turn.get("began") for turn in maps(site.get("turns"))]
    if began:
        return {(dashboard, number, str(moment)) for moment in began}
    columns = ("type", "slug", "language", "version_before", "version_after")
    moved = [
        tuple(str(entry.get(column)) for column in columns) for entry in entries if entry.get("result") == "updated"
    ]
    return {(dashboard, number, str(site.get("last_sync")), *sorted(moved))} if moved else set()


def _run(report: Mapping[str, Any], dashboard: str, stamp: str, told: Iterable[Told]) -> Run:
    sites: dict[int, list[Told]] = {}
    for entry in told:
        sites.setdefault(client_of(entry[1]), []).append(entry)
    owners = {number: client for client, entries in sites.items() for number, dummy, updates in entries}
    began = time_of(stamp)
    span = (began, max(began, time_of(report.get("finished"))))
    day = datetime.date.fromisoformat(stamp[:10])
    return Run(dashboard, day, stamp, report.get("complete") is True, sites, owners, span)


def client_of(site: Mapping[str, Any]) -> int:
    """The client that a report names; 0 for none."""
    number = site.get("client_id")
    return number if isinstance(number, int) and number > 0 else 0
