# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ignored updates as code: rules that come and stay, flags that go both ways. Numbers are those of recorded exchanges."""

from __future__ import annotations

import pytest
from integration._fleets import PLUGIN, THEME, child, fleet, lock_out
from integration._play import Task

from simulator import Offer, Plugin

IGNORE, INFO, BATCH = "mainwp_ignored_update", "mainwp_ignored_update_info", "mainwp_batch_update"
RULE, EDIT = r"/mainwp/v2/updates/{}/ignore/{}", "/mainwp/v2/sites/{}/edit"
ALL = {"all_sites": True}
WHOLE = {"Name": "Shop", "ignored_versions": ["all_versions"]}


def told(result):
    keys = ("rule", "action", "before", "after", "result", "reason")
    return [tuple(entry[key] for key in keys) for site in result["sites"] for entry in site["rules"]]


def test_rules_come_and_flags_go_both_ways(direct_for, dialect):
    made = fleet(child(Offer("1.1.0"), theme=Offer("1.2")), clients=[])
    made.sites[1].client_id = 7
    play = direct_for(made, dialect)
    rules = {**ALL, "plugins": ["shop"], "themes": ["paper"], "core": True, "all_themes": False}
    planned, done, again = play.tasks(
        Task(IGNORE, rules, check=True, diff=True), Task(IGNORE, rules, diff=True), Task(IGNORE, rules)
    )
    changes = [
        ("core", "ignore", "not_ignored", "ignored"),
        ("plugin:shop/shop.php", "ignore", "not_ignored", "ignored"),
        ("theme:paper", "ignore", "not_ignored", "ignored"),
    ]
    rest = ("all_themes", "", "not_ignored", "not_ignored", "unchanged", "")
    assert sorted(told(planned)) == sorted([rest, *((*change, "planned", "") for change in changes)])
    assert sorted(told(done)) == sorted([rest, *((*change, "changed", "") for change in changes)])
    assert planned["diff"] == done["diff"]
    assert planned.writes == again.writes == []
    assert not again.changed
    site = made.sites[1]
    assert site.ignored_plugins == {PLUGIN: WHOLE}
    assert site.ignored_themes == {THEME: {**WHOLE, "Name": "Paper"}}
    assert (site.ignore_core, site.ignore_themes, site.client_id) == (True, False, 7)
    assert [entry.path for entry in done.writes if entry.path.endswith("/sync")] == []
    left = play.task(BATCH, {**ALL, "max_age": 10**6}, check=True)
    assert {entry["reason"] for entry in left.site(1)["updates"]} == {"ignored"}
    back = play.task(IGNORE, {**ALL, "core": False})
    assert told(back) == [("core", "unignore", "ignored", "not_ignored", "changed", "")]
    assert (site.ignore_core, site.client_id) == (False, 7)


def test_no_site_is_asked_so_none_need_be_there(direct_for, dialect):
    """460, 482: edits work while a site is down or suspended."""
    made = fleet(child(), child(), child(), child())
    made.sites[1].child.down = True
    made.sites[2].suspended = True
    lock_out(made, 3)
    for site in made.sites.values():
        site.ip = "192.0.2.1"
    play = direct_for(made, dialect)
    options = {**ALL, "plugins": [PLUGIN], "all_themes": True}
    planned, done, again = play.tasks(Task(IGNORE, options, check=True), Task(IGNORE, options), Task(IGNORE, options))
    assert not planned.failed
    assert not done.failed, done.msg
    assert {entry[4] for entry in told(planned)} == {"planned"}
    assert {entry[4] for entry in told(done)} == {"changed"}
    assert all(site.ignored_plugins and site.ignore_themes for site in made.sites.values())
    assert len(done.writes) == 8
    assert again.writes == []


