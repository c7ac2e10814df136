# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Dashboard keeps of a child site, and its connection. Numbers are exchanges of the recording wp71-resources2."""

from __future__ import annotations

import pytest
from integration._fleets import child, fleet
from integration._play import Task

from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from simulator import Client, Fleet, Tag, dashboard

ONE = {"site_url": "s01.example"}
NO_KEY = "ERROR: Authentication failed! Please deactivate and re-activate the MainWP Child plugin on this site."


def owned(**fields) -> Fleet:
    """Two sites; the first has a client and a tag."""
    world = fleet(
        child(),
        child(),
        tags=[Tag(1, "a"), Tag(2, "b"), Tag(3, "Shop, EU")],
        clients=[Client(7, "Acme", "office@acme.example"), Client(8, "Bolt")],
        **fields,
    )
    world.sites[1].tags, world.sites[1].client_id = [1], 7
    return world


def sent(result) -> list[dict]:
    """Bodies of the edits."""
    return [entry.json for entry in result.writes if entry.path.endswith("/edit")]


def test_any_name_is_kept_as_it_is(direct_for):
    """306, 311."""
    play = direct_for(owned())
    names = ['Mike\'s "A" & <b>B</b> ü 😀', "two\nlines", "R&amp;D", "back\\slash", "%20 and  blanks", "🙂" * 300]
    for name in names:
        first, second = play.tasks(*[Task("mainwp_site", {**ONE, "name": name})] * 2)
        assert play.sim.fleet.sites[1].name == name
        assert (first.changed, first["site"]["name"]) == (True, name)
        assert (second.changed, second.writes) == (False, [])
    result = play.task("mainwp_site", {**ONE, "name": "two lines"}, diff=True)
    result = play.task("mainwp_site", {**ONE, "name": "two\nlines"}, diff=True)
    assert [result["diff"][0][name] for name in ("before", "after")] == ["name: two lines\n", "name: two\\nlines\n"]


def test_an_edit_takes_neither_client_nor_tags(direct_for):
    """303, 434: an edit without the client takes it."""
    play = direct_for(owned())
    result = play.task("mainwp_site", {**ONE, "name": "New", "ignore_plugin_updates": True})
    assert sent(result) == [{"name": "New", "ignore_plugin_updates": 1, "client_id": 7}]
    site = play.sim.fleet.sites[1]
    assert (site.client_id, site.tags, site.ignore_plugins) == (7, [1], True)


def test_tags_are_put_on_and_taken_off_and_cleared(direct_for):
    """258 to 287: only numbers arrive, never a list, and "0," stands for none."""
    play = direct_for(owned())
    options = [
        {"site_tags": ["Shop, EU"], "site_tags_mode": "add"},
        {"site_tags": ["A", "2"], "site_tags_mode": "remove"},
        {"site_tags": ["b", "a"]},
        {"site_tags": []},
        {"site_tags": []},
    ]
    added, removed, replaced, cleared, again = play.tasks(*(Task("mainwp_site", {**ONE, **one}) for one in options))
    shown = [[tag["name"] for tag in result["site"]["tags"]] for result in (added, removed, replaced, cleared)]
    assert shown == [["a", "Shop, EU"], ["Shop, EU"], ["a", "b"], []]
    assert [sent(result)[0]["groupids"] for result in (added, removed, replaced, cleared)] == ["1,3", "3", "1,2", "0,"]
    assert (again.changed, again.writes, play.sim.fleet.sites[1].client_id) == (False, [], 7)


def test_a_client_is_given_and_taken(direct_for):
    play = direct_for(owned())
    by_name, by_mail, by_id, nobody, again = play.tasks(
        *(Task("mainwp_site", {**ONE, "client": text}) for text in ("bolt", "Office@ACME.example", "8", "", ""))
    )
    assert [result["site"]["client_id"] for result in (by_name, by_mail, by_id, nobody)] == [8, 7, 8, 0]
    assert (by_name["site"]["client_name"], nobody["site"]["client_name"]) == ("Bolt", "")
    assert by_name.msg == "Site 'https://s01.example/' (id 1) was changed (client)."
    assert (again.changed, again.writes) == (False, [])


