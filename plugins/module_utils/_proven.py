# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gates before an update: proven on canary sites, and a recent backup. Pure, but for the history. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ._errors import InputError
from ._flaws import directory_slug
from ._models import CORE, CORE_SLUG, PLUGIN, THEME, TRANSLATION, Release, Site, Update, epoch, iso
from ._stored import sites_in, stored_reports
from ._versions import spelling


@dataclass(frozen=True)
class ProvenGate:
    """Which releases canary sites run, and since when. ``min_age`` in seconds; ``allow_unknown`` for slugs that no
    canary has."""

    running: frozenset[Release]
    known: frozenset[tuple[str, str]]
    #: Types of which some canary site does not tell what it has.
    untold: frozenset[str] = frozenset()
    since: Mapping[Release, float] = field(default_factory=dict)
    min_age: float = 0.0
    allow_unknown: bool = False
    now: float = 0.0

    def objection(self, update: Update) -> str:
        """Why ``update`` is not proven; empty when it is. Translations need no proof."""
        if update.type == TRANSLATION:
            return ""
        place = next((name for name in _places(*update.key[:2]) if (update.type, name) in self.known), None)
        if place is None and update.type in self.untold:
            return f"Not every canary site tells which {update.type}s it has."
        if place is None:
            return "" if self.allow_unknown else "No canary site has it."
        if _release(update.type, place, update.new_version) not in self.running:
            return f"No connected canary site runs {update.new_version} yet."
        if self.min_age:
            releases = [_release(update.type, name, update.new_version) for name in _places(*update.key[:2])]
            since = next((self.since[release] for release in releases if release in self.since), None)
            if since is None:
                return f"No report tells since when a canary site runs {update.new_version}."
            if self.now < since:
                return f"By its report a canary site got {update.new_version} at {iso(min(since, 2**33))}, which is not yet."
            if self.now - since < self.min_age:
                hours = (self.now - since) / 3600
                return f"Canary sites run {update.new_version} for {hours:.1f} h, less than proven_for asks."
        return ""


def _places(kind: str, slug: str) -> list[str]:
    """Where it is, the surest first: a release may rename the main file of a plugin, which stays in its folder, or give a
    folder to one that was a single file."""
    return [slug, directory_slug(kind, slug) + "/"] if kind == PLUGIN else [slug]


def _release(kind: str, slug: str, version: str) -> Release:
    return (kind, slug, spelling(version))


def gate_from(
    canaries: Iterable[Site], history: Mapping[Release, float], min_age: float, allow_unknown: bool, now: float
) -> ProvenGate:
    """The gate from the canary sites as they are: only connected ones prove anything, but what the others have is not
    unknown."""
    running: set[Release] = set()
    #: Whatever they tell, all of them have WordPress.
    known = {(CORE, CORE_SLUG)}
    untold: set[str] = set()
    for site in canaries:
        here = {_release(CORE, CORE_SLUG, site.wp_version)} if site.wp_version else set()
        for kind, items in ((PLUGIN, site.plugins), (THEME, site.themes)):
            here.update(_release(kind, name, item.version) for item in items or () for name in _places(kind, item.slug))
        known.update((kind, slug) for kind, slug, _version in here)
        # None lacks a theme, nor MainWP Child: an empty list is one that nobody brought.
        untold |= {kind for kind, items in ((PLUGIN, site.plugins), (THEME, site.themes)) if not items}
        if site.status == "connected":
            running |= here
    since: dict[Release, float] = {}
    for (kind, slug, version), moment in history.items():
        for release in (_release(kind, name, version) for name in _places(kind, slug)):
            since[release] = min(moment, since.get(release, moment))
    return ProvenGate(frozenset(running), frozenset(known), frozenset(untold), since, min_age, allow_unknown, now)


def history_from(directory: str, url: str, canaries: Iterable[int]) -> dict[Release, float]:
    """Release → when a canary site first got it, from the JSON reports of earlier runs in ``directory``.

    Raises InputError when the directory cannot be read.
    """
    folder = Path(directory)
    if not folder.is_dir():
        raise InputError("proven_history", f"there is no directory {directory}.", "Give the role's report directory.")
    wanted = set(canaries)
    first: dict[Release, float] = {}
    for report in stored_reports(sorted(folder.rglob("*.json")), url):
        moment = _finished(report)
        if moment is not None:
            for release in _moves(report, wanted):
                first[release] = min(moment, first.get(release, moment))
    return first


def _moves(report: Mapping[str, Any], wanted: set[int]) -> Iterator[Release]:
    """The releases that moved on canary sites that were fine afterwards."""
    for number, site, updates in sites_in(report):
        if number in wanted and site.get("result") == "updated":
            for entry in updates:
                if entry.get("result") == "updated":
                    yield _release(*(str(entry.get(key)) for key in ("type", "slug", "version_after")))


def _finished(report: Mapping[str, Any]) -> float | None:
    try:
        return epoch(str(report.get("finished") or ""))
    except ValueError:
        return None


def unsaved(max_age: float, last_backup: int | None, now: float) -> tuple[str, str]:
    """(reason, message) against updating a site whose last backup MainWP knows as ``last_backup`` (unix seconds) under
    ``max_backup_age``."""
    if not last_backup:
        return "backup_unknown", "MainWP does not know when this site was backed up last."
    age = now - last_backup
    if age > max_age:
        return "backup_too_old", f"The last backup that MainWP knows is {age / 3600:.1f} h old."
    return "", ""
