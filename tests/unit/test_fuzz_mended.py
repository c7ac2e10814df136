# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What broken answers once led to: each case here was found by breaking recorded answers, and mended."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api import normalise
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.sites import SLIM
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard, Limits
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import AnswerLost, MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import PLUGIN, Extension, ItemAnswer
from unit import build
from unit.test_fuzz_operations import KEY
from unit.wire import URL, Wire, plugged, said


def dashboard(version: str = "v2") -> Dashboard:
    return Dashboard(
        connection_from({"url": URL, "api_version": version, "retries": 0, **KEY}), sleep=lambda _seconds: None
    )


def row(number: Any, **more: Any) -> dict[str, Any]:
    return {"id": number, "url": f"https://s{number}.example/", "name": "S", **more}


@pytest.mark.parametrize("data", [None, False, "", 5, [None], [row(1), 7], [row(1), {}], [row(-1)], [row("x")]])
@pytest.mark.parametrize("version", ["v2", "v1"])
def test_a_list_that_lacks_sites_is_not_the_fleet(version: str, data: Any) -> None:
    body = {"success": 1, "data": data} if version == "v2" else data
    with plugged(Wire(said(body))), pytest.raises(AnswerLost):
        dashboard(version).api.sites.all()


@pytest.mark.parametrize("data", [[], {}, "[]"])
@pytest.mark.parametrize("version", ["v2", "v1"])
def test_a_dashboard_without_sites(version: str, data: Any) -> None:
    body = {"success": 1, "data": data} if version == "v2" else data
    with plugged(Wire(said(body))):
        assert dashboard(version).api.sites.all() == []


def test_a_site_that_was_not_asked_for_is_not_taken_for_another() -> None:
    with plugged(Wire(said({"data": [row(9), row(2), row(2)]}))):
        assert [site.id for site in dashboard().api.sites.by_id([1, 2], SLIM).values()] == [2]
    with plugged(Wire(said(row(9)))):
        assert dashboard("v1").api.sites.by_id([1], ()) == {}


@pytest.mark.parametrize("body", [{"success": 1}, {"success": 1, "data": row(9)}, {"success": 1, "data": []}, {"x": 1}])
def test_a_sync_that_tells_of_something_else_is_a_lost_answer(body: Any) -> None:
    with plugged(Wire(said(body))), pytest.raises(AnswerLost) as caught:
        dashboard().api.sites.sync(build.site(1))
    assert caught.value.may_have_started
    assert not caught.value.may_be_running


@pytest.mark.parametrize("value", [10**400, 10**18, "9" * 400, -5, float("inf"), None, "x", []])
def test_settings_beyond_all_bounds(value: Any) -> None:
    names = ("maximum_requests", "minimum_delay", "minimum_ip_delay", "maximum_install_update_requests")
    with plugged(Wire(said({"data": {f"mainwp_{name}": value for name in names}}))):
        limits = dashboard().limits
    assert 1 <= limits.sync_lanes <= 50
    assert 1 <= limits.update_lanes <= 50
    assert 0 <= limits.sync_gap <= 60
    assert 0 <= limits.ip_gap <= 60
    if value in (10**400, None, "x", []):
        assert limits == Limits()


class Pages:
    """A Dashboard with so many sites, that counts as it likes, and may not know of pages."""

    def __init__(self, sites: int, count: Any, paged: bool = True) -> None:
        self.sites, self.count, self.paged = sites, count, paged

    def __call__(self, request: Any) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(request.url)
        if parts.path.endswith("/count"):
            return 200, {}, json.dumps({"count": self.count})
        page = int(parse_qs(parts.query)["page"][0]) if self.paged else 1
        numbers = range(1, self.sites + 1)[(page - 1) * 100 : page * 100]
        return 200, {}, json.dumps({"data": [row(number) for number in numbers]})


@pytest.mark.parametrize("count", [0, 201, 10**9, "x"])
@pytest.mark.parametrize("sites", [99, 100, 201, 2100])
def test_all_sites_whatever_was_counted(sites: int, count: Any) -> None:
    wire = Wire(Pages(sites, count))
    with plugged(wire):
        found = dashboard().sites()
    assert sorted(site.id for site in found) == list(range(1, sites + 1))
    assert len(wire.asked) <= sites // 100 + 24


