# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench``: measure, print a table and, when all was measured, write it to docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from . import feed, pages, table
from .measure import ROOT, BenchError
from .recorded import fitted
from .rows import CASES, START, Case, Row, Start, measured, starts
from .targets import verdicts

DOCUMENT = ROOT / "docs" / "benchmarks.md"


def parser() -> argparse.ArgumentParser:
    """The options."""
    options = argparse.ArgumentParser(prog="make bench", description="Measure the collection; ARGS='--quick'.")
    options.add_argument(
        "--only",
        help=f"rows whose names have these words, like 'sync 200'; or {START}; or {feed.FEED}; or {pages.PAGES}",
    )
    options.add_argument("--quick", action="store_true", help="a few rows, in about two minutes")
    options.add_argument("--list", action="store_true", help="show the rows' names, measure nothing")
    return options


def chosen(only: str | None, quick: bool) -> list[Case]:
    """The rows that are asked for."""
    words = (only or "").split()
    return [case for case in CASES if set(words) <= set(case.name.split()) and (case.quick or not quick)]


def machine() -> str:
    """What it ran on, without names of hosts."""
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.exists() else ""
    models = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{models[0] if models else platform.machine()}, {cores} cores, Python {platform.python_version()}, "
        f"ansible-core {version('ansible-core')}"
    )


def attempted(case: Case) -> Row:
    """A row; once more if the first attempt fails."""
    try:
        return measured(case)
    except BenchError as exc:
        say(f"{case.name}: {exc}\nOnce more.")
        return measured(case)


def say(text: str) -> None:
    print(text, flush=True)


def line(row: Row) -> str:
    """A row while it is new."""
    parts = [f"{row.ours.seconds:.1f} s", f"{row.ours.requests} requests", f"{row.ours.process.megabytes:.0f} MB"]
    if row.over_floor:
        parts.append(f"{row.over_floor:.2f} of the floor")
    if row.ours.pending and row.alone:
        together = row.ours.pending
        parts.append(f"pending updates by {together.requests} requests in {together.seconds:.1f} s")
        parts.append(f"one by one by {row.alone.requests} in {row.alone.seconds:.1f} s; the Dashboard takes {fitted()}")
    parts += [f"{name} {found.seconds:.1f} s" for name, found in (("bulk", row.bulk), ("uri", row.uri)) if found]
    return f"{row.case.name}: {', '.join(parts)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if everything could be measured, whatever came of it."""
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # which ends what was started, too
    cases = chosen(options.only, options.quick)
    if options.list:
        say("\n".join([*(case.name for case in cases), START, feed.FEED, pages.PAGES]))
        return 0
    began, load = time.monotonic(), os.getloadavg()[0]
    home = tempfile.TemporaryDirectory(prefix="bench-home-")
    os.environ["HOME"] = home.name  # the developer's own locks are none of ours
    rows: list[Row] = []
    failures = 0
    for case in cases:
        try:
            rows.append(attempted(case))
        except BenchError as exc:
            failures += 1
            say(f"{case.name}: {exc}")
        else:
            say(line(rows[-1]))
    parts = (options.only or (START if options.quick else f"{START} {feed.FEED} {pages.PAGES}")).split()
    found: list[Start] = starts(say) if START in parts else []
    costs = [feed.measured(say)] if feed.FEED in parts else []
    drawn = pages.measured(say) if pages.PAGES in parts else []
    factors = sorted({row.case.factor for row in rows})
    facts = (
        f"Measured on {time.strftime('%Y-%m-%d', time.gmtime())} on {machine()}, in "
        f"{(time.monotonic() - began) / 60:.0f} minutes, with a load of {load:.1f} when it began."
    )
    if factors:
        facts += f" Time-scale factors, each row its own: {', '.join(f'{factor:g}' for factor in factors)}."
    kept = [*verdicts(rows), *(one for known in costs for one in feed.verdicts(known)), *pages.verdicts(drawn)]
    text = table.report(facts, rows, found, kept, [known.line for known in costs], [one.line for one in drawn])
    say("\n" + text)
    if failures or options.only or options.quick:
        say(f"\n{DOCUMENT.relative_to(ROOT)} is left as it is.")
    else:
        DOCUMENT.write_text(table.placed(DOCUMENT.read_text(encoding="utf-8"), text), encoding="utf-8")
        say(f"\nWritten to {DOCUMENT.relative_to(ROOT)}.")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
