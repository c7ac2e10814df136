# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep secrets out of every text that leaves the collection. PRIVATE to the collection."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "********"
#: Shorter values would mask innocent text: a header value of "1" would turn 1.10 into asterisks.
SHORTEST = 8

#: Tags that end a line of text, so that words do not run together.
_BLOCK_TAG = re.compile(
    r"</?(?:body|br|div|h[1-6]|head|hr|html|li|ol|p|section|table|td|th|title|tr|ul)\b[^<>]*>", re.IGNORECASE
)
_HTML_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ENTITY_LOOP = 2


def printable(text: str) -> str:
    """``text`` without what would steer a terminal: escape sequences, control and bidi characters."""
    return _CONTROL.sub("", text.replace("\n", " ").replace("\t", " "))


def plain(text: Any, limit: int = 500) -> str:
    """Text from the API made fit for a message: no HTML, no control characters, one line, bounded."""
    import html

    result = str(text if text is not None else "")[: limit * 20]
    for _round in range(_ENTITY_LOOP):
        # Twice, because the Dashboard escapes what a child had escaped already (core.md §10.4).
        result = html.unescape(_HTML_TAG.sub("", _BLOCK_TAG.sub(" ", result)))
    result = printable(result)
    result = re.sub(r" {2,}", " ", result).strip()
    return result if len(result) <= limit else result[: limit - 1] + "…"


class Secrets:
    """The secret values of one connection and all forms in which they could turn up."""

    def __init__(self, values: Iterable[str] = (), pairs: Iterable[tuple[str, str]] = ()) -> None:
        forms: set[str] = set()
        for value in values:
            forms.update(_forms(value))
        for user, password in pairs:
            forms.update(_forms(base64.b64encode(f"{user}:{password}".encode()).decode()))
        self.forms = tuple(sorted((form for form in forms if len(form) >= SHORTEST), key=len, reverse=True))

    def mask(self, text: str) -> str:
        """``text`` with each secret replaced."""
        for form in self.forms:
            if form in text:
                text = text.replace(form, MASK)
        return text

    def mask_all(self, value: Any) -> Any:
        """A copy of ``value`` (any nesting of dicts and lists) with secrets replaced in all strings."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {self.mask_all(key): self.mask_all(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.mask_all(item) for item in value]
        return value


def _forms(value: str) -> set[str]:
    """A secret as itself, URL-quoted, base64 and inside a JSON string."""
    if len(value) < SHORTEST:
        return set()
    return {
        value,
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        base64.b64encode(value.encode()).decode(),
    }
