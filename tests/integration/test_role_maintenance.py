# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role fleet_maintenance, run by real playbooks: plan, run, run again; hooks, locks, phases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from integration import _fleets as fleets
from integration._role import ROLE, Maintain, Maintenance, moved, stats

from simulator import Offer, scenarios


def test_plan_then_run_then_run_again(maintain: Maintain, dialect: str) -> None:
    role = maintain(scenarios.small(3), dialect)
    hooks = {"fleet_maintenance_tasks_after": [role.facts_hook()]}

    plan = role.run("--check", "--diff", **hooks)
    assert plan.rc == 0
    assert "+plugin acme-forms/acme-forms.php 1.1.0" in plan.output
    plan.says("3 ok (12 planned)")
    facts = plan.facts()
    assert [site["id"] for site in facts["changed_sites"]] == [1, 2, 3]
    assert "This is a plan. Nothing was changed." in facts["report"]["clients"][0]["text"]
    assert not role.reports.exists()
    assert not (role.folder / "locks").exists()

    real = role.run(**hooks)
    assert real.rc == 0
    assert real.recap()["changed"] >= 1
    assert len(moved(role.sims["dash"])) == 12
    facts = real.facts()
    assert facts["result"]["summary"]["updates"]["updated"] == 12
    assert [site["id"] for site in facts["changed_sites"]] == [1, 2, 3]
    assert [site["name"] for site in facts["selected_sites"]] == ["Site 1", "Site 2", "Site 3"]
    assert facts["failure"] == ""
    assert stats(real)["dash"]["updates"]["updated"] == 12
    real.says("Update the selected sites", "Show what became", "Name the changed sites", "Pass, or")

    again = role.run(**hooks)
    assert again.rc == 0
    assert again.recap()["changed"] == 0
    assert again.writes() == []
    assert again.facts()["changed_sites"] == []
    assert "Name the changed sites" not in again.output
    assert stats(again)["dash"]["changed"] is False
    assert len(moved(role.sims["dash"])) == 12


def test_hooks_handlers_and_verdict_come_in_order(maintain: Maintain) -> None:
    fleet = scenarios.small(2)
    fleet.sites[2].child.down = True
    role = maintain(fleet)
    ask = {"name": "Ask without connection options", "wpfleet.mainwp.mainwp_site_info": {}, "register": "asked"}
    before = role.hook(
        "update.yml",  # a name that the role has, too
        ask,
        role.note("before {{ asked.sites | length }} of {{ fleet_maintenance_selected_sites | length }}"),
    )
    last = role.hook("last.yml", role.note("last: {{ fleet_maintenance_failure }}"))
    role.play["handlers"] = [
        role.note(
            "purge {{ fleet_maintenance_changed_sites | map(attribute='url') | join(' ') }}",
            listen="wpfleet.mainwp site updated",
        )
    ]
    run = role.run(
        fleet_maintenance_tasks_before=[before, str(role.folder / before)],
        fleet_maintenance_tasks_after=[role.hook("after.yml", role.note("after")), last],
    )
    assert run.rc == 2
    assert role.noted() == [
        "before 2 of 2",
        "before 2 of 2",
        "after",
        "last: 1 ok (4 updates) · 1 failed – new: site2.example (disconnected)",
        "purge https://site1.example/",
    ]
    run.says("RUNNING HANDLER", "Pass, or fail with the reason", "FAILED!")


