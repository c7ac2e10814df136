# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the event source tells of a Dashboard, poll by poll."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import feeds
import pytest
from integration._events import LISTING, offer, three, told, turn, watching
from integration._fleets import PLUGIN, child, fleet, german, lock_out

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from simulator import Client, Monitor, Offer, Plugin, Simulator, Site, Tag, picture

pytestmark = pytest.mark.once

#: What a feed says of the plugin that every child has.
SHOP = feeds.software("shop", feeds.versions("*", "1.0.1", with_high=False), patched=["1.0.1"])


@pytest.fixture
def either(dialect: str) -> Iterator[Simulator]:
    """A Dashboard of each kind, where it is asked for something else than elsewhere."""
    with Simulator(three(), dialect) as running:
        yield running


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(three()) as running:
        yield running


def test_the_first_poll_tells_nothing_and_a_quiet_one_neither(either: Simulator) -> None:
    offer(either, 1)
    lock_out(either.fleet, 2)
    with watching(either) as watch:
        assert turn(watch) == []
    assert either.journal.writes() == []


def test_a_site_is_lost_and_back(either: Simulator) -> None:
    with watching(either) as watch:
        site = lock_out(either.fleet, 1)
        (lost,) = turn(watch)
        assert turn(watch) == [], "told once"
        site.sync_errors = ""
        (back,) = turn(watch)
    assert lost["dashboard"] == either.url
    assert lost["site"] == {
        "id": 1,
        "url": "https://s01.example/",
        "domain": "s01.example",
        "name": "S 1",
        "status": "disconnected",
        "tags": ["canary"],
        "client": "ACME, Inc.",
    }
    assert (lost["change"], lost["message"]) == ("site_lost", "ERROR: it did not answer")
    assert told([back]) == [("site_back", 1)]


def test_sites_come_and_go_and_rest(either: Simulator) -> None:
    with watching(either) as watch:
        with either.fleet.lock:
            gone = either.fleet.sites.pop(1)
            either.fleet.add(Site(9, "https://new.example/", "New", child(Offer("2.0.0"))))
            either.fleet.sites[2].suspended = True
        events = turn(watch)
        either.fleet.sites[2].suspended = False
        later = turn(watch)
    assert told(events) == [("site_removed", 1), ("site_added", 9), ("site_suspended", 2), ("update_offered", [9])]
    assert events[0]["site"]["name"] == gone.name
    assert events[0]["site"]["client"] == "ACME, Inc."
    assert told(later) == [("site_resumed", 2)]


def test_what_is_no_newer_than_what_is_installed_is_not_told(either: Simulator) -> None:
    """The Dashboard offers a WordPress that was installed on the site itself, a release in another spelling, an older one."""
    with watching(either) as watch:
        with either.fleet.lock:
            first = either.fleet.sites[1]
            first.stored.wp_upgrades = {"current": "7.0.4", "new": first.child.core}
        offer(either, 2, "v1.0.0")
        offer(either, 3, "0.9")
        assert turn(watch) == []
        offer(either, 3, "1.0.1")
        (event,) = turn(watch)
    assert (event["version"], event["sites"][0]["from"]) == ("1.0.1", "1.0.0")


def test_a_release_is_one_event_with_its_sites(either: Simulator) -> None:
    offer(either, 3)
    with watching(either) as watch:
        for number in (1, 2):
            offer(either, number)
        with either.fleet.lock:
            either.fleet.sites[2].child.core_offer = "7.2"
            either.fleet.sites[2].child.translations = [german()]
            picture.remember(either.fleet.sites[2])
        core, plugin, translation = turn(watch)
        offer(either, 1, "1.2.0")
        (newer,) = turn(watch)
        with either.fleet.lock:
            either.fleet.sites[1].child.plugins[0] = Plugin(PLUGIN, "Shop", "1.2.0")
            picture.remember(either.fleet.sites[1])
        assert turn(watch) == [], "it is installed now"
    assert {name: plugin[name] for name in ("change", "type", "slug", "name", "version", "count")} == {
        "change": "update_offered",
        "type": "plugin",
        "slug": PLUGIN,
        "name": "Shop",
        "version": "1.1.0",
        "count": 2,
    }
    assert plugin["sites"] == [
        {"id": 1, "url": "https://s01.example/", "from": "1.0.0"},
        {"id": 2, "url": "https://s02.example/", "from": "1.0.0"},
    ]
    assert (core["change"], core["slug"], core["version"]) == ("core_offered", "wordpress", "7.2")
    assert core["sites"] == [{"id": 2, "url": "https://s02.example/", "from": "7.1"}]
    assert (translation["type"], translation["language"], translation["count"]) == ("translation", "de_DE", 1)
    assert (newer["version"], newer["count"]) == ("1.2.0", 1)


