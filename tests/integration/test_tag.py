# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags as code: present, absent, coloured, renamed, on sites; and what the API would lose or double."""

from __future__ import annotations

import pytest
from integration._fleets import child, fleet
from integration._play import Task

from simulator import Cache, Client, Fleet, Site, Tag

ADD, EDIT = r"/mainwp/v2/tags/add", r"/mainwp/v2/tags/\d+/edit"
NAMES = [
    "R&D \"x\" 'y'",
    "Shop, EU",
    "  Ünïcode   Blanks  ",
    "Emoji 😀👩‍🚀",
    "I <3 you",
    "back\\slash",
    "Customers (2024)",
    "fresh (2)",
    "100 % wool",
]


def three(*tags: Tag, **fields) -> Fleet:
    """Three sites, s01 to s03."""
    return fleet(child(), child(), child(), tags=tags, **fields)


def names(sim) -> list[str]:
    """What the Dashboard stores."""
    return sorted(tag.name for tag in sim.fleet.tags.values())


def test_a_tag_comes_changes_and_goes(direct_for, dialect):
    play = direct_for(three(), dialect)
    new = {"name": "Canary", "color": "#f5a623", "sites": ["s01.example", "2"]}
    planned, made, again = play.tasks(
        Task("mainwp_tag", new, check=True, diff=True), Task("mainwp_tag", new, diff=True), Task("mainwp_tag", new)
    )
    assert (planned["action"], made["action"], again["action"]) == ("created", "created", "unchanged")
    assert planned["tag"] == {**made["tag"], "id": None}
    assert [(site["id"], site["url"]) for site in made["tag"]["sites"]] == [
        (1, "https://s01.example/"),
        (2, "https://s02.example/"),
    ]
    assert made["diff"][0]["after"] == planned["diff"][0]["after"]
    assert made["diff"][0]["before"] == ""
    assert again.writes == []
    number = made["tag"]["id"]
    renamed, gone, twice = play.tasks(
        Task("mainwp_tag", {"id": number, "name": "First wave"}),
        Task("mainwp_tag", {"name": "First wave", "state": "absent"}),
        Task("mainwp_tag", {"name": "First wave", "state": "absent"}),
    )
    assert (renamed["tag"]["name"], renamed["tag"]["color"]) == ("First wave", "#f5a623")
    assert renamed.msg == f"Tag 'First wave' (id {number}) was changed (name)."
    assert (gone["action"], gone["tag"]["id"], gone.changed) == ("removed", number, True)
    assert (twice["action"], twice["tag"], twice.changed, twice.writes) == ("unchanged", None, False, [])
    assert not play.sim.fleet.tags


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_and_found_again(direct_for, name):
    """Beside others that MainWP would count up for."""
    play = direct_for(three(Tag(1, "Customers"), Tag(2, "Unicode blanks")))
    first, second, listed = play.tasks(
        Task("mainwp_tag", {"name": name}),
        Task("mainwp_tag", {"name": name}),
        Task("mainwp_tag_info", {"names": [name]}),
    )
    assert first["tag"]["name"] == " ".join(name.split())
    assert (second.changed, second.writes) == (False, [])
    assert [tag["id"] for tag in listed["tags"]] == [first["tag"]["id"]]


def test_what_mainwp_cuts_is_told(direct_for):
    play = direct_for(three())
    first, second = play.tasks(
        Task("mainwp_tag", {"name": "ünï 😀 <b>x</b> %20"}, warns=["name: MainWP cuts markup"]),
        Task("mainwp_tag", {"name": "ünï 😀 <b>x</b> %20"}, warns=["so it is 'ünï 😀 x'"]),
    )
    assert first["tag"]["name"] == "ünï 😀 x"
    assert not second.changed


