# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded exchanges: what three real Dashboards were asked, and what they answered (see recordings/STORIES.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contract.compare import Answer

DIRECTORY = Path(__file__).with_name("recordings")

#: every recording, in the order in which they were taken
NAMES = (
    "wp68-auth",
    "wp68-read",
    "wp68-update-lifecycle",
    "wp68-failures",
    "wp68-resources",
    "wp68-batch-progress",
    "wp68-core-translations-probes",
    "wp71-auth",
    "wp71-read",
    "wp71-update-lifecycle",
    "wp71-failures",
    "wp71-large-fleet",
    "wp71-resources",
    "wp71-core-translations-probes",
    "wp68-updates-include",
    "wp71-updates-include",
    "wp71-resources2",
)


@dataclass(frozen=True)
class Exchange:
    """One question and its answer."""

    recording: str
    n: int
    note: str
    request: dict[str, Any]
    response: dict[str, Any]

    @property
    def title(self) -> str:
        """For people: what was asked."""
        request = self.request
        asked = " ".join(str(request[part]) for part in ("query", "json", "data") if request.get(part))
        return f"{self.recording} n {self.n}: {request['method']} {request['path']} {asked}".rstrip()

    @property
    def answer(self) -> Answer:
        """What the real Dashboard answered."""
        response = self.response
        return Answer(response["status"], response["content_type"], response["body"], response.get("headers"))

    @property
    def kept(self) -> tuple[str, ...]:
        """The keys of ``data`` that the recording keeps of a whole site object; none: all of them."""
        return tuple(self.response.get("kept", ()))

    @property
    def elapsed(self) -> float:
        """Seconds until the answer was there."""
        return float(self.response.get("elapsed_s", 0.1))


@cache
def load(name: str) -> tuple[Exchange, ...]:
    """The exchanges of a recording, in order. The result is shared: do not change it."""
    content = json.loads((DIRECTORY / f"{name}.json").read_text(encoding="utf-8"))
    return tuple(
        Exchange(name, item["n"], item["note"], item["request"], item["response"]) for item in content["exchanges"]
    )


def numbered(name: str, n: int) -> Exchange:
    """The exchange of that number; a recording may hold a selection."""
    return next(exchange for exchange in load(name) if exchange.n == n)