def test_a_hook_that_fails_is_told_apart(maintain: Maintain) -> None:
    fleet = scenarios.small(2)
    fleet.sites[2].child.down = True
    role = maintain(fleet)
    fail = {"name": "Back up", "ansible.builtin.fail": {"msg": "no space left"}}
    tell = role.hook("tell.yml", role.note("told {{ fleet_maintenance_failure }}"))

    run = role.run(
        fleet_maintenance_tasks_before=[role.hook("backup.yml", fail)],
        fleet_maintenance_tasks_after=[tell],
    )
    assert run.rc == 2
    assert run.writes() == []
    assert role.noted() == ["told Back up: no space left"]
    run.says("Pass, or fail with the reason", "Back up: no space left")
    assert role.report()["msg"] == "Back up: no space left"
    assert not list((role.folder / "locks").glob("127*.lock"))

    run = role.run(fleet_maintenance_tasks_before=["nowhere.yml"], fleet_maintenance_tasks_after=[tell])
    assert run.writes() == []
    assert "is not there" in role.report()["msg"]
    assert "is not there" in role.noted()[-1]
    assert not list((role.folder / "locks").glob("127*.lock"))

    run = role.run(fleet_maintenance_tasks_after=[role.hook("mail.yml", {**fail, "name": "Mail"}), tell])
    assert run.rc == 2
    assert len(role.noted()) == 2
    assert len(moved(role.sims["dash"])) == 4
    run.says(
        "Pass, or fail with the reason",
        "1 ok (4 updates) · 1 failed – new: site2.example (disconnected) – also: Mail: no space left",
    )


def test_inside_blocks_with_rescue_and_always(maintain: Maintain) -> None:
    fleet = scenarios.small(2)
    fleet.sites[2].child.down = True
    role = maintain(fleet)
    include = {"name": "Maintain", "ansible.builtin.include_role": {"name": "wpfleet.mainwp.fleet_maintenance"}}
    role.play = {
        "tasks": [
            {
                "name": "Outer",
                "block": [
                    {
                        "name": "Inner",
                        "block": [include],
                        "rescue": [role.note("rescued {{ ansible_failed_result.msg }}")],
                    },
                    {
                        "name": "Once more",
                        "block": [include],
                        "always": [role.note("always")],
                    },
                ],
                "rescue": [role.note("rescued again {{ fleet_maintenance_result.summary.updates.updated }}")],
            },
            role.note("goes on"),
        ],
    }
    run = role.run()
    assert run.rc == 0
    assert role.noted() == [
        "rescued 1 ok (4 updates) · 1 failed – new: site2.example (disconnected)",
        "always",
        "rescued again 0",
        "goes on",
    ]
    assert len(role.report_dirs()) == 2


@pytest.mark.once
def test_only_one_run_per_dashboard(maintain: Maintain) -> None:
    role = maintain(scenarios.small(1))
    locks = role.folder / "locks"
    grab = role.hook(
        "grab.yml",
        {
            "name": "Look for the lock",
            "ansible.builtin.find": {"paths": str(locks), "patterns": "*.lock"},
            "delegate_to": "localhost",
            "register": "found",
        },
        role.note("{{ found.files[0].path }} {{ found.files[0].mode }}"),
    )
    assert role.run(fleet_maintenance_tasks_before=[grab], fleet_maintenance_exclude_updates=["theme:*"]).rc == 0
    path, mode = role.noted()[0].split()
    assert mode == "0600"
    lock = Path(path)
    assert not lock.exists()

    lock.write_text(json.dumps({"token": "another", "host": "laptop", "since": "2026-11-01T02:00:00Z"}))
    refused = role.run()
    assert refused.rc == 2
    assert refused.writes() == []
    refused.says("Pass, or fail", "Another run maintains this Dashboard (on laptop since 2026-11-01T02:00:00Z).", path)
    assert json.loads(lock.read_text())["token"] == "another"
    assert role.run("--check").rc == 0
    assert role.run("--skip-tags", "fleet_maintenance_lock", fleet_maintenance_types=["core"]).rc == 0
    assert lock.exists()

    stale = role.run(fleet_maintenance_lock_max_age=0)
    assert stale.rc == 0
    stale.says("WARNING: Broke the lock of a run (on laptop since 2026-11-01T02:00:00Z)", "1 ok (1 update)")
    assert not lock.exists()

    in_the_way = role.folder / "file"
    in_the_way.write_text("")
    role.sims["dash"].journal.clear()
    for args in (("--check",), ()):
        without = role.run(*args, fleet_maintenance_lock_dir=str(in_the_way))
        assert without.rc == 2
        assert without.writes() == []
        without.says("WARNING: Nothing keeps a second run away from this Dashboard", "lock_dir: none")
    assert role.run(fleet_maintenance_lock_dir=str(in_the_way), fleet_maintenance_lock=False).rc == 0


