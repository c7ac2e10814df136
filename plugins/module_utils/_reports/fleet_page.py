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

from .._addresses import spoken
from .._models import iso
from .._stored import maps, sites_in
from .._versions import order, spelling
from .appeared import new_administrators, new_plugins
from .availability import DOWN, Measured, Watch, hundredths, measured
from .belonging import BACKUPS, Belonging
from .keys import Key, dashboard_of, sites_of, time_of
from .reasons import REASONS, is_settled
from .run_page import tile
from .trend import pending_over_time
from .vulnerable import looks_of, open_ones

#: (type, slug, language, version that is offered, in its one spelling)
Offer = tuple[str, str, str, str]

DAY = 86400
#: Upper ends of the ages of pending updates, in days, and what they are called.
_AGES = ((7, "≤ 1 week"), (30, "≤ 1 month"), (90, "≤ 3 months"), (math.inf, "longer"))
_BACKUP = ("backup_unknown", "backup_too_old")
#: So many sites fill a bar at least.
_FEW = 5
#: Not synced for so many days before the newest of the data.
_STALE = 7
#: Availability is told for so many days before the newest heartbeat.
_WATCHED = 30
#: A health score below this is told, and MainWP's own word for it is "should be improved".
_HEALTHY = 80


@dataclass
class Known:
    """What is known of one site, by the newest of the sources."""

    url: str
    name: str
    seen: float = -1
    #: By the newest listing.
    listed: float = -1
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: Offers, with the entry that tells of them; None: no source tells.
    offers: dict[Offer, Mapping[str, Any]] | None = None
    offers_seen: float = -1
    first: dict[Offer, float] = field(default_factory=dict)
    #: What the newest plan says of the whole site, and of its backup.
    planned: float = -1
    refused: str = ""
    why: str = ""
    backup: str = ""
    watch: Watch | None = None


@dataclass(frozen=True)
class Told:
    """What the page is made from: results that were kept, and stored ``reports``, for the age of offers alone."""

    infos: Sequence[Mapping[str, Any]] = ()
    plans: Sequence[Mapping[str, Any]] = ()
    reports: Sequence[Mapping[str, Any]] = ()
    watches: Mapping[Key, Watch] = field(default_factory=dict)
    vulnerabilities: Sequence[Mapping[str, Any]] = ()
    users: Sequence[Mapping[str, Any]] = ()
    extra: Belonging = field(default_factory=dict)


def fleet_page(name: str, told: Told) -> dict[str, Any]:
    """What the template of the fleet page draws."""
    fleet: dict[Key, Known] = {}
    _look(fleet, told.infos, _add_info)
    _look(fleet, told.plans, _add_plan)
    gone = _gone((*told.infos, *told.plans))
    for key in gone:
        del fleet[key]
    for report in told.reports:
        _date(fleet, report)
    for key, watch in told.watches.items():
        if key in fleet:
            fleet[key].watch = watch
    sites = sorted(fleet.values(), key=lambda site: site.url)
    newest = max((max(site.seen, site.offers_seen) for site in sites), default=-1)
    looks = {key: found for key, found in looks_of(told.vulnerabilities).items() if key not in gone}
    shown: dict[str, Any] = {
        "pending": _pending(sites, newest),
        "trouble": _trouble(sites, newest),
        "backups": _backups(fleet, told.extra),
        "vulnerable": {**open_ones(looks, told.vulnerabilities), "silent": len(fleet.keys() - looks.keys())}
        if looks
        else None,
    }
    return {
        "name": name,
        "as_of": newest if newest > 0 else None,
        "dashboards": sorted({dashboard for dashboard, dummy in fleet}),
        "sites": len(sites),
        "tiles": _tiles(sites, **shown),
        "wordpress": _versions(sites, "wp_version", lambda version: version),
        "php": _versions(sites, "php_version", _branch),
        **shown,
        "trend": pending_over_time(told.infos, told.plans, gone),
        "availability": _availability(sites),
        "new_plugins": new_plugins(told.infos),
        "new_administrators": new_administrators(told.users),
    }


