# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Uptime monitors: what they found. PRIVATE to the collection. The same on both dialects.

A monitor has an id of its own and tells of its site the address alone. What comes without an id stands for all sites that
have no monitor. ``status=`` looks at something else than the monitors' status, so it is never sent.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from . import normalise
from .normalise import as_int, as_slug, as_text, as_time
from .resource import PAGE, Columns, Resource, Row, told

#: The most incidents that are told; there is no second page.
MOST_INCIDENTS = 200
#: As MainWP numbers what a check found. A first one has nothing to be compared with.
_FOUND = {0: "down", 1: "up"}
_LABEL = re.compile(r"(\d{1,6})\s*([smhd]?)")
_SECONDS = {"s": 1, "": 60, "m": 60, "h": 3600, "d": 86400}


def as_interval(value: Any) -> int | None:
    """``5m`` → 300 seconds; None for none."""
    found = _LABEL.fullmatch(as_text(value))
    return int(found[1]) * _SECONDS[found[2]] or None if found else None


def _percent(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 <= value <= 100 else 0.0


def _found(value: Any) -> str:
    return _FOUND.get(as_int(value, -1), "pending")


class Monitors(Resource):
    """``/monitors``."""

    columns: ClassVar[Columns] = {
        "id": as_int,
        "url": as_slug,
        "type": as_text,
        "last_status": as_text,
        "check_frequency": as_interval,
        "last_check_at": as_time,
        "last_status_code": as_int,
        "uptime_ratio_7d": _percent,
        "uptime_ratio_30d": _percent,
        "incidents_count_7d": as_int,
        "incidents_count_30d": as_int,
        "response_time_avg_ms": as_int,
        "response_time_min_ms": as_int,
        "response_time_max_ms": as_int,
    }
    beat: ClassVar[Columns] = {"time": as_time, "status": _found, "http_code": as_int, "ping_ms": as_int}
    incident: ClassVar[Columns] = {
        "started_at": as_time,
        "ended_at": as_time,
        "duration_sec": as_int,
        "resolved": normalise.as_bool,
        "down_count": as_int,
    }

    def all(self) -> list[Row]:
        """All monitors, each once, the oldest first. They come by falling id, and what has none comes last."""
        found: dict[int, Row] = {}
        page = 1
        while True:
            step = "list the monitors"
            body = self.ask("monitors", step, {"page": page, "per_page": PAGE})
            rows = told(_maps(body.get("data")), step)
            read = [normalise.row(raw, self.columns) for raw in rows]
            before = len(found)
            found |= {row["id"]: row for row in read if row["id"] > 0}
            if len(rows) < PAGE or len(found) == before:
                return [found[number] for number in sorted(found)]
            page += 1

    def heartbeats(self, monitor: int, since: str) -> list[Row]:
        """What its checks found since ``since``, the newest first. Nothing found is told as a failure."""
        step = f"read the heartbeats of monitor {monitor}"
        return self._told(f"monitors/{monitor}/heartbeat", step, {"since": since}, self.beat, "time")

    def incidents(self, monitor: int) -> list[Row]:
        """Its last outages, the newest first."""
        step = f"read the incidents of monitor {monitor}"
        query = {"per_page": MOST_INCIDENTS}
        return self._told(f"monitors/{monitor}/incidents", step, query, self.incident, "started_at")

    def _told(self, path: str, step: str, query: dict[str, Any], columns: Columns, time: str) -> list[Row]:
        body = self.ask(path, step, query)
        if "success" in body and not normalise.as_bool(body["success"]):
            return []
        rows = [normalise.row(raw, columns) for raw in told(_maps(body.get("data")), step)]
        return told(rows if all(row[time] for row in rows) else None, step)


def _maps(value: Any) -> list[dict[str, Any]] | None:
    """A list of objects; None for anything else."""
    rows = normalise.unpacked(value)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return rows
