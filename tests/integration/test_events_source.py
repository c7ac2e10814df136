# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of the event source, run as ansible-rulebook runs it: by itself, in a process that knows nothing of Ansible."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from integration._fleets import child, fleet, lock_out

from simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "dashboard_changes.py"
#: Runs the source until it has told so many events, which are printed as one list.
PROGRAM = """
import asyncio, json, logging, runpy, sys

given = json.loads(sys.stdin.readline())
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)

class Never:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in given["without"]:
            raise ImportError("there is no " + name)

sys.meta_path.insert(0, Never())
if given["version"]:
    sys.version_info = tuple(given["version"])
source = runpy.run_path(given["source"])

async def go():
    queue, taken = asyncio.Queue(1), asyncio.Queue(1)  # as large as those of ansible-rulebook
    args = {**given["args"], **({"eda_feedback_queue": taken, "feedback": True} if given["feedback"] else {})}
    task = asyncio.create_task(source["main"](queue, args))
    events = []
    while len(events) < given["count"] and not task.done():
        get = asyncio.create_task(queue.get())
        await asyncio.wait({get, task}, return_when=asyncio.FIRST_COMPLETED)
        if get.done():
            events.append(get.result())
            print(json.dumps(events[-1]), flush=True)
            sys.stdin.readline()
            if given["feedback"]:
                await taken.put(events[-1])
    task.cancel()
    await task

try:
    asyncio.run(go())
except asyncio.CancelledError:
    pass
"""


class Run:
    """The source in a process of its own; a ``copy`` of another place in the path may be in its way."""

    def __init__(self, args: dict[str, Any], *, count: int = 1, path: Path | None = None, **more: Any) -> None:
        env = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **({"PYTHONPATH": str(path)} if path else {})}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd="/",
        )
        without = ["ansible", "yaml", "jinja2", *(() if path else ("ansible_collections",))]
        given = {"source": str(SOURCE), "without": without, "version": None, "feedback": False, "count": count}
        self.say(json.dumps({**given, "args": args, **more}))

    def say(self, text: str = "") -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def event(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        event: dict[str, Any] = json.loads(self.process.stdout.readline())
        return event

    def end(self) -> tuple[int, str]:
        """(how it ended, what it said)."""
        dummy, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


def args_for(sim: Simulator, tmp_path: Path, **more: Any) -> dict[str, Any]:
    state = str(tmp_path / "state.json")
    return {"url": sim.url, "api_key": sim.key("read").token, "interval": 1, "state_file": state, **more}


def baseline(state: Path) -> None:
    """The first poll is over: the file is there."""
    for dummy in range(600):
        if state.exists():
            return
        time.sleep(0.05)
    raise AssertionError("it never polled")


@pytest.fixture
def decoy(tmp_path: Path) -> Path:
    """A regular package of all collections, as the community package brings one, with another release of ours in it."""
    ours = (
        tmp_path
        / "site-packages"
        / "ansible_collections"
        / "wpfleet"
        / "mainwp"
        / "plugins"
        / "module_utils"
        / "_events"
    )
    ours.mkdir(parents=True)
    for folder in (ours, *ours.parents[:5]):
        (folder / "__init__.py").write_text("raise ImportError('this is another one')\n")
    (ours / "watch.py").write_text("raise ImportError('this is another one')\n")
    return tmp_path / "site-packages"


@pytest.mark.parametrize("other", [False, True])
def test_it_runs_by_itself_whatever_else_is_installed(tmp_path: Path, decoy: Path, other: bool) -> None:
    with Simulator(fleet(child(), child())) as sim:
        run = Run(args_for(sim, tmp_path), path=decoy if other else None)
        baseline(tmp_path / "state.json")
        lock_out(sim.fleet, 2)
        event = run.event()
        run.say()
        code, said = run.end()
    assert (event["change"], event["site"]["id"]) == ("site_lost", 2)
    assert code == 0, said
    assert sim.key("read").token not in said


def test_with_feedback_nothing_is_remembered_before_the_rules_have_it(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with Simulator(fleet(*(child() for dummy in range(4)))) as sim:
        run = Run(args_for(sim, tmp_path), count=5, feedback=True)
        baseline(state)
        before = state.read_text()
        with sim.fleet.lock:
            for number in (1, 2, 3):
                lock_out(sim.fleet, number)
        for number in (1, 2, 3):
            assert run.event()["site"]["id"] == number
            assert state.read_text() == before
            if number < 3:
                run.say()
        run.process.kill()
        run.end()
        again = Run(args_for(sim, tmp_path), count=4, feedback=True)
        for number in (1, 2, 3):
            assert again.event()["site"]["id"] == number, "the rules had not all of them"
            again.say()
        lock_out(sim.fleet, 4)
        assert again.event()["site"]["id"] == 4
        assert state.read_text().count('"lost":true') == 3
        again.say()
        assert again.end()[0] == 0


def ended(args: dict[str, Any], **more: Any) -> str:
    """The last line of what a source says that ends by itself."""
    code, said = Run(args, **more).end()
    assert code == 1
    assert "Error: " in said.splitlines()[-1]
    assert "During handling" not in said
    return said.splitlines()[-1]


def test_what_it_lacks_is_one_sentence() -> None:
    told = ended({}, without=["requests", "ansible"])
    assert f"dashboard_changes: the Python library requests is missing in {sys.executable}, which runs this." in told
    assert "-m pip install requests" in told
    assert "needs Python 3.10 or newer" in ended({}, version=[3, 9, 18])


def test_what_is_wrong_with_it_is_one_sentence(tmp_path: Path) -> None:
    assert "Did you mean interval?" in ended({"intervall": 3})
    with Simulator(fleet(child())) as sim:
        told = ended(args_for(sim, tmp_path, api_key="a" * 40 + "==" + "b" * 40))
    assert "HTTP 401" in told
    assert "aaaa" not in told


def test_a_key_in_the_address_is_not_written_down_by_the_http_library(tmp_path: Path) -> None:
    """``ansible-rulebook -vv`` shows what each library says of its doings."""
    with Simulator(fleet(child())) as sim:
        key = sim.key("read").token
        run = Run(args_for(sim, tmp_path, auth_method="query"))
        baseline(tmp_path / "state.json")
        lock_out(sim.fleet, 1)
        run.event()
        run.say()
        code, said = run.end()
    assert code == 0
    assert "GET /wp-json/mainwp/v2/sites" in said, "it does write them down"
    assert not [part for part in key.split("==") if part in said]
