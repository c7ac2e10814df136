# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Promotion and gates: proven on canaries, for a while, with a recent backup, and just what was approved."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration import _fleets as fleets
from integration._direct import Direct
from integration._play import Play, Task
from integration._waves import Waves, canary_fleet, good

from simulator import Child, Offer, Plugin, Simulator, Tag

DirectFor = Callable[..., Direct]
Simulate = Callable[..., Simulator]

HOUR = 3600


def promoted() -> list[Child]:
    """A canary that runs 1.1.0 of the plugin, and two sites that are offered it; site 3 also an update of its own."""
    rare = Plugin("rare/rare.php", "Rare", "1.0", offer=Offer("2.0"))
    canary = fleets.child()
    canary.plugins[0].version = "1.1.0"
    return [canary, good(), fleets.child(Offer("1.1.0"), rare)]


def skipped(result: Any, number: int, slug: str) -> tuple[str, str]:
    """(reason, message) of an update that was left out."""
    entry = result.update(number, slug)
    assert entry["result"] == "skipped"
    return entry["reason"], entry["message"]


def test_only_what_a_healthy_canary_runs_is_let_through(direct_for: DirectFor, dialect: str) -> None:
    play = direct_for(canary_fleet(*promoted(), canaries=[1]), dialect)
    gate = {"all_sites": True, "proven_on": {"site_tags": ["canary"]}}
    plan, real = play.tasks(Task("mainwp_batch_update", gate, check=True), Task("mainwp_batch_update", gate))
    for result in (plan, real):
        assert skipped(result, 3, "rare") == ("unproven", "No canary site has it.")
    assert [move[:3] for move in plan.updates("planned")] == [move[:3] for move in fleets.moves(play.sim)]
    assert fleets.moves(play.sim) == [(number, "plugin", fleets.PLUGIN, "1.0.0", "1.1.0") for number in (2, 3)]
    assert not real.failed


def test_what_no_canary_has_can_be_allowed(direct_for: DirectFor) -> None:
    play = direct_for(canary_fleet(*promoted(), canaries=[1]))
    play.task("mainwp_batch_update", {"all_sites": True, "proven_on": {"sites": ["S 1"]}, "unproven": "allow"})
    assert (3, "plugin", "rare/rare.php", "1.0", "2.0") in fleets.moves(play.sim)


def test_another_release_and_a_disconnected_canary_prove_nothing(direct_for: DirectFor) -> None:
    children = promoted()
    children[1].plugins[0].offer = Offer("1.2.0")
    play = direct_for(canary_fleet(*children, canaries=[1]))
    gate = {"sites": [2, 3], "proven_on": {"site_tags": ["canary"]}}

    def cut() -> None:
        fleets.lock_out(play.sim.fleet, 1)

    first, second = play.tasks(
        Task("mainwp_batch_update", {**gate, "sites": [2]}, after=cut), Task("mainwp_batch_update", gate)
    )
    assert skipped(first, 2, "shop") == ("unproven", "No connected canary site runs 1.2.0 yet.")
    assert skipped(second, 3, "shop")[0] == "unproven"
    assert fleets.moves(play.sim) == []


@pytest.mark.once
def test_a_release_is_proven_for_as_long_as_the_reports_tell(simulate: Simulate, tmp_path: Path) -> None:
    """The canaries' wave of one night is the proof for the fleet of another."""
    sim = simulate(canary_fleet(good(), good(), good(), canaries=[1]))
    waves = Waves(tmp_path, lab=sim)
    assert waves.run(hosts="mainwp_tag_canary", serial=["100%"]).rc == 0
    waves.group_vars(
        "all",
        fleet_maintenance_proven_on={"site_tags": ["canary"]},
        fleet_maintenance_proven_for=24 * HOUR,
        fleet_maintenance_proven_history=str(waves.reports),
    )
    time.sleep(1.0)  # a folder of reports is named by the second in which its run began
    early = waves.run()
    assert early.rc == 0, early.output
    assert [entry["reason"] for entry in early.site(2)["updates"]] == ["unproven"]
    assert {event.site_id for event in sim.truth} == {1}
    (first,) = [path for path in waves.reports.glob("lab/*/report.json") if '"updated": 1' in path.read_text()]
    report = json.loads(first.read_text())
    first.write_text(json.dumps({**report, "finished": "2026-01-01T03:00:00Z"}))
    late = waves.run()
    assert late.rc == 0, late.output
    assert {event.site_id for event in sim.truth} == {1, 2, 3}


