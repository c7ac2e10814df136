# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tree that cannot be, and runs in which something fails: all mistakes at once, each failure at its thing, nothing twice."""

from __future__ import annotations

from typing import Any

import haste
import pytest
from integration._config import CONFIG, NEW, OTHER, PASSWORD, counts, drift, world
from integration._job import at_once, job
from integration._play import Task

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_config
from simulator import Client, Tag

pytestmark = pytest.mark.usefixtures("hurry")

#: An answer by which MainWP says that it did nothing.
REFUSED = {"code": "invalid", "message": "No.", "data": {"status": 400}}
SITE = {"site_url": NEW, "admin": "admin", "admin_password": PASSWORD}


def mistakes(result: Any) -> dict[str, str]:
    """Place → text."""
    return {one["place"]: one["text"] for one in result["error"]["mistakes"]}


def test_mistakes_of_the_tree_are_told_before_the_first_request(direct_for):
    play = direct_for(world())
    tree = {
        "tags": [{"name": "a", "colour": "#fff"}],
        "clents": [],
        "clients": [{"name": "x", "email": 1, "suspended": "perhaps"}],
    }
    result = play.task(CONFIG, {"tree": tree, "purge": ["sites"]})
    assert result.failed
    assert {"tags[0].colour", "clents", "clients[0].suspended", "purge[0]"} <= mistakes(result).keys()
    assert "color" in mistakes(result)["tags[0].colour"]
    assert result.journal == []


def test_what_only_the_dashboard_shows_is_told_before_the_first_write(direct_for, dialect):
    """Of all kinds together; and what is not there only because of a mistake is not told again."""
    play = direct_for(world(tags=[Tag(1, "Old"), Tag(2, "Twin"), Tag(3, "Twin")], clients=[Client(7, "Acme")]), dialect)
    tree = {
        "settings": {"advanced": {"sync_data": {"plugins": False}}},
        "tags": [{"name": "old", "color": "#fff"}, {"name": "New"}],
        "sites": [
            {"site_url": "s01.example", "site_tags": ["Nwe"], "client": "Acne"},
            {"site_url": "s02.example", "site_tags": ["Twin"]},
            {"site_url": NEW, "admin": "admin"},
            {"site_url": OTHER},
        ],
        "plugins": [{"plugins": ["acme-forms"], "state": "active", "sites": ["nowhere.example"]}],
        "costs": [
            {"name": "x", "price": 1, "sites": [NEW]},
            {"name": "y", "price": 1, "product_type": "fonts", "sites": ["1"]},
        ],
    }
    checked, result = play.tasks(Task(CONFIG, {"tree": tree}, check=True), Task(CONFIG, {"tree": tree}))
    assert result.failed
    assert result.writes == []
    assert mistakes(result) == mistakes(checked)
    told = mistakes(result)
    assert set(told) == {
        "tags[0].name",
        "sites[0].site_tags[0]",
        "sites[0].client",
        "sites[1].site_tags",
        "sites[2].admin_password",
        "sites[3].admin",
        "plugins[0].sites[0]",
        "costs[1].product_type",
    }, told
    assert "New" in told["sites[0].site_tags[0]"]
    assert "Acme" in told["sites[0].client"]
    assert "Give it as secrets.sites['http://new.example/'].admin_password" in told["sites[2].admin_password"]


def test_a_missing_password_is_asked_for_by_the_role_s_own_name(direct_for):
    tree = {"sites": [{"site_url": "http://new.example/", "admin": "admin"}]}
    result = direct_for(world()).task(CONFIG, {"tree": tree, "tree_prefix": "dashboard_config_"})
    asked = mistakes(result)["dashboard_config_sites[0].admin_password"]
    assert "Give it as dashboard_config_secrets.sites['http://new.example/'].admin_password" in asked


def test_two_entries_that_would_undo_each_other_are_a_mistake(direct_for):
    play = direct_for(world(tags=[Tag(1, "Shops")]))
    play.sim.fleet.sites[2].tags = [1]
    tree = {
        "plugins": [
            {"plugins": ["acme-forms"], "state": "active", "all_sites": True},
            {"plugins": ["acme-forms/acme-forms.php"], "state": "inactive", "site_tags": ["Shops"]},
        ],
        "themes": [
            {"themes": ["stone"], "state": "active", "all_sites": True},
            {"themes": ["paper"], "state": "active", "sites": ["s01.example"]},
        ],
        "users": [
            {"login": "anna", "email": "a@x.example", "all_sites": True},
            {"login": "anna", "role": "editor", "email": "a@x.example", "sites": ["1"]},
        ],
    }
    result = play.task(CONFIG, {"tree": tree})
    assert set(mistakes(result)) == {"plugins[1]", "themes[1]"}
    assert "plugins[0]" in mistakes(result)["plugins[1]"]
    assert "https://s02.example/" in mistakes(result)["plugins[1]"]
    assert result.writes == []


