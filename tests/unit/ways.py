# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to a Dashboard, through proxies of each kind, and what goes wrong on them. Real sockets, byte by byte."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType

#: What is done with a connection.
Act = Callable[["Peer", socket.socket], None]


class Peer:
    """``with Peer(act) as peer:`` – listens, and gives each connection to ``act``; with ``tls``, after the handshake."""

    def __init__(self, act: Act, tls: ssl.SSLContext | None = None) -> None:
        self._act, self.tls = act, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        #: Connections that came in.
        self.connections = 0
        #: Requests, or first bytes of such, that came in.
        self.asked: list[bytes] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Peer:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        with contextlib.suppress(OSError):  # wakes the listener
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            if self.tls is None:
                self._act(self, connection)
                return
            with self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as wrapped:
                try:
                    wrapped.do_handshake()
                except ssl.SSLError:
                    _linger(wrapped)
                    return
                self._act(self, wrapped)


def _linger(connection: socket.socket) -> None:
    """An end that lets our last words arrive: what is closed with unread bytes is reset."""
    socket.socket.shutdown(connection, socket.SHUT_WR)
    while socket.socket.recv(connection, 65536):
        pass


def rst(connection: socket.socket) -> None:
    """A real RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def head_of(connection: socket.socket) -> bytes:
    """The first bytes up to the end of the headers, and what came with them."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise OSError("no request")
        data += more
    return data


def request_of(connection: socket.socket) -> bytes:
    """A whole request."""
    data = head_of(connection)
    head, _blank, body = data.partition(b"\r\n\r\n")
    length = int((re.search(rb"(?i)content-length: (\d+)", head) or [b"", b"0"])[1])
    while len(body) < length:
        more = connection.recv(65536)
        data, body = data + more, body + more
    return data


def answer(status: str, body: str = "{}", media: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return (head + body).encode()


# -- a Dashboard ------------------------------------------------------------------------------------------------------


def says(text: bytes) -> Act:
    """Reads a request and answers it."""

    def act(peer: Peer, connection: socket.socket) -> None:
        peer.asked.append(request_of(connection))
        connection.sendall(text)

    return act


def resets_before(peer: Peer, connection: socket.socket) -> None:
    rst(connection)


def resets_within(peer: Peer, connection: socket.socket) -> None:
    peer.asked.append(connection.recv(1))
    rst(connection)


def resets_after(peer: Peer, connection: socket.socket) -> None:
    peer.asked.append(request_of(connection))
    rst(connection)


def closes_after(peer: Peer, connection: socket.socket) -> None:
    peer.asked.append(request_of(connection))


def closes_on_hearing(peer: Peer, connection: socket.socket) -> None:
    """Ends in good order, whatever it was that came first."""
    connection.recv(65536)


def closes_at_once(peer: Peer, connection: socket.socket) -> None:
    connection.recv(1)


def babbles(peer: Peer, connection: socket.socket) -> None:
    """Speaks another language."""
    connection.recv(65536)
    connection.sendall(b"500 unrecognized command\r\n")
    peer.over.wait(120)


def hangs(peer: Peer, connection: socket.socket) -> None:
    """Reads whatever comes and never says a word."""
    with contextlib.suppress(OSError):
        peer.asked.append(head_of(connection))
    peer.over.wait(120)


# -- proxies ----------------------------------------------------------------------------------------------------------


def forwards(port: int) -> Act:
    """A proxy for plain HTTP: hands the request on as it is."""

    def act(peer: Peer, connection: socket.socket) -> None:
        head = request_of(connection)
        with socket.create_connection(("127.0.0.1", port)) as behind:
            behind.sendall(head)
            shuttle(connection, behind)

    return act


def tunnels(port: int) -> Act:
    """A proxy that is asked for a tunnel with CONNECT."""

    def act(peer: Peer, connection: socket.socket) -> None:
        assert head_of(connection).startswith(b"CONNECT ")
        with socket.create_connection(("127.0.0.1", port)) as behind:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            shuttle(connection, behind)

    return act


def socks(port: int, reply: int = 0, method: int = 0) -> Act:
    """A SOCKS5 proxy; ``reply``: what it says to the wish, ``method``: how it wants to be paid (255: not at all)."""

    def act(peer: Peer, connection: socket.socket) -> None:
        connection.recv(262)
        connection.sendall(bytes((5, method)))
        if method:
            connection.recv(1)
            return
        connection.recv(262)
        connection.sendall(bytes((5, reply, 0, 1, 127, 0, 0, 1, 0, 0)))
        if reply:
            return
        with socket.create_connection(("127.0.0.1", port)) as behind:
            shuttle(connection, behind)

    return act


def shuttle(front: socket.socket, behind: socket.socket) -> None:
    """Bytes both ways; what ends on one side ends alike on the other."""
    other = {front: behind, behind: front}
    waiting = [front, behind]
    while waiting:
        pending = front in waiting and getattr(front, "pending", int)()
        for end in [front] if pending else select.select(waiting, [], [], 10)[0]:
            try:
                data = end.recv(65536)
            except ConnectionResetError:
                rst(other[end])
                return
            if data:
                other[end].sendall(data)
            else:
                waiting.remove(end)
                socket.socket.shutdown(other[end], socket.SHUT_WR)
