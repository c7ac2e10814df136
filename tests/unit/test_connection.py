# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach a Dashboard: every option is checked before anything is sent."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import Connection, connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError

KEY, SECRET = "0123456789abcdef0123", "fedcba9876543210fedc"
TOKEN = f"{SECRET}=={KEY}"
PAIR = {"consumer_key": f"ck_{KEY}", "consumer_secret": f"cs_{SECRET}"}


def connect(**params: Any) -> Connection:
    """A connection from what a task gives, with a key unless it gives other credentials."""
    credentials = {} if {"api_key", "consumer_key", "consumer_secret"} & params.keys() else {"api_key": TOKEN}
    return connection_from({"url": "https://dash.example", **credentials, **params})


def refusal(**params: Any) -> str:
    with pytest.raises(InputError) as caught:
        connect(**params)
    text = str(caught.value)
    assert caught.value.to_dict()["option"] == text.split(":", maxsplit=1)[0]
    for secret in (KEY, SECRET, "hunter2hunter2"):
        assert secret not in text
    return text


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://dash.example", "https://dash.example"),
        ("  https://dash.example/  ", "https://dash.example"),
        ("https://example.com/dash/", "https://example.com/dash"),
        ("https://dash.example:8443", "https://dash.example:8443"),
        ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
        ("HTTPS://dash.example", "https://dash.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.1.2.3", "http://127.1.2.3"),
        ("http://localhost/dash", "http://localhost/dash"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_addresses(url: str, base: str) -> None:
    assert connect(url=url).url == base


@pytest.mark.claim("http-loopback")
@pytest.mark.parametrize("around", [" ", "\r\n", "\ufeff", "\u200b", "\u00a0", "\u2060"])
def test_what_nobody_sees_around_an_option_is_not_part_of_it(around: str) -> None:
    plain = {"url": "https://dash.example", "proxy": "http://proxy.example:3128", "rest_prefix": "api"}
    for credentials in ({"api_key": TOKEN}, PAIR):
        given = {**plain, **credentials}
        assert connect(**{name: f"{around}{value}{around}" for name, value in given.items()}) == connect(**given)


def test_an_unencrypted_address_can_be_allowed() -> None:
    assert connect(url="http://dash.example", allow_http=True).url == "http://dash.example"


@pytest.mark.claim("http-loopback")
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (None, "url: is missing. Give the Dashboard's address, or set MAINWP_URL."),
        ("  ", "url: is missing."),
        ("dash.example", "'dash.example' is not an https:// address. Use the form https://dashboard.example."),
        ("dash.example:443", "is not an https:// address"),
        ("ftp://dash.example", "is not an https:// address"),
        ("https://dash.example/WP-JSON/", "Use https://dash.example instead."),
        ("https://a..b.example", "is not an https:// address"),
        ("https://.example", "is not an https:// address"),
        (f"https://{'ü' * 70}.example", "is not an https:// address"),
        ("https://", "is not an https:// address"),
        ("https://dash.example:port", "is not an address"),
        ("https://dash.example:99999", "is not an address"),
        ("https://[::1", "is not an address"),
        ("http://dash.example", "not encrypted, so the key could be read on the way. Use https://dash.example, or set"),
        ("http://dash.example:8080/x/", "Use https://dash.example:8080/x, or"),
        ("http://192.0.2.1", "is not encrypted"),
        ("http://localhost.example", "is not encrypted"),
        ("http://127.0.0.1.evil.example", "is not encrypted"),
        ("http://localhost.", "is not encrypted"),
        ("http://127.1", "is not encrypted"),
        ("http://2130706433", "is not encrypted"),
        ("http://0x7f000001", "is not encrypted"),
        ("http://0177.0.0.1", "is not encrypted"),
        ("http://127.0.0.1%2eevil.example", "is not encrypted"),
        ("http://0.0.0.0", "is not encrypted"),
        ("http://[::]", "is not encrypted"),
        ("http://localhost\t.evil.example", "is not encrypted"),
        ("http://[::1].evil.example", "is not an "),  # https:// address; no address at all, say later Pythons
        ("http://[::1]evil.example", "is not an"),
        ("http://127.0.0.1\\.evil.example", "is not an https:// address"),
        ("http://evil.example\\.127.0.0.1", "is not an https:// address"),
        ("http:\\\\127.0.0.1", "is not an https:// address"),
        ("http://127.0.0.1:80:80", "is not an address"),
        ("http://localhost@evil.example", "carries a user name or password"),
        ("http://evil.example\\@127.0.0.1", "carries a user name or password"),
        ("http://evil.example#@127.0.0.1", "carries a user name or password"),
        ("https://dash.example/wp-json", "Use https://dash.example instead."),
        ("https://dash.example/wp-json/mainwp/v2/", "Use https://dash.example instead."),
        ("https://example.com/dash/wp-json/mainwp/v2/sites", "Use https://example.com/dash instead."),
        ("https://dash.example/wp-admin/admin.php?page=x", "Use https://dash.example instead."),
        ("https://dash.example/wp-login.php", "Use https://dash.example instead."),
        ("https://dash.example/?rest_route=/", "carries a query or fragment. Use https://dash.example instead."),
        ("https://dash.example/index.php?rest_route=/mainwp/v2", "Use https://dash.example instead."),
        ("https://dash.example/#x", "carries a query or fragment"),
        ("https://admin:hunter2hunter2@dash.example", "carries a user name or password"),
        ("ftp://admin:hunter2hunter2@dash.example", "url: "),
        ("https://admin:hunter2hunter2@dash.example:port", "url: "),
        ("admin:hunter2hunter2@dash.example", "url: "),
    ],
)
def test_addresses_that_are_refused(url: str | None, sentence: str) -> None:
    assert sentence in refusal(url=url)


