# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks between processes: two runs that update one site at once destroy its plugins. PRIVATE to the collection.

A lock is a file that is locked (flock) by whoever works on a child server, or a site, of a Dashboard. It guards processes
that share the folder, nothing else. It ends with its process, whatever ends that. It would live on in a fork, so nothing
forks while locks are held; programs that are started do not inherit it (PEP 446).

What a run has sent and nobody answered outlives it in the file's words, for the Dashboard goes on with it: whoever takes
the lock next is told so, and looks before it sends anything.

Nobody blocks on a lock, for a blocking flock can be neither interrupted nor timed out: who is refused asks again later.
"""

from __future__ import annotations

import contextlib
import fcntl
import getpass
import hashlib
import json
import os
import platform
import resource
import stat
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._addresses import normal_url
from ._errors import InputError
from ._files import look_whether_writable
from ._models import iso
from ._secrets import plain

#: Where locks are, unless said otherwise.
DEFAULT_DIR = "~/.ansible/mainwp-locks"
#: Values of ``lock_dir`` that switch locking off; the others are what YAML makes of ``off`` and its like.
OFF = ("none", "off", "no", "false")
#: The options of a module that takes locks of sites.
SPEC: dict[str, dict[str, Any]] = {
    "lock_dir": {"type": "path", "default": DEFAULT_DIR},
    "lock_timeout": {"type": "int", "default": 600},
}
#: How long until a lock that was refused is asked for again, seconds.
POLL = 0.5
#: So long the Dashboard may be at work on what a run sent and got no answer to, seconds.
AT_WORK = 600.0
#: A holder's own words beyond this are not read.
_LONGEST = 64 * 1024
#: Files that a process may have open beside locks.
_OTHER_FILES = 256
_REMEDY = "Give a folder that can be written, or switch locking off with lock_dir: none."


def lock_directory(value: Any) -> str | None:
    """The folder that ``lock_dir`` means, None when locking is switched off."""
    text = str(value or DEFAULT_DIR).strip()
    return None if text.lower() in OFF else str(Path(text).expanduser())


def look_at(directory: str | None) -> None:
    """For check mode: raises InputError when the folder cannot be used, as ``Locks.check`` does, and makes nothing."""
    if directory is None:
        return
    try:
        look_whether_writable(Path(directory) / "any")
    except OSError as exc:
        raise _unusable(directory, exc) from exc


def _unusable(folder: Any, exc: OSError) -> InputError:
    return InputError("lock_dir", f"{folder} cannot be used for locks: {exc}.", _REMEDY)


def locking_host() -> str:
    """The machine on which locks hold."""
    return platform.node()


@dataclass(frozen=True)
class Wait:
    """Who holds what was asked for, as the file says, and for how many seconds that very holder has kept us waiting."""

    who: Mapping[str, Any]
    seconds: float

    def __str__(self) -> str:
        if not self.who:
            return "another process"
        told = {name: plain(self.who.get(name), 100) or "?" for name in ("user", "host", "pid", "since")}
        return f"{told['user']} on {told['host']} (process {told['pid']}, since {told['since']})"

    @property
    def is_sibling(self) -> bool:
        """True when the holder is a task of our own playbook run: waves do that all the time."""
        ours = self.who.get("host") == locking_host() and self.who.get("parent") == os.getppid()
        return ours and self.who.get("pid") != os.getpid()


class Locks:
    """The locks of one run on one Dashboard, which goes by the normal form of its address.

    Safe to use from several threads; what the run holds, all its threads do.

    ``directory`` None: locking is switched off, and everything is granted.
    """

    def __init__(self, directory: str | None, dashboard: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.directory = directory
        self._dashboard = normal_url(dashboard)
        self._clock = clock
        self._guard = threading.Lock()
        #: name → (open file, how many sites of this run want it held)
        self._held: dict[str, tuple[int, int]] = {}
        #: name → (the holder's words, since when we know them)
        self._refused: dict[str, tuple[bytes, float]] = {}
        #: name → what was sent under it and is not answered; empty once it is
        self._sent: dict[str, dict[str, Any]] = {}
        self._count = 0

    def check(self) -> None:
        """Raises InputError when the folder cannot be used. To be called before the first write."""
        if self.take(["check"]) is None:
            self.give(["check"])

    def take(self, names: Iterable[str]) -> Wait | None:
        """Take all of ``names``, or none and tell who holds one of them. Raises InputError."""
        if self.directory is None:
            return None
        wanted = sorted(set(names))
        with self._guard, contextlib.ExitStack() as taken:
            new: dict[str, int] = {}
            _make_room(len(self._held) + len(wanted))
            for name in (name for name in wanted if name not in self._held):
                handle, words = self._open(name)
                if handle is None:
                    return self._wait(name, words)
                taken.callback(self._let_go, name, handle)
                new[name] = handle
            for name in wanted:
                handle, count = self._held.get(name) or (new[name], 0)
                self._held[name] = (handle, count + 1)
                self._refused.pop(name, None)
            taken.pop_all()
        return None

    def give(self, names: Iterable[str]) -> None:
        """Give back what was taken once. What was sent and nobody settled stays in the words while it may be at work."""
        with self._guard:
            for name in set(names) & self._held.keys():
                handle, count = self._held.pop(name)
                if count > 1:
                    self._held[name] = (handle, count - 1)
                else:
                    if not self._at_work(name):
                        self._sent.pop(name, None)
                    self._let_go(name, handle)

    def close(self) -> None:
        """Give back everything. What was sent and is not answered stays in the words."""
        with self._guard:
            for name, (handle, _count) in self._held.items():
                self._let_go(name, handle)
            self._held.clear()
            self._refused.clear()

    def _let_go(self, name: str, handle: int) -> None:
        """The words go with the lock, unless they tell of something that is not answered."""
        if not self._sent.pop(name, None):
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)
        os.close(handle)

    def sending(self, name: str, what: Iterable[str]) -> None:
        """``what`` is being sent under the lock ``name``: from now on nobody knows, until ``settled``."""
        self._note(name, {"at": time.time(), "what": sorted(what)})

    def settled(self, name: str) -> None:
        """What was sent is answered, or was found by reading, or never began."""
        self._note(name, {})

    def unanswered(self, name: str) -> frozenset[str]:
        """What an earlier run sent under ``name`` and the Dashboard may still work on."""
        with self._guard:
            return self._at_work(name)

    def _at_work(self, name: str) -> frozenset[str]:
        sent = self._sent.get(name, {})
        return frozenset(sent.get("what", ())) if time.time() - sent.get("at", 0.0) < AT_WORK else frozenset()

    def _note(self, name: str, sent: dict[str, Any]) -> None:
        with self._guard:
            if name in self._held:
                self._sent[name] = sent
                with contextlib.suppress(OSError):  # a full disk; the lock itself holds
                    _say(self._held[name][0], self._words(name))

    def told(self) -> dict[str, str]:
        """The ``locking`` key of a result."""
        return {"dir": self.directory or "", "host": locking_host()}

    def _wait(self, name: str, words: bytes) -> Wait:
        """A lane that is busy passes from site to site: the clock runs for one holder, not for all of them together."""
        now = self._clock()
        known, since = self._refused.get(name, (words, now))
        if known != words:
            since = now
        self._refused[name] = (words, since)
        return Wait(_parsed(words), now - since)

    def _open(self, name: str) -> tuple[int | None, bytes]:
        """(the open file when the lock is ours now, else the words of its holder)."""
        digest = hashlib.sha256(f"{self._dashboard} {name}".encode()).hexdigest()[:24]
        folder = Path(self.directory or "")
        with contextlib.ExitStack() as opened:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                handle = _opened(folder / f"{digest}.lock")
                opened.callback(os.close, handle)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return None, os.pread(handle, _LONGEST, 0)
                self._sent[name] = _sent(_parsed(os.pread(handle, _LONGEST, 0)))
                _say(handle, self._words(name))
            except OSError as exc:
                raise _unusable(folder, exc) from exc
            opened.pop_all()
        return handle, b""

    def _words(self, name: str) -> bytes:
        """What a lock's file says of us. ``number`` tells one holding from the next."""
        self._count += 1
        words = {
            "host": locking_host(),
            "pid": os.getpid(),
            "user": user_name(),
            "since": iso(time.time()),
            "dashboard": self._dashboard,
            "lane": name,
            "parent": os.getppid(),
            "number": self._count,
            **({"sent": self._sent[name]} if self._sent[name] else {}),
        }
        return json.dumps(words).encode() + b"\n"


