# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Child sites are added, recognised and removed. Numbers are exchanges of the recording wp71-resources2."""

from __future__ import annotations

import json

import pytest
from integration._fleets import child, fleet
from integration._play import Task

from simulator import Client, Fleet, Site, Tag, dashboard

ADD = r"/mainwp/v2/sites/add"
NEW = "http://new.example/"
ACCESS = {"site_url": NEW, "admin": "admin", "admin_password": "lab-Pass-1"}
#: Kept by WordPress as it is, or with a backslash before each quote.
HARD = "p%20+ä&\"'"
SLASHED = "p%20+ä&\\\"\\'"


def two(**fields) -> Fleet:
    """Sites s01 and s02, and a child that no Dashboard knows."""
    stranger = child(password="lab-Pass-1", has_key=False, ip="192.0.2.9")
    return fleet(child(), child(), strangers={NEW: stranger}, **fields)


def adds(result) -> list[dict]:
    """What was sent to add a site."""
    return [entry.json for entry in result.writes if entry.path.endswith("/sites/add")]


def test_a_site_is_added_and_gets_what_adding_does_not_take(direct_for, dialect):
    """27, 31, 33, 36: a name is quoted, a new tag would be made, IPv4 is not stored."""
    world = two(tags=[Tag(1, "R&amp;D"), Tag(2, "Shop, EU")], clients=[Client(7, "Acme", "office@acme.example")])
    play = direct_for(world, dialect)
    options = {
        **ACCESS,
        "name": 'Mike\'s "A" & <b>B</b> ü 😀',
        "client": "OFFICE@acme.example",
        "site_tags": ["R&D", "shop, eu"],
        "ignore_core_updates": True,
        "health_checking": False,
        "health_threshold": 80,
        "monitoring_emails": ["a@x.example", "b@x.example"],
        "ssl_version": "1.2",
        "force_use_ipv4": True,
        "suspended": True,
    }
    planned, made, again = play.tasks(
        Task("mainwp_site", options, check=True, diff=True),
        Task("mainwp_site", options, diff=True),
        Task("mainwp_site", options),
    )
    assert planned.msg.endswith("Whether MainWP can connect to it cannot be known before it tries.")
    assert (planned["action"], planned.writes, planned["site"]["id"]) == ("created", [], None)
    assert [made["diff"][0][name] for name in ("before", "after")] == ["", planned["diff"][0]["after"]]
    assert (made["action"], [entry.path.rpartition("/")[2] for entry in made.writes]) == (
        "created",
        ["add", "edit", "suspend"],
    )
    assert adds(made)[0]["force_use_ipv4"] == "1"
    number = made["site"]["id"]
    stored = play.sim.fleet.sites[number]
    assert (stored.name, stored.client_id, sorted(stored.tags)) == (options["name"], 7, [1, 2])
    assert (stored.ignore_core, stored.disable_health_check, stored.health_threshold) == (True, 1, 80)
    assert (stored.ssl_version, stored.force_use_ipv4, stored.suspended) == (6, 1, True)
    assert made["site"] == {
        "id": number,
        "url": NEW,
        "name": options["name"],
        "status": "suspended",
        "connection": "connected",
        "sync_errors": "",
        "suspended": True,
        "client_id": 7,
        "client_name": "Acme",
        "tags": [{"id": 1, "name": "R&D"}, {"id": 2, "name": "Shop, EU"}],
        "ignore_core_updates": True,
        "ignore_plugin_updates": False,
        "ignore_theme_updates": False,
        "force_use_ipv4": "true",
        "ssl_version": "1.2",
        "automatic_update": False,
        "health_checking": False,
        "health_threshold": 80,
        "monitoring_emails": ["a@x.example", "b@x.example"],
    }
    assert (again["action"], again.writes, again["site"]) == ("unchanged", [], made["site"])


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("lab-Pass-1", ["lab-Pass-1"]),
        (HARD, ["p%2520%2B%C3%A4%26%22%27"]),
        (SLASHED, ["p%2520%2B%C3%A4%26%22%27", "p%2520%2B%C3%A4%26%5C%22%5C%27"]),
    ],
)
def test_a_password_is_encoded_once_and_has_a_second_form(direct_for, stored, sent):
    """49 to 53, 1566, 1567."""
    world = two()
    world.strangers[NEW].password = stored
    password = "lab-Pass-1" if stored == "lab-Pass-1" else HARD
    made = direct_for(world).task("mainwp_site", {**ACCESS, "admin_password": password})
    assert made["action"] == "created"
    assert [body["adminpassword"] for body in adds(made)] == sent
    assert HARD not in json.dumps(made.data)


