# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mainwp_sync: changed means another picture, not a later time."""

from __future__ import annotations

import pytest
from integration._fleets import PLUGIN, SYNC, child, fleet, lock_out
from integration._play import Task

from simulator import Offer

NOW = {"all_sites": True, "max_age": 0}


def result_of(result):
    """Site id → result and reason."""
    return {site["id"]: (site["result"], site["reason"]) for site in result["sites"]}


def test_changed_means_that_the_picture_differs(direct_for, dialect):
    one = fleet(*(child(Offer("1.1.0")) for _number in range(5)))
    one.outside_update(2, "plugin", PLUGIN)
    one.sites[3].child.plugins[0].active = False
    one.sites[4].child.themes[1].offer = Offer("2.1")
    one.sites[5].child.core = "7.2"
    for site in one.sites.values():
        site.dts_sync -= 100
    play = direct_for(one, dialect)
    planned, first, second = play.tasks(
        Task("mainwp_sync", NOW, check=True),
        Task("mainwp_sync", NOW, diff=True),
        Task("mainwp_sync", NOW),
    )
    assert set(result_of(planned).values()) == {("planned", "")}
    assert planned.changed, "as with an update, what would be sent counts"
    assert set(result_of(first).values()) == set(result_of(second).values()) == {("synced", "")}
    assert [site["changed"] for site in first["sites"]] == [False, True, True, True, True]
    assert first["summary"] == {"total": 5, "synced": 5, "skipped": 0, "failed": 0, "planned": 0, "changed": 4}
    assert {"what": f"plugin {PLUGIN}", "before": "1.0.0 active", "after": "1.1.0 active"} in first.site(2)["differs"]
    assert [entry["what"] for entry in first.site(2)["differs"]] == [f"pending plugin {PLUGIN}", f"plugin {PLUGIN}"]
    of_third = next(entry for entry in first["diff"] if entry["after_header"] == "https://s03.example/")
    assert f"plugin {PLUGIN}: 1.0.0 inactive" in of_third["after"]
    for site in first["sites"]:
        assert site["last_sync_before"] < site["last_sync_after"]
        assert site["last_sync_after"].endswith("Z")
    assert (first.changed, second.changed, second.failed) == (True, False, False)
    assert len(first.writes) == len(second.writes) == 5
    assert first.work == []


def test_only_what_is_older_than_max_age_is_synced(direct_for, dialect):
    one = fleet(*(child() for _number in range(4)))
    one.sites[2].dts_sync -= 301
    one.sites[3].dts_sync -= 4000
    one.sites[4].sync_errors = "ERROR: odd"
    play = direct_for(one, dialect)
    default, hour, second = play.tasks(
        Task("mainwp_sync", {"all_sites": True}, check=True),
        Task("mainwp_sync", {"all_sites": True, "max_age": 3600}),
        Task("mainwp_sync", {"sites": [1, 3], "max_age": 3600}),
    )
    assert [site["result"] for site in default["sites"]] == ["skipped", "planned", "planned", "planned"]
    assert [site["result"] for site in hour["sites"]] == ["skipped", "skipped", "synced", "synced"]
    assert [site["result"] for site in second["sites"]] == ["skipped", "skipped"]
    assert second.writes == []
    assert one.sites[4].sync_errors == ""


@pytest.mark.usefixtures("hurry")
def test_failing_sites_are_named_with_their_reason_and_hide_nobody(direct_for, dialect):
    one = fleet(
        child(),
        child(down=True),
        child(plugin_gone=True),
        child(unreachable="Connection timed out after 20001 milliseconds"),
        child(auth_broken="Invalid signature."),
        child(),
    )
    one.outside_update(6, "core")
    one.sites[6].child.core = "7.2"
    play = direct_for(one, dialect)
    result = play.task("mainwp_sync", NOW)
    assert result.failed
    assert result.changed
    expected = dict.fromkeys((2, 3, 4, 5), ("failed", "disconnected"))
    assert result_of(result) == {**expected, 6: ("synced", "")}, "in a failing result: what failed or changed"
    for number, text in ((2, "MainWP Child plugin not detected"), (4, "timed out"), (5, "Invalid signature.")):
        assert text in result.site(number)["message"]
        assert "<" not in result.site(number)["message"]
    assert "4 failed" in result.msg
    assert "s02.example (disconnected)" in result.msg
    status = {"what": "status", "before": "connected", "after": "disconnected"}
    assert status in result.site(2)["differs"]


def test_a_locked_out_site_is_repaired_only_when_asked_for(direct_for, dialect):
    one = fleet(child(), child(), child(down=True))
    for number in (1, 3):
        lock_out(one, number)
    play = direct_for(one, dialect)
    careful, repairing, second = play.tasks(
        Task("mainwp_sync", NOW),
        Task("mainwp_sync", {**NOW, "reconnect": True}),
        Task("mainwp_sync", {"sites": [1, 2], "max_age": 0}),
    )
    assert not [entry for entry in careful.writes if entry.path.endswith("/reconnect")]
    locks = dialect == "abilities"
    if locks:
        assert result_of(careful)[1] == ("failed", "locked_out")
        assert "reconnect" in careful.site(1)["message"]
    else:
        assert result_of(careful)[1] == ("synced", "")
    assert careful.failed
    assert repairing.failed, "one is really down"
    assert result_of(repairing)[3] == ("failed", "disconnected")
    assert 1 not in result_of(repairing) or result_of(repairing)[1] == ("synced", "")
    assert (second.failed, result_of(second)) == (False, {1: ("synced", ""), 2: ("synced", "")})


def test_a_lost_answer_is_found_by_reading(direct_for, dialect):
    one = fleet(*(child() for _number in range(4)))
    for number in (1, 2, 3):
        one.sites[number].child.core = "7.2"
        one.sites[number].dts_sync -= 100
    play = direct_for(one, dialect)
    for number, fault in enumerate(("gateway_timeout", "reset_after", "truncate"), start=1):
        play.sim.faults.add(action=fault, method="POST", path=SYNC.format(number))
    result = play.task("mainwp_sync", NOW)
    assert set(result_of(result).values()) == {("synced", "")}
    assert [site["changed"] for site in result["sites"]] == [True, True, True, False]
    assert len(result.writes) == 4, "none is sent again"


@pytest.mark.once
def test_both_doors_sync_alike(play_for, dialect):
    one = fleet(child(), child(down=True), child())
    one.sites[3].child.core = "7.2"
    play = play_for(one, dialect)
    first, other = play.tasks(
        Task("mainwp_sync", NOW, check=True, door="host"),
        Task("mainwp_sync", NOW, check=True, door="controller"),
    )
    assert first["sites"] == other["sites"]
    done = play.task("mainwp_sync", NOW, door="host")
    assert done.failed
    assert result_of(done) == {2: ("failed", "disconnected"), 3: ("synced", "")}
