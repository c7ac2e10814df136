# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of v1 that speak of one site (core.md §2.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import dashboard
from ..child import UnreachableError
from ..php import esc_html, truthy
from ..rest import Call, FatalError, RestError
from ..state import Site, Stored
from ..views import tags
from . import managed_sites, site_items
from .v1 import DONE, all_updates, asked, missing, raw_row, v1


def _of_site(read: Callable[[Call, Site], Any]) -> Callable[[Call], Any]:
    """A handler for a known site; an unknown one answers nothing, with 200 (recorded)."""

    def handler(call: Call) -> Any:
        site, refusal = asked(call)
        if refusal is not None:
            return refusal
        return read(call, site) if site else None

    return handler


def _with_tags(call: Call, site: Site, row: dict[str, Any]) -> dict[str, Any]:
    """Tags only when asked for (recorded without)."""
    return {**row, "tags": tags(call.fleet, site)} if truthy(call.get("with_tags")) else row


def _rows(site: Site, kind: str, active: bool | None) -> list[dict[str, Any]]:
    stored = site.stored or Stored()
    rows = (stored.plugins if kind == "plugins" else stored.themes) or []
    return [row for row in rows if active is None or bool(row["active"]) == active]


READS: dict[str, Callable[[Call, Site], Any]] = {
    "site/site": lambda call, site: _with_tags(call, site, raw_row(call, site)),
    "site/site-info": lambda call, site: (site.stored or Stored()).site_info,
    "site/site-available-updates": lambda call, site: all_updates(site),
    "site/site-available-updates-count": lambda call, site: dashboard.site_counts(site),
    "site/site-installed-plugins": lambda call, site: _rows(site, "plugins", None),
    "site/site-active-plugins": lambda call, site: _rows(site, "plugins", True),
    "site/site-inactive-plugins": lambda call, site: _rows(site, "plugins", False),
    "site/site-installed-themes": lambda call, site: _rows(site, "themes", None),
    "site/site-active-themes": lambda call, site: _rows(site, "themes", True),
    "site/site-inactive-themes": lambda call, site: _rows(site, "themes", False),
    "site/site-http-status": lambda call, site: str(site.http_response_code),
    "updates/site-ignored-plugins-updates": lambda call, site: site.ignored_plugins or None,
    "updates/site-ignored-themes-updates": lambda call, site: site.ignored_themes or None,
}
for _path, _read in READS.items():
    v1("GET", _path)(_of_site(_read))


def _process(work: Callable[[Call, Site], Any]) -> Callable[[Call], Any]:
    """An action that says "Process ran." whatever became of it, for unknown sites too (recorded)."""

    def handler(call: Call) -> Any:
        site, refusal = asked(call)
        if refusal is not None:
            return refusal
        if site:
            work(call, site)
        return DONE

    return handler


def _reconnect(call: Call, site: Site) -> None:
    dashboard.reconnect(call.fleet, site)


def _disconnect(call: Call, site: Site) -> None:
    try:
        dashboard.disconnect(call.fleet, site)
    except UnreachableError:
        return


def _translations(call: Call, site: Site) -> None:
    """All or nothing (core.md §2.2)."""
    slugs = [item["slug"] for item in dashboard.pending(call.fleet, site)["translations"]]
    if slugs:
        _upgrade(call, site, "translation", slugs)


ACTIONS: dict[tuple[str, str], Callable[[Call, Site], Any]] = {
    ("POST", "site/sync-site"): lambda call, site: dashboard.sync(call.fleet, site),
    ("POST", "site/reconnect-site"): _reconnect,
    ("POST", "site/disconnect-site"): _disconnect,
    ("POST", "site/check-site-http-status"): lambda call, site: dashboard.check(call.fleet, site),
    ("DELETE", "site/remove-site"): managed_sites.remove_site,
    ("PUT", "site/site-update-translations"): _translations,
}
for (_method, _path), _work in ACTIONS.items():
    v1(_method, _path)(_process(_work))


