# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changed between two polls, as events, and what is remembered of the later one. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._api.resource import Row
from .._flaws import Flaw
from .._models import CORE, Extension, Site, Update
from .._versions import spelling
from . import _names as names
from ._known import Known, Log, Offer, Seen, Weak, offer_of
from ._names import Event

_UP, _DOWN = "up", "down"
#: An event tells so many entries of a log at most.
MOST_CHANGES = 50


@dataclass(frozen=True)
class Weakness:
    """A flaw of something that a site runs."""

    item: Extension
    flaw: Flaw
    fixed_in: str


@dataclass(frozen=True)
class Found:
    """What there is now, by the Dashboard's clock. None, or what is not among the keys: not looked at, or not to be told."""

    now: float
    sites: Mapping[int, Site]
    #: The sites that events are wanted about, also such as are gone.
    about: frozenset[int]
    #: Those of which it is not known whether they are. What was known of them stays known, so that nothing is lost.
    doubted: frozenset[int] = frozenset()
    #: Site → its monitors, as mainwp_monitor_info tells them.
    monitors: Mapping[int, Sequence[Mapping[str, Any]]] | None = None
    #: Site → the newest entries of its log of changes, the newest first.
    logs: Mapping[int, Sequence[Row]] | None = None
    flaws: Mapping[int, Mapping[Weak, Weakness]] | None = None


def events_of(known: Known, found: Found, wanted: frozenset[str], stale_after: float) -> list[Event]:
    """What changed since ``known``, in the order of ``EVENTS``; sites still stand in for what is told of them. None of what
    nobody had looked at before."""
    if known.sites is None:
        return []
    now = remembered(known, found, stale_after)
    told = [
        *_sites(known.sites, found),
        *_offers(known.sites, now.sites or {}, found),
        *_monitors(known.monitors, now.monitors, found),
        *_stale(known.sites, now.sites or {}, found),
        *_changed(known.logs, found),
        *_vulnerable(known, found),
    ]
    return sorted((event for event in told if event["change"] in wanted), key=lambda event: _ORDER[event["change"]])


_ORDER = {name: place for place, name in enumerate(names.EVENTS)}


def remembered(known: Known, found: Found, stale_after: float) -> Known:
    """What is remembered from now on: what was read, and of what could not be told what was known."""
    sites = known.sites or {}
    sure = {number: site for number, site in found.sites.items() if number not in found.doubted}
    return replace(
        known,
        sites={
            **{number: seen for number, seen in sites.items() if number in found.doubted},
            **{number: _seen(site, sites.get(number), found.now, stale_after) for number, site in sure.items()},
        },
        monitors=_last_monitors(known, found),
        logs=_last_logs(known, found),
        flaws=_last_flaws(known, found),
        away=None,
    )


def sites_in(events: Iterable[Event]) -> list[Site]:
    """The sites that events are about as a whole, which are told by the names of their tags and their client."""
    return [value for event in events for value in event.values() if isinstance(value, Site)]


def _event(change: str, **facts: Any) -> Event:
    return {"change": change, **facts}


def _seen(site: Site, before: Seen | None, now: float, stale_after: float) -> Seen:
    age = None if site.suspended else site.age(now)
    stale = (before.stale if before else False) if age is None else age > stale_after
    offers = frozenset(offer_of(update) for update in site.updates if site.is_step(update))
    if site.offers is None:  # they cannot be read
        offers = before.offers if before else frozenset()
    return Seen(
        site.url,
        site.name,
        site.client_id,
        tuple((tag.id, tag.name) for tag in site.tags),
        bool(site.sync_errors),
        site.suspended,
        site.last_sync or "",
        stale,
        offers,
    )


def _sorted(sites: Iterable[Site]) -> list[Site]:
    return sorted(sites, key=lambda site: site.sort_key)


def _wanted(found: Found) -> list[Site]:
    return _sorted(site for site in found.sites.values() if site.id in found.about)


# -- what a site is --------------------------------------------------------------------------------------------------


def _sites(before: Mapping[int, Seen], found: Found) -> Iterator[Event]:
    gone = [seen.as_site(number) for number, seen in before.items() if number not in found.sites]
    for site in _sorted(site for site in gone if site.id in found.about):
        yield _event(names.SITE_REMOVED, site=site)
    for site in _wanted(found):
        seen = before.get(site.id)
        if seen is None:
            yield _event(names.SITE_ADDED, site=site)
            continue
        lost = bool(site.sync_errors)
        if lost and not seen.lost:
            yield _event(names.SITE_LOST, site=site, message=site.sync_errors)
        elif seen.lost and not lost:
            yield _event(names.SITE_BACK, site=site)
        if site.suspended != seen.suspended:
            yield _event(names.SITE_SUSPENDED if site.suspended else names.SITE_RESUMED, site=site)


# -- what many sites have in common ----------------------------------------------------------------------------------


def _offers(before: Mapping[int, Seen], now: Mapping[int, Seen], found: Found) -> list[Event]:
    """One event for each release, with the sites that it was not offered to before."""
    new: dict[Offer, list[tuple[Site, Update]]] = {}
    for site in _wanted(found):
        known = {_release(offer) for offer in before[site.id].offers} if site.id in before else set()
        fresh = {offer for offer in now[site.id].offers if _release(offer) not in known}
        for update in site.updates:
            if offer_of(update) in fresh:
                new.setdefault(offer_of(update), []).append((site, update))
    return [_offered(offers) for dummy, offers in sorted(new.items())]


