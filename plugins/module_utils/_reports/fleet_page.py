# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a fleet as data: versions, pending updates and their age, trouble, backups. Pure. PRIVATE to the collection.

Everything is keyed by (Dashboard, id), for ids are counted by each Dashboard. What no source tells is left out.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._addresses import normal_url, spoken
from .._models import epoch
from .._stored import sites_in
from .._versions import order
from .reasons import REASONS
from .run_page import tile

#: (normal address of the Dashboard, id of the site)
Key = tuple[str, int]
#: (type, slug, language, version that is offered)
Offer = tuple[str, str, str, str]

DAY = 86400
#: Upper ends of the ages of pending updates, in days, and what they are called.
_AGES = ((7, "≤ 1 week"), (30, "≤ 1 month"), (90, "≤ 3 months"), (math.inf, "longer"))
#: Reasons for which nobody will run an update, because somebody wants that; and what is installed already.
_SETTLED = ("ignored", "excluded", "same_version", "older")
_BACKUP = ("backup_unknown", "backup_too_old")
#: Not synced for so many days before the newest of the data.
_STALE = 7
#: A health score below this is told, and MainWP's own word for it is "should be improved".
_HEALTHY = 80


@dataclass
class Known:
    """What is known of one site, by the newest of the sources."""

    url: str
    name: str
    seen: float = -1
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: Offers, with the entry that tells of them; None: no source tells.
    offers: dict[Offer, Mapping[str, Any]] | None = None
    offers_seen: float = -1
    first: dict[Offer, float] = field(default_factory=dict)
    backup: str = ""


def fleet_page(
    name: str,
    infos: Iterable[Mapping[str, Any]],
    plans: Iterable[Mapping[str, Any]],
    reports: Iterable[Mapping[str, Any]],
    extra: Mapping[str, Any],
) -> dict[str, Any]:
    """What the template of the fleet page draws. ``infos``: results of mainwp_site_info; ``plans``: those of
    mainwp_update_info; ``reports``: stored reports, for the age of offers alone."""
    fleet: dict[Key, Known] = {}
    for result in infos:
        _look(fleet, result, _add_info)
    for result in plans:
        _look(fleet, result, _add_plan)
    for report in reports:
        _date(fleet, report)
    sites = sorted(fleet.values(), key=lambda site: site.url)
    newest = max((max(site.seen, site.offers_seen) for site in sites), default=-1)
    pending = _pending(sites, newest)
    trouble = _trouble(sites, newest)
    backups = _backups(fleet, extra)
    return {
        "name": name,
        "as_of": newest if newest > 0 else None,
        "dashboards": sorted({dashboard for dashboard, dummy in fleet}),
        "sites": len(sites),
        "tiles": _tiles(sites, pending, trouble, backups),
        "wordpress": _versions(sites, "wp_version", lambda version: version),
        "php": _versions(sites, "php_version", _branch),
        "pending": pending,
        "trouble": trouble,
        "backups": backups,
    }


# -- what the sources tell ------------------------------------------------------------------------------------------


def _look(
    fleet: dict[Key, Known], result: Mapping[str, Any], add: Callable[[Known, Mapping[str, Any], float], None]
) -> None:
    for number, site, dummy in sites_in(result):
        key = (dashboard_of(result), number)
        known = fleet.setdefault(key, Known(str(site.get("url") or ""), str(site.get("name") or "")))
        add(known, site, time_of(site.get("last_sync")))


def dashboard_of(result: Mapping[str, Any]) -> str:
    """The normal address of the Dashboard that a result is about; empty where it names none."""
    dashboard = result.get("dashboard")
    return normal_url(str(dashboard.get("url") or "")) if isinstance(dashboard, Mapping) else ""


def time_of(stamp: Any) -> float:
    """Unix seconds; 0 where that is no time."""
    try:
        return epoch(str(stamp or "")) or 0
    except (ValueError, OverflowError):
        return 0


