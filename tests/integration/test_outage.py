# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Dashboard goes away while a run is at work, behind a web server that lives."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jobs
import pytest
from integration import _fleets as fleets

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _refresh
from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector, Door
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _planning, _results, batch_update
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_batch_update, mainwp_sync
from simulator import Clock, Fleet, Offer, Simulator

#: Nothing of Ansible has a part in these.
pytestmark = pytest.mark.once
Simulate = Callable[..., Simulator]
PAGE = "<html><head><title>{0} Bad Gateway</title></head><body><h1>{0} Bad Gateway</h1><hr>nginx</body></html>"


def world(count: int = 6) -> Fleet:
    return fleets.fleet(*(fleets.child(Offer("1.1.0"), theme=Offer("1.2")) for _number in range(count)))


class Gateway:
    """What answers for a Dashboard that is away."""

    def __init__(self, sim: Simulator, code: int = 502) -> None:
        self.sim = sim
        self.code = code
        self.since = 0

    def goes(self, _request: Any = None) -> None:
        """The Dashboard goes away now."""
        self.since = len(self.sim.journal.entries)
        page = {"code": self.code, "body": PAGE.format(self.code), "content_type": "text/html"}
        self.sim.faults.rules.insert(0, self.sim.faults.add(action="status", times=None, **page))

    def comes_back(self) -> None:
        self.sim.faults.clear()

    def asked(self) -> list[Any]:
        """All requests since it went."""
        return self.sim.journal.entries[self.since :]


def run(sim: Simulator, door: Door, reporter: Collector | None = None, **options: Any) -> dict[str, Any]:
    quick = (
        {"poll_interval": 1, "retry_max_delay": 0.2} if door is mainwp_batch_update.DOOR else {"retry_max_delay": 0.2}
    )
    connection = {"url": sim.url, "api_key": sim.key().token}
    return jobs.done(door, {**connection, "all_sites": True, **quick, **options}, reporter)


def posts(sim: Simulator) -> Counter[tuple[str, str]]:
    return Counter((entry.path, str(entry.body)) for entry in sim.journal.entries if "/update/" in entry.path)


def results(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(site["result"], site["reason"]) for site in told["sites"]]


# Not in a hurry: no write may be under way when it goes, and the pauses between calls see to that.
@pytest.mark.parametrize("code", [502, 503, 504])
def test_a_dashboard_that_comes_back_fails_no_site(simulate: Simulate, dialect: str, code: int) -> None:
    sim = simulate(world(), dialect)
    gateway = Gateway(sim, code)
    # in the middle of the run, at a sync
    sim.faults.add(action="hook", method="POST", path=".*/sync", skip=4, after=gateway.goes)
    reporter = Collector()
    timer = threading.Timer(0, lambda: None)

    def tell(text: str) -> None:
        nonlocal timer
        Collector.warn(reporter, text)
        if "is away" in text:
            timer = threading.Timer(2.0, gateway.comes_back)
            timer.start()

    reporter.warn = tell  # type: ignore[method-assign]
    told = run(sim, mainwp_batch_update.DOOR, reporter, concurrency=3)
    timer.join()
    assert results(told) == [("updated", "")] * 6, told["msg"]
    assert set(posts(sim).values()) == {1}
    assert any(f"The Dashboard is away (HTTP {code})" in text for text in reporter.warnings)
    assert any("The Dashboard is back after" in text for text in reporter.warnings)
    assert sum("is away" in text for text in reporter.warnings) == 1, "one gate for all lanes"


@pytest.mark.usefixtures("hurry")
def test_a_dashboard_that_stays_away_ends_the_run_with_one_sentence(simulate: Simulate, dialect: str) -> None:
    sim = simulate(world(8), dialect)
    gateway = Gateway(sim)
    sim.faults.add(action="hook", method="POST", path=".*/update/themes", skip=2, after=gateway.goes)
    told = run(sim, mainwp_batch_update.DOOR, concurrency=1, wait_timeout=3)
    assert told["failed"]
    assert told["msg"].count("The Dashboard has been away for") == 1
    assert told["msg"].endswith("(HTTP 502). Nothing more is started.")
    assert results(told)[:2] == [("updated", "")] * 2
    assert results(told)[2][0] in ("unknown", "failed")
    assert {entry["reason"] for entry in told["sites"][2]["updates"]} == {"unverified"}
    assert results(told)[3:] == [("skipped", "stopped")] * 5
    assert set(posts(sim).values()) == {1}
    assert len(gateway.asked()) < 30, "a knock now and then"
    gateway.comes_back()
    again = run(sim, mainwp_batch_update.DOOR)
    assert not again.get("failed"), again["msg"]
    assert set(posts(sim).values()) == {1}


