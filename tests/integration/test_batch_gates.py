# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Dashboard's own batch takes whatever it finds on a site: what must be left alone keeps it away from the site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from integration._fleets import PLUGIN, SYNC, child, fleet, moves
from integration._job import at_once, job, site

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._ways import PER_ITEM, REFUSED, WAYS
from simulator import Child, Clock, Offer, Simulator

#: Does not depend on the ansible-core.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]

Simulate = Callable[..., Simulator]
ALL = "/mainwp/v2/updates/update"
BATCH = {"all_sites": True, "update_method": "dashboard_batch", "wait_timeout": 100, "poll_interval": 0}
#: An old copy of everything: each site is synced and planned again before the batch.
STALE = {**BATCH, "max_age": 0}
VALUES: dict[str, Any] = {
    "include_updates": ["shop"],
    "exclude_updates": ["shop"],
    "max_version_change": "minor",
    "plan": [{"site_id": 1, "type": "plugin", "slug": PLUGIN, "version_planned": "1.1.0"}],
    "types": ["plugins"],
    "update_method": "dashboard_batch",
    "proven_on": {"sites": ["1"]},
    "max_backup_age": 3600,
    "hold_after": 2,
}


def two(simulate: Simulate, dialect: str, first: Child, second: Child) -> Simulator:
    """Two sites on a Dashboard whose WP-Cron ticks while the test waits."""
    clock = Clock(scale=120) if dialect == "classic" else Clock()
    return simulate(at_once(fleet(first, second)), dialect, clock=clock)


def written(sim: Simulator) -> set[str]:
    return {entry.path for entry in sim.journal.work()}


@pytest.mark.parametrize(("method", "place"), WAYS, ids=lambda name: name)
@pytest.mark.parametrize("option", REFUSED)
def test_an_option_is_honoured_or_refused_before_any_write(
    simulate: Simulate, option: str, method: str, place: str
) -> None:
    dialect = place if place in ("abilities", "classic") else "abilities"
    sim = two(simulate, dialect, child(Offer("1.1.0")), child(Offer("1.1.0")))
    options = {"all_sites": True, "update_method": method, "wait": False, option: VALUES[option]}
    refused = (method, place) in REFUSED[option][0]
    if option == "update_method":
        options["update_method"] = method
    result = job(sim, api_version="v1" if place == "v1" else "v2", **options)
    told = result.get("error", {}).get("option")
    if refused:
        assert (result["failed"], told) == (True, option)
        assert sim.journal.writes() == []
    elif method != PER_ITEM and place == "v1":
        assert told == "update_method"  # there is no such batch at all
    else:
        assert told is None


def test_what_is_not_proven_keeps_the_batch_away(simulate: Simulate, dialect: str) -> None:
    canary = child(None)
    canary.themes[0].version = "1.2"  # the new theme, and the old plugin
    sim = two(simulate, dialect, canary, child(Offer("1.1.0"), theme=Offer("1.2")))
    result = job(sim, **BATCH, proven_on={"sites": ["1"]})
    assert moves(sim) == []
    assert written(sim) == set()
    assert {entry["reason"] for entry in site(result, 2)["updates"]} == {"unproven"}
    assert "too" in next(entry["message"] for entry in site(result, 2)["updates"] if entry["type"] == "theme")
    assert not result["failed"]


@pytest.mark.parametrize("error", ["", "Timed out"], ids=["connected", "back by our sync"])
def test_one_that_is_left_alone_keeps_the_batch_of_all_sites_away(simulate: Simulate, error: str) -> None:
    sim = two(simulate, "classic", child(Offer("1.1.0")), child(Offer("1.1.0")))
    now = int(sim.clock.now())
    sim.fleet.sites[1].options["primary_lasttime_backup"] = str(now)
    sim.fleet.sites[2].options["primary_lasttime_backup"] = str(now - 30 * 86400)
    sim.fleet.sites[2].sync_errors = error
    result = job(sim, **STALE, max_backup_age=30 * 3600)
    assert ALL not in written(sim)
    assert {move[0] for move in moves(sim)} == {1}
    assert {entry["reason"] for entry in site(result, 2)["updates"]} == {"backup_too_old"}
    assert site(result, 1)["result"] == "updated"


