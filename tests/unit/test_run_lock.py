# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mainwp_lock: one run at a time, whatever became of the one before."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jobs
import pytest
from modules import code

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import lock as job

#: Takes the lock as a worker of Ansible does, in a process of its own that ends; then waits for its end, as ansible-playbook.
RUN = """
import multiprocessing, sys
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import lock as job

def task():
    params = {name: option.get("default") for name, option in job.SPEC.items()}
    job.run(job.options_from({**params, "name": "dash", "dir": sys.argv[1]}), None, False)

worker = multiprocessing.get_context("fork").Process(target=task)
worker.start()
worker.join()
print("taken", flush=True)
sys.stdin.read()
"""
linux = pytest.mark.skipif(not Path("/proc/self/ns/pid").is_symlink(), reason="only Linux tells")


def do(folder: Path, check: bool = False, **options: Any) -> dict[str, Any]:
    return jobs.done(code("mainwp_lock").DOOR, {"name": "dash", "dir": str(folder), **options}, check_mode=check)


def test_no_folder_is_the_default_one() -> None:
    params = {name: option.get("default") for name, option in job.SPEC.items()}
    paths = {job.run({**params, "name": "dash", **more}, None, True)["file"] for more in ({}, {"dir": ""})}
    assert len(paths) == 1


@pytest.mark.parametrize(
    "kind", ["a file", "below a file", "a link to nothing", "the lock a folder", "the guard a folder"]
)
def test_check_mode_tells_of_a_folder_that_cannot_be_used_as_the_run_does(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "locks"
    if kind.endswith("file"):
        folder.write_text("")
    elif kind == "a link to nothing":
        (tmp_path / "file").write_text("")
        folder.symlink_to(tmp_path / "file" / "there")
    else:
        (folder / f"dash.{'lock' if 'lock' in kind else 'guard'}").mkdir(parents=True)
    folder = folder / "more" if kind == "below a file" else folder
    before = sorted(tmp_path.rglob("*"))
    told = do(folder, check=True)
    assert sorted(tmp_path.rglob("*")) == before
    assert told["warning"].startswith("Nothing keeps a second run away from this Dashboard: "), told
    assert do(folder)["warning"].startswith("Nothing keeps a second run away from this Dashboard: ")
    assert not told["token"]


def test_check_mode_makes_nothing_where_all_is_well(tmp_path: Path) -> None:
    told = do(tmp_path / "not" / "yet", check=True)
    assert (told["warning"], told["token"], sorted(tmp_path.iterdir())) == ("", "", [])
    assert do(tmp_path / "not" / "yet")["token"]
    assert do(tmp_path / "not" / "yet", check=True)["warning"] == ""


def held(folder: Path, **words: Any) -> Path:
    """A lock of somebody else."""
    path = folder / "dash.lock"
    path.write_text(json.dumps({"token": "another", "host": "laptop", "since": "2026-11-01T02:00:00Z", **words}))
    return path


def test_taken_refused_and_given_back(tmp_path: Path) -> None:
    first = do(tmp_path)
    assert first["token"]
    assert not first["warning"]
    assert not first["changed"]
    refused = do(tmp_path)
    assert refused["failed"]
    assert refused["token"] == ""
    assert f"process {os.getpid()}, since 20" in refused["holder"]
    assert refused["file"] in refused["msg"]
    do(tmp_path, state="absent", token="somebody else's")
    do(tmp_path, state="absent")
    assert do(tmp_path)["failed"]
    assert do(tmp_path, name="another Dashboard")["token"]
    do(tmp_path, state="absent", token=first["token"])
    again = do(tmp_path)
    assert again["token"] not in ("", first["token"])
    do(tmp_path, state="absent", token=first["token"])
    assert do(tmp_path)["failed"]


#: Differ in what no file is called by, in their length, or in their end.
ALIKE = [
    *(
        "a b",
        "a_b",
        "a/b",
        "a:b",
        "a\nb",
        "\u00fc",
        "\u00f6",
        "_",
        "",
        " ",
        ".",
        "..",
        "dash.example/x",
        "dash.example_x",
    ),
    *("x" * 300, "x" * 301, "y" * 190 + ".b" * 40, "y" * 190 + ".c" * 40, "\ud800", "\udfff"),
]


def test_each_name_is_a_lock_of_its_own(tmp_path: Path) -> None:
    taken = {name: do(tmp_path, name=name) for name in ALIKE}
    assert all(told["token"] for told in taken.values()), taken
    assert all(do(tmp_path, name=name)["holder"] for name in ALIKE)
    files = {Path(told["file"]) for told in taken.values()}
    assert {path for path in tmp_path.iterdir() if path.suffix == ".lock"} == files
    assert len({path.with_suffix(".guard") for path in files}) == len(ALIKE)
    # what can be read stays so, for whoever has to remove one
    assert Path(taken["a_b"]["file"]).name == "a_b.lock"
    assert Path(taken["dash.example/x"]["file"]).name.startswith("dash.example_x-")


def test_who_holds_it_is_told(tmp_path: Path) -> None:
    held(tmp_path)
    assert do(tmp_path)["holder"] == "on laptop since 2026-11-01T02:00:00Z"
    held(tmp_path, user="ops", pid=4711)
    assert do(tmp_path)["holder"] == "ops on laptop, process 4711, since 2026-11-01T02:00:00Z"
    held(tmp_path, user="\x1b[2Jops", host=["x"], since=None)
    assert do(tmp_path)["holder"] == "[2Jops on an unknown machine since some time"


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '"x"', "\x00"])
def test_a_file_that_nobody_understands_is_somebody_s_all_the_same(tmp_path: Path, text: str) -> None:
    path = held(tmp_path)
    path.write_text(text)
    assert do(tmp_path)["failed"]
    do(tmp_path, state="absent", token="")
    assert path.exists()


