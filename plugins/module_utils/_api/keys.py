# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API keys. PRIVATE to the collection."""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar

from .. import _errors as errors
from .._http import Form
from .._secrets import MASK
from . import normalise
from .collection import Collection, Id
from .normalise import as_bool, as_int, as_slug, as_text, as_time, as_written
from .resource import PAGE, Row

#: Pages of keys that are looked through for the scope.
_PAGES = 20
#: What looks like a piece of a token.
_TOKEN = re.compile(r"[0-9a-fA-F]{12,}(?:==[0-9a-fA-F]*)?")


class Keys(Collection):
    """``/rest-api``: keys of API v2, and those of v1, which are listed only. No answer tells a secret but that of an add."""

    path, noun = "rest-api", "API key"
    gone: ClassVar[frozenset[str]] = frozenset({"api_key_not_found"})
    undone: ClassVar[frozenset[str]] = frozenset({"empty_body"})
    #: The token of the key that was made last. No result but one shows it.
    token = ""

    @cached_property
    def rows(self) -> list[Row]:
        """All keys, newest first, those of v1 with 0 for a number: theirs is a secret's name."""
        rows = self.paged("rest-api/keys", "list the API keys")
        titles = self._titles(rows)
        return [self._row(raw, titles) for raw in rows]

    def scope(self) -> str | None:
        """``read`` or ``read_write`` from the row of the key in use; None when it is not told.

        Titles are translated, so only their number counts: who may read the list has Read (resources.md §9).
        """
        for page in range(1, _PAGES + 1):
            try:
                body = self.ask("rest-api/keys", "read the key's scope", {"page": page, "per_page": PAGE})
            except (errors.NoRoute, errors.NotTheApi):
                return None
            rows = [row for row in normalise.as_list(body.get("data")) if isinstance(row, dict)]
            for row in rows:
                if self._is_own(row):
                    return "read_write" if len(normalise.as_list(row.get("permissions"))) > 1 else "read"
            if page >= normalise.as_int(body.get("pages"), 1) or not rows:
                break
        return None

    def _is_own(self, raw: Row) -> bool:
        return raw.get("truncated_key") == self.http.connection.key_hint and raw.get("version") == "v2"

    def _row(self, raw: Row, titles: dict[str, str]) -> Row:
        held = [titles.get(as_text(title), "") for title in normalise.as_list(raw.get("permissions"))]
        return {
            "id": as_int(raw.get("id")) if raw.get("version") == "v2" else 0,
            "version": as_slug(raw.get("version")),
            "description": as_written(raw.get("description")),
            "permissions": "_".join(dict.fromkeys(filter(None, held))),
            "active": as_bool(raw.get("active")),
            "truncated_key": as_slug(raw.get("truncated_key")),
            "last_access": as_time(raw.get("last_access")),
            "own": self._is_own(raw),
        }

    def _titles(self, rows: list[Row]) -> dict[str, str]:
        """What a permission is called, for titles are translated: a key with both has Read first, and the one in use, which
        has just read the list, has Read in any case."""
        titles = {"Read": "read", "Write & Delete": "write"}
        for raw in rows:
            held = [as_text(title) for title in normalise.as_list(raw.get("permissions"))]
            if len(held) == 2 and raw.get("version") == "v2":
                return {held[0]: "read", held[1]: "write"}
            if len(held) == 1 and self._is_own(raw):
                titles |= {held[0]: "read"}
        return titles

    def add(self, given: Row) -> Id:
        """Make one, by a form only; its number is found by the end of its token."""
        self.token = ""
        form = Form({**given, "active": "1" if given.get("active") else "0"})
        try:
            answer = self.change("add-key", f"make an {self.noun}", form, "POST")
        except errors.MainWPError as exc:  # whatever is quoted may hold the new token
            exc.message, exc.hint = _TOKEN.sub(MASK, exc.message), _TOKEN.sub(MASK, exc.hint)
            raise
        self.token = as_slug(answer.get("token"))
        made = [row["id"] for row in self.rows if self.token and self.token.endswith(row["truncated_key"] or "?")]
        return max(made, default=0)

    def edit(self, number: Id, given: Row) -> None:
        """Change columns of one; ``active`` as a real boolean, any text would be yes."""
        self.change(f"edit-key/{number}", f"edit {self.noun} {number}", given)

    def remove(self, number: Id) -> str:
        """Take one away, for good."""
        self.change(f"delete-key/{number}", f"remove {self.noun} {number}", method="DELETE")
        return ""
