# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ends a run about plugins early, or holds a plugin back; and what is read of plugins."""

from __future__ import annotations

from typing import Any

import pytest
from integration._fleets import child
from integration._job import at_once, job, site
from integration._site_plugins import (
    ACTIVATE,
    FORMS,
    HELLO,
    SHOP,
    calls,
    forms,
    off,
    run,
    served,
    syncs,
    told,
    world,
)

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_plugin_info
from simulator import Offer, Plugin, scenarios

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]


def test_what_breaks_pages_is_held_for_the_rest(simulate):
    sim = served(simulate, 6, breaks_page_when="inactive")
    result = run(sim, "inactive", FORMS, health_check={"patience": 0}, concurrency=1)
    assert [found["reason"] for found in result["sites"]] == ["health"] * 2 + ["held_release"] * 4
    assert len(calls(sim)) == 2
    assert "Acme Forms (deactivate)" in result["sites"][0]["message"]


def test_what_kills_sites_is_held_for_the_rest(simulate, dialect):
    sim = world(*(child(None, off(kills_site=True)) for dummy in range(4)), simulate=simulate, dialect=dialect)
    result = run(sim, "active", FORMS, concurrency=1)
    assert [found["result"] for found in result["sites"]] == ["unknown"] * 2 + ["held"] * 2
    assert told(result)[0] == ("inactive", None, "unknown", "unverified")
    assert len(calls(sim)) == 2


def test_a_site_that_dies_gets_nothing_more(simulate, dialect):
    """The second call finds no MainWP Child; one look tells that the site is lost, so the third is never sent."""
    names = ["one", "two", "three"]
    plugins = [Plugin(f"{name}.php", name, "1", active=False, kills_site=name == "one") for name in names]
    sim = world(child(None, *plugins), simulate=simulate, dialect=dialect)
    result = run(sim, "active", *names)
    assert told(result) == [
        ("inactive", None, "unknown", "unverified"),
        ("inactive", None, "unknown", "unverified"),
        ("inactive", "inactive", "skipped", "stopped"),
    ]
    assert len(calls(sim)) == 2


@pytest.mark.parametrize("code", ["mainwp_rest_activate_plugins_action", "internal_server_error"])
def test_what_gives_no_answer_and_is_done_is_changed(simulate, dialect, code):
    """The child broke after it: what is read decides, and the others get their turn."""
    sim = world(child(None, off(), Plugin(HELLO, "Hello", "1", active=False)), simulate=simulate, dialect=dialect)
    body = {"code": code, "message": "NOMAINWP", "data": {"status": 500}}
    sim.faults.add(action="status", after_work=True, method="POST", path=ACTIVATE, code=500, body=body)
    result = run(sim, "active", FORMS, HELLO)
    assert told(result) == [("inactive", "active", "changed", "")] * 2
    assert [entry["message"] for entry in site(result, 1)["plugins"]] == ["", ""]
    assert len(calls(sim)) == 2
    assert syncs(sim) == 3, "each is looked at before the next"


def test_what_moved_while_an_answer_was_looked_for_is_planned_again(simulate):
    """Hello was active when the site was planned, and is not after the lost call."""
    lab = Plugin("lab.php", "Lab", "1", active=False)
    sim = world(child(None, off(), Plugin(HELLO, "Hello", "1"), lab), simulate=simulate)

    def switched(*dummy: Any) -> None:
        sim.fleet.sites[1].child.plugin(HELLO).active = False

    sim.faults.add(action="reset_after", method="POST", path=ACTIVATE)
    sim.faults.add(action="hook", method="POST", path=r".*/sites/1/sync", skip=1, before=switched)
    result = run(sim, "active", HELLO, FORMS, "lab", wait_timeout=20)
    assert [entry["slug"] for entry in site(result, 1)["plugins"]] == [HELLO, FORMS, "lab.php"]
    assert told(result) == [("inactive", "active", "changed", "")] * 3