@pytest.mark.parametrize(
    "given",
    [
        {"api_key": TOKEN},
        {"api_key": f"  Bearer {TOKEN}\n"},
        {"api_key": f"bearer   {TOKEN}"},
        {"api_key": f"cs_{SECRET}==ck_{KEY}"},
        PAIR,
        {"consumer_key": KEY, "consumer_secret": SECRET},
        {"consumer_key": f" ck_{KEY} ", "consumer_secret": f"\tcs_{SECRET}"},
    ],
)
def test_all_forms_of_credentials_mean_the_same(given: dict[str, str]) -> None:
    made = connect(**given)
    assert (made.consumer_key, made.consumer_secret) == (PAIR["consumer_key"], PAIR["consumer_secret"])
    assert made.token == TOKEN
    assert made.key_hint == KEY[-7:]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"api_key": ""}, "api_key: no credentials. Give api_key (or MAINWP_API_KEY), or consumer_key"),
        ({"api_key": None}, "api_key: no credentials."),
        ({"api_key": f"{SECRET}={KEY}"}, "api_key: is not of the form secret==key. Copy the whole API key"),
        ({"api_key": SECRET}, "is not of the form"),
        ({"api_key": f"=={KEY}"}, "is not of the form"),
        ({"api_key": f"{SECRET}=="}, "is not of the form"),
        ({"api_key": f"{SECRET}=={KEY}=={KEY}"}, "is not of the form"),
        ({"api_key": f"{SECRET} =={KEY}"}, "is not of the form"),
        ({"api_key": "Bearer"}, "is not of the form"),
        ({"api_key": f"{SECRET}==<{KEY}>"}, "api_key: has characters that no MainWP key has"),
        ({"api_key": f"{SECRET}==…{KEY[-7:]}"}, "has characters that no MainWP key has"),
        ({"api_key": TOKEN, **PAIR}, "api_key: given together with consumer_key or consumer_secret"),
        ({"api_key": TOKEN, "consumer_key": KEY}, "given together with"),
        ({"consumer_key": KEY}, "consumer_secret: is missing while consumer_key is given"),
        ({"consumer_secret": SECRET}, "consumer_key: is missing while consumer_secret is given"),
        ({"consumer_key": f"{KEY}-", "consumer_secret": SECRET}, "consumer_key: has characters"),
        ({"consumer_key": "ck_", "consumer_secret": SECRET}, "consumer_key: has characters"),
        ({"consumer_key": KEY, "consumer_secret": "{{ secret }}"}, "consumer_secret: has characters"),
    ],
)
def test_credentials_that_are_refused(given: dict[str, Any], sentence: str) -> None:
    assert sentence in refusal(**given)


@pytest.mark.parametrize(
    ("given", "version", "method", "resolved"),
    [
        ({"api_key": TOKEN}, "v2", "auto", "bearer"),
        (PAIR, "v2", "auto", "basic"),
        ({"api_key": TOKEN}, "v2", "basic", "basic"),
        (PAIR, "v2", "bearer", "bearer"),
        (PAIR, "v2", "query", "query"),
        ({"api_key": TOKEN}, "v1", "auto", "x-api-key"),
        (PAIR, "v1", "auto", "x-api-key"),
        (PAIR, "v1", "query", "query"),
        (PAIR, None, None, "basic"),
    ],
)
def test_how_credentials_travel(given: dict[str, str], version: str, method: str, resolved: str) -> None:
    assert connect(**given, api_version=version, auth_method=method).auth_method == resolved


