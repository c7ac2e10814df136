# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters of whatever was stored: each update is in one letter, nothing is made up, and nothing is told of the future."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _letters
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.client_page import Beside, client_page
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.letters import ONE_DAY, Letter, Period, letters
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.runs import runs_in

from .hostile import examples

FIRST = datetime.date(2026, 10, 26)
ENGLISH = _letters.language("en", "")
RESULTS = ("updated", "failed", "unknown", "pending", "skipped", "held", "unchanged", "planned")
REASONS = (
    "",
    "policy",
    "locked",
    "timeout",
    "disconnected",
    "gone",
    "drifted",
    "deactivated",
    "out_of_time",
    "ignored",
)
VERDICTS = ("ok", "failed", "broken_before", "unknown", "not_checked")

ENTRY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(("plugin", "theme", "core", "translation")),
        "slug": st.sampled_from(("a/a.php", "b/b.php")),
        "name": st.just("Shop"),
        "result": st.sampled_from(RESULTS),
        "reason": st.sampled_from(REASONS),
        "version_before": st.just("1.0"),
        "version_planned": st.just("1.1"),
        "version_after": st.just("1.1"),
    }
)
SITE = st.fixed_dictionaries(
    {
        "id": st.integers(1, 3),
        "client_id": st.sampled_from((0, 7, 8)),
        "result": st.sampled_from(RESULTS[:-1]),
        "reason": st.sampled_from(REASONS),
        "health": st.fixed_dictionaries({"verdict": st.sampled_from(VERDICTS)}),
        "updates": st.lists(ENTRY, max_size=2),
    }
)
NIGHT = st.fixed_dictionaries(
    {
        "dashboard": st.sampled_from(("https://a.example", "https://b.example")),
        "day": st.integers(0, 20),
        "hour": st.integers(0, 23),
        "complete": st.booleans(),
        "check_mode": st.sampled_from((False, False, False, True)),
        "sites": st.lists(SITE, max_size=3, unique_by=lambda site: site["id"]),
    }
)
NIGHTS = st.lists(NIGHT, max_size=8, unique_by=lambda night: (night["dashboard"], night["day"], night["hour"]))


def report(night: dict[str, Any]) -> dict[str, Any]:
    """As a run leaves it: its sites have the time when they were worked on."""
    day = FIRST + ONE_DAY * night["day"]
    stamp = f"{day}T{night['hour']:02}:00:00Z"
    turns = [{"began": f"{day}T{night['hour']:02}:00:01.000Z", "seconds": 1}]
    known = {"url": "https://s.example", "client_name": "", "turns": turns, "last_sync": stamp}
    sites = [{**known, **site, "name": f"S{site['id']}"} for site in night["sites"]]
    return {**night, "dashboard": {"url": night["dashboard"]}, "started": stamp, "finished": stamp, "sites": sites}


def is_plan(one: dict[str, Any]) -> bool:
    results = [entry["result"] for site in one["sites"] for entry in site["updates"]]
    return one["check_mode"] or ("planned" in results and "updated" not in results)


def counted(reports: list[dict[str, Any]], period: Period) -> Counter[tuple[str, int]]:
    """What moved in the period, by Dashboard and client, by the reports alone."""
    found: Counter[tuple[str, int]] = Counter()
    for one in reports:
        if is_plan(one) or not str(period.since) <= one["started"][:10] <= str(period.until):
            continue
        for site in one["sites"]:
            moved = sum(entry["result"] == "updated" for entry in site["updates"])
            found[one["dashboard"]["url"].removeprefix("https://"), site["client_id"]] += moved
    return +Counter({key: number for key, number in found.items() if key[1]})


def last_of(letter: Letter, number: int, reports: list[dict[str, Any]], period: Period) -> dict[str, Any]:
    """The newest entry of a client's site in the period."""
    found = [
        (one["started"], site)
        for one in reports
        for site in one["sites"]
        if (site["id"], site["client_id"]) == (number, letter.client)
        if one["dashboard"]["url"].endswith(letter.dashboard)
        if str(period.since) <= one["started"][:10] <= str(period.until)
    ]
    return max(found, key=lambda pair: pair[0])[1]


@examples(60)
@given(NIGHTS, st.integers(0, 25), st.sampled_from(("day", "week")), st.randoms(use_true_random=False))
def test_letters_hold_whatever_was_stored(nights: list[dict[str, Any]], today: int, every: str, draw: Any) -> None:
    period = Period(FIRST + ONE_DAY * 3, FIRST + ONE_DAY * 18, every, FIRST + ONE_DAY * today)
    reports = [report(night) for night in nights]
    found = letters(runs_in(reports), period)
    assert +Counter({(one.dashboard, one.client): one.updates for one in found}) == counted(reports, period)
    real = [one for one in reports if not is_plan(one)]
    for letter in found:
        assert all(last < period.today and first <= last for first, last in letter.missing)
        assert letter.updates == sum(entry["times"] for site in letter.sites for entry in site.moved.values())
        page = client_page(letter, ENGLISH, (period.since, period.until), {}, Beside())
        nothing = "nothing to update" in page["intro"]
        for story in letter.sites:
            last = last_of(letter, story.id, real, period)
            if last["result"] != "unchanged":
                assert not nothing
                assert not story.is_quiet
            assert len(set(story.seen_bad)) == len(story.seen_bad)
        assert not (nothing and (letter.updates or letter.missing or letter.broken_off))
        for line in (text for site in page["sites"] for text in site["left"]):
            assert "stays at" not in line or not line.endswith(("is no longer there", "no longer active"))
    # copies, in whatever order, change nothing
    copies = [{**one, "started": one["started"].replace(":00Z", ":09Z")} for one in reports if one["sites"]]
    shuffled = [*reports, *copies]
    draw.shuffle(shuffled)
    assert letters(runs_in(shuffled), period) == found
