# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Old reports, found and removed. PRIVATE to the collection.

A folder is one of them only if everything about it says so: its name is the time of a run, a report of ours is in it, and
nothing but files that this collection writes. No link is followed, neither on the way nor at its end.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .._files import folder_of
from .._models import epoch

DAY = 86400
#: 2026-11-24T22:30:00Z as the name of a folder.
_RUN = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d(?:\.\d+)?)Z")
#: What is beside a report: itself, its page, the files for clients.
_NAMES = r"report\.json|report\.html|no-client\.md|\d+(-.*)?\.md"
#: And what was left of one of them by a process that was killed while it wrote it.
_OURS = re.compile(rf"{_NAMES}|\.({_NAMES})\.\d+")
#: A report that says it is not complete may be of a run that goes on, unless nobody wrote to it for so many seconds.
_AT_WORK = 2 * DAY
_REPORT = "report.json"


def old_reports(new: str, days: int, now: float) -> list[str]:
    """The folders beside ``new`` with reports of runs that began more than so many ``days`` ago; none for 0 days."""
    kept, found = Path(new), []
    if days <= 0 or kept.parent.is_symlink() or not kept.parent.is_dir():
        return []
    for entry in sorted(os.scandir(kept.parent), key=lambda entry: entry.name):
        began = _began(entry.name)
        if began is None or began >= now - days * DAY or entry.name == kept.name:
            continue
        if entry.is_dir(follow_symlinks=False) and _is_ours(Path(entry.path), now):
            found.append(entry.path)
    return found


def remove(folder: str) -> bool:
    """Remove one of them; False if somebody else has. Raises OSError."""
    with _opened(folder) as handle:
        if handle is None:
            return False
        # the report last: a folder that is left half-way can still be recognised
        for name in sorted(os.listdir(handle), key=lambda name: name == _REPORT):
            if _OURS.fullmatch(name):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=handle)
    try:
        os.rmdir(folder)
    except FileNotFoundError:
        return False
    return True


@contextlib.contextmanager
def _opened(folder: str) -> Iterator[int | None]:
    """The folder itself, whatever takes its name meanwhile; None if it is gone."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def _began(name: str) -> float | None:
    """When the run began whose folder has this name."""
    parts = _RUN.fullmatch(name)
    try:
        return epoch("{}T{}:{}:{}Z".format(*parts.groups())) if parts else None
    except ValueError:
        return None


def _is_ours(folder: Path, now: float) -> bool:
    """Is there a report of ours in it, and nothing that somebody else put there, and is no run at work on it?"""
    try:
        files = list(os.scandir(folder))
        if not all(_OURS.fullmatch(file.name) and file.is_file(follow_symlinks=False) for file in files):
            return False
        if not files:  # of a run that told nothing, or was killed before it did
            return folder.stat().st_mtime < now - _AT_WORK
        path = folder / _REPORT
        report, written = json.loads(path.read_text(encoding="utf-8")), path.stat().st_mtime
    except (OSError, ValueError, RecursionError):
        return False
    return _is_report(report, folder) and (report.get("complete") is True or written < now - _AT_WORK)


def _is_report(report: Any, folder: Path) -> bool:
    """A run that was killed left one without ``host``."""
    if not isinstance(report, Mapping) or not isinstance(report.get("format"), int):
        return False
    host = report.get("host")
    named = host is None or Path(folder_of("/", str(host))).name == folder.parent.name
    return named and isinstance(report.get("dashboard"), Mapping) and isinstance(report.get("sites"), list)
