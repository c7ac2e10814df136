# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transport: what is sent again and what never, and what becomes of every kind of failure."""

from __future__ import annotations

import email.utils
import json
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._http import Transport
from unit.scripted import Say, Server, drip, endless, hang, reset

TOKEN = "fedcba9876543210==0123456789abcdef"
PAGE = {"media": "text/html", "body": b"<html>busy</html>"}


class Told(Transport):
    """A transport that notes warnings and pauses instead of waiting."""

    def __init__(self, url: str, **params: Any) -> None:
        self.warnings: list[str] = []
        self.slept: list[float] = []
        options = {"url": url, "api_key": TOKEN, "timeout": 5, "connect_timeout": 2, **params}
        super().__init__(connection_from(options), self.warnings.append, self.slept.append)


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def get(transport: Transport) -> Any:
    return transport.read("mainwp/v2/sites", {"page": 1}, "list the sites").data


def post(transport: Transport) -> Any:
    return transport.write("mainwp/v2/updates/1/update/plugins", {"slug": ["a/a.php"]}, step="update plugins").data


def test_a_good_answer() -> None:
    with Server(Say(body={"success": 1, "data": []}, headers={"Date": email.utils.formatdate(0)})) as server:
        transport = Told(server.url)
        answer = transport.read("mainwp/v2/sites", {"page": 1})
        assert (answer.status, answer.data) == (200, {"success": 1, "data": []})
        (asked,) = server.asked
        assert (asked.method, asked.path, asked.query) == ("GET", "/wp-json/mainwp/v2/sites", {"page": "1"})
        assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
        assert asked.headers["Accept"] == "application/json"
        assert asked.headers["User-Agent"].startswith("wpfleet.mainwp")
        assert asked.body == b""
        assert transport.clock_skew == pytest.approx(-time.time(), abs=86400 * 2)


def test_a_write_sends_json_and_its_query() -> None:
    with Server() as server:
        transport = Told(server.url, auth_method="query")
        transport.write("/mainwp/v1/site/sync-site", {"a": [1]}, {"site_id": 5}, method="PUT")
        (asked,) = server.asked
        assert (asked.method, json.loads(asked.body)) == ("PUT", {"a": [1]})
        assert asked.query["site_id"] == "5"
        assert asked.query["consumer_key"] == "ck_0123456789abcdef"
        assert "Authorization" not in asked.headers


@pytest.mark.parametrize(
    "passing",
    [
        Say(502, **PAGE),
        Say(503, **PAGE),
        Say(504, **PAGE),
        Say(504, {}),
        Say(429, {"code": "slow_down"}),
        Say(429, **PAGE),
        Say(500, {}),
        Say(500, {"code": "internal_server_error", "message": "critical"}),
        Say(200, body=b'{"success":1,"da'),
        Say(act=reset),
        Say(act=hang(0.6)),
    ],
    ids=lambda say: say.act.__qualname__ if say.act else f"{say.status} {say.body}",
)
def test_a_read_is_tried_again_after_a_passing_failure(passing: Say) -> None:
    with Server(passing, passing, Say(body={"data": 1})) as server:
        transport = Told(server.url, timeout=0.3)
        assert get(transport) == {"data": 1}
        assert len(server.asked) == 3
        assert len(transport.warnings) == len(transport.slept) == 2
        assert "Trying again in" in transport.warnings[0]


@pytest.mark.parametrize(
    ("lasting", "kind"),
    [
        (Say(401, {"code": "mainwp_rest_authentication_error", "message": "No"}), errors.Unauthorized),
        (Say(403, **PAGE), errors.NotTheApi),
        (Say(404, {"code": "rest_no_route"}), errors.NoRoute),
        (Say(404, **PAGE), errors.NotTheApi),
        (Say(400, {"code": "rest_invalid_param"}), errors.ApiError),
        (Say(500, {"code": "mainwp_error", "message": "x"}), errors.ApiError),
        (Say(200, **PAGE), errors.NotTheApi),
        (Say(202, **PAGE), errors.NotTheApi),
        (Say(302, headers={"Location": "https://elsewhere.example/"}), errors.Redirected),
    ],
)
def test_a_read_is_not_tried_again_after_a_lasting_failure(lasting: Say, kind: type[Exception]) -> None:
    with Server(lasting) as server:
        with pytest.raises(kind):
            get(Told(server.url))
        assert len(server.asked) == 1


