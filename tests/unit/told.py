# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A transport that waits for nothing, and what tests ask with it."""

from __future__ import annotations

import socket
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._http import Transport

TOKEN = "fedcba9876543210==0123456789abcdef"
PAGE: dict[str, Any] = {"media": "text/html", "body": b"<html>busy</html>"}


class Told(Transport):
    """A transport that notes warnings and pauses instead of waiting."""

    def __init__(self, url: str, **params: Any) -> None:
        self.warnings: list[str] = []
        self.slept: list[float] = []
        options = {"url": url, "api_key": TOKEN, "timeout": 5, "connect_timeout": 2, **params}
        super().__init__(connection_from(options), self.warnings.append, self.slept.append)


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def get(transport: Transport) -> Any:
    return transport.read("mainwp/v2/sites", {"page": 1}, "list the sites").data


def post(transport: Transport) -> Any:
    return transport.write("mainwp/v2/updates/1/update/plugins", {"slug": ["a/a.php"]}, step="update plugins").data
