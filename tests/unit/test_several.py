# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several things of one kind are read once, planned one after the other, and carried out where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _planning as planning
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _several as several
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._fields import text
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._known import Known
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._resource import Resource, State, Thing
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.api_keys import API_KEY
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.client_fields import CLIENT_FIELD
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.clients import CLIENT
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.cost_types import PRODUCT_TYPE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.costs import COST
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.tags import TAG
from simulator import Tag
from unit.several_world import REPORTER, World, actions, small_world


@pytest.fixture
def world() -> Iterator[World]:
    yield from small_world()


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


def test_a_client_whose_site_went_to_another_has_it_no_more(world: World) -> None:
    """Each entry is planned after those before it: who lost its site has nothing to lose, and what is told of it is so."""
    found = world.plan(CLIENT, {"id": 8, "sites": ["s2.example"]}, {"id": 7, "sites": []})
    assert actions(found) == ["changed", "unchanged"]


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


def test_what_is_written_again_has_no_value_before() -> None:
    plan = cast(Any, SimpleNamespace(before=None, after=None, rewritten=("http_password",)))
    assert several.changes(TAG, plan) == [{"key": "http_password", "before": "", "after": "written again"}]


@pytest.mark.parametrize("name", ["color", "icon"])
def test_what_no_list_tells_is_looked_at_before_it_is_called_empty(world: World, name: str) -> None:
    world.sim.fleet.costs[1].columns |= {"cost_color": "#112233", "cost_icon": "deficon:folder"}
    assert actions(world.plan(COST, {"name": "Cost 1", "sites": ["s1.example"], name: ""})) == ["changed"]


def test_one_that_cannot_be_read_closely_keeps_no_other_from_its_turn(world: World) -> None:
    world.sim.faults.add(method="GET", path="/mainwp/v2/costs/2", action="status", code=500, times=None)
    entries = [{"name": f"Cost {number}", "price": 6.0} for number in (1, 2, 3)]
    found = world.plan(COST, *entries)
    assert [one.action for one in found.ones] == ["changed", "", "changed"]
    assert [one.problem is None for one in found.ones] == [True, False, True]
    assert [action for action, _reason in world.act(found)] == ["changed", "", "changed"]
    world.sim.faults.add(method="GET", path="/mainwp/v2/costs/3", action="status", code=401, times=None)
    with pytest.raises(errors.Unauthorized):
        world.plan(COST, {"name": "Cost 3", "price": 7.0})


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
