# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a run as data: of what one task returned, and its counts. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._stored import FORMAT, sites_in


def whole(one: Mapping[str, Any], started: str, finished: str) -> dict[str, Any]:
    """The report on what one task did to a whole fleet. Its ``failure``: what went wrong, whatever the task says. Its
    ``vulnerabilities``: what was found before and after it, as it was returned."""
    result, failure = one["result"], one["failure"]
    found = {
        when: {name: value for name, value in told.items() if name != "invocation"}
        for when, told in (one.get("vulnerabilities") or {}).items()
        if told
    }
    last = found.get("after") or found.get("before") or {}
    report = {
        "format": FORMAT,
        "complete": not result.get("broken_off"),
        "host": one["name"],
        "dashboard": result.get("dashboard") or last.get("dashboard") or {},
        "started": started,
        "finished": finished,
        "failed": bool(failure or result.get("failed") or (result.get("summary") or {}).get("failed")),
        "msg": failure or result.get("msg") or last.get("msg") or "",
        "summary": result.get("summary") or {},
        "batch": result.get("batch") or {},
        "sites": list(result.get("sites") or ()),
        **({"vulnerabilities": found} if found else {}),
    }
    return {**report, "check_mode": is_plan(report)}


def is_plan(report: Mapping[str, Any]) -> bool:
    """Was nothing to move? Reports of older releases do not say so, and a task may have been in check mode alone."""
    return bool(report.get("check_mode")) or only_planned(report)


def only_planned(report: Mapping[str, Any]) -> bool:
    """Was something planned, and did nothing move?"""
    results = {entry.get("result") for dummy, site, entries in sites_in(report) for entry in entries}
    return "planned" in results and "updated" not in results


def changed_sites(sites: Iterable[Mapping[str, Any]] | None, check_mode: bool = False) -> list[Mapping[str, Any]]:
    """Those on which something moved; in check mode: would move."""
    return [site for site in sites or () if (site.get("result") == "planned" if check_mode else site.get("changed"))]


def stats(report: Mapping[str, Any], file: str, planning: bool) -> dict[str, Any]:
    """The counts of a report, for AWX or whatever reads custom stats."""
    changed = changed_sites(report["sites"], planning)
    summary = report["summary"]
    return {
        "url": report["dashboard"].get("url", ""),
        "msg": report["msg"],
        "failed": report["failed"],
        "changed": bool(changed),
        "check_mode": planning,
        "sites": summary.get("sites", {}),
        "updates": summary.get("updates", {}),
        "changed_sites": [str(site.get("url") or "") for site in changed],
        "failed_sites": summary.get("failed_sites", []),
        "report": file,
    }
