# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real proxy that tells all it saw."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
from http.server import BaseHTTPRequestHandler

from unit.scripted import Say, Server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_CONNECT(self) -> None:  # the name is http.server's
        """Tunnel to the one origin, whatever name is asked for."""
        self.server.seen.append(f"{self.requestline}\n{self.headers}")
        self.close_connection = True
        if not self.server.admits(self.headers.get("Proxy-Authorization")):
            self.send_response_only(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
            self.end_headers()
            return
        with socket.create_connection(("127.0.0.1", self.server.port_behind)) as behind:
            self.send_response_only(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                self._shuttle(behind)

    def _shuttle(self, behind: socket.socket) -> None:
        ends = {self.connection: behind, behind: self.connection}
        while True:
            ready, _writable, _odd = select.select(list(ends), [], [], 5)
            for end in ready:
                data = end.recv(65536)
                if not data:
                    return
                if end is self.connection:
                    self.server.seen.append(data.decode("latin-1"))
                ends[end].sendall(data)

    def do_GET(self) -> None:
        """Plain HTTP: the proxy sees everything, and answers itself."""
        self.server.seen.append(f"{self.requestline}\n{self.headers}")
        self.send_response_only(200 if self.server.admits(self.headers.get("Proxy-Authorization")) else 407)
        text = b'{"via": "proxy"}'
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Proxy(Server):
    """``with Proxy(origin, "user", "password") as proxy: … proxy.seen``: requests to it, and the bytes of its tunnels."""

    def __init__(self, behind: Server, user: str = "", password: str = "") -> None:
        super().__init__(Say())
        self.RequestHandlerClass = _Handler  # type: ignore[assignment]
        self.port_behind = behind.server_port
        self.seen: list[str] = []
        self._wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode() if user else None

    def admits(self, credentials: str | None) -> bool:
        return self._wanted is None or credentials == self._wanted
