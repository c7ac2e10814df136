# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several things of one kind are read once, planned one after the other, and carried out where they differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _planning as planning
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _several as several
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import site_list
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._fields import text
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._known import Known
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._resource import Resource, State, Thing
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.api_keys import API_KEY
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.client_fields import CLIENT_FIELD
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.clients import CLIENT
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.cost_types import PAYMENT_METHOD, PRODUCT_TYPE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.costs import COST
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.sites import SITE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.tags import TAG
from simulator import Child, Client, Cost, Fleet, Simulator, Site, Tag

REPORTER: Any = SimpleNamespace(interrupted=False, warn=lambda _text: None)
Row = dict[str, Any]


@dataclass
class World:
    """A Dashboard with a few of everything, and what it was asked."""

    sim: Simulator
    dashboard: Dashboard
    _seen: int = 0

    def plan(self, resource: Resource, *each: Row) -> several.Planned:
        """The plans of entries."""
        return several.planned(resource, self.dashboard, [planning.wanted_from(resource, one) for one in each])

    def act(self, found: several.Planned) -> list[tuple[str, str]]:
        """Carry it out; what became of each: its action, or the sentence of its problem."""
        broken = several.act(self.dashboard, found, REPORTER)
        assert broken == ""
        return outcome(found)

    def asked(self) -> list[str]:
        """Method and route of the requests since the last look."""
        entries = self.sim.journal.entries
        new, self._seen = entries[self._seen :], len(entries)
        return [f"{entry.method} {entry.path.partition('mainwp/v2/')[2]}" for entry in new]


def outcome(found: several.Planned) -> list[tuple[str, str]]:
    return [((one.told or {}).get("action", ""), one.reason) for one in found.ones]


def actions(found: several.Planned) -> list[str]:
    """The action of each, or the sentence of its problem."""
    return [str(one.problem or one.action) for one in found.ones]


@pytest.fixture
def world() -> Iterator[World]:
    fleet = Fleet(
        Site(
            id=number,
            url=f"https://s{number}.example/",
            name=f"S {number}",
            child=Child(),
            tags=[1] if number == 1 else [],
            client_id=7 if number == 2 else 0,
        )
        for number in range(1, 4)
    )
    fleet.tags = {1: Tag(1, "Shop"), 2: Tag(2, "blog"), 3: Tag(3, "old")}
    fleet.clients = {7: Client(7, "Acme", "office@acme.example"), 8: Client(8, "Acme", "")}
    fleet.costs = {
        number: Cost(number, {"name": f"Cost {number}", "price": "5", "sites": "[1]", "cost_color": "#112233"})
        for number in range(1, 4)
    }
    with Simulator(fleet) as sim:
        dashboard = Dashboard(
            connection_from({"url": sim.url, "api_key": sim.key().token}), sleep=lambda _seconds: None
        )
        yield World(sim, dashboard)
        dashboard.close()


# -- planning ------------------------------------------------------------------------------------------------------------


def test_each_is_planned_after_those_before_it_by_one_reading(world: World) -> None:
    found = world.plan(
        TAG,
        {"name": "new"},
        {"id": 2, "name": "diary"},
        {"name": "blog", "color": "#fff"},  # free by then
        {"name": "Shop"},
        {"name": "gone", "state": "absent"},
        {"name": "old", "state": "absent"},
    )
    assert actions(found) == ["created", "changed", "created", "unchanged", "unchanged", "removed"]
    assert (found.extras, world.asked()) == ([], ["GET sites/basic", "GET tags"])
    assert world.act(found) == [
        ("created", ""),
        ("changed", ""),
        ("created", ""),
        ("", ""),
        ("", ""),
        ("removed", ""),
    ]
    stored = {tag.id: (tag.name, tag.color) for tag in world.sim.fleet.tags.values()}
    assert [stored.get(number, ("", ""))[0] for number in (1, 2, 3)] == ["Shop", "diary", ""]
    assert {name for name, dummy in stored.values()} == {"Shop", "diary", "new", "blog"}
    assert ("blog", "#fff") in stored.values()
    again = world.plan(TAG, {"name": "new"}, {"name": "diary"}, {"name": "blog", "color": "#fff"}, {"name": "Shop"})
    assert set(actions(again)) == {"unchanged"}


