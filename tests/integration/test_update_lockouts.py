# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites that MainWP refuses since an earlier failure: recognised, named, and repaired only where that is right."""

from __future__ import annotations

import pytest
from integration._fleets import PLUGIN, SYNC, UPDATE, child, fleet, lock_out, moves
from integration._play import Task

from simulator import Offer, Site

pytestmark = pytest.mark.usefixtures("hurry")
MOVED = ("updated", "", "1.1.0")


def verdict(result, number):
    """Result, reason and version afterwards of a site's plugin update."""
    entry = result.update(number, PLUGIN)
    return entry["result"], entry["reason"], entry["version_after"]


def test_a_site_locked_out_before_the_run_is_repaired_only_when_asked_for(direct_for):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")), child(Offer("1.1.0"), has_key=False))
    for number in (1, 3):
        lock_out(one, number)
    play = direct_for(one, "abilities")
    careful, repairing = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}),
        Task("mainwp_batch_update", {"sites": [1], "reconnect": True}),
    )
    assert careful.failed
    assert verdict(careful, 1) == verdict(careful, 3) == ("failed", "locked_out", "1.0.0")
    assert "reconnect" in careful.site(1)["message"]
    assert verdict(careful, 2) == MOVED
    assert not [entry for entry in careful.writes if entry.path.endswith("/reconnect")]
    assert not one.sites[3].child.has_key, "an intended disconnect stays"
    assert not repairing.failed
    assert verdict(repairing, 1) == MOVED
    assert [move[0] for move in moves(play.sim)] == [1, 2]


def test_a_site_that_was_never_synced_had_no_failure(direct_for):
    one = fleet(child(Offer("1.1.0")))
    never = Site(9, "https://new.example/", "New", child(Offer("1.1.0")), ip="192.0.2.9", dts_sync=0)
    one.add(never)
    play = direct_for(one, "abilities")
    told = [
        play.task(module, {"sites": [9], **more}, check=True).site(9)["message"]
        for module, more in (("mainwp_batch_update", {}), ("mainwp_plugin", {"plugins": ["shop"], "state": "active"}))
    ]
    assert told == ["Never synced, so nothing is known of it; the real run tries to sync it first."] * 2
    refused, repaired = play.tasks(
        Task("mainwp_sync", {"sites": [9]}), Task("mainwp_sync", {"sites": [9], "reconnect": True})
    )
    assert refused.site(9)["message"].startswith("MainWP refuses to sync this site that was never synced.")
    assert (repaired.failed, repaired.site(9)["result"]) == (False, "synced")


@pytest.mark.parametrize("module", ["mainwp_batch_update", "mainwp_sync"])
def test_a_lock_out_is_told_by_evidence_only(direct_for, dialect, module):
    """Site 1 is refused, though no error is stored. Site 2 cannot be synced for a reason that nobody tells."""
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))
    one.sites[1].version = "0"
    play = direct_for(one, dialect)
    silent = {"code": 200, "content_type": "application/json", "body": '{"success":0,"data":[]}'}
    play.sim.faults.add(method="POST", path=SYNC.format(2), action="status", times=None, **silent)
    result = play.task(module, {"all_sites": True, "max_age": 0})
    assert result.failed
    assert result.site(2)["reason"] == "disconnected"
    assert "neither tells nor stores a reason" in result.site(2)["message"]
    assert "reconnect" not in result.site(2)["message"]
    if dialect == "abilities":
        assert result.site(1)["reason"] == "locked_out"
        assert "reconnect: true" in result.site(1)["message"]
    else:
        assert 1 not in {site["id"] for site in result["sites"] if site["result"] == "failed"}


def test_classic_syncs_a_site_that_failed_once(direct_for):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0"), has_key=False))
    for number in (1, 2):
        lock_out(one, number)
    play = direct_for(one, "classic")
    careful, repairing = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}),
        Task("mainwp_batch_update", {"sites": [2], "reconnect": True}),
    )
    assert verdict(careful, 1) == MOVED
    assert verdict(careful, 2) == ("failed", "disconnected", "1.0.0")
    assert not [entry for entry in careful.writes if entry.path.endswith("/reconnect")]
    assert verdict(repairing, 2) == MOVED
    assert len(moves(play.sim)) == 2