def test_monitors_down_and_up(either: Simulator) -> None:
    monitor = either.fleet.monitors[7] = Monitor(7, 2)
    now = either.clock.now()
    monitor.found(now - 600, 1)
    with watching(either) as watch:
        monitor.found(now - 500, 2, 503)
        assert turn(watch) == [], "about to be looked at again"
        monitor.found(now - 400, 0, 503)
        (down,) = turn(watch)
        monitor.found(now - 300, 1)
        either.fleet.monitors[8] = Monitor(8, 3)
        either.fleet.monitors[8].found(now - 300, 0, 500)
        up, other = sorted(turn(watch), key=lambda event: event["site"]["id"])
        assert turn(watch) == []
    assert told([down, up, other]) == [("monitor_down", 2), ("monitor_up", 2), ("monitor_down", 3)]
    assert (down["monitor"]["id"], down["monitor"]["http_code"]) == (7, 503)


def test_a_sync_that_is_late_is_told_once(sim: Simulator) -> None:
    sim.fleet.sites[3].suspended = True
    with watching(sim, sync_stale_after=3600) as watch:
        for number in (1, 2, 3):
            sim.fleet.sites[number].dts_sync = sim.clock.now() - 4000
        (late,) = turn(watch)
        assert turn(watch) == []
        sim.fleet.sites[1].dts_sync = sim.clock.now()
        assert turn(watch) == []
        sim.fleet.sites[1].dts_sync = sim.clock.now() - 4000
        (again,) = turn(watch)
    assert told([late, again]) == [("sync_stale", [1, 2]), ("sync_stale", [1])]
    assert late["count"] == 2


def changed(number: int, item: str, at: float) -> dict[str, object]:
    """An entry of the log of a site."""
    row = {"log_id": str(number), "created": int(at), "connector": "non-mainwp-changes", "context": "plugins"}
    return row | {"action": "activated", "item": item, "user_login": "editor"}


def test_what_others_changed_is_asked_of_synced_sites_alone(either: Simulator) -> None:
    path = r"/mainwp/v2/sites/\d+/non-mainwp-changes"
    now = either.clock.now()
    either.fleet.sites[1].changes = [changed(4, "Old", now - 500)]
    with watching(either, events=["changed_outside"]) as watch:
        assert len(either.journal.find(path=path)) == 3
        with either.fleet.lock:
            either.fleet.sites[1].changes.append(changed(6, "Shop", now - 900))
            either.fleet.sites[2].changes.append(changed(7, "Unseen", now))
            either.fleet.sites[1].dts_sync = now + 60
        either.journal.clear()
        (event,) = turn(watch)
        assert [entry.path for entry in either.journal.find(path=path)] == ["/mainwp/v2/sites/1/non-mainwp-changes"]
        assert turn(watch) == []
    assert told([event]) == [("changed_outside", 1)]
    assert [(one["log_id"], one["item"], one["user"]) for one in event["changes"]] == [(6, "Shop", "editor")]


def test_flaws_that_become_known_are_told_once(sim: Simulator, tmp_path, caplog: pytest.LogCaptureFixture) -> None:
    feed = tmp_path / "feed.json"
    old = feeds.record(1, feeds.software("paper", kind="theme"))
    feed.write_text(feeds.text_of(old))
    options = {"feed": str(feed), "feed_cache": str(tmp_path / "kept")}
    with watching(sim, **options) as watch:
        feed.write_text(feeds.text_of(old, feeds.record(2, SHOP)))
        (event,) = turn(watch)
        assert turn(watch) == []
        caplog.clear()
        feed.write_text("nothing of the kind")
        for dummy in range(3):
            assert turn(watch) == [], "what the feed does not tell is not gone"
        assert [record.getMessage()[:8] for record in caplog.records] == ["The feed"], "once"
        feed.write_text(feeds.text_of(old, feeds.record(2, SHOP)))
        assert turn(watch) == []
    assert told([event]) == [("vulnerable", [1, 2, 3])]
    assert (event["slug"], event["cve"], event["rating"]) == (PLUGIN, "CVE-0000-00002", "high")
    assert event["sites"][0] == {"id": 1, "url": "https://s01.example/", "version": "1.0.0", "fixed_in": "1.0.1"}


def test_a_hidden_wordpress_is_told_to_who_watches_for_flaws(sim: Simulator, tmp_path, caplog) -> None:
    sim.fleet.sites[2].child.core = ""
    picture.remember(sim.fleet.sites[2])
    feed = feeds.written(tmp_path / "feed.json", feeds.record(1, feeds.software("wordpress", kind="core")))
    with watching(sim, feed=str(feed), feed_cache=str(tmp_path / "kept")) as watch:
        assert turn(watch) == []
    assert caplog.text.count("not looked up where its version is not told: https://s02.example/.") == 1


