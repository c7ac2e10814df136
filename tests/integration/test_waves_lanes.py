# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host costs, and lanes: requests, order and overlap, never a time, for machines differ and are busy."""

from __future__ import annotations

import re
import threading
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

IMPORT = {
    "name": "Maintain",
    "ansible.builtin.import_role": {
        "name": "wpfleet.mainwp.fleet_maintenance",
        "tasks_from": "sites",
        "rolespec_validate": False,
    },
}
THROTTLE = 4
WORK = r"/mainwp/v2/updates/\d+/update/.*"


def test_many_hosts_take_one_action_each(simulate: Simulate, tmp_path: Path) -> None:
    hosts = 30
    sim = simulate(scenarios.large(hosts, updates=False))
    outcome = Waves(tmp_path, lab=sim).run(IMPORT, hosts="mainwp_sites", serial=["100%"])
    assert outcome.rc == 0, outcome.output
    acted = outcome.stdout.partition("Plan, update, sync")[2].partition("TASK [")[0]
    assert len(re.findall(r"^ok: \[", acted, re.MULTILINE)) == hosts
    assert outcome.report()["summary"]["sites"]["unchanged"] == hosts
    assert len(sim.journal.entries) / hosts < 6


def test_the_sites_of_six_servers_stay_in_their_lanes(simulate: Simulate, tmp_path: Path) -> None:
    """Never two sites of a server at once, never more than the throttle, and as many as that."""
    fleet = Fleet(
        Site(id=number, url="", name=f"S {number}", child=good(), ip=f"192.0.2.{(number - 1) // 4}")
        for number in range(1, 25)
    )
    fleet.update_seconds = 0.2
    sim = simulate(fleet)
    # the first updates wait for each other, so that all lanes are at work at once – or the test fails
    together = threading.Barrier(THROTTLE, timeout=120)
    sim.faults.add(action="hook", path=WORK, times=THROTTLE, before=together.wait)
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars("all", mainwp_concurrency=4, fleet_maintenance_health_check={"enabled": False})
    outcome = waves.run(IMPORT, hosts="mainwp_sites", serial=["100%"], args=["--forks", "8"])
    assert outcome.rc == 0, outcome.output
    assert len(fleets.moves(sim)) == 24
    turns: dict[int, list[float]] = defaultdict(list)
    for entry in sim.journal.writes():
        number = re.search(r"/(\d+)/", entry.path)
        assert number is not None
        assert entry.ended is not None
        turns[int(number[1])] += [entry.time, entry.ended]
    spans = {number: (min(times), max(times)) for number, times in turns.items()}
    most = 0
    for number, (begin, end) in spans.items():
        meanwhile = [other for other, (first, last) in spans.items() if first < end and begin < last]
        mates = [other for other in meanwhile if fleet.sites[other].ip == fleet.sites[number].ip]
        assert mates == [number]
        starting = [other for other, (first, last) in spans.items() if first <= begin < last]
        assert len(starting) <= THROTTLE
        most = max(most, len(starting))
    assert most == THROTTLE
