# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are broken off: Ctrl-C, SIGTERM, kill -9 of everything or of ansible-playbook alone."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration import _fleets as fleets
from integration._ansible import BIN, PLUGINS
from integration._play import COLLECTION, Play, Task
from integration._role import Maintenance
from integration._waves import Waves

from ansible_collections.wpfleet.mainwp.plugins.module_utils._addresses import normal_url
from simulator import Offer, Simulator

Simulate = Callable[..., Simulator]
#: Sites of the fleet, and how long each one's update takes, seconds.
SITES, SLOW = 12, 0.4


def slow_fleet(**fields: Any) -> Any:
    """Sites on four servers with an update that takes its time."""
    fleet = fleets.fleet(*(fleets.child(Offer("1.1.0", slow=SLOW)) for _number in range(SITES)), **fields)
    for site in fleet.sites.values():
        site.ip = f"192.0.2.{site.id % 4}"
    return fleet


@contextlib.contextmanager
def running(folder: Path, *args: str) -> Iterator[subprocess.Popen[str]]:
    """A program of Ansible's in a process group of its own, as in a terminal; whatever is left of it is killed."""
    settings = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "ANSIBLE_NOCOLOR": "1"}
    with (folder / "out").open("w") as out:
        process = subprocess.Popen(
            [str(BIN / "ansible-playbook"), *args],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            text=True,
            start_new_session=True,
            env={**os.environ, **settings, "ANSIBLE_ACTION_PLUGINS": str(PLUGINS)},
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for path in (folder / "out", *folder.rglob("report.json")):  # pytest shows it where a test fails
            print(path.read_text())


def until(true: Callable[[], Any], seconds: float = 120.0) -> Any:
    """Wait for something, patiently: a busy machine is no fault."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it never came true")


def ten_minutes_pass(sim: Simulator, folder: Path) -> None:
    """For the words of locks: what was under way when the run was killed surely is not any more, if it ever was."""
    home = Path("~/.ansible/mainwp-locks").expanduser()
    for path in (*home.glob("*.lock"), *folder.rglob("*.lock")):
        with contextlib.suppress(ValueError):
            words = json.loads(path.read_text())
            if words.get("dashboard") == normal_url(sim.url) and "sent" in words:
                path.write_text(json.dumps({**words, "sent": {**words["sent"], "at": 0.0}}))


def read(path: Path) -> dict[str, Any]:
    """The report in a file; empty as long as there is none. It is whole at any time."""
    return json.loads(path.read_text()) if path.exists() else {}


def playbook(folder: Path, sim: Simulator, **options: Any) -> str:
    """A playbook that updates all sites."""
    connection = {"url": sim.url, "api_key": sim.key().token, "concurrency": 2}
    task = {COLLECTION + "mainwp_batch_update": {**connection, "all_sites": True, **options}}
    path = folder / "play.yml"
    path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    return str(path)


def moved(sim: Simulator) -> set[int]:
    return {move[0] for move in fleets.moves(sim)}


def told(report: dict[str, Any], *results: str) -> set[int]:
    """The ids of the sites with one of the results."""
    return {site["id"] for site in report.get("sites", []) if site["result"] in results}


def quiet(sim: Simulator) -> bool:
    """Is no request being answered, nor on its way?"""
    count = len(sim.journal.entries)
    time.sleep(0.5)
    return len(sim.journal.entries) == count and all(entry.ended is not None for entry in sim.journal.entries)


def whole_group(process: subprocess.Popen[str], number: int) -> None:
    os.killpg(process.pid, number)


def alone(process: subprocess.Popen[str], number: int) -> None:
    process.send_signal(number)


@pytest.mark.claim("files-reports")
def test_the_report_file_tells_what_the_task_returns(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(
        fleets.fleet(fleets.child(Offer("1.1.0")), fleets.child(Offer("1.1.0", fails_with="Full.")), fleets.child())
    )
    path = tmp_path / "reports" / "run.json"
    play = Play(tmp_path, sim)
    checked, done = play.tasks(
        Task(
            "mainwp_batch_update",
            {"all_sites": True, "report_file": str(path)},
            check=True,
            after=lambda: _absent(path),
        ),
        Task("mainwp_batch_update", {"all_sites": True, "report_file": str(path)}),
    )
    assert checked.changed
    report = read(path)
    assert (report["format"], report["complete"]) == (1, True)
    assert told(report, "updated", "failed", "unchanged") == {1, 2, 3}
    assert [site for site in report["sites"] if site["id"] != 3] == done["sites"]
    for name in ("changed", "failed", "msg", "broken_off", "summary", "dashboard", "batch"):
        assert report[name] == done[name]
    assert "diff" not in report
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["run.json"]


def _absent(path: Path) -> None:
    assert not path.exists(), "check mode wrote the report"


def test_a_report_file_that_cannot_be_written_stops_nothing(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(fleets.fleet(fleets.child(Offer("1.1.0"))))
    options = {"all_sites": True, "report_file": "/dev/null/report.json"}
    done = Play(tmp_path, sim).task("mainwp_batch_update", options, warns=["report_file: /dev/null/report.json"])
    assert done.changed
    assert len(done.warnings) == 1


@pytest.mark.parametrize(
    ("send", "number"),
    [(whole_group, signal.SIGINT), (whole_group, signal.SIGTERM), (alone, signal.SIGKILL)],
    ids=["ctrl-c", "terminated", "orphaned"],
)
def test_a_run_that_is_broken_off_begins_nothing_more_and_tells_what_it_did(
    simulate: Simulate, tmp_path: Path, send: Callable[[Any, int], None], number: int
) -> None:
    """An orphaned worker of a killed ansible-playbook, too, must not go on with the fleet."""
    sim = simulate(slow_fleet())
    may_go_on = threading.Event()
    waits = {"times": None, "skip": 2, "before": lambda: may_go_on.wait(60)}
    sim.faults.add(action="hook", method="POST", path=r"/mainwp/v2/updates/\d+/update/.*", **waits)
    path = tmp_path / "report.json"
    with running(tmp_path, playbook(tmp_path, sim, report_file=str(path))) as process:
        until(lambda: len(moved(sim)) >= 2)
        send(process, number)
        time.sleep(3)  # an orphan looks for its parent once a second
        may_go_on.set()
        report = until(lambda: "broken off" in read(path).get("msg", "") and read(path))
    until(lambda: quiet(sim))
    # in each of two lanes one may be at work
    assert 2 <= len(moved(sim)) <= 4
    assert told(report, "updated") == moved(sim)
    assert told(report, "skipped") == set(range(1, SITES + 1)) - moved(sim)
    assert "Interrupted" in report["msg"]
    assert "Interrupted" in report["broken_off"]
    assert (report["failed"], report["complete"]) == (True, False)
    work = [(entry.path, json.dumps(entry.json)) for entry in sim.journal.work()]
    assert len(work) == len(moved(sim))


def test_kill_9_loses_no_more_than_what_runs_and_the_next_run_goes_on(
    simulate: Simulate, tmp_path: Path, dialect: str
) -> None:
    sim = simulate(slow_fleet(), dialect)
    path = tmp_path / "report.json"
    with running(tmp_path, playbook(tmp_path, sim, report_file=str(path))) as process:
        until(lambda: len(moved(sim)) >= 3 and told(read(path), "updated"))
        kill(process)
    report = read(path)
    assert not report["complete"]
    assert told(report, "updated") <= moved(sim)
    assert {site["result"] for site in report["sites"]} <= {"updated", "unknown"}
    until(lambda: quiet(sim))
    ten_minutes_pass(sim, tmp_path)
    before = moved(sim)
    done = Play(tmp_path, sim).task("mainwp_batch_update", {"all_sites": True, "report_file": str(path)})
    assert not done.failed, done.msg
    assert {entry[0] for entry in done.updates("updated")} == moved(sim) - before
    assert len(fleets.moves(sim)) == len(sim.journal.work()) == SITES


@pytest.mark.once
def test_kill_9_of_the_role_leaves_its_report(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(slow_fleet())
    role = Maintenance(tmp_path, lab=sim)
    with running(tmp_path, *role.command()) as process:
        until(lambda: len(moved(sim)) >= 3 and told(_only_report(role), "updated"))
        kill(process)
    report = _only_report(role)
    assert not report["complete"]
    assert told(report, "updated") <= moved(sim)


@pytest.mark.once
def test_kill_9_of_a_wave_leaves_the_parts_of_its_report(simulate: Simulate, tmp_path: Path) -> None:
    sim = simulate(slow_fleet())
    waves = Waves(tmp_path, lab=sim)
    with running(tmp_path, "-i", str(waves.inventory), waves.play(hosts="mainwp_sites", serial=["100%"])) as process:
        until(lambda: any(told(part, "updated") for part in _parts(waves)))
        kill(process)
    parts = _parts(waves)
    assert set().union(*(told(part, "updated") for part in parts)) <= moved(sim)
    until(lambda: quiet(sim))
    ten_minutes_pass(sim, tmp_path)
    before = moved(sim)
    outcome = waves.run(hosts="mainwp_sites", serial=["100%"])
    assert outcome.rc == 0, outcome.output
    assert told(outcome.report(), "updated") == moved(sim) - before
    assert len(_parts(waves)) == len(parts)


def _only_report(role: Maintenance) -> dict[str, Any]:
    (path,) = role.reports.glob("*/*/report.json") or [Path("none")]
    return read(path)


def _parts(waves: Waves) -> list[dict[str, Any]]:
    return [read(path) for path in waves.reports.glob("lab/unfinished/*.json")]


def kill(process: subprocess.Popen[str]) -> None:
    """Kill ansible-playbook and its workers, which have sessions of their own on newer cores."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in [process.pid, *map(int, children)]:
        os.kill(pid, signal.SIGKILL)