def _release(offer: Offer) -> Offer:
    """The same in the one spelling of its version: what is spelled anew is no other release."""
    return (*offer[:3], spelling(offer[3]))


def _offered(offers: list[tuple[Site, Update]]) -> Event:
    update = offers[0][1]
    return _event(
        names.CORE_OFFERED if update.type == CORE else names.UPDATE_OFFERED,
        type=update.type,
        slug=update.slug,
        name=update.name,
        language=update.language,
        version=update.new_version,
        count=len(offers),
        sites=[{**_brief(site), "from": one.version} for site, one in offers],
    )


def _brief(site: Site) -> dict[str, Any]:
    return {"id": site.id, "url": site.url}


def _stale(before: Mapping[int, Seen], now: Mapping[int, Seen], found: Found) -> list[Event]:
    late = [site for site in _wanted(found) if now[site.id].stale and site.id in before and not before[site.id].stale]
    sites = [{**_brief(site), "last_sync": site.last_sync} for site in late]
    return [_event(names.SYNC_STALE, count=len(sites), sites=sites)] if sites else []


def _vulnerable(known: Known, found: Found) -> list[Event]:
    """One event for each flaw of something, with the sites that did not have it before."""
    if known.flaws is None or found.flaws is None:
        return []
    new: dict[Weak, list[tuple[Site, Weakness]]] = {}
    for site in _wanted(found):
        before = known.flaws.get(site.id, frozenset())
        if site.id not in known.flaws and site.id in (known.sites or {}):
            continue  # nobody had looked at it: it was not selected
        for weak, weakness in found.flaws.get(site.id, {}).items():
            if weak not in before:
                new.setdefault(weak, []).append((site, weakness))
    return [_weak(weak, sites) for weak, sites in sorted(new.items(), key=lambda entry: entry[0])]


def _weak(weak: Weak, sites: list[tuple[Site, Weakness]]) -> Event:
    item, flaw = sites[0][1].item, sites[0][1].flaw
    return _event(
        names.VULNERABLE,
        type=weak[0],
        slug=weak[1],
        name=item.name,
        id=flaw.id,
        cve=flaw.cve,
        title=flaw.title,
        score=flaw.score,
        rating=flaw.rating,
        link=flaw.link,
        count=len(sites),
        sites=[{**_brief(site), "version": one.item.version, "fixed_in": one.fixed_in} for site, one in sites],
    )


def _last_flaws(known: Known, found: Found) -> Mapping[int, frozenset[Weak]] | None:
    if found.flaws is None:
        return known.flaws
    kept = {number: flaws for number, flaws in (known.flaws or {}).items() if number in found.sites}
    nothing = dict.fromkeys(found.about & found.sites.keys(), frozenset[Weak]())  # of sites that were never synced
    return {**nothing, **kept, **{number: frozenset(flaws) for number, flaws in found.flaws.items()}}


# -- what monitors found ---------------------------------------------------------------------------------------------


def _monitors(before: Mapping[int, str] | None, now: Mapping[int, str] | None, found: Found) -> Iterator[Event]:
    """A monitor that is new tells when it finds its site down."""
    if before is None or now is None or found.monitors is None:
        return
    for site in _wanted(found):
        for monitor in found.monitors.get(site.id, ()):
            number, status = monitor["monitor_id"], monitor["monitor_status"]
            if status in (_UP, _DOWN) and status != before.get(number, _UP):
                facts = {
                    "id": number,
                    "type": monitor["type"],
                    "http_code": monitor["http_code"],
                    "last_check": monitor["last_check"],
                }
                yield _event(names.MONITOR_DOWN if status == _DOWN else names.MONITOR_UP, site=site, monitor=facts)


def _last_monitors(known: Known, found: Found) -> Mapping[int, str] | None:
    """What each said last for sure: one that is about to repeat a check says neither, nor does one that a list cut short lacks."""
    if found.monitors is None:
        return known.monitors
    sure = [some for number, some in found.monitors.items() if number not in found.doubted]
    told = {one["monitor_id"]: str(one["monitor_status"]) for some in sure for one in some}
    return {**(known.monitors or {}), **{number: status for number, status in told.items() if status in (_UP, _DOWN)}}


# -- what was done on a site by others -------------------------------------------------------------------------------


def _changed(before: Mapping[int, Log] | None, found: Found) -> Iterator[Event]:
    for site in _wanted(found) if before is not None and found.logs is not None else ():
        log, rows = (before or {}).get(site.id), (found.logs or {}).get(site.id, ())
        new = [row for row in rows if log is not None and row["log_id"] > log.last]
        if new:
            changes = [{name: row[name] for name in _CHANGE} for row in new[:MOST_CHANGES]]
            yield _event(names.CHANGED_OUTSIDE, site=site, count=len(new), changes=changes)


_CHANGE = ("log_id", "time", "context", "action", "item", "slug", "user")


def _last_logs(known: Known, found: Found) -> Mapping[int, Log] | None:
    if found.logs is None:
        return known.logs
    before = known.logs or {}
    kept = {number: log for number, log in before.items() if number in found.sites}
    for number, rows in found.logs.items():
        last = max([row["log_id"] for row in rows] + [before[number].last if number in before else 0])
        kept[number] = Log(last, found.sites[number].last_sync or "")
    return kept
