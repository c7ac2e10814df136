# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``tags`` (resources.md §3).

Names are stored as *add* and *edit* leave them: escaped by the one, raw by the other. All look-ups see that form.
"""

from __future__ import annotations

import re
from typing import Any

from ..php import clean_text, collated, esc_html, parse_ids, php_text, to_int, truthy
from ..rest import DELETE, EDIT, GET, POST, Call, RestError, routes
from ..state import Tag
from ..views import CLIENT_FULL, client_view, tag_view, whole_view
from .sites import paged_rows

BASE = "/mainwp/v2/tags"
ONE = f"{BASE}/<loose:id>"
COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")


def _tag(call: Call, number: Any) -> Tag:
    tag = call.fleet.tags.get(int(number)) if str(number).isdigit() else None
    if tag is None:
        raise RestError("mainwp_rest_invalid_tag_id", "Invalid or not found ID.", 404)
    return tag


def _bare(tag: Tag) -> dict[str, Any]:
    """The row without its sites."""
    return {"id": str(tag.id), "name": tag.name, "color": tag.color, "count_sites": "", "sites_ids": ""}


@routes(GET, BASE)
def list_tags(call: Call) -> dict[str, Any]:
    search = collated(php_text(call.get("search")))
    include, exclude = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    tags = [
        tag
        for tag in sorted(call.fleet.tags.values(), key=lambda tag: (collated(tag.name), tag.id))
        if (not include or tag.id in include)
        and tag.id not in exclude
        and (search in collated(tag.name) or search in str(tag.id))
    ]
    rows = {str(tag.id): tag_view(call.fleet, tag) for tag in paged_rows(call, tags)}
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, ONE)
def get_tag(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    return {"success": 1, "data": tag_view(call.fleet, _tag(call, id))}


@routes(POST, f"{BASE}/add")
def add(call: Call) -> dict[str, Any]:
    return add_tag(call, call.params)


def add_tag(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Names are escaped and made unique: a second ``Foo`` is ``Foo (1)``. With an id, that tag is written (recorded)."""
    name = re.sub(r"(?s)(.*) \(\d\).*", r"\1", esc_html(clean_text(given.get("name"))))
    if not truthy(name):
        return {"success": 0, "error": "Add tag failed. Please try again."}
    with call.fleet.lock:
        known = call.fleet.tags.get(to_int(given.get("id")))
        tag = known or Tag(call.fleet.new_id("tags"), "")
        taken = {collated(other.name) for other in call.fleet.tags.values() if other is not tag}
        free, count = name, 0
        while collated(free) in taken:
            count += 1
            free = f"{name} ({count})"
        tag.name, tag.color = free, _color(given, tag.color)
        call.fleet.tags[tag.id] = tag
    return {"success": 1, "message": "Tag created successfully.", "data": tag_view(call.fleet, tag)}


@routes(EDIT, f"{ONE}/edit")
def edit(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    return edit_tag(call, id, call.params)


def edit_tag(call: Call, number: Any, given: dict[str, Any]) -> dict[str, Any]:
    """A missing name is an empty name (recorded); no escaping here, and nothing makes it unique."""
    tag = _tag(call, number)
    with call.fleet.lock:
        tag.name = clean_text(given.get("name"))
        tag.color = _color(given, tag.color)
    return {"success": 1, "message": "Tag updated successfully.", "data": _bare(tag)}


def _color(given: dict[str, Any], kept: str) -> str:
    color = php_text(given.get("color"))
    return color if COLOR.fullmatch(color) else kept


@routes(DELETE, f"{ONE}/remove")
def remove(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    tag = _tag(call, id)
    with call.fleet.lock:
        del call.fleet.tags[tag.id]
        for site in call.fleet.sites.values():
            if tag.id in site.tags:
                site.tags.remove(tag.id)
    return {"success": 1, "message": "Tag deleted successfully.", "data": _bare(tag)}


@routes(GET, f"{ONE}/sites")
def sites(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    tag = _tag(call, id)
    rows = [whole_view(call.fleet, site) for site in call.fleet.ordered() if tag.id in site.tags]
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{ONE}/clients")
def clients(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    tag = _tag(call, id)
    owners = {site.client_id for site in call.fleet.sites.values() if tag.id in site.tags}
    rows = [
        client_view(call.fleet.clients[owner], CLIENT_FULL) for owner in sorted(owners) if owner in call.fleet.clients
    ]
    return {"success": 1, "total": len(rows), "data": rows}
