# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs at once on one Dashboard: each update is sent once, and no plugin is destroyed."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import jobs
import pytest
from integration import _fleets as fleets
from integration._play import COLLECTION
from integration.test_interrupted import running, until
from modules import code

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_batch_update import DOOR
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_dashboard_info import DOOR as DOCTOR
from simulator import Clock, Fleet, Offer, Simulator, scenarios

pytestmark = pytest.mark.once

Simulate = Callable[..., Simulator]


def wide(count: int = 4, **fields: Any) -> Fleet:
    """Sites with a plugin and a theme to update, which takes a while."""
    fields = {"update_seconds": 1.0, **fields}
    kids = (fleets.child(Offer("1.1.0"), theme=Offer("1.2"), core_offer="7.2") for _number in range(count))
    return fleets.fleet(*kids, **fields)


def start(folder: Path, sim: Simulator, name: str, **options: Any) -> contextlib.AbstractContextManager[Any]:
    """A playbook that updates everything and leaves its result in ``<name>.json``, not yet waited for."""
    (folder / name).mkdir()
    result = folder / name / "result.json"
    connection = {"url": sim.url, "api_key": sim.key().token}
    tasks = [
        {COLLECTION + "mainwp_batch_update": {**connection, "all_sites": True, **options}, "register": "r"},
        {"note": {"content": "{{ r | to_json }}", "file": str(result)}},
    ]
    tasks[0]["ignore_errors"] = True
    book = folder / name / "play.yml"
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return running(folder / name, str(book))


def result(folder: Path, name: str, process: Any) -> dict[str, Any]:
    process.wait(120)
    out = (folder / name / "out").read_text()
    assert (folder / name / "result.json").exists(), out
    return {**json.loads((folder / name / "result.json").read_text()), "out": out}


def posts(sim: Simulator) -> Counter[tuple[str, str]]:
    """How often each update was asked for."""
    return Counter((entry.path, str(entry.body)) for entry in sim.journal.entries if "/update/" in entry.path)


def installed(sim: Simulator) -> list[tuple[str | None, str | None, str]]:
    kids = [site.child for site in sim.fleet.sites.values()]
    return [
        (plugin and plugin.version, theme and theme.version, kid.core)
        for kid in kids
        for plugin, theme in [(kid.plugin(fleets.PLUGIN), kid.theme(fleets.THEME))]
    ]


def test_two_plain_runs_send_each_update_once(simulate: Simulate, tmp_path: Path, dialect: str) -> None:
    sim = simulate(wide(update_seconds=0.1), dialect)
    told = tmp_path / "two" / "out"
    # However slow the machine is: the first update lasts until the other run waits for it.
    waits = partial(until, lambda: told.exists() and "waits for the lock of" in told.read_text(), 100)
    sim.faults.add(action="hook", method="POST", path=".*/update/.*", before=waits)
    with start(tmp_path, sim, "one") as one:
        until(lambda: posts(sim))
        with start(tmp_path, sim, "two") as two:
            first, second = result(tmp_path, "one", one), result(tmp_path, "two", two)
    assert set(posts(sim).values()) == {1}
    assert installed(sim) == [("1.1.0", "1.2", "7.2")] * 4
    assert not first.get("failed"), first["msg"]
    assert not second.get("failed"), second["msg"]
    updated = [entry for run in (first, second) for site in run["sites"] for entry in site["updates"]]
    assert Counter(entry["result"] for entry in updated)["updated"] == 12
    where = {"dir": str(Path("~/.ansible/mainwp-locks").expanduser()), "host": platform.node()}
    assert first["locking"] == second["locking"] == where
    assert "waits for the lock of" in second["out"]
    assert f"on {platform.node()} (process " in second["out"]


def test_without_locks_two_runs_destroy_what_they_update(simulate: Simulate, tmp_path: Path) -> None:
    """What the locks are for; it shows that the simulator is no kinder than WordPress."""
    sim = simulate(wide(1, update_seconds=2.0))
    plain = {"lock_dir": "none", "types": ["plugins"]}
    # The first update begins when the other run has sent the same one.
    both = partial(until, lambda: max(posts(sim).values()) == 2, 100)
    sim.faults.add(action="hook", method="POST", path=".*/update/.*", before=both)
    with start(tmp_path, sim, "one", **plain) as one:
        until(lambda: posts(sim))
        with start(tmp_path, sim, "two", **plain) as two:
            first, second = result(tmp_path, "one", one), result(tmp_path, "two", two)
    assert max(posts(sim).values()) == 2
    assert installed(sim)[0][0] is None
    assert first["locking"] == second["locking"] == {"dir": "", "host": platform.node()}


