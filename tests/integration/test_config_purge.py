# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Purging takes what was looked at, as it was looked at, and only where nothing else went wrong."""

from __future__ import annotations

from typing import Any

import pytest
from integration._config import CONFIG, counts, world
from integration._play import Task

from simulator import Client, Fleet, Tag

pytestmark = pytest.mark.usefixtures("hurry")

#: The client is made before anything is removed.
OPTIONS: dict[str, Any] = {
    "tree": {"tags": [{"name": "Keep"}], "clients": [{"name": "Berg"}]},
    "purge": ["tags"],
    "purge_max": 5,
}
FORMS = {"plugins": ["acme-forms"], "state": "active", "all_sites": True}
BROKEN = {"code": "broken", "message": "No.", "data": {"status": 500}}


#: An answer by which MainWP says that it did nothing.
REFUSED = {"code": "invalid", "message": "No.", "data": {"status": 400}}


def tagged() -> Fleet:
    return world(tags=[Tag(1, "Keep"), Tag(2, "Old", "#111111"), Tag(3, "Older")])


def test_purging_takes_what_no_entry_mentions_and_no_more_than_is_allowed(direct_for, dialect):
    play = direct_for(
        world(tags=[Tag(1, "Keep"), Tag(2, "Old"), Tag(3, "Older")], clients=[Client(7, "Acme")]), dialect
    )
    tree = {"tags": [{"name": "Keep"}], "clients": [{"name": "Berg"}]}
    refused, planned, purged, again = play.tasks(
        Task(CONFIG, {"tree": tree, "purge": ["tags"], "purge_max": 1}),
        Task(CONFIG, {"tree": tree, "purge": ["tags"], "purge_max": 2}, check=True, diff=True),
        Task(CONFIG, {"tree": tree, "purge": ["tags"], "purge_max": 2}, diff=True),
        Task(CONFIG, {"tree": tree, "purge": ["tags"], "purge_max": 2}),
    )
    assert refused.failed
    assert refused.writes == []
    assert "Old" in refused.msg
    assert planned.writes == []
    assert [part["before_header"] for part in planned["diff"]] == [
        "tag 'Old' (id 2)",
        "tag 'Older' (id 3)",
        "client 'Berg'",
    ]
    assert [(row["name"], row["action"]) for row in planned["drift"] if row["kind"] == "tags"] == [
        ("Old", "removed"),
        ("Older", "removed"),
    ]
    assert not purged.failed, purged.msg
    assert counts(purged, "tags") == {"right": 1, "extra": 2, "done": 2}
    assert {tag.name for tag in play.sim.fleet.tags.values()} == {"Keep"}
    assert {client.name for client in play.sim.fleet.clients.values()} == {"Acme", "Berg"}
    assert (again.changed, again.writes) == (False, [])


def test_nothing_is_purged_when_something_failed(direct_for):
    play = direct_for(world(tags=[Tag(1, "Keep"), Tag(2, "Old")]))
    play.sim.faults.add(method="POST", path=r"/mainwp/v2/clients/add", action="status", code=400, body=REFUSED)
    tree = {"tags": [{"name": "Keep"}], "clients": [{"name": "Berg"}]}
    result = play.task(CONFIG, {"tree": tree, "purge": ["tags"], "purge_max": 5})
    old = next(row for row in result["drift"] if row["name"] == "Old")
    assert (old["reason"], old["standing"]) == ("stopped", "extra")
    assert len(play.sim.fleet.tags) == 2


def test_what_the_rehearsal_shows_to_fail_keeps_purging_back_and_no_entry(direct_for):
    """Of the kind that is purged as of any other: what is to be made is made."""
    play = direct_for(tagged())
    for site in play.sim.fleet.sites.values():
        site.child.down, site.sync_errors = True, "ERROR: it did not answer"
    tree = {"tags": [{"name": "Keep", "color": "#abcdef"}, {"name": "Young"}], "plugins": [FORMS]}
    planned, result = play.tasks(
        Task(CONFIG, {**OPTIONS, "tree": tree}, check=True), Task(CONFIG, {**OPTIONS, "tree": tree})
    )
    for told in (planned, result):
        rows = {row["name"]: row["reason"] for row in told["drift"] if row["kind"] == "tags"}
        assert rows == {"Keep": "", "Young": "", "Old": "stopped", "Older": "stopped"}
    assert {tag.name: tag.color for tag in play.sim.fleet.tags.values()}["Keep"] == "#abcdef"
    assert {tag.name for tag in play.sim.fleet.tags.values()} == {"Keep", "Young", "Old", "Older"}


def recoloured(fleet: Fleet) -> None:
    fleet.tags[2].color = "#222222"


def given_sites(fleet: Fleet) -> None:
    fleet.sites[1].tags = [2]


def renamed(fleet: Fleet) -> None:
    fleet.tags[2].name = "Young"


def taken_in(fleet: Fleet) -> None:
    fleet.tags[2].name, fleet.tags[1].name = "Keep", "Kept"


@pytest.mark.parametrize("edit", [recoloured, given_sites, renamed, taken_in])
def test_what_somebody_edits_meanwhile_is_left_alone(direct_for, edit):
    play = direct_for(tagged())
    fleet = play.sim.fleet
    play.sim.faults.add(method="POST", path="/mainwp/v2/clients/add", action="hook", before=lambda: edit(fleet))
    result = play.task(CONFIG, OPTIONS)
    old = next(row for row in result["drift"] if row["name"] == "Old")
    assert (old["action"], old["message"].startswith("It was changed")) == ("", True)
    assert counts(result, "tags") == {"right": 1, "extra": 2, "done": 1}
    assert sorted(fleet.tags) == [1, 2]


