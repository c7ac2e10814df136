# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an earlier run had sent and nobody answered may be at work still: the next run looks, and sends nothing beside it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import haste
import pytest
from integration import _fleets as fleets
from integration.test_two_runs import Simulate, Waits, posts, results, run, wide

from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from simulator import Clock

#: Nothing of Ansible has a part in these.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]


def test_nothing_is_sent_beside_what_a_killed_run_had_sent(simulate: Simulate, tmp_path: Path, dialect: str) -> None:
    """The Dashboard is still at it: the sync shows the update as pending, and a second one would destroy the plugin."""
    sim = simulate(wide(2, update_seconds=0), dialect)
    dead = Locks(str(tmp_path / "locks"), sim.url)
    dead.take(["site-1"])
    dead.sending("site-1", [f"plugin {fleets.PLUGIN}"])
    dead.close()
    waits = Waits()

    def come_true() -> None:
        waits.then = lambda: None
        assert not [path for path, _body in posts(sim) if "/updates/1/" in path]
        sim.fleet.outside_update(1, "plugin", fleets.PLUGIN)

    waits.then = come_true
    told = run(sim, tmp_path, waits, poll_interval=1)
    assert any("that an earlier run had sent" in text for text in waits.holders)
    assert results(told)[2] == ("updated", "")
    assert not [path for path, _body in posts(sim) if path.endswith("/updates/1/update/plugins")]
    assert results(told)[1] == ("updated", "")


@pytest.mark.parametrize("shows", ["it is still offered", "it is just being replaced"])
def test_a_run_that_leaves_it_alone_neither_forgets_it_nor_works_beside_it(
    simulate: Simulate, tmp_path: Path, dialect: str, shows: str
) -> None:
    """``types`` leaves the plugin out, or the plugin is not there at this very moment: it is at work all the same."""
    sim = simulate(wide(1, update_seconds=0), dialect)
    child = sim.fleet.sites[1].child
    dead = Locks(str(tmp_path / "locks"), sim.url)
    dead.take(["site-1"])
    dead.sending("site-1", [f"plugin {fleets.PLUGIN}"])
    dead.close()
    away = child.plugins.pop(0) if shows == "it is just being replaced" else None
    options: dict[str, Any] = {} if away else {"types": ["themes"]}
    impatient = Waits()

    def time_is_up() -> None:
        impatient.then = lambda: None
        haste.leap(100)

    impatient.then = time_is_up
    gave_up = run(sim, tmp_path, impatient, poll_interval=1, stop_after=100, **options)
    assert posts(sim) == {}
    assert {entry["reason"] for entry in gave_up["sites"][0]["updates"]} <= {"out_of_time", "not_installed"}
    if away:
        child.plugins.insert(0, away)
    waits = Waits(lambda: None)

    def come_true() -> None:
        waits.then = lambda: None
        assert posts(sim) == {}
        sim.fleet.outside_update(1, "plugin", fleets.PLUGIN)

    waits.then = come_true
    run(sim, tmp_path, waits, poll_interval=1)
    assert waits.holders
    assert not [path for path, _body in posts(sim) if path.endswith("/updates/1/update/plugins")]


@pytest.mark.parametrize("comes_true", [True, False])
def test_nothing_is_sent_beside_what_a_run_gave_up_waiting_for(
    simulate: Simulate, tmp_path: Path, dialect: str, comes_true: bool
) -> None:
    """``wait_timeout`` ends our patience, not the Dashboard's work."""
    sim = simulate(wide(1, update_seconds=0), dialect)
    sim.faults.add(action="status", code=504, method="POST", path=".*/update/plugins")
    first = run(sim, tmp_path, types=["plugins"], wait_timeout=0)
    assert first["sites"][0]["updates"][0]["result"] == "unknown"
    waits = Waits()

    def then() -> None:
        waits.then = lambda: None
        assert len(posts(sim)) == 1
        if comes_true:
            sim.fleet.outside_update(1, "plugin", fleets.PLUGIN)
        else:
            haste.leap(100)

    waits.then = then
    second = run(sim, tmp_path, waits, types=["plugins"], poll_interval=1, stop_after=100)
    assert waits.holders
    assert len(posts(sim)) == 1
    told = second["sites"][0]["updates"][0]
    assert (told["result"], told["reason"]) == (
        ("unchanged", "moved_elsewhere") if comes_true else ("skipped", "out_of_time")
    )


def test_what_is_known_by_reading_keeps_nobody_waiting(simulate: Simulate, tmp_path: Path, dialect: str) -> None:
    sim = simulate(wide(1, update_seconds=0), dialect)
    sim.faults.add(action="gateway_timeout", method="POST", path=".*/update/plugins")
    told = run(sim, tmp_path, types=["plugins"], poll_interval=1)
    assert results(told) == {1: ("updated", "")}
    assert {path.read_text() for path in (tmp_path / "locks").iterdir()} == {""}


def test_a_site_that_is_left_alone_while_it_is_waited_for_is_not_asked_again(
    simulate: Simulate, tmp_path: Path
) -> None:
    """Time is up in its first sync; another one would fail it."""
    sim = simulate(wide(1, update_seconds=0), "classic")
    dead = Locks(str(tmp_path / "locks"), sim.url)
    dead.take(["site-1"])
    dead.sending("site-1", [f"plugin {fleets.PLUGIN}"])
    dead.close()
    sim.faults.add(
        action="hook",
        method="POST",
        path=".*/sites/1/sync",
        before=lambda: haste.leap(100),
        after=lambda: setattr(sim.fleet.sites[1].child, "down", True),
    )
    told = run(sim, tmp_path, update_method="dashboard_batch", stop_after=100)
    assert results(told) == {1: ("skipped", "out_of_time")}
    assert Counter(entry["slug"] for entry in told["sites"][0]["updates"])[fleets.PLUGIN] == 1
    assert [entry.path for entry in sim.journal.entries if entry.is_write] == ["/mainwp/v2/sites/1/sync"]


def test_no_batch_is_started_beside_what_a_killed_run_had_sent(simulate: Simulate, tmp_path: Path) -> None:
    """Nor is anything told twice that was found in several syncs while it was waited for."""
    sim = simulate(wide(1, update_seconds=0), "classic", clock=Clock(scale=120))
    dead = Locks(str(tmp_path / "locks"), sim.url)
    dead.take(["site-1"])
    dead.sending("site-1", [f"plugin {fleets.PLUGIN}"])
    dead.close()
    looks = []

    def come_true() -> None:
        looks.append(len(sim.journal.work()))
        if len(looks) == 3:
            sim.fleet.outside_update(1, "plugin", fleets.PLUGIN)

    sim.faults.add(action="hook", method="POST", path=".*/sites/1/sync", times=None, before=come_true)
    told = run(sim, tmp_path, update_method="dashboard_batch", poll_interval=0)
    assert looks[:3] == [0, 0, 0]
    plugin = [entry for entry in told["sites"][0]["updates"] if entry["slug"] == fleets.PLUGIN]
    assert [(entry["result"], entry["reason"]) for entry in plugin] == [("unchanged", "moved_elsewhere")]
