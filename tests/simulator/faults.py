# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand, of HTTP kind; those of children live in their state."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

#: action -> what it does
ACTIONS = {
    "status": "answer with a status, body, headers and content type; the work is not done, unless ``after_work``",
    "reset_before": "reset the connection; the work is not done",
    "reset_after": "do the work, then reset the connection",
    "gateway_timeout": "answer 504 (HTML) at once; the work goes on behind it after ``delay`` seconds",
    "slow": "wait ``delay`` seconds, then answer",
    "truncate": "announce the full length, send half of it",
    "garbage": "JSON of the wrong types (or ``body``)",
    "noise": "answer as ever, with text ``before`` and ``behind`` the JSON, and status 200",
    "huge": "an answer of ``size`` bytes",
    "redirect": "answer ``code`` (302) with ``location``",
    "hook": "call ``before``, answer as ever, call ``after``: the world changes around this request",
}
GATEWAY_TIMEOUT = (
    "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway Time-out</h1>"
    "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


@dataclass
class Fault:
    """A rule: which requests it hits, how often, and what happens to them."""

    action: str
    method: str | None = None
    path: str = ".*"
    times: int | None = 1
    skip: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    hits: int = 0

    def wants(self, method: str, path: str) -> bool:
        """Does the rule speak of this request?"""
        return self.method in (None, method) and re.fullmatch(self.path, path) is not None


class Faults:
    """The rules in force; the first that wants a request gets it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.rules: list[Fault] = []

    def add(
        self,
        *,
        action: str,
        method: str | None = None,
        path: str = ".*",
        times: int | None = 1,
        skip: int = 0,
        **options: Any,
    ) -> Fault:
        """Hit the next ``times`` requests (None: all) that match, after letting ``skip`` of them pass.

        Options: ``code, body, headers, content_type, delay, size, location, before, after``, as the action needs.
        """
        if action not in ACTIONS:
            raise ValueError(f"unknown action {action!r}; known: {', '.join(ACTIONS)}")
        fault = Fault(action, method, path, times, skip, options)
        with self._lock:
            self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Take all rules away."""
        with self._lock:
            self.rules.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The rule that hits this request, counted."""
        with self._lock:
            for fault in self.rules:
                if not fault.wants(method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if fault.times is None or fault.hits < fault.times:
                    fault.hits += 1
                    return fault
        return None
