# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever way a site comes to its end: when something moved there, its pages are looked at; and what the doctor sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from integration._fleets import SYNC, UPDATE, child, fleet, german, lock_out, moves
from integration._job import at_once, job, site

from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_dashboard_info
from simulator import Child, Clock, Offer, Plugin, Simulator

#: Does not depend on the ansible-core.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]

Simulate = Callable[..., Simulator]
#: Long enough for an answer that is lost, short enough for a test.
LOOK = {"all_sites": True, "health_check": {"patience": 0}, "wait_timeout": 60, "poll_interval": 0}


def one(simulate: Simulate, *children: Child, dialect: str = "abilities", **options: Any) -> Simulator:
    """A simulator that serves the children's pages."""
    sim = simulate(at_once(fleet(*children)), dialect, **options)
    sim.serve_children()
    return sim


def broken(result: dict[str, Any], number: int = 1) -> tuple[str, str, str]:
    """Result, reason and health of a site."""
    found = site(result, number)
    return found["result"], found["reason"], found["health"]["verdict"]


FAILED = ("failed", "health", "failed")


@pytest.mark.parametrize("fault", [{"action": "reset_after"}, {"action": "gateway_timeout", "delay": 0.5}])
def test_after_a_lost_answer_with_nothing_left_to_send(simulate: Simulate, dialect: str, fault: dict[str, Any]) -> None:
    """Somebody else installs the theme meanwhile, so the step that follows has nothing to send."""
    sim = one(simulate, child(Offer("1.1.0", breaks_page=True), theme=Offer("1.2")), dialect=dialect)
    sim.faults.add(method="POST", path=UPDATE.format(1, "plugins"), **fault)

    def elsewhere() -> None:
        own = sim.fleet.sites[1].child.themes[0]
        own.version, own.offer = "1.2", None

    sim.faults.add(action="hook", method="POST", path=SYNC.format(1), skip=1, times=None, before=elsewhere)
    result = job(sim, **LOOK)
    assert len(sim.journal.work()) == 1
    assert [move[1] for move in moves(sim)] == ["plugin"]
    assert broken(result) == FAILED
    assert "Moved: Shop 1.0.0 → 1.1.0." in site(result, 1)["message"]


def test_after_a_lost_answer_with_what_is_left_held(simulate: Simulate, dialect: str) -> None:
    """The theme's release fails on the other site while this one waits for its answer."""
    sim = one(
        simulate,
        child(Offer("1.1.0", breaks_page=True), theme=Offer("1.2")),
        child(None, theme=Offer("1.2", broken_package=True)),
        dialect=dialect,
    )
    sim.faults.add(action="gateway_timeout", method="POST", path=UPDATE.format(1, "plugins"), delay=1.5)
    result = job(sim, **{**LOOK, "hold_after": 1, "poll_interval": 1})
    assert {entry["reason"] for entry in site(result, 1)["updates"] if entry["type"] == "theme"} == {"held_release"}
    assert broken(result) == FAILED


def test_after_a_lost_answer_and_a_refused_call(simulate: Simulate, dialect: str) -> None:
    sim = one(simulate, child(Offer("1.1.0", breaks_page=True), theme=Offer("1.2")), dialect=dialect)
    sim.faults.add(action="reset_after", method="POST", path=UPDATE.format(1, "plugins"))
    sim.faults.add(action="status", method="POST", path=UPDATE.format(1, "themes"), code=403, body={"code": "no"})
    result = job(sim, **LOOK)
    assert [move[1] for move in moves(sim)] == ["plugin"]
    assert broken(result) == FAILED


def test_after_a_lost_answer_when_the_rest_cannot_be_planned(simulate: Simulate, dialect: str) -> None:
    sim = one(simulate, child(Offer("1.1.0", breaks_page=True), theme=Offer("1.2")), dialect=dialect)
    sim.faults.add(action="reset_after", method="POST", path=UPDATE.format(1, "plugins"))

    def read_no_more() -> None:
        sim.faults.add(action="status", method="GET", path="/mainwp/v2/updates/1", code=500, times=None)

    sim.faults.add(action="hook", method="POST", path=SYNC.format(1), skip=1, after=read_no_more)
    result = job(sim, **LOOK)
    assert [move[1] for move in moves(sim)] == ["plugin"]
    assert broken(result) == FAILED


