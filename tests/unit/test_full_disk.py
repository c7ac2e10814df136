# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk: what cannot be written whole leaves the old file as it was, and nothing half beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

#: Runs a program that can make no file longer than some bytes.
FULL = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.dont_write_bytecode = True
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
REPORT = """
import sys
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._report_file import ReportFile
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import Secrets
ReportFile(sys.argv[1], Secrets(), print).save(lambda: {"sites": ["x" * 10000]})
"""
#: Runs the job of a module that is named by its first argument, with the options on standard input.
JOB = """
import importlib, json, sys
door = importlib.import_module("ansible_collections.wpfleet.mainwp.plugins.modules." + sys.argv[1]).DOOR
job, _secrets = door.job(door.validator.validate(json.load(sys.stdin)).validated_parameters)
print(json.dumps(job(None, False)))
"""
SITE = {"id": 1, "url": "https://shop.example/", "result": "updated", "reason": "", "message": "x" * 10_000,
        "name": "Shop", "changed": True, "expected": False, "updates": []}  # fmt: skip


def on_a_full_disk(*args: str, stdin: object = None, space: int = 4000) -> subprocess.CompletedProcess[str]:
    """A program that finds no room."""
    command = [sys.executable, "-c", FULL, str(space), *args]
    return subprocess.run(command, input=json.dumps(stdin), capture_output=True, text=True, check=False)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A report of a run before."""
    path = tmp_path / "reports" / "report.json"
    path.parent.mkdir()
    path.write_text("old")
    return path


def test_the_report_file_of_a_task(old: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(REPORT)
    done = on_a_full_disk(str(program), str(old))
    assert "cannot be written" in done.stdout, done.stderr
    assert old.read_text() == "old"
    assert list(old.parent.iterdir()) == [old]


def do(tmp_path: Path, module: str, space: int = 4000, **options: object) -> dict[str, Any]:
    """What a module's job returns."""
    program = tmp_path / "job.py"
    program.write_text(JOB)
    done = on_a_full_disk(str(program), module, stdin=options, space=space)
    program.unlink()
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_reports_of_the_role(tmp_path: Path) -> None:
    results = [{"host": "dash", "result": {"msg": "told", "sites": [SITE]}}]
    given = {"results": results, "dir": str(tmp_path / "reports"), "started": "now"}
    old = tmp_path / "reports" / "dash" / "now" / "report.json"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    assert do(tmp_path, "mainwp_report", **given)["failed"]
    assert old.read_text() == "old"
    assert list(old.parent.iterdir()) == [old]


def test_the_reports_of_waves_and_their_notes(tmp_path: Path) -> None:
    entry = {"host": "shop.example", "name": "agency", "result": {"sites": [SITE]}}
    given = {"dir": str(tmp_path / "reports"), "run_id": "1", "state_dir": str(tmp_path / "locks"), "results": [entry]}
    assert do(tmp_path, "mainwp_report", **given)["failed"]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["run-1.guard"]


def test_the_lock_of_the_role_is_nobody_s(tmp_path: Path) -> None:
    """Half a lock would keep everybody out until it is too old."""
    told = do(tmp_path, "mainwp_lock", space=10, name="dash", dir=str(tmp_path / "locks"))
    assert "Nothing keeps a second run away" in told["warning"]
    assert not (tmp_path / "locks" / "dash.lock").exists()
