# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory's cache saves requests and never breaks or fools a run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration._inventory import Inventory, Listing
from integration._play import secrets_of

from simulator import Simulator, scenarios


class Cached:
    """An inventory with a cache in a folder."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.sim = inventory.sims[0]
        self.folder = inventory.folder / "cache"
        self.options: dict[str, Any] = {
            "cache": True,
            "cache_plugin": "ansible.builtin.jsonfile",
            "cache_connection": str(self.folder),
        }

    def list(self, *args: str, **options: Any) -> Listing:
        """A listing that must succeed whatever the cache is like."""
        listing = self.inventory.list(*args, **{**self.options, **options})
        assert listing.rc == 0, listing.warnings
        return listing

    def requests(self, *args: str, **options: Any) -> int:
        """How many requests a listing of all four sites takes."""
        self.sim.journal.entries.clear()
        assert len(self.list(*args, **options).hosts) == 4
        return len(self.sim.journal.entries)

    @property
    def file(self) -> Path:
        """The one file in the cache."""
        (path,) = self.folder.iterdir()
        return path


@pytest.fixture
def cached(simulate: Callable[..., Simulator], tmp_path: Path) -> Cached:
    return Cached(Inventory(tmp_path, simulate(scenarios.small(4))))


@pytest.mark.claim("secrets-inventory")
def test_a_hit_makes_no_request_and_lists_the_same(cached: Cached) -> None:
    first = cached.list()
    assert cached.requests() == 0
    assert cached.list().data == first.data
    text = cached.file.read_text()
    assert "site4.example" in text
    assert not [secret for secret in secrets_of(cached.sim) if secret in text]
    # What is made from the records is made anew: another filter needs no other records.
    cached.sim.journal.entries.clear()
    assert set(cached.list(filters=[{"exclude": "mainwp_site_id > 1"}]).hosts) == {"site1.example"}
    assert cached.sim.journal.entries == []


def test_every_standard_option(cached: Cached) -> None:
    assert cached.requests(cache_prefix="fleet_") > 0
    assert cached.file.name.startswith("fleet_")
    assert cached.requests(cache_prefix="fleet_", cache_timeout=60) == 0
    old = time.time() - 3600
    os.utime(cached.file, (old, old))
    assert cached.requests(cache_prefix="fleet_", cache_timeout=60) > 0
    # Not ansible-inventory, which learned that late.
    assert cached.requests(cache_prefix="fleet_") == 0
    cached.inventory.play([{"ansible.builtin.ping": None}], "--flush-cache", hosts="localhost")
    assert cached.sim.journal.entries != []
    assert cached.requests(cache=False) > 0
    names = ("ANSIBLE_INVENTORY_CACHE", "ANSIBLE_INVENTORY_CACHE_PLUGIN", "ANSIBLE_INVENTORY_CACHE_CONNECTION")
    env = dict(zip(names, ("true", "ansible.builtin.jsonfile", str(cached.folder / "other")), strict=True))
    cached.inventory.write()
    assert len(cached.inventory.list(env=env).hosts) == 4
    cached.sim.journal.entries.clear()
    assert len(cached.inventory.list(env=env).hosts) == 4
    assert cached.sim.journal.entries == []
    assert cached.requests(cache_plugin=None, cache_connection=None) > 0  # memory: forgets


@pytest.mark.once
def test_another_configuration_has_another_cache(cached: Cached, simulate: Callable[..., Simulator]) -> None:
    assert cached.requests() > 0
    assert cached.requests(with_updates="none") > 0
    assert cached.requests(site_status=["connected"], with_updates="none") > 0
    assert cached.requests(name="other") > 0
    other = simulate(scenarios.small(2))
    listing = cached.list(name="other", url=other.url, api_key=other.key("read").token)
    assert len(listing.hosts) == 2


SPOILT = {
    "no JSON": "{ not json",
    "empty": "",
    "other format": json.dumps({"format": 1, "sites": [{"id": 1}]}),
    "a list": json.dumps([1, 2]),
    "nothing": "null",
    "binary": "\x00\x01\x02",
}


def test_a_spoilt_cache_is_not_used(cached: Cached) -> None:
    assert cached.requests() > 0
    good = cached.file.read_text()
    for what, text in SPOILT.items():
        cached.file.write_text(text)
        assert cached.requests() > 0, what
    assert cached.requests() == 0
    cached.file.write_text(good.replace("site4.example", "evil4.example"))
    assert "evil4.example" not in cached.list().hosts


def test_a_cache_that_cannot_be_used_costs_a_warning(cached: Cached) -> None:
    (cached.inventory.folder / "file").write_text("no folder")
    listing = cached.list(cache_connection=str(cached.inventory.folder / "file" / "below"))
    assert len(listing.hosts) == 4
    assert "The inventory cache cannot be used:" in listing.warnings
    listing = cached.list(cache_plugin="no.such.plugin")
    assert len(listing.hosts) == 4
    assert "The inventory cache cannot be used:" in listing.warnings
    # A folder where the file should be: neither to read nor to write.
    cached.list()
    path = cached.file
    path.unlink()
    path.mkdir()
    assert len(cached.list().hosts) == 4


@pytest.mark.once
def test_a_shrunken_inventory_is_not_kept(cached: Cached, simulate: Callable[..., Simulator]) -> None:
    other = simulate(scenarios.large(3))
    dashboards = [
        {"name": "one"},
        {"name": "two", "url": other.url, "api_key": other.key("read").token, "retries": 0},
    ]
    options: dict[str, Any] = {"fail_on_unreachable": False, "dashboards": dashboards}
    other.faults.add(action="status", code=403, body="<html>", content_type="text/html")
    listing = cached.list(**options)
    assert len(listing.hosts) == 4
    assert "Its sites are missing from the inventory." in listing.warnings
    assert len(cached.list(**options).hosts) == 7
    other.faults.add(action="status", code=403, body="<html>", content_type="text/html", times=None)
    assert len(cached.list(**options).hosts) == 7
