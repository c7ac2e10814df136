# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run make for several groups of targets at a time: ``side_by_side.py matrix "browser events"``.

The targets of a group come one after another, and what they print is shown together, when its group is done. A group
that fails does not stop the others, but everything fails with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from envs import ROOT


def make(targets: str) -> tuple[int, str, float]:
    """(exit status, output, seconds) of a group."""
    began = time.monotonic()
    # a make of its own, that shares no job server with the one that called
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(
        ["make", "--no-print-directory", *targets.split()],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, time.monotonic() - began


def main(groups: Sequence[str]) -> int:
    if not groups:
        sys.exit(__doc__)
    failed = False
    with ThreadPoolExecutor(len(groups)) as pool:
        running: dict[Future[tuple[int, str, float]], str] = {pool.submit(make, group): group for group in groups}
        for one in as_completed(running):
            status, output, seconds = one.result()
            failed = failed or status != 0
            print(f"{output}== {running[one]}: {'FAILED' if status else 'ok'} after {seconds:.0f} s", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
