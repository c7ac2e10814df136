# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a run as data: what is seen first, and what belongs together. Pure. PRIVATE to the collection.

It says what a report says. What a report does not know – when a site was worked on, say, in older ones – is not on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._addresses import spoken
from .._models import epoch
from .._report import plural
from .reasons import REASONS, SETTLED
from .run import is_plan
from .timeline import timeline
from .waves import RANKS, TROUBLE

_MOVED = ("updated", "planned")
_LEFT = ("skipped", "held")
#: What somebody wants left alone comes last.
_WANTED = (*SETTLED, "suspended")
_TIME = "out_of_time"
#: What was planned and then not touched, by reason.
_UNTOUCHED = {
    "moved_elsewhere": "somebody else updated {} meanwhile.",
    "drifted": "what was planned for {} is not offered any more.",
}
#: Colours of the strip, by a site's result.
_TONES = {
    "failed": "bad",
    "unknown": "bad",
    "pending": "wait",
    "updated": "good",
    "planned": "good",
    "unchanged": "calm",
}


def run_page(report: Mapping[str, Any], planning: bool) -> dict[str, Any]:
    """What the template of the run page draws of a report."""
    sites = [site for site in report["sites"] if isinstance(site, Mapping)]
    moved = [site for site in map(_moved, sites) if site["updates"]]
    releases = _releases(sites)
    under_way = _under_way(report, sites)
    troubled = [site for site in sites if _became(site) in TROUBLE and site not in under_way]
    trouble = _trouble(troubled)
    not_tried = _not_tried(report.get("not_tried") or ())
    planning = planning or is_plan(report)
    return {
        "name": report["host"],
        "url": (report.get("dashboard") or {}).get("url") or "",
        "started": report["started"],
        "finished": report.get("finished") or "",
        "duration": _duration(report["started"], report.get("finished")),
        "planning": planning,
        "verdict": _verdict(report, sites, troubled, under_way, planning),
        "note": report.get("msg") or "" if not report.get("complete") or (report.get("failed") and not trouble) else "",
        "tiles": _tiles(sites, len(troubled), planning),
        "strip": _strip(sites),
        "trouble": trouble,
        "not_tried": not_tried,
        "moved": sum(len(site["updates"]) for site in moved),
        "moved_sites": moved,
        "releases": releases,
        "most": max((entry["sites"] for entry in releases), default=0),
        "left": _left(sites),
        "noted": [*_waiting(under_way), *_noted(sites)],
        "timeline": timeline(sites, _TONES),
    }


def _became(site: Mapping[str, Any]) -> str:
    return str(site.get("result") or "")


def _updates(site: Mapping[str, Any], *results: str) -> list[Mapping[str, Any]]:
    return [entry for entry in site.get("updates") or () if entry.get("result") in results]


