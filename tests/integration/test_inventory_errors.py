# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a Dashboard cannot be read: one clear sentence, no secret, and no shrunken inventory unless asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from integration._inventory import Inventory, Listing

from simulator import Simulator, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

SimulatorFor = Callable[..., Simulator]
QUICK = {"retries": 0, "connect_timeout": 2, "timeout": 2}
HTML = {"body": "<html><title>Attention Required!</title></html>", "content_type": "text/html"}
#: a fault of the Dashboard → part of the sentence
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"action": "status", "code": 403, **HTML}, "Something in front of WordPress answered"),
    ({"action": "status", "code": 200, **HTML}, "Something in front of WordPress answered"),
    ({"action": "redirect", "location": "https://www.other.example/wp-json/"}, "The key is not sent to another host"),
    ({"action": "gateway_timeout"}, "HTTP 504"),
    ({"action": "reset_before"}, "the connection to"),
    ({"action": "slow", "delay": 4}, "no answer from"),
]


@pytest.fixture
def inventory(simulate: SimulatorFor, tmp_path: Path) -> Inventory:
    """Two sites of one Dashboard, asked once."""
    return Inventory(tmp_path, simulate(scenarios.small(2)))


def sentence(listing: Listing) -> str:
    """The complaint of a run that found no inventory and therefore failed."""
    assert listing.rc == 1
    assert listing.data == {}
    assert "Dashboard agency: list the sites (mainwp/v2/sites):" in listing.warnings
    return listing.warnings


@pytest.mark.parametrize(("fault", "part"), FAULTS, ids=[str(number) for number in range(len(FAULTS))])
def test_a_dashboard_that_misbehaves(fault: dict[str, Any], part: str, inventory: Inventory) -> None:
    inventory.sims[0].faults.add(**fault, times=None)
    assert part in sentence(inventory.list(**QUICK))


@pytest.mark.claim("secrets-inventory")
def test_a_key_that_is_refused(inventory: Inventory) -> None:
    (sim,) = inventory.sims
    text = sentence(inventory.list(api_key=sim.key("disabled").token))
    assert "The Dashboard does not know this key, or it is switched off" in text
    text = sentence(inventory.list(api_key=sim.key("write").token))
    assert "reading needs Read" in text
    assert len(sim.journal.entries) == 2


def test_a_dashboard_that_is_not_there(inventory: Inventory) -> None:
    text = sentence(inventory.list(url="http://127.0.0.1:9", **QUICK))
    assert "cannot connect to 127.0.0.1:9" in text
    assert "Check the url, DNS and any firewall" in text


@pytest.mark.tls
def test_tls(simulate: SimulatorFor, tmp_path: Path) -> None:
    authority = trustme.CA()
    cert, key, trusted = (str(tmp_path / name) for name in ("cert.pem", "key.pem", "ca.pem"))
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(trusted)
    inventory = Inventory(tmp_path, simulate(scenarios.small(2), tls=(cert, key)))
    text = sentence(inventory.list())
    assert "Set ca_path to the certificate authority that signed" in text
    assert len(inventory.list(ca_path=trusted).hosts) == 2
    listing = inventory.list(validate_certs=False)
    assert len(listing.hosts) == 2
    assert "validate_certs is false" in listing.warnings


def test_one_dashboard_of_two_is_down(inventory: Inventory, simulate: SimulatorFor) -> None:
    two = simulate(scenarios.large(3))
    dashboards = [
        {"name": "agency"},
        {"name": "shops", "url": "http://127.0.0.1:9", "api_key": two.key("read").token},
    ]
    listing = inventory.list(dashboards=dashboards, **QUICK)
    assert listing.rc == 1
    assert listing.data == {}
    assert "Dashboard shops:" in listing.warnings
    listing = inventory.list(dashboards=dashboards, fail_on_unreachable=False, **QUICK)
    assert listing.rc == 0
    assert sorted(listing.hosts) == ["site1.example", "site2.example"]
    assert "Dashboard shops: list the sites (mainwp/v2/sites): cannot connect to 127.0.0.1:9" in listing.warnings
    assert "Its sites are missing from the inventory." in listing.warnings


def test_without_the_setting_ansible_itself_goes_on(inventory: Inventory) -> None:
    """Why the documentation wants ANSIBLE_INVENTORY_UNPARSED_FAILED: this is an empty inventory and success."""
    inventory.write(url="http://127.0.0.1:9", **QUICK)
    listing = inventory.list(must_parse=False)
    assert listing.rc == 0
    assert listing.hosts == {}
    # With another source beside it only the stricter setting helps.
    other = inventory.folder / "other.yml"
    other.write_text("all: {hosts: {spare: {}}}\n")
    assert inventory.list("-i", str(other)).rc == 0
    assert inventory.list("-i", str(other), env={"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}).rc != 0
