# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request: journal, fault, authentication, route, answer."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from . import front
from .api import index
from .auth import authenticate, check_scope, unauthenticated
from .faults import GATEWAY_TIMEOUT, Fault
from .rest import Call, FatalError, RestError, answer, fatal, picked, routes

if TYPE_CHECKING:
    from .journal import Entry
    from .server import Simulator

NO_PAGE = (
    "<!DOCTYPE html><html><head><title>Page not found</title><style>body { color: #444 }</style></head>"
    '<body class="error404"><h1>Page not found</h1></body></html>'
)
FRONT_PAGE = "<!DOCTYPE html><html><head><title>Dashboard</title></head><body>Hello world!</body></html>"
NO_ROUTE = ("rest_no_route", "No route was found matching the URL and request method.", 404)


class ResetError(ConnectionResetError):
    """The connection is to be reset."""


class Application:
    """Turns requests into answers (and connections into ruins)."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim

    def respond(self, environ: dict[str, Any]) -> Response:
        """Answer a request, or raise :class:`ResetError`."""
        request = Request(environ)
        request.get_data(cache=True, parse_form_data=True)
        path = request.path.removeprefix(self.sim.prefix)
        if self.sim.prefix and not request.path.startswith(self.sim.prefix + "/"):
            return Response("Not Found", 404, content_type="text/html; charset=UTF-8")
        if path.startswith(front.PREFIX):
            visit = self.sim.visits.open(request, path)
            page = front.page(self.sim.fleet, path, request)
            visit.status = page.status_code
            return self._dated(page)
        root = f"/{self.sim.rest_prefix}"
        if root == "/" or not f"{path}/".startswith(f"{root}/"):
            return self._dated(self._no_page(request))
        path = path.removeprefix(root) or "/"
        cache = self.sim.cache
        kept = cache.answer(request, path, self.sim.clock.now()) if cache else None
        if kept is not None:
            return kept
        response = self._served(request, path)
        if cache:
            cache.keep(request, path, response)
        return response

    def _served(self, request: Request, path: str) -> Response:
        """By the Dashboard itself."""
        entry = self.sim.journal.open(request, path)
        try:
            response = self._faulted(request, path, entry)
        finally:
            entry.ended = self.sim.journal.now()
            self.sim.cron.visit()
        entry.status = response.status_code
        if entry.is_write:
            entry.answer = response.get_data()
        return self._dated(response)

    def _dated(self, response: Response) -> Response:
        response.headers["Date"] = formatdate(self.sim.clock.now(), usegmt=True)
        return response

    def _faulted(self, request: Request, path: str, entry: Entry) -> Response:
        self.sim.clock.sleep(self.sim.takes(entry))
        fault = self.sim.faults.take(request.method, path)
        if fault is None:
            return self._answer(request, path, entry)
        entry.fault = fault.action
        return _Strike(self.sim, fault, lambda: self._answer(request, path, entry)).response()

    def _answer(self, request: Request, path: str, entry: Entry) -> Response:
        with self.sim.fleet.acting(f"request {entry.number}"):
            try:
                response = self._dispatch(request, path)
            except RestError as error:
                response = answer(error.body, error.status)
            except FatalError:
                return fatal(request)
        response.headers["Link"] = self._link()
        return response

    def _link(self) -> str:
        return f'<{self.sim.api_root}>; rel="https://api.w.org/"'

    def _no_page(self, request: Request) -> Response:
        """WordPress' page for what is not there: like all its pages it names the API.

        With page=1 it guesses what was meant, and leads to a page of the site. With plain permalinks it knows no
        addresses, and everything is its front page.
        """
        self.sim.strays.open(request, request.path)
        if not self.sim.rest_prefix:
            return Response(FRONT_PAGE, 200, {"Link": self._link()}, content_type="text/html; charset=UTF-8")
        if request.args.get("page") == "1":
            return Response("", 301, {"Location": f"{self.sim.url}/hello-world/", "Link": self._link()})
        return Response(NO_PAGE, 404, {"Link": self._link()}, content_type="text/html; charset=UTF-8")

    def _dispatch(self, request: Request, path: str) -> Response:
        """WordPress' order: credentials, scope, route, JSON, permission (core.md §1)."""
        if path.rstrip("/") == "":
            return answer(index(self.sim, request.args.get("_fields", "")))
        method = request.headers.get("X-HTTP-Method-Override", request.args.get("_method", request.method)).upper()
        path = path.rstrip("/")
        key = None
        if path.startswith("/mainwp/"):
            key = authenticate(request, self.sim.keys, self.sim.secure)
            if key:
                key.last_access = self.sim.clock.iso()
                check_scope(key, method)
        if method == "OPTIONS":
            return self._options(path, key is not None)
        found = routes.match(path, method)
        if found is None:
            raise RestError(*NO_ROUTE)
        pattern, handler, args = found
        call = Call(self.sim, request, path, args, key)
        try:
            call.json  # noqa: B018
        except json.JSONDecodeError:
            data = {"status": 400, "json_error_code": 4, "json_error_message": "Syntax error"}
            raise RestError("rest_invalid_json", "Invalid JSON body passed.", 400, data) from None
        is_v1 = pattern.startswith("/mainwp/v1/")
        if key is None and not is_v1:
            raise unauthenticated()
        try:
            body = handler(call, **args if is_v1 else call.aim)
            if not pattern.startswith(("/mainwp/v1/", "/mainwp/v2/sites")):
                body = picked(body, call.get("_fields"))
            response = body if isinstance(body, Response) else answer(body)
        except RestError as error:
            response = answer(error.body, error.status)
        response.headers["Allow"] = ", ".join(routes.methods[pattern])
        return response

    def _options(self, path: str, allowed: bool) -> Response:
        """200 for any valid key whatever its scope, and without any; 401 for a bad one (recorded)."""
        pattern = routes.known(path)
        if pattern is None:
            raise RestError(*NO_ROUTE)
        methods = routes.methods[pattern]
        body: dict[str, Any] = {
            "namespace": "/".join(path.split("/")[1:3]),
            "methods": methods,
            "endpoints": [{"methods": methods, "args": []}],
        }
        if "<" not in pattern:
            body["_links"] = {"self": [{"href": f"{self.sim.api_root.rstrip('/')}{path}"}]}
        response = answer(body)
        if allowed:
            response.headers["Allow"] = ", ".join(methods)
        return response