def test_bad_input_is_named_before_anything_is_touched(maintain: Maintain) -> None:
    role = maintain(scenarios.small(2))
    sim = role.sims["dash"]
    before = {"fleet_maintenance_tasks_before": [role.hook("before.yml", role.note("before"))]}

    nothing = role.run(fleet_maintenance_all_sites=False, **before)
    assert nothing.rc == 2
    assert nothing.journal() == []
    nothing.says("Pass, or fail", "No sites are selected. Set fleet_maintenance_all_sites: true, or one of")

    typo = role.run(fleet_maintenance_exclude_sites=["sitte1.example"], **before)
    assert typo.rc == 2
    typo.says("Pass, or fail", "sitte1.example")

    wrong = role.run("-vvvv", fleet_maintenance_wait="perhaps", **before)
    assert wrong.rc == 2
    assert wrong.journal() == []
    wrong.says("argument 'fleet_maintenance_wait' is of type")

    role.hosts["dash"] = Maintenance.connection(sim, "read")
    reader = role.run(**before)
    assert reader.rc == 2
    reader.says("Pass, or fail", "The API key may only read.")
    assert role.noted() == []
    assert moved(sim) == set()
    plan = role.run("--check", **before)
    assert plan.rc == 0
    plan.says("The API key may only read.", "2 ok (8 planned)")


def test_a_variable_that_there_is_not_is_refused_before_anything(maintain: Maintain) -> None:
    """What the role tells is one that there is, in its second turn, too, and in the next job of a workflow."""
    role = maintain(scenarios.small(2))
    before = {"fleet_maintenance_tasks_before": [role.hook("before.yml", role.note("before"))]}
    sentence = (
        "fleet_maintenance_exclude_site: there is no such variable. Did you mean fleet_maintenance_exclude_sites?"
    )
    for args in ((), ("--check",), ("--tags", "fleet_maintenance_update")):
        refused = role.run(*args, fleet_maintenance_exclude_site=["site-1.example"], **before)
        assert refused.rc == 2, refused.output
        refused.says("Insist on variables that there are", sentence)
        assert (refused.journal(), role.noted(), role.report_dirs()) == ([], [], [])
    role.play = {"roles": [{"role": ROLE}, {"role": ROLE, "fleet_maintenance_sync_after": True}]}
    assert role.run("--check", fleet_maintenance_stats={"dash": {}}).rc == 0


def test_a_plan_is_run_as_it_was_made(maintain: Maintain) -> None:
    role = maintain(scenarios.small(3))
    make = {"name": "Plan", "wpfleet.mainwp.mainwp_update_info": {"all_sites": True}, "register": "made"}
    connection = {"group/wpfleet.mainwp.mainwp": {"url": "{{ mainwp_url }}", "api_key": "{{ mainwp_api_key }}"}}
    role.play["pre_tasks"] = [{**make, "module_defaults": connection}]
    plan: Any = "{{ made.plan | selectattr('site_id', 'in', [1, 3]) | selectattr('type', 'eq', 'theme') | list }}"
    run = role.run(fleet_maintenance_all_sites=False, fleet_maintenance_plan=plan)
    assert run.rc == 0
    assert moved(role.sims["dash"]) == {(1, "theme", "acme-theme"), (3, "theme", "acme-theme")}
    assert [site["id"] for site in role.report()["sites"]] == [1, 3]