def test_what_cannot_be_is_kept_with_its_entry(world: World) -> None:
    found = world.plan(
        CLIENT,
        {"name": "Acme", "email": "office@acme.example"},
        {"name": "Acme"},
        {"id": 7, "city": "Ulm"},
        {"email": "a@x.example"},
        {"name": "Bees", "email": "b@x.example"},
        {"name": "Wasps", "email": "B@x.example"},
        {"id": 8, "name": "Bees & Co"},
    )
    assert actions(found) == [
        "unchanged",
        "name: the Dashboard has several clients 'Acme': ids 7, 8. Give the id.",
        "name: entry 1 means client 'Acme' (id 7), too. Say all of it in one entry.",
        "name: needed to make a new client.",
        "created",
        "name: entry 5 means client 'Bees', too. Say all of it in one entry.",
        "changed",
    ]
    assert found.extras == []
    assert world.act(found)[4] == ("created", "")
    assert [client.name for client in world.sim.fleet.clients.values()] == ["Acme", "Bees & Co", "Bees"]


def test_names_that_differ_in_case_are_two_where_both_are_asked_for(world: World) -> None:
    """MainWP's own pages make such, and MainWP counts a second one that the API makes: an edit sets it right."""
    both = [{"name": "Kiosk"}, {"name": "kiosk"}, {"name": "SHOP"}, {"name": "Shop"}]
    found = world.plan(TAG, *both)
    assert actions(found) == ["created", "created", "created", "unchanged"]
    world.act(found)
    assert {tag.name for tag in world.sim.fleet.tags.values()} >= {"Kiosk", "kiosk", "SHOP", "Shop"}
    assert set(actions(world.plan(TAG, *both))) == {"unchanged"}
    # where nobody means the other one, it may be a slip
    assert actions(world.plan(TAG, {"name": "BLOG"}))[0].startswith(
        "name: 'BLOG' would be taken for tag 'blog' (id 2)."
    )
    # and what knows a client better than its name does is no other one
    slips = world.plan(
        CLIENT, {"name": "Acme", "email": "office@acme.example"}, {"name": "ACME", "email": "Office@acme.example"}
    )
    assert actions(slips)[1] == "name: entry 1 means client 'Acme' (id 7), too. Say all of it in one entry."
    fields = world.plan(CLIENT_FIELD, {"name": "VAT", "description": "x"}, {"name": "vat", "description": "x"})
    assert actions(fields)[1].startswith("name: 'vat' would be taken for client field 'VAT'.")
    fields = world.plan(CLIENT_FIELD, {"name": "Größe", "description": "x"}, {"name": "GROSSE", "description": "x"})
    assert actions(fields)[1].startswith("name: 'GROSSE' would be taken for client field 'Größe'.")


def test_a_client_takes_a_site_from_one_before_it(world: World) -> None:
    found = world.plan(
        CLIENT,
        {"id": 7, "sites": ["s1.example", "s2.example"]},
        {"id": 8, "sites": ["s2.example"]},
        {"name": "New", "sites": ["s1.example"]},
    )
    several.tell(world.dashboard, found)
    assert actions(found) == ["changed", "changed", "created"]
    world.act(found)
    assert [site.client_id for site in world.sim.fleet.sites.values()] == [9, 8, 0]


def test_what_no_entry_means_is_extra_and_can_be_removed(world: World) -> None:
    types = world.plan(PRODUCT_TYPE)
    assert types.extras == []  # those that come with MainWP are none
    found = world.plan(TAG, {"name": "Shop", "color": "#000000"})
    assert [thing.values["name"] for thing in found.extras] == ["blog", "old"]
    world.asked()
    gone = several.removal(world.dashboard, found)
    assert (actions(gone), world.asked()) == (["removed", "removed"], [])
    several.tell(world.dashboard, gone)
    assert [len(one.told["diff"]) for one in gone.ones if one.told] == [1, 1]
    world.act(gone)
    assert list(world.sim.fleet.tags) == [1]


def test_one_that_cannot_be_planned_is_no_extra(world: World) -> None:
    found = world.plan(TAG, {"id": 2, "name": "Shop"}, {"name": "old"}, {"name": "Shop"})
    assert actions(found)[0].startswith("name: tag 'Shop' (id 1) has 'Shop' already.")
    assert found.extras == []


