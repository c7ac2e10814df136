# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation of the API with its recorded answer broken: a clean error or sound models, never a traceback."""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from contract.recordings import NAMES, Exchange, load
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _models as models
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.abilities import Abilities
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.classic import Classic
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.v1 import V1
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.v2 import SLIM
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard, Limits
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import Secrets
from unit import build
from unit.hostile import DEEP, JSON, MUTATIONS, Mutation, examples
from unit.wire import URL, Wire, plugged, said

KEY = {"consumer_key": "ck_" + "1" * 40, "consumer_secret": "cs_" + "0" * 40}
SLUGS = ["acme-forms/acme-forms.php", "acme-seo/acme-seo.php"]
#: A recorded body beyond this makes slow examples.
LARGEST = 60_000

Call = Callable[[Any, Exchange], Any]


def asked(exchange: Exchange) -> models.Site:
    """The site that a recorded request was about."""
    numbers = re.findall(r"/(\d+)", exchange.request["path"]) or [exchange.request["query"].get("site_id", 1)]
    return build.site(int(numbers[0]), updates=(build.plugin(),))


def answered(exchange: Exchange) -> list[models.Site]:
    """The sites that a recorded list of updates is about, with the offers that it names."""
    data = exchange.response["body"]["data"]
    if isinstance(data, dict):
        return [build.site(int(number)) for number in data]
    offers: dict[int, list[models.Update]] = {}
    for row in data:
        new = row["new_version"] or row["current_version"]
        offer = models.Update(row["type"], row["slug"], row["name"], row["current_version"], new)
        offers.setdefault(row["site_id"], []).append(offer)
    return [build.site(number, updates=tuple(found)) for number, found in offers.items()]


def listed(exchange: Exchange) -> list[int]:
    """The ids in a recorded list."""
    data = exchange.response["body"]["data"]
    return [int(row["id"]) for row in (data.values() if isinstance(data, dict) else data)]


