# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that may hold clients' data: whole or not at all, and for their owner only. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from ._models import iso

#: The rights of a file, and of a folder.
_FILE, _FOLDER = 0o600, 0o700
#: Of a name, in bytes. File systems allow 255.
_LONGEST = 200
#: So long a second is looked for that is nobody's.
_SECONDS = 60


def folder_of(base: str, *names: str) -> str:
    """The folder of these names below ``base``; empty if that is.

    A name is anything. What a file system, or a shell, could take for more than a name becomes ``_``.
    """
    parts = (re.sub(r"[^A-Za-z0-9._-]+", "_", name) for name in names)
    kept = ("_" if part.strip(".") == "" else _short(part) for part in parts)
    return os.path.join(os.path.realpath(os.path.expanduser(base)), *kept) if base else ""


def _short(part: str) -> str:
    """A name that file systems take, with room for what stands around it. Two that begin alike stay two."""
    if len(part) <= _LONGEST:
        return part
    return f"{part[: _LONGEST - 17]}-{hashlib.sha256(part.encode()).hexdigest()[:16]}"


def write(path: Path, text: str, durably: bool = False) -> bool:
    """Write the whole of ``text``, or leave what was there; True if that was something else. Raises OSError.

    ``durably``: it is on the disk before anything else happens, whatever becomes of this machine.
    """
    if not differs(path, text):
        path.chmod(_FILE)
        return False
    with replacing(path) as file:
        file.write(_encoded(text))
        if durably:
            file.flush()
            os.fsync(file.fileno())
    if durably:
        _settle(path.parent)
    return True


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` once it is whole. Raises OSError."""
    _make_folder(path.parent)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _FILE)
    try:
        with open(handle, "wb") as file:
            yield file
        partial.replace(path)
    except BaseException:  # a full disk, Ctrl-C: the half is of no use to anybody
        partial.unlink(missing_ok=True)
        raise


def write_together(files: Mapping[Path, str]) -> None:
    """All of them whole, or none: each is written beside its place before one takes its own. Raises OSError."""
    with contextlib.ExitStack() as opened:
        for path, text in files.items():
            if differs(path, text):
                file = opened.enter_context(replacing(path))
                file.write(_encoded(text))
                file.flush()  # a full disk shows itself now
            else:
                path.chmod(_FILE)


def second_of_its_own(
    folder: Path, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
) -> str:
    """Now, when nobody else has begun anything in ``folder``: it has a folder of that name from then on. Whoever comes within
    the same second waits for the next. Raises OSError."""
    end = clock() + _SECONDS
    _make_folder(folder)
    while True:
        now = clock()
        started = iso(now)
        try:
            (folder / started.replace(":", "")).mkdir(_FOLDER)
        except FileExistsError:
            if now >= end:
                raise
            sleep(1.0 - now % 1.0)
        else:
            return started


def sweep(path: Path) -> None:
    """Remove what was left beside ``path`` by processes that were killed while they wrote it. What may be at work stays."""
    start = f".{path.name}."
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            number = entry.name[len(start) :]
            if entry.name.startswith(start) and re.fullmatch(r"[1-9]\d{0,18}", number):
                _sweep_one(entry, int(number))


def _sweep_one(entry: os.DirEntry[str], pid: int) -> None:
    with contextlib.suppress(OSError):
        seen = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(seen.st_mode) and seen.st_uid == os.geteuid() and not exists(pid):
            os.unlink(entry.path)


def exists(pid: int) -> bool:
    """Is there such a process? That of somebody else may be hidden."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except OSError:
        pass
    return True


@contextlib.contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Look at ``path`` and act in one step, whoever else does the same. Raises OSError."""
    _make_folder(path.parent)
    handle = os.open(path.with_suffix(".guard"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, _FILE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def look_whether_writable(path: Path) -> None:
    """Raises OSError where ``path`` could not be written, as far as that can be seen without making anything."""
    if os.path.lexists(path):
        os.close(os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK))
        return
    there = next(part for part in path.parents if os.path.lexists(part))
    if not there.is_dir():
        number = errno.EEXIST if there == path.parent else errno.ENOTDIR
    elif os.statvfs(there).f_flag & os.ST_RDONLY:
        number = errno.EROFS
    elif not os.access(there, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        number = errno.EACCES
    else:
        return
    raise OSError(number, os.strerror(number), str(there))


def differs(path: Path, text: str) -> bool:
    """Is anything but ``text`` in the file? Raises OSError."""
    try:
        return not stat.S_ISREG(path.lstat().st_mode) or path.read_bytes() != _encoded(text)
    except (FileNotFoundError, NotADirectoryError):
        return True


def _settle(folder: Path) -> None:
    """Have the new name of a file on the disk, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="backslashreplace")  # half a character from the API becomes a JSON escape


def _make_folder(folder: Path) -> None:
    """With those above it, which ``mkdir(parents=True)`` would make for everybody."""
    for part in (*reversed(folder.parents), folder):
        if not part.exists():
            part.mkdir(_FOLDER, exist_ok=True)
