# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for what is not there yet, and one listing for all that ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _planning as planning
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _several as several
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import site_list
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.clients import CLIENT
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.cost_types import PAYMENT_METHOD, PRODUCT_TYPE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.costs import COST
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.sites import SITE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.tags import TAG
from unit.several_world import World, actions, small_world


@pytest.fixture
def world() -> Iterator[World]:
    yield from small_world()


# -- what is only planned ------------------------------------------------------------------------------------------------


def test_later_plans_see_what_earlier_ones_would_make(world: World) -> None:
    api = world.dashboard.v2
    with api.rehearsal(["plugins"]):
        tags = world.plan(TAG, {"name": "new"}, {"id": 2, "name": "diary"}, {"name": "old", "state": "absent"})
        several.pretend(world.dashboard, tags)
        clients = world.plan(CLIENT, {"name": "Bees", "suspended": True})
        several.pretend(world.dashboard, clients)
        types = world.plan(PRODUCT_TYPE, {"title": "Plug & Play"})
        several.pretend(world.dashboard, types)
        each = [
            {
                "site_url": "https://new.example/",
                "admin": "a",
                "admin_password": "p",
                "site_tags": ["new"],
                "client": "bees",
            },
            {"id": 1, "site_tags": ["diary"], "site_tags_mode": "add", "client": "Bees"},
            {"id": 2, "site_tags": ["old"]},
            {"id": 3, "suspended": True},
        ]
        sites = site_list.planned(world.dashboard, [planning.wanted_from(SITE, one) for one in each])
        assert [(number, str(problem)) for number, problem in sites.problems] == [
            (2, "site_tags: the Dashboard has no tag 'old'. Check the spelling.")
        ]
        assert [(item.number, item.action) for item in sites.items] == [(0, "created"), (1, "changed"), (3, "changed")]
        site_list.tell(world.dashboard, sites)
        site_list.pretend(world.dashboard, sites)
        costs = world.plan(
            COST,
            {"name": "For the new", "product_type": "plug-play", "sites": ["new.example"]},
            {"name": "For a tag", "site_tags": ["new"]},
            {"name": "For a client", "clients": ["Bees"]},
        )
        several.tell(world.dashboard, costs)
        assert actions(costs) == ["created"] * 3
        told = json.dumps([one.told for one in (*tags.ones, *clients.ones, *costs.ones, *sites.items)])
        assert "-1" not in told
        assert "-2" not in told
        known = {site.url: site for site in world.dashboard.sites()}
        assert {tag.name for tag in known["https://s1.example/"].tags} == {"Shop", "diary"}
        assert [known[f"https://s{number}.example/"].status for number in (1, 3)] == ["connected", "suspended"]
        new = known["https://new.example/"]
        assert (new.id < 0, [tag.name for tag in new.tags], world.dashboard.clients[new.client_id]) == (
            True,
            ["new"],
            "Bees",
        )
        (row,) = [row for row in api.sites.all_whole() if row["url"] == new.url]
        assert (row["id"], row["groupids"]) == (new.id, tuple(tag.id for tag in new.tags))
        assert not any(entry.is_write for entry in world.sim.journal.entries)
    # nothing of it is left
    assert (sorted(world.dashboard.tags), sorted(world.dashboard.clients)) == ([1, 2, 3], [7, 8])
    assert [site.id for site in world.dashboard.sites()] == [1, 2, 3]
    assert world.act(tags)[0] == ("created", "")
    assert world.act(clients) == [("created", "")]
    wanted = [planning.wanted_from(SITE, {**each[1], "lock_dir": None, "lock_timeout": 0})]
    done = site_list.act(world.dashboard, wanted, {"lock_dir": None, "lock_timeout": 0}, cast(Any, Quiet()))
    assert [(item.action, item.reason) for item in done.items] == [("changed", "")]
    stored = world.sim.fleet.sites[1]
    assert (sorted(stored.tags), stored.client_id) == ([1, 2], 9)


@dataclass
class Quiet:
    """A reporter of nothing."""

    verbose = interrupted = patient = False
    said: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        self.said.append(text)

    def progress(self, *_what: Any) -> None:
        """Nobody looks."""

    def waiting(self, _waits: Any) -> None:
        """Nobody looks."""


