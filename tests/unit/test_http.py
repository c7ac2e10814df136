# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transport: what is sent again and what never, and what becomes of every kind of failure."""

from __future__ import annotations

import email.utils
import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _http, _outage
from ansible_collections.wpfleet.mainwp.plugins.module_utils._caches import Answer, Guard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._outage import Outage
from simulator import Simulator, scenarios
from unit.scripted import Say, Server, drip, endless, hang, reset
from unit.told import PAGE, TOKEN, Told, closed_port, get, post


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
        assert transport.caches.skew == pytest.approx(-time.time(), abs=86400 * 2)


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
    with Server(Say(429, {"code": "x"}, headers={"Retry-After": "Thu, 01 Jan 2015 00:00:00 GMT"}), Say()) as server:
        transport = Told(server.url)
        get(transport)
        assert transport.slept == [0.0]


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
        (Say(429, {"success": 0}), errors.AnswerLost, True, True),
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


@pytest.mark.parametrize("refusal", [{"body": {"code": "slow_down", "message": "Slow down"}}, {"body": {}}, PAGE])
@pytest.mark.parametrize(("headers", "waited"), [({"Retry-After": "7"}, 7), ({"Retry-After": "900"}, 30), ({}, None)])
def test_a_write_that_was_refused_unread_is_sent_again(
    refusal: dict[str, Any], headers: dict[str, str], waited: float | None
) -> None:
    with Server(Say(429, headers=headers, **refusal), Say()) as server:
        transport = Told(server.url)
        assert post(transport) == {"success": 1}
        assert [asked.method for asked in server.asked] == ["POST", "POST"]
        assert len(transport.warnings) == 1
        assert transport.slept == [waited] if waited else 0.5 <= transport.slept[0] <= 1


def test_a_write_that_is_refused_again_and_again_fails_and_did_not_start() -> None:
    with Server(Say(429, {"code": "x"})) as server:
        with pytest.raises(errors.ApiError) as caught:
            post(Told(server.url, retries=2))
        assert len(server.asked) == 3
        assert not caught.value.may_have_started


@pytest.mark.parametrize("work", [False, True])
def test_no_work_is_started_when_the_run_ended_within_the_pause(work: bool) -> None:
    with Server(Say(429, {"code": "x"}), Say()) as server:
        transport = Told(server.url)
        transport.closing = lambda: len(transport.slept) > 0
        try:
            transport.write("mainwp/v2/updates/1/update/wp", work=work)
        except errors.TooLate:
            assert work
        assert len(server.asked) == (1 if work else 2)


@pytest.mark.parametrize("work", [False, True])
def test_no_work_is_started_when_the_run_ended_while_it_waited_for_the_dashboard(work: bool) -> None:
    with Server(Say()) as server:
        transport = Told(server.url)
        over: list[bool] = []
        gate = SimpleNamespace(pass_gate=lambda: over.append(True), met_by=lambda *_args: False)
        transport.outage, transport.closing = cast("Any", gate), lambda: bool(over)
        try:
            transport.write("mainwp/v2/updates/1/update/wp", work=work)
        except errors.TooLate:
            assert work
        assert over
        assert len(server.asked) == (0 if work else 1)


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


@pytest.mark.claim("bounded-time")
def test_timeouts_are_told_apart() -> None:
    with Server(Say(act=hang(0.5))) as server:
        transport = Told(server.url, timeout=0.2, retries=0)
        with pytest.raises(errors.AnswerLost, match=r"no answer from 127\.0\.0\.1:\d+ within"):
            get(transport)
    # the dripping answer would end in a reset
    with Server(Say(act=drip(8, 0.05))) as server, pytest.raises(errors.AnswerLost, match=r"longer than 1 s"):
        get(Told(server.url, timeout=1, connect_timeout=1, retries=0))


@pytest.mark.claim("bounded-size")
def test_an_endless_answer_is_refused_once(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "ansible_collections.wpfleet.mainwp.plugins.module_utils._http.MAX_BODY"
    monkeypatch.setattr(module, {"v2": 4 * 1024 * 1024})
    with Server(Say(act=endless)) as server:
        with pytest.raises(errors.AnswerLost, match="larger than 4 MB"):
            get(Told(server.url))
        assert len(server.asked) == 1


def squeezed(handler: Any) -> None:
    """A compressed answer in chunks of odd sizes, the first of which says nothing yet."""
    body = gzip.compress(json.dumps({"data": list(range(200000))}).encode())
    handler.send_response(200)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Transfer-Encoding": "chunked",
    }.items():
        handler.send_header(name, value)
    handler.end_headers()
    for part in (body[:3], body[3:5000], body[5000:], b""):
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
        handler.wfile.flush()
        time.sleep(0.02)


def test_compressed_answers_in_chunks() -> None:
    with Server(Say(act=squeezed)) as server:
        assert len(get(Told(server.url))["data"]) == 200000


