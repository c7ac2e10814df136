# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``monitors``: the list, heartbeats and incidents (resources.md §5)."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from typing import Any

from ..php import parse_ids, to_int
from ..rest import GET, Call, RestError, routes
from ..state import Beat, Monitor, Site

BASE = "/mainwp/v2/monitors"
DAY = 86400
WORDS = {0: "down", 1: "up", 2: "pending", 3: "first"}
#: What ``status=`` really looks at: what a check of the site found, and in other words (recorded: 1632, 1633).
OFFLINE = {"up": 1, "down": 0, "pending": 0, "first": 0, "paused": -1}
NO_MONITOR = {"success": 0, "message": "Monitor not found."}
NO_BEATS = {"success": 0, "message": "No heartbeats found."}

Row = tuple[Monitor | None, Site]


def grouped(call: Call) -> list[Row]:
    """``LEFT JOIN … GROUP BY monitor_id ORDER BY monitor_id DESC``: all sites without a monitor are one row, the last."""
    rows = [(monitor, call.fleet.sites[monitor.site_id]) for monitor in call.fleet.monitors.values()]
    watched = {site.id for dummy, site in rows}
    bare = [site for number, site in sorted(call.fleet.sites.items()) if number not in watched]
    wanted, unwanted = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    if wanted or unwanted:  # NULL is in no list, and not in none either
        bare = []
        rows = [row for row in rows if (not wanted or row[0].id in wanted) and row[0].id not in unwanted]
    status = call.get("status")
    if status is not None:
        if status not in OFFLINE:
            data = {"status": 400, "params": {"status": "Invalid parameter."}, "details": []}
            raise RestError("rest_invalid_param", "Invalid parameter(s): status", 400, data)
        rows = [row for row in rows if row[1].offline_check_result == OFFLINE[status]]
        bare = [site for site in bare if site.offline_check_result == OFFLINE[status]]
    rows.sort(key=lambda row: -row[0].id)
    return [*rows, *((None, site) for site in bare[:1])]


@routes(GET, BASE)
def monitors(call: Call) -> dict[str, Any]:
    size, page = to_int(call.get("per_page")) or 20, to_int(call.get("page")) or 1
    data = [_view(call, *row) for row in grouped(call)[(page - 1) * size : page * size]]
    return {"success": 1, "total": len(data), "data": data}


@routes(GET, f"{BASE}/count")
def count(call: Call) -> dict[str, Any]:
    return {"success": 1, "count": len(grouped(call))}