def _under_way(report: Mapping[str, Any], sites: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Sites of which nobody wanted to wait for the background batch: pending, and yet no failure of the run."""
    failed = (report.get("summary") or {}).get("failed_sites")
    if not isinstance(failed, list):
        return []
    waiting = (site for site in sites if _became(site) == "pending" and not site.get("expected"))
    return [site for site in waiting if site.get("url") not in failed]


def _unfinished(sites: Iterable[Mapping[str, Any]]) -> tuple[int, bool]:
    """How many sites the run did not get done with, and whether that was for want of time."""
    found = []
    for site in sites:
        codes = {site.get("reason"), *(entry.get("reason") for entry in _updates(site, *_LEFT))}
        found += [codes] if codes & {_TIME, "stopped"} else []
    return len(found), any(_TIME in codes for codes in found)


def _verdict(
    report: Mapping[str, Any],
    sites: Sequence[Mapping[str, Any]],
    troubled: Sequence[Mapping[str, Any]],
    under_way: Sequence[Mapping[str, Any]],
    planning: bool,
) -> dict[str, str]:
    """The one sentence on top. Whatever is not surely good is not green."""
    new = [site for site in troubled if not site.get("expected")]
    so_far = not report.get("complete") and "broken_off" in report  # of a run in waves
    if report.get("broken_off"):
        return {"tone": "bad", "text": f"Broken off: {report['broken_off']}"}
    if not report.get("complete") and not so_far:
        return {"tone": "bad", "text": "The run was broken off."}
    if new:
        return {"tone": "bad", "text": f"{plural(len(new), 'site')} of {len(sites)} {_need(len(new))} attention."}
    if report.get("not_tried"):
        return {"tone": "bad", "text": f"{plural(len(report['not_tried']), 'host')} could not be tried."}
    if report.get("failed"):
        return {"tone": "bad", "text": "The run failed."}
    if so_far:
        return {"tone": "wait", "text": "This is the run so far. It did not come to its end yet."}
    if troubled:
        return {"tone": "wait", "text": f"Only trouble that was expected, on {plural(len(troubled), 'site')}."}
    unfinished, late = _unfinished(sites)
    if unfinished:
        why = "time ran out" if late else "the run stopped early"
        return {"tone": "wait", "text": f"Nothing failed, but {why}: {plural(unfinished, 'site')} not finished."}
    if under_way:
        return {"tone": "wait", "text": f"Nothing failed so far. {plural(len(under_way), 'site')} under way."}
    if not sites:
        return {"tone": "wait", "text": "There was no site to look at."}
    if planning:
        return {"tone": "good", "text": "This is a plan. Nothing was changed."}
    return {"tone": "good", "text": "Nothing failed."}


def _need(number: int) -> str:
    return "needs" if number == 1 else "need"


def _tiles(sites: Sequence[Mapping[str, Any]], troubled: int, planning: bool) -> list[dict[str, Any]]:
    left = _number(sites, *_LEFT)
    return [
        tile(len(sites), "site looked at", "sites looked at"),
        tile(
            _number(sites, *_MOVED),
            *(("update to run", "updates to run") if planning else ("update moved", "updates moved")),
        ),
        tile(troubled, "site in trouble", "sites in trouble", "bad"),
        tile(left, "update left alone", "updates left alone"),
    ]


def tile(number: int, one: str, many: str, tone: str = "") -> dict[str, Any]:
    """A number with what it counts; ``tone`` is its colour where there are any."""
    return {"label": one if number == 1 else many, "value": number, "tone": tone if number else ""}


def _number(sites: Iterable[Mapping[str, Any]], *results: str) -> int:
    return sum(len(_updates(site, *results)) for site in sites)


def _strip(sites: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = [_became(site) for site in sites]
    return [{"label": name, "number": found.count(name), "tone": _TONES.get(name, "none")} for name in RANKS]


# -- what failed ----------------------------------------------------------------------------------------------------


def _trouble(sites: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Trouble by its kind: sites with the same reason and sentence stand together. What is new comes first."""
    kinds: dict[tuple[str, str, str, bool], dict[str, Any]] = {}
    for site in sites:
        for (result, reason, message, expected), entries in _troubles(site).items():
            key = (result, reason, message, expected)
            kind = kinds.setdefault(key, {**_meaning(reason, result), "result": result, "message": message})
            kind["expected"] = expected
            kind.setdefault("sites", []).append({**_who(site), "updates": [_entry(entry) for entry in entries]})
    return sorted(kinds.values(), key=lambda kind: (kind["expected"], -len(kind["sites"])))


def _troubles(site: Mapping[str, Any]) -> dict[tuple[str, str, str, bool], list[Mapping[str, Any]]]:
    """What is wrong with one site: (result, reason, message, expected) → its updates with that."""
    expected = bool(site.get("expected"))
    found: dict[tuple[str, str, str, bool], list[Mapping[str, Any]]] = {}
    own = (_became(site), site.get("reason") or "", site.get("message") or "", expected)
    for entry in site.get("updates") or ():
        if entry.get("result") in TROUBLE or entry.get("reason") == "deactivated":
            code = entry.get("reason") or ""
            # what holds for the whole site is said once, by the site
            message = entry.get("message") or (own[2] if code == own[1] else "")
            known = expected or bool(entry.get("expected"))
            found.setdefault((entry.get("result") or "", code, message, known), []).append(entry)
    if own[1] not in {key[1] for key in found}:
        found[own] = []
    return found


def _not_tried(hosts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kinds: dict[str, list[str]] = {}
    for other in hosts:
        kinds.setdefault(str(other["message"]), []).append(str(other["host"]))
    return [{"message": message, "hosts": sorted(found)} for message, found in kinds.items()]


def _meaning(reason: str, otherwise: str = "") -> dict[str, str]:
    words = reason or otherwise
    meaning, todo = REASONS.get(reason, (words[:1].upper() + words[1:], ""))
    return {"reason": reason, "meaning": meaning, "todo": todo}


# -- what moved, what was left --------------------------------------------------------------------------------------


def _who(site: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": site.get("name") or "", "url": site.get("url") or ""}


def _called(site: Mapping[str, Any]) -> str:
    return str(site.get("name") or spoken(str(site.get("url") or "")))


def _moved(site: Mapping[str, Any]) -> dict[str, Any]:
    return {**_who(site), "updates": [_entry(entry) for entry in _updates(site, *_MOVED)]}


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An update as people read it. Translations tell no version that they come from."""
    kind = "theme" if entry["type"] == "theme" else ""
    if entry["type"] == "translation":
        kind = f"translation {entry.get('language') or ''}".rstrip()
    after = entry.get("version_planned") if entry.get("result") == "planned" else entry.get("version_after")
    code = entry.get("reason") or ""
    return {
        "name": entry.get("name") or entry.get("slug") or entry["type"],
        "kind": kind,
        "before": entry.get("version_before") or "",
        "planned": entry.get("version_planned") or "",
        "after": after or "",
        "remark": REASONS.get(code, (code, ""))[0],
    }


def _releases(sites: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What moved, by release: on how many sites, and from which versions. The most frequent first."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for site in sites:
        for entry in map(_entry, _updates(site, *_MOVED)):
            known = found.setdefault((entry["name"], entry["kind"], entry["after"]), {**entry, "sites": 0, "from": {}})
            known["sites"] += 1
            known["from"].setdefault(entry["before"])
    for known in found.values():
        earlier = list(known["from"])
        known["before"] = ", ".join(earlier[:3]) + (", …" if len(earlier) > 3 else "")
    return sorted(found.values(), key=lambda entry: (-entry["sites"], entry["name"].lower(), entry["after"]))


def _left(sites: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was left alone, by reason, then by release. What somebody decided comes after what waits for somebody."""
    kinds: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {}
    for site in sites:
        for entry in _updates(site, *_LEFT):
            told = _entry(entry)
            releases = kinds.setdefault(entry.get("reason") or "", {})
            key = (told["name"], told["kind"], told["before"], told["planned"])
            releases.setdefault(key, {**told, "sites": []})["sites"].append(_called(site))
        if _became(site) in _LEFT and not _updates(site, *_LEFT):
            whole = {"name": "The whole site", "kind": "", "before": "", "planned": "", "sites": []}
            kinds.setdefault(site.get("reason") or "", {}).setdefault(("",), whole)["sites"].append(_called(site))
    order = sorted(kinds.items(), key=lambda kind: (kind[0] in _WANTED, -len(kind[1])))
    return [
        {**_meaning(reason, "left alone"), "entries": sorted(found.values(), key=lambda entry: -len(entry["sites"]))}
        for reason, found in order
    ]


def _waiting(sites: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Updates that the Dashboard goes on with by itself."""
    found = []
    for site in sites:
        number = plural(len(_updates(site, "pending")), "update")
        text = f"{number} under way in the Dashboard's batch; the next run reads what became of that."
        found.append({**_who(site), "text": text, "message": ""})
    return found


def _noted(sites: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is no failure, and yet somebody wants to know."""
    found = []
    for site in sites:
        health = site.get("health") or {}
        if health.get("verdict") in ("broken_before", "unknown"):
            broken = health["verdict"] == "broken_before"
            text = "its pages were bad before the updates, too." if broken else "its pages could not be judged."
            found.append({**_who(site), "text": text, "message": health.get("message") or ""})
        before, after = site.get("health_score_before"), site.get("health_score_after")
        if isinstance(before, int) and isinstance(after, int) and after < before:
            found.append({**_who(site), "text": f"its health score fell from {before} to {after}.", "message": ""})
        for code, text in _UNTOUCHED.items():
            names = [_entry(entry)["name"] for entry in _updates(site, "unchanged") if entry.get("reason") == code]
            if names:
                found.append({**_who(site), "text": text.format(", ".join(names)), "message": ""})
        if site.get("new_pending"):
            text = f"{plural(len(site['new_pending']), 'update')} came to light, and {_wait(site)} for the next run."
            found.append({**_who(site), "text": text, "message": ""})
    return found


def _wait(site: Mapping[str, Any]) -> str:
    return "waits" if len(site["new_pending"]) == 1 else "wait"


def _duration(started: str, finished: Any) -> str:
    """``4 min 10 s``; empty where one of the times is none."""
    try:
        seconds = int((epoch(str(finished or "")) or 0) - (epoch(started) or 0))
    except ValueError:
        return ""
    if not finished or seconds < 0:
        return ""
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
