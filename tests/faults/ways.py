# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways from a run to the Dashboard: what stands in between, in one table. A new one is one more entry of ``WAYS``."""

from __future__ import annotations

import contextlib
import http.client
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from simulator import Simulator
from simulator.serving import Serving

from .quick import SCALE

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
_HOP = {"connection", "content-length", "transfer-encoding", "server", "proxy-connection", "keep-alive"}


class Middle(ThreadingHTTPServer):
    """A server between a run and the Dashboard. What it does beyond passing things on is up to its heirs."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self, sim: Simulator, pick: random.Random) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sim = sim
        self.random = pick
        #: how often it made a difference
        self.hits = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def connection(self) -> dict[str, Any]:
        """Options of the run that goes this way."""
        return {"url": self.address + self.sim.url.partition(str(self.sim.port))[2]}

    def pass_on(self, method: str, target: str, headers: Headers, body: bytes) -> Answer | None:
        """The Dashboard's own answer; None: the connection broke."""
        line = http.client.HTTPConnection("127.0.0.1", self.sim.port)
        try:
            line.putrequest(method, target, skip_accept_encoding=True, skip_host=True)
            for name, value in headers:
                line.putheader(name, value)
            line.endheaders(body or None)
            answer = line.getresponse()
            content = answer.read()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
        except (OSError, http.client.HTTPException):
            return None
        else:
            return answer.status, kept, content
        finally:
            line.close()

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer | None:
        """What the run gets."""
        return self.pass_on(method, target, headers, body)

    def handle_error(self, *_args: Any) -> None:
        """A client that has gone is nobody's error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Middle

    def _go(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in _HOP]
        headers += [("Content-Length", str(len(body)))] if body else []
        found = self.server.answer(self.command, self.path, headers, body)
        if found is None:
            self.close_connection = True
            return
        status, told, content = found
        self.send_response_only(status)
        for name, value in told:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._go
        raise AttributeError(name)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


class Proxy(Middle):
    """An HTTP proxy. What breaks behind it, it breaks off, too, or calls a bad gateway."""

    def connection(self) -> dict[str, Any]:
        return {"url": self.sim.url, "proxy": self.address}

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer | None:
        self.hits += 1
        parts = urlsplit(target)
        found = self.pass_on(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, headers, body)
        if found is None and self.random.random() < 0.5:
            return 502, [("Content-Type", "text/html")], b"<html><body>Bad Gateway</body></html>"
        return found


class Cache(Middle):
    """Keeps answers to GETs for everybody, a while, as a cache does that thinks /wp-json is a page."""

    #: seconds of the simulated clock that an answer is kept; does it say how old it is; is it asked not to?
    lives, says_age, obeys = 300.0, True, True

    def __init__(self, sim: Simulator, pick: random.Random) -> None:
        super().__init__(sim, pick)
        self._kept: dict[str, tuple[float, Answer]] = {}

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer | None:
        if method != "GET":
            return self.pass_on(method, target, headers, body)
        now = time.monotonic() * SCALE
        since, kept = self._kept.get(target, (0.0, None))
        fresh = kept is not None and now - since < self.lives
        self.hits += fresh  # also where it is told to ask all the same
        asked = {name.lower(): value for name, value in headers}
        if kept is not None and fresh and not (self.obeys and "no-cache" in asked.get("cache-control", "")):
            age = [("Age", str(int(now - since))), ("X-Cache", "HIT")] if self.says_age else []
            return kept[0], kept[1] + age, kept[2]
        found = self.pass_on(method, target, headers, body)
        if found is not None and found[0] == 200:
            self._kept[target] = now, found
        return found


class SilentCache(Cache):
    """One that says nothing, and does not do what it is asked."""

    says_age = obeys = False


class Redirects(Middle):
    """Reads are sent to an address with a slash at the end, and from there on."""

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer | None:
        path, mark, query = target.partition("?")
        if method == "GET" and not path.endswith("/"):
            self.hits += 1
            return 301, [("Location", f"{self.address}{path}/{mark}{query}")], b""
        return self.pass_on(method, path.rstrip("/") + mark + query, headers, body)


@dataclass(frozen=True)
class Way:
    """How runs reach the Dashboard."""

    name: str
    middle: Callable[[Simulator, random.Random], Middle] | None = None
    #: how often it is drawn, beside the straight one
    weight: float = 1.0
    #: where the REST API is, and is the run told?
    prefix: str = "wp-json"
    is_told: bool = True


WAYS = (
    Way("straight", weight=8),
    Way("an HTTP proxy", Proxy, weight=3),
    Way("redirects", Redirects),
    Way("a cache", Cache),
    Way("a silent cache", SilentCache),
    Way("a renamed API", prefix="api"),
    Way("a renamed API, not told", prefix="index.php/api", is_told=False),
)


@dataclass
class Open:
    """A way while a scenario goes on."""

    connection: dict[str, Any]
    middle: Middle | None = None

    @property
    def mattered(self) -> bool:
        """Did what stands in between do anything? A straight way always does."""
        return self.middle is None or self.middle.hits > 0


@contextmanager
def opened(way: Way, sim: Simulator, pick: random.Random) -> Iterator[Open]:
    """What stands in between, for the time of a scenario."""
    sim.rest_prefix = way.prefix
    if way.middle is None:
        yield Open({"url": sim.url, **({"rest_prefix": way.prefix} if way.is_told else {})})
        return
    middle = way.middle(sim, pick)
    serving = Serving(middle)
    try:
        yield Open(middle.connection(), middle)
    finally:
        with contextlib.suppress(OSError):
            serving.stop()
