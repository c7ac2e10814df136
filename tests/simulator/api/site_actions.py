# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``sites``: sync, check, reconnect, suspend, add, edit, remove (core.md §4, §7)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from .. import batch, dashboard
from ..child import UnreachableError
from ..php import bare_url, collated, esc_html, parse_ids, php_text, to_int, truthy
from ..rest import DELETE, EDIT, POST, Call, RestError, routes
from ..state import Child, Site, Tag
from ..views import bulk_view, simple, view
from .sites import BASE, narrowed, selected

#: parameter, accepted Python types, WordPress' word
SCHEMA: tuple[tuple[str, Any, str], ...] = (
    ("url", str, "string"),
    ("name", str, "string"),
    ("http_user", str, "string"),
    ("http_pass", str, "string"),
    ("force_use_ipv4", str, "string"),
    ("client_id", (int, str), "integer"),
)
REMOVED = "The site has been removed and the MainWP Child plugin has been disabled."
REMOVED_STAGING = (
    "The site has been removed. Please make sure that the MainWP Child plugin has been deactivated properly."
)


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
        raise RestError("mainwp_rest_disconnect_site_error", error.token) from error
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


@routes(EDIT, f"{BASE}/<loose:id_domain>/edit")
def edit(call: Call, id_domain: str) -> dict[str, Any]:
    site = call.site(id_domain)
    apply_edit(call, site, call.params)
    return {"success": 1, "data": narrowed(call, view(call.fleet, site))}


def apply_edit(call: Call, site: Site, given: dict[str, Any]) -> None:
    """Only what is given and not empty – but the client, which is always written (resources.md §1.1)."""
    with call.fleet.lock:
        for name, attribute in (("name", "name"), ("admin", "admin"), ("monitoring_emails", "monitoring_emails")):
            if truthy(given.get(name)):
                setattr(site, attribute, str(given[name]))
        for name, flag in (
            ("suspended", "suspended"),
            ("ignore_core_updates", "ignore_core"),
            ("ignore_plugin_updates", "ignore_plugins"),
            ("ignore_theme_updates", "ignore_themes"),
        ):
            if name in given:
                setattr(site, flag, truthy(given[name]))
        for name, attribute in (
            ("automatic_update", "automatic_update"),
            ("disablehealthchecking", "disable_health_check"),
            ("healththreshold", "health_threshold"),
            ("sslversion", "ssl_version"),
        ):
            if truthy(given.get(name)) or (name in given and name != "sslversion"):
                setattr(site, attribute, to_int(given[name]))
        if "force_use_ipv4" in given:
            value = to_int(given["force_use_ipv4"])
            site.force_use_ipv4 = value if value <= 2 else 0
        if given.get("protocol") in ("http", "https"):
            site.url = f"{given['protocol']}://{site.url.split('://', 1)[-1]}"
        if truthy(given.get("groupids")):
            site.tags = _known_tags(call, given["groupids"])
        site.client_id = to_int(given.get("client_id"))


def _known_tags(call: Call, groups: Any) -> list[int]:
    """Numbers only, and only known ones; any list is none (recorded)."""
    if isinstance(groups, list):
        return []
    parts = [part.strip() for part in php_text(groups).split(",")]
    return [
        number for number in dict.fromkeys(int(part) for part in parts if part.isdigit()) if number in call.fleet.tags
    ]


@routes(POST, f"{BASE}/add")
def add(call: Call) -> dict[str, Any]:
    """Types are checked by the schema (resources.md §1.1)."""
    given = call.params
    for name, kinds, word in SCHEMA:
        if name in given and not isinstance(given[name], kinds):
            text = f"{name} is not of type {word}."
            data: dict[str, Any] = {"status": 400, "params": {name: text}}
            data["details"] = {name: {"code": "rest_invalid_type", "message": text, "data": {"param": name}}}
            raise RestError("rest_invalid_param", f"Invalid parameter(s): {name}", 400, data)
    return add_site(call, given)


