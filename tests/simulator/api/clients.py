# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``clients`` (resources.md §2)."""

from __future__ import annotations

from typing import Any

from ..php import parse_ids, strip_tags, truthy
from ..rest import DELETE, EDIT, GET, POST, Call, RestError, routes
from ..state import Client
from ..views import CLIENT_FULL, client_view, related_view
from .sites import paged_rows

BASE = "/mainwp/v2/clients"
ONE = f"{BASE}/<client:number>"
FIELDS = [name for name in CLIENT_FULL if name not in ("id", "name", "client_email", "created", "suspended")]
#: names of the status filter
STATUSES = {"active": 0, "suspended": 1, "lead": 2, "lost": 3}


def _client(call: Call, number: str) -> Client:
    if number.isdigit():
        found = call.fleet.clients.get(int(number))
        if found is None:
            raise RestError("mainwp_rest_invalid_client_id", "Invalid or not found ID.", 404)
        return found
    for client in call.fleet.clients.values():
        if client.client_email == number:
            return client
    raise RestError("mainwp_rest_invalid_client_data", "Invalid or not found email.", 404)


@routes(GET, BASE)
def list_clients(call: Call) -> dict[str, Any]:
    search = str(call.get("search") or "").lower()
    include, exclude = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    status = STATUSES.get(str(call.get("status") or ""))
    found = [
        client
        for client in sorted(call.fleet.clients.values(), key=lambda client: client.name.lower())
        if (not include or client.id in include)
        and client.id not in exclude
        and status in (None, client.suspended)
        and (search in client.name.lower() or search in client.client_email.lower() or search == str(client.id))
    ]
    rows = [client_view(client, CLIENT_FULL) for client in paged_rows(call, found)]
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{BASE}/count")
def count(call: Call) -> dict[str, Any]:
    """A string (recorded)."""
    return {"success": 1, "total": str(len(call.fleet.clients))}


@routes(GET, ONE)
def get_client(call: Call, number: str) -> dict[str, Any]:
    return {"success": 1, "data": client_view(_client(call, number))}


@routes(POST, f"{BASE}/add")
def add(call: Call) -> dict[str, Any]:
    return add_client(call, call.params)


def add_client(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    name, email = strip_tags(given.get("name") or ""), strip_tags(given.get("client_email") or "")
    if not name:
        return {"success": 0, "error": "Client name field is required! Please enter a Client name."}
    if _taken(call, email, 0):
        return {"success": 0, "error": "Client email exists. Please try again."}
    with call.fleet.lock:
        number = call.fleet.new_id("clients")
        client = Client(number, name, email, call.sim.clock.now())
        client.fields = {field: strip_tags(given[field]) for field in FIELDS if given.get(field)}
        call.fleet.clients[number] = client
        data = client_view(client) | {"selected_sites": _assign(call, client, given.get("selected_sites"))}
    return {"success": 1, "message": "Client created Successfully.", "data": data}


@routes(EDIT, f"{ONE}/edit")
def edit(call: Call, number: str) -> dict[str, Any]:
    """Empty values are dropped: no field can be cleared (resources.md §2.1)."""
    client = _client(call, number)
    given = {name: value for name, value in call.params.items() if truthy(value)}
    email = strip_tags(given.get("client_email", client.client_email))
    if _taken(call, email, client.id):
        return {"success": 0, "error": "Client email exists. Please try again."}
    with call.fleet.lock:
        client.name = strip_tags(given.get("name", client.name))
        client.client_email = email
        client.fields |= {field: strip_tags(given[field]) for field in FIELDS if field in given}
        data = client_view(client) | {"selected_sites": _assign(call, client, given.get("selected_sites"))}
    return {"success": 1, "message": "Client updated Successfully.", "data": data}


def _taken(call: Call, email: str, but: int) -> bool:
    return bool(email) and any(
        client.client_email == email and client.id != but for client in call.fleet.clients.values()
    )


def _assign(call: Call, client: Client, selected: Any) -> str | None:
    """The whole set: listed sites are taken from other clients, others of this one let go."""
    if selected is None:
        mine = sorted(site.id for site in call.fleet.sites.values() if site.client_id == client.id)
        return ",".join(str(number) for number in mine) or None
    wanted = [number for number in parse_ids(selected) if number in call.fleet.sites]
    for site in call.fleet.sites.values():
        if site.id in wanted:
            site.client_id = client.id
        elif site.client_id == client.id:
            site.client_id = 0
    return ",".join(str(number) for number in wanted) or None


@routes(DELETE, f"{ONE}/remove")
def remove(call: Call, number: str) -> dict[str, Any]:
    client = _client(call, number)
    with call.fleet.lock:
        del call.fleet.clients[client.id]
        for site in call.fleet.sites.values():
            if site.client_id == client.id:
                site.client_id = 0
    return {"success": 1, "message": "Client deleted successfully", "data": client_view(client)}


@routes(EDIT, f"{ONE}/suspend")
def suspend(call: Call, number: str) -> dict[str, Any]:
    client = _client(call, number)
    client.suspended = 1
    return {"success": 1, "message": "Client suspended successfully.", "data": client_view(client)}


@routes(EDIT, f"{ONE}/unsuspend")
def unsuspend(call: Call, number: str) -> dict[str, Any]:
    client = _client(call, number)
    client.suspended = 0
    return {"success": 1, "message": "Client unsuspended successfully.", "data": client_view(client)}


@routes(GET, f"{ONE}/sites")
def sites(call: Call, number: str) -> dict[str, Any]:
    client = _client(call, number)
    rows = [related_view(call.fleet, site) for site in call.fleet.ordered() if site.client_id == client.id]
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{ONE}/sites/count")
def sites_count(call: Call, number: str) -> dict[str, Any]:
    client = _client(call, number)
    return {"success": 1, "total": sum(site.client_id == client.id for site in call.fleet.sites.values())}


@routes(GET, f"{ONE}/costs")
def costs(call: Call, number: str) -> dict[str, Any]:
    _client(call, number)
    return {"success": 1, "message": "Costs not found."}
