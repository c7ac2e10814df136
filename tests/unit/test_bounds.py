# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a server sends costs bounded memory and time, and ends in a clean error or a right answer."""

from __future__ import annotations

import gzip
import json
import math
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import trustme

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._bounds import requests_missing
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import DEEPEST, Secrets
from unit.scripted import Handler, Say, Server, drip, reset
from unit.told import Told, get, post

MB = 1024 * 1024
#: A server that misbehaves does so for so many seconds, unless its connection ends.
LONG = 8.0


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of more than 4 MB are refused."""
    module = "ansible_collections.wpfleet.mainwp.plugins.module_utils._http.MAX_BODY"
    monkeypatch.setattr(module, {"v2": 4 * MB, "v1": 4 * MB})


@contextmanager
def within(seconds: float, megabytes: float) -> Iterator[None]:
    """Of the processor's time in this thread, whatever else the machine does, and of memory. Generous: a bound that is
    missing costs many times as much."""
    tracemalloc.start()
    begun = time.thread_time()
    try:
        yield
        took, peak = time.thread_time() - begun, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert took < seconds, f"took {took:.1f} s of the processor"
    assert peak < megabytes * MB, f"took {peak / MB:.0f} MB"


def bomb(gigabytes: int) -> bytes:
    """Blanks, packed to a thousandth; each block can follow any other."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = pack.compress(b" ") + pack.flush(zlib.Z_FULL_FLUSH)
    block = pack.compress(b" " * 4 * MB) + pack.flush(zlib.Z_FULL_FLUSH)
    return head + block * (gigabytes * 256)


@pytest.mark.claim("bounded-compression")
@pytest.mark.usefixtures("small")
def test_a_decompression_bomb_is_measured_unpacked() -> None:
    packed = bomb(4)
    with Server(Say(body=packed, headers={"Content-Encoding": "gzip"})) as server:
        with within(5, 20), pytest.raises(errors.AnswerLost, match="larger than 4 MB"):
            get(Told(server.url))
        assert len(server.asked) == 1
        assert server.asked[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.claim("bounded-compression")
@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "\x1b[31m"])
def test_what_was_not_asked_for_is_not_unpacked(encoding: str) -> None:
    with Server(Say(body=bomb(1), headers={"Content-Encoding": encoding})) as server:
        with within(5, 20), pytest.raises(errors.AnswerLost, match="which was not asked for") as caught:
            get(Told(server.url, retries=0))
        assert "\x1b" not in str(caught.value)


@pytest.mark.claim("bounded-compression")
@pytest.mark.parametrize("body", [b"", b"no gzip", bomb(1)[:8], b"\x1f\x8b" + b"\xff" * 1000])
def test_broken_compression_is_no_answer(body: bytes) -> None:
    with Server(Say(body=body, headers={"Content-Encoding": "gzip"})) as server, pytest.raises(errors.AnswerLost):
        post(Told(server.url, retries=0))


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b'{"data": 1}', {"Content-Encoding": "gzip"}), (gzip.compress(b'{"data": 1}', mtime=0), {})],
)
def test_an_answer_is_packed_or_not_whatever_its_header_says(body: bytes, headers: dict[str, str]) -> None:
    with Server(Say(body=body, headers=headers)) as server:
        assert get(Told(server.url, retries=0)) == {"data": 1}


def test_an_answer_in_another_packing_is_no_outage() -> None:
    with Server(Say(body=b"x", headers={"Content-Encoding": "br"})) as server:
        with pytest.raises(errors.AnswerLost, match="packed as br") as caught:
            get(Told(server.url, retries=0))
        assert "let it leave /wp-json/ as it is" in caught.value.hint


def redirecting(handler: Handler) -> None:
    """A redirect with a body that never ends."""
    handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /wp-json/x\r\n\r\n")
    handler.close_connection = True
    while True:
        handler.wfile.write(b" " * MB)


@pytest.mark.claim("bounded-size")
@pytest.mark.usefixtures("small")
def test_the_body_of_a_redirect_is_bounded_too() -> None:
    with Server(Say(act=redirecting)) as server, within(5, 30), pytest.raises(errors.AnswerLost, match="larger than"):
        get(Told(server.url))


@pytest.mark.claim("bounded-size")
def test_an_answer_of_50_megabytes_is_refused_as_it_comes() -> None:
    with (
        Server(Say(body=b'{"data": "' + b"x" * 50 * MB)) as server,
        within(10, 60),
        pytest.raises(errors.AnswerLost, match="larger than 16 MB"),
    ):
        get(Told(server.url))


@pytest.mark.claim("bounded-size")
def test_the_one_list_of_v1_may_be_as_long_as_several_of_v2() -> None:
    with Server(Say(body={"sites": "x" * 20 * MB})) as server:
        transport = Told(server.url, api_version="v1", api_key=None, consumer_key="ck_1", consumer_secret="cs_1")
        assert len(get(transport)["sites"]) == 20 * MB


@pytest.mark.claim("bounded-size")
def test_a_long_message_is_cut() -> None:
    with (
        Server(Say(400, {"code": "x", "message": "<b>" + "a&amp;" * MB})) as server,
        within(5, 120),
        pytest.raises(errors.ApiError) as caught,
    ):
        get(Told(server.url))
    assert len(str(caught.value)) < 700


