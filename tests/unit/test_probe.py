# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of child sites are fetched by a stranger: nothing secret goes out, nothing costly or lively comes in."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._health import (
    BAD,
    OK,
    UNKNOWN,
    HealthOptions,
    Page,
    Wanted,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from ansible_collections.wpfleet.mainwp.plugins.module_utils._probe import Prober
from unit.proxies import Proxy
from unit.scripted import Handler, Say, Server, drip, endless
from unit.test_bounds import SLOW, bomb, redirecting, within
from unit.told import closed_port

HTML = {"media": "text/html"}
FINE = Say(body=b"<html>Welcome</html>", **HTML)


def look(url: str, timeout: float = 5.0, expect: str = "") -> Page:
    """The front page of a site at ``url``."""
    options = HealthOptions(pages=(Wanted("/", expect),), timeout=timeout, patience=0)
    (page,) = Prober(options).look(Site(1, url, "S 1"))
    return page


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "netrc"
    file.write_text("default login admin password hunter2hunter2\n")
    monkeypatch.setenv("NETRC", str(file))


@pytest.mark.claim("pages-no-credentials")
@pytest.mark.usefixtures("netrc")
def test_a_page_is_asked_for_by_nobody_in_particular() -> None:
    """Also after redirects, where the library itself would look for a password."""
    with Server(Say(302, headers={"Location": "/de/", "Set-Cookie": "language=de"}), FINE) as site:
        assert look(site.url).state == OK
        for asked in site.asked:
            names = {name.lower() for name in asked.headers}
            assert names <= {"host", "user-agent", "accept", "accept-encoding", "cache-control", "connection", "cookie"}
        assert "Cookie" not in site.asked[0].headers
        assert site.asked[1].headers["Cookie"] == "language=de"  # the site's own


@pytest.mark.claim("pages-one-host")
@pytest.mark.usefixtures("netrc")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_is_asked_of_another_host(status: int) -> None:
    with Server(FINE) as other, Server() as site:
        for location in (
            other.url.replace("127.0.0.1", "localhost"),
            f"//localhost:{other.server_port}/",
            f"http://localhost:{other.server_port}\\@127.0.0.1:{site.server_port}/",
            f"http:\\\\localhost:{other.server_port}/",
        ):
            site.script = [Say(status, headers={"Location": location}), FINE]
            page = look(site.url)
            assert page.state == OK if "\\\\" in location else page.message == "redirects to localhost"
        assert other.asked == []


@pytest.mark.claim("pages-one-host")
@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "http://[", "https://x:99999", "ftp://localhost/", "javascript:alert(1)", "http://\x1b[2J/"],
)
def test_redirects_to_something_else(location: str) -> None:
    with Server(Say(302, headers={"Location": location}), FINE) as site:
        page = look(site.url)
        assert page.state == BAD
        assert page.message.isprintable()
        assert len(site.asked) == 1


@pytest.mark.claim("pages-bounded")
def test_a_circle_of_redirects_ends() -> None:
    with Server(Say(302, headers={"Location": "/"})) as site:
        assert look(site.url).message == "redirects in a circle"
        assert len(site.asked) == 10


ENDLESS: dict[str, Callable[[Handler], None]] = {
    **SLOW,
    "a page without end": endless,
    "a redirect with a page without end": redirecting,
    "a page that drips": drip(8, 0.05),
}


@pytest.mark.claim("pages-bounded")
@pytest.mark.parametrize("act", ENDLESS.values(), ids=ENDLESS)
def test_a_hostile_page_costs_little(act: Callable[[Handler], None]) -> None:
    with Server(Say(act=act)) as site, within(4, 20):
        look(site.url, timeout=0.3)


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
def test_a_page_that_does_not_answer_in_time_is_late(act: Callable[[Handler], None]) -> None:
    with Server(Say(act=act)) as site:
        page = look(site.url, timeout=0.3)
    assert (page.state, page.late) == (BAD, True)
    assert not look(closed_port()).late


