# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``sites/{id}/plugins`` and ``themes`` (core.md §5.3, resources.md §1.2)."""

from __future__ import annotations

import json
from typing import Any

from .. import dashboard, switching
from ..child import UnreachableError
from ..child import call as reach
from ..php import parse_list, to_int
from ..rest import DELETE, EDIT, GET, Call, RestError, routes
from ..state import Site, Stored
from ..views import simple
from .sites import BASE

EMPTY = "Theme slug is empty or invalid."
STATUSES = ("any", "active", "inactive")
ONE = f"{BASE}/<loose:id_domain>"


@routes(GET, f"{ONE}/plugins")
def plugins(call: Call, id_domain: str) -> dict[str, Any]:
    return _list(call, call.site(id_domain), "plugin")


@routes(GET, f"{ONE}/themes")
def themes(call: Call, id_domain: str) -> dict[str, Any]:
    return _list(call, call.site(id_domain), "theme")


def _list(call: Call, site: Site, kind: str) -> dict[str, Any]:
    """From the last sync; two shapes, and the raw one also on abilities with some parameters."""
    statuses = parse_list(call.get("status"))
    if statuses and not any(name in STATUSES for name in statuses):
        text = f"The status argument should be: {','.join(STATUSES)}"
        raise RestError("mainwp_rest_invalid_param", text, 400)
    page, size = to_int(call.get("page")), to_int(call.get("per_page"))
    raw = not call.abilities or call.get("search") or call.get("must_use") or (page > 0 and size > 0)
    stored = site.stored or Stored()
    rows = stored.plugins if kind == "plugin" else stored.themes
    if not raw:
        if dashboard.outdated(site):
            text = "MainWP Child plugin version is outdated. Please update to version 4.0.0 or later."
            raise RestError("mainwp_child_outdated", text, 400)
        data: Any = _ability_rows(stored, rows or [], kind, statuses)
    else:
        data = _raw_rows(call, rows, kind, statuses)
        if page > 0 and size > 0:
            data = data[(page - 1) * size : page * size]
    return {"success": 1, "total": len(data or []), "data": data, "site": simple(site)}


def _ability_rows(stored: Stored, rows: list[dict[str, Any]], kind: str, statuses: list[str]) -> list[dict[str, Any]]:
    """Theme statuses never filter (resources.md §1.2)."""
    upgrades = (stored.plugin_upgrades if kind == "plugin" else stored.theme_upgrades) or {}
    if kind == "plugin" and statuses in (["active"], ["inactive"]):
        rows = [row for row in rows if bool(row["active"]) == (statuses == ["active"])]
    return [
        {
            "slug": row["slug"],
            "name": row["name"],
            "version": row["version"],
            "active": bool(row["active"]),
            "update_version": upgrades.get(row["slug"], {}).get("update", {}).get("new_version"),
        }
        for row in rows
    ]


def _raw_rows(call: Call, rows: Any, kind: str, statuses: list[str]) -> Any:
    """The classic plugin filter works only when the status comes as an array (core.md §5.3)."""
    if rows == "":
        return None
    filters = kind == "theme" or isinstance(call.get("status"), list)
    if filters and statuses and "any" not in statuses:
        wanted = {int(name == "active") for name in statuses}
        rows = [row for row in rows if row["active"] in wanted]
    text = str(call.get("search") or "").lower()
    if call.get("must_use"):
        rows = [row for row in rows if row.get("mu")]
    return [row for row in rows if text in row["name"].lower()]


def _slugs(call: Call, text: str) -> list[str]:
    """An empty list is a 500 whose data is 400 (core.md §3)."""
    slugs = parse_list(call.get("slug"))
    if not slugs:
        raise RestError(f"mainwp_rest_invalid_{_kind(call)}_slugs", text, None, 400)
    return slugs


def _kind(call: Call) -> str:
    return "themes" if "/themes/" in call.path else "plugins"


def _reach(call: Call, site: Site, code: str) -> bool:
    """Call the child; False if it answers with an error."""
    try:
        return reach(call.fleet, site) is None
    except UnreachableError as error:
        raise RestError(code, error.token) from error


