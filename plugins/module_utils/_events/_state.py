# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file in which a watcher remembers a Dashboard, for one process at a time. PRIVATE to the collection."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from .._addresses import normal_url
from .._errors import InputError
from .._files import sweep, write
from .._locks import Locks
from ._known import FORMAT, Known, from_json, to_json

#: What somebody may name in the place of a file: reading it may never end, and writing it would replace it.
_NO_FILES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_BEGIN_ANEW = "Move it away to begin anew; what changes until then is not told."


class StateFile:
    """Ours from now on, until ``close``. ``path`` None: nothing is kept. Raises InputError."""

    def __init__(self, path: Path | None, dashboard: str, tell: Callable[[str], None]) -> None:
        self._path, self._dashboard, self._tell = path, normal_url(dashboard), tell
        if path is None:
            tell("No state_file is given: what changes while nothing watches is not told, for a restart begins anew.")
            return
        _refuse_what_is_no_file(path)
        # The lock is where the file is: whoever shares the one shares the other.
        self._locks = Locks(str(path.parent), "")
        try:
            holder = self._locks.take([path.name])
        except InputError as exc:
            raise InputError("state_file", f"{path.parent} cannot be written: {exc.__cause__}.") from exc
        if holder is not None:
            raise InputError("state_file", f"{path} is in use by {holder}.", "Give each source a file of its own.")
        sweep(path)

    def load(self) -> Known:
        """What it remembers; nothing if it is not there yet. Raises InputError for a file that is not ours to write."""
        path = self._path
        if path is None:
            return Known()
        try:
            known, dashboard, number = from_json(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Known()
        except OSError as exc:
            raise InputError("state_file", f"{path} cannot be read: {exc.strerror}.") from exc
        except (ValueError, RecursionError) as exc:
            what = "is no state file of this source, or damaged"
            raise InputError("state_file", f"{path} {what} ({exc}).", _BEGIN_ANEW) from exc
        if number != FORMAT:
            raise InputError("state_file", f"{path} was written by another release (format {number}).", _BEGIN_ANEW)
        if dashboard != self._dashboard:
            raise InputError("state_file", f"{path} is about {dashboard}, not about {self._dashboard}.", _BEGIN_ANEW)
        return known

    def save(self, known: Known) -> None:
        """Remember this. A full disk is told once; what is not written is told again after a restart."""
        if self._path is None:
            return
        try:
            write(self._path, to_json(known, self._dashboard), durably=True)
        except OSError as exc:
            self._tell(f"{self._path} cannot be written: {exc.strerror or exc}. After a restart events come again.")

    def close(self) -> None:
        """Leave it to others."""
        if self._path is not None:
            self._locks.close()


def _refuse_what_is_no_file(path: Path) -> None:
    """Raises InputError, before anything is made beside it."""
    try:
        what = _NO_FILES.get(stat.S_IFMT(path.stat().st_mode))
    except FileNotFoundError:
        return
    except OSError as exc:
        raise InputError("state_file", f"{path} cannot be used: {exc.strerror}.") from exc
    if what:
        raise InputError("state_file", f"{path} is {what}.", "Name a file, which need not be there yet.")
