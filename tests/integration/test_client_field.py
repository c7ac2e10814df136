# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields for clients as code. Numbers are exchanges of the recording wp71-resources2."""

from __future__ import annotations

import pytest
from integration._fleets import child, fleet
from integration._play import Task

from simulator import ClientField

ADD, EDIT = r"/mainwp/v2/clients/fields/add", r"/mainwp/v2/clients/fields/\d+/edit"


def three(*fields: ClientField):
    made = fleet(child())
    made.client_fields = {field.id: field for field in fields}
    return made


def test_a_field_comes_changes_and_goes(direct_for, dialect):
    """Added by a form only (161), edited by JSON only (176)."""
    play = direct_for(three(), dialect)
    new = {"name": "VAT", "description": 'VAT & "id" ü'}
    planned, made, again = play.tasks(
        Task("mainwp_client_field", new, check=True, diff=True),
        Task("mainwp_client_field", new, diff=True),
        Task("mainwp_client_field", new),
    )
    assert (planned["action"], made["action"], again["action"]) == ("created", "created", "unchanged")
    assert planned["client_field"] == {**made["client_field"], "id": None}
    assert planned["diff"][0]["after"] == made["diff"][0]["after"] == 'name: VAT\ndescription: VAT & "id" ü\n'
    assert (again.writes, "sites" in made["client_field"]) == ([], False)
    number = made["client_field"]["id"]
    renamed, described, gone, twice = play.tasks(
        Task("mainwp_client_field", {"id": number, "name": "Tax"}),
        Task("mainwp_client_field", {"name": "Tax", "description": "of the tax office"}),
        Task("mainwp_client_field", {"name": "Tax", "state": "absent"}),
        Task("mainwp_client_field", {"name": "Tax", "state": "absent"}),
    )
    assert renamed.msg == f"Client field 'Tax' (id {number}) was changed (name)."
    assert described["client_field"] == {"id": number, "name": "Tax", "description": "of the tax office"}
    assert (gone["action"], twice["action"], twice.writes) == ("removed", "unchanged", [])
    assert not play.sim.fleet.client_fields


@pytest.mark.parametrize("name", ["R&D [x] ü'\"", "123", "a/b", "back\\slash", "100 %"])
def test_any_name_is_edited_and_removed(direct_for, name):
    """Names of digits (193) and with brackets (194) are not found by the API; it is asked by number."""
    play = direct_for(three(ClientField(123, "other", "x")))
    made, edited, same, gone = play.tasks(
        Task("mainwp_client_field", {"name": name, "description": "d"}),
        Task("mainwp_client_field", {"name": name, "description": "e"}),
        Task("mainwp_client_field", {"name": name, "description": "e"}),
        Task("mainwp_client_field", {"name": name, "state": "absent"}),
    )
    assert (made["action"], edited["action"], gone["action"]) == ("created", "changed", "removed")
    assert (edited["client_field"]["name"], same.writes) == (name, [])
    assert list(play.sim.fleet.client_fields) == [123]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "New"}, "description: needed to make a new client field"),  # 165
        ({"name": "New", "description": ""}, "description: is empty"),  # 166
        ({"name": "VAT", "description": " "}, "description: is empty"),
        ({"name": "vat", "description": "x"}, "'vat' would be taken for client field 'VAT' (id 1)"),  # 164
        ({"id": 2, "name": "Vat"}, "client field 'VAT' (id 1) has 'VAT' already"),  # 1992
        ({"id": 9, "name": "x"}, "no client field with the id 9"),
        ({"name": "Twice", "description": "x"}, "several client fields 'Twice': ids 3, 4"),
        ({"name": "x" * 192, "description": "x"}, "has 192 characters, MainWP stores 191"),
        ({"name": "x", "description": "ü" * 256}, "has 256 characters, MainWP stores 255"),
    ],
)
def test_what_cannot_be_is_refused_before_any_write(direct_for, options, says):
    fields = [ClientField(1, "VAT", "a"), ClientField(2, "B", "b"), ClientField(3, "Twice", "general")]
    play = direct_for(three(*fields, ClientField(4, "Twice", "of one client")))
    for result in play.tasks(*(Task("mainwp_client_field", options, check=check) for check in (False, True))):
        assert result.failed
        assert says in result.msg
        assert result.writes == []


def test_all_pages_are_read_and_the_last_one_only_once(direct_for):
    """A page behind the last one is the last one again (174); and none at all is told as a failure (5)."""
    play = direct_for(three())
    none = play.task("mainwp_client_field_info")
    play.sim.fleet.client_fields = {n: ClientField(n, f"field {n:03d}", "d") for n in range(1, 206)}
    every, one, known = play.tasks(
        Task("mainwp_client_field_info"),
        Task("mainwp_client_field_info", {"names": ["FIELD 002"], "ids": [205]}),
        Task("mainwp_client_field", {"name": "field 001", "description": "d"}),
    )
    assert (none["client_fields"], none["count"], every["count"]) == ([], 0, 205)
    assert [entry["id"] for entry in every["client_fields"]] == list(range(1, 206))
    assert len([entry for entry in every.journal if entry.path.endswith("/fields")]) == 3
    assert [entry["id"] for entry in one["client_fields"]] == [2, 205]
    assert (known["action"], known.writes) == ("unchanged", [])


@pytest.mark.parametrize("action", ["gateway_timeout", "reset_after", "truncate"])
def test_lost_answers_are_looked_for_and_nothing_is_repeated(direct_for, action):
    play = direct_for(three())
    made, edited, gone = (
        lambda task, method, path: (play.sim.faults.add(method=method, path=path, action=action), play.tasks(task)[0])[
            1
        ]
        for dummy in range(3)
    )
    results = [
        made(Task("mainwp_client_field", {"name": "VAT", "description": "a"}), "POST", ADD),
        edited(Task("mainwp_client_field", {"name": "VAT", "description": "b"}), "PUT", EDIT),
        gone(Task("mainwp_client_field", {"name": "VAT", "state": "absent"}), "DELETE", r".*/delete"),
    ]
    assert [(one.failed, one["action"], len(one.writes)) for one in results] == [
        (False, "created", 1),
        (False, "changed", 1),
        (False, "removed", 1),
    ]
    assert not play.sim.fleet.client_fields


def test_somebody_else_was_quicker(direct_for):
    """What is gone answers 500 (191), what is there already, too (163)."""
    play = direct_for(three(ClientField(1, "VAT", "a")))
    fields = play.sim.fleet.client_fields
    play.sim.faults.add(method="DELETE", action="hook", before=fields.clear)
    play.sim.faults.add(
        method="POST", action="hook", before=lambda: fields.update({7: ClientField(7, "Tax", "theirs")})
    )
    gone, refused, run_again = play.tasks(
        Task("mainwp_client_field", {"name": "VAT", "state": "absent"}),
        Task("mainwp_client_field", {"name": "Tax", "description": "ours"}),
        Task("mainwp_client_field", {"name": "Tax", "description": "ours"}),
    )
    assert (gone.failed, gone["action"]) == (False, "removed")
    assert (refused.failed, "Create client field failed" in refused.msg, refused.changed) == (True, True, False)
    assert run_again["client_field"] == {"id": 7, "name": "Tax", "description": "ours"}
