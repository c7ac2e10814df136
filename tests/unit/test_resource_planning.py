# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find, plan and refuse, without any Dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError, MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _locking as locking
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _planning as planning
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _telling as telling
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._fields import Unstorable
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._naming import NOBODY, Ref
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._resource import Plan, Resource, State, Thing
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.api_keys import API_KEY
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.client_fields import CLIENT_FIELD
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.clients import CLIENT
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.cost_types import PAYMENT_METHOD, PRODUCT_TYPE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.costs import COST
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.sites import SITE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.tags import TAG

SITES = {number: Site(number, f"https://{name}.example/", name.title()) for number, name in enumerate("abc", 1)}


def tag(number: int, name: str, color: str = "", sites: tuple[int, ...] = ()) -> Thing:
    return Thing(number, {"name": name, "color": color}, frozenset(sites))


def client(number: int, name: str, sites: tuple[int, ...] = (), **values: Any) -> Thing:
    blank = {one.name: one.blank for one in CLIENT.fields}
    return Thing(number, {**blank, "name": name, **values}, frozenset(sites), {"status": "active"})


def planned(resource: Any, things: list[Thing], **params: Any) -> Plan:
    wanted = planning.wanted_from(resource, {"state": "present", "sites_mode": "replace", **params})
    return planning.plan(resource, State(tuple(things), SITES), wanted)


def refused(resource: Any, things: list[Thing], **params: Any) -> str:
    with pytest.raises(InputError) as error:
        planned(resource, things, **params)
    return str(error.value)


def test_an_option_that_is_not_given_is_as_its_spec_says() -> None:
    """In a tree nobody but this code fills in defaults."""
    given_ = planning.wanted_from(SITE, {"id": 1, "site_tags_mode": "add"}).options
    assert (given_["site_tags_mode"], given_["another_child"], given_["update_password"]) == ("add", False, "on_create")
    assert planning.wanted_from(SITE, {"id": 1}).options["site_tags_mode"] == "replace"


# -- finding ----------------------------------------------------------------------------------------------------------


def test_a_name_is_found_as_mainwp_stores_it() -> None:
    assert planned(TAG, [tag(1, "R&D x")], name="  R&D \n x ").action == "unchanged"


def test_two_of_one_name_are_an_error_that_lists_the_ids() -> None:
    text = refused(TAG, [tag(1, "shop"), tag(5, "shop")], name="shop", state="absent")
    assert "several tags 'shop': ids 1, 5" in text


def test_two_of_one_name_can_be_told_apart_by_id() -> None:
    plan = planned(TAG, [tag(1, "shop"), tag(5, "shop")], id=5, color="#fff")
    assert plan.after is not None
    assert (plan.after.id, plan.after.values["color"]) == (5, "#fff")


def test_a_name_that_differs_in_case_only_is_refused() -> None:
    assert "'canary' would be taken for tag 'Canary' (id 1)" in refused(TAG, [tag(1, "Canary")], name="canary")


def test_a_namesake_is_not_removed_in_the_place_of_a_client_that_is_gone() -> None:
    both = [client(1, "Müller", email="m@k.test"), client(2, "Müller")]
    meant = {"name": "Müller", "email": "m@k.test", "state": "absent"}
    assert planned(CLIENT, both, **meant).before == both[0]
    assert planned(CLIENT, both[1:], **meant).action == "unchanged"
    assert planned(CLIENT, both[1:], name="Müller", state="absent").action == "removed"


def test_a_colour_does_not_change_a_name_that_holds_markup() -> None:
    held = tag(1, "a <b> c")
    plan = planned(TAG, [held], id=1, color="#fff")
    assert plan.after is not None
    assert planning.edit_bodies(TAG, held, plan.after) == [{"name": "a &lt;b&gt; c", "color": "#fff"}]
    assert planned(TAG, [held], name="a &lt;b&gt; c").action == "unchanged"


def test_accents_make_another_name() -> None:
    assert planned(TAG, [tag(1, "Muller")], name="Müller").action == "created"


def test_an_unknown_id_is_an_error_but_absent_already() -> None:
    assert "no tag with the id 7" in refused(TAG, [], id=7, name="x")
    assert planned(TAG, [], id=7, state="absent").action == "unchanged"


