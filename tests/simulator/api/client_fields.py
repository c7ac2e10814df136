# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``clients/fields``: fields that an agency makes for its clients (resources.md §2.2)."""

from __future__ import annotations

import re
from typing import Any

from ..fleet import Fleet
from ..php import clean_text, collated, parse_list, php_text, to_int
from ..rest import DELETE, GET, POST, Call, RestError, routes
from ..state import Client, ClientField

BASE = "/mainwp/v2/clients/fields"
PAGE = 20


def _by_name(fleet: Fleet, name: str) -> ClientField | None:
    wanted = collated(name)
    return next((field for field in fleet.client_fields.values() if collated(field.name) == wanted), None)


def _field(call: Call, key: str) -> ClientField:
    """Digits are a number, whatever the names are; a name with brackets is never found (recorded)."""
    field = (
        call.fleet.client_fields.get(int(key)) if key.isdigit() else _by_name(call.fleet, re.sub(r"[\[\]]", "", key))
    )
    if field is None:
        raise RestError("invalid_field_id", "Invalid client field.")
    return field


def _row(field: ClientField) -> dict[str, str]:
    return {"name": field.name, "field_id": str(field.id), "description": field.description}


def keep_values(fleet: Fleet, client: Client, given: Any) -> None:
    """Values of fields that exist; others are skipped in silence, and nothing ever tells the values (recorded)."""
    for item in given if isinstance(given, list) else []:
        field = _by_name(fleet, clean_text(item.get("field_name"))) if isinstance(item, dict) else None
        if field:
            client.values[field.id] = clean_text(item.get("field_value"))


@routes(GET, BASE)
def list_fields(call: Call) -> dict[str, Any]:
    """Newest first. A page behind the last one is the last one again (recorded)."""
    search = collated(php_text(call.get("search")))
    include, exclude = parse_list(call.get("include")), parse_list(call.get("exclude"))

    def named(field: ClientField, names: list[str]) -> bool:
        return str(field.id) in names or field.name in names

    found = [
        field
        for field in sorted(call.fleet.client_fields.values(), key=lambda field: -field.id)
        if (not include or named(field, include)) and not named(field, exclude) and search in collated(field.name)
    ]
    if not found:
        return {"success": 0, "message": "No client fields found."}
    size = to_int(call.get("per_page")) or PAGE
    pages = -(-len(found) // size)
    page = min(max(to_int(call.get("page")), 1), pages)
    rows = [_row(field) for field in found[(page - 1) * size : page * size]]
    return {"success": 1, "total": len(found), "pages": pages, "data": rows}


def _fits(name: str, description: str) -> bool:
    """Into the columns of the table (seen on MainWP 6.1.2)."""
    return len(name) <= 191 and len(description) <= 255


@routes(POST, f"{BASE}/add")
def add(call: Call) -> dict[str, Any]:
    """A form only."""
    missing = [name for name in ("name", "description") if name not in call.params]
    if missing:
        text = f"Missing parameter(s): {', '.join(missing)}"
        raise RestError("rest_missing_callback_param", text, 400, {"status": 400, "params": missing})
    form = call.request.form
    if not form:
        raise RestError("empty_body", "Request body is empty.")
    name, description = clean_text(form.get("name")), clean_text(form.get("description"))
    if not name or not description:
        raise RestError("empty_name", "Name and description are required.")
    with call.fleet.lock:
        if _by_name(call.fleet, name) or not _fits(name, description):
            raise RestError("create_field_failed", "Create client field failed.")
        field = ClientField(call.fleet.new_id("client_fields"), name, description)
        call.fleet.client_fields[field.id] = field
    return {"success": 1, "message": "Client field created successfully.", "data": _row(field)}


@routes(("PUT", "PATCH"), f"{BASE}/<text:key>/edit")
def edit(call: Call, key: str) -> dict[str, Any]:
    """JSON only; equal values are an error (recorded)."""
    if not call.json:
        raise RestError("empty_body", "Request body is empty.")
    field = _field(call, key)
    name = clean_text(call.json.get("name")) or field.name
    description = clean_text(call.json.get("description")) or field.description
    other = _by_name(call.fleet, name)
    same = (name, description) == (field.name, field.description)
    if same or other not in (None, field) or not _fits(name, description):
        raise RestError("update_field_failed", "Field already exists, try different field name.")
    field.name, field.description = name, description
    return {"success": 1, "message": "Client field updated successfully."}


@routes(DELETE, f"{BASE}/<text:key>/delete")
def delete(call: Call, key: str) -> dict[str, Any]:
    field = _field(call, key)
    del call.fleet.client_fields[field.id]
    return {"success": 1, "message": "Client field deleted successfully."}
