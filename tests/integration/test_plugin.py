# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins on many sites as code: active, inactive, absent; and what MainWP says is done that is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration._fleets import child, fleet, lock_out
from integration._job import at_once, job, site
from integration._play import Task

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_plugin, mainwp_plugin_info
from simulator import Child, Offer, Plugin, Simulator, scenarios

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]

Simulate = Callable[..., Simulator]
FORMS, HELLO, SHOP = "acme-forms/acme-forms.php", "hello.php", "shop/shop.php"
CHILD = Plugin("mainwp-child/mainwp-child.php", "MainWP Child", "6.1")
ACTIVATE = r"/mainwp/v2/sites/\d+/plugins/activate"


def forms(**fields: Any) -> Plugin:
    return Plugin(FORMS, "Acme Forms", "1.0.0", **fields)


def off(**fields: Any) -> Plugin:
    return forms(active=False, **fields)


def world(*children: Child, simulate: Simulate, dialect: str = "abilities") -> Simulator:
    return simulate(at_once(fleet(*children)), dialect)


def run(sim: Simulator, state: str, *plugins: str, **options: Any) -> dict[str, Any]:
    options = {"all_sites": True, "lock_dir": "none", **options}
    return job(sim, mainwp_plugin.DOOR, plugins=list(plugins), state=state, **options)


def told(result: Any) -> list[tuple[str | None, str | None, str, str]]:
    """Before, after, result and reason of every entry, site after site."""
    return [
        (entry["before"], entry["after"], entry["result"], entry["reason"])
        for found in result["sites"]
        for entry in found["plugins"]
    ]


def calls(sim: Simulator) -> list[str]:
    """What was sent about plugins, in order."""
    return [entry.path.removeprefix("/mainwp/v2/") for entry in sim.journal.work()]


def syncs(sim: Simulator) -> int:
    return sum("/sync" in entry.path for entry in sim.journal.entries)


def test_a_plugin_becomes_active_inactive_and_absent(direct_for, dialect):
    play = direct_for(fleet(child(None, off()), child()), dialect)
    on = {"all_sites": True, "plugins": ["acme-forms"], "state": "active", "exclude_sites": ["2"]}
    planned, made, again = play.tasks(
        Task("mainwp_plugin", on, check=True, diff=True),
        Task("mainwp_plugin", on, diff=True),
        Task("mainwp_plugin", on),
    )
    assert told(planned) == [("inactive", "active", "planned", "")]
    assert told(made) == [("inactive", "active", "changed", "")]
    assert planned["diff"] == made["diff"]
    assert [*planned.writes, *again.writes] == []
    assert told(again) == [("active", "active", "unchanged", "")]
    one = {"sites": ["1"], "plugins": [FORMS]}
    refused, made_inactive, gone, twice = play.tasks(
        Task("mainwp_plugin", {**one, "state": "absent"}),
        Task("mainwp_plugin", {**one, "state": "inactive"}),
        Task("mainwp_plugin", {**one, "state": "absent"}),
        Task("mainwp_plugin", {**one, "state": "absent"}),
    )
    assert told(refused) == [("active", "active", "failed", "is_active")]
    assert refused.failed
    assert [*refused.writes, *twice.writes] == []
    assert told(made_inactive) == [("active", "inactive", "changed", "")]
    assert told(gone) == [("inactive", "absent", "changed", "")], "seen after a sync only: 529 to 533"
    assert told(twice) == [("absent", "absent", "unchanged", "")]
    assert twice.msg == "1 ok (0 plugin changes) – on none of the sites: acme-forms/acme-forms.php", (
        "and no warning each time"
    )
    assert play.sim.fleet.sites[1].child.plugin(FORMS) is None