@pytest.mark.parametrize("method", ["bearer", "basic"])
def test_v1_does_not_take_them(method: str) -> None:
    assert f"auth_method: {method} does not work with api_version v1" in refusal(api_version="v1", auth_method=method)


def test_headers_and_query_of_the_ways_to_authenticate() -> None:
    assert connect(auth_method="bearer").auth_headers() == {"Authorization": f"Bearer {TOKEN}"}
    basic = base64.b64encode(f"ck_{KEY}:cs_{SECRET}".encode()).decode()
    assert connect(auth_method="basic").auth_headers() == {"Authorization": f"Basic {basic}"}
    assert json.loads(connect(api_version="v1").auth_headers()["x-api-key"]) == PAIR
    assert connect(auth_method="query").auth_headers() == {}
    assert connect(auth_method="query").auth_query() == PAIR
    assert connect().auth_query() == {}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"timeout": 0}, "timeout: 0 is not a positive number of seconds"),
        ({"timeout": -5}, "timeout: -5 is not a positive"),
        ({"connect_timeout": -1}, "connect_timeout: -1 is not a positive"),
        ({"retry_max_delay": 0}, "retry_max_delay: 0 is not"),
        ({"timeout": float("nan")}, "timeout: nan is not"),
        ({"retries": -1}, "retries: -1 is negative. Use 0 to switch retries off."),
        ({"concurrency": 0}, "concurrency: 0 is less than 1. Leave it out to follow the Dashboard."),
        ({"ca_path": "/nonexistent/ca.pem"}, "ca_path: there is no file /nonexistent/ca.pem"),
        ({"client_cert": "/nonexistent/c.pem"}, "client_cert: there is no file"),
        ({"client_key": "."}, "client_key: given without client_cert"),
        ({"proxy": "proxy.example:3128"}, "proxy: has no scheme. Use the form http://proxy.example:3128."),
        ({"proxy": "user:hunter2hunter2@proxy.example"}, "proxy: has no scheme"),
        ({"proxy": "http://user:hunter2hunter2/x@proxy.example"}, "proxy: cannot be read. Write odd characters"),
        ({"proxy": "http://user:hunter2hunter2#x@proxy.example:3128"}, "proxy: cannot be read"),
        ({"proxy": "http://proxy.example:port"}, "proxy: cannot be read"),
        ({"headers": {"X-A": "Zürich €"}}, "headers: 'X-A' is not a valid header"),
        ({"headers": {"Authorization": "x"}}, "headers: Authorization is set by the collection itself"),
        ({"headers": {"x-api-KEY": "x"}}, "headers: x-api-KEY is set by the collection itself"),
        ({"headers": {"Host": "x"}}, "Host is set by the collection itself"),
        ({"headers": {"X-A": "a\r\nX-B: b"}}, "headers: 'X-A' is not a valid header"),
        ({"headers": {"X A": "a"}}, "'X A' is not a valid header"),
        ({"headers": {"": "a"}}, "'' is not a valid header"),
    ],
)
def test_other_options_that_are_refused(given: dict[str, Any], sentence: str) -> None:
    assert sentence in refusal(**given)


def test_authorization_is_free_when_the_key_travels_elsewhere() -> None:
    made = connect(auth_method="query", headers={"Authorization": "Basic d2ViOnNlcnZlcg=="})
    assert made.headers == {"Authorization": "Basic d2ViOnNlcnZlcg=="}


def test_defaults() -> None:
    made = connect()
    assert (made.connect_timeout, made.timeout, made.retries, made.retry_max_delay) == (10, 300, 3, 30)
    assert (made.concurrency, made.proxy, made.headers, made.verify) == (None, None, {}, True)


def test_certificates(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text("")
    assert connect(ca_path=str(authority)).verify == str(authority)
    assert connect(ca_path=str(authority), validate_certs=False).verify is False
    assert connect(validate_certs=None).verify is True


@pytest.mark.claim("secrets-bugs")
def test_no_secret_in_the_text_of_a_connection() -> None:
    made = connect(proxy="http://user:hunter2hunter2@proxy.example", headers={"X-Token": "hunter2hunter2"})
    for secret in (KEY, SECRET, "hunter2hunter2"):
        assert secret not in repr(made)
