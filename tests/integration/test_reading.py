# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much is read: no more than the selection needs, and by as few requests as the answers allow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration._fleets import PLUGIN, child, fleet, german
from integration._inventory import Inventory
from integration._job import job

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Door
from ansible_collections.wpfleet.mainwp.plugins.modules import (
    mainwp_batch_update,
    mainwp_site_info,
    mainwp_update_info,
)
from simulator import Client, Fleet, Offer, Simulator, Tag, picture

#: Nothing here depends on the ansible-core.
pytestmark = pytest.mark.once

Simulate = Callable[..., Simulator]
V2 = "/mainwp/v2"
DOORS = {"site_info": mainwp_site_info.DOOR, "update_info": mainwp_update_info.DOOR}
UPDATE = mainwp_batch_update.DOOR


def done(sim: Simulator, door: Door, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """A job's result; the journal holds just what it asked."""
    sim.journal.entries.clear()
    result = job(sim, door, check_mode=check_mode, **options)
    assert not result.get("failed"), result
    return result


def reads(sim: Simulator) -> list[tuple[str, str]]:
    """(route, ids asked for) of each read."""
    return [
        (entry.path.removeprefix(V2), str(entry.query.get("include", "")))
        for entry in sim.journal.entries
        if entry.method == "GET"
    ]


def many(count: int) -> Fleet:
    """Sites with a plugin, a theme and two translations to update each; three ignore some of it, one in all of MainWP."""
    children = [child(Offer("1.1.0", requires_php="9.9" if n % 3 else "7.4"), theme=Offer("1.2")) for n in range(count)]
    for one in children:
        one.translations += [german(), german("paper", "1.2")]
    world = fleet(*children, ignored_themes={"paper": {"Name": "Paper", "ignored_versions": ["1.2"]}})
    world.sites[2].ignored_plugins = {PLUGIN: {"Name": "Shop", "ignored_versions": ["all_versions"]}}
    world.sites[3].ignore_plugins = True
    world.sites[4].suspended = True
    return world


@pytest.mark.parametrize(("dialect", "most"), [("abilities", 4), ("classic", 3)])
def test_a_plan_of_forty_sites_takes_a_few_requests(simulate: Simulate, dialect: str, most: int) -> None:
    """Ignored updates and unmet requirements are told as site by site; the plan before a write is one site's own."""
    sim = simulate(many(40), dialect)
    result = done(sim, mainwp_update_info.DOOR, all_sites=True)
    asked = [route for route, _ids in reads(sim) if route.startswith("/updates")]
    assert len(asked) <= most
    assert set(asked) == {"/updates"}
    reasons = {site["id"]: [(entry["type"], entry["reason"]) for entry in site["updates"]] for site in result["sites"]}
    ignored = ("theme", "ignored")
    languages = [("translation", ""), ("translation", "")]
    assert sorted(reasons[1]) == sorted([("plugin", ""), ignored, *languages])
    assert sorted(reasons[2]) == sorted(reasons[3]) == sorted([("plugin", "ignored"), ignored, *languages])
    assert sorted(reasons[5]) == sorted([("plugin", "requires_php"), ignored, *languages])
    assert {reason for _type, reason in reasons[4]} == {"suspended"}


@pytest.mark.parametrize(("dialect", "most"), [("abilities", 4), ("classic", 3)])
def test_lists_of_updates_take_a_few_requests(simulate: Simulate, tmp_path: Path, dialect: str, most: int) -> None:
    """A site's facts and the inventory's lists: the same as one site's own, after the ignore rules."""
    sim = simulate(many(40), dialect)
    facts = done(sim, mainwp_site_info.DOOR, gather_subset=["updates"])
    asked = [route for route, _ids in reads(sim) if route.startswith("/updates")]
    assert (len(asked) <= most, set(asked)) == (True, {"/updates"})
    told = {site["id"]: site["updates"] for site in facts["sites"]}
    for number in (1, 2, 3, 4, 5):
        (alone,) = done(sim, mainwp_site_info.DOOR, sites=[str(number)], gather_subset=["updates"])["sites"]
        assert alone["updates"] == told[number]
    assert [len(told[number]) for number in (1, 2, 3)] == [3, 2, 2]
    sim.journal.entries.clear()
    hosts = Inventory(tmp_path, sim).list(with_updates="lists").hosts.values()
    assert {host["mainwp_site_id"]: host["mainwp_site_updates"] for host in hosts} == told
    asked = [route for route, _ids in reads(sim) if route.startswith("/updates")]
    assert (len(asked) <= most, set(asked)) == (True, {"/updates"})


@pytest.mark.parametrize(("dialect", "most"), [("abilities", 4), ("classic", 2)])
def test_a_run_with_nothing_to_update_asks_a_few_times(simulate: Simulate, dialect: str, most: int) -> None:
    """All that is offered is ignored, for one site or for all."""
    world = many(40)
    for site in world.sites.values():
        site.child.translations, site.ignore_plugins = [], site.id % 2 == 1
    world.ignored_plugins = {PLUGIN: {"Name": "Shop", "ignored_versions": ["1.1.0"]}}
    for site in world.sites.values():
        picture.remember(site)
    sim = simulate(world, dialect)
    result = done(sim, UPDATE, all_sites=True)
    asked = [route for route, _ids in reads(sim) if route.startswith("/updates")]
    assert (len(asked) <= most, set(asked)) == (True, {"/updates"})
    assert {entry["reason"] for site in result["sites"] for entry in site["updates"]} == {"ignored", "suspended"}
    assert not [entry for entry in sim.journal.entries if entry.is_write]


def test_a_site_is_planned_alone_right_before_its_first_write(simulate: Simulate) -> None:
    sim = simulate(fleet(child(Offer("1.1.0")), child(Offer("1.1.0"))))
    done(sim, UPDATE, all_sites=True)
    asked = [(route, ids) for route, ids in reads(sim) if route.startswith("/updates")]
    assert asked[0] == ("/updates", "1,2")
    assert sorted(asked[1:]) == [("/updates/1", ""), ("/updates/2", "")]


@pytest.mark.parametrize("name", DOORS)
def test_sites_named_by_id_are_read_alone(simulate: Simulate, name: str) -> None:
    sim = simulate(many(40))
    result = done(sim, DOORS[name], sites=["7", "9"])
    assert [site["id"] for site in result["sites"]] == [7, 9]
    assert reads(sim)[0] == ("/sites", "7,9")
    assert not [entry for entry in sim.journal.entries if "page" in entry.query]


def test_a_plan_alone_reads_its_own_sites(simulate: Simulate) -> None:
    sim = simulate(fleet(*(child(Offer("1.1.0")) for _number in range(5))))
    plan = done(sim, mainwp_update_info.DOOR, sites=["2", "4"])["plan"]
    result = done(sim, UPDATE, check_mode=True, plan=plan)
    assert [site["id"] for site in result["sites"]] == [2, 4]
    assert reads(sim)[0] == ("/sites", "2,4")


@pytest.mark.parametrize(
    ("canaries", "routes"),
    [
        ({"sites": ["1"]}, ["/sites", "/sites"]),
        ({"sites": ["S 1"]}, ["/sites", "/sites/basic", "/sites"]),
        ({"site_tags": ["canary"]}, ["/sites", "/tags", "/sites"]),
        ({"clients": ["Harbour"]}, ["/sites", "/sites/basic", "/clients", "/sites"]),
        ({"sites": ["1", "S 2"], "site_tags": ["canary"]}, ["/sites", "/sites/basic", "/tags", "/sites"]),
    ],
)
@pytest.mark.parametrize("door", [UPDATE, mainwp_update_info.DOOR], ids=["update", "info"])
def test_a_host_of_a_wave_does_not_list_the_fleet_for_its_proof(
    simulate: Simulate, door: Door, canaries: dict[str, Any], routes: list[str]
) -> None:
    children = [child(), *(child(Offer("1.1.0")) for _number in range(120))]
    children[0].plugins[0].version = "1.1.0"
    world = fleet(*children, tags=[Tag(1, "canary")], clients=[Client(1, "Harbour")])
    world.sites[1].tags, world.sites[1].client_id = [1], 1
    sim = simulate(world)
    result = done(sim, door, check_mode=True, sites=["7"], proven_on=canaries)
    assert [entry["reason"] for site in result["sites"] for entry in site["updates"]] == [""]
    asked = [route for route, _ids in reads(sim) if not route.startswith("/updates")]
    assert asked == routes
    assert not [entry for entry in sim.journal.entries if "page" in entry.query]
