# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins on many sites as code: active, inactive, absent; and what MainWP says is done that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration._fleets import child, fleet, lock_out
from integration._job import at_once, site
from integration._play import Task
from integration._site_plugins import (
    ACTIVATE,
    CHILD,
    FORMS,
    HELLO,
    calls,
    forms,
    off,
    run,
    syncs,
    told,
    world,
)

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from ansible_collections.wpfleet.mainwp.plugins.module_utils._things.extensions import Plugins
from simulator import Offer, Plugin

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]


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


def test_what_old_data_says_of_a_site_that_cannot_be_read_is_not_told(simulate):
    """By the last sync one is missing, and one is as it should be. Who knows what is there now?"""
    sim = world(child(None, forms()), simulate=simulate)
    sim.fleet.sites[1].dts_sync = sim.fleet.clock.now() - 3600
    sim.fleet.sites[1].child.down = True
    result = run(sim, "active", FORMS, "nowhere")
    assert site(result, 1)["result"] == "failed"
    assert [entry["result"] for entry in site(result, 1)["plugins"]] == ["failed", "failed"]
    assert {entry["reason"] for entry in site(result, 1)["plugins"]} == {site(result, 1)["reason"]}


def test_a_bug_met_on_one_site_costs_no_other_its_turn(simulate, monkeypatch):
    sim = world(child(None, off()), child(None, off()), simulate=simulate)
    plan = Plugins.plan

    def broken(self, site, state):
        if site.id == 1:
            raise KeyError("nobody thought of this")
        return plan(self, site, state)

    monkeypatch.setattr(Plugins, "plan", broken)
    result = run(sim, "active", FORMS)
    assert [found["result"] for found in result["sites"]] == ["failed", "changed"]
    assert "bug" in site(result, 1)["message"]


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
