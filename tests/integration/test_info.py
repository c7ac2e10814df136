# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the info modules tell: shapes, subsets, the plan, and the doctor's findings."""

from __future__ import annotations

import pytest
from integration._fleets import PLUGIN, child, fleet, moves
from integration._play import Task
from modules import ALL_SUBSETS, INFO, REMOTE, TABLE, code

from simulator import Offer, Plugin, scenarios

#: Every Dashboard has a key, settings, and kinds of costs.
NEVER_EMPTY = {"mainwp_dashboard_info", "mainwp_api_key_info", "mainwp_cost_info", "mainwp_settings_info"}
DEMO = {
    "requires_php": (6, "lumen-gallery/lumen-gallery.php"),
    "suspended": (9, "wordpress-seo/wp-seo.php"),
    "ignored": (10, "stay-bookings/stay-bookings.php"),
    "premium": (12, "orchard-pro/orchard-pro.php"),
}


def test_sites_have_one_stable_shape(direct_for, dialect):
    play = direct_for(scenarios.demo(), dialect)
    play.sim.fleet.sites[3].sync_errors = "<b>ERROR</b> code 500"
    bare, nothing = play.tasks(Task("mainwp_site_info", {}), Task("mainwp_site_info", {"sites": []}))
    assert bare["count"] == len(bare["sites"]) == 12
    assert len({tuple(site) for site in bare["sites"]}) == 1
    site = bare.site(1)
    assert site["name"] == "Canary Café"
    assert site["tags"] == [{"id": 1, "name": "canary"}, {"id": 3, "name": "blogs"}]
    assert (site["domain"], site["client_id"], site["ip"]) == ("canary-cafe.example", 2, "203.0.113.10")
    assert (site["wp_version"], site["status"], site["suspended"]) == ("7.0.4", "connected", False)
    assert site["last_sync"].endswith("Z")
    assert site["active_theme"] == "Twenty Twenty-Five 1.3"
    assert site["update_counts"] == {
        "core": 1, "plugins": 2, "themes": 1, "translations": 1, "premium": 0, "total": 5,
    }  # fmt: skip
    assert bare.site(6)["name"] == "Sommer & Söhne"
    assert (bare.site(9)["status"], bare.site(9)["suspended"]) == ("suspended", True)
    assert (bare.site(3)["status"], bare.site(3)["sync_errors"]) == ("disconnected", "ERROR code 500")
    assert bare.site(12)["update_counts"]["premium"] == 1
    assert len(bare.journal) <= 4, "a listing costs a page, the names of tags and clients, and the dialect"
    assert bare["dashboard"]["dialect"] == dialect
    assert (nothing["sites"], nothing["count"]) == ([], 0)


def test_subsets_add_keys_and_nothing_else(direct_for, dialect):
    play = direct_for(scenarios.demo(), dialect)
    bare, lists, everything = play.tasks(
        Task("mainwp_site_info", {"sites": [1, 2]}),
        Task("mainwp_site_info", {"sites": [1, 2], "gather_subset": ["plugins", "themes"]}),
        Task("mainwp_site_info", {"sites": [1, 10], "gather_subset": ALL_SUBSETS}),
    )
    keys = set(bare["sites"][0])
    assert set(lists["sites"][0]) == keys | {"plugins", "themes"}
    for site in everything["sites"]:
        assert set(site) == keys | set(ALL_SUBSETS)
    forms = next(item for item in lists.site(1)["plugins"] if item["slug"].startswith("contact-form-7"))
    assert forms == {
        "slug": "contact-form-7/wp-contact-form-7.php", "name": "Contact Form 7", "version": "6.0.3", "active": True,
    }  # fmt: skip
    assert [item["slug"] for item in lists.site(1)["themes"] if item["active"]] == ["twentytwentyfive"]
    offers = {item["slug"]: item["new_version"] for item in everything.site(10)["updates"]}
    assert offers == {"wordpress-seo/wp-seo.php": "26.4"}, "the ignored one is not pending"
    assert everything.site(1)["client"]["name"] == "Northwind Media"
    assert isinstance(everything.site(1)["changes"], list)
    assert isinstance(everything.site(1)["security"], dict)


