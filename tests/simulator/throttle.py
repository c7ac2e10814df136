# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Dashboard's limits on its own calls to children (core.md §7.2)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .clock import Clock


class Throttle:
    """So many calls at a time, a pause between any two, and per child address one at a time with a longer pause.

    A pause is from start to start (MainWP's source, ``get_last_request_timestamp``): calls that take longer need none.
    """

    def __init__(
        self, clock: Clock, *, lanes: int = 4, delay: float = 0.2, ip_lanes: int = 1, ip_delay: float = 1.0
    ) -> None:
        self.clock = clock
        self.lanes, self.delay, self.ip_lanes, self.ip_delay = lanes, delay, ip_lanes, ip_delay
        self._lock = threading.Lock()
        self._running: dict[str, int] = {}
        self._last = float("-inf")
        self._last_of: dict[str, float] = {}

    @classmethod
    def of(cls, clock: Clock, settings: dict[str, Any]) -> Throttle:
        """The limits that settings/advanced says (milliseconds there)."""
        return cls(
            clock,
            lanes=settings["mainwp_maximum_requests"],
            delay=settings["mainwp_minimum_delay"] / 1000,
            ip_lanes=settings["mainwp_maximum_ip_requests"],
            ip_delay=settings["mainwp_minimum_ip_delay"] / 1000,
        )

    @contextmanager
    def slot(self, ip: str) -> Iterator[None]:
        """Wait for a slot, and hold it; like the Dashboard, by looking again and again."""
        while not self._enter(ip):
            time.sleep(0.001)
        try:
            yield
        finally:
            with self._lock:
                self._running[ip] -= 1

    def _enter(self, ip: str) -> bool:
        with self._lock:
            now = self.clock.now()
            busy = sum(self._running.values()) >= self.lanes or self._running.get(ip, 0) >= self.ip_lanes
            soon = now - self._last < self.delay or now - self._last_of.get(ip, float("-inf")) < self.ip_delay
            # pauses cost nothing on a frozen clock
            if busy or (soon and self.clock.scale > 0):
                return False
            self._running[ip] = self._running.get(ip, 0) + 1
            self._last = self._last_of[ip] = now
            return True
