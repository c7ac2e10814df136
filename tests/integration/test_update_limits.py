# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The brakes of a run: bad releases are held, failures limited, time kept, known trouble announced."""

from __future__ import annotations

import datetime
import itertools
import re
from types import SimpleNamespace

import pytest
from integration._fleets import PLUGIN, THEME, child, fleet, moves
from integration._play import Task

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _lanes, _update_options
from simulator import Offer

BAD, GOOD = {"broken_package": True}, {}


def sites(*kinds, **fields):
    """One site for each kind of plugin update, worked on one after another."""
    return fleet(*(child(Offer("1.1.0", **kind), theme=Offer("1.2")) for kind in kinds), **fields)


def one_by_one(play):
    """A single lane, so that the order is that of the addresses."""
    play.connection["concurrency"] = 1
    return play


def results(result, slug=PLUGIN):
    """Result and reason of one update on all sites, in order."""
    return [
        (entry["result"], entry["reason"])
        for site in result["sites"]
        for entry in site["updates"]
        if entry["slug"] == slug
    ]


def test_a_result_tells_when_lanes_worked_on_sites(direct_for, monkeypatch):
    play = one_by_one(direct_for(sites(GOOD, BAD)))
    ticks = itertools.count(1_000_000_000)  # seconds that pass when a turn looks at a clock, and no others
    clock = SimpleNamespace(time=lambda: next(ticks), monotonic=lambda: next(ticks))
    monkeypatch.setattr(_lanes, "time", clock)
    result = play.task("mainwp_batch_update", {"all_sites": True})
    turns = [turn for site in result["sites"] for turn in site["turns"]]
    began = [datetime.datetime.fromisoformat(turn["began"].replace("Z", "+00:00")).timestamp() for turn in turns]
    assert len(turns) == 2
    assert began[0] == 1_000_000_000
    assert 0 < turns[0]["seconds"] < began[1] - began[0], "one lane does one site at a time"
    asked = [re.search(r"/(\d+)/", entry.path)[1] for entry in result.writes]
    assert [site for site, _requests in itertools.groupby(asked)] == ["1", "2"], asked
    again = play.task("mainwp_batch_update", {"all_sites": True}, check=True)
    assert [site["turns"] for site in again["sites"]] == [[], []]


def test_a_release_that_failed_on_two_sites_is_held_for_the_rest(direct_for, dialect):
    play = one_by_one(direct_for(sites(BAD, GOOD, BAD, GOOD), dialect))
    play.sim.fleet.sites[4].child.plugins[0].version = "1.0.5"
    result = play.task("mainwp_batch_update", {"all_sites": True})
    failed, held = ("failed", "child_error"), ("held", "held_release")
    assert results(result) == [failed, ("updated", ""), failed, held]
    assert results(result, THEME) == [("updated", "")] * 4, "only the release is held"
    assert result.updates("updated") == moves(play.sim)
    assert result["summary"]["updates"]["held"] == 1
    assert len(result["summary"]["failed_sites"]) == 2


def test_hold_after_is_a_number_and_zero_never_holds(direct_for):
    plays = [one_by_one(direct_for(sites(BAD, BAD, BAD, GOOD))) for _number in range(2)]
    first, never = plays[0].tasks(
        Task("mainwp_batch_update", {"all_sites": True, "hold_after": 1}),
        Task("mainwp_batch_update", {"all_sites": True, "hold_after": 0, "url": plays[1].sim.url}),
    )
    assert [result for result, _reason in results(first)] == ["failed", "held", "held", "held"]
    assert [result for result, _reason in results(never)] == ["failed", "failed", "failed", "updated"]


@pytest.mark.parametrize(("limit", "tolerated"), [("2", True), ("40%", True), ("1", False), ("39%", False)])
def test_failures_within_the_limit_are_warnings_and_beyond_it_nothing_new_starts(direct_for, limit, tolerated):
    play = one_by_one(direct_for(sites(BAD, GOOD, BAD, GOOD, GOOD), "abilities"))
    known = ["s01.example", "s03.example"] if tolerated else []
    options = {"all_sites": True, "hold_after": 0, "max_failed_sites": limit}
    result = play.task("mainwp_batch_update", options, warns=known)
    assert result.failed is not tolerated
    assert result.changed
    rest = ("updated", "") if tolerated else ("skipped", "stopped")
    assert results(result)[:3] == [("failed", "child_error"), ("updated", ""), ("failed", "child_error")]
    assert results(result)[3:] == [rest, rest]
    assert result.updates("updated") == moves(play.sim)
    assert result["summary"]["sites"]["failed"] == 2
    if not tolerated:
        assert not [entry for entry in result.writes if "/4/" in entry.path or "/5/" in entry.path]


def test_one_dead_site_on_a_quiet_night_is_a_small_part_of_the_fleet(direct_for, dialect):
    """Two sites have updates; that twelve were to be looked at is what a percentage is about."""
    made = fleet(*(child(Offer("1.1.0") if number > 10 else None) for number in range(1, 13)))
    for site in made.sites.values():
        site.dts_sync -= 4000
    made.sites[1].sync_errors = "ERROR: it did not answer"
    made.sites[1].child.down = True
    play = one_by_one(direct_for(made, dialect))
    result = play.task("mainwp_batch_update", {"all_sites": True, "max_failed_sites": "10%"}, warns=["s01.example"])
    assert not result.failed
    assert {move[0] for move in moves(play.sim)} == {11, 12}


