# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole Dashboard as a tree says: what differs is told, done once, and right afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from integration._config import CONFIG, NEW, SECRETS, counts, drift, world
from integration._play import Task

pytestmark = pytest.mark.usefixtures("hurry")

TREE: dict[str, Any] = {
    "settings": {"general": {"automatic_daily_update": True}, "monitoring": {"uptime_monitoring_interval": "5m"}},
    "client_fields": [{"name": "VAT", "description": "Number"}],
    "cost_product_types": [{"title": "Fonts"}],
    "cost_payment_methods": [{"title": "Barter"}],
    "tags": [{"name": "Canary", "color": "#f5a623", "sites": ["s01.example"]}],
    "clients": [{"name": "Acme", "email": "a@acme.example", "sites": ["s02.example"]}],
    "sites": [
        {"site_url": "https://s01.example", "name": "First", "client": "Acme"},
        {"site_url": NEW, "name": "New", "client": "Acme", "site_tags": ["Canary"], "admin": "admin"},
    ],
    "ignored_updates": [{"core": True, "site_tags": ["Canary"]}],
    "plugins": [{"plugins": ["acme-forms"], "state": "active", "all_sites": True}],
    "themes": [{"themes": ["stone"], "state": "active", "clients": ["Acme"]}],
    "users": [{"login": "anna", "email": "anna@acme.example", "clients": ["Acme"]}],
    "costs": [
        {"name": "Fonts", "product_type": "fonts", "payment_method": "barter", "price": 12, "site_tags": ["Canary"]},
        {"name": "Hosting", "price": 5, "sites": ["new.example"]},
    ],
    "api_keys": [{"description": "monitoring", "permissions": "read"}],
}
OPTIONS = {"tree": TREE, "secrets": SECRETS}
#: What only the run finds, on the site that it adds.
AT_NEW = {("ignored_updates", "core"), ("plugins", "acme-forms/acme-forms.php"), ("themes", "stone"), ("users", "anna")}


def test_a_tree_is_told_then_done_then_right(direct_for, dialect):
    """What the rehearsal plans and what the run does agree, but for what is on a site that is not there yet."""
    play = direct_for(world(), dialect)
    planned, made, again = play.tasks(
        Task(CONFIG, OPTIONS, check=True, diff=True), Task(CONFIG, OPTIONS, diff=True), Task(CONFIG, OPTIONS, diff=True)
    )
    assert planned.writes == []
    assert planned.changed
    assert planned.msg == (
        "10 wrong, 11 missing, 21 would be done · 6 extra · what is to be done on 1 site is known once it is there"
    )
    assert "new.example" in planned["by_hand"][0]
    assert not made.failed, made.msg
    assert made.msg == "13 wrong, 12 missing, 25 done · 6 extra"
    found = {(row["kind"], row["name"], row["site"]): row for row in made["drift"] if row["standing"] != "extra"}
    assert {(kind, name) for kind, name, site in found if site == NEW} == AT_NEW
    for row in planned["drift"]:
        if row["standing"] != "extra":
            same = found[row["kind"], row["name"], row["site"]]
            assert {**same, "message": ""} == {**row, "message": ""}
    assert all(part["after"] in [entry["after"] for entry in made["diff"]] for part in planned["diff"])
    assert (again.changed, again.writes, again["diff"], again.msg) == (
        False,
        [],
        [],
        "The Dashboard is as the tree says · 6 extra",
    )
    assert again["extra"]["sites"] == ["https://s03.example/"]
    assert counts(again, "plugins") == {"right": 4}
    stored = play.sim.fleet
    new = next(site for site in stored.sites.values() if site.url == NEW)
    assert [stored.tags[number].name for number in new.tags] == ["Canary"]
    assert {site.id for site in stored.sites.values() if site.client_id} == {1, 2, new.id}


def test_a_change_by_hand_is_drift_with_both_values(direct_for):
    """Settings, things of the Dashboard, things on sites; and what nobody mentions stays."""
    play = direct_for(world())
    play.task(CONFIG, OPTIONS)
    fleet = play.sim.fleet
    tag = next(iter(fleet.tags.values()))
    tag.color = "#000000"
    fleet.sites[1].name = "Renamed"
    told, mended = play.tasks(Task(CONFIG, OPTIONS, check=True), Task(CONFIG, OPTIONS))
    assert drift(told) == [("tags", "Canary", "", "wrong"), ("sites", "https://s01.example/", "", "wrong")]
    assert told["drift"][0]["changes"] == [{"key": "color", "before": "#000000", "after": "#f5a623"}]
    assert [row["changes"] for row in told["drift"] if row["name"] == "https://s01.example/"] == [
        [{"key": "name", "before": "Renamed", "after": "First"}]
    ]
    assert mended.changed
    assert (tag.color, fleet.sites[1].name) == ("#f5a623", "First")
    assert len(mended.writes) == 2


def test_what_a_site_is_said_to_leave_is_not_worked_on(direct_for):
    """A removed site is out of all that comes later, in the rehearsal, too."""
    play = direct_for(world())
    tree = {
        "sites": [
            {"site_url": "https://s02.example", "state": "absent"},
            {"site_url": "https://s03.example", "suspended": True},
        ],
        "plugins": [{"plugins": ["acme-forms"], "state": "active", "all_sites": True}],
    }
    planned, made, again = play.tasks(
        Task(CONFIG, {"tree": tree}, check=True), Task(CONFIG, {"tree": tree}), Task(CONFIG, {"tree": tree})
    )
    for result in (planned, made):
        assert drift(result) == [
            ("sites", "https://s02.example/", "", "wrong"),
            ("sites", "https://s03.example/", "", "wrong"),
            ("plugins", "acme-forms/acme-forms.php", "https://s01.example/", "wrong"),
        ]
        assert counts(result, "plugins")["skipped"] == 1
    assert not made.failed, made.msg
    assert (again.changed, again.writes) == (False, [])
    assert 2 not in play.sim.fleet.sites


