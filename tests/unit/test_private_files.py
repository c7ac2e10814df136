# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that may hold clients' data, or that others could abuse, are their owner's alone, whatever the umask."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks, Wait

FILES = Path(__file__).resolve().parents[2] / "roles" / "fleet_maintenance" / "files"
SITE = {
    "id": 1,
    "url": "https://shop.example/",
    "result": "updated",
    "reason": "",
    "message": "",
    "changed": True,
    "expected": False,
    "updates": [],
}


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """A umask that would let everybody read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


def script(name: str, *args: str, stdin: object = None) -> None:
    subprocess.run(
        [sys.executable, str(FILES / name), *args], input=json.dumps(stdin), text=True, check=True, capture_output=True
    )


def private(*folders: Path) -> list[str]:
    """Everything there is, and nothing of it is anybody else's business."""
    found = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    return sorted(path.name for path in found if path.is_file())


@pytest.mark.claim("files-reports")
def test_reports(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "dash" / "report.json"
    for text in ("first", "second"):
        script("write_files.py", stdin=[{"path": str(path), "text": text}])
        assert private(tmp_path / "reports") == ["report.json"]
        assert path.read_text() == text


@pytest.mark.claim("files-reports")
def test_reports_of_waves_and_their_state(tmp_path: Path) -> None:
    entry = {"host": "shop.example", "name": "agency", "dashboard": {"url": "https://dash.example"}, "site": SITE}
    given = {"dir": str(tmp_path / "reports"), "check_mode": False, "sites": [entry]}
    script("merge_report.py", str(tmp_path / "locks" / "run-1.json"), stdin=given)
    assert {"report.json", "run-1.json"} <= set(private(tmp_path / "reports", tmp_path / "locks"))


@pytest.mark.claim("files-locks")
def test_locks_of_the_role(tmp_path: Path) -> None:
    script("lock.py", "take", str(tmp_path / "locks" / "dash.lock"), "60")
    assert "dash.lock" in private(tmp_path / "locks")


@pytest.mark.claim("files-locks")
def test_locks_of_lanes_follow_no_link(tmp_path: Path) -> None:
    """In a directory that others can write, somebody could make them point to a file of ours."""
    locks = Locks(str(tmp_path / "own"), "https://dash.example")
    assert locks.take(["192.0.2.1"]) is None
    (name,) = private(tmp_path / "own")
    victim, shared = tmp_path / "victim", tmp_path / "shared"
    victim.write_text("precious")
    shared.mkdir()
    (shared / name).symlink_to(victim)
    with pytest.raises(InputError, match="lock_dir"):
        Locks(str(shared), "https://dash.example").take(["192.0.2.1"])
    assert victim.read_text() == "precious"


@pytest.mark.claim("files-locks")
def test_locks_are_shared_as_far_as_their_directory(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o770)
    assert Locks(str(shared), "https://dash.example").take(["192.0.2.1"]) is None
    assert {stat.S_IMODE(path.stat().st_mode) for path in shared.iterdir()} == {0o660}


def test_what_others_write_into_a_shared_lock_steers_no_terminal() -> None:
    forged = "\x1b[2J4711"
    wait = Wait(dict.fromkeys(("user", "host", "pid", "since"), forged), 1.0)
    assert str(wait).isprintable()
    assert "(process [2J4711, since" in str(wait)