#: What the client can ask: name of the method (and a hint) → method and route, how it is called.
V2_CALLS: dict[str, tuple[str, str, Call]] = {
    "sites_page": ("GET", "sites", lambda api, _: api.sites_page(1, SLIM)),
    "sites_count": ("GET", "sites/count", lambda api, _: api.sites_count()),
    "sites_by_id": ("GET", "sites", lambda api, ex: list(api.sites_by_id(listed(ex), SLIM))),
    "site_option": ("GET", r"sites/\d+", lambda api, ex: dict(api.site_option(asked(ex).id, ("bulk_updates_info",)))),
    "pending": ("GET", r"updates/\d+", lambda api, ex: api.pending(asked(ex))),
    "pending_of": ("GET", "updates", lambda api, ex: api.pending_of(answered(ex))),
    "detail security": ("GET", r"sites/\d+/security", lambda api, ex: api.detail(asked(ex), "security")),
    "detail client": ("GET", r"sites/\d+/client", lambda api, ex: api.detail(asked(ex), "client")),
    "detail costs": ("GET", r"sites/\d+/costs", lambda api, ex: api.detail(asked(ex), "costs")),
    "detail changes": (
        "GET",
        r"sites/\d+/non-mainwp-changes",
        lambda api, ex: api.detail(asked(ex), "non-mainwp-changes"),
    ),
    "sites_basic": ("GET", "sites/basic", lambda api, _: api.sites_basic()),
    "tags": ("GET", "tags", lambda api, _: api.tags()),
    "tags_with_sites": ("GET", "tags", lambda api, _: api.tags_with_sites()[1]),
    "clients": ("GET", "clients", lambda api, _: api.clients()),
    "sync": ("POST", r"sites/\d+/sync", lambda api, ex: api.sync(asked(ex))),
    "check": ("POST", r"sites/\d+/check", lambda api, ex: api.check(asked(ex))),
    "reconnect": ("POST", r"sites/\d+/reconnect", lambda api, ex: api.reconnect(asked(ex))),
    "update_items": (
        "POST",
        r"updates/\d+/update/plugins",
        lambda api, ex: api.update_items(asked(ex), models.PLUGIN, SLUGS),
    ),
    "update_items translations": (
        "POST",
        r"updates/\d+/update/translations",
        lambda api, ex: api.update(asked(ex), models.TRANSLATION, ["acme-forms"]),
    ),
    "update_core": ("POST", r"updates/\d+/update/wp", lambda api, ex: api.update_core(asked(ex))),
    "update": ("POST", r"updates/\d+/update/themes", lambda api, ex: api.update(asked(ex), models.THEME, ["sand"])),
    "batch_site": ("POST", r"updates/\d+/update", lambda api, ex: api.batch_site(asked(ex))),
    "fleet_clocks": ("GET", "sites", lambda api, ex: api.fleet_clocks(listed(ex))),
}
ABILITIES_CALLS: dict[str, tuple[str, str, Call]] = {
    "refuses": ("GET", r"sites/\d+/plugins", lambda api, ex: api.refuses(asked(ex))),
}
CLASSIC_CALLS: dict[str, tuple[str, str, Call]] = {
    "batch_all": ("POST", "updates/update", lambda api, _: api.batch_all()),
    "queue_state": ("GET", r"sites/\d+", lambda api, ex: api.queue_state(asked(ex))),
}
V1_CALLS: dict[str, tuple[str, str, Call]] = {
    "sites_page": ("GET", "sites/all-sites", lambda api, _: api.sites_page(1, ())),
    "sites_by_id": ("GET", "site/site", lambda api, ex: list(api.sites_by_id([asked(ex).id], ()))),
    "pending": ("GET", "site/site-available-updates", lambda api, ex: api.pending(asked(ex))),
    "tags": ("GET", "tags/all-tags", lambda api, _: api.tags()),
    "clients": ("GET", "clients/all-clients", lambda api, _: api.clients()),
    "sync": ("POST", "site/sync-site", lambda api, ex: api.sync(asked(ex))),
    "reconnect": ("POST", "site/sync-site", lambda api, ex: api.reconnect(asked(ex))),
    "update": (
        "PUT",
        "site/site-update-item",
        lambda api, ex: api.update(asked(ex), models.PLUGIN, SLUGS[:1]),
    ),
    "update core": (
        "PUT",
        "site/site-update-wordpress",
        lambda api, ex: api.update(asked(ex), models.CORE, [models.CORE_SLUG]),
    ),
    "update translations": (
        "PUT",
        "site/site-update-translations",
        lambda api, ex: api.update(asked(ex), models.TRANSLATION, ["x"]),
    ),
}
DASHBOARD_CALLS: dict[str, tuple[str, str, Call]] = {
    "limits": ("GET", "settings/advanced", lambda dashboard, _: dashboard.limits),
    "settings": ("GET", "settings/general", lambda dashboard, _: dashboard.settings("general")),
    "key_scope": ("GET", "rest-api/keys", lambda dashboard, _: dashboard.key_scope()),
    "sites": ("GET", "sites", lambda dashboard, _: dashboard.sites()),
    "detect": ("GET", "updates", lambda dashboard, _: dashboard.detect(1)),
    "client_names": ("GET", "clients", lambda dashboard, _: dashboard.client_names([build.site(client_id=1)])),
}
#: What no recording holds, in the shape that the simulator gives it: the second key of the recorded kind.
UNRECORDED: dict[tuple[str, str], Any] = {
    ("GET", "tags/all-tags"): {"SUCCESS": "Process ran.", "data": {"1": "Canary", "2": "Shops"}},
    ("GET", "clients/all-clients"): {"SUCCESS": "Process ran.", "data": [{"client_id": "1", "name": "Harbour"}]},
}
OPERATIONS = [
    *((Abilities, "v2", "wp71", name) for name in (*V2_CALLS, *ABILITIES_CALLS)),
    *((Classic, "v2", "wp68", name) for name in (*V2_CALLS, *CLASSIC_CALLS)),
    *((V1, "v1", "wp", name) for name in V1_CALLS),
    *((Dashboard, "v2", "wp", name) for name in DASHBOARD_CALLS),
]
TABLES = {
    Abilities: {**V2_CALLS, **ABILITIES_CALLS},
    Classic: {**V2_CALLS, **CLASSIC_CALLS},
    V1: V1_CALLS,
    Dashboard: DASHBOARD_CALLS,
}


