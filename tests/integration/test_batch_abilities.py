# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Dashboard's own batch on WordPress 6.9 and newer: a call per site, an answer that says nothing."""

from __future__ import annotations

import pytest
from integration._fleets import PLUGIN, SYNC, THEME, child, fleet, german, moves
from integration._play import Task

from simulator import Offer

BATCH = {"update_method": "dashboard_batch", "all_sites": True, "hold_after": 0, "wait_timeout": 4, "poll_interval": 1}
SITE = "/mainwp/v2/updates/{}/update"


def everything(offer=None):
    """A child with an update of each type."""
    return child(offer or Offer("1.1.0"), theme=Offer("1.2"), core="7.0.4", core_offer="7.1", translations=[german()])


def test_each_selected_site_gets_one_call_and_what_moved_is_read(direct_for):
    one = fleet(*(everything() for _number in range(4)))
    one.sites[2].suspended = True
    one.sites[3].ignored_plugins = {PLUGIN: {"Name": "Shop", "ignored_versions": ["all_versions"]}}
    play = direct_for(one, "abilities")
    options = {**BATCH, "all_sites": False, "sites": [1, 2, 3]}
    planned, real, second = play.tasks(
        Task("mainwp_batch_update", options, check=True),
        Task("mainwp_batch_update", options),
        Task("mainwp_batch_update", options),
    )
    assert planned.updates("planned") == real.updates("updated") == moves(play.sim)
    assert len(moves(play.sim)) == 4 + 3
    assert {entry.path for entry in real.work} == {SITE.format(1), SITE.format(3)}, "never all sites at once"
    assert len(real.work) == 2
    assert real.update(3, PLUGIN)["reason"] == "ignored"
    assert real.site(2)["reason"] == "suspended"
    assert (real.failed, real.changed, real["batch"]["started"]) == (False, True, True)
    assert real["batch"]["method"] == "dashboard_batch"
    assert (second.changed, second.work, second["batch"]["started"]) == (False, [], False)


def test_the_empty_summary_fools_nobody(direct_for):
    stories = {
        1: (Offer("1.1.0", claims_success_without_moving=True), ("failed", "not_moved", "1.0.0")),
        2: (Offer("1.1.0", broken_package=True), ("failed", "not_moved", "1.0.0")),
        3: (Offer("1.1.0", deactivates=True), ("updated", "deactivated", "1.1.0")),
        4: (Offer("1.1.0", only_new_version_at_child="2.0.0"), ("updated", "newer_than_planned", "2.0.0")),
        5: (Offer("1.1.0"), ("updated", "", "1.1.0")),
    }
    play = direct_for(fleet(*(child(offer, theme=Offer("1.2")) for offer, _verdict in stories.values())), "abilities")
    result = play.task("mainwp_batch_update", BATCH)
    for number, (_offer, verdict) in stories.items():
        entry = result.update(number, PLUGIN)
        assert (entry["result"], entry["reason"], entry["version_after"]) == verdict, number
        assert result.update(number, THEME)["result"] == "updated"
    assert result.failed
    assert result.updates("updated") == moves(play.sim)


@pytest.mark.usefixtures("hurry")
def test_a_site_that_cannot_be_reached_is_not_sent_a_batch(direct_for):
    play = direct_for(fleet(child(Offer("1.1.0"), down=True), child(Offer("1.1.0"))), "abilities")
    result = play.task("mainwp_batch_update", BATCH)
    assert result.failed
    assert result.update(1, PLUGIN)["reason"] == "disconnected"
    assert [entry.path for entry in result.work] == [SITE.format(2)]


@pytest.mark.usefixtures("hurry")
def test_lost_answers_of_a_batch_are_found_by_reading(direct_for):
    play = direct_for(fleet(*(everything() for _number in range(3))), "abilities")
    play.sim.faults.add(action="gateway_timeout", method="POST", path=SITE.format(1), delay=1.5)
    play.sim.faults.add(action="reset_after", method="POST", path=SITE.format(2))
    play.sim.faults.add(action="reset_before", method="POST", path=SITE.format(3))
    result = play.task("mainwp_batch_update", {**BATCH, "wait_timeout": 10})
    assert result.updates("updated") == moves(play.sim)
    assert {move[0] for move in moves(play.sim)} == {1, 2}
    assert {(entry["result"], entry["reason"]) for entry in result.site(3)["updates"]} == {("unknown", "timeout")}
    assert len(result.work) == 3
    assert result.failed


@pytest.mark.usefixtures("hurry")
def test_the_verifying_sync_of_a_batch_is_repaired_once(direct_for):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))

    def broken(text):
        one.sites[1].child.unreachable = text

    play = direct_for(one, "abilities")
    play.sim.faults.add(
        action="hook",
        method="POST",
        path=SYNC.format(1),
        skip=1,
        before=lambda: broken("Connection timed out"),
        after=lambda: broken(""),
    )
    result = play.task("mainwp_batch_update", BATCH)
    assert not result.failed
    assert result.updates("updated") == moves(play.sim)
    assert len([entry for entry in result.writes if entry.path.endswith("/reconnect")]) == 1