def add_site(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Register a child that exists somewhere (``fleet.strangers``) and store its data (resources.md §1.1)."""
    url = str(given.get("url") or "").strip()
    if not url:
        return {"success": 0, "error": "HTTP error - URL using bad/illegal format or missing URL"}
    fleet, address = call.fleet, bare_url(url)
    for site in fleet.sites.values():
        if bare_url(site.url) == address:
            text = "The site is already connected to your MainWP Dashboard"
            return {"success": 0, "error": text, "found_id": str(site.id)}
    found = next((key for key in fleet.strangers if bare_url(key) == address), None)
    error = (
        _unfit(fleet.strangers[found], given)
        if found
        else f"HTTP error - Could not resolve host: {address.split('/')[0]}"
    )
    if error or found is None:
        return {"success": 0, "error": error}
    with fleet.lock:
        child = fleet.strangers.pop(found)
        child.has_key = True
        name = _quoted(re.sub(r"<[^>]*>", "", str(given.get("name") or url.split("://", 1)[-1].rstrip("/"))))
        site = Site(
            id=fleet.new_id("sites"),
            url=url.rstrip("/") + "/",
            name=name,
            child=child,
            client_id=to_int(given.get("client_id")),
            tags=_tags(call, given.get("groupids")),
            ip=child.ip or "127.0.0.1",
            admin=str(given.get("admin") or ""),
        )
        fleet.add(site)
        fleet.moved(site.id, "site", site.url, "", "added")
    message = "Site successfully added - Visit the Site&#039;s Dashboard now."
    return {"success": 1, "data": simple(site), "message": message}


def _quoted(text: str) -> str:
    """``esc_sql``, whose backslashes are stored (recorded)."""
    return re.sub(r"([\\'\"])", r"\\\1", text)


def _unfit(child: Child, given: dict[str, Any]) -> str:
    """Why the child cannot be connected, or ""; the password comes percent-encoded."""
    if child.unreachable or child.down:
        return f"HTTP error - {child.unreachable}" if child.unreachable else dashboard.NO_CHILD
    if child.plugin_gone:
        return dashboard.NO_CHILD
    if child.auth_broken:
        return esc_html(child.auth_broken)
    if child.has_key:
        return (
            "Public key already set. Please deactivate &amp; reactivate the MainWP Child plugin on the child site and"
            " try again."
        )
    if child.password and unquote(str(given.get("adminpassword") or "")) != child.password:
        return (
            "Unable to connect to the site. Please verify that your Admin Username and Password are correct and try"
            " again."
        )
    return ""


def _tags(call: Call, groups: Any) -> list[int]:
    """Numbers or names, comma separated; unknown names are created, unknown numbers dropped; a list is nothing."""
    numbers = []
    for part in [part.strip() for part in groups.split(",")] if isinstance(groups, str) else []:
        name = esc_html(part)
        known = next((tag.id for tag in call.fleet.tags.values() if collated(tag.name) == collated(name)), None)
        if part.isdigit():
            known = int(part) if int(part) in call.fleet.tags else None
        elif name and known is None:
            known = call.fleet.new_id("tags")
            call.fleet.tags[known] = Tag(known, name)
        if known is not None:
            numbers.append(known)
    return numbers


@routes(DELETE, f"{BASE}/<loose:id_domain>/remove")
def remove(call: Call, id_domain: str) -> dict[str, Any]:
    return remove_site(call, call.site(id_domain))


def remove_site(call: Call, site: Site) -> dict[str, Any]:
    """The row goes in any case; success 0 says only that the child was not reached (core.md §4)."""
    data = simple(site)
    error = ""
    if not site.is_staging:
        try:
            reply = dashboard.disconnect(call.fleet, site)
            error = reply.get("error", "")
        except UnreachableError as failure:
            error = failure.token
    with call.fleet.lock:
        call.fleet.sites.pop(site.id, None)
        call.fleet.strangers[site.url] = site.child
        call.fleet.moved(site.id, "site", site.url, "connected", "removed")
    if error:
        return {"success": 0, "error": esc_html(error), "data": data}
    return {"success": 1, "message": REMOVED_STAGING if site.is_staging else REMOVED, "data": data}
