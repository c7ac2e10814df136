# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the event source makes of answers that are not whole, and of a Dashboard that is away."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator

import pytest
from integration._events import LISTING, offer, three, told, turn, watching
from integration._fleets import child, fleet, german, lock_out

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events import watch as watcher
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs.change_info import OFF
from simulator import Clock, Monitor, Simulator, Site
from simulator.cache import Cache

pytestmark = pytest.mark.once


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(three()) as running:
        yield running


# -- what is not read whole ------------------------------------------------------------------------------------------


def test_a_listing_cut_short_removes_nothing(dialect: str) -> None:
    with Simulator(fleet(*(child() for dummy in range(205))), dialect) as sim, watching(sim) as watch:
        row = {"id": "1", "url": "https://s01.example/", "name": "S 1", "sync_errors": "", "suspended": "0"}
        short = json.dumps({"success": 1, "total": 1, "data": [row | {"last_sync": sim.clock.iso()}]})
        sim.faults.add(action="status", path=LISTING, code=200, body=short, content_type="application/json")
        with sim.fleet.lock:
            del sim.fleet.sites[7]
            lock_out(sim.fleet, 8)
        events = turn(watch)
    assert told(events) == [("site_removed", 7), ("site_lost", 8)], "the others are known by their ids"


def test_pages_that_shift_while_they_are_read_remove_nothing(dialect: str) -> None:
    with Simulator(fleet(*(child() for dummy in range(205))), dialect) as sim, watching(sim) as watch:

        def removed() -> None:
            del sim.fleet.sites[7]

        sim.faults.add(action="hook", path="/mainwp/v2/sites/count", before=removed)
        assert turn(watch) == [], "it was still there on the first page"
        assert told(turn(watch)) == [("site_removed", 7)]


def test_monitors_that_a_list_lacks_say_what_they_said(dialect: str) -> None:
    made = fleet(*(child() for dummy in range(104)))
    for number in made.sites:
        made.monitors[number] = Monitor(number, number)
        made.monitors[number].found(made.clock.now() - 600, 0 if number < 3 else 1)
    with Simulator(made, dialect) as sim, watching(sim) as watch:
        rule = sim.faults.add(
            action="status", path="/mainwp/v2/monitors", skip=1, code=200, body='{"success": 1, "total": 0, "data": []}'
        )
        assert turn(watch) == []
        assert rule.hits == 1, "the second page was cut"
        assert turn(watch) == []


def test_a_fleet_that_is_gone_at_once_is_not_believed_at_once(sim: Simulator) -> None:
    """As a Dashboard answers whose tables are being restored."""
    with watching(sim) as watch:
        kept, sim.fleet.sites = sim.fleet.sites, {}
        assert turn(watch) == []
        sim.fleet.sites = kept
        assert turn(watch) == []
        sim.fleet.sites = {}
        assert turn(watch) == []
        assert told(turn(watch)) == [("site_removed", number) for number in kept]


@pytest.mark.parametrize("kind", ["silent", "litespeed", "varnish"])
def test_a_cache_is_asked_past(kind: str) -> None:
    with Simulator(fleet(child(), child()), cache=Cache(kind)) as sim, watching(sim) as watch:
        lock_out(sim.fleet, 1)
        assert told(turn(watch)) == [("site_lost", 1)]


@pytest.mark.parametrize("kind", ["litespeed", "date"])
def test_what_a_cache_says_that_cannot_be_asked_past_is_compared_with_nothing(kind: str) -> None:
    clock = Clock()
    clock.advance(-7200)
    made = fleet(child(), child(), clock=clock)
    with Simulator(made, cache=Cache(kind, whole=True)) as sim, watching(sim) as watch:
        lock_out(sim.fleet, 1)
        clock.advance(7200)
        (lost,) = turn(watch)
        assert (lost["change"], lost["reason"]) == ("dashboard_lost", "cached")
        assert sim.cache is not None
        sim.cache.path = "nothing"
        sim.cache.clear()
        assert told(turn(watch)) == [("dashboard_back", []), ("site_lost", 1)]


@pytest.mark.parametrize("action", ["truncate", "garbage", "reset_before"])
def test_what_breaks_off_is_compared_with_nothing(sim: Simulator, action: str) -> None:
    with watching(sim) as watch:
        lock_out(sim.fleet, 1)
        del sim.fleet.sites[2]
        sim.faults.add(action=action, path=LISTING)
        (lost,) = turn(watch)
        later = turn(watch)
    assert lost["change"] == "dashboard_lost"
    assert told(later) == [("dashboard_back", []), ("site_removed", 2), ("site_lost", 1)]


