# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Second runs of modules that make things so: what each is asked for, and the requests that it may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator import Client, ClientField, Fleet, Tag

#: Sites on a page of the listing, and sites whose users are asked for together.
PAGE, TOGETHER = 100, 25
#: Things of which the Dashboard has several, and a task of the play for each.
SEVERAL = 10
#: Requests for a cost: the names of all, itself, the sites that its owners' names stand for.
A_COST = 3
#: Client fields that the Dashboard has beside the one that is wanted.
FIELDS = 50
#: Tags and clients that the Dashboard has beside the one that has all sites.
TAGS, CLIENTS = 40, 300
#: Requests for a whole tree, and for writing one down, beside those that grow: one for each section of settings and for each
#: other list.
A_TREE, AN_EXPORT = 8, 16
#: Requests beside those that a row's own words name.
SPARE = 5
#: What is about a whole Dashboard: these are measured without any latency.
CONFIG, EXPORT = WHOLE = ("mainwp_config", "mainwp_export")
PLUGIN, TAG, CLIENT = "acme-seo/acme-seo.php", "Shops", "Northwind"
ANNA = {"id": 2, "username": "anna", "name": "anna", "email": "anna@agency.example", "role": "editor", "posts": "0"}
ALL = {"all_sites": True, "max_age": 86400}
Options = Mapping[str, Any]


def pages(sites: int) -> int:
    """Requests for a listing."""
    return -(-sites // PAGE)


@dataclass(frozen=True)
class Second:
    """Tasks by the number of sites, and the requests that they take, SPARE aside."""

    module: str
    tasks: Callable[[int], list[Options]]
    most: Callable[[int], int]


def address(number: int) -> str:
    return f"shop{number:04d}.example"


def _members(sites: int) -> list[str]:
    return [address(number) for number in range(1, sites + 1)]


def _each(**options: Any) -> Callable[[int], list[Options]]:
    """One task with a list of all sites."""
    return lambda sites: [{"child_sites": [{"site_url": url, **options} for url in _members(sites)]}]


def _costs(sites: int) -> list[Options]:
    return [{"name": f"Hosting {number}", "price": 25, "sites": _members(sites)} for number in range(SEVERAL)]


def _tree(sites: int) -> list[Options]:
    """All kinds of a tree that cost nothing for each site."""
    site = {"suspended": False, "site_tags": [TAG], "client": CLIENT}
    return [
        {
            "tree": {
                "settings": {
                    "general": {"numberdays_outdate_plugin_theme": 400},
                    "emails": {"uptime": {"subject": "Down"}},
                },
                "client_fields": [{"name": f"Field {number}", "description": "x"} for number in range(1, FIELDS + 1)],
                "cost_product_types": [{"title": "Domains", "color": "#2d6cdf"}],
                "cost_payment_methods": [{"title": "Bank transfer"}],
                "tags": [{"name": TAG}, *({"name": f"Tag {number}"} for number in range(2, TAGS + 2))],
                "clients": [
                    {"name": CLIENT},
                    *({"name": f"Client {number}", "email": _email(number)} for number in range(2, CLIENTS + 2)),
                ],
                "sites": [{"site_url": url, "name": f"Shop {number}", **site} for number, url in _numbered(sites)],
                "ignored_updates": [{"all_sites": True, "plugins": [PLUGIN], "core": False}],
                "plugins": [
                    {"all_sites": True, "plugins": [PLUGIN], "state": "active"},
                    {"all_sites": True, "plugins": ["hello-dolly"], "state": "absent"},
                ],
                "themes": [{"all_sites": True, "themes": ["twentytwentyfive"], "state": "active"}],
                "costs": _costs(sites),
                "api_keys": [{"description": "monitoring", "permissions": "read"}],
            },
            "max_age": 86400,
        }
    ]


def _numbered(sites: int) -> list[tuple[int, str]]:
    return list(enumerate(_members(sites), start=1))


def _email(number: int) -> str:
    return f"client{number}@agency.example"


def _one(**options: Any) -> Callable[[int], list[Options]]:
    return lambda dummy: [options]


def _few(dummy: int) -> int:
    return 0


#: By operation, which begins with the module's name.
SECOND: dict[str, Second] = {
    one.module + suffix: one
    for suffix, one in (
        ("", Second("mainwp_plugin", _one(**ALL, plugins=[PLUGIN], state="active"), pages)),
        ("", Second("mainwp_theme", _one(**ALL, themes=["twentytwentyfive"], state="active"), pages)),
        ("", Second("mainwp_ignored_update", _one(all_sites=True, plugins=[PLUGIN], core=False), pages)),
        (
            "",
            Second(
                "mainwp_user",
                _one(all_sites=True, login="anna", email=ANNA["email"], role="editor"),
                lambda sites: pages(sites) + -(-sites // TOGETHER),
            ),
        ),
        (" child_sites", Second("mainwp_site", _each(suspended=False, site_tags=[TAG], client=CLIENT), pages)),
        (
            " health_threshold",
            Second("mainwp_site", _each(health_threshold=0), lambda sites: pages(sites) + sites),
        ),
        ("", Second("mainwp_tag", lambda sites: [{"name": TAG, "sites": _members(sites)}], _few)),
        ("", Second("mainwp_client", lambda sites: [{"name": CLIENT, "sites": _members(sites)}], _few)),
        ("", Second("mainwp_client_field", _one(name="VAT", description="VAT id"), _few)),
        ("", Second("mainwp_cost", _costs, lambda dummy: SEVERAL * A_COST)),
        ("", Second(CONFIG, _tree, lambda sites: pages(sites) + A_TREE)),
        ("", Second(EXPORT, _one(dest="tree.yml"), lambda sites: pages(sites) + AN_EXPORT + SEVERAL + sites)),
        ("", Second("mainwp_api_key", _one(description="monitoring", permissions="read"), _few)),
        (
            "",
            Second(
                "mainwp_settings",
                _one(general={"numberdays_outdate_plugin_theme": 400}, emails={"uptime": {"subject": "Down"}}),
                _few,
            ),
        ),
    )
}


def settle(fleet: Fleet) -> None:
    """Much is so before the first run, which would take long otherwise."""
    fleet.tags = {1: Tag(1, TAG), **{number: Tag(number, f"Tag {number}") for number in range(2, TAGS + 2)}}
    fleet.clients = {number: Client(number, f"Client {number}", _email(number)) for number in range(2, CLIENTS + 2)}
    fleet.clients[1] = Client(1, CLIENT)
    fleet.client_fields = {number: ClientField(number, f"Field {number}", "x") for number in range(1, FIELDS + 1)}
    always = {PLUGIN: {"Name": "Acme SEO", "ignored_versions": ["all_versions"]}}
    for site in fleet.sites.values():
        site.tags, site.client_id, site.ignored_plugins = [1], 1, dict(always)
        site.child.users.append(dict(ANNA))
