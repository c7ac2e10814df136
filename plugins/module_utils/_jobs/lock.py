# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_lock does: keep two runs away from each other for longer than a task lasts. PRIVATE to the collection.

The process of a task ends with the task, and a flock with it. So this lock is a file that says who holds it, with a token
by which its holder gives it back. It lives as long as the run that took it: the process that started the one of the task.
Of a run on this very machine it is known whether it is still there; of others only their age is.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import os
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._files import exists, folder_of, guarded, look_whether_writable, write
from .._locks import DEFAULT_DIR, locking_host, user_name
from .._models import iso
from .._secrets import plain

#: Seconds between two looks at a lock that somebody holds.
POLL = 0.5


#: The options; documented in mainwp_lock.
SPEC = {
    "name": {"type": "str", "required": True},
    "dir": {"type": "str", "default": DEFAULT_DIR},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "token": {"type": "str", "default": "", "no_log": False},
    "max_age": {"type": "float", "default": 43200.0},
    "wait_timeout": {"type": "float", "default": 0.0},
}


def options_from(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options, none of which can be wrong."""
    return {name: params[name] for name in SPEC}


def run(options: Mapping[str, Any], reporter: Any, check_mode: bool) -> dict[str, Any]:
    """Take the lock, or after ``wait_timeout`` tell who holds it, or give it back. Nothing of the fleet changes by that."""
    del reporter
    path = _file_of(options["dir"] or DEFAULT_DIR, options["name"])
    told = {"changed": False, "file": str(path), "token": "", "holder": "", "warning": ""}
    if options["state"] == "absent":
        if not check_mode:
            _give(path, options["token"])
        return told
    try:
        return {**told, **(_rehearsed(path) if check_mode else _waited_for(path, options))}
    except OSError as exc:
        # A lock that cannot be had for technical reasons must not keep anybody from maintaining sites.
        return {**told, "warning": f"Nothing keeps a second run away from this Dashboard: {exc}."}


def _file_of(directory: str, name: str) -> Path:
    """The lock's file. Names that differ only in what no file is called by are not one lock."""
    kept = Path(folder_of("/", name)).name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Path(folder_of(directory), f"{kept}.lock" if kept == name else f"{kept}-{digest}.lock")


def _rehearsed(path: Path) -> dict[str, Any]:
    """Nothing is told where the lock's files can be used. Raises OSError."""
    look_whether_writable(path.with_suffix(".guard"))
    _read(path)
    return {}


def _waited_for(path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What came of it, at once or in the end. Raises OSError."""
    end = time.monotonic() + options["wait_timeout"]
    while True:
        with guarded(path):
            found = _taken(path, options["max_age"])
        if "failed" not in found or time.monotonic() >= end:
            return found
        time.sleep(POLL)


def _taken(path: Path, max_age: float) -> dict[str, Any]:
    """Take the lock, or tell who has it. Raises OSError."""
    holder, warning = _read(path), ""
    if holder is not None:
        who = _spoken(holder)
        if _is_gone(holder):
            warning = f"Broke the lock of a run ({who}) that has ended without giving it back."
        elif time.time() - path.stat().st_mtime >= max_age:
            warning = f"Broke the lock of a run ({who}) that is older than max_age."
        else:
            return {"failed": True, "holder": who, "msg": f"Another run holds the lock {path} ({who})."}
    token = uuid.uuid4().hex
    write(path, json.dumps({"token": token, "since": iso(time.time()), **_ourselves()}) + "\n")
    return {"token": token, "warning": warning}


def _give(path: Path, token: str) -> None:
    """Give back what is still ours."""
    with contextlib.suppress(OSError):
        if token and path.exists():
            with guarded(path):
                if (_read(path) or {}).get("token") == token:
                    path.unlink()


def _read(path: Path) -> dict[str, Any] | None:
    """Who holds the lock; None for nobody. A file that cannot be understood is somebody's all the same."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}


def _spoken(holder: Mapping[str, Any]) -> str:
    """``ops on ctl01, process 4711, since 2026-11-24T22:30:00Z``."""
    told = {name: plain(holder.get(name), 100) for name in ("user", "host", "pid", "since")}
    who = f"{told['user']} on" if told["user"] else "on"
    process = f", process {told['pid']}," if told["pid"] else ""
    return f"{who} {told['host'] or 'an unknown machine'}{process} since {told['since'] or 'some time'}"


# -- whose it is ------------------------------------------------------------------------------------------------------


def _ourselves() -> dict[str, Any]:
    parent = multiprocessing.parent_process()
    pid = os.getpid() if parent is None or parent.pid is None else parent.pid
    return {"user": user_name(), "host": locking_host(), "pid": pid, "kernel": _kernel(), "born": _born(pid)}


def _is_gone(holder: Mapping[str, Any]) -> bool:
    """True when the holder surely is no more. Without Linux's word nobody knows: a process of that number may be another
    one, and in a container the numbers are not those of the machine."""
    kernel = _kernel()
    if not kernel or holder.get("kernel") != kernel or not holder.get("born"):
        return False
    pid = holder.get("pid")
    born = _born(pid)
    return born != holder["born"] if born is not None else not _is_there(pid)


def _kernel() -> str:
    """What tells this start of this machine, and the numbering of its processes, from any other; empty if nobody does."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except (OSError, ValueError):
        return ""


def _born(pid: Any) -> str | None:
    """When a process began, as its kernel counts; empty if it has ended, None if that cannot be seen."""
    try:
        fields = Path(f"/proc/{int(pid)}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    except (OSError, ValueError, TypeError, IndexError):
        return None


def _is_there(pid: Any) -> bool:
    try:
        return exists(int(pid))
    except (ValueError, TypeError):
        return False
