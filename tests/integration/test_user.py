# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of sites as code: present, absent, with a role; and what MainWP says is done that is not. Numbers are those of
recorded exchanges."""

from __future__ import annotations

import json

import pytest
from integration._fleets import fleet
from integration._play import Task
from integration._users import (
    ANNA,
    CREATE,
    EDIT,
    GONE,
    SECRET,
    USER,
    happens,
    known,
    role,
    site_of,
    told,
    user,
)


def test_a_user_comes_changes_and_goes(direct_for, dialect):
    play = direct_for(fleet(site_of(), site_of(user(role="author"))), dialect)
    planned, made, again = play.tasks(
        Task(USER, ANNA, check=True, diff=True), Task(USER, ANNA, diff=True), Task(USER, ANNA)
    )
    assert told(planned) == [
        ("create", None, role("editor"), "planned", ""),
        ("edit", role("author"), role("editor"), "planned", ""),
    ]
    assert told(made) == [
        ("create", None, role("editor"), "changed", ""),
        ("edit", role("author"), role("editor"), "changed", ""),
    ]
    assert planned["diff"] == made["diff"]
    assert planned.changed
    assert made.changed
    assert [*planned.writes, *again.writes] == []
    assert told(again) == [("", role("editor"), role("editor"), "unchanged", "")] * 2
    assert [entry.query["websites"] for entry in again.journal if entry.path == "/mainwp/v2/users"] == ["1,2"]
    would, gone, twice = play.tasks(Task(USER, GONE, check=True), Task(USER, GONE), Task(USER, GONE))
    assert told(would) == [("delete", {"role": "editor"}, None, "planned", "")] * 2
    assert told(gone) == [("delete", {"role": "editor"}, None, "changed", "")] * 2
    assert told(twice) == [("", None, None, "unchanged", "")] * 2
    assert [*would.writes, *twice.writes] == []
    assert not twice.changed
    assert known(play.sim) is known(play.sim, 2) is None


def test_a_new_user_gets_all_that_was_given(direct_for):
    """1315: create takes names and page; 1347: the rest only an edit. Nothing of it is seen in a result."""
    play = direct_for(fleet(site_of()))
    given = {"first_name": "Änna", "last_name": "O'Hara", "user_url": "https://anna.example", "nickname": "an"}
    given |= {"display_name": "Anna D", "description": "line 1\nline 2", "password": f"{SECRET}-Grüße"}
    made, again = play.tasks(Task(USER, {**ANNA, **given}), Task(USER, {**ANNA, **given}))
    assert told(made) == [("create", None, role("editor"), "changed", "")]
    found = known(play.sim)
    assert {name: found[f"_{name}"] for name in ("first_name", "last_name", "url", "nickname", "display_name")} == {
        "first_name": "Änna",
        "last_name": "O'Hara",
        "url": "https://anna.example",
        "nickname": "an",
        "display_name": "Anna D",
    }
    assert found["_description"] == "line 1 line 2"
    assert found["_password"] == f"{SECRET}-Grüße".encode()
    assert again.writes == []
    body = made.writes[0].json
    assert body["send_password"] is False
    assert body["websites"] == "1"
    assert SECRET not in json.dumps(made.data) + json.dumps(again.data)


def test_what_cannot_be_read_is_written_each_time_only_where_it_is_said(direct_for):
    play = direct_for(fleet(site_of(user())))
    once = {**ANNA, "password": SECRET, "first_name": "Anna"}
    always = {**once, "update_password": "always", "update_profile": "always"}
    kept, risen, planned, written = play.tasks(
        Task(USER, once),
        Task(USER, {**always, "role": "author"}, check=True, diff=True),
        Task(USER, always, check=True, diff=True),
        Task(USER, always, diff=True),
    )
    assert risen["diff"][0]["after"] == "user anna author anna@x.example (first_name, password written)\n"
    assert planned["diff"] == written["diff"]
    (lines,) = written["diff"]
    assert lines["before"] == "user anna editor anna@x.example\n"
    assert lines["after"] == "user anna editor anna@x.example (first_name, password written)\n"
    assert kept.writes == planned.writes == []
    assert (kept.changed, planned.changed, written.changed) == (False, True, True)
    assert told(written) == [("edit", role("editor"), role("editor"), "changed", "")]
    assert known(play.sim)["_password"] == SECRET.encode()
    assert known(play.sim)["_first_name"] == "Anna"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"password": "Grüße-9", "update_password": "always"}, "so that nobody can log in"),  # 1353, 1697
        ({"password": " trailing "}, "begins or ends with a blank"),  # 1846, 1995
        ({"password": "back\\slash"}, "backslash"),
        ({"password": "it's"}, "nobody could log in"),
        ({"password": "0"}, "no password"),
        ({"email": "not mail"}, "no e-mail address"),  # 1322, 1343
        ({"email": "a&b@x.example"}, "another address"),
        ({"login": "bad name!ü"}, "no login"),  # 1323
        ({"login": "Zoë.Test"}, "no login"),  # 1846
        ({"login": ""}, "empty"),  # 1320
        ({"login": "0"}, "no login"),
        ({"login": "x" * 61}, "60"),
        ({"first_name": ""}, "cannot empty"),  # 1349
        ({"first_name": "100%20"}, "stored otherwise"),
        ({"first_name": "A\x07nna"}, "has control characters"),
        ({"display_name": "x" * 251}, "has 251 characters"),
        ({"first_name": "x" * 125, "last_name": "y" * 125}, "with last_name has 251 characters"),
        ({"user_url": "javascript:alert(1)"}, "no address of a web page"),
        ({"role": "shop_manager"}, "shop_manager"),  # 1324, 1345
        ({"state": "absent", "role": None, "email": None}, "posts: reassign_to_connection_user"),  # 1718
        ({"state": "absent", "posts": "reassign_to_connection_user"}, "no meaning with state: absent"),
    ],
)
def test_what_would_be_stored_otherwise_is_refused_before_any_request(direct_for, given, said):
    play = direct_for(fleet(site_of()))
    result = play.task(USER, {key: value for key, value in {**ANNA, **given}.items() if value is not None})
    assert result.failed
    assert said in result.msg
    assert result.journal == []
    assert "password" not in given or len(given["password"]) < 2 or given["password"] not in json.dumps(result.data)


def test_the_answer_to_a_create_is_believed_by_its_counts(direct_for):
    """1735: success 1 "on all 0 website(s)" where the only site was not reached; afterwards nobody knows."""
    play = direct_for(fleet(site_of()), "abilities")
    happens(play, CREATE, lambda: setattr(play.sim.fleet.sites[1].child, "down", True))
    result = play.task(USER, ANNA)
    assert result.failed
    assert [entry.path for entry in result.writes if "users" in entry.path] == [CREATE]
    (entry,) = result.site(1)["users"]
    assert (entry["result"], entry["reason"]) == ("unknown", "unverified")
    assert "did not reach the site" in entry["message"]


def test_an_address_of_somebody_else_is_a_failure(direct_for):
    """1318, 1341. It is seen before anything is sent; and if it came in between, the site says so."""
    play = direct_for(fleet(site_of(user("boss", email="Anna@x.example")), site_of(user(email="old@x.example"))))
    planned, made = play.tasks(Task(USER, ANNA, check=True), Task(USER, ANNA))
    for result in (planned, made):
        assert result.failed
        assert told(result)[0] == ("", None, None, "failed", "email_taken")
        assert "'boss'" in result.site(1)["users"][0]["message"]
    assert told(made)[1][3:] == ("changed", "")
    with play.sim.fleet.lock:
        known(play.sim, 2)["email"] = "old@x.example"
    boss = {**user("boss", email="anna@x.example"), "id": 9, "name": "boss", "posts": "0"}
    happens(play, EDIT, lambda: play.sim.fleet.sites[2].child.users.append(boss))
    late = play.task(USER, {**ANNA, "all_sites": False, "sites": ["2"]})
    assert told(late) == [
        ("edit", role("editor", "old@x.example"), role("editor", "old@x.example"), "failed", "child_error")
    ]
    assert "already registered" in late.site(2)["users"][0]["message"]


def test_an_address_that_only_holds_the_wanted_one_is_nobodys(direct_for):
    """The API finds parts of addresses, too."""
    play = direct_for(fleet(site_of(user("joanna"))))
    result = play.task(USER, ANNA)
    assert not result.failed, result.msg
    assert told(result) == [("create", None, role("editor"), "changed", "")]


def test_the_first_user_is_left_alone_before_the_api_refuses_it(direct_for):
    """1356, 1357, 1713."""
    play = direct_for(fleet(site_of()))
    boss = {"all_sites": True, "login": "admin", "allow_administrator": True}
    for options in ({**boss, "email": "new@x.example"}, {**boss, "role": "editor"}, {**GONE, **boss}):
        for result in play.tasks(Task(USER, options, check=True), Task(USER, options)):
            assert result.failed
            assert result.site(1)["users"][0]["reason"] == "protected"
            assert result.writes == []
    assert not play.task(USER, {**boss, "role": "administrator", "email": "admin@x.example"}).failed


@pytest.mark.parametrize("options", [GONE, {**ANNA, "role": "subscriber"}])
@pytest.mark.parametrize("more", [{"role": "administrator"}, {"role": "author", "_more_roles": ["administrator"]}])
def test_administrators_keep_their_rights_unless_it_is_said(direct_for, options, more):
    """Also those whose first role is another one, which is all that the API tells."""
    play = direct_for(fleet(site_of(user(**more))))
    for result in play.tasks(Task(USER, options, check=True), Task(USER, options)):
        assert result.failed
        (entry,) = result.site(1)["users"]
        assert (entry["reason"], entry["administrator"], result.writes) == ("administrator", True, [])
    done = play.task(USER, {**options, "allow_administrator": True})
    assert not done.failed, done.msg
    assert done.changed
    syncs = [entry.path for entry in done.writes if entry.path.endswith("/sync")]
    assert syncs == ["/mainwp/v2/sites/1/sync"]


@pytest.mark.usefixtures("hurry")
def test_a_role_that_somebody_made_may_have_all_rights(direct_for):
    """So one site goes ahead, and is synced."""
    made = fleet(*(site_of(user(role="agency", _level=10), user("kurt", "administrator")) for dummy in range(3)))
    made.sites[1].child.connection_user, made.sites[1].admin = 2, "anna"
    play = direct_for(made)
    result = play.task(USER, GONE)
    assert result.failed
    assert [number for number in made.sites if known(play.sim, number)] == [2, 3]
    assert "is lost since" in result["broken_off"]


def test_demoting_the_user_that_mainwp_connects_as_is_told(direct_for):
    """1701 to 1703: a success, and nothing happens."""
    made = fleet(site_of(user(role="administrator")))
    made.sites[1].child.connection_user = 2
    result = direct_for(made).task(USER, {**ANNA, "allow_administrator": True})
    assert result.failed
    (entry,) = result.site(1)["users"]
    assert (entry["result"], entry["reason"]) == ("failed", "not_changed")
    assert "may be the user that MainWP connects as" in entry["message"]


def test_one_password_for_several_sites_is_warned_of(direct_for):
    play = direct_for(fleet(site_of(), site_of()))
    warned, again = play.tasks(
        Task(USER, {**ANNA, "password": SECRET}, warns=["One password for 2 sites"]),
        Task(USER, {**ANNA, "password": SECRET}),
    )
    assert not warned.failed
    assert again.writes == []


def test_a_new_user_needs_an_address(direct_for):
    """1321."""
    result = direct_for(fleet(site_of())).task(USER, {"all_sites": True, "login": "anna"})
    assert result.failed
    assert result.site(1)["users"][0]["reason"] == "email_missing"
    assert result.writes == []


def test_a_password_in_a_broken_answer_is_not_shown(direct_for):
    """The answer to a create repeats the password, also one that WordPress made."""
    play = direct_for(fleet(site_of()))
    play.sim.faults.add(
        action="status",
        path=CREATE,
        code=200,
        content_type="application/json",
        after_work=True,
        body=b'<br>Notice: x {"success":1,"data":{"user_info":{"user_pass":"s^lPwddgX4d^YWdLlLr5YlWA","user',
    )
    happens(play, "/mainwp/v2/sites", lambda: setattr(play.sim.fleet.sites[1].child, "down", True), skip=2)
    result = play.task(USER, ANNA)
    assert result.failed
    assert "the answer cannot be read" in result.site(1)["users"][0]["message"]
    assert "lPwddgX4d" not in json.dumps(result.data)
