# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in processes of their own: children of the zygote, or a whole ansible-playbook."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from integration._ansible import BIN, PLUGINS
from integration._play import Held, Play, Task, _Post

from simulator import Simulator

TESTS = Path(__file__).parents[1]
#: a run that takes longer (real seconds) hangs
PATIENCE = 180.0

Job = tuple[str, dict[str, Any]]


@dataclass
class Ended:
    """What a process left behind."""

    output: str
    results: list[dict[str, Any]] = field(default_factory=list)
    hung: bool = False


class Process:
    """A running child of the zygote."""

    def __init__(self, pid: int, output: int, result: int) -> None:
        self.pid = pid
        self._texts = ["", ""]
        self._threads = [
            threading.Thread(target=self._read, args=(number, fd), daemon=True)
            for number, fd in enumerate((output, result))
        ]
        for thread in self._threads:
            thread.start()

    def _read(self, number: int, descriptor: int) -> None:
        with open(descriptor, "rb") as stream:
            self._texts[number] = stream.read().decode("utf-8", "replace")

    def kill(self, number: int) -> None:
        """Send a signal."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self) -> Ended:
        """Wait for the end: both pipes are closed when the process is gone."""
        for thread in self._threads:
            thread.join(PATIENCE)
        hung = any(thread.is_alive() for thread in self._threads)
        if hung:
            self.kill(signal.SIGKILL)
        lines = self._texts[1].splitlines(keepends=True)
        return Ended(self._texts[0], [json.loads(line) for line in lines if line.endswith("\n")], hung)


class Group:
    """Several children at work for one run."""

    def __init__(self, parts: Sequence[Process]) -> None:
        self._parts = parts

    def kill(self, number: int) -> None:
        """Send a signal to all."""
        for part in self._parts:
            part.kill(number)

    def wait(self) -> Ended:
        """Wait for the end of all."""
        ends = [part.wait() for part in self._parts]
        results = [result for ended in ends for result in ended.results]
        return Ended("".join(ended.output for ended in ends), results, any(ended.hung for ended in ends))


class Zygote:
    """The handle of the forking process."""

    def __init__(self) -> None:
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self._home = tempfile.TemporaryDirectory(prefix="faults-home-")
        #: Locks and the like have their default places there.
        self.home = self._home.name
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "faults.zygote", str(other.fileno())],
                cwd=TESTS,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "HOME": self.home},
                pass_fds=[other.fileno()],
                start_new_session=True,
            )
        atexit.register(self.close)

    def run(
        self, jobs: Sequence[Job], clock: tuple[float, float], *, verbose: bool = True, check: bool = False
    ) -> Process:
        """Start jobs in one child, one after another."""
        request = {"jobs": jobs, "clock": clock, "verbose": verbose, "check": check}
        (out, out_end), (told, told_end) = os.pipe(), os.pipe()
        with self._lock:
            socket.send_fds(self._line, [json.dumps(request).encode()], [out_end, told_end])
            os.close(out_end)
            os.close(told_end)
            pid = int(self._line.recv(32))
        return Process(pid, out, told)

    def close(self) -> None:
        """End it; its children go on."""
        self._line.close()
        self._process.wait()
        self._home.cleanup()


@functools.cache
def zygote() -> Zygote:
    """The one of this process."""
    return Zygote()


class Playbook:
    """A running ansible-playbook with one task, in a process group of its own."""

    def __init__(
        self,
        folder: Path,
        sim: Simulator,
        job: Job,
        clock: tuple[float, float],
        connection: Mapping[str, Any],
        workers_too: bool,
    ) -> None:
        self._workers_too = workers_too
        name, options = job
        own = {key: value for key, value in options.items() if key not in connection}
        tasks = [Task(name, own, warns=None)]
        self._held = Held(sim, tasks)
        self._post = _Post(self._held)
        self._post.__enter__()
        path = folder / f"play-{id(self)}.yml"
        path.write_text(yaml.safe_dump([Play(folder, sim, **connection)._play(tasks, self._post.url)]))
        settings = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_CONFIG": str(TESTS / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "HOME": zygote().home,
            "ANSIBLE_ACTION_PLUGINS": str(PLUGINS),
            "PYTHONPATH": str(Path(__file__).parent / "_quick"),
            "FAULTS_CLOCK": f"{clock[0]!r} {clock[1]!r}",
        }
        self._process = subprocess.Popen(
            [str(BIN / "ansible-playbook"), "-v", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **settings},
            start_new_session=True,
        )

    def kill(self, number: int) -> None:
        """Send a signal to its process group, and maybe to its workers, which leave that group on newer cores."""
        main = self._process.pid
        with contextlib.suppress(OSError):
            workers = Path(f"/proc/{main}/task/{main}/children").read_text().split() if self._workers_too else ()
            os.killpg(main, number)
            for worker in workers:
                os.kill(int(worker), number)

    def wait(self) -> Ended:
        """Wait for the end."""
        hung = False
        try:
            output, _none = self._process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            hung = True
            self.kill(signal.SIGKILL)
            output, _none = self._process.communicate()
        self._post.__exit__()
        problems = "".join(f"\nthe playbook: {text}" for text in self._held.problems)
        return Ended(output + problems, [result.data for result in self._held.results], hung)
