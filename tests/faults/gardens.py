# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the campaign of trees draws – Dashboards, trees, deeds of somebody else – and what it knows of them: everything that a
tree speaks of, as it really is, and as an entry wants it."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from simulator import Child, Client, ClientField, Cost, Fleet, Plugin, Simulator, Site, Tag, Theme

NEW, OTHER = "https://new.example/", "https://other.example/"
PASSWORD, WORD = "lab-Pass-1", "anna-Word-2"
FORMS = "forms/forms.php"
NAMES = ["Shop", "R&D", "O'Brien", "Ünïcode 😀", "100 % wool", 'say "so"']
#: What stands among the settings and is none: kinds of their own, and what a sync writes down.
NO_SETTINGS = ("payment_methods", "product_categories", "sync_data", "mainwp_sync_data")
BUILT_IN = ("plugin", "theme", "hosting", "service", "other")
#: What a tree speaks of: (kind, name, site). What it is: a value that says everything of it.
Key = tuple[str, str, str]
Truth = Mapping[Key, Any]


def child(**fields: Any) -> Child:
    """One with a plugin that is not active, and two themes."""
    themes = [Theme("paper", "Paper", "1.0", active=True), Theme("stone", "Stone", "2.0")]
    plugins = [
        Plugin(FORMS, "Forms", "1.0", active=False),
        Plugin("mainwp-child/mainwp-child.php", "MainWP Child", "6.1"),
    ]
    return Child(plugins=plugins, themes=themes, **fields)


def world(random: Random) -> Fleet:
    """Three sites, two children that could be added, and of each kind something; one site or child may be an odd one."""
    sites = [
        Site(id=n, url=f"https://s{n}.example/", name=f"S {n}", child=child(), ip=f"192.0.2.{n}") for n in (1, 2, 3)
    ]
    odd = random.choice([{}, {}, {"down": True}, {"elsewhere": True, "has_key": True}, {"plugin_gone": True}])
    strangers = {
        NEW: child(has_key=False, password=PASSWORD),
        OTHER: child(**{"has_key": False, "password": PASSWORD, **odd}),
    }
    made = Fleet(sites, [Tag(1, "Canary"), Tag(2, "Old")], [Client(1, "Acme", "a@acme.example")], strangers=strangers)
    made.client_fields = {1: ClientField(1, "Size", "of the shop")}
    made.costs = {1: Cost(1, {"name": "Mine", "sites": "[1]", "price": "5"})}
    made.sites[1].tags = [2]
    made.settings["advanced"] = {"mainwp_minimum_delay": 0, "mainwp_minimum_ip_delay": 0}
    state = random.choice(["", "", "suspended", "down", "old"])
    if state == "suspended":
        made.sites[2].suspended = True
    elif state == "down":
        made.sites[2].child.down = True
        made.sites[2].sync_errors = "ERROR: it did not answer"
    elif state == "old":
        made.sites[2].dts_sync = 1
    return made


def tree(random: Random) -> dict[str, Any]:
    """Some kinds, which need each other."""
    tags = ["Canary", *random.sample(NAMES, random.randint(0, 2))]
    clients = ["Acme", *random.sample(NAMES, random.randint(0, 2))]
    sites = [
        {"site_url": f"https://s{n}.example/", **_site(random, tags, clients)}
        for n in random.sample([1, 2, 3], random.randint(0, 3))
    ]
    sites += [
        {"site_url": url, "admin": "admin", **_site(random, tags, clients)}
        for url in random.sample([NEW, OTHER], random.randint(0, 2))
    ]
    if len(sites) > 2 and random.random() < 0.2:
        sites[0] = {"site_url": sites[0]["site_url"], "state": "absent"}

    def here() -> dict[str, Any]:
        return {"all_sites": True} if random.random() < 0.5 else {"site_tags": [random.choice(tags)]}

    found: dict[str, Any] = {
        "settings": {
            "general": {"automatic_daily_update": random.random() < 0.5},
            "cost_tracker": {"currency": "EUR"},
            "monitoring": {"uptime_monitoring_active": random.random() < 0.5},
        },
        "client_fields": [{"name": "VAT", "description": random.choice(NAMES)}],
        "cost_product_types": [{"title": "Fonts"}],
        "cost_payment_methods": [{"title": "Bank"}],
        "tags": [{"name": name, "color": random.choice(["#abcdef", "#112233"])} for name in tags],
        "clients": [{"name": name, "city": random.choice(NAMES)} for name in clients],
        "sites": sites,
        "ignored_updates": [{"core": True, **here()}],
        "plugins": [{"plugins": ["forms"], "state": random.choice(["active", "absent"]), **here()}],
        "themes": [{"themes": ["stone"], "state": random.choice(["active", "absent"]), **here()}],
        "users": [{"login": "anna", "email": "a@x.example", "role": random.choice(["editor", "author"]), **here()}],
        "costs": [
            {
                "name": name,
                "price": 5,
                "product_type": "fonts",
                "payment_method": "bank",
                "clients": [random.choice(clients)],
            }
            for name in random.sample(NAMES, 2)
        ],
        "api_keys": [{"description": "tree", "permissions": "read"}],
    }
    if random.random() < 0.3:
        found["tags"].append({"name": "Old", "state": "absent"})
    if sites and random.random() < 0.3:  # membership from the tag's side
        found["tags"][0]["sites"] = ["s3.example"] if sites[0].get("state") != "absent" else []
    needed = {"cost_product_types", "cost_payment_methods", "tags", "clients"}
    return {kind: entries for kind, entries in found.items() if kind in needed or random.random() < 0.7}


