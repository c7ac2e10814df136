# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``sites``: sync, check, reconnect, disconnect, suspend (core.md §4, §7)."""

from __future__ import annotations

from typing import Any

from .. import batch, dashboard
from ..child import UnreachableError
from ..php import esc_html, parse_ids
from ..rest import EDIT, Call, RestError, routes
from ..state import Site
from ..views import bulk_view, simple, view
from .sites import BASE, narrowed, selected


@routes(EDIT, f"{BASE}/sync")
def sync_all(call: Call) -> dict[str, Any]:
    return _ability_sync(call) if call.abilities else _classic_sync(call)


def _classic_sync(call: Call) -> dict[str, Any]:
    """One after another; each answer holds the row from before the sync (core.md §7.2)."""
    data = {}
    for site in selected(call):
        row = bulk_view(call.fleet, site)
        ok = dashboard.sync(call.fleet, site)
        data[str(site.id)] = {"result": "success" if ok else "failed"} | row
    return {"total": len(data), "data": data}


def _ability_sync(call: Call) -> dict[str, Any]:
    """Successes first, then failures without a reason; above 200 sites a queued job (core.md §7.2)."""
    for name in ("include", "exclude"):
        given = call.get(name)
        if given not in (None, "", []) and not any(parse_ids(given)):
            raise RestError("mainwp_invalid_input", f"Invalid {name} parameter.", 400)
    include, exclude = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    numbers = include or [site.id for site in call.fleet.ordered()]
    numbers = [number for number in numbers if number not in exclude]
    if len(numbers) > batch.THRESHOLD:
        job = batch.queue(call.fleet, "sync", numbers)
        call.sim.cron.jobs.append(job)
        message = "Sync queued for background processing."
        return {"success": 1, "message": message, "job_id": job.id, "total": len(numbers)}
    good: dict[str, Any] = {}
    bad: dict[str, Any] = {}
    for number in numbers:
        site = call.fleet.sites.get(number)
        if site and not dashboard.locked_out(site) and dashboard.sync(call.fleet, site):
            good[str(number)] = {"result": "success"} | view(call.fleet, site)
        else:
            bad[str(number)] = {"result": "failed"}
    return {"total": len(numbers), "data": good | bad}


@routes(EDIT, f"{BASE}/<loose:id_domain>/sync")
def sync_one(call: Call, id_domain: str) -> dict[str, Any]:
    """A failure gives no reason; on abilities a locked-out site is not even asked (core.md §7.1)."""
    site = call.site(id_domain)
    refused = call.abilities and dashboard.locked_out(site)
    if refused or not dashboard.sync(call.fleet, site):
        return {"success": 0, "data": []}
    return {"success": 1, "data": narrowed(call, view(call.fleet, site))}


@routes(EDIT, f"{BASE}/<loose:id_domain>/reconnect")
def reconnect(call: Call, id_domain: str) -> dict[str, Any]:
    site = call.site(id_domain)
    error = dashboard.reconnect(call.fleet, site)
    if error:
        raise RestError("mainwp_rest_reconnect_site_error", f"Reconnect Site &quot;{site.id}&quot; error:: {error}")
    return {"success": 1, "data": simple(site)}


@routes(EDIT, f"{BASE}/reconnect")
def reconnect_all(call: Call) -> dict[str, Any]:
    """Stops at the first site without sync_errors (core.md §4)."""
    data = {}
    for site in selected(call):
        if not site.sync_errors:
            break
        data[str(site.id)] = "failed" if dashboard.reconnect(call.fleet, site) else "success"
    return {"total": len(data), "data": data}


@routes(EDIT, f"{BASE}/<loose:id_domain>/disconnect")
def disconnect(call: Call, id_domain: str) -> dict[str, Any]:
    site = call.site(id_domain)
    try:
        reply = dashboard.disconnect(call.fleet, site)
    except UnreachableError as error:
        text = f"Disconnect Site &quot;{site.id}&quot; error:: {error.token}"
        raise RestError("mainwp_rest_disconnect_site_error", text) from error
    if "error" in reply:
        return {"success": 0, "data": simple(site), "error": esc_html(reply["error"])}
    return {"success": 1, "data": simple(site)}


@routes(EDIT, f"{BASE}/disconnect")
def disconnect_all(call: Call) -> dict[str, Any]:
    data = {str(site.id): "success" if _let_go(call, site) else "failed" for site in selected(call)}
    return {"total": len(data), "data": data}


def _let_go(call: Call, site: Site) -> bool:
    try:
        return "result" in dashboard.disconnect(call.fleet, site)
    except UnreachableError:
        return False


@routes(EDIT, f"{BASE}/<loose:id_domain>/check")
def check(call: Call, id_domain: str) -> dict[str, Any]:
    """success 1 for a dead site, too; http_code tells (core.md §4)."""
    site = call.site(id_domain)
    code = dashboard.check(call.fleet, site)
    return {"success": 1, "data": simple(site) | {"status": int(code == 200), "http_code": code}}


@routes(EDIT, f"{BASE}/check")
def check_all(call: Call) -> dict[str, Any]:
    data = {}
    for site in selected(call):
        row = bulk_view(call.fleet, site)
        up = dashboard.check(call.fleet, site) == 200
        data[str(site.id)] = {"result": "success" if up else "failed"} | row
    return {"total": len(data), "data": data}


@routes(EDIT, f"{BASE}/<loose:id_domain>/suspend")
def suspend(call: Call, id_domain: str) -> dict[str, Any]:
    site = call.site(id_domain)
    site.suspended = True
    return {"success": 1, "suspended": 1, "data": simple(site)}


@routes(EDIT, f"{BASE}/<loose:id_domain>/unsuspend")
def unsuspend(call: Call, id_domain: str) -> dict[str, Any]:
    site = call.site(id_domain)
    site.suspended = False
    return {"success": 1, "suspended": 0, "data": simple(site)}
