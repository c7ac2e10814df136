# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``clients`` (resources.md §2)."""

from __future__ import annotations

import re
from typing import Any

from ..php import clean_text, collated, parse_ids, php_text, truthy
from ..rest import DELETE, EDIT, GET, POST, Call, RestError, routes
from ..state import Client
from ..views import CLIENT_FULL, client_view, related_view
from .client_fields import keep_values
from .sites import paged_rows

BASE = "/mainwp/v2/clients"
ONE = f"{BASE}/<loose_client:id_email>"
#: the longest value of each column; a longer one breaks the whole write
LIMITS = {
    "name": 255,
    "client_email": 191,
    "address_1": 255,
    "address_2": 255,
    "city": 100,
    "zip": 32,
    "state": 200,
    "country": 200,
    "client_phone": 100,
    "client_facebook": 255,
    "client_twitter": 255,
    "client_instagram": 255,
    "client_linkedin": 255,
}
#: the columns beside the name and the address
FIELDS = [
    name
    for name in CLIENT_FULL
    if name not in ("id", "name", "client_email", "created", "suspended", "primary_contact_id")
]
#: names of the status filter
STATUSES = {"active": 0, "suspended": 1, "lead": 2, "lost": 3}
NAMELESS = "Client name field is required! Please enter a Client name."
TAKEN = "Client email exists. Please try again."
UNDEFINED = "Undefined error. Please try again."


def _client(call: Call, key: Any) -> Client:
    """By number or, without regard to case, by e-mail."""
    if str(key).isdigit():
        found = call.fleet.clients.get(int(key))
        if found is None:
            raise RestError("mainwp_rest_invalid_client_id", "Invalid or not found ID.", 404)
        return found
    for client in call.fleet.clients.values():
        if client.client_email and collated(client.client_email) == collated(str(key)):
            return client
    raise RestError("mainwp_rest_invalid_client_data", "Invalid or not found email.", 404)


@routes(GET, BASE)
def list_clients(call: Call) -> dict[str, Any]:
    search = collated(php_text(call.get("search")))
    include, exclude = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    status = STATUSES.get(str(call.get("status") or ""))
    found = [
        client
        for client in sorted(call.fleet.clients.values(), key=lambda client: (collated(client.name), client.id))
        if (not include or client.id in include)
        and client.id not in exclude
        and status in (None, client.suspended)
        and any(search in collated(text) for text in (client.name, client.client_email, str(client.id)))
    ]
    rows = [client_view(client, CLIENT_FULL) for client in paged_rows(call, found)]
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{BASE}/count")
def count(call: Call) -> dict[str, Any]:
    """A string (recorded)."""
    return {"success": 1, "total": str(len(call.fleet.clients))}


@routes(GET, f"{BASE}/<client:id_email>")
def get_client(call: Call, id_email: str) -> dict[str, Any]:
    return {"success": 1, "data": client_view(_client(call, id_email))}


@routes(POST, f"{BASE}/add")
def add(call: Call) -> dict[str, Any]:
    return add_client(call, call.params)


def add_client(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Only texts and sites; ``suspended``, ``created`` and ``custom_fields`` are ignored (recorded)."""
    texts = _texts(given)
    if not truthy(texts.get("name")):
        return {"success": 0, "error": NAMELESS}
    client = Client(0, "", created=call.sim.clock.now())
    with call.fleet.lock:
        error = _write(call, client, texts)
        if error:
            return {"success": 0, "error": error}
        client.id = call.fleet.new_id("clients")
        call.fleet.clients[client.id] = client
        data = client_view(client) | {"selected_sites": _assign(call, client, given.get("selected_sites"))}
    return {"success": 1, "message": "Client created Successfully.", "data": data}


@routes(EDIT, f"{ONE}/edit")
def edit(call: Call, id_email: str) -> dict[str, Any]:
    return edit_client(call, id_email, call.params)


def edit_client(call: Call, key: Any, everything: dict[str, Any]) -> dict[str, Any]:
    """Empty values are dropped, but a blank is none: it clears any text but the name (recorded)."""
    client = _client(call, key)
    given = {name: value for name, value in everything.items() if truthy(value)}
    texts = {name: text for name, text in _texts(given).items() if name != "name" or truthy(text)}
    with call.fleet.lock:
        error = _write(call, client, texts)
        if error:
            return {"success": 0, "error": error}
        if re.fullmatch(r"\d+", php_text(given.get("created"))):
            client.created = float(given["created"])
        keep_values(call.fleet, client, given.get("custom_fields"))
        data = client_view(client) | {"selected_sites": _assign(call, client, given.get("selected_sites"))}
    return {"success": 1, "message": "Client updated Successfully.", "data": data}


def _texts(given: dict[str, Any]) -> dict[str, str]:
    return {name: clean_text(given[name]) for name in ("name", "client_email", *FIELDS) if name in given}


def _write(call: Call, client: Client, texts: dict[str, str]) -> str:
    """Store them; or say why nothing was stored."""
    others = [other for other in call.fleet.clients.values() if other is not client]
    email = collated(texts.get("client_email", ""))
    if email and any(collated(other.client_email) == email for other in others):
        return TAKEN
    if any(len(texts.get(name, "")) > limit for name, limit in LIMITS.items()):
        return UNDEFINED
    client.name = texts.pop("name", client.name)
    client.client_email = texts.pop("client_email", client.client_email)
    client.fields |= texts
    return ""


def _assign(call: Call, client: Client, selected: Any) -> str | None:
    """The whole set: listed sites are taken from other clients, others of this one let go."""
    if selected is not None:
        wanted = parse_ids(selected)
        for site in call.fleet.sites.values():
            if site.id in wanted:
                site.client_id = client.id
            elif site.client_id == client.id:
                site.client_id = 0
    mine = sorted(site.id for site in call.fleet.sites.values() if site.client_id == client.id)
    return ",".join(str(number) for number in mine) or None


@routes(DELETE, f"{ONE}/remove")
def remove(call: Call, id_email: str) -> dict[str, Any]:
    """Its sites stay, without a client."""
    client = _client(call, id_email)
    with call.fleet.lock:
        del call.fleet.clients[client.id]
        for site in call.fleet.sites.values():
            if site.client_id == client.id:
                site.client_id = 0
    return {"success": 1, "message": "Client deleted successfully", "data": client_view(client)}


@routes(EDIT, f"{ONE}/suspend")
def suspend(call: Call, id_email: str) -> dict[str, Any]:
    """Its sites are not suspended (recorded)."""
    client = _client(call, id_email)
    client.suspended = 1
    return {"success": 1, "message": "Client suspended successfully.", "data": client_view(client)}


@routes(EDIT, f"{ONE}/unsuspend")
def unsuspend(call: Call, id_email: str) -> dict[str, Any]:
    client = _client(call, id_email)
    client.suspended = 0
    return {"success": 1, "message": "Client unsuspended successfully.", "data": client_view(client)}


@routes(GET, f"{ONE}/sites")
def sites(call: Call, id_email: str) -> dict[str, Any]:
    client = _client(call, id_email)
    rows = [related_view(call.fleet, site) for site in call.fleet.ordered() if site.client_id == client.id]
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{ONE}/sites/count")
def sites_count(call: Call, id_email: str) -> dict[str, Any]:
    client = _client(call, id_email)
    return {"success": 1, "total": sum(site.client_id == client.id for site in call.fleet.sites.values())}


@routes(GET, f"{ONE}/costs")
def costs(call: Call, id_email: str) -> dict[str, Any]:
    _client(call, id_email)
    return {"success": 1, "message": "Costs not found."}