@pytest.mark.parametrize(
    ("given", "says", "times"),
    [
        ({}, "require a unique security ID", 1),  # 21, 22
        ({"unique_id": "wrong"}, "unique security ID mismatch", 1),  # 23
        ({"unique_id": "uid", "admin_password": "wrong"}, "Check admin and admin_password", 1),  # 24
        ({"unique_id": "uid", "admin_password": 'wrong"'}, "Check admin and admin_password", 2),
        ({"unique_id": "uid", "admin": "nobody"}, "Check admin and admin_password", 1),  # 25
        ({"unique_id": "uid", "http_user": "u"}, "HTTP authentication needs http_user and http_pass", 1),  # 43, 44
        ({"site_url": "http://nowhere.example/"}, "Could not resolve host", 1),
    ],
)
def test_a_child_that_does_not_let_itself_be_added_is_quoted(direct_for, given, says, times):
    world = two()
    world.strangers[NEW].unique_id = "uid"
    world.strangers[NEW].http_auth = ("user", "pass") if "http_user" in given else None
    result = direct_for(world).task("mainwp_site", {**ACCESS, **given})
    assert (result.failed, result.changed, len(adds(result))) == (True, False, times)
    assert says in result.msg


def test_a_password_that_comes_back_is_hidden(direct_for):
    play = direct_for(two())
    answer = {"success": 0, "error": "No such user: admin / lab-Pass-1 (uid-secret-1)"}
    play.sim.faults.add(method="POST", path=ADD, action="status", code=200, body=answer)
    result = play.task("mainwp_site", {**ACCESS, "unique_id": "uid-secret-1"})
    assert "No such user: admin / ******** (********)" in result.msg
    assert not any(secret in json.dumps(result.data) for secret in ("lab-Pass-1", "uid-secret-1"))


def test_a_password_comes_back_hidden_in_any_form_that_was_sent(direct_for):
    play = direct_for(two())
    forms = ["p%20+ä&\"'", "p%2520%2B%C3%A4%26%22%27", SLASHED, "p%2520%2B%C3%A4%26%5C%22%5C%27", r"http\\pass-1"]
    answer = {"success": 0, "error": f"Wrong: {' | '.join(forms)}"}
    play.sim.faults.add(method="POST", path=ADD, action="status", code=200, body=answer)
    result = play.task("mainwp_site", {**ACCESS, "admin_password": HARD, "http_pass": r"http\pass-1"})
    assert "Wrong: ******** | ******** | ******** | ******** | ********. " in result.msg


def test_what_a_child_asks_for_is_sent_along(direct_for):
    """45, 72. A backslash is taken away when a site is added, never when it is edited."""
    world = two()
    uid, user, password = "uid-1", r"DOMAIN\user", r"""http P\äss&%1%41 <b>'"\\ """
    world.strangers[NEW].unique_id, world.strangers[NEW].http_auth = uid, (user, password)
    secrets = {"unique_id": uid, "http_user": user, "http_pass": password}
    play = direct_for(world)
    made, again = play.tasks(Task("mainwp_site", {**ACCESS, **secrets}), Task("mainwp_site", {**ACCESS, **secrets}))
    assert (made["action"], again["action"], again.writes) == ("created", "unchanged", [])


