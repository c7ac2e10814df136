# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: fleets, contenders and factors, row by row."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import contenders
from .contenders import ACTIVATE, INVENTORY, LIST, NOOP, PLAN, SYNC, UPDATE
from .dashboard import dashboard
from .fleets import ALL, DISTINCT, NOTHING, TENTH, World
from .floor import activate_floor, sync_floor, update_floor
from .measure import Measured
from .second import PLUGIN, SECOND, WHOLE

URI, BULK, ALONE = "uri", "bulk", "one by one"
EIGHT, ONE = 8, 1
#: Times a task is repeated to know what one costs.
REPEATED = 10


@dataclass(frozen=True)
class Case:
    """An operation on a fleet, and what it is measured against."""

    operation: str
    sites: int
    ips: int = DISTINCT
    factor: float = 1.0
    against: tuple[str, ...] = ()
    #: plugins of a site, beside the four of the standard child
    more_plugins: int = 0
    quick: bool = False
    #: updates that wait on each site, where plans are measured
    offers: int = 0
    #: the Dashboard takes no time of its own
    at_once: bool = False

    @property
    def world(self) -> World:
        second = self.operation in SECOND
        nothing = self.offers or second or self.operation == ACTIVATE
        return World(
            self.sites,
            self.ips,
            TENTH if self.operation == NOOP else NOTHING if nothing else ALL,
            own=0.0 if self.at_once else World.own,
            factor=self.factor,
            more_plugins=self.more_plugins,
            offers=self.offers,
            settled=second,
            inactive=PLUGIN if self.operation == ACTIVATE else "",
        )

    @property
    def addresses(self) -> str:
        return {DISTINCT: "distinct", ONE: "one"}.get(self.ips, str(self.ips))

    @property
    def name(self) -> str:
        """What ``--only`` looks at."""
        last = f"{self.offers} offers" if self.offers else "second" if self.operation in SECOND else self.addresses
        return f"{self.operation} {self.sites} {last}"


@dataclass(frozen=True)
class Row:
    """A case, measured."""

    case: Case
    ours: Measured
    floor: float | None = None
    uri: Measured | None = None
    bulk: Measured | None = None
    alone: Measured | None = None

    @property
    def over_floor(self) -> float | None:
        return self.ours.seconds / self.floor if self.floor else None


@dataclass(frozen=True)
class Start:
    """What one more task costs, and a play of one."""

    name: str
    task: float
    play: float


#: A factor is as large as the fixed cost of client and simulator allows: a call must take much longer than that. Where
#: memory and the cost of size are measured, sites have as many plugins as real ones.
CASES = (
    Case(LIST, 20, quick=True, against=(URI,)),
    Case(LIST, 200, against=(URI,)),
    Case(LIST, 1000, more_plugins=20, quick=True),
    Case(LIST, 5000, more_plugins=20),
    Case(INVENTORY, 20),
    Case(INVENTORY, 1000, more_plugins=20),
    Case(INVENTORY, 5000, more_plugins=20),
    Case(NOOP, 20, quick=True, against=(URI,)),
    Case(NOOP, 200),
    Case(NOOP, 1000, more_plugins=20, quick=True),
    Case(NOOP, 5000, more_plugins=20),
    Case(PLAN, 400, factor=2, against=(ALONE,), offers=2),
    Case(PLAN, 400, factor=2, against=(ALONE,), offers=6, quick=True),
    Case(PLAN, 400, factor=2, against=(ALONE,), offers=12),
    Case(PLAN, 400, factor=2, against=(ALONE,), offers=60),
    Case(PLAN, 1000, factor=2, against=(ALONE,), offers=6),
    Case(SYNC, 20, factor=2, against=(URI, BULK), quick=True),
    Case(SYNC, 20, EIGHT, factor=4),
    Case(SYNC, 20, ONE, factor=4, against=(BULK,)),
    Case(SYNC, 200, factor=8, against=(BULK,), quick=True),
    Case(SYNC, 200, EIGHT, factor=8),
    Case(SYNC, 200, ONE, factor=10, against=(BULK,)),
    Case(SYNC, 1000, factor=8),
    Case(SYNC, 1000, EIGHT, factor=8),
    Case(SYNC, 5000, factor=100, more_plugins=20),
    Case(UPDATE, 20, factor=4, against=(URI, BULK), quick=True),
    Case(UPDATE, 20, EIGHT, factor=4),
    Case(UPDATE, 20, ONE, factor=8, against=(BULK,)),
    Case(UPDATE, 200, factor=8),
    Case(UPDATE, 200, EIGHT, factor=8),
    Case(UPDATE, 200, ONE, factor=15),
    Case(UPDATE, 1000, factor=10),
    Case(ACTIVATE, 200, factor=8),
    Case(ACTIVATE, 200, EIGHT, factor=8),
    *(
        Case(
            operation, 1000, factor=8 if operation == "mainwp_user" else 1, more_plugins=20, at_once=operation in WHOLE
        )
        for operation in SECOND
    ),
)
#: Above this factor a row tells of memory and requests alone.
TELLS_TIME = 20
START = "start-up"


def floor_of(case: Case) -> float | None:
    """The least time for a case that the Dashboard's limits bound."""
    world = case.world
    if case.factor > TELLS_TIME:
        return None
    if case.operation == SYNC:
        return sync_floor(world.queues, world.latency, world.own)
    if case.operation == UPDATE:
        return update_floor(world.queues, world.latency, world.own)
    if case.operation == ACTIVATE:
        return activate_floor(world.queues, world.latency, world.own)
    return None


def measured(case: Case) -> Row:
    """Measure a case: ours and what it is held against, one after another."""
    ours = contenders.ours(case.operation, case.world)
    uri = contenders.uri_loop(case.operation, case.world) if URI in case.against else None
    bulk = contenders.bulk(case.operation, case.world) if BULK in case.against else None
    alone = contenders.one_by_one(case.world) if ALONE in case.against else None
    return Row(case, ours, floor_of(case), uri, bulk, alone)


def starts(say: Callable[[str], None]) -> list[Start]:
    """What a task costs through each door, on a Dashboard of one site that answers at once."""
    found = []
    world = World(1, latency=0, own=0)
    with dashboard(world) as board, tempfile.TemporaryDirectory(prefix="bench-") as name:
        for door, task in contenders.doors(board).items():
            folder = Path(name)
            one, many = (
                min(contenders.repeated(task, times, board, folder).seconds for _turn in range(2))
                for times in (1, 1 + REPEATED)
            )
            found.append(Start(door, max(0.0, many - one) / REPEATED, one))
            say(f"{START}: {door}: {found[-1].task * 1000:.0f} ms a task, {one:.1f} s a play")
    return found