def test_a_site_that_comes_back_has_its_turn_in_the_same_run(direct_for):
    """Suspended, and disconnected: users and plugins there are done once it is neither."""
    play = direct_for(world())
    play.sim.fleet.sites[2].suspended = True
    tree = {
        "sites": [{"site_url": "s02.example", "suspended": False}],
        "plugins": [{"plugins": ["acme-forms"], "state": "active", "sites": ["2"]}],
        "users": [{"login": "anna", "email": "a@x.example", "sites": ["2"]}],
    }
    planned, made, again = play.tasks(
        Task(CONFIG, {"tree": tree}, check=True), Task(CONFIG, {"tree": tree}), Task(CONFIG, {"tree": tree})
    )
    assert planned.msg.endswith("what is to be done on 1 site is known once it is there")
    assert drift(planned) == drift(made)[:2]
    assert [row[0] for row in drift(made)] == ["sites", "plugins", "users"]
    assert not made.failed, made.msg
    assert (again.changed, again.writes) == (False, [])


def test_what_mainwp_knows_after_a_sync_is_set_after_the_first_one(direct_for):
    """An empty Dashboard, and a site that is added to it."""
    empty = world()
    empty.sites.clear()
    play = direct_for(empty)
    sync = {"plugins": False, "themes": True}
    tree = {
        "settings": {"advanced": {"sync_data": sync, "maximum_requests": 5}},
        "sites": [{"site_url": NEW, "admin": "admin"}],
    }
    options = {"tree": tree, "secrets": SECRETS}
    planned, made, again = play.tasks(Task(CONFIG, options, check=True), Task(CONFIG, options), Task(CONFIG, options))
    assert not planned.failed, planned.msg
    assert not made.failed, made.msg
    edits = [entry.path for entry in made.writes if "settings" in entry.path or entry.path.endswith("/sync")]
    assert [path.rpartition("/")[2] for path in edits] == ["edit", "sync", "edit"]
    assert (again.changed, again.writes, counts(again, "settings")) == (False, [], {"right": 3})
    refused = play_of_nothing(direct_for).task(CONFIG, {"tree": {"settings": {"advanced": {"sync_data": sync}}}})
    assert [one["place"] for one in refused["error"]["mistakes"]] == [
        "settings.advanced.sync_data.plugins",
        "settings.advanced.sync_data.themes",
    ]


def play_of_nothing(direct_for):
    """A Dashboard without sites, and no site that could be synced."""
    empty = world()
    empty.sites.clear()
    return direct_for(empty)


def test_entries_of_one_kind_reckon_with_what_others_do(direct_for):
    """The active theme shall go and another be active; an e-mail address changes hands; whatever comes first in the list."""
    play = direct_for(world())
    sites = {"sites": ["1", "2"]}
    old = {"login": "old", "email": "a@x.example", **sites}
    play.task(CONFIG, {"tree": {"users": [old]}})
    gone = {"login": "old", "state": "absent", "posts": "reassign_to_connection_user", **sites}
    tree = {
        "plugins": [
            {"plugins": ["shop"], "state": "absent", **sites},
            {"plugins": ["shop"], "state": "absent", "force": True, "all_sites": True},
        ],
        "themes": [
            {"themes": ["paper"], "state": "absent", **sites},
            {"themes": ["stone"], "state": "active", **sites},
        ],
        "users": [{**old, "login": "new"}, gone],
    }
    planned, made, again = play.tasks(*(Task(CONFIG, {"tree": tree}, check=check) for check in (True, False, False)))
    assert not planned.failed, planned.msg
    assert not made.failed, made.msg
    assert [{**row, "message": ""} for row in planned["drift"]] == [{**row, "message": ""} for row in made["drift"]]
    assert counts(made, "plugins") == {"right": 2, "wrong": 3, "done": 3}
    assert counts(made, "themes") == {"wrong": 4, "done": 4}
    assert counts(made, "users") == {"wrong": 2, "missing": 2, "done": 4}
    assert (again.changed, again.writes) == (False, [])


def test_what_another_entry_did_not_do_is_not_reckoned_with(direct_for):
    """The theme could not be switched, so the active one stays; two users want one e-mail address."""
    play = direct_for(world())
    refusal = {"code": "mainwp_error", "message": "No.", "data": {"status": 400}}
    play.sim.faults.add(
        method="POST", path=r"/mainwp/v2/sites/1/themes/activate", action="status", code=400, body=refusal
    )
    tree = {
        "themes": [
            {"themes": ["paper"], "state": "absent", "sites": ["1"]},
            {"themes": ["stone"], "state": "active", "sites": ["1"]},
        ],
        "users": [{"login": login, "email": "a@x.example", "sites": ["1"]} for login in ("anna", "berta")],
    }
    planned, made = play.tasks(Task(CONFIG, {"tree": tree}, check=True), Task(CONFIG, {"tree": tree}))
    reasons = {row["name"]: row["reason"] for row in made["drift"]}
    assert (reasons["paper"], reasons["berta"]) == ("is_active", "email_taken")
    assert reasons["stone"]
    assert {row["name"]: row["reason"] for row in planned["drift"]} == {
        **dict.fromkeys(reasons, ""),
        "berta": "email_taken",
    }
    assert made["summary"]["left"] == 3