FLAGS = {
    "ignore_core_updates": True,
    "ignore_plugin_updates": True,
    "ignore_theme_updates": True,
    "automatic_update": True,
    "health_checking": False,
    "health_threshold": 55,
    "monitoring_emails": ["a@x.example", "b@x.example", "a@x.example"],
    "ssl_version": "1.2",
    "force_use_ipv4": "global",
    "protocol": "http",
}
UNSET = {
    **dict.fromkeys(
        ("ignore_core_updates", "ignore_plugin_updates", "ignore_theme_updates", "automatic_update"), False
    ),
    "health_checking": True,
    "health_threshold": 0,
    "monitoring_emails": [],
    "ssl_version": "auto",
    "force_use_ipv4": False,
    "protocol": "https",
}


def test_everything_is_set_and_put_back(direct_for, dialect):
    """318 to 407: numbers, for the text "false" is a yes; 0 is no version of TLS to MainWP, and any word is."""
    play = direct_for(owned(), dialect)
    before = play.task("mainwp_site", {**ONE, **UNSET})
    assert (before["action"], before.writes) == ("unchanged", [])
    planned, done, again, undone, twice = play.tasks(
        Task("mainwp_site", {**ONE, **FLAGS}, check=True, diff=True),
        Task("mainwp_site", {**ONE, **FLAGS}, diff=True),
        Task("mainwp_site", {**ONE, **FLAGS}),
        Task("mainwp_site", {**ONE, **UNSET}),
        Task("mainwp_site", {**ONE, **UNSET}),
    )
    assert planned["diff"] == done["diff"]
    assert len(done.writes) == len(undone.writes) == 1
    assert [(result.changed, result.writes) for result in (again, twice)] == [(False, [])] * 2
    assert sent(undone)[0] == {
        "client_id": 7,
        "ignore_core_updates": 0,
        "ignore_plugin_updates": 0,
        "ignore_theme_updates": 0,
        "automatic_update": 0,
        "disablehealthchecking": 0,
        "healththreshold": 0,
        "monitoring_emails": "",
        "sslversion": "auto",
        "force_use_ipv4": 0,
        "protocol": "https",
    }
    assert done["site"]["url"] == "http://s01.example/"
    assert {name: done["site"][name] for name in FLAGS if name != "protocol"} == {
        name: ["a@x.example", "b@x.example"] if name == "monitoring_emails" else value
        for name, value in FLAGS.items()
        if name != "protocol"
    }
    assert undone["site"] == before["site"]


def test_what_is_never_read_is_written_on_demand(direct_for):
    """409 to 431."""
    play = direct_for(owned())
    secrets = {"admin": "admin", "unique_id": "uid-12345", "http_user": "user", "http_pass": "http-Pass-1"}
    kept, planned, written = play.tasks(
        Task("mainwp_site", {**ONE, **secrets}),
        Task("mainwp_site", {**ONE, **secrets, "update_password": "always"}, check=True, diff=True),
        Task("mainwp_site", {**ONE, **secrets, "update_password": "always"}, diff=True),
    )
    assert (kept["action"], kept.writes) == ("unchanged", [])
    assert written.msg == "Site 'https://s01.example/' (id 1) was changed (admin, unique_id, http_user, http_pass)."
    assert planned["diff"] == written["diff"]
    site = play.sim.fleet.sites[1]
    assert (site.unique_id, site.http_user, site.http_pass, site.client_id) == ("uid-12345", "user", "http-Pass-1", 7)
    assert not any(
        secret in str(result.data) for result in (planned, written) for secret in ("uid-12345", "http-Pass-1")
    )


def test_a_site_is_suspended_and_taken_back(direct_for):
    """449 to 453."""
    play = direct_for(owned())
    off, still, back = play.tasks(*(Task("mainwp_site", {**ONE, "suspended": value}) for value in (True, True, False)))
    assert [entry.path.rpartition("/")[2] for entry in (*off.writes, *back.writes)] == ["suspend", "unsuspend"]
    assert [result["site"]["status"] for result in (off, still, back)] == ["suspended", "suspended", "connected"]
    assert (still.changed, still.writes) == (False, [])


def test_a_site_is_disconnected_and_connected_again(direct_for, dialect):
    """462 to 469: only a sync shows it, and no password is needed to connect it again."""
    play = direct_for(owned(), dialect)
    planned, off, still, on, again = play.tasks(
        Task("mainwp_site", {**ONE, "connected": False}, check=True, diff=True),
        *(Task("mainwp_site", {**ONE, "connected": value}, diff=True) for value in (False, False, True, True)),
    )
    assert [result["site"]["connection"] for result in (planned, off, still, on, again)] == [
        *["disconnected"] * 3,
        *["connected"] * 2,
    ]
    assert planned["diff"] == off["diff"]
    assert [entry.path.rpartition("/")[2] for entry in (*off.writes, *on.writes)] == [
        "disconnect",
        "sync",
        "reconnect",
        "sync",
    ]
    assert (off["site"]["status"], off["site"]["sync_errors"]) == ("disconnected", NO_KEY)
    assert [(result.changed, result.writes) for result in (still, again)] == [(False, [])] * 2
    assert on.msg == "Site 'https://s01.example/' (id 1) was changed (connected)."