def test_what_fails_keeps_no_other_from_its_turn_and_is_told_at_its_thing(direct_for, dialect):
    """A client that cannot be made, the site that needs it, the plugin of that site; all else is done."""
    play = direct_for(world(), dialect)
    play.sim.faults.add(method="POST", path=r"/mainwp/v2/clients/add", action="status", code=400, body=REFUSED)
    tree = {
        "clients": [{"name": "Acme"}, {"name": "Berg"}],
        "sites": [{"site_url": "s01.example", "client": "Acme"}, {"site_url": "s02.example", "client": "Berg"}],
        "costs": [{"name": "x", "price": 1, "clients": ["Acme"]}],
        "api_keys": [{"description": "new"}],
    }
    result = play.task(CONFIG, {"tree": tree})
    rows = {row["place"]: row for row in result["drift"]}
    assert result.failed
    assert result.changed
    assert not result["broken_off"]
    assert rows["clients[0]"]["reason"]
    assert "may have needed what failed before: clients[0]" in rows["sites[0]"]["message"]
    assert "clients[0]" in rows["costs[0]"]["message"]
    assert [counts(result, kind).get("done", 0) for kind in ("clients", "sites", "costs", "api_keys")] == [1, 1, 0, 1]
    assert [counts(result, kind).get("failed", 0) for kind in ("clients", "sites", "costs", "api_keys")] == [1, 1, 1, 0]
    again = play.task(CONFIG, {"tree": tree})
    assert not again.failed, again.msg
    assert drift(again) == [
        ("clients", "Acme", "", "missing"), ("sites", "https://s01.example/", "", "wrong"), ("costs", "x", "", "missing"),
    ]  # fmt: skip


def test_a_section_that_cannot_be_written_keeps_no_other_from_its_turn(direct_for):
    play = direct_for(world())
    play.sim.faults.add(method="PUT", path="/mainwp/v2/settings/general/edit", action="status", code=400, body=REFUSED)
    settings = {"general": {"automatic_daily_update": True}, "monitoring": {"uptime_monitoring_interval": "5m"}}
    result = play.task(CONFIG, {"tree": {"settings": settings}})
    assert result.failed
    assert counts(result, "settings") == {"wrong": 2, "done": 1, "failed": 1}
    assert "1 failed – settings.general.automatic_daily_update: edit" in result.msg
    assert [(row["name"], row["reason"]) for row in result["drift"]] == [
        ("general.automatic_daily_update", "api_error"),
        ("monitoring.uptime_monitoring_interval", ""),
    ]


def test_what_is_told_as_done_is_what_was_done(direct_for):
    """Somebody else removed one and renamed the other, after both were looked at."""
    play = direct_for(world(tags=[Tag(1, "Shops", "#111111")], clients=[Client(7, "Acme", "a@acme.example")]))
    fleet = play.sim.fleet

    def edit() -> None:
        fleet.clients[7].name = "Acne"
        del fleet.tags[1]

    play.sim.faults.add(method="PUT", path="/mainwp/v2/settings/general/edit", action="hook", before=edit)
    tree = {
        "settings": {"general": {"automatic_daily_update": True}},
        "tags": [{"name": "Shops", "color": "#222222"}],
        "clients": [{"email": "a@acme.example", "name": "Acme", "phone": "1"}],
    }
    result = play.task(CONFIG, {"tree": tree})
    tag, client = (row for row in result["drift"] if row["kind"] in ("tags", "clients"))
    assert tag["action"] == "created"
    assert client["changes"] == [
        {"key": "name", "before": "Acne", "after": "Acme"},
        {"key": "phone", "before": "", "after": "1"},
    ]


def test_a_key_that_may_not_write_ends_the_run_before_the_first_write(direct_for):
    play = direct_for(world())
    play.connection["api_key"] = play.sim.key("read").token
    checked, result = play.tasks(
        Task(CONFIG, {"tree": {"tags": [{"name": "a"}]}}, check=True, warns=["may only read"]),
        Task(CONFIG, {"tree": {"tags": [{"name": "a"}]}}),
    )
    assert checked.changed
    assert not checked.failed
    assert result.failed
    assert result["error"]["reason"] == "unauthorized"


