# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: ``make soak SEED=1 COUNT=2000``, or ``python -m faults --seed 1 --count 1`` in ``tests``."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Any

from .campaign import Outcome, run
from .options import CHOICES
from .states import run as state_story
from .states import violation
from .trees import run as tree_story
from .troubles import TROUBLES
from .ways import WAYS

#: in so many scenarios every trouble and every value of an option matters once
EVERYTHING = 1000


@dataclass
class Tally:
    """What came of all scenarios so far."""

    began: float = field(default_factory=time.monotonic)
    scenarios: int = 0
    runs: int = 0
    violations: int = 0
    bad: list[int] = field(default_factory=list)
    #: troubles: how often one was arranged, and how often it then happened
    arranged: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    #: values of options and ways: how often one was drawn, and how often it mattered
    drawn: Counter[str] = field(default_factory=Counter)
    mattered: Counter[str] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)
    doors: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """One more scenario."""
        made = outcome.scenario
        self.scenarios += 1
        self.runs += outcome.runs
        self.violations += len(outcome.violations)
        self.bad += [outcome.seed] if outcome.violations else []
        self.arranged.update(trouble.name for trouble in made.troubles)
        self.happened.update(outcome.happened)
        self.drawn.update([*(choice.name for choice in made.choices), made.way.name])
        self.mattered.update(outcome.mattered)
        self.dialects[made.dialect] += 1
        self.doors["ansible-playbook" if made.playbook else "child process"] += 1
        self.results += outcome.results

    def __str__(self) -> str:
        seconds = time.monotonic() - self.began
        found = f" in the seeds {sorted(self.bad)}" if self.bad else ""
        return f"{self.scenarios} scenarios, {self.runs} runs, {seconds:.0f} s, {self.violations} violations{found}"

    def missing(self) -> list[str]:
        """What was never drawn, or made no difference whenever it was."""
        did = self.happened + self.mattered
        return [item.name for item in (*TROUBLES, *CHOICES, *WAYS) if not did[item.name]]

    def table(self) -> str:
        """How everything was spread."""
        pairs = ((self.arranged, self.happened), (self.drawn, self.mattered))
        lines = [f"{did[name]:6} of {count:5}  {name}" for had, did in pairs for name, count in had.most_common()]
        spread = (("dialects", self.dialects), ("doors", self.doors), ("results", self.results))
        return "\n".join([*lines, *(f"{name}: {dict(counts.most_common())}" for name, counts in spread)])


def outcomes(seeds: Sequence[int], jobs: int, until: float) -> Iterator[Outcome]:
    """The outcomes as they come; none is begun after ``until``."""
    if jobs == 1 or len(seeds) == 1:
        for seed in seeds:
            if time.monotonic() < until:
                yield run(seed)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(run, seed) for seed in seeds}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
            if time.monotonic() >= until:
                waiting = {future for future in waiting if not future.cancel()}


def main() -> int:
    """Run scenarios; 1 if there was a violation."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="the first seed (default: a random one)")
    parser.add_argument("--count", type=int, default=2000, help="how many scenarios")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no more after so many minutes")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument("--story", action="store_true", help="tell what happened where something is wrong")
    parser.add_argument("--states", action="store_true", help="stories of tags, clients, costs … instead of updates")
    parser.add_argument("--trees", action="store_true", help="stories of whole trees, as mainwp_config takes them")
    parser.add_argument("--verbose", action="store_true", help="name every scenario")
    chosen = parser.parse_args()
    home = tempfile.TemporaryDirectory(prefix="soak-home-")
    os.environ["HOME"] = home.name  # the developer's own locks are none of ours
    first = random.randrange(1_000_000) if chosen.seed is None else chosen.seed
    if chosen.states or chosen.trees:
        return _stories(tree_story if chosen.trees else state_story, range(first, first + chosen.count), chosen.jobs)
    tally = Tally()
    print(f"seeds {first} to {first + chosen.count - 1}", flush=True)
    until = tally.began + 60 * chosen.minutes
    for outcome in outcomes(range(first, first + chosen.count), chosen.jobs, until):
        tally.add(outcome)
        if outcome.violations and chosen.story:
            print("\n".join(outcome.story))
        if outcome.violations or chosen.verbose:
            print(f"{outcome}\n  {outcome.seconds:.1f} s, {outcome.runs} runs", flush=True)
        if tally.scenarios % 100 == 0:
            print(tally, flush=True)
    print(tally.table())
    print(tally)
    missing = tally.missing() if tally.scenarios >= EVERYTHING else []
    if missing:
        print(f"never mattered: {', '.join(missing)}")
    return int(tally.violations > 0 or bool(missing))


def _stories(tell: Callable[[int], Any], seeds: Sequence[int], jobs: int) -> int:
    """Stories of what is present or absent, or of trees; 1 if there was a violation."""
    bad = 0
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for number, text in enumerate(pool.map(partial(violation, tell), seeds), 1):
            if text:
                bad += 1
                print(text, flush=True)
            if number % 50 == 0:
                print(f"{number} stories, {bad} with violations", flush=True)
    print(f"seeds {seeds[0]} to {seeds[-1]}: {bad} stories with violations")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