def secrets(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a vault has for a tree."""
    found: dict[str, Any] = {}
    if "sites" in given:
        found["sites"] = {"*": {"admin_password": PASSWORD}}
    if "users" in given:
        found["users"] = {"anna": {"password": WORD}}
    return found


def _site(random: Random, tags: list[str], clients: list[str]) -> dict[str, Any]:
    given: dict[str, Any] = {
        "name": random.choice(NAMES),
        "site_tags": random.sample(tags, 1),
        "site_tags_mode": "add",
        "client": random.choice(clients),
        "suspended": False,
    }
    taken = {name: value for name, value in given.items() if random.random() < 0.7}
    if "site_tags" not in taken:
        taken.pop("site_tags_mode", None)
    return taken


#: What somebody else does between the rehearsal and a write.
RIVALS: Mapping[str, Callable[[Fleet], None]] = {
    "paints a tag": lambda fleet: setattr(fleet.tags[1], "color", "#c0ffee") if 1 in fleet.tags else None,
    "removes a tag": lambda fleet: _remove_tag(fleet, 2),
    "makes a tag of the tree": lambda fleet: _add_tag(fleet, "Shop"),
    "makes another tag": lambda fleet: _add_tag(fleet, "By hand"),
    "makes a client of the tree": lambda fleet: _add_client(fleet, "R&D"),
    "moves a client": lambda fleet: fleet.clients[1].fields.__setitem__("city", "Elsewhere"),
    "removes a site": lambda fleet: fleet.sites.pop(3, None) and None,
    "renames a site": lambda fleet: setattr(fleet.sites[1], "name", "By hand") if 1 in fleet.sites else None,
    "edits a cost": lambda fleet: fleet.costs[1].columns.__setitem__("note", "by hand") if 1 in fleet.costs else None,
}


def _remove_tag(fleet: Fleet, number: int) -> None:
    fleet.tags.pop(number, None)
    for site in fleet.sites.values():
        site.tags = [tag for tag in site.tags if tag != number]


def _add_tag(fleet: Fleet, name: str) -> None:
    if name not in {tag.name for tag in fleet.tags.values()}:
        number = fleet.new_id("tags")
        fleet.tags[number] = Tag(number, name)


def _add_client(fleet: Fleet, name: str) -> None:
    if name not in {client.name for client in fleet.clients.values()}:
        number = fleet.new_id("clients")
        fleet.clients[number] = Client(number, name)


def truth(sim: Simulator) -> dict[Key, Any]:
    """What really is, as far as a tree speaks of it. A second one of a name stands beside the first."""
    found: dict[Key, Any] = {}
    with sim.fleet.lock:
        for (kind, name, site), value in _all(sim):
            key = next(one for one in _keys((kind, html.unescape(name), site)) if one not in found)
            found[key] = json.loads(json.dumps(value, default=str, sort_keys=True))
    return found


def _keys(key: Key) -> Iterator[Key]:
    kind, name, site = key
    yield key
    for number in range(2, 99):
        yield kind, f"{name} (twin {number})", site


def _all(sim: Simulator) -> Iterator[tuple[Key, Any]]:
    fleet = sim.fleet
    tags = {tag.id: html.unescape(tag.name) for tag in fleet.tags.values()}
    clients = {client.id: html.unescape(client.name) for client in fleet.clients.values()}
    for group, kept in fleet.settings.items():
        own = {name: value for name, value in kept.items() if name not in NO_SETTINGS}
        if own:
            yield ("settings", group.replace("-", "_"), ""), own
    for field in fleet.client_fields.values():
        yield ("client_fields", field.name, ""), {"description": field.description}
    tracker = fleet.settings.get("cost-tracker", {})
    for row in tracker.get("product_categories") or []:
        if row["slug"] not in BUILT_IN:
            yield ("cost_product_types", row["title"], ""), row
    for slug, title in (tracker.get("payment_methods") or {}).items():
        yield ("cost_payment_methods", title, ""), {"slug": slug}
    for tag in fleet.tags.values():
        yield ("tags", tag.name, ""), {"color": tag.color}
    for client in fleet.clients.values():
        yield ("clients", client.name, ""), {"email": client.client_email, **client.fields}
    for cost in fleet.costs.values():
        owner = {"clients": [clients.get(number, "?") for number in sorted(cost.ids("clients"))]}
        yield ("costs", cost.columns["name"], ""), {**cost.columns, **owner}
    for key in sim.keys.keys:
        yield ("api_keys", key.description, ""), {"permissions": key.scope, "enabled": key.enabled}
    for site in fleet.sites.values():
        yield (
            ("sites", site.url, ""),
            {
                "name": site.name,
                "site_tags": sorted(tags.get(number, "?") for number in site.tags),
                "client": clients.get(site.client_id, ""),
                "suspended": site.suspended,
            },
        )
        yield ("ignored_updates", "core", site.url), site.ignore_core
        yield from ((("plugins", one.slug, site.url), one.active) for one in site.child.plugins)
        yield from ((("themes", one.slug, site.url), one.active) for one in site.child.themes)
        yield from (
            (("users", one["username"], site.url), {"email": one["email"], "role": one["role"]})
            for one in site.child.users
        )


#: kind → (what names an entry, what of an entry can be held against what is).
SIMPLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "client_fields": ("name", ("description",)),
    "cost_product_types": ("title", ()),
    "cost_payment_methods": ("title", ()),
    "tags": ("name", ("color",)),
    "clients": ("name", ("city",)),
    "sites": ("site_url", ("name", "client", "suspended")),
    "costs": ("name", ("product_type", "payment_method", "clients")),
    "api_keys": ("description", ("permissions",)),
}


def unlike(given: Mapping[str, Any], now: Truth) -> Iterator[tuple[Key, str]]:
    """What of a tree is not so: (what, how)."""
    for kind, (name, fields) in SIMPLE.items():
        for entry in given.get(kind, ()):
            key, is_absent = (kind, entry[name], ""), entry.get("state") == "absent"
            if (key in now) == is_absent:
                yield key, "it is there" if is_absent else "it is not there"
            if key not in now or is_absent:
                continue
            for field in fields:
                if field in entry and now[key].get(field) != entry[field]:
                    yield key, f"{field} is {now[key].get(field)!r}, not {entry[field]!r}"
            if not set(entry.get("site_tags", ())) <= set(now[key].get("site_tags", ())):
                yield key, f"site_tags are {now[key]['site_tags']}, without {entry['site_tags']}"
    for tag in given.get("tags", ()):
        for url in tag.get("sites", ()):
            key = ("sites", f"https://{url}/", "")
            if key in now and tag["name"] not in now[key]["site_tags"]:
                yield key, f"it is without {tag['name']}"
    yield from _unlike_on_sites(given, now)


def _unlike_on_sites(given: Mapping[str, Any], now: Truth) -> Iterator[tuple[Key, str]]:
    sites = {name: row for (kind, name, _site), row in now.items() if kind == "sites" and not row["suspended"]}
    for kind, slug in (("plugins", FORMS), ("themes", "stone"), ("users", "anna"), ("ignored_updates", "core")):
        for entry in given.get(kind, ()):
            for url, row in sites.items():
                if not (entry.get("all_sites") or set(entry["site_tags"]) & set(row["site_tags"])):
                    continue
                key = (kind, slug, url)
                value = now.get(key)
                if kind == "users":
                    wanted: Any = {"email": entry["email"], "role": entry["role"]}
                else:
                    wanted = None if entry.get("state") == "absent" else True
                if value != wanted:
                    yield key, f"it is {value!r}, not {wanted!r}"
