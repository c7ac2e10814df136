# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module door in this very process: what it logs on the host, and what it prints."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils import basic

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector, perform
from ansible_collections.wpfleet.mainwp.plugins.modules import (
    mainwp_batch_update,
    mainwp_dashboard_info,
    mainwp_site_info,
    mainwp_sync,
)
from simulator import Simulator, scenarios
from unit.module_door import printed

TOKEN = "fedcba9876543210fedc==0123456789abcdef0123"
SECRETS = (
    "0123456789abcdef0123",
    "fedcba9876543210fedc",
    "gateway-token",
    "proxy-password",
    "pr0xy",
    "web-password",
    "d2ViLXBhc3N3b3Jk",  # the same in base64
)
HEADERS = {"CF-Access-Client-Secret": "gateway-token"}


@pytest.fixture
def syslog(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What modules write into the host's log."""
    lines: list[str] = []
    monkeypatch.setattr(basic, "has_journal", False)
    monkeypatch.setattr(basic.syslog, "syslog", lambda *args: lines.append(str(args[-1])))
    return lines


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"headers": HEADERS},
        {"headers": HEADERS, "proxy": "http://user:proxy-password@127.0.0.1:9"},
        {"headers": HEADERS, "proxy": "http://user:pr0xy@127.0.0.1:9"},
        {"headers": HEADERS, "proxy": "http://user:pr0xy#x@127.0.0.1:9"},
        {"headers": HEADERS, "url": "https://admin:web-password@dash.example"},
        {"headers": {**HEADERS, "Authorization": "Basic OndlYi1wYXNzd29yZA=="}, "auth_method": "query"},
        {"headers": HEADERS, "timeout": 0},
        {"headers": HEADERS, "auth_method": "digest"},
        {"headers": HEADERS, "nosuch": 1},
        {"headers": HEADERS, "url": "http://127.0.0.1:9", "retries": 0, "auth_method": "query"},
        {"headers": HEADERS, "api_key": "malformed-but-secret-fedcba9876543210fedc"},
    ],
    ids=lambda more: " ".join(more) or "nothing more",
)
@pytest.mark.claim("secrets-host", "secrets-input")
def test_no_secret_in_the_hosts_log_or_in_the_result(more: dict[str, Any], syslog: list[str]) -> None:
    with Simulator(scenarios.small(1)) as sim:
        result = printed(mainwp_site_info.main, {"url": sim.url, "api_key": TOKEN, "retry_max_delay": 0.1, **more})
    assert result["failed"]  # the simulator does not know the key
    for secret in SECRETS:
        assert secret not in json.dumps(result)
        assert secret not in "\n".join(syslog)


def test_a_good_run_tells_how_it_was_called(syslog: list[str]) -> None:
    with Simulator(scenarios.small(1)) as sim:
        called = {"url": sim.url, "api_key": sim.key().token, "headers": {"X-Short": "1"}}
        result = printed(mainwp_site_info.main, called)
    assert result["count"] == 1
    assert result["sites"][0]["wp_version"] == "7.1"  # not masked by the header's value
    assert result["invocation"]["module_args"]["headers"] == {"X-Short": "1"}
    assert result["invocation"]["module_args"]["api_key"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert "Invoked with" in "\n".join(syslog)


@pytest.mark.claim("secrets-bugs")
def test_a_bug_is_a_result_without_secrets() -> None:
    def broken(*args: Any) -> dict[str, Any]:
        raise ZeroDivisionError(f"with {TOKEN}")

    door = mainwp_sync.DOOR.__class__("mainwp_sync", lambda params: None, broken, {})
    result, _secrets = perform(door, {"url": "https://dash.example", "api_key": TOKEN}, {}, Collector(), False)
    assert result["failed"]
    assert "Unexpected ZeroDivisionError: with ********." in result["msg"]
    assert "ZeroDivisionError" in result["exception"]
    assert "please report it" in result["msg"]
    assert TOKEN not in json.dumps(result)


@pytest.fixture
def contacted() -> Iterator[set[tuple[str, int]]]:
    """The addresses that this process connects to, whatever library does it."""
    found: set[tuple[str, int]] = set()
    listening = True

    def hear(event: str, args: tuple[Any, ...]) -> None:
        if listening and event == "socket.connect" and args[0].family in (socket.AF_INET, socket.AF_INET6):
            found.add(args[1][:2])

    sys.addaudithook(hear)  # there is no way to take it back
    yield found
    listening = False


@pytest.mark.claim("one-partner")
def test_a_run_talks_to_the_dashboard_and_nobody_else(contacted: set[tuple[str, int]]) -> None:
    fleet = scenarios.small(2)
    fleet.settings["advanced"] = {"mainwp_minimum_delay": 0}
    with Simulator(fleet) as sim:
        params = {"url": sim.url, "api_key": sim.key().token, "concurrency": 2, "all_sites": True}
        for door in (mainwp_site_info.DOOR, mainwp_batch_update.DOOR, mainwp_dashboard_info.DOOR):
            result, _secrets = perform(door, params, {}, Collector(), False)
            assert result["dashboard"]
        assert sim.truth
        assert contacted == {("127.0.0.1", sim.port)}
