# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waves of child sites: a canary that really protects the fleet, and one bad site that fails only itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from integration import _fleets as fleets
from integration._waves import INCLUDE, Waves, breaking, canary_fleet, good, written_to

from simulator import Offer, Simulator

Simulate = Callable[..., Simulator]


def test_canaries_go_first_and_then_everything_is_updated_once(
    simulate: Simulate, tmp_path: Path, dialect: str
) -> None:
    sim = simulate(canary_fleet(*(good() for dummy in range(4)), canaries=(2, 4)), dialect)
    waves = Waves(tmp_path, lab=sim)
    outcome = waves.playbook("wpfleet.mainwp.maintain_sites")
    assert outcome.rc == 0, outcome.output
    assert outcome.failed == set()
    first = {event.site_id for event in sim.truth[:2]}
    assert first == {2, 4}
    assert fleets.moves(sim) == [(number, "plugin", fleets.PLUGIN, "1.0.0", "1.1.0") for number in range(1, 5)]
    assert len(sim.journal.work()) == 4
    report = outcome.report()
    assert report["dashboard"]["url"] == sim.url
    assert report["summary"]["sites"]["updated"] == 4
    assert report["msg"] == "4 ok (4 updates)"
    assert not report["failed"]
    assert report["complete"] is True
    again = waves.playbook("wpfleet.mainwp.maintain_sites")
    assert again.rc == 0
    assert len(sim.journal.work()) == 4
    assert again.report()["msg"] == "4 ok (0 updates)"


def test_one_bad_canary_of_two_stops_the_fleet(simulate: Simulate, tmp_path: Path, dialect: str) -> None:
    sim = simulate(canary_fleet(good(), breaking(), good(), good(), good()), dialect)
    outcome = Waves(tmp_path, lab=sim).playbook("wpfleet.mainwp.maintain_sites")
    assert outcome.rc == 2
    assert written_to(sim) == {1, 2}
    assert {event.site_id for event in sim.truth} == {1, 2}
    assert "S_2" in outcome.failed
    assert "S_1" not in outcome.failed
    assert "Not touched, because of sites that failed in an earlier wave: S_2." in outcome.output
    bad = outcome.site(2)
    assert (bad["result"], bad["reason"]) == ("failed", "health")
    assert outcome.site(1)["result"] == "updated"
    assert outcome.report()["failed"]
    assert outcome.report()["not_tried"]
    assert outcome.report()["complete"] is False, "the last waves never began"


@pytest.mark.once
def test_the_page_of_the_run_grows_with_each_wave(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), breaking(), good(), good(), good()))
    outcome = Waves(tmp_path, lab=sim).playbook(
        "wpfleet.mainwp.maintain_sites", args=("-e", '{"fleet_maintenance_report_formats": ["html"]}')
    )
    assert outcome.rc == 2
    (page,) = outcome.reports.glob("lab/*/report.html")
    for text in ("1 site of 2 needs attention.", "Not tried", "Where the time went"):
        assert text in page.read_text()


def test_one_bad_site_of_a_wave_fails_alone_and_no_later_wave_begins(simulate: Simulate, tmp_path: Path) -> None:
    children = [good(), breaking(), good(), good(), good()]
    sim = simulate(canary_fleet(*children, canaries=[1]))
    outcome = Waves(tmp_path, lab=sim).run(serial=[1, 2, "100%"])
    assert outcome.rc == 2
    assert written_to(sim) == {1, 2, 3}
    assert {number for number in range(1, 4) if outcome.site(number)["result"] == "updated"} == {1, 3}
    assert outcome.failed == {"S_2", "S_4", "S_5"}


@pytest.mark.parametrize(
    ("bad", "touched"), [pytest.param(10, {1, 2, 10}, marks=pytest.mark.once), (11, {1, 2, 10, 11, 12})]
)
def test_by_default_few_follow_the_canaries_and_then_a_fifth(
    simulate: Simulate, tmp_path: Path, bad: int, touched: set[int]
) -> None:
    """Of twelve sites, 5 % are one and 20 % two, in the order of their names; a tenth of those before them is none."""
    children = [breaking() if number == bad else good() for number in range(1, 13)]
    sim = simulate(canary_fleet(*children))
    outcome = Waves(tmp_path, lab=sim).playbook("wpfleet.mainwp.maintain_sites")
    assert outcome.rc == 2
    assert written_to(sim) == touched


