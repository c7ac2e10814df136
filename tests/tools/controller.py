# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for AWX's REST API, just enough for the modules of awx.awx to make and change objects."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

API = "/api/v2/"
#: table -> what the API calls an object of it
TYPES = {
    "credential_types": "credential_type",
    "credentials": "credential",
    "execution_environments": "execution_environment",
    "instance_groups": "instance_group",
    "inventories": "inventory",
    "inventory_sources": "inventory_source",
    "job_templates": "job_template",
    "notification_templates": "notification_template",
    "organizations": "organization",
    "projects": "project",
    "schedules": "schedule",
    "workflow_approval_templates": "workflow_approval_template",
    "workflow_job_template_nodes": "workflow_job_template_node",
    "workflow_job_templates": "workflow_job_template",
}
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources")
#: field -> table that it points to
POINTERS = {
    "credential": "credentials",
    "credential_type": "credential_types",
    "default_environment": "execution_environments",
    "execution_environment": "execution_environments",
    "inventory": "inventories",
    "organization": "organizations",
    "project": "projects",
    "source_project": "projects",
    "workflow_job_template": "workflow_job_templates",
}
HIDDEN = "$encrypted$"
#: What an approval template keeps of what it is sent.
APPROVAL_FIELDS = {"name", "description", "timeout", "execution_environment", "node"}
#: Fields of a workflow's node that override its template's, each only if that asks for it.
PROMPTS = {
    "limit": "ask_limit_on_launch",
    "inventory": "ask_inventory_on_launch",
    "extra_data": "ask_variables_on_launch",
}