def test_passwords_are_in_no_result(direct_for):
    """Play looks at the output; here at all that is returned, from both doors."""
    play = direct_for(world())
    tree = {
        "sites": [{**SITE, "admin_password": "wrong-Pass-9"}],
        "users": [{"login": "anna", "email": "a@x.example", "password": "in-Tree-Pass-1", "sites": ["1"]}],
    }
    for door in ("", "host"):
        result = play.task(
            CONFIG, {"tree": tree, "secrets": {"sites": {"*": {"admin_password": PASSWORD}}}}, door=door, check=True
        )
        text = str(result.data)
        assert not result.failed, result.msg
        for secret in (PASSWORD, "wrong-Pass-9", "in-Tree-Pass-1"):
            assert secret not in text


FORMS = {"plugins": ["acme-forms"], "state": "active"}


def test_a_lost_answer_is_looked_for_and_nothing_is_sent_twice(direct_for, dialect):
    play = direct_for(world(), dialect)
    routes = ["tags/add", "clients/add", "sites/add", r"sites/\d+/plugins/activate", "costs/add"]
    for route in routes:
        play.sim.faults.add(method="POST", path=f"/mainwp/v2/{route}", action="reset_after")
    tree = {
        "tags": [{"name": "a"}],
        "clients": [{"name": "Acme"}],
        "sites": [{**SITE, "client": "Acme", "site_tags": ["a"]}],
        "plugins": [{**FORMS, "sites": ["new.example"]}],
        "costs": [{"name": "x", "price": 1, "sites": ["new.example"]}],
    }
    result, again = play.tasks(Task(CONFIG, {"tree": tree}), Task(CONFIG, {"tree": tree}))
    assert not result.failed, result.msg
    sent = [entry.path for entry in result.writes if entry.path.endswith(("/add", "/activate"))]
    assert len(sent) == len(set(sent)) == len(routes)
    assert (again.changed, again.writes) == (False, [])


def test_a_key_that_is_taken_away_ends_the_run_and_all_that_was_not_tried_says_so(direct_for, dialect):
    play = direct_for(world(), dialect)
    denied = {"code": "mainwp_rest_authentication_error", "message": "No.", "data": {"status": 401}}
    play.sim.faults.add(
        method="POST", path="/mainwp/v2/clients/add", action="status", code=401, body=denied, times=None
    )
    tree = {
        "tags": [{"name": "a"}],
        "clients": [{"name": "Acme"}, {"name": "Berg"}],
        "sites": [{"site_url": "s01.example", "client": "Acme"}],
        "plugins": [{**FORMS, "all_sites": True}],
        "costs": [{"name": "x", "price": 1, "sites": ["1"]}],
    }
    result = play.task(CONFIG, {"tree": tree})
    assert result.failed
    assert result.changed
    assert result["broken_off"]
    reasons = {(row["kind"], row["name"]): row["reason"] for row in result["drift"] if row["standing"] != "extra"}
    assert reasons == {
        ("tags", "a"): "",
        ("clients", "Acme"): "unauthorized",
        ("clients", "Berg"): "stopped",
        ("sites", "https://s01.example/"): "stopped",
        ("plugins", "acme-forms/acme-forms.php"): "stopped",
        ("costs", "x"): "stopped",
    }
    assert len([entry for entry in result.writes if "clients/add" in entry.path]) == 1
    assert not [entry for entry in result.writes if "/edit" in entry.path or "activate" in entry.path]


def test_a_site_that_cannot_be_added_keeps_no_other_from_its_turn(direct_for, dialect):
    """Wrong password: its plugin is told as not done, and the other site of the entry has its turn."""
    play = direct_for(world(), dialect)
    tree = {
        "sites": [
            {**SITE, "admin_password": "wrong-Pass-9"},
            {"site_url": OTHER, "admin": "admin", "admin_password": PASSWORD},
        ],
        "plugins": [{**FORMS, "sites": ["s01.example", "new.example", "other.example"]}],
        "costs": [{"name": "x", "price": 1, "sites": ["new.example"]}],
    }
    result = play.task(CONFIG, {"tree": tree})
    assert result.failed
    rows = [
        (row["kind"], row["site"] or row["name"], row["reason"])
        for row in result["drift"]
        if row["standing"] != "extra"
    ]
    assert rows == [
        ("sites", NEW, "api_error"),
        ("sites", OTHER, ""),
        ("plugins", "https://s01.example/", ""),
        ("plugins", OTHER, ""),
        ("plugins", "acme-forms", "not_found"),
        ("costs", "x", "invalid_input"),
    ]
    assert counts(result, "plugins") == {"wrong": 3, "done": 2, "failed": 1}
    assert "sites[0]" in next(row["message"] for row in result["drift"] if row["reason"] == "not_found")


