# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's programs, of the very Python that runs the tests.

Most of what a small playbook costs are imports. So where an environment is used again, a process is kept that has them behind
it, and forks for each run (:mod:`_ready`). Fresh are: programs that are started rarely, runs in an environment of their own –
what is read at its import, Ansible reads of that –, runs that tell what Ansible did at its start (``-vvv``), and all runs
while coverage is measured. What is killed, or wants a terminal, or is started by another program, is not started here.
``fresh=False`` is for long playbooks that come to none of this: even in an environment of their own, they are forked.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

BIN = Path(sys.executable).parent
PLUGINS = Path(__file__).parent / "_plugins" / "action"
#: A playbook that takes longer hangs.
PATIENCE = 300
#: What is ready keeps memory: so many environments.
MOST = 4
#: Not read by Ansible's start, but by the collection, and by what looks for keys in a play or an inventory.
OURS = re.compile(r"(MAINWP|PYTEST)_.*|.*_(KEY|SECRET)")
#: What many runs add to their environment, so that it is used again.
USUAL = {"ANSIBLE_INVENTORY_UNPARSED_FAILED"}

Done = subprocess.CompletedProcess[str]


class Wrapped(str):
    """What Ansible said, in one line. ``in`` does not look at blanks.

    Older cores wrap their warnings and errors at 79 columns: at blanks, at hyphens, and within what is longer than a line. So
    where a path is broken depends on the folder of the checkout.
    """

    def __new__(cls, text: str) -> Wrapped:
        return super().__new__(cls, " ".join(re.sub(r"(?<=\w-)\n(?=\w)", "", text).split()))

    def __contains__(self, sentence: object) -> bool:
        return isinstance(sentence, str) and "".join(sentence.split()) in "".join(self.split())


def run_ansible(program: str, *args: str, env: Mapping[str, str] | None = None, fresh: bool | None = None) -> Done:
    """Run one of them to its end."""
    command = [str(BIN / program), *args]
    whole = environment(env)
    rare = program not in ("ansible-playbook", "ansible-inventory") or any(arg.startswith("-vvv") for arg in args)
    if not (fresh or (rare and fresh is None) or "COVERAGE_PROCESS_CONFIG" in whole):
        ready = ready_for(whole, again=fresh is False or _is_usual(whole))
        if ready and ready.lock.acquire(blocking=False):
            try:
                if ready.process.returncode is None:  # it has not made room meanwhile
                    return ready.run(command, whole)
            finally:
                ready.lock.release()
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE, env=whole
    )


def environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a program, with ``env`` on top."""
    settings = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_ACTION_PLUGINS": str(PLUGINS),
        "ANSIBLE_SHOW_CUSTOM_STATS": "1",  # for all alike, so that one kept process serves them all
    }
    return {**os.environ, **settings, **(env or {})}


#: That of the tests' own process, before a test changed it.
_PLAIN = Path.cwd(), environment()


def _is_usual(env: Mapping[str, str]) -> bool:
    """Is it one that many runs have?"""
    folder, plain = _PLAIN
    known = (plain.get(name) == value or name in USUAL or OURS.fullmatch(name) for name, value in env.items())
    return folder == Path.cwd() and all(known)


class Ready:
    """The handle of a process that is ready to be any of Ansible's programs in one environment."""

    def __init__(self, env: Mapping[str, str]) -> None:
        #: it runs one program at a time
        self.lock = threading.Lock()
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._answers = self._line.makefile("r")
        with other:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("_ready.py")), str(other.fileno()), str(BIN)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=env,
                pass_fds=[other.fileno()],
            )
        atexit.register(self.close)

    def run(self, command: Sequence[str], env: Mapping[str, str]) -> Done:
        """What ``subprocess.run`` would do."""
        request = json.dumps({"argv": command, "env": dict(env), "cwd": str(Path.cwd())}).encode() + b"\n"
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            socket.send_fds(self._line, [request[:1]], [out.fileno(), err.fileno()])
            self._line.sendall(request[1:])
            pid = int(self._answers.readline())
            hung = threading.Event()
            late = threading.Timer(PATIENCE, self._kill, [pid, hung])
            late.start()
            try:
                status = int(self._answers.readline())
            finally:
                late.cancel()
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read().decode())
        if hung.is_set():
            raise subprocess.TimeoutExpired(list(command), PATIENCE, *texts)
        return subprocess.CompletedProcess(list(command), status, *texts)

    @staticmethod
    def _kill(pid: int, hung: threading.Event) -> None:
        hung.set()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """It ends when nobody can ask it any more, after what it runs."""
        with self.lock:
            atexit.unregister(self.close)
            self._answers.close()
            self._line.close()
            self.process.wait()


_seen: set[str] = set()
#: Those used last come last.
_ready: dict[str, Ready] = {}
_choice = threading.Lock()


def ready_for(env: Mapping[str, str], again: bool = False) -> Ready | None:
    """The process for an environment that is used again; the one that was not for the longest time makes room."""
    fixed = {name: value for name, value in env.items() if not OURS.fullmatch(name)}
    config = Path(env["ANSIBLE_CONFIG"])
    key = json.dumps([str(Path.cwd()), fixed, config.read_text() if config.is_file() else None], sort_keys=True)
    with _choice:
        found = _ready.pop(key, None)
        if found is None and (again or key in _seen):
            if len(_ready) == MOST:
                _ready.pop(next(iter(_ready))).close()
            found = Ready(fixed)
        _seen.add(key)
        if found:
            _ready[key] = found
        return found
