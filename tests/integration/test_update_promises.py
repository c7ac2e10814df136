# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every update run promises: a truthful plan, truthful work, and nothing to do the second time."""

from __future__ import annotations

import pytest
from integration._fleets import PLUGIN, child, fleet, german, moves
from integration._play import Task

from simulator import Offer, scenarios


def every_type():
    """Two sites with one update of each type."""
    return fleet(
        *(
            child(
                Offer("1.1.0"), theme=Offer("1.2"), core="7.0.4", core_offer="7.1", translations=[german(), german("x")]
            )
            for _number in range(2)
        )
    )


def test_check_mode_names_exactly_what_the_real_run_moves_and_a_second_run_does_nothing(direct_for, dialect):
    play = direct_for(every_type(), dialect)
    everything = {"all_sites": True}
    planned, real, second = play.tasks(
        Task("mainwp_batch_update", everything, check=True, diff=True),
        Task("mainwp_batch_update", everything, diff=True),
        Task("mainwp_batch_update", everything),
    )
    assert planned.changed
    assert len(moves(play.sim)) == 10
    assert planned.updates("planned") == real.updates("updated") == moves(play.sim)
    assert (real.failed, real.changed) == (False, True)
    assert real["summary"]["updates"]["updated"] == real["summary"]["updates"]["total"] == 10
    assert (second.failed, second.changed, second.work) == (False, False, [])
    assert planned["diff"] == real["diff"]
    entry = real["diff"][0]
    assert entry["before_header"] == entry["after_header"] == "https://s01.example/"
    for old, new in (("plugin shop/shop.php 1.0.0", "plugin shop/shop.php 1.1.0"), ("core wordpress 7.0.4", "7.1")):
        assert f"{old}\n" in entry["before"]
        assert f"{new}\n" in entry["after"]


@pytest.mark.once
def test_both_doors_give_the_same_report(play_for, simulate, dialect):
    play, twin = play_for(every_type(), dialect), simulate(every_type(), dialect)
    results = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}, door="controller"),
        Task("mainwp_batch_update", {"all_sites": True, "url": twin.url}, door="host"),
    )
    reports = []
    for result in results:
        assert (result.failed, result.changed) == (False, True)
        for site in result["sites"]:
            site["last_sync"] = site["turns"] = None
        reports.append({"sites": result["sites"], "summary": result["summary"], "batch": result["batch"]})
    assert reports[0] == reports[1]
    assert moves(play.sim) == moves(twin) != []


def test_a_site_gets_plugins_themes_core_and_translations_in_this_order_each_once(direct_for, dialect):
    play = direct_for(every_type(), dialect)
    result = play.task("mainwp_batch_update", {"sites": [1]})
    sent = [entry.path.rsplit("/", 1)[1] for entry in result.work]
    assert sent == ["plugins", "themes", "wp", "translations"]
    assert all("/updates/1/" in entry.path for entry in result.work)
    syncs = [number for number, entry in enumerate(result.journal) if entry.path.endswith("/1/sync")]
    writes = [number for number, entry in enumerate(result.journal) if entry in result.work]
    assert len(syncs) == 2
    assert syncs[0] < min(writes) < max(writes) < syncs[1]


@pytest.mark.parametrize("trouble", [{"core_fails_with": "Disk full."}, {"core_answer": "WPERROR"}])
def test_a_failed_core_update_stops_the_translations_of_its_site_only(direct_for, dialect, trouble):
    one = every_type()
    for name, value in trouble.items():
        setattr(one.sites[1].child, name, value)
    play = direct_for(one, dialect)
    result = play.task("mainwp_batch_update", {"all_sites": True})
    assert result.failed
    assert result.update(1, "wordpress")["result"] == "failed"
    assert result.update(1, "wordpress")["version_after"] == "7.0.4"
    assert {entry["reason"] for entry in result.site(1)["updates"] if entry["type"] == "translation"} == {"core_failed"}
    assert not [entry for entry in result.work if entry.path.endswith("/1/update/translations")]
    assert result.updates("updated") == moves(play.sim)
    assert len(moves(play.sim)) == 2 + 5


def test_check_mode_marks_sites_whose_picture_is_old(direct_for, dialect):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))
    one.sites[1].dts_sync -= 4000
    play = direct_for(one, dialect)
    result = play.task("mainwp_batch_update", {"all_sites": True}, check=True)
    assert [result.site(number)["stale"] for number in (1, 2)] == [True, False]
    assert len(result.updates("planned")) == 2


def test_a_stale_site_is_synced_before_it_counts_as_up_to_date(direct_for, dialect):
    one = fleet(child(), child())
    for number in (1, 2):
        one.sites[number].child.plugins[0].offer = Offer("1.1.0")  # came out after the last sync
    one.sites[1].dts_sync -= 4000
    play = direct_for(one, dialect)
    result = play.task("mainwp_batch_update", {"all_sites": True})
    assert result.updates("updated") == moves(play.sim) == [(1, "plugin", PLUGIN, "1.0.0", "1.1.0")]


def test_four_hundred_sites_with_sixteen_hundred_updates_are_all_planned(direct_for):
    play = direct_for(scenarios.large(400), "abilities")
    told, planned = play.tasks(
        Task("mainwp_update_info", {"all_sites": True}),
        Task("mainwp_batch_update", {"all_sites": True}, check=True),
    )
    assert told["count"] == 1600
    assert {entry["site_id"] for entry in told["plan"]} == set(range(1, 401))
    assert len(planned.updates("planned")) == planned["summary"]["updates"]["planned"] == 1600
