# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API keys as code: a token is told once and nowhere else, and no task cuts off its own key. Numbers are exchanges of the
recording wp71-resources2."""

from __future__ import annotations

import json

import pytest
from integration._fleets import child, fleet
from integration._play import Task

ADD = r"/mainwp/v2/rest-api/add-key"


def known(sim) -> list[tuple[str, str, bool]]:
    """description, permissions, active: all keys but those of the tests."""
    return [
        (k.description, k.permissions, k.enabled) for k in sim.keys.keys if not k.description.startswith("simulator")
    ]


def test_a_key_comes_changes_and_goes(direct_for, dialect):
    """Added by a form only (1411), edited by JSON only (1436); ``active`` has to be a real boolean (1419, 1429)."""
    play = direct_for(fleet(child()), dialect)
    new = {"description": 'ansible & "x" ü', "permissions": "read_write", "active": False}
    planned, made, again = play.tasks(
        Task("mainwp_api_key", new, check=True, diff=True),
        Task("mainwp_api_key", new, diff=True),
        Task("mainwp_api_key", {**new, "return_token": True}),
    )
    assert (planned["action"], made["action"], again["action"], again.writes) == ("created", "created", "unchanged", [])
    assert known(play.sim) == [(new["description"], "read_write", False)]
    number, ends = made["api_key"]["id"], made["api_key"]["truncated_key"]
    assert planned["api_key"] == {**made["api_key"], "id": None, "truncated_key": ""}
    assert planned["diff"][0]["after"] == made["diff"][0]["after"]
    assert [name for name in ("token", "password") if name in {**made.data, **again.data}] == []
    assert "Nobody was told its token" in made.msg
    changed, renamed, gone, twice = play.tasks(
        Task("mainwp_api_key", {"description": new["description"], "permissions": "write", "active": True}),
        Task("mainwp_api_key", {"id": number, "description": "CI"}),
        Task("mainwp_api_key", {"description": "CI", "state": "absent"}),
        Task("mainwp_api_key", {"description": "CI", "state": "absent"}),
    )
    assert changed["api_key"] == {**made["api_key"], "permissions": "write", "active": True}
    assert changed.msg.endswith("was changed (permissions, active).")
    assert (renamed["api_key"]["description"], renamed["api_key"]["truncated_key"]) == ("CI", ends)
    assert (gone["action"], twice["action"], twice.writes, known(play.sim)) == ("removed", "unchanged", [], [])


def test_a_token_is_told_once_where_it_was_asked_for(direct_for):
    play = direct_for(fleet(child()))
    options = {"description": "CI", "permissions": "read", "return_token": True}
    planned, made, again = play.tasks(
        Task("mainwp_api_key", options, check=True),
        Task("mainwp_api_key", options, diff=True),
        Task("mainwp_api_key", options),
        verbosity=4,
    )
    key = play.sim.keys.keys[-1]
    assert made["token"] == key.token
    assert ("token" in planned.data, "token" in again.data) == (False, False)
    assert key.token not in json.dumps({name: value for name, value in made.data.items() if name != "token"})
    play.connection["api_key"] = made["token"]
    assert play.task("mainwp_client_info").failed is False  # 1424


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"description": "simulator read_write", "state": "absent"}, "so it is not removed"),
        ({"id": 3, "state": "absent"}, "so it is not removed"),
        ({"id": 3, "active": False}, "so it is not switched off"),
        ({"description": "simulator read_write", "permissions": "read"}, "none of its permissions is taken"),
        ({"id": 3, "permissions": "write", "description": "x"}, "none of its permissions is taken"),
        ({"description": "Twice", "active": False}, "several API keys 'Twice': ids 6, 7"),  # 1410
        ({"description": "Twice", "state": "absent"}, "several API keys 'Twice': ids 6, 7"),
        ({"id": 1, "description": "Twice"}, "API key 'Twice' (id 7) has 'Twice' already"),
        ({"id": 6, "description": ""}, "description: is empty"),  # 1432
        ({"id": 99, "active": False}, "no API key with the id 99"),  # 1437
        ({"description": "x" * 201}, "has 201 characters, MainWP stores 200"),
    ],
)
def test_what_must_not_be_is_refused_before_any_write(direct_for, options, says):
    play = direct_for(fleet(child()))
    for dummy in range(2):
        play.sim.keys.make("read", "Twice", True, None)
    for result in play.tasks(*(Task("mainwp_api_key", options, check=check) for check in (False, True))):
        assert result.failed
        assert says in result.msg
        assert result.writes == []


def test_its_own_key_may_be_renamed_and_left_as_it_is(direct_for):
    play = direct_for(fleet(child()))
    own = {"permissions": "read_write", "active": True}
    renamed, same, again = play.tasks(
        Task("mainwp_api_key", {"id": 3, "description": "Ansible", **own}),
        Task("mainwp_api_key", {"description": "Ansible", **own}),
        Task("mainwp_api_key", {"description": "Ansible"}),
    )
    assert (renamed["api_key"]["own"], renamed["action"]) == (True, "changed")
    assert (same.writes, again.writes) == ([], [])


def test_keys_are_read_in_one_shape_and_those_of_v1_are_left_alone(direct_for, dialect):
    """The id of a v1 key is a secret's name (12), so it is not told."""
    play = direct_for(fleet(child()), dialect)
    every, some, absent = play.tasks(
        Task("mainwp_api_key_info"),
        Task("mainwp_api_key_info", {"descriptions": ["SIMULATOR write"], "ids": [1]}),
        Task("mainwp_api_key", {"description": "v1 only", "state": "absent"}),
    )
    assert every["count"] == 7
    old = [key for key in every["api_keys"] if key["version"] == "v1"]
    assert [(key["id"], key["own"], key["last_access"]) for key in old] == [(None, False, None)] * 2
    assert [key["permissions"] for key in some["api_keys"] if key["id"]] == ["read", "write"]
    assert [key["description"] for key in every["api_keys"] if key["own"]] == ["simulator read_write"]
    assert (absent["action"], absent.writes) == ("unchanged", [])


