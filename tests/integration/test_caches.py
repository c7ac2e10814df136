# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache in front of the Dashboard keeps answers of the API."""

from __future__ import annotations

import pytest
from integration._fleets import child, fleet, moves
from integration._play import Task

from simulator import Cache, Offer

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

ANY = Task("mainwp_batch_update", {"all_sites": True}, warns=None)


def offer(play, version):
    """A release comes out, and the Dashboard syncs by itself."""

    def act():
        with play.sim.fleet.lock:
            for site in play.sim.fleet.sites.values():
                site.child.plugins[0].offer = Offer(version)
        play.sim.clock.advance(7200)

    return act


@pytest.mark.parametrize("kind", ["litespeed", "cloudflare", "nginx", "varnish", "date"])
@pytest.mark.parametrize("whole", [False, True])
def test_old_answers_are_not_believed(direct_for, dialect, kind, whole):
    play = direct_for(fleet(child(Offer("1.1.0")), child()), dialect, cache=Cache(kind, whole=whole))
    play.sim.clock.advance(-7200)
    read, again, planned, real, info, doctor = play.tasks(
        Task(
            "mainwp_site_info",
            {"all_sites": True, "gather_subset": ["updates"]},
            warns=None,
            after=offer(play, "1.2.0"),
        ),
        Task("mainwp_site_info", {"all_sites": True, "gather_subset": ["updates"]}, warns=["A cache answers"]),
        Task("mainwp_batch_update", ANY.options, check=True, warns=None),
        Task("mainwp_batch_update", {**ANY.options, "max_age": 0}, warns=["A cache answers"]),
        Task("mainwp_sync", {"all_sites": True, "max_age": 0}, warns=None),
        Task("mainwp_dashboard_info", {}, warns=None),
    )
    assert not read.failed
    assert not again.failed
    assert not planned.failed
    assert "cached" in {finding["code"] for finding in doctor["findings"]}
    if whole:
        for result in (real, info):
            assert result.failed
            assert result["error"]["reason"] == "cached"
            assert "Exempt /wp-json/" in result.msg
        assert not moves(play.sim)
        assert not play.sim.journal.writes()
    else:
        assert moves(play.sim) == [(number, "plugin", "shop/shop.php", "1.0.0", "1.2.0") for number in (1, 2)]
        assert sorted(site["id"] for site in real["sites"]) == [1, 2]
        assert {update["version_after"] for site in real["sites"] for update in site["updates"]} == {"1.2.0"}


@pytest.mark.parametrize("kind", ["litespeed", "silent"])
def test_a_list_of_updates_that_is_kept_whatever_is_asked(direct_for, dialect, kind):
    """It says nothing, and looks at no query: only the answer to our own sync gives it away."""
    play = direct_for(fleet(child(Offer("1.1.0"))), dialect, cache=Cache(kind, r"/mainwp/v2/updates/\d+", whole=True))
    first, real = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}, check=True, warns=None, after=offer(play, "1.2.0")),
        Task("mainwp_batch_update", {"all_sites": True, "max_age": 0}, warns=None),
    )
    assert first.changed
    # planning may list by another route; what is believed is what the Dashboard says now
    assert [move for move in moves(play.sim) if move[4] == "1.1.0"] == []
    if play.sim.cache.hits and real.failed:
        assert "cache" in real.msg + str(real["sites"] if "sites" in real.data else "")
        assert not play.sim.journal.work()


@pytest.mark.parametrize("kind", ["cloudflare", "date", "silent"])
def test_a_kept_answer_to_a_write_is_no_success(direct_for, dialect, kind):
    """The kept answer to a sync has offers of old. Without it they would pass for updates that somebody ignores."""
    play = direct_for(fleet(child(Offer("1.1.0"))), dialect, cache=Cache(kind, whole=True, writes=True, path=".*/sync"))
    play.tasks(Task("mainwp_sync", {"all_sites": True, "max_age": 0}, warns=None, after=offer(play, "1.2.0")))
    (second,) = play.tasks(Task("mainwp_batch_update", {**ANY.options, "max_age": 0}, warns=None))
    assert second.failed
    assert "cache" in second.msg
    assert moves(play.sim) == []
    assert not [update for site in second["sites"] for update in site["updates"] if update["reason"] == "ignored"]


def test_who_honours_no_cache_is_no_trouble(direct_for):
    play = direct_for(fleet(child(Offer("1.1.0"))), cache=Cache("litespeed", obedient=True))
    first, second, doctor = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}),
        Task("mainwp_batch_update", {"all_sites": True}),
        Task("mainwp_dashboard_info", {}),
    )
    assert first.changed
    assert not second.changed
    assert "cached" not in {finding["code"] for finding in doctor["findings"]}
    assert play.sim.cache.hits == []


def test_the_clock_is_not_that_of_a_cache(direct_for):
    """Data of two hours ago is not fresh because the clock of a kept answer says so."""
    play = direct_for(fleet(child()), cache=Cache("varnish"))
    play.tasks(Task("mainwp_sync", {"all_sites": True, "max_age": 0}, warns=None))
    play.tasks(Task("mainwp_site_info", {"all_sites": True}, warns=None))
    play.sim.clock.advance(7200)
    play.sim.journal.clear()
    (result,) = play.tasks(Task("mainwp_sync", {"all_sites": True, "max_age": 3600}, warns=None))
    assert result["summary"]["synced"] == 1


def test_what_is_not_seen_for_a_cache_is_not_said_to_be_undone(direct_for):
    """It even keeps what tells the clock, so only the answer to the write gives it away."""
    play = direct_for(fleet(child()), cache=Cache("date", whole=True, writes=True))
    play.sim.clock.advance(-7200)
    read = [Task("mainwp_tag_info", {}, warns=None), Task("mainwp_settings_info", {}, warns=None)]
    play.tasks(*read, Task("mainwp_site_info", {"all_sites": True}, warns=None))
    play.sim.clock.advance(7200)
    made, zone = play.tasks(
        Task("mainwp_tag", {"name": "Shop"}, warns=None),
        Task("mainwp_settings", {"general": {"timezone_string": "Europe/Berlin"}}, warns=None),
    )
    assert [tag.name for tag in play.sim.fleet.tags.values()] == ["Shop"]
    for result in (made, zone):
        assert result.failed
        assert result["error"]["reason"] == "cached"
        assert "may be done or not" in result.msg
        assert "MainWP says it was done" not in result.msg
