# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a command and saying what it cost, in seconds of the Dashboard."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Span = tuple[float, float]


@dataclass(frozen=True)
class Request:
    """A request as the simulator saw it, in its own time."""

    method: str
    path: str
    status: int
    began: float
    ended: float


@dataclass(frozen=True)
class Process:
    """What a process cost on this machine."""

    seconds: float
    cpu: float
    #: of the largest single process among it and its children
    megabytes: float


@dataclass(frozen=True)
class Measured:
    """What an operation cost: ``seconds`` as on a Dashboard whose time is not scaled."""

    seconds: float
    requests: int
    process: Process
    #: of the seconds: Ansible's start and end, and reading before the first write
    outside: float = 0.0
    reading: float = 0.0
    #: of all that, the reads of pending updates alone: from the first to the last of them
    pending: Measured | None = None


class BenchError(Exception):
    """What was to be measured did not happen."""


def busy(spans: Sequence[Span]) -> float:
    """How long at least one of the spans lasted."""
    total, end = 0.0, float("-inf")
    for first, last in sorted(spans):
        total += max(0.0, last - max(first, end))
        end = max(end, last)
    return total


def unscaled(spans: Sequence[Span], wall: float, factor: float) -> float:
    """``wall`` real seconds as they would be on a Dashboard ``factor`` times slower: what happens within the spans
    (which are in its time) takes that much longer; what happens outside them, like Ansible's start, does not."""
    scaled = busy(spans)
    return scaled + max(0.0, wall - scaled / factor)


def whole(requests: Sequence[Request]) -> list[Span]:
    """From the first request to the last answer. What the client computes meanwhile is multiplied, too: that is harsh
    on a fast client, and right for one that keeps several requests and pauses under way."""
    return [(min(one.began for one in requests), max(one.ended for one in requests))] if requests else []


def each(requests: Sequence[Request]) -> list[Span]:
    """The requests alone, for a client that sends one after another: its own work between them is not multiplied."""
    return [(one.began, one.ended) for one in requests]


def reading(requests: Sequence[Request]) -> float:
    """How long it took from the first request to the first write; 0 if there was none."""
    writes = [one.began for one in requests if one.method != "GET"]
    return min(writes) - min(one.began for one in requests) if writes else 0.0


def environment() -> dict[str, str]:
    """An environment in which nothing of the caller's own set-up can interfere."""
    unwanted = re.compile(r"(MAINWP|ANSIBLE|PYTHON)_?.*|.*_proxy", re.IGNORECASE)
    kept = {name: value for name, value in os.environ.items() if not unwanted.fullmatch(name)}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', os.defpath)}",
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
    }


def run(command: Sequence[str], folder: Path, patience: float = 600.0) -> Process:
    """Run an Ansible command to its end; what it cost. Raises BenchError if it fails."""
    path = str(Path(sys.executable).parent / command[0])
    log = folder / "output.log"
    began = time.perf_counter()
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [path, *command[1:]],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        timer = threading.Timer(patience, process.kill)
        timer.start()
        try:
            _pid, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode != 0:
        raise BenchError(f"{command[0]} ended with {process.returncode}:\n{log.read_text(encoding='utf-8')[-3000:]}")
    return Process(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