@pytest.mark.parametrize("column", ["sync_errors", "suspended", "last_sync", "url"])
def test_a_site_of_which_the_listing_lacks_something_is_compared_with_nothing(sim: Simulator, column: str) -> None:
    """What is not told would be read like what is not so: a site that is lost would be back."""
    lock_out(sim.fleet, 1)
    sim.fleet.sites[1].suspended = True
    row = {
        "id": "1",
        "url": "https://s01.example/",
        "name": "S 1",
        "sync_errors": "ERROR",
        "suspended": "1",
        "last_sync": sim.clock.iso(),
    }
    del row[column]
    with watching(sim) as watch:
        body = json.dumps({"success": 1, "total": 1, "data": [row]})
        sim.faults.add(action="status", path=LISTING, code=200, body=body, content_type="application/json")
        assert told(turn(watch)) == [("dashboard_lost", [])]
        assert told(turn(watch)) == [("dashboard_back", [])]


def test_an_api_without_monitors_does_without(sim: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    """MainWP is older than these routes."""
    body = '{"code": "rest_no_route", "message": "No route.", "data": {"status": 404}}'
    rule = {"action": "status", "code": 404, "body": body, "content_type": "application/json", "times": None}
    sim.faults.add(path="/mainwp/v2/monitors", **rule)
    with watching(sim) as watch:
        lock_out(sim.fleet, 1)
        assert told(turn(watch)) == [("site_lost", 1)]
        assert caplog.text.count("has no monitors") == 1


def test_no_monitors_no_comparison(sim: Simulator) -> None:
    """A poll is whole or nothing."""
    with watching(sim) as watch:
        lock_out(sim.fleet, 1)
        sim.faults.add(action="status", path="/mainwp/v2/monitors", code=500, body="<h1>Fatal</h1>")
        assert told(turn(watch)) == [("dashboard_lost", [])]
        assert told(turn(watch)) == [("dashboard_back", []), ("site_lost", 1)]


@pytest.mark.parametrize("column", ["plugin_upgrades", "premium_upgrades", "wp_upgrades", "translation_upgrades"])
def test_offers_that_cannot_be_read_are_not_gone(sim: Simulator, column: str) -> None:
    site = sim.fleet.sites[1]
    site.child.core_offer, site.child.translations = "7.2", [german()]
    site.child.premium = {"gold/gold.php": {"Name": "Gold", "Version": "1", "update": {"new_version": "2"}}}
    offer(sim, 1)
    with watching(sim) as watch:
        assert site.stored is not None
        assert getattr(site.stored, column)
        kept = getattr(site.stored, column)
        setattr(site.stored, column, "<p>broken")
        assert turn(watch) == []
        setattr(site.stored, column, kept)
        assert turn(watch) == [], "it was offered all the time"


@pytest.mark.parametrize(
    ("selection", "path"), [({"site_tags": ["canary"]}, "tags"), ({"clients": ["ACME, Inc."]}, "clients")]
)
def test_a_list_of_tags_or_clients_that_is_not_whole_loses_nothing(
    dialect: str, selection: dict[str, list[str]], path: str
) -> None:
    """What happened meanwhile is told with the next poll that reads it: a site that was lost, added, removed; a monitor."""
    made = three()
    made.sites[2].tags, made.sites[2].client_id = [5], 2
    made.monitors[1] = Monitor(1, 1)
    made.monitors[1].found(made.clock.now() - 600, 1)
    with Simulator(made, dialect) as sim, watching(sim, **selection) as watch:
        lock_out(sim.fleet, 1)
        lock_out(sim.fleet, 3)
        offer(sim, 1)
        sim.fleet.monitors[1].found(sim.clock.now(), 0)
        del sim.fleet.sites[2]
        sim.fleet.sites[4] = Site(4, "https://s04.example/", "S 4", child(), tags=[5], client_id=2)
        empty = '{"success": 1, "total": 0, "data": []}'
        rule = {"action": "status", "code": 200, "body": empty, "content_type": "application/json"}
        broken = [sim.faults.add(path=f"/mainwp/v2/{path}", times=2, **rule)]
        assert turn(watch) == []
        assert turn(watch) == []
        assert [one.hits for one in broken] == [2]
        assert told(turn(watch)) == [
            ("site_removed", 2),
            ("site_added", 4),
            ("site_lost", 1),
            ("update_offered", [1]),
            ("monitor_down", 1),
        ]
        assert turn(watch) == []


def test_a_name_that_becomes_ambiguous_ends_the_source(sim: Simulator) -> None:
    """Whom events are about is not guessed."""
    with watching(sim, sites=["S 1"]) as watch:
        sim.fleet.add(Site(9, "https://new.example/", "S 1", child()))
        with pytest.raises(errors.InputError, match="hits several sites"):
            watch.poll()


@pytest.mark.parametrize(("left", "believed"), [(2, True), (1, False)])
def test_more_than_half_of_a_fleet_is_not_gone_at_once(left: int, believed: bool) -> None:
    with Simulator(fleet(*(child() for dummy in range(4)))) as sim, watching(sim) as watch:
        gone = [number for number in sim.fleet.sites if number > left]
        for number in gone:
            del sim.fleet.sites[number]
        first = told(turn(watch))
        assert first == ([("site_removed", number) for number in gone] if believed else [])


def test_a_site_whose_changes_cannot_be_read_costs_no_other_its_own(sim: Simulator, caplog) -> None:
    path = "/mainwp/v2/sites/1/non-mainwp-changes"
    sim.faults.add(path=path, action="status", code=500, times=None)
    with caplog.at_level(logging.WARNING), watching(sim, events=["changed_outside"], state_file=None):
        assert [record.getMessage() for record in caplog.records if "s01.example/: no changes: " in record.getMessage()]
        assert len(sim.journal.find(path=r"/mainwp/v2/sites/\d+/non-mainwp-changes")) == 3


def test_a_dashboard_that_logs_nothing_is_told_of_once(sim: Simulator, caplog) -> None:
    sim.fleet.settings["dashboard-insights"] = {"enable_insights_logging": 0}
    with caplog.at_level(logging.WARNING), watching(sim, events=["changed_outside"]) as watch:
        turn(watch)
        assert [record.getMessage() for record in caplog.records].count(OFF) == 1


def test_a_bug_ends_the_source_and_tells_no_secret(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sim.key("read").token

    def broken(*_args: object) -> None:
        raise KeyError(token)

    with watching(sim) as watch:
        monkeypatch.setattr(watcher, "read", broken)
        with pytest.raises(errors.MainWPError) as caught:
            watch.poll()
    monkeypatch.setattr(watcher, "options_from", broken)
    with pytest.raises(errors.MainWPError) as begun:
        watcher.begin({"url": sim.url, "api_key": token}, {}, logging.getLogger("test.events"))
    for told_of_it in (str(caught.value), str(begun.value)):
        assert "bug" in told_of_it
        assert token.partition("==")[2] not in told_of_it


def test_what_is_wrong_with_the_arguments_is_told_as_it_is() -> None:
    with pytest.raises(errors.InputError, match="url: is missing"):
        watcher.begin({"api_key": f"{'a' * 20}=={'b' * 20}"}, {}, logging.getLogger("test.events"))


def test_a_source_that_does_not_verify_says_so(sim: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), watching(sim, validate_certs=False, known=False):
        assert caplog.records[0].getMessage().startswith("validate_certs is false: whoever is between")


# -- a Dashboard that is away ----------------------------------------------------------------------------------------


def test_away_is_told_once_and_asked_for_ever_more_rarely(sim: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    with watching(sim, interval=100, state_file=None) as watch, caplog.at_level(logging.WARNING):
        caplog.clear()
        rule = sim.faults.add(action="status", path="/.*", code=503, body="<h1>Maintenance</h1>", times=None)
        (lost,) = turn(watch)
        pauses = [watch.pause]
        for dummy in range(7):
            assert turn(watch) == []
            pauses.append(watch.pause)
        assert pauses == [100, 200, 400, 800, 1600, 3200, 3600, 3600]
        assert len(caplog.records) == 1
        sim.faults.rules.remove(rule)
        (back,) = turn(watch)
        assert watch.pause == 100
        assert len(caplog.records) == 2
    assert (lost["change"], back["change"]) == ("dashboard_lost", "dashboard_back")
    assert back["since"] == lost["at"]
    assert back["reason"] == lost["reason"]


def test_a_key_that_is_refused_ends_a_source_that_never_read_anything(sim: Simulator) -> None:
    with watching(sim, known=False, api_key="0" * 40 + "==" + "1" * 40) as watch:
        with pytest.raises(errors.Unauthorized) as refused:
            watch.poll()
        assert "0000000" not in str(refused.value)


def test_a_key_that_is_refused_later_is_asked_with_rarely(sim: Simulator) -> None:
    with watching(sim, interval=5) as watch:
        sim.faults.add(
            action="status",
            path="/.*",
            times=1,
            code=401,
            body='{"code": "mainwp_rest_authentication_error", "message": "No.", "data": {"status": 401}}',
            content_type="application/json",
        )
        (lost,) = turn(watch)
        assert (lost["change"], lost["reason"], watch.pause) == ("dashboard_lost", "unauthorized", 3600)
        assert told(turn(watch)) == [("dashboard_back", [])]


def test_a_poll_that_begins_after_the_end_asks_for_nothing(sim: Simulator) -> None:
    """The thread that it was handed to was late; ansible-rulebook ends when that has."""
    with watching(sim) as watch:
        watch.close()
        sim.journal.clear()
        late = threading.Thread(target=watch.poll, daemon=True)
        late.start()
        late.join(20)
        assert not late.is_alive()
        assert sim.journal.entries == []
