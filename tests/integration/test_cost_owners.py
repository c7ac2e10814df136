# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a cost belongs to."""

from __future__ import annotations

from integration._fleets import child, fleet
from integration._play import Task

from simulator import Client, Cost

COST = "mainwp_cost"


def test_a_cost_goes_from_sites_to_tags_to_clients_and_back(direct_for, dialect):
    """Of the three lists the first that is sent counts, and an empty one is refused."""
    play = direct_for(fleet(child(), child()), dialect)
    play.tasks(Task("mainwp_client", {"name": "Acme"}), Task("mainwp_tag", {"name": "canary"}))
    steps = ({"sites": ["1"]}, {"site_tags": ["canary"]}, {"clients": ["Acme"]}, {"sites": ["2"]})
    for given in steps:
        done, again = play.tasks(*(Task(COST, {"name": "Hosting", **given}) for dummy in range(2)))
        (owners,) = given
        held = [name for name in ("sites", "site_tags", "clients") if done["cost"][name]]
        assert (done["changed"], held, again.writes) == (True, [owners], [])


def test_a_client_is_named_as_sites_name_theirs(direct_for):
    """By e-mail address, by name as it is written, else in any case, else by id."""
    made = fleet(child(), clients=[Client(4, "ACME"), Client(5, "Acme"), Client(6, "Twin", "a@x.test")])
    play = direct_for(made)
    results = play.tasks(*(Task(COST, {"name": "Hosting", "clients": [text]}) for text in ("A@x.test", "Acme", "4")))
    assert [[owner["id"] for owner in one["cost"]["clients"]] for one in results] == [[6], [5], [4]]


def test_a_cost_of_all_sites_takes_no_longer_than_they_are_many(direct_for, monkeypatch):
    """Whom costs belong to is listed once, not once for each site of each cost."""
    from ansible_collections.wpfleet.mainwp.plugins.module_utils._api import (
        costs,
    )  # not before Ansible's loader is set up

    made = fleet(*(child() for dummy in range(60)))
    every = f"[{','.join(map(str, made.sites))}]"
    made.costs = {number: Cost(number, {"name": f"c{number}", "sites": every}) for number in range(1, 6)}
    play = direct_for(made)
    counted = []

    class Owner(costs.Owner):
        def __new__(cls, *args):
            counted.append(args)
            return super().__new__(cls, *args)

    monkeypatch.setattr(costs, "Owner", Owner)
    result = play.task("mainwp_cost_info")
    assert [len(cost["sites"]) for cost in result["costs"]] == [60] * 5
    assert all(site["url"] for cost in result["costs"] for site in cost["sites"])
    rows = 2 * 5 * 60  # in the list, and one by one
    assert len(counted) == rows + 60


def test_a_kind_that_is_gone_stays_as_it_is(direct_for):
    """So what mainwp_cost_info tells can be given back; another cost cannot be given it."""
    gone = {"product_type": "domains", "payment_method": "wire"}
    made = fleet(child())
    made.costs = {1: Cost(1, {"name": "Old", "sites": "[1]", **gone}), 2: Cost(2, {"name": "New", "sites": "[1]"})}
    play = direct_for(made)
    same, dearer, refused = play.tasks(
        Task(COST, {"name": "Old", **gone}),
        Task(COST, {"name": "Old", "price": 3, **gone}),
        Task(COST, {"name": "New", "payment_method": "wire"}),
    )
    assert (same.failed, same.writes, dearer["action"]) == (False, [], "changed")
    assert {name: dearer["cost"][name] for name in gone} == gone
    assert (refused.failed, refused.writes) == (True, [])


def test_owners_that_are_gone_are_no_difference(direct_for):
    """Nobody can name them, so whoever names the others means no change. With the next change they go."""
    made = fleet(child(), child())
    made.costs = {1: Cost(1, {"name": "Hosting", "sites": "[1,999]"})}
    play = direct_for(made)
    same, moved, listed = play.tasks(
        Task(COST, {"name": "Hosting", "sites": ["1"]}),
        Task(COST, {"name": "Hosting", "sites": ["2"]}),
        Task("mainwp_cost_info"),
    )
    assert (same["action"], same.writes) == ("unchanged", [])
    assert moved["action"] == "changed"
    assert [owner["id"] for owner in listed["costs"][0]["sites"]] == [2]
