# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The legacy API v1: sites, sync and updates one by one, with ignore rules of our own."""

from __future__ import annotations

import pytest
from integration._direct import Direct
from integration._fleets import PLUGIN, THEME, child, fleet, german, moves
from integration._play import Task
from modules import ALL, REMOTE, TABLE, V1

from simulator import Offer, Plugin, Simulator, Tag, scenarios

CACHE = "cache/cache.php"


def cache() -> Plugin:
    return Plugin(CACHE, "Cache", "2.0.0", offer=Offer("2.1.0"))


def v1(play: Direct, **more: object) -> Direct:
    play.connection |= {"api_version": "v1", **more}
    return play


@pytest.fixture(params=["token", "pair", "query"])
def way(request):
    """The same key in the three ways in which it can travel to v1."""

    def connect(sim: Simulator) -> dict[str, str]:
        key = sim.key()
        pair = {"consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret}
        ways = {"token": {"api_key": key.token}, "pair": pair, "query": {**pair, "auth_method": "query"}}
        return ways[request.param]

    return connect


def test_every_way_to_authenticate(direct_for, way):
    play = direct_for(scenarios.small(2))
    play.connection.pop("api_key")
    result = v1(play, **way(play.sim)).task("mainwp_site_info", {})
    assert result["count"] == 2
    assert result["dashboard"]["dialect"] == "v1"
    assert {entry.auth for entry in result.journal} <= {"x-api-key", "query"}
    assert {entry.path.split("/")[2] for entry in result.journal} == {"v1"}


def test_sites_have_the_shape_of_v2(direct_for):
    made = fleet(child(Offer("1.1.0"), cache(), core="7.0.4", core_offer="7.1"), child())
    made.tags = {7: Tag(7, "shops, small"), 8: Tag(8, "b")}
    made.sites[1].tags = [7, 8]
    made.sites[2].suspended = True
    play = direct_for(made)
    subsets = {"gather_subset": ["plugins", "themes", "updates"]}
    second = play.task("mainwp_site_info", subsets)
    first = v1(play).task("mainwp_site_info", subsets)
    assert not first.failed, first.msg
    for one, two in zip(first["sites"], second["sites"], strict=True):
        assert one.keys() == two.keys()
        same = (
            "id",
            "url",
            "name",
            "status",
            "suspended",
            "plugins",
            "themes",
            "updates",
            "last_sync",
            "update_counts",
        )
        assert {key: one[key] for key in same} == {key: two[key] for key in same}
        assert one["tags"] == two["tags"]


def test_a_sync_refreshes_the_picture(direct_for):
    play = v1(direct_for(fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))))
    play.sim.fleet.outside_update(1, "plugin", PLUGIN)
    first, again, forced = play.tasks(
        Task("mainwp_sync", {**ALL, "max_age": 0}), Task("mainwp_sync", ALL), Task("mainwp_sync", {**ALL, "max_age": 0})
    )
    assert (first.failed, first.changed) == (False, True)
    assert first.site(1)["result"] == "synced"
    assert {"what": f"plugin {PLUGIN}", "before": "1.0.0 active", "after": "1.1.0 active"} in first.site(1)["differs"]
    assert (again.changed, again.writes) == (False, [])
    assert again.site(1)["result"] == "skipped"
    assert (forced.changed, len(forced.writes)) == (False, 2)


@pytest.mark.usefixtures("hurry")
def test_a_dead_child_fails_alone(direct_for):
    made = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")), child(Offer("1.1.0")))
    made.sites[2].child.down = True
    play = v1(direct_for(made))
    sync, update = play.tasks(Task("mainwp_sync", {**ALL, "max_age": 0}), Task("mainwp_batch_update", ALL))
    assert sync.failed
    assert (sync.site(2)["result"], sync.site(2)["reason"]) == ("failed", "disconnected")
    assert sync["summary"]["synced"] == 2
    assert update.failed
    assert update.site(2)["reason"] == "disconnected"
    assert update.updates("updated") == [
        (1, "plugin", PLUGIN, "1.0.0", "1.1.0"),
        (3, "plugin", PLUGIN, "1.0.0", "1.1.0"),
    ]
    assert moves(play.sim) == update.updates("updated")


