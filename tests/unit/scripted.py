# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server that does as it is told, request by request, and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulator.serving import Serving


@dataclass
class Asked:
    """A request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    client: int


@dataclass
class Say:
    """What to answer. ``act`` may do something else with the connection instead."""

    status: int = 200
    body: Any = field(default_factory=lambda: {"success": 1})
    headers: dict[str, str] = field(default_factory=dict)
    media: str = "application/json; charset=UTF-8"
    act: Callable[[Handler], None] | None = None


class Handler(BaseHTTPRequestHandler):
    """Answers with the next line of the script; the last one is said for ever."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:  # the name is http.server's
        length = int(self.headers.get("Content-Length") or 0)
        parts = urlsplit(self.path)
        body, query = self.rfile.read(length), dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(self.command, parts.path, query, dict(self.headers), body, self.client_address[1])
        say = self.server.next(asked)
        if say.act:
            say.act(self)
            return
        text = say.body if isinstance(say.body, bytes) else json.dumps(say.body).encode()
        self.send_response_only(say.status)
        for name, value in {"Content-Type": say.media, "Content-Length": str(len(text)), **say.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)
        self.close_connection = self.close_connection or say.headers.get("Connection") == "close"

    do_POST = do_PUT = do_DELETE = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    """``with Server(Say(503), Say()) as server: … server.asked``; with ``tls``, over TLS."""

    daemon_threads = True

    def __init__(self, *script: Say, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.scheme = "https" if tls else "http"
        if tls:
            # the handshake in the connection's own thread
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.script = list(script) or [Say()]
        self.asked: list[Asked] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def next(self, asked: Asked) -> Say:
        with self._lock:
            self.asked.append(asked)
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def __enter__(self) -> Server:
        self._serving = Serving(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._serving.stop()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet: connections are broken on purpose."""


def reset(handler: Handler) -> None:
    """A real RST."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def hang(seconds: float) -> Callable[[Handler], None]:
    """Say nothing for a while."""

    def act(handler: Handler) -> None:
        time.sleep(seconds)
        reset(handler)

    return act


def drip(seconds: float, pause: float) -> Callable[[Handler], None]:
    """An answer that never ends: a byte now and then."""

    def act(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(pause)
        reset(handler)

    return act


def endless(handler: Handler) -> None:
    """An answer without end, as fast as it goes."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b" " * 1024 * 1024)
