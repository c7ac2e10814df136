# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task costs the Dashboard: docs/request_costs.md says how many requests, and each of its rows is counted here.

Each situation is met in a small fleet and in one of several pages, so that a number that grows is found out.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from integration._events import turn, watching
from integration._fleets import lock_out
from integration._play import Task
from modules import ALL, FEED, REMOTE, ROOT

from simulator import Client, Cost, Fleet, Monitor, Simulator, Tag, scenarios

pytestmark = pytest.mark.once

PAGE = ROOT / "docs" / "request_costs.md"
SMALL, LARGE = 3, 130
ONE = {"sites": ["1"]}
#: A user of every site.
ANNA = {"id": 2, "username": "anna", "name": "anna", "email": "anna@agency.example", "role": "editor", "posts": "0"}


EDITOR = {"all_sites": True, "login": "anna", "email": ANNA["email"], "role": "editor"}

#: Of a task, or how they come from the number of sites.
Options = Mapping[str, Any] | Callable[[int], Mapping[str, Any]]


@dataclass(frozen=True)
class Situation:
    """A call, and others that bring about what it meets; some depend on how many sites there are."""

    options: Options = field(default_factory=dict)
    before: tuple[Options, ...] | None = None
    check: bool = False


#: It is so from the start.
KEPT: tuple[Options, ...] = ()


def again(**options: Any) -> Situation:
    """The same a second time."""
    return Situation(options, (options,))


def each(**options: Any) -> Callable[[int], Mapping[str, Any]]:
    """The same of so many sites."""
    return lambda size: {
        "child_sites": [
            {"site_url": f"site{number}.example", "site_tags": ["canary"], "client": "Northwind", **options}
            for number in range(1, size + 1)
        ]
    }


def tree(site: Mapping[str, Any] | None = None, cost: Mapping[str, Any] | None = None, **more: Any) -> Options:
    """A tree with all kinds but users, for so many sites; what is said of each site and each cost, and other kinds."""
    return lambda size: {
        "tree": {
            "settings": {
                "general": {"numberdays_outdate_plugin_theme": 400},
                "emails": {"uptime": {"subject": "Down"}},
            },
            "client_fields": [{"name": "VAT", "description": "VAT id"}],
            "cost_product_types": [{"title": "Domains", "color": "#2d6cdf"}],
            "cost_payment_methods": [{"title": "Bank transfer"}],
            "tags": [{"name": "canary"}, {"name": "live"}],
            "clients": [{"name": "Northwind"}],
            "sites": [
                {"site_url": f"site{number}.example", "site_tags": ["canary"], "client": "Northwind", **(site or {})}
                for number in range(1, size + 1)
            ],
            "ignored_updates": [{"all_sites": True, "core": False}],
            "plugins": [
                {"all_sites": True, "plugins": ["acme-seo"], "state": "active"},
                {**ONE, "plugins": ["hello"], "state": "absent"},
            ],
            "themes": [{"all_sites": True, "themes": ["twentytwentyfive"], "state": "active"}],
            "costs": [
                {"name": f"Cost {number}", "price": 25, "sites": ["1"], "product_type": "domains", **(cost or {})}
                for number in (1, 2)
            ],
            "api_keys": [{"description": "monitoring", "permissions": "read"}],
            **more,
        }
    }