def test_a_cost_is_asked_for_alone_only_where_the_list_does_not_tell(world: World) -> None:
    right = [{"name": f"Cost {number}", "price": 5.0, "sites": ["s1.example"]} for number in (1, 2, 3)]
    assert set(actions(world.plan(COST, *right))) == {"unchanged"}
    assert world.asked() == ["GET costs", "GET sites/basic"]
    right[1] |= {"color": "#112233"}
    right[2] |= {"price": 6.0}
    found = world.plan(COST, *right)
    assert actions(found) == ["unchanged", "unchanged", "changed"]
    assert sorted(world.asked()) == ["GET costs", "GET costs/2", "GET costs/3"]
    assert several.changes(COST, cast(Any, found.ones[2].plan)) == [{"key": "price", "before": "5.0", "after": "6.0"}]
    world.act(found)
    assert [world.sim.fleet.costs[3].columns[name] for name in ("price", "cost_color")] == ["6.00000000", "#112233"]


def test_a_new_keys_token_is_told_where_it_is_asked_for(world: World) -> None:
    found = world.plan(API_KEY, {"description": "a", "return_token": True}, {"description": "b"})
    assert world.act(found) == [("created", ""), ("created", "")]
    tokens = [(one.told or {}).get("token") for one in found.ones]
    assert tokens[0] in {key.token for key in world.sim.keys.keys}
    assert tokens[1] is None


# -- acting --------------------------------------------------------------------------------------------------------------


def test_what_fails_keeps_no_other_from_its_turn(world: World) -> None:
    found = world.plan(TAG, {"name": "a"}, {"name": "b"}, {"name": "c"})
    world.sim.fleet.tags[9] = Tag(9, "B")  # somebody made it meanwhile, with another case
    assert world.act(found)[0::2] == [("created", ""), ("created", "")]
    assert found.ones[1].reason == "invalid_input"
    assert [tag.name for tag in world.sim.fleet.tags.values()].count("b") == 0


@pytest.mark.parametrize("fault", ["reset_after", "gateway_timeout", "truncate"])
def test_a_lost_answer_is_looked_for_and_the_next_goes_on(world: World, fault: str) -> None:
    found = world.plan(TAG, {"name": "a"}, {"name": "b", "color": "#fff"}, {"id": 2, "name": "c"}, {"name": "d"})
    world.sim.faults.add(method="POST", path=r"/mainwp/v2/tags/add", action=fault)
    world.sim.faults.add(method="PUT", path=r"/mainwp/v2/tags/2/edit", action=fault)
    assert world.act(found) == [("created", ""), ("created", ""), ("changed", ""), ("created", "")]
    assert sorted(tag.name for tag in world.sim.fleet.tags.values()) == ["Shop", "a", "b", "c", "d", "old"]


def test_one_that_is_not_read_after_its_write_is_told_so(world: World) -> None:
    found = world.plan(TAG, {"name": "a"}, {"name": "b"})
    world.sim.faults.add(method="GET", path=r"/mainwp/v2/tags", action="status", code=503, skip=1, times=4)
    world.act(found)
    assert [one.reason for one in found.ones][1] == ""
    assert found.ones[0].reason not in ("", "stopped")
    assert "nobody could read it" in found.ones[0].message
    assert sorted(tag.name for tag in world.sim.fleet.tags.values()) == ["Shop", "a", "b", "blog", "old"]


def test_a_list_that_cannot_be_read_ends_it(world: World) -> None:
    found = world.plan(TAG, {"name": "a"}, {"name": "b"})
    world.sim.faults.add(method="GET", path=r"/mainwp/v2/tags", action="status", code=503, times=None)
    assert several.act(world.dashboard, found, REPORTER).endswith("Nothing more is started.")
    assert [one.reason for one in found.ones][1] == "stopped"
    assert not any(entry.is_write for entry in world.sim.journal.entries)


def test_somebody_else_may_have_made_it_so_meanwhile(world: World) -> None:
    found = world.plan(TAG, {"name": "a"}, {"name": "b"}, {"name": "old", "state": "absent"})
    world.sim.fleet.tags[9] = Tag(9, "a")
    del world.sim.fleet.tags[3]
    assert world.act(found) == [("unchanged", ""), ("created", ""), ("unchanged", "")]


