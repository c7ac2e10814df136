# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several child sites in one task. Numbers are exchanges of the recording wp71-resources2."""

from __future__ import annotations

import json
import threading

import pytest
from integration._fleets import child, fleet
from integration._job import job
from integration._play import Task

from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _engine as engine
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_site
from simulator import Client, Fleet, Site, Tag

ADD = r"/mainwp/v2/sites/add"
NEW, OTHER = "http://new.example/", "http://other.example/"
ACCESS = {"admin": "admin", "admin_password": "lab-Pass-1"}


def four(**fields) -> Fleet:
    """Sites s01 to s04, two tags, a client, and two children that no Dashboard knows."""
    strangers = {url: child(password="lab-Pass-1", has_key=False) for url in (NEW, OTHER)}
    made = fleet(
        *(child() for dummy in range(4)),
        strangers=strangers,
        tags=[Tag(1, "a"), Tag(2, "b")],
        clients=[Client(7, "Acme", "office@acme.example")],
        **fields,
    )
    made.settings["advanced"] = {"mainwp_minimum_delay": 0, "mainwp_minimum_ip_delay": 0}
    return made


def named(result) -> dict[str, tuple[str, str]]:
    """Address → action and reason."""
    return {entry["url"]: (entry["action"], entry["reason"]) for entry in result["sites"]}


def listed(*entries, **options) -> dict:
    return {"child_sites": list(entries), **options}


def test_a_list_is_planned_done_and_found_again(direct_for, dialect):
    play = direct_for(four(), dialect)
    options = listed(
        {"site_url": NEW, **ACCESS, "name": 'It\'s "new"', "client": "acme", "site_tags": ["a"], "suspended": True},
        {"site_url": "s01.example", "name": "One", "monitoring_emails": ["a@x.example"], "health_threshold": 80},
        {"id": 2, "connected": False, "site_tags": ["B"], "site_tags_mode": "add"},
        {"site_url": "https://www.s03.example/", "suspended": False},
    )
    planned, done, again = play.tasks(
        Task("mainwp_site", options, check=True, diff=True),
        Task("mainwp_site", options, diff=True),
        Task("mainwp_site", options),
    )
    assert planned.writes == []
    assert planned.msg == "4 sites: 1 would be created, 2 would be changed, 1 as wanted"
    assert done.msg == "4 sites: 1 created, 2 changed, 1 as wanted"
    assert (
        named(planned)
        == named(done)
        == {
            NEW: ("created", ""),
            "https://s01.example/": ("changed", ""),
            "https://s02.example/": ("changed", ""),
            "https://s03.example/": ("unchanged", ""),
        }
    )
    assert [part["after"] for part in planned["diff"]] == [part["after"] for part in done["diff"]]
    assert len(done["diff"]) == 3
    stored = play.sim.fleet.sites
    added = stored[done["sites"][0]["id"]]
    assert (added.name, added.client_id, added.tags, added.suspended) == ('It\'s "new"', 7, [1], True)
    assert (stored[1].name, stored[1].health_threshold, stored[2].tags) == ("One", 80, [2])
    assert done["sites"][1]["site"]["monitoring_emails"] == ["a@x.example"]
    assert done["sites"][2]["site"]["connection"] == "disconnected"
    assert done["summary"] == {
        "sites": 4,
        "created": 1,
        "changed": 2,
        "unchanged": 1,
        "failed_sites": [],
        "stopped_sites": [],
        "failed": False,
        "msg": done.msg,
    }
    assert (again.changed, again.writes, again.msg) == (False, [], "4 sites: 4 as wanted")
    assert [entry["site"] for entry in again["sites"]] == [entry["site"] for entry in done["sites"]]


def test_an_empty_list_asks_nothing(direct_for):
    result = direct_for(four()).task("mainwp_site", listed())
    assert (result.failed, result.changed, result.msg, result.journal) == (False, False, "0 sites", [])


