# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What entries want of one thing at one site: two that want different things would undo each other in each run. Pure.
PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._entry import Entry

#: Which options say what becomes of a thing.
_SAYING = {
    "plugins": ("state",),
    "themes": ("state",),
    "users": ("state", "role", "email"),
}


class Goals:
    """What is wanted where."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        #: (site id, what of which thing) → what is wanted, and by which entry
        self._wanted: dict[tuple[int, str], tuple[Any, str]] = {}
        #: (place, the other place) → the things and sites that they quarrel about
        self._quarrels: dict[tuple[str, str], list[tuple[int, str, str]]] = {}

    def want(self, entry: Entry, site: Mapping[str, Any], key: str) -> None:
        """An entry wants something of a thing at a site."""
        for what, value in self._said(entry, key):
            known, place = self._wanted.setdefault((site["id"], what), (value, entry.place))
            if known != value and place != entry.place:
                self._quarrels.setdefault((entry.place, place), []).append((site["id"], site["url"], key))

    def _said(self, entry: Entry, key: str) -> Iterator[tuple[str, Any]]:
        options = entry.options
        if self.kind == "ignored_updates":
            yield key, options[key] if key in options else options.get("state")
            return
        for name in _SAYING[self.kind]:
            if options.get(name) is not None:
                yield f"{key} {name}", options[name]
        if self.kind == "themes" and options.get("state") == "active":
            yield "the active theme", key

    def quarrels(self) -> Iterator[tuple[str, str]]:
        """(place, sentence) of each two entries that want different things."""
        for (place, other), where in self._quarrels.items():
            yield place, _sentence(other, where)

    def quarrels_of(self, place: str) -> dict[int, str]:
        """Site id → the sentence, for each site where this entry quarrels with another."""
        found: dict[int, str] = {}
        for (one, other), where in self._quarrels.items():
            if place in (one, other):
                text = f"It {_sentence(other if place == one else one, where)}"
                found |= {number: text for number, dummy, dummy2 in where}
        return found


def _sentence(other: str, where: list[tuple[int, str, str]]) -> str:
    dummy, url, key = where[0]
    more = f" and in {len(where) - 1} more cases" if len(where) > 1 else ""
    return f"wants another thing of '{key}' on {url}{more} than {other} does."