def test_what_is_said_to_be_done_is_read_and_never_believed(simulate, dialect):
    """Requirements that are not met (514, 515), with and without an offer that tells of them; one that dies (516 to 519);
    must-use (525, 526); unknown (510)."""
    unmet, dies = {"RequiresPHP": "9.9"}, "acme-fatal/acme-fatal.php"
    sim = world(
        child(
            None,
            off(info=unmet),
            Plugin("known/known.php", "Known", "1.0", active=False, info=unmet, offer=Offer("2.0")),
            Plugin(dies, "Acme Fatal", "0.1", active=False, fatal=True),
            Plugin("lab.php", "Lab", "", mu=True),
            Plugin(HELLO, "Hello Dolly", "1.7.2", active=False),
        ),
        simulate=simulate,
        dialect=dialect,
    )
    result = run(sim, "active", FORMS, "known", "Acme Fatal", "lab.php", "nosuch", HELLO)
    assert told(result) == [
        ("inactive", "inactive", "failed", "not_changed"),
        ("inactive", "inactive", "failed", "requires_php"),
        ("inactive", "inactive", "failed", "child_error"),
        ("must_use", "must_use", "unchanged", ""),
        ("absent", "absent", "failed", "not_installed"),
        ("inactive", "active", "changed", ""),
    ]
    assert result["changed"]
    assert result["failed"]
    assert calls(sim) == ["sites/1/plugins/activate"] * 3, "one call for each slug, and none in vain"
    assert syncs(sim) == 3, "one more for the site that gave no answer: was it still there?"
    assert "NOMAINWP" in site(result, 1)["plugins"][2]["message"]
    sim.journal.clear()
    result = run(sim, "inactive", "lab.php")
    assert told(result) == [("must_use", "must_use", "failed", "must_use")]
    assert calls(sim) == []


@pytest.mark.parametrize("text", ["mainwp-child", "mainwp-child.php", "MainWP-Child/mainwp-child.php", "MainWP Child"])
def test_mainwp_child_itself_is_never_touched(simulate, text):
    """520 to 522; only to be active is fine."""
    sim = world(child(None, CHILD, off()), simulate=simulate)
    for state in ("inactive", "absent"):
        refused = run(sim, state, "acme-forms", text, force=True)
        assert refused["error"]["reason"] == "invalid_input"
        assert "MainWP Child" in refused["msg"]
    assert len(sim.journal.entries) == 0
    assert calls(sim) == []
    assert told(run(sim, "active", "mainwp-child")) == [("active", "active", "unchanged", "")]


def test_mainwp_child_in_another_folder_is_known(simulate):
    sim = world(child(None, Plugin("odd/mainwp-child.php", "Connector", "6.1")), simulate=simulate)
    result = run(sim, "absent", "odd", force=True)
    assert told(result) == [("active", "active", "failed", "own_plugin")]
    assert calls(sim) == []


@pytest.mark.parametrize("text", ["", "  ", "../../evil.php", "a/../b.php", "/a/b.php", "acme*", "a\\b.php"])
def test_what_is_no_slug_is_refused_before_any_request(simulate, text):
    sim = world(child(), simulate=simulate)
    result = run(sim, "inactive", text)
    assert result["error"]["option"] == "plugins"
    assert len(sim.journal.entries) == 0


def test_names_that_hit_several_or_none(simulate):
    double = [Plugin(f"acme/{name}.php", f"Acme {name}", "1", active=False) for name in ("one", "two")]
    sim = world(child(None, *double), child(), simulate=simulate)
    reporter = Collector()
    result = run(sim, "active", "acme", "ACME/one.php", "nowhere", "acme/one", reporter=reporter)
    assert told(result)[:3] == [
        (None, None, "failed", "ambiguous"),
        ("inactive", "active", "changed", ""),
        ("absent", "absent", "failed", "not_installed"),
    ]
    assert [entry["slug"] for entry in site(result, 1)["plugins"]] == ["acme", "acme/one.php", "nowhere"], "each once"
    assert "acme/one.php, acme/two.php" in site(result, 1)["plugins"][0]["message"]
    assert [text for text in reporter.warnings if "none of the selected" in text] == [
        "plugins: 'nowhere' is on none of the selected sites. Check the spelling."
    ]


def test_a_site_whose_list_is_empty_is_not_known(simulate):
    """Not even MainWP Child is in it: who believed it would call everything absent."""
    made = child()
    made.plugins.clear()
    sim = world(made, simulate=simulate)
    result = run(sim, "absent", FORMS)
    assert [(found["result"], found["reason"]) for found in result["sites"]] == [("failed", "unverified")]
    assert calls(sim) == []


def test_an_active_plugin_is_deleted_with_force_alone(simulate):
    sim = world(child(None, forms()), child(None, off()), simulate=simulate)
    result = run(sim, "absent", FORMS)
    assert told(result) == [("active", "active", "failed", "is_active"), ("inactive", "absent", "changed", "")]
    assert calls(sim) == ["sites/2/plugins/delete"]
    assert told(run(sim, "absent", FORMS, force=True))[0] == ("active", "absent", "changed", "")