def _add_info(known: Known, site: Mapping[str, Any], seen: float) -> None:
    if seen >= known.seen:
        known.seen, known.facts = seen, {**known.facts, **site}
        known.url, known.name = str(site.get("url") or ""), str(site.get("name") or "")
    if isinstance(site.get("updates"), list):
        _offered(known, {_offer(entry, "new_version"): _as_entry(entry) for entry in _maps(site["updates"])}, seen)


def _add_plan(known: Known, site: Mapping[str, Any], seen: float) -> None:
    if seen > known.seen:
        told = {key: site[key] for key in ("wp_version", "last_sync") if site.get(key)}
        known.seen, known.facts = seen, {**known.facts, **told}
    entries = _maps(site.get("updates"))
    _offered(known, {_offer(entry, "version_planned"): entry for entry in entries}, seen)
    known.backup = next((entry["reason"] for entry in entries if entry.get("reason") in _BACKUP), known.backup)


def _offered(known: Known, offers: dict[Offer, Mapping[str, Any]], seen: float) -> None:
    if seen >= known.offers_seen:
        known.offers, known.offers_seen = offers, seen
    for offer in offers:
        known.first[offer] = min(seen, known.first.get(offer, math.inf))


def _date(fleet: Mapping[Key, Known], report: Mapping[str, Any]) -> None:
    """An earlier report shows that an offer is older than the newest data."""
    dashboard, finished = dashboard_of(report), time_of(report.get("finished"))
    for number, site, entries in sites_in(report):
        known = fleet.get((dashboard, number))
        if known is None or not finished:
            continue
        found = [_offer(entry, "version_planned") for entry in entries]
        found += [_offer(entry, "new_version") for entry in _maps(site.get("new_pending"))]
        for offer in found:
            if offer in (known.offers or {}):
                known.first[offer] = min(finished, known.first.get(offer, math.inf))


def _offer(entry: Mapping[str, Any], version: str) -> Offer:
    return (*(str(entry.get(key) or "") for key in ("type", "slug", "language")), str(entry.get(version) or ""))  # type: ignore[return-value]


def _as_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "version_before": entry.get("version"), "version_planned": entry.get("new_version")}


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


# -- what the page says ---------------------------------------------------------------------------------------------


def _tiles(
    sites: Sequence[Known], pending: Mapping[str, Any] | None, trouble: Sequence[Any], backups: Sequence[Any] | None
) -> list[dict[str, Any]]:
    troubled = len({site["key"] for kind in trouble for site in kind["sites"]})
    tiles = [tile(len(sites), "site", "sites")]
    if pending is not None:
        tiles.append(tile(pending["total"], "pending update", "pending updates"))
    tiles.append(tile(troubled, "site in trouble", "sites in trouble", "bad"))
    if backups is not None:
        tiles.append(tile(len(backups), "site without a known backup", "sites without a known backup", "bad"))
    return tiles


def _versions(sites: Sequence[Known], key: str, shown: Callable[[str], str]) -> list[dict[str, Any]]:
    """How many sites run which version, the newest first; those that do not tell come last."""
    found: dict[str, list[str]] = {}
    for site in sites:
        found.setdefault(shown(str(site.facts.get(key) or "")), []).append(_named(site))
    if not any(found):
        return []
    newest = sorted(filter(None, found), key=functools.cmp_to_key(order), reverse=True)
    told = [{"label": version, "number": len(found[version]), "sites": found[version]} for version in newest]
    return told + [
        {"label": "not known", "number": len(names), "sites": names} for version, names in found.items() if not version
    ]


