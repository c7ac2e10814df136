# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The batch routes (core.md §8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..php import to_int, truthy
from ..rest import EDIT, Call, RestError, routes
from ..views import view
from . import clients, costs, managed_sites, site_actions, site_items, sites, tags

LIMIT = 100
TOO_LARGE = f"Unable to accept more than {LIMIT} items for this request."
#: in the order in which they run; each takes a list of ids
ACTIONS: dict[str, Callable[[Call, str], Any]] = {
    "sync": site_actions.sync_one,
    "reconnect": site_actions.reconnect,
    "disconnect": site_actions.disconnect,
    "suspend": site_actions.suspend,
    "check": site_actions.check,
    "remove": managed_sites.remove,
    "security": sites.security,
    "plugins": site_items.plugins,
    "themes": site_items.themes,
    "non-mainwp-changes": sites.changes,
}


@routes(EDIT, "/mainwp/v2/sites/batch")
def sites_batch(call: Call) -> dict[str, Any]:
    _limit(call.params)
    return _run(call, call.params, edits=True)


@routes(EDIT, "/mainwp/v2/batch")
def global_batch(call: Call) -> dict[str, Any]:
    """``update`` and ``delete`` count, and are ignored (core.md §8.2)."""
    bodies = {name: body for name, body in call.params.items() if isinstance(body, dict)}
    _limit({f"{name} {key}": items for name, body in bodies.items() for key, items in body.items()})
    answer: dict[str, Any] = {}
    if "sites" in bodies:
        answer["sites"] = _run(call, bodies["sites"], edits=False)
    for name, create in (("clients", clients.add_client), ("tags", tags.add_tag)):
        items = bodies.get(name, {}).get("create") or []
        if items:
            answer[name] = {"create": [create(call, item) for item in items]}
    return {name: part for name, part in answer.items() if part}


@routes(EDIT, "/mainwp/v2/tags/batch")
def tags_batch(call: Call) -> dict[str, Any]:
    _limit(call.params)
    return _resources(call, call.params, tags.add_tag, tags.edit_tag, tags.remove)


@routes(EDIT, "/mainwp/v2/clients/batch")
def clients_batch(call: Call) -> dict[str, Any]:
    _limit(call.params)
    return _resources(call, call.params, _add_client, clients.edit_client, clients.remove)


@routes(EDIT, "/mainwp/v2/costs/batch")
def costs_batch(call: Call) -> dict[str, Any]:
    _limit(call.params)

    def create(call: Call, item: dict[str, Any]) -> Any:
        return _safe(to_int(item.get("id")), lambda: costs.add_cost(call, item))

    return _resources(call, call.params, create, costs.edit_cost, costs.remove)


def _add_client(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    """Here, empty values are dropped before anything is looked at (recorded)."""
    if not any(truthy(value) for value in item.values()):
        return {"success": 0, "error": "Invalid Client data. Please try again."}
    return clients.add_client(call, item)


def _resources(
    call: Call,
    body: dict[str, Any],
    create: Callable[[Call, dict[str, Any]], Any],
    update: Callable[[Call, Any, dict[str, Any]], Any],
    delete: Callable[[Call, str], Any],
) -> dict[str, Any]:
    """Each item by itself, in order; the empty parts are left out (recorded)."""

    def updated(item: dict[str, Any]) -> Any:
        return _safe(item.get("id"), lambda: update(call, to_int(item.get("id")), item))

    answer = {
        "create": [create(call, item) for item in body.get("create") or []],
        "update": [updated(item) for item in body.get("update") or []],
        "delete": [_one(call, number, delete) for number in _ids(body.get("delete") or [])],
    }
    return {name: part for name, part in answer.items() if part}


def _limit(body: dict[str, Any]) -> None:
    if sum(len(items) for items in body.values() if isinstance(items, list)) > LIMIT:
        raise RestError("mainwp_rest_request_entity_too_large", TOO_LARGE, 413)


def _run(call: Call, body: dict[str, Any], *, edits: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    if body.get("create"):
        answer["create"] = [managed_sites.add_site(call, item) for item in body["create"]]
    if edits and body.get("update"):
        answer["update"] = [_edit(call, item) for item in body["update"]]
    if edits and body.get("delete"):
        answer["delete"] = [_one(call, number, managed_sites.remove) for number in _ids(body["delete"])]
    for name, action in ACTIONS.items():
        numbers = _ids(body.get(name) or [])
        if numbers:
            answer[name] = [_one(call, number, action) for number in numbers]
    return answer


def _ids(items: list[Any]) -> list[int]:
    """0 and what is no number is skipped."""
    return [number for number in map(to_int, items) if number]


def _edit(call: Call, item: dict[str, Any]) -> Any:
    def work() -> dict[str, Any]:
        site = call.site(str(item.get("id")))
        managed_sites.apply_edit(call, site, item)
        return {"success": 1, "data": view(call.fleet, site)}

    return _safe(to_int(item.get("id")), work)


def _one(call: Call, number: int, action: Callable[[Call, str], Any]) -> Any:
    return _safe(number, lambda: action(call, str(number)))


def _safe(number: Any, work: Callable[[], Any]) -> Any:
    """The single endpoint's body, or its error beside the id."""
    try:
        return work()
    except RestError as error:
        return {"id": number, "error": error.body}