def test_another_spelling_of_one_address_is_the_same_site(direct_for):
    """38 to 41. The spelled-out port is another site to MainWP itself, and steals the connection: 1898."""
    play = direct_for(two())
    urls = [
        "http://s01.example",
        "https://www.s01.example/",
        "HTTP://S01.EXAMPLE",
        "s01.example",
        "http://s01.example:80/",
    ]
    for result in play.tasks(*(Task("mainwp_site", {"site_url": url, "admin": "admin"}) for url in urls)):
        assert (result["action"], result["site"]["id"], result.writes) == ("unchanged", 1, []), result.task


@pytest.mark.parametrize("listed", [False, True])
def test_an_address_that_decides_chooses_one_of_two_twins(direct_for, listed):
    """Sites that MainWP once took, or a change of the protocol made, differ in scheme or www. alone."""
    urls = {1: "https://shop.example/", 2: "http://shop.example/", 3: "https://www.shop.example/"}
    play = direct_for(Fleet(Site(number, url, f"S{number}", child()) for number, url in urls.items()))

    def look(url, **more):
        one = {"site_url": url, **more}
        return Task("mainwp_site", {"child_sites": [one]} if listed else one)

    for url, number in (
        ("https://shop.example", 1),
        ("HTTP://shop.example/", 2),
        ("https://www.shop.example", 3),
        ("www.shop.example", 3),
    ):
        (named,) = play.tasks(look(url, name=f"Named {number}"))
        assert not named.failed, named.msg
        assert play.sim.fleet.sites[number].name == f"Named {number}"
    for url in ("shop.example", "http://www.shop.example/"):
        (unsure,) = play.tasks(look(url, name="Which?"))
        assert (unsure.failed, unsure.writes) == (True, [])
        assert "has several sites" in unsure.msg
        assert "Give the id." in unsure.msg


def test_another_address_of_a_managed_child_is_refused(direct_for):
    """42, 55, 56, 1898 to 1911: adding it takes the connection from the first."""
    play = direct_for(two())
    for url, why in (
        ("http://s01.example/sub/dir", "it has the same host"),
        ("https://www.s01.example/wp-admin/", "it has the same host"),
        ("http://s01.example:8080", "it has the same host"),
        ("http://192.0.2.1/", "its server has this address"),
    ):
        planned, refused, gone = play.tasks(
            Task("mainwp_site", {**ACCESS, "site_url": url}, check=True),
            Task("mainwp_site", {"site_url": url, "name": "New"}),
            Task("mainwp_site", {"site_url": url, "state": "absent"}),
        )
        for result in (planned, refused):
            assert (result.failed, result.writes) == (True, [])
            assert f"may be another address of site 'https://s01.example/' (id 1; {why})" in result.msg
            assert "another_child: true" in result.msg
        assert (gone["action"], gone.writes) == ("unchanged", [])
    assert sorted(play.sim.fleet.sites) == [1, 2]


def test_a_child_of_its_own_in_a_directory_is_added_on_demand(direct_for):
    world = two()
    url = "https://s01.example/shop/"
    world.strangers[url] = child(password="lab-Pass-1", has_key=False)
    made = direct_for(world).task("mainwp_site", {**ACCESS, "site_url": url, "another_child": True})
    assert (made["action"], made["site"]["url"]) == ("created", url)
    assert world.sites[1].child is not world.sites[3].child


@pytest.mark.parametrize("action", ["gateway_timeout", "reset_after", "truncate"])
def test_a_lost_add_is_looked_for_and_never_repeated(direct_for, action):
    play = direct_for(two())
    play.sim.faults.add(method="POST", path=ADD, action=action)
    made = play.task("mainwp_site", {**ACCESS, "name": "It's new"})
    assert (made.failed, made["action"], len(adds(made))) == (False, "created", 1)
    assert [site.name for site in play.sim.fleet.sites.values()] == ["S 1", "S 2", "It's new"]


