# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Dashboard's own batch on WordPress before 6.9: started here, done by WP-Cron, read afterwards."""

from __future__ import annotations

import pytest
from integration._fleets import PLUGIN, THEME, child, fleet, german, moves
from integration._play import Task

from simulator import Clock, Offer

ALL, SITE = "/mainwp/v2/updates/update", "/mainwp/v2/updates/{}/update"
BATCH = {"update_method": "dashboard_batch", "wait_timeout": 300, "poll_interval": 1, "max_age": 86400}
WHOLE = {**BATCH, "all_sites": True}


pytestmark = pytest.mark.usefixtures("hurry")


def some(number=4, **more):
    """Sites with a plugin, a theme and a core update, and a translation that no batch updates here."""
    return fleet(
        *(
            child(
                Offer("1.1.0", **more),
                theme=Offer("1.2"),
                core="7.0.4",
                core_offer="7.1",
                translations=[german()] if index == 0 else [],
            )
            for index in range(number)
        )
    )


@pytest.fixture
def classic(direct_for):
    """Tasks whose Dashboard lives a minute in a real second, so that WP-Cron ticks while the test waits – or, where the test
    ticks itself, a minute at each tick: how busy the machine is has no part in it."""

    def make(one, **options):
        clock = Clock() if options.get("cron") == "manual" else Clock(scale=12)
        return direct_for(one, "classic", **{"clock": clock, **options})

    return make


def tick(play):
    """A minute passes, and WP-Cron comes by: the Dashboard tells its batches apart by seconds."""
    play.sim.fleet.clock.advance(60)
    play.sim.cron.run()


def tick_after_start(play, ticks=1000):
    """Let WP-Cron tick at each look at the sites, but not before the module has asked for a batch."""
    left = iter(range(ticks))

    def look():
        if play.sim.journal.work() and next(left, None) is not None:
            tick(play)

    play.sim.faults.add(action="hook", method="GET", path="/mainwp/v2/sites", times=None, before=look)


def test_all_sites_are_started_by_one_call_and_read_when_cron_is_done(classic):
    play = classic(some())
    play.sim.fleet.sites[4].suspended = True
    planned, real, second = play.tasks(
        Task("mainwp_batch_update", WHOLE, check=True),
        Task("mainwp_batch_update", WHOLE),
        Task("mainwp_batch_update", WHOLE),
    )
    assert [entry.path for entry in real.work] == [ALL]
    assert planned.updates("planned") == real.updates("updated") == moves(play.sim)
    assert len(moves(play.sim)) == 9
    assert (real.failed, real.changed, real["batch"]["started"]) == (False, True, True)
    assert real["batch"]["last_time_start_batch_updates"]
    assert real.update(1, "shop")["slug"] == PLUGIN
    translation = next(entry for entry in real.site(1)["updates"] if entry["type"] == "translation")
    assert (translation["result"], translation["reason"]) == ("skipped", "not_supported")
    assert real.site(4)["reason"] == "suspended"
    assert (second.changed, second.failed, second.work) == (False, False, [])


@pytest.mark.parametrize("selection", [{"sites": [1, 3]}, {"all_sites": True, "exclude_sites": ["s02.example", "4"]}])
def test_some_sites_are_started_one_by_one(classic, selection):
    play = classic(some())
    options = {**BATCH, **selection}
    real, second = play.tasks(Task("mainwp_batch_update", options), Task("mainwp_batch_update", options))
    assert sorted(entry.path for entry in real.work) == [SITE.format(1), SITE.format(3)]
    assert real.updates("updated") == moves(play.sim)
    assert {move[0] for move in moves(play.sim)} == {1, 3}
    assert (real.failed, real.changed, real["batch"]["started"]) == (False, True, True)
    assert (second.changed, second.work) == (False, [])


@pytest.mark.parametrize("selection", [{"all_sites": True}, {"sites": [1, 2]}])
def test_a_dead_cron_ends_as_pending_with_that_diagnosis(classic, selection):
    play = classic(some(3), cron="dead", clock=Clock(scale=60))
    result = play.task("mainwp_batch_update", {**BATCH, **selection, "wait_timeout": 6})
    assert (result.failed, result.changed, result["batch"]["started"]) == (True, False, True)
    assert moves(play.sim) == []
    for site in result["sites"]:
        sent = [entry for entry in site["updates"] if entry["type"] != "translation"]
        assert {(entry["result"], entry["reason"]) for entry in sent} == {("pending", "cron_dead")}
        assert site["result"] == "pending"
        assert "WP-Cron" in site["message"]
    assert "pending" in result.msg


def test_without_waiting_it_is_pending_and_neither_changed_nor_failed(classic):
    play = classic(some(3))
    options = {**WHOLE, "wait": False}
    result = play.task("mainwp_batch_update", options)
    assert (result.failed, result.changed, result["batch"]["started"]) == (False, False, True)
    assert result["batch"]["last_time_start_batch_updates"]
    assert {entry["result"] for site in result["sites"] for entry in site["updates"]} == {"pending", "skipped"}
    assert {site["result"] for site in result["sites"]} == {"pending"}
    assert [entry.path for entry in result.work] == [ALL]


