# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time of the simulated world."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timezone


class Clock:
    """A clock that starts where it is told and runs ``scale`` times as fast as real time.

    ``scale=0`` is a frozen (virtual) clock: it moves by :meth:`advance` alone, and :meth:`sleep` does not wait.
    """

    def __init__(self, scale: float = 1.0, start: float | None = None) -> None:
        self.scale = scale
        self._lock = threading.Lock()
        self._base = time.time() if start is None else start
        self._since = time.monotonic()

    def now(self) -> float:
        """Epoch seconds, UTC."""
        with self._lock:
            return self._base + (time.monotonic() - self._since) * self.scale

    def advance(self, seconds: float) -> None:
        """Jump forward (or back, with a negative number)."""
        with self._lock:
            self._base += seconds

    def set(self, epoch: float) -> None:
        """Jump to a point in time."""
        with self._lock:
            self._base, self._since = epoch, time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for that much simulated time."""
        if seconds > 0 and self.scale > 0:
            time.sleep(seconds / self.scale)

    def iso(self) -> str:
        """``YYYY-MM-DDTHH:MM:SS`` without a zone, as the Dashboard writes it."""
        return iso(self.now())


def iso(epoch: float) -> str:
    """UTC without a zone; 0 is 1970, as for a site never synced (core.md §3.1)."""
    return datetime.fromtimestamp(int(epoch), tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
