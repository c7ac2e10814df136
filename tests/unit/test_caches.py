# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers from caches are known, asked past, and never believed."""

from __future__ import annotations

import email.utils
import time
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _caches as caches
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.tags import Tags
from unit.scripted import Say, Server
from unit.told import Told, get, post

UNIQUE = "mainwp-check"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Age", "512"),
        ("Age", "0, 7200"),
        ("X-Cache", "HIT"),
        ("X-Cache", "Hit from cloudfront"),
        ("X-Cache", "TCP_MEM_HIT from a1.deploy.akamaitechnologies.com"),
        ("X-Cache", "MISS, HIT"),
        ("X-Cache-Lookup", "HIT from squid:3128"),
        ("X-Cache-Status", "STALE"),
        ("X-Cache-Hits", "0, 3"),
        ("X-LiteSpeed-Cache", "hit,private"),
        ("CF-Cache-Status", "HIT"),
        ("X-Proxy-Cache", "HIT"),
        ("X-Kinsta-Cache", "HIT"),
        ("X-FastCGI-Cache", "UPDATING"),
        ("Cache-Status", '"nginx"; hit'),
        ("X-Varnish", "32770 3"),
        ("X-SRCache-Fetch-Status", "HIT"),
        ("X-Cache-Remote", "TCP_HIT from a1.deploy.akamaitechnologies.com"),
        ("X-Nananana", "Batcache-Hit"),
        ("WP-Super-Cache", "Served supercache file from PHP"),
        ("X-Hummingbird-Cache", "Served"),
        ("Server-Timing", 'edge; dur=1, cfCacheStatus;desc="HIT"'),
    ],
)
def test_caches_that_tell(name: str, value: str) -> None:
    assert caches.mark_of({"Content-Type": "application/json", name: value}) == f"{name}: {value}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Age", "0"),
        ("Age", "x"),
        ("X-Cache", "MISS"),
        ("X-Cache", "Miss from cloudfront"),
        ("X-Cache-Hits", "0"),
        ("CF-Cache-Status", "DYNAMIC"),
        ("CF-Cache-Status", "BYPASS"),
        ("X-LiteSpeed-Cache", "miss"),
        ("X-LiteSpeed-Cache-Control", "no-cache"),
        ("Cache-Control", "max-age=0, stale-while-revalidate=5"),
        ("X-Cache-Enabled", "True"),
        ("X-WP-Object-Cache", "hit"),
        ("X-Varnish", "3"),
        ("Cache-Status", "nginx; fwd=miss; stored"),
        ("Cache-Status", '"edge"; fwd=stale; fwd-status=200'),
        ("X-Cache-Tags", "hit-counter"),
        ("X-Opcache-Status", "hit"),
        ("Server-Timing", "wp-object-cache;desc=hit, hit;dur=1"),
        ("X-Served-By", "cache-fra-1, hit"),
    ],
)
def test_headers_that_say_nothing_of_a_cache(name: str, value: str) -> None:
    assert caches.mark_of({name: value}) == ""


def test_squid_says_what_it_has_and_did_not_use() -> None:
    assert caches.mark_of({"X-Cache": "MISS from squid", "X-Cache-Lookup": "HIT from squid:3128"}) == ""


def dated(shift: float, body: Any = None, **headers: str) -> Say:
    stamp = email.utils.formatdate(time.time() + shift, usegmt=True)
    return Say(body=body or {"data": shift}, headers={"Date": stamp, **headers})


def test_reads_ask_for_no_cache() -> None:
    with Server() as server:
        get(Told(server.url))
        assert server.asked[0].headers["Cache-Control"] == "no-cache"
        assert server.asked[0].headers["Pragma"] == "no-cache"
        assert UNIQUE not in server.asked[0].query


