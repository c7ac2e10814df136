# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the library requests leaves to the server, bounded. PRIVATE to the collection.

How long an exchange takes in all and whether its request went out, how much memory a compressed answer costs, and where a
redirect leads.
"""

from __future__ import annotations

import contextlib
import functools
import re
import socket
import sys
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import urljoin

try:
    import requests
    import urllib3
    import urllib3.exceptions
    from requests import Session
    from requests.adapters import HTTPAdapter
except ImportError as exc:  # the edges report it before anything gets here
    REQUESTS_IMPORT_ERROR: ImportError | None = exc
    HTTPAdapter = Session = object  # type: ignore[assignment,misc]  # so that the classes below can be read
    kinds: Any = None
else:
    REQUESTS_IMPORT_ERROR = None
    #: What requests raises.
    kinds = requests.exceptions

from ._addresses import ascii_url
from ._secrets import plain


def requests_missing(python: str = sys.executable, prefix: str = sys.prefix, base: str = sys.base_prefix) -> str:
    """Which Python lacks the library, and how it gets it: as a rule there are several, and the user fills another one."""
    tool = re.search(r"/pipx/venvs/([^/]+)", prefix)
    how = f"pipx inject {tool[1]} requests" if tool else f"{python} -m pip install requests"
    package = " (or the distribution's package python3-requests)" if prefix == base else ""
    return f"the Python library requests is missing in {python}, which runs this. Install it there: {how}{package}"


#: Answers that lead elsewhere.
REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024


class Watch:
    """``with Watch(seconds):`` – an exchange of this thread that is not over by then loses its connection.

    A socket's timeout begins anew with every byte: headers that drip, endless ``100 Continue`` or endless trailers would
    keep a lane busy for ever. Works for a BoundedSession. An answer that was cut may look whole, so see ``cut``. What
    went wrong is named differently by each release of urllib3 and each kind of proxy, so what may have been done is told
    by ``left``.
    """

    _of_thread = threading.local()

    def __init__(self, seconds: float) -> None:
        #: It lost its connection.
        self.cut = False
        #: Bytes of the request itself went out: not those of a handshake, nor what asks a proxy for a tunnel.
        self.left = False
        self._late = False
        self._socket: Any = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Watch:
        Watch._of_thread.current = self
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        Watch._of_thread.current = None
        self._timer.cancel()
        with self._lock:
            self._socket = None

    @staticmethod
    def over(sock: Any) -> None:
        """From now on, this thread's watch, if there is one, is over this socket."""
        watch = getattr(Watch._of_thread, "current", None)
        if watch is not None:
            with watch._lock:
                watch._socket = sock
                if watch._late:
                    watch._cut()

    @staticmethod
    def sent() -> None:
        """Bytes of this thread's request went out."""
        watch = getattr(Watch._of_thread, "current", None)
        if watch is not None:
            watch.left = True

    def _expire(self) -> None:
        with self._lock:
            self._late = True
            if self._socket is not None:
                self._cut()

    def _cut(self) -> None:
        """End both directions below any TLS, whose own methods another thread is in."""
        self.cut = True
        lowest = self._socket
        while not isinstance(lowest, socket.socket):  # TLS inside the TLS of a proxy
            lowest = lowest.socket
        with contextlib.suppress(OSError):
            socket.socket.shutdown(lowest, socket.SHUT_RDWR)


