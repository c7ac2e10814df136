# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dashboard with a few of everything, for what several things of one kind are planned against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _planning as planning
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _several as several
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._resource import Resource
from simulator import Child, Client, Cost, Fleet, Simulator, Site, Tag

REPORTER: Any = SimpleNamespace(interrupted=False, warn=lambda _text: None)
Row = dict[str, Any]


@dataclass
class World:
    """A Dashboard with a few of everything, and what it was asked."""

    sim: Simulator
    dashboard: Dashboard
    _seen: int = 0

    def plan(self, resource: Resource, *each: Row) -> several.Planned:
        """The plans of entries."""
        return several.planned(resource, self.dashboard, [planning.wanted_from(resource, one) for one in each])

    def act(self, found: several.Planned) -> list[tuple[str, str]]:
        """Carry it out; what became of each: its action, or the sentence of its problem."""
        broken = several.act(self.dashboard, found, REPORTER)
        assert broken == ""
        return outcome(found)

    def asked(self) -> list[str]:
        """Method and route of the requests since the last look."""
        entries = self.sim.journal.entries
        new, self._seen = entries[self._seen :], len(entries)
        return [f"{entry.method} {entry.path.partition('mainwp/v2/')[2]}" for entry in new]


def outcome(found: several.Planned) -> list[tuple[str, str]]:
    """What was done to each, and the reason where that failed."""
    return [((one.told or {}).get("action", ""), one.reason) for one in found.ones]


def actions(found: several.Planned) -> list[str]:
    """The action of each, or the sentence of its problem."""
    return [str(one.problem or one.action) for one in found.ones]


def small_world() -> Iterator[World]:
    """Three sites, and some of each resource: what a fixture yields."""
    fleet = Fleet(
        Site(
            id=number,
            url=f"https://s{number}.example/",
            name=f"S {number}",
            child=Child(),
            tags=[1] if number == 1 else [],
            client_id=7 if number == 2 else 0,
        )
        for number in range(1, 4)
    )
    fleet.tags = {1: Tag(1, "Shop"), 2: Tag(2, "blog"), 3: Tag(3, "old")}
    fleet.clients = {7: Client(7, "Acme", "office@acme.example"), 8: Client(8, "Acme", "")}
    fleet.costs = {
        number: Cost(number, {"name": f"Cost {number}", "price": "5", "sites": "[1]", "cost_color": "#112233"})
        for number in range(1, 4)
    }
    with Simulator(fleet) as sim:
        dashboard = Dashboard(
            connection_from({"url": sim.url, "api_key": sim.key().token}), sleep=lambda _seconds: None
        )
        yield World(sim, dashboard)
        dashboard.close()