def test_a_client_is_known_by_its_email_and_without_one_by_its_name() -> None:
    acme, other = client(1, "Acme", email="IT@acme.example"), client(2, "Acme")
    assert planned(CLIENT, [acme, other], name="Acme Ltd", email="it@ACME.example").before == acme
    assert planned(CLIENT, [acme, other], name="Acme", email="new@acme.example").before == other
    assert planned(CLIENT, [acme], name="Acme", email="new@acme.example").action == "created"
    assert planned(CLIENT, [acme], name="Acme").before == acme
    assert "ids 1, 2" in refused(CLIENT, [acme, other], name="Acme")


# -- planning ---------------------------------------------------------------------------------------------------------


def test_only_what_is_given_counts() -> None:
    plan = planned(CLIENT, [client(1, "Acme", city="Riga", note="x")], name="Acme", city="Bonn")
    assert plan.before is not None
    assert plan.after is not None
    assert planning.edit_bodies(CLIENT, plan.before, plan.after) == [{"city": "Bonn"}]


def test_what_an_edit_would_lose_is_sent_along() -> None:
    plan = planned(TAG, [tag(1, "R&D")], name="R&D", color="#abc")
    assert plan.before is not None
    assert plan.after is not None
    assert planning.edit_bodies(TAG, plan.before, plan.after) == [{"name": "R&D", "color": "#abc"}]


def test_clearing_where_it_works_and_a_refusal_where_it_does_not() -> None:
    plan = planned(CLIENT, [client(1, "Acme", city="Riga")], name="Acme", city="")
    assert plan.before is not None
    assert plan.after is not None
    assert planning.edit_bodies(CLIENT, plan.before, plan.after) == [{"city": " "}]
    assert "cannot clear it" in refused(TAG, [tag(1, "a", "#fff")], name="a", color="")
    assert planned(TAG, [tag(1, "a")], name="a", color="").action == "unchanged"


def test_a_colour_in_other_letters_is_the_same() -> None:
    assert planned(TAG, [tag(1, "a", "#ABCDEF")], name="a", color="#abcdef").action == "unchanged"


def test_a_name_that_another_has_is_refused() -> None:
    things = [tag(1, "a"), tag(2, "b")]
    assert "tag 'b' (id 2) has 'b' already" in refused(TAG, things, id=1, name="b")
    assert "has 'x@y' already" in refused(CLIENT, [client(1, "A"), client(2, "B", email="x@y")], id=1, email="X@Y")


def test_a_lead_stays_a_lead() -> None:
    assert planned(CLIENT, [client(1, "Acme")], name="Acme", suspended=False).action == "unchanged"