@cache
def recorded(version: str, wordpress: str, method: str, route: str) -> tuple[Exchange, ...]:
    """Good answers of a route, a few of each recording."""
    found = [
        item
        for name in NAMES
        if name.startswith(wordpress)
        for item in load(name)
        if item.request["method"] == method
        and re.fullmatch(f"/wp-json/mainwp/{version}/{route}/?", item.request["path"])
        and item.response["status"] == 200
        and "exclude" not in item.request["query"]  # never sent: it makes another list of it
        and len(json.dumps(item.response["body"])) < LARGEST
    ]
    if not found:
        body = UNRECORDED[method, route]
        request = {"method": method, "path": f"/wp-json/mainwp/{version}/{route}", "query": {}}
        found = [Exchange("none", 0, "", request, {"status": 200, "body": body})]
    return tuple(found[:: max(1, len(found) // 4)])


def connected(kind: type, version: str) -> Any:
    connection = connection_from({"url": URL, "api_version": version, "retries": 0, **KEY})
    dashboard = Dashboard(connection, sleep=lambda _seconds: None)
    return dashboard if kind is Dashboard else kind(dashboard.http)


def fits(value: Any, hint: Any) -> bool:
    """Is ``value`` of the type that its annotation promises?"""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(fits(item, inner[0]) for item in value)
    if origin is not None:
        return isinstance(value, Mapping)
    return value.__class__ is hint or (hint is float and value.__class__ is int)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (*texts(key), *texts(item))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)


def unsound(value: Any) -> list[str]:
    """What is wrong with a model, or with anything made of models and plain data."""
    if dataclasses.is_dataclass(value):
        hints = typing.get_type_hints(type(value))
        wrong = [name for name, hint in hints.items() if not fits(getattr(value, name), hint)]
        inner = [text for name in hints for text in unsound(getattr(value, name))]
        return [f"{type(value).__name__}.{name} is {getattr(value, name)!r}" for name in wrong] + inner
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in unsound(item)]
    if isinstance(value, Mapping):
        return [text for pair in value.items() for text in unsound(pair)]
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()  # raises what a report could not hold
    return []


def holds_for(kind: type, name: str, exchange: Exchange, result: Any) -> None:
    """What is true of a good answer to this operation, however odd it was."""
    if name.startswith("detail") or name == "settings":
        result = Secrets().mask_all(result)  # handed on as it is, through the doors, which make everything fit
    assert unsound(result) == []
    if name in ("sites_page", "sites_by_id", "sites"):
        assert all(site.id > 0 for site in result)
        if name != "sites_page":
            ids = [site.id for site in result]
            assert len(ids) == len(set(ids))
    if name == "sites_by_id":
        wanted = {asked(exchange).id} if kind is V1 else set(listed(exchange))
        assert {site.id for site in result} <= wanted
    if name == "fleet_clocks":
        assert set(result) <= set(listed(exchange))
    if name == "sync":
        assert result is None or result.id == asked(exchange).id
    if name == "limits":
        assert isinstance(result, Limits)
        assert 0 <= result.sync_gap <= 60
        assert 0 <= result.ip_gap <= 60
        assert 1 <= result.sync_lanes <= 100
        assert 1 <= result.update_lanes <= 100


def clean(error: MainWPError) -> None:
    """A sentence, a hint where there is one to give, a documented reason; nothing that a report could not hold."""
    assert error.message
    assert error.hint or error.details.get("status") not in (None, 200), f"{error.message} gives no hint"
    assert error.reason in verdict.REASONS
    json.dumps(error.to_dict(), allow_nan=False, ensure_ascii=False).encode()


def run(kind: type, version: str, name: str, exchange: Exchange, body: str, status: int = 200) -> None:
    call = TABLES[kind][name][2]
    with plugged(Wire(said(body, status))):
        try:
            result = call(connected(kind, version), exchange)
        except MainWPError as exc:
            clean(exc)
        else:
            holds_for(kind, name, exchange, result)


def ids(value: Any) -> str:
    return value.__name__.lower() if isinstance(value, type) else str(value)


EACH = pytest.mark.parametrize(("kind", "version", "wordpress", "name"), OPERATIONS, ids=ids)


@EACH
@examples(30)
@given(data=st.data(), mutation=MUTATIONS)
def test_one_node_broken(
    kind: type, version: str, wordpress: str, name: str, data: st.DataObject, mutation: Mutation
) -> None:
    exchange = data.draw(st.sampled_from(recorded(version, wordpress, *TABLES[kind][name][:2])))
    run(kind, version, name, exchange, mutation.body(exchange.response["body"]))


@EACH
@examples(20)
@given(value=JSON)
def test_any_json_instead(kind: type, version: str, wordpress: str, name: str, value: Any) -> None:
    exchange = recorded(version, wordpress, *TABLES[kind][name][:2])[0]
    run(kind, version, name, exchange, Mutation("replace", (), value).body(None))


@EACH
def test_the_recorded_answer_is_understood(kind: type, version: str, wordpress: str, name: str) -> None:
    """The operations above are called as they are meant to be: unbroken, they give something."""
    for exchange in recorded(version, wordpress, *TABLES[kind][name][:2]):
        body = exchange.response["body"]
        with plugged(Wire(said(body))):
            if body == "" and kind is V1:
                continue  # an unknown site
            result = TABLES[kind][name][2](connected(kind, version), exchange)
        holds_for(kind, name, exchange, result)


@pytest.mark.parametrize("kind", [Abilities, Classic, V1])
def test_no_operation_is_forgotten(kind: type) -> None:
    """What a dialect's client can do is broken above; v1's check does nothing."""
    methods = {name for cls in kind.__mro__ for name, item in vars(cls).items() if isinstance(item, types.FunctionType)}
    public = {name for name in methods if not name.startswith("_")} - ({"check"} if kind is V1 else set())
    assert public <= {name.split(" ")[0] for name in TABLES[kind]}


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500, 502])
@examples(20)
@given(value=JSON)
def test_any_json_with_any_status(status: int, value: Any) -> None:
    with plugged(Wire(said(Mutation("replace", (), value).body(None), status))):
        try:
            connected(Abilities, "v2").tags()
        except MainWPError as exc:
            clean(exc)


@pytest.mark.parametrize("deep", [DEEP, f"{DEEP}er"])
@pytest.mark.parametrize("status", [200, 401, 500])
def test_what_is_nested_too_deep(status: int, deep: str) -> None:
    body = Mutation("replace", (), {"success": 1, "code": deep, "message": deep, "data": deep}).body(None)
    exchange = recorded("v2", "wp71", "GET", r"sites/\d+/costs")[0]
    run(Abilities, "v2", "detail costs", exchange, body, status)
