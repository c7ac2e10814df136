# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``sites``: add, edit, remove (resources.md §1.1)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

from .. import dashboard, joining, people
from ..child import UnreachableError
from ..php import bare_url, clean_text, collated, esc_html, php_text, to_int, truthy, unslash
from ..rest import DELETE, EDIT, POST, Call, RestError, routes
from ..state import Site, Tag
from ..views import simple, view
from .monitors import watch
from .sites import BASE, narrowed


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


#: parameter, whether a value fits, WordPress' word
SCHEMA: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    *((name, _is_text, "string") for name in ("url", "name", "http_user", "http_pass", "force_use_ipv4")),
    ("client_id", lambda value: isinstance(value, int) or str(value).isdigit(), "integer"),
)
REMOVED = "The site has been removed and the MainWP Child plugin has been disabled."
REMOVED_STAGING = (
    "The site has been removed. Please make sure that the MainWP Child plugin has been deactivated properly."
)
#: the child was not reached: the row goes all the same (recorded)
STAYS = "Be sure to deactivate the child plugin on the child site to avoid potential security issues."


@routes(EDIT, f"{BASE}/<loose:id_domain>/edit")
def edit(call: Call, id_domain: str) -> dict[str, Any]:
    site = call.site(id_domain)
    apply_edit(call, site, call.params)
    return {"success": 1, "data": narrowed(call, view(call.fleet, site))}


def apply_edit(call: Call, site: Site, given: dict[str, Any]) -> None:
    """Only what is given and not empty – but the client, which is always written (resources.md §1.1)."""
    with call.fleet.lock:
        for name, attribute in TEXTS.items():
            if truthy(given.get(name)):
                setattr(site, attribute, "" if isinstance(given[name], list) else str(given[name]))
        if truthy(given.get("admin")):  # as whom the child is called from now on
            user = people.by_login(site.child, site.admin)
            site.child.connection_user = user["id"] if user else 0
        for name, (attribute, read) in VALUES.items():
            if name in given:
                setattr(site, attribute, read(given[name]))
        if truthy(given.get("sslversion")):
            site.ssl_version = to_int(given["sslversion"])
        if given.get("protocol") in ("http", "https"):
            site.url = f"{given['protocol']}://{site.url.split('://', 1)[-1]}"
        if "monitoring_emails" in given:
            site.options["monitoring_notification_emails"] = _emails(given["monitoring_emails"])
        if truthy(given.get("groupids")):
            site.tags = _known_tags(call, given["groupids"])
        site.client_id = to_int(given.get("client_id"))


#: what is written unless it is empty, and where
TEXTS = {name: name for name in ("name", "admin", "http_user", "http_pass")} | {"uniqueid": "unique_id"}
#: what is written whatever it is: where, and what is made of it. Of ``suspended`` alone the text "false" is no (recorded)
VALUES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "ignore_core_updates": ("ignore_core", truthy),
    "ignore_plugin_updates": ("ignore_plugins", truthy),
    "ignore_theme_updates": ("ignore_themes", truthy),
    "suspended": ("suspended", lambda value: truthy(value) and str(value).lower() != "false"),
    "automatic_update": ("automatic_update", lambda value: int(truthy(value))),
    "disablehealthchecking": ("disable_health_check", lambda value: int(truthy(value))),
    "healththreshold": ("health_threshold", to_int),
    "force_use_ipv4": ("force_use_ipv4", lambda value: to_int(value) if to_int(value) <= 2 else 0),
}


def _emails(given: Any) -> str:
    """Trimmed, escaped, each once; not validated (recorded)."""
    parts = [str(part) for part in given] if isinstance(given, list) else php_text(given).split(",")
    return ",".join(dict.fromkeys(esc_html(part.strip()) for part in parts if part.strip()))


def _known_tags(call: Call, groups: Any) -> list[int]:
    """Numbers only, and only known ones; any list is none (recorded)."""
    if isinstance(groups, list):
        return []
    parts = [part.strip() for part in php_text(groups).split(",")]
    return [
        number for number in dict.fromkeys(int(part) for part in parts if part.isdigit()) if number in call.fleet.tags
    ]


def _unslashed(value: Any) -> str:
    return unslash(str(value or ""))


#: What is made of what adds a site; an edit stores it raw
ARRIVES: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("url", "name", "admin", "uniqueid", "http_user"), lambda value: clean_text(value or "")),
    **dict.fromkeys(("adminpassword", "http_pass"), _unslashed),
}


@routes(POST, f"{BASE}/add")
def add(call: Call) -> dict[str, Any]:
    """Types are checked by the schema (resources.md §1.1)."""
    given = call.params
    for name, fits, word in SCHEMA:
        if name in given and not fits(given[name]):
            text = f"{name} is not of type {word}."
            data: dict[str, Any] = {"status": 400, "params": {name: text}}
            data["details"] = {name: {"code": "rest_invalid_type", "message": text, "data": {"param": name}}}
            raise RestError("rest_invalid_param", f"Invalid parameter(s): {name}", 400, data)
    return add_site(call, given)


def add_site(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Register the child that answers there, and store its data. One that another row has already loses the key of that
    (recorded)."""
    given = {name: ARRIVES.get(name, lambda value: value)(value) for name, value in given.items()}
    url = str(given.get("url") or "").strip()
    if not url:
        return {"success": 0, "error": "HTTP error - URL using bad/illegal format or missing URL"}
    fleet, address = call.fleet, bare_url(url)
    for site in fleet.sites.values():
        if bare_url(site.url) == address:
            text = "The site is already connected to your MainWP Dashboard"
            return {"success": 0, "error": text, "found_id": str(site.id)}
    child = joining.answering(fleet, url)
    if child is None:
        return {"success": 0, "error": f"HTTP error - Could not resolve host: {address.split('/')[0]}"}
    error = joining.refusal(child, given)
    if error:
        return {"success": 0, "error": error}
    with fleet.lock:
        fleet.strangers = {key: other for key, other in fleet.strangers.items() if other is not child}
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
            unique_id=str(given.get("uniqueid") or ""),
            http_user=str(given.get("http_user") or ""),
            http_pass=str(given.get("http_pass") or ""),
        )
        user = people.by_login(child, site.admin) or people.by_number(child, 1)
        child.has_key, child.key_of, child.connection_user = True, site.id, user["id"] if user else 0
        fleet.add(site)
        fleet.moved(site.id, "site", site.url, "", "added")
        watch(call, site)
    message = "Site successfully added - Visit the Site&#039;s Dashboard now."
    return {"success": 1, "data": simple(site), "message": message}


def _quoted(text: str) -> str:
    """``esc_sql``, whose backslashes are stored (recorded)."""
    return re.sub(r"([\\'\"])", r"\\\1", text)


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
    complaint = "" if site.is_staging else STAYS
    if not site.is_staging:
        with contextlib.suppress(
            UnreachableError
        ):  # what a child says itself was seen on a real Dashboard, in no recording
            complaint = esc_html(dashboard.deactivate(call.fleet, site).get("error", ""))
    with call.fleet.lock:
        call.fleet.sites.pop(site.id, None)
        kept = {number: one for number, one in call.fleet.monitors.items() if one.site_id != site.id}
        call.fleet.monitors = kept
        if all(other.child is not site.child for other in call.fleet.sites.values()):
            site.child.key_of = site.id
            call.fleet.strangers[site.url] = site.child
        call.fleet.moved(site.id, "site", site.url, "connected", "removed")
    if complaint:
        return {"success": 0, "error": complaint, "data": data}
    return {"success": 1, "message": REMOVED_STAGING if site.is_staging else REMOVED, "data": data}