def test_a_name_that_only_looks_alike_is_made_right(direct_for, dialect):
    """MainWP takes ü for u and would call the new one ``Müller (1)``."""
    play = direct_for(three(Tag(1, "Muller")), dialect)
    _first, second = play.tasks(Task("mainwp_tag", {"name": "Müller"}), Task("mainwp_tag", {"name": "Müller"}))
    assert names(play.sim) == ["Muller", "Müller"]
    assert not second.changed


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "canary"}, "'canary' would be taken for tag 'Canary' (id 1)"),
        ({"name": "Double"}, "several tags 'Double': ids 2, 3"),
        ({"name": "Double", "state": "absent"}, "ids 2, 3"),
        ({"id": 2, "name": "Canary"}, "tag 'Canary' (id 1) has 'Canary' already"),
        ({"id": 9, "name": "x"}, "no tag with the id 9"),
        ({"name": "Canary", "color": ""}, "cannot clear it"),
        ({"name": "Canary", "color": "red"}, "'red' is no colour"),
        ({"name": " "}, "name: is empty"),
        ({"name": "Canary", "sites": ["nowhere.example"]}, "sites: the Dashboard has no site 'nowhere.example'"),
        ({"name": "Canary", "api_version": "v1"}, "needs API v2"),
    ],
)
def test_what_cannot_be_is_refused_before_any_write(direct_for, options, says):
    play = direct_for(three(Tag(1, "Canary", "#fff"), Tag(2, "Double"), Tag(3, "Double")))
    for check in (False, True):
        result = play.task("mainwp_tag", options, check=check)
        assert result.failed
        assert says in result.msg
        assert result.writes == []


def test_of_two_with_one_name_each_can_be_worked_on_by_id(direct_for):
    play = direct_for(three(Tag(2, "Double"), Tag(3, "Double")))
    coloured, gone = play.tasks(
        Task("mainwp_tag", {"id": 3, "color": "#abc"}), Task("mainwp_tag", {"id": 2, "state": "absent"})
    )
    assert coloured["tag"] == {"id": 3, "name": "Double", "color": "#abc", "sites": []}
    assert gone["action"] == "removed"
    assert names(play.sim) == ["Double"]


def test_sites_are_put_in_and_taken_out_and_lose_nothing(direct_for, dialect):
    """A site keeps its other tags and its client."""
    world = three(Tag(1, "a"), Tag(2, "b"), clients=[Client(7, "Acme")])
    for number, tags in ((1, [1, 2]), (2, [2])):
        world.sites[number].tags = list(tags)
        world.sites[number].client_id = 7
    play = direct_for(world, dialect)
    replaced, added, removed, emptied, again = play.tasks(
        Task("mainwp_tag", {"name": "a", "sites": ["s02.example", "s03.example"]}, diff=True),
        Task("mainwp_tag", {"name": "a", "sites": ["s01.example"], "sites_mode": "add"}),
        Task("mainwp_tag", {"name": "a", "sites": ["s02.example"], "sites_mode": "remove"}),
        Task("mainwp_tag", {"name": "a", "sites": []}),
        Task("mainwp_tag", {"name": "a", "sites": []}),
    )
    shown = [[site["id"] for site in result["tag"]["sites"]] for result in (replaced, added, removed, emptied)]
    assert shown == [[2, 3], [1, 2, 3], [1, 3], []]
    assert (replaced["diff"][0]["before"], replaced["diff"][0]["after"]) == (
        "site: https://s01.example/\n",
        "site: https://s02.example/\nsite: https://s03.example/\n",
    )
    assert (len(replaced.writes), len(added.writes), len(removed.writes)) == (3, 1, 1)
    assert (again.changed, again.writes) == (False, [])
    sites = play.sim.fleet.sites
    assert [sorted(sites[number].tags) for number in (1, 2, 3)] == [[2], [2], []]
    assert [sites[number].client_id for number in (1, 2, 3)] == [7, 7, 0]


