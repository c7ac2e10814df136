# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of sites that are lost, of answers that are, and of what somebody else does in between."""

from __future__ import annotations

import json

import pytest
from integration._fleets import fleet, lock_out
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

from simulator import people


def test_a_site_that_does_not_answer_is_never_one_without_the_user(direct_for, dialect):
    """458, 480, 1733, 1953: suspended, refused after a failed sync, down, silently missing beside others."""
    made = fleet(site_of(user()), site_of(user()), site_of(user()), site_of(user()))
    made.sites[2].child.down = True
    made.sites[3].suspended = True
    lock_out(made, 4)
    planned, gone = direct_for(made, dialect).tasks(Task(USER, GONE, check=True), Task(USER, GONE))
    for result in (planned, gone):
        assert result.failed
        assert [(site["result"], site["reason"]) for site in result["sites"]][1:] == [
            ("failed", "disconnected"),
            ("skipped", "suspended"),
            ("failed", "disconnected"),
        ]
        assert [site["users"] for site in result["sites"]][1:] == [[], [], []]
    assert told(planned) == [("delete", {"role": "editor"}, None, "planned", "")]
    assert told(gone) == [("delete", {"role": "editor"}, None, "changed", "")]
    assert people.by_login(made.sites[2].child, "anna")


def test_a_site_that_is_locked_out_is_brought_back_where_that_is_wanted(direct_for, dialect):
    made = fleet(site_of())
    lock_out(made, 1)
    play = direct_for(made, dialect)
    planned, done, again = play.tasks(
        Task(USER, {**ANNA, "reconnect": True}, check=True),
        Task(USER, {**ANNA, "reconnect": True}),
        Task(USER, ANNA),
    )
    assert planned.writes == again.writes == []
    assert not done.failed, done.msg
    assert told(done) == [("create", None, role("editor"), "changed", "")]


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.usefixtures("hurry")
def test_nothing_more_is_started_once_a_site_is_lost(direct_for, dialect, lost):
    """1714 to 1716: deleting the user that MainWP connects as succeeds. One site goes ahead; the others are synced, too."""
    made = fleet(*(site_of(user(role="administrator"), user("kurt", "administrator")) for dummy in range(8)))
    for site in made.sites.values():
        site.ip = "192.0.2.1"
    made.sites[lost].child.connection_user, made.sites[lost].admin = 2, "anna"
    play = direct_for(made, dialect)
    result = play.task(USER, {**GONE, "allow_administrator": True})
    assert result.failed
    left = [number for number in made.sites if known(play.sim, number)]
    assert left == list(range(lost + 1, 9))
    assert "is lost since" in result["broken_off"]
    assert result.site(lost)["reason"] == "unverified"
    assert {entry["reason"] for number in left for entry in result.site(number)["users"]} == {"stopped"}
    child_site = {"site_url": made.sites[lost].url, "admin": "kurt", "update_password": "always", "connected": True}
    back = play.task("mainwp_site", child_site)
    assert "mainwp_site gets the site back" in result["broken_off"]
    assert not back.failed, back.msg


def test_all_administrators_of_a_name_go_where_no_site_is_lost(direct_for):
    made = fleet(*(site_of(user(role="administrator")) for dummy in range(3)), site_of(user()))
    play = direct_for(made)
    result = play.task(USER, {**GONE, "allow_administrator": True})
    assert not result.failed, result.msg
    order = [entry.path for entry in result.writes]
    assert order[0].endswith("/delete")
    assert order[1].endswith("/sync")
    assert sum(path.endswith("/sync") for path in order) == 3
    assert not any(known(play.sim, number) for number in made.sites)


@pytest.mark.usefixtures("hurry")
def test_a_site_that_was_done_meanwhile_does_not_go_ahead_of_the_others(direct_for):
    """It proves nothing: the next one goes alone, and here it is lost."""
    made = fleet(*(site_of(user(role="administrator"), user("kurt", "administrator")) for dummy in range(4)))
    made.sites[2].child.connection_user, made.sites[2].admin = 2, "anna"
    play = direct_for(made)
    happens(play, "/mainwp/v2/users", lambda: made.sites[1].child.users.remove(known(play.sim)), skip=1, times=1)
    result = play.task(USER, {**GONE, "allow_administrator": True})
    assert result.failed
    assert result.site(1)["users"][0]["result"] == "unchanged"
    assert [number for number in made.sites if known(play.sim, number)] == [3, 4]
    assert "is lost since" in result["broken_off"]