@pytest.mark.parametrize(("retries", "requests"), [(0, 1), (1, 2), (3, 4)])
def test_reads_end_after_so_many_retries(retries: int, requests: int) -> None:
    with Server(Say(503, {})) as server:
        transport = Told(server.url, retries=retries)
        with pytest.raises(errors.AnswerLost) as caught:
            get(transport)
        assert len(server.asked) == requests
        assert caught.value.details["status"] == 503
        assert caught.value.message.startswith("list the sites (mainwp/v2/sites): HTTP 503")
        assert all(0.5 * 2**n <= pause <= 2**n for n, pause in enumerate(transport.slept))


def test_pauses_are_bounded() -> None:
    with Server(Say(503, {})) as server:
        transport = Told(server.url, retries=6, retry_max_delay=2)
        with pytest.raises(errors.AnswerLost):
            get(transport)
        assert max(transport.slept) <= 2


@pytest.mark.parametrize("body", [{"body": {"code": "busy"}}, {"body": {}}, PAGE], ids=["json", "empty", "page"])
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("0", 0), ("900", 30)])
def test_retry_after_is_honoured_up_to_the_longest_delay(
    status: int, body: dict[str, Any], asked: str, waited: float
) -> None:
    with Server(Say(status, headers={"Retry-After": asked}, **body), Say()) as server:
        transport = Told(server.url)
        get(transport)
        assert transport.slept == [waited]


def test_retry_after_may_be_a_date() -> None:
    stamp = email.utils.formatdate(time.time() + 20, usegmt=True)
    with Server(Say(429, {"code": "x"}, headers={"Retry-After": stamp}), Say()) as server:
        transport = Told(server.url)
        get(transport)
        assert transport.slept[0] == pytest.approx(19.5, abs=1.5)


@pytest.mark.parametrize("odd", ["soon", "-5", "\xb2", "", "Thu, 99 Nov 2026 00:00:00 GMT"])
def test_an_odd_retry_after_is_ignored(odd: str) -> None:
    with Server(Say(429, {"code": "x"}, headers={"Retry-After": odd}), Say()) as server:
        transport = Told(server.url)
        get(transport)
        assert 0.5 <= transport.slept[0] <= 1


@pytest.mark.parametrize(
    ("trouble", "kind", "started", "running"),
    [
        (Say(504, **PAGE), errors.AnswerLost, True, True),
        (Say(503, {}), errors.AnswerLost, True, True),
        (Say(act=reset), errors.AnswerLost, True, True),
        (Say(act=hang(0.6)), errors.AnswerLost, True, True),
        (Say(act=drip(0.8, 0.05)), errors.AnswerLost, True, True),
        (Say(200, body=b'{"succ'), errors.AnswerLost, True, True),
        (Say(200, **PAGE), errors.NotTheApi, True, True),
        (Say(500, {"code": "HTTPERROR", "message": "x"}), errors.ApiError, True, False),
        (Say(429, {"code": "x"}, headers={"Retry-After": "1"}), errors.ApiError, False, False),
        (Say(403, **PAGE), errors.NotTheApi, False, False),
        (Say(401, {"code": "x"}), errors.Unauthorized, False, False),
    ],
)
def test_a_write_that_was_sent_is_never_sent_again(
    trouble: Say, kind: type[errors.MainWPError], started: bool, running: bool
) -> None:
    with Server(trouble) as server:
        transport = Told(server.url, timeout=0.3)
        with pytest.raises(kind) as caught:
            post(transport)
        assert len(server.asked) == 1
        assert (caught.value.may_have_started, caught.value.may_be_running) == (started, running)
        assert transport.slept == []