SITUATIONS: dict[tuple[str, str], Situation] = {
    ("mainwp_config", "second run, all kinds but users"): Situation(tree(), (tree(),)),
    ("mainwp_config", "second run, with `health_threshold` and its like of sites"): Situation(
        tree({"health_threshold": 0}), (tree(),)
    ),
    ("mainwp_config", "second run, with colours or icons of costs"): Situation(
        tree(cost={"color": "#112233"}), (tree(cost={"color": "#112233"}),)
    ),
    ("mainwp_config", "second run, with users, for each entry of them"): Situation(tree(users=[{**EDITOR}]), (tree(),)),
    ("mainwp_site_info", "all sites"): Situation(),
    ("mainwp_site_info", "sites by id"): Situation({"sites": ["1", "2"]}),
    ("mainwp_site_info", "all sites, with plugins and themes"): Situation({"gather_subset": ["plugins", "themes"]}),
    ("mainwp_site_info", "all sites, with costs"): Situation({"gather_subset": ["costs"]}),
    ("mainwp_site_info", "all sites, with settings"): Situation({"gather_subset": ["settings"]}),
    ("mainwp_plugin_info", "all sites"): Situation(),
    ("mainwp_plugin_info", "all sites, with what is abandoned"): Situation({"abandoned": True}),
    ("mainwp_theme_info", "all sites"): Situation(),
    ("mainwp_monitor_info", "all sites"): Situation(),
    ("mainwp_monitor_info", "all sites, with heartbeats and incidents"): Situation(
        {"heartbeats_since": "30d", "incidents": True}
    ),
    ("mainwp_security_info", "all sites"): Situation(),
    ("mainwp_change_info", "all sites, up to 200 changes of each"): Situation(),
    ("mainwp_user_info", "all sites"): Situation(),
    ("mainwp_sync", "second run, within `max_age`"): again(**ALL, max_age=86400),
    ("mainwp_sync", "all sites"): Situation({**ALL, "max_age": 0}),
    ("mainwp_update_info", "nothing is pending"): Situation(),
    ("mainwp_batch_update", "check mode, nothing is pending"): Situation(ALL, check=True),
    ("mainwp_batch_update", "second run, within `max_age`"): again(**ALL, max_age=86400),
    ("mainwp_ignored_update_info", "all sites"): Situation(),
    ("mainwp_ignored_update", "second run, flags"): Situation({**ALL, "core": False}, KEPT),
    ("mainwp_ignored_update", "second run, single plugins"): again(**ONE, plugins=["acme-seo"]),
    ("mainwp_vulnerability_info", "all sites"): Situation(FEED),
    ("mainwp_dashboard_info", "whenever"): Situation(),
    ("mainwp_export", "all kinds"): Situation(),
    ("mainwp_export", "all kinds, without `per_site_settings`"): Situation({"per_site_settings": False}),
    ("mainwp_tag_info", "all tags"): Situation(),
    ("mainwp_tag", "second run, with sites"): again(name="Shops", sites=["1", "2"]),
    ("mainwp_tag", "a new one"): Situation({"name": "Shops"}),
    ("mainwp_client_info", "all clients"): Situation(),
    ("mainwp_client", "second run, with sites"): again(name="Acme", email="a@acme.example", sites=["1", "2"]),
    ("mainwp_client", "a new one"): Situation({"name": "Acme"}),
    ("mainwp_client_field_info", "all fields"): Situation(),
    ("mainwp_client_field", "second run"): again(name="VAT", description="VAT id"),
    ("mainwp_cost_info", "all costs"): Situation(),
    ("mainwp_cost", "second run"): again(name="Hosting", price=25, sites=["1"]),
    ("mainwp_cost_product_type", "second run"): again(title="Domains", color="#2d6cdf"),
    ("mainwp_cost_payment_method", "second run"): again(title="Bank transfer"),
    ("mainwp_api_key_info", "all keys"): Situation(),
    ("mainwp_api_key", "second run"): again(description="monitoring", permissions="read"),
    ("mainwp_settings_info", "all sections"): Situation(),
    ("mainwp_settings", "second run, one section"): again(general={"numberdays_outdate_plugin_theme": 400}),
    ("mainwp_settings", "one section is changed"): Situation({"general": {"numberdays_outdate_plugin_theme": 400}}),
    ("mainwp_site", "second run, what the listing has"): again(site_url="site1.example", name="One", suspended=False),
    ("mainwp_site", "second run, `health_threshold` and its like"): again(id=1, health_threshold=80),
    ("mainwp_site", "second run, a list of sites, what the listing has"): Situation(each(suspended=False), KEPT),
    ("mainwp_site", "second run, a list of sites, `health_threshold` and its like"): Situation(
        each(health_threshold=0), KEPT
    ),
    ("mainwp_site", "a list of sites, each suspended"): Situation(each(suspended=True)),
    ("mainwp_plugin", "second run, within `max_age`"): Situation(
        {**ALL, "plugins": ["acme-seo"], "state": "active", "max_age": 86400}, KEPT
    ),
    ("mainwp_plugin", "one plugin on one site"): Situation({**ONE, "plugins": ["acme-seo"], "state": "inactive"}),
    ("mainwp_theme", "second run, within `max_age`"): Situation(
        {**ALL, "themes": ["twentytwentyfive"], "state": "active", "max_age": 86400}, KEPT
    ),
    ("mainwp_user", "second run"): Situation({**ALL, "login": "anna", "email": ANNA["email"], "role": "editor"}, KEPT),
    ("mainwp_user", "one user on one site"): Situation({**ONE, "login": "berta", "email": "berta@agency.example"}),
    ("mainwp_api", "a read"): Situation({"path": "/"}),
    ("mainwp_api", "a write"): Situation({"path": "sites/1/check", "method": "POST"}),
}


