# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the campaign of states makes present and absent, and what somebody else does to it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from simulator import Child, Client, ClientField, Cost, Fleet, Simulator, Site, Tag

NAMES = ["Shop", "R&D", 'say "so"', "O'Brien", "Ünïcode 😀", "I <3 you", "100 % wool", "Shop, EU", "twin"]
NEW = "https://new.example/"
#: What one has two of from the start.
TWIN = "Twin"

ABSENT, PRESENT = "absent", "present"


@dataclass(frozen=True)
class Kind:
    """What a module makes present or absent. ``told``: id → what the Dashboard keeps; ``named``: by its key;
    ``fields``: what may be asked for of one; ``edit``/``make``/``remove``: what somebody else does."""

    module: str
    told: Callable[[Fleet, Simulator], dict[Any, Any]]
    key: Callable[[str], dict[str, Any]]
    fields: Callable[[Random], dict[str, Any]]
    edit: Callable[[Simulator, str], None]
    make: Callable[[Simulator, str], None]
    remove: Callable[[Simulator, str], None]
    known: str = "Canary"


def fleet() -> Fleet:
    """Three sites; of each kind one that is called Canary, and two that are called Twin."""
    sites = [
        Site(id=n, url=f"https://s{n}.example/", name=f"S {n}", child=Child(), ip=f"192.0.2.{n}", client_id=1, tags=[1])
        for n in (1, 2, 3)
    ]
    names = ("Canary", TWIN, TWIN)
    clients = [Client(n, name, "canary@c.example" if n == 1 else "") for n, name in enumerate(names, 1)]
    tags = [Tag(n, name) for n, name in enumerate(names, 1)]
    made = Fleet(sites, tags, clients, strangers={NEW: Child(has_key=False, password="lab-Pass-1")})
    made.client_fields = {1: ClientField(1, "Canary", "d"), 2: ClientField(2, "VAT", "number")}
    made.costs = {n: Cost(n, {"name": name, "sites": "[1]", "price": "5"}) for n, name in enumerate(names, 1)}
    return made


def _rename(table: str, attribute: str) -> Callable[[Simulator, str], None]:
    """Somebody edits another column than the name of the one that is called so."""

    def edit(sim: Simulator, name: str) -> None:
        for thing in getattr(sim.fleet, table).values():
            if thing.name == name:
                setattr(thing, attribute, "elsewhere" if attribute != "color" else "#abcdef")

    return edit


def _remove(table: str) -> Callable[[Simulator, str], None]:
    def remove(sim: Simulator, name: str) -> None:
        things = getattr(sim.fleet, table)
        for number in [number for number, thing in things.items() if _name(thing) == name]:
            del things[number]
            if table == "tags":  # as the Dashboard does it
                for site in sim.fleet.sites.values():
                    site.tags = [tag for tag in site.tags if tag != number]

    return remove


def _name(thing: Any) -> str:
    return str(thing.columns["name"] if isinstance(thing, Cost) else thing.name)


def _make(table: str, made: Callable[[int, str], Any]) -> Callable[[Simulator, str], None]:
    def make(sim: Simulator, name: str) -> None:
        number = sim.fleet.new_id(table)
        getattr(sim.fleet, table)[number] = made(number, name)

    return make


def _edit_cost(sim: Simulator, name: str) -> None:
    for cost in sim.fleet.costs.values():
        if cost.columns["name"] == name:
            cost.columns["note"] = "elsewhere"


def _some_sites(random: Random) -> list[str]:
    return [f"s{number}.example" for number in random.sample((1, 2, 3), random.randint(0, 3))]


def _given(random: Random, **fields: Callable[[], Any]) -> dict[str, Any]:
    """Some of the fields."""
    return {name: value() for name, value in fields.items() if random.random() < 0.6}


KINDS = (
    Kind(
        "mainwp_tag",
        lambda world, sim: {
            tag.id: (tag.name, tag.color, [site.id for site in world.sites.values() if tag.id in site.tags])
            for tag in world.tags.values()
        },
        lambda name: {"name": name},
        lambda random: _given(
            random, color=lambda: random.choice(["#abc", "#112233"]), sites=lambda: _some_sites(random)
        ),
        _rename("tags", "color"),
        _make("tags", Tag),
        _remove("tags"),
    ),
    Kind(
        "mainwp_client",
        lambda world, sim: {
            client.id: (
                copy.deepcopy(client),
                [site.id for site in world.sites.values() if site.client_id == client.id],
            )
            for client in world.clients.values()
        },
        lambda name: {"name": name},
        lambda random: _given(
            random,
            city=lambda: random.choice(NAMES),
            note=lambda: random.choice(NAMES),
            suspended=lambda: random.random() < 0.5,
            sites=lambda: _some_sites(random),
        ),
        _rename("clients", "client_email"),
        _make("clients", Client),
        _remove("clients"),
    ),
    Kind(
        "mainwp_client_field",
        lambda world, sim: {one.id: (one.name, one.description) for one in world.client_fields.values()},
        lambda name: {"name": name},
        lambda random: {"description": random.choice(NAMES)},
        _rename("client_fields", "description"),
        _make("client_fields", lambda number, name: ClientField(number, name, "theirs")),
        _remove("client_fields"),
    ),
    Kind(
        "mainwp_cost",
        lambda world, sim: {cost.id: copy.deepcopy(cost.columns) for cost in world.costs.values()},
        lambda name: {"name": name},
        lambda random: {
            **_given(random, price=lambda: random.choice([0, 9.5, 12]), note=lambda: random.choice(NAMES)),
            "sites": ["s2.example"],
        },
        _edit_cost,
        _make("costs", lambda number, name: Cost(number, {"name": name, "sites": "[3]"})),
        _remove("costs"),
    ),
    Kind(
        "mainwp_api_key",
        lambda world, sim: {key.id: (key.description, key.scope, key.enabled) for key in sim.keys.keys},
        lambda name: {"description": name},
        lambda random: {"permissions": random.choice(["read", "read_write"])},
        lambda sim, name: [setattr(key, "enabled", False) for key in sim.keys.keys if key.description == name],
        lambda sim, name: sim.keys.make("read", name, True, None),
        lambda sim, name: [sim.keys.keys.remove(key) for key in list(sim.keys.keys) if key.description == name],
        known="simulator delete",
    ),
    Kind(
        "mainwp_site",
        lambda world, sim: {
            site.id: (site.url, site.name, sorted(site.tags), site.client_id, site.suspended)
            for site in world.sites.values()
        },
        lambda name: {"site_url": {"Canary": "https://s1.example/"}.get(name, NEW), "admin": "admin"},
        lambda random: {
            "admin_password": "lab-Pass-1",
            **_given(
                random,
                name=lambda: random.choice(NAMES),
                site_tags=lambda: random.sample(["Canary", "2"], random.randint(0, 1)),
                client=lambda: "Canary",
                suspended=lambda: random.random() < 0.5,
            ),
        },
        lambda sim, name: setattr(sim.fleet.sites[1], "suspended", not sim.fleet.sites[1].suspended),
        lambda sim, name: None,
        lambda sim, name: sim.fleet.sites.pop(1, None),
    ),
)
