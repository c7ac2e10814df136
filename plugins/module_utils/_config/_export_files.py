# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an export is written: which files, whether they can be, and the writing. PRIVATE to the collection.

What an export replaces is gone, so it replaces only what could be an export, and looks at all files before it touches one.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from .. import _errors as errors
from .._files import differs, write_together
from ._export_part import PREFIX
from .kinds import KINDS

_OURS = {PREFIX + kind.name for kind in KINDS}
#: A variable in a file of variables.
_VARIABLE = re.compile(r"^(?![#\s-])(['\"]?)([^\s'\"{}\[\],]+)\1\s*:(?=\s|$)", re.MULTILINE)
_VAULT = "$ANSIBLE_VAULT;"


def paths_for(dest: str, kinds: Iterable[str]) -> dict[str, Path]:
    """Kind → path: one file for all, or in a folder one for each. Raises MainWPError if one of them cannot be written."""
    folder = dest.endswith("/") or os.path.isdir(dest)
    paths = {kind: Path(dest) / f"{kind}.yml" if folder else Path(dest) for kind in kinds}
    for path in dict.fromkeys(paths.values()):
        try:
            problem = _problem(path)
        except OSError as exc:
            problem = str(exc)
        if problem:
            raise errors.MainWPError(f"{path} cannot be written: {problem}")
    return paths


def _problem(path: Path) -> str:
    """Why a file must not be written, or cannot be; empty if it can. Raises OSError."""
    if os.path.lexists(path):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            return "that is no file."
        if path.exists():
            return _other(path.read_text(encoding="utf-8", errors="replace"))
    folder = next(part for part in path.absolute().parents if os.path.lexists(part))
    if not folder.is_dir():
        return f"{folder} is no folder."
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"nothing may be written into {folder}."


def _other(text: str) -> str:
    """What an export would take away that is none."""
    if text.startswith(_VAULT):
        return "ansible-vault has encrypted what is there. Remove it first, or write to another place."
    others = dict.fromkeys(found[2] for found in _VARIABLE.finditer(text) if found[2] not in _OURS)
    if others:
        return f"it has other variables, which would be lost: {', '.join(others)}. Move them to another file first."
    return ""


def write_all(files: Mapping[Path, str], check_mode: bool) -> list[dict[str, str]]:
    """Write those that differ, all or none; each with its text before and after. Raises MainWPError where one cannot be
    written."""
    told = []
    path = Path()
    try:
        for path, text in files.items():
            before = text
            if differs(path, text):
                before = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            told.append({"before_header": str(path), "after_header": str(path), "before": before, "after": text})
        if not check_mode:
            write_together(files)
    except OSError as exc:
        raise errors.MainWPError(f"{exc.filename or path} cannot be written: {exc}") from exc
    return told
