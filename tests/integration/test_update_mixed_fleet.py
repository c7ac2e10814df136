# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One fleet with everything that goes wrong in the field: the good moves, the bad is named, nothing hides."""

from __future__ import annotations

import pytest
from integration._fleets import PLUGIN, THEME, child, fleet, moves
from integration._play import Task

from simulator import Offer

STILL = "1.0.0"


def trouble():
    """Sites 1 and 2 are well, 9 has nothing to do, 10 nothing but an ignored update."""
    both = {"theme": Offer("1.2")}
    one = fleet(
        child(Offer("1.1.0"), **both),
        child(Offer("1.1.0"), **both),
        child(Offer("1.1.0"), **both, down=True),
        child(Offer("1.1.0"), **both, plugin_gone=True),
        child(Offer("1.1.0", broken_package=True), **both),
        child(Offer("1.1.0"), **both),
        child(Offer("1.1.0"), **both),
        child(Offer("1.1.0", requires_php="8.4"), **both, php_version="8.2.30"),
        child(),
        child(Offer("1.1.0")),
    )
    one.sites[10].ignored_plugins = {PLUGIN: {"Name": "Shop", "ignored_versions": ["all_versions"]}}
    one.sites[6].suspended = True
    one.sites[7].ignored_plugins = {PLUGIN: {"Name": "Shop", "ignored_versions": ["all_versions"]}}
    return one


@pytest.mark.usefixtures("hurry")
def test_good_updates_move_and_each_bad_site_has_its_reason_and_the_version_it_still_has(direct_for, dialect):
    play = direct_for(trouble(), dialect)
    result = play.task("mainwp_batch_update", {"all_sites": True})
    assert result.failed
    assert result.changed
    good = [(number, "plugin", PLUGIN, "1.0.0", "1.1.0") for number in (1, 2)]
    good += [(number, "theme", THEME, "1.0", "1.2") for number in (1, 2, 5, 7, 8)]
    assert result.updates("updated") == moves(play.sim) == sorted(good)
    expected = {
        3: ("failed", "disconnected"),
        4: ("failed", "disconnected"),
        5: ("failed", "child_error"),
        6: ("skipped", "suspended"),
        7: ("skipped", "ignored"),
        8: ("skipped", "requires_php"),
        10: ("skipped", "ignored"),
    }
    for number, (became, reason) in expected.items():
        entry = result.update(number, PLUGIN)
        assert (entry["result"], entry["reason"], entry["version_after"]) == (became, reason, STILL), number
        assert entry["message"] or result.site(number)["message"]
    assert [result.site(number)["result"] for number in (3, 4, 5, 6)] == ["failed", "failed", "failed", "skipped"]
    assert result.site(7)["result"] == result.site(8)["result"] == "updated"
    assert "Download failed." in result.update(5, PLUGIN)["message"]
    assert "8.4" in result.update(8, PLUGIN)["message"]
    assert result["summary"]["failed_sites"] == [f"https://s0{number}.example/" for number in (3, 4, 5)]
    assert result["summary"]["sites"]["total"] == 10
    assert 9 not in {site["id"] for site in result["sites"]}  # nothing to say of it
    assert not [entry for entry in result.work if entry.path.split("/")[4] in ("3", "4", "6", "10")]


def test_what_a_real_run_skips_check_mode_skips_for_the_same_reason(direct_for, dialect):
    play = direct_for(trouble(), dialect)
    planned, real = play.tasks(
        Task("mainwp_batch_update", {"sites": [1, 5, 6, 7, 8]}, check=True),
        Task("mainwp_batch_update", {"sites": [1, 6, 7, 8]}),
    )
    assert not planned.failed
    assert not real.failed, "suspended, ignored and unmet are no failures"
    for number in (6, 7, 8):
        for slug in (PLUGIN, THEME):
            before, after = planned.update(number, slug), real.update(number, slug)
            assert before["reason"] == after["reason"]
            assert (before["result"] == "skipped") == (after["result"] == "skipped")
    assert set(real.updates("updated")) < set(planned.updates("planned"))


def test_ansible_playbook_fails_after_all_the_work_is_done(play_for):
    play = play_for(trouble())
    update = {"name": "Update", "wpfleet.mainwp.mainwp_batch_update": {**play.connection, "all_sites": True}}
    done = play.run([{"hosts": "localhost", "gather_facts": False, "tasks": [update]}])
    assert done.returncode == 2
    assert len(moves(play.sim)) == 7
    assert "s03.example" in done.stdout
    assert "new: " in done.stdout


@pytest.mark.usefixtures("hurry")
def test_with_verbosity_a_failing_result_holds_every_site(direct_for):
    play = direct_for(trouble())
    (result,) = play.tasks(Task("mainwp_batch_update", {"all_sites": True}), verbosity=1)
    assert result.failed
    assert [site["id"] for site in result["sites"]] == list(range(1, 11))
