# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook patch_vulnerable: look, the canary sites, the others, look again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from feeds import record, software, versions, written
from integration._fleets import child, fleet, moves
from integration._role import Maintain, Maintenance, Run

from simulator import Offer, Plugin, Tag, picture

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

PLAYBOOK = "wpfleet.mainwp.patch_vulnerable"
SHOP = record(1, software("shop", versions(high="1.0.0"), patched=["1.1.0"]), score=9.8)
GALLERY = record(2, software("gallery", versions(high="1.9"), patched=["2.0"]), score=7.5)


@pytest.fixture
def patching(maintain: Maintain, tmp_path: Path) -> Maintenance:
    """Three sites with an update that closes something and one that does not; the second is the canary."""
    made = fleet(*(child(Offer("1.1.0"), theme=Offer("1.2")) for dummy in range(3)))
    made.tags = {1: Tag(1, "canary")}
    made.sites[2].tags = [1]
    role = maintain(made)
    role.vars["mainwp_feed"] = str(written(tmp_path / "feed.json", SHOP))
    role.vars["mainwp_feed_cache"] = str(tmp_path / "feeds")
    del role.vars["fleet_maintenance_all_sites"]
    return role


def patch(role: Maintenance, *args: str, **more: Any) -> Run:
    return role.run(*args, playbook=PLAYBOOK, **more)


def plugins_moved(role: Maintenance) -> list[int]:
    """The sites whose shop moved, in that order; nothing else may have."""
    found = [event for event in role.sims["dash"].truth if event.type in ("plugin", "theme", "core", "translation")]
    assert {event.slug for event in found} <= {"shop/shop.php"}
    return [event.site_id for event in found]


def test_the_canary_site_first_then_the_others_and_then_nothing_is_left(patching: Maintenance) -> None:
    run = patch(patching)
    assert run.rc == 0, run.output
    order = plugins_moved(patching)
    assert (order[0], sorted(order)) == (2, [1, 2, 3])
    run.says(
        "3 of 3 sites have 3 vulnerabilities (3 critical)",
        "s01.example: Shop 1.0.0 – CVE-0000-00001 (critical 9.8) Invented flaw 1: fixed by 1.1.0",
        "Copyright 2026 Invented Feeds",
        "1 ok (1 update)",
        "2 ok (2 updates)",
        "3 sites, no known vulnerability",
    )
    assert len(patching.report_dirs()) == 2
    [kept] = patching.report_dirs("dash-vulnerabilities")
    found = json.loads((kept / "report.json").read_text())["vulnerabilities"]
    assert [found[when]["count"] for when in ("before", "after")] == [3, 0]
    assert found["before"]["notices"][0]["notice"] == "Copyright 2026 Invented Feeds"


def test_check_mode_is_a_list(patching: Maintenance) -> None:
    run = patch(patching, "--check")
    assert run.rc == 0, run.output
    run.says("3 of 3 sites have 3 vulnerabilities", "fixed by 1.1.0", "1 ok (1 planned)", "2 ok (2 planned)")
    assert moves(patching.sims["dash"]) == []


def test_a_mistyped_variable_is_refused_and_a_strange_one_told(patching: Maintenance) -> None:
    """One that looks like none of them may be somebody else's, for other machines."""
    typo = patch(patching, patch_min_ratings="critical", patch_acepted=[])
    assert typo.rc == 2
    typo.says(
        "patch_acepted: there is no such variable. Did you mean patch_accepted?",
        "patch_min_ratings: there is no such variable. Did you mean patch_min_rating?",
    )
    assert typo.journal() == []
    strange = patch(patching, "--check", patch_zz=1, patch_min_rating="critical")
    assert strange.rc == 0, strange.output
    strange.says(
        "WARNING: This playbook has no variable patch_zz, so nothing obeys it.", "3 of 3 sites have 3 vulnerabilities"
    )


def test_it_runs_a_plan_whatever_the_nightly_runs_do(patching: Maintenance) -> None:
    patching.vars["fleet_maintenance_update_method"] = "dashboard_batch"
    run = patch(patching, "--check")
    assert run.rc == 0, run.output
    run.says("1 ok (1 planned)", "2 ok (2 planned)")


def test_a_tag_that_was_named_and_is_not_there_holds_all(patching: Maintenance) -> None:
    """A slip of it must not let all sites be updated at once, as without canary sites."""
    patching.vars["patch_canary"] = "cannary"
    run = patch(patching)
    assert run.rc == 2
    assert plugins_moved(patching) == []
    run.says("patch_canary: the Dashboard has no tag 'cannary'")


def test_a_canary_site_that_an_update_breaks_holds_the_others(patching: Maintenance) -> None:
    sim = patching.sims["dash"]
    sim.fleet.sites[2].child.plugins[0].offer = Offer("1.1.0", fails_with="It did not unpack.")
    run = patch(patching)
    assert run.rc == 2
    assert plugins_moved(patching) == []
    run.says("Show what is vulnerable", "It did not unpack.")
    assert "Look which releases" not in run.output
    run.says("Show what is left", "3 of 3 sites have 3 vulnerabilities")
    assert len(patching.report_dirs("dash-vulnerabilities")) == 1


def kept_of(run: Run, patching: Maintenance) -> dict[str, Any]:
    """What is kept where the last look was in vain, which is told, and the one red."""
    assert (run.rc, run.recap()["failed"]) == (2, 1), run.output
    run.says("3 of 3 sites have 3 vulnerabilities", "WARNING: What is left is not known, for the last look failed: ")
    [kept] = patching.report_dirs("dash-vulnerabilities")
    found: dict[str, Any] = json.loads((kept / "report.json").read_text())["vulnerabilities"]
    return found