def _view(call: Call, monitor: Monitor | None, site: Site) -> dict[str, Any]:
    """One row. Without a monitor it has the id 0 and is down (recorded: 1082)."""
    beats = monitor.beats if monitor else []
    now = int(call.sim.clock.now())
    last = beats[-1] if beats else None
    marked = [beat for beat in beats if beat.important]
    ratio = 100 * sum(beat.status == 1 for beat in marked) // len(marked) if marked else 0
    pings = [beat.ping_ms for beat in beats]
    falls = [later.at for before, later in itertools.pairwise(beats) if (before.status, later.status) == (1, 0)]
    hours = [now // 3600 * 3600 - hour * 3600 for hour in range(24, 0, -1)]
    up = {int(beat.at) // 3600 * 3600 for beat in beats if beat.status == 1}
    return {
        "id": monitor.id if monitor else 0,
        "url": site.url,
        "type": monitor.type if monitor else "http",
        "last_status": WORDS[last.status] if last else ("unknown" if monitor else "down"),
        "check_frequency": f"{_minutes(call, monitor)}m" if monitor else "",
        "last_check_at": _stamp(last.at).replace("T", " ").rstrip("Z") if last else "",
        "last_status_code": (last.http_code or "") if last else "",
        "uptime_24h": [{"timestamp": hour, "status": int(hour in up)} for hour in hours],
        "uptime_ratio_7d": ratio,
        "uptime_ratio_30d": ratio,
        "incidents_count_7d": sum(at > now - 7 * DAY for at in falls),
        "incidents_count_30d": sum(at > now - 30 * DAY for at in falls),
        "response_time_avg_ms": int(sum(pings) / len(pings)) if pings else 0,
        "response_time_min_ms": min(pings, default=0),
        "response_time_max_ms": max(pings, default=0),
    }


def _minutes(call: Call, monitor: Monitor) -> int:
    """Its own, or those of all."""
    label = str(call.sim.setting("monitoring")["mainwp_uptime_monitoring_interval"])
    return monitor.minutes or to_int(label) * (60 if label.endswith("h") else 1)


def watch(call: Call, site: Site) -> None:
    """A site that is added is watched, if monitoring is on then; others never come to a monitor (recorded: 1082, 1572)."""
    if call.sim.setting("monitoring")["mainwp_uptime_monitoring_active"]:
        number = call.fleet.new_id("monitors")
        call.fleet.monitors[number] = Monitor(number, site.id, minutes=0)


@routes(GET, f"{BASE}/<item:id_domain>/heartbeat")
def heartbeat(call: Call, id_domain: str) -> dict[str, Any]:
    """The newest first. None at all is told as a failure; without ``since`` it is the last 30 days."""
    monitor = _find(call, id_domain)
    if monitor is None:
        return NO_MONITOR
    since = call.get("since")
    try:
        begin = _moment(since) if since else call.sim.clock.now() - 30 * DAY
    except ValueError as error:
        raise RestError("rest_invalid_param", "Invalid parameter(s): since", 400) from error
    found = [beat for beat in _by_time(monitor.beats) if begin <= int(beat.at) <= call.sim.clock.now()]
    if not found:
        return NO_BEATS
    limit = to_int(call.get("limit"))
    rows = [_beat(monitor, beat) for beat in (found[:limit] if limit else found)]
    pages = -(-len(found) // limit) if limit else 1
    return {
        "success": 1,
        "data": rows,
        "meta": {"page": 1, "per_page": limit, "total": len(found), "total_pages": pages},
    }


def _by_time(beats: Iterable[Beat]) -> list[Beat]:
    return sorted(beats, key=lambda beat: (-int(beat.at), beat.id))


def _beat(monitor: Monitor, beat: Beat) -> dict[str, Any]:
    words = {0: "down. ", 1: "up! ", 2: "pending. ", 3: "first. "}
    reasons = {200: "OK", 503: "Service Unavailable"}
    return {
        "monitor_id": monitor.id,
        "heartbeat_id": beat.id,
        "status": beat.status,
        "msg": f"{beat.http_code} - {words[beat.status]}{reasons.get(beat.http_code, '')}",
        "importance": int(beat.important),
        "time": _stamp(beat.at),
        "ping_ms": beat.ping_ms or "",
        "http_code": beat.http_code or "",
    }


@routes(GET, f"{BASE}/<item:id_domain>/incidents")
def incidents(call: Call, id_domain: str) -> dict[str, Any]:
    """Of all heartbeats there are; ``page`` does nothing. What is still down has no end and no length."""
    monitor = _find(call, id_domain)
    if monitor is None:
        return NO_MONITOR
    if not monitor.beats:
        return NO_BEATS
    found = _incidents(monitor.beats)
    return {"success": 1, "data": found[: to_int(call.get("per_page")) or 20]}


@routes(GET, f"{BASE}/<item:id_domain>/incidents/count")
def incidents_count(call: Call, id_domain: str) -> dict[str, Any]:
    """Of failed checks, not of incidents."""
    answer = incidents(call, id_domain)
    if not answer["success"]:
        return answer
    return {"success": 1, "count": sum(row["down_count"] for row in answer["data"])}


def _incidents(beats: Iterable[Beat]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    begin, checks = 0.0, 0
    for beat in sorted(beats, key=lambda beat: (beat.at, beat.id)):
        if beat.status == 0:
            begin, checks = (begin, checks + 1) if checks else (beat.at, 1)
        elif beat.status == 1 and checks:
            found.append(_incident(begin, beat.at, checks))
            checks = 0
    if checks:
        found.append(_incident(begin, None, checks))
    return found[::-1]


def _incident(begin: float, end: float | None, checks: int) -> dict[str, Any]:
    return {
        "started_at": _stamp(begin),
        "ended_at": _stamp(end) if end else "",
        "duration_sec": int(end - begin) if end else 0,
        "resolved": end is not None,
        "down_count": checks,
    }


def _find(call: Call, identifier: str) -> Monitor | None:
    """By the monitor's id; by the domain of a site its newest monitor, which may be one of a single page."""
    if identifier.isdigit():
        return call.fleet.monitors.get(int(identifier))
    found = [row[0] for row in grouped(call) if row[0] and row[1].url.rstrip("/").endswith(f"//{identifier}")]
    return found[0] if found else None


def _stamp(at: float) -> str:
    return datetime.datetime.fromtimestamp(int(at), tz=datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> float:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
