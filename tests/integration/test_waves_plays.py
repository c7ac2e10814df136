# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role for child sites in all the plays that people write around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration import _fleets as fleets
from integration._job import at_once
from integration._waves import INCLUDE, ROLE, Waves, breaking, canary_fleet, good, written_to
from integration.test_hold import HARM

from simulator import Offer, Plugin, Simulator

Simulate = Callable[..., Simulator]

IMPORT: dict[str, Any] = {"name": "Maintain", "ansible.builtin.import_role": {"name": ROLE, "tasks_from": "sites"}}


def say(text: str, **keywords: Any) -> dict[str, Any]:
    """A task that prints."""
    return {"name": "Say", "ansible.builtin.debug": {"msg": text}, **keywords}


def hook(folder: Path, name: str, *tasks: dict[str, Any]) -> str:
    """A file with tasks for the role to run."""
    path = folder / name
    path.write_text(yaml.safe_dump(list(tasks), sort_keys=False))
    return str(path)


def bad_canary(simulate: Simulate) -> Simulator:
    """A canary of two of which one is bad, and two more sites."""
    return simulate(canary_fleet(good(), breaking(), good(), good()))


def test_within_block_and_rescue_the_gate_still_holds(simulate: Simulate, tmp_path: Path) -> None:
    """Ansible takes no rescued host for failed, so max_fail_percentage would let the fleet go."""
    sim = bad_canary(simulate)
    rescue = say("rescued {{ inventory_hostname }} ({{ ansible_failed_result.msg }})")
    outcome = Waves(tmp_path, lab=sim).run({"block": [INCLUDE], "rescue": [rescue]}, max_fail_percentage=0)
    assert written_to(sim) == {1, 2}
    assert "rescued S_2 (failed (health): /: HTTP 500. Moved: Shop 1.0.0 → 1.1.0.)" in outcome.stdout
    assert "rescued S_3 (Not touched" in outcome.stdout
    assert {host for host, counts in outcome.recap.items() if counts["rescued"]} == {"S_2", "S_3", "S_4"}


def test_within_block_and_always_the_gate_still_holds(simulate: Simulate, tmp_path: Path) -> None:
    sim = bad_canary(simulate)
    always = say("always {{ inventory_hostname }}")
    outcome = Waves(tmp_path, lab=sim).run({"block": [IMPORT], "always": [always]})
    assert written_to(sim) == {1, 2}
    assert outcome.failed == {"S_2", "S_3", "S_4"}
    assert all(f"always S_{number}" in outcome.stdout for number in (1, 2, 3, 4))


def test_with_strategy_free_the_gate_still_holds_and_nothing_is_lost(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), breaking(), *(good() for dummy in range(3))))
    waves = Waves(tmp_path, lab=sim)
    outcome = waves.run(strategy="free")
    assert written_to(sim) == {1, 2}
    assert outcome.failed == {f"S_{number}" for number in range(2, 6)}
    with sim.fleet.lock:
        sim.fleet.sites[2].child.page.broken = False
    # all at once: they must agree on the run that they report on
    outcome = waves.run(strategy="free", serial=["100%"], args=["--forks", "5"])
    assert outcome.rc == 0, outcome.output
    assert {site["id"] for site in outcome.report()["sites"]} == set(range(1, 6))
    assert outcome.report()["complete"] is True
    assert len(fleets.moves(sim)) == 5


def test_with_strategy_free_one_bad_site_of_a_wave_stops_no_other_of_it(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(breaking(), *(good() for dummy in range(4)), canaries=()))
    outcome = Waves(tmp_path, lab=sim).run(
        strategy="free", hosts="mainwp_sites", serial=["100%"], args=["--forks", "2"]
    )
    assert outcome.failed == {"S_1"}
    assert len(fleets.moves(sim)) == 5
    assert {site["id"] for site in outcome.report()["sites"]} == set(range(1, 6))


