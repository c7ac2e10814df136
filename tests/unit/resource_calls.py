# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the resources are asked that answer alike on both dialects, so that one of them is enough."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from contract.recordings import Exchange

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _models as models
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import MainWPError
from unit import build

Call = Callable[[Any, Exchange], Any]


def number(exchange: Exchange) -> int:
    """The id in a recorded path."""
    return int((re.findall(r"/(\d+)", exchange.request["path"]) or ["1"])[0])


def of_sites(exchange: Exchange) -> list[models.Site]:
    """The sites whose users a recorded request asked for."""
    told = re.findall(r"\d+", str(exchange.request["query"].get("websites", "")))
    return [build.site(int(one)) for one in told or ("1",)]


def _of_all(api: Any, exchange: Exchange) -> dict[int, Any]:
    found = api.users.of_all(of_sites(exchange))
    return {key: told.to_dict() if isinstance(told, MainWPError) else told for key, told in found.items()}


def _of_one(api: Any, exchange: Exchange) -> Any:
    sites = of_sites(exchange)
    return api.users.of_one(sites[0]) if len(sites) == 1 else sites


def _key(api: Any, _exchange: Exchange) -> int:
    """Its number comes from a list, which is another answer."""
    api.keys.__dict__["paged"] = lambda *_args: [{"id": "9", "version": "v2", "truncated_key": "x"}]
    return int(api.keys.add({"description": "x"}))


def _cost(api: Any, exchange: Exchange) -> Any:
    """Its owners come from lists, which are other answers."""
    api.costs.__dict__["owners"] = lambda _column: {}
    return api.costs.one(number(exchange))


_USER = {"username": "anna", "email": "anna@site.example", "role": "editor"}
_TYPES = "settings/cost-tracker"

#: Name of the method (and a hint) → method and route, how it is called.
RESOURCE_CALLS: dict[str, tuple[str, str, Call]] = {
    "sites.whole": ("GET", "sites", lambda api, _: api.sites.whole(1, False, False)),
    "sites.all_whole": ("GET", "sites", lambda api, _: api.sites.all_whole()),
    "sites.besides": ("GET", r"sites/\d+", lambda api, ex: api.sites.besides(number(ex), True, True)),
    "sites.add": ("POST", "sites/add", lambda api, _: api.sites.add({"url": "https://new.example/"})),
    "sites.remove": ("DELETE", r"sites/\d+/remove", lambda api, ex: api.sites.remove(number(ex))),
    "client_fields.rows": ("GET", "clients/fields", lambda api, _: api.client_fields.rows),
    "client_fields.edit": ("PUT", r"clients/fields/\d+/edit", lambda api, _: api.client_fields.edit(1, {"name": "x"})),
    "client_fields.remove": ("DELETE", "clients/fields/del/delete", lambda api, _: api.client_fields.remove(1)),
    "costs.rows": ("GET", "costs", lambda api, _: api.costs.rows),
    "costs.one": ("GET", r"costs/\d+", _cost),
    "costs.edit": ("GET", r"costs/\d+", lambda api, ex: api.costs.edit(number(ex), {"name": "x"})),
    "costs.owners sites": ("GET", "sites/basic", lambda api, _: dict(api.costs.owners("sites"))),
    "costs.owners groups": ("GET", "tags", lambda api, _: dict(api.costs.owners("groups"))),
    "costs.remove": ("DELETE", r"costs/\d+/remove", lambda api, ex: api.costs.remove(number(ex))),
    "keys.rows": ("GET", "rest-api/keys", lambda api, _: api.keys.rows),
    "keys.add": ("POST", "rest-api/add-key", _key),
    "keys.edit": ("PUT", r"rest-api/edit-key/\d+", lambda api, _: api.keys.edit(6, {"description": "x"})),
    "keys.remove": ("DELETE", r"rest-api/delete-key/\d+", lambda api, _: api.keys.remove(6)),
    "monitors.all": ("GET", "monitors", lambda api, _: api.monitors.all()),
    "monitors.heartbeats": ("GET", r"monitors/\d+/heartbeat", lambda api, _: api.monitors.heartbeats(1, "2026-11-25")),
    "monitors.incidents": ("GET", r"monitors/\d+/incidents", lambda api, _: api.monitors.incidents(1)),
    "changes.page": ("GET", r"sites/\d+/non-mainwp-changes", lambda api, ex: api.changes.page(number(ex), "all", 1)),
    "users.of": ("GET", "users", lambda api, ex: api.users.of(of_sites(ex))),
    "users.of_one": ("GET", "users", _of_one),
    "users.of_all": ("GET", "users", _of_all),
    "users.create": ("POST", "users/create", lambda api, _: api.users.create(build.site(6), _USER)),
    "users.edit": ("PUT", r"users/\d+/\d+/edit", lambda api, _: api.users.edit(build.site(6), 2, {"role": "editor"})),
    "users.delete": ("DELETE", r"users/\d+/\d+/delete", lambda api, _: api.users.delete(build.site(6), 2)),
}
for place, route in (("client_fields", "clients/fields/add"), ("costs", "costs/add")):
    RESOURCE_CALLS[f"{place}.add"] = ("POST", route, lambda api, _, of=place: getattr(api, of).add({"name": "x"}))
for place, route in (("product_types", "product-types"), ("payment_methods", "payment-methods")):
    for operation, call in {
        "rows": ("GET", _TYPES, lambda api, _, of=place: getattr(api, of).rows),
        "add": ("POST", f"{_TYPES}/{route}/add", lambda api, _, of=place: getattr(api, of).add({"title": "X"})),
        "edit": (
            "PUT",
            rf"{_TYPES}/{route}/\w+/edit",
            lambda api, _, of=place: getattr(api, of).edit("x", {"title": "X"}),
        ),
        "remove": ("DELETE", rf"{_TYPES}/{route}/\w+/delete", lambda api, _, of=place: getattr(api, of).remove("x")),
    }.items():
        RESOURCE_CALLS[f"{place}.{operation}"] = call
for kind in (models.PLUGIN, models.THEME):
    RESOURCE_CALLS[f"extensions.abandoned {kind}s"] = (
        "GET",
        rf"sites/\d+/{kind}s/abandoned",
        lambda api, ex, of=kind: dict(api.extensions.abandoned(build.site(number(ex)), of)),
    )
    for action, method in (("activate", "POST"), ("delete", "DELETE")):
        RESOURCE_CALLS[f"extensions.switch {action} {kind}"] = (
            method,
            rf"sites/\d+/{kind}s/{action}",
            lambda api, ex, of=kind, act=action: api.extensions.switch(
                build.site(number(ex)), of, act, "acme/acme.php"
            ),
        )
#: Read by the one above, or the parts of others.
PARTS = {"costs.sites", "product_types.read", "payment_methods.read"} | {
    f"{place}.{name}"
    for place in ("tags", "clients", "client_fields", "costs", "product_types", "payment_methods", "keys")
    for name in ("change", "answered")
}
#: What tells all there are: only of a list without entries it may say that there are none. (Monitors without a number are
#: none, and payment methods stand among other settings.)
LISTS = {
    *(name for name in RESOURCE_CALLS if name.endswith(".rows") and name != "payment_methods.rows"),
    *("costs.owners sites", "costs.owners groups", "monitors.heartbeats", "monitors.incidents", "changes.page"),
    *("users.of_one", "extensions.abandoned plugins", "extensions.abandoned themes"),
    *("tags.rows", "clients.rows", "sites.all", "sites.basic"),
}