def test_a_write_into_the_outage_is_not_sent_again(simulate: Simulate, dialect: str) -> None:
    """The gateway says 502 although the Dashboard has begun: it was restarted under way."""
    sim = simulate(world(2), dialect)
    page = {"code": 502, "body": PAGE.format(502), "content_type": "text/html"}
    sim.faults.add(action="status", method="POST", path=".*/1/update/plugins", after_work=True, **page)
    told = run(sim, mainwp_batch_update.DOOR, concurrency=1)
    assert results(told) == [("updated", "")] * 2
    assert set(posts(sim).values()) == {1}


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("method", ["per_item", "dashboard_batch"])
def test_a_write_that_waits_is_not_sent_once_the_run_is_over(simulate: Simulate, dialect: str, method: str) -> None:
    """It was refused unread, and the run is interrupted before it may be sent again."""
    sim = simulate(world(2), dialect, clock=Clock(scale=12))
    work = ".*/updates/(1/)?update(/plugins)?"
    sim.faults.add(action="status", method="POST", path=work, times=None, code=429, body={"code": "too_many_requests"})
    reporter = Collector(verbose=True)

    def tell(text: str) -> None:
        reporter.interrupted = reporter.interrupted or "Trying again" in text

    reporter.warn = tell  # type: ignore[method-assign]
    told = run(sim, mainwp_batch_update.DOOR, reporter, concurrency=1, update_method=method)
    assert "broken off: Interrupted" in told["msg"]
    assert results(told) == [("skipped", "stopped")] * 2, told["msg"]
    assert set(Counter(entry.path for entry in sim.journal.work()).values()) == {1}


def test_one_request_that_fails_is_no_outage(simulate: Simulate, dialect: str) -> None:
    sim = simulate(world(2), dialect)
    page = {"code": 504, "body": PAGE.format(504), "content_type": "text/html"}
    sim.faults.add(action="status", method="GET", path="/mainwp/v2/updates/1", times=None, **page)
    told = run(sim, mainwp_batch_update.DOOR, concurrency=1)
    assert results(told) == [("failed", "answer_lost"), ("updated", "")]
    assert not any("is away" in text for text in told.get("warnings", []))