def test_backslashes_are_sent_so_that_they_arrive() -> None:
    plan = planned(CLIENT, [], name="a\\b")
    assert plan.after is not None
    assert planning.new_body(CLIENT, plan.after) == {"name": "a\\\\b"}
    for kind in (PRODUCT_TYPE, PAYMENT_METHOD):  # their titles WordPress takes as they come
        plan = planned(kind, [], title="a\\b 100%ab")
        assert plan.after is not None
        assert planning.new_body(kind, plan.after)["title"] == "a\\b 100"


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({}, "which client? Give email or name or id."),
        ({"name": "<b></b>"}, "name: MainWP keeps nothing of '<b></b>'"),
        ({"name": "  "}, "name: is empty"),
        ({"name": "x" * 256}, "name: has 256 characters, MainWP stores 255"),
        ({"name": "a\x1b[31m"}, "name: has control characters"),
        ({"name": "a", "zip": "0"}, "zip: MainWP's API takes '0' for no value"),
        ({"name": "a", "facebook": "https://x.example/caf%C3%A9"}, "facebook: MainWP would make"),
        ({"name": "a", "created": "yesterday"}, "created: 'yesterday' is no time"),
        ({"name": "a", "created": "1960-01-01"}, "created: '1960-01-01' is not between 1971 and 2038"),
        ({"name": "a", "created": "1970-06-01"}, "MainWP stores no such time"),
        ({"name": "a", "created": "2040-01-01"}, "MainWP stores no such time"),
        ({"name": "a", "created": "9999-12-31T23:59:59-14:00"}, "MainWP stores no such time"),
        ({"name": "a", "sites": [""]}, "no site ''"),
        ({"id": 0, "name": "a"}, "id: 0 is no id"),
        ({"email": "a@b"}, "name: needed to make a new client"),
        ({"name": "a", "sites": ["nowhere.example"]}, "no site 'nowhere.example'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(params: dict[str, Any], says: str) -> None:
    assert says in refused(CLIENT, [], **params)


@pytest.mark.parametrize("colour", ["red", "00ff00", "#00FF00AA", "rgb(1,2,3)", "#12"])
def test_what_mainwp_would_drop_is_no_colour(colour: str) -> None:
    assert "is no colour that MainWP stores" in refused(TAG, [], name="a", color=colour)


# -- sites ------------------------------------------------------------------------------------------------------------


@given(
    has=st.frozensets(st.sampled_from([1, 2, 3])),
    given_=st.frozensets(st.sampled_from([1, 2, 3])),
    mode=st.sampled_from(["replace", "add", "remove"]),
)
def test_sites_modes(has: frozenset[int], given_: frozenset[int], mode: str) -> None:
    expected = {"replace": given_, "add": has | given_, "remove": has - given_}[mode]
    plan = planned(
        TAG, [tag(1, "a", sites=tuple(has))], name="a", sites=[str(number) for number in given_], sites_mode=mode
    )
    assert plan.after is not None
    assert plan.after.sites == expected
    assert (plan.action == "unchanged") == (expected == has)


def test_sites_not_given_stay() -> None:
    assert planned(TAG, [tag(1, "a", sites=(1, 2))], name="a").action == "unchanged"


def test_no_sites_are_sent_as_the_text_that_the_api_takes_for_none() -> None:
    plan = planned(CLIENT, [client(1, "Acme", (1, 2))], name="Acme", sites=[])
    assert plan.before is not None
    assert plan.after is not None
    assert planning.edit_bodies(CLIENT, plan.before, plan.after) == [{"selected_sites": "0,"}]


def test_a_site_is_sent_all_its_tags_and_its_client() -> None:
    things = (tag(1, "a", sites=(1, 2)), tag(2, "b", sites=(2,)))
    sites = {number: Site(number, "https://x/", "x", client_id=9) for number in (1, 2, 3)}
    edits = TAG.site_edits(State(things, sites), things[1], frozenset({1}))
    assert edits == [(1, {"client_id": 9, "groupids": "1,2"}), (2, {"client_id": 9, "groupids": "1"})]
    edits = TAG.site_edits(State(things, sites), things[0], frozenset({2}))
    assert edits == [(1, {"client_id": 9, "groupids": "0,"})]


def test_what_leaves_another_client_is_told() -> None:
    things = [client(1, "Acme", (1,)), client(2, "Bees")]
    plan = planned(CLIENT, things, name="Bees", sites=["a.example", "b.example"])
    state = State(tuple(things), SITES)
    assert [(site.id, other.id) for site, other in planning.moved(CLIENT, state, plan)] == [(1, 1)]
    assert telling.sentence(CLIENT, state, plan, check_mode=True) == (
        "Client 'Bees' (id 2) would be changed (sites). https://a.example/ would leave client 'Acme' (id 1)."
    )


# -- what is told -----------------------------------------------------------------------------------------------------


def test_the_diff_has_a_line_for_each_value_and_site_that_differs() -> None:
    plan = planned(TAG, [tag(1, "a", "#fff", (1,))], id=1, name="b", sites=["b.example"])
    assert telling.diff(TAG, SITES, plan) == [
        {
            "before_header": "tag 'b' (id 1)",
            "after_header": "tag 'b' (id 1)",
            "before": "name: a\nsite: https://a.example/\n",
            "after": "name: b\nsite: https://b.example/\n",
        }
    ]


def test_a_second_plan_finds_nothing_to_do() -> None:
    given_ = {"name": " Ä & <i>B</i> ", "city": "a\nb", "note": "x %20 y", "created": "2026-01-02", "suspended": True}
    first = planned(CLIENT, [], **given_)
    assert first.after is not None
    there = Thing(4, first.after.values, first.after.sites)
    assert planned(CLIENT, [there], **given_).action == "unchanged"


def test_a_new_tag_is_recognised_by_what_mainwp_makes_of_its_name() -> None:
    earlier = State((tag(1, "shop"),))
    wanted = tag(0, "Shop (2)")
    assert planning.came(TAG, earlier, State((tag(1, "shop"), tag(2, "Shop (1)"))), wanted) == tag(2, "Shop (1)")
    assert planning.came(TAG, earlier, State((tag(1, "shop"), tag(2, "other"))), wanted) is None
    both = State((tag(1, "x"), tag(2, "shop"), tag(3, "shop (1)")))
    assert planning.came(TAG, State((tag(1, "x"),)), both, tag(0, "shop")) == tag(2, "shop")


def test_of_two_made_at_once_the_first_one_stays() -> None:
    wanted = planning.wanted_from(TAG, {"name": "shop"})
    earlier, ours, theirs = State(()), tag(6, "shop (1)"), tag(5, "shop")
    assert planning.rival(TAG, earlier, State((theirs, ours)), ours, wanted) == theirs
    assert planning.rival(TAG, earlier, State((theirs, ours)), theirs, wanted) is None


@pytest.mark.parametrize(
    ("stored", "status", "suspended"),
    [(0, "active", False), (1, "suspended", True), (2, "lead", False), (3, "lost", False), (9, "active", False)],
)
def test_what_the_states_of_a_client_are_called(stored: int, status: str, suspended: bool) -> None:
    found = CLIENT.thing({"id": 4, "name": "Acme", "suspended": stored})
    assert (found.more, found.values["suspended"]) == ({"status": status}, suspended)


@pytest.mark.parametrize("name", ["facebook", "twitter", "instagram", "linkedin", "email"])
def test_an_address_is_not_cut(name: str) -> None:
    assert f"{name}: MainWP would make" in refused(CLIENT, [], **{"name": "a", name: "x<b>@y"})


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("name", 255),
        ("email", 191),
        ("phone", 100),
        ("address_1", 255),
        ("address_2", 255),
        ("zip", 32),
        ("city", 100),
        ("region", 200),
        ("country", 200),
        ("facebook", 255),
        ("twitter", 255),
        ("instagram", 255),
        ("linkedin", 255),
    ],
)
def test_how_long_a_text_may_be(name: str, longest: int) -> None:
    assert planned(CLIENT, [], **{"name": "a", name: "x" * longest}).action == "created"
    assert f"{name}: has {longest + 1} characters" in refused(CLIENT, [], **{"name": "a", name: "x" * (longest + 1)})


