# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Dashboard that is away for a while, behind a web server that lives: one gate for all lanes. PRIVATE.

Without it each waiting site would fail within seconds, and one restart of PHP could burn through a fleet. Whoever meets
the outage first knocks until the Dashboard is back; all the others wait. What was sent into the outage is not sent again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import _errors as errors

#: How long a run waits for a Dashboard that is away, seconds. docs/troubleshooting.md says so.
PATIENCE = 600.0
#: Pauses between knocks, seconds.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0
#: How soon an interruption is heard, seconds.
_SLICE = 0.5
#: Statuses by which whatever is in front of the Dashboard says that it is not there.
_GATEWAY = (502, 503, 504)


def is_suspicious(exc: errors.MainWPError) -> bool:
    """True for what an outage looks like from one request: it may be just this request, too."""
    status = exc.details.get("status")
    if exc.lasting:  # an option of ours, or a proxy that locks an account which knocks with a wrong password
        return False
    if isinstance(exc, errors.ConnectFailed) or exc.php_died or status in _GATEWAY:
        return True
    return isinstance(exc, errors.AnswerLost) and (status or 599) >= 500 and not isinstance(exc, errors.TooLarge)


@dataclass
class Outage:
    """The gate of one run. ``knock`` asks for something cheap, once, and raises what becomes of it; ``limit``: seconds of
    patience; ``tell`` gets a sentence at the begin and one at the end; ``stopped`` says that nobody wants to wait on."""

    knock: Callable[[], object]
    limit: float
    tell: Callable[[str], None]
    stopped: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    #: When the last outage was over, by ``clock``.
    over_at: float = float("-inf")
    #: What everybody waits for; empty while nobody does.
    waiting_for: str = ""
    _given_up: errors.DashboardAway | None = None
    _gate: threading.Lock = field(default_factory=threading.Lock)

    def pass_gate(self) -> None:
        """Return as soon as the Dashboard is not known to be away. Raises DashboardAway once patience has ended."""
        with self._gate:
            self._check()

    def met_by(self, exc: errors.MainWPError, asked_at: float) -> bool:
        """True when ``exc``, which became of a request sent at ``asked_at``, was an outage, which is over now. Raises
        DashboardAway when it did not end in time."""
        if not is_suspicious(exc):
            return False
        with self._gate:
            self._check()
            if self.over_at >= asked_at:
                return True  # another lane has waited it out meanwhile
            if self._is_there():
                return False
            began = self.clock()
            what = f"HTTP {exc.details['status']}" if exc.details.get("status") else exc.message.rstrip(".")
            self.waiting_for = f"the Dashboard, which is away ({what})"
            self.tell(f"The Dashboard is away ({what}). Waiting for it for up to {self.limit:.0f} s.")
            try:
                self._wait(began, what)
            finally:
                self.waiting_for = ""
            self.over_at = self.clock()
            self.tell(f"The Dashboard is back after {self.over_at - began:.0f} s.")
            return True

    def _wait(self, began: float, what: str) -> None:
        pause = _FIRST_PAUSE
        while True:
            knock_at = self.clock() + pause
            while (left := knock_at - self.clock()) > 0:
                gone = self.clock() - began
                if gone >= self.limit or self.stopped():
                    text = f"The Dashboard has been away for {gone:.0f} s ({what})."
                    self._given_up = errors.DashboardAway(text)
                    raise self._given_up
                self.sleep(min(left, _SLICE))
            if self._is_there():
                return
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _is_there(self) -> bool:
        try:
            self.knock()
        except errors.MainWPError as exc:
            return not is_suspicious(exc)  # a refusal comes from somebody who is there
        return True

    def _check(self) -> None:
        if self._given_up is not None:
            raise self._given_up
