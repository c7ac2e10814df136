# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``rest-api``: API keys (resources.md §9). Those of v1 are the same keys, known there by their public half."""

from __future__ import annotations

from typing import Any

from ..keys import Key, KeyRing
from ..php import clean_text, php_text, to_int, truthy
from ..rest import DELETE, GET, POST, Call, FatalError, RestError, routes

BASE = "/mainwp/v2/rest-api"
PAGE = 20
TITLES = {"read": ["Read"], "write": ["Write &amp; Delete"], "delete": ["Write &amp; Delete"]}
BOTH = ["Read", "Write &amp; Delete"]


@routes(GET, f"{BASE}/keys")
def list_keys(call: Call) -> dict[str, Any]:
    """v1 keys first, in the order in which they were made, then v2 keys, newest first; never a secret. A page behind the
    last one is the last one again (recorded)."""
    ring = call.sim.keys
    rows = [_v1_row(ring, key) for key in sorted(ring.keys, key=lambda key: key.id) if key.v1]
    rows += [_row(ring, key) for key in sorted(ring.keys, key=lambda key: -key.id)]
    size = to_int(call.get("per_page")) or PAGE
    pages = max(1, -(-len(rows) // size))
    start = (min(max(to_int(call.get("page")), 1), pages) - 1) * size
    return {"success": 1, "total": len(rows), "pages": pages, "data": rows[start : start + size]}


def _v1_row(ring: KeyRing, key: Key) -> dict[str, Any]:
    return {
        "id": key.consumer_key,
        "version": "v1",
        "description": key.v1_description or key.description,
        "permissions": [ring.titles.get(title, title) for title in (BOTH if "w" in key.v1 else ["Read"])],
        "truncated_key": key.consumer_key[-7:],
        "active": key.enabled,
    }


def _row(ring: KeyRing, key: Key) -> dict[str, Any]:
    return {
        "id": str(key.id),
        "user_id": str(key.user_id),
        "version": "v2",
        "description": key.description,
        "permissions": [ring.titles.get(title, title) for title in TITLES.get(key.permissions, BOTH)],
        "truncated_key": key.consumer_key[-7:],
        "active": key.enabled,
        "last_access": key.last_access.replace("T", " "),
    }


def _scope(value: Any) -> str:
    """What a list of permissions stands for; a real list kills PHP (recorded)."""
    if isinstance(value, (list, dict)):
        raise FatalError
    words = php_text(value).split(",")
    if not set(words) <= {"read", "write"}:
        text = "Invalid method value."
        details = {"permissions": {"code": "invalid_method", "message": text, "data": None}}
        data = {"status": 400, "params": {"permissions": text}, "details": details}
        raise RestError("rest_invalid_param", "Invalid parameter(s): permissions", 400, data)
    return "_".join(word for word in ("read", "write") if word in words)


@routes(POST, f"{BASE}/add-key")
def add(call: Call) -> dict[str, Any]:
    """A form only. Whatever is not "0" or empty is active (recorded). The number is not told."""
    missing = [name for name in ("active", "permissions") if name not in call.params]
    if missing:
        text = f"Missing parameter(s): {', '.join(missing)}"
        raise RestError("rest_missing_callback_param", text, 400, {"status": 400, "params": missing})
    scope = _scope(call.params["permissions"])
    form = call.request.form
    if not form:
        raise RestError("empty_body", "Request body is empty.")
    active = form["active"].lower() != "false" and truthy(form["active"])
    with call.fleet.lock:
        key = call.sim.keys.make(scope, clean_text(form.get("description")), active, call.key)
    return {"success": 1, "message": "API Key created successfully.", "token": key.token}


def _find(call: Call, identifier: str) -> Key:
    ring = call.sim.keys.keys
    if identifier.startswith("ck_"):
        found = next((key for key in ring if key.consumer_key == identifier and key.v1), None)
    else:
        found = next((key for key in ring if str(key.id) == identifier), None)
    if found is None:
        raise RestError("api_key_not_found", "API key not found.")
    return found


@routes(("PUT", "PATCH"), f"{BASE}/edit-key/<key:identifier>")
def edit(call: Call, identifier: str) -> dict[str, Any]:
    """JSON only. An empty description is as if it were not there (recorded)."""
    key = _find(call, identifier)
    scope = _scope(call.json["permissions"]) if "permissions" in call.json else ""
    if not call.json:
        raise RestError("empty_body", "Request body is empty.")
    description = clean_text(call.json.get("description"))
    with call.fleet.lock:
        if identifier.startswith("ck_"):
            key.v1_description = description or key.v1_description
        else:
            key.scope = scope or key.permissions
            key.description = description or key.description
            key.enabled = truthy(call.json["active"]) if "active" in call.json else key.enabled
    return {"success": 1, "message": "API Key updated successfully."}


@routes(DELETE, f"{BASE}/delete-key/<key:identifier>")
def delete(call: Call, identifier: str) -> dict[str, Any]:
    key = _find(call, identifier)
    with call.fleet.lock:
        if identifier.startswith("ck_"):
            key.v1 = ""
        else:
            call.sim.keys.keys.remove(key)
    return {"success": 1, "message": "API Key deleted successfully."}