def test_where_an_entry_cannot_be_found_any_more_nothing_goes_and_the_run_is_red(direct_for):
    play = direct_for(tagged())
    fleet = play.sim.fleet

    def twin() -> None:
        fleet.tags[2].name = "Keep"

    play.sim.faults.add(method="POST", path="/mainwp/v2/clients/add", action="hook", before=twin)
    result = play.task(CONFIG, OPTIONS)
    assert result.failed
    assert sorted(fleet.tags) == [1, 2, 3]


def test_a_failure_that_is_tolerated_keeps_all_from_being_removed(direct_for):
    """What could not be read of one site may be what something is needed for."""
    play = direct_for(tagged())
    play.sim.faults.add(method="POST", path="/mainwp/v2/sites/1/.*", action="status", code=500, body=BROKEN, times=None)
    result = play.task(
        CONFIG,
        {**OPTIONS, "max_failed_sites": 2, "tree": {**OPTIONS["tree"], "plugins": [FORMS]}},
        warns=["within max_failed_sites"],
    )
    assert not result.failed, result.msg
    assert counts(result, "plugins") == {"wrong": 3, "done": 2, "failed": 1}
    assert "(https://s01.example/): sync" in result.msg
    assert "2 not done" in result.msg
    assert len(play.sim.fleet.tags) == 3


def test_check_mode_plans_no_removal_that_the_run_would_leave(direct_for):
    play = direct_for(tagged())
    play.sim.faults.add(method="GET", path="/mainwp/v2/users", action="status", code=500, body=BROKEN, times=None)
    anna = {"login": "anna", "email": "anna@x.example", "sites": ["1"]}
    options = {**OPTIONS, "tree": {**OPTIONS["tree"], "users": [anna]}}
    planned, done = play.tasks(Task(CONFIG, options, check=True, diff=True), Task(CONFIG, options, diff=True))
    for result in (planned, done):
        assert [(row["name"], row["reason"]) for row in result["drift"] if row["kind"] == "tags"] == [
            ("Old", "stopped"),
            ("Older", "stopped"),
        ]
        assert ["Berg" in part["before_header"] for part in result["diff"]] == [True]
    assert len(play.sim.fleet.tags) == 3


@pytest.mark.parametrize("part", [[], None])
def test_a_part_that_lost_its_file_is_refused(direct_for, part):
    tree = {"tags": [{"name": "Keep"}], "tags__acme": part}
    result = direct_for(tagged()).task(CONFIG, {**OPTIONS, "tree": tree})
    assert result.msg.startswith("tags__acme: is empty, and tags are purged")
    assert result.journal == []


def with_costs(direct_for: Any) -> Any:
    """Two product types, of which a cost has one each."""
    play = direct_for(world())
    costs = [
        {"name": "Serif", "product_type": "fonts", "sites": ["1"]},
        {"name": "Sans", "product_type": "old", "sites": ["1"]},
    ]
    made = play.task(CONFIG, {"tree": {"cost_product_types": [{"title": "Fonts"}, {"title": "Old"}], "costs": costs}})
    assert not made.failed, made.msg
    return play


FONTS: dict[str, Any] = {"cost_product_types": [{"title": "Fonts"}]}


def test_what_a_cost_has_that_stays_is_not_removed(direct_for):
    """Be it of the tree or not."""
    play = with_costs(direct_for)
    purge = {"purge": ["cost_product_types"], "purge_max": 5}
    unmentioned, mentioned, moved = play.tasks(
        Task(CONFIG, {"tree": FONTS, **purge}),
        Task(CONFIG, {"tree": {**FONTS, "costs": [{"name": "Sans"}]}, **purge}, check=True),
        Task(CONFIG, {"tree": {**FONTS, "costs": [{"name": "Sans", "product_type": "fonts"}]}, **purge}),
    )
    for refused in (unmentioned, mentioned):
        text = "purge: product type 'Old' (slug old) cannot be removed: cost 'Sans' has it. Mention it in the tree"
        assert refused.msg.startswith(text)
        assert refused.writes == []
    assert not moved.failed, moved.msg
    assert counts(moved, "cost_product_types") == {"right": 1, "extra": 1, "done": 1}


def test_costs_go_before_what_they_have(direct_for):
    play = with_costs(direct_for)
    tree = {**FONTS, "costs": [{"name": "Serif"}]}
    options = {"tree": tree, "purge": ["cost_product_types", "costs"], "purge_max": 2}
    planned, done = play.tasks(Task(CONFIG, options, check=True), Task(CONFIG, options))
    assert not planned.failed, planned.msg
    assert [entry.path.split("/")[-2] for entry in done.writes] == ["2", "old"]


def test_a_tag_that_becomes_the_owner_of_a_cost_meanwhile_stays(direct_for):
    play = direct_for(tagged())

    def take() -> None:
        assert not direct.task("mainwp_cost", {"name": "New", "site_tags": ["Old"]}).failed

    direct = type(play)(play.sim)
    play.sim.faults.add(method="POST", path="/mainwp/v2/clients/add", action="hook", before=take)
    result = play.task(CONFIG, OPTIONS)
    assert counts(result, "tags") == {"right": 1, "extra": 2, "done": 1}
    assert sorted(play.sim.fleet.tags) == [1, 2]