def test_fresh_data_is_believed_and_old_data_is_not(simulate):
    """Somebody deactivated it since the last sync."""
    sim = world(child(None, forms()), child(None, forms()), simulate=simulate)
    sim.fleet.sites[2].dts_sync = sim.fleet.clock.now() - 3600
    for number in (1, 2):
        sim.fleet.sites[number].child.plugin(FORMS).active = False
    planned = run(sim, "active", FORMS, check_mode=True)
    assert [found["stale"] for found in planned["sites"]] == [False, True]
    assert told(planned) == [("active", "active", "unchanged", "")] * 2
    result = run(sim, "active", FORMS)
    assert told(result) == [("active", "active", "unchanged", ""), ("inactive", "active", "changed", "")]
    assert {entry.path for entry in sim.journal.entries if entry.is_write} == {
        "/mainwp/v2/sites/2/sync",
        "/mainwp/v2/sites/2/plugins/activate",
    }


def test_sites_that_cannot_be_worked_on(simulate, dialect):
    made = fleet(child(None, off()), child(None, off()), child(None, off()), child(None, off()))
    made.sites[1].suspended = True
    made.sites[2].child.down = True
    lock_out(made, 3)
    sim = simulate(at_once(made), dialect)
    planned = run(sim, "active", FORMS, check_mode=True)
    result = run(sim, "active", FORMS)
    assert site(result, 1)["result"] == "skipped"
    assert told(result)[0] == ("inactive", "inactive", "skipped", "suspended")
    assert site(result, 2)["reason"] == "disconnected"
    assert site(planned, 3)["reason"] == ("locked_out" if dialect == "abilities" else "disconnected")
    if dialect == "abilities":
        assert site(result, 3)["reason"] == "locked_out"
        assert told(result)[2] == ("inactive", "inactive", "failed", "locked_out")
    assert told(result)[3] == ("inactive", "active", "changed", "")
    assert result["summary"]["plugins"]["changed"] == (1 if dialect == "abilities" else 2)
    again = run(sim, "active", FORMS, reconnect=True, sites=["3"], all_sites=False)
    assert told(again)[0][2] in ("changed", "unchanged")
    assert sim.fleet.sites[3].child.plugin(FORMS).active


@pytest.mark.parametrize("fault", [{"action": "reset_after"}, {"action": "gateway_timeout", "delay": 1}], ids=str)
def test_a_lost_answer_is_looked_for_and_nothing_is_sent_twice(simulate, dialect, fault):
    sim = world(child(None, off(), Plugin(HELLO, "Hello", "1", active=False)), simulate=simulate, dialect=dialect)
    sim.faults.add(method="POST", path=ACTIVATE, **fault)
    result = run(sim, "active", FORMS, HELLO, wait_timeout=20)
    assert told(result) == [("inactive", "active", "changed", "")] * 2
    assert calls(sim) == ["sites/1/plugins/activate"] * 2


def test_what_never_happens_is_unknown_and_the_rest_is_left(simulate, tmp_path):
    """The locks tell the next run; a second write beside one that is under way would harm."""
    sim = world(child(None, off(), Plugin(HELLO, "Hello", "1", active=False)), simulate=simulate)
    sim.faults.add(action="status", method="POST", path=ACTIVATE, code=504, body="late")
    result = run(sim, "active", FORMS, HELLO, wait_timeout=4, lock_dir=str(tmp_path))
    assert told(result) == [
        ("inactive", "inactive", "unknown", "timeout"),
        ("inactive", "inactive", "skipped", "stopped"),
    ]
    assert calls(sim) == ["sites/1/plugins/activate"]
    locks = Locks(str(tmp_path), sim.url)
    assert locks.take(["site-1"]) is None
    assert locks.unanswered("site-1") == {f"activate plugin {FORMS}"}
    locks.close()


def test_a_site_that_another_run_works_on_is_left_alone(simulate, tmp_path: Path):
    sim = world(child(None, off()), child(None, off()), simulate=simulate)
    other = Locks(str(tmp_path), sim.url)
    other.take(["site-1"])
    result = run(sim, "active", FORMS, lock_dir=str(tmp_path), lock_timeout=1)
    other.close()
    assert told(result) == [("inactive", "inactive", "failed", "locked"), ("inactive", "active", "changed", "")]
    assert result["locking"]["dir"] == str(tmp_path)


def served(simulate: Simulate, count: int, **fields: Any) -> Simulator:
    sim = world(*(child(None, forms(**fields)) for dummy in range(count)), simulate=simulate)
    sim.serve_children()
    return sim


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


def test_a_site_of_which_no_plugin_is_known_is_told(simulate):
    sim = world(child(), child(), simulate=simulate)
    sim.fleet.sites[1].stored = None
    reporter = Collector()
    assert job(sim, mainwp_plugin_info.DOOR, reporter=reporter)["count"] == 1
    assert reporter.warnings == ["MainWP does not know the plugins of https://s01.example/: a sync brings them."]


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