def _branch(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _named(site: Known) -> str:
    return site.name or spoken(site.url)


def _pending(sites: Sequence[Known], newest: float) -> dict[str, Any] | None:
    """Pending updates by release and by age. None where no source tells of any site's."""
    told = [site for site in sites if site.offers is not None]
    if not told:
        return None
    releases: dict[tuple[str, ...], dict[str, Any]] = {}
    ages = dict.fromkeys((name for dummy, name in _AGES), 0)
    for site in told:
        for offer, entry in (site.offers or {}).items():
            if entry.get("reason") in _SETTLED:
                continue
            days = max(0.0, newest - site.first[offer]) / DAY if site.first[offer] else None
            kind, slug, language, version = offer
            known = releases.setdefault(
                (kind, slug, language, version),
                {
                    "name": str(entry.get("name") or slug or kind),
                    "kind": f"translation {language}" if kind == "translation" else "theme" if kind == "theme" else "",
                    "after": version,
                    "sites": 0,
                    "days": None,
                },
            )
            known["sites"] += 1
            if days is not None:
                known["days"] = max(int(days), known["days"] or 0)
                ages[next(name for most, name in _AGES if days <= most)] += 1
    ordered = sorted(releases.values(), key=lambda entry: (-entry["sites"], entry["name"].lower(), entry["after"]))
    return {
        "total": sum(entry["sites"] for entry in ordered),
        "told": len(told),
        "silent": len(sites) - len(told),
        "releases": ordered,
        "most": max((entry["sites"] for entry in ordered), default=0),
        "ages": [{"label": name, "number": number, "unknown": False} for name, number in ages.items()]
        if any(ages.values())
        else [],
    }


def _trouble(sites: Sequence[Known], newest: float) -> list[dict[str, Any]]:
    """Sites that somebody has to look at, by what is wrong."""
    kinds: dict[str, dict[str, Any]] = {}
    for number, site in enumerate(sites):
        for title, todo, message in _wrong(site, newest):
            kind = kinds.setdefault(title, {"title": title, "todo": todo, "sites": []})
            kind["sites"].append({"key": number, "name": site.name, "url": site.url, "message": message})
    return sorted(kinds.values(), key=lambda kind: -len(kind["sites"]))


def _wrong(site: Known, newest: float) -> Iterable[tuple[str, str, str]]:
    facts = site.facts
    if facts.get("status") == "disconnected":
        yield "MainWP cannot reach the site", REASONS["disconnected"][1], str(facts.get("sync_errors") or "")
    status = str(facts.get("http_status") or "")
    if re.match(r"[45]\d\d\b", status):
        yield "The uptime check found an error", "Look at the site now.", f"HTTP {status}"
    paused = facts.get("status") == "suspended"
    if facts.get("last_sync") and not paused and newest - time_of(facts["last_sync"]) > _STALE * DAY:
        todo = "Sync it, and see why nobody did."
        yield f"Not synced for more than {_STALE} days", todo, f"last on {str(facts['last_sync'])[:10]}"
    score = facts.get("health_score")
    if isinstance(score, int) and not isinstance(score, bool) and 0 < score < _HEALTHY:
        yield "WordPress itself finds something to improve", "Look at Tools → Site Health there.", f"score {score}"


def _backups(fleet: Mapping[Key, Known], extra: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Sites of which no recent backup is known. None where no source tells of backups at all."""
    noted = extra.get("backups")
    if noted is None and not any(site.backup for site in fleet.values()):
        return None
    found = []
    for key, site in sorted(fleet.items(), key=lambda pair: pair[1].url):
        backed_up = any(is_about(entry, key, site.url) for entry in noted or ())
        if site.backup == "backup_too_old":
            found.append({"name": site.name, "url": site.url, "text": "its last backup is too old"})
        elif not backed_up and (site.backup or noted is not None):
            found.append({"name": site.name, "url": site.url, "text": "no backup is known"})
    return found


def is_about(entry: Mapping[str, Any], key: Key, url: str) -> bool:
    """Does an entry of ``extra`` name this site, by id or address, on this Dashboard?"""
    dashboard, site = entry.get("dashboard"), str(entry["site"])
    if dashboard and normal_url(str(dashboard)) != key[0]:
        return False
    return site == str(key[1]) if site.isdecimal() else normal_url(site) == normal_url(url)
