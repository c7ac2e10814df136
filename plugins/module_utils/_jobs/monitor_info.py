# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_monitor_info does: what the uptime monitors of sites found, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._api import normalise
from .._api.resource import Row, parallel
from .._dashboard import Dashboard
from .._models import Site, iso
from .._report import plural
from .._selection import Selection, selection_from
from ._asked_sites import asked_sites, begin_of, head, since_from
from ._common import Reporter

NONE = "none"
#: What a monitor says of its site, and that there is none.
STATUSES = ("up", "down", "pending", "unknown", NONE)
#: A first check has nothing to be compared with.
_STATUS = {"up": "up", "down": "down", "pending": "pending", "first": "pending"}
_OFF = "MainWP's uptime monitoring is off: nothing is checked, and what is told here is old."
_NO_INTERVAL = "{url}: MainWP does not tell how often it is checked, so its heartbeats are left out."


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_monitor_info."""

    selection: Selection
    statuses: tuple[str, ...] | None
    since: float | None
    incidents: bool


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    statuses = params.get("monitor_status")
    return Options(
        selection_from(params, required=False),
        None if statuses is None else tuple(statuses),
        since_from(params, "heartbeats_since"),
        bool(params.get("incidents")),
    )


def run(dashboard: Dashboard, options: Options, reporter: Reporter, _check_mode: bool) -> dict[str, Any]:
    """The selected sites with what their monitors found."""
    chosen = asked_sites(dashboard, options.selection, reporter)
    monitors = by_site(dashboard.v2.monitors.all() if chosen else [], chosen)
    told = [(site, [monitor_of(row) for row in monitors[site.id]]) for site in chosen]
    if options.statuses is not None:
        told = [(site, found) for site, found in told if _status(found) in options.statuses]
    _read_more(dashboard, options, [(site, monitor) for site, found in told for monitor in found], reporter)
    active = _active(dashboard)
    if active is False and any(found for dummy, found in told):
        reporter.warn(_OFF)
    sites = [_site(site, found, options) for site, found in told]
    return {
        "changed": False,
        "msg": _in_words(sites),
        "count": len(sites),
        "active": active,
        "sites": sites,
        "dashboard": dashboard.in_results,
    }


def by_site(rows: Sequence[Row], sites: Sequence[Site]) -> dict[int, list[Row]]:
    """Site → its monitors, the oldest first. A monitor tells of its site the address alone, as the listing does."""
    found: dict[int, list[Row]] = {site.id: [] for site in sites}
    ids = {site.url: site.id for site in sites}
    for row in rows:
        if row["url"] in ids:
            found[ids[row["url"]]].append(row)
    return found


def monitor_of(row: Row) -> dict[str, Any]:
    """A monitor as the module returns it."""
    checked = bool(row["last_check_at"])
    return {
        "monitor_id": row["id"],
        "monitor_status": _STATUS.get(row["last_status"], "unknown") if checked else "unknown",
        "type": row["type"],
        "interval": row["check_frequency"],
        "last_check": row["last_check_at"],
        "http_code": row["last_status_code"] or None,
        "uptime": {"7d": row["uptime_ratio_7d"], "30d": row["uptime_ratio_30d"]},
        "incident_counts": {"7d": row["incidents_count_7d"], "30d": row["incidents_count_30d"]},
        "response_ms": {name: row[f"response_time_{name}_ms"] for name in ("avg", "min", "max")},
    }


#: What stands for a monitor that a site has not.
_NO_MONITOR = {
    "monitor_id": None,
    "monitor_status": NONE,
    "type": "",
    "interval": None,
    "last_check": None,
    "http_code": None,
    "uptime": None,
    "incident_counts": None,
    "response_ms": None,
}


def _status(found: Sequence[Mapping[str, Any]]) -> str:
    return str(found[0]["monitor_status"]) if found else NONE


def _read_more(
    dashboard: Dashboard, options: Options, found: Sequence[tuple[Site, dict[str, Any]]], reporter: Reporter
) -> None:
    """Add what was asked for to each monitor: one request for each kind."""
    if options.since is not None:
        begin = iso(begin_of(options.since, dashboard.now()))
        read = [pair for pair in found if pair[1]["interval"]]
        beats = parallel(lambda pair: dashboard.v2.monitors.heartbeats(pair[1]["monitor_id"], begin), read)
        for (dummy, monitor), some in zip(read, beats, strict=True):
            monitor["heartbeats"] = [_beat(beat) for beat in reversed(some) if beat["time"] >= begin]
        for site, monitor in found:
            if "heartbeats" not in monitor:
                reporter.warn(_NO_INTERVAL.format(url=site.url))
                monitor["heartbeats"] = []
    if options.incidents:
        outages = parallel(lambda pair: dashboard.v2.monitors.incidents(pair[1]["monitor_id"]), found)
        for (dummy, monitor), rows in zip(found, outages, strict=True):
            monitor["incidents"] = [_incident(row) for row in rows]


def _beat(row: Row) -> dict[str, Any]:
    return {**row, "http_code": row["http_code"] or None, "ping_ms": row["ping_ms"] or None}


def _incident(row: Row) -> dict[str, Any]:
    return {
        "started": row["started_at"],
        "ended": row["ended_at"],
        "seconds": row["duration_sec"] if row["resolved"] else None,
        "checks": row["down_count"],
    }


def _site(site: Site, found: Sequence[Mapping[str, Any]], options: Options) -> dict[str, Any]:
    """The first monitor is the site's own; more are of single pages of it, which the API does not name."""
    more: dict[str, list[Any]] = {"heartbeats": []} if options.since is not None else {}
    more |= {"incidents": []} if options.incidents else {}
    own = found[0] if found else {**_NO_MONITOR, **more}
    return {**head(site), **own, "pages": list(found[1:])}


def _active(dashboard: Dashboard) -> bool | None:
    """Is monitoring switched on? None where that cannot be read."""
    settings = dashboard.v2.settings.group("monitoring")
    name = "mainwp_uptime_monitoring_active"
    return normalise.as_bool(settings[name]) if name in settings else None


def _in_words(sites: Sequence[Mapping[str, Any]]) -> str:
    counts = {status: sum(site["monitor_status"] == status for site in sites) for status in STATUSES}
    words = [
        f"{count} {'without a monitor' if status == NONE else status}" for status, count in counts.items() if count
    ]
    return f"{plural(len(sites), 'site')}: {', '.join(words)}" if words else plural(0, "site")