@pytest.mark.parametrize(
    ("resource", "name", "longest"),
    [
        (CLIENT_FIELD, "name", 191),
        (CLIENT_FIELD, "description", 255),
        (API_KEY, "description", 200),
        (COST, "name", 65535),
        (COST, "slug", 191),
    ],
)
def test_how_long_others_may_be(resource: Resource, name: str, longest: int) -> None:
    one = resource.by_name[name]
    assert one.wanted("x" * longest) == "x" * longest
    with pytest.raises(Unstorable, match=f"has {longest + 1} characters, MainWP stores {longest}"):
        one.wanted("x" * (longest + 1))


def test_what_has_no_name_is_called_by_its_id() -> None:
    assert [str(Ref(7, "Acme")), str(Ref(7, "")), str(NOBODY)] == ["Acme", "id 7", ""]


def test_a_note_has_no_limit() -> None:
    assert planned(CLIENT, [], name="a", note="x" * 5000).action == "created"


def test_what_stays_as_it_is_may_be_out_of_reach() -> None:
    """No edit reaches a product type whose slug has percent codes, and none is needed."""
    held = Thing("%d1%85", {"title": "Хостинг", "icon": "", "color": ""})
    PRODUCT_TYPE.refuse(Plan(held, held))
    with pytest.raises(InputError, match="slug"):
        PRODUCT_TYPE.refuse(Plan(held, Thing("%d1%85", {**held.values, "color": "#112233"})))


def test_who_waits_for_no_lock_is_told_at_once() -> None:
    locks = cast(Any, mock.Mock(take=lambda _names: mock.Mock(seconds=0.0)))
    with pytest.raises(MainWPError, match="Nothing was sent"):
        locking.taken(locks, Site(1, "https://a.example/", "A"), 0.0)


def test_check_mode_sees_a_lock_folder_that_cannot_be_had(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    wanted = planning.wanted_from(SITE, {"id": 1, "lock_dir": str(in_the_way)})
    with (
        pytest.raises(InputError, match="lock_dir"),
        locking._looked_at(cast(Any, mock.Mock()), wanted, Plan(None, None)),
    ):
        pass
