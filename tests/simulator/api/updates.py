# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``updates`` (core.md §6)."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from .. import batch, dashboard
from ..child import UnreachableError
from ..clock import iso
from ..php import parse_ids, parse_list, php_text
from ..rest import EDIT, GET, Call, FatalError, RestError, routes
from ..state import Site, Stored
from ..views import simple
from .sites import check_status

BASE = "/mainwp/v2/updates"
TYPES = ("wp", "plugins", "themes", "translations")
#: the ability lists only so many, and the controller cannot ask for more (core.md §6.1)
LIST_LIMIT = 50
IGNORED = 'Ability "mainwp/list-ignored-updates-v1" has invalid input. Reason: scope is not a valid property of Object.'
NOTHING = {
    "plugin": "No Plugins to update.",
    "theme": "No Themes to update.",
    "translation": "No Translations to update.",
}


@routes(GET, BASE)
def list_updates(call: Call) -> dict[str, Any]:
    check_status(call)
    types = parse_list(call.get("type"))
    if call.abilities:
        return {"success": 1, "data": _flat(call, types)}
    include, exclude = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    data = {}
    for site in call.fleet.ordered():
        if (include and site.id not in include) or site.id in exclude:
            continue
        updates = _of_site(call, site, types or ["all"])
        if updates:
            data[str(site.id)] = updates | _never_written(site, updates)
    return {"success": 1, "data": data}


def _never_written(site: Site, updates: dict[str, Any]) -> dict[str, Any]:
    """What the classic list makes of columns without any content: null, and true for core (core.md §6.1)."""
    stored = site.stored or Stored()
    columns = {
        "wp": (stored.wp_upgrades, site.ignore_core),
        "plugins": (stored.plugin_upgrades, site.ignore_plugins),
        "themes": (stored.theme_upgrades, site.ignore_themes),
        "translations": (stored.translation_upgrades, False),
    }
    names = [name for name, (column, ignored) in columns.items() if name in updates and column == "" and not ignored]
    return {name: True if name == "wp" else None for name in names}


def _flat(call: Call, types: list[str]) -> Any:
    """The ability's list: only what exists, cut at 50, ``exclude`` taken for list indexes (core.md §6.1)."""
    allowed = ("core", "plugins", "themes", "translations")
    for number, name in enumerate(types):
        if name not in allowed:
            raise RestError(
                "ability_invalid_input",
                f'Ability "mainwp/list-updates-v1" has invalid input. Reason: input[types][{number}] is not one of'
                " core, plugins, themes, and translations.",
                500,
            )
    include = parse_ids(call.get("include"))
    sites = call.fleet.ordered()
    if include:
        sites = [call.fleet.sites[number] for number in include if number in call.fleet.sites]
    rows = [row for site in sites for row in _rows(call, site, types or list(allowed))][:LIST_LIMIT]
    exclude = parse_ids(call.get("exclude"))
    return {str(number): row for number, row in enumerate(rows) if number not in exclude}


def _rows(call: Call, site: Site, types: list[str]) -> list[dict[str, Any]]:
    todo = dashboard.pending(call.fleet, site)
    rows: list[tuple[str, str, str, str, str]] = []
    if "core" in types and todo["wp"]:
        rows.append(("core", "wordpress", "WordPress", todo["wp"]["current"], todo["wp"]["new"]))
    for group, kind in (("plugins", "plugin"), ("themes", "theme")):
        if group in types:
            for slug, info in dict(todo[group] or {}).items():
                rows.append((kind, slug, info["Name"], info["Version"], info["update"]["new_version"]))
    if "translations" in types:
        # the version stands in the wrong column (recorded)
        rows += [("translation", item["slug"], item["name"], item["version"], "") for item in todo["translations"]]
    names = ("type", "slug", "name", "current_version", "new_version")
    head = {"site_id": site.id, "site_url": site.url, "site_name": site.name}
    return [head | dict(zip(names, row, strict=True)) for row in rows]


def _of_site(call: Call, site: Site, types: list[str]) -> dict[str, Any]:
    todo = dashboard.pending(call.fleet, site)
    data: dict[str, Any] = {}
    for name in TYPES:
        if "all" not in types and name not in types:
            continue
        data[name] = _searched(todo[name], call.get("search"))
        rolled = dashboard.rollbacks(site, name.removesuffix("s")) if name in ("plugins", "themes") else {}
        if rolled:
            data[f"rollback_{name}"] = rolled
    return data


