# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The abilities' batch runs: at once for up to 200 sites, else as queued jobs (core.md §9.2, §9.4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import dashboard
from .child import Reply, UnreachableError
from .state import Site, Stored

if TYPE_CHECKING:
    from .fleet import Fleet

#: above so many sites a run is queued
THRESHOLD = 200
#: a queued job starts after so many seconds, goes on every so many, so many sites a time
FIRST, EVERY, CHUNK = 60, 30, 20
#: order in which a run works on a site, and the stored list of each type
ORDER = {"core": "wp_upgrades", "plugin": "plugin_upgrades", "theme": "theme_upgrades"}


@dataclass
class Result:
    """What a run did: numbers are all that the REST answer keeps of it."""

    updated: int = 0
    errors: int = 0
    sites: set[int] = field(default_factory=set)

    def summary(self) -> dict[str, int]:
        return {"total_updated": self.updated, "total_errors": self.errors, "sites_updated": len(self.sites)}


@dataclass
class Job:
    """A queued run; nothing that an API key can read tells how far it is."""

    id: str
    kind: str
    sites: list[int]
    due: float


def queue(fleet: Fleet, kind: str, sites: list[int]) -> Job:
    """Queue a run ("sync" or "update")."""
    return Job(f"{kind}_{uuid.uuid4()}", kind, list(sites), fleet.clock.now() + FIRST)


def run(fleet: Fleet, sites: list[Site]) -> Result:
    """``run-updates-v1``: suspended and disconnected sites included, locked-out ones one error each."""
    result = Result()
    for site in sites:
        if dashboard.locked_out(site):
            result.errors += 1
            continue
        _site(fleet, site, result)
    return result


def work_off(fleet: Fleet, job: Job) -> None:
    """One chunk of a queued job; updates there heed no ignore rule and take core unconditionally (§9.4)."""
    chunk, job.sites = job.sites[:CHUNK], job.sites[CHUNK:]
    job.due = fleet.clock.now() + EVERY
    for number in chunk:
        site = fleet.sites.get(number)
        if site is None or dashboard.locked_out(site):
            continue
        if job.kind == "sync":
            dashboard.sync(fleet, site)
        else:
            _update(fleet, site, "core", [], Result())
            for kind, column in (("plugin", "plugin_upgrades"), ("theme", "theme_upgrades")):
                slugs = list(getattr(site.stored, column) or [])
                if slugs:
                    _update(fleet, site, kind, slugs, Result())


def _site(fleet: Fleet, site: Site, result: Result) -> None:
    todo = dashboard.pending(fleet, site)
    plan: list[tuple[str, list[str]]] = [
        ("core", ["wordpress"] if todo["wp"] else []),
        ("plugin", list(todo["plugins"])),
        ("theme", list(todo["themes"])),
        ("translation", list(dict.fromkeys(item["slug"] for item in todo["translations"]))),
    ]
    for kind, slugs in plan:
        if slugs:
            _update(fleet, site, kind, slugs, result)


def _update(fleet: Fleet, site: Site, kind: str, slugs: list[str], result: Result) -> None:
    """One call to the child; what succeeded leaves the stored list at once (core.md §9.2)."""
    try:
        with fleet.slot(site):
            reply = dashboard.upgrade(fleet, site, kind, slugs)
    except UnreachableError:
        result.errors += len(slugs)
        return
    done = _core_done(reply) if kind == "core" else [slug for slug, ok in reply.get("upgrades", {}).items() if ok]
    result.errors += len(reply.get("upgrades_error", {})) + int(kind == "core" and not done)
    if done:
        result.updated += len(done)
        result.sites.add(site.id)
        with fleet.lock:
            _forget(site.stored or Stored(), kind, done)


def _core_done(reply: Reply) -> list[str]:
    return ["wordpress"] if reply.get("upgrade") == "SUCCESS" else []


def _forget(stored: Stored, kind: str, done: list[str]) -> None:
    """Take updates off a stored list."""
    if kind == "core":
        stored.wp_upgrades = []
    elif kind == "translation":
        stored.translation_upgrades = [item for item in stored.translation_upgrades or [] if item["slug"] not in done]
    else:
        updates: dict[str, Any] = getattr(stored, ORDER[kind]) or {}
        setattr(stored, ORDER[kind], {slug: info for slug, info in updates.items() if slug not in done})
