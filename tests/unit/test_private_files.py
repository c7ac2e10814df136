# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that may hold clients' data, or that others could abuse, are their owner's alone, whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jobs
import pytest
from modules import code

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._files import write
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks, Wait

SITE = {
    "id": 1,
    "name": "Shop",
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


def do(module: str, **options: Any) -> None:
    """The job of a module."""
    assert "failed" not in jobs.done(code(module).DOOR, options)


def private(*folders: Path) -> list[str]:
    """Everything there is, and nothing of it is anybody else's business."""
    found = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    return sorted(path.name for path in found if path.is_file())


@pytest.mark.claim("files-reports")
def test_reports(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "dash" / "now"
    for name in ("first", "second"):
        results = [{"host": "dash", "result": {"msg": name, "sites": [{**SITE, "name": name}]}}]
        do("mainwp_report", results=results, dir=str(tmp_path / "reports"), started="now")
        assert private(tmp_path / "reports") == ["no-client.md", "report.json"]
        assert all(name in path.read_text() for path in folder.iterdir())


@pytest.mark.claim("files-reports")
def test_a_report_that_others_could_read_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    for text in ("the same", "another"):
        path.write_text("the same")
        path.chmod(0o644)
        assert write(path, text) is (text != "the same")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.claim("files-reports")
def test_a_link_in_the_place_of_a_report_leads_nowhere(tmp_path: Path) -> None:
    victim, path = tmp_path / "victim", tmp_path / "report.json"
    victim.write_text("precious")
    path.symlink_to(victim)
    assert write(path, "report")
    assert (victim.read_text(), path.read_text()) == ("precious", "report")


@pytest.mark.claim("files-reports")
def test_reports_of_waves_and_their_notes(tmp_path: Path) -> None:
    results = [{"host": "shop.example", "name": "agency", "result": {"sites": [SITE]}}]
    do("mainwp_report", results=results, dir=str(tmp_path / "reports"), run_id="1", state_dir=str(tmp_path / "locks"))
    assert {"report.json", "run-1.json"} <= set(private(tmp_path / "reports", tmp_path / "locks"))


@pytest.mark.claim("files-locks")
def test_locks_of_the_role(tmp_path: Path) -> None:
    do("mainwp_lock", name="dash", dir=str(tmp_path / "locks"))
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