ALONE = [
    (listed({"id": 1}, site_url="s01.example"), ["mutually exclusive: site_url|child_sites"]),
    (listed({"id": 1}, state="absent"), ["state: child_sites makes sites present"]),
    (listed({"id": 1}, suspended=True), ["suspended: belongs to each of child_sites"]),
    (listed({"id": 1}, site_tags_mode="add"), ["site_tags_mode: belongs to each of child_sites"]),
    (
        listed({"id": 1, "nmae": "x"}, {"id": 2}, {"id": 3, "suspended": "perhaps"}, {"id": 4, "ssl_version": "9"}),
        [
            "child_sites[0]: there is no option nmae.",
            "child_sites[2]: argument 'suspended' is of type",
            "child_sites[3]: value of ssl_version must be one of",
        ],
    ),
    (listed({"id": 1}, {"name": "x"}), ["child_sites[1].site_url: which site?"]),
    (
        listed({"id": 1, "health_threshold": 101}, {"id": 2}, {"site_url": "a.example, b.example"}, {"id": 1}),
        [
            "3 problems.",
            "child_sites[0].health_threshold: 101 is not between 0 and 100.",
            "child_sites[2].site_url: 'a.example, b.example' is no address of one site",
            "child_sites[3].id: that is the site of child_sites[0], too.",
        ],
    ),
    (
        listed({"site_url": "https://www.S01.example"}, {"site_url": "s01.example/", "name": "x"}),
        ["child_sites[1].site_url: that is the site of child_sites[0], too."],
    ),
]


@pytest.mark.parametrize(("options", "says"), ALONE)
def test_what_the_list_alone_shows_is_refused_before_any_request(direct_for, options, says):
    result = direct_for(four()).task("mainwp_site", options)
    assert (result.failed, result.changed, result.journal) == (True, False, [])
    for text in says:
        assert text in result.msg


def test_only_who_names_a_site_by_its_address_hears_of_twins(direct_for):
    by_id, by_address = direct_for(four()).tasks(
        Task("mainwp_site", listed({"id": 1}, {"id": 1, "name": "x"})),
        Task("mainwp_site", listed({"site_url": "s01.example"}, {"site_url": "s01.example/", "name": "x"})),
    )
    assert [("www." in result.msg, result.writes) for result in (by_id, by_address)] == [(False, []), (True, [])]


def test_what_the_dashboard_shows_is_refused_at_once_before_any_write(direct_for):
    """31, 258, 434, 1898: tags would be made, clients lost, connections taken."""
    result = direct_for(four()).task(
        "mainwp_site",
        listed(
            {"id": 1, "name": "Would be done"},
            {"id": 2, "site_tags": ["nosuch"]},
            {"id": 3, "client": "nobody"},
            {"id": 99},
            {"site_url": "s01.example"},
            {"site_url": "https://s04.example/sub/", **ACCESS},
            {"site_url": "http://nowhere.example/"},
            {"site_url": NEW, **ACCESS},
            {"site_url": f"{NEW}sub", **ACCESS},
        ),
    )
    assert (result.failed, result.writes, result["error"]["reason"]) == (True, [], "invalid_input")
    for text in (
        "7 problems.",
        "child_sites[1].site_tags: the Dashboard has no tag 'nosuch'",
        "child_sites[2].client: the Dashboard has no client 'nobody'",
        "child_sites[3].id: the Dashboard has no site with the id 99",
        "child_sites[4].site_url: that is the site of child_sites[0], too.",
        "child_sites[5].site_url: 'https://s04.example/sub/' may be another address of site 'https://s04.example/'",
        "child_sites[6].admin: the Dashboard has no site 'nowhere.example'",
        "child_sites[8].site_url: 'http://new.example/sub' may be another address of child_sites[7], and",
    ):
        assert text in result.msg


