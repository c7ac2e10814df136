# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invented vulnerability feeds: nothing in them is, or looks like, a record of a real one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from simulator.serving import Serving

#: What the inventors of these feeds ask for beside their texts.
NOTICE = {
    "notice": "Copyright 2026 Invented Feeds",
    "license": "Do as you like.",
    "license_url": "https://feeds.example/l",
}
COPYRIGHTS = {"message": "This record is invented.", "inventors": NOTICE}


def versions(low: str = "*", high: str = "*", with_low: bool = True, with_high: bool = True) -> dict[str, Any]:
    """A range of affected versions."""
    return {"from_version": low, "from_inclusive": with_low, "to_version": high, "to_inclusive": with_high}


def software(
    slug: str, *ranges: Mapping[str, Any], kind: str = "plugin", patched: Iterable[str] = ()
) -> dict[str, Any]:
    """One piece of software in a record; without ranges all versions are affected."""
    fixed = list(patched)
    return {
        "type": kind,
        "name": slug.replace("-", " ").title(),
        "slug": slug,
        "affected_versions": {f"range {number}": dict(one) for number, one in enumerate(ranges or (versions(),))},
        "patched": bool(fixed),
        "patched_versions": fixed,
        "remediation": "Update.",
    }


def record(number: int, *pieces: Mapping[str, Any], score: float | None = 7.5, **more: Any) -> dict[str, Any]:
    """A record as the production feed has them."""
    key = name(number)
    ratings = ((0, "None"), (3.9, "Low"), (6.9, "Medium"), (8.9, "High"), (10, "Critical"))
    rating = next((word for highest, word in ratings if score is not None and score <= highest), "")
    return {
        "id": key,
        "title": f"Invented flaw {number}",
        "software": [dict(one) for one in pieces],
        "informational": False,
        "description": f"Whoever reads this has found flaw {number}.",
        "references": ["https://elsewhere.example/note", f"https://feeds.example/flaws/{key}"],
        "cwe": {"id": 0, "name": "Invented", "description": "Invented."},
        "cvss": None if score is None else {"vector": "CVSS:3.1/INVENTED", "score": score, "rating": rating},
        "cve": f"CVE-0000-{number:05d}",
        "cve_link": None,
        "researchers": ["Nobody"],
        "published": "2026-11-01 00:00:00",
        "updated": "2026-11-02 00:00:00",
        "copyrights": COPYRIGHTS,
        **more,
    }


def name(number: int) -> str:
    """A record's id."""
    return f"00000000-0000-4000-8000-{number:012d}"


def text_of(*records: Mapping[str, Any]) -> str:
    """A feed with these records."""
    return json.dumps({one["id"]: one for one in records})


def written(path: Path, *records: Mapping[str, Any]) -> Path:
    """A file with these records."""
    path.write_text(text_of(*records), encoding="utf-8")
    return path


def large(path: Path, megabytes: float, seed: int = 1) -> int:
    """Write a feed of about that size, as varied as real ones; how many records it has."""
    draw, count, limit = random.Random(seed), 0, megabytes * 1e6
    with path.open("w", encoding="utf-8") as file:
        file.write("{")
        while file.tell() < limit:
            one = _varied(count, draw)
            file.write(("," if count else "") + json.dumps(one["id"]) + ":" + json.dumps(one))
            count += 1
        file.write("}")
    return count


def _varied(number: int, draw: random.Random) -> dict[str, Any]:
    pieces = []
    for dummy in range(draw.choice((1, 1, 1, 1, 2, 5))):
        kind = draw.choices(("plugin", "theme", "core"), (90, 9, 1))[0]
        slug = "wordpress" if kind == "core" else f"{kind}-{int(16000 * draw.random() ** 1.6)}"
        high = f"{draw.randrange(1, 9)}.{draw.randrange(20)}.{draw.randrange(20)}"
        pieces.append(software(slug, versions(high=high), kind=kind, patched=[f"{high}.1"]))
    words = " ".join(draw.choice(("invented", "flaw", "nobody", "anywhere", "never")) for dummy in range(260))
    score = draw.choice((None, 2.1, 4.3, 6.4, 7.5, 8.8, 9.8))
    return record(number, *pieces, score=score, description=words)


#: A status, headers, a body.
Answer = tuple[int, dict[str, str], str]


class FeedServer:
    """A feed behind HTTP on this machine; ``asked`` are the headers of each request."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stamp = "Sun, 01 Nov 2026 00:00:00 GMT"
        self.asked: list[dict[str, str]] = []
        #: What is answered in the place of the feed.
        self.instead: Answer | None = None
        #: The same by path.
        self.answers: Callable[[str], Answer | None] = lambda _path: self.instead
        #: So many bytes of the feed are sent, of all that are announced.
        self.cut: int | None = None
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(dict(handler.headers.items()))
        instead = self.answers(handler.path)
        status, headers, body = instead or (200, {"Last-Modified": self.stamp}, self.text)
        if not instead and handler.headers.get("If-Modified-Since") == self.stamp:
            status, body = 304, ""
        data = body.encode()
        handler.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(data))}.items():
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(data if self.cut is None else data[: self.cut])
        handler.close_connection = True


@contextmanager
def served(text: str) -> Iterator[FeedServer]:
    """A server with this feed."""
    feed = FeedServer(text)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            feed.answer(self)

        log_message: Callable[..., None] = lambda *_arguments: None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = Serving(server)
    feed.url = f"http://127.0.0.1:{server.server_port}/feed"
    try:
        yield feed
    finally:
        serving.stop()