def test_the_sync_before_the_batch_asks_for_the_backup_too(simulate: Simulate, dialect: str) -> None:
    """Nothing was pending in the stored data, so nothing was asked then."""
    sim = two(simulate, dialect, child(None), child(None))
    sim.fleet.sites[2].child.plugins[0].offer = Offer("1.1.0")
    result = job(sim, **STALE, max_backup_age=3600)
    assert moves(sim) == []
    assert {entry["reason"] for entry in site(result, 2)["updates"]} == {"backup_unknown"}


def test_a_release_that_failed_keeps_the_batch_away_from_the_next_site(simulate: Simulate) -> None:
    bad = Offer("1.1.0", broken_package=True)
    sim = two(simulate, "abilities", child(bad), child(bad, theme=Offer("1.2")))
    result = job(sim, **{**BATCH, "wait_timeout": 1}, hold_after=1, concurrency=1)
    assert len(sim.journal.work()) == 1
    ((held,),) = [[entry for entry in result["sites"] if entry["result"] == "held"]]
    assert {entry["reason"] for entry in held["updates"]} == {"held_release"}


def test_an_older_release_keeps_the_batch_away(simulate: Simulate, dialect: str) -> None:
    sim = two(simulate, dialect, child(Offer("0.9"), theme=Offer("1.2")), child(Offer("1.1.0")))
    result = job(sim, **BATCH)
    assert {move[0] for move in moves(sim)} == {2}
    assert {entry["reason"] for entry in site(result, 1)["updates"]} == {"older"}


def test_the_wait_begins_with_the_batch(simulate: Simulate) -> None:
    """Four sites take WP-Cron two runs; the syncs before them alone last longer than wait_timeout."""
    sim = simulate(at_once(fleet(*(child(Offer("1.1.0")) for _number in range(4)))), "classic", cron="manual")
    sim.faults.add(action="slow", method="POST", path=SYNC.format(1), delay=12)

    def tick() -> None:
        if sim.journal.work():
            sim.cron.run()

    sim.faults.add(action="hook", method="GET", path="/mainwp/v2/sites", times=None, before=tick)
    result = job(sim, **{**STALE, "wait_timeout": 10})
    assert {move[0] for move in moves(sim)} == {1, 2, 3, 4}
    assert {entry["result"] for entry in result["sites"]} == {"updated"}


def test_a_batch_that_stalls_is_told_so_at_the_end_of_the_wait(simulate: Simulate) -> None:
    sim = simulate(
        at_once(fleet(*(child(Offer("1.1.0")) for _number in range(5)))),
        "classic",
        cron="manual",
        clock=Clock(scale=600),
    )

    def once() -> None:
        if sim.journal.work() and not moves(sim):
            sim.cron.run()

    sim.faults.add(action="hook", method="GET", path="/mainwp/v2/sites", times=None, before=once)
    result = job(sim, **{**BATCH, "wait_timeout": 12})
    assert len({move[0] for move in moves(sim)}) == 3
    left = [entry for entry in result["sites"] if entry["result"] == "pending"]
    assert len(left) == 2
    assert {update["reason"] for entry in left for update in entry["updates"]} == {"cron_stalled"}


def test_a_short_wait_without_a_step_blames_nobody(simulate: Simulate) -> None:
    sim = simulate(at_once(fleet(child(Offer("1.1.0")))), "classic", cron="manual")
    result = job(sim, **{**BATCH, "wait_timeout": 1})
    assert {update["reason"] for entry in result["sites"] for update in entry["updates"]} == {"batch_waiting"}
