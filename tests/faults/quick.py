# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that lives as fast as the simulator's clock: sleeps, timeouts and clocks are scaled alike.

To be installed before anything binds ``time.sleep``; only the Python standard library is touched, no product code.
"""

from __future__ import annotations

import socket
import threading
import time

#: simulated seconds in a real one
SCALE = 100.0

_monotonic, _sleep, _wait = time.monotonic, time.sleep, threading.Condition.wait
#: a pair of the same moment: the simulated time of day, and the real monotonic clock, which all processes share
_epoch: list[float] = [time.time(), _monotonic()]


class _Socket(socket.socket):
    """A socket whose timeouts are scaled."""

    def settimeout(self, value: float | None) -> None:
        super().settimeout(None if value is None else value / SCALE)


def install() -> None:
    """Let this process live fast."""
    time.monotonic = lambda: _monotonic() * SCALE
    time.time = lambda: _epoch[0] + (_monotonic() - _epoch[1]) * SCALE
    time.sleep = lambda seconds: _sleep(max(0.0, seconds) / SCALE)
    threading.Condition.wait = lambda self, timeout=None: _wait(self, None if timeout is None else timeout / SCALE)  # type: ignore[method-assign]
    socket.socket = _Socket  # type: ignore[misc]


def set_clock(epoch: float, since: float) -> None:
    """It is ``epoch`` when the real monotonic clock says ``since``."""
    _epoch[:] = [epoch, since]