def test_no_failure_is_tolerated_with_zero(direct_for, dialect):
    play = one_by_one(direct_for(sites(BAD, GOOD), dialect))
    result = play.task("mainwp_batch_update", {"all_sites": True, "max_failed_sites": "0"})
    assert result.failed
    assert results(result) == [("failed", "child_error"), ("skipped", "stopped")]


def test_what_did_not_start_in_time_is_skipped_and_no_failure(direct_for, dialect):
    play = one_by_one(direct_for(sites(*[GOOD] * 6, update_seconds=0.5), dialect))
    result = play.task("mainwp_batch_update", {"all_sites": True, "stop_after": "2"})
    assert not result.failed
    kinds = results(result) + results(result, THEME)
    assert set(kinds) == {("updated", ""), ("skipped", "out_of_time")}
    assert results(result)[0] == ("updated", "")
    assert results(result)[-1] == ("skipped", "out_of_time")
    assert result.updates("updated") == moves(play.sim)
    assert result["summary"]["sites"]["skipped"] >= 1


def test_a_clock_time_stops_too(direct_for):
    play = direct_for(sites(GOOD))
    later = (datetime.datetime.now() + datetime.timedelta(hours=2)).strftime("%H:%M")
    none, all_of_it = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True, "stop_after": "0"}),
        Task("mainwp_batch_update", {"all_sites": True, "stop_after": later}),
    )
    assert none.work == []
    assert not none.failed
    assert results(none) == [("skipped", "out_of_time")]
    assert results(all_of_it) == [("updated", "")]


@pytest.mark.usefixtures("hurry")
def test_announced_trouble_is_reported_apart_until_its_day(direct_for, dialect):
    today = datetime.date.today()
    past, future = str(today - datetime.timedelta(days=1)), str(today + datetime.timedelta(days=1))
    play = direct_for(sites(BAD, GOOD, GOOD), dialect)
    play.sim.fleet.sites[3].child.down = True
    down, bad = {"site": "s03.example"}, {"site": "https://s01.example/", "update": "shop"}

    def run(*expected, **more):
        return Task("mainwp_batch_update", {"all_sites": True, "expected_failures": list(expected), **more})

    known, over, other = play.tasks(
        run(down, {**bad, "until": future}),
        run(down, {**bad, "until": past}),
        run(down, {**bad, "update": "theme:*"}),
    )
    assert not known.failed
    assert known.updates("updated") == moves(play.sim)
    assert known["summary"]["expected_failures"] == 2
    assert known["summary"]["failed_sites"] == []
    assert "2 expected" in known.msg
    assert "new:" not in known.msg
    assert [known.site(number)["expected"] for number in (1, 2, 3)] == [True, False, True]
    assert known.update(1, PLUGIN)["result"] == "failed"
    assert known.update(1, PLUGIN)["expected"]
    for result in (over, other):
        assert result.failed
        assert result["summary"]["failed_sites"] == ["https://s01.example/"]
        assert result["summary"]["expected_failures"] == 1
        assert not result.update(1, PLUGIN)["expected"]


def test_what_is_announced_for_today_is_expected_of_a_run_that_goes_beyond_midnight(direct_for, monkeypatch):
    began = datetime.date.today() - datetime.timedelta(days=1)
    monkeypatch.setattr(_update_options, "datetime", SimpleNamespace(date=SimpleNamespace(today=lambda: began)))
    play = one_by_one(direct_for(sites(BAD, GOOD)))
    expected = [{"site": "1", "until": str(began)}]
    options = {"all_sites": True, "max_failed_sites": "0", "expected_failures": expected}
    result = play.task("mainwp_batch_update", options)
    assert (result.failed, result["summary"]["expected_failures"]) == (False, 1)


def test_what_is_announced_of_a_site_excuses_no_twin_of_it_in_a_task_of_its_own(direct_for, dialect):
    """As in waves, where each host is named by its id and nothing else need be read."""
    made = sites(BAD, BAD)
    made.sites[1].url, made.sites[2].url = "https://www.shop.example/", "https://shop.example/"
    play = direct_for(made, dialect)

    def run(number, name):
        expected = [{"site": name}, {"site": "elsewhere.example"}]
        return Task("mainwp_batch_update", {"sites": [str(number)], "expected_failures": expected}, warns=None)

    names = ["https://shop.example", "shop.example", "https://www.shop.example/", "1"]
    told = play.tasks(*(run(1, name) for name in names))
    assert [result.site(1)["expected"] for result in told] == [False, False, True, True]
    asked = [[entry.path for entry in result.journal].count("/mainwp/v2/sites/basic") for result in told]
    assert asked == [1, 1, 0, 0], "only what may be meant for another site costs a request"


def test_announced_trouble_does_not_count_for_the_limit(direct_for):
    play = one_by_one(direct_for(sites(BAD, BAD, GOOD)))
    expected = [{"site": "1"}, {"site": "2", "update": "shop/shop.php", "until": str(datetime.date.today())}]
    options = {"all_sites": True, "hold_after": 0, "max_failed_sites": "0", "expected_failures": expected}
    result = play.task("mainwp_batch_update", options)
    assert not result.failed
    assert [name for name, _reason in results(result)] == ["failed", "failed", "updated"]