def _searched(updates: Any, text: Any) -> Any:
    """Matches key or Name; for lists, any of the values (core.md §6.1)."""
    if not text or not updates:
        return updates
    needle = str(text).lower()
    if isinstance(updates, list):
        return [item for item in updates if any(needle in str(value).lower() for value in item.values())]
    return {
        key: info
        for key, info in updates.items()
        if needle in key.lower() or needle in str(info["Name"] if isinstance(info, dict) else info).lower()
    }


@routes(GET, f"{BASE}/<item:id_domain>")
def site_updates(call: Call, id_domain: str) -> dict[str, Any]:
    data = _of_site(call, call.site(id_domain), parse_list(call.get("type")) or ["all"])
    return {"success": 1, "data": data or None}


@routes(GET, f"{BASE}/ignored")
def ignored(call: Call) -> dict[str, Any]:
    if call.abilities:
        raise RestError("ability_invalid_input", IGNORED, 500)
    return {"success": 1, "data": _maps(call, call.fleet.ignored_plugins or {}, call.fleet.ignored_themes or {})}


@routes(GET, f"{BASE}/<loose:id_domain>/ignored")
def site_ignored(call: Call, id_domain: str) -> dict[str, Any]:
    site = call.site(id_domain)
    if call.abilities:
        raise RestError("ability_invalid_input", IGNORED, 500)
    plugins = (call.fleet.ignored_plugins or {}) | (site.ignored_plugins or {})
    themes = (call.fleet.ignored_themes or {}) | (site.ignored_themes or {})
    return {"success": 1, "data": _maps(call, plugins, themes)}


def _maps(call: Call, plugins: dict[str, Any], themes: dict[str, Any]) -> dict[str, Any]:
    types = parse_list(call.get("type"))
    every = "plugins" not in types and "themes" not in types
    maps = {"plugins": plugins, "themes": themes}
    return {name: found for name, found in maps.items() if found and (every or name in types)}


@routes(EDIT, f"{BASE}/<loose:id_domain>/update/wp")
def update_core(call: Call, id_domain: str) -> dict[str, Any]:
    """Success when nothing was to do, too; an exception is a PHP fatal (core.md §6.4)."""
    site = call.site(id_domain)
    try:
        reply = dashboard.upgrade(call.fleet, site, "core", [])
    except UnreachableError as error:
        raise FatalError from error
    if reply.get("upgrade") == "SUCCESS":
        data = {name: reply[name] for name in ("old_version", "version") if name in reply}
        body = {"success": 1, "message": "WordPress was updated to the latest version."}
        return body | ({"data": data} if data else {})
    if reply.get("error"):
        return {"success": 0}
    return {"success": 0, "error": "An undefined error occured. Please try again."}


@routes(EDIT, f"{BASE}/<loose:id_domain>/update/plugins")
def update_plugins(call: Call, id_domain: str) -> dict[str, Any]:
    return _update(call, call.site(id_domain), "plugin")


@routes(EDIT, f"{BASE}/<loose:id_domain>/update/themes")
def update_themes(call: Call, id_domain: str) -> dict[str, Any]:
    return _update(call, call.site(id_domain), "theme")


@routes(EDIT, f"{BASE}/<loose:id_domain>/update/translations")
def update_translations(call: Call, id_domain: str) -> dict[str, Any]:
    return _update(call, call.site(id_domain), "translation")


def _update(call: Call, site: Site, kind: str) -> dict[str, Any]:
    """Stored, not ignored and asked for; suspended sites too (core.md §6.4)."""
    if kind == "plugin" and site.ignore_plugins:
        return {"success": 0, "message": "Plugins ignored updates per site."}
    if kind == "theme" and site.ignore_themes:
        return {"success": 0, "message": "Themes ignored updates per site."}
    todo = dashboard.pending(call.fleet, site)[f"{kind}s"]
    listed = [item["slug"] for item in todo] if kind == "translation" else list(todo)
    wanted = parse_list(call.get("slug"))
    slugs = [slug for slug in listed if slug in wanted]
    if not slugs:
        return {"success": 0, "message": NOTHING[kind]}
    try:
        reply = dashboard.upgrade(call.fleet, site, kind, slugs)
    except UnreachableError as error:
        raise RestError(f"mainwp_rest_upgrade_{kind}s_of_site_error", error.token) from error
    return {"success": 1, "data": dashboard.results(call.fleet, site, kind, reply)["updates_info"]}