@pytest.mark.claim("pages-bounded")
def test_a_packed_page_is_measured_unpacked() -> None:
    with Server(Say(body=bomb(2), headers={"Content-Encoding": "gzip"}, **HTML)) as site, within(4, 20):
        assert look(site.url).message == "the page is empty"


@pytest.mark.claim("pages-bounded")
@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://[", "https://x:99999", "", "//", "http://\ud800/", "http://a b/", "ht!tp:x"]
)
def test_addresses_that_are_none(url: str) -> None:
    assert look(url).state != OK


@pytest.mark.claim("pages-text")
def test_text_of_a_page_is_compared_and_never_repeated() -> None:
    template = "{{ lookup('pipe', 'id') }}"
    for body in (f"<title>{template}\x1b[2J</title>", f'<div class="wp-die-message">{template}\u202e</div>'):
        for status in (200, 401, 404, 500):
            with Server(Say(status, body=body.encode(), **HTML)) as site:
                page = look(site.url, expect="Welcome")
                assert page.state != OK
                assert template not in page.message
                assert page.message.isprintable()


def test_a_slow_but_good_page_is_good() -> None:
    def act(handler: Handler) -> None:
        time.sleep(0.2)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nWel")
        time.sleep(0.2)
        handler.wfile.write(b"come")

    with Server(Say(act=act)) as site:
        assert look(site.url, expect="Welcome").state == OK


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every name leads to this machine; the names that were asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def here(host: str, *args: Any, **options: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1", *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    return asked


@pytest.mark.parametrize(
    ("site", "leads_to"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("xn--strae-oqa.example", "straße.example"),
        ("STRAßE.example", "www.xn--strae-oqa.example"),
        ("📻.example", "📻.example"),
        ("bü_cher.example", "bü_cher.example"),
    ],
)
def test_an_international_domain_may_redirect_to_its_other_spelling(
    site: str, leads_to: str, resolved: list[str]
) -> None:
    with Server() as server:
        location = f"http://{leads_to}:{server.server_port}/de/".encode().decode("latin-1")  # raw bytes in a header
        server.script[:] = [Say(302, headers={"Location": location}), FINE]
        assert look(f"http://{site}:{server.server_port}/").state == OK
        assert len(server.asked) == 2
    assert all(name.isascii() for name in resolved)


def test_another_domain_that_only_looks_alike_is_another_host(resolved: list[str]) -> None:
    with Server() as server:
        target = f"http://strasse.example:{server.server_port}/"
        server.script[:] = [Say(302, headers={"Location": target}), FINE]
        page = look(f"http://straße.example:{server.server_port}/")
        assert (page.state, page.message) == (BAD, "redirects to strasse.example")
        assert len(server.asked) == 1
    assert resolved == ["xn--strae-oqa.example"]


@pytest.mark.parametrize("url", ["http://shop.example/", "https://shop.example/"])
def test_a_proxy_of_ours_that_fails_says_nothing_of_the_site(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server() as site, Proxy(site, "user", "password") as proxy:
        for address in (closed_port(), proxy.url, "http://", "socks5://127.0.0.1:1"):
            monkeypatch.setenv("HTTP_PROXY", address)
            monkeypatch.setenv("HTTPS_PROXY", address)
            assert look(url).state == UNKNOWN, address


def test_a_site_that_the_proxy_cannot_reach_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")

    monkeypatch.setattr(Handler, "do_CONNECT", refuse, raising=False)
    with Server() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        page = look("https://shop.example/")
    assert (page.state, page.dead) == (BAD, True)


def test_a_name_that_nobody_tells_us_says_nothing_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_options: Any) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    page = look("https://shop.example/")
    assert (page.state, page.message) == (UNKNOWN, "cannot be fetched: its name is not found from here")


def test_a_site_that_refuses_connections_is_bad() -> None:
    assert look(closed_port()).state == BAD
