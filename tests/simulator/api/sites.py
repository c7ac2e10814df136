# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``sites``: listing and reading (core.md §4, §5.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import dashboard, picture
from ..child import UnreachableError
from ..child import call as reach
from ..php import parse_ids, parse_list, to_int
from ..rest import GET, Call, RestError, find_site, routes
from ..state import Site, Stored
from ..views import (
    client_row,
    edit_view,
    only,
    simple,
    view,
    with_columns,
    with_options,
)

BASE = "/mainwp/v2/sites"
STATUSES = ("any", "connected", "disconnected", "suspended", "available_update")
NOT_FOUND = 'Ability "mainwp/get-site-v1" does not have necessary permission.'


def check_status(call: Call) -> list[str]:
    """The statuses asked for; one known name among them suffices (core.md §3)."""
    wanted = parse_list(call.get("status"))
    if wanted and not any(name in STATUSES for name in wanted):
        text = f"The status argument should be: {','.join(STATUSES)}"
        raise RestError("mainwp_rest_invalid_param", text, 400)
    return wanted


def is_no(value: Any) -> bool:
    """0, false or no (for with_tags and full_data)."""
    return value is not None and str(value).lower() in ("0", "false", "no", "")


def has_updates(site: Site) -> bool:
    """Stored updates of any kind, ignored or not (core.md §5.1)."""
    return dashboard.site_counts(site)["total"] > 0 or bool((site.stored or Stored()).premium_upgrades)


def selected(call: Call, *, strict_connected: bool = False, searching: bool = True) -> list[Site]:
    """Sites that the shared list parameters pick, before paging."""
    statuses = check_status(call)
    include, exclude = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    search = str(call.get("search") or "").lower() if searching else ""

    def fits(site: Site) -> bool:
        if (include and site.id not in include) or site.id in exclude:
            return False
        if search and not any(search in text.lower() for text in (str(site.id), site.name, site.url)):
            return False
        tests = {
            "any": True,
            "connected": not site.sync_errors and not (strict_connected and site.suspended),
            "disconnected": bool(site.sync_errors),
            "suspended": site.suspended,
            "available_update": has_updates(site),
        }
        return not statuses or any(tests.get(name, False) for name in statuses)

    return [site for site in call.fleet.ordered() if fits(site)]


def paged_rows(call: Call, rows: list[Any]) -> list[Any]:
    """Paging of the classic paths: only with both parameters (core.md §5.1)."""
    page, size = to_int(call.get("page") or call.get("paged")), to_int(call.get("per_page"))
    return rows[(page - 1) * size : page * size] if page > 0 and size > 0 else rows


@routes(GET, BASE)
def list_sites(call: Call) -> dict[str, Any]:
    plain = any(call.get(name) for name in ("include", "exclude")) or any(
        is_no(call.get(name)) for name in ("with_tags", "full_data")
    )
    names = parse_list(call.get("custom_fields"))
    if call.abilities and not plain:
        total, sites = _ability_list(call)
        rows = [with_options(view(call.fleet, site), site, names) for site in sites]
    else:
        sites = paged_rows(call, selected(call))
        total = len(sites)
        rows = [with_columns(view(call.fleet, site), call.fleet, site, names) for site in sites]
    if is_no(call.get("with_tags")):
        rows = [row | {"tags": ""} for row in rows]
    return {"success": 1, "total": total, "data": narrowed(call, rows)}


def _ability_list(call: Call) -> tuple[int, list[Site]]:
    """``list-sites-v1``: 20 a page, at most 100, one status (core.md §5.1)."""
    statuses = check_status(call)
    reason = 'Ability "mainwp/list-sites-v1" has invalid input. Reason: '
    size = to_int(call.get("per_page")) or 20
    if size > 100 or size < 1:
        text = "input[per_page] must be between 1 (inclusive) and 100 (inclusive)"
        raise RestError("ability_invalid_input", reason + text, 500)
    if len(statuses) > 1:
        text = f"input[status] is not one of {', '.join(STATUSES[:-1])}, and {STATUSES[-1]}."
        raise RestError("ability_invalid_input", reason + text, 500)
    sites = selected(call, strict_connected=True)
    page = max(to_int(call.get("page") or call.get("paged")), 1)
    total = len(call.fleet.ordered()) if statuses == ["available_update"] else len(sites)
    return total, sites[(page - 1) * size : page * size]


