# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run tests on other ansible-core branches than that of the development environment.

``matrix.py oldest PYTEST-ARGUMENT...``  on the oldest branch that the Python at hand can run, with the oldest requests
``matrix.py smoke PYTEST-ARGUMENT...``   on every supported branch, each with the newest Python found that can run it
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from envs import CORES, ROOT, core_venv, core_version, environment, find_pythons, oldest_venv, python_at_hand


def run_pytest(venv: Path, arguments: list[str]) -> int:
    command = [venv / "bin" / "python", "-m", "pytest", "-q", "-o", f"cache_dir=.cache/pytest-{venv.name}", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(venv), stdin=subprocess.DEVNULL, check=False).returncode


def oldest(arguments: list[str]) -> int:
    venv = oldest_venv()
    print(f"ansible-core {core_version(venv)} on Python {python_at_hand().version}", flush=True)
    return run_pytest(venv, arguments)


def smoke(arguments: list[str]) -> int:
    pythons = find_pythons()
    able = {core: [python for python in pythons if python.runs(core)] for core in CORES}
    lines = [
        f"ansible-core {core}: left out, no Python 3.{CORES[core][0]} to 3.{CORES[core][1]} found"
        for core, found in able.items()
        if not found
    ]
    failed = False
    # the environments are made, one after another, while tests run in those before
    with ThreadPoolExecutor(1) as maker:
        made = [(maker.submit(core_venv, core, found[-1]), found[-1]) for core, found in able.items() if found]
        for venv, python in made:
            title = f"ansible-core {core_version(venv.result())} on Python {python.version}"
            print(f"== {title}", flush=True)
            status = run_pytest(venv.result(), arguments)
            failed = failed or status != 0
            lines.append(f"{title}: {'FAILED' if status else 'ok'}")
    print("\n".join(["== matrix", *lines]), flush=True)
    return int(failed)


def main() -> int:
    commands = {"oldest": oldest, "smoke": smoke}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    return commands[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
