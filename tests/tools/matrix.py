# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run tests on other ansible-core branches than that of the development environment.

``matrix.py oldest PYTEST-ARGUMENT...``  on the oldest branch that the Python at hand can run, with the oldest requests
``matrix.py smoke PYTEST-ARGUMENT...``   on every supported branch, each with the newest Python found that can run it, and as
                                         many branches at a time as the machine has processors
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from envs import CORES, ROOT, Python, core_venv, core_version, environment, find_pythons, oldest_venv, python_at_hand


def run_pytest(venv: Path, arguments: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    command = [venv / "bin" / "python", "-m", "pytest", "-q", "-o", f"cache_dir=.cache/pytest-{venv.name}", *arguments]
    env = environment(venv)
    return subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, text=True, check=False, **options)


def oldest(arguments: list[str]) -> int:
    venv = oldest_venv()
    print(f"ansible-core {core_version(venv)} on Python {python_at_hand().version}", flush=True)
    return run_pytest(venv, arguments).returncode


def smoke_on(python: Python, made: Future[Path], arguments: list[str]) -> tuple[str, bool, str]:
    """(title, success, output) of a branch, once its environment is made."""
    venv = made.result()
    done = run_pytest(venv, arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return f"ansible-core {core_version(venv)} on Python {python.version}", done.returncode == 0, done.stdout


def smoke(arguments: list[str]) -> int:
    pythons = find_pythons()
    able = {core: [python for python in pythons if python.runs(core)] for core in CORES}
    lines = [
        f"ansible-core {core}: left out, no Python 3.{CORES[core][0]} to 3.{CORES[core][1]} found"
        for core, found in able.items()
        if not found
    ]
    # the environments are made, one after another, while tests run in those before
    with ThreadPoolExecutor(1) as maker, ThreadPoolExecutor(os.cpu_count()) as runner:
        running = [
            runner.submit(smoke_on, found[-1], maker.submit(core_venv, core, found[-1]), arguments)
            for core, found in able.items()
            if found
        ]
        for one in as_completed(running):
            title, good, output = one.result()
            print(f"== {title}\n{output}", flush=True)
            lines.append(f"{title}: {'ok' if good else 'FAILED'}")
    print("\n".join(["== matrix", *sorted(lines)]), flush=True)
    return int(any(line.endswith("FAILED") for line in lines))


def main() -> int:
    commands = {"oldest": oldest, "smoke": smoke}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    return commands[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