def narrowed(call: Call, rows: Any) -> Any:
    """Apply ``_fields``."""
    wanted = parse_list(call.get("_fields"))
    return only(rows, wanted) if wanted else rows


@routes(GET, f"{BASE}/basic")
def basic(call: Call) -> dict[str, Any]:
    rows = [simple(site) for site in paged_rows(call, selected(call))]
    return {"success": 1, "total": len(rows), "data": narrowed(call, rows)}


@routes(GET, f"{BASE}/count")
def count(call: Call) -> dict[str, Any]:
    """``search`` does not count here (core.md §4)."""
    return {"count": len(selected(call, searching=False))}


@routes(GET, f"{BASE}/<item:id_domain>")
def get_site(call: Call, id_domain: str) -> dict[str, Any]:
    site = find_site(call.fleet, id_domain)
    if call.abilities and site is None:
        raise RestError("ability_invalid_permissions", NOT_FOUND, 500)
    site = call.site(id_domain)
    if site.is_staging:
        return {"data": _staging(call, site)}
    row = view(call.fleet, site)
    if call.get("context") == "edit":
        row = edit_view(row, site, bool(call.get("_fields")))
    if is_no(call.get("with_tags")):
        row["tags"] = ""
    row = with_options(row, site, parse_list(call.get("custom_fields")))
    return {"data": narrowed(call, row)}


def _staging(call: Call, site: Site) -> Any:
    """Lists exclude staging sites, and so does this look-up (core.md §4)."""
    if not call.abilities:
        return []
    row = view(call.fleet, site)
    names = ("url", "name", "status", "wp_version", "php_version", "child_version", "last_sync", "notes")
    return {"id": site.id, "admin_username": site.admin, "client_id": site.client_id} | {
        name: row.get(name, "") for name in names
    }


@routes(GET, f"{BASE}/<loose:id_domain>/security")
def security(call: Call, id_domain: str) -> dict[str, Any]:
    """A live call; no answer is a 404 (core.md §4), a refusal stands where the report would."""
    site = call.site(id_domain)
    try:
        refusal = reach(call.fleet, site)
    except UnreachableError as error:
        raise RestError("mainwp_rest_get_secure_site_error", error.token, 404) from error
    output = {"fetch_url_output": {"http_status": 200, "connection_step": "verify_credentials"}}
    return {"data": (refusal or picture.security(site)["report"]) | output, "site": simple(site)}


@routes(GET, f"{BASE}/<loose:id_domain>/client")
def client(call: Call, id_domain: str) -> dict[str, Any]:
    site = call.site(id_domain)
    found = call.fleet.clients.get(site.client_id)
    if found is None:
        return {"success": 0, "error": "Client is not set or not found."}
    return {"success": 1, "data": client_row(found)}


#: Where an entry of the log comes from. Any other word: nothing.
SOURCES: dict[str, Callable[[bool], bool]] = {
    "wpadmin": lambda of_child: of_child,
    "dashboard": lambda of_child: not of_child,
    "all": lambda _of_child: True,
}


@routes(GET, f"{BASE}/<loose:id_domain>/non-mainwp-changes")
def changes(call: Call, id_domain: str) -> dict[str, Any]:
    """The newest first, by when it was done; ``since`` does nothing (recorded: 1460 to 1471)."""
    site = call.site(id_domain)
    fits = SOURCES.get(call.get("source") or "wpadmin", lambda _of_child: False)
    found = [row for row in site.changes if fits(row.get("connector", "non-mainwp-changes") == "non-mainwp-changes")]
    contexts = parse_list(call.get("contexts"))
    found = [row for row in found if not contexts or row.get("context") in contexts]
    found.sort(key=lambda row: row.get("created", 0), reverse=str(call.get("order")).lower() != "asc")
    page, size = to_int(call.get("page")), to_int(call.get("per_page"))
    rows = found[(page - 1) * size : page * size] if page and size else found[: to_int(call.get("limit")) or 200]
    told = [row | {"log_site_name": site.name, "url": site.url} for row in rows]
    if str(call.get("total_count")).lower() in ("1", "true", "yes"):
        return {"success": 1, "total": len(found), "data": {"total": len(found)}, "site": simple(site)}
    return {"success": 1, "total": len(told), "data": told, "site": simple(site)}
