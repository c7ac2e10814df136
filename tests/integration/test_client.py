# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients as code: all fields, clearing, suspending, and whose sites they are."""

from __future__ import annotations

import json

import pytest
from integration._fleets import child, fleet
from integration._play import Task

from simulator import Client, Fleet

TEXTS = {
    "name": 'Müller & Söhne "GmbH" O\'Brien 😀',
    "email": "Mueller@Kunde.test",
    "phone": "+49 221 1",
    "address_1": "Straße 1\nHinterhaus",
    "address_2": " two  spaces ",
    "zip": "050667",
    "city": "Köln",
    "region": "NRW",
    "country": "Germany",
    "note": "line 1\nline 2 & \"q\" 's' \\back 100%",
    "facebook": "https://fb.test/m?a=1&copy=2",
    "twitter": "@m",
    "instagram": "im",
    "linkedin": "li",
}
ALL = {**TEXTS, "created": "2001-09-09", "suspended": True, "sites": ["s01.example"]}


def three(*clients: Client, **fields) -> Fleet:
    """Three sites, s01 to s03."""
    return fleet(child(), child(), child(), clients=clients, **fields)


def owners(sim) -> list[int]:
    """Whose the sites are."""
    return [sim.fleet.sites[number].client_id for number in (1, 2, 3)]


def test_a_client_with_all_its_fields_comes_and_goes(direct_for, dialect):
    play = direct_for(three(), dialect)
    planned, made, again, read = play.tasks(
        Task("mainwp_client", ALL, check=True, diff=True),
        Task("mainwp_client", ALL, diff=True),
        Task("mainwp_client", ALL),
        Task("mainwp_client_info", {"emails": ["mueller@kunde.test"]}),
    )
    client = made["client"]
    assert {name: client[name] for name in TEXTS} == {name: " ".join(text.split()) for name, text in TEXTS.items()}
    assert (client["created"], client["suspended"], client["status"]) == ("2001-09-09T00:00:00Z", True, "suspended")
    assert [site["id"] for site in client["sites"]] == [1]
    assert [made["diff"][0][name] for name in ("before", "after")] == ["", planned["diff"][0]["after"]]
    assert (again.changed, again.writes) == (False, [])
    assert read["clients"] == [client]
    gone, twice = play.tasks(
        Task("mainwp_client", {"email": "MUELLER@kunde.test", "state": "absent"}),
        Task("mainwp_client", {"email": "MUELLER@kunde.test", "state": "absent"}),
    )
    assert (gone["action"], twice["action"], twice.writes) == ("removed", "unchanged", [])
    assert owners(play.sim) == [0, 0, 0]


def test_every_text_but_the_name_can_be_emptied(direct_for, dialect):
    play = direct_for(three(), dialect)
    number = play.task("mainwp_client", TEXTS)["client"]["id"]
    empty = {name: "" for name in TEXTS if name != "name"}
    first, second, refused = play.tasks(
        Task("mainwp_client", {"id": number, **empty}),
        Task("mainwp_client", {"id": number, **empty}),
        Task("mainwp_client", {"id": number, "name": ""}),
    )
    assert {first["client"][name] for name in empty} == {""}
    assert (second.changed, second.writes) == (False, [])
    assert (refused.failed, refused.writes) == (True, [])


def test_only_what_is_given_is_sent(direct_for):
    play = direct_for(three(Client(4, "Acme", "it@acme.test", fields={"city": "Riga", "note": "VIP"})))
    result = play.task("mainwp_client", {"name": "Acme", "city": "Bonn"})
    assert [json.loads(entry.body) for entry in result.writes] == [{"city": "Bonn"}]
    assert (result["client"]["note"], result["client"]["email"]) == ("VIP", "it@acme.test")


def test_sites_move_between_clients_and_that_is_told(direct_for, dialect):
    world = three(Client(4, "Acme"), Client(5, "Bees"))
    world.sites[1].client_id = world.sites[2].client_id = 4
    play = direct_for(world, dialect)
    options = {"name": "Bees", "sites": ["s02.example", "s03.example"]}
    planned, moved, again = play.tasks(
        Task("mainwp_client", options, check=True), Task("mainwp_client", options), Task("mainwp_client", options)
    )
    told = [{"id": 2, "url": "https://s02.example/", "name": "S 2", "client_id": 4, "client_name": "Acme"}]
    assert planned["moved_sites"] == moved["moved_sites"] == told
    assert moved.msg.endswith("https://s02.example/ left client 'Acme' (id 4).")
    assert (again["moved_sites"], again.writes) == ([], [])
    assert owners(play.sim) == [4, 5, 5]
    added, removed, emptied = play.tasks(
        Task("mainwp_client", {"name": "Bees", "sites": ["1"], "sites_mode": "add"}),
        Task("mainwp_client", {"name": "Bees", "sites": ["3"], "sites_mode": "remove"}),
        Task("mainwp_client", {"name": "Bees", "sites": []}),
    )
    shown = [[site["id"] for site in result["client"]["sites"]] for result in (added, removed, emptied)]
    assert shown == [[1, 2, 3], [1, 2], []]
    assert owners(play.sim) == [0, 0, 0]


