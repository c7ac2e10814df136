# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins and themes of sites. PRIVATE to the collection."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._api import normalise
from .._dashboard import Dashboard
from .._errors import InputError, MainWPError
from .._flaws import directory_slug
from .._models import PLUGIN, THEME, Extension, Site
from .._resources import _texts
from ._kind import Entry, Kind, once, planned, refused

#: Values of a plugin or theme.
ACTIVE, INACTIVE, MUST_USE, ABSENT = "active", "inactive", "must_use", "absent"
Installed = Sequence[Extension]

_CHILD_FILE = "mainwp-child.php"
_CHILD = (_CHILD_FILE, "mainwp-child", f"mainwp-child/{_CHILD_FILE}", "mainwp child")
_CONNECTS = "MainWP Child connects its site with MainWP"


def value_of(item: Extension | None) -> str:
    """Its value in a word."""
    if item is None:
        return ABSENT
    return MUST_USE if item.must_use else ACTIVE if item.active else INACTIVE


def named(text: str, installed: Installed) -> list[Extension]:
    """What ``text`` names: a slug, else its folder or file without ``.php``, else its name, whatever the case."""
    wanted = text.casefold()
    readings: list[Callable[[Extension], bool]] = [
        lambda item: item.slug == text,
        *(lambda item, at=at: wanted in _spellings(item.slug, item.name)[at] for at in range(3)),
    ]
    found = ([item for item in installed if fits(item)] for fits in readings)
    return next(filter(None, found), [])


def _in_its_folder(slug: str, installed: Installed) -> list[Extension]:
    """What else is in the folder of a plugin: it is not gone, whatever its main file is called now. One of a single file
    gets a folder when it is updated."""
    home = directory_slug(PLUGIN, slug) if "/" in slug or slug.casefold().endswith(".php") else ""
    return [item for item in installed if home and directory_slug(PLUGIN, item.slug) == home]


@functools.lru_cache(maxsize=16384)
def _spellings(slug: str, name: str) -> tuple[frozenset[str], ...]:
    """How people may write it, whatever the case, the surest first; a fleet has the same few on each site."""
    ways = ((slug,), (slug.split("/", 1)[0], slug.removesuffix(".php")), (name,))
    return tuple(frozenset(one.casefold() for one in some) for some in ways)


def texts_from(params: Mapping[str, Any], option: str) -> tuple[str, ...]:
    """The option that names plugins or themes. Raises InputError."""
    texts = tuple(dict.fromkeys(str(text).strip() for text in params.get(option) or ()))
    for text in texts:
        if not text or "*" in text or "\\" in text or ".." in text.split("/") or text.startswith("/"):
            raise InputError(option, f"'{text}' is no slug.", "Use akismet, akismet/akismet.php or the whole name.")
    return texts


@dataclass(frozen=True)
class _Extensions(Kind[Installed], ABC):
    """What plugins and themes have in common: they are installed, and some are active."""

    texts: tuple[str, ...]
    state: str

    @property
    def may_be_gone(self) -> bool:
        """Is it fine that nobody has it?"""
        return self.state == ABSENT

    @abstractmethod
    def _installed(self, site: Site) -> Installed | None:
        """What the site has of this kind; None where nobody knows."""

    @abstractmethod
    def _step(self, site: Site, item: Extension, entry: Entry) -> Entry:
        """What to do with one that is installed, and has not the wanted state."""

    def check(self, dashboard: Dashboard) -> None:
        """Where a sync leaves them out, nobody sees what is there: WordPress breaks a site by a theme that is gone."""
        kinds = normalise.as_map(dashboard.v2.settings.group("advanced").get("sync_data"))
        if not normalise.as_bool(kinds.get(self.plural, True)):
            told = (
                f"MainWP's syncs leave out {self.plural}, so what it knows of them is old, and nothing can be verified."
            )
            remedy = f"Switch them on: mainwp_settings, advanced.sync_data.{self.plural}: true. Nothing was sent."
            raise MainWPError(told, hint=remedy, reason="unverified")

    def read(self, dashboard: Dashboard, site: Site) -> Installed | None:
        """What the last sync brought. A site without any plugin would lack MainWP Child, and none is without themes: an empty
        list is one that was not brought."""
        del dashboard
        return self._installed(site) or None

    def read_all(self, dashboard: Dashboard, sites: Sequence[Site]) -> Mapping[int, Installed | None]:
        """The same, for which nothing is asked."""
        return {site.id: self.read(dashboard, site) for site in sites}

    def foreseen(self, state: Installed, told: Sequence[Mapping[str, Any]]) -> Installed:
        """The same with the values that others give to them."""
        after = {thing["slug"]: thing["after"] for thing in told}
        return tuple(
            replace(item, active=after[item.slug] == ACTIVE) if item.slug in after else item
            for item in state
            if after.get(item.slug) != ABSENT
        )

    def plan(self, site: Site, state: Installed) -> Iterable[Entry]:
        """One entry for each that is wanted, each once however often it is named."""
        return once(self._entry(site, state, text) for text in self.texts)

    def _entry(self, site: Site, state: Installed, text: str) -> Entry:
        found = named(text, state)
        if len(found) > 1:
            slugs = ", ".join(item.slug for item in found)
            return refused(Entry(text, asked=(text,)), "ambiguous", f"It names several: {slugs}. Use the whole slug.")
        if not found:
            entry = Entry(text, before=ABSENT, asked=(text,), found=False, more={"version": ""})
            beside = ", ".join(item.slug for item in _in_its_folder(text, state))
            if beside:
                told = f"There is no {text}, but there is {beside}: a release may have renamed it. Name what you mean."
                return refused(entry, "ambiguous", told)
            told = f"The {self.noun} is not installed, and MainWP's API cannot install: install it, then run with max_age: 0."
            return refused(entry, "not_installed", told) if self.state == ACTIVE else entry
        (item,) = found
        value = value_of(item)
        entry = Entry(item.slug, item.name, before=value, asked=(text,), more={"version": item.version})
        # What WordPress always loads is active.
        if self.state in (value, ACTIVE if item.must_use else value):
            return entry
        step = self._step(site, item, entry)
        if step.action and (_texts.kept(item.slug) != item.slug or "||" in item.slug):
            told = f"The child would read another name than '{item.slug}', for WordPress cuts it: do it in WordPress."
            return refused(entry, "by_hand", told)
        return step

    def _activation(self, site: Site, item: Extension, entry: Entry) -> Entry:
        """Activate it, unless the site is known not to meet its requirements."""
        blocked = {
            reason for update in site.updates if update.key[:2] == (self.noun, item.slug) for reason in update.blocked
        }
        for reason, label, present in (
            ("requires_php", "PHP", site.php_version),
            ("requires_wp", "WordPress", site.wp_version),
        ):
            if reason in blocked:
                text = f"Its {label} {present}".rstrip()
                return refused(entry, reason, f"{text} does not suffice for this {self.noun}, so WordPress refuses it.")
        return planned(entry, "activate", ACTIVE)

    def send(self, dashboard: Dashboard, site: Site, entry: Entry) -> str:
        """One call for one slug."""
        return dashboard.v2.extensions.switch(site, self.noun, entry.action, entry.key)

    def now(self, entry: Entry, state: Installed) -> str:
        """Its value after the verifying sync."""
        return value_of(next((item for item in state if item.slug == entry.key), None))

    def unreached(self, entry: Entry, after: Any) -> str:
        """What WordPress refused without a word."""
        text = f"The Dashboard reports success, but the {self.noun} is {after} still."
        if entry.action != "activate":
            return text
        return f"{text} WordPress refuses one whose requirements - PHP, WordPress, other plugins - are not met."


