# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dashboard on the other end of no wire: the client's own transport, without sockets."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from werkzeug.test import EnvironBuilder

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _bounds
from ansible_collections.wpfleet.mainwp.plugins.module_utils._http import Transport
from simulator import Simulator
from simulator.app import Application

URL = "https://dash.example"
#: A job that asks for more has no end.
_TOO_MANY = 1500

#: (method, path with what it is about, how many of that kind came before)
Key = tuple[str, str, int]


class Endless(BaseException):
    """The job goes round in circles."""


@dataclass
class Wire:
    """Answers requests with ``answer(prepared request) -> (status, headers, text)``, and changes some bodies on the way.

    ``tamper``: (the request's key, body) → the body that arrives.
    """

    answer: Callable[[requests.PreparedRequest], tuple[int, dict[str, str], str]]
    tamper: Callable[[Key, str], str] = lambda _key, text: text
    asked: list[Key] = field(default_factory=list)
    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def exchange(
        self, session: Any, method: str, url: str, params: dict[str, Any], body: Any, name: str
    ) -> tuple[Any, bytes]:
        """In place of Transport._exchange."""
        request = session.prepare_request(requests.Request(method, url, params=params, json=body))
        status, headers, text = self.answer(request)
        parts = urlsplit(request.url)
        query = parse_qs(parts.query)
        about = "".join(f"?{key}={query[key][0]}" for key in ("include", "site_id", "page") if key in query)
        with self._lock:
            kind = (method, parts.path + about)
            key = (*kind, self._seen[kind])
            self._seen[kind] += 1
            self.asked.append(key)
            if len(self.asked) > _TOO_MANY:
                raise Endless(f"more than {_TOO_MANY} requests, the last: {key}")
        if text:
            text = self.tamper(key, text)
        response = SimpleNamespace(status_code=status, headers=CaseInsensitiveDict(headers))
        return response, text.encode("utf-8", "surrogatepass")


class _Nowhere(requests.adapters.BaseAdapter):
    """Where no request goes: the pools of connections that a session has at once are most of what it costs."""

    def __init__(self, **_pools: int) -> None:
        super().__init__()

    def close(self) -> None:
        """Nothing is open."""


@contextmanager
def plugged(wire: Wire) -> Iterator[Wire]:
    """Every Transport uses ``wire``."""

    def exchange(_self: Transport, *args: Any) -> tuple[Any, bytes]:
        return wire.exchange(*args)

    with (
        mock.patch.object(Transport, "_exchange", exchange),
        mock.patch.object(_bounds, "_Adapter", _Nowhere),
        mock.patch.object(requests.sessions, "HTTPAdapter", _Nowhere),
    ):
        yield wire


def simulated(sim: Simulator) -> Callable[[requests.PreparedRequest], tuple[int, dict[str, str], str]]:
    """The simulator's answers, in this process."""
    application = Application(sim)

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(str(request.url))
        builder = EnvironBuilder(
            path=parts.path,
            query_string=parts.query,
            method=request.method,
            headers=dict(request.headers),
            data=request.body or b"",
        )
        response = application.respond(builder.get_environ())
        return response.status_code, dict(response.headers), response.get_data(as_text=True)

    return answer


def said(body: Any, status: int = 200) -> Callable[[requests.PreparedRequest], tuple[int, dict[str, str], str]]:
    """Always the same answer."""
    text = body if isinstance(body, str) else json.dumps(body)
    return lambda _request: (status, {"Content-Type": "application/json; charset=UTF-8"}, text)
