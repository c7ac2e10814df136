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
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any

import pytest
from codes import REASONS
from contract.recordings import NAMES, Exchange, load
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _models as models
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api import normalise
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.resource import Resource
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.sites import SLIM
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import Connection, connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard, Limits
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import Secrets
from unit import build
from unit.hostile import DEEP, JSON, MUTATIONS, Mutation, examples
from unit.resource_calls import LISTS, PARTS, RESOURCE_CALLS, Call
from unit.wire import URL, Wire, plugged, said

KEY = {"consumer_key": "ck_" + "1" * 40, "consumer_secret": "cs_" + "0" * 40}
SLUGS = ["acme-forms/acme-forms.php", "acme-seo/acme-seo.php"]
#: A recorded body beyond this makes slow examples.
LARGEST = 60_000

#: Who is asked: the resources of the API in one of its dialects, or the Dashboard as a whole.
ABILITIES, CLASSIC, LEGACY, WHOLE = "abilities", "classic", "v1", "dashboard"


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
    "sites.all": ("GET", "sites", lambda api, _: api.sites.all()),
    "sites.count": ("GET", "sites/count", lambda api, _: api.sites.count()),
    "sites.by_id": ("GET", "sites", lambda api, ex: list(api.sites.by_id(listed(ex), SLIM).values())),
    "sites.option": ("GET", r"sites/\d+", lambda api, ex: dict(api.sites.option(asked(ex).id, ("bulk_updates_info",)))),
    "updates.pending": ("GET", r"updates/\d+", lambda api, ex: api.updates.pending(asked(ex))),
    "updates.pending_of": ("GET", "updates", lambda api, ex: api.updates.pending_of(answered(ex))),
    "sites.detail security": ("GET", r"sites/\d+/security", lambda api, ex: api.sites.detail(asked(ex), "security")),
    "sites.detail client": ("GET", r"sites/\d+/client", lambda api, ex: api.sites.detail(asked(ex), "client")),
    "sites.detail costs": ("GET", r"sites/\d+/costs", lambda api, ex: api.sites.detail(asked(ex), "costs")),
    "sites.detail changes": (
        "GET",
        r"sites/\d+/non-mainwp-changes",
        lambda api, ex: api.sites.detail(asked(ex), "non-mainwp-changes"),
    ),
    "sites.basic": ("GET", "sites/basic", lambda api, _: api.sites.basic()),
    "tags.rows": ("GET", "tags", lambda api, _: api.tags.rows),
    "clients.rows": ("GET", "clients", lambda api, _: api.clients.rows),
    "settings.group": ("GET", "settings/general", lambda api, _: api.settings.group("general")),
    "settings.read": ("GET", "settings/general", lambda api, _: api.settings.read("general")),
    "settings.zone": ("GET", "index", lambda api, _: api.settings.zone()),
    "keys.scope": ("GET", "rest-api/keys", lambda api, _: api.keys.scope()),
    "sites.sync": ("POST", r"sites/\d+/sync", lambda api, ex: api.sites.sync(asked(ex))),
    "sites.check": ("POST", r"sites/\d+/check", lambda api, ex: api.sites.check(asked(ex))),
    "sites.reconnect": ("POST", r"sites/\d+/reconnect", lambda api, ex: api.sites.reconnect(asked(ex))),
    "updates.start plugins": (
        "POST",
        r"updates/\d+/update/plugins",
        lambda api, ex: api.updates.start(asked(ex), models.PLUGIN, SLUGS),
    ),
    "updates.start themes": (
        "POST",
        r"updates/\d+/update/themes",
        lambda api, ex: api.updates.start(asked(ex), models.THEME, ["sand"]),
    ),
    "updates.start translations": (
        "POST",
        r"updates/\d+/update/translations",
        lambda api, ex: api.updates.start(asked(ex), models.TRANSLATION, ["acme-forms"]),
    ),
    "updates.start core": (
        "POST",
        r"updates/\d+/update/wp",
        lambda api, ex: api.updates.start(asked(ex), models.CORE, [models.CORE_SLUG]),
    ),
    "batches.start": ("POST", r"updates/\d+/update", lambda api, ex: api.batches.start(asked(ex))),
    "batches.clocks": ("GET", "sites", lambda api, ex: api.batches.clocks(listed(ex))),
}
for place in ("tags", "clients"):
    V2_CALLS[f"{place}.add"] = ("POST", f"{place}/add", lambda api, _, of=place: getattr(api, of).add({"name": "x"}))
    V2_CALLS[f"{place}.remove"] = (
        "DELETE",
        rf"{place}/\d+/remove",
        lambda api, _, of=place: getattr(api, of).remove(1),
    )