@pytest.mark.parametrize(("allowed", "goes_on"), [("50%", True), pytest.param("49%", False, marks=pytest.mark.once)])
def test_failures_are_tolerated_up_to_a_number_or_share(
    simulate: Simulate, tmp_path: Path, allowed: str, goes_on: bool
) -> None:
    sim = simulate(canary_fleet(good(), breaking(), good()))
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars("all", fleet_maintenance_max_failed_sites=allowed, fleet_maintenance_require_health=False)
    outcome = waves.run()
    assert outcome.rc == 2
    assert written_to(sim) == ({1, 2, 3} if goes_on else {1, 2})
    assert outcome.failed == ({"S_2"} if goes_on else {"S_2", "S_3"})


#: What a canary's pages may say that does not make it failed, but tells nobody that it is well.
UNSEEN: dict[str, dict[str, object]] = {
    "a firewall": {"status": 403},
    "a password": {"status": 401},
    "a captcha": {"status": 202, "body": "One moment, please"},
    "broken before": {"broken": True},
}


@pytest.mark.parametrize("strategy", ["linear", pytest.param("free", marks=pytest.mark.once)])
def test_canaries_that_nobody_can_see_open_no_gate(simulate: Simulate, tmp_path: Path, strategy: str) -> None:
    unseen = range(2, 2 + len(UNSEEN))
    last = unseen.stop
    sim = simulate(canary_fleet(*(good() for dummy in range(last)), canaries=range(1, last)))
    for number, look in zip(unseen, UNSEEN.values(), strict=True):
        for name, value in look.items():
            setattr(sim.fleet.sites[number].child.page, name, value)
    outcome = Waves(tmp_path, lab=sim).run(strategy=strategy)
    assert outcome.rc == 2
    assert written_to(sim) == set(range(1, last))
    assert outcome.failed == {f"S_{last}"}, "the canaries themselves are no failures"
    told = outcome.output.partition("nobody saw the pages of these canary sites healthy after their update: ")[2]
    assert told.startswith("S_2 (/")
    assert all(f"S_{number} (" in told for number in unseen)
    assert "S_1 (" not in outcome.output


@pytest.mark.parametrize(
    "variables",
    [
        {"fleet_maintenance_require_health": False},
        pytest.param({"fleet_maintenance_health_check": {"enabled": False}}, marks=pytest.mark.once),
        pytest.param(
            {"fleet_maintenance_health_check": {"paths": [{"path": "/wp-login.php", "expect": "Log In"}]}},
            marks=pytest.mark.once,
        ),
    ],
)
def test_what_opens_the_gate_although_a_front_page_is_closed_to_us(
    simulate: Simulate, tmp_path: Path, variables: dict[str, object]
) -> None:
    sim = simulate(canary_fleet(good(), good(), good()))
    sim.fleet.sites[2].child.page.status = 403
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars("all", **variables)
    outcome = waves.run()
    assert outcome.rc == 0, outcome.output
    assert written_to(sim) == {1, 2, 3}


@pytest.mark.once
def test_a_canary_without_work_and_sites_of_later_waves_need_not_be_seen(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), fleets.child(), good(), good()))
    for number in (2, 3):
        sim.fleet.sites[number].child.page.status = 403
    outcome = Waves(tmp_path, lab=sim).run(serial=[2, 1, "100%"])
    assert outcome.rc == 0, outcome.output
    assert {event.site_id for event in sim.truth} == {1, 3, 4}


def test_what_failed_is_run_again_by_limit_retry(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), breaking(), good(), good()))
    waves = Waves(tmp_path, lab=sim)
    settings = {"ANSIBLE_RETRY_FILES_ENABLED": "1", "ANSIBLE_RETRY_FILES_SAVE_PATH": str(tmp_path)}
    assert waves.run(env=settings).rc == 2
    (retry,) = tmp_path.glob("*.retry")
    assert retry.read_text().split() == ["S_2", "S_3", "S_4"]
    with sim.fleet.lock:
        sim.fleet.sites[2].child.page.broken = False
    sim.journal.clear()
    outcome = waves.run(args=["--limit", f"@{retry}"], env=settings)
    assert outcome.rc == 0, outcome.output
    assert outcome.failed == set()
    assert {entry.path.split("/")[4] for entry in sim.journal.work()} == {"3", "4"}
    assert len(fleets.moves(sim)) == 4