def test_suspending_a_client_leaves_its_sites_alone(direct_for, dialect):
    world = three(Client(4, "Acme"), Client(5, "Lead", suspended=2))
    world.sites[1].client_id = 4
    play = direct_for(world, dialect)
    on, again, off, lead = play.tasks(
        Task("mainwp_client", {"name": "Acme", "suspended": True}),
        Task("mainwp_client", {"name": "Acme", "suspended": True}),
        Task("mainwp_client", {"name": "Acme", "suspended": False}),
        Task("mainwp_client", {"name": "Lead", "suspended": False}),
    )
    assert (on["client"]["status"], off["client"]["status"]) == ("suspended", "active")
    assert (again.writes, lead.writes, lead["client"]["status"]) == ([], [], "lead")
    assert not world.sites[1].suspended


def test_namesakes(direct_for):
    """An e-mail address tells them apart; without one it is an error; a client without one is known by its name."""
    play = direct_for(three(Client(4, "Acme", "a@acme.test"), Client(5, "Acme", "b@acme.test"), Client(6, "Bees")))
    told, several, third, adopted = play.tasks(
        Task("mainwp_client", {"name": "Acme", "email": "B@acme.test", "city": "Bonn"}),
        Task("mainwp_client", {"name": "Acme", "city": "Bonn"}),
        Task("mainwp_client", {"name": "Acme", "email": "c@acme.test"}),
        Task("mainwp_client", {"name": "Bees", "email": "bees@bees.test"}),
    )
    assert (told["client"]["id"], told["client"]["city"], told["client"]["email"]) == (5, "Bonn", "B@acme.test")
    assert (several.failed, several.writes) == (True, [])
    assert "several clients 'Acme': ids 4, 5" in several.msg
    assert third["action"] == "created"
    assert (adopted["action"], adopted["client"]["id"]) == ("changed", 6)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "acme"}, "'acme' would be taken for client 'Acme' (id 4)"),
        ({"id": 4, "email": "BEES@bees.test"}, "client 'Bees' (id 5) has 'bees@bees.test' already"),
        ({"email": "nobody@acme.test"}, "name: needed to make a new client"),
        ({"name": "Acme", "zip": "x" * 33}, "zip: has 33 characters, MainWP stores 32"),
        ({"name": "Acme", "city": "0"}, "takes '0' for no value"),
        ({"name": "Acme", "linkedin": "https://x.test/caf%C3%A9"}, "linkedin: MainWP would make"),
        ({"name": "Acme", "api_version": "v1"}, "needs API v2"),
    ],
)
def test_what_cannot_be_is_refused_before_any_write(direct_for, options, says):
    play = direct_for(three(Client(4, "Acme"), Client(5, "Bees", "bees@bees.test")))
    for check in (False, True):
        result = play.task("mainwp_client", options, check=check)
        assert (result.failed, result.writes) == (True, [])
        assert says in result.msg


@pytest.mark.parametrize("action", ["gateway_timeout", "reset_after", "truncate"])
def test_a_lost_create_is_looked_for_and_never_repeated(direct_for, dialect, action):
    play = direct_for(three(), dialect)
    play.sim.faults.add(method="POST", path=r"/mainwp/v2/clients/add", action=action)
    made = play.task("mainwp_client", {"name": "Acme & Co", "suspended": True, "sites": ["s03.example"]})
    assert (made.failed, made["action"], made["client"]["suspended"]) == (False, "created", True)
    assert len(play.sim.fleet.clients) == 1
    assert owners(play.sim)[2] == made["client"]["id"]


def test_half_a_change_is_told_as_one(direct_for):
    """The fields are written, the Dashboard refuses to suspend."""
    play = direct_for(three(Client(4, "Acme")))
    refusal = {"code": "broken", "message": "No.", "data": {"status": 400}}
    play.sim.faults.add(method="PUT", path=r".*/suspend", action="status", code=400, body=refusal)
    result = play.task("mainwp_client", {"name": "Acme", "city": "Bonn", "suspended": True})
    assert (result.failed, result.changed) == (True, True)
    assert (result["client"]["city"], result["client"]["suspended"]) == ("Bonn", False)


def test_both_modules_through_a_playbook(play_for):
    """Names with quotes and braces arrive as they are, and defaults of the group reach the modules."""
    play = play_for(three())
    made, tagged, clients, tags = play.tasks(
        Task("mainwp_client", {"name": 'Müller & "Söhne" 😀', "sites": ["s01.example"]}, diff=True),
        Task("mainwp_tag", {"name": "Shop, EU", "color": "#0f0", "sites": ["s01.example"]}, door="host"),
        Task("mainwp_client_info"),
        Task("mainwp_tag_info", door="host"),
    )
    assert made["client"]["name"] == 'Müller & "Söhne" 😀'
    assert clients["clients"] == [made["client"]]
    assert tags["tags"] == [tagged["tag"]]
    assert play.sim.fleet.sites[1].client_id == made["client"]["id"]
