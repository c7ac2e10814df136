# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of a tree's kinds: what one needs of another, and what would come of it the other way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from integration._config import CONFIG, NEW, PASSWORD, world

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config import run
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME, KINDS
from simulator import Fleet

pytestmark = pytest.mark.usefixtures("hurry")

SITE = {"site_url": NEW, "admin": "admin", "admin_password": PASSWORD}


def added(fleet: Fleet) -> int:
    """The id of the site that was added."""
    return next(site.id for site in fleet.sites.values() if site.url == NEW)


def before(sim: Any, first: str, then: str) -> bool:
    """Whether each write to the one route came before each one to the other."""
    paths = [entry.path for entry in sim.journal.writes()]
    places = [[at for at, path in enumerate(paths) if route in path] for route in (first, then)]
    return bool(places[0] and places[1]) and max(places[0]) < min(places[1])


MONITORING = {"monitoring": {"uptime_monitoring_active": True}}
#: What comes first, what comes then, the tree, and what has to be true afterwards.
EDGES: dict[tuple[str, str], tuple[Mapping[str, Any], Callable[[Any], bool]]] = {
    ("settings", "sites"): (
        {"settings": MONITORING, "sites": [SITE]},
        lambda sim: added(sim.fleet) in {one.site_id for one in sim.fleet.monitors.values()},
    ),
    ("settings", "cost_product_types"): (
        {"settings": {"cost_tracker": {"currency": "EUR"}}, "cost_product_types": [{"title": "Fonts"}]},
        lambda sim: before(sim, "cost-tracker/edit", "product-types/add"),
    ),
    ("cost_product_types", "costs"): (
        {
            "cost_product_types": [{"title": "Fonts"}],
            "costs": [{"name": "x", "price": 1, "product_type": "fonts", "sites": ["1"]}],
        },
        lambda sim: bool(sim.fleet.costs),
    ),
    ("cost_payment_methods", "costs"): (
        {
            "cost_payment_methods": [{"title": "Barter"}],
            "costs": [{"name": "x", "price": 1, "payment_method": "barter", "sites": ["1"]}],
        },
        lambda sim: bool(sim.fleet.costs),
    ),
    ("tags", "sites"): (
        {"tags": [{"name": "Canary"}], "sites": [{"site_url": "s01.example", "site_tags": ["Canary"]}]},
        lambda sim: bool(sim.fleet.sites[1].tags),
    ),
    ("clients", "sites"): (
        {"clients": [{"name": "Acme"}], "sites": [{"site_url": "s01.example", "client": "Acme"}]},
        lambda sim: bool(sim.fleet.sites[1].client_id),
    ),
    ("sites", "plugins"): (
        {"sites": [SITE], "plugins": [{"plugins": ["acme-forms"], "state": "active", "sites": ["new.example"]}]},
        lambda sim: sim.fleet.sites[added(sim.fleet)].child.plugin("acme-forms/acme-forms.php").active,
    ),
    ("sites", "users"): (
        {"sites": [SITE], "users": [{"login": "anna", "email": "a@x.example", "sites": ["new.example"]}]},
        lambda sim: any(user["username"] == "anna" for user in sim.fleet.sites[added(sim.fleet)].child.users),
    ),
    ("ignored_updates", "plugins"): (
        {
            "ignored_updates": [{"plugins": ["acme-forms"], "sites": ["1"]}],
            "plugins": [{"plugins": ["acme-forms"], "state": "active", "sites": ["1"]}],
        },
        lambda sim: before(sim, "/ignore/plugins", "/plugins/activate"),
    ),
    ("sites", "costs"): (
        {"sites": [SITE], "costs": [{"name": "x", "price": 1, "sites": ["new.example"]}]},
        lambda sim: bool(sim.fleet.costs),
    ),
    ("costs", "api_keys"): (
        {"costs": [{"name": "x", "price": 1, "sites": ["1"]}], "api_keys": [{"description": "new"}]},
        lambda sim: before(sim, "/costs/add", "add-key"),
    ),
}


@pytest.mark.parametrize("edge", EDGES, ids="-".join)
def test_each_kind_comes_after_what_it_needs(direct_for, edge):
    tree, is_good = EDGES[edge]
    play = direct_for(world())
    result = play.task(CONFIG, {"tree": tree})
    assert not result.failed, result.msg
    assert is_good(play.sim)
    again = play.task(CONFIG, {"tree": tree})
    assert (again.changed, again.writes) == (False, [])


@pytest.mark.parametrize("edge", EDGES, ids="-".join)
def test_the_other_way_round_it_would_not_be_so(direct_for, monkeypatch, edge):
    """Or the story above would prove nothing."""
    tree, is_good = EDGES[edge]
    first, then = edge
    order = [kind.name for kind in KINDS if kind.name != first]
    order.insert(order.index(then) + 1, first)
    monkeypatch.setattr(run, "KINDS", tuple(BY_NAME[name] for name in order))
    play = direct_for(world())
    result = play.task(CONFIG, {"tree": tree})
    assert result.failed or not is_good(play.sim)
