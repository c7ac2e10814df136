# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins on small fleets, for stories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integration._fleets import child, fleet
from integration._job import at_once, job

from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_plugin
from simulator import Child, Plugin, Simulator

Simulate = Callable[..., Simulator]
FORMS, HELLO, SHOP = "acme-forms/acme-forms.php", "hello.php", "shop/shop.php"
CHILD = Plugin("mainwp-child/mainwp-child.php", "MainWP Child", "6.1")
ACTIVATE = r"/mainwp/v2/sites/\d+/plugins/activate"


def forms(**fields: Any) -> Plugin:
    return Plugin(FORMS, "Acme Forms", "1.0.0", **fields)


def off(**fields: Any) -> Plugin:
    return forms(active=False, **fields)


def world(*children: Child, simulate: Simulate, dialect: str = "abilities") -> Simulator:
    return simulate(at_once(fleet(*children)), dialect)


def run(sim: Simulator, state: str, *plugins: str, **options: Any) -> dict[str, Any]:
    options = {"all_sites": True, "lock_dir": "none", **options}
    return job(sim, mainwp_plugin.DOOR, plugins=list(plugins), state=state, **options)


def told(result: Any) -> list[tuple[str | None, str | None, str, str]]:
    """Before, after, result and reason of every entry, site after site."""
    return [
        (entry["before"], entry["after"], entry["result"], entry["reason"])
        for found in result["sites"]
        for entry in found["plugins"]
    ]


def calls(sim: Simulator) -> list[str]:
    """What was sent about plugins, in order."""
    return [entry.path.removeprefix("/mainwp/v2/") for entry in sim.journal.work()]


def syncs(sim: Simulator) -> int:
    return sum("/sync" in entry.path for entry in sim.journal.entries)


def served(simulate: Simulate, count: int, **fields: Any) -> Simulator:
    sim = world(*(child(None, forms(**fields)) for dummy in range(count)), simulate=simulate)
    sim.serve_children()
    return sim
