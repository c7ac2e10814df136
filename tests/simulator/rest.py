# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WordPress REST layer: parameters, routes, errors, answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from werkzeug.routing import BaseConverter, Map, Rule
from werkzeug.wrappers import Request, Response

from .php import bare_url, parse_list, php_arrays, php_text
from .state import Site

if TYPE_CHECKING:
    from .fleet import Fleet
    from .keys import Key
    from .server import Simulator

GET = ("GET",)
POST = ("POST",)
DELETE = ("DELETE",)
#: WordPress' EDITABLE (core.md §3)
EDIT = ("POST", "PUT", "PATCH")
JSON = "application/json; charset=UTF-8"
#: WordPress' page for an uncaught error (recorded, without its styles)
CRITICAL = (
    '<!DOCTYPE html>\n<html lang="en-US">\n<head>\n\t<meta http-equiv="Content-Type" content="text/html;'
    ' charset=UTF-8" />\n\t<title>WordPress &rsaquo; Error</title>\n</head>\n<body id="error-page">\n\t'
    '<div class="wp-die-message"><p>There has been a critical error on this website.</p><p><a href="https://'
    'wordpress.org/documentation/article/faq-troubleshooting/">Learn more about troubleshooting WordPress.</a></p>'
    "</div></body>\n</html>\n\t"
)


class RestError(Exception):
    """A WP_Error. Without a status it becomes a 500 with ``data: null`` (resources.md §0.1)."""

    def __init__(self, code: str, message: str, status: int | None = None, data: Any = None) -> None:
        super().__init__(message)
        self.status = status or 500
        self.body = {"code": code, "message": message, "data": {"status": status} if status and data is None else data}


class FatalError(Exception):
    """An uncaught PHP error: HTML, or JSON for a client that accepts JSON (core.md §6.4)."""


@dataclass
class Call:
    """A request as the handlers see it."""

    sim: Simulator
    request: Request
    path: str
    args: dict[str, Any] = field(default_factory=dict)
    key: Key | None = None

    @property
    def fleet(self) -> Fleet:
        return self.sim.fleet

    @property
    def abilities(self) -> bool:
        return self.sim.dialect == "abilities"

    @property
    def method(self) -> str:
        return "GET" if self.request.method == "HEAD" else self.request.method

    @cached_property
    def json(self) -> dict[str, Any]:
        """The JSON body; only with a JSON content type, else a body is no parameters (core.md §10.11)."""
        if not self.request.is_json or not self.request.get_data():
            return {}
        body = json.loads(self.request.get_data())
        return body if isinstance(body, dict) else {}

    @property
    def aim(self) -> dict[str, str]:
        """The variables of the path – unless a parameter has the name of one: that wins (resources.md §0.3)."""
        return {name: php_text(self.get(name)) for name in self.args}

    @cached_property
    def params(self) -> dict[str, Any]:
        """JSON body over form over query over URL (resources.md §0.3)."""
        merged = dict(self.args)
        for source in (self.request.args, self.request.form):
            merged |= _php_names(source.lists())
        return merged | self.json

    def get(self, name: str, default: Any = None) -> Any:
        """One parameter."""
        return self.params.get(name, default)

    def site(self, identifier: str) -> Site:
        """The site of a path: by id, else by domain (core.md §3, not found)."""
        site = find_site(self.fleet, identifier)
        if site:
            return site
        if identifier.isdigit():
            raise RestError("mainwp_rest_invalid_site_id", "Invalid or not found ID.", 404)
        raise RestError("mainwp_rest_invalid_site_data", "Invalid or not found domain.", 404)


def find_site(fleet: Fleet, identifier: str) -> Site | None:
    """By id, or by domain without scheme and www.; the first hit wins (core.md §3)."""
    if identifier.isdigit():
        return fleet.sites.get(int(identifier))
    wanted = bare_url(identifier)
    return next((site for site in fleet.sites.values() if bare_url(site.url) == wanted), None)


