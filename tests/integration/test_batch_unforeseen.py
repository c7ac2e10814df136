# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody foresaw must cost a batch in the background neither its report nor a second start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from integration._fleets import child, fleet, moves
from integration._job import at_once, job

from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.batches import Batches
from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _batch
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._batch_watch import BatchWatch
from simulator import Clock, Offer, Simulator

pytestmark = pytest.mark.once

Simulate = Callable[..., Simulator]
ALL = "/mainwp/v2/updates/update"
BATCH = {"all_sites": True, "update_method": "dashboard_batch", "wait_timeout": 20, "poll_interval": 0}


def classic(simulate: Simulate, **more: Any) -> Simulator:
    world = at_once(fleet(*(child(Offer("1.1.0")) for _number in range(2))))
    return simulate(world, "classic", **{"clock": Clock(scale=600), **more})


def results(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(site["result"], site["reason"]) for site in told["sites"]]


def starts(sim: Simulator) -> list[str]:
    return [entry.path for entry in sim.journal.work()]


def stumble(*_args: Any, **_more: Any) -> Any:
    raise ZeroDivisionError("by zero")


def test_a_bug_before_the_start_starts_nothing_and_is_reported(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim = classic(simulate)
    monkeypatch.setattr(Batches, "clocks", stumble)
    told = job(sim, **BATCH)
    assert "broken off: Unexpected ZeroDivisionError" in told["msg"]
    assert (told["failed"], results(told), starts(sim)) == (True, [("skipped", "stopped")] * 2, [])


def test_a_bug_after_the_start_loses_no_report(simulate: Simulate, monkeypatch: pytest.MonkeyPatch) -> None:
    sim = classic(simulate)
    begin = Batches.start_all

    def begun(self: Batches) -> dict[str, Any]:
        monkeypatch.setattr(Batches, "clocks", stumble)
        return begin(self)

    monkeypatch.setattr(Batches, "start_all", begun)
    told = job(sim, **BATCH)
    assert "broken off: Unexpected ZeroDivisionError" in told["msg"]
    assert (told["failed"], results(told), starts(sim)) == (True, [("pending", "batch_waiting")] * 2, [ALL])


def test_after_a_bug_in_looking_the_sites_are_read(simulate: Simulate, monkeypatch: pytest.MonkeyPatch) -> None:
    sim = classic(simulate)
    monkeypatch.setattr(BatchWatch, "look", stumble)
    reporter = Collector(verbose=True)
    told = job(sim, reporter=reporter, **BATCH)
    assert {site["result"] for site in told["sites"]} <= {"pending", "updated"}
    assert any("ZeroDivisionError" in text for text in reporter.warnings)
    assert starts(sim) == [ALL]


def test_a_start_that_was_never_heard_is_not_sent_again(simulate: Simulate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answer is lost, and nothing shows: nobody can know whether the Dashboard still comes to it."""
    monkeypatch.setattr(_batch, "LOST_START", 1.0)
    sim = classic(simulate)
    sim.faults.add(action="reset_before", method="POST", path=ALL)
    told = job(sim, **BATCH)
    assert starts(sim) == [ALL]
    assert results(told) == [("unknown", "timeout")] * 2
    assert moves(sim) == []


def test_an_old_flag_is_not_waited_out_once_the_run_is_over(simulate: Simulate) -> None:
    sim = classic(simulate, cron="manual", clock=Clock())
    sim.cron.running_all, sim.cron.start_all = True, sim.local_now() - 600
    reporter = Collector(verbose=True)

    def answered() -> None:
        reporter.interrupted = True

    sim.faults.add(action="hook", method="POST", path=ALL, after=answered)
    told = job(sim, reporter=reporter, **BATCH)
    assert starts(sim) == [ALL]
    assert results(told) == [("skipped", "stopped")] * 2


@pytest.mark.parametrize("limit", [0, None])
def test_what_a_joined_batch_did_not_know_is_no_failure_yet(simulate: Simulate, limit: int | None) -> None:
    """It gets a batch of its own, whatever max_failed_sites says."""
    kinds = {"theme": Offer("1.2"), "core": "7.0.4", "core_offer": "7.1"}
    world = at_once(fleet(child(Offer("1.1.0"), **kinds), child(None, **kinds)))
    sim = simulate(world, "classic", cron="manual", clock=Clock())

    def look() -> None:
        if sim.journal.work():
            sim.fleet.clock.advance(60)
            sim.cron.run()

    sim.faults.add(action="hook", method="GET", path="/mainwp/v2/sites", times=None, before=look)
    stored = world.sites[2].stored
    stored.wp_upgrades, stored.theme_upgrades = [], {}
    sim.cron.begin_all()  # planned before our sync, so nothing for site 2
    told = job(sim, max_failed_sites=limit, max_age=0, **BATCH)
    assert not told["failed"], told["msg"]
    assert [{entry["result"] for entry in site["updates"]} for site in told["sites"]] == [{"unchanged"}, {"updated"}]
    assert starts(sim) == [ALL, ALL]
