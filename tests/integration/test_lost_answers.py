# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that never arrive: nothing is sent twice, and the outcome is found by reading."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from integration._fleets import PLUGIN, SYNC, THEME, UPDATE, child, fleet, german, moves
from integration._play import Task
from unit.ways import Peer, forwards

from simulator import Offer

#: Lost answers come out of the HTTP libraries.
pytestmark = [pytest.mark.wire, pytest.mark.usefixtures("hurry")]

#: Long enough for what goes on behind a gateway, however busy the machine is.
PATIENT = {"all_sites": True, "wait_timeout": 120, "poll_interval": 1}
MOVED = ("updated", "", "1.1.0")


def lost(play, number, kind="plugins", **fault):
    """Let the next answer to an update of a site get lost."""
    play.sim.faults.add(method="POST", path=UPDATE.format(number, kind), **fault)


def verdict(result, number):
    """Result, reason and version afterwards of a site's plugin update."""
    entry = result.update(number, PLUGIN)
    return entry["result"], entry["reason"], entry["version_after"]


def asleep(play):
    """Whatever came in the plugin's place is not active."""
    for plugin in play.sim.fleet.sites[1].child.plugins:
        plugin.active = False


def assert_each_was_sent_once(result):
    """No two writes that start work are the same."""
    counts = Counter(entry.path for entry in result.work)
    assert set(counts.values()) == {1}, counts


def test_the_outcome_is_found_by_reading_and_nothing_is_sent_twice(direct_for, dialect):
    play = direct_for(fleet(*(child(Offer("1.1.0")) for _number in range(7))), dialect)
    lost(play, 1, action="gateway_timeout", delay=2.5)
    lost(play, 2, action="gateway_timeout")
    lost(play, 3, action="reset_after")
    lost(play, 4, action="truncate")
    lost(play, 5, action="status", code=200, body="<html>Just a moment...</html>", after_work=True)
    lost(play, 6, action="status", code=200, body="", after_work=True)
    first, second = play.tasks(
        Task("mainwp_batch_update", PATIENT),
        Task("mainwp_batch_update", PATIENT),
    )
    assert [verdict(first, number) for number in range(1, 8)] == [MOVED] * 7
    assert not first.failed
    assert first.updates("updated") == moves(play.sim)
    assert_each_was_sent_once(first)
    assert (second.changed, second.work) == (False, [])


def test_an_answer_lost_behind_a_proxy_is_found_by_reading(direct_for, dialect):
    """Some releases of urllib3 call every reset behind a proxy the proxy's, as if the request had never left."""
    play = direct_for(fleet(*(child(Offer("1.1.0")) for _number in range(3))), dialect)
    lost(play, 1, action="reset_after")
    lost(play, 2, action="truncate")
    with Peer(forwards(play.sim.port)) as proxy:
        play.connection["proxy"] = proxy.url
        first, second = play.tasks(Task("mainwp_batch_update", PATIENT), Task("mainwp_batch_update", PATIENT))
        assert proxy.connections > 0
    assert [verdict(first, number) for number in range(1, 4)] == [MOVED] * 3
    assert not first.failed
    assert first.updates("updated") == moves(play.sim)
    assert_each_was_sent_once(first)
    assert (second.changed, second.work) == (False, [])


def test_an_update_that_was_refused_unread_is_sent_again(direct_for, dialect):
    """Whoever limits requests answers 429 before anything has begun."""
    play = direct_for(fleet(*(child(Offer("1.1.0")) for _number in range(4))), dialect)
    lost(play, 1, action="status", code=429, body={"code": "too_many_requests"}, headers={"Retry-After": "1"})
    lost(play, 2, action="status", code=429, body="<html>Slow down</html>", times=2)
    lost(play, 3, action="status", code=429, body="<html>Slow down</html>", times=None)
    result = play.task("mainwp_batch_update", {**PATIENT, "retries": 2}, warns=["HTTP 429"])
    assert verdict(result, 1) == verdict(result, 2) == verdict(result, 4) == MOVED
    assert verdict(result, 3)[::2] == ("failed", "1.0.0")
    assert result.updates("updated") == moves(play.sim)
    counts = Counter(entry.path for entry in result.work)
    assert [counts[UPDATE.format(number, "plugins")] for number in range(1, 5)] == [2, 3, 3, 1]
    # Two pauses of one site may be equally long, and the same sentence is told once.
    assert 3 <= sum("Trying again in" in text for text in result.warnings) <= 5