@pytest.mark.parametrize(
    ("known", "reason", "message"),
    [
        ("", "backup_unknown", "MainWP does not know when this site was backed up last."),
        ("0", "backup_unknown", "MainWP does not know when this site was backed up last."),
        (30 * HOUR, "backup_too_old", "The last backup that MainWP knows is 30.0 h old."),
        (2 * HOUR, "", ""),
    ],
)
def test_no_update_without_a_recent_backup(direct_for: DirectFor, known: str | int, reason: str, message: str) -> None:
    play = direct_for(fleets.fleet(good()))
    value = known if isinstance(known, str) else str(int(play.sim.clock.now() - known))
    play.sim.fleet.sites[1].options["primary_lasttime_backup"] = value
    result = play.task("mainwp_batch_update", {"all_sites": True, "max_backup_age": 24 * HOUR})
    assert not result.failed
    if not reason:
        assert len(fleets.moves(play.sim)) == 1
        return
    assert skipped(result, 1, "shop") == (reason, message)
    assert result.work == []
    assert fleets.moves(play.sim) == []


def test_just_what_was_approved_is_run(play_for: Callable[..., Play], tmp_path: Path, dialect: str) -> None:
    """Plan, read, run: what was struck out, what is new and what drifted since is left alone."""
    extra = Plugin("extra/extra.php", "Extra", "1.0", offer=Offer("1.1"))
    children = [fleets.child(Offer("1.1.0"), Plugin(**vars(extra)), theme=Offer("1.2")), good(), good()]
    fleet = fleets.fleet(*children)
    play = play_for(fleet, dialect)
    path = tmp_path / "plan.json"

    def approve() -> None:
        plan = json.loads(path.read_text())
        path.write_text(json.dumps([entry for entry in plan if not entry["slug"].startswith("extra")]))
        with fleet.lock:
            fleet.sites[2].child.plugins[0].offer = Offer("1.9.9")
            fleet.sites[3].child.plugins.append(Plugin("new/new.php", "New", "1", offer=Offer("2")))

    write = {"content": "{{ result.plan | to_json }}", "dest": str(path), "mode": "0600"}
    planned, dummy, real = play.tasks(
        Task("mainwp_update_info", {"all_sites": True}),
        Task("ansible.builtin.copy", write, after=approve),
        Task("mainwp_batch_update", {"plan": f"{{{{ lookup('ansible.builtin.file', '{path}') | from_json }}}}"}),
    )
    assert len(planned["plan"]) == 5
    assert [move[:3] for move in fleets.moves(play.sim)] == [
        (1, "plugin", fleets.PLUGIN),
        (1, "theme", fleets.THEME),
        (3, "plugin", fleets.PLUGIN),
    ]
    assert skipped(real, 2, "shop")[0] == "drifted"
    assert not real.failed


def test_an_approved_plan_is_run_in_waves_by_each_site_for_itself(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), good(), good(), canaries=[1]))
    waves = Waves(tmp_path, lab=sim)
    slug = fleets.PLUGIN
    plan = [{"site_id": number, "type": "plugin", "slug": slug, "version_planned": "1.1.0"} for number in (1, 3)]
    waves.group_vars("all", fleet_maintenance_plan=plan)
    outcome = waves.run()
    assert outcome.rc == 0, outcome.output
    assert [move[0] for move in fleets.moves(sim)] == [1, 3]


def test_names_of_canaries_that_do_not_exist_are_errors(direct_for: DirectFor) -> None:
    fleet = fleets.fleet(good(), tags=[Tag(1, "canary")])
    play = direct_for(fleet)
    typo, empty = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True, "proven_on": {"site_tags": ["canray"]}}),
        Task("mainwp_batch_update", {"all_sites": True, "proven_on": {"site_tags": ["canary"]}}),
    )
    assert "canray" in typo.msg
    assert "selects no site" in empty.msg
    assert typo.failed
    assert empty.failed
    assert fleets.moves(play.sim) == []