@pytest.mark.parametrize("selection", [{"all_sites": True}, {"sites": [1]}])
def test_check_mode_foretells_what_becomes_of_disconnected_sites(direct_for, dialect, selection):
    """``sites: [1]`` is what each host of a wave asks for."""
    one = fleet(child(Offer("1.1.0"), down=True), child(Offer("1.1.0")))
    lock_out(one, 1)
    play = direct_for(one, dialect)
    careful, repairing, planned, real = play.tasks(
        Task("mainwp_batch_update", selection, check=True),
        Task("mainwp_batch_update", {**selection, "reconnect": True}, check=True),
        Task("mainwp_update_info", selection),
        Task("mainwp_batch_update", selection),
    )
    reason = "locked_out" if dialect == "abilities" else "disconnected"
    for result in (careful, planned, real):
        assert result.failed is (result is not planned)
        assert verdict(result, 1) == ("failed", reason, "1.0.0")
    assert planned["dashboard"]["dialect"] == dialect
    others = [2] if "all_sites" in selection else []
    assert [update[0] for update in careful.updates("planned")] == others
    assert not repairing.failed
    assert [update[0] for update in repairing.updates("planned")] == [1, *others]
    assert repairing.site(1)["stale"]
    assert repairing.site(1)["message"]


@pytest.mark.parametrize("down", [False, True])
def test_a_site_that_a_check_found_offline_is_checked_again(direct_for, down):
    one = fleet(child(Offer("1.1.0"), down=down), child(Offer("1.1.0")))
    one.sites[1].offline_check_result = -1
    play = direct_for(one, "abilities")
    result = play.task("mainwp_batch_update", {"all_sites": True})
    assert len([entry for entry in result.writes if entry.path.endswith("/1/check")]) == 1
    assert verdict(result, 1) == (("failed", "disconnected", "1.0.0") if down else MOVED)
    assert verdict(result, 2) == MOVED
    assert result.failed is down
    assert result.updates("updated") == moves(play.sim)


@pytest.mark.parametrize("selection", [{"all_sites": True}, {"sites": [1]}])
def test_a_verifying_sync_that_fails_is_tried_once_more(direct_for, dialect, selection):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))
    play = direct_for(one, dialect)

    def hiccup() -> None:
        one.sites[1].child.unreachable = "Connection timed out after 20001 milliseconds"

    def over() -> None:
        one.sites[1].child.unreachable = ""

    play.sim.faults.add(action="hook", method="POST", path=SYNC.format(1), skip=1, before=hiccup, after=over)
    result = play.task("mainwp_batch_update", selection)
    assert not result.failed
    assert {verdict(result, site["id"]) for site in result["sites"]} == {MOVED}
    repaired = [entry for entry in result.writes if entry.path.endswith("/1/reconnect")]
    assert len(repaired) == (1 if dialect == "abilities" else 0)
    assert one.sites[1].sync_errors == ""


def test_a_site_that_breaks_during_its_update_is_unknown_not_updated(direct_for, dialect):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))
    play = direct_for(one, dialect)

    def breaks() -> None:
        one.sites[1].child.down = True

    play.sim.faults.add(action="hook", method="POST", path=UPDATE.format(1, "plugins"), after=breaks)
    result = play.task("mainwp_batch_update", {"all_sites": True, "wait_timeout": 2, "poll_interval": 1})
    assert result.failed
    entry = result.update(1, PLUGIN)
    assert (entry["result"], entry["reason"], entry["version_after"]) == ("unknown", "unverified", "")
    assert "1.1.0" in entry["message"], "what the Dashboard said is told"
    assert result.site(1)["result"] == "unknown"
    assert result.updates("updated") == [(2, "plugin", PLUGIN, "1.0.0", "1.1.0")]


@pytest.mark.parametrize("trouble", [{"down": True}, {"unreachable": "Could not resolve host"}])
def test_a_site_that_breaks_right_before_its_update_keeps_its_version(direct_for, dialect, trouble):
    """The Dashboard answers NOMAINWP or HTTPERROR, and the site is back when it is verified."""
    one = fleet(child(Offer("1.1.0"), theme=Offer("1.2")), child(Offer("1.1.0")))
    site = one.sites[1].child
    play = direct_for(one, dialect)

    def breaks() -> None:
        for name, value in trouble.items():
            setattr(site, name, value)

    def mended() -> None:
        site.down, site.unreachable = False, ""

    play.sim.faults.add(action="hook", method="POST", path=UPDATE.format(1, "plugins"), before=breaks, after=mended)
    result = play.task("mainwp_batch_update", {"all_sites": True, "wait_timeout": 2, "poll_interval": 1})
    assert result.failed
    assert verdict(result, 1) == ("failed", "child_error", "1.0.0")
    assert ("NOMAINWP" if "down" in trouble else "HTTPERROR") in result.update(1, PLUGIN)["message"]
    assert result.update(1, "paper")["result"] == "skipped"
    assert result.updates("updated") == moves(play.sim) == [(2, "plugin", PLUGIN, "1.0.0", "1.1.0")]