@pytest.mark.parametrize("old", [dated(0, Age="7200"), dated(-7200), dated(0, **{"X-LiteSpeed-Cache": "hit"})])
def test_a_cache_is_asked_past(old: Say) -> None:
    clock = [] if len(old.headers) > 1 else [dated(0)]  # by its Date alone: the clock is asked for first
    with Server(old, *clock, dated(0, {"data": "new"}), dated(0, {"data": "next"})) as server:
        transport = Told(server.url)
        assert get(transport) == {"data": "new"}
        assert get(transport) == {"data": "next"}
        first, second, third = (asked.query.get(UNIQUE) for asked in server.asked if asked.method == "GET")
        assert first is None
        assert second
        assert third
        assert second != third
        (warning,) = transport.warnings
        assert "A cache answers" in warning
        assert post(transport) == {"data": "next"}
        assert abs(transport.caches.skew or 0.0) < 3600  # of the answer that was kept: two hours


def test_no_write_follows_an_answer_that_cannot_be_asked_past() -> None:
    with Server(dated(-7200, Age="7200")) as server:
        transport = Told(server.url)
        assert get(transport) == {"data": -7200}
        assert get(transport) == {"data": -7200}
        assert len(transport.warnings) == 1
        assert transport.caches.skew is None
        with pytest.raises(errors.CachedAnswers, match="Age: 7200"):
            post(transport)
        assert [asked.method for asked in server.asked] == ["GET", "GET", "GET"]


def test_a_date_that_stands_still_later_on() -> None:
    """The first answer tells the clock; an hour later by ours the very same Date comes again."""
    with Server(dated(0), dated(-3600), dated(0), dated(0, {"data": "new"})) as server:
        transport = Told(server.url)
        get(transport)
        assert get(transport) == {"data": "new"}
        assert "made 3" in transport.caches.passed


@pytest.mark.parametrize("shift", [-90, -86400, 900])
def test_a_slow_or_fast_clock_is_no_cache(shift: float) -> None:
    with Server(dated(shift)) as server:
        transport = Told(server.url)
        for _time in range(3):
            get(transport)
        post(transport)
        get(transport)
        assert transport.warnings == []
        assert transport.caches.skew == pytest.approx(shift, abs=2)
        looks = [asked.method for asked in server.asked].count("OPTIONS")
        assert (looks, len(server.asked)) == ((1, 6) if shift < 0 else (0, 5))


def test_servers_of_one_dashboard_may_differ() -> None:
    with Server(dated(0), dated(-20), dated(-20), dated(0), dated(-20), dated(-20)) as server:
        transport = Told(server.url)
        for _time in range(3):
            get(transport)
        post(transport)
        assert not transport.caches.found


def test_after_our_own_write_reads_are_unique() -> None:
    with Server(dated(0)) as server:
        transport = Told(server.url)
        get(transport)
        post(transport)
        get(transport)
        assert [UNIQUE in asked.query for asked in server.asked] == [False, False, True]


@pytest.mark.parametrize(
    "refusal",
    [
        Say(400, {"code": "rest_invalid_param", "message": "x"}),
        Say(403, media="text/html", body=b"<html>no"),
        Say(500, {"code": "ability_invalid_input", "message": "x"}),
    ],
)
def test_a_route_that_refuses_the_unique_query_is_asked_without(refusal: Say) -> None:
    with Server(dated(0), refusal, dated(0, {"data": 1}), dated(0, {"data": 2})) as server:
        transport = Told(server.url)
        post(transport)
        assert get(transport) == {"data": 1}
        assert get(transport) == {"data": 2}
        assert [UNIQUE in asked.query for asked in server.asked] == [False, True, False, False]


def test_what_a_cache_still_has_is_no_answer_where_the_unique_query_is_refused() -> None:
    """A firewall's page that passes, say: what is kept from before our own write must not be told as its outcome."""
    kept = dated(-10, {"data": "old"})
    with Server(
        dated(0), Say(403, media="text/html", body=b"<html>no"), kept, dated(0), dated(0, {"data": 1})
    ) as server:
        transport = Told(server.url)
        post(transport)
        with pytest.raises(errors.NotTheApi, match="403"):
            get(transport)
        assert get(transport) == {"data": 1}
        assert [asked.method for asked in server.asked] == ["POST", "GET", "GET", "OPTIONS", "GET"]
        assert UNIQUE in server.asked[-1].query
        assert not transport.caches.found