def test_one_that_somebody_disconnected_since_is_found_so(direct_for):
    """463: a second disconnect answers that it failed, for the child has no key any more."""
    play = direct_for(owned())
    play.sim.fleet.sites[1].child.has_key = False
    result = play.task("mainwp_site", {**ONE, "connected": False})
    assert (result.failed, result["action"], result["site"]["connection"]) == (False, "changed", "disconnected")


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ({"down": True}, "NOMAINWP"),  # 476
        ({"auth_broken": "Unexisting administrator user."}, "Unexisting administrator user."),  # 1822
    ],
)
def test_one_that_is_lost_is_never_called_disconnected(direct_for, dialect, trouble, says):
    play = direct_for(owned(), dialect)
    for name, value in trouble.items():
        setattr(play.sim.fleet.sites[1].child, name, value)
    dashboard.sync(play.sim.fleet, play.sim.fleet.sites[1])
    for _again in range(2):
        result = play.task("mainwp_site", {**ONE, "connected": False})
        assert (result.failed, result["site"]["connection"]) == (True, "lost")
        assert says in result.msg
    other = play.task("mainwp_site", {**ONE, "name": "Renamed"})
    assert (other.failed, other["site"]["connection"], other["site"]["status"]) == (False, "lost", "disconnected")


def test_behind_http_authentication_nothing_is_disconnected(direct_for):
    """MainWP sends no credentials with this one call."""
    play = direct_for(owned())
    site = play.sim.fleet.sites[1]
    site.child.http_auth = site.http_user, site.http_pass = ("user", "pass")
    result = play.task("mainwp_site", {**ONE, "connected": False})
    assert (result.failed, result.changed, result["site"]["connection"]) == (True, False, "connected")
    assert "Behind HTTP authentication it never does" in result.msg
    assert play.task("mainwp_site", {**ONE, "state": "absent"}).msg.endswith("MainWP Child was deactivated on it.")


def test_one_that_was_lost_is_connected_again(direct_for, dialect):
    """63, 1828, 1890: also past the lock-out that follows a failed sync."""
    play = direct_for(owned(), dialect)
    play.sim.fleet.sites[1].child.down = True
    dashboard.sync(play.sim.fleet, play.sim.fleet.sites[1])
    down = play.task("mainwp_site", {**ONE, "connected": True})
    assert (down.failed, down["site"]["connection"]) == (True, "lost")
    play.sim.fleet.sites[1].child.down = False
    back = play.task("mainwp_site", {**ONE, "connected": True})
    assert (back.failed, back["action"], back["site"]["connection"]) == (False, "changed", "connected")


def test_another_administrator_is_stored_before_it_is_connected(direct_for):
    """1889, 1890: reconnecting works as the administrator that is stored."""
    play = direct_for(owned())
    site = play.sim.fleet.sites[1]
    site.admin, site.child.connection_user, site.sync_errors = "gone", 0, "ERROR: Unexisting administrator user."
    result = play.task("mainwp_site", {**ONE, "admin": "admin", "update_password": "always", "connected": True})
    assert (result.failed, result["site"]["connection"]) == (False, "connected")
    assert [entry.path.rpartition("/")[2] for entry in result.writes] == ["edit", "reconnect", "sync"]


@pytest.mark.parametrize("options", [{"connected": False}, {"state": "absent"}])
def test_a_site_at_which_another_run_works_is_left_alone(direct_for, tmp_path, options):
    play = direct_for(owned())
    folder = str(tmp_path / "locks")
    other = Locks(folder, play.sim.url)
    assert other.take(play_site_locks(play)) is None
    waits = {**ONE, **options, "lock_dir": folder, "lock_timeout": 0}
    refused = play.task("mainwp_site", waits)
    assert (refused.failed, refused.writes, refused["error"]["reason"]) == (True, [], "locked")
    other.close()
    assert not play.task("mainwp_site", waits).failed


def play_site_locks(play) -> list[str]:
    """What any work on site 1 locks."""
    return [play.sim.fleet.sites[1].ip, "site-1"]