# -- which events, about which sites ---------------------------------------------------------------------------------


def test_only_the_events_that_are_wanted(sim: Simulator) -> None:
    with watching(sim, events=["site_back"]) as watch:
        lock_out(sim.fleet, 1)
        offer(sim, 2)
        assert turn(watch) == []
        assert sim.journal.find(path="/mainwp/v2/monitors") == [], "nobody wants to know"


@pytest.mark.parametrize(
    "selection", [{"sites": ["s01.example"]}, {"site_tags": "canary"}, {"clients": [2]}, {"exclude_sites": ["2", "3"]}]
)
def test_only_the_sites_that_are_selected_also_when_they_go(sim: Simulator, selection: dict[str, object]) -> None:
    with watching(sim, **selection) as watch:
        for number in (1, 2):
            lock_out(sim.fleet, number)
            offer(sim, number)
        assert told(turn(watch)) == [("site_lost", 1), ("update_offered", [1])]
        with sim.fleet.lock:
            for number in (1, 2):
                del sim.fleet.sites[number]
        assert turn(watch) == [], "most of them gone at once: the next poll decides"
        assert told(turn(watch)) == [("site_removed", 1)]
        assert turn(watch) == []


def test_a_name_that_means_nothing_ends_the_source_at_first(sim: Simulator) -> None:
    with (
        watching(sim, known=False, sites=["nobody.example"]) as watch,
        pytest.raises(errors.InputError, match=r"nobody\.example"),
    ):
        watch.poll()


# -- what it costs ---------------------------------------------------------------------------------------------------


def test_a_quiet_poll_of_a_large_fleet_is_its_pages(dialect: str) -> None:
    """No tags, no clients: those name what events are about."""
    made = fleet(*(child() for dummy in range(310)), tags=[Tag(5, "canary")], clients=[Client(2, "ACME")])
    for site in made.sites.values():
        site.tags, site.client_id = [5], 2
    with Simulator(made, dialect) as sim, watching(sim) as watch:
        sim.journal.clear()
        assert turn(watch) == []
        asked = [entry.path.removeprefix("/mainwp/v2/") for entry in sim.journal.entries]
    assert sorted(asked) == ["monitors", *["sites"] * 4, "sites/count"]


# -- secrets ---------------------------------------------------------------------------------------------------------


def test_no_secret_in_what_it_says(sim: Simulator, tmp_path, caplog: pytest.LogCaptureFixture) -> None:
    """The Dashboard repeats what it was sent."""
    token, header = sim.key("read").token, "sesame-open-yourself"
    body = f"<h1>{token} {token.partition('==')[2]} {header}</h1>"
    state = tmp_path / "state.json"
    options = {"state_file": str(state), "headers": {"X-Access-Token": header}}
    with caplog.at_level(logging.DEBUG), watching(sim, **options) as watch:
        site = lock_out(sim.fleet, 1)
        site.sync_errors = f"{token} {header}"
        events = turn(watch)
        sim.faults.add(action="status", path=LISTING, code=503, body=body)
        events += turn(watch)
    everything = f"{events} {caplog.text} {state.read_text()}"
    assert told(events) == [("site_lost", 1), ("dashboard_lost", [])]
    assert token.partition("==")[0] not in everything
    assert token.partition("==")[2] not in everything
    assert header not in everything


def test_who_ends_it_in_mid_poll_sees_no_more_requests_and_no_secret(
    sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """ansible-rulebook ends a source whenever it wants; the thread that polls does not end with it."""
    caplog.set_level(logging.DEBUG)
    key = sim.key("read").token
    with watching(sim, auth_method="query") as watch:
        sim.faults.add(action="hook", before=watch.close)
        asked = len(sim.journal.entries)
        assert watch.poll() == []
        assert len(sim.journal.entries) == asked + 1
    assert "GET /wp-json/mainwp/v2/sites" in caplog.text
    assert not [part for part in key.split("==") if part in caplog.text]


def test_an_excluded_site_with_another_name_is_told_about_and_that_too(
    sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    with watching(sim, exclude_sites=[sim.fleet.sites[1].name]) as watch:
        sim.fleet.sites[1].name = "Renamed"
        lock_out(sim.fleet, 1)
        assert told(turn(watch)) == [("site_lost", 1)]
        assert turn(watch) == []
    assert caplog.text.count("exclude_sites: no site is 'S 1' any more.") == 1
