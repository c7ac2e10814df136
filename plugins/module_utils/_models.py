# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The things the collection talks about, as frozen data. PRIVATE to the collection. No I/O here."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ._addresses import Address, address
from ._versions import lower, same, spelling

CORE, PLUGIN, THEME, TRANSLATION = "core", "plugin", "theme", "translation"

#: The ``types`` option's values in the order in which updates are run on one site.
TYPE_OF_OPTION = {"plugins": PLUGIN, "themes": THEME, "core": CORE, "translations": TRANSLATION}
OPTION_OF_TYPE = {value: key for key, value in TYPE_OF_OPTION.items()}

#: The slug under which a core update is reported, as MainWP itself names it (core.md §6.1).
CORE_SLUG = "wordpress"

UpdateKey = tuple[str, str, str]
#: Type, slug, and the version in its one spelling: what is offered as 2.5.0 may call itself 2.5.
Release = tuple[str, str, str]


@dataclass(frozen=True)
class Tag:
    """A MainWP tag (a group of sites)."""

    id: int
    name: str


@dataclass(frozen=True)
class Extension:
    """An installed plugin or theme of one site."""

    slug: str
    name: str
    version: str
    active: bool
    #: A plugin that WordPress always loads.
    must_use: bool = False
    #: A theme that the active one builds on.
    parent_active: bool = False


@dataclass(frozen=True)
class Update:
    """One update that the Dashboard offers for one site.

    ``version`` is what is installed (``""`` for translations, which have none), ``new_version`` what is offered.
    ``package`` is None when the Dashboard does not say whether there is a package. ``requires_*`` are the offered
    release's requirements, checked by WordPress after the download; ``blocked`` names requirements of the installed
    release that the child found unmet, for which it drops the update without a word.
    """

    type: str
    slug: str
    name: str
    version: str
    new_version: str
    language: str = ""
    package: bool | None = None
    requires_php: str = ""
    requires_wp: str = ""
    blocked: tuple[str, ...] = ()
    premium: bool = False

    @property
    def key(self) -> UpdateKey:
        """What identifies an update on a site: type, slug and, for translations, language."""
        return (self.type, self.slug, self.language)

    @property
    def in_words(self) -> str:
        """How the file of a lock names it."""
        return " ".join(filter(None, self.key))

    @property
    def release(self) -> Release:
        """What ``hold_after`` counts: type, slug and the version offered, in the one spelling for all its spellings."""
        return (self.type, self.slug, spelling(self.new_version))


@dataclass(frozen=True)
class Site:
    """A child site as the Dashboard last saw it. ``updates`` are the stored offers before ignore rules."""

    id: int
    url: str
    name: str
    status: str = "connected"
    sync_errors: str = ""
    suspended: bool = False
    client_id: int = 0
    tags: tuple[Tag, ...] = ()
    ip: str = ""
    wp_version: str = ""
    php_version: str = ""
    child_version: str = ""
    active_theme: str = ""
    health_score: int | None = None
    http_status: str = ""
    last_sync: str | None = None
    updates: tuple[Update, ...] = ()
    #: How many entries the stored offers make, as the Dashboard counts them; None where that cannot be told.
    offers: int | None = None
    plugins: tuple[Extension, ...] | None = None
    themes: tuple[Extension, ...] | None = None
    #: False when the offers of translations could not be read: then none of them is known to be gone.
    tells_translations: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def address(self) -> Address:
        """Its address in its normal form, by which sites are compared; ``url`` is as the Dashboard spells it."""
        return address(self.url)

    @property
    def domain(self) -> str:
        """Host name in its normal form without ``www.``, with port if any."""
        return self.address.domain

    @property
    def sort_key(self) -> tuple[str, int]:
        """Results are sorted by address."""
        return (self.address.bare, self.id)

    @property
    def lane(self) -> str:
        """Sites on one server share a lane: the child's IP, or the site itself where that is unknown."""
        return self.ip or f"site-{self.id}"

    @property
    def lock_names(self) -> tuple[str, str]:
        """Its server, and itself: two runs may know different addresses of it, and API v1 knows none."""
        return (self.lane, self.own_lock)

    @property
    def own_lock(self) -> str:
        """The lock of the site itself."""
        return f"site-{self.id}"

    def age(self, now: float) -> float | None:
        """Seconds since the last good sync by the Dashboard's clock; None if never or not trustworthy.

        A site with sync errors is never fresh: a child's error answer moves last_sync too (core.md §7.4).
        """
        synced = epoch(self.last_sync)
        if synced is None or self.sync_errors:
            return None
        return max(0.0, now - synced)

    def installed(self, update: Update) -> Extension | None:
        """The plugin or theme that ``update`` is about, if this site has it."""
        pool = {PLUGIN: self.plugins, THEME: self.themes}.get(update.type) or ()
        return next((item for item in pool if item.slug == update.slug), None)

    def tells(self, update: Update) -> bool:
        """True when this picture of the site can tell what became of ``update``."""
        if update.type == TRANSLATION:
            return self.tells_translations
        if update.type == CORE:
            return bool(self.wp_version)
        found = self.installed(update)
        return bool(found.version) if found else {PLUGIN: self.plugins, THEME: self.themes}[update.type] is not None

    def version_of(self, update: Update) -> str | None:
        """The installed version of what ``update`` is about; None where that cannot be told."""
        if update.type == CORE:
            return self.wp_version or None
        found = self.installed(update)
        return (found.version or None) if found else None

    def version_before(self, update: Update) -> str:
        """What is installed of what ``update`` is about: as read from the site, else as the offer tells it."""
        return self.version_of(update) or update.version

    def is_step(self, update: Update) -> bool:
        """True when ``update`` is offered for something that is there, and is newer. Dashboards go on offering what somebody
        has installed on the site itself, and mirrors offer older releases."""
        if update.type in (PLUGIN, THEME) and self.tells(update) and self.installed(update) is None:
            return False
        present = self.version_before(update)
        return not same(update.new_version, present) and not lower(update.new_version, present)

    def named(self, names: Mapping[int, str]) -> Site:
        """The same site with its tags named from the Dashboard's own list of tags."""
        return replace(self, tags=tuple(Tag(tag.id, names.get(tag.id, tag.name)) for tag in self.tags))


@dataclass(frozen=True)
class ItemAnswer:
    """What the Dashboard said about one requested update: evidence, not truth (core.md §6.4)."""

    success: bool
    old_version: str = ""
    version: str = ""
    error: str = ""
    #: False when the answer names others that were asked for, or none, but not this one.
    mentioned: bool = True

    @property
    def shows_move(self) -> bool:
        """True when the child itself saw a version move."""
        return bool(self.old_version) and bool(self.version) and self.version != self.old_version


def picked(thing: object, *names: str) -> dict[str, Any]:
    """Some of what a thing knows, by the names that it has there, which are those in results, too."""
    return {name: getattr(thing, name) for name in names}


def epoch(stamp: str | None) -> float | None:
    """Unix seconds of an ISO 8601 UTC time such as ``2026-11-23T13:37:11Z``; None for None."""
    if not stamp:
        return None
    return datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()


def iso(seconds: float, timespec: str = "seconds") -> str:
    """``2026-11-23T13:37:11Z`` for unix seconds; ``timespec`` is how fine, as datetime has it."""
    stamp = datetime.datetime.fromtimestamp(seconds, tz=datetime.timezone.utc)
    return stamp.isoformat(timespec=timespec).replace("+00:00", "Z")
