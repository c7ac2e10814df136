# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: ``make soak SEED=1 COUNT=2000``, or ``python -m faults --seed 1 --count 1`` in ``tests``."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from .campaign import Outcome, run


def outcomes(seeds: Iterable[int], jobs: int) -> Iterable[Outcome]:
    """The outcomes as they come."""
    if jobs == 1:
        yield from map(run, seeds)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(run, seed) for seed in seeds]):
            yield done.result()


def main() -> int:
    """Run scenarios; 1 if there was a violation."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="the first seed (default: a random one)")
    parser.add_argument("--count", type=int, default=2000, help="how many scenarios")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument("--story", action="store_true", help="tell what happened where something is wrong")
    parser.add_argument("--verbose", action="store_true", help="name every scenario")
    chosen = parser.parse_args()
    first = random.randrange(1_000_000) if chosen.seed is None else chosen.seed
    began, violations, bad, runs = time.monotonic(), 0, [], 0
    happened: Counter[str] = Counter()
    arranged: Counter[str] = Counter()
    dialects: Counter[str] = Counter()
    results: Counter[str] = Counter()
    for number, outcome in enumerate(outcomes(range(first, first + chosen.count), min(chosen.jobs, chosen.count)), 1):
        if outcome.violations or chosen.verbose:
            if chosen.story:
                print("\n".join(outcome.story))
            print(f"{outcome}\n  {outcome.seconds:.1f} s, {outcome.runs} runs", flush=True)
        violations += len(outcome.violations)
        bad += [outcome.seed] if outcome.violations else []
        runs += outcome.runs
        happened.update(outcome.happened)
        arranged.update(trouble.name for trouble in outcome.scenario.troubles)
        dialects[outcome.scenario.dialect] += 1
        results += outcome.results
        if number % 100 == 0:
            print(f"{number} of {chosen.count}, {time.monotonic() - began:.0f} s, {violations} violations", flush=True)
    for name, count in arranged.most_common():
        print(f"{happened[name]:6} of {count:5}  {name}")
    print(f"dialects: {dict(dialects)}; results: {dict(results.most_common())}")
    print(
        f"seeds {first} to {first + chosen.count - 1}: {runs} runs in {time.monotonic() - began:.0f} s, "
        f"{violations} violations" + (f" in the seeds {sorted(bad)}" if bad else "")
    )
    return int(violations > 0)


if __name__ == "__main__":
    sys.exit(main())
