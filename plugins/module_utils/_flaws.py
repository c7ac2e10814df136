# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Known flaws of software and the versions that have them: pure. PRIVATE to the collection."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ._models import CORE, CORE_SLUG, PLUGIN
from ._versions import bare, lower, order, same

#: What feeds call any version.
ANY = "*"
NONE, LOW, MEDIUM, HIGH, CRITICAL, UNKNOWN = "none", "low", "medium", "high", "critical", "unknown"
#: From the mildest; a flaw that nobody has rated is ``unknown``.
RATINGS = (NONE, LOW, MEDIUM, HIGH, CRITICAL)
#: CVSS 3: the highest score of a rating.
_HIGHEST = ((0.0, NONE), (3.9, LOW), (6.9, MEDIUM), (8.9, HIGH))
#: Plugins of one file whose directory in the catalogue of wordpress.org has another name.
_RENAMED = {"hello": "hello-dolly"}


def directory_slug(kind: str, slug: str) -> str:
    """What WordPress' directory, and so each feed, calls an item of a site, whatever the main file of a plugin is called there:
    ``woocommerce`` for ``woocommerce/woocommerce.php``, ``hello-dolly`` for ``hello.php``, the stylesheet of a theme, and
    ``wordpress``."""
    if kind == CORE:
        return CORE_SLUG
    if kind != PLUGIN:
        return slug.casefold()
    folder, slash, _file = slug.partition("/")
    name = folder if slash else folder.removesuffix(".php")
    return (name if slash else _RENAMED.get(name, name)).casefold()


@dataclass(frozen=True)
class Range:
    """Versions from ``low`` to ``high``, each end included or not."""

    low: str
    with_low: bool
    high: str
    with_high: bool

    def holds(self, version: str) -> bool:
        """True for a version within. One that is not told may be any, so it is."""
        if not version:
            return True
        above = self.low == ANY or lower(self.low, version) or (self.with_low and same(self.low, version))
        below = self.high == ANY or lower(version, self.high) or (self.with_high and same(self.high, version))
        return above and below


@dataclass(frozen=True)
class Software:
    """One piece of software that a flaw is in, and in which versions of it."""

    type: str
    slug: str
    name: str
    ranges: tuple[Range, ...]
    patched: tuple[str, ...] = ()

    def affected(self, version: str) -> bool:
        """True when this version has the flaw."""
        return any(one.holds(version) for one in self.ranges)


@dataclass(frozen=True)
class Flaw:
    """One record of a feed. ``notices`` are where its index keeps the copyright notices that go with its texts."""

    id: str
    title: str
    cve: str
    link: str
    score: float | None
    rating: str
    informational: bool
    published: str
    software: tuple[Software, ...]
    notices: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """What it is called in few words: its CVE number, else the id of the record."""
        return self.cve or self.id or "?"

    def badness(self, unrated: float) -> float:
        """Its score, else the highest of its rating; ``unrated`` if nobody has given either."""
        highest = {name: score for score, name in (*_HIGHEST, (10.0, CRITICAL))}
        return highest.get(self.rating, unrated) if self.score is None else self.score

    def affects(self, kind: str, slug: str, version: str) -> bool:
        """True when this version of an item, by the feed's name of it, has the flaw."""
        return any(one.affected(version) for one in self._about(kind, slug))

    def fixed_in(self, kind: str, slug: str, version: str) -> str:
        """The lowest release above ``version`` that does not have the flaw, as far as the feed names one; else empty."""
        about = self._about(kind, slug)
        named = {release for one in about for release in one.patched}
        named |= {part.high for one in about for part in one.ranges if not part.with_high}
        good = [
            release
            for release in named - {ANY, ""}
            if (not version or lower(version, release)) and not self.affects(kind, slug, release)
        ]
        return min(good, key=functools.cmp_to_key(_by_age), default="")

    def _about(self, kind: str, slug: str) -> list[Software]:
        return [one for one in self.software if (one.type, one.slug) == (kind, slug)]


def _by_age(one: str, other: str) -> int:
    return order(bare(one), bare(other))


def rating_of(score: float | None, told: str) -> str:
    """The rating that was told, else the one that CVSS 3 gives such a score."""
    word = told.strip().casefold()
    if word in RATINGS:
        return word
    if score is None:
        return UNKNOWN
    return next((name for highest, name in _HIGHEST if score <= highest), CRITICAL)


@dataclass(frozen=True)
class Filter:
    """Which flaws are asked for. What nobody has rated yet is not below any limit, and what is asked for by its number is so
    whatever the feed calls it."""

    min_rating: str = NONE
    min_score: float = 0.0
    cves: frozenset[str] | None = None
    informational: bool = False

    def wants(self, flaw: Flaw) -> bool:
        """True when this flaw is asked for."""
        if self.cves is not None and flaw.cve.casefold() not in self.cves:
            return False
        if flaw.informational and not self.informational and self.cves is None:
            return False
        if flaw.rating != UNKNOWN and RATINGS.index(flaw.rating) < RATINGS.index(self.min_rating):
            return False
        return flaw.score is None or flaw.score >= self.min_score


def flaw_to_row(flaw: Flaw) -> list[Any]:
    """A flaw as an index keeps it."""
    software = [
        [
            one.type,
            one.slug,
            one.name,
            [[r.low, r.with_low, r.high, r.with_high] for r in one.ranges],
            list(one.patched),
        ]
        for one in flaw.software
    ]
    facts = [flaw.id, flaw.title, flaw.cve, flaw.link, flaw.score, flaw.rating, flaw.informational, flaw.published]
    return [*facts, software, list(flaw.notices)]


def flaw_from_row(row: Sequence[Any]) -> Flaw:
    """The flaw that an index keeps."""
    number, title, cve, link, score, rating, informational, published, software, notices = row
    return Flaw(
        number,
        title,
        cve,
        link,
        score,
        rating,
        informational,
        published,
        tuple(
            Software(kind, slug, name, tuple(Range(*part) for part in ranges), tuple(patched))
            for kind, slug, name, ranges, patched in software
        ),
        tuple(notices),
    )