def test_what_syncs_leave_out_is_never_sent(simulate, dialect):
    """Nothing could be verified, and what is known may be years old."""
    sim = world(child(None, off()), simulate=simulate, dialect=dialect)
    sim.fleet.settings["advanced"] = {"sync_data": {"plugins": 0, "themes": 1}}
    for check in (True, False):
        result = run(sim, "active", FORMS, check_mode=check)
        assert result["error"]["reason"] == "unverified"
        assert "advanced.sync_data.plugins: true" in result["msg"]
        assert calls(sim) == []
        assert syncs(sim) == 0
    sim.fleet.settings["advanced"] = {"sync_data": []}
    assert told(run(sim, "active", FORMS)) == [("inactive", "active", "changed", "")]


def test_what_cannot_be_done_counts_among_the_failed_sites(simulate):
    """Known before anything is sent, or by the first sync: it is the same failure."""
    for age in (0, 3600):
        sim = world(child(), child(), child(None, off()), child(None, off()), simulate=simulate)
        for number in (1, 2):
            sim.fleet.sites[number].dts_sync = sim.fleet.clock.now() - age
        options = {"max_failed_sites": "1", "max_age": 600, "concurrency": 1, "hold_after": 0}
        result = run(sim, "active", FORMS, **options)
        assert [found["result"] for found in result["sites"]] == ["failed"] * 2 + ["skipped"] * 2, age
        assert calls(sim) == []
    sim = world(child(), child(None, off()), simulate=simulate)
    assert not run(sim, "active", FORMS, max_failed_sites="50%")["failed"]


def test_more_failed_sites_than_are_tolerated_stop_the_run(simulate):
    sim = world(*(child(None, off(fatal=True)) for dummy in range(4)), simulate=simulate)
    reporter = Collector()
    result = run(sim, "active", FORMS, concurrency=1, max_failed_sites="1", hold_after=0, reporter=reporter)
    assert [found["result"] for found in result["sites"]] == ["failed"] * 2 + ["skipped"] * 2
    assert result["failed"]
    sim = world(child(None, off(fatal=True)), child(None, off()), simulate=simulate)
    result = run(sim, "active", FORMS, max_failed_sites="1", reporter=reporter)
    assert not result["failed"]
    assert any("within max_failed_sites" in text for text in reporter.warnings)


def test_time_that_is_over_leaves_everything(simulate):
    sim = world(child(None, off()), child(None, forms()), simulate=simulate)
    result = run(sim, "active", FORMS, stop_after="2020-01-01T00:00:00Z")
    assert told(result) == [("inactive", "inactive", "skipped", "out_of_time"), ("active", "active", "unchanged", "")]
    assert not [entry for entry in sim.journal.entries if entry.is_write]


def test_a_key_that_is_refused_ends_the_run_with_its_report(simulate):
    sim = world(*(child(None, off()) for dummy in range(3)), simulate=simulate)
    body = {"code": "mainwp_rest_authentication_error", "message": "No.", "data": {"status": 401}}
    sim.faults.add(action="status", method="POST", path=ACTIVATE, skip=1, times=None, code=401, body=body)
    result = run(sim, "active", FORMS, concurrency=1)
    assert [found["result"] for found in result["sites"]] == ["changed", "failed", "skipped"]
    assert result["broken_off"]
    assert site(result, 2)["plugins"][0]["reason"] == "unauthorized"


def test_a_signal_ends_the_run_with_a_whole_report(simulate):
    sim = world(*(child(None, off()) for dummy in range(3)), simulate=simulate)
    reporter = Collector()

    def stop(*dummy: Any) -> None:
        reporter.interrupted = True

    sim.faults.add(action="hook", method="POST", path=ACTIVATE, after=stop)
    result = run(sim, "active", FORMS, concurrency=1, reporter=reporter)
    assert [found["result"] for found in result["sites"]] == ["changed", "skipped", "skipped"]
    assert result["broken_off"]
    assert result["changed"]


def test_a_key_that_may_only_read_is_named_before_the_first_site(simulate):
    sim = world(child(None, off()), child(None, off()), simulate=simulate)
    refused = run(sim, "active", FORMS, api_key=sim.key("read").token)
    assert refused["error"]["reason"] == "unauthorized"
    assert not [entry for entry in sim.journal.entries if entry.is_write]