def test_trouble_with_the_key_ends_it(world: World) -> None:
    found = world.plan(TAG, {"name": "a"}, {"name": "b"})
    world.sim.key().scope = "read"
    broken = several.act(world.dashboard, found, REPORTER)
    assert broken.endswith("Nothing more is started.")
    assert [one.reason for one in found.ones] == ["unauthorized", "stopped"]


def test_an_interrupted_run_starts_nothing_more(world: World) -> None:
    found = world.plan(TAG, {"name": "a"}, {"name": "b"})
    reporter: Any = SimpleNamespace(interrupted=False, warn=None)

    def stop(_one: several.One) -> None:
        reporter.interrupted = True

    assert several.act(world.dashboard, found, reporter, stop).startswith("Interrupted")
    assert [one.reason for one in found.ones] == ["", "stopped"]


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
        ]
        sites = site_list.planned(world.dashboard, [planning.wanted_from(SITE, one) for one in each])
        assert [(number, str(problem)) for number, problem in sites.problems] == [
            (2, "site_tags: the Dashboard has no tag 'old'. Check the spelling.")
        ]
        assert [(item.number, item.action) for item in sites.items] == [(0, "created"), (1, "changed")]
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
        new = known["https://new.example/"]
        assert (new.id < 0, [tag.name for tag in new.tags], world.dashboard.clients[new.client_id]) == (
            True,
            ["new"],
            "Bees",
        )
        assert [row["id"] for row in api.sites.all_whole() if row["url"] == new.url] == [new.id]
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


# -- many ----------------------------------------------------------------------------------------------------------------


def test_a_thousand_are_not_compared_with_each_other() -> None:
    looked = 0

    def same(value: str) -> str:
        nonlocal looked
        looked += 1
        return value

    note = Resource(
        noun="note",
        routes=cast(Callable[..., Any], None),
        fields=(replace(text("name", required=True), same=same), text("words")),
        unique=("name",),
        has_sites=False,
    )
    size = 1000
    known = Known(
        note, State(tuple(Thing(number, {"name": f"n{number}", "words": ""}) for number in range(1, size + 1)))
    )
    looked = 0
    for number in range(size // 2, size + size // 2):
        wanted = planning.wanted_from(note, {"name": f"n{number}", "words": "x"})
        known.did(known.plan(planning.find(note, known.near(wanted), wanted), wanted))
    assert len(known.state.things) == size + size // 2 - 1
    assert looked < 50 * size


def test_errors_of_the_dashboard_are_raised(world: World) -> None:
    world.sim.key().enabled = False
    with pytest.raises(errors.Unauthorized):
        world.plan(TAG, {"name": "a"})


SLUGGED = ["cost_product_types", "cost_payment_methods"]


@pytest.mark.parametrize("kind", SLUGGED)
@pytest.mark.parametrize("lost", [None, "reset_after"])
def test_what_was_renamed_is_made_with_the_slug_that_costs_name(world: World, kind: str, lost: str | None) -> None:
    """It is added by its slug, and renamed: MainWP never changes a slug."""
    one = BY_NAME[kind]
    entry = one.wanted_from({"slug": "licence", "title": "Software & Co", "state": "present"}, {})
    assert one.resource
    found = several.planned(one.resource, world.dashboard, [entry])
    several.pretend(world.dashboard, found)
    assert [row["id"] for row in one.resource.routes(world.dashboard.v2).rows][-1] == "licence"
    world.asked()
    if lost:
        world.sim.faults.add(method="POST", action=lost)
    assert world.act(found) == [("created", "")]
    assert [route for route in world.asked() if not route.startswith("GET")] == [
        f"POST settings/cost-tracker/{one.name[5:].replace('_', '-')}/add",
        f"PUT settings/cost-tracker/{one.name[5:].replace('_', '-')}/licence/edit",
    ]
    again = several.planned(one.resource, world.dashboard, [entry])
    assert actions(again) == ["unchanged"]


@pytest.mark.parametrize(
    ("kind", "slug"),
    [("cost_product_types", "Licence"), ("cost_payment_methods", "a b"), ("cost_payment_methods", "paypal")],
)
def test_a_slug_that_mainwp_would_not_give_is_refused(world: World, kind: str, slug: str) -> None:
    one = BY_NAME[kind]
    assert one.resource
    found = several.planned(one.resource, world.dashboard, [one.wanted_from({"slug": slug, "title": "Software"}, {})])
    assert f"gives the slug '{slug}' to no new" in str(found.ones[0].problem)
