# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an index of a feed of vulnerabilities costs, and a host's question to it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from feeds import large

from .measure import ROOT, BenchError, Process, run
from .targets import Verdict

FEED = "feed"
#: As large as real ones are.
MEGABYTES, HOSTS = 160, 200
#: Plugins and themes of a host.
SOFTWARE = 60
#: What was promised: to make the index, and to ask it.
BUILD_SECONDS, BUILD_MEGABYTES = 60.0, 150.0
ASK_SECONDS, ASK_MEGABYTES = 0.3, 60.0


@dataclass(frozen=True)
class FeedCosts:
    """What was measured: the processes that make the index and that ask it, and the slowest of all questions."""

    megabytes: float
    records: int
    build: Process
    ask: Process
    slowest: float
    mean: float
    hosts: int = HOSTS

    @property
    def line(self) -> str:
        """All of it in a sentence."""
        return (
            f"A feed of {self.megabytes:.0f} MB with {self.records:,} records becomes an index in {self.build.seconds:.1f} s and "
            f"{self.build.megabytes:.0f} MB. The questions of {self.hosts} hosts with {SOFTWARE} plugins and themes each take "
            f"{self.mean * 1000:.0f} ms in the mean, {self.slowest * 1000:.0f} ms at most, and {self.ask.megabytes:.0f} MB."
        )


def measured(say: Callable[[str], None], megabytes: float = MEGABYTES, hosts: int = HOSTS) -> FeedCosts:
    """Make a feed, an index, and ask it for each host anew. Raises BenchError if an answer is bad."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        feed = folder / "feed.json"
        records = large(feed, megabytes)
        ask = ["python", str(ROOT / "tests" / "bench" / "asking.py"), str(feed), str(folder / "cache"), str(SOFTWARE)]
        build = run([*ask, "1"], folder)
        asked = run([*ask, str(hosts)], folder)
        told = json.loads((folder / "output.log").read_text(encoding="utf-8"))
        if told["records"] != records or not told["found"]:
            raise BenchError(f"{FEED}: the index tells of {told['records']} records, {told['found']} flaws.")
        times = told["seconds"]
        size = feed.stat().st_size / 1e6
    costs = FeedCosts(size, records, build, asked, max(times), sum(times) / len(times), hosts)
    say(f"{FEED}: {costs.line}")
    return costs


def verdicts(costs: FeedCosts) -> Iterator[Verdict]:
    """Whether that is what was promised."""
    build, ask = costs.build, costs.ask
    yield Verdict(
        f"index of a feed of {costs.megabytes:.0f} MB",
        f"< {BUILD_SECONDS:.0f} s, < {BUILD_MEGABYTES:.0f} MB",
        f"{build.seconds:.1f} s · {build.megabytes:.0f} MB",
        build.seconds < BUILD_SECONDS and build.megabytes < BUILD_MEGABYTES,
    )
    yield Verdict(
        "a host's question to it, the slowest",
        f"≤ {ASK_SECONDS:g} s, ≤ {ASK_MEGABYTES:.0f} MB",
        f"{costs.slowest:.2f} s · {ask.megabytes:.0f} MB",
        costs.slowest <= ASK_SECONDS and ask.megabytes <= ASK_MEGABYTES,
    )