def test_a_site_that_cannot_be_synced_is_told_at_each_of_its_things(direct_for):
    play = direct_for(world())
    new = play.sim.fleet.strangers[NEW]
    play.sim.faults.add(
        method="POST", path="/mainwp/v2/sites/add", action="hook", after=lambda: setattr(new, "down", True)
    )
    tree = {"sites": [SITE], "plugins": [{**FORMS, "all_sites": True}]}
    result = play.task(CONFIG, {"tree": tree})
    assert result.failed
    rows = {row["site"]: row["reason"] for row in result["drift"] if row["kind"] == "plugins"}
    assert rows.pop(NEW)
    assert set(rows.values()) == {""}
    assert counts(result, "plugins") == {"wrong": 4, "done": 3, "failed": 1}


def test_a_new_site_that_cannot_be_synced_is_told_although_nothing_is_said_of_it(direct_for):
    play = direct_for(world())
    sync = "/mainwp/v2/sites/4/sync"
    play.sim.faults.add(method="POST", path=sync, action="status", code=500, times=None)

    def late() -> None:
        """Whether the sync came true is looked for until patience ends."""
        if any(entry.path == sync for entry in play.sim.journal.entries):
            haste.leap(60)

    play.sim.faults.add(method="GET", action="hook", before=late, times=None)
    result = play.task(CONFIG, {"tree": {"sites": [SITE]}}, warns=["http://new.example/: sync"])
    assert not result.failed


def test_old_data_is_synced_once_before_anything_is_said_of_it(direct_for):
    """Somebody activated the plugin on the site itself; its stored data is old. Check mode says that it looked at old data."""
    play = direct_for(world())
    site = play.sim.fleet.sites[1]
    site.dts_sync = 1
    site.child.plugin("acme-forms/acme-forms.php").active = True
    tree = {"plugins": [{**FORMS, "all_sites": True}, {"plugins": ["shop"], "state": "active", "all_sites": True}]}
    planned, result, again = play.tasks(
        Task(CONFIG, {"tree": tree}, check=True), Task(CONFIG, {"tree": tree}), Task(CONFIG, {"tree": tree})
    )
    assert planned["stale_sites"] == ["https://s01.example/"]
    assert counts(planned, "plugins") == {"right": 3, "wrong": 3}
    assert not result.failed, result.msg
    assert counts(result, "plugins") == {"right": 4, "wrong": 2, "done": 2}
    assert [entry.path for entry in result.writes].count("/mainwp/v2/sites/1/sync") == 1
    assert (again.changed, again.writes, again["stale_sites"]) == (False, [], [])
    assert again.msg.startswith("The Dashboard is as the tree says")
    site.dts_sync, site.child.plugin("shop/shop.php").active = 1, False
    unseen = play.task(CONFIG, {"tree": tree}, check=True)
    assert unseen.msg.startswith("As far as is known, the Dashboard is as the tree says · 1 site to be synced first")


def test_sites_that_are_down_are_tolerated_up_to_a_number(direct_for):
    play = direct_for(world())
    play.sim.fleet.sites[2].sync_errors, play.sim.fleet.sites[2].child.down = "ERROR: it did not answer", True
    tree = {"plugins": [{**FORMS, "all_sites": True}]}
    strict = play.task(CONFIG, {"tree": tree}, check=True)
    result = play.task(CONFIG, {"tree": tree, "max_failed_sites": "1"}, warns=["https://s02.example/"])
    assert strict.failed
    assert not result.failed, result.msg
    assert counts(result, "plugins") == {"wrong": 3, "done": 2, "failed": 1}
    assert (strict["summary"]["left"], result["summary"]["left"]) == (3, 1)
    assert [row["reason"] for row in result["drift"] if row["site"] == "https://s02.example/"] == ["locked_out"]


