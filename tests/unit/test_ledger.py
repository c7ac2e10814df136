# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tasks of one run tell each other about releases."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._brakes import Accusations
from ansible_collections.wpfleet.mainwp.plugins.module_utils._ledger import Ledger, ledger_for
from unit.build import plugin

ONE, OTHER = plugin().release, plugin("other/other.php").release
URL = "https://dashboard.example"


class Task:
    """A task of a run, and what it warned of."""

    def __init__(self, folder: Path | None, run: str = "run", url: str = URL) -> None:
        self.warnings: list[str] = []
        self.known = ledger_for(None if folder is None else str(folder), run, url, self.warnings.append)


def test_tasks_of_one_run_know_what_the_others_met(tmp_path: Path) -> None:
    first, second = Task(tmp_path), Task(tmp_path, url=f"{URL}/")
    first.known.put(1, [ONE])
    second.known.put(2, [ONE, OTHER])
    late = Task(tmp_path)
    for task in (first, second, late):
        assert task.known.sites() == {ONE: {1, 2}, OTHER: {2}}
        assert task.warnings == []


def test_what_a_task_takes_back_is_forgotten_by_all_and_nothing_else_is(tmp_path: Path) -> None:
    first, second = Task(tmp_path), Task(tmp_path)
    first.known.put(1, [ONE])
    second.known.put(1, [OTHER])
    first.known.put(1, [])
    assert first.known.sites() == second.known.sites() == {OTHER: {1}}


def test_other_runs_and_other_dashboards_know_nothing_of_it(tmp_path: Path) -> None:
    Task(tmp_path).known.put(1, [ONE])
    assert Task(tmp_path, run="next").known.sites() == {}
    assert Task(tmp_path, url="https://other.example").known.sites() == {}


def test_a_healthy_site_leaves_no_line(tmp_path: Path) -> None:
    task = Task(tmp_path)
    task.known.put(1, [])
    (path,) = tmp_path.iterdir()
    assert path.read_text() == ""
    assert path.stat().st_mode & 0o777 == 0o600


def test_broken_lines_are_nobodys(tmp_path: Path) -> None:
    task = Task(tmp_path)
    (path,) = tmp_path.iterdir()
    lines = ["{", "[]", "null", '{"by": "x", "site": "a", "releases": []}', '{"by": "x", "site": 1, "releases": [[1]]}']
    path.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")
    task.known.put(3, [ONE])
    assert Task(tmp_path).known.sites() == {ONE: {3}}


@pytest.mark.parametrize("trouble", ["file", "link"])
def test_a_file_that_cannot_be_written_is_one_warning(tmp_path: Path, trouble: str) -> None:
    folder = tmp_path / "locks"
    if trouble == "file":
        folder.write_text("")
    else:
        Task(folder)
        (path,) = folder.iterdir()
        path.unlink()
        path.symlink_to(tmp_path / "elsewhere")
    task = Task(folder)
    (warning,) = task.warnings
    assert warning.startswith("lock_dir: ")
    assert "hold_after counts for each task alone" in warning
    task.known.put(1, [ONE])
    assert task.known.sites() == {ONE: {1}}
    assert not (tmp_path / "elsewhere").exists()


def test_without_locks_there_is_a_warning_and_without_a_run_there_is_none(tmp_path: Path) -> None:
    assert "locking is switched off" in Task(None).warnings[0]
    quiet = Task(tmp_path, run="")
    assert quiet.warnings == []
    assert quiet.known.__class__ is Accusations
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_goes_away_takes_only_the_others_along(tmp_path: Path) -> None:
    first, second = Task(tmp_path), Task(tmp_path)
    first.known.put(1, [ONE])
    second.known.put(2, [ONE])
    for path in tmp_path.iterdir():
        path.unlink()
    assert first.known.sites() == {ONE: {1}}
    assert isinstance(first.known, Ledger)


def test_only_what_is_new_is_told(tmp_path: Path) -> None:
    task = Task(tmp_path)
    (path,) = tmp_path.iterdir()
    assert [task.known.put(1, releases) for releases in ([ONE], [ONE], [])] == [True, False, True]
    assert len(path.read_text().splitlines()) == 2


def test_the_folder_is_made_for_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    before = os.umask(0)
    try:
        assert Task(folder).warnings == []
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700


def _without(flag: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files can no longer be opened that way."""
    real = os.open

    def refusing(path: Any, flags: int, *more: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) == flag:
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", refusing)


def test_a_file_that_cannot_be_read_is_one_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _without(os.O_RDONLY, monkeypatch)
    task = Task(tmp_path)
    assert [warning.split(". ")[0].partition(" cannot ")[2] for warning in task.warnings] == [
        "be used: Permission denied"
    ]
    assert task.known.__class__ is Accusations


def test_a_disk_that_is_full_by_now_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task(tmp_path)
    _without(os.O_WRONLY, monkeypatch)
    assert task.known.put(1, [ONE]) is True
    assert "cannot be written: Permission denied" in task.warnings[0]
    assert task.known.sites() == {ONE: {1}}
