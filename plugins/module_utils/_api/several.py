# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pending updates of several sites from one answer of ``GET /updates?include=…``. PRIVATE. No I/O.

Classic answers with whole objects, site by site. Abilities answers with one list for all sites, without language,
requirements and packages, and cuts it without a word: what it lacks stands in the site objects of the listing, and
their counts tell how many sites fit into one answer (core.md §6.1, recorded).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._models import CORE, PLUGIN, THEME, TRANSLATION, Site, Update
from . import normalise

#: Abilities: an answer has so many entries at most. One that has so many may be cut.
CUT = 50
#: Classic: whole objects are large, so an answer is kept to so many sites.
MOST_SITES = 25

_Named = tuple[str, str, str]


def grouped(sites: Iterable[Site], whole: bool) -> list[list[Site]]:
    """The sites in as few groups as there need be requests. ``whole``: answers are never cut.

    Else the offers of a group, as the listing counts them, are fewer than an answer holds; ignored ones count, so
    there may be fewer in the answer, never more. A site that cannot share an answer is a group of its own.
    """
    known = sorted({site.id: site for site in sites}.values(), key=lambda site: site.id)
    if whole:
        return [known[start : start + MOST_SITES] for start in range(0, len(known), MOST_SITES)]
    groups = [[site] for site in known if not _shares(site)]
    by_count: dict[int, list[Site]] = {}
    for site in reversed(known):
        if _shares(site):
            by_count.setdefault(site.offers or 1, []).append(site)
    while by_count:
        room, group = CUT - 1, []
        for count in sorted(by_count, reverse=True):
            while count <= room and by_count.get(count):
                group.append(by_count[count].pop())
                room -= count
            if not by_count[count]:
                del by_count[count]
        groups.append(sorted(group, key=lambda site: site.id))
    return groups


def _shares(site: Site) -> bool:
    return site.offers is not None and site.offers < CUT - 1


def told(data: Any, sites: Sequence[Site], whole: bool) -> dict[int, tuple[Update, ...]] | None:
    """Id → pending updates of the sites of which ``data`` tells for sure; None if it is no answer about these sites.
    ``sites`` were asked for in the order of their ids."""
    if whole:
        return _by_site(data, sites)
    return _from_list(data, sites) if isinstance(data, list) else None


def _by_site(data: Any, sites: Sequence[Site]) -> dict[int, tuple[Update, ...]] | None:
    """Classic: one object for each site, with or without updates; an empty list if there is none of the sites."""
    if not isinstance(data, dict) and data != []:
        return None
    rows = normalise.as_map(data)
    if not rows.keys() <= {str(site.id) for site in sites}:
        return None  # who does not understand the question answers with everything
    asked = {site.id: rows.get(str(site.id)) for site in sites}
    return {key: normalise.pending_updates(row) for key, row in asked.items() if isinstance(row, dict)}


def _from_list(data: Sequence[Any], sites: Sequence[Site]) -> dict[int, tuple[Update, ...]] | None:
    """Abilities: entries of all sites in one list, site after site; a site without updates has none."""
    rows: dict[int, list[Mapping[str, Any]]] = {site.id: [] for site in sites}
    order: list[int] = []
    for row in data:
        number = normalise.as_int(row.get("site_id")) if isinstance(row, dict) else 0
        if number not in rows:
            return None
        rows[number].append(row)
        order.append(number)
    certain = list(sites)
    if len(order) >= CUT:
        # The last site in it may lack entries, and those that come after it may be missing.
        certain = [site for site in sites if order == sorted(order) and site.id < order[-1]]
    joined = {site.id: _joined(site, rows[site.id]) for site in certain}
    return {key: updates for key, updates in joined.items() if updates is not None}


def _joined(site: Site, rows: Iterable[Mapping[str, Any]]) -> tuple[Update, ...] | None:
    """The stored offers that the entries name; None if they name what is not stored, for then the site was synced
    after the listing."""
    named = Counter(name for name in map(_name, rows) if name)
    stored = [update for update in site.updates if not update.premium]
    counts = Counter(_named(update) for update in stored)
    # Entries do not tell the languages of a translation apart: either all of them are there, or who knows which.
    if any(named[name] < counts[name] or not counts[name] for name in named):
        return None
    return tuple(update for update in stored if _named(update) in named)


def _named(update: Update) -> _Named:
    return (update.type, update.slug, update.new_version)


def _name(row: Mapping[str, Any]) -> _Named | None:
    """What an entry is about; None for what is no update to us. A translation's version stands in the wrong column."""
    kind, slug = normalise.as_text(row.get("type")), normalise.as_slug(row.get("slug"))
    version = normalise.as_text(row.get("new_version"))
    if kind == TRANSLATION:
        version = version or normalise.as_text(row.get("current_version"))
    elif kind not in (CORE, PLUGIN, THEME) or not version:
        return None
    return (kind, slug, version) if slug else None
