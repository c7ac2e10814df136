# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Add what became of some sites to the run's reports, one for each Dashboard: ``merge_report.py STATE``.

STATE is a file for the time of the run; waves, and hosts that finish at the same time, add to it. Standard input
is a JSON map with ``dir`` (where reports go, empty for nowhere), ``check_mode`` and ``sites``, a list of maps with
``name`` (of the Dashboard), ``dashboard`` and ``site``, or ``host`` and ``failure`` where there was no result. Standard
output is JSON with ``stats`` by Dashboard, ``lines`` for people about the whole run so far, and ``warning``.
"""

from __future__ import annotations

import collections
import contextlib
import fcntl
import json
import os
import pathlib
import re
import sys
import time
from typing import Any

#: Results of a site, the worst first.
RANKS = ("failed", "unknown", "pending", "updated", "planned", "held", "skipped", "unchanged")
TROUBLE = RANKS[:3]
FORMAT = 1
#: Lines about what moved, and about trouble, on the terminal; sites named in one.
SHOWN, NAMED = 30, 5
#: Nobody tells when a run is over: states that are older than this, in seconds, are removed.
STATES_LIVE = 7 * 86400


def now() -> str:
    """UTC, as in the modules' results."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def merged(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """A site that was worked on again, by another play of the same run: nothing that happened is lost."""
    if old is None:
        return new
    updates = [entry for entry in old["updates"] if entry not in new["updates"]]
    kept = [entry for entry in updates if entry["result"] in ("updated", *TROUBLE)]
    worse = min((old, new), key=lambda site: RANKS.index(site["result"]))
    return {
        **new,
        "result": worse["result"],
        "reason": worse["reason"],
        "message": worse["message"],
        "expected": worse["expected"],
        "changed": old["changed"] or new["changed"],
        "updates": [*kept, *new["updates"]],
    }


def summary(report: dict[str, Any]) -> dict[str, Any]:
    """Counts in the shape of the modules' ``summary``."""
    sites = report["sites"]
    updates = [entry for site in sites for entry in site["updates"]]
    of_sites = collections.Counter(site["result"] for site in sites)
    of_updates = collections.Counter(entry["result"] for entry in updates)
    troubled = [site for site in sites if site["result"] in TROUBLE]
    return {
        "sites": {"total": len(sites), **{name: of_sites[name] for name in RANKS}},
        "updates": {"total": len(updates), **{name: of_updates[name] for name in RANKS}},
        "expected_failures": sum(1 for site in troubled if site["expected"]),
        "failed_sites": sorted(site["url"] for site in troubled if not site["expected"]),
    }


def plural(number: int) -> str:
    """``1 update``, ``2 updates``."""
    return f"{number} update{'' if number == 1 else 's'}"


