# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking after the Dashboard's own batch: each site often enough, none twice at a look, several at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._batch_watch import BatchWatch
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from unit import build


class Queue:
    """A classic Dashboard's client: sites that wait, and how many of their items were tried."""

    def __init__(self, count: int) -> None:
        self.waiting = dict.fromkeys(range(1, count + 1), 0)
        self.asked: list[int] = []
        self.both: threading.Barrier | None = None

    def queue_state(self, site: Site) -> tuple[bool, int, str]:
        if self.both:
            self.both.wait(120)
        self.asked.append(site.id)
        return site.id in self.waiting, self.waiting.get(site.id, 3), ""

    def clocks(self, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        return {number: (0, int(number in self.waiting)) for number in ids}


def watch(queue: Queue, whole_fleet: bool = False, interval: float = 15.0) -> BatchWatch:
    stand_in: Any = queue
    return BatchWatch(stand_in, [build.site(number) for number in queue.waiting], whole_fleet, interval)


def test_a_few_sites_are_all_looked_at_once_each_time() -> None:
    queue = Queue(20)
    watching = watch(queue)
    del queue.waiting[7]
    queue.waiting[1] = 2
    assert watching.look(range(1, 21)) == (set(range(1, 21)) - {7}, 3 + 2)
    assert sorted(queue.asked) == list(range(1, 21))


def test_many_sites_take_turns_and_each_is_seen_within_a_minute() -> None:
    queue = Queue(200)
    watching = watch(queue)
    unfinished = set(queue.waiting)
    for _look in range(4):
        del queue.waiting[min(queue.waiting)]
        unfinished, _tried = watching.look(unfinished)
    assert sorted(queue.asked) == list(range(1, 201))
    unfinished, _tried = watching.look(unfinished)
    assert unfinished == set(queue.waiting)


def test_rare_looks_are_whole_looks() -> None:
    queue = Queue(100)
    watch(queue, interval=60.0).look(queue.waiting)
    assert sorted(queue.asked) == list(range(1, 101))


def test_sites_are_looked_at_several_at_a_time() -> None:
    queue = Queue(4)
    queue.both = threading.Barrier(2)
    assert len(watch(queue).look(queue.waiting)[0]) == 4


def test_a_batch_of_all_sites_is_told_by_its_clocks_and_a_few_queues() -> None:
    queue = Queue(300)
    watching = watch(queue, whole_fleet=True)
    del queue.waiting[1]
    queue.waiting[2] = 1
    assert watching.look(range(1, 301)) == (set(range(2, 301)), 1)
    assert sorted(queue.asked) == [2, 3, 4, 5, 6]
