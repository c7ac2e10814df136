# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host costs, and lanes: no figure here is a time, for machines differ and are busy."""

from __future__ import annotations

import re
import resource
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from integration import _fleets as fleets
from integration._waves import Waves, good

from simulator import Fleet, Simulator, Site, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

Simulate = Callable[..., Simulator]

NOOP = {"name": "Do nothing", "ansible.builtin.debug": {"msg": "nothing"}}
IMPORT = {
    "name": "Maintain",
    "ansible.builtin.import_role": {
        "name": "wpfleet.mainwp.fleet_maintenance",
        "tasks_from": "sites",
        "rolespec_validate": False,
    },
}
THROTTLE = 4


def processor_seconds(run: Callable[[], object]) -> float:
    """The processor time that the programs started by ``run`` took, whatever else the machine does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_two_hundred_hosts_take_one_action_each(simulate: Simulate, tmp_path: Path) -> None:
    hosts, few = 200, 50
    sim = simulate(scenarios.large(hosts, updates=False))
    waves = Waves(tmp_path, lab=sim)
    everything = {"hosts": "mainwp_sites", "serial": ["100%"]}
    some = ["--limit", f"mainwp_sites[0:{few - 1}]"]
    base = processor_seconds(lambda: waves.run(NOOP, args=some, **everything))
    more = processor_seconds(lambda: waves.run(*[NOOP] * 5, args=some, **everything))
    noop = (more - base) / (4 * few)
    sim.journal.clear()
    outcomes = []
    whole = processor_seconds(lambda: outcomes.append(waves.run(IMPORT, **everything)))
    (outcome,) = outcomes
    assert outcome.rc == 0, outcome.output
    acted = outcome.stdout.partition("Plan, update, sync")[2].partition("TASK [")[0]
    assert len(re.findall(r"^ok: \[", acted, re.MULTILINE)) == hosts
    assert outcome.report()["summary"]["sites"]["unchanged"] == hosts
    requests = len(sim.journal.entries) / hosts
    ratio = (whole - base) / hosts / noop
    print(
        f"\nthe whole role costs a host {ratio:.1f} no-op tasks ({1000 * noop:.0f} ms of processor time each here), "
        f"and {requests:.1f} requests"
    )
    assert requests < 6
    assert ratio < 25


def test_forty_sites_on_eight_servers_stay_in_their_lanes(simulate: Simulate, tmp_path: Path) -> None:
    """Never two sites of a server at once, never more than the throttle, and hardly a lane idle."""
    fleet = Fleet(
        Site(id=number, url="", name=f"S {number}", child=good(), ip=f"192.0.2.{(number - 1) // 5}")
        for number in range(1, 41)
    )
    fleet.update_seconds = 1.5
    sim = simulate(fleet)
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars("all", mainwp_concurrency=4, fleet_maintenance_health_check={"enabled": False})
    outcome = waves.run(IMPORT, hosts="mainwp_sites", serial=["100%"], args=["--forks", "8"])
    assert outcome.rc == 0, outcome.output
    assert len(fleets.moves(sim)) == 40
    turns: dict[int, list[float]] = defaultdict(list)
    for entry in sim.journal.writes():
        number = re.search(r"/(\d+)/", entry.path)
        assert number is not None
        assert entry.ended is not None
        turns[int(number[1])] += [entry.time, entry.ended]
    spans = {number: (min(times), max(times)) for number, times in turns.items()}
    for number, (begin, end) in spans.items():
        meanwhile = [other for other, (first, last) in spans.items() if first < end and begin < last]
        mates = [other for other in meanwhile if fleet.sites[other].ip == fleet.sites[number].ip]
        assert mates == [number]
        starting = [other for other, (first, last) in spans.items() if first <= begin < last]
        assert len(starting) <= THROTTLE
    floor = sum(end - begin for begin, end in spans.values()) / THROTTLE
    taken = max(end for dummy, end in spans.values()) - min(begin for begin, dummy in spans.values())
    print(f"\n40 sites on 8 servers took {taken / floor:.2f} of the floor of {THROTTLE} lanes")
    assert taken / floor < 1.6