def test_any_errors_fatal_ends_the_run_after_the_wave_was_reported(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(breaking(), good(), good()))
    handler = {"name": "Purge", "ansible.builtin.debug": {"msg": "purged {{ inventory_hostname }}"}}
    outcome = Waves(tmp_path, lab=sim).run(
        any_errors_fatal=True, handlers=[{**handler, "listen": "wpfleet.mainwp site updated"}]
    )
    assert outcome.rc == 2
    assert written_to(sim) == {1, 2}
    assert {site["id"] for site in outcome.report()["sites"]} == {1, 2}
    assert "purged S_1" in outcome.stdout
    assert "purged S_2" in outcome.stdout


@pytest.mark.parametrize("task", [INCLUDE, IMPORT], ids=["include", "import"])
def test_a_condition_per_host_leaves_out_just_that_host(
    simulate: Simulate, tmp_path: Path, task: dict[str, Any]
) -> None:
    """Also the first one of a wave, which would decide for all in a task with run_once."""
    sim = simulate(canary_fleet(good(), good(), good(), good(), good()))
    outcome = Waves(tmp_path, lab=sim).run({**task, "when": "mainwp_site_id not in [1, 4]"}, serial=[2, "100%"])
    assert outcome.rc == 0, outcome.output
    assert written_to(sim) == {2, 3, 5}
    assert {site["id"] for site in outcome.report()["sites"]} == {2, 3, 5}
    assert not outcome.report()["failed"]


def test_shops_exclude_a_plugin_in_their_group_variables(simulate: Simulate, tmp_path: Path) -> None:
    woo = Plugin("woo/woo.php", "Woo", "9.0", offer=Offer("9.1"))
    children = [fleets.child(Offer("1.1.0"), Plugin(**vars(woo))) for dummy in range(3)]
    sim = simulate(canary_fleet(*children, canaries=[1]))
    waves = Waves(tmp_path, lab=sim)
    (waves.inventory / "shops.yml").write_text("shops: {hosts: {S_2: {}}}\n")
    waves.group_vars("shops", fleet_maintenance_exclude_updates=["woo"])
    outcome = waves.run()
    assert outcome.rc == 0, outcome.output
    assert [move[:3] for move in fleets.moves(sim)] == [
        (1, "plugin", fleets.PLUGIN),
        (1, "plugin", "woo/woo.php"),
        (2, "plugin", fleets.PLUGIN),
        (3, "plugin", fleets.PLUGIN),
        (3, "plugin", "woo/woo.php"),
    ]
    (skipped,) = [entry for entry in outcome.site(2)["updates"] if entry["slug"].startswith("woo")]
    assert skipped["reason"] == "excluded"


@pytest.mark.once
def test_a_report_that_cannot_be_written_stops_no_wave(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), good(), good()))
    waves = Waves(tmp_path, lab=sim)
    waves.reports.write_text("a file where the directory should be")
    outcome = waves.run(args=["--extra-vars", "{}"])
    assert outcome.rc == 0, outcome.output
    assert len(fleets.moves(sim)) == 3
    assert "WARNING: The report was not written: " in outcome.stdout
    assert "3 ok (3 updates)" in outcome.stdout


def test_three_dashboards_in_one_wave_each_with_its_own_key(simulate: Simulate, tmp_path: Path) -> None:
    sims = {name: simulate(canary_fleet(good(), good(), canaries=[1])) for name in ("alpha", "beta", "gamma")}
    with sims["beta"].fleet.lock:
        sims["beta"].fleet.sites[2].child = fleets.child(Offer("1.1.0", broken_package=True))
    outcome = Waves(tmp_path, **sims).run()
    assert outcome.rc == 2
    assert outcome.failed == {"beta_S_2"}
    for name, sim in sims.items():
        assert all(entry.auth == "bearer" for entry in sim.journal.entries if entry.path.rstrip("/") != "")
        assert all(entry.status != 401 for entry in sim.journal.entries)
        assert len(fleets.moves(sim)) == (1 if name == "beta" else 2)
        assert len(sim.journal.work()) == 2
        report = outcome.report(name)
        assert report["dashboard"]["url"] == sim.url
        assert report["failed"] is (name == "beta")
        assert [site["id"] for site in report["sites"]] == [1, 2]
        assert f'"{name}"' in outcome.stdout  # in the custom stats


