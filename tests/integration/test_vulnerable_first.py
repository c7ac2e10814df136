# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role puts first what a feed knows to be vulnerable."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from feeds import record, software, versions, written
from integration._fleets import PLUGIN, THEME, child, fleet
from integration._role import Maintain, Maintenance, stats

from simulator import Offer

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

SHOP = record(1, software("shop", versions(high="1.0.0"), patched=["1.1.0"]), score=9.8)


@pytest.fixture
def role(maintain: Maintain, tmp_path: Path) -> Maintenance:
    """Three sites, each with an update that closes something and one that does not; on the second the former fails."""
    made = fleet(*(child(Offer("1.1.0"), theme=Offer("1.2")) for dummy in range(3)))
    made.sites[2].child.plugins[0].offer = Offer("1.1.0", fails_with="It did not unpack.")
    role = maintain(made)
    role.vars |= {
        "fleet_maintenance_vulnerable_first": True,
        "fleet_maintenance_min_offer_age": 86400,
        "fleet_maintenance_offer_history": str(tmp_path / "offers"),
        "mainwp_feed": str(written(tmp_path / "feed.json", SHOP)),
        "mainwp_feed_cache": str(tmp_path / "feeds"),
    }
    return role


def moves(role: Maintenance) -> list[tuple[int, str]]:
    """(site, slug), in their order."""
    return [(event.site_id, event.slug) for event in role.sims["dash"].truth if event.type in ("plugin", "theme")]


def test_it_comes_first_and_what_went_wrong_there_is_left_alone(role: Maintenance) -> None:
    tolerant: dict[str, Any] = {"fleet_maintenance_max_failed_sites": 1, "fleet_maintenance_min_offer_age": None}
    run = role.run(fleet_maintenance_tasks_after=[role.facts_hook()], **tolerant)
    assert run.rc == 0, run.output
    found = moves(role)
    assert sorted(found[:2]) == [(1, PLUGIN), (3, PLUGIN)]
    assert sorted(found[2:]) == [(1, THEME), (3, THEME)]
    run.says("3 of 3 sites have 3 vulnerabilities", "It did not unpack.", "2 ok (2 updates)")
    first = json.loads((role.report_dirs("dash-vulnerable")[0] / "report.json").read_text())
    assert [site["id"] for site in first["sites"]] == [1, 2, 3]
    assert first["vulnerabilities"]["before"]["notices"][0]["notice"] == "Copyright 2026 Invented Feeds"
    assert [site["id"] for site in role.report()["sites"]] == [1, 3]
    assert [site["id"] for site in run.facts()["changed_sites"]] == [1, 3]
    assert stats(run).keys() == {"dash", "dash-vulnerable"}


def test_what_closes_something_does_not_wait_and_a_red_beginning_is_the_end(role: Maintenance) -> None:
    run = role.run(fleet_maintenance_tasks_after=[role.facts_hook()])
    assert run.rc == 2
    assert sorted(moves(role)) == [(1, PLUGIN), (3, PLUGIN)]
    assert run.facts()["failure"].startswith("2 ok (2 updates) · 1 failed")
    assert [site["id"] for site in run.facts()["changed_sites"]] == [1, 3]
    assert role.report()["sites"] == []


def test_without_a_feed_everything_else_is_done_and_the_verdict_is_red(role: Maintenance) -> None:
    run = role.run(mainwp_feed="nowhere.json", fleet_maintenance_min_offer_age=None)
    assert run.rc == 2
    assert len(moves(role)) == 5
    run.says(
        "WARNING: What is vulnerable is not known", "there is no file nowhere.json", "Pass, or fail with the reason"
    )


def test_a_clock_time_that_passed_meanwhile_is_not_that_of_the_next_day(role: Maintenance) -> None:
    """As for what comes second, or after hours of backups."""
    now = datetime.datetime.now().astimezone()
    began, closed = (now - datetime.timedelta(hours=hours) for hours in (2, 1))
    since = began.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    role.vars["fleet_maintenance_min_offer_age"] = None
    run = role.run(_fleet_maintenance_since=since, fleet_maintenance_stop_after=f"{closed:%H:%M}")
    assert run.rc == 0, run.output
    assert moves(role) == []
    reasons = {entry["reason"] for site in role.report()["sites"] for entry in site["updates"]}
    assert reasons == {"out_of_time"}


def test_a_plan_goes_together_with_nothing_that_comes_first(role: Maintenance) -> None:
    run = role.run("--check", fleet_maintenance_plan=[])
    assert run.rc == 2
    run.says("goes together with no fleet_maintenance_plan")
