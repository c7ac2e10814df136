# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One piece of work for many sites, in lanes, inside the Dashboard's limits. PRIVATE to the collection.

A lane is a thread. Two sites on one child IP never work at the same time, and sites are interleaved by IP, the
longest queue first.
"""

from __future__ import annotations

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


@dataclass
class _Waiting(Generic[T]):
    item: T
    not_before: float = 0.0


def interleaved(items: Iterable[T], lane_of: Callable[[T], str]) -> list[T]:
    """``items`` so that neighbours have different lanes where possible, longest queue first."""
    queues: dict[str, deque[T]] = {}
    for item in items:
        queues.setdefault(lane_of(item), deque()).append(item)
    result: list[T] = []
    while queues:
        for name in sorted(queues, key=lambda key: -len(queues[key])):
            result.append(queues[name].popleft())
            if not queues[name]:
                del queues[name]
    return result


class Fleet(Generic[T]):
    """Runs ``work`` once for each item, in at most ``lanes`` threads, one at a time per lane name.

    ``work`` returns None when the item is finished, or the seconds after which it wants another turn; its lane is
    free for others meanwhile. An exception that ``work`` lets escape stops the fleet and is raised by ``run``.
    On Ctrl-C nothing new starts, and what runs is awaited for ``grace`` seconds.
    """

    def __init__(
        self,
        work: Callable[[T], float | None],
        lane_of: Callable[[T], str],
        lanes: int,
        ip_gap: float = 0.0,
        on_done: Callable[[T], None] = lambda _item: None,
        grace: float = 60.0,
    ) -> None:
        self._work = work
        self._lane_of = lane_of
        self._lanes = max(1, lanes)
        self._ip_gap = ip_gap
        self._on_done = on_done
        self._grace = grace
        self._changed = threading.Condition()
        self._waiting: list[_Waiting[T]] = []
        self._busy: set[str] = set()
        self._free_at: dict[str, float] = {}
        self._running = 0
        self._finished: deque[T] = deque()
        self._failure: BaseException | None = None
        self._closed = False

    def run(self, items: Sequence[T]) -> bool:
        """Work through ``items``; True when all are finished, False when interrupted. ``on_done`` is called in the
        caller's thread."""
        self._waiting = [_Waiting(item) for item in interleaved(items, self._lane_of)]
        count = min(self._lanes, len(self._waiting))
        threads = [threading.Thread(target=self._lane, daemon=True) for _number in range(count)]
        for thread in threads:
            thread.start()
        try:
            self._watch(threads, None)
        except KeyboardInterrupt:
            with self._changed:
                self._closed = True
                self._waiting.clear()
                self._changed.notify_all()
            self._watch(threads, time.monotonic() + self._grace)
            return False
        except BaseException as exc:
            self._stop(exc)
            raise
        if self._failure is not None:
            raise self._failure
        return True

    def _watch(self, threads: Sequence[threading.Thread], until: float | None) -> None:
        """Hand out finished items until all threads have ended, or the clock strikes ``until``."""
        while any(thread.is_alive() for thread in threads) or self._finished:
            with self._changed:
                if not self._finished:
                    self._changed.wait(0.2)
                done = list(self._finished)
                self._finished.clear()
            for item in done:
                self._on_done(item)
            if until is not None and time.monotonic() >= until:
                return

    def _stop(self, failure: BaseException) -> None:
        with self._changed:
            self._failure = self._failure or failure
            self._waiting.clear()
            self._changed.notify_all()

    def _lane(self) -> None:
        while True:
            entry = self._next()
            if entry is None:
                return
            lane = self._lane_of(entry.item)
            again: float | None = None
            try:
                again = self._work(entry.item)
            except BaseException as exc:  # noqa: BLE001  # handed to run(), which raises it
                self._stop(exc)
                return
            finally:
                with self._changed:
                    self._running -= 1
                    self._busy.discard(lane)
                    self._free_at[lane] = time.monotonic() + self._ip_gap
                    if again is None:
                        self._finished.append(entry.item)
                    elif self._failure is None and not self._closed:
                        entry.not_before = time.monotonic() + again
                        self._waiting.append(entry)
                    self._changed.notify_all()

    def _next(self) -> _Waiting[T] | None:
        """The next item whose lane is free and whose time has come; None when there is nothing left."""
        with self._changed:
            while True:
                if not self._waiting and (self._running == 0 or self._failure is not None):
                    return None
                now = time.monotonic()
                soonest: float | None = None
                for index, entry in enumerate(self._waiting):
                    lane = self._lane_of(entry.item)
                    if lane in self._busy:
                        continue
                    ready = max(entry.not_before, self._free_at.get(lane, 0.0))
                    if ready <= now:
                        del self._waiting[index]
                        self._running += 1
                        self._busy.add(lane)
                        return entry
                    soonest = ready if soonest is None else min(soonest, ready)
                self._changed.wait(None if soonest is None else max(0.01, soonest - now))