def test_a_write_that_never_left_is_sent_again() -> None:
    transport = Told(closed_port(), retries=2)
    with pytest.raises(errors.ConnectFailed) as caught:
        post(transport)
    assert len(transport.slept) == 2
    assert not caught.value.may_have_started
    assert "cannot connect to 127.0.0.1" in caught.value.message


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(errors.ConnectFailed, match=r"cannot connect to nosuch\.invalid"):
        get(Told("https://nosuch.invalid", retries=0))


def test_a_write_reaches_a_server_that_comes_up_late_once() -> None:
    address = closed_port()
    with ExitStack() as stack:
        transport = Told(address, retries=1)
        late: list[Server] = []

        def start(_seconds: float) -> None:
            late.append(stack.enter_context(Server(port=int(address.rsplit(":", 1)[1]))))

        transport._sleep = start
        assert post(transport) == {"success": 1}
        assert [asked.method for asked in late[0].asked] == ["POST"]


def test_a_write_never_rides_on_a_kept_alive_connection() -> None:
    with Server() as server:
        transport = Told(server.url)
        get(transport)
        get(transport)
        post(transport)
        post(transport)
        first, second, third, fourth = (asked.client for asked in server.asked)
        assert first == second
        assert len({first, third, fourth}) == 3
        transport.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_reads_follow_a_redirect_on_the_same_origin(status: int) -> None:
    with Server(Say(status, headers={"Location": "/wp-json/other"}), Say(body={"data": 1})) as server:
        assert get(Told(server.url)) == {"data": 1}
        assert [asked.path for asked in server.asked] == ["/wp-json/mainwp/v2/sites", "/wp-json/other"]
        assert server.asked[1].query == {"page": "1"}
        assert server.asked[1].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(("status", "requests"), [(301, 1), (302, 1), (303, 1), (307, 2), (308, 2)])
def test_writes_follow_only_redirects_that_keep_the_method(status: int, requests: int) -> None:
    with Server(Say(status, headers={"Location": "/wp-json/other"}), Say()) as server:
        if requests == 1:
            with pytest.raises(errors.Redirected):
                post(Told(server.url))
        else:
            post(Told(server.url))
            assert server.asked[1].body == server.asked[0].body != b""
        assert [asked.method for asked in server.asked] == ["POST"] * requests


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("https://www.dash.example/wp-json/mainwp/v2/sites?page=1", "https://www.dash.example"),
        ("https://dash.example/sub/wp-json/x#y", "https://dash.example/sub"),
        ("//cdn.example/wp-json/", "http://cdn.example"),
    ],
)
def test_credentials_never_go_to_another_origin(target: str, meant: str) -> None:
    with Server(Say(302, headers={"Location": target})) as server:
        with pytest.raises(errors.Redirected) as caught:
            get(Told(server.url))
        assert f"Did you mean url: {meant} ?" in str(caught.value)
        assert len(server.asked) == 1


def test_another_port_is_another_origin() -> None:
    with Server() as other, Server(Say(307, headers={"Location": f"{other.url}/wp-json/x"})) as server:
        with pytest.raises(errors.Redirected):
            get(Told(server.url))
        assert other.asked == []


def test_the_key_in_a_query_is_not_shown_by_a_redirect() -> None:
    location = f"https://elsewhere.example/0123456789abcdef/{TOKEN}?consumer_secret=cs_fedcba9876543210"
    with Server(Say(302, headers={"Location": location})) as server:
        with pytest.raises(errors.Redirected) as caught:
            get(Told(server.url, auth_method="query"))
        for secret in ("0123456789abcdef", "fedcba9876543210"):
            assert secret not in str(caught.value)


