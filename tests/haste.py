# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time that goes faster for a while, in this process: what is tested, the simulator and the story itself live alike.

Pauses, clocks and the timeouts of sockets are scaled together, so a story keeps its meaning and loses its waits. What must
come to pass before a timeout needs one that is long beside a slow machine; what must not, waits for it quickly.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

#: how fast time goes in a hurry
SPEED = 5.0

_monotonic, _time, _sleep, _wait = time.monotonic, time.time, time.sleep, threading.Condition.wait
_settimeout, _gettimeout = socket.socket.settimeout, socket.socket.gettimeout
#: (speed, monotonic clock and time of day here, monotonic clock outside) of one moment; None: it is as outside
_hurry: tuple[float, float, float, float] | None = None
#: what the monotonic clock is ahead after hurries that are over: it never goes back
_ahead = 0.0


def _now() -> float:
    if _hurry is None:
        return _monotonic() + _ahead
    speed, here, _day, outside = _hurry
    return here + (_monotonic() - outside) * speed


def _day_now() -> float:
    if _hurry is None:
        return _time()
    speed, _here, day, outside = _hurry
    return day + (_monotonic() - outside) * speed


def _pause(seconds: float) -> None:
    _sleep(seconds / (_hurry[0] if _hurry else 1.0))


def install() -> None:
    """Let time be changed later. To be called before anything binds ``time.sleep`` and the like."""
    time.monotonic, time.time, time.sleep = _now, _day_now, _pause


def leap(seconds: float) -> None:
    """It is ``seconds`` later, in a hurry."""
    global _hurry  # noqa: PLW0603  # there is one time
    assert _hurry is not None
    speed, here, day, outside = _hurry
    _hurry = (speed, here + seconds, day + seconds, outside)


@contextmanager
def hurried(speed: float = SPEED) -> Iterator[None]:
    """Let time go ``speed`` times as fast. No thread that waits may come in or go out."""
    global _hurry, _ahead  # noqa: PLW0603  # there is one time

    def wait(condition: threading.Condition, timeout: float | None = None) -> bool:
        return _wait(condition, None if timeout is None else timeout / speed)

    def settimeout(one: socket.socket, timeout: float | None) -> None:
        _settimeout(one, None if timeout is None else timeout / speed)

    def gettimeout(one: socket.socket) -> float | None:
        timeout = _gettimeout(one)
        return None if timeout is None else timeout * speed

    _hurry = (speed, _now(), _time(), _monotonic())
    try:
        with (
            mock.patch.object(threading.Condition, "wait", wait),
            mock.patch.object(socket.socket, "settimeout", settimeout),
            mock.patch.object(socket.socket, "gettimeout", gettimeout),
        ):
            yield
    finally:
        _ahead = _now() - _monotonic()
        _hurry = None
