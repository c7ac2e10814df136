# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode and info modules send no write, through either door, in every dialect."""

from __future__ import annotations

import pytest
from integration._play import Task
from modules import INFO, REMOTE, TABLE

from simulator import Clock, Fleet, scenarios


def frozen() -> Fleet:
    """The demo fleet at a time that stands still."""
    fleet = scenarios.demo()
    fleet.clock = Clock(scale=0, start=fleet.clock.now())
    return fleet


@pytest.mark.claim("check-mode")
@pytest.mark.once
def test_no_module_writes_in_check_mode_and_nothing_moves(play_for, direct_for, dialect):
    """The helper asserts that there is no write. As modules in this process, and some by playbook."""
    sent = [Task(name, TABLE[name].call, door="host") for name in ("mainwp_site_info", "mainwp_batch_update")]
    ways = (
        (direct_for, [Task(name, TABLE[name].call, check=True, diff=True, door="host") for name in REMOTE], {}),
        (play_for, [*(Task(name, TABLE[name].call) for name in REMOTE), *sent], {"args": ["--check", "--diff"]}),
    )
    for way, tasks, how in ways:
        play = way(frozen(), dialect)
        before = [site.dts_sync for site in play.sim.fleet.sites.values()]
        for result in play.tasks(*tasks, **how):
            assert not result.failed, result.msg
            assert result.changed is (TABLE[result.task.module].changes != "never")
            assert result.journal, "check mode reads"
        assert play.sim.truth == []
        assert [site.dts_sync for site in play.sim.fleet.sites.values()] == before


def test_check_mode_of_the_whole_fleet_on_v1(direct_for):
    play = direct_for(frozen())
    play.connection["api_version"] = "v1"
    tasks = [Task(name, {"all_sites": True}, check=True) for name in ("mainwp_sync", "mainwp_batch_update")]
    for result in play.tasks(*tasks):
        assert result.journal
    assert play.sim.truth == []


def test_check_mode_follows_the_keyword_of_the_task(play_for):
    """``check_mode: false`` under --check writes, ``check_mode: true`` without it does not."""
    play = play_for(scenarios.small(1))
    work = {"all_sites": True, "types": ["themes"]}
    first, second, third = play.tasks(
        Task("mainwp_batch_update", work, check=True),
        Task("mainwp_batch_update", work, keywords={"check_mode": False}),
        Task("mainwp_batch_update", work),
    )
    assert (first.changed, second.changed, third.changed) == (True, True, False)
    assert len(play.sim.truth) == 1


def test_diff_is_shown_only_when_asked_for(play_for):
    play = play_for(scenarios.small(1))
    results = play.tasks(
        *(
            Task("mainwp_batch_update", {"all_sites": True}, check=True, diff=diff, door=door)
            for door in ("controller", "host")
            for diff in (False, True)
        )
    ).results
    for plain, diff in (results[:2], results[2:]):
        assert "diff" not in plain.data
        assert "acme-forms/acme-forms.php 1.1.0" in diff["diff"][0]["after"]


def test_check_mode_of_a_sync_names_what_would_be_synced(direct_for, dialect):
    fleet = frozen()
    fleet.sites[1].dts_sync = fleet.clock.now() - 60
    play = direct_for(fleet, dialect)
    result = play.task("mainwp_sync", {"all_sites": True, "max_age": 300}, check=True)
    assert (result.failed, result.changed) == (False, True)
    kinds = {site["id"]: site["result"] for site in result["sites"]}
    assert kinds[1] == "skipped"
    assert kinds[2] == "planned"
    assert result["summary"]["planned"] + result["summary"]["skipped"] == 12


def test_info_modules_never_change(direct_for, dialect):
    play = direct_for(scenarios.demo(), dialect)
    for result in play.tasks(*(Task(module, TABLE[module].call) for module in INFO)):
        assert not result.failed, result.msg
        assert not result.changed
    assert play.sim.journal.writes() == []