def test_a_route_that_refuses_the_unique_query_may_be_kept_all_the_same() -> None:
    refusal = Say(400, {"code": "rest_invalid_param", "message": "x"})
    with Server(dated(0), refusal, dated(0, {"data": 1}), dated(-10, {"data": 2}), dated(0)) as server:
        transport = Told(server.url)
        post(transport)
        assert get(transport) == {"data": 1}
        get(transport)
        assert transport.caches.found


def test_a_refusal_for_another_cause_remains_one() -> None:
    with Server(dated(0), Say(403, {"code": "rest_forbidden", "message": "No"})) as server:
        transport = Told(server.url)
        post(transport)
        with pytest.raises(errors.ApiError, match="No"):
            get(transport)


def test_a_kept_error_is_asked_past() -> None:
    kept = Say(404, {"code": "rest_no_route", "message": "x"}, headers={"CF-Cache-Status": "HIT"})
    with Server(kept, dated(0, {"data": 1})) as server:
        transport = Told(server.url)
        assert get(transport) == {"data": 1}
        assert len(transport.warnings) == 1


KEPT_ERRORS = [
    dated(-7200, {"code": "rest_no_route", "message": "x", "data": {"status": 404}}),
    Say(302, headers={**dated(0).headers, "Location": "/coming-soon/", "X-Cache": "HIT"}),
    Say(302, headers={**dated(-7200).headers, "Location": "https://sso.example/login"}),
]


@pytest.mark.parametrize("kept", KEPT_ERRORS)
def test_an_error_or_a_redirect_that_was_kept_is_asked_past(kept: Say) -> None:
    with Server(kept, dated(0, {"data": 1})) as server:
        transport = Told(server.url)
        assert get(transport) == {"data": 1}
        assert len(transport.warnings) == 1


@pytest.mark.parametrize("kept", [dated(0, {"success": 1}, Age="3600"), dated(-7200, {"success": 1})])
def test_a_write_that_a_cache_answers_was_not_done(kept: Say) -> None:
    with Server(dated(0), kept) as server:
        transport = Told(server.url)
        get(transport)
        with pytest.raises(errors.CachedAnswers, match="did not get to the Dashboard") as caught:
            post(transport)
        assert caught.value.may_have_started
        with pytest.raises(errors.CachedAnswers):
            transport.write("mainwp/v2/updates/1/update/wp", step="update", work=True)
        assert len(server.asked) == 2


def test_the_comment_of_a_page_cache_gives_it_away() -> None:
    body = b'{"data": 0}\n<!-- Cached page generated by WP-Super-Cache on 2026-11-25 -->'
    with Server(Say(body=body), dated(0, {"data": 1})) as server:
        transport = Told(server.url)
        assert get(transport) == {"data": 1}
        assert transport.caches.passed


def test_no_edit_of_a_resource_builds_on_an_answer_from_a_cache() -> None:
    """Also after the first write: the tags of a site are sent as a whole set, which was read."""
    with Server(dated(0), dated(0, Age="7200")) as server:
        transport = Told(server.url)
        post(transport)
        get(transport)
        with pytest.raises(errors.CachedAnswers):
            Tags(transport).edit(1, {"name": "x"})
        assert len(server.asked) == 2


def test_once_a_write_was_sent_its_outcome_is_verified_all_the_same() -> None:
    with Server(dated(0), dated(0, Age="7200"), dated(0)) as server:
        transport = Told(server.url)
        post(transport)
        get(transport)
        assert transport.caches.found
        transport.write("mainwp/v2/sites/1/sync", step="sync")
        with pytest.raises(errors.CachedAnswers):
            transport.write("mainwp/v2/updates/1/update/wp", step="update", work=True)
