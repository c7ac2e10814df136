# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Old reports are removed, and nothing else is, whatever looks like one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _report_keep
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report as job

NOW = 1795644000  # 2026-11-25T22:00:00Z
STARTED = "2026-11-25T21:30:00Z"


class Told:
    """A reporter."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def write(folder: Path, days: float = 30, check: bool = False, told: Told | None = None, **more: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in job.SPEC.items()}
    result = {"msg": "told", "dashboard": {"url": "https://dash.example"}, "sites": []}
    given = {"results": [{"host": "dash", "result": result, "failure": ""}], "dir": str(folder), "report_keep": days}
    with mock.patch.object(job.time, "time", return_value=NOW):
        return job.run(job.options_from({**defaults, **given, "started": STARTED, **more}), told or Told(), check)


def keep(folder: Path, name: str = "2026-10-01T223000Z", host: str = "dash", **more: Any) -> Path:
    """A stored report with its files, of a run of long ago."""
    place = folder / host / name
    place.mkdir(parents=True)
    report = {"format": 1, "complete": True, "host": host, "dashboard": {}, "started": name, "sites": []}
    (place / "report.json").write_text(json.dumps({**report, **more}))
    for file in ("report.html", "no-client.md", "7-mueller.md", "8.md"):
        (place / file).write_text("x")
    os.utime(place / "report.json", (NOW - 30 * 86400, NOW - 30 * 86400))
    return place


def test_old_reports_go_once_the_new_one_is_written(tmp_path: Path) -> None:
    old, older = keep(tmp_path), keep(tmp_path, "2026-09-01T000000.5Z")
    edge, new = keep(tmp_path, "2026-10-26T220000Z"), keep(tmp_path, "2026-11-20T223000Z")
    told = write(tmp_path)
    assert told["removed"] == [str(older), str(old)]
    assert told["changed"]
    assert told["diff"]["before"] == f"{older}\n{old}\n"
    assert told["diff"]["after"] == ""
    assert sorted(path.name for path in (tmp_path / "dash").iterdir()) == [edge.name, new.name, "2026-11-25T213000Z"]
    assert (new / "7-mueller.md").exists()
    again = write(tmp_path)
    assert (again["removed"], again["changed"], "diff" in again) == ([], False, False)


def test_by_default_all_stay(tmp_path: Path) -> None:
    old = keep(tmp_path, "2001-01-01T000000Z")
    assert write(tmp_path, days=job.SPEC["report_keep"]["default"])["removed"] == []
    assert old.exists()
    with pytest.raises(InputError, match="less than 0"):
        write(tmp_path, days=-1)


def test_check_mode_tells_what_it_would_remove(tmp_path: Path) -> None:
    old = keep(tmp_path)
    told = write(tmp_path, check=True)
    assert (told["removed"], told["changed"]) == ([str(old)], True)
    assert sorted(path.name for path in (tmp_path / "dash").iterdir()) == [old.name]
    assert len(list(old.iterdir())) == 5


def test_other_names_and_other_times_stay(tmp_path: Path) -> None:
    kept = [
        keep(tmp_path, host="other"),
        keep(tmp_path, "unfinished"),
        keep(tmp_path, "2026-10-01"),
        keep(tmp_path, "1-x"),
    ]
    kept.append(keep(tmp_path, "2026-13-45T223000Z"))
    assert write(tmp_path)["removed"] == []
    assert all((path / "report.json").exists() for path in kept)


def a_link(place: Path) -> None:
    elsewhere = place.parent.parent.parent / f"{place.parent.parent.name}-elsewhere"
    shutil.move(place, elsewhere)
    place.symlink_to(elsewhere, target_is_directory=True)


def a_linked_report(place: Path) -> None:
    elsewhere = place.parent.parent.parent / f"{place.parent.parent.name}-report.json"
    shutil.move(place / "report.json", elsewhere)
    (place / "report.json").symlink_to(elsewhere)


def another(**more: Any) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        known = json.loads((place / "report.json").read_text())
        (place / "report.json").write_text(json.dumps({**known, **more}))
        os.utime(place / "report.json", (NOW - 86400, NOW - 86400))

    return change


STRANGE: dict[str, Callable[[Path], object]] = {
    "no report": lambda place: (place / "report.json").unlink(),
    "no JSON": lambda place: (place / "report.json").write_text("x"),
    "not UTF-8": lambda place: (place / "report.json").write_bytes(b"\xff"),
    "a list": lambda place: (place / "report.json").write_text("[]"),
    "somebody else's": lambda place: (place / "report.json").write_text('{"complete": true, "sites": []}'),
    "of another host": another(host="other"),
    "at work": another(complete=False),
    "does not tell": another(complete=None),
    "your own file": lambda place: (place / "notes.txt").write_text("mine"),
    "your own folder": lambda place: (place / "sent").mkdir(),
    "a link": a_link,
    "a linked report": a_linked_report,
    "a linked page": lambda place: (
        (place / "report.html").unlink(),
        (place / "report.html").symlink_to("/etc/passwd"),
    ),
    "a file": lambda place: (shutil.rmtree(place), place.write_text("x")),
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_not_surely_an_old_report_stays(tmp_path: Path, what: str) -> None:
    place = keep(tmp_path / "reports")
    STRANGE[what](place)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    assert write(tmp_path / "reports")["removed"] == []
    assert set(before) <= {str(path) for path in tmp_path.rglob("*")}


def test_the_folder_of_the_name_may_be_a_link_and_then_nothing_goes(tmp_path: Path) -> None:
    old = keep(tmp_path / "elsewhere")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "dash").symlink_to(old.parent, target_is_directory=True)
    assert write(tmp_path / "reports")["removed"] == []
    assert old.exists()


def test_a_run_that_was_killed_long_ago_goes(tmp_path: Path) -> None:
    old = keep(tmp_path)
    another(complete=False, host=None)(old)
    os.utime(old / "report.json", (NOW - 3 * 86400, NOW - 3 * 86400))
    assert write(tmp_path)["removed"] == [str(old)]


def test_an_empty_folder_goes_once_no_run_can_be_at_work_on_it(tmp_path: Path) -> None:
    old, new = (tmp_path / "dash" / name for name in ("2026-10-01T223000Z", "2026-10-01T223001Z"))
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (NOW - 3 * 86400, NOW - 3 * 86400))
    os.utime(new, (NOW, NOW))
    assert write(tmp_path)["removed"] == [str(old)]
    assert new.is_dir()


def test_what_a_killed_run_left_half_written_goes_with_its_report(tmp_path: Path) -> None:
    killed = keep(tmp_path)
    for name in (".report.json.4711", ".1-acme.md.4711"):
        (killed / name).write_text("half")
    assert write(tmp_path)["removed"] == [str(killed)]
    assert not killed.exists()


def test_the_report_that_is_written_stays_however_old_its_run(tmp_path: Path) -> None:
    first = write(tmp_path, started="2026-10-01T22:30:00Z")
    assert first["removed"] == []
    assert Path(first["reports"][0]["file"]).exists()


@pytest.mark.parametrize("more", [{"formats": ["markdown"]}, {"formats": ["html"]}, {"dir": ""}])
def test_without_a_new_report_nothing_goes(tmp_path: Path, more: dict[str, Any]) -> None:
    old = keep(tmp_path)
    assert write(tmp_path, **more)["removed"] == []
    assert (old / "report.json").exists()


def test_where_the_new_report_cannot_be_written_nothing_goes(tmp_path: Path) -> None:
    old = keep(tmp_path)
    (tmp_path / "dash" / "2026-11-25T213000Z").write_text("in the way")
    told = write(tmp_path)
    assert (told["failed"], told["removed"]) == (True, [])
    assert (old / "report.json").exists()


def test_what_cannot_be_removed_is_a_warning(tmp_path: Path) -> None:
    old, told = keep(tmp_path), Told()
    with mock.patch.object(_report_keep.os, "rmdir", side_effect=PermissionError(13, "Permission denied", str(old))):
        found = write(tmp_path, told=told)
    assert (found["removed"], found.get("failed"), found["changed"]) == ([], None, True)
    assert "Permission denied" in told.warnings[0]


def test_of_two_that_remove_the_same_one_tells(tmp_path: Path) -> None:
    old = str(keep(tmp_path))
    assert _report_keep.remove(old)
    assert not _report_keep.remove(old)


def test_each_wave_removes_and_tells(tmp_path: Path) -> None:
    old = keep(tmp_path / "reports")
    notes = {"run_id": "1", "state_dir": str(tmp_path / "notes")}
    assert write(tmp_path / "reports", last=False, check=True, **notes)["removed"] == [str(old)]
    assert write(tmp_path / "reports", last=False, **notes)["removed"] == [str(old)]
    assert write(tmp_path / "reports", **notes)["removed"] == []
