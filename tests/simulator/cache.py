# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cache in front of the Dashboard that keeps what it should not: answers to requests with credentials."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

#: kind -> what its answers say of a hit, of a miss, and whether they carry the Date of what was kept
KINDS: dict[str, tuple[dict[str, str], dict[str, str], bool]] = {
    "litespeed": ({"X-LiteSpeed-Cache": "hit"}, {"X-LiteSpeed-Cache": "miss"}, False),
    "cloudflare": ({"CF-Cache-Status": "HIT", "Age": ""}, {"CF-Cache-Status": "MISS"}, False),
    "nginx": ({"X-Cache-Status": "STALE"}, {"X-Cache-Status": "EXPIRED"}, False),
    "varnish": ({"X-Varnish": "32770 3", "Age": "", "Via": "1.1 varnish"}, {"X-Varnish": "3", "Age": "0"}, True),
    "date": ({}, {}, True),
    "silent": ({}, {}, False),
}


@dataclass
class Cache:
    """``kind``: how it tells (see KINDS). ``path``: what it keeps, a regular expression for the path below the API's
    root. ``whole``: it does not look at query strings. ``obedient``: who asks for no-cache passes by.
    ``writes``: it keeps the answers to writes, too."""

    kind: str = "litespeed"
    path: str = ".*"
    whole: bool = False
    obedient: bool = False
    writes: bool = False
    #: paths that it answered
    hits: list[str] = field(default_factory=list)
    _kept: dict[str, Response] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request, path: str, now: float) -> Response | None:
        """What it has kept for this request."""
        asks_past = self.obedient and "no-cache" in request.headers.get("Cache-Control", "")
        kept = self._kept.get(self._key(request))
        if kept is None or asks_past:
            return None
        with self._lock:
            self.hits.append(path)
        hit, _miss, own_date = KINDS[self.kind]
        made = kept.headers["Date"]
        response = Response(kept.get_data(), kept.status_code, Headers(kept.headers))
        age = str(int(now - parsedate_to_datetime(made).timestamp()))
        response.headers.extend({name: value or age for name, value in hit.items()})
        response.headers["Date"] = made if own_date else formatdate(now, usegmt=True)
        return response

    def keep(self, request: Request, path: str, response: Response) -> None:
        """Keep a good answer, whoever asked."""
        if (request.method == "GET" or self.writes) and response.status_code == 200 and re.fullmatch(self.path, path):
            with self._lock:
                self._kept[self._key(request)] = Response(response.get_data(), 200, Headers(response.headers))
            response.headers.extend(KINDS[self.kind][1])

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()

    def _key(self, request: Request) -> str:
        place = request.path if self.whole else request.full_path
        return f"{request.method} {place} {request.get_data(as_text=True)}"