class BoundedSession(Session):
    """A session that is under its thread's Watch, and that never follows a redirect, nor reads its body to see where."""

    def __init__(self, verify: bool | str, auth_headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.verify = verify
        self._auth_headers = auth_headers or {}
        self.auth = self._authorized
        if verify is False:  # who wanted that is told by us, once, in words; urllib3 would warn at each request
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        adapter = _Adapter(pool_connections=2, pool_maxsize=16)
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.headers["Accept-Encoding"] = "gzip"  # the only compression that is understood

    def ask(self, method: str, url: str, timeout: Any, **given: Any) -> Any:
        """Send one request; the body of its answer is still to be read."""
        # verify is given once more, or the environment's REQUESTS_CA_BUNDLE would override False.
        given.update(timeout=timeout, verify=self.verify, allow_redirects=False, stream=True)
        return self.request(method, url, **given)

    def _authorized(self, request: Any) -> Any:
        """Sets the headers with the key itself, if there are any, so that no netrc file logs anybody in."""
        request.headers.update(self._auth_headers)
        return request

    def get_redirect_target(self, resp: Any) -> None:  # noqa: ARG002  # the base class's signature
        """Even with allow_redirects=False, requests reads the whole body of a redirect."""
        return


class _Adapter(HTTPAdapter):
    """Puts its connections, those through proxies included, under the Watch of the thread that uses them."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As the base class; for direct connections."""
        super().init_poolmanager(*args, **kwargs)
        _watch(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """As the base class; for connections through proxies."""
        return _watch(super().proxy_manager_for(*args, **kwargs))


def _watch(manager: Any) -> Any:
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _watched_pool(pool) for scheme, pool in pools.items()}
    return manager


@functools.cache
def _watched_pool(pool: Any) -> Any:
    if issubclass(pool.ConnectionCls, _Watched):
        return pool
    connection = type(pool.ConnectionCls.__name__, (_Watched, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


class _Watched:
    """A connection that shows the Watch its socket before it uses it, and tells it when the request goes out."""

    sock: Any
    auto_open: Any
    _connecting = False

    def connect(self) -> None:
        """As the base class: TCP, what asks a proxy for a tunnel, TLS."""
        self._connecting = True
        try:
            super().connect()  # type: ignore[misc]  # of the connection it is mixed into
        finally:
            self._connecting = False

    def send(self, data: bytes) -> None:
        """As the base class, but piece by piece: what fails at its first byte has sent nothing."""
        if self.sock is None and self.auto_open:  # plain HTTP connects here
            self.connect()
        Watch.over(self.sock)
        rest = memoryview(data)
        while rest:
            gone = self.sock.send(rest)
            if not self._connecting:
                Watch.sent()
            rest = rest[gone:]


_GZIP = b"\x1f\x8b"


def pieces(response: Any) -> Iterator[bytes]:
    """The decoded body of a streamed response as it arrives, never more than a small piece at once.

    Unpacked here, because what urllib3 unpacks at once depends on its version, and a megabyte can hold a gigabyte.
    """
    encoding = str(response.headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding in ("identity", "gzip", "x-gzip"):
        parts = _raw(response)
        first = next(parts, b"")
        # What packs twice, or unpacks on the way, may leave the wrong header. Nothing of ours begins like gzip.
        packed = first[:2] == _GZIP if len(first) > 1 else encoding != "identity"
        whole = chain((first,), parts)
        return _unpacked(whole) if packed else whole
    raise kinds.ContentDecodingError(f"the answer is packed as {plain(encoding, 40)}, which was not asked for")


def _raw(response: Any) -> Iterator[bytes]:
    """A server that sends a byte now and then must not hide behind a full buffer."""
    try:
        read1 = getattr(response.raw, "read1", None)
        if read1 is None:  # urllib3 before 2.0
            yield from response.raw.stream(1024, decode_content=False)
            if response.raw.length_remaining:
                raise kinds.ConnectionError("the answer ended too early")
            return
        while chunk := read1(_CHUNK, decode_content=False):
            yield chunk
    except urllib3.exceptions.HTTPError as exc:
        raise kinds.ConnectionError(exc) from None


def _unpacked(parts: Iterable[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)  # gzip
    try:
        for part in parts:
            rest = part
            while rest and not unpack.eof:
                yield unpack.decompress(rest, _CHUNK)
                rest = unpack.unconsumed_tail
        yield unpack.flush()
    except zlib.error:
        raise kinds.ContentDecodingError("the answer's compression is broken") from None


def origin_of(url: str) -> tuple[str, str | None, int]:
    """Scheme, host and port, as urllib3 reads them."""
    parts = urllib3.util.parse_url(url)
    return parts.scheme or "", parts.host, parts.port or {"https": 443}.get(parts.scheme or "", 80)


def target_of(url: str, location: str) -> str:
    """Where a redirect from ``url`` leads, spelled so that everybody reads it alike. Raises ValueError.

    ``https://a.example\\@b.example`` is b.example to urllib and a.example to urllib3, which makes the connection.
    """
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return urllib3.util.parse_url(ascii_url(urljoin(url, location)))._replace(auth=None).url