def test_permissions_are_known_in_any_language(direct_for):
    play = direct_for(fleet(child()))
    play.sim.keys.titles = {"Read": "Lesen", "Write &amp; Delete": "Schreiben &amp; Löschen"}
    play.sim.keys.make("write", "W", True, None)
    write, read, listed = play.tasks(
        Task("mainwp_api_key", {"description": "W", "permissions": "write"}),
        Task("mainwp_api_key", {"description": "simulator read", "permissions": "read"}),
        Task("mainwp_api_key_info", {"descriptions": ["W"]}),
    )
    assert (write.writes, read.writes, listed["api_keys"][0]["permissions"]) == ([], [], "write")
    # also for a key that may only read, and so meets no other language than that of its own row
    play.sim.keys.keys[:] = [key for key in play.sim.keys.keys if key.scope in ("read", "write")]
    play.connection["api_key"] = play.sim.key("read").token
    only = play.task("mainwp_api_key_info", {"descriptions": ["simulator read"]})
    assert [key["permissions"] for key in only["api_keys"] if key["id"]] == ["read"]


def test_all_pages_are_read(direct_for):
    play = direct_for(fleet(child()))
    for number in range(120):
        play.sim.keys.make("read", f"key {number:03d}", True, None)
    oldest, more = play.tasks(
        Task("mainwp_api_key", {"description": "key 000", "permissions": "read"}),
        Task("mainwp_api_key_info"),
    )
    assert (oldest["action"], oldest.writes, more["count"]) == ("unchanged", [], 127)


@pytest.mark.parametrize("action", ["gateway_timeout", "reset_after", "truncate"])
def test_a_lost_create_is_found_and_its_token_is_lost(direct_for, action):
    """Whatever of the answer came is shown nowhere."""
    play = direct_for(fleet(child()))
    play.sim.faults.add(method="POST", path=ADD, action=action)
    play.sim.faults.add(method="POST", path=ADD, action=action)
    fine, lost = play.tasks(
        Task("mainwp_api_key", {"description": "quiet"}),
        Task("mainwp_api_key", {"description": "wanted", "return_token": True}),
        verbosity=4,
    )
    assert (fine.failed, fine["action"], len(fine.writes)) == (False, "created", 1)
    assert (lost.failed, lost.changed, len(lost.writes), lost["error"]["reason"]) == (True, True, 1, "answer_lost")
    assert "nobody knows its token: the answer that told it was lost" in lost.msg
    assert f"(id {lost['api_key']['id']})" in lost.msg
    assert [name for name, *_rest in known(play.sim)] == ["quiet", "wanted"]


def test_no_piece_of_a_token_is_quoted_from_an_odd_answer(direct_for):
    play = direct_for(fleet(child()))
    play.sim.faults.add(method="POST", path=ADD, action="noise", before="Warning: x {", behind="}}} junk")
    result = play.tasks(Task("mainwp_api_key", {"description": "CI"}, warns=None), verbosity=4)[0]
    token = play.sim.keys.keys[-1].token
    assert known(play.sim) == [("CI", "read", True)]
    shown = json.dumps(result.data)
    assert not any(token[at : at + 10] in shown for at in range(len(token) - 9))


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_lost_answers_to_edits_and_removals_are_found_by_reading(direct_for, method):
    play = direct_for(fleet(child()))
    play.sim.keys.make("read", "CI", True, None)
    play.sim.faults.add(method=method, action="reset_after")
    state = "absent" if method == "DELETE" else "present"
    result = play.task("mainwp_api_key", {"description": "CI", "active": False, "state": state})
    assert (result.failed, result.changed, len(result.writes)) == (False, True, 1)


def test_somebody_else_removed_it_first(direct_for):
    """Then the answer is a 500 (1445)."""
    play = direct_for(fleet(child()))
    key = play.sim.keys.make("read", "CI", True, None)
    play.sim.faults.add(method="DELETE", action="hook", before=lambda: play.sim.keys.keys.remove(key))
    result = play.task("mainwp_api_key", {"description": "CI", "state": "absent"})
    assert (result.failed, result["action"]) == (False, "removed")


def test_of_two_made_at_once_the_first_remains_and_no_token_is_told(direct_for):
    play = direct_for(fleet(child()))
    play.sim.faults.add(method="POST", action="hook", before=lambda: play.sim.keys.make("read", "CI", True, None))
    result = play.task("mainwp_api_key", {"description": "CI", "return_token": True})
    assert (result.failed, "token" in result.data, "at the same moment" in result.msg) == (True, False, True)
    assert known(play.sim) == [("CI", "read", True)]


def test_a_key_that_may_only_read_is_named_before_any_write(direct_for):
    play = direct_for(fleet(child()))
    play.connection["api_key"] = play.sim.key("read").token
    refused = play.task("mainwp_api_key", {"description": "new"})
    assert "The API key may only read" in refused.msg
    assert refused.writes == []
