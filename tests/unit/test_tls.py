# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real TLS servers: whom the client trusts, what the environment may change of it, and client certificates."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._health import BAD, OK, HealthOptions, Wanted
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from ansible_collections.wpfleet.mainwp.plugins.module_utils._probe import Prober
from unit.scripted import Say, Server
from unit.told import Told, get, post

pytestmark = pytest.mark.tls

NOW = datetime.datetime.now(datetime.timezone.utc)
EXPIRED = {"not_before": NOW - datetime.timedelta(9), "not_after": NOW - datetime.timedelta(2)}


@dataclass
class Authority:
    """A private authority, and the file that makes others trust it."""

    ca: trustme.CA
    path: str

    def context(self, *names: str, clients: trustme.CA | None = None, **more: Any) -> ssl.SSLContext:
        """A server's side, with a certificate for ``names``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, **more).configure_cert(context)
        if clients:
            clients.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


@pytest.fixture(scope="module")
def ours() -> Iterator[Authority]:
    ca = trustme.CA()
    with ca.cert_pem.tempfile() as path:
        yield Authority(ca, path)


@pytest.fixture(scope="module")
def theirs() -> Iterator[Authority]:
    ca = trustme.CA()
    with ca.cert_pem.tempfile() as path:
        yield Authority(ca, path)


def refused(server: Server, **options: Any) -> str:
    """Neither reading nor writing works, and nothing was sent."""
    for ask in (get, post):
        with pytest.raises(errors.TlsFailed) as caught:
            ask(Told(server.url, retries=0, **options))
        assert not caught.value.may_have_started
    assert server.asked == []
    return str(caught.value)


@pytest.mark.claim("tls-verified")
def test_nothing_is_sent_to_whom_nobody_vouches_for(ours: Authority, theirs: Authority) -> None:
    with Server(tls=ours.context("127.0.0.1")) as server:
        assert "ca_path" in refused(server)
        refused(server, ca_path=theirs.path)
    with Server(tls=ours.context("other.example")) as server:
        refused(server, ca_path=ours.path)
    with Server(tls=ours.context("127.0.0.1", **EXPIRED)) as server:
        assert "expired" in refused(server, ca_path=ours.path)


@pytest.mark.claim("tls-private-ca")
def test_a_private_authority_is_trusted_where_it_is_named(ours: Authority) -> None:
    with Server(tls=ours.context("127.0.0.1")) as server:
        assert get(Told(server.url, ca_path=ours.path)) == {"success": 1}
        assert post(Told(server.url, ca_path=ours.path)) == {"success": 1}


@pytest.mark.claim("tls-environment")
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_of_the_environment_replaces_the_default_and_nothing_else(
    ours: Authority, theirs: Authority, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, ours.path)
    with Server(tls=ours.context("127.0.0.1")) as server:
        refused(server, ca_path=theirs.path)  # the option wins: the bundle adds nobody to it
        assert get(Told(server.url)) == {"success": 1}
    with Server(tls=theirs.context("127.0.0.1")) as server:
        refused(server)
        assert get(Told(server.url, ca_path=theirs.path)) == {"success": 1}


@pytest.mark.claim("tls-environment")
def test_no_variable_of_the_environment_turns_verification_off(
    ours: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(tls=ours.context("127.0.0.1")) as server:
        for value in ("", "0", "false", "/nonexistent"):
            for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PYTHONHTTPSVERIFY", "GIT_SSL_NO_VERIFY"):
                monkeypatch.setenv(name, value)
            refused(server)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_of_the_environment_that_does_not_do_is_named(
    ours: Authority, theirs: Authority, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(tls=ours.context("127.0.0.1")) as server:
        for path in (theirs.path, "/nonexistent"):
            monkeypatch.setenv(variable, path)
            assert f"{variable} of the environment" in refused(server)
        assert "environment" not in refused(server, ca_path=theirs.path)


@pytest.mark.claim("tls-off")
def test_verification_is_off_whatever_the_environment_says(ours: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ours.path)
    monkeypatch.setenv("CURL_CA_BUNDLE", "/nonexistent")
    with Server(tls=ours.context("other.example", **EXPIRED)) as server:
        for options in ({}, {"ca_path": ours.path}):
            assert get(Told(server.url, validate_certs=False, **options)) == {"success": 1}


@pytest.mark.claim("tls-client-certificate")
def test_client_certificates(ours: Authority, theirs: Authority, tmp_path: Path) -> None:
    def files(authority: Authority) -> dict[str, str]:
        own = authority.ca.issue_cert("agent@example.com")
        certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in own.cert_chain_pems))
        key.write_bytes(own.private_key_pem.bytes())
        (tmp_path / "both.pem").write_bytes(own.private_key_and_cert_chain_pem.bytes())
        return {"client_cert": str(certificate), "client_key": str(key)}

    with Server(tls=ours.context("127.0.0.1", clients=ours.ca)) as server:
        pair = files(ours)
        for given in (pair, {"client_cert": str(tmp_path / "both.pem")}):
            assert get(Told(server.url, ca_path=ours.path, **given)) == {"success": 1}
            assert post(Told(server.url, ca_path=ours.path, **given)) == {"success": 1}
        assert len(server.asked) == 4
        for given in ({}, files(theirs)):
            with pytest.raises(errors.MainWPError) as caught:
                get(Told(server.url, ca_path=ours.path, retries=0, **given))
            assert not isinstance(caught.value, errors.ApiError)
        Path(pair["client_key"]).write_text("no key")
        with pytest.raises(errors.TlsFailed, match="client_cert and client_key"):
            get(Told(server.url, ca_path=ours.path, retries=0, **pair))
        assert len(server.asked) == 4


def test_pages_of_sites_may_go_unverified_without_noise(ours: Authority, recwarn: pytest.WarningsRecorder) -> None:
    with Server(Say(body=b"<p>Welcome", media="text/html"), tls=ours.context("other.example")) as server:
        for verified, state in ((True, BAD), (False, OK)):
            options = HealthOptions(pages=(Wanted("/"),), patience=0, validate_certs=verified)
            (page,) = Prober(options).look(Site(1, server.url, "S 1"))
            assert page.state == state
    assert not recwarn.list