def test_a_subset_that_one_site_cannot_tell_is_null_with_a_warning(direct_for, dialect):
    play = direct_for(scenarios.demo(), dialect)
    result = play.task(
        "mainwp_site_info", {"sites": [1, 8], "gather_subset": ["security"]}, warns=["riverside-dental.example"]
    )
    assert not result.failed
    assert result.site(1)["security"]
    assert result.site(8)["security"] is None


def test_the_plan_has_what_would_run_and_each_skip_its_reason(direct_for, dialect):
    play = direct_for(scenarios.demo(), dialect)
    info, check = play.tasks(
        Task("mainwp_update_info", {}), Task("mainwp_batch_update", {"all_sites": True}, check=True)
    )
    assert not info.failed, info.msg
    assert info["count"] == len(info["plan"]) == info["summary"]["updates"]["planned"]
    planned = {(entry["site_id"], entry["type"], entry["slug"], entry["version_planned"]) for entry in info["plan"]}
    assert planned == {(site, kind, slug, new) for site, kind, slug, _old, new in check.updates("planned")}
    for reason, (number, slug) in DEMO.items():
        entry = info.update(number, slug)
        assert (entry["result"], entry["reason"]) == ("skipped", reason)
        assert entry["message"] or info.site(number)["message"]
    assert {site["stale"] for site in info["sites"] if site["id"] != 9} == {True}
    assert info.site(9)["result"] == "skipped"
    assert "planned)" in info.msg
    fresh = play.task("mainwp_update_info", {"max_age": 24 * 3600})
    assert {site["stale"] for site in fresh["sites"]} == {False}


def test_a_plan_binds_a_later_run(direct_for, dialect):
    made = fleet(child(Offer("1.1.0"), theme=Offer("1.2")), child(Offer("1.1.0"), theme=Offer("1.2")))
    play = direct_for(made, dialect)
    plan = play.task("mainwp_update_info", {"types": ["plugins"]})["plan"]
    with made.lock:
        made.sites[2].child.plugin(PLUGIN).offer = Offer("1.2.0")
    result, second = play.tasks(
        Task("mainwp_batch_update", {"plan": plan, "max_age": 0}), Task("mainwp_batch_update", {"plan": plan})
    )
    assert not result.failed, result.msg
    assert result.updates("updated") == moves(play.sim) == [(1, "plugin", PLUGIN, "1.0.0", "1.1.0")]
    drifted = result.update(2, PLUGIN)
    assert (drifted["result"], drifted["reason"]) == ("skipped", "drifted")
    assert "Planned was 1.1.0, offered is now 1.2.0." in drifted["message"]
    assert (second.changed, second.work) == (False, [])


def test_filters_of_the_plan(direct_for):
    play = direct_for(scenarios.demo())
    cases = [
        ({"types": ["core"]}, {"core"}),
        ({"types": ["themes", "translations"]}, {"theme", "translation"}),
        ({"include_updates": ["woocommerce"]}, {"plugin", "translation"}),
        ({"include_updates": ["plugin:WOO*"]}, {"plugin"}),
        ({"include_updates": ["nothing-matches"]}, set()),
        ({"exclude_updates": ["core:*", "theme:*", "translation:*"]}, {"plugin"}),
    ]
    for result, (options, kinds) in zip(
        play.tasks(*(Task("mainwp_update_info", options) for options, _kinds in cases)), cases, strict=True
    ):
        assert {entry["type"] for entry in result["plan"]} == kinds, options
    policy, typo = play.tasks(
        Task("mainwp_update_info", {"max_version_change": {"plugins": "minor", "core": "minor"}}),
        Task("mainwp_update_info", {"exclude_updates": ["woocomerce"]}, warns=["'woocomerce' matches no update"]),
    )
    refused = {entry["slug"] for site in policy["sites"] for entry in site["updates"] if entry["reason"] == "policy"}
    assert refused == {"wordpress", "wp-super-cache/wp-cache.php", "lumen-gallery/lumen-gallery.php"}
    assert typo["count"] > 0


