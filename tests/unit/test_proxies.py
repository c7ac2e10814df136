# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real proxies: which is used, what it sees, and what of its password is seen elsewhere."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import trustme

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from unit.proxies import Proxy
from unit.scripted import Say, Server
from unit.told import TOKEN, Told, closed_port, get, post

pytestmark = pytest.mark.tls

USER, PASSWORD = "agent", "pro/xy p@ss:word"
SHORT = "s3cr3t"
DASH = "https://dash.example"


@pytest.fixture(scope="module")
def bundle(authority: trustme.CA) -> Iterator[str]:
    with authority.cert_pem.tempfile() as path:
        yield path


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def origin(authority: trustme.CA) -> Iterator[Server]:
    """The Dashboard, over TLS, which only the proxies know how to reach."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("dash.example").configure_cert(context)
    with Server(Say(body={"via": "tunnel"}), tls=context) as server:
        yield server


def with_credentials(proxy: Proxy, password: str = PASSWORD) -> str:
    return proxy.url.replace("//", f"//{USER}:{quote(password, safe='')}@")


@pytest.mark.claim("proxy-tunnel")
@pytest.mark.parametrize("auth_method", ["bearer", "basic", "query"])
@pytest.mark.parametrize("where", ["option", "environment"])
def test_a_tunnel_shows_the_proxy_nothing_and_the_dashboard_no_proxy_password(
    origin: Server, bundle: str, where: str, auth_method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(origin, USER, PASSWORD) as proxy:
        options = {"proxy": with_credentials(proxy)} if where == "option" else {}
        if where == "environment":
            monkeypatch.setenv("HTTPS_PROXY", with_credentials(proxy))
        transport = Told(DASH, ca_path=bundle, auth_method=auth_method, headers={"X-Gate": "gateway-token"}, **options)
        assert get(transport) == {"via": "tunnel"}
        assert post(transport) == {"via": "tunnel"}
        transport.close()
        seen = "\n".join(proxy.seen)
    assert seen.startswith("CONNECT dash.example:443 ")
    assert f"Proxy-Authorization: Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}" in seen
    pair = base64.b64encode(b"ck_0123456789abcdef:cs_fedcba9876543210").decode()
    for secret in (TOKEN, "0123456789abcdef", "fedcba9876543210", pair, "gateway-token", "wp-json"):
        assert secret not in seen
    assert [asked.method for asked in origin.asked] == ["GET", "POST"]
    for asked in origin.asked:
        assert not [name for name in asked.headers if name.lower().startswith("proxy")]
        assert asked.headers["X-Gate"] == "gateway-token"


@pytest.mark.claim("proxy-choice")
def test_the_option_wins_over_the_environment(origin: Server, bundle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, closed_port())
    monkeypatch.setenv("NO_PROXY", "dash.example")
    with Proxy(origin) as proxy:
        assert get(Told(DASH, ca_path=bundle, proxy=proxy.url, retries=0)) == {"via": "tunnel"}
        assert len(proxy.seen) > 1


@pytest.mark.claim("proxy-choice")
def test_no_proxy_holds_for_the_environments_proxy(
    origin: Server, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(origin) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "dash.example")
        with pytest.raises(errors.ConnectFailed):  # there is no such name
            get(Told(DASH, ca_path=bundle, retries=0))
        assert proxy.seen == []


@pytest.mark.claim("http-stays-here")
@pytest.mark.parametrize("name", ["http_proxy", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_proxy_of_the_environment_gets_what_is_unencrypted_because_it_stays_here(
    name: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server() as dashboard, Proxy(dashboard) as proxy:
        monkeypatch.setenv(name, proxy.url)
        assert get(Told(dashboard.url.replace("127.0.0.1", host))) == {"success": 1}
        assert len(dashboard.asked) == 1
        assert proxy.seen == []


@pytest.mark.claim("http-stays-here")
def test_an_unencrypted_address_needs_a_loopback_proxy_or_permission() -> None:
    with pytest.raises(errors.InputError, match="not encrypted"):
        Told("http://127.0.0.1:8080", proxy="http://proxy.example:3128")
    with Server() as dashboard, Proxy(dashboard) as proxy:
        assert get(Told(dashboard.url, proxy=proxy.url)) == {"via": "proxy"}
    assert Told("http://127.0.0.1:8080", proxy="http://proxy.example:3128", allow_http=True).connection.proxy


@pytest.mark.claim("proxy-password")
@pytest.mark.parametrize("password", [PASSWORD, SHORT, "a#b/c?dddddd", "%41%42%43%44xyz"])
def test_a_refused_password_is_not_shown(origin: Server, bundle: str, password: str) -> None:
    with Proxy(origin, USER, "another") as proxy:
        for url in (with_credentials(proxy, password), proxy.url.replace("//", f"//{USER}:{password}@")):
            for address in (DASH, "https://other.example"):
                try:
                    transport = Told(address, ca_path=bundle, proxy=url, retries=0)
                    get(transport)
                except errors.MainWPError as exc:
                    text = str(exc) + json.dumps(exc.to_dict())
                    for form in (password, quote(password, safe=""), quote(password), f"{USER}:"):
                        assert form not in text
                else:
                    pytest.fail("the proxy let it pass")


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_a_proxy_of_the_environment_that_fails_is_told_with_its_variable(
    name: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, with_password := closed_port().replace("http://", f"{scheme}://{USER}:{SHORT}@"))
    with pytest.raises(errors.ConnectFailed) as caught:
        get(Told(DASH, retries=0))
    text = str(caught.value)
    assert f"the one of {name} in the environment: correct that, or name dash.example in NO_PROXY" in text
    assert "the proxy option" not in text
    assert SHORT not in text
    with pytest.raises(errors.ConnectFailed, match="Check the proxy option"):
        get(Told(DASH, retries=0, proxy=with_password))


def test_what_urllib3_says_of_a_proxy_is_told_as_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", closed_port())
    with pytest.raises(errors.ConnectFailed) as caught:
        get(Told(DASH, retries=0))
    assert "Error(" not in str(caught.value)
    assert "refused" in str(caught.value)
