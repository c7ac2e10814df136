# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``tags`` (resources.md §3)."""

from __future__ import annotations

import re
from typing import Any

from ..php import esc_html, parse_ids, strip_tags
from ..rest import DELETE, EDIT, GET, POST, Call, RestError, routes
from ..state import Tag
from ..views import CLIENT_FULL, client_view, related_view, tag_view
from .sites import paged_rows

BASE = "/mainwp/v2/tags"
COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")


def _tag(call: Call, number: str) -> Tag:
    tag = call.fleet.tags.get(int(number)) if number.isdigit() else None
    if tag is None:
        raise RestError("mainwp_rest_invalid_tag_id", "Invalid or not found ID.", 404)
    return tag


def _bare(tag: Tag) -> dict[str, Any]:
    """The row without its sites."""
    return {"id": str(tag.id), "name": tag.name, "color": tag.color, "count_sites": "", "sites_ids": ""}


@routes(GET, BASE)
def list_tags(call: Call) -> dict[str, Any]:
    search = str(call.get("search") or "").lower()
    include, exclude = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    tags = [
        tag
        for tag in sorted(call.fleet.tags.values(), key=lambda tag: tag.id)
        if (not include or tag.id in include)
        and tag.id not in exclude
        and (search in tag.name.lower() or search == str(tag.id))
    ]
    rows = {str(tag.id): tag_view(call.fleet, tag) for tag in paged_rows(call, tags)}
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{BASE}/<loose:number>")
def get_tag(call: Call, number: str) -> dict[str, Any]:
    return {"success": 1, "data": tag_view(call.fleet, _tag(call, number))}


@routes(POST, f"{BASE}/add")
def add(call: Call) -> dict[str, Any]:
    return add_tag(call, call.params)


def add_tag(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Names are escaped and made unique: a second ``Foo`` is ``Foo (1)``."""
    name = re.sub(r" \(\d+\)$", "", esc_html(strip_tags(given.get("name") or "")))
    if not name:
        return {"success": 0, "error": "Add tag failed. Please try again."}
    with call.fleet.lock:
        taken = {tag.name for tag in call.fleet.tags.values()}
        free, count = name, 0
        while free in taken:
            count += 1
            free = f"{name} ({count})"
        tag = Tag(call.fleet.new_id("tags"), free, _color(given, ""))
        call.fleet.tags[tag.id] = tag
    return {"success": 1, "message": "Tag created successfully.", "data": tag_view(call.fleet, tag)}


@routes(EDIT, f"{BASE}/<loose:number>/edit")
def edit(call: Call, number: str) -> dict[str, Any]:
    """A missing name is an empty name (recorded); no escaping here."""
    tag = _tag(call, number)
    tag.name = strip_tags(call.get("name") or "")
    tag.color = _color(call.params, tag.color)
    return {"success": 1, "message": "Tag updated successfully.", "data": _bare(tag)}


def _color(given: dict[str, Any], kept: str) -> str:
    color = str(given.get("color") or "")
    return color if COLOR.fullmatch(color) else kept


@routes(DELETE, f"{BASE}/<loose:number>/remove")
def remove(call: Call, number: str) -> dict[str, Any]:
    tag = _tag(call, number)
    with call.fleet.lock:
        del call.fleet.tags[tag.id]
        for site in call.fleet.sites.values():
            if tag.id in site.tags:
                site.tags.remove(tag.id)
    return {"success": 1, "message": "Tag deleted successfully.", "data": _bare(tag)}


@routes(GET, f"{BASE}/<loose:number>/sites")
def sites(call: Call, number: str) -> dict[str, Any]:
    tag = _tag(call, number)
    rows = [related_view(call.fleet, site) for site in call.fleet.ordered() if tag.id in site.tags]
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{BASE}/<loose:number>/clients")
def clients(call: Call, number: str) -> dict[str, Any]:
    tag = _tag(call, number)
    owners = {site.client_id for site in call.fleet.sites.values() if tag.id in site.tags}
    rows = [
        client_view(call.fleet.clients[owner], CLIENT_FULL) for owner in sorted(owners) if owner in call.fleet.clients
    ]
    return {"success": 1, "total": len(rows), "data": rows}