def test_an_old_lock_is_broken(tmp_path: Path) -> None:
    path = held(tmp_path)
    assert do(tmp_path, max_age=60.0)["failed"]
    os.utime(path, (time.time() - 61, time.time() - 61))
    told = do(tmp_path, max_age=60.0)
    assert (
        told["warning"] == "Broke the lock of a run (on laptop since 2026-11-01T02:00:00Z) that is older than max_age."
    )
    assert json.loads(path.read_text())["token"] == told["token"]


@linux
@pytest.mark.parametrize("signal", ["kill", "terminate"])
def test_a_lock_lives_as_long_as_its_run_and_not_as_its_task(tmp_path: Path, signal: str) -> None:
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert run.stdout
    assert run.stdout.readline() == "taken\n"
    assert do(tmp_path)["failed"], "the worker is gone, the run is not"
    assert f"process {run.pid}," in do(tmp_path)["holder"]
    getattr(run, signal)()
    while Path(f"/proc/{run.pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
        time.sleep(0.01)
    told = do(tmp_path)  # its parent, we, have not even asked what became of it
    assert "that has ended without giving it back" in told["warning"]
    assert told["token"]
    run.communicate()


@linux
@pytest.mark.parametrize("other", ["kernel", "born", "hidden"])
def test_of_another_machine_or_a_hidden_process_nobody_knows(
    tmp_path: Path, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(tmp_path)
    path = tmp_path / "dash.lock"
    words = json.loads(path.read_text())
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    if other == "kernel":
        words.update(pid=gone.pid, kernel="another start of the machine")
    elif other == "born":
        words.update(pid=gone.pid, born="")
    else:
        monkeypatch.setattr(job, "_born", lambda pid: None)
    path.write_text(json.dumps(words))
    assert do(tmp_path)["failed"]


@linux
def test_a_process_of_the_same_number_is_another_one(tmp_path: Path) -> None:
    do(tmp_path)
    path = tmp_path / "dash.lock"
    words = json.loads(path.read_text())
    path.write_text(json.dumps({**words, "born": str(int(words["born"]) - 1)}))
    assert do(tmp_path)["token"]


def test_check_mode_neither_takes_nor_minds(tmp_path: Path) -> None:
    assert do(tmp_path / "locks", check=True)["token"] == ""
    assert list(tmp_path.iterdir()) == []
    path = held(tmp_path)
    assert "failed" not in do(tmp_path, check=True)
    do(tmp_path, check=True, state="absent", token="another")
    assert path.exists()


def test_a_lock_that_cannot_be_had_keeps_nobody_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = do(tmp_path / "file")
    assert "failed" not in told
    assert told["token"] == ""
    assert told["warning"].startswith("Nothing keeps a second run away from this Dashboard: ")
    do(tmp_path / "file", state="absent", token="x")


def test_waiting_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = held(tmp_path)
    slept = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            path.unlink()

    # the job's own clock: a thread that watches for signals sleeps, too
    clock = SimpleNamespace(time=time.time, monotonic=time.monotonic, sleep=sleep)
    monkeypatch.setattr(job, "time", clock)
    assert do(tmp_path, wait_timeout=600.0)["token"]
    assert len(slept) == 3
    moments = iter([0.0, 1.0, 2.0])
    clock.monotonic = lambda: next(moments)
    assert do(tmp_path, wait_timeout=2.0)["failed"]
    assert len(slept) == 4


def test_of_many_only_one_gets_it(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        found = pool.map(_take, [tmp_path] * 40)
    assert sum(bool(token) for token in found) == 1


def _take(folder: Path) -> str:
    return str(do(folder)["token"])