@pytest.mark.parametrize("action", ["reset_after", "truncate", "gateway_timeout"])
def test_a_lost_create_is_looked_for_and_never_sent_twice(direct_for, action):
    play = direct_for(fleet(site_of()))
    play.sim.faults.add(action=action, path=CREATE)
    result = play.task(USER, {**ANNA, "password": SECRET})
    assert not result.failed, result.msg
    assert told(result) == [("create", None, role("editor"), "changed", "")]
    assert len(result.writes) == 1
    assert SECRET not in json.dumps(result.data)


def test_a_lost_edit_of_what_nobody_can_read_is_unknown(direct_for):
    play = direct_for(fleet(site_of(user())))
    play.sim.faults.add(action="reset_before", path=EDIT)
    result = play.task(USER, {**ANNA, "password": SECRET, "update_password": "always"})
    assert result.failed
    assert told(result) == [("edit", role("editor"), role("editor"), "unknown", "timeout")]
    assert len(result.writes) == 1


def test_a_new_user_who_is_not_given_everything_is_told(direct_for):
    play = direct_for(fleet(site_of()))
    play.sim.faults.add(
        action="status", path=EDIT, code=500, body={"code": "user_update_error", "message": "No.", "data": None}
    )
    result = play.task(USER, {**ANNA, "nickname": "an"})
    assert result.failed
    assert result.changed
    (entry,) = result.site(1)["users"]
    assert (entry["result"], entry["after"]) == ("failed", role("editor"))
    assert "was made, but not given nickname" in entry["message"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"action": "reset_after"}, ("unknown", "timeout")),
        ({"action": "status", "code": 401}, ("failed", "unauthorized")),
    ],
    ids=str,
)
def test_the_rest_of_a_new_user_is_never_sent_twice(direct_for, fault, expected):
    """Nobody can read whether it arrived; and a key that is refused is told as that."""
    play = direct_for(fleet(site_of()))
    play.sim.faults.add(path=EDIT, times=None, **fault)
    result = play.task(USER, {**ANNA, "nickname": "an"})
    assert result.failed
    assert [entry.path for entry in result.writes].count(EDIT) <= 1
    (entry,) = result.site(1)["users"]
    assert (entry["result"], entry["reason"]) == expected


def test_an_edit_that_does_nothing_is_told(direct_for):
    play = direct_for(fleet(site_of(user())))
    body = {"success": 1, "data": {"success": 1, "failed": 0}}
    play.sim.faults.add(action="status", path=EDIT, code=200, body=body, content_type="application/json")
    result = play.task(USER, {**ANNA, "role": "author"})
    (entry,) = result.site(1)["users"]
    assert (entry["result"], entry["reason"]) == ("failed", "not_changed")
    assert "nothing happened: edit had no effect" in entry["message"]


def test_a_site_that_leaves_while_the_task_looks_at_it(direct_for):
    """One is taken out of the Dashboard, one is cut off: neither is written to, and the third gets its user."""
    made = fleet(site_of(), site_of(), site_of())
    play = direct_for(made)

    def leave():
        made.sites.pop(1, None)
        lock_out(made, 2)

    happens(play, "/mainwp/v2/sites", leave, skip=1, times=1)
    result = play.task(USER, ANNA)
    assert result.failed
    assert [(site["result"], site["reason"]) for site in result["sites"]] == [
        ("failed", "not_found"),
        ("failed", "disconnected"),
        ("changed", ""),
    ]
    assert "is gone from the Dashboard" in result.site(1)["message"]
    assert [entry.json["websites"] for entry in result.writes] == ["3"]


def test_somebody_else_makes_the_user_in_between(direct_for):
    """1317: the site refuses, and what is there is what was wanted."""
    play = direct_for(fleet(site_of()))
    anna = {**user(), "id": 9, "name": "anna", "posts": "0"}
    happens(play, CREATE, lambda: play.sim.fleet.sites[1].child.users.append(anna))
    result = play.task(USER, ANNA)
    assert not result.failed
    assert "already exists" in result.site(1)["users"][0]["message"]