def test_only_a_map_is_sent_and_names_arrive(direct_for):
    """598: a list leaves a rule named 0; 603: an empty map ignores everything; 593: names are decoded once more."""
    odd = Plugin("odd/odd.php", 'Acme%20Cache + & "x" ü', "1.0")
    made = fleet(child(None, odd))
    result = direct_for(made).task(IGNORE, {**ALL, "plugins": ["odd"]})
    assert not result.failed
    assert made.sites[1].ignored_plugins == {"odd/odd.php": {**WHOLE, "Name": odd.name}}
    assert not made.sites[1].ignore_plugins


def test_what_is_not_installed_is_skipped(direct_for):
    """597: MainWP would take it."""
    play = direct_for(fleet(child(), child(None, Plugin("acme/acme.php", "Acme", "1.0"))))
    typo, result = play.tasks(
        Task(IGNORE, {**ALL, "plugins": ["nosuch/nosuch.php"]}, warns=["'nosuch/nosuch.php' is on none"]),
        Task(IGNORE, {**ALL, "plugins": ["acme"]}),
    )
    assert not typo.failed
    assert typo.writes == []
    assert [entry[4:] for entry in told(result)] == [("skipped", "not_installed"), ("changed", "")]


def test_a_name_of_several_is_refused_and_one_of_none_is_gone_already(direct_for):
    made = fleet(child(None, *(Plugin(f"acme/{name}.php", f"Acme {name}", "1.0") for name in ("one", "two"))))
    play = direct_for(made)
    several, gone = play.tasks(
        Task(IGNORE, {**ALL, "plugins": ["acme"]}),
        Task(IGNORE, {**ALL, "plugins": ["nosuch"], "state": "absent"}),
    )
    assert several.failed
    assert several.writes == []
    (entry,) = several.site(1)["rules"]
    assert (entry["result"], entry["reason"]) == ("failed", "ambiguous")
    assert "acme/one.php, acme/two.php" in entry["message"]
    assert not gone.failed
    assert [entry[2:] for entry in told(gone)] == [("not_ignored", "not_ignored", "unchanged", "")]


def test_where_nobody_knows_what_is_installed_nothing_is_skipped_in_silence(direct_for):
    made = fleet(child())
    made.sites[1].stored = None
    result = direct_for(made).task(IGNORE, {**ALL, "plugins": ["shop"]})
    assert result.failed
    assert "on none of the sites" not in result.msg, "nobody looked"
    assert result.writes == []
    (entry,) = result.site(1)["rules"]
    assert (entry["result"], entry["reason"]) == ("failed", "not_installed")
    assert "MainWP does not know the plugins of the site: sync it" in entry["message"]


def test_single_rules_cannot_be_taken_back(direct_for, dialect):
    """638, 639: there is no route. 640: and none that changes one."""
    made = fleet(child(), child(), child())
    made.sites[1].ignored_plugins = {PLUGIN: WHOLE}
    made.sites[2].ignored_plugins = {PLUGIN: {"Name": "Shop", "ignored_versions": ["1.1.0"]}}
    play = direct_for(made, dialect)
    gone, there = play.tasks(
        Task(IGNORE, {**ALL, "plugins": ["shop"], "state": "absent"}), Task(IGNORE, {**ALL, "plugins": [PLUGIN]})
    )
    assert gone.failed
    assert gone.writes == []
    assert [entry[4:] for entry in told(gone)] == [("failed", "by_hand"), ("failed", "by_hand"), ("unchanged", "")]
    assert "Plugins > Ignored Updates" in gone.site(1)["rules"][0]["message"]
    assert [entry[4:] for entry in told(there)] == [("unchanged", ""), ("failed", "by_hand"), ("changed", "")]
    assert "1.1.0" in there.site(2)["rules"][0]["message"]


def test_a_rule_outlives_its_plugin(direct_for):
    made = fleet(child())
    made.sites[1].ignored_plugins = {"gone/gone.php": {"Name": "Gone", "ignored_versions": ["all_versions"]}}
    result = direct_for(made).task(IGNORE, {**ALL, "plugins": ["gone"]})
    assert told(result) == [("plugin:gone/gone.php", "", "ignored", "ignored", "unchanged", "")]