def test_an_answer_later_than_the_timeout_is_lost_but_its_work_is_not(direct_for, dialect):
    play = direct_for(fleet(child(Offer("1.1.0", slow=12)), child(Offer("1.1.0"))), dialect)
    play.connection["timeout"] = 6
    result = play.task("mainwp_batch_update", PATIENT)
    assert verdict(result, 1) == verdict(result, 2) == MOVED
    assert result.updates("updated") == moves(play.sim)
    assert_each_was_sent_once(result)


def test_what_does_not_move_in_time_is_unknown_and_nothing_more_is_sent_there(direct_for, dialect):
    one = fleet(*(child(Offer("1.1.0"), theme=Offer("1.2"), translations=[german()]) for _number in range(3)))
    play = direct_for(one, dialect)
    lost(play, 1, action="reset_before")
    lost(play, 2, action="status", code=504, body="<html>Gateway Time-out</html>")
    result = play.task("mainwp_batch_update", {**PATIENT, "wait_timeout": 2})
    assert result.failed
    assert verdict(result, 1) == verdict(result, 2) == ("unknown", "timeout", "1.0.0")
    for number in (1, 2):
        assert result.site(number)["result"] == "unknown"
        rest = [entry for entry in result.site(number)["updates"] if entry["slug"] != PLUGIN]
        assert [(entry["result"], entry["reason"]) for entry in rest] == [("skipped", "stopped")] * 2
    assert verdict(result, 3) == MOVED
    assert result.updates("updated") == moves(play.sim)
    assert_each_was_sent_once(result)


def test_the_rest_of_the_plan_follows_once_a_lost_answer_was_read(direct_for, dialect):
    one = fleet(*(child(Offer("1.1.0"), theme=Offer("1.2"), translations=[german()]) for _number in range(2)))
    play = direct_for(one, dialect)
    lost(play, 1, action="reset_after")
    lost(play, 2, "themes", action="gateway_timeout", delay=1.5)
    result = play.task("mainwp_batch_update", PATIENT)
    assert not result.failed
    assert {entry["result"] for number in (1, 2) for entry in result.site(number)["updates"]} == {"updated"}
    assert result.updates("updated") == moves(play.sim)
    assert_each_was_sent_once(result)


@pytest.mark.parametrize("offer", [Offer("1.1.0", deactivates=True), Offer("1.1.0", renames_to="shop-2/shop.php")])
def test_what_moved_and_is_not_active_any_more_is_not_waited_for(direct_for, dialect, offer):
    """It is trouble, but nothing about it is open: the rest follows, and the next run finds nothing under way."""
    play = direct_for(fleet(child(replace(offer), theme=Offer("1.2"))), dialect)
    if offer.renames_to:
        play.sim.faults.add(action="hook", method="POST", path=SYNC.format(1), skip=1, before=lambda: asleep(play))
    lost(play, 1, action="reset_after")
    first, second = play.tasks(Task("mainwp_batch_update", PATIENT), Task("mainwp_batch_update", PATIENT))
    entry = first.update(1, PLUGIN)
    assert (entry["result"], entry["reason"], entry["version_after"]) == ("updated", "deactivated", "1.1.0")
    assert [(move[1], move[4]) for move in moves(play.sim)] == [("plugin", "1.1.0"), ("theme", "1.2")]
    assert len([entry for entry in first.writes if entry.path == SYNC.format(1)]) <= 6
    assert (second.changed, second.work) == (False, [])