@pytest.mark.once
def test_a_dashboard_that_refuses_the_key_fails_its_own_hosts(simulate: Simulate, tmp_path: Path) -> None:
    sims = {name: simulate(canary_fleet(good(), good(), canaries=())) for name in ("alpha", "beta")}
    waves = Waves(tmp_path, **sims)
    waves.group_vars("mainwp_dashboard_beta", mainwp_api_key="wrong==key")
    outcome = waves.run(hosts="mainwp_sites", serial=["100%"])
    assert outcome.failed == {"beta_S_1", "beta_S_2"}
    assert len(fleets.moves(sims["alpha"])) == 2
    assert fleets.moves(sims["beta"]) == []
    assert len(outcome.report("beta")["not_tried"]) == 2


def test_hooks_run_around_the_update_and_the_rescue_only_where_health_failed(
    simulate: Simulate, tmp_path: Path
) -> None:
    sim = simulate(canary_fleet(good(), breaking(), canaries=()))
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars(
        "all",
        fleet_maintenance_tasks_before=[hook(tmp_path, "before.yml", say("before {{ mainwp_site_id }}"))],
        fleet_maintenance_tasks_rescue=[hook(tmp_path, "rescue.yml", say("repair {{ mainwp_site_id }}"))],
        fleet_maintenance_tasks_after=[
            hook(tmp_path, "after.yml", say("after {{ mainwp_site_id }} '{{ fleet_maintenance_failure }}'"))
        ],
    )
    outcome = waves.run(hosts="mainwp_sites", serial=["100%"])
    assert outcome.failed == {"S_2"}
    for text in ("before 1", "before 2", "after 1 ''", "repair 2", "after 2 'failed (health)"):
        assert text in outcome.stdout, text
    assert "repair 1" not in outcome.stdout
    assert outcome.stdout.index("repair 2") < outcome.stdout.index("after 2")


def test_a_hook_before_that_fails_leaves_its_site_alone_and_closes_the_gate(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), good(), good()))
    waves = Waves(tmp_path, lab=sim)
    refuse = {"name": "Back up", "ansible.builtin.fail": {"msg": "no backup"}, "when": "mainwp_site_id == 1"}
    waves.group_vars("all", fleet_maintenance_tasks_before=[hook(tmp_path, "before.yml", refuse)])
    outcome = waves.run()
    assert written_to(sim) == {2}
    assert outcome.failed == {"S_1", "S_3"}
    assert "Back up: no backup" in outcome.output
    (left,) = [entry for entry in outcome.report()["not_tried"] if entry["host"] == "S_1"]
    assert left["message"] == "Back up: no backup"


def test_a_variable_that_there_is_not_leaves_its_sites_alone_and_closes_the_gate(
    simulate: Simulate, tmp_path: Path
) -> None:
    """A second play, in which its name is right, knows nothing of it any more."""
    sim = simulate(canary_fleet(good(), good(), good()))
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars("all", fleet_maintenance_tasks_before=[hook(tmp_path, "before.yml", say("before"))])
    misspelled = {**INCLUDE, "vars": {"fleet_maintenance_tasks_befor": []}, "when": "mainwp_site_id == 1"}
    others = {**INCLUDE, "when": "mainwp_site_id != 1"}
    outcome = waves.run(misspelled, others)
    sentence = "fleet_maintenance_tasks_befor: there is no such variable. Did you mean fleet_maintenance_tasks_before?"
    (left,) = [entry for entry in outcome.report()["not_tried"] if entry["host"] == "S_1"]
    assert left["message"] == sentence
    assert (outcome.failed, written_to(sim)) == ({"S_1", "S_3"}, {2})
    mended = {**INCLUDE, "vars": {"fleet_maintenance_tasks_before": []}}
    again = waves.run(
        {"block": [misspelled], "rescue": [say("rescued")]},
        more=[{"hosts": "S_1", "gather_facts": False, "tasks": [mended]}],
    )
    assert sentence in again.output
    assert written_to(sim) == {1, 2}