@pytest.mark.parametrize("junk", [{"0": {"Name": "acme/acme.php", "ignored_versions": ["all_versions"]}}, {"0": "x"}])
def test_junk_is_told_and_never_written(direct_for, dialect, junk):
    """598 to 602, 1553."""
    made = fleet(child())
    made.sites[1].ignored_plugins = dict(junk)
    play = direct_for(made, dialect)
    warns = ["an ignore rule named by a number"]
    done, again, info, refused = play.tasks(
        Task(IGNORE, {**ALL, "plugins": ["shop"]}, warns=warns),
        Task(IGNORE, {**ALL, "plugins": ["shop"]}, warns=warns),
        Task(INFO, {}),
        Task(IGNORE, {**ALL, "plugins": ["0"]}),
    )
    assert told(done)[0][4] == "changed"
    assert again.writes == []
    assert made.sites[1].ignored_plugins == {**junk, PLUGIN: WHOLE}
    assert [rule["slug"] for rule in info.site(1)["rules"]] == [PLUGIN]
    assert len(info.site(1)["junk"]) == 1
    assert refused.failed
    assert refused.journal == []


def test_rules_are_read_from_the_listing(direct_for, dialect):
    """586, 658: MainWP's own routes for it answer with an error."""
    made = fleet(child(), child())
    one = made.sites[1]
    one.ignored_plugins = {
        PLUGIN: WHOLE,
        "old/old.php": "Old",
        "some/some.php": {"Name": "Some", "ignored_versions": ["2"]},
    }
    one.ignored_themes = {"2024": {"Name": "Year", "ignored_versions": ["all_versions"]}}
    one.child.themes.append(type(one.child.themes[0])("2024", "Year", "1.0"))
    one.ignore_core = True
    play = direct_for(made, dialect)
    play.task("mainwp_sync", {**ALL, "max_age": 0})
    result = play.task(INFO, {})
    assert [(rule["type"], rule["slug"], rule["versions"]) for rule in result.site(1)["rules"]] == [
        ("plugin", "old/old.php", []),
        ("plugin", PLUGIN, []),
        ("plugin", "some/some.php", ["2"]),
        ("theme", "2024", []),
    ]
    assert (result.site(1)["core"], result.site(1)["all_plugins"]) == (True, False)
    assert result.site(2)["rules"] == []
    assert result["count"] == 4
    assert not any("ignored" in entry.path for entry in result.journal)


def test_rules_that_cannot_be_read_are_unknown_and_not_none(direct_for, dialect):
    made = fleet(child(), child())
    made.sites[1].ignored_plugins = "Shop"
    made.sites[2].ignored_plugins = {PLUGIN: WHOLE}
    result = direct_for(made, dialect).task(INFO, {})
    unknown, known = result.site(1), result.site(2)
    assert (unknown["result"], unknown["core"], unknown["rules"], unknown["junk"]) == ("unknown", None, [], [])
    assert "cannot be read" in unknown["message"]
    assert [rule["slug"] for rule in known["rules"]] == [PLUGIN]
    assert result["count"] == 1


@pytest.mark.parametrize("action", ["reset_after", "gateway_timeout"])
def test_a_lost_answer_is_looked_for(direct_for, action):
    play = direct_for(fleet(child()))
    play.sim.faults.add(action=action, path=RULE.format(1, "plugins"))
    result = play.task(IGNORE, {**ALL, "plugins": ["shop"]})
    assert not result.failed, result.msg
    assert told(result)[0][4] == "changed"
    assert len(result.writes) == 1


def test_something_must_be_said(direct_for):
    result = direct_for(fleet(child())).task(IGNORE, ALL)
    assert result.failed
    assert "nothing is said" in result.msg
    assert result.journal == []