def test_updates_of_every_type_one_by_one_in_check_mode_and_for_real(direct_for):
    full = child(
        Offer("1.1.0"),
        cache(),
        theme=Offer("1.2"),
        core="7.0.4",
        core_offer="7.1",
        translations=[german(), german("x")],
    )
    play = v1(direct_for(fleet(full, child())))
    planned, real, second = play.tasks(
        Task("mainwp_batch_update", ALL, check=True), Task("mainwp_batch_update", ALL), Task("mainwp_batch_update", ALL)
    )
    assert (planned.changed, planned.writes) == (True, [])
    assert (real.failed, real.changed) == (False, True)
    assert len(moves(play.sim)) == 6
    assert planned.updates("planned") == real.updates("updated") == moves(play.sim)
    assert (second.failed, second.changed, second.work) == (False, False, [])
    items = play.sim.journal.find("PUT", "/mainwp/v1/site/site-update-item")
    assert [entry.query["slug"] for entry in items] == [CACHE, PLUGIN, THEME]
    assert len(play.sim.journal.find("PUT", "/mainwp/v1/site/site-update-translations")) == 1


def test_check_mode_knows_the_wordpress_version_that_the_list_lacks(direct_for):
    """The list of sites tells neither it nor premium offers; the row that is read for the ignore rules does."""
    premium = {"pro/pro.php": {"Name": "Pro", "Version": "3.1", "type": "plugin", "premium": True}}
    premium["pro/pro.php"]["update"] = {"new_version": "3.2", "plugin": "pro/pro.php", "slug": "pro"}
    needy = child(Offer("1.1.0", requires="8.0"), cache(), core="7.1", premium=premium)
    play = v1(direct_for(fleet(needy, child(Offer("1.1.0", requires="7.0"), core="7.1"))))
    call = {**ALL, "exclude_updates": ["pro"]}
    check, real = play.tasks(Task("mainwp_batch_update", call, check=True), Task("mainwp_batch_update", call))
    for result in (check, real):
        entry = result.update(1, PLUGIN)
        assert (entry["result"], entry["reason"]) == ("skipped", "requires_wp")
        assert entry["message"] == "Needs WordPress 8.0; the site has 7.1."
        assert result.update(1, "pro")["reason"] == "premium"
        assert result.site(1)["wp_version"] == "7.1"
    assert check.updates("planned") == real.updates("updated") == moves(play.sim)
    rows = [entry for entry in check.journal if entry.path.endswith("/site/site")]
    assert len(rows) == 2


def ignored_offer(version: str) -> dict[str, dict[str, object]]:
    return {CACHE: {"Name": "Cache", "ignored_versions": [version]}}


