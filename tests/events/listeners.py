# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who hears of events outside of ansible-rulebook: a chat, and as much of AWX as launches a template."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener:
    """A server on loopback that notes what is sent to it."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[tuple[str, Any]] = []

    @property
    def texts(self) -> list[str]:
        """What a chat shows."""
        return [body["text"] for _path, body in self.received]

    def answer(self, path: str) -> Any:
        return {}

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.received.append((self.path, json.loads(body)))
                self.reply()

            def reply(self) -> None:
                data = json.dumps(listener.answer(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


class Awx(Listener):
    """Has one template of each kind, with jobs that are done at once."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def answer(self, path: str) -> Any:
        if "unified_job_templates" in path:
            rows = [self._template(kind) for kind in ("job_template", "workflow_job_template")]
            return {"count": len(rows), "next": None, "results": rows}
        if path.endswith("/launch/"):
            return {"id": 7, "url": "/api/v2/jobs/7/", "status": "pending"}
        job = {
            "id": 7,
            "url": "/api/v2/jobs/7/",
            "status": "successful",
            "created": "2026-01-01T00:00:00Z",
            "artifacts": {},
            "version": "24",  # what AWX itself says
        }
        if "id__in" in path:
            return {"count": 1, "next": None, "results": [job]}
        return job

    def _template(self, kind: str) -> dict[str, Any]:
        asks = ("limit", "labels", "inventory", "variables")
        return {
            "id": 1,
            "type": kind,
            "name": self.name,
            "related": {"launch": f"/api/v2/{kind}s/1/launch/"},
            "summary_fields": {"organization": {"name": "Default"}},
            **{f"ask_{one}_on_launch": False for one in asks},
        }