def test_when_the_key_is_taken_away_during_the_run(simulate: Simulate, dialect: str) -> None:
    """What became of it cannot be read, but the site can be seen."""
    sim = one(simulate, child(Offer("1.1.0", breaks_page=True)), dialect=dialect)
    sim.faults.add(
        action="status", method="POST", path=SYNC.format(1), skip=1, times=None, code=401, body={"code": "x"}
    )
    result = job(sim, **LOOK)
    assert result["failed"]
    assert broken(result) == FAILED
    assert "Sent, and its outcome not known: Shop 1.0.0 → 1.1.0." in site(result, 1)["message"]


def test_a_killed_site_is_told_with_what_was_sent(simulate: Simulate, dialect: str) -> None:
    sim = one(simulate, child(Offer("1.1.0", kills_site=True)), dialect=dialect)
    result = job(sim, **LOOK)
    assert broken(result) == FAILED
    assert "Moved: nothing" not in site(result, 1)["message"]
    assert "Shop 1.0.0 → 1.1.0" in site(result, 1)["message"]


def test_what_was_refused_altogether_moved_nothing_and_is_not_looked_at_again(simulate: Simulate) -> None:
    sim = one(simulate, child(Offer("1.1.0")))
    sim.faults.add(action="status", method="POST", path=UPDATE.format(1, "plugins"), code=403, body={"code": "no"})
    result = job(sim, **LOOK)
    assert site(result, 1)["health"]["verdict"] == "not_checked"
    assert len(sim.visits.entries) == 2


# -- the Dashboard's own batch ------------------------------------------------------------------------------------


def everything() -> Child:
    """A child whose update breaks its pages."""
    return child(Offer("1.1.0", breaks_page=True), theme=Offer("1.2"), translations=[german()])


BATCH = {**LOOK, "update_method": "dashboard_batch", "wait_timeout": 100, "max_age": 10**6}


def test_in_the_dashboards_batch_within_the_request(simulate: Simulate) -> None:
    sim = one(simulate, everything(), child(Offer("1.1.0")))
    result = job(sim, **BATCH)
    assert broken(result) == FAILED
    assert broken(result, 2) == ("updated", "", "ok")


@pytest.mark.parametrize("whole", [True, False])
def test_in_the_dashboards_batch_in_the_background(simulate: Simulate, whole: bool) -> None:
    sim = one(
        simulate, everything(), child(Offer("1.1.0")), child(Offer("1.1.0")), dialect="classic", clock=Clock(scale=24)
    )
    selection = {"all_sites": True} if whole else {"all_sites": False, "sites": ["1", "2"]}
    result = job(sim, **{**BATCH, **selection})
    assert broken(result) == FAILED
    assert broken(result, 2) == ("updated", "", "ok")
    assert result["summary"]["failed_sites"] == [sim.child_url(1)]


def test_a_batch_that_nobody_waits_for_is_not_looked_at(simulate: Simulate) -> None:
    sim = one(simulate, everything(), dialect="classic", cron="dead")
    result = job(sim, **{**BATCH, "wait": False})
    assert broken(result) == ("pending", "batch_waiting", "not_checked")


def test_pages_of_a_site_with_nothing_to_do_are_left_alone(simulate: Simulate) -> None:
    own = Plugin("own/own.php", "Own", "1.0")
    sim = one(simulate, child(None, own))
    job(sim, **{**LOOK, "max_age": 0})
    assert list(sim.visits.entries) == []


# -- the doctor ---------------------------------------------------------------------------------------------------


def test_the_doctor_names_sites_that_cannot_be_judged_from_here(simulate: Simulate, dialect: str) -> None:
    sim = one(simulate, *(child() for dummy in range(6)), dialect=dialect)
    for number, look in ((2, {"status": 403}), (3, {"broken": True}), (5, {"status": 403}), (6, {"status": 403})):
        for name, value in look.items():
            setattr(sim.fleet.sites[number].child.page, name, value)
    sim.fleet.sites[5].suspended = True
    lock_out(sim.fleet, 6)
    result = job(sim, mainwp_dashboard_info.DOOR, health_check={"patience": 0})
    assert [(page["id"], page["verdict"], page["message"]) for page in result["pages"]] == [
        (2, "unknown", "/: HTTP 403: the answer is meant for us, not for visitors"),
        (3, "bad", "/: HTTP 500"),
    ]
    told = {finding["code"]: finding["message"] for finding in result["findings"]}
    assert told["pages_unknown"] == f"The pages of 1 site cannot be judged from here: {sim.child_url(2)}."
    assert told["pages_bad"] == f"The pages of 1 site are bad already: {sim.child_url(3)}."
    assert not sim.journal.writes()


def test_the_doctor_looks_at_no_page_unless_asked(simulate: Simulate) -> None:
    sim = one(simulate, child())
    assert "pages" not in job(sim, mainwp_dashboard_info.DOOR)
    assert list(sim.visits.entries) == []