# -- what the sources tell ------------------------------------------------------------------------------------------


def _look(
    fleet: dict[Key, Known],
    results: Iterable[Mapping[str, Any]],
    add: Callable[[Known, Mapping[str, Any], float], None],
) -> None:
    for key, site, dummy in sites_of(results):
        known = fleet.setdefault(key, Known(str(site.get("url") or ""), str(site.get("name") or "")))
        add(known, site, time_of(site.get("last_sync")))


def _gone(results: Iterable[Mapping[str, Any]]) -> set[Key]:
    """Sites that nothing has which was asked of their Dashboard lately: it does not manage them any more."""
    last: dict[Key, float] = {}
    newest: dict[str, float] = {}
    for result in results:
        keys = [key for key, dummy, told in sites_of([result])]
        asked = max((time_of(site.get("last_sync")) for site in maps(result.get("sites"))), default=0.0)
        for key in keys:
            last[key] = max(asked or math.inf, last.get(key, 0.0))
            newest[key[0]] = max(asked, newest.get(key[0], 0.0))
    return {key for key, asked in last.items() if newest[key[0]] - asked > _STALE * DAY}


def _add_info(known: Known, site: Mapping[str, Any], seen: float) -> None:
    if seen >= known.seen:
        known.seen = known.listed = seen
        known.facts = {**known.facts, **site}
        known.url, known.name = str(site.get("url") or ""), str(site.get("name") or "")
    if isinstance(site.get("updates"), list):
        _offered(known, {_offer(entry, "new_version"): _as_entry(entry) for entry in maps(site["updates"])}, seen)


def _add_plan(known: Known, site: Mapping[str, Any], seen: float) -> None:
    if seen > known.seen:
        told = {key: site[key] for key in ("wp_version", "last_sync") if site.get(key)}
        known.seen, known.facts = seen, {**known.facts, **told}
    entries = maps(site.get("updates"))
    _offered(known, {_offer(entry, "version_planned"): entry for entry in entries}, seen)
    if seen >= known.planned:
        known.planned = seen
        known.refused, known.why = str(site.get("reason") or ""), str(site.get("message") or "")
        known.backup = next((entry["reason"] for entry in entries if entry.get("reason") in _BACKUP), "")


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
        found += [_offer(entry, "new_version") for entry in maps(site.get("new_pending"))]
        for offer in found:
            if offer in (known.offers or {}):
                known.first[offer] = min(finished, known.first.get(offer, math.inf))


def _offer(entry: Mapping[str, Any], version: str) -> Offer:
    kind, slug, language, offered = (str(entry.get(key) or "") for key in ("type", "slug", "language", version))
    return kind, slug, language, spelling(offered)


def _as_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "version_before": entry.get("version"), "version_planned": entry.get("new_version")}


# -- what the page says ---------------------------------------------------------------------------------------------


