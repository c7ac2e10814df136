# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A write is sent again only if no byte of it left, whatever way it takes and whatever goes wrong there.

On every release of urllib3, which names the same trouble differently.
"""

from __future__ import annotations

import select
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _bounds
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from unit import ways
from unit.told import Told, closed_port, get, post
from unit.ways import Act, Peer

pytestmark = pytest.mark.tls

RETRIES = 1
DONE = ways.says(ways.answer("200 OK", '{"success": 1}'))
CUT = ways.says(b"HTTP/1.1 200 OK\r\nContent-Le")
HALF = ways.says(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"succ')
PAGE = "<html>Bad gateway</html>"
#: Each way: how the Dashboard is reached, and what stands in between.
WAYS = {
    "direct": ("http", ""),
    "direct TLS": ("https", ""),
    "HTTP proxy": ("http", "forward"),
    "CONNECT": ("https", "tunnel"),
    "CONNECT through TLS": ("https", "tunnel over TLS"),
    "SOCKS": ("http", "socks"),
    "SOCKS TLS": ("https", "socks"),
}
PROXIED = [name for name, (_scheme, proxy) in WAYS.items() if proxy]
OVER_TLS = [name for name, (scheme, _proxy) in WAYS.items() if scheme == "https"]


@dataclass
class Authority:
    ca: trustme.CA
    path: str

    def context(self, name: str = "127.0.0.1") -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(name).configure_cert(context)
        return context


@pytest.fixture(scope="module")
def ours() -> Iterator[Authority]:
    ca = trustme.CA()
    with ca.cert_pem.tempfile() as path:
        yield Authority(ca, path)


@pytest.fixture(autouse=True)
def _no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Way:
    """``with Way("CONNECT", ours, act) as way: way.write()``: one of the ways, to a Dashboard that does ``act``."""

    def __init__(
        self, name: str, ours: Authority, act: Act, via: Act | None = None, leads_to: int = 0, **options: Any
    ) -> None:
        self.scheme, self.proxied = WAYS[name]
        self._ours, self._via, self._leads_to = ours, via, leads_to
        self._options = {"ca_path": ours.path, "retries": RETRIES, "connect_timeout": 5, **options}
        self.dashboard = Peer(act, ours.context() if self.scheme == "https" else None)
        self.proxy: Peer | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Way:
        self._stack.enter_context(self.dashboard)
        port = self._leads_to or self.dashboard.port
        kinds = {"forward": ways.forwards, "tunnel": ways.tunnels, "tunnel over TLS": ways.tunnels, "socks": ways.socks}
        if self.proxied:
            tls = self._ours.context() if self.proxied == "tunnel over TLS" else None
            self.proxy = self._stack.enter_context(Peer(self._via or kinds[self.proxied](port), tls))
        options = dict(self._options)
        if self.proxy:
            url = self.proxy.url
            options.setdefault("proxy", url.replace("http:", "socks5h:") if self.proxied == "socks" else url)
        self.told = Told(options.pop("url", f"{self.scheme}://127.0.0.1:{port}"), **options)
        return self

    def __exit__(self, *args: object) -> None:
        self.told.close()
        self._stack.close()

    def failed_write(self) -> errors.MainWPError:
        with pytest.raises(errors.MainWPError) as caught:
            post(self.told)
        return caught.value

    def never_left(self) -> errors.MainWPError:
        """The write fails, nothing arrived anywhere, and it was tried again."""
        failure = self.failed_write()
        assert failure.__class__ is errors.ConnectFailed, failure
        assert not failure.may_have_started
        assert self.dashboard.asked == []
        assert len(self.told.slept) == len(self.told.warnings) == RETRIES
        return failure

    def sent_once(self) -> errors.MainWPError:
        """The write fails, and was not tried again, for it may have been done."""
        failure = self.failed_write()
        assert failure.__class__ is errors.AnswerLost, failure
        assert failure.may_have_started
        assert self.told.slept == []
        return failure


@pytest.mark.parametrize("name", WAYS)
def test_every_way_leads_there(name: str, ours: Authority) -> None:
    with Way(name, ours, DONE) as way:
        assert get(way.told) == post(way.told) == {"success": 1}
        assert [request.split(b" ")[0] for request in way.dashboard.asked] == [b"GET", b"POST"]
        if way.proxy:
            assert way.proxy.connections == 2


# -- before anything left ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["direct", "direct TLS"])
def test_refused(name: str, ours: Authority) -> None:
    with Way(name, ours, DONE, url=closed_port().replace("http", WAYS[name][0])) as way:
        assert "cannot connect to 127.0.0.1" in way.never_left().message


@pytest.mark.parametrize("name", PROXIED)
def test_a_proxy_that_refuses_the_connection(name: str, ours: Authority) -> None:
    scheme = {"socks": "socks5h", "tunnel over TLS": "https"}.get(WAYS[name][1], "http")
    with Way(name, ours, DONE) as way:
        way.told = Told(
            way.dashboard.url, ca_path=ours.path, proxy=closed_port().replace("http", scheme), retries=RETRIES
        )
        way.never_left()


@pytest.mark.parametrize("name", WAYS)
def test_a_name_that_does_not_exist(name: str, ours: Authority) -> None:
    """The Dashboard's, or the proxy's."""
    scheme = {"socks": "socks5h", "tunnel over TLS": "https"}.get(WAYS[name][1], "http")
    options: dict[str, Any] = {"url": "https://nosuch.invalid"}
    if WAYS[name][1]:
        options = {"proxy": f"{scheme}://nosuch.invalid:3128", "allow_http": True}
    with Way(name, ours, DONE, **options) as way:
        way.never_left()


@pytest.mark.parametrize("reply", [1, 3, 4, 5], ids=["failed", "network", "host or name", "refused"])
@pytest.mark.parametrize("name", ["SOCKS", "SOCKS TLS"])
def test_a_socks_proxy_that_cannot_reach_it(name: str, reply: int, ours: Authority) -> None:
    with Way(name, ours, DONE, ways.socks(0, reply)) as way:
        way.never_left()


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Unavailable", "504 Timeout", "500 Odd"])
@pytest.mark.parametrize("name", ["CONNECT", "CONNECT through TLS"])
def test_a_tunnel_that_cannot_be_had(name: str, status: str, ours: Authority) -> None:
    with Way(name, ours, DONE, ways.says(ways.answer(status, PAGE, "text/html"))) as way:
        assert status[:3] in way.never_left().message
        assert way.proxy.connections == RETRIES + 1


@pytest.mark.parametrize("name", PROXIED)
def test_a_proxy_that_wants_a_password_is_asked_once(name: str, ours: Authority) -> None:
    """Some wrong passwords lock an account."""
    refusal = ways.says(ways.answer("407 Proxy Authentication Required", PAGE, "text/html"))
    with Way(name, ours, DONE, ways.socks(0, method=255) if "SOCKS" in name else refusal) as way:
        failure = way.failed_write()
        assert failure.__class__ is errors.ConnectFailed
        assert "proxy" in str(failure)
        assert way.dashboard.asked == way.told.slept == []
        assert way.proxy.connections == 1


@pytest.mark.parametrize("name", [name for name in PROXIED if name != "HTTP proxy"])
@pytest.mark.parametrize("act", [ways.resets_before, ways.closes_on_hearing], ids=["reset", "closed"])
def test_a_proxy_that_breaks_off_before_it_has_the_request(name: str, act: Act, ours: Authority) -> None:
    """What asked for a tunnel is no part of the request."""
    with Way(name, ours, DONE, act) as way:
        way.never_left()


@pytest.mark.parametrize("name", PROXIED)
def test_a_proxy_that_never_says_a_word(name: str, ours: Authority) -> None:
    limit = {"timeout": 0.3} if name == "HTTP proxy" else {"connect_timeout": 0.3}
    with Way(name, ours, DONE, ways.hangs, **limit) as way:
        way.sent_once() if name == "HTTP proxy" else way.never_left()


def test_a_proxy_that_drips_its_consent(ours: Authority) -> None:
    """Each byte comes in time."""

    def drip(peer: Peer, connection: Any) -> None:
        ways.head_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not peer.over.wait(0.05):
            connection.sendall(b"x")

    for name in ("CONNECT", "CONNECT through TLS"):
        with Way(name, ours, DONE, drip, retries=0, timeout=0.2, connect_timeout=0.2) as way:
            failure = way.failed_write()
            assert failure.__class__ is errors.ConnectFailed
            assert "no connection to 127.0.0.1" in failure.message


def two(name: str) -> bool:
    """Is there TLS within TLS? Whose it was that failed, releases of urllib3 see differently."""
    return name == "CONNECT through TLS"


# -- TLS --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OVER_TLS)
def test_a_certificate_that_nobody_vouches_for(name: str, ours: Authority) -> None:
    with Way(name, ours, DONE) as way:
        way.told = Told(way.dashboard.url, proxy=way.told.connection.proxy)
        failure = way.failed_write()
        assert isinstance(failure, (errors.TlsFailed, errors.ConnectFailed) if two(name) else errors.TlsFailed)
        assert "CERTIFICATE_VERIFY_FAILED" in failure.message
        assert way.dashboard.asked == way.told.slept == []


@pytest.mark.parametrize("act", [ways.resets_before, ways.resets_within, ways.closes_at_once, ways.hangs])
@pytest.mark.parametrize("name", OVER_TLS)
def test_a_handshake_that_breaks_off(name: str, act: Act, ours: Authority) -> None:
    """The first bytes of a handshake are no part of the request."""
    limit = {"connect_timeout": 0.3} if act is ways.hangs else {}
    with Peer(act) as behind, Way(name, ours, DONE, leads_to=behind.port, **limit) as way:
        way.never_left()
        if not limit:  # or it may have come no further than the proxy
            assert behind.connections == RETRIES + 1


@pytest.mark.parametrize("name", OVER_TLS)
def test_something_else_than_tls(name: str, ours: Authority) -> None:
    with Peer(ways.babbles) as behind, Way(name, ours, DONE, leads_to=behind.port) as way:
        failure = way.failed_write()
        assert isinstance(failure, (errors.TlsFailed, errors.ConnectFailed) if two(name) else errors.TlsFailed)
        assert way.dashboard.asked == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
@pytest.mark.parametrize("given", ["none", "of another authority"])
@pytest.mark.parametrize("name", OVER_TLS)
def test_a_client_certificate_that_is_refused(
    name: str, given: str, version: ssl.TLSVersion, ours: Authority, tmp_path: Path
) -> None:
    """With TLS 1.3 the request is on its way when the refusal comes, but it is the handshake that failed."""
    options = {}
    if given != "none":
        trustme.CA().issue_cert("agent@example.com").private_key_and_cert_chain_pem.write_to_path(tmp_path / "own.pem")
        options["client_cert"] = str(tmp_path / "own.pem")
    with Way(name, ours, DONE, **options) as way:
        context = way.dashboard.tls
        assert context
        ours.ca.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        context.minimum_version = context.maximum_version = version
        failure = way.failed_write()
        assert failure.__class__ is errors.TlsFailed, failure
        assert "client_cert" in failure.hint
        assert way.dashboard.asked == way.told.slept == []


def test_a_client_certificate_that_cannot_be_read(ours: Authority, tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("no certificate")
    for name in OVER_TLS:
        with Way(name, ours, DONE, client_cert=str(tmp_path / "own.pem")) as way:
            failure = way.failed_write()
            assert failure.__class__ is errors.TlsFailed
            assert "client_cert" in failure.hint
            assert way.dashboard.asked == way.told.slept == []


# -- the request itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["direct", "HTTP proxy", "SOCKS"])
def test_a_connection_that_is_reset_before_the_first_byte(
    name: str, ours: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = _bounds._Watched.connect

    def slowly(self: Any) -> None:
        connect(self)
        select.select([self.sock], [], [], 5)  # so that the reset is here before the request begins

    monkeypatch.setattr(_bounds._Watched, "connect", slowly)
    with Way(name, ours, ways.resets_before, ways.resets_before if name == "HTTP proxy" else None) as way:
        way.never_left()


@pytest.mark.parametrize("act", [ways.resets_within, ways.resets_after, ways.closes_after, ways.hangs, CUT, HALF])
@pytest.mark.parametrize("name", WAYS)
def test_a_request_that_went_out_is_not_sent_again(name: str, act: Act, ours: Authority) -> None:
    with Way(name, ours, act, **({"timeout": 0.3} if act is ways.hangs else {})) as way:
        way.sent_once()
        assert len(way.dashboard.asked) == 1


@pytest.mark.parametrize("name", PROXIED)
@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Unavailable", "504 Timeout"])
def test_a_gateway_that_answers_instead(name: str, status: str, ours: Authority) -> None:
    """A proxy for plain HTTP has the request: what it did with it is open. So it is with a Dashboard's own gateway."""
    gateway = ways.says(ways.answer(status, PAGE, "text/html"))
    with Way(name, ours, gateway, gateway if name == "HTTP proxy" else None) as way:
        way.sent_once()


@pytest.mark.parametrize("name", WAYS)
def test_a_read_is_tried_again_in_any_case(name: str, ours: Authority) -> None:
    with Way(name, ours, ways.resets_after) as way:
        with pytest.raises(errors.AnswerLost):
            get(way.told)
        assert len(way.dashboard.asked) == len(way.told.slept) + 1 == RETRIES + 1