def test_what_has_no_meaning_in_waves_is_told_once(simulate: Simulate, tmp_path: Path) -> None:
    """It protects nobody here, however well it is known from runs by Dashboard."""
    sim = simulate(canary_fleet(good(), good(), good()))
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars("all", fleet_maintenance_stop_after="05:30", fleet_maintenance_exclude_sites=["s03.example"])
    outcome = waves.run(INCLUDE)
    assert outcome.rc == 0, outcome.output
    told = "WARNING: In waves nothing obeys fleet_maintenance_exclude_sites, fleet_maintenance_stop_after."
    assert outcome.output.count(told) == 1
    assert written_to(sim) == {1, 2, 3}


def test_a_hook_after_that_fails_makes_the_verdict_red(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), good(), good()))
    waves = Waves(tmp_path, lab=sim)
    refuse = {"name": "Notify", "ansible.builtin.fail": {"msg": "no mail"}, "when": "mainwp_site_id == 1"}
    waves.group_vars("all", fleet_maintenance_tasks_after=[hook(tmp_path, "after.yml", refuse)])
    outcome = waves.run({"block": [INCLUDE], "rescue": [say("rescued {{ ansible_failed_result.msg }}")]})
    assert written_to(sim) == {1, 2}
    assert "rescued Notify: no mail" in outcome.stdout


def test_a_canary_that_fails_before_the_role_closes_the_gate(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), good(), good()))
    first = {"name": "Check", "ansible.builtin.fail": {"msg": "no"}, "when": "mainwp_site_id == 2"}
    outcome = Waves(tmp_path, lab=sim).run(first, INCLUDE)
    assert written_to(sim) == {1}
    assert outcome.failed == {"S_2", "S_3"}


def test_a_second_play_of_the_same_playbook_judges_anew(simulate: Simulate, tmp_path: Path) -> None:
    """A canary that failed and was rescued holds nobody once it is well; the report of the run knows of both plays."""
    bad = fleets.child(Offer("1.1.0", broken_package=True), theme=Offer("1.1"))
    sim = simulate(canary_fleet(bad, fleets.child(Offer("1.1.0"), theme=Offer("1.1")), canaries=[1]))
    plugins = {**INCLUDE, "vars": {"fleet_maintenance_types": ["plugins"]}}
    themes = {**INCLUDE, "vars": {"fleet_maintenance_types": ["themes"]}}
    waves: dict[str, Any] = {"hosts": "mainwp_tag_canary:mainwp_sites", "gather_facts": False, "serial": [1, "100%"]}
    outcome = Waves(tmp_path, lab=sim).run(
        {"block": [plugins], "rescue": [say("rescued")]}, more=[{**waves, "tasks": [themes]}]
    )
    assert outcome.rc == 0, outcome.output
    assert [move[:3] for move in fleets.moves(sim)] == [(1, "theme", fleets.THEME), (2, "theme", fleets.THEME)]
    assert outcome.site(1)["result"] == "failed"
    assert [entry["type"] for entry in outcome.site(1)["updates"]] == ["plugin", "theme"]


@pytest.mark.parametrize(
    "harm", [HARM["kills the site"], pytest.param(HARM["breaks the pages"], marks=pytest.mark.once)]
)
def test_a_harmful_release_stops_within_one_wave(simulate: Simulate, tmp_path: Path, harm: dict[str, Any]) -> None:
    """One wave of everything, a process for each site."""
    sim = simulate(at_once(fleets.fleet(*(fleets.child(Offer("1.1.0", **harm)) for dummy in range(9)))))
    waves = Waves(tmp_path, lab=sim)
    outcome = waves.run(hosts="mainwp_sites", serial=["100%"], args=["--forks", "10"])
    assert outcome.rc == 2
    throttle, hold_after = 4, 2
    hit = {event.site_id for event in sim.truth}
    assert hold_after <= len(hit) <= hold_after + throttle
    assert outcome.report()["summary"]["updates"]["held"] == 9 - len(hit)
    assert len(outcome.failed) == len(hit)