def test_a_lost_answer_of_a_core_update(direct_for, dialect):
    """Where it moved the translations follow, where that is not known they wait for the next run."""
    one = fleet(*(child(None, core="7.0.4", core_offer="7.1", translations=[german()]) for _number in range(3)))
    play = direct_for(one, dialect)
    lost(play, 1, "wp", action="gateway_timeout", delay=1.5)
    lost(play, 3, "wp", action="status", code=504, body="<html>Gateway Time-out</html>")
    result = play.task("mainwp_batch_update", {**PATIENT, "wait_timeout": 10})
    for number in (1, 2):
        assert result.update(number, "wordpress")["result"] == result.update(number, "shop")["result"] == "updated"
        assert result.update(number, "wordpress")["version_after"] == "7.1"
    assert (result.update(3, "wordpress")["result"], result.update(3, "wordpress")["reason"]) == ("unknown", "timeout")
    assert (result.update(3, "shop")["result"], result.update(3, "shop")["reason"]) == ("skipped", "stopped")
    assert result.updates("updated") == moves(play.sim)
    assert_each_was_sent_once(result)


def test_a_core_update_that_kills_php_is_read_and_not_sent_again(direct_for, dialect):
    one = fleet(child(None, core="7.0.4", core_offer="7.1"))
    play = direct_for(one, dialect)

    def breaks() -> None:
        one.sites[1].child.unreachable = "Operation timed out"

    def mended() -> None:
        one.sites[1].child.unreachable = ""

    lost(play, 1, "wp", action="hook", before=breaks, after=mended)
    result = play.task("mainwp_batch_update", {**PATIENT, "wait_timeout": 3})
    assert result.failed
    entry = result.update(1, "wordpress")
    assert (entry["result"], entry["version_after"]) == ("failed", "7.0.4")
    assert_each_was_sent_once(result)


def test_lost_answers_of_syncs_are_repaired(direct_for, dialect):
    """Before the update and after it; the last one never reached the Dashboard and is sent again."""
    one = fleet(*(child(Offer("1.1.0")) for _number in range(4)), update_seconds=1.1)
    for site in one.sites.values():
        site.dts_sync -= 60
    play = direct_for(one, dialect)
    for number, fault in enumerate(("gateway_timeout", "reset_after", "truncate", "reset_before"), start=1):
        play.sim.faults.add(action=fault, method="POST", path=SYNC.format(number), skip=number % 2)
    result = play.task("mainwp_batch_update", {**PATIENT, "wait_timeout": 2})
    assert not result.failed
    assert len(result.updates("updated")) == 4
    assert result.updates("updated") == moves(play.sim)
    assert_each_was_sent_once(result)
    syncs = Counter(entry.path for entry in result.writes if entry not in result.work)
    assert [syncs[SYNC.format(number)] for number in (2, 4)] == [2, 3]
    # what shows in the second of the sync itself may be older, so it is asked for again
    assert {syncs[SYNC.format(number)] for number in (1, 3)} <= {2, 3}


def test_reads_are_simply_tried_again(direct_for, dialect):
    play = direct_for(fleet(child(Offer("1.1.0"), theme=Offer("1.2"))), dialect)
    play.sim.faults.add(action="status", method="GET", path="/mainwp/v2/sites", code=503)
    play.sim.faults.add(action="reset_before", method="GET", path="/mainwp/v2/updates/1")
    play.sim.faults.add(action="truncate", method="GET", path="/mainwp/v2/updates/1", skip=1)
    result = play.task("mainwp_batch_update", PATIENT, warns=["Trying again"])
    assert not result.failed
    assert result.updates("updated") == moves(play.sim)
    assert moves(play.sim)[1] == (1, "theme", THEME, "1.0", "1.2")
    assert_each_was_sent_once(result)


@pytest.mark.parametrize(
    "location", ["/wp-admin/admin.php?page=acme-welcome", "https://acme.example/thanks", "http://[::1"]
)
@pytest.mark.parametrize(("after_work", "expected"), [(True, MOVED), (False, ("failed", "redirected", "1.0.0"))])
def test_a_redirect_may_follow_the_work(direct_for, dialect, location, after_work, expected):
    """A plugin leads to its page when an upgrade is over; who closes a site does so before. Reading tells."""
    play = direct_for(fleet(child(Offer("1.1.0"))), dialect)
    page = {"Location": location}
    lost(play, 1, action="status", code=302, body="", headers=page, after_work=after_work)
    (result,) = play.tasks(Task("mainwp_batch_update", PATIENT))
    assert verdict(result, 1) == expected
    assert len(moves(play.sim)) == int(after_work)
    assert_each_was_sent_once(result)