class Controller:
    """The objects, by table and id; every answer is (status, body)."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in TYPES}
        self.links: dict[str, list[int]] = {}
        self.surveys: dict[int, Any] = {}
        self._last = 0
        self.create("organizations", {"name": "Default"})
        # one of AWX's own
        fields = [{"id": "vault_password", "type": "string", "secret": True}]
        self.create("credential_types", {"name": "Vault", "kind": "vault", "inputs": {"fields": fields}})

    def create(self, table: str, fields: dict[str, Any]) -> tuple[int, Any]:
        """A new object; names are unique, and what it points to exists."""
        if any(fields.get("name") and self._same(fields, row) for row in self.tables[table].values()):
            return 400, {"__all__": [f"{table} has {fields['name']} already."]}
        lost = [name for name, to in POINTERS.items() if fields.get(name) and fields[name] not in self.tables[to]]
        if lost:
            return 400, {name: ["Invalid pk"] for name in lost}
        refused = self._refusal(table, fields)
        if refused:
            return 400, refused
        self._last += 1
        url = f"{API}{table}/{self._last}/"
        related = {"survey_spec": f"{url}survey_spec/"} if table == "workflow_job_templates" else {}
        row = {"id": self._last, "type": TYPES[table], "url": url, "related": related}
        if table == "projects":  # whose first update is over
            row.update(scm_revision="0" * 40, status="successful", summary_fields={})
        self.tables[table][self._last] = row
        return 201, self._put(row, fields)

    def _refusal(self, table: str, fields: dict[str, Any]) -> dict[str, Any]:
        """What AWX says against an object that asks for what its template does not allow; empty when nothing."""
        if table == "schedules":
            needed = [
                f"'{question['variable']}' value missing"
                for question in self.surveys.get(fields["unified_job_template"], {}).get("spec", [])
                if question["required"] and question["variable"] not in fields.get("extra_data", {})
            ]
            return {"variables_needed_to_start": needed} if needed else {}
        if table == "workflow_job_template_nodes" and "unified_job_template" in fields:
            template = self._unified(fields["unified_job_template"])
            return {
                name: ["Field is not configured to prompt on launch."]
                for name, ask in PROMPTS.items()
                if fields.get(name) and not template.get(ask)
            }
        return {}

    def _unified(self, number: int) -> dict[str, Any]:
        """The template, project or source with that id."""
        return next(self.tables[name][number] for name in UNIFIED if number in self.tables[name])

    @staticmethod
    def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
        return all(one.get(name) == other.get(name) for name in ("name", "inventory", "credential_type", "node"))

    def _put(self, row: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        row.update(fields)
        if row["type"] == "inventory_source":  # and shares a space of names with the templates there
            row["organization"] = self.tables["inventories"][row["inventory"]]["organization"]
        if row["type"] == "credential":
            kind = self.tables["credential_types"][row["credential_type"]]
            secret = {field["id"] for field in kind["inputs"]["fields"] if field.get("secret")}
            unknown = set(row["inputs"]) - {field["id"] for field in kind["inputs"]["fields"]}
            assert not unknown, f"{kind['name']} has no {unknown}"
            row["inputs"] = {key: HIDDEN if key in secret else value for key, value in row["inputs"].items()}
        return row

    def find(self, table: str, query: dict[str, str]) -> tuple[int, Any]:
        """The objects that a list of the API would show."""
        tables = UNIFIED if table == "unified_job_templates" else (table,)
        rows = [row for name in tables for row in self.tables[name].values()]
        either = {key.removeprefix("or__"): value for key, value in query.items() if key.startswith("or__")}
        wanted = {key: value for key, value in query.items() if "__" not in key and key not in ("page", "page_size")}
        rows = [row for row in rows if all(str(row.get(key)) == value for key, value in wanted.items())]
        if either:
            rows = [row for row in rows if any(str(row.get(key)) == value for key, value in either.items())]
        return 200, {"count": len(rows), "results": rows, "next": None, "previous": None}

    def linked(self, key: str, table: str, body: dict[str, Any] | None) -> tuple[int, Any]:
        """What is associated with an object; with a body, one more or one less."""
        links = self.links.setdefault(key, [])
        if body is None:
            return 200, {"count": len(links), "results": [{"id": number} for number in links], "next": None}
        if body.get("disassociate"):
            links.remove(body["id"])
        elif body["id"] not in self.tables[table]:
            return 400, {"detail": f"no such object in {table}"}
        else:
            links.append(body["id"])
        return 204, None

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """One request."""
        match = re.fullmatch(rf"{API}(\w+)/(?:(\d+)/(?:(\w+)/)?)?", path)
        if not match or (match[1] not in TYPES and match[1] != "unified_job_templates"):
            return 404, {"detail": f"Not found: {path}"}
        table, number, part = match[1], int(match[2] or 0), match[3]
        if not number:
            return self.find(table, query) if method == "GET" else self.create(table, body)
        row = self.tables[table].get(number)
        if row is None:
            return 404, {"detail": "Not found."}
        if part == "survey_spec":
            if method == "POST":
                self.surveys[number] = body
            return 200, self.surveys.get(number, {})
        if part == "create_approval_template":
            known = {name: value for name, value in {**body, "node": number}.items() if name in APPROVAL_FIELDS}
            status, made = self.create("workflow_approval_templates", known)
            row["unified_job_template"], row["related"]["unified_job_template"] = made["id"], made["url"]
            return status, made
        if part and part.endswith("_nodes") and table == "workflow_approval_templates":
            return 404, {"detail": f"Not found: {path}"}
        if part:
            target = "notification_templates" if part.startswith("notification_templates") else part
            target = "workflow_job_template_nodes" if part.endswith("_nodes") else target
            return self.linked(f"{table}/{number}/{part}", target, body if method == "POST" else None)
        return 200, self._put(row, body) if method == "PATCH" else row


class Server(ThreadingHTTPServer):
    """``with Server() as server:`` answers at ``server.url``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.controller = Controller()
        self.lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def _respond(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        with self.server.lock:
            status, data = self.server.controller.answer(self.command, parts.path, dict(parse_qsl(parts.query)), body)
            text = b"" if data is None else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = _respond  # noqa: N815  # the names are http.server's

    def log_message(self, *args: object) -> None:
        """Quiet."""