def test_what_the_tree_wants_is_told_also_where_it_was_not_done(direct_for, tmp_path):
    """Another run is at one site, one refuses, one does not tell what became of it, and of one thing it is known that it cannot be."""
    play = direct_for(world())
    folder = str(tmp_path / "locks")
    other = Locks(folder, play.sim.url)
    assert other.take(["192.0.2.1", "site-1"]) is None
    refused = {"method": "POST", "path": r"/mainwp/v2/sites/2/plugins/activate", "action": "status", "code": 400}
    play.sim.faults.add(**refused, body=REFUSED)
    tree = {
        "plugins": [{**FORMS, "all_sites": True}, {"plugins": ["shop"], "state": "absent", "sites": ["3"]}],
        "users": [{"login": "zoe", "role": "editor", "email": "z@x.example", "sites": ["1"]}],
    }
    result = play.task(CONFIG, {"tree": tree, "lock_dir": folder, "lock_timeout": 0})
    told = {(row["name"], row["site"][8:11], row["reason"]): row["changes"] for row in result["drift"] if row["site"]}
    wanted = [{"key": "plugin", "before": "inactive", "after": "active"}]
    assert told["acme-forms/acme-forms.php", "s01", "locked"] == wanted
    assert told["acme-forms/acme-forms.php", "s02", "child_error"] == wanted
    assert told["acme-forms/acme-forms.php", "s03", ""] == wanted
    assert told["shop/shop.php", "s03", "is_active"] == [], "not what it is, in the place of what the tree wants"
    assert told["zoe", "s01", "locked"] == [{"key": "user", "before": "absent", "after": "editor z@x.example"}]


def test_an_interrupted_run_tells_what_it_did(simulate):
    """Nothing more is started, and what was done is told."""
    sim = simulate(at_once(world()))
    reporter = Collector()
    sim.faults.add(
        method="POST",
        path="/mainwp/v2/clients/add",
        action="hook",
        after=lambda: setattr(reporter, "interrupted", True),
    )
    tree = {"clients": [{"name": "Acme"}, {"name": "Berg"}], "costs": [{"name": "x", "price": 1, "sites": ["1"]}]}
    result = job(sim, mainwp_config.DOOR, reporter=reporter, tree=tree)
    assert result["failed"]
    assert result["changed"]
    assert result["broken_off"].startswith("Interrupted")
    assert [(row["name"], row["reason"]) for row in result["drift"]] == [
        ("Acme", ""),
        ("Berg", "stopped"),
        ("x", "stopped"),
    ]


def test_the_token_of_a_new_key_is_told_only_where_its_entry_asks(direct_for):
    play = direct_for(world())
    tree = {"api_keys": [{"description": "told", "return_token": True}, {"description": "silent"}]}
    planned, result, again = play.tasks(
        Task(CONFIG, {"tree": tree}, check=True), Task(CONFIG, {"tree": tree}), Task(CONFIG, {"tree": tree})
    )
    assert "tokens" not in planned.data
    assert list(result["tokens"]) == ["told"]
    assert "tokens" not in again.data


def test_only_some_kinds_are_looked_at(direct_for):
    play = direct_for(world())
    tree = {"tags": [{"name": "a", "sites": ["1"]}], "clients": [{"name": "Acme"}]}
    result = play.task(CONFIG, {"tree": tree, "only": ["tags"]})
    assert drift(result) == [("tags", "a", "", "missing")]
    assert not play.sim.fleet.sites[1].tags
    assert not play.sim.fleet.clients


@pytest.mark.parametrize("limit", [{"max_failed_sites": "0"}, {"stop_after": "0"}])
def test_brakes_end_the_whole_run(direct_for, limit):
    """What comes later is not refused one by one by the brakes of an entry before."""
    play = direct_for(world())
    for number in (1, 2):
        play.sim.faults.add(
            method="POST",
            path=rf"/mainwp/v2/sites/{number}/plugins/activate",
            action="status",
            code=400,
            body=REFUSED,
            times=None,
        )
    tree = {
        "plugins": [{**FORMS, "all_sites": True}],
        "users": [{"login": "anna", "email": "a@x.example", "sites": ["3"]}],
        "costs": [{"name": "x", "price": 1, "sites": ["1"]}],
    }
    result = play.task(CONFIG, {"tree": tree, **limit, "concurrency": 1})
    assert result.failed
    assert result["broken_off"]
    rows = {
        row["kind"]: row["reason"]
        for row in result["drift"]
        if row["kind"] in ("users", "costs") and row["standing"] != "extra"
    }
    assert rows == {"users": "stopped", "costs": "stopped"}
    assert not play.sim.fleet.costs
