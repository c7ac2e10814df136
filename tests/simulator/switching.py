# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child does when its plugins and themes are switched or deleted (recorded, unless it says otherwise)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .child import UnreachableError
from .php import meets, wordpress_meets
from .state import Child, Plugin, Site, Theme

if TYPE_CHECKING:
    from .fleet import Fleet

#: MainWP Child skips itself
OWN = "mainwp-child/"
Named = dict[str, str]


def named(item: Plugin | Theme | None, slug: str) -> Named:
    """What the child says of an item; it does not check that the thing exists."""
    return {"name": item.name if item else "", "version": item.version if item else "", "slug": slug}


def _theme_named(theme: Theme | None, slug: str) -> Named:
    return named(theme, slug) if theme else {"name": slug, "version": "", "slug": slug}


def plugin_of(child: Child, slug: str) -> Plugin | None:
    """A plugin that can be switched: must-use ones are none."""
    plugin = child.plugin(slug)
    return None if plugin is None or plugin.mu else plugin


def switch(fleet: Fleet, site: Site, slugs: list[str], active: bool) -> list[Named]:
    """Every slug is told as done, whatever became of it. One that dies as it is loaded takes the answer along, and
    those after it are not reached."""
    done = []
    for slug in slugs:
        if slug.startswith(OWN):
            continue
        plugin = plugin_of(site.child, slug)
        if plugin and plugin.active != active and not (active and refuses(site.child, plugin)):
            if active and plugin.fatal:
                raise UnreachableError("NOMAINWP")
            _set(fleet, site, plugin, active)
        done.append(named(plugin, slug))
    return done


def _set(fleet: Fleet, site: Site, plugin: Plugin, active: bool) -> None:
    words = ("inactive", "active")
    plugin.active = active
    fleet.moved(site.id, "activation", plugin.slug, words[not active], words[active])
    _page_after(fleet, site, plugin, words[active])


def _page_after(fleet: Fleet, site: Site, plugin: Plugin, state: str) -> None:
    child = site.child
    dies = plugin.kills_site and state == "active"
    if plugin.breaks_page_when == state or dies:
        child.page.broken = True
        fleet.moved(site.id, "page", plugin.slug, "working", "broken")
    if dies:
        child.plugin_gone = True


def refuses(child: Child, plugin: Plugin) -> bool:
    """Does WordPress refuse to activate it? (Other plugins that it requires: from source only.)"""
    php, wordpress = (str(plugin.info.get(name) or "") for name in ("RequiresPHP", "RequiresWP"))
    others = [name.strip() for name in str(plugin.info.get("RequiresPlugins") or "").split(",") if name.strip()]
    present = {one.directory for one in child.plugins if one.active}
    return not (meets(child.php_version, php) and wordpress_meets(child.core, wordpress) and present.issuperset(others))


def drop(fleet: Fleet, site: Site, slugs: list[str]) -> list[Named]:
    """Only what was deleted is told. An active plugin is deactivated first."""
    done = []
    for slug in slugs:
        plugin = plugin_of(site.child, slug)
        if plugin and not slug.startswith(OWN):
            site.child.plugins.remove(plugin)
            fleet.moved(site.id, "plugin", slug, plugin.version, "")
            if plugin.active:
                _page_after(fleet, site, plugin, "inactive")
            done.append(named(plugin, slug))
    return done


def switch_theme(fleet: Fleet, site: Site, slug: str) -> dict[str, Named]:
    """WordPress switches to whatever it is told, be it there or not; the page of one that is not there is empty. Where its
    requirements are not met, WordPress dies (seen on a real Dashboard)."""
    child = site.child
    old, new = next((theme for theme in child.themes if theme.active), None), child.theme(slug)
    was = old.slug if old else child.missing_theme
    if new and not meets(child.php_version, str(new.info.get("RequiresPHP") or "")):
        raise UnreachableError("NOMAINWP")
    for theme in child.themes:
        theme.active = theme is new
    child.missing_theme = "" if new else slug
    if was != slug:
        fleet.moved(site.id, "activation", slug, "inactive", "active")
    if not new:
        fleet.moved(site.id, "page", slug, "working", "broken")
    return {"deactivate": _theme_named(old, was), "activate": _theme_named(new, slug)}


def drop_themes(fleet: Fleet, site: Site, slugs: list[str]) -> dict[str, str | Named]:
    """Only the last one is told, be it there or not. The active one is an error; that of which the active one is a child
    is passed over in silence."""
    told: dict[str, str | Named] = {}
    for slug in slugs:
        theme = site.child.theme(slug)
        if theme and theme.active:
            told["error"] = f"The theme {slug} is active."
        elif not any(one.active and one.parent == slug for one in site.child.themes):
            if theme:
                site.child.themes.remove(theme)
                fleet.moved(site.id, "theme", slug, theme.version, "")
            told["delete"] = _theme_named(theme, slug)
    return told