def test_somebody_elses_unanswered_work_is_waited_out(direct_for, tmp_path):
    play = direct_for(owned())
    folder = str(tmp_path / "locks")
    other = Locks(folder, play.sim.url)
    other.take(play_site_locks(play))
    other.sending("site-1", ["plugin shop/shop.php"])
    other.close()
    result = play.task("mainwp_site", {**ONE, "state": "absent", "lock_dir": folder})
    assert (result.failed, result.writes, result["error"]["reason"]) == (True, [], "locked")
    assert "plugin shop/shop.php" in result.msg


@pytest.mark.parametrize("action", ["reset_after", "gateway_timeout", "truncate"])
def test_a_lost_edit_is_found_by_reading(direct_for, action):
    play = direct_for(owned())
    play.sim.faults.add(method="PUT", path=r"/mainwp/v2/sites/1/edit", action=action)
    result = play.task("mainwp_site", {**ONE, "name": "New"})
    assert (result.failed, result.changed, len(result.writes)) == (False, True, 1)


@pytest.mark.parametrize("action", ["reset_after", "gateway_timeout"])
@pytest.mark.parametrize("value", [True, False])
def test_a_lost_answer_about_the_connection_is_found_by_a_sync(direct_for, action, value):
    play = direct_for(owned())
    if value:
        play.task("mainwp_site", {**ONE, "connected": False})
    play.sim.faults.add(path=r"/mainwp/v2/sites/1/(dis|re)connect", action=action)
    result = play.task("mainwp_site", {**ONE, "connected": value})
    assert (result.failed, result.changed, len(result.writes)) == (False, True, 2)


@pytest.mark.parametrize("action", ["reset_before", "status"])
def test_a_connection_that_no_sync_shows_was_changed_all_the_same(direct_for, monkeypatch, action):
    monkeypatch.setattr(
        "ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._engine.PATIENCE", (0.01, 0.01)
    )
    play = direct_for(owned())
    play.sim.faults.add(path=r"/mainwp/v2/sites/1/sync", action=action, code=500, body={"code": "x", "message": "Odd."})
    unseen, again = play.tasks(*[Task("mainwp_site", {**ONE, "connected": False})] * 2)
    assert (unseen.failed, unseen.changed, unseen["action"]) == (True, True, "changed")
    assert "MainWP says it was done, but what would show it failed: sync site 1" in unseen.msg
    assert (again.failed, again["site"]["connection"]) == (False, "disconnected")


def test_a_refusal_that_no_child_saw_needs_no_sync(direct_for):
    play = direct_for(owned())
    body = {"code": "mainwp_rest_authentication_error", "message": "No write.", "data": {"status": 401}}
    play.sim.faults.add(path=r"/mainwp/v2/sites/1/disconnect", action="status", code=401, body=body)
    result = play.task("mainwp_site", {**ONE, "connected": False})
    assert (result.failed, result.changed, len(result.writes)) == (True, False, 1)
    assert "did not reach its child" not in result.msg


def test_an_edit_that_says_done_and_did_nothing_is_a_failure(direct_for):
    play = direct_for(owned())
    play.sim.faults.add(method="PUT", path=r"/mainwp/v2/sites/1/edit", action="status", code=200, body={"success": 1})
    result = play.task("mainwp_site", {**ONE, "name": "New", "site_tags": []})
    assert (result.failed, result["error"]["reason"]) == (True, "not_stored")
    assert "name is 'S 1' in place of 'New', site_tags is 'a' in place of ''" in result.msg


def test_what_the_dashboard_does_not_tell_equals_nothing(direct_for):
    """Else a value that could not be stored would be taken for one that is."""
    play = direct_for(owned())
    for _read in range(2):
        play.sim.faults.add(
            method="GET", path=r"/mainwp/v2/sites/1", action="status", code=200, body={"data": {"id": "1"}}
        )
    result = play.task("mainwp_site", {**ONE, "automatic_update": False})
    assert (result.failed, result["error"]["reason"]) == (True, "not_stored")
    assert len(result.writes) == 1


def test_what_is_kept_is_read_as_it_is_written(direct_for):
    play = direct_for(owned())
    done, read = play.tasks(
        Task("mainwp_site", {**ONE, **FLAGS}),
        Task("mainwp_site_info", {"sites": ["1"], "gather_subset": ["settings"]}),
    )
    names = [name for name in FLAGS if name != "protocol"]
    assert read.site(1)["settings"] == {name: done["site"][name] for name in ("connection", *names)}
    plain = play.task("mainwp_site_info", {"sites": ["1"]})
    assert len(read.journal) == len(plain.journal) + 3