@dataclass(frozen=True)
class Plugins(_Extensions):
    """Plugins that shall be active, inactive or absent."""

    noun, plural, option = PLUGIN, "plugins", "plugins"
    fields = ("plugins",)

    force: bool = False

    @property
    def turn(self) -> int:
        """What one may delete in spite of all is gone for one that may not."""
        return int(self.state == ABSENT and not self.force)

    def _installed(self, site: Site) -> Installed | None:
        return site.plugins

    def _step(self, site: Site, item: Extension, entry: Entry) -> Entry:
        if item.slug.rpartition("/")[2].casefold() == _CHILD_FILE:
            return refused(entry, "own_plugin", f"{_CONNECTS}, which leaves it as it is.")
        if item.must_use:
            return refused(
                entry, "must_use", "It is a must-use plugin: WordPress always loads it while its file is there."
            )
        if self.state == ACTIVE:
            return self._activation(site, item, entry)
        if self.state == INACTIVE:
            return planned(entry, "deactivate", INACTIVE)
        if item.active and not self.force:
            text = "It is active, and so is not deleted. Deactivate it first, or set force: true."
            return refused(entry, "is_active", text)
        return planned(entry, "delete", ABSENT)


@dataclass(frozen=True)
class Themes(_Extensions):
    """A theme that shall be active, or themes that shall be absent."""

    noun, plural, option = THEME, "themes", "themes"
    fields = ("themes",)

    def _installed(self, site: Site) -> Installed | None:
        return site.themes

    @property
    def turn(self) -> int:
        """Only what is not active any more can be deleted."""
        return int(self.state == ABSENT)

    def foreseen(self, state: Installed, told: Sequence[Mapping[str, Any]]) -> Installed:
        """One is active; which one it builds on the site tells when it is read again."""
        switched = any(thing["after"] == ACTIVE for thing in told)
        state = tuple(replace(item, active=False, parent_active=False) for item in state) if switched else state
        return super().foreseen(state, told)

    def _step(self, site: Site, item: Extension, entry: Entry) -> Entry:
        if self.state == ACTIVE:
            return self._activation(site, item, entry)
        if item.active:
            return refused(entry, "is_active", "The active theme cannot be deleted: activate another one first.")
        if item.parent_active:
            return refused(entry, "parent_theme", "The active theme builds on it, so WordPress does not delete it.")
        return planned(entry, "delete", ABSENT)


#: Options of mainwp_plugin and of mainwp_theme.
PLUGINS: dict[str, dict[str, Any]] = {
    "plugins": {"type": "list", "elements": "str", "required": True},
    "state": {"type": "str", "choices": [ACTIVE, INACTIVE, ABSENT], "required": True},
    "force": {"type": "bool", "default": False},
}
THEMES: dict[str, dict[str, Any]] = {
    "themes": {"type": "list", "elements": "str", "required": True},
    "state": {"type": "str", "choices": [ACTIVE, ABSENT], "required": True},
}


def plugins_from(params: Mapping[str, Any]) -> Plugins:
    """Check the options of mainwp_plugin. Raises InputError."""
    texts, state = texts_from(params, "plugins"), params["state"]
    own = [text for text in texts if text.casefold() in _CHILD]
    if own and state != ACTIVE:
        told = f"'{own[0]}' must stay: {_CONNECTS}."
        raise InputError("plugins", told, "Leave it out; to give up a site, remove it from MainWP.")
    return Plugins(texts, state, bool(params.get("force")))


def themes_from(params: Mapping[str, Any]) -> Themes:
    """Check the options of mainwp_theme. Raises InputError."""
    texts, state = texts_from(params, "themes"), params["state"]
    if state == ACTIVE and len(texts) != 1:
        raise InputError("themes", f"state: active takes one theme, not {len(texts)}.", "A site has one active theme.")
    return Themes(texts, state)