def test_a_circle_of_redirects_ends() -> None:
    with Server(Say(302, headers={"Location": "/wp-json/mainwp/v2/sites"})) as server:
        with pytest.raises(errors.Redirected, match="in a circle"):
            get(Told(server.url))
        assert len(server.asked) == 4


def test_cookies_are_not_kept() -> None:
    with Server(Say(headers={"Set-Cookie": "wordpress_logged_in_x=admin; Path=/"}), Say()) as server:
        transport = Told(server.url)
        get(transport)
        get(transport)
        assert "Cookie" not in server.asked[1].headers


def test_a_netrc_cannot_replace_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login admin password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Server() as server:
        for method, form in (("bearer", "Bearer"), ("basic", "Basic"), ("query", None)):
            get(Told(server.url, auth_method=method))
            sent = server.asked[-1].headers.get("Authorization")
            assert (sent.split()[0] if sent else None) == form
            assert "YWRtaW46" not in (sent or "")


def test_more_headers_are_sent_with_every_request() -> None:
    with Server() as server:
        transport = Told(server.url, headers={"CF-Access-Client-Id": "abc"})
        get(transport)
        post(transport)
        assert [asked.headers["CF-Access-Client-Id"] for asked in server.asked] == ["abc", "abc"]


def test_the_proxy_is_used_and_its_failure_named() -> None:
    with Server(Say(body={"via": "proxy"})) as proxy:
        transport = Told("http://dash.example", allow_http=True, proxy=proxy.url)
        assert get(transport) == {"via": "proxy"}
    transport = Told("https://dash.example", proxy=closed_port(), retries=0)
    with pytest.raises(errors.ConnectFailed, match="the proxy failed"):
        get(transport)


def test_the_environments_proxy_holds_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(Say(body={"via": "proxy"})) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert get(Told("http://dash.example", allow_http=True)) == {"via": "proxy"}


def test_timeouts_are_told_apart() -> None:
    with Server(Say(act=hang(0.5))) as server:
        transport = Told(server.url, timeout=0.2, retries=0)
        with pytest.raises(errors.AnswerLost, match=r"no answer from 127\.0\.0\.1:\d+ within"):
            get(transport)
    with Server(Say(act=drip(1.5, 0.05))) as server:
        begun = time.monotonic()
        with pytest.raises(errors.AnswerLost):
            get(Told(server.url, timeout=0.3, retries=0))
        assert time.monotonic() - begun < 1.0


def test_an_endless_answer_is_refused_once(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "ansible_collections.wpfleet.mainwp.plugins.module_utils._http.MAX_BODY"
    monkeypatch.setattr(module, 4 * 1024 * 1024)
    with Server(Say(act=endless)) as server:
        with pytest.raises(errors.AnswerLost, match="larger than 4 MB"):
            get(Told(server.url))
        assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"\xef\xbb\xbf{}", b"\r\n {}", b'{"a": "\xff"}'])
def test_blanks_byte_order_marks_and_bad_bytes_do_no_harm(body: bytes) -> None:
    with Server(Say(body=body)) as server:
        assert isinstance(get(Told(server.url)), dict)


def test_deeply_nested_json_is_no_json() -> None:
    with Server(Say(body=b"[" * 200000)) as server, pytest.raises(errors.AnswerLost):
        get(Told(server.url, retries=0))


def test_no_secret_in_what_the_server_gives_back() -> None:
    echo = Say(400, {"code": "x", "message": f"bad header Bearer {TOKEN} or ck_0123456789abcdef"})
    with Server(echo) as server:
        with pytest.raises(errors.ApiError) as caught:
            get(Told(server.url))
        assert "0123456789abcdef" not in json.dumps(caught.value.to_dict()) + str(caught.value)


def test_no_secret_in_details() -> None:
    with Server(Say(400, {"code": f"error_{TOKEN}", "message": "x"})) as server:
        with pytest.raises(errors.ApiError) as caught:
            get(Told(server.url))
        assert TOKEN not in json.dumps(caught.value.to_dict())
