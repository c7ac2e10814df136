# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be updated: policy, patterns, gates, and plans made earlier."""

from __future__ import annotations

from integration._fleets import PLUGIN, THEME, child, fleet, german, moves
from integration._play import Task

from simulator import Offer, Plugin


def test_the_policy_is_checked_again_right_before_acting(play_for, dialect):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")), child(Offer("1.1.0")))
    for number in (2, 3):
        one.sites[number].child.plugins[0].offer = Offer("2.0.0")  # came out since the last sync
    play = play_for(one, dialect)
    strict = {"sites": [1, 2], "max_version_change": "minor"}
    planned, real, free = play.tasks(
        Task("mainwp_batch_update", strict, check=True),
        Task("mainwp_batch_update", strict),
        Task("mainwp_batch_update", {"sites": [3]}),
    )
    assert len(planned.updates("planned")) == 2
    assert real.updates("updated") == [(1, "plugin", PLUGIN, "1.0.0", "1.1.0")]
    late = real.update(2, PLUGIN)
    assert (late["result"], late["reason"], late["version_after"]) == ("skipped", "policy", "1.0.0")
    assert late["version_planned"] == "2.0.0"
    assert not real.failed
    newer = free.update(3, PLUGIN)
    assert (newer["result"], newer["reason"]) == ("updated", "newer_than_planned")
    assert (newer["version_before"], newer["version_planned"], newer["version_after"]) == ("1.0.0", "1.1.0", "2.0.0")
    assert "1.1.0" in newer["message"]
    assert not free.failed
    assert [move[0] for move in moves(play.sim)] == [1, 3]


def test_steps_are_measured_by_the_meaning_of_each_type(play_for):
    def site(plugin: str, theme: str, core: str):
        return child(Offer(plugin), theme=Offer(theme), core="7.0.4", core_offer=core)

    play = play_for(fleet(site("1.0.1", "1.0.1", "7.0.5"), site("1.1.0", "1.1", "7.1"), site("2.0.0", "2.0", "8.0")))
    patch, minor, mixed = play.tasks(
        *(
            Task("mainwp_batch_update", {"all_sites": True, "max_version_change": step}, check=True)
            for step in ("patch", "minor", {"core": "minor", "plugins": "patch"})
        )
    )
    allowed = [{entry[:2] for entry in result.updates("planned")} for result in (patch, minor, mixed)]
    # WordPress itself: 7.0.4 to 7.0.5 is a minor release, to 7.1 a major one
    assert allowed[0] == {(1, "plugin"), (1, "theme")}
    assert allowed[1] == {(1, "plugin"), (1, "theme"), (1, "core"), (2, "plugin"), (2, "theme")}
    assert allowed[2] == {(1, "plugin"), (1, "core"), (1, "theme"), (2, "theme"), (3, "theme")}
    assert {
        entry["reason"] for site in minor["sites"] for entry in site["updates"] if entry["result"] == "skipped"
    } == {"policy"}


def test_only_what_was_asked_for_moves(play_for, dialect):
    def site():
        more = [Plugin("shop-extra/extra.php", "Extra", "1.0", offer=Offer("1.1"))]
        return child(Offer("1.1.0"), *more, theme=Offer("1.2"), translations=[german()])

    play = play_for(fleet(*(site() for _number in range(4))), dialect)
    results = play.tasks(
        Task("mainwp_batch_update", {"sites": [1], "types": ["themes"]}),
        Task("mainwp_batch_update", {"sites": [2], "include_updates": ["plugin:shop"]}),
        Task("mainwp_batch_update", {"sites": [3], "exclude_updates": ["shop*", "translation:*"]}),
        Task("mainwp_batch_update", {"sites": [4], "exclude_updates": ["nothing"]}, warns=["'nothing' matches no"]),
    )
    assert [sorted((one, slug) for one, _kind, slug, *_rest in result.updates("updated")) for result in results] == [
        [(1, THEME)],
        [(2, PLUGIN)],
        [(3, THEME)],
        [(4, THEME), (4, "shop"), (4, "shop-extra/extra.php"), (4, PLUGIN)],
    ]
    assert [move[:3] for move in moves(play.sim)] == sorted(
        move[:3] for result in results for move in result.updates("updated")
    )
    assert results.results[2].update(3, PLUGIN)["reason"] == "excluded"


def test_an_update_without_a_package_is_left_unless_it_is_named(play_for, dialect):
    play = play_for(fleet(child(Offer("1.1.0", package=""), theme=Offer("1.2"))), dialect)
    left, named = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}, warns=["No download package is offered for: Shop"]),
        Task("mainwp_batch_update", {"all_sites": True, "include_updates": ["shop"]}),
    )
    assert (left.update(1, PLUGIN)["result"], left.update(1, PLUGIN)["reason"]) == ("skipped", "no_package")
    assert not left.failed
    assert (named.update(1, PLUGIN)["result"], named.update(1, PLUGIN)["reason"]) == ("failed", "child_error")
    assert named.failed


def test_a_plan_is_run_as_it_was_made_and_what_drifted_is_skipped(play_for, dialect):
    one = fleet(*(child(Offer("1.1.0"), theme=Offer("1.2")) for _number in range(3)))
    play = play_for(one, dialect)

    def days_later() -> None:
        one.sites[2].child.plugins[0].offer = Offer("1.2.0")
        one.outside_update(3, "plugin", PLUGIN)

    told = play.task("mainwp_update_info", {"sites": [1, 2, 3], "types": ["plugins"]}, after=days_later)
    assert told["count"] == 3
    real, again = play.tasks(
        Task("mainwp_batch_update", {"plan": told["plan"]}),
        Task("mainwp_batch_update", {"plan": told["plan"]}),
    )
    assert real.updates("updated") == moves(play.sim) == [(1, "plugin", PLUGIN, "1.0.0", "1.1.0")]
    drifted = real.update(2, PLUGIN)
    assert (drifted["result"], drifted["reason"], drifted["version_after"]) == ("skipped", "drifted", "1.0.0")
    assert (real.failed, again.failed, again.changed, again.work) == (False, False, False, [])


def test_premium_and_other_unreachable_updates_are_named_and_not_sent(play_for, dialect):
    premium = {"pro/pro.php": {"Name": "Pro", "Version": "3.1", "type": "plugin", "premium": True}}
    premium["pro/pro.php"]["update"] = {"new_version": "3.2", "plugin": "pro/pro.php", "slug": "pro"}
    site = child(Offer("1.1.0", requires="8.0"), theme=Offer("1.2"), premium=premium, core="7.1")
    play = play_for(fleet(site), dialect)
    planned, real = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}, check=True),
        Task("mainwp_batch_update", {"all_sites": True}),
    )
    for result in (planned, real):
        assert result.update(1, "pro")["reason"] == "premium"
        assert result.update(1, PLUGIN)["reason"] == "requires_wp"
        assert not result.failed
    assert real.updates("updated") == moves(play.sim) == [(1, "theme", THEME, "1.0", "1.2")]