def _opened(path: Path) -> int:
    """Open a lock's file. In a folder of others no link is followed. A file is shared as far as its folder is.

    It is not created at first: in a folder like /tmp Linux refuses O_CREAT on a file of somebody else.
    """
    flags = os.O_RDWR | os.O_NOFOLLOW
    with contextlib.suppress(FileNotFoundError):
        return os.open(path, flags)
    mode = 0o600 | (stat.S_IMODE(path.parent.stat().st_mode) & 0o066)
    try:
        handle = os.open(path, flags | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:  # somebody was quicker
        return os.open(path, flags)
    os.fchmod(handle, mode)
    return handle


def _make_room(files: int) -> None:
    """Allow this process so many open locks beside its other files: a batch of the whole fleet holds all lanes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = files + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _say(handle: int, words: bytes) -> None:
    """Never without words in between: whoever is killed right then would take those of a run that is gone along."""
    os.pwrite(handle, words, 0)
    os.ftruncate(handle, len(words))


def _sent(words: Mapping[str, Any]) -> dict[str, Any]:
    """What the words of somebody who is gone say of what was sent; empty if they say nothing that can be understood."""
    sent = words.get("sent")
    if not isinstance(sent, dict) or not isinstance(sent.get("at"), float) or not isinstance(sent.get("what"), list):
        return {}
    return {"at": sent["at"], "what": [str(item) for item in sent["what"]]}


def _parsed(words: bytes) -> dict[str, Any]:
    """A holder's words; empty for one that has not said anything yet, or nothing that can be understood."""
    try:
        found = json.loads(words.partition(b"\n")[0])  # what follows is the rest of longer ones, about to be cut off
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def user_name() -> str:
    """Whoever runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name
        return str(os.getuid())
