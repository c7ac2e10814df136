# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole inventories compared with what is stored in ``golden/``. ``GOLDEN=write`` stores what comes out now."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration._inventory import Inventory, paths

from simulator import Fleet, Simulator, scenarios
from simulator.demo import themes

GOLDEN = Path(__file__).parent / "golden"
#: what the documentation proposes for versions and pending updates
CONSTRUCTED: dict[str, Any] = {
    "compose": {"shop": "'shops' in mainwp_site_tags"},
    "groups": {
        "mainwp_pending": "mainwp_site_update_counts.total > 0",
        "mainwp_core_pending": "mainwp_site_update_counts.core > 0",
    },
    "keyed_groups": [
        {"key": "mainwp_site_php_version.split('.')[:2] | join('_')", "prefix": "mainwp_php"},
        {"key": "mainwp_site_wp_version", "prefix": "mainwp_wp"},
        {
            "key": "mainwp_site_update_counts | dict2items | selectattr('value') | rejectattr('key', 'eq', 'total')"
            " | map(attribute='key') | list",
            "prefix": "mainwp_pending",
            "parent_group": "mainwp_pending",
        },
    ],
    "strict": True,
}


def compare(name: str, text: str, *sims: Simulator) -> None:
    """``text``, without what differs from run to run, is what the file says."""
    for number, sim in enumerate(sims, 1):
        text = text.replace(sim.url, f"https://dashboard{number}.example")
    text = re.sub(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-01-01T00:00:00Z", text)
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text(), f"{path} differs"


def listing_text(data: dict[str, Any]) -> str:
    """As JSON with sorted keys; what newer cores say about the format is left out."""
    data["_meta"].pop("profile", None)
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def shops() -> Fleet:
    """A second Dashboard: two sites, one of them also on the first."""
    fleet = scenarios.small(2)
    fleet.sites[1].url = "https://fjord-kayaks.example/"
    fleet.sites[2].child.themes = themes()
    return fleet


def test_one_dashboard(simulate: Callable[..., Simulator], dialect: str, tmp_path: Path) -> None:
    sim = simulate(scenarios.demo(), dialect)
    inventory = Inventory(tmp_path, sim)
    compare("one_dashboard.json", listing_text(inventory.list().data), sim)
    compare("one_dashboard.txt", inventory.graph(), sim)


def test_constructed_with_lists(simulate: Callable[..., Simulator], dialect: str, tmp_path: Path) -> None:
    sim = simulate(scenarios.demo(), dialect)
    inventory = Inventory(tmp_path, sim)
    listing = inventory.list(**CONSTRUCTED, with_updates="lists")
    compare("constructed.json", listing_text(listing.data), sim)
    compare("constructed.txt", inventory.graph(), sim)
    assert sim.journal.writes() == []
    # Site 10's bookings plugin is ignored, which the lists know and the counts don't.
    host = listing.hosts["pension-alpenblick.example"]
    assert host["mainwp_site_update_counts"]["plugins"] == 2
    assert [update["slug"] for update in host["mainwp_site_updates"]] == ["wordpress-seo/wp-seo.php"]


def test_several_dashboards(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    one, two = simulate(scenarios.demo(), "abilities"), simulate(shops(), "classic")
    inventory = Inventory(tmp_path, one, two)
    dashboards = [
        {"name": "agency", "url": one.url, "api_key": one.key("read").token},
        {
            "name": "Shops & Co",
            "url": two.url,
            "consumer_key": two.key("read").consumer_key,
            "consumer_secret": two.key("read").consumer_secret,
        },
    ]
    listing = inventory.list(url=None, api_key=None, name=None, with_updates="none", dashboards=dashboards)
    compare("several_dashboards.json", listing_text(listing.data), one, two)
    compare("several_dashboards.txt", inventory.graph(), one, two)
    assert {entry.auth for entry in one.journal.entries if entry.auth != "none"} == {"bearer"}
    assert {entry.auth for entry in two.journal.entries if entry.auth != "none"} == {"basic"}
    twin = "fjord-kayaks.example_Shops_Co_1"
    assert f"https://fjord-kayaks.example/ of Shops & Co cannot be called fjord-kayaks.example; it becomes {twin}." in (
        listing.warnings
    )


def test_the_legacy_api(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    sim = simulate(scenarios.demo())
    inventory = Inventory(tmp_path, sim)
    listing = inventory.list(api_version="v1")
    compare("legacy_api.json", listing_text(listing.data), sim)
    assert all("/mainwp/v1/" in path for path in paths(sim.journal))


@pytest.mark.parametrize("lists", ["counts", "lists"])
def test_an_inventory_costs_few_requests(lists: str, simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    sim = simulate(scenarios.large(250, updates=False))
    sim.fleet.sites[7].child = scenarios.standard_child()
    inventory = Inventory(tmp_path, sim)
    assert len(inventory.list(with_updates=lists).group("mainwp_sites")) == 250
    pages = [path for path in paths(sim.journal) if path == "GET /mainwp/v2/sites"]
    assert len(pages) == 3
    assert len(sim.journal.entries) <= 4 + 1, paths(sim.journal)
