# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2: API keys, costs, posts, pages (resources.md §4–§9)."""

from __future__ import annotations

from typing import Any

from ..rest import GET, Call, RestError, routes

V2 = "/mainwp/v2"
TITLES = {"read": ["Read"], "write": ["Write &amp; Delete"], "delete": ["Write &amp; Delete"]}
BOTH = ["Read", "Write &amp; Delete"]


@routes(GET, f"{V2}/rest-api/keys")
def keys(call: Call) -> dict[str, Any]:
    """v1 keys first, then v2 keys, newest first; never a secret (resources.md §9)."""
    ring = call.sim.keys.keys
    rows: list[dict[str, Any]] = [
        {
            "id": key.consumer_key,
            "version": "v1",
            "description": key.description,
            "permissions": BOTH if "w" in key.v1 else ["Read"],
            "truncated_key": key.consumer_key[-7:],
            "active": key.enabled,
        }
        for key in sorted((key for key in ring if key.v1), key=lambda key: -key.id)
    ]
    rows += [
        {
            "id": str(key.id),
            "user_id": str(key.user_id),
            "version": "v2",
            "description": key.description,
            "permissions": TITLES.get(key.permissions, BOTH),
            "truncated_key": key.consumer_key[-7:],
            "active": key.enabled,
            "last_access": key.last_access.replace("T", " "),
        }
        for key in sorted(ring, key=lambda key: -key.id)
    ]
    return {"success": 1, "total": len(rows), "pages": 1, "data": rows[:20]}


@routes(GET, f"{V2}/costs")
def costs(call: Call) -> dict[str, Any]:
    return {"success": 1, "total": 0, "data": []}


@routes(GET, f"{V2}/posts")
def posts(call: Call) -> dict[str, Any]:
    raise RestError("website_not_found", "Website not found.")


@routes(GET, f"{V2}/pages")
def pages(call: Call) -> dict[str, Any]:
    raise RestError("no_website_found", "No website found.")