for place in ("sites", "tags", "clients"):
    call = ("PUT", rf"{place}/\d+/edit", lambda api, _, of=place: getattr(api, of).edit(1, {"name": "x"}))
    V2_CALLS[f"{place}.edit"] = call
ABILITIES_CALLS: dict[str, tuple[str, str, Call]] = {
    "updates.ignore": (
        "POST",
        r"updates/\d+/ignore/plugins",
        lambda api, ex: api.updates.ignore(asked(ex), models.PLUGIN, "x/x.php", "X"),
    ),
    "settings.edit": ("PUT", "settings/general/edit", lambda api, _: api.settings.edit("general", {"x": 1})),
    "sites.refuses": ("GET", r"sites/\d+/plugins", lambda api, ex: api.sites.refuses(asked(ex))),
}
CLASSIC_CALLS: dict[str, tuple[str, str, Call]] = {
    "batches.start_all": ("POST", "updates/update", lambda api, _: api.batches.start_all()),
    "batches.queue_state": ("GET", r"sites/\d+", lambda api, ex: api.batches.queue_state(asked(ex))),
}
V1_CALLS: dict[str, tuple[str, str, Call]] = {
    "sites.all": ("GET", "sites/all-sites", lambda api, _: api.sites.all()),
    "sites.by_id": ("GET", "site/site", lambda api, ex: list(api.sites.by_id([asked(ex).id], ()).values())),
    "updates.pending": ("GET", "site/site-available-updates", lambda api, ex: api.updates.pending(asked(ex))),
    "tags.rows": ("GET", "tags/all-tags", lambda api, _: api.tags.rows),
    "clients.rows": ("GET", "clients/all-clients", lambda api, _: api.clients.rows),
    "sites.sync": ("POST", "site/sync-site", lambda api, ex: api.sites.sync(asked(ex))),
    "sites.reconnect": ("POST", "site/sync-site", lambda api, ex: api.sites.reconnect(asked(ex))),
    "updates.start": (
        "PUT",
        "site/site-update-item",
        lambda api, ex: api.updates.start(asked(ex), models.PLUGIN, SLUGS[:1]),
    ),
    "updates.start core": (
        "PUT",
        "site/site-update-wordpress",
        lambda api, ex: api.updates.start(asked(ex), models.CORE, [models.CORE_SLUG]),
    ),
    "updates.start translations": (
        "PUT",
        "site/site-update-translations",
        lambda api, ex: api.updates.start(asked(ex), models.TRANSLATION, ["x"]),
    ),
}
DASHBOARD_CALLS: dict[str, tuple[str, str, Call]] = {
    "limits": ("GET", "settings/advanced", lambda dashboard, _: dashboard.limits),
    "key_scope": ("GET", "rest-api/keys", lambda dashboard, _: dashboard.key_scope),
    "sites": ("GET", "sites", lambda dashboard, _: dashboard.sites()),
    "detect": ("GET", "updates", lambda dashboard, _: dashboard.detect(1).name),
    "client_names": ("GET", "clients", lambda dashboard, _: dashboard.client_names([build.site(client_id=1)])),
}
#: What no recording holds, in the shape that the simulator gives it: the second key of the recorded kind.
UNRECORDED: dict[tuple[str, str], Any] = {
    ("GET", "index"): {"timezone_string": "Europe/Vienna"},
    ("GET", "tags/all-tags"): {"SUCCESS": "Process ran.", "data": {"1": "Canary", "2": "Shops"}},
    ("GET", "clients/all-clients"): {"SUCCESS": "Process ran.", "data": [{"client_id": "1", "name": "Harbour"}]},
}
#: Parts of other operations, what nobody asks for yet, and v1's check, which does nothing.
NO_CALLS = {"sites.is_as_we_synced_it", "sites.rows", "settings.rows", *PARTS} | {
    f"sites.{name}" for name in ("change", "answered", "whole_rows")
}
#: What only says how long that is good which was read.
ASK_NOTHING = ("pretend", "wake", "forget_owners", "completed")
NO_V1_CALLS = {"sites.row", "sites.check"}
OPERATIONS = [
    *((ABILITIES, "v2", "wp71", name) for name in (*V2_CALLS, *ABILITIES_CALLS, *RESOURCE_CALLS)),
    *((CLASSIC, "v2", "wp68", name) for name in (*V2_CALLS, *CLASSIC_CALLS)),
    *((LEGACY, "v1", "wp", name) for name in V1_CALLS),
    *((WHOLE, "v2", "wp", name) for name in DASHBOARD_CALLS),
]
TABLES = {
    ABILITIES: {**V2_CALLS, **ABILITIES_CALLS, **RESOURCE_CALLS},
    CLASSIC: {**V2_CALLS, **CLASSIC_CALLS},
    LEGACY: V1_CALLS,
    WHOLE: DASHBOARD_CALLS,
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
        # never sent: the one makes another list of it, the other, but for sites, no list at all
        and (not re.search("/(add|edit|remove)$", route) or item.response["body"]["success"])
        and not {"exclude", "total_count"} & set(item.request["query"])
        and (not {"_fields", "page"} & set(item.request["query"]) or "/v2/sites" in item.request["path"])
        and len(json.dumps(item.response["body"])) < LARGEST
    ]
    if not found:
        body = UNRECORDED[method, route]
        request = {"method": method, "path": f"/wp-json/mainwp/{version}/{route}", "query": {}}
        found = [Exchange("none", 0, "", request, {"status": 200, "body": body})]
    return tuple(found[:: max(1, len(found) // 4)])


@cache
def connection_of(version: str) -> Connection:
    return connection_from({"url": URL, "api_version": version, "retries": 0, **KEY})


def connected(kind: str, version: str) -> Any:
    dashboard = Dashboard(connection_of(version), sleep=lambda _seconds: None)
    if kind in (ABILITIES, CLASSIC):
        dashboard.v2.updates.whole = kind == CLASSIC
    return dashboard if kind == WHOLE else dashboard.api


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


def holds_for(kind: str, name: str, exchange: Exchange, result: Any) -> None:
    """What is true of a good answer to this operation, however odd it was."""
    if name.startswith("sites.detail") or name == "settings.group":
        result = Secrets().mask_all(result)  # handed on as it is, through the doors, which make everything fit
    assert unsound(result) == []
    if name in ("sites.all", "sites.by_id", "sites"):
        assert all(site.id > 0 for site in result)
        assert len({site.id for site in result}) == len(result)
    if name in ("tags.rows", "clients.rows"):
        assert kind == LEGACY or all(row["id"] > 0 for row in result)
    if name == "sites.by_id":
        wanted = {asked(exchange).id} if kind == LEGACY else set(listed(exchange))
        assert {site.id for site in result} <= wanted
    if name == "batches.clocks":
        assert set(result) <= set(listed(exchange))
    if name == "sites.sync":
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
    assert error.reason in REASONS
    json.dumps(error.to_dict(), allow_nan=False, ensure_ascii=False).encode()


def says_none(body: str) -> bool:
    """A list without entries, or that there is none."""
    answer = normalise.as_map(json.loads(body))
    data = normalise.unpacked(answer.get("data"))
    return data in ([], {}) or ("success" in answer and not normalise.as_bool(answer["success"]))


def run(kind: str, version: str, name: str, exchange: Exchange, body: str, status: int = 200) -> None:
    call = TABLES[kind][name][2]
    with plugged(Wire(said(body, status))):
        try:
            result = call(connected(kind, version), exchange)
        except MainWPError as exc:
            clean(exc)
        else:
            holds_for(kind, name, exchange, result)
            assert result or kind == LEGACY or name not in LISTS or says_none(body), (
                "what it does not tell is taken for absent"
            )


EACH = pytest.mark.parametrize(("kind", "version", "wordpress", "name"), OPERATIONS, ids=str)


@EACH
@examples(30)
@given(data=st.data(), mutation=MUTATIONS)
def test_one_node_broken(
    kind: str, version: str, wordpress: str, name: str, data: st.DataObject, mutation: Mutation
) -> None:
    exchange = data.draw(st.sampled_from(recorded(version, wordpress, *TABLES[kind][name][:2])))
    run(kind, version, name, exchange, mutation.body(exchange.response["body"]))


@EACH
@examples(20)
@given(value=JSON)
def test_any_json_instead(kind: str, version: str, wordpress: str, name: str, value: Any) -> None:
    exchange = recorded(version, wordpress, *TABLES[kind][name][:2])[0]
    run(kind, version, name, exchange, Mutation("replace", (), value).body(None))


@EACH
def test_the_recorded_answer_is_understood(kind: str, version: str, wordpress: str, name: str) -> None:
    """The operations above are called as they are meant to be: unbroken, they give something."""
    for exchange in recorded(version, wordpress, *TABLES[kind][name][:2]):
        body = exchange.response["body"]
        with plugged(Wire(said(body))):
            if body == "" and kind == LEGACY:
                continue  # an unknown site
            result = TABLES[kind][name][2](connected(kind, version), exchange)
        holds_for(kind, name, exchange, result)


@pytest.mark.parametrize(("kind", "version"), [(ABILITIES, "v2"), (LEGACY, "v1")])
def test_no_operation_is_forgotten(kind: str, version: str) -> None:
    """All that can be asked of a resource, or sent, is broken above."""
    known = {name.split(" ")[0] for name in (*TABLES[kind], *CLASSIC_CALLS)}
    for place, resource in vars(connected(kind, version)).items():
        operations = {
            f"{place}.{name}"
            for cls in type(resource).__mro__
            for name, item in vars(cls).items()
            if isinstance(item, (types.FunctionType, cached_property)) and not name.startswith("_")
        } - {f"{place}.{name}" for name in (*vars(Resource), *ASK_NOTHING)}
        assert operations - (NO_V1_CALLS if kind == LEGACY else NO_CALLS) <= known


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500, 502])
@examples(20)
@given(value=JSON)
def test_any_json_with_any_status(status: int, value: Any) -> None:
    with plugged(Wire(said(Mutation("replace", (), value).body(None), status))):
        try:
            assert connected(ABILITIES, "v2").tags.rows is not None
        except MainWPError as exc:
            clean(exc)


@pytest.mark.parametrize("deep", [DEEP, f"{DEEP}er"])
@pytest.mark.parametrize("status", [200, 401, 500])
def test_what_is_nested_too_deep(status: int, deep: str) -> None:
    body = Mutation("replace", (), {"success": 1, "code": deep, "message": deep, "data": deep}).body(None)
    exchange = recorded("v2", "wp71", "GET", r"sites/\d+/costs")[0]
    run(ABILITIES, "v2", "sites.detail costs", exchange, body, status)
