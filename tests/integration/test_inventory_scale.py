# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""2,500 sites: what the inventory costs, as ratios; the figures themselves are printed (``pytest -s``). `make bench` takes 5,000."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from integration._ansible import BIN
from integration._inventory import Inventory

from simulator import Simulator, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

MANY, FEW = 2500, 500


@dataclass
class Cost:
    """Of one process."""

    hosts: int
    requests: int
    seconds: float  # of the processor
    megabytes: float


def cost(simulate: Callable[..., Simulator], folder: Path, count: int) -> Cost:
    """What ``ansible-inventory --list`` of so many sites costs."""
    sim = simulate(scenarios.large(count, ips=count // 20))
    inventory = Inventory(folder, sim)
    folder.mkdir()
    path = inventory.write()
    output = folder / "list.json"
    with output.open("w") as file:
        command = [str(BIN / "ansible-inventory"), "-i", str(path), "--list"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
    assert status == 0
    hosts = output.read_text().count('"mainwp_site_id"')
    return Cost(hosts, len(sim.journal.entries), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@pytest.mark.slow
def test_thousands_of_sites(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    nothing, few, many = (cost(simulate, tmp_path / str(count), count) for count in (20, FEW, MANY))
    assert (few.hosts, many.hosts) == (FEW, MANY)
    assert many.requests <= MANY / 100 + 4
    each_of_few = (few.seconds - nothing.seconds) / FEW
    each_of_many = (many.seconds - nothing.seconds) / MANY
    memory = (many.megabytes - nothing.megabytes) / MANY * 1024
    print(
        f"\n{MANY} sites: {many.requests} requests, {many.seconds:.1f} s of processor, {many.megabytes:.0f} MB; "
        f"for each site {each_of_many * 1000:.2f} ms ({each_of_many / each_of_few:.2f} times that of {FEW}) "
        f"and {memory:.0f} kB; an inventory of 20 sites takes {nothing.seconds:.1f} s and {nothing.megabytes:.0f} MB"
    )
    assert each_of_many < 2.5 * each_of_few, "the cost of a site grows with their number"
    assert memory < 100
