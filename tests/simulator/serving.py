# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers at work in a thread, at no cost while nobody comes."""

from __future__ import annotations

import selectors
import socket
import threading
from socketserver import BaseServer


class Serving:
    """Lets a server take connections until it is stopped.

    ``serve_forever`` looks fifty times a second whether it is to end, or ends late; with some servers in each process of the
    suite that is seconds of work for nothing.
    """

    def __init__(self, server: BaseServer) -> None:
        self._server = server
        self._end, self._told = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, daemon=True, name="server")
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections, and close the server."""
        with self._end:
            self._end.send(b".")  # a forked process may hold the line open
            self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        with self._told, selectors.DefaultSelector() as ready:
            ready.register(self._server, selectors.EVENT_READ)
            ready.register(self._told, selectors.EVENT_READ)
            while all(key.fileobj is not self._told for key, dummy in ready.select()):
                self._server._handle_request_noblock()  # what serve_forever calls, too