@pytest.mark.usefixtures("hurry")
def test_a_sync_that_is_refused_at_once_is_tried_again_soon(
    simulate: Simulate, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by a gateway, the sync was never begun: to wait for it for two minutes would be to wait for nothing."""
    monkeypatch.setattr(_refresh, "SECOND_TRY", 0.1)
    sim = simulate(world(1), dialect)
    page = {"code": 502, "body": PAGE.format(502), "content_type": "text/html"}
    sim.faults.add(action="status", method="POST", path=".*/sync", times=3, **page)
    told = run(sim, mainwp_sync.DOOR, max_age=0)
    assert results(told) == [("synced", "")]
    assert len([entry for entry in sim.journal.entries if entry.path.endswith("/sync")]) == 4
    assert len(sim.journal.entries) < 25, "the stored picture was not read again and again"


@pytest.mark.usefixtures("hurry")
def test_a_sync_run_waits_too_and_then_ends_with_one_sentence(
    simulate: Simulate, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs.sync.PATIENCE", 2.0)
    sim = simulate(world(4), dialect)
    gateway = Gateway(sim)
    sim.faults.add(action="hook", method="POST", path=".*/sync", skip=1, after=gateway.goes)
    told = run(sim, mainwp_sync.DOOR, max_age=0, concurrency=1)
    assert told["failed"]
    assert [site["result"] for site in told["sites"]] == ["synced", "synced", "skipped", "skipped"]
    assert {site["reason"] for site in told["sites"][2:]} == {"stopped"}
    assert told["msg"].count("The Dashboard has been away for") == 1


def test_when_the_progress_of_a_sync_cannot_be_shown_the_report_is_kept(simulate: Simulate, dialect: str) -> None:
    sim = simulate(world(4), dialect)
    reporter = Collector(verbose=True)

    def stumble(*_args: Any) -> None:
        raise BrokenPipeError("nobody reads this")

    reporter.progress = stumble  # type: ignore[method-assign]
    told = run(sim, mainwp_sync.DOOR, reporter, concurrency=1, max_age=0)
    assert "broken off: Unexpected BrokenPipeError" in told["msg"]
    assert (told["failed"], told["sites"][0]["result"]) == (True, "synced")
    assert {site["reason"] for site in told["sites"] if site["result"] != "synced"} == {"stopped"}


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("door", [mainwp_batch_update.DOOR, mainwp_sync.DOOR], ids=lambda door: door.name)
def test_a_bug_on_one_site_loses_nobody_elses_report(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch, door: Door, dialect: str
) -> None:
    refresh = _refresh.Refresher.refresh

    def stumble(self: Any, site: Any, **more: Any) -> Any:
        if site.id == 2:
            raise ZeroDivisionError("by zero")
        return refresh(self, site, **more)

    monkeypatch.setattr(_refresh.Refresher, "refresh", stumble)
    sim = simulate(world(3), dialect, clock=Clock(scale=12))
    options = {"max_age": 0} if door is mainwp_sync.DOOR else {"update_method": "dashboard_batch", "wait_timeout": 300}
    told = run(sim, door, **options)
    assert told["failed"]
    assert {site["id"]: site["reason"] for site in told["sites"]}[2] == "error"
    assert "ZeroDivisionError" in told["sites"][1]["message"]
    assert [told["sites"][number]["result"] for number in (0, 2)] == [
        "synced" if "max_age" in options else "updated"
    ] * 2


def test_a_bug_in_planning_one_site_stops_no_other(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    make_plan = _planning.make_plan

    def stumble(site: Any, *more: Any) -> Any:
        if site.id == 2:
            raise ZeroDivisionError("by zero")
        return make_plan(site, *more)

    monkeypatch.setattr(_planning, "make_plan", stumble)
    sim = simulate(world(3), dialect)
    told = run(sim, mainwp_batch_update.DOOR)
    assert results(told) == [("updated", ""), ("failed", "error"), ("updated", "")]
    assert "ZeroDivisionError" in told["sites"][1]["message"]


def test_when_progress_cannot_be_shown_the_report_is_kept(simulate: Simulate, dialect: str) -> None:
    sim = simulate(world(4), dialect)
    reporter = Collector(verbose=True)

    def stumble(*_args: Any) -> None:
        raise BrokenPipeError("nobody reads this")

    reporter.progress = stumble  # type: ignore[method-assign]
    told = run(sim, mainwp_batch_update.DOOR, reporter, concurrency=1)
    assert "broken off: Unexpected BrokenPipeError" in told["msg"]
    assert (told["failed"], len(told["sites"]), results(told)[0]) == (True, 4, ("updated", ""))
    assert set(results(told)) == {("updated", ""), ("skipped", "stopped")}
    moved = sum(entry["result"] == "updated" for site in told["sites"] for entry in site["updates"])
    assert moved == len(sim.truth), "what ran was awaited"
    assert set(posts(sim).values()) == {1}


def test_a_bug_in_telling_ends_no_run(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dialect: str
) -> None:
    def stumble(*_args: Any, **_more: Any) -> Any:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(_results.SiteRun, "so_far", stumble)
    monkeypatch.setattr(batch_update, "missing", stumble)
    sim = simulate(world(2), dialect)
    reporter = Collector(verbose=True)
    path = tmp_path / "report.json"
    told = run(sim, mainwp_batch_update.DOOR, reporter, report_file=str(path))
    assert results(told) == [("updated", "")] * 2
    assert json.loads(path.read_text())["complete"]
    assert sum("ZeroDivisionError" in text for text in reporter.warnings) >= 2