def lines(name: str, report: dict[str, Any]) -> list[str]:
    """The run so far as people read it: one line, what moved on how many sites, and which sites are in trouble."""
    steps: collections.Counter[str] = collections.Counter()
    trouble: dict[str, list[str]] = {}
    for site in report["sites"]:
        for entry in site["updates"]:
            if entry["result"] in ("updated", "planned"):
                new = entry["version_after"] if entry["result"] == "updated" else entry["version_planned"]
                versions = f" {entry['version_before']} → {new}" if entry["version_before"] else ""
                steps[f"{entry['name']}{versions}"] += 1
        if site["result"] in TROUBLE:
            known = ", expected" if site["expected"] else ""
            what = f"{site['result']} ({site['reason']}{known}). {site['message']}".rstrip()
            trouble.setdefault(what, []).append(site["url"])
    for other in report["not_tried"]:
        trouble.setdefault(f"not tried. {other['message']}", []).append(other["host"])
    most = sorted(steps.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [f"{name}: {report['msg']}"]
    told += [f"  {number} × {step}" for step, number in most[:SHOWN]]
    told += [f"  … and {len(most) - SHOWN} more"] if len(most) > SHOWN else []
    for what, sites in list(trouble.items())[:SHOWN]:
        more = f" and {len(sites) - NAMED} more" if len(sites) > NAMED else ""
        told.append(f"  {', '.join(sites[:NAMED])}{more}: {what}")
    return told


def message(report: dict[str, Any]) -> str:
    """The run in one line. Check mode plans; nothing was updated then, and nothing moved."""
    counts = report["summary"]["sites"]
    moved: collections.Counter[str] = collections.Counter()
    for site in report["sites"]:
        moved[site["result"]] += sum(1 for entry in site["updates"] if entry["result"] in ("updated", "planned"))
    worse = (*TROUBLE, "held", "skipped")
    fine = sum(number for name, number in moved.items() if name not in worse)
    done = f"{fine} planned" if report["check_mode"] else plural(fine)
    parts = [f"{counts['total'] - sum(counts[name] for name in worse)} ok ({done})"]
    parts += [
        f"{counts[name]} {name}" + (f" ({plural(moved[name])} moved)" if moved[name] else "")
        for name in worse
        if counts[name]
    ]
    if report["not_tried"]:
        parts.append(f"{len(report['not_tried'])} not tried")
    return " · ".join(parts) + (f" – broken off: {report['broken_off']}" if report["broken_off"] else "")


def add(state: dict[str, Any], entry: dict[str, Any], check_mode: bool) -> None:
    """Add one host's part to its Dashboard's report."""
    name = entry["name"]
    report = state.setdefault(
        name,
        {
            "format": FORMAT,
            "host": name,
            "check_mode": check_mode,
            "dashboard": {},
            "started": now(),
            "sites": [],
            "not_tried": [],
            "broken_off": "",
        },
    )
    if entry.get("dashboard"):
        report["dashboard"] = entry["dashboard"]
    report["not_tried"] = [other for other in report["not_tried"] if other["host"] != entry["host"]]
    report["broken_off"] = report["broken_off"] or entry.get("broken_off") or ""
    site = entry.get("site")
    if site is None:
        report["not_tried"].append({"host": entry["host"], "message": entry["failure"]})
        return
    known = {other["id"]: other for other in report["sites"]}
    known[site["id"]] = merged(known.get(site["id"]), site)
    report["sites"] = sorted(known.values(), key=lambda other: other["url"])


def finish(report: dict[str, Any]) -> None:
    """Bring what is computed up to date."""
    report["finished"] = now()
    report["summary"] = summary(report)
    report["failed"] = bool(report["summary"]["failed_sites"] or report["not_tried"] or report["broken_off"])
    report["msg"] = report["summary"]["msg"] = message(report)


def folder_of(folder: str, name: str) -> pathlib.Path:
    """Where a Dashboard's reports are."""
    return pathlib.Path(folder).expanduser() / re.sub(r"[^A-Za-z0-9._-]+", "_", name)


def path_of(folder: str, name: str, report: dict[str, Any]) -> pathlib.Path:
    """Where a Dashboard's report of this run is."""
    return folder_of(folder, name) / report["started"].replace(":", "") / "report.json"


def remove_part(folder: str, entry: dict[str, Any], run: str) -> None:
    """What the site's own task wrote is in the report now."""
    parts = folder_of(folder, entry["name"]) / "unfinished"
    with contextlib.suppress(OSError):
        (parts / f"{run}-{entry['site']['id']}.json").unlink(missing_ok=True)
        parts.rmdir()


def write(path: pathlib.Path, data: Any) -> None:
    """Whole or not at all, and for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        # A lone surrogate from the API becomes a JSON escape.
        with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            json.dump(data, file, ensure_ascii=False, indent=4, sort_keys=True)
            file.write("\n")
        partial.replace(path)
    except BaseException:  # a full disk, Ctrl-C: the half is of no use to anybody
        partial.unlink(missing_ok=True)
        raise


def stats(report: dict[str, Any], file: str) -> dict[str, Any]:
    """What AWX gets."""
    return {
        "url": report["dashboard"].get("url", ""),
        "msg": report["msg"],
        "failed": report["failed"],
        "changed": any(site["changed"] for site in report["sites"]),
        "check_mode": report["check_mode"],
        "sites": report["summary"]["sites"],
        "updates": report["summary"]["updates"],
        "changed_sites": [site["url"] for site in report["sites"] if site["changed"]],
        "failed_sites": report["summary"]["failed_sites"],
        "report": file,
    }


def tidy(folder: pathlib.Path) -> None:
    """Remove what old runs left."""
    for path in folder.glob("run-*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > STATES_LIVE:
                path.unlink()


def main(file: str) -> None:
    """Merge, write, tell."""
    os.umask(0o077)
    given = json.load(sys.stdin)
    path = pathlib.Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    tidy(path.parent)
    warning, told, spoken = "", {}, []
    with path.with_suffix(".guard").open("w", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        state = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        for entry in given["sites"]:
            add(state, entry, given["check_mode"])
        for name in sorted({entry["name"] for entry in given["sites"]}):
            report, target = state[name], ""
            finish(report)
            if given["dir"] and not given["check_mode"]:
                target = str(path_of(given["dir"], name, report))
                try:
                    write(pathlib.Path(target), report)
                    for entry in given["sites"]:
                        if entry["name"] == name and entry.get("site"):
                            remove_part(given["dir"], entry, path.stem.removeprefix("run-"))
                except OSError as exc:
                    warning, target = f"The report was not written: {exc}", ""
            told[name] = stats(report, target)
            spoken += lines(name, report)
        write(path, state)
    sys.stdout.write(json.dumps({"stats": told, "lines": spoken, "warning": warning}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