def test_one_that_fails_keeps_no_other_from_its_turn(direct_for):
    """24: a wrong password; an edit that says done and did nothing; a child that is down."""
    play = direct_for(four())
    play.sim.faults.add(method="PUT", path=r"/mainwp/v2/sites/1/edit", action="status", code=200, body={"success": 1})
    play.sim.fleet.sites[2].child.down = True
    result = play.task(
        "mainwp_site",
        listed(
            {"site_url": NEW, **ACCESS, "admin_password": "wrong-Pass-9"},
            {"id": 1, "name": "One"},
            {"id": 2, "connected": False, "name": "Two"},
            {"id": 3, "name": "Three"},
            {"site_url": OTHER, **ACCESS},
            {"id": 4, "name": "S 4"},
        ),
    )
    assert (result.failed, result.changed) == (True, True)
    assert [(entry["action"], entry["changed"]) for entry in result["sites"]] == [
        ("unchanged", False),
        ("unchanged", False),
        ("changed", True),
        ("changed", True),
        ("created", True),
        ("unchanged", False),
    ]
    reasons = [entry["reason"] for entry in result["sites"]]
    assert (reasons[:2], bool(reasons[2]), reasons[3:]) == (["api_error", "not_stored"], True, [""] * 3)
    assert "Check admin and admin_password" in result["sites"][0]["message"]
    assert result["sites"][2]["site"]["name"] == "Two"
    assert result["summary"]["failed_sites"] == [NEW, "https://s01.example/", "https://s02.example/"]
    assert result.msg.startswith("6 sites: 1 created, 1 changed, 1 as wanted, 3 failed – http://new.example/: add ")
    assert not any(secret in json.dumps(result.data) for secret in ("wrong-Pass-9", "lab-Pass-1"))


def test_one_that_cannot_be_read_closely_keeps_no_other_from_its_turn(direct_for):
    play = direct_for(four())
    play.sim.faults.add(method="GET", path="/mainwp/v2/sites/2", action="status", code=500, times=None)
    result = play.task(
        "mainwp_site", listed(*({"id": number, "automatic_update": True} for number in (1, 2, 3)), retries=0)
    )
    assert (result.failed, result.changed) == (True, True)
    assert [entry["action"] for entry in result["sites"]] == ["changed", "unchanged", "changed"]
    assert [bool(entry["reason"]) for entry in result["sites"]] == [False, True, False]
    play.sim.faults.add(method="GET", path="/mainwp/v2/sites/4", action="status", code=401, times=None)
    refused = play.task("mainwp_site", listed({"id": 4, "automatic_update": True}, retries=0))
    assert refused["error"]["reason"] == "unauthorized"
    assert refused.writes == []


def test_a_bug_met_at_one_site_costs_no_other_its_turn(direct_for, monkeypatch):
    carry_out = engine.carry_out

    def broken(resource, dashboard, state, wanted, plan, *more, **keywords):
        if plan.before.id == 2:
            raise KeyError("nobody thought of this")
        return carry_out(resource, dashboard, state, wanted, plan, *more, **keywords)

    monkeypatch.setattr(engine, "carry_out", broken)
    entries = [{"id": number, "name": f"New {number}"} for number in (1, 2, 3)]
    result = job(direct_for(four()).sim, mainwp_site.DOOR, **listed(*entries))
    assert (result["failed"], result["changed"]) == (True, True)
    assert named(result)["https://s01.example/"] == named(result)["https://s03.example/"] == ("changed", "")
    assert named(result)["https://s02.example/"][1] != ""
    assert result["broken_off"] == ""


def test_a_site_waits_for_another_run_for_as_long_as_is_said(direct_for, tmp_path):
    play = direct_for(four())
    folder = str(tmp_path / "locks")
    other = Locks(folder, play.sim.url)
    assert other.take(["site-1"]) is None
    threading.Timer(0.3, other.close).start()
    result = play.task("mainwp_site", {"id": 1, "connected": False, "lock_dir": folder, "lock_timeout": 30})
    assert (result.failed, result.changed) == (False, True), result.msg


