# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of requests, for assertions."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request

#: request parameters that hold credentials (core.md §1.3)
CREDENTIALS = ("consumer_key", "consumer_secret", "oauth_mainwp_ck", "oauth_mainwp_cs")
SECRET_HEADERS = ("authorization", "x-api-key")
#: requests that start work on a site or take one in or out
WORK = re.compile(
    r"/mainwp/v2/(?:updates/(?:[^/]+/)?update(?:/\w+)?|sites/(?:add|batch|[^/]+/(?:edit|remove))|batch"
    r"|sites/[^/]+/(?:plugins|themes)/(?:activate|deactivate|delete))"
    r"|/mainwp/v1/site/(?:site-update-[\w-]+|add-site|edit-site|remove-site|site-manage-(?:plugin|theme))"
)


@dataclass
class Entry:
    """One request, without its credentials."""

    number: int
    method: str
    path: str
    query: dict[str, Any]
    json: Any
    form: dict[str, Any]
    headers: dict[str, str]
    #: bearer, basic, query, x-api-key, oauth or none
    auth: str
    time: float
    status: int | None = None
    #: the action of the fault that struck it
    fault: str = ""
    #: body of the answer to a write
    answer: bytes = field(default=b"", repr=False)
    #: when it was answered, or its connection reset
    ended: float | None = None
    #: raw body, when it was neither JSON nor a form
    body: bytes = field(default=b"", repr=False)

    @property
    def is_write(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS")


class Journal:
    """All requests to the API, in the order of arrival."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        #: the clock that entries go by
        self.now = now
        self._count = 0
        self.entries: list[Entry] = []

    def open(self, request: Request, path: str) -> Entry:
        """Write down a request that just came in."""
        with self._lock:
            self._count += 1
            entry = Entry(
                number=self._count,
                method=request.method,
                path=path,
                query={key: _one(values) for key, values in request.args.lists() if key not in CREDENTIALS},
                json=request.get_json(silent=True) if request.is_json else None,
                form={key: _one(values) for key, values in request.form.lists() if key not in CREDENTIALS},
                headers={key: value for key, value in request.headers.items() if key.lower() not in SECRET_HEADERS},
                auth=auth_form(request),
                time=self.now(),
                body=b"" if request.form else request.get_data(),
            )
            self.entries.append(entry)
        return entry

    def writes(self) -> list[Entry]:
        """Every request whose method is not GET, HEAD or OPTIONS."""
        return [entry for entry in self.entries if entry.is_write]

    def work(self) -> list[Entry]:
        """The writes that start work: updates, site add/edit/remove, plugin and theme actions, batches."""
        return [entry for entry in self.writes() if WORK.fullmatch(entry.path)]

    def find(self, method: str | None = None, path: str = "") -> list[Entry]:
        """Requests of a method whose path matches a regular expression fully."""
        return [
            entry
            for entry in self.entries
            if method in (None, entry.method) and (not path or re.fullmatch(path, entry.path))
        ]

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        with self._lock:
            self.entries.clear()


def auth_form(request: Request) -> str:
    """In which form credentials came."""
    header = request.headers.get("Authorization", "")
    if header:
        return header.split(" ", 1)[0].lower()
    if "X-Api-Key" in request.headers:
        return "x-api-key"
    if any(name in request.args for name in CREDENTIALS):
        return "query"
    return "none"


def _one(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values