Handler = Callable[..., Any]


class _Id(BaseConverter):
    """What GET of a single item takes: a number, or a domain with a TLD of 2–6 letters (core.md §3)."""

    regex = r"\d+|[A-Za-z0-9\-.]*[A-Za-z0-9\-]{1,63}\.[A-Za-z]{2,6}"


class _Loose(BaseConverter):
    """What the routes below a site take."""

    regex = r"[A-Za-z0-9\-._]+"


class _Client(BaseConverter):
    """A client's number or e-mail address, as GET of a single one takes it: also percent-encoded (recorded)."""

    regex = r"[^/]+"


class _LooseClient(BaseConverter):
    """What the routes below a client take (resources.md §2.1)."""

    regex = r"[A-Za-z0-9_.@\-]+"


class _Text(BaseConverter):
    """A name that may hold anything but a slash."""

    regex = r"[^/]+"


class _Key(BaseConverter):
    """The number of an API key, or the public half of one of API v1."""

    regex = r"[1-9][0-9]*|ck_[a-f0-9]{40}"


class Routes:
    """The route table; a path under another method is no route: 404, never 405 (core.md §1.4)."""

    def __init__(self) -> None:
        self.map = Map(
            converters={
                "item": _Id,
                "loose": _Loose,
                "client": _Client,
                "loose_client": _LooseClient,
                "text": _Text,
                "key": _Key,
            },
            strict_slashes=False,
            merge_slashes=False,
        )
        self.methods: dict[str, list[str]] = {}

    def __call__(self, methods: tuple[str, ...], *paths: str) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            for path in paths:
                rule = Rule(path, endpoint=(path, handler, methods), methods=list(methods))
                self.map.add(rule)
                self.methods.setdefault(path, []).extend(methods)
            return handler

        return register

    def match(self, path: str, method: str) -> tuple[str, Handler, dict[str, Any]] | None:
        """Pattern, handler and URL parameters of a request."""
        adapter = self.map.bind("")
        if not adapter.test(path, method):
            return None
        endpoint, args = adapter.match(path, method)
        return endpoint[0], endpoint[1], dict(args)

    def known(self, path: str) -> str | None:
        """The pattern that the path belongs to, whatever the method."""
        adapter = self.map.bind("")
        for method in ("GET", "POST", "DELETE", "PUT"):
            if adapter.test(path, method):
                return str(adapter.match(path, method)[0][0])
        return None


routes = Routes()


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer; PHP's null prints nothing (recorded: v1 site/site of an unknown id)."""
    text = "" if body is None else json.dumps(php_arrays(body), separators=(",", ":"))
    return Response(text, status, content_type=JSON)


def picked(body: Any, wanted: Any) -> Any:
    """WordPress' own ``_fields``: it picks from the envelope, not from the rows (recorded)."""
    names = parse_list(wanted)
    if not names or not isinstance(body, dict):
        return body
    inner = {name.partition(".")[0] for name in names} - set(names)
    return {name: [] if name in inner else body[name] for name in body if name in names or name in inner}


def fatal(request: Request) -> Response:
    """WordPress' critical error."""
    if "application/json" in request.headers.get("Accept", ""):
        error = {
            "code": "internal_server_error",
            "message": "<p>There has been a critical error on this website.</p>",
            "data": {"status": 500},
            "additional_errors": [],
        }
        return answer(error, 500)
    return Response(CRITICAL, 500, content_type="text/html; charset=UTF-8")


def _php_names(lists: Any) -> dict[str, Any]:
    """PHP's reading of names: ``slug[]=a&slug[]=b`` and ``slug[key]=value``."""
    merged: dict[str, Any] = {}
    for name, values in lists:
        stem, bracket, rest = name.partition("[")
        inner = rest.removesuffix("]")
        if not bracket:
            merged[name] = values[-1]
        elif inner:
            merged[stem] = {**(merged.get(stem) or {}), inner: values[-1]}
        else:
            merged[stem] = values
    return merged