def test_then_sync(maintain: Maintain) -> None:
    fleet = scenarios.small(4)
    fleet.sites[3].child.down = True
    fleet.sites[4].suspended = True
    role = maintain(fleet)
    run = role.run(
        fleet_maintenance_include_updates=["acme-forms"],
        fleet_maintenance_max_age=10**9,
        fleet_maintenance_sync_after=True,
        fleet_maintenance_sync_max_age=0,
        fleet_maintenance_tasks_after=[role.facts_hook()],
    )
    run.says("Update the selected sites", "Sync the other selected sites", "Show what became")
    assert [site["id"] for site in run.facts()["sync_result"]["sites"]] == [1, 2]
    assert run.rc == 2


@pytest.mark.once
def test_the_legacy_api(maintain: Maintain) -> None:
    role = maintain(scenarios.small(2))
    key = role.sims["dash"].key()
    role.hosts["dash"] = {
        "mainwp_url": role.sims["dash"].url,
        "mainwp_consumer_key": key.consumer_key,
        "mainwp_consumer_secret": key.consumer_secret,
        "mainwp_api_version": "v1",
    }
    run = role.run()
    assert run.rc == 0
    assert len(moved(role.sims["dash"])) == 8
    assert "## Site 1" in (role.report_dirs()[0] / "no-client.md").read_text()


def test_phases_can_be_chosen(maintain: Maintain) -> None:
    role = maintain(scenarios.small(1))
    before = {"fleet_maintenance_tasks_before": [role.hook("before.yml", role.note("before"))]}
    look = role.run("--tags", "fleet_maintenance_preflight", **before)
    assert look.rc == 0
    assert look.writes() == []
    look.says("Find the selected sites", "Pass, or fail")
    skipped = role.run("--skip-tags", "fleet_maintenance_before,fleet_maintenance_report", **before)
    assert skipped.rc == 0
    assert len(moved(role.sims["dash"])) == 4
    assert role.noted() == []
    assert not role.reports.exists()


# -- by default ---------------------------------------------------------------------------------------------------


def test_by_default_pages_are_looked_at_unless_that_is_switched_off(maintain: Maintain) -> None:
    given = {"default": {}, "null": {"health_check": None}, "off": {"health_check": {"enabled": False}}}
    role = maintain(
        **{
            name: fleets.fleet(fleets.child(Offer("1.1.0")), fleets.child(Offer("1.2.0", breaks_page=True)))
            for name in given
        }
    )
    role.keep_defaults()
    for name, variables in given.items():
        role.hosts[name].update({f"fleet_maintenance_{key}": value for key, value in variables.items()})
    run = role.run(fleet_maintenance_max_failed_sites=None)  # one site must not keep the other from its turn
    for name in ("default", "null"):
        assert run.recap(name)["failed"] == 1
        verdicts = {site["id"]: site["health"]["verdict"] for site in role.report(name)["sites"]}
        assert verdicts == {1: "ok", 2: "failed"}
        assert len(role.sims[name].visits.entries) == 8
    assert run.recap("off")["failed"] == 0
    assert list(role.sims["off"].visits.entries) == []


@pytest.mark.parametrize(("failures", "goes_on"), [(1, True), pytest.param(2, False, marks=pytest.mark.once)])
def test_by_default_a_tenth_of_the_sites_may_fail(maintain: Maintain, failures: int, goes_on: bool) -> None:
    """Then they are warnings; beyond it nothing new is started."""
    fleet = fleets.fleet(*(fleets.child(Offer("1.1.0")) for dummy in range(12)))
    for number in range(1, failures + 1):
        fleet.sites[number].child = fleets.child(Offer(f"2.{number}", broken_package=True))
    role = maintain(fleet)
    role.keep_defaults()
    run = role.run(mainwp_concurrency=1)
    assert run.rc == (0 if goes_on else 2)
    counts = role.report()["summary"]["sites"]
    assert counts["failed"] == failures
    assert (counts["skipped"] == 0) is goes_on
