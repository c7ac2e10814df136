# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Costs as code: an edit empties what it is not sent, and its answer shows what there was before. Numbers are exchanges of
the recording wp71-resources2."""

from __future__ import annotations

import pytest
from integration._fleets import child, fleet
from integration._play import Task

from simulator import Client, Cost, Tag

ADD, EDIT = r"/mainwp/v2/costs/add", r"/mainwp/v2/costs/\d+/edit"
#: 2026-11-01 00:00:00 UTC
NOVEMBER = "1793491200"
ACME = {
    "name": "Acme \"SEO\" & Pro 'ü'",
    "url": "https://acme.test/?a=1&b=2",
    "type": "subscription",
    "product_type": "plugin",
    "slug": "acme-seo/acme-seo.php",
    "license_type": "multi_site",
    "cost_status": "active",
    "payment_method": "paypal",
    "price": "29.99000000",
    "renewal_type": "yearly",
    "last_renewal": NOVEMBER,
    "next_renewal": "1825027200",
    "next_renewal_today": "7",
    "last_alert": "1",
    "cost_icon": "deficon:folder",
    "cost_color": "#112233",
    "sites": "[2,1]",
    "note": 'n1\nn2 x &amp; "q" <strong>old</strong>',
}


def world(*costs: Cost, **fields):
    made = fleet(
        child(),
        child(),
        child(),
        tags=[Tag(1, "canary"), Tag(2, "R&amp;D")],
        clients=[Client(4, "Lindgren & Sons"), Client(5, "Twin", "a@x.test"), Client(6, "Twin", "b@x.test")],
        **fields,
    )
    made.costs = {cost.id: cost for cost in costs}
    return made


def stored(play, number: int = 1) -> dict[str, str]:
    return play.sim.fleet.costs[number].columns


def test_a_cost_that_is_removed_while_the_task_looks_at_it(direct_for):
    play = direct_for(world(Cost(1, dict(ACME))))
    gone = play.sim.fleet.costs
    play.sim.faults.add(action="hook", path="/mainwp/v2/costs/1", before=lambda: gone.pop(1, None), after=lambda: None)
    result = play.task("mainwp_cost", {"id": 1, "price": 5.0})
    assert (result.failed, result.writes) == (True, [])
    assert "was removed while this task looked at it" in result.msg


def test_a_cost_comes_changes_and_goes(direct_for, dialect):
    play = direct_for(world(), dialect)
    new = {
        "name": "Acme \"SEO\" & Pro 'ü'",
        "product_type": "plugin",
        "slug": "acme-seo/acme-seo.php",
        "price": 29.99,
        "renewal_type": "yearly",
        "last_renewal": "2026-11-01",
        "license_type": "multi_site",
        "status": "active",
        "payment_method": "paypal",
        "cost_url": "https://acme.test/?a=1&b=2",
        "color": "#112233",
        "icon": "deficon:folder open",
        "note": 'it\'s & <b>b</b>\nline "q" \\ 100 % &copy\n',
        "sites": ["s02.example", "1"],
    }
    planned, made, again = play.tasks(
        Task("mainwp_cost", new, check=True, diff=True),
        Task("mainwp_cost", new, diff=True),
        Task("mainwp_cost", new),
    )
    assert (planned["action"], made["action"], again["action"], again.writes) == ("created", "created", "unchanged", [])
    assert planned["cost"] == {**made["cost"], "id": None, "next_renewal": ""}
    assert planned["diff"][0]["after"] == made["diff"][0]["after"]
    assert "sites: https://s01.example/, https://s02.example/\n" in made["diff"][0]["after"]
    cost = made["cost"]
    assert cost["note"] == new["note"]
    assert (cost["price"], cost["last_renewal"]) == (29.99, "2026-11-01T00:00:00Z")
    assert cost["next_renewal"] == "2027-11-01T00:00:00Z"
    assert cost["sites"] == [
        {"id": 1, "url": "https://s01.example/", "name": "S 1"},
        {"id": 2, "url": "https://s02.example/", "name": "S 2"},
    ]
    assert stored(play)["note"].startswith("it's &amp; &lt;b&gt;b&lt;/b&gt;\nline")
    key = {"product_type": "plugin", "slug": new["slug"]}
    dearer, renamed, gone, twice = play.tasks(
        Task("mainwp_cost", {**key, "price": "35"}, diff=True),
        Task("mainwp_cost", {**key, "name": "Acme"}),
        Task("mainwp_cost", {"name": "Acme", "state": "absent"}),
        Task("mainwp_cost", {**key, "state": "absent"}),
    )
    assert dearer["cost"] == {**cost, "price": 35.0}
    assert dearer["diff"][0]["before"] == "price: 29.99\n"
    assert renamed["cost"] == {**cost, "price": 35.0, "name": "Acme"}
    assert (gone["action"], twice["action"], twice.writes) == ("removed", "unchanged", [])


@pytest.mark.parametrize("kind", ["plugin", "theme"])
def test_a_cost_is_known_by_the_slug_of_what_it_pays_for(direct_for, kind):
    play = direct_for(world(Cost(1, {**ACME, "product_type": kind})))
    result = play.task("mainwp_cost", {"product_type": kind, "slug": ACME["slug"], "price": 7})
    assert (result["action"], result["cost"]["id"], result["cost"]["price"]) == ("changed", 1, 7.0)


def test_an_edit_loses_nothing_of_what_it_does_not_change(direct_for, dialect):
    """All columns are sent (1393 to 1395), the time with an @ (1875 to 1880), the note as it is (1886)."""
    play = direct_for(world(Cost(1, dict(ACME))), dialect)
    result = play.task("mainwp_cost", {"id": 1, "status": "onhold"})
    assert result["cost"]["note"] == 'n1\nn2 x & "q" <strong>old</strong>'
    assert stored(play) == {**Cost(1, ACME).columns, "cost_status": "onhold", "sites": "[2,1]"}


def test_what_somebody_else_changes_meanwhile_is_kept(direct_for):
    """What is sent along is read just before."""
    play = direct_for(world(Cost(1, dict(ACME))))

    def elsewhere() -> None:
        stored(play)["note"] = "theirs"

    play.sim.faults.add(method="GET", path=r"/mainwp/v2/costs/1", action="hook", after=elsewhere)
    result = play.task("mainwp_cost", {"id": 1, "price": 5})
    assert (result.failed, stored(play)["note"], stored(play)["price"]) == (False, "theirs", "5.00000000")


def test_it_belongs_to_one_kind_of_owner(direct_for, dialect):
    """Names are found as they are elsewhere; what is gone is told as gone (1931, 1934)."""
    dead = Cost(3, {"name": "Dead", "clients": "[4,99]"})
    play = direct_for(world(Cost(1, {**ACME}), Cost(2, {"name": "Tagged", "groups": "[1]"}), dead), dialect)
    to_tags, to_client, same, kept, back = play.tasks(
        Task("mainwp_cost", {"id": 1, "site_tags": ["r&d", "1"]}, diff=True),
        Task("mainwp_cost", {"id": 1, "clients": ["Lindgren & Sons"]}),
        Task("mainwp_cost", {"id": 1, "clients": ["4"]}),
        Task("mainwp_cost", {"name": "Dead", "price": 1}),
        Task("mainwp_cost", {"name": "Dead", "clients": ["6"]}),
    )
    assert to_tags["cost"]["site_tags"] == [{"id": 1, "name": "canary"}, {"id": 2, "name": "R&D"}]
    assert to_tags["cost"]["sites"] == []
    assert to_tags["diff"] == [
        {
            "before_header": "cost 'Acme \"SEO\" & Pro 'ü'' (id 1)",
            "after_header": "cost 'Acme \"SEO\" & Pro 'ü'' (id 1)",
            "before": "sites: https://s01.example/, https://s02.example/\n",
            "after": "site_tags: canary, R&D\n",
        }
    ]
    assert to_client["cost"]["clients"] == [{"id": 4, "name": "Lindgren & Sons"}]
    assert (same.writes, stored(play)["groups"], stored(play)["clients"]) == ([], "", "[4]")
    assert kept["cost"]["clients"] == [{"id": 4, "name": "Lindgren & Sons"}, {"id": 99, "name": None}]
    assert stored(play, 3)["clients"] == "[6]"
    assert back["cost"]["clients"] == [{"id": 6, "name": "Twin"}]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "New", "price": 1}, "sites: whose cost is it?"),  # 1365
        ({"name": "New", "sites": []}, "sites: is empty, and MainWP's API wants at least one"),  # 1401
        ({"name": "New", "sites": ["nowhere.example"]}, "no site 'nowhere.example'"),  # 1372
        ({"name": "New", "site_tags": ["nothing"]}, "the Dashboard has no tag 'nothing'. Check the spelling."),
        ({"name": "New", "clients": ["twin"]}, "the Dashboard has several clients 'twin': ids 5, 6"),
        ({"name": "New", "sites": ["1"], "clients": ["4"]}, "mutually exclusive"),  # 1399
        ({"name": "New", "sites": ["1"], "price": "12,5"}, "price"),  # 1368
        ({"name": "New", "sites": ["1"], "price": "abc"}, "price"),
        ({"name": "New", "sites": ["1"], "price": -1}, "price: -1.0 is not between 0 and 1e+12"),
        ({"name": "New", "sites": ["1"], "type": "x"}, "value of type must be one of"),  # 1371
        ({"name": "New", "sites": ["1"], "status": "cancelled"}, "value of status must be one of"),
        ({"name": "New", "sites": ["1"], "renewal_type": "daily"}, "value of renewal_type must be one of"),
        ({"name": "New", "sites": ["1"], "product_type": "x"}, "no product type 'x'"),
        ({"name": "New", "sites": ["1"], "payment_method": "x"}, "no payment method 'x'"),
        ({"name": "New", "sites": ["1"], "product_type": "%d1%85"}, "no cost can store the slug '%d1%85'"),
        ({"name": "New", "sites": ["1"], "product_type": "a-very-long-kind-of-product"}, "a cost stores 20"),
        ({"name": "New", "sites": ["1"], "color": "red"}, "'red' is no colour"),
        ({"name": "New", "sites": ["1"], "icon": "folder"}, "'folder' is no icon"),
        ({"name": "New", "sites": ["1"], "last_renewal": "nonsense"}, "'nonsense' is no time"),
        ({"name": "New", "sites": ["1"], "cost_url": "acme.test/a b"}, "is no address that MainWP keeps"),
        (
            {"name": "New", "sites": ["1"], "cost_url": "https://a.test/?a&amp;b"},
            "MainWP would make 'https://a.test/?a&b'",
        ),
        ({"id": 2, "note": "ü" * 32768}, "note: has 65536 bytes, MainWP stores 65535"),
        ({"id": 2, "name": "ü" * 32768}, "name: has 65536 bytes, MainWP stores 65535"),
        ({"id": 2, "cost_url": f"https://a.test/{'a' * 65521}"}, "cost_url: has 65536 bytes"),
        ({"name": "", "sites": ["1"]}, "name: is empty"),
        ({"slug": "x/x.php", "sites": ["1"]}, "product_type"),
        ({"product_type": "hosting", "slug": "x"}, "which cost?"),
        ({"product_type": "plugin", "slug": "x/x.php", "price": 1}, "name: needed to make a new cost"),
        ({"name": "Double", "price": 2}, "several costs 'Double': ids 2, 3"),  # 1373
        ({"name": "Double", "state": "absent"}, "several costs 'Double': ids 2, 3"),
        ({"name": "double", "sites": ["1"]}, "'double' would be taken for cost"),
        ({"id": 9, "price": 1}, "no cost with the id 9"),
        (
            {"id": 2, "product_type": "plugin", "slug": "ACME-seo/acme-seo.php"},
            "(id 1) has 'acme-seo/acme-seo.php' already",
        ),  # 1362
        ({"id": 6, "product_type": "plugin"}, "(id 1) has 'acme-seo/acme-seo.php' already"),
        ({"name": "Both", "price": 2}, "belongs to sites and clients at once"),
        ({"name": "Nobody's", "price": 2}, "whose cost is it?"),
        ({"name": "Double", "api_version": "v1"}, "needs API v2"),
    ],
)
def test_what_cannot_be_is_refused_before_any_write(direct_for, options, says):
    play = direct_for(
        world(
            Cost(1, dict(ACME)),
            Cost(2, {"name": "Double", "sites": "[1]"}),
            Cost(3, {"name": "Double", "sites": "[1]"}),
            Cost(4, {"name": "Both", "sites": "[1]", "clients": "[4]"}),
            Cost(5, {"name": "Nobody's"}),
            Cost(6, {"name": "Hosted", "product_type": "hosting", "slug": ACME["slug"], "sites": "[1]"}),
        )
    )
    rows = [*play.sim.setting("cost-tracker")["product_categories"]]
    rows.append({"slug": "a-very-long-kind-of-product", "title": "Long", "icon": "", "color": ""})
    rows.append({"slug": "%d1%85", "title": "Хостинг", "icon": "", "color": ""})
    play.sim.fleet.settings["cost-tracker"] = {"product_categories": rows}
    for result in play.tasks(*(Task("mainwp_cost", options, check=check) for check in (False, True))):
        assert result.failed
        assert says in result.msg
        assert result.writes == []


def test_one_of_several_owners_or_of_two_names_is_chosen(direct_for):
    twins = [Cost(number, {"name": "Double", "sites": "[1]", "groups": "[1]"}) for number in (2, 3)]
    play = direct_for(world(*twins))
    given, gone = play.tasks(
        Task("mainwp_cost", {"id": 2, "site_tags": ["canary"]}), Task("mainwp_cost", {"id": 3, "state": "absent"})
    )
    assert (given.failed, stored(play, 2)["sites"], stored(play, 2)["groups"]) == (False, "", "[1]")
    assert gone["action"] == "removed"


def test_what_never_was_of_a_known_kind_stays_and_can_be_emptied(direct_for):
    """Values that do not exist (1371) are not touched by an edit of others; a note, a time, an address are emptied."""
    odd = {"name": "Odd", "type": "x", "cost_status": "x", "renewal_type": "x", "product_type": "x", "sites": "[9999]"}
    play = direct_for(world(Cost(1, {**odd, "last_renewal": NOVEMBER, "note": "n", "url": "https://a.test"})))
    edited, same = play.tasks(
        Task("mainwp_cost", {"name": "Odd", "price": 1, "last_renewal": "", "note": "", "cost_url": "", "color": ""}),
        Task("mainwp_cost", {"name": "Odd", "price": 1.0, "last_renewal": "", "note": ""}),
    )
    assert (edited.failed, same.writes) == (False, [])
    assert stored(play) == {**Cost(1, odd).columns, "price": "1.00000000"}
    assert edited["cost"]["sites"] == [{"id": 9999, "url": None, "name": None}]


@pytest.mark.parametrize("action", ["gateway_timeout", "reset_after", "truncate"])
def test_lost_answers_are_looked_for_and_nothing_is_repeated(direct_for, action):
    play = direct_for(world())
    results = []
    for options in (
        {"name": "Hosting", "sites": ["1"], "price": 3},
        {"name": "Hosting", "price": 4},
        {"name": "Hosting", "state": "absent"},
    ):
        for method in ("POST", "PUT", "DELETE"):
            play.sim.faults.add(method=method, action=action)
        results.append(play.task("mainwp_cost", options))
        play.sim.faults.clear()
    assert [(one.failed, one["action"], len(one.writes)) for one in results] == [
        (False, "created", 1),
        (False, "changed", 1),
        (False, "removed", 1),
    ]


def test_an_edit_that_says_done_and_did_nothing_is_a_failure(direct_for):
    """Its answer cannot tell, for it shows the cost as it was before (1394, 1396)."""
    play = direct_for(world(Cost(1, dict(ACME))))
    answer = {"success": 1, "data": Cost(1, dict(ACME)).row}
    play.sim.faults.add(method="PUT", path=EDIT, action="status", code=200, body=answer)
    result = play.task("mainwp_cost", {"id": 1, "price": 5})
    assert (result.failed, result.changed, result["error"]["reason"]) == (True, False, "not_stored")
    assert "price is '29.99' in place of '5.0'" in result.msg


def test_somebody_else_was_quicker(direct_for):
    play = direct_for(world(Cost(1, dict(ACME))))
    costs = play.sim.fleet.costs
    play.sim.faults.add(method="DELETE", action="hook", before=costs.clear)
    play.sim.faults.add(
        method="POST", action="hook", before=lambda: costs.update({7: Cost(7, {"name": "New", "sites": "[1]"})})
    )
    gone, made = play.tasks(
        Task("mainwp_cost", {"id": 1, "state": "absent"}), Task("mainwp_cost", {"name": "New", "sites": ["2"]})
    )
    assert (gone.failed, gone["action"]) == (False, "removed")
    assert (made.failed, made["cost"]["id"], list(costs)) == (False, 7, [7])
    assert stored(play, 7)["sites"] == "[2]"


def test_costs_are_read_in_one_shape_and_one_by_one(direct_for, dialect):
    """The list is escaped, without icon and colour (1363); owners are asked for only if there are any."""
    play = direct_for(world(Cost(1, dict(ACME)), Cost(2, {"name": "R&amp;D", "groups": "[2]"})), dialect)
    every, some, none, made = play.tasks(
        Task("mainwp_cost_info"),
        Task("mainwp_cost_info", {"slugs": ["ACME-seo/acme-seo.php"], "names": ["nobody"]}),
        Task("mainwp_cost_info", {"ids": []}),
        Task("mainwp_cost", {"id": 1}),
    )
    assert [cost["name"] for cost in every["costs"]] == ["Acme \"SEO\" & Pro 'ü'", "R&D"]
    assert every["costs"][0] == made["cost"]
    assert (every["costs"][0]["color"], every["costs"][0]["icon"]) == ("#112233", "deficon:folder")
    assert every["costs"][1]["site_tags"] == [{"id": 2, "name": "R&D"}]
    assert ([cost["id"] for cost in some["costs"]], none["count"]) == ([1], 0)
    assert len([entry for entry in every.journal if entry.path.rpartition("/")[2].isdigit()]) == 2
    assert not [entry for entry in none.journal if entry.path.rpartition("/")[2].isdigit()]