def test_an_add_that_never_came_fails_and_the_next_run_makes_it(direct_for, monkeypatch):
    monkeypatch.setattr(
        "ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._engine.PATIENCE", (0.01, 0.01)
    )
    play = direct_for(two())
    play.sim.faults.add(method="POST", path=ADD, action="status", code=504, body="<html>504 Gateway Time-out</html>")
    first, second = play.tasks(Task("mainwp_site", ACCESS), Task("mainwp_site", ACCESS))
    assert (first.failed, first.changed, first["error"]["reason"], len(adds(first))) == (True, False, "answer_lost", 1)
    assert "No such site is listed since" in first.msg
    assert second["action"] == "created"


def test_a_site_that_somebody_else_adds_meanwhile_is_found(direct_for):
    """38: the second add answers with the number of the first."""
    play = direct_for(two(tags=[Tag(1, "a")], clients=[Client(7, "Acme")]))

    def rival() -> None:
        stranger = play.sim.fleet.strangers.pop(NEW)
        play.sim.fleet.add(Site(50, NEW, "Theirs", stranger))

    play.sim.faults.add(method="POST", path=ADD, action="hook", before=rival)
    result = play.task("mainwp_site", {**ACCESS, "name": "Ours", "client": "acme", "site_tags": ["A"]})
    assert (result["action"], result["site"]["id"], result["site"]["name"]) == ("changed", 50, "Ours")
    assert (result["site"]["client_id"], [tag["id"] for tag in result["site"]["tags"]]) == (7, [1])
    assert len(adds(result)) == 1


def test_a_staging_site_is_named_by_what_the_dashboard_says(direct_for):
    world = two()
    world.add(Site(9, NEW, "Staging", child(), is_staging=True))
    result = direct_for(world).task("mainwp_site", ACCESS)
    assert (result.failed, result.changed) == (True, False)
    assert "has it already, with the id 9" in result.msg
    assert "staging" in result.msg


REFUSED = [
    ({**ACCESS, "site_url": "http://new.example/a%20b"}, "site_url: to add a site, MainWP cuts"),
    ({**ACCESS, "unique_id": "uid%41"}, "unique_id: to add a site, MainWP cuts"),
    ({**ACCESS, "admin": " admin"}, "admin: to add a site, MainWP cuts"),
    ({"site_url": NEW}, "admin: the Dashboard has no site 'new.example'"),
    ({"site_url": "new.example", "admin": "a"}, "the whole address is needed"),
    ({**ACCESS, "protocol": "https"}, "begins with http://"),
    ({"site_url": ["https://s01.example/", "https://s02.example/"], "state": "absent"}, "no address of one site"),
    ({"site_url": "https://s01.example, https://s02.example", "state": "absent"}, "no address of one site"),
    ({"site_url": "https://user:secret-1@s01.example/"}, "a host and a path, with nothing else"),
    ({"site_url": "ftp://s01.example/"}, "has to be http:// or https://"),
    ({"id": 2, "site_url": "https://s01.example/"}, "id 2 is https://s02.example/"),
    ({"id": 99}, "no site with the id 99"),
    ({}, "one of the following is required: site_url, id"),
    ({"id": 1, "name": " "}, "'' is no name"),
    ({"id": 1, "name": "0"}, "'0' is no name"),
    ({"id": 1, "name": "S\x07 1"}, "has control characters"),
    ({"id": 1, "http_pass": "geheim\0-1"}, "has control characters"),
    ({"id": 1, "http_user": ""}, "cannot clear"),  # 423
    ({"id": 1, "unique_id": ""}, "cannot clear"),  # 414
    ({"id": 1, "site_tags": ["nosuch"]}, "the Dashboard has no tag 'nosuch'"),  # 31, 258: it would be made
    ({"id": 1, "site_tags": ["double"]}, "several tags 'double': ids 2, 3"),
    ({"id": 1, "client": "nobody"}, "the Dashboard has no client 'nobody'"),  # 31, 434
    ({"id": 1, "client": "Twin"}, "several clients 'Twin': ids 7, 8"),
    ({"id": 1, "health_threshold": 101}, "not between 0 and 100"),
    ({"id": 1, "monitoring_emails": ["not mail"]}, "'not mail' is no e-mail address"),  # 402
    ({"id": 1, "api_version": "v1"}, "needs API v2"),
]


