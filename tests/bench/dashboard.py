# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Dashboard in a process of its own, with MainWP's limits in scaled time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from simulator import Simulator
from simulator.journal import Entry
from simulator.throttle import Throttle

from .fleets import World, fleet
from .floor import LIMITS
from .measure import Request
from .recorded import fitted, sites_of


@dataclass
class Dashboard:
    """The handle of the process."""

    world: World
    url: str
    token: str
    _pipe: Connection

    def requests(self) -> list[Request]:
        """What came in so far."""
        return [Request(*row) for row in self._ask("requests")]

    def moved(self) -> int:
        """How many updates really happened."""
        return int(self._ask("moved"))

    def _ask(self, what: str) -> Any:
        self._pipe.send(what)
        return self._pipe.recv()


@contextmanager
def dashboard(world: World) -> Iterator[Dashboard]:
    """A Dashboard that answers as long as the block lasts."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(world, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        url, token = ours.recv()
        yield Dashboard(world, url, token, ours)
    finally:
        ours.close()  # at which the process ends
        process.join(5)
        if process.is_alive():
            process.kill()


def _serve(world: World, pipe: Connection) -> None:
    sim = simulator(world)
    with sim:
        pipe.send((sim.url, sim.key("read_write").token))
        while True:
            try:
                what = pipe.recv()
            except (EOFError, KeyboardInterrupt):
                return
            pipe.send({"requests": _requests, "moved": lambda one: len(one.truth)}[what](sim))


def simulator(world: World) -> Simulator:
    """A Dashboard whose limits hold in its own time, and which tells its clients the same in theirs."""
    sim = Simulator(fleet(world), "abilities", cron="dead")
    sim.fleet.throttle = Throttle(sim.clock, lanes=LIMITS.sync_lanes, delay=LIMITS.gap, ip_delay=LIMITS.ip_gap)
    sim.fleet.settings["advanced"] = {
        "mainwp_minimum_delay": round(LIMITS.gap * 1000 / world.factor),
        "mainwp_minimum_ip_delay": round(LIMITS.ip_gap * 1000 / world.factor),
    }
    sim.takes = _as_recorded if world.offers else lambda _entry: world.own
    return sim


def _as_recorded(entry: Entry) -> float:
    return fitted().seconds(sites_of(entry.path, str(entry.query.get("include", ""))))


def _requests(sim: Simulator) -> list[tuple[str, str, int, float, float]]:
    return [
        (entry.method, entry.path, entry.status or 0, entry.time, entry.ended or entry.time)
        for entry in list(sim.journal.entries)
    ]