def test_sites_that_are_to_go_are_gone_for_what_comes_later(world: World) -> None:
    each = [
        {"site_url": "s3.example", "state": "absent"},
        {"site_url": "https://s9.example/", "state": "absent"},
        {"site_url": "https://s9.example/de", "admin": "a", "admin_password": "p"},
    ]
    wanted = [planning.wanted_from(SITE, {**one, "lock_dir": None, "lock_timeout": 0}) for one in each]
    with world.dashboard.v2.rehearsal():
        found = site_list.planned(world.dashboard, wanted)
        assert (found.problems, [item.action for item in found.items]) == ([], ["removed", "unchanged", "created"])
        site_list.tell(world.dashboard, found)
        site_list.pretend(world.dashboard, found)
        assert [site.id for site in world.dashboard.sites()] == [1, 2, -2]
    done = site_list.act(world.dashboard, wanted[:2], {"lock_dir": None, "lock_timeout": 0}, cast(Any, Quiet()))
    assert [(item.action, item.reason) for item in done.items] == [("removed", ""), ("unchanged", "")]
    assert [thing.values["site_url"] for thing in done.extras] == ["https://s1.example/", "https://s2.example/"]
    assert list(world.sim.fleet.sites) == [1, 2]


def test_nothing_pretended_outlives_a_write(world: World) -> None:
    api = world.dashboard.v2
    with api.rehearsal():
        several.pretend(world.dashboard, world.plan(TAG, {"name": "new"}))
        assert -1 in world.dashboard.tags
        api.clients.add({"name": "Somebody"})  # of another kind
        assert -1 not in world.dashboard.tags
        assert sorted(row["id"] for row in api.tags.rows) == [1, 2, 3]


# -- one listing ---------------------------------------------------------------------------------------------------------


def test_one_listing_answers_all_that_ask(world: World) -> None:
    api = world.dashboard.v2
    plain = [api.sites.basic(), api.sites.rows, api.sites.all_whole(), api.sites.all(), api.tags.complete]
    api.tags.forget()
    with api.rehearsal(["plugins", "ignored_plugins"]):
        world.asked()
        assert [(site.id, site.url, site.name, site.client_id) for site in api.sites.basic()] == [
            (site.id, site.url, site.name, site.client_id) for site in plain[0]
        ]
        assert [api.sites.rows, api.sites.all_whole()] == plain[1:3]
        assert [replace(site, plugins=None, extra={}) for site in api.sites.all()] == [
            replace(site, extra={}) for site in plain[3]
        ]
        assert [site.plugins is None for site in api.sites.all(["id", "plugins", "ignored_plugins"])] == [False] * 3
        assert list(api.sites.by_id([3, 1], ["name", "plugins"])) == [3, 1]
        assert [entry.partition("?")[0] for entry in world.asked()] == ["GET sites"]
        # what is not known is asked for
        assert list(api.sites.by_id([4], ["name"])) == []
        assert len(api.sites.all(["id", "themes"])) == 3
        assert len(api.sites.by_id([1], ["id"], ["batch_individual_queue_time"])) == 1
        assert len(world.asked()) == 3
        # and what was written is read again
        api.sites.edit(1, {"name": "One", "client_id": 0})
        assert {site.id: site.name for site in api.sites.basic()}[1] == "One"
        assert len(api.sites.all_whole()) == 3
        assert world.asked() == ["PUT sites/1/edit", "GET sites"]
        api.sites.sync(api.sites.all()[0])
        api.sites.basic()
        assert world.asked() == ["POST sites/1/sync", "GET sites"]
    api.sites.basic()
    api.sites.basic()
    assert world.asked() == ["GET sites/basic", "GET sites/basic"]


def test_a_rehearsal_reads_each_list_once(world: World) -> None:
    api = world.dashboard.v2
    with api.rehearsal():
        assert [sorted(world.dashboard.tags), [row["id"] for row in api.product_types.rows][:1]] == [
            [1, 2, 3],
            ["plugin"],
        ]
        world.asked()
        found = world.plan(TAG, {"name": "new"})
        world.plan(PRODUCT_TYPE, {"title": "Domains"})
        world.plan(PAYMENT_METHOD, {"title": "Transfer"})
        assert world.asked() == ["GET sites"]
        several.pretend(world.dashboard, found)
        assert actions(world.plan(TAG, {"name": "new"})) == ["created"]  # what is only planned is not there
        assert world.asked() == ["GET tags"]
        api.tags.add({"name": "by hand"})
        world.asked()
        assert len(world.plan(TAG).extras) == len(world.plan(TAG).extras) == 4
        assert world.asked().count("GET tags") == 2


def test_the_sites_of_large_tags_are_taken_from_the_listing(world: World) -> None:
    api = world.dashboard.v2
    with api.rehearsal():
        api.sites.all()
        row = {"id": 1, "name": "Shop", "count_sites": 400, "sites_ids": [7]}  # cut by MySQL
        api.tags.rows = [row]
        world.asked()
        assert api.tags.complete == [{**row, "sites_ids": [1]}]
        assert world.asked() == []
