# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS: a private authority, wrong names, expired certificates, and turning verification off."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import trustme
from integration._direct import Direct
from integration._play import Play, Task

from simulator import Simulator, scenarios

#: The first: does not depend on the ansible-core.
pytestmark = [pytest.mark.once, pytest.mark.tls]
NOW = datetime.datetime.now(datetime.timezone.utc)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority, simulate, tmp_path):
    """``tls(certificate)``: a Play – or, with ``direct``, tasks without one – against a Dashboard with that certificate, the authority's file beside it."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    def start(certificate: trustme.LeafCert, direct: bool = False) -> Any:
        chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
        certificate.private_key_pem.write_to_path(str(key))
        chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
        sim: Simulator = simulate(scenarios.small(1), tls=(str(chain), str(key)))
        return Direct(sim, retries=0) if direct else Play(tmp_path, sim, retries=0)

    return start


@pytest.mark.claim("tls-private-ca", "tls-verified")
def test_a_private_authority(tls, authority, tmp_path):
    play = tls(authority.issue_cert("127.0.0.1"))
    ca = {"ca_path": str(tmp_path / "ca.pem")}
    good, doctor, on_host, *bad = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True, **ca}),
        Task("mainwp_dashboard_info", ca),
        Task("mainwp_site_info", ca, door="host"),
        Task("mainwp_site_info", {}),
        Task("mainwp_site_info", {"ca_path": __file__}),
        Task("mainwp_site_info", {}, door="host"),
    )
    assert not good.failed, good.msg
    assert doctor["dashboard"]["tls"] == {"used": True, "verified": True}
    assert on_host["count"] == 1
    for result in bad:
        assert result.failed
        assert result["error"]["reason"] == "tls_failed"
        assert "ca_path" in result.msg
        assert result.journal == []


def test_the_authority_may_come_from_the_environment(tls, authority, tmp_path):
    play = tls(authority.issue_cert("127.0.0.1"))
    (result,) = play.tasks(Task("mainwp_site_info", {}), env={"MAINWP_CA_PATH": str(tmp_path / "ca.pem")})
    assert result["count"] == 1


@pytest.mark.parametrize(
    ("names", "dates", "words"),
    [
        (["other.example"], {}, ("127.0.0.1",)),
        (
            ["127.0.0.1"],
            {"not_before": NOW - datetime.timedelta(9), "not_after": NOW - datetime.timedelta(2)},
            ("expired",),
        ),
    ],
    ids=["wrong name", "expired"],
)
@pytest.mark.claim("tls-verified")
def test_certificates_that_are_not_good(tls, authority, tmp_path, names, dates, words):
    play = tls(authority.issue_cert(*names, **dates), direct=True)
    ca = {"ca_path": str(tmp_path / "ca.pem")}
    read, write = play.tasks(Task("mainwp_site_info", ca), Task("mainwp_batch_update", {"all_sites": True, **ca}))
    for result in (read, write):
        assert result.failed
        assert result["error"]["reason"] == "tls_failed", result.msg
        assert all(word in result.msg for word in words)
        assert "may still be working" not in result.msg
        assert result.journal == []


@pytest.mark.claim("tls-off", "tls-off-warns")
def test_verification_can_be_turned_off_and_that_is_told(tls, authority, tmp_path):
    """Whatever REQUESTS_CA_BUNDLE says; one warning, ours."""
    play = tls(authority.issue_cert("other.example"))
    off = {"validate_certs": False}
    warned = ["validate_certs is false: whoever is between here and https://127.0.0.1:"]
    tasks = [
        Task("mainwp_site_info", off, warns=warned),
        Task("mainwp_batch_update", {"all_sites": True, **off}, warns=warned),
        Task("mainwp_site_info", off, warns=warned, door="host"),
        Task("mainwp_dashboard_info", off, warns=warned),
    ]
    outcome = play.tasks(*tasks, env={"REQUESTS_CA_BUNDLE": str(tmp_path / "ca.pem"), "CURL_CA_BUNDLE": "/nonexistent"})
    for result in outcome:
        assert not result.failed, result.msg
        assert len(result.warnings) == 1
    assert outcome.results[3]["dashboard"]["tls"] == {"used": True, "verified": False}
    assert "InsecureRequestWarning" not in outcome.output


def test_plain_http_where_tls_is_spoken_and_the_other_way_round(tls, authority, direct_for, tmp_path):
    play = tls(authority.issue_cert("127.0.0.1"), direct=True)
    plain = direct_for(scenarios.small(1))
    play.connection["url"] = play.sim.url.replace("https:", "http:")
    assert play.task("mainwp_site_info").failed
    plain.connection |= {"url": plain.sim.url.replace("http:", "https:"), "retries": 0}
    result = plain.task("mainwp_site_info")
    assert result["error"]["reason"] == "tls_failed", result.msg