def test_a_server_that_ignores_pages_ends_the_list() -> None:
    with plugged(Wire(Pages(100, 10**9, paged=False))) as wire:
        assert len(dashboard().sites()) == 100
    assert len(wire.asked) < 25


def test_endless_pages_of_keys() -> None:
    with plugged(Wire(said({"pages": 10**18, "data": [{"id": "1", "version": "v2"}]}))) as wire:
        assert dashboard().key_scope is None
    assert len(wire.asked) == 20


@pytest.mark.parametrize("answer", [{"data": "x"}, {"data": None}, {}, 5])
def test_no_names_are_not_the_names(answer: Any) -> None:
    for read in ("tags", "clients"):
        with plugged(Wire(said(answer))), pytest.raises(AnswerLost):
            assert getattr(dashboard().api, read).rows is not None


@pytest.mark.parametrize("body", [{}, [], "x", {"wp_core": []}])
def test_v1_without_a_list_is_not_nothing_pending(body: Any) -> None:
    with plugged(Wire(said(body))), pytest.raises(AnswerLost):
        dashboard("v1").api.updates.pending(build.site(1))


@pytest.mark.parametrize("slug", ["\ud800", "a\ud800/b.php", ["x"], {"a": 1}, True, None, "", "\x1b"])
def test_slugs_that_cannot_be_sent(slug: Any) -> None:
    """They are cleaned or dropped where they come in, for v1 has to put them into an address."""
    offers = normalise.translation_updates([{"slug": slug, "version": "1"}])
    if isinstance(slug, str):
        offers = (*offers, *normalise.extension_updates(PLUGIN, {slug: {"update": {"new_version": "1"}}}))
    for offer in offers:
        assert offer.slug == "a/b.php"
        with plugged(Wire(said({"data": {}}))):
            dashboard("v1").api.updates.start(build.site(1), PLUGIN, [offer.slug])


@pytest.mark.parametrize("nothing", [None, False, [], {}, ""])
def test_what_php_says_for_no_error(nothing: Any) -> None:
    assert normalise.site(row(1, sync_errors=nothing)).status == "connected"


@pytest.mark.parametrize("garbage", [None, False, 5, "x", "", "[{", float("nan")])
def test_no_list_is_not_an_empty_list(garbage: Any) -> None:
    """What was updated would be taken for deleted, or for moved."""
    after = normalise.site(row(1, plugins=garbage, themes=garbage, translation_upgrades=garbage, wp_version=garbage))
    for update in (build.plugin(), build.theme(), build.translation(), build.core()):
        sent = verdict.Attempt({update.type: {update.slug: ItemAnswer(True, update.version, "2")}}, [update])
        entry = verdict.judge(update, update.new_version, build.site(), after, sent)
        if update.type != "core" or not after.wp_version:
            assert (entry.result, entry.reason) == ("unknown", "unverified")


def test_an_unknown_version_is_not_another_version() -> None:
    update = build.plugin(old="1.0", new="1.1")
    before, after = (
        build.site(1, plugins=(Extension(update.slug, "Forms", version, True),)) for version in ("1.0", "")
    )
    sent = verdict.Attempt({PLUGIN: {update.slug: ItemAnswer(True, "1.0", "1.1")}}, [update])
    entry = verdict.judge(update, "1.1", before, after, sent)
    assert (entry.result, entry.reason) == ("unknown", "unverified")


@pytest.mark.parametrize(
    ("part", "data", "made"),
    [
        ("security", [], None),
        ("security", '{"a": 1}', {"a": 1}),
        ("client", "x", None),
        ("non-mainwp-changes", {"7": {"a": 1}, "8": 5}, [{"a": 1}]),
        ("non-mainwp-changes", False, None),
        ("costs", [], []),
    ],
)
def test_details_have_the_documented_type(part: str, data: Any, made: Any) -> None:
    assert normalise.detail(part, data) == made


def test_the_code_of_an_error_is_text() -> None:
    with plugged(Wire(said({"code": {"a": ["\ud800"]}, "message": "No."}, 400))), pytest.raises(MainWPError) as caught:
        assert dashboard().api.tags.rows is not None
    assert "code" not in caught.value.details
