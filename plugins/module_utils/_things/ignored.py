# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which updates MainWP ignores on a site: rules for plugins and themes, and flags for all of them and for WordPress. PRIVATE
to the collection.

They are kept by the Dashboard, so a site may be down or suspended. The API adds rules and takes none back; flags go both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import _errors as errors
from .. import _verdict as verdict
from .._api.normalise import IgnoreRules
from .._dashboard import Dashboard
from .._errors import InputError
from .._models import CORE, CORE_SLUG, PLUGIN, THEME, Extension, Site
from ._kind import Entry, Kind, once, planned, refused
from .extensions import named, texts_from

IGNORED, NOT_IGNORED = "ignored", "not_ignored"
#: Option → type of what the flag is about, its field of the site object, and what an edit calls it.
FLAGS = {
    "core": (CORE, "is_ignoreCoreUpdates", "ignore_core_updates"),
    "all_plugins": (PLUGIN, "is_ignorePluginUpdates", "ignore_plugin_updates"),
    "all_themes": (THEME, "is_ignoreThemeUpdates", "ignore_theme_updates"),
}
#: Type → its field of the site object, and the page of MainWP where its rules can be changed.
RULES = {PLUGIN: ("ignored_plugins", "Plugins"), THEME: ("ignored_themes", "Themes")}
FIELDS = (*(field for dummy, field, dummy2 in FLAGS.values()), *(field for field, dummy in RULES.values()))


def is_junk(slug: str, kind: str, installed: Sequence[Extension] | None = None) -> bool:
    """A rule named by a number, which a list in place of a map leaves: it ignores nothing, and breaks MainWP's own list of
    rules (recorded). Only a theme can have such a name."""
    if kind == PLUGIN or installed is None:
        return slug == "0" or (kind == PLUGIN and slug.isdigit())
    return slug.isdigit() and all(item.slug != slug for item in installed)


@dataclass(frozen=True)
class Ignoring:
    """What MainWP ignores on a site, and what is installed there; None where nobody knows."""

    flags: Mapping[str, bool]
    rules: Mapping[str, IgnoreRules]
    installed: Mapping[str, Sequence[Extension] | None]

    def of(self, kind: str, slug: str) -> str:
        """Whether a rule ignores all versions of it."""
        return IGNORED if slug in self.rules[kind] and self.rules[kind][slug].is_whole else NOT_IGNORED


def ignoring(site: Site) -> Ignoring | None:
    """As the site object tells it; None if it does not."""
    rules = {kind: site.extra.get(field) for kind, (field, dummy) in RULES.items()}
    if any(found is None for found in rules.values()):
        return None
    flags = {option: bool(site.extra.get(field)) for option, (dummy, field, dummy2) in FLAGS.items()}
    return Ignoring(
        flags, {kind: found or {} for kind, found in rules.items()}, {PLUGIN: site.plugins, THEME: site.themes}
    )