class _Strike:
    """A fault hitting one request."""

    def __init__(self, sim: Simulator, fault: Fault, work: Callable[[], Response]) -> None:
        self.sim, self.fault, self.work = sim, fault, work

    def response(self) -> Response:
        """What the client gets."""
        done: Response = getattr(self, self.fault.action)(**self.fault.options)
        return done

    def status(
        self,
        code: int = 503,
        body: Any = "",
        headers: dict[str, str] | None = None,
        content_type: str = "text/html; charset=UTF-8",
        after_work: bool = False,
    ) -> Response:
        if after_work:
            self.work()
        if not isinstance(body, (str, bytes)):
            body, content_type = json.dumps(body), "application/json; charset=UTF-8"
        return Response(body, code, headers, content_type=content_type)

    def reset_before(self) -> Response:
        raise ResetError

    def reset_after(self) -> Response:
        self.work()
        raise ResetError

    def gateway_timeout(self, delay: float = 0.0) -> Response:
        def later() -> None:
            self.sim.clock.sleep(delay)
            self.work()

        threading.Thread(target=later, name=f"behind-{uuid.uuid4().hex[:6]}", daemon=True).start()
        return Response(GATEWAY_TIMEOUT, 504, content_type="text/html")

    def slow(self, delay: float = 1.0) -> Response:
        self.sim.clock.sleep(delay)
        return self.work()

    def truncate(self) -> Response:
        response = self.work()
        data = response.get_data()
        response.set_data(data[: len(data) // 2])
        response.headers["Content-Length"] = str(len(data))
        response.headers["Connection"] = "close"
        return response

    def garbage(self, body: Any = None) -> Response:
        self.work()
        return answer({"success": "yes", "total": [], "data": 42} if body is None else body)

    def noise(self, before: str = "", behind: str = "") -> Response:
        """PHP printed something: the headers, with their status, left before WordPress had anything to say."""
        response = self.work()
        response.set_data(before.encode() + response.get_data() + behind.encode())
        response.status_code = 200 if before else response.status_code
        response.headers["Content-Type"] = "text/html; charset=UTF-8" if before else response.headers["Content-Type"]
        return response

    def huge(self, size: int = 50_000_000) -> Response:
        return answer({"success": 1, "total": 0, "data": [], "padding": "x" * size})

    def redirect(self, location: str, code: int = 302) -> Response:
        return Response("", code, {"Location": location}, content_type="text/html; charset=UTF-8")

    def hook(self, before: Callable[[], object] = lambda: None, after: Callable[[], object] = lambda: None) -> Response:
        before()
        response = self.work()
        after()
        return response