def test_a_second_run_costs_the_pages_of_the_listing(simulate):
    """And a number of requests that does not grow with the fleet."""
    for count, pages in ((80, 1), (280, 3)):
        sim = simulate(at_once(scenarios.large(count)))
        result = run(sim, "active", "acme-forms")
        assert not result["changed"]
        listing = [entry for entry in sim.journal.entries if entry.path == "/mainwp/v2/sites"]
        assert len(listing) == pages
        assert len(sim.journal.entries) <= len(listing) + 2
        assert not [entry for entry in sim.journal.entries if entry.is_write]


def test_a_site_that_cannot_tell_what_is_abandoned_is_warned_of(simulate):
    """And a Dashboard that refuses the key is no site's fault."""
    sim = world(child(), child(), simulate=simulate)
    path = "/mainwp/v2/sites/1/plugins/abandoned"
    sim.faults.add(path=path, action="status", code=500, body={"code": "x", "message": "No.", "data": None}, times=None)
    reporter = Collector()
    result = job(sim, mainwp_plugin_info.DOOR, reporter=reporter, abandoned=True)
    assert result["count"] > 0
    (warning,) = reporter.warnings
    assert "s01.example/: nobody knows which plugins are abandoned there" in warning
    sim.key().enabled = False
    assert job(sim, mainwp_plugin_info.DOOR, abandoned=True)["error"]["reason"] == "unauthorized"


def test_a_site_of_which_no_plugin_is_known_is_told(simulate):
    sim = world(child(), child(), simulate=simulate)
    sim.fleet.sites[1].stored = None
    reporter = Collector()
    assert job(sim, mainwp_plugin_info.DOOR, reporter=reporter)["count"] == 1
    untold = "MainWP does not know the plugins of https://s01.example/: a sync brings them."
    assert reporter.warnings == [untold]
    for sites, more in (
        (
            ["1", "2"],
            ["plugins: 'typo' is on none of those selected sites of which that is known. Check the spelling."],
        ),
        (["1"], []),
    ):
        reporter = Collector()
        job(sim, mainwp_plugin_info.DOOR, reporter=reporter, sites=sites, plugins=["typo"])
        assert reporter.warnings == [untold, *more]


@pytest.mark.parametrize("trouble", ["disconnected", "never synced"])
def test_what_a_site_that_nobody_looked_at_may_have_is_not_called_nowhere(simulate, trouble):
    sim = world(child(), child(), simulate=simulate)
    site_of_it = sim.fleet.sites[1]
    if trouble == "disconnected":
        site_of_it.sync_errors = "gone"
    else:
        site_of_it.stored, site_of_it.dts_sync = None, 0
    reporter = Collector()
    result = run(sim, "absent", "typo", reporter=reporter, check_mode=True)
    assert reporter.warnings == []
    assert "– on none of the sites of which that is known: typo" in result["msg"]
    run(sim, "active", "typo", reporter=reporter, check_mode=True)
    assert reporter.warnings == [
        "plugins: 'typo' is on none of those selected sites of which that is known. Check the spelling."
    ]
    lone = run(sim, "active", "typo", reporter=reporter, check_mode=True, all_sites=False, sites=["1"])
    assert "on none" not in lone["msg"]
    assert len(reporter.warnings) == 1


def test_which_plugins_sites_have_is_read_from_the_listing(simulate, dialect):
    old = Plugin(HELLO, "Hello Dolly", "1.7.2", active=False, abandoned_since=1500000000)
    sim = world(
        child(Offer("1.1.0"), old, Plugin("lab.php", "Lab", "", mu=True)), child(), simulate=simulate, dialect=dialect
    )
    result = job(sim, mainwp_plugin_info.DOOR)
    assert [(entry["slug"], entry["state"], entry["update_version"]) for entry in site(result, 1)["plugins"]] == [
        (HELLO, "inactive", ""),
        ("lab.php", "must_use", ""),
        (SHOP, "active", "1.1.0"),
    ]
    assert not [entry for entry in sim.journal.entries if "/plugins" in entry.path]
    reporter = Collector()
    options = {"plugins": ["hello", "typo"], "state": "inactive", "abandoned": True}
    result = job(sim, mainwp_plugin_info.DOOR, reporter=reporter, **options)
    assert [entry["abandoned_since"] for found in result["sites"] for entry in found["plugins"]] == [
        "2017-07-14T02:40:00Z"
    ]
    assert result["count"] == 1
    assert reporter.warnings == ["plugins: 'typo' is on none of the selected sites. Check the spelling."]