def for_ever(start: bytes, more: bytes, pause: float = 0.0) -> Callable[[Handler], None]:
    """``start``, then ``more`` again and again."""

    def act(handler: Handler) -> None:
        handler.wfile.write(start)
        until = time.monotonic() + LONG
        while time.monotonic() < until:
            handler.wfile.write(more)
            handler.wfile.flush()
            time.sleep(pause)
        reset(handler)

    return act


OK, CHUNKED = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SLOW = {
    "a body that drips": drip(LONG, 0.05),
    "a header that drips": for_ever(OK + b"X-Slow: ", b"x", 0.05),
    "headers that drip": for_ever(OK, b"X: y\r\n", 0.1),
    "100 Continue without end": for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50, 0.001),
    "a chunk's size that drips": for_ever(CHUNKED + b"1;", b"x", 0.05),
    "trailers without end": for_ever(CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: y\r\n" * 50, 0.001),
}


@pytest.mark.claim("bounded-time")
@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
def test_a_slow_answer_ends_at_the_timeout(act: Callable[[Handler], None]) -> None:
    """Though each byte comes in time, and though a cut header looks like the end of an answer."""
    with Server(Say(act=act)) as server:
        with within(2.5, 30), pytest.raises(errors.AnswerLost, match=r"longer than 1 s|no answer") as caught:
            post(Told(server.url, timeout=1, connect_timeout=1))
        assert caught.value.may_have_started
        assert len(server.asked) == 1


@pytest.mark.tls
@pytest.mark.claim("bounded-time")
def test_a_slow_answer_over_tls_ends_too() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with (
        authority.cert_pem.tempfile() as bundle,
        Server(Say(act=SLOW["a header that drips"]), tls=context) as server,
        within(2.5, 30),
        pytest.raises(errors.AnswerLost, match=r"longer than 1 s"),
    ):
        get(Told(server.url, ca_path=bundle, timeout=1, connect_timeout=1, retries=0))


@pytest.mark.claim("bounded-headers")
@pytest.mark.parametrize(
    "headers",
    [{f"X-{number}": "x" for number in range(1000)}, {"X": "x" * 10 * MB}, {"Date": "x" * 60000}, {"Age": "\x1b\x00"}],
    ids=["many", "long", "odd date", "control characters"],
)
def test_huge_and_odd_headers(headers: dict[str, str]) -> None:
    """An answer, or a clean error."""
    with Server(Say(headers=headers)) as server, within(5, 40):
        try:
            told = str(get(Told(server.url, retries=0)))
        except errors.AnswerLost as exc:
            told = str(exc)
    assert len(told) < 700
    assert "\x1b" not in told


NUMBERS = {"10,000 digits": "9" * 10000, "NaN": "NaN", "Infinity": "-Infinity", "too large": "1e999"}


@pytest.mark.claim("bounded-numbers")
@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("status", [200, 400])
def test_odd_numbers(number: str, status: int) -> None:
    """None of them gets into a result: other programs could not read it."""
    with Server(Say(status, f'{{"code": "x", "message": "m", "data": [{number}]}}'.encode())) as server, within(5, 20):
        try:
            data = get(Told(server.url, retries=0))
        except errors.MainWPError as exc:
            data = exc.to_dict()
    json.dumps(Secrets().mask_all(data), allow_nan=False)


@pytest.mark.claim("bounded-numbers")
def test_a_pause_without_end_is_finite() -> None:
    with Server(Say(429, {"code": "x"}, headers={"Retry-After": "9" * 400})) as server:
        transport = Told(server.url, retries=1)
        with pytest.raises(errors.ApiError) as caught:
            get(transport)
        assert transport.slept == [30]
        assert math.isfinite(caught.value.details["retry_after"])


def depth_of(value: Any) -> int:
    if not isinstance(value, (dict, list)):
        return 0
    return 1 + max((depth_of(item) for item in (value.values() if isinstance(value, dict) else value)), default=0)


@pytest.mark.claim("bounded-nesting")
@pytest.mark.parametrize("depth", [60, 900, 2000, 100_000])
@pytest.mark.parametrize("status", [200, 400, 503])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")], ids=["lists", "maps"])
def test_deep_answers(depth: int, status: int, begin: str, end: str) -> None:
    inner = begin * depth + "1" + end * depth
    with Server(Say(status, f'{{"code": {inner}, "message": {inner}}}'.encode())) as server, within(5, 40):
        try:
            data = get(Told(server.url, retries=0))
        except errors.MainWPError as exc:
            data = exc.to_dict()
    assert depth_of(Secrets().mask_all(data)) <= DEEPEST


@pytest.mark.parametrize(
    ("python", "prefix", "base", "command"),
    [
        ("/home/ops/v/bin/python3", "/home/ops/v", "/usr", "/home/ops/v/bin/python3 -m pip install requests"),
        ("/p/python", "/home/ops/.local/share/pipx/venvs/ansible", "/usr", "pipx inject ansible requests"),
        ("/usr/bin/python3", "/usr", "/usr", "(or the distribution's package python3-requests)"),
    ],
)
def test_the_python_that_lacks_requests_is_named_with_what_installs_it(
    python: str, prefix: str, base: str, command: str
) -> None:
    text = requests_missing(python, prefix, base)
    assert f"is missing in {python}, which runs this." in text
    assert text.endswith(command)
