# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Product types and payment methods as code. Numbers are exchanges of the recording wp71-resources2."""

from __future__ import annotations

import pytest
from integration._fleets import child, fleet
from integration._play import Task

TYPE, METHOD = "mainwp_cost_product_type", "mainwp_cost_payment_method"


def types(sim) -> dict[str, tuple[str, str, str]]:
    """slug → title, colour, icon, as the Dashboard keeps them."""
    rows = sim.setting("cost-tracker")["product_categories"]
    return {row["slug"]: (row["title"], row["color"], row["icon"]) for row in rows}


def test_a_product_type_comes_changes_and_goes(direct_for, dialect):
    """Its slug is made once (1165) and stays (1176); an edit of one thing would reset the others (1176)."""
    play = direct_for(fleet(child()), dialect)
    new = {"title": 'Domain & "x" ü', "color": "#112233", "icon": "deficon:globe"}
    planned, made, again, listed = play.tasks(
        Task(TYPE, new, check=True, diff=True),
        Task(TYPE, new, diff=True),
        Task(TYPE, new),
        Task("mainwp_cost_info"),
    )
    assert (planned["action"], made["action"], again["action"], again.writes) == ("created", "created", "unchanged", [])
    assert planned["product_type"] == {**made["product_type"], "slug": None}
    assert planned["diff"][0]["after"] == made["diff"][0]["after"]
    assert made["product_type"] in listed["product_types"]
    assert len(listed["product_types"]) == 6
    slug = made["product_type"]["slug"]
    assert slug == "domain-x-u"
    recoloured, renamed, gone, twice = play.tasks(
        Task(TYPE, {"title": new["title"], "color": "#998877"}),
        Task(TYPE, {"slug": slug, "title": "Domains"}),
        Task(TYPE, {"title": "Domains", "state": "absent"}),
        Task(TYPE, {"slug": slug, "state": "absent"}),
    )
    assert recoloured["product_type"] == {**made["product_type"], "color": "#998877"}
    assert renamed["product_type"] == {"slug": slug, "title": "Domains", "color": "#998877", "icon": "deficon:globe"}
    assert renamed.msg == f"Product type 'Domains' (slug {slug}) was changed (title)."
    assert (gone["action"], twice["action"], twice.writes) == ("removed", "unchanged", [])
    assert slug not in types(play.sim)


def test_a_new_one_has_what_mainwp_gives_it(direct_for):
    """Check mode knows (1167)."""
    play = direct_for(fleet(child()))
    planned, made, again = play.tasks(
        Task(TYPE, {"title": "Plain"}, check=True), Task(TYPE, {"title": "Plain"}), Task(TYPE, {"title": "Plain"})
    )
    assert planned["product_type"] == {**made["product_type"], "slug": None}
    assert made["product_type"]["color"] == "#34424D"
    assert again.writes == []


def test_a_built_in_type_keeps_its_title_and_icon(direct_for, dialect):
    """Its icon is read without the part that a write needs (17, 1170)."""
    play = direct_for(fleet(child()), dialect)
    coloured, again = play.tasks(
        Task(TYPE, {"title": "Theme", "color": "#010203"}), Task(TYPE, {"slug": "theme", "color": "#010203"})
    )
    assert coloured["action"] == "changed"
    assert again.writes == []
    assert types(play.sim)["theme"] == ("Theme", "#010203", "deficon:tint")
    assert types(play.sim)["plugin"] == ("Plugin", "#5ec130", "plug")