def test_a_dashboard_that_goes_away_takes_along_no_list(patching: Maintenance) -> None:
    sim = patching.sims["dash"]

    def goes() -> None:
        sim.faults.add(action="status", times=None, code=401, body={"code": "rest_cannot_view", "message": "No."})

    sim.faults.add(action="hook", method="POST", path=".*/2/update/plugins", after=goes)
    found = kept_of(patch(patching), patching)
    assert (found["before"]["count"], found.get("after")) == (3, None)


def test_a_last_look_that_fails_is_red_by_itself(patching: Maintenance) -> None:
    gone = {"name": "Lose the feed", "ansible.builtin.file": {"path": patching.vars["mainwp_feed"], "state": "absent"}}
    late = {**gone, "delegate_to": "localhost", "when": "fleet_maintenance_plan | length > 1"}
    run = patch(patching, fleet_maintenance_tasks_after=[str(patching.folder / patching.hook("after.yml", late))])
    assert (sorted(plugins_moved(patching)), kept_of(run, patching).keys()) == ([1, 2, 3], {"before"})


def test_a_canary_site_that_nobody_can_see_holds_the_others(patching: Maintenance) -> None:
    patching.keep_defaults()
    patching.sims["dash"].fleet.sites[2].child.page.status = 403
    run = patch(patching)
    assert run.rc == 2
    assert plugins_moved(patching) == [2]
    run.says(
        "nobody saw the pages of a canary site healthy", "Show what is left", "2 of 3 sites have 2 vulnerabilities"
    )


def test_a_canary_site_that_is_ahead_holds_nobody(patching: Maintenance) -> None:
    sim = patching.sims["dash"]
    for number in (1, 3):
        sim.fleet.sites[number].child.plugins[0].offer = Offer("1.2.1")
    sim.fleet.sites[2].child.plugins[0] = Plugin("shop/shop.php", "Shop", "1.2.0")
    for one in sim.fleet.sites.values():
        picture.remember(one)
    # what allows less for the nightly runs allows no more here
    small = patch(patching, "--check", fleet_maintenance_max_version_change={"plugins": "patch"})
    small.says("2 of 3 sites have 2 vulnerabilities", "stays (policy)")
    run = patch(patching)
    assert run.rc == 0, run.output
    assert sorted(plugins_moved(patching)) == [1, 3]


def test_a_window_that_closes_in_the_middle_lets_the_run_end_well(patching: Maintenance) -> None:
    """What has begun is verified, reported and unlocked, and nothing else begins."""
    # open until the canary site's run has begun
    window = f"{{{{ '' if lookup('ansible.builtin.file', '{patching.log}') else '2099-01-01T00:00:00Z' }}}}"
    names = ("before", "after")
    hooks = {name: [str(patching.folder / patching.hook(f"{name}.yml", patching.note(name)))] for name in names}
    run = patch(
        patching,
        *("-e", json.dumps({"_patch_closes": window})),
        patch_window="00:00-24:00",
        **{f"fleet_maintenance_tasks_{name}": hook for name, hook in hooks.items()},
    )
    assert run.rc == 2, run.output
    assert plugins_moved(patching) == [2]
    run.says("1 ok (1 update)", "Show what is left", "2 of 3 sites have 2 vulnerabilities")
    assert len(patching.report_dirs()) == 1
    assert patching.noted() == ["before", "after"]
    assert not list((patching.folder / "locks").glob("127*.lock"))


def test_a_larger_step_is_listed_and_only_taken_when_asked_for(patching: Maintenance, tmp_path: Path) -> None:
    sim = patching.sims["dash"]
    gallery = Plugin("gallery/gallery.php", "Gallery", "1.9", offer=Offer("2.0"))
    with sim.fleet.lock:
        for number in (1, 2, 3):
            sim.fleet.sites[number].child = child(None, *([gallery] if number == 1 else []))
    role = patching
    role.vars["mainwp_feed"] = str(written(tmp_path / "other.json", GALLERY))
    sim.fleet.sites[1].dts_sync = 1
    for one in sim.fleet.sites.values():
        picture.remember(one)
    red = patch(role)
    assert red.rc == 2
    red.says("stays (policy)", "1 of 3 sites has 1 vulnerability (1 high)")
    assert moves(sim) == []
    known = patch(role, patch_accepted=[{"cve": "CVE-0000-00002", "site": "s01.example", "why": "on Monday"}])
    assert known.rc == 0, known.output
    known.says("[accepted on Monday]")
    assert moves(sim) == []
    done = patch(role, patch_major=True)
    assert done.rc == 0, done.output
    assert [(move[0], move[2]) for move in moves(sim)] == [(1, "gallery/gallery.php")]


def test_nothing_is_written_while_the_window_is_closed(patching: Maintenance) -> None:
    run = patch(patching, patch_window="{{ now().strftime('%H:%M') }}-{{ now().strftime('%H:%M') }}x")
    assert run.rc == 2
    run.says("is no window of a day")
    closed = "{{ '%02d:00-%02d:30' | format((now().hour + 12) % 24, (now().hour + 12) % 24) }}"
    run = patch(patching, patch_window=closed, patch_min_rating="low")
    assert run.rc == 2
    run.says("3 of 3 sites have 3 vulnerabilities", "Show what is left", "fixed by 1.1.0")
    assert run.writes() == []
