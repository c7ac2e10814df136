# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people read on the terminal in the morning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from integration._fleets import child, fleet
from integration._waves import Waves, canary_fleet, good

from simulator import Offer, Simulator

#: A fleet whose night went wrong, and what may be said of it on the terminal, in characters.
SITES, READABLE = 60, 40_000


@pytest.mark.slow
def test_a_bad_night_is_a_table_and_no_wall_of_text(play_for):
    kids = [child(Offer("1.1.0"), theme=Offer("1.2"), core="7.0.4", core_offer="7.1") for _number in range(SITES)]
    for kid in kids[1:]:
        kid.down = True
    play = play_for(fleet(*kids))
    play.connection["concurrency"] = 12
    some = play.task("mainwp_batch_update", {"all_sites": True, "wait_timeout": 1, "hold_after": 0})
    everything = play.task("mainwp_batch_update", {"all_sites": True, "wait_timeout": 1, "details": "all"})
    assert some.failed
    assert len(some["sites"]) == 20
    assert {site["result"] for site in some["sites"]} == {"failed"}
    assert some["summary"]["sites"] == {**some["summary"]["sites"], "failed": SITES - 1, "updated": 1}
    (line,) = some["trouble"]
    assert line.startswith("s02.example, s03.example, s04.example, s05.example, s06.example and 54 more: failed (")
    assert len(everything["sites"]) == SITES
    assert f"\n  {line}\n" in some.play.output
    assert len(some.play.output) < READABLE < len(everything.play.output)


@pytest.mark.once
def test_each_wave_ends_with_the_run_so_far(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    broken = child(Offer("1.1.0", broken_package=True))
    sim = simulate(canary_fleet(*(good() for _number in range(4)), broken, canaries=(1,)))
    outcome = Waves(tmp_path, lab=sim).playbook("wpfleet.mainwp.maintain_sites")
    waves = [part for part in outcome.stdout.split("TASK [") if "Show the run so far" in part.partition("\n")[0]]
    assert len(waves) >= 2
    assert '"lab: 1 ok (1 update)"' in waves[0]
    assert '"  1 × Shop 1.0.0 → 1.1.0"' in waves[0]
    assert '"lab: 4 ok (4 updates) · 1 failed"' in waves[-1]
    assert '"  4 × Shop 1.0.0 → 1.1.0"' in waves[-1]
    assert "/5/: failed (child_error). Download failed." in waves[-1]


@pytest.mark.parametrize("module", ["mainwp_batch_update", "mainwp_sync"])
def test_the_diff_has_an_entry_for_each_site(direct_for, module):
    made = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))
    for site in made.sites.values():
        site.child.plugins[0].version = "0.9"
        site.dts_sync -= 4000
    result = direct_for(made).task(module, {"all_sites": True}, diff=True)
    assert [entry["after_header"] for entry in result["diff"]] == ["https://s01.example/", "https://s02.example/"]


def test_a_task_that_must_show_nothing_shows_no_trouble(play_for):
    play = play_for(fleet(child(Offer("1.1.0", broken_package=True)), child(Offer("1.1.0"))))
    play.sim.fleet.sites[2].child.down = True
    result = play.task("mainwp_batch_update", {"all_sites": True}, keywords={"no_log": True}, warns=None)
    assert len(result["trouble"]) == 2
    assert not any(line in result.play.output for line in result["trouble"])