def test_what_the_batch_did_not_finish_in_time_is_pending(classic):
    play = classic(some(7), cron="manual")
    tick_after_start(play, ticks=1)
    result = play.task("mainwp_batch_update", {**WHOLE, "wait_timeout": 5})
    assert result.failed
    assert result.changed
    assert set(result.updates("updated")) <= set(moves(play.sim))
    left = {entry["reason"] for site in result["sites"] for entry in site["updates"] if entry["result"] == "pending"}
    assert left == {"batch_waiting"}
    assert result["summary"]["updates"]["failed"] == 0


def test_a_running_batch_is_joined(classic):
    play = classic(some(2), cron="manual")
    play.sim.cron.begin_all()
    tick_after_start(play)
    result = play.task("mainwp_batch_update", WHOLE)
    assert result.updates("unchanged") == moves(play.sim), "what somebody else's batch does is not claimed"
    assert {
        entry["reason"] for site in result["sites"] for entry in site["updates"] if entry["type"] != "translation"
    } == {"moved_elsewhere"}
    assert len(moves(play.sim)) == 6
    assert (result.failed, result.changed) == (False, False)
    assert result["batch"]["started"] is False
    assert len(result.work) == 1


def test_an_old_flag_is_waited_out(classic):
    play = classic(some(2), cron="manual")
    tick_after_start(play)
    play.sim.cron.running_all, play.sim.cron.start_all = True, play.sim.local_now() - 600
    result = play.task("mainwp_batch_update", WHOLE)
    assert result.updates("updated") == moves(play.sim)
    assert len(moves(play.sim)) == 6
    assert result["batch"]["started"] is True
    assert len(result.work) >= 2, "the first one started nothing"


def test_what_a_joined_batch_did_not_know_is_started_afterwards(classic):
    one = some(2)
    one.sites[2].child.plugins[0].offer = None
    play = classic(one, cron="manual")
    tick_after_start(play)
    one.sites[2].stored.wp_upgrades, one.sites[2].stored.theme_upgrades = [], {}
    play.sim.cron.begin_all()  # planned before our sync, so nothing for site 2
    result = play.task("mainwp_batch_update", WHOLE)
    assert not result.failed
    elsewhere = [move for move in result.updates("unchanged") if move[3] != move[4]]
    assert sorted(elsewhere + result.updates("updated")) == moves(play.sim)
    assert {move[0] for move in elsewhere} == {1}
    assert {move[0] for move in result.updates("updated")} == {2}
    assert result["batch"]["started"] is True


def test_failures_of_a_batch_are_found_by_reading(classic):
    one = some(4)
    first, second, third, _fourth = (one.sites[number].child for number in (1, 2, 3, 4))
    first.plugins[0].offer.broken_package = True
    second.core_answer = "WPERROR"
    third.down = True
    play = classic(one, clock=Clock(scale=60))
    result = play.task("mainwp_batch_update", WHOLE)
    assert result.failed
    assert result.update(1, PLUGIN)["result"] == "failed"
    assert result.update(1, PLUGIN)["version_after"] == "1.0.0"
    assert result.update(1, THEME)["result"] == "updated"
    assert result.update(2, "wordpress")["result"] == "failed"
    assert result.site(3)["reason"] == "disconnected"
    assert result.updates("updated") == moves(play.sim)


def test_a_lost_answer_to_the_start_starts_nothing_twice(classic):
    play = classic(some(2), cron="manual")
    tick_after_start(play)
    play.sim.faults.add(action="reset_after", method="POST", path=ALL)
    result = play.task("mainwp_batch_update", WHOLE, warns=["Reading what became of it"])
    assert result.updates("updated") == moves(play.sim)
    assert not result.failed
    assert [entry.path for entry in result.work] == [ALL]


def test_a_queued_site_is_joined_and_a_lost_answer_starts_nothing_twice(classic):
    play = classic(some(3), cron="manual")
    play.sim.cron.begin_site(play.sim.fleet.sites[1])
    play.sim.faults.add(action="reset_after", method="POST", path=SITE.format(2))
    looks = {"action": "hook", "method": "GET", "path": r"/mainwp/v2/sites/\d+", "times": None}
    play.sim.faults.add(before=lambda: tick(play), **looks)
    play.sim.faults.rules[-1].skip = 4  # not before both were asked for
    result = play.task("mainwp_batch_update", {**BATCH, "sites": [1, 2]})
    assert not result.failed
    assert sorted(result.updates("unchanged") + result.updates("updated")) == moves(play.sim)
    assert {move[0] for move in result.updates("unchanged")} == {1}, "joined, and not claimed"
    assert len(moves(play.sim)) == 6
    assert sorted(entry.path for entry in result.work) == [SITE.format(1), SITE.format(2)]


FILTERS = [
    {"types": ["plugins"]},
    {"include_updates": ["shop"]},
    {"exclude_updates": ["shop"]},
    {"max_version_change": "minor"},
    {"plan": [{"site_id": 1, "type": "plugin", "slug": PLUGIN, "version_planned": "1.1.0"}]},
]


def test_a_filter_with_the_batch_is_an_error_before_any_request(direct_for, dialect):
    play = direct_for(some(1), dialect)
    results = play.tasks(*(Task("mainwp_batch_update", {**WHOLE, **one}) for one in FILTERS))
    for result, one in zip(results, FILTERS, strict=True):
        assert result.failed
        assert result.msg.startswith(next(iter(one)))
        assert "dashboard_batch" in result.msg
        assert result["error"]["reason"] == "invalid_input"
        assert result.journal == []