@pytest.mark.parametrize(("ids", "cut"), [((1, 2, 3), 3), ((10, 11, 12), 7)])
def test_a_list_of_sites_that_the_database_cut_is_made_whole(direct_for, ids, cut):
    """MySQL cuts long lists of ids: nothing may be taken off a site for that."""
    sites = [Site(number, f"https://s{number}.example/", f"S {number}", child(), tags=[1, 2]) for number in ids]
    world = Fleet(sites, tags=[Tag(1, "a"), Tag(2, "b")])
    world.group_concat = cut
    play = direct_for(world)
    read, same, removed = play.tasks(
        Task("mainwp_tag_info", {"names": ["a"]}),
        Task("mainwp_tag", {"name": "a", "sites": [str(number) for number in ids]}),
        Task("mainwp_tag", {"name": "a", "sites": [str(ids[-1])], "sites_mode": "remove"}),
    )
    assert [site["id"] for site in read["tags"][0]["sites"]] == list(ids)
    assert (same.changed, same.writes) == (False, [])
    assert [site["id"] for site in removed["tag"]["sites"]] == list(ids[:2])
    assert [sorted(world.sites[number].tags) for number in ids] == [[1, 2], [1, 2], [2]]


def test_a_key_that_may_only_read_is_named_before_any_write(direct_for):
    play = direct_for(three(Tag(1, "Canary")))
    play.connection["api_key"] = play.sim.key("read").token
    refused, planned, fine, read = play.tasks(
        Task("mainwp_tag", {"name": "New"}),
        Task("mainwp_tag", {"name": "New"}, check=True, warns=["may only read"]),
        Task("mainwp_tag", {"name": "Canary"}),
        Task("mainwp_tag_info"),
    )
    assert refused.failed
    assert "The API key may only read" in refused.msg
    assert refused.writes == []
    assert planned["action"] == "created"
    assert not fine.failed
    assert read["count"] == 1


@pytest.mark.parametrize("action", ["gateway_timeout", "reset_after", "truncate"])
def test_a_lost_create_is_looked_for_and_never_repeated(direct_for, dialect, action):
    play = direct_for(three(Tag(1, "Canary")), dialect)
    play.sim.faults.add(method="POST", path=ADD, action=action)
    made = play.task("mainwp_tag", {"name": "Shop", "color": "#abc", "sites": ["s01.example"]})
    assert (made.failed, made["action"]) == (False, "created")
    assert names(play.sim) == ["Canary", "Shop"]
    assert len([entry for entry in made.writes if entry.path.endswith("/add")]) == 1


def test_a_create_that_never_came_fails_and_the_next_run_makes_it(direct_for, monkeypatch):
    monkeypatch.setattr(
        "ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._engine.PATIENCE", (0.01, 0.01)
    )
    play = direct_for(three())
    play.sim.faults.add(method="POST", path=ADD, action="status", code=504, body="<html>504 Gateway Time-out</html>")
    first, second = play.tasks(Task("mainwp_tag", {"name": "Shop"}), Task("mainwp_tag", {"name": "Shop"}))
    assert (first.failed, first.changed, first["error"]["reason"]) == (True, False, "answer_lost")
    assert "No such tag is listed since" in first.msg
    assert len(first.writes) == 1
    assert (second["action"], names(play.sim)) == ("created", ["Shop"])


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_lost_answers_to_edits_and_removals_are_found_by_reading(direct_for, dialect, method):
    play = direct_for(three(Tag(1, "Canary")), dialect)
    play.sim.faults.add(method=method, path=r"/mainwp/v2/tags/.*", action="reset_after")
    state = "absent" if method == "DELETE" else "present"
    result = play.task("mainwp_tag", {"name": "Canary", "color": "#abc", "state": state})
    assert (result.failed, result.changed, len(result.writes)) == (False, True, 1)


def test_an_edit_that_says_done_and_did_nothing_is_a_failure(direct_for):
    play = direct_for(three(Tag(1, "Canary")))
    play.sim.faults.add(method="PUT", path=EDIT, action="status", code=200, body={"success": 1})
    result = play.task("mainwp_tag", {"name": "Canary", "color": "#abc"})
    assert (result.failed, result.changed, result["error"]["reason"]) == (True, False, "not_stored")
    assert "color is '' in place of '#abc'" in result.msg