@pytest.mark.parametrize(
    ("module", "options", "says"),
    [
        (TYPE, {"title": "PLUGIN"}, "'PLUGIN' would be taken for product type 'Plugin' (slug plugin)"),
        (TYPE, {"title": "Plug!in", "color": "#000000"}, "'Plug!in' would be taken for product type 'Plugin'"),  # 1172
        (TYPE, {"slug": "plugin", "title": "Extension"}, "comes with MainWP, which does not rename it"),  # 1179
        (TYPE, {"slug": "plugin", "state": "absent"}, "comes with MainWP, which does not remove it"),  # 1184
        (TYPE, {"slug": "nosuch", "title": "x"}, "no product type with the slug nosuch"),  # 1180
        (TYPE, {"title": "New", "color": "red"}, "'red' is no colour"),  # 1169
        (TYPE, {"title": "New", "color": "#abc"}, "write #rrggbb, in quotes"),
        (TYPE, {"title": "New", "icon": "x"}, "'x' is no icon"),  # 1170
        (TYPE, {"title": "Plugin", "color": ""}, "cannot clear it"),
        (TYPE, {"title": "!!!"}, "MainWP can make no slug of '!!!'"),
        (TYPE, {"title": "Домены"}, "a slug with percent codes, which its API can neither change nor remove"),
        (TYPE, {"title": "Picture", "color": "#000000"}, "has an uploaded picture"),
        (TYPE, {"title": "Хостинг", "state": "absent"}, "no route of MainWP's API leads to product type 'Хостинг'"),
        (TYPE, {"title": "Хостинг", "color": "#000000"}, "no route of MainWP's API leads to product type 'Хостинг'"),
        (METHOD, {"title": "Д", "state": "absent"}, "no route of MainWP's API leads to payment method 'Д'"),
        (METHOD, {"title": "cash "}, "'cash' would be taken for payment method 'Cash' (slug cash)"),
        (
            METHOD,
            {"title": "credit card"},
            "'credit card' comes with MainWP, and costs know it by the slug credit_debit",
        ),
        (METHOD, {"slug": "nosuch", "title": "x"}, "no payment method with the slug nosuch"),  # 1192
        (METHOD, {"title": " "}, "title: is empty"),
    ],
)
def test_what_cannot_be_is_refused_before_any_write(direct_for, module, options, says):
    play = direct_for(fleet(child()))
    rows = [*play.sim.setting("cost-tracker")["product_categories"]]
    rows.append({"slug": "picture", "title": "Picture", "icon": "shop.png", "color": "#123456"})
    rows.append({"slug": "%d1%85", "title": "Хостинг", "icon": "deficon:globe", "color": "#123456"})
    methods = {"cash": "Cash", "%d0%b4": "Д"}
    play.sim.fleet.settings["cost-tracker"] = {"product_categories": rows, "payment_methods": methods}
    for result in play.tasks(*(Task(module, options, check=check) for check in (False, True))):
        assert result.failed
        assert says in result.msg
        assert result.writes == []


def test_a_payment_method_comes_changes_and_goes(direct_for, dialect):
    play = direct_for(fleet(child()), dialect)
    title = 'Wire & "x" ü'
    planned, made, again, renamed, listed, gone, twice = play.tasks(
        Task(METHOD, {"title": title}, check=True, diff=True),
        Task(METHOD, {"title": title}, diff=True),
        Task(METHOD, {"title": title}),
        Task(METHOD, {"slug": "wire-x-u", "title": "Wire"}),
        Task("mainwp_cost_info"),
        Task(METHOD, {"title": "Wire", "state": "absent"}),
        Task(METHOD, {"title": "Wire", "state": "absent"}),
    )
    assert made["payment_method"] == {"slug": "wire-x-u", "title": title}
    assert planned["payment_method"] == {"slug": None, "title": title}
    assert planned["diff"][0]["after"] == made["diff"][0]["after"]
    assert (again.writes, renamed["action"], twice.writes) == ([], "changed", [])
    assert listed["payment_methods"] == [{"slug": "wire-x-u", "title": "Wire"}]
    assert (gone["action"], twice["action"]) == ("removed", "unchanged")


@pytest.mark.parametrize(("module", "kind"), [(TYPE, "product_type"), (METHOD, "payment_method")])
@pytest.mark.parametrize("action", ["gateway_timeout", "reset_after"])
def test_lost_answers_are_looked_for_and_nothing_is_repeated(direct_for, module, kind, action):
    play = direct_for(fleet(child()))
    results = []
    for options in ({"title": "Big Box"}, {"slug": "big-box", "title": "Box"}, {"title": "Box", "state": "absent"}):
        for method in ("POST", "PUT", "DELETE"):
            play.sim.faults.add(method=method, action=action)
        results.append(play.task(module, options))
        play.sim.faults.clear()
    assert [(one.failed, one["action"], len(one.writes)) for one in results] == [
        (False, "created", 1),
        (False, "changed", 1),
        (False, "removed", 1),
    ]
    assert results[0][kind]["slug"] == "big-box"


def test_somebody_else_was_quicker(direct_for):
    """One that is gone answers 400 (1183), one of the same title 500 (1187)."""
    play = direct_for(fleet(child()))
    kept = play.sim.fleet.settings["cost-tracker"] = {"payment_methods": {"wire": "Wire"}}
    play.sim.faults.add(method="DELETE", action="hook", before=lambda: kept.update(payment_methods={}))
    play.sim.faults.add(method="POST", action="hook", before=lambda: kept.update(payment_methods={"bank": "Bank"}))
    gone, refused, again = play.tasks(
        Task(METHOD, {"title": "Wire", "state": "absent"}),
        Task(METHOD, {"title": "Bank"}),
        Task(METHOD, {"title": "Bank"}),
    )
    assert (gone.failed, gone["action"]) == (False, "removed")
    assert (refused.failed, "Duplicate payment method" in refused.msg) == (True, True)
    assert (again["action"], again.writes) == ("unchanged", [])