@pytest.mark.parametrize(
    ("rule", "ran"),
    [
        ({}, [CACHE, PLUGIN, THEME, "wordpress"]),
        ({"ignored_plugins": ignored_offer("all_versions")}, [PLUGIN, THEME, "wordpress"]),
        ({"ignored_plugins": ignored_offer("2.1.0")}, [PLUGIN, THEME, "wordpress"]),
        ({"ignored_plugins": ignored_offer("2.0.5")}, [CACHE, PLUGIN, THEME, "wordpress"]),
        (
            {"ignored_themes": {THEME: {"Name": "Paper", "ignored_versions": ["all_versions"]}}},
            [CACHE, PLUGIN, "wordpress"],
        ),
        ({"ignore_plugins": True}, [THEME, "wordpress"]),
        ({"ignore_themes": True}, [CACHE, PLUGIN, "wordpress"]),
        ({"ignore_core": True}, [CACHE, PLUGIN, THEME]),
        ({"global": ignored_offer("all_versions")}, [PLUGIN, THEME, "wordpress"]),
        ({"global": ignored_offer("2.1.0")}, [PLUGIN, THEME, "wordpress"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_ignore_rules_are_ours_and_the_same_as_those_of_v2(direct_for, rule, ran):
    made = fleet(child(Offer("1.1.0"), cache(), theme=Offer("1.2"), core="7.0.4", core_offer="7.1"))
    for name, value in rule.items():
        if name == "global":
            made.ignored_plugins = value
        else:
            setattr(made.sites[1], name, value)
    play = v1(direct_for(made))
    v2_plan, check, real = play.tasks(
        Task("mainwp_batch_update", {**ALL, "api_version": "v2"}, check=True),
        Task("mainwp_batch_update", ALL, check=True),
        Task("mainwp_batch_update", ALL),
    )
    for result in (v2_plan, check):
        assert sorted(entry[2] for entry in result.updates("planned")) == sorted(ran)
        skipped = {
            entry["slug"]: entry["reason"] for entry in result.site(1)["updates"] if entry["result"] == "skipped"
        }
        assert skipped == dict.fromkeys({CACHE, PLUGIN, THEME, "wordpress"} - set(ran), "ignored")
    assert sorted(entry[2] for entry in real.updates("updated")) == sorted(ran)
    assert sorted(move[2] for move in moves(play.sim)) == sorted(ran)


def test_translations_are_all_or_nothing(direct_for):
    play = v1(direct_for(fleet(child(translations=[german(), german("x")]))))
    part = {**ALL, "include_updates": ["translation:x"]}
    check, some, every = play.tasks(
        Task("mainwp_batch_update", part, check=True),
        Task("mainwp_batch_update", part),
        Task("mainwp_batch_update", ALL),
    )
    assert (check.changed, check.update(1, "x")["reason"]) == (False, "not_supported")
    assert (some.failed, some.changed, some.work) == (False, False, [])
    assert some.update(1, "x")["reason"] == "not_supported"
    assert "all translations of a site or none" in some.update(1, "x")["message"]
    assert len(every.updates("updated")) == 2


def test_what_goes_wrong_is_told(direct_for):
    """v1 says "Process ran." whatever happened."""
    made = fleet(
        child(Offer("1.1.0", broken_package=True), cache()),
        child(Offer("1.1.0", claims_success_without_moving=True)),
        child(Offer("1.1.0"), core="7.0.4", core_offer="7.1", core_fails_with="Another update is in progress."),
    )
    play = v1(direct_for(made))
    result = play.task("mainwp_batch_update", ALL)
    assert result.failed
    assert result.updates("updated") == moves(play.sim)
    assert result.update(1, PLUGIN)["result"] == "failed"
    assert result.update(1, "cache")["result"] == "updated"
    assert (result.update(2, PLUGIN)["result"], result.update(2, PLUGIN)["reason"]) == ("failed", "not_moved")
    assert result.update(3, PLUGIN)["result"] == "updated"
    assert result.update(3, "wordpress")["result"] == "failed"


def test_a_suspended_site_is_left_alone(direct_for):
    made = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))
    made.sites[2].suspended = True
    result = v1(direct_for(made)).task("mainwp_batch_update", ALL)
    assert not result.failed
    assert (result.site(2)["result"], result.site(2)["reason"]) == ("skipped", "suspended")
    assert len(result.work) == 1


def test_other_modules_refuse_in_one_sentence_before_any_request(direct_for):
    play = v1(direct_for(scenarios.small(1)))
    others = [name for name in REMOTE if name not in V1]
    assert others
    for result in play.tasks(*(Task(name, TABLE[name].call) for name in others)):
        assert result.failed
        assert result["error"]["option"] == "api_version"
        assert f"{result.task.module} needs API v2; v1 only reads sites, syncs and updates." in result.msg
        assert result.journal == []


def test_keys_that_do_not_suffice(direct_for):
    play = v1(direct_for(scenarios.small(1)))
    play.connection["api_key"] = play.sim.key("read").token
    read, sync, update = play.tasks(
        Task("mainwp_site_info", {}),
        Task("mainwp_sync", {**ALL, "max_age": 0}),
        Task("mainwp_batch_update", ALL),
    )
    assert read["count"] == 1
    for result in (sync, update):
        assert result.failed
        assert "not allowed to do the Write method" in str(result.data)
        assert len(result.writes) == 1
    play.connection["api_key"] = play.sim.key("write").token  # not enabled for v1
    stranger = play.task("mainwp_site_info", {})
    assert stranger["error"]["reason"] == "unauthorized"
    assert "'Enable MainWP REST API v1 Compatibility' ticked" in stranger.msg


@pytest.mark.parametrize(
    "noise", ["<br />\n<b>Notice</b>:  x in <b>/srv/a.php</b> on line <b>1</b><br />\n", "<!-- x -->\n"]
)
def test_what_is_printed_around_its_answers_does_no_harm(direct_for, noise):
    """Some of them are empty: nothing is ignored."""
    play = v1(direct_for(fleet(child(Offer("1.1.0")))))
    play.sim.faults.add(action="noise", before=noise, times=None)
    (result,) = play.tasks(Task("mainwp_batch_update", {"all_sites": True}, warns=["hold more than JSON"]))
    assert result.changed
    assert [move[:3] for move in moves(play.sim)] == [(1, "plugin", "shop/shop.php")]