def test_of_two_made_at_once_one_remains(direct_for, dialect):
    """Somebody makes the same tag between our listing and our write."""
    play = direct_for(three(), dialect)

    def rival() -> None:
        play.sim.fleet.tags[50] = Tag(50, "Shop")

    play.sim.faults.add(method="POST", path=ADD, action="hook", before=rival)
    result = play.task("mainwp_tag", {"name": "Shop", "color": "#abc"})
    assert not result.failed
    assert names(play.sim) == ["Shop"]
    assert [tag.color for tag in play.sim.fleet.tags.values()] == ["#abc"]


def test_what_somebody_else_made_was_not_created_by_us(direct_for, dialect):
    """A moment before ours, or long ago: a cache that says nothing kept the list from before."""
    play = direct_for(three(), dialect, cache=Cache("silent"))
    (first,) = play.tasks(Task("mainwp_tag", {"name": "Shop"}))
    assert (first.changed, first["action"]) == (True, "created")
    second, third = play.tasks(
        Task("mainwp_tag", {"name": "Shop"}),
        Task("mainwp_tag", {"name": "Shop", "color": "#abc"}, diff=True),
    )
    assert (second.failed, second.changed, second["action"]) == (False, False, "unchanged")
    assert second["tag"]["id"] == first["tag"]["id"]
    assert (third.failed, third.changed, third["action"]) == (False, True, "changed")
    assert third.data["diff"][0]["after"] == "color: #abc\n"
    assert names(play.sim) == ["Shop"]


@pytest.mark.parametrize("location", ["/wp-admin/", "https://elsewhere.example/", "/wp-json/mainwp/v2/tags/add/"])
@pytest.mark.parametrize("after_work", [True, False])
def test_what_leads_elsewhere_may_have_been_done(direct_for, location, after_work):
    play = direct_for(three())
    to = {"Location": location}
    play.sim.faults.add(method="POST", path=ADD, action="status", code=301, body="", headers=to, after_work=after_work)
    (result,) = play.tasks(Task("mainwp_tag", {"name": "Shop"}))
    assert (result.failed, result.changed) == (not after_work, after_work)
    assert names(play.sim) == (["Shop"] if after_work else [])
    if not after_work:
        assert "most likely not made. " in result.msg
        assert "run again" not in result.msg  # it would lead there again
    assert [entry.method for entry in result.journal].count("POST") == 1


def test_somebody_else_removed_it_first(direct_for):
    play = direct_for(three(Tag(1, "Canary")))
    play.sim.faults.add(method="DELETE", action="hook", before=play.sim.fleet.tags.clear)
    result = play.task("mainwp_tag", {"name": "Canary", "state": "absent"})
    assert (result.failed, result["action"]) == (False, "removed")


def test_tags_are_read_in_one_shape(direct_for, dialect):
    world = three(Tag(1, "R&amp;D"), Tag(2, "Shop, EU", "#0f0"), Tag(3, "alpha"))
    world.sites[1].tags = [1, 2]
    play = direct_for(world, dialect)
    every, some, none = play.tasks(
        Task("mainwp_tag_info"),
        Task("mainwp_tag_info", {"names": ["shop, eu", "nobody"], "ids": [3]}),
        Task("mainwp_tag_info", {"names": []}),
    )
    site = {"id": 1, "url": "https://s01.example/", "name": "S 1"}
    assert every["tags"] == [
        {"id": 3, "name": "alpha", "color": "", "sites": []},
        {"id": 1, "name": "R&D", "color": "", "sites": [site]},
        {"id": 2, "name": "Shop, EU", "color": "#0f0", "sites": [site]},
    ]
    assert [tag["id"] for tag in some["tags"]] == [3, 2]
    assert (none["count"], none["tags"]) == (0, [])