def _tiles(
    sites: Sequence[Known],
    pending: Mapping[str, Any] | None,
    trouble: Sequence[Any],
    backups: Sequence[Any] | None,
    vulnerable: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    troubled = len({site["key"] for kind in trouble for site in kind["sites"]})
    known = troubled or any(site.facts.get("status") or site.planned >= 0 or site.watch for site in sites)
    tiles = [tile(len(sites), "site", "sites")]
    if vulnerable is not None:
        tiles.append(tile(vulnerable["open"], "open vulnerability", "open vulnerabilities", "bad"))
    if pending is not None:
        tiles.append(tile(pending["total"], "pending update", "pending updates"))
    if known:
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
    releases: dict[Offer, dict[str, Any]] = {}
    waiting: set[int] = set()
    ages = dict.fromkeys((name for dummy, name in _AGES), 0)
    for place, site in enumerate(told):
        for offer, entry in (site.offers or {}).items():
            if is_settled(entry, site.facts):
                continue
            waiting.add(place)
            days = max(0.0, newest - site.first[offer]) / DAY if site.first[offer] else None
            kind, slug, language, dummy = offer
            known = releases.setdefault(
                offer,
                {
                    "name": str(entry.get("name") or slug or kind),
                    "kind": f"translation {language}" if kind == "translation" else "theme" if kind == "theme" else "",
                    "after": str(entry.get("version_planned") or ""),
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
        "waiting": len(waiting),
        "told": len(told),
        "silent": len(sites) - len(told),
        "releases": ordered,
        # a single site should not look like all of them
        "most": max([_FEW, *(entry["sites"] for entry in ordered)]),
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
    # of a listing and a plan the newer one knows; of one time, both do
    told = {
        facts.get("status") if site.listed >= site.planned else "",
        site.refused if site.planned >= site.listed else "",
    }
    if "disconnected" in told:
        why = str(facts.get("sync_errors") or site.why)
        yield "MainWP cannot reach the site", REASONS["disconnected"][1], why
    elif "locked_out" in told:
        yield "MainWP refuses the site since an earlier failure", REASONS["locked_out"][1], site.why
    if site.watch and site.watch.last.state == DOWN:
        yield "The last heartbeat found the site down", "Look at the site now.", f"at {iso(site.watch.last.at)}"
    status = str(facts.get("http_status") or "")
    if re.match(r"[45]\d\d\b", status):
        yield "The uptime check found an error", "Look at the site now.", f"HTTP {status}"
    paused = "suspended" in told
    if facts.get("last_sync") and not paused and newest - time_of(facts["last_sync"]) > _STALE * DAY:
        todo = "Sync it, and see why nobody did."
        yield f"Not synced for more than {_STALE} days", todo, f"last on {str(facts['last_sync'])[:10]}"
    score = facts.get("health_score")
    if isinstance(score, int) and not isinstance(score, bool) and 0 < score < _HEALTHY:
        yield "WordPress itself finds something to improve", "Look at Tools → Site Health there.", f"score {score}"


def _backups(fleet: Mapping[Key, Known], extra: Belonging) -> list[dict[str, Any]] | None:
    """Sites of which no recent backup is known. None where no source tells of backups at all."""
    noted = extra.get(BACKUPS)
    if noted is None and not any(site.backup for site in fleet.values()):
        return None
    found = []
    for key, site in sorted(fleet.items(), key=lambda pair: pair[1].url):
        if site.backup == "backup_too_old":
            found.append({"name": site.name, "url": site.url, "text": "its last backup is too old"})
        elif key not in (noted or ()) and (site.backup or noted is not None):
            found.append({"name": site.name, "url": site.url, "text": "no backup is known"})
    return found


def _availability(sites: Sequence[Known]) -> dict[str, Any] | None:
    """How long sites could be reached, those with outages first and the worst on top. None where nothing was measured."""
    until = max((site.watch.last.at for site in sites if site.watch), default=None)
    if until is None:
        return None
    since = until - _WATCHED * DAY
    found = [(measured(site.watch.spans if site.watch else (), since, until), site) for site in sites]
    told = [(one, site) for one, site in found if one.told]
    broken = sorted((pair for pair in told if pair[0].outages), key=lambda pair: (-pair[0].down, pair[1].url))
    return {
        "days": _WATCHED,
        "until": iso(until),
        "broken": [{"name": site.name, "url": site.url, **_reached(one)} for one, site in broken],
        "fine": len(told) - len(broken),
        "whole": sum(one.is_whole for one, dummy in told if not one.outages),
        "silent": len(found) - len(told),
    }


def _reached(one: Measured) -> dict[str, Any]:
    return {
        "up": hundredths(one.up, one.told),
        "measured": hundredths(one.told, one.whole),
        "outages": one.outages,
        "longest": -(-one.longest // 60),
        "parts": [one.up, one.down, one.whole - one.told],
    }
