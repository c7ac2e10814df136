# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transport: where credentials go and where they never go – redirects, cookies, netrc, proxies."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import trustme

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from unit.scripted import Asked, Say, Server
from unit.told import TOKEN, Told, closed_port, get, post


def with_key(server: Server) -> list[Asked]:
    """The requests that carried the key: where the API is, is asked without it."""
    return [asked for asked in server.asked if "Authorization" in asked.headers or "consumer_key" in asked.query]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_reads_follow_a_redirect_on_the_same_origin(status: int) -> None:
    with Server(Say(status, headers={"Location": "/wp-json/other"}), Say(body={"data": 1})) as server:
        assert get(Told(server.url)) == {"data": 1}
        assert [asked.path for asked in server.asked] == ["/wp-json/mainwp/v2/sites", "/wp-json/other"]
        assert server.asked[1].query == {"page": "1"}
        assert server.asked[1].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("query", "arrives"),
    [
        ("lang=en", {"lang": "en", "page": "1"}),
        ("page=1&lang=en", {"lang": "en", "page": "1"}),
        ("page=7&lang=a%26b", {"lang": "a&b", "page": "1"}),
        ("page=1&page=7", {"page": "1"}),
        ("page", {"page": "1"}),
    ],
)
def test_a_redirect_does_not_take_what_is_asked(query: str, arrives: dict[str, str]) -> None:
    """Without the page, each one of a list would be the first."""
    location = f"/wp-json/other?{query}"
    with Server(Say(302, headers={"Location": location}), Say(301, headers={"Location": "?next=1"}), Say()) as server:
        get(Told(server.url))
        assert [asked.query for asked in server.asked] == [{"page": "1"}, arrives, {"page": "1", "next": "1"}]


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


def test_where_the_api_is_is_asked_once() -> None:
    """A run that meets many an answer 404 does not double them."""
    with Server(Say(404)) as server:
        told = Told(server.url)
        for _attempt in range(3):
            with pytest.raises(errors.MainWPError):
                get(told)
        assert [asked.method for asked in server.asked if asked.path == "/wp-json/"] == ["GET"]


def test_the_connection_of_the_search_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    with Server(Say(404)) as server:
        told = Told(server.url)

        def watched(anonymous: bool = False) -> Any:
            opened.append(mock.Mock(wraps=Told._new_session(told, anonymous)))
            return opened[-1]

        monkeypatch.setattr(told, "_new_session", watched)
        with pytest.raises(errors.MainWPError):
            get(told)
    assert [session.close.called for session in opened] == [True]


@pytest.mark.claim("redirects")
@pytest.mark.parametrize(
    "target",
    [
        "https://www.dash.example/wp-json/mainwp/v2/sites?page=1",
        "https://acme.cloudflareaccess.com/cdn-cgi/access/login/dash.example?redirect_url=%2Fwp-json",
        "//cdn.example/wp-json/",
    ],
)
def test_credentials_never_go_to_another_origin(target: str) -> None:
    with Server(Say(302, headers={"Location": target})) as server:
        with pytest.raises(errors.Redirected) as caught:
            get(Told(server.url))
        assert "Did you mean" not in str(caught.value)
        assert len(server.asked) == 1


@pytest.mark.parametrize("to", ["https://127.0.0.1:{port}", "https://127.0.0.1:{port}/sub"])
def test_another_address_of_the_same_host_is_named(to: str) -> None:
    with Server() as server:
        meant = to.format(port=server.server_port)
        server.script = [Say(302, headers={"Location": f"{meant}/wp-json/mainwp/v2/sites"})]
        with pytest.raises(errors.Redirected) as caught:
            get(Told(server.url))
        assert f"Did you mean url: {meant} ?" in str(caught.value)


@pytest.mark.parametrize("to", ["/coming-soon/", "/wp-login.php?redirect_to=%2F"])
def test_credentials_are_not_taken_to_a_page_of_the_site(to: str) -> None:
    with Server(Say(302, headers={"Location": to})) as server:
        with pytest.raises(errors.Redirected):
            get(Told(server.url, auth_method="query"))
        assert len(with_key(server)) == 1


@pytest.mark.claim("redirects")
def test_another_port_is_another_origin() -> None:
    with Server() as other, Server(Say(307, headers={"Location": f"{other.url}/wp-json/x"})) as server:
        with pytest.raises(errors.Redirected):
            get(Told(server.url))
        assert other.asked == []


@pytest.mark.claim("redirects")
@pytest.mark.parametrize("auth_method", ["bearer", "basic", "query"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "{other}/wp-json/x",
        "//localhost:{port}/x",
        "{other}\\@127.0.0.1:{own}/x",  # to urllib this is the Dashboard, to urllib3 the other
        "{other}\\.127.0.0.1:{own}/x",
        "http://user:password@127.0.0.1:{port}/x",
        "HTTP://127.0.0.1:{port}",
        "\t{other}/x",
    ],
)
def test_another_server_hears_nothing_of_a_redirect(location: str, status: int, auth_method: str) -> None:
    with Server() as other, Server() as server:
        target = location.format(other=other.url, port=other.server_port, own=server.server_port)
        server.script = [Say(status, headers={"Location": target})]
        for ask in (get, post):
            with pytest.raises(errors.Redirected) as caught:
                ask(Told(server.url, auth_method=auth_method))
            assert str(caught.value).isprintable()
            assert "password@" not in str(caught.value)
        assert other.asked == []
        assert len(with_key(server)) == 2


@pytest.mark.claim("redirects")
@pytest.mark.parametrize(
    "location",
    ["https://x:99999/", "https://[::1", "http://a b/", "http://\x1b[2J/", "mailto:x", "http://h/\x1b]0;x\x07"],
)
def test_a_redirect_to_nonsense_is_a_clean_error(location: str) -> None:
    with Server(Say(302, headers={"Location": location})) as server:
        with pytest.raises(errors.MainWPError) as caught:
            get(Told(server.url, retries=0))
        assert str(caught.value).isprintable()
        assert len(server.asked) == 1


@pytest.mark.tls
@pytest.mark.claim("redirects")
def test_credentials_do_not_leave_tls() -> None:
    """To the same host and port, but unencrypted."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with authority.cert_pem.tempfile() as bundle, Server() as plain, Server(tls=context) as server:
        for port in (plain.server_port, server.server_port):
            server.script = [Say(302, headers={"Location": f"http://127.0.0.1:{port}/wp-json/x"})]
            with pytest.raises(errors.Redirected):
                get(Told(server.url, ca_path=bundle, allow_http=True))
        assert plain.asked == []


@pytest.mark.claim("redirects", "secrets-output")
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


def test_a_probe_for_cookies_is_known_by_its_cookie() -> None:
    say = Say(302, headers={"Location": "/wp-json/mainwp/v2/sites?check=1", "Set-Cookie": "__ddg1=1; Path=/"})
    with Server(say) as server, pytest.raises(errors.Redirected, match="wants its cookie back"):
        get(Told(server.url))


@pytest.mark.claim("cookies")
def test_cookies_are_not_kept() -> None:
    with Server(Say(headers={"Set-Cookie": "wordpress_logged_in_x=admin; Path=/"}), Say()) as server:
        transport = Told(server.url)
        get(transport)
        get(transport)
        assert "Cookie" not in server.asked[1].headers


@pytest.mark.claim("netrc")
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