@routes(EDIT, f"{ONE}/plugins/activate")
def activate(call: Call, id_domain: str) -> dict[str, Any]:
    return switch_plugins(call, call.site(id_domain), _slugs(call, "Plugins slugs are empty or invalid."), True)


@routes(EDIT, f"{ONE}/plugins/deactivate")
def deactivate(call: Call, id_domain: str) -> dict[str, Any]:
    return switch_plugins(call, call.site(id_domain), _slugs(call, "Plugins slug is empty or invalid."), False)


def switch_plugins(call: Call, site: Site, slugs: list[str], active: bool) -> dict[str, Any]:
    """The reply carries ``sync``, so the list is fresh; where there was none, it is as old as before."""
    code = f"mainwp_rest_{'activate' if active else 'deactivate'}_plugins_action"
    done = []
    if _reach(call, site, code):
        try:
            with call.fleet.lock:
                done = switching.switch(call.fleet, site, slugs, active)
        except UnreachableError as error:
            raise RestError(code, error.token) from error
        if done:
            dashboard.take_in(call.fleet, site, {"sync": True})
    return {"success": int(bool(done)), "data": done, "site": simple(site)}


@routes(DELETE, f"{ONE}/plugins/delete")
def delete_plugins(call: Call, id_domain: str) -> dict[str, Any]:
    return drop_plugins(call, call.site(id_domain), _slugs(call, "Plugins slugs is empty or invalid."))


def drop_plugins(call: Call, site: Site, slugs: list[str]) -> dict[str, Any]:
    """The Dashboard's list keeps what was deleted until a sync (recorded)."""
    done = []
    if _reach(call, site, "mainwp_rest_delete_plugins_action"):
        with call.fleet.lock:
            done = switching.drop(call.fleet, site, slugs)
    return {"success": int(bool(done)), "data": done, "site": simple(site)}


@routes(EDIT, f"{ONE}/themes/activate")
def activate_theme(call: Call, id_domain: str) -> dict[str, Any]:
    site, slug = call.site(id_domain), call.get("slug")
    if not slug or not isinstance(slug, str):
        raise RestError("mainwp_rest_invalid_themes_slugs", EMPTY, None, 400)
    if not _reach(call, site, "mainwp_rest_activate_plugins_action"):
        return {"success": 0, "data": [], "site": simple(site)}
    try:
        with call.fleet.lock:
            data = switching.switch_theme(call.fleet, site, slug)
    except UnreachableError as error:
        raise RestError("mainwp_rest_activate_plugins_action", error.token) from error
    dashboard.take_in(call.fleet, site, {"sync": True})
    return {"success": 1, "data": data, "site": simple(site)}


@routes(DELETE, f"{ONE}/themes/delete")
def delete_themes(call: Call, id_domain: str) -> dict[str, Any]:
    site, slugs = call.site(id_domain), _slugs(call, EMPTY)
    if not _reach(call, site, "mainwp_rest_delete_plugins_action"):
        return {"success": 0, "data": [], "site": simple(site)}
    with call.fleet.lock:
        data = switching.drop_themes(call.fleet, site, slugs)
    dashboard.take_in(call.fleet, site, {"sync": True})
    return {"success": int("delete" in data), "data": data or [], "site": simple(site)}


@routes(GET, f"{ONE}/plugins/abandoned")
def abandoned_plugins(call: Call, id_domain: str) -> dict[str, Any]:
    return _abandoned(call.site(id_domain), "plugins_outdate_info")


@routes(GET, f"{ONE}/themes/abandoned")
def abandoned_themes(call: Call, id_domain: str) -> dict[str, Any]:
    return _abandoned(call.site(id_domain), "themes_outdate_info")


def _abandoned(site: Site, option: str) -> dict[str, Any]:
    """What has had no release for long, as the last sync brought it: by slug, or an empty list."""
    data = json.loads(site.options.get(option) or "[]")
    return {"success": 1, "total": len(data), "data": data or [], "site": simple(site)}