def quiet(size: int) -> Fleet:
    """So many sites without updates, all with a tag and a client; the first has a monitor."""
    made = scenarios.small(size, updates=False)
    made.tags, made.clients = {1: Tag(1, "canary")}, {1: Client(1, "Northwind")}
    for site in made.sites.values():
        site.tags, site.client_id = [1], 1
        site.child.users.append(dict(ANNA))
    made.monitors = {1: Monitor(1, 1)}
    made.costs = {number: Cost(number, {"name": f"Cost {number}"}) for number in (1, 2)}
    made.settings["monitoring"] = {"mainwp_uptime_monitoring_active": 1}
    made.settings["advanced"] = {"mainwp_minimum_delay": 0, "mainwp_minimum_ip_delay": 0}
    return made


def documented(name: str = r"mainwp_\w+") -> dict[tuple[str, str], str]:
    """(module, situation) → how many requests, of the page's tables."""
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(rf"^\| `({name})` \| (.+?) \| ([^|]+) \|$", text, flags=re.MULTILINE)
    found = {(module, situation): formula.split(":")[0].strip() for module, situation, formula in rows}
    assert len(found) == len(rows)
    return found


_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


def value_of(formula: str, names: Mapping[str, int]) -> int:
    """A sum such as ``listing + 3``."""

    def value(node: ast.expr) -> int:
        if isinstance(node, ast.BinOp):
            return int(_OPERATORS[type(node.op)](value(node.left), value(node.right)))
        return int(names[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node))

    return value(ast.parse(formula, mode="eval").body)


def names_for(size: int) -> dict[str, int]:
    pages = -(-size // 100)
    many = {"listing": pages + (pages > 1), "pages": pages, "sites": size, "batches": -(-size // 25)}
    return {**many, "monitors": 1, "costs": 2}


def test_the_page_has_every_module_that_asks_a_dashboard() -> None:
    assert {module for module, dummy in documented()} == set(REMOTE)
    assert documented().keys() == SITUATIONS.keys()


@pytest.mark.parametrize(("module", "situation"), SITUATIONS, ids=lambda text: str(text).replace(" ", "-"))
def test_a_task_sends_as_many_requests_as_the_page_says(direct_for, module, situation):
    case = SITUATIONS[module, situation]
    formula = documented()[module, situation]
    for size in (SMALL, LARGE):
        play = direct_for(quiet(size))
        options, *before = (one(size) if callable(one) else one for one in (case.options, *(case.before or ())))
        tasks = [Task(module, one, warns=None) for one in before]
        result = play.tasks(*tasks, Task(module, options, check=case.check, warns=None))[-1]
        assert not result.failed, result.msg
        if case.before is not None:
            assert not result.changed
            assert not result.writes
        asked = [(entry.method, entry.path, entry.query) for entry in result.journal]
        assert len(asked) == value_of(formula, names_for(size)), (size, asked)


def lost(sim: Simulator) -> None:
    lock_out(sim.fleet, 1)


def gone(sim: Simulator) -> None:
    del sim.fleet.sites[2]


def synced(sim: Simulator) -> None:
    sim.fleet.sites[1].dts_sync = sim.clock.now() + 60


#: What happens between two polls of the event source – None: there is but one –, and its arguments.
POLLS: dict[str, tuple[Callable[[Simulator], Any] | None, Mapping[str, Any]]] = {
    "nothing has changed": (lambda _sim: None, {}),
    "a site is lost": (lost, {}),
    "a site is gone": (gone, {}),
    "without `monitor_down` and `monitor_up`": (lambda _sim: None, {"events": ["site_lost", "update_offered"]}),
    "sites by tag": (lambda _sim: None, {"site_tags": ["canary"]}),
    "with `feed`": (lambda _sim: None, FEED),
    "the first poll with `changed_outside`": (None, {"events": ["changed_outside", "monitor_up"]}),
    "with `changed_outside`, one site was synced": (synced, {"events": ["changed_outside", "monitor_up"]}),
}


def test_the_page_has_every_poll() -> None:
    assert {situation for dummy, situation in documented("dashboard_changes")} == POLLS.keys()


@pytest.mark.parametrize("situation", POLLS)
def test_a_poll_sends_as_many_requests_as_the_page_says(situation: str, tmp_path: Path) -> None:
    formula = documented("dashboard_changes")["dashboard_changes", situation]
    happens, args = POLLS[situation]
    cache = {"feed_cache": str(tmp_path)} if "feed" in args else {}
    for size in (SMALL, LARGE):
        with Simulator(quiet(size)) as sim, watching(sim, known=happens is not None, **args, **cache) as watch:
            if happens is not None:
                happens(sim)
                sim.journal.clear()
            turn(watch)
            asked = [(entry.method, entry.path, entry.query) for entry in sim.journal.entries]
        assert len(asked) == value_of(formula, names_for(size)), (size, asked)