def test_a_key_that_is_taken_back_ends_the_run_with_a_whole_report(direct_for):
    play = direct_for(four())
    play.connection["concurrency"] = 1
    play.sim.faults.add(
        method="PUT",
        path=r"/mainwp/v2/sites/2/edit",
        action="status",
        code=401,
        body={"code": "mainwp_rest_authentication_error", "message": "Sorry, you are not allowed."},
    )
    result = play.task("mainwp_site", listed(*({"id": number, "name": f"New {number}"} for number in (1, 2, 3, 4))))
    assert (result.failed, result.changed) == (True, True)
    assert named(result) == {
        "https://s01.example/": ("changed", ""),
        "https://s02.example/": ("unchanged", "unauthorized"),
        "https://s03.example/": ("unchanged", "stopped"),
        "https://s04.example/": ("unchanged", "stopped"),
    }
    assert "broken off: " in result.msg
    assert result["broken_off"]
    assert result["summary"]["stopped_sites"] == ["https://s03.example/", "https://s04.example/"]
    assert [site.name for site in play.sim.fleet.sites.values()] == ["New 1", "S 2", "S 3", "S 4"]


def test_a_key_that_may_only_read_is_named_before_any_write(direct_for):
    play = direct_for(four())
    play.connection["api_key"] = play.sim.key("read").token
    result = play.task("mainwp_site", listed({"id": 1, "name": "New"}, {"id": 2, "name": "S 2"}))
    assert (result.failed, result.writes) == (True, [])
    assert "The API key may only read" in result.msg


def test_sites_at_which_another_run_works_wait_and_others_do_not(direct_for, tmp_path):
    play = direct_for(four())
    folder = str(tmp_path / "locks")
    other = Locks(folder, play.sim.url)
    assert other.take(["192.0.2.1", "site-1"]) is None
    result = play.task(
        "mainwp_site",
        listed(
            {"id": 1, "connected": False},
            {"id": 2, "connected": False},
            {"id": 3, "name": "Three"},
            lock_dir=folder,
            lock_timeout=0,
        ),
    )
    other.close()
    assert [entry["reason"] for entry in result["sites"]] == ["locked", "", ""]
    assert not play.task("mainwp_site", listed({"id": 1, "connected": False}, lock_dir=folder)).failed


@pytest.mark.parametrize("action", ["gateway_timeout", "reset_after"])
def test_lost_answers_are_looked_for_and_never_repeated(direct_for, action):
    play = direct_for(four())
    play.sim.faults.add(method="POST", path=ADD, action=action)
    play.sim.faults.add(method="PUT", path=r"/mainwp/v2/sites/1/edit", action=action)
    result = play.task(
        "mainwp_site", listed({"site_url": NEW, **ACCESS, "name": "New"}, {"id": 1, "name": "One"}, {"id": 2})
    )
    assert (result.failed, [entry["action"] for entry in result["sites"]]) == (
        False,
        ["created", "changed", "unchanged"],
    )
    assert sum(entry.path.endswith("/add") for entry in result.writes) == 1
    assert sorted(site.name for site in play.sim.fleet.sites.values()) == ["New", "One", "S 2", "S 3", "S 4"]


def test_a_site_that_somebody_else_adds_meanwhile_is_found(direct_for):
    """38: the second add answers with the number of the first."""
    play = direct_for(four())

    def rival() -> None:
        play.sim.fleet.add(Site(50, NEW, "Theirs", play.sim.fleet.strangers.pop(NEW)))

    play.sim.faults.add(method="POST", path=ADD, action="hook", before=rival)
    result = play.task("mainwp_site", listed({"site_url": NEW, **ACCESS, "name": "Ours"}, {"id": 1, "name": "One"}))
    assert (result.failed, result["sites"][0]["id"], result["sites"][0]["site"]["name"]) == (False, 50, "Ours")


@pytest.mark.parametrize("door", ["controller", "host"])
def test_passwords_in_a_list_are_shown_nowhere(direct_for, door):
    play = direct_for(four())
    answer = {"success": 0, "error": "No such user: admin / lab-Pass-1 (uid-secret-1)"}
    play.sim.faults.add(method="POST", path=ADD, action="status", code=200, body=answer)
    options = listed({"site_url": NEW, **ACCESS, "unique_id": "uid-secret-1"}, {"id": 1, "http_pass": "http-secret-1"})
    result = play.task("mainwp_site", options, door=door)
    assert result.failed
    assert "No such user: admin / ****" in result.msg
    assert not any(one in json.dumps(result.data) for one in ("lab-Pass-1", "uid-secret-1", "http-secret-1"))
