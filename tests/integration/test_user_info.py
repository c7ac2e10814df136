# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is on which site: by role, by login; and what nobody knows. Numbers are those of recorded exchanges."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration._fleets import child, fleet, lock_out
from jobs import done

from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_report
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_user_info import DOOR
from simulator import Clock

INFO, USERS = "mainwp_user_info", r"/mainwp/v2/users"
ADMIN = {"username": "admin", "email": "admin@x.example", "role": "administrator", "posts": "3"}


def user(login: str, role: str = "editor", **more):
    return {"username": login, "email": f"{login}@x.example", "role": role, **more}


def people(*more):
    return child(users=[dict(ADMIN), *more])


def asked(result) -> list[str]:
    return [request.query.get("websites") for request in result.journal if request.path.endswith("/users")]


def test_administrators_of_the_fleet_are_read_by_one_request(direct_for, dialect):
    made = fleet(*(people(user(f"u{number}"), user("boss", "administrator")) for number in range(1, 26)))
    result = direct_for(made, dialect).task(INFO, {})
    assert not result.failed, result.msg
    assert result["count"] == 50
    assert result["roles"] == ["administrator"]
    assert result.site(1)["users"] == [
        {"id": 1, "login": "admin", "role": "administrator", "posts": 3},
        {"id": 3, "login": "boss", "role": "administrator", "posts": 0},
    ]
    assert len(asked(result)) == 1
    assert result.msg == "50 users on 25 sites"


def test_a_site_that_is_missing_in_an_answer_is_asked_alone(direct_for, dialect):
    """1953: of two, the one that is down is just not there. 1733: alone, it is an error; 1313: without a hit, a list."""
    made = fleet(people(user("anna")), people(), people(user("anna")), people(), people())
    made.sites[3].child.down = True
    made.sites[4].suspended = True
    lock_out(made, 5)
    result = direct_for(made, dialect).task(INFO, {"logins": ["anna"]})
    assert [entry["login"] for entry in result.site(1)["users"]] == ["anna"]
    assert result.site(2)["users"] == []
    assert [(result.site(number)["reason"], "users" in result.site(number)) for number in (3, 4, 5)] == [
        ("disconnected", False),
        ("suspended", False),
        ("disconnected", False),
    ]
    assert "it did not answer" in result.site(5)["message"]
    assert asked(result)[0] == "1,2,3"
    assert sorted(asked(result)[1:]) == ["2", "3"]
    assert result.msg == "1 user on 2 sites · 3 not known"
    assert not result.failed


def test_an_error_for_all_of_them_costs_no_answer_of_one(direct_for):
    """1715: one answer of a child that refuses is an error for whoever asks it alone, with the child's own words."""
    made = fleet(people(), people())
    made.sites[1].child.connection_user = made.sites[2].child.connection_user = 7
    result = direct_for(made).task(INFO, {})
    assert "Unexisting administrator" in result.site(1)["message"]
    assert {site["reason"] for site in result["sites"]} == {"disconnected"}


def test_parts_of_logins_and_names_are_not_hits(direct_for):
    """1311, 1348: the API's search finds parts, in display names, too. WordPress ignores case in logins."""
    made = fleet(
        people(user("anna"), user("annabel"), user("kurt", _first_name="Anna"), user("ben", email="anna@x.ex"))
    )
    found = direct_for(made).task(INFO, {"logins": ["Anna", "kurt", "anna"], "include_email": True}).site(1)["users"]
    assert [(entry["login"], entry["email"]) for entry in found] == [
        ("anna", "anna@x.example"),
        ("kurt", "kurt@x.example"),
    ]


def test_a_role_beside_the_first_one_is_found(direct_for):
    made = fleet(people(user("sly", "subscriber", _more_roles=["administrator"]), user("ed")))
    found = direct_for(made).task(INFO, {}).site(1)["users"]
    assert [(entry["login"], entry["role"]) for entry in found] == [
        ("admin", "administrator"),
        ("sly", "subscriber"),
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"logins": ["Zoë"]}, "no login 'Zoë'"),
        ({"logins": []}, "logins: the list is empty"),
        ({"roles": []}, "roles: the list is empty"),
        ({"roles": ["shop_manager"]}, "shop_manager"),
    ],
)
def test_what_cannot_be_asked_is_refused(direct_for, options, said):
    result = direct_for(fleet(people())).task(INFO, options)
    assert result.failed
    assert said in result.msg
    assert result.journal == []


def test_looks_at_users_are_what_a_report_takes(simulate, tmp_path):
    """Who came between two looks is on the page of the fleet; not who is on a site that the first look did not reach."""
    sim = simulate(fleet(people(), people(user("tardy", "administrator")), clock=Clock(scale=0, start=1764000000.0)))
    options = {"url": sim.url, "api_key": sim.key().token}
    sim.fleet.sites[2].child.down = True
    first = done(DOOR, options)
    sim.fleet.sites[2].child.down = False
    sim.fleet.sites[1].child.users.append({**user("evil", "administrator"), "id": 9, "name": "evil", "posts": "0"})
    sim.fleet.clock.advance(3600)
    second = done(DOOR, options)
    sources = {"sites": [{"dashboard": second["dashboard"], "sites": second["sites"]}], "users": [first, second]}
    told = done(mainwp_report.DOOR, {"page": "fleet", "dir": str(tmp_path), "sources": sources})
    page = Path(told["page"]).read_text(encoding="utf-8")
    assert first["at"] < second["at"]
    assert "evil" in page
    assert "tardy" not in page
