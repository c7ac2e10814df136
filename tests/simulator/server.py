# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server and the simulator's handle."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Iterable
from http import HTTPStatus
from types import TracebackType
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from .api import settings
from .app import Application, ResetError
from .cache import Cache
from .clock import Clock
from .cron import Cron
from .demo import demo
from .faults import Faults
from .fleet import Fleet
from .journal import Entry, Journal
from .keys import Key, KeyRing
from .serving import Serving
from .state import Truth
from .throttle import Throttle

DIALECTS = ("abilities", "classic")


class Handler(WSGIRequestHandler):
    """HTTP/1.1 with keep-alive; werkzeug's own handler closes every connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    application: Application
    connections: set[socket.socket]

    def setup(self) -> None:
        super().setup()
        self.connections.add(self.connection)

    def finish(self) -> None:
        self.connections.discard(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """Answer one request; the body was read to its end, so the connection can go on."""
        try:
            response = self.application.respond(self.make_environ())
        except ResetError:
            self._reset()
            return
        data = b"" if self.command == "HEAD" else response.get_data()
        self.send_response_only(response.status_code, _phrase(response.status_code))
        for name, value in response.headers.items():
            if name != "Content-Length":
                self.send_header(name, value)
        self.send_header("Content-Length", response.headers.get("Content-Length", str(len(data))))
        self.end_headers()
        self.wfile.write(data)

    def _reset(self) -> None:
        """A real RST, not an orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


class Simulator:
    """A Dashboard that answers over HTTP while the ``with`` block runs.

    ``cron``: "visits" (each request may start the due minute job, as WordPress does), "slow" (the same, but
    only every ten minutes), "manual" (only :meth:`Cron.run`), "dead" (nothing ever runs).
    """

    def __init__(
        self,
        fleet: Fleet | None = None,
        dialect: str = "abilities",
        *,
        keys: Iterable[Key] | None = None,
        clock: Clock | None = None,
        cron: str = "visits",
        prefix: str = "",
        rest_prefix: str = "wp-json",
        tls: tuple[str, str] | None = None,
        require_https: bool = False,
        throttle: bool = False,
        gmt_offset: float = 0.0,
        cache: Cache | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        if dialect not in DIALECTS:
            raise ValueError(f"unknown dialect {dialect!r}; known: {', '.join(DIALECTS)}")
        self.fleet = fleet if fleet is not None else demo()
        if clock is not None:
            self.fleet.clock = clock
        self.dialect = dialect
        self.keys = KeyRing(keys)
        self.prefix = "/" + prefix.strip("/") if prefix.strip("/") else ""
        #: where the REST API is below the prefix; "" with plain permalinks, where only ?rest_route= leads to it
        self.rest_prefix = rest_prefix.strip("/")
        self.tls = tls
        #: is plain HTTP refused (as from anywhere but loopback, core.md §1.2)?
        self.require_https = require_https
        #: hours between the Dashboard's local time and UTC
        self.gmt_offset = gmt_offset
        #: the Dashboard's WordPress has a time zone with a name, which rules over any offset
        self.named_timezone = False
        self.host, self.port = host, port
        #: what keeps answers in front of the Dashboard
        self.cache = cache
        self.fleet.throttle = Throttle.of(self.fleet.clock, self.setting("advanced")) if throttle else None
        self.journal = Journal(self.clock.now)
        #: requests to the children's pages
        self.visits = Journal(self.clock.now)
        #: requests for pages that are not there
        self.strays = Journal(self.clock.now)
        self.faults = Faults()
        #: seconds (of the clock) that the Dashboard itself needs for a request, whatever becomes of it
        self.takes: Callable[[Entry], float] = lambda _entry: 0.0
        self.cron = Cron(self, cron)
        self._serving: Serving | None = None
        self._connections: set[socket.socket] = set()

    @property
    def clock(self) -> Clock:
        return self.fleet.clock

    @property
    def truth(self) -> Truth:
        return self.fleet.truth

    @property
    def secure(self) -> bool:
        """Does MainWP take a request for an SSL request?"""
        return self.tls is not None or not self.require_https

    @property
    def url(self) -> str:
        """The Dashboard's address."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}{self.prefix}"

    @property
    def api_root(self) -> str:
        """Where WordPress says that its API is."""
        return f"{self.url}/{self.rest_prefix}/" if self.rest_prefix else f"{self.url}/?rest_route=/"

    def child_url(self, site_id: int) -> str:
        """Where a child's front page is served."""
        return f"{self.url}/__child__/{site_id}/"

    def key(self, scope: str = "read_write") -> Key:
        """The key of a scope: read, write, read_write, delete, disabled."""
        return self.keys.by_scope(scope)

    def serve_children(self) -> None:
        """Give every site the address of its front page here."""
        with self.fleet.lock:
            for site in self.fleet.sites.values():
                site.url = self.child_url(site.id)

    def setting(self, name: str) -> dict[str, Any]:
        """What settings/{name} answers."""
        data: dict[str, Any] = settings.answered(self, name)
        return data

    def local_now(self) -> int:
        """Unix seconds of the Dashboard's local time, as MainWP keeps some (core.md §3.1)."""
        return int(self.clock.now() + self.gmt_offset * 3600)

    def start(self) -> Simulator:
        """Listen, in threads."""
        context = None
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.tls)
        handler = type("BoundHandler", (Handler,), {"application": Application(self), "connections": self._connections})
        server = make_server(
            self.host, self.port, _not_wsgi, threaded=True, request_handler=handler, ssl_context=context
        )
        self.port = server.server_port
        self._serving = Serving(server)
        return self

    def stop(self) -> None:
        """Stop listening and drop the connections that are still open."""
        if self._serving:
            self._serving.stop()
            for connection in list(self._connections):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._serving = None

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _not_wsgi(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Werkzeug wants an application; the handler speaks to ours directly."""
    raise AssertionError("the handler serves, not this")


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Unknown"