def test_an_update_without_package_warns(direct_for, dialect):
    play = direct_for(fleet(child(Offer("1.1.0", package=""))), dialect)
    none, named = play.tasks(
        Task("mainwp_update_info", {}, warns=["No download package is offered for: Shop."]),
        Task("mainwp_update_info", {"include_updates": ["shop"]}),
    )
    assert none.update(1, PLUGIN)["reason"] == "no_package"
    assert named["count"] == 1


def findings(result) -> set[str]:
    for finding in result["findings"]:
        assert set(finding) == {"code", "message", "hint"}
        assert all(finding.values())
    return {finding["code"] for finding in result["findings"]}


def test_a_healthy_dashboard(direct_for, dialect):
    play = direct_for(scenarios.small(3), dialect)
    result = play.task("mainwp_dashboard_info")
    assert not result.failed, result.msg
    assert findings(result) == set()
    told = result["dashboard"]
    assert (told["dialect"], told["api_version"], told["key_scope"]) == (dialect, "v2", "read_write")
    assert told["apis"] == ["mainwp/v1", "mainwp/v2"]
    assert told["tls"] == {"used": False, "verified": True}
    assert abs(told["clock_skew"]) < 60
    assert told["limits"] == {"sync_lanes": 4, "sync_gap": 0.0, "ip_gap": 1.0, "update_lanes": 3}
    assert told["sites"] == {"total": 3, "connected": 3, "disconnected": 0, "suspended": 0}
    assert told["automatic_updates"] == []
    assert told["wp_cron"]["enabled"] is True
    assert told["wp_cron"]["last_seen"]


@pytest.mark.parametrize("days", [None, 4])
def test_a_setting_is_no_sign_that_wp_cron_runs(direct_for, dialect, days):
    made = scenarios.small(2)
    then = int(made.clock.now()) - days * 86400 if days else 0
    for site in made.sites.values():
        site.dts_automatic_sync = site.dts_automatic_sync_start = then
    result = direct_for(made, dialect).task("mainwp_dashboard_info")
    assert findings(result) == {"wp_cron_quiet"}
    assert result["dashboard"]["wp_cron"]["enabled"] is True
    assert bool(result["dashboard"]["wp_cron"]["last_seen"]) == bool(days)


def test_what_looks_wrong_is_a_finding(direct_for, dialect):
    made = scenarios.small(4)
    made.settings = {
        "advanced": {"mainwp_wp_cron": 0, "mainwp_maximum_requests": 9, "mainwp_maximum_install_update_requests": 5},
        "general": {"plugin_automatic_daily_update": 1, "automatic_daily_update": 2},
    }
    made.sites[1].sync_errors = "HTTP error"
    made.sites[2].suspended = True
    made.clock.advance(900)
    play = direct_for(made, dialect)
    play.connection["api_key"] = play.sim.key("read").token
    result = play.task("mainwp_dashboard_info")
    assert not result.failed
    assert findings(result) == {"key_read_only", "wp_cron_off", "automatic_updates", "clock_skew", "disconnected_sites"}
    told = result["dashboard"]
    assert 840 < told["clock_skew"] < 960
    assert told["automatic_updates"] == ["core", "plugins"]
    assert told["limits"]["sync_lanes"] == 9
    assert told["limits"]["update_lanes"] == 5
    assert told["sites"] == {"total": 4, "connected": 2, "disconnected": 1, "suspended": 1}
    assert "5 findings" in result.msg


