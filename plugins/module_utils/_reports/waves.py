# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a run to which several tasks add, host by host and wave by wave. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._report import and_more, plural
from .._stored import FORMAT
from .run import changed_sites, only_planned

#: Results of a site, the worst first.
RANKS = ("failed", "unknown", "pending", "updated", "planned", "held", "skipped", "unchanged")
TROUBLE = RANKS[:3]
_MOVED = ("updated", "planned")
#: Lines about what moved, and about trouble, on the terminal; sites named in one.
_SHOWN = 30


def begun(name: str, started: str, check_mode: bool) -> dict[str, Any]:
    """The report of a Dashboard of which nothing is known yet."""
    return {
        "format": FORMAT,
        "complete": False,
        "host": name,
        "check_mode": check_mode,
        "dashboard": {},
        "started": started,
        "sites": [],
        "not_tried": [],
        "broken_off": "",
    }


def added(report: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    """``report`` with what became of a host: its sites, or why there are none. Nothing was to be done without either."""
    host, result = one["host"], one["result"]
    sites = {site["id"]: site for site in report["sites"]}
    for site in result.get("sites") or ():
        sites[site["id"]] = _merged(sites.get(site["id"]), site)
    not_tried = [other for other in report["not_tried"] if other["host"] != host]
    fine = "sites" in result and not result.get("failed")
    why = one["failure"] or ("" if fine else str(result.get("msg") or ""))
    if why and not result.get("sites"):
        not_tried.append({"host": host, "message": why})
    under_way = {*report.get("under_way", ()), *_under_way(result)}
    told = {
        **report,
        **({"under_way": sorted(under_way)} if under_way else {}),
        "dashboard": result.get("dashboard") or report["dashboard"],
        "sites": sorted(sites.values(), key=lambda site: str(site["url"])),
        "not_tried": not_tried,
        "broken_off": report["broken_off"] or result.get("broken_off") or "",
    }
    planning = report["check_mode"] and not changed_sites(told["sites"])
    return {**told, "check_mode": planning or only_planned(told)}


def _under_way(result: Mapping[str, Any]) -> list[str]:
    """Sites of which nobody wanted to wait for the background batch: pending, and yet the task calls them no failure."""
    failed = (result.get("summary") or {}).get("failed_sites")
    return [
        str(site["url"])
        for site in result.get("sites") or ()
        if site["result"] == "pending" and isinstance(failed, list) and site["url"] not in failed
    ]


def _merged(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Mapping[str, Any]:
    """A site that was worked on again, by another play of the same run: nothing that happened is lost."""
    if old is None:
        return new
    kept = [entry for entry in _updates(old) if entry not in _updates(new) and entry["result"] in ("updated", *TROUBLE)]
    worse = min((old, new), key=_rank)
    return {
        **new,
        **{key: worse.get(key) for key in ("result", "reason", "message", "expected")},
        "changed": old["changed"] or new["changed"],
        "updates": [*kept, *_updates(new)],
        **({"turns": _together(old, new, "turns")} if "turns" in new else {}),
    }


def _together(old: Mapping[str, Any], new: Mapping[str, Any], key: str) -> list[Any]:
    """What both list, once."""
    return [*(entry for entry in old.get(key) or () if entry not in new[key]), *new[key]]


def _rank(site: Mapping[str, Any]) -> int:
    return RANKS.index(site["result"]) if site["result"] in RANKS else len(RANKS)


def _updates(site: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Those of a site; a sync knows of none."""
    return site.get("updates") or ()


def finished(report: Mapping[str, Any], now: str, complete: bool) -> dict[str, Any]:
    """``report`` with all that is computed. ``complete``: the run is at its end."""
    summary = _summary(report)
    done = {
        **report,
        "complete": complete and not report["broken_off"],
        "finished": now,
        "failed": bool(summary["failed_sites"] or report["not_tried"] or report["broken_off"]),
    }
    message = _message(done, summary["sites"])
    return {**done, "summary": {**summary, "msg": message}, "msg": message}


def _summary(report: Mapping[str, Any]) -> dict[str, Any]:
    """Counts in the shape of the modules' ``summary``."""
    sites = report["sites"]
    troubled = [site for site in sites if _is_trouble(report, site)]
    return {
        "sites": _counts(sites),
        "updates": _counts(entry for site in sites for entry in _updates(site)),
        "expected_failures": sum(1 for site in troubled if site.get("expected")),
        "failed_sites": sorted(site["url"] for site in troubled if not site.get("expected")),
    }


def _is_trouble(report: Mapping[str, Any], site: Mapping[str, Any]) -> bool:
    if site["result"] == "pending" and site["url"] in report.get("under_way", ()):
        return bool(site.get("expected"))
    return site["result"] in TROUBLE


def _counts(entries: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    found = Counter(entry["result"] for entry in entries)
    return {"total": sum(found.values()), **{name: found[name] for name in RANKS}}


def _message(report: Mapping[str, Any], counts: Mapping[str, int]) -> str:
    """The run in one line. Check mode plans; nothing was updated then, and nothing moved."""
    moved: Counter[str] = Counter()
    for site in report["sites"]:
        moved[site["result"]] += sum(entry["result"] in _MOVED for entry in _updates(site))
    worse = (*TROUBLE, "held", "skipped")
    fine = sum(number for name, number in moved.items() if name not in worse)
    done = f"{fine} planned" if report["check_mode"] else plural(fine, "update")
    parts = [f"{counts['total'] - sum(counts[name] for name in worse)} ok ({done})"]
    parts += [
        f"{counts[name]} {name}" + (f" ({plural(moved[name], 'update')} moved)" if moved[name] else "")
        for name in worse
        if counts[name]
    ]
    if report["not_tried"]:
        parts.append(f"{len(report['not_tried'])} not tried")
    return " · ".join(parts) + (f" – broken off: {report['broken_off']}" if report["broken_off"] else "")


def lines(report: Mapping[str, Any]) -> list[str]:
    """The run so far as people read it: one line, what moved on how many sites, and which sites are in trouble."""
    steps: Counter[str] = Counter(
        _step(entry) for site in report["sites"] for entry in _updates(site) if entry["result"] in _MOVED
    )
    trouble: dict[str, list[str]] = {}
    for site in report["sites"]:
        if _is_trouble(report, site):
            known = ", expected" if site.get("expected") else ""
            what = f"{site['result']} ({site['reason']}{known}). {site['message']}".rstrip()
            trouble.setdefault(what, []).append(site["url"])
    for other in report["not_tried"]:
        trouble.setdefault(f"not tried. {other['message']}", []).append(other["host"])
    most = sorted(steps.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [f"{report['host']}: {report['msg']}"]
    told += [f"  {number} × {step}" for step, number in most[:_SHOWN]]
    told += [f"  … and {len(most) - _SHOWN} more"] if len(most) > _SHOWN else []
    for what, sites in list(trouble.items())[:_SHOWN]:
        told.append(f"  {and_more(sites)}: {what}")
    return told


def _step(entry: Mapping[str, Any]) -> str:
    new = entry["version_after"] if entry["result"] == "updated" else entry["version_planned"]
    return f"{entry['name']} {entry['version_before']} → {new}" if entry["version_before"] else str(entry["name"])
