# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark itself works: one row, small and fast. Its figures are for ``make bench``."""

from __future__ import annotations

import pytest
from bench import feed
from bench.contenders import UPDATE
from bench.fleets import World, fleet
from bench.rows import BULK, Case, measured
from bench.second import SECOND, SPARE
from integration._play import Task

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once


def test_a_row_is_measured() -> None:
    row = measured(Case(UPDATE, 3, factor=5, against=(BULK,)))
    assert row.bulk is not None
    assert row.floor == pytest.approx(4.25)
    # Least times of the simulator's limits and pauses, on a clock that is never set. On a busy machine all takes longer, which
    # breaks nothing here. Nobody is faster than the limits, and the bulk endpoint calls each child twice, one after another.
    assert row.ours.seconds > row.floor
    assert row.bulk.seconds >= 3 * 2 * 1.0
    assert row.bulk.requests == 1
    # list, pending of each site, and five requests a site
    assert 3 * 6 < row.ours.requests <= 3 * 6 + 6
    assert row.ours.process.megabytes > 20


@pytest.mark.parametrize("operation", SECOND)
def test_second_runs_are_such(direct_for, operation, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # some write a file
    second, size = SECOND[operation], 3
    play = direct_for(fleet(World(size, pending="nothing", latency=0, settled=True)))
    tasks = [Task(second.module, dict(options)) for options in second.tasks(size)]
    found = play.tasks(*tasks, *tasks)[len(tasks) :]
    assert not any(one.failed or one.changed or one.writes for one in found)
    assert sum(len(one.journal) for one in found) <= second.most(size) + SPARE


def test_a_feed_is_measured() -> None:
    costs = feed.measured(print, megabytes=2, hosts=2)
    assert costs.records > 500
    assert 0 < costs.mean <= costs.slowest
    assert costs.build.megabytes > 20
