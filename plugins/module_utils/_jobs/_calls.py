# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which updates go together into one call, and which are left over. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from .._models import PLUGIN, THEME, TRANSLATION, Release, Site, Update
from .._plan import SitePlan, inseparable

#: What is sent about plugins and themes beside updates → whether one is active that it has been done to; None: it is gone.
_SWITCHED = {"activate": True, "deactivate": False, "delete": None}


def by_type(updates: Iterable[Update], many: bool) -> Iterator[tuple[str, list[Update]]]:
    """All of a type, or without ``many`` one after the other."""
    for kind, group in groupby(updates, key=lambda update: update.type):
        together = list(group)
        if many or kind == TRANSLATION:  # v1 updates all translations of a site or none
            yield kind, together
        else:
            yield from ((kind, [update]) for update in together)


def parted(
    kind: str, wanted: Sequence[Update], held: Collection[Release], all_translations_only: bool
) -> tuple[list[Update], list[Update]]:
    """(those to send, those of releases that are ``held``, with what would move along with them)."""
    left = [update for update in wanted if update.release in held]
    if left and kind == TRANSLATION:
        left += inseparable([update for update in wanted if update not in left], left, all_translations_only)
    return [update for update in wanted if update not in left], left


def rest_of(plan: SitePlan, rest: Sequence[Update]) -> tuple[SitePlan, list[Update]]:
    """(what of a new plan concerns ``rest``, what of ``rest`` it does not tell of)."""
    wanted = {update.key for update in rest}
    # A call updates all languages of a translation: those that are new since are told of, too.
    slugs = {update.slug for update in rest if update.type == TRANSLATION}
    updates = tuple(
        update
        for update in plan.updates
        if update.key in wanted or (update.type == TRANSLATION and update.slug in slugs)
    )
    skips = tuple(skip for skip in plan.skips if skip.update.key in wanted)
    told = {update.key for update in updates} | {skip.update.key for skip in skips}
    return SitePlan(plan.site, updates, skips), [update for update in rest if update.key not in told]


def news(known: Iterable[Update], site: Site, offers: Iterable[Update]) -> tuple[Update, ...]:
    """The offers that were not known, or of another version, and lead to something newer than what ``site`` has now."""
    told = {update.key + (update.new_version,) for update in known}
    return tuple(update for update in offers if update.key + (update.new_version,) not in told and site.is_step(update))


def under_way(sent: Collection[str], site: Site) -> bool:
    """True when ``site`` does not show that everything of ``sent``, named as in the file of a lock, is over: it is still
    offered, or a plugin or theme is not there, as while it is replaced, or nothing is told of translations; or one that was
    switched or deleted is as before."""
    offered = {update.in_words for update in site.updates}
    lists = {kind: items for kind, items in ((PLUGIN, site.plugins), (THEME, site.themes)) if items is not None}
    there = {f"{kind} {item.slug}": item.active for kind, items in lists.items() for item in items}

    def is_open(word: str) -> bool:
        kind, dummy, thing = word.partition(" ")
        if kind in _SWITCHED:
            return thing in there and there[thing] != _SWITCHED[kind]
        hidden = kind == TRANSLATION and not site.tells_translations
        return word in offered or hidden or (kind in lists and word not in there)

    return any(is_open(word) for word in sent)
