# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a file could be written, seen without making anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._files import look_whether_writable


def test_a_folder_that_is_somebody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs this may be allowed everything, so the system's answer is made up."""
    asked: list[Path] = []

    def access(path: Path, mode: int, **_more: bool) -> bool:
        asked.append(path)
        return mode != os.W_OK | os.X_OK

    monkeypatch.setattr(os, "access", access)
    with pytest.raises(PermissionError, match=str(tmp_path)):
        look_whether_writable(tmp_path / "not" / "yet" / "file")
    assert asked == [tmp_path]


def test_a_disk_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_flag=os.ST_RDONLY))
    with pytest.raises(OSError, match="Read-only file system"):
        look_whether_writable(tmp_path / "file")


def test_what_can_be_written_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("words")
    before = (file.stat().st_mtime_ns, stat.S_IMODE(file.stat().st_mode))
    look_whether_writable(file)
    look_whether_writable(tmp_path / "not" / "yet" / "file")
    assert (file.read_text(), before) == ("words", (file.stat().st_mtime_ns, stat.S_IMODE(file.stat().st_mode)))
    assert sorted(tmp_path.iterdir()) == [file]