# -- one run in this process, the other is a lock held here ----------------------------------------------------------


def run(sim: Simulator, folder: Path, reporter: Collector | None = None, check: bool = False, **options: Any) -> Any:
    """The job in this process."""
    given = {
        "url": sim.url,
        "api_key": sim.key().token,
        "all_sites": True,
        "lock_dir": str(folder / "locks"),
        "poll_interval": 0,
        **options,
    }
    return jobs.done(DOOR, given, reporter, check)


class Waits(Collector):
    """Remembers for whom a run waited."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        super().__init__(verbose=True)
        self.holders: list[str] = []
        self.then = then

    def waiting(self, waits: Any) -> None:
        self.holders += waits
        if waits:
            self.then()


@contextlib.contextmanager
def held(sim: Simulator, folder: Path, *names: str) -> Iterator[Locks]:
    """Another run has these locks. (flock is between open files, so one process will do.)"""
    locks = Locks(str(folder / "locks"), sim.url)
    assert locks.take(names) is None
    try:
        yield locks
    finally:
        locks.close()


def results(told: dict[str, Any]) -> dict[int, tuple[str, str]]:
    return {site["id"]: (site["result"], site["reason"]) for site in told["sites"]}


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("name", ["192.0.2.2", "site-2"])
def test_a_site_that_stays_locked_fails_alone_and_untouched(
    simulate: Simulate, tmp_path: Path, dialect: str, name: str
) -> None:
    sim = simulate(wide(3, update_seconds=0), dialect)
    waits = Waits()
    with held(sim, tmp_path, name):
        told = run(sim, tmp_path, waits, lock_timeout=1)
    assert results(told) == {1: ("updated", ""), 2: ("failed", "locked"), 3: ("updated", "")}
    site = next(site for site in told["sites"] if site["id"] == 2)
    assert {entry["reason"] for entry in site["updates"]} == {"locked"}
    assert f"{platform.node()} (process {os.getpid()}, since 2" in site["message"]
    assert any(str(os.getpid()) in text for text in waits.holders)
    assert not [entry for entry in sim.journal.entries if entry.is_write and "/2/" in entry.path]


@pytest.mark.usefixtures("hurry")
def test_a_lane_that_comes_free_is_used_from_a_fresh_sync_on(simulate: Simulate, tmp_path: Path, dialect: str) -> None:
    sim = simulate(wide(2, update_seconds=0), dialect)
    with held(sim, tmp_path, "192.0.2.2") as other:

        def finish() -> None:
            sim.fleet.outside_update(2, "plugin", fleets.PLUGIN)
            other.close()

        waits = Waits()
        waits.then = lambda: (setattr(waits, "then", lambda: None), finish())[0]
        told = run(sim, tmp_path, waits)
    assert results(told) == {1: ("updated", ""), 2: ("updated", "")}
    entries = {entry["slug"]: entry["reason"] for entry in told["sites"][1]["updates"]}
    assert entries == {fleets.PLUGIN: "moved_elsewhere", fleets.THEME: "", "wordpress": ""}


@pytest.mark.usefixtures("hurry")
def test_whoever_waits_still_hears_the_clock_and_signals(simulate: Simulate, tmp_path: Path, dialect: str) -> None:
    sim = simulate(wide(2, update_seconds=0), dialect)
    with held(sim, tmp_path, "192.0.2.1", "192.0.2.2"):
        late = run(sim, tmp_path, stop_after=1)
        reporter = Waits()
        reporter.then = lambda: setattr(reporter, "interrupted", True)
        told = run(sim, tmp_path, reporter)
    assert results(late) == {1: ("skipped", "out_of_time"), 2: ("skipped", "out_of_time")}
    assert results(told) == {1: ("skipped", "stopped"), 2: ("skipped", "stopped")}
    assert "Interrupted" in told["msg"]
    assert not [entry for entry in sim.journal.entries if entry.is_write]


@pytest.mark.usefixtures("hurry")
def test_a_lost_answer_keeps_its_site_locked_between_looks(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(wide(1, update_seconds=0))
    sim.faults.add(action="gateway_timeout", method="POST", path=".*/update/plugins", delay=3)
    other = Locks(str(tmp_path / "locks"), sim.url)
    free: list[bool] = []
    done = threading.Event()

    def watch() -> None:
        until(lambda: posts(sim))
        while not done.wait(0.02):
            if len(posts(sim)) == 1:  # the answer is lost, and nothing has been sent since
                got = other.take(["site-1"]) is None
                free.append(got)
                other.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        told = run(sim, tmp_path, poll_interval=1)
    finally:
        done.set()
        watcher.join()
    assert results(told) == {1: ("updated", "")}
    assert free
    assert not any(free)


@pytest.mark.usefixtures("hurry")
def test_the_dashboards_own_batch_holds_all_its_lanes(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(wide(3, update_seconds=0), "classic", clock=Clock(scale=12))
    other = Locks(str(tmp_path / "locks"), sim.url)
    seen: dict[str, bool] = {}

    def look(_request: Any = None) -> None:
        for name in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
            seen[name] = other.take([name]) is not None
        other.close()

    sim.faults.add(action="hook", method="POST", path=".*/updates/update", before=look)
    told = run(sim, tmp_path, update_method="dashboard_batch")
    assert not told.get("failed"), told["msg"]
    assert seen == {"192.0.2.1": True, "192.0.2.2": True, "192.0.2.3": True}


@pytest.mark.usefixtures("hurry")
def test_a_batch_leaves_out_what_is_locked(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(wide(3, update_seconds=0), "classic", clock=Clock(scale=12))
    with held(sim, tmp_path, "192.0.2.2"):
        told = run(sim, tmp_path, update_method="dashboard_batch", lock_timeout=0)
    assert results(told)[2] == ("failed", "locked")
    assert [results(told)[number][0] for number in (1, 3)] == ["updated", "updated"]
    assert not [entry for entry in sim.journal.entries if entry.path.endswith("/updates/update")], "not the whole fleet"
    assert not sim.truth.of(2)


def test_a_folder_that_cannot_be_used_is_an_error_before_the_first_write(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(wide(1, update_seconds=0))
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    told = run(sim, tmp_path, lock_dir=str(in_the_way))
    assert told["failed"]
    assert told["error"]["option"] == "lock_dir"
    assert str(in_the_way) in told["msg"]
    assert "lock_dir: none" in told["msg"]
    assert not [entry for entry in sim.journal.entries if entry.is_write]
    assert run(sim, tmp_path, lock_dir="none")["changed"]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "module", ["mainwp_batch_update", "mainwp_plugin", "mainwp_site", "child_sites", "mainwp_config"]
)
def test_check_mode_sees_a_folder_that_cannot_be_used_as_the_run_does(
    simulate: Simulate, tmp_path: Path, module: str, check: bool
) -> None:
    """Below a file nothing can be made, whoever asks."""
    sim = simulate(wide(1, update_seconds=0))
    (tmp_path / "file").write_text("")
    options: dict[str, Any] = {
        "mainwp_batch_update": {"all_sites": True},
        "mainwp_plugin": {"all_sites": True, "plugins": [fleets.PLUGIN], "state": "inactive"},
        "mainwp_site": {"id": 1, "connected": False},
        "child_sites": {"child_sites": [{"id": 1, "connected": False}]},
        "mainwp_config": {"tree": {"tags": [{"name": "New"}]}},
    }[module]
    name = "mainwp_site" if module == "child_sites" else module
    given = {"url": sim.url, "api_key": sim.key().token, "lock_dir": str(tmp_path / "file" / "locks"), **options}
    told = jobs.done(code(name).DOOR, given, None, check)
    assert told["failed"], told
    assert told["error"]["option"] == "lock_dir", told
    assert str(tmp_path / "file") in told["msg"]
    assert not [entry for entry in sim.journal.entries if entry.is_write]


def test_check_mode_takes_no_lock_and_creates_nothing(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(wide(1, update_seconds=0))
    with held(sim, tmp_path / "elsewhere", "192.0.2.1"):
        told = run(sim, tmp_path, check=True)
    assert results(told) == {1: ("planned", "")}
    assert not (tmp_path / "locks").exists()
    assert told["locking"]["dir"] == ""


def test_nothing_is_locked_any_more_when_the_run_is_over(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(wide(2, update_seconds=0))
    run(sim, tmp_path)
    with held(sim, tmp_path, "192.0.2.1", "192.0.2.2", "site-1", "site-2"):
        pass
    assert {path.read_text() for path in (tmp_path / "locks").iterdir()} == {""}


def test_the_doctor_says_where_locks_end(simulate: Simulate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sim = simulate(scenarios.scheduled(wide(1)))
    connection = {"url": sim.url, "api_key": sim.key().token}
    told = jobs.done(DOCTOR, connection)
    assert told["findings"] == []
    assert platform.node() in told["locking"]["message"]
    assert "other containers" in told["locking"]["message"]
    monkeypatch.setenv("AWX_PRIVATE_DATA_DIR", str(tmp_path))
    told = jobs.done(DOCTOR, connection)
    assert [finding["code"] for finding in told["findings"]] == ["locks_in_job"]