def test_what_cannot_be_is_refused_before_any_write(direct_for):
    clients = [Client(7, "Twin", "a@x.example"), Client(8, "Twin", "b@x.example")]
    play = direct_for(two(tags=[Tag(1, "a"), Tag(2, "double"), Tag(3, "double")], clients=clients))
    tasks = [Task("mainwp_site", options, check=check) for options, _says in REFUSED for check in (False, True)]
    for result, (_options, says) in zip(
        play.tasks(*tasks), [one for one in REFUSED for _twice in range(2)], strict=True
    ):
        assert (result.failed, result.writes) == (True, []), result.task
        assert says in result.msg
    assert len(play.sim.fleet.tags) == 3


def test_a_key_that_may_only_read_is_named_before_any_write(direct_for):
    play = direct_for(two())
    play.connection["api_key"] = play.sim.key("read").token
    refused, removal, planned, fine = play.tasks(
        Task("mainwp_site", ACCESS),
        Task("mainwp_site", {"id": 1, "state": "absent"}),
        Task("mainwp_site", ACCESS, check=True, warns=["may only read"]),
        Task("mainwp_site", {"id": 1, "name": "S 1"}),
    )
    for result in (refused, removal):
        assert (result.failed, result.writes) == (True, [])
        assert "The API key may only read" in result.msg
    assert (planned["action"], fine.failed) == ("created", False)


def test_a_site_goes_and_its_child_is_told(direct_for, dialect):
    """66, 68: MainWP Child is deactivated there, so that a new add does not find it."""
    play = direct_for(two(tags=[Tag(1, "a")]), dialect)
    play.sim.fleet.sites[1].tags = [1]
    gone = {"site_url": "s01.example", "state": "absent"}
    planned, removed, again, back = play.tasks(
        Task("mainwp_site", gone, check=True),
        Task("mainwp_site", gone),
        Task("mainwp_site", gone),
        Task("mainwp_site", {**ACCESS, "site_url": "https://s01.example/"}),
    )
    assert planned.msg.endswith("would be removed. MainWP Child would be deactivated on it, if it can be reached.")
    assert removed.msg == "Site 'https://s01.example/' (id 1) was removed. MainWP Child was deactivated on it."
    assert [(result["action"], len(result.writes)) for result in (planned, removed, again)] == [
        ("removed", 0),
        ("removed", 1),
        ("unchanged", 0),
    ]
    assert (removed["site"]["id"], removed["site"]["tags"], again["site"]) == (1, [{"id": 1, "name": "a"}], None)
    assert back.failed
    assert "activate it by hand" in back.msg


def test_a_site_that_is_down_goes_all_the_same(direct_for):
    """485: success 0, and it is gone."""
    play = direct_for(two())
    play.sim.fleet.sites[1].child.down = True
    removed = play.task("mainwp_site", {"id": 1, "state": "absent"})
    assert (removed["action"], removed.failed, sorted(play.sim.fleet.sites)) == ("removed", False, [2])
    assert "so MainWP Child stays active there: deactivate it by hand." in removed.msg


def test_a_site_that_is_still_there_after_all_is_a_failure(direct_for):
    play = direct_for(two())
    answer = {"success": 0, "error": "The database is locked."}
    play.sim.faults.add(method="DELETE", action="status", code=200, body=answer)
    result = play.task("mainwp_site", {"id": 1, "state": "absent"})
    assert (result.failed, result.changed, result["error"]["reason"]) == (True, False, "not_stored")
    assert "is still there although MainWP says: The database is locked." in result.msg


