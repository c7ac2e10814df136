# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages taken apart: every element is closed, nothing runs, nothing is asked of anybody."""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

#: Names as hostile as a site can have them.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    'O\'Neill & "Sons" </title></style>',
    "\u202egnp.exe \u2067שלום עולם\u2066",
    "Ж" * 300,
    "👩‍👩‍👧‍👦 Bäckerei 🥐",
    "{{ 7 * 7 }}{% for x in y %}",
    "javascript:alert(1)\x00\x1b[31m\ud800",
)
_VOID = {"meta", "link", "br", "img"}
#: The elements that pages are made of.
_KNOWN = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "style",
    "body",
    "div",
    "header",
    "main",
    "section",
    "article",
    "footer",
    "h1",
    "h2",
    "h3",
    "p",
    "span",
    "strong",
    "dl",
    "dt",
    "dd",
    "ul",
    "li",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "time",
    "bdi",
    "br",
    "svg",
    "rect",
    "path",
    "circle",
    "polyline",
    "line",
    "text",
    "img",
    "h4",
    "a",
}


class Page(HTMLParser):
    """A page; what it shows is in ``text``. Raises AssertionError for anything that no page of ours may have."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []
        self.style = ""
        self.policy = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], self._open
        digest = base64.b64encode(hashlib.sha256(self.style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in self.policy
        assert "default-src 'none'" in self.policy
        assert "unsafe" not in self.policy
        assert "url(" not in self.style
        assert "@import" not in self.style

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _KNOWN, tag
        given = {name: value or "" for name, value in attrs}
        assert not [name for name in given if name.startswith("on") or name == "style"], given
        for name in ("src",) if tag == "a" else ("src", "href"):
            assert given.get(name, "data:").startswith(("data:", "#")), given
        if tag == "a":
            assert given["href"].startswith(("http://", "https://")), given
            assert "noopener" in given["rel"], given
            self.links.append(given["href"])
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.tags.append(tag)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert tag not in _VOID, tag
        assert self._open, tag
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        elif self._open and "title" not in self._open:
            self.text = f"{self.text}{data}"

    def says(self, *texts: str) -> None:
        """Each of ``texts`` is shown, in this order."""
        shown, position = " ".join(self.text.split()), 0
        for text in texts:
            assert text in shown[position:], f"no {text!r} after {position} in {shown}"
            position = shown.index(text, position) + len(text)