def test_an_answer_that_ends_too_early_is_no_answer() -> None:
    with Server(Say(headers={"Content-Length": "500", "Connection": "close"}, body=b"{}"), Say()) as server:
        transport = Told(server.url)
        get(transport)
        assert len(server.asked) == 2
        server.script = [Say(headers={"Content-Length": "500", "Connection": "close"}, body=b"{}")]
        with pytest.raises(errors.AnswerLost):
            post(transport)


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


def test_all_who_ask_at_first_wait_for_where_the_api_is() -> None:
    """One looks; the others, who met the same 404 meanwhile, must not give up before it has found something."""
    with Simulator(scenarios.small(1), rest_prefix="api") as sim, ThreadPoolExecutor(8) as pool:
        transport = Told(sim.url, api_key=sim.key().token)
        counts = pool.map(lambda _number: transport.read("mainwp/v2/sites/count").data["count"], range(8))
        assert list(counts) == [1] * 8
        assert len([entry for entry in sim.strays.entries if entry.auth == "none"]) == 1


def test_a_request_that_takes_the_dashboard_down_each_time_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Dashboard is back after each outage, and the same request is the cause of the next."""
    monkeypatch.setattr(_outage, "_FIRST_PAUSE", 0.01)
    down = Say(502, **PAGE)
    with Server(*([down, down, Say()] * 20)) as server:
        transport = Told(server.url, retries=1)
        transport.outage = Outage(transport.knock, 600, transport.warnings.append, lambda: False)
        with pytest.raises(errors.AnswerLost, match="502"):
            get(transport)
        assert len(server.asked) < 20


def test_a_proxy_that_refuses_us_is_no_outage() -> None:
    """To knock for ten minutes with a wrong password can lock an account."""
    with Server(Say(407)) as proxy:
        transport = Told("http://dashboard.example", allow_http=True, proxy=proxy.url)
        transport.outage = Outage(transport.knock, 600, transport.warnings.append, lambda: False)
        with pytest.raises(errors.ConnectFailed, match="407"):
            get(transport)
        assert len(proxy.asked) == 1


def test_a_cache_that_outlives_the_dashboard_is_no_sign_of_it() -> None:
    with Server() as server:
        transport = Told(server.url)
        transport.knock()
        transport.knock()
        first, second = (asked.query["mainwp-check"] for asked in server.asked)
        assert first != second
        # of the index, which names hundreds of routes, just what is always there
        assert [asked.query["_fields"] for asked in server.asked] == ["namespaces"] * 2


def test_an_answer_that_took_long_does_not_set_the_clock() -> None:
    """Apache dates an answer when the question came."""
    guard = Guard(lambda _symptom, _evidence: None)
    guard.believe(Answer(200, {}, time=1000.0, asked=1000.0, received=1000.2))
    guard.believe(Answer(200, {}, time=1001.0, asked=1001.0, received=1061.0))
    assert guard.skew == pytest.approx(-0.2)
    guard.believe(Answer(200, {}, time=1162.0, asked=1062.0, received=1062.0))
    assert guard.skew == 100


def test_an_answer_that_was_kept_for_a_moment_does_not_set_the_clock_back() -> None:
    """A sync of somebody else would seem to have come after ours."""
    guard = Guard(lambda _symptom, _evidence: None)
    guard.believe(Answer(200, {}, time=1000.0, asked=1000.0, received=1000.0))
    guard.believe(Answer(200, {}, time=1001.0, asked=1003.0, received=1003.0))
    assert guard.skew == 0
    guard.believe(Answer(200, {}, time=1004.0, asked=1304.0, received=1304.0))
    assert guard.skew == -300, "but the clock may be set back"


def test_an_error_behind_a_notice_repeats_no_header_of_ours() -> None:
    """WordPress means 403; PHP had sent 200 already."""
    body = b"<br />\nNotice: x in y.php on line 1<br />\n"
    body += b'{"code": "refused", "message": "tenant acme-seo-4711 is unknown", "data": {"status": 403}}'
    with Server(Say(200, body=body, media="text/html")) as server:
        transport = Told(server.url, headers={"X-Tenant": "acme-seo-4711"})
        with pytest.raises(errors.ApiError, match=r"tenant \*+ is unknown"):
            get(transport)


@pytest.mark.parametrize(("seconds", "read"), [(4.9, True), (5.1, False)])
def test_a_body_that_never_ends_is_left_also_where_nothing_cuts_its_connection(
    seconds: float, read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]

    def slowly(_response: object) -> Any:
        yield b"a"
        now[0] += seconds
        yield b"b"

    monkeypatch.setattr(_http, "pieces", slowly)
    monkeypatch.setattr(_http, "time", SimpleNamespace(monotonic=lambda: now[0]))
    transport = Told("https://dash.example", timeout=5)
    if read:
        assert transport._body(None, "list the sites") == b"ab"
    else:
        with pytest.raises(errors.AnswerLost, match=r"list the sites: the answer took longer than 5 s\."):
            transport._body(None, "list the sites")