def test_a_hidden_index_and_a_list_of_keys_that_is_not_told(direct_for, dialect):
    """Security plugins hide the index; then the shape of an answer tells the dialect."""
    play = direct_for(scenarios.small(2), dialect)
    play.sim.faults.add(action="status", code=403, path="/", times=None, body={"code": "rest_cannot_access"})
    play.sim.faults.add(action="status", code=404, path=".*/rest-api/keys", times=None, body={"code": "rest_no_route"})
    doctor, update = play.tasks(
        Task("mainwp_dashboard_info"), Task("mainwp_batch_update", {"all_sites": True, "types": ["themes"]})
    )
    assert doctor["dashboard"]["dialect"] == dialect
    assert doctor["dashboard"]["apis"] == []
    assert doctor["dashboard"]["key_scope"] is None
    assert findings(doctor) == {"key_scope_unknown"}
    assert (update.failed, update["dashboard"]["dialect"]) == (False, dialect)


def test_an_empty_dashboard(direct_for, dialect):
    play = direct_for(scenarios.small(0), dialect)
    for result in play.tasks(
        *(
            Task(
                name, {key: value for key, value in TABLE[name].whole.items() if name not in INFO or key != "all_sites"}
            )
            for name in REMOTE
            if name in INFO or "all_sites" in code(name).DOOR.spec
        )
    ):
        assert (result.failed, result.changed) == (False, False), result.msg
        if result.task.module not in NEVER_EMPTY:
            assert "sites" in result.data or result["count"] == 0
            lists = {name: value for name, value in result.data.items() if isinstance(value, list) and value}
            lists.pop("roles", None)  # what was asked for
            assert lists == {}, result.task.module


@pytest.mark.parametrize("method", ["basic", "query", "bearer"])
def test_every_way_to_authenticate_also_below_a_path(direct_for, dialect, method):
    play = direct_for(scenarios.small(1), dialect, prefix="sub/dash")
    key = play.sim.key()
    play.connection.pop("api_key")
    play.connection |= {
        "auth_method": method, "consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret[3:],
    }  # fmt: skip
    result = play.task("mainwp_batch_update", {"all_sites": True, "types": ["themes"]})
    assert (result.failed, result.changed) == (False, True), result.msg
    assert {entry.auth for entry in result.journal if entry.path.startswith("/mainwp")} == {method}


def hostile() -> Plugin:
    return Plugin(
        "evil\x1b[5m/evil.php",
        "<script>alert(1)</script>{{ lookup('pipe','id') }}\x1b[31m",
        "1.0",
        offer=Offer("1.1", package=""),
    )


@pytest.mark.parametrize("door", ["controller", "host"])
@pytest.mark.claim("text-template", "text-terminal")
def test_hostile_text_stays_text(play_for, door):
    """Names come from child sites: no template, no escape sequence, no markup may come alive."""
    template = "{{ lookup('pipe','id') }}"
    made = fleet(child(Offer("1.1.0"), hostile()), child(Offer("1.1.0", fails_with=f"<b>{template}</b>\x1b[2J")))
    for number, name in ((1, template), (2, "{% for x in range(9) %}x{% endfor %}\u202e")):
        made.sites[number].name = name
        made.sites[number].note = template
    play = play_for(made)
    info, batch, update = play.tasks(
        Task("mainwp_site_info", {"gather_subset": ["plugins", "updates"]}, door=door),
        Task(
            "mainwp_batch_update",
            {"all_sites": True, "update_method": "dashboard_batch"},
            check=True,
            door=door,
            diff=True,
        ),
        Task("mainwp_batch_update", {"all_sites": True}, door=door, diff=True, warns=["No download package"]),
        Task(
            "ansible.builtin.debug", {"msg": "{{ result.sites | default('') }} {{ ansible_date_time | default('') }}"}
        ),
    ).results[:3]
    assert info.site(1)["name"] == template
    assert info.site(1)["note"] == template
    assert "{% for x in range(9) %}" in info.site(2)["name"]
    assert template in next(item["name"] for item in info.site(1)["plugins"] if item["slug"].startswith("evil"))
    assert "evil" in batch["diff"][0]["after"]
    assert update.failed
    assert update.update(2, PLUGIN)["message"] == template + "[2J"
    assert "uid=" not in update.play.output
    for text in (
        *update.warnings,
        update.msg,
        *(text for entry in batch["diff"] for text in entry.values()),
        update.play.output,
    ):
        assert "\x1b" not in text, repr(text)