@routes(EDIT, f"{BASE}/<loose:id_domain>/ignore/wp")
def ignore_core(call: Call, id_domain: str) -> dict[str, Any]:
    call.site(id_domain).ignore_core = True
    return {"success": 1, "message": "Ignore core update successfully."}


@routes(EDIT, f"{BASE}/<loose:id_domain>/ignore/plugins")
def ignore_plugins(call: Call, id_domain: str) -> dict[str, Any]:
    return _ignore(call, call.site(id_domain), "plugin")


@routes(EDIT, f"{BASE}/<loose:id_domain>/ignore/themes")
def ignore_themes(call: Call, id_domain: str) -> dict[str, Any]:
    return _ignore(call, call.site(id_domain), "theme")


def _ignore(call: Call, site: Site, kind: str) -> dict[str, Any]:
    """A list's index becomes the slug (recorded), only a map works (core.md §6.6)."""
    slugs = call.get("slug")
    if not slugs:
        setattr(site, f"ignore_{kind}s", True)
        return {"success": 1, "message": f"Ignore update {kind}s per site successfully.", "url": site.url}
    names = slugs if isinstance(slugs, dict) else {str(n): slug for n, slug in enumerate(parse_list(slugs))}
    names = {slug: name for slug, name in names.items() if not isinstance(name, (dict, list))}
    ignored = dict(getattr(site, f"ignored_{kind}s") or {})
    done = {}
    for slug, name in names.items():
        if slug not in ignored:
            ignored[slug] = {"Name": unquote_plus(php_text(name).strip()), "ignored_versions": ["all_versions"]}
            done[slug] = "success"
    setattr(site, f"ignored_{kind}s", ignored)
    return {"success": 1, "data": done, "url": site.url}


@routes(EDIT, f"{BASE}/update")
def batch_all(call: Call) -> dict[str, Any]:
    """Update everything everywhere (core.md §9.1, §9.2)."""
    cron = call.sim.cron
    if not call.abilities:
        started = cron.begin_all()
        message = "Batch updates all started successfully." if started else "A batch updates all job are running."
        return {"success": 1, "message": message, "last_time_start_batch_updates": iso(cron.start_all)}
    sites = call.fleet.ordered()
    now = {"last_time_start_batch_updates": iso(call.sim.local_now())}
    if len(sites) > batch.THRESHOLD:
        job = batch.queue(call.fleet, "update", [site.id for site in sites])
        cron.jobs.append(job)
        return {"success": 1, "message": "Batch updates queued.", "job_id": job.id, "queued_count": 0} | now
    summary = batch.run(call.fleet, sites).summary()
    return {"success": 1, "message": "Batch updates completed.", "summary": summary} | now


@routes(EDIT, f"{BASE}/<loose:id_domain>/update")
def batch_site(call: Call, id_domain: str) -> dict[str, Any]:
    """Update everything on one site; the summary is always empty on abilities (core.md §9.2)."""
    site, cron = call.site(id_domain), call.sim.cron
    if site.is_staging:
        raise RestError("mainwp_rest_invalid_site_id", "Invalid or not found ID.", 404)
    if site.suspended:
        text = "Website suspended. Please unsuspended the website and try again."
        raise RestError("mainwp_rest_updates_site_error", text, 400)
    if cron.queued(site):
        message = "A batch updates for the site are queuing to run."
    elif call.abilities:
        batch.run(call.fleet, [site])
        time = {"last_time_start_batch_updates": iso(call.sim.local_now()), "site": simple(site)}
        return {"success": 1, "message": "Batch updates for the site completed.", "summary": []} | time
    else:
        cron.begin_site(site)
        message = "Batch updates for the site started successfully. Please wait to completed."
    time = {"last_time_start_batch_updates": iso(cron.start_individual), "site": simple(site)}
    return {"success": 1, "message": message} | time