def _upgrade(call: Call, site: Site, kind: str, slugs: list[str]) -> dict[str, Any]:
    """An exception is uncaught: an HTML 500 (recorded)."""
    try:
        reply = dashboard.upgrade(call.fleet, site, kind, slugs)
    except UnreachableError as error:
        raise FatalError from error
    return DONE | {"data": dashboard.results(call.fleet, site, kind, reply)}


@v1("PUT", "site/site-update-item")
def update_item(call: Call) -> Any:
    """One item, ignored or not, listed or not (recorded)."""
    site, refusal = asked(call)
    if refusal is not None:
        return refusal
    kind, slug = call.get("type"), call.get("slug")
    if not kind or not slug:
        return missing()
    if site is None or kind not in ("plugin", "theme"):
        return DONE
    return _upgrade(call, site, str(kind), [str(slug)])


@v1("PUT", "site/site-update-plugins")
def update_plugins(call: Call) -> Any:
    """All listed plugins; an exception is a WP_Error here (core.md §2.2)."""
    site, refusal = asked(call)
    if refusal is not None or site is None:
        return refusal or DONE
    slugs = list((site.stored or Stored()).plugin_upgrades or {})
    if not slugs:
        return DONE
    try:
        return _upgrade(call, site, "plugin", slugs)
    except FatalError as error:
        raise RestError("mainwp_rest_upgrade_plugintheme_error", str(error.__cause__)) from error


@v1("PUT", "site/site-update-themes")
def update_themes(call: Call) -> Any:
    site, refusal = asked(call)
    if refusal is not None or site is None:
        return refusal or DONE
    slugs = list((site.stored or Stored()).theme_upgrades or {})
    return _upgrade(call, site, "theme", slugs) if slugs else DONE


@v1("PUT", "site/site-update-wordpress")
def update_core(call: Call) -> Any:
    """The child's raw reply (recorded)."""
    site, refusal = asked(call)
    if refusal is not None or site is None:
        return refusal
    try:
        reply = dashboard.upgrade(call.fleet, site, "core", [])
    except UnreachableError as error:
        return {"error": f"HTTP error - {error.detail}" if error.detail else esc_html(dashboard.NO_CHILD)}
    return reply | {"fetch_url_output": {"http_status": 200, "connection_step": "verify_credentials"}}


@v1("POST", "site/site-manage-plugin")
def manage_plugin(call: Call) -> Any:
    site, refusal = asked(call)
    if refusal is not None or site is None:
        return refusal or DONE
    slugs, action = str(call.get("plugin") or "").split("||"), call.get("action")
    if action == "delete":
        site_items.drop_plugins(call, site, slugs)
    elif action in ("activate", "deactivate"):
        site_items.switch_plugins(call, site, slugs, action == "activate")
    return DONE


def _ignore(remember: bool, everywhere: bool) -> Callable[[Call], Any]:
    """Write (or take out) an entry of the global or a site's ignore list."""

    def handler(call: Call) -> Any:
        kind, slug = call.get("type"), call.get("slug")
        if kind not in ("plugin", "theme") or not slug or (remember and not call.get("name")):
            return missing()
        owner: Any = call.fleet
        if not everywhere:
            owner, refusal = asked(call)
            if refusal is not None:
                return refusal
        if owner is not None:
            name = f"ignored_{kind}s"
            entries = dict(getattr(owner, name) or {})
            entries.pop(slug, None)
            if remember:
                entries[slug] = {"Name": call.get("name"), "ignored_versions": ["all_versions"]}
            setattr(owner, name, entries)
        return DONE

    return handler


v1("POST", "updates/ignore-updates")(_ignore(True, True))
v1("POST", "updates/ignore-update")(_ignore(True, False))
v1("POST", "updates/unignore-updates")(_ignore(False, True))
v1("POST", "updates/unignore-update")(_ignore(False, False))
