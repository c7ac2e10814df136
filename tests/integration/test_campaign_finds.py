# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Batches, lost looks, empty words and interruptions: what the fault campaign found, each in a test of its own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from integration._fleets import PLUGIN, child, fleet, moves
from integration._job import job

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import batch_update
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_sync
from simulator import Clock, Offer, Simulator

#: Nothing here depends on the ansible-core.
pytestmark = pytest.mark.once

ALL, SITE = "/mainwp/v2/updates/update", "/mainwp/v2/updates/{}/update"
SITES = "/mainwp/v2/sites"


def classic(simulate: Callable[..., Simulator], **options: Any) -> Simulator:
    """Two sites with an update each, and a WP-Cron whose minute is half a second."""
    settings = {"advanced": {"mainwp_minimum_delay": 0}}
    return simulate(
        fleet(child(Offer("1.1.0")), child(Offer("1.1.0")), settings=settings),
        "classic",
        clock=Clock(scale=120),
        **options,
    )


def update(sim: Simulator, reporter: Collector | None = None, **options: Any) -> dict[str, Any]:
    """The job's result."""
    reporter = reporter or Collector(verbose=True)
    batch = {"update_method": "dashboard_batch", "wait_timeout": 10, "poll_interval": 0, "max_age": 10**6}
    return job(sim, reporter=reporter, **{"all_sites": True, **batch, **options})


def verdicts(result: dict[str, Any]) -> list[tuple[int, str, str]]:
    """(site, its result, its reason), and the same of its updates."""
    rows = [(site["id"], site["result"], site["reason"]) for site in result["sites"]]
    return rows + [
        (site["id"], entry["result"], entry["reason"]) for site in result["sites"] for entry in site["updates"]
    ]


def test_no_batch_of_all_sites_when_the_plan_of_one_could_not_be_made(simulate):
    sim = classic(simulate)
    for path in ("/mainwp/v2/updates", "/mainwp/v2/updates/1"):  # together, and then alone
        sim.faults.add(action="status", method="GET", path=path, code=503)
    result = update(sim)
    assert [entry.path for entry in sim.journal.work()] == [SITE.format(2)]
    assert verdicts(result) == [(1, "failed", "answer_lost"), (2, "updated", ""), (2, "updated", "")]
    assert [move[0] for move in moves(sim)] == [2]


def test_a_batch_that_is_refused_is_a_failure_of_its_sites(simulate):
    sim = classic(simulate)
    sim.faults.add(action="status", method="POST", path=ALL, code=429, times=None)
    result = update(sim)
    assert result["failed"]
    assert "error" not in result
    assert verdicts(result)[:2] == [(1, "failed", "not_the_api"), (2, "failed", "not_the_api")]
    assert moves(sim) == []


def test_a_look_that_fails_does_not_lose_the_report(simulate):
    sim = classic(simulate)
    for skip in (2, 3, 4):  # the listing and the look before the start go well
        sim.faults.add(action="status", method="GET", path=SITES, code=502, skip=skip)
    result = update(sim)
    assert len(sim.journal.work()) == 1
    assert verdicts(result)[:2] == [(1, "updated", ""), (2, "updated", "")]
    assert not result["failed"]


def test_a_key_that_is_revoked_while_cron_works_leaves_a_report(simulate):
    sim = classic(simulate)

    def revoke() -> None:
        sim.key().enabled = False

    sim.faults.add(action="hook", method="GET", path=SITES, skip=3, before=revoke)
    result = update(sim)
    assert result["failed"]
    assert {row[1] for row in verdicts(result)[2:]} == {"unknown"}
    assert "broken off" in result["msg"]


def test_an_unreadable_queue_is_a_site_that_was_not_started(simulate):
    sim = classic(simulate)
    sim.faults.add(action="status", method="GET", path=f"{SITES}/1", code=502)
    result = update(sim, sites=["1"], all_sites=False)
    assert sim.journal.work() == []
    assert verdicts(result) == [(1, "failed", "answer_lost"), (1, "failed", "answer_lost")]


@pytest.mark.parametrize(
    ("api", "path"), [("v2", "/mainwp/v2/updates/1/update/wp"), ("v1", "/mainwp/v1/site/site-update-wordpress")]
)
def test_an_answer_of_the_wrong_type_does_not_deny_that_we_moved_wordpress(simulate, api, path):
    sim = simulate(fleet(child(None, core="7.0.4", core_offer="7.1")))
    sim.faults.add(action="garbage", path=path)
    result = update(sim, update_method="per_item", api_version=api)
    assert verdicts(result) == [(1, "updated", ""), (1, "updated", "")]
    assert PLUGIN not in {move[2] for move in moves(sim)}


@pytest.mark.parametrize("body", [42, [], {"data": 42}])
def test_an_answer_about_nothing_does_not_deny_that_we_moved_a_plugin(simulate, body):
    sim = simulate(fleet(child(Offer("1.1.0"))))
    sim.faults.add(action="garbage", path="/mainwp/v2/updates/1/update/plugins", body=body)
    assert verdicts(update(sim, update_method="per_item")) == [(1, "updated", ""), (1, "updated", "")]


def test_a_lost_sync_is_not_taken_for_one_that_a_theme_did_in_passing(simulate):
    """The picture that came with the theme's answer is seconds old, and older than the update of WordPress."""
    sim = simulate(fleet(child(None, theme=Offer("1.2", slow=1.1), core="7.0.4", core_offer="7.1")))
    sim.fleet.sites[1].dts_sync -= 60
    sim.faults.add(action="status", method="POST", path=f"{SITES}/1/sync", code=502, skip=1)
    result = update(sim, update_method="per_item")
    assert verdicts(result) == [(1, "updated", "")] * 3
    assert len(moves(sim)) == 2


def test_an_interrupted_run_starts_neither_a_batch_nor_the_next_type(simulate):
    for method, path, sent in (
        ("dashboard_batch", f"{SITES}/1/sync", 0),
        ("per_item", "/mainwp/v2/updates/1/update/plugins", 1),
    ):
        sim = simulate(fleet(child(Offer("1.1.0"), theme=Offer("1.2"))))
        reporter = Collector(verbose=True)
        sim.faults.add(action="hook", path=path, before=lambda told=reporter: setattr(told, "interrupted", True))
        result = update(sim, reporter, update_method=method)
        assert len(sim.journal.work()) == len(moves(sim)) == sent
        assert result["failed"]
        assert [entry["result"] for entry in result["sites"][0]["updates"]].count("skipped") == 2 - sent


def test_an_interrupted_sync_is_red(simulate):
    sim = simulate(fleet(child(), child()))

    def strike() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.5)  # the signal is handled in another thread than this one, where nobody can wait for it

    sim.faults.add(action="hook", path=f"{SITES}/1/sync", before=strike)
    result = job(sim, mainwp_sync.DOOR, all_sites=True, max_age=0, concurrency=1)
    assert result["failed"]
    assert "broken off: Interrupted" in result["msg"]
    assert [site["result"] for site in result["sites"]].count("synced") < 2


@pytest.mark.parametrize("method", ["per_item", "dashboard_batch"])
def test_a_signal_in_the_last_moment_does_not_take_the_report_along(simulate, monkeypatch, method):
    sim = classic(simulate)
    compose = batch_update.result_of

    def late(*told: Any) -> dict[str, Any]:
        os.kill(os.getpid(), signal.SIGTERM)
        return compose(*told)

    monkeypatch.setattr(batch_update, "result_of", late)
    result = update(sim, update_method=method)
    assert not result["failed"]
    assert [site["result"] for site in result["sites"]] == ["updated", "updated"]
