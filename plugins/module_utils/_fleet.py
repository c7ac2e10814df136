# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One piece of work for many sites, in lanes, inside the Dashboard's limits. PRIVATE to the collection.

A lane is a thread. Two sites on one child IP never work at the same time, and sites are interleaved by IP, the
longest queue first.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class Pace:
    """Keeps a minimum pause between two starts, across threads."""

    def __init__(self, gap: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self.gap = gap
        self._sleep = sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when it is this caller's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self.gap
        if turn > now:
            self._sleep(turn - now)


def _queues(items: Iterable[T], lane_of: Callable[[T], str]) -> dict[str, deque[T]]:
    queues: dict[str, deque[T]] = {}
    for item in items:
        queues.setdefault(lane_of(item), deque()).append(item)
    return queues


def interleaved(items: Iterable[T], lane_of: Callable[[T], str]) -> list[T]:
    """``items`` so that neighbours have different lanes where possible, longest queue first."""
    queues = _queues(items, lane_of)
    result: list[T] = []
    while queues:
        for name in sorted(queues, key=lambda key: -len(queues[key])):
            result.append(queues[name].popleft())
            if not queues[name]:
                del queues[name]
    return result


class _Lanes(Generic[T]):
    """What waits for its turn, by lane. Not thread-safe. Each step costs the logarithm of the number of lanes."""

    def __init__(self, items: Iterable[T], lane_of: Callable[[T], str], gap: float) -> None:
        self._gap = gap
        self._queues = _queues(items, lane_of)
        self._busy: set[str] = set()
        self._started: dict[str, float] = {}
        self._count = itertools.count()
        #: Lanes whose next item had a turn already.
        self._open: set[str] = set()
        #: Lanes that may start now: those where something is open, then the longest queue.
        self._ready: list[tuple[float, int, str]] = []
        #: (when, count, lane, item): an item that wants another turn, or a lane whose pause ends.
        self._later: list[tuple[float, int, str, tuple[T, ...]]] = []
        self.waiting = sum(len(queue) for queue in self._queues.values())
        for name in self._queues:
            self._offer(name)

    def _offer(self, name: str) -> None:
        rank = -math.inf if name in self._open else -len(self._queues[name])
        heapq.heappush(self._ready, (rank, next(self._count), name))

    def take(self, now: float) -> tuple[str, T] | None:
        """The next item that may start, with its lane, which is busy from now on."""
        while self._later and self._later[0][0] <= now:
            _when, _number, name, again = heapq.heappop(self._later)
            if not again:
                self._busy.discard(name)
            else:
                self._open.add(name)
                self._queues[name].extendleft(again)
            if self._queues[name] and name not in self._busy:
                self._offer(name)
        while self._ready:
            name = heapq.heappop(self._ready)[2]
            if self._queues[name] and name not in self._busy:
                self._busy.add(name)
                self._started[name] = now
                self.waiting -= 1
                self._open.discard(name)
                return name, self._queues[name].popleft()
        return None

    def give_back(self, name: str, now: float, again: tuple[float, T] | None) -> None:
        """The lane is free after its pause, which began with the turn; ``again``: when its item wants another."""
        heapq.heappush(self._later, (max(now, self._started[name] + self._gap), next(self._count), name, ()))
        if again is not None:
            self.waiting += 1
            heapq.heappush(self._later, (again[0], next(self._count), name, (again[1],)))

    def soonest(self) -> float | None:
        """When something may start that may not start now; None if only the end of running work can change that."""
        return self._later[0][0] if self._later else None

    def clear(self) -> None:
        """Nothing waits any more."""
        self.waiting = 0
        self._later.clear()
        for queue in self._queues.values():
            queue.clear()


@dataclass
class Fleet(Generic[T]):
    """Runs ``work`` once for each item, in at most ``lanes`` threads, one at a time per lane name, whose turns begin at
    least ``ip_gap`` seconds apart (MainWP counts from start to start, too).

    ``work`` returns None when the item is finished, or the seconds after which it wants another turn; its lane is
    free for others meanwhile. An exception that ``work`` lets escape stops the fleet and is raised by ``run``.
    ``on_done`` is called for each finished item and ``on_tick`` several times a second, both in the caller's thread.
    On Ctrl-C, and when one of the callers' functions fails, nothing new starts, and what runs is awaited for ``grace``
    seconds, or until Ctrl-C once more.
    """

    work: Callable[[T], float | None]
    lane_of: Callable[[T], str]
    lanes: int
    ip_gap: float = 0.0
    on_done: Callable[[T], None] = lambda _item: None
    on_tick: Callable[[], None] = lambda: None
    grace: float = 60.0

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: _Lanes[T] = _Lanes((), self.lane_of, self.ip_gap)
        self._running = 0
        self._finished: deque[T] = deque()
        self._failure: BaseException | None = None
        self._closed = False

    def run(self, items: Sequence[T]) -> bool:
        """Work through ``items``; True when all are finished, False when interrupted."""
        self._queue = _Lanes(items, self.lane_of, self.ip_gap)
        try:
            for _number in range(min(max(1, self.lanes), len(items))):
                threading.Thread(target=self._lane, daemon=True).start()
            self._watch(None)
        except KeyboardInterrupt:
            self._close()
            with contextlib.suppress(KeyboardInterrupt):
                self._watch(time.monotonic() + self.grace)
            return False
        except BaseException as exc:
            self._close(exc)
            self._drain(time.monotonic() + self.grace)
            raise
        if self._failure is not None:
            raise self._failure
        return True

    def _watch(self, until: float | None) -> None:
        """Hand out finished items until nothing waits or runs, or the clock strikes ``until``."""
        while True:
            with self._changed:
                if not (self._finished or self._running or self._queue.waiting):
                    return
                if not self._finished:
                    self._changed.wait(0.2)
                done = list(self._finished)
                self._finished.clear()
            for item in done:
                self.on_done(item)
            self.on_tick()
            if until is not None and time.monotonic() >= until:
                return

    def _drain(self, until: float) -> None:
        """Let what runs come to its end, or the clock strike ``until``, whatever is wrong with the caller."""
        with self._changed:
            while self._running and time.monotonic() < until:
                self._changed.wait(0.2)

    def _close(self, failure: BaseException | None = None) -> None:
        """Let nothing more begin."""
        with self._changed:
            self._failure = self._failure or failure
            self._closed = True
            self._queue.clear()
            self._changed.notify_all()

    def _lane(self) -> None:
        while taken := self._next():
            lane, item = taken
            again: float | None = None
            try:
                again = self.work(item)
            except BaseException as exc:  # noqa: BLE001  # handed to run(), which raises it
                self._close(exc)
                return
            finally:
                with self._changed:
                    self._running -= 1
                    now = time.monotonic()
                    wanted = None if again is None or self._closed else (now + again, item)
                    self._queue.give_back(lane, now, wanted)
                    if again is None:
                        self._finished.append(item)
                    self._changed.notify_all()

    def _next(self) -> tuple[str, T] | None:
        """The next item whose lane is free and whose time has come; None when there is nothing left."""
        with self._changed:
            while True:
                if self._closed or (not self._queue.waiting and self._running == 0):
                    return None
                now = time.monotonic()
                taken = self._queue.take(now)
                if taken is not None:
                    self._running += 1
                    return taken
                soonest = self._queue.soonest()
                self._changed.wait(None if soonest is None else max(0.001, soonest - now))