@pytest.mark.parametrize("action", ["reset_after", "gateway_timeout"])
def test_a_removal_whose_answer_is_lost_is_found_by_reading(direct_for, action):
    play = direct_for(two())
    play.sim.faults.add(method="DELETE", action=action)
    result = play.task("mainwp_site", {"id": 1, "state": "absent"})
    assert (result.failed, result["action"], len(result.writes)) == (False, "removed", 1)
    assert "Whether MainWP Child was deactivated on it is not known." in result.msg


def test_a_second_row_of_one_child_goes_with_a_warning(direct_for):
    """58 to 62: MainWP Child is deactivated for both."""
    world = two()
    world.add(Site(5, "https://s01.example/shop/", "Shop", world.sites[1].child))
    play = direct_for(world)
    result = play.task(
        "mainwp_site", {"id": 5, "state": "absent"}, warns=["'https://s01.example/' (id 1) is the same child"]
    )
    assert result["action"] == "removed"


def test_a_connection_that_another_row_took_is_taken_back(direct_for):
    """55, 56, 1906 to 1911. The row without a key goes without MainWP Child being told."""
    world = two()
    world.sites[1].child.password = "lab-Pass-1"
    play = direct_for(world)
    other = {**ACCESS, "site_url": "https://s01.example/sub"}
    stolen = play.task("mainwp_site", {**other, "another_child": True})
    assert stolen["action"] == "created"
    assert not dashboard.sync(world, world.sites[1])
    back, gone = play.tasks(
        Task("mainwp_site", {"id": 1, "connected": True}),
        Task("mainwp_site", {**other, "state": "absent"}, warns=["'https://s01.example/' (id 1) is the same child"]),
    )
    assert (back.failed, back["site"]["connection"]) == (False, "connected")
    assert "so MainWP Child stays active there" in gone.msg
    assert dashboard.sync(world, world.sites[1])


def test_a_second_run_asks_little(direct_for):
    """The list of names; then of the one site, and what its tags and its client are called."""
    world = two(tags=[Tag(1, "a")], clients=[Client(7, "Acme")])
    world.sites[1].tags, world.sites[1].client_id = [1], 7
    options = {"site_url": "s01.example", "name": "S 1", "client": "Acme", "site_tags": ["a"], "suspended": False}
    plain, closer = direct_for(world).tasks(
        Task("mainwp_site", options), Task("mainwp_site", {**options, "health_threshold": 0, "monitoring_emails": []})
    )
    assert [entry.path.removeprefix("/mainwp/v2/") for entry in plain.journal] == [
        "sites/basic",
        "tags",
        "clients",
        "sites",
    ]
    assert [entry.path.removeprefix("/mainwp/v2/") for entry in closer.journal[4:]] == ["sites/1", "sites/1"]
    assert (closer["action"], closer["site"]["monitoring_emails"]) == ("unchanged", [])


@pytest.mark.parametrize(
    ("fields", "admin", "refused"),
    [({}, "admin", False), ({"elsewhere": True}, "admin", True), ({}, "second", True)],
)
def test_a_child_that_knows_a_lost_dashboard_is_taken_over(direct_for, fields, admin, refused):
    """By one at the same address, with the same administrator: else MainWP Child has to be activated anew."""
    world = two()
    users = [{"username": name, "role": "administrator"} for name in ("admin", "second")]
    world.strangers[NEW] = child(password="lab-Pass-1", users=users, ip="192.0.2.9", **fields)
    result = direct_for(world).task("mainwp_site", {**ACCESS, "admin": admin})
    assert result.failed is refused
    assert ("Deactivate MainWP Child on the site, activate it again" in result.msg) is refused
