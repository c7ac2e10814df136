# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lock-out that a run's own sync brings about is lifted by that run, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from integration._fleets import PLUGIN, SYNC, child, fleet, lock_out, moves
from integration._job import at_once, job, site

from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_batch_update, mainwp_sync
from simulator import Clock, Offer, Simulator

#: Does not depend on the ansible-core.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]

Simulate = Callable[..., Simulator]
WAYS = ("sync", "per_item", "dashboard_batch")
TROUBLES: dict[str, dict[str, Any]] = {
    "an error 503": {"down": True},
    "a timeout": {"unreachable": "Connection timed out after 20001 milliseconds"},
}


def two(simulate: Simulate, dialect: str) -> Simulator:
    """Two sites that MainWP takes for well, with an update each, on a Dashboard whose WP-Cron ticks."""
    clock = Clock(scale=120) if dialect == "classic" else Clock()
    return simulate(at_once(fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))), dialect, clock=clock)


def run(sim: Simulator, way: str, **more: Any) -> dict[str, Any]:
    if way == "sync":
        return job(sim, mainwp_sync.DOOR, all_sites=True, max_age=0, **more)
    options = {"update_method": way, "wait_timeout": 100, "poll_interval": 0, "max_age": 10**6}
    return job(sim, mainwp_batch_update.DOOR, all_sites=True, **options, **more)


def goes_wrong(sim: Simulator, trouble: dict[str, Any], *, for_good: bool = False) -> None:
    """Site 1 has ``trouble`` at its next sync; it is over then, unless it is ``for_good``."""
    one = sim.fleet.sites[1].child
    well = {name: getattr(one, name) for name in trouble}

    def become(values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(one, name, value)

    after = (lambda: None) if for_good else (lambda: become(well))
    sim.faults.add(action="hook", method="POST", path=SYNC.format(1), before=lambda: become(trouble), after=after)


def sent(sim: Simulator, what: str, number: int = 1) -> int:
    return len([entry for entry in sim.journal.writes() if entry.path.endswith(f"/sites/{number}/{what}")])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_hiccup_at_the_first_sync_does_not_lock_the_site_out(
    simulate: Simulate, dialect: str, way: str, trouble: str
) -> None:
    sim = two(simulate, dialect)
    goes_wrong(sim, TROUBLES[trouble])
    result = run(sim, way)
    assert not result["failed"]
    assert [entry["result"] for entry in result["sites"]] == ["synced" if way == "sync" else "updated"] * 2
    assert [move[:2] for move in moves(sim)] == ([] if way == "sync" else [(1, "plugin"), (2, "plugin")])
    assert sim.fleet.sites[1].sync_errors == ""
    assert (sent(sim, "reconnect"), sent(sim, "reconnect", 2)) == (int(dialect == "abilities"), 0)
    again = run(sim, "per_item")
    assert not again["failed"], "the next run finds nothing wrong"


@pytest.mark.parametrize("way", WAYS)
def test_a_site_that_stays_down_is_reconnected_once_and_named(simulate: Simulate, dialect: str, way: str) -> None:
    sim = two(simulate, dialect)
    goes_wrong(sim, TROUBLES["a timeout"], for_good=True)
    result = run(sim, way)
    assert result["failed"]
    assert (site(result, 1)["result"], site(result, 1)["reason"]) == ("failed", "disconnected")
    assert "timed out" in site(result, 1)["message"]
    assert sent(sim, "reconnect") == int(dialect == "abilities")
    assert sent(sim, "sync") == (1 if dialect == "abilities" else 2)
    assert site(result, 2)["result"] == ("synced" if way == "sync" else "updated")
    assert [move[0] for move in moves(sim)] == ([] if way == "sync" else [2])


@pytest.mark.parametrize("way", WAYS)
def test_a_site_whose_child_refuses_the_dashboard_is_not_registered_again(
    simulate: Simulate, dialect: str, way: str
) -> None:
    """Somebody disconnected it on purpose: MainWP lists it as connected until a sync fails."""
    sim = two(simulate, dialect)
    sim.fleet.sites[1].child.has_key = False
    first = run(sim, way)
    second = run(sim, way)
    locked = "locked_out" if dialect == "abilities" else "disconnected"
    for result, reason in ((first, "disconnected"), (second, locked)):
        assert result["failed"]
        assert (site(result, 1)["result"], site(result, 1)["reason"]) == ("failed", reason)
    assert not sim.fleet.sites[1].child.has_key
    assert sent(sim, "reconnect") == 0
    assert [move[0] for move in moves(sim)] == ([] if way == "sync" else [2])
    assert site(run(sim, way, reconnect=True), 1)["result"] == ("synced" if way == "sync" else "updated")


@pytest.mark.parametrize("way", WAYS)
def test_a_translated_dashboard_tells_a_refusal_by_the_time(simulate: Simulate, way: str) -> None:
    """The words of MainWP are in the Dashboard's language; that last_sync moves is so in all of them."""
    sim = two(simulate, "abilities")
    one = sim.fleet.sites[1]
    one.dts_sync -= 3600
    one.child.has_key = False

    def translate() -> None:
        one.sync_errors = one.sync_errors.replace("ERROR", "FEHLER")

    sim.faults.add(action="hook", method="POST", path=SYNC.format(1), after=translate)
    assert site(run(sim, way), 1)["reason"] == "disconnected"
    assert one.sync_errors.startswith("FEHLER")
    assert sent(sim, "reconnect") == 0


def test_what_was_locked_out_before_stays_so(simulate: Simulate) -> None:
    sim = two(simulate, "abilities")
    lock_out(sim.fleet, 1)
    for way in WAYS:
        assert site(run(sim, way), 1)["reason"] == "locked_out"
    assert sent(sim, "reconnect") == 0


@pytest.mark.parametrize("way", WAYS)
def test_a_reconnect_without_an_answer_is_judged_by_reading(simulate: Simulate, way: str) -> None:
    sim = two(simulate, "abilities")
    sim.fleet.sites[1].dts_sync -= 3600
    goes_wrong(sim, TROUBLES["an error 503"])
    sim.faults.add(action="reset_after", method="POST", path=r"/mainwp/v2/sites/1/reconnect")
    result = run(sim, way)
    assert not result["failed"]
    assert site(result, 1)["result"] == ("synced" if way == "sync" else "updated")
    assert sent(sim, "reconnect") == 1
    if way != "sync":
        assert (1, "plugin", PLUGIN, "1.0.0", "1.1.0") in moves(sim)
