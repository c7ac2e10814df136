# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pending updates over time: a number only where all was looked at, gaps as gaps, nothing made up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports import trend
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.keys import dashboard_of, time_of
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.trend import pending_over_time

from .test_fleet_page import AGENCY, SHOPS, offer, page, planned, result, site

Looks = list[dict[str, Any]]


def look(day: int, *numbers: int | None, url: str = AGENCY, **more: Any) -> dict[str, Any]:
    """On that day of November, so many updates were pending on each site; None: the look has not got the site."""
    sites = [
        site(index, updates=[offer(f"P{n}") for n in range(number)], last_sync=f"2026-11-{day:02}T22:00:00Z", **more)
        for index, number in enumerate(numbers, 1)
        if number is not None
    ]
    return result(*sites, url=url)


def plan(day: int, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return result(site(1, updates=list(entries), last_sync=f"2026-11-{day:02}T22:00:00Z", **more))


def told(infos: Looks, plans: Looks | tuple[()] = (), gone: Any = frozenset()) -> list[tuple[int, int, bool]]:
    """(day, number, joined to the one before)."""
    found = pending_over_time(infos, plans, gone)
    return [(int(point["day"][-2:]), point["number"], point["joined"]) for point in found["points"]] if found else []


def test_each_day_with_a_look_is_a_point_and_the_last_look_of_a_day_counts() -> None:
    early = look(2, 9, 9)
    early["sites"][0]["last_sync"] = early["sites"][1]["last_sync"] = "2026-11-02T03:00:00Z"
    looks = [look(3, 0, 0), look(1, 2, 1), look(2, 2, 2), early]
    assert told(looks) == [(1, 3, False), (2, 4, True), (3, 0, True)]


def test_offers_of_what_is_installed_do_not_count() -> None:
    looks = [look(day, 1) for day in (1, 2, 3)]
    looks[1]["sites"][0]["updates"].append(offer("Past", new_version="0.9"))
    assert told(looks) == [(1, 1, False), (2, 1, True), (3, 1, True)]


def test_fewer_than_three_days_are_no_line() -> None:
    assert told([look(1, 2), look(2, 1), look(2, 1)]) == []
    assert told([]) == []


def test_a_day_on_which_a_site_is_missing_is_a_gap() -> None:
    looks = [look(1, 2, 2), look(2, 2, 1), look(3, 1, None), look(4, 1, 1), look(5, 0, 1)]
    assert told(looks) == [(1, 4, False), (2, 3, True), (4, 2, False), (5, 1, True)]


def test_a_site_that_came_or_is_gone_makes_no_gap() -> None:
    looks = [look(1, 2, 2), look(2, 2, 2), look(3, 1, None, 4), look(4, 1, None, 4)]
    assert told(looks, gone={(dashboard_of(looks[0]), 2)}) == [
        (1, 4, False),
        (2, 4, True),
        (3, 5, True),
        (4, 5, True),
    ]


def test_who_looks_once_a_week_has_no_gaps_between() -> None:
    looks = [look(day, 1) for day in (1, 8, 14, 28)]
    assert told(looks) == [(1, 1, False), (8, 1, True), (14, 1, True), (28, 1, False)]


def test_a_day_counts_only_where_all_dashboards_were_looked_at_and_not_before_all_are_known() -> None:
    agency = [look(day, 2) for day in (1, 2, 3, 4, 5, 6)]
    shops = [look(day, 5, url=SHOPS) for day in (3, 4, 6)]
    assert told(agency + shops) == [(3, 7, False), (4, 7, True), (6, 7, False)]


def test_what_nobody_told_is_not_nothing() -> None:
    known = [plan(1, planned()), plan(2, planned()), plan(4, planned(result="skipped", reason="premium"))]
    busy = plan(3, reason="locked", result="failed")
    assert told([], [*known, busy]) == [(1, 1, False), (2, 1, True), (4, 1, False)]
    without = [result(site(1, last_sync=f"2026-11-0{day}T22:00:00Z")) for day in (1, 2, 3)]
    assert told(without) == []


@pytest.mark.parametrize("reason", ["disconnected", "locked_out", "suspended"])
def test_of_a_site_that_is_down_that_is_told_what_mainwp_knew_last(reason: str) -> None:
    plans = [plan(1, planned()), plan(2, planned()), plan(3, reason=reason, result="failed")]
    assert told([], plans) == [(1, 1, False), (2, 1, True), (3, 0, True)]


def test_a_site_that_was_never_synced_tells_nothing() -> None:
    never = site(2, updates=[], last_sync="")
    looks = [result(*look(day, 2)["sites"], never) for day in (1, 2)]
    assert told([*looks, look(3, 2, 5)]) == [(1, 2, False), (2, 2, True), (3, 7, True)]


def test_a_fleet_of_twice_the_size_is_twice_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for size in (20, 40):
        read: list[Any] = []
        monkeypatch.setattr(trend, "time_of", lambda stamp, read=read: read.append(stamp) or time_of(stamp))
        assert len(told([look(day, *[1] * size) for day in (1, 2, 3)])) == 3
        counts.append(len(read))
    assert counts[1] <= 2 * counts[0], counts


def test_what_is_settled_does_not_count() -> None:
    plans = [plan(day, planned(), planned("Old", result="skipped", reason="ignored")) for day in (1, 2, 3)]
    assert [number for dummy, number, joined in told([], plans)] == [1, 1, 1]


def test_listings_and_plans_are_not_mixed() -> None:
    plans = [plan(day, planned()) for day in (1, 2, 3)]
    assert [entry[1] for entry in told([look(day, 4) for day in (1, 2, 3)], plans)] == [1, 1, 1]
    assert [entry[1] for entry in told([look(day, 4) for day in (1, 2, 3, 4)], plans)] == [4, 4, 4, 4]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (2, 2), (3, 4), (7, 8), (9, 10), (10, 10), (11, 20), (99, 100), (101, 200)]
)
def test_the_axis_begins_at_0_and_ends_at_a_round_number(most: int, top: int) -> None:
    found = pending_over_time([look(day, most) for day in (1, 2, 3)], [], set())
    assert found is not None
    assert found["top"] == top


def drawn(folder: Path, looks: Looks) -> str:
    page(folder, sites=looks)
    return next(folder.rglob("fleet.html")).read_text()


def test_the_line_is_broken_on_the_page_and_says_in_words_what_it_shows(tmp_path: Path) -> None:
    text = drawn(tmp_path, [look(day, number) for day, number in ((1, 8), (2, 6), (5, 4), (6, 0), (7, 0))])
    assert 'aria-label="Pending updates over time: 8 on 1 November 2026, 0 on 7 November 2026"' in text
    lines = re.findall(r'<polyline points="([^"]*)"', text)
    assert [len(line.split()) for line in lines] == [2, 3]
    assert text.count("<circle class") == 5
    assert "<title>6 November 2026: 0</title>" in text
    assert "The line is broken" in text


def test_without_a_line_nothing_is_said_of_one(tmp_path: Path) -> None:
    text = drawn(tmp_path, [look(1, 8), look(2, 6)])
    assert "<polyline" not in text
    assert "How many there were" not in text