def test_check_mode_goes_to_the_end_and_writes_nothing(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), good(), good()))
    outcome = Waves(tmp_path, lab=sim).playbook("wpfleet.mainwp.maintain_sites", args=["--check", "--diff"])
    assert outcome.rc == 0, outcome.output
    assert sim.journal.writes() == []
    assert not (tmp_path / "reports").exists()
    assert not (tmp_path / "locks").exists()
    assert f"plugin {fleets.PLUGIN} 1.1.0" in outcome.stdout
    assert '"lab: 3 ok (3 planned)"' in outcome.stdout
    assert all(counts["changed"] for counts in outcome.recap.values())


@pytest.mark.once
def test_trouble_of_any_kind_closes_the_gate(simulate: Simulate, tmp_path: Path) -> None:
    """Not only what the health check finds: here the update fails, and the child answers no more."""
    dead = good()
    dead.down = True
    sim = simulate(canary_fleet(fleets.child(Offer("1.1.0", broken_package=True)), dead, good()))
    outcome = Waves(tmp_path, lab=sim).run()
    assert outcome.rc == 2
    assert written_to(sim) == {1, 2}
    assert fleets.moves(sim) == []
    assert outcome.site(1)["reason"] == "child_error"
    assert outcome.failed == {"S_1", "S_2"} | ({"S_3"} & outcome.failed)


def test_expected_failures_and_suspended_sites_stop_nobody(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(fleets.child(Offer("1.1.0", broken_package=True)), good(), good()))
    sim.fleet.sites[2].suspended = True
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars("all", fleet_maintenance_expected_failures=[{"site": "S 1"}])
    outcome = waves.run()
    assert outcome.rc == 0, outcome.output
    assert {event.site_id for event in sim.truth} == {3}
    assert outcome.report()["summary"]["expected_failures"] == 1


def test_an_inventory_without_canaries_is_an_error(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(good(), good(), canaries=()))
    outcome = Waves(tmp_path, lab=sim).playbook("wpfleet.mainwp.maintain_sites")
    assert outcome.rc != 0
    assert "mainwp_tag_canary" in outcome.output
    assert sim.journal.writes() == []


def test_a_site_whose_name_is_a_template_is_just_text(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(canary_fleet(fleets.child(Offer("1.1.0", fails_with="{{ lookup('pipe', 'id') }}")), canaries=[1]))
    outcome = Waves(tmp_path, lab=sim).run(dict(INCLUDE))
    assert outcome.rc == 2
    assert "lookup('pipe', 'id')" in outcome.output
    assert "uid=" not in outcome.output


@pytest.mark.once
def test_a_canary_that_was_not_worked_on_because_the_dashboard_went_away_is_not_green(
    simulate: Simulate, tmp_path: Path, dialect: str
) -> None:
    """It did not fail, and nothing moved on it: but nobody has tried the updates, so nothing is to follow."""
    sim = simulate(canary_fleet(good(), good(), good(), canaries=[1]), dialect)

    def away() -> None:
        page = {"code": 502, "body": "<html>Bad Gateway</html>", "content_type": "text/html"}
        sim.faults.rules.insert(0, sim.faults.add(action="status", times=None, **page))

    sim.faults.add(action="hook", method="POST", path=".*/sites/1/sync", after=away)
    waves = Waves(tmp_path, lab=sim)
    waves.group_vars("all", fleet_maintenance_wait_timeout=1, mainwp_retries=0)
    outcome = waves.playbook("wpfleet.mainwp.maintain_sites")
    assert outcome.rc == 2, outcome.output
    assert "S_1" in outcome.failed
    assert "Broken off: The Dashboard has been away for" in outcome.output
    assert outcome.report()["failed"]
    assert outcome.report()["complete"] is False
    assert sim.journal.work() == []