@dataclass(frozen=True)
class Ignored(Kind[Ignoring]):
    """Rules and flags that shall be there or gone."""

    texts: Mapping[str, tuple[str, ...]]
    flags: Mapping[str, bool]
    absent: bool

    noun, plural, key_name, option = "rule", "rules", "rule", "plugins or themes"
    syncs = needs_child = False

    @property
    def fields(self) -> Sequence[str]:  # type: ignore[override]  # the long lists only where they are needed
        """Beside the rules, what is installed, to know names and slugs."""
        return (*FIELDS, *(f"{kind}s" for kind, texts in self.texts.items() if texts))

    def read(self, dashboard: Dashboard, site: Site) -> Ignoring | None:
        """What was read with the site."""
        del dashboard
        return ignoring(site)

    def read_all(
        self, dashboard: Dashboard, sites: Sequence[Site]
    ) -> Mapping[int, Ignoring | errors.MainWPError | None]:
        """The same, for which nothing is asked. Junk is told."""
        found = {site.id: ignoring(site) for site in sites}
        broken = [site.url for site in sites if (state := found[site.id]) and junk_of(state)]
        if broken:
            more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
            dashboard.warn(
                f"{broken[0]}{more}: MainWP has an ignore rule named by a number, which ignores nothing and breaks its own list "
                f"of ignored updates. Take it away there: {_PAGES}."
            )
        return found

    # -- planning ----------------------------------------------------------------------------------------------------

    def plan(self, site: Site, state: Ignoring) -> Iterable[Entry]:
        """An entry for each flag and each rule, each once."""
        del site
        flags = (self._flag(option, wanted, state) for option, wanted in self.flags.items())
        rules = (self._rule(kind, text, state) for kind, texts in self.texts.items() for text in texts)
        return once((*flags, *rules))

    def _flag(self, option: str, wanted: bool, state: Ignoring) -> Entry:
        kind = FLAGS[option][0]
        before, shall = (IGNORED if value else NOT_IGNORED for value in (state.flags[option], wanted))
        more = {"type": kind, "slug": CORE_SLUG if kind == CORE else ""}
        entry = Entry(option, before=before, payload=(option, wanted), more=more)
        return entry if before == shall else planned(entry, "ignore" if wanted else "unignore", shall)

    def _rule(self, kind: str, text: str, state: Ignoring) -> Entry:
        installed = state.installed[kind]
        ruled = [Extension(slug, rule.name, "", active=False) for slug, rule in state.rules[kind].items()]
        # what a rule names may be gone from the site
        found = named(text, [*(installed or ()), *(item for item in ruled if not is_junk(item.slug, kind, installed))])
        slugs = list(dict.fromkeys(item.slug for item in found))
        if len(slugs) > 1:
            many = f"It names several: {', '.join(slugs)}. Use the whole slug."
            return refused(_entry(kind, text, "", NOT_IGNORED, text), "ambiguous", many)
        if not slugs:
            return self._unknown(kind, text, installed)
        slug, name = slugs[0], found[0].name
        entry = _entry(kind, slug, name, state.of(kind, slug), text)
        rule = state.rules[kind].get(slug)
        if self.absent and rule is None:
            return entry
        if rule is None:
            return planned(replace(entry, payload=(kind, slug, name)), "ignore", IGNORED)
        if self.absent:
            said = "MainWP's API cannot take back a single rule."
            return refused(entry, "by_hand", f"{said} Do it in MainWP: {RULES[kind][1]} > Ignored Updates.")
        if not rule.is_whole:
            said = (
                f"MainWP ignores {', '.join(rule.versions) or 'nothing'} of it there, and its API cannot change a rule."
            )
            return refused(entry, "by_hand", f"{said} Do it in MainWP: {RULES[kind][1]} > Ignored Updates.")
        return entry

    def _unknown(self, kind: str, text: str, installed: Sequence[Extension] | None) -> Entry:
        entry = replace(_entry(kind, text, "", NOT_IGNORED, text), found=self.absent)
        if self.absent:
            return entry
        if installed is None:
            said = f"MainWP does not know the {kind}s of the site: sync it, then run again."
            return refused(replace(entry, asked=()), "not_installed", said)
        return replace(
            entry, result=verdict.SKIPPED, reason="not_installed", message=f"The {kind} is not installed there."
        )

    # -- acting ------------------------------------------------------------------------------------------------------

    def send(self, dashboard: Dashboard, site: Site, entry: Entry) -> str:
        """A rule by its map, a flag by an edit, which takes the client along that it would lose."""
        if entry.key in FLAGS:
            option, wanted = entry.payload
            body = {"client_id": site.client_id, FLAGS[option][2]: int(wanted)}
            dashboard.v2.sites.edit(site.id, body)
            return ""
        return dashboard.v2.updates.ignore(site, *entry.payload)

    def now(self, entry: Entry, state: Ignoring) -> str:
        """What is there now."""
        if entry.key in FLAGS:
            return IGNORED if state.flags[entry.key] else NOT_IGNORED
        return state.of(entry.more["type"], entry.more["slug"])


def _entry(kind: str, slug: str, name: str, before: str, asked: str) -> Entry:
    return Entry(f"{kind}:{slug}", name, before=before, asked=(asked,), more={"type": kind, "slug": slug})


def junk_of(state: Ignoring) -> list[str]:
    """What rules that are none stand for."""
    return [
        rule.name
        for kind, rules in state.rules.items()
        for slug, rule in rules.items()
        if is_junk(slug, kind, state.installed[kind])
    ]


_PAGES = "Plugins > Ignored Updates, or Themes > Ignored Updates"


OPTIONS: dict[str, dict[str, Any]] = {
    **{f"{kind}s": {"type": "list", "elements": "str"} for kind in RULES},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    **{option: {"type": "bool"} for option in FLAGS},
}


def ignored_from(params: Mapping[str, Any]) -> Ignored:
    """Check the options of mainwp_ignored_update. Raises InputError."""
    texts = {kind: texts_from(params, f"{kind}s") for kind in RULES}
    for kind, given in texts.items():
        if "0" in given:
            raise InputError(f"{kind}s", "'0' is no slug, but what a broken rule is called.", _PAGES)
    flags = {option: bool(params[option]) for option in FLAGS if params.get(option) is not None}
    if not flags and not any(texts.values()):
        raise InputError("plugins", "nothing is said.", f"Give plugins, themes, {' or '.join(FLAGS)}.")
    return Ignored(texts, flags, params["state"] == "absent")
