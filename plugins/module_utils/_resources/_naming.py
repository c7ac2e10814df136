# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags and clients by their names: pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._errors import InputError
from ._kept import Kept


@dataclass(frozen=True)
class Ref:
    """A tag or a client: known by its id, called by its name."""

    id: int
    name: str

    def __str__(self) -> str:
        return self.name or (f"id {self.id}" if self.id else "")

    @property
    def told_id(self) -> int | None:
        """None for what is only planned, whose id is below 0."""
        return self.id if self.id > 0 else None


NOBODY = Ref(0, "")
Row = Mapping[str, Any]
#: Column and what it has, whatever the case → rows.
_Names = dict[tuple[str, str], list[Row]]


def tag_of(option: str, text: str, rows: Sequence[Row]) -> Ref:
    """The tag that ``text`` names, else by its id. Raises InputError."""
    return _one_of(option, "tag", text, _TAGS.of(rows), "name")


def client_of(option: str, text: str, rows: Sequence[Row]) -> Ref:
    """The client that ``text`` names, by its e-mail address or its name, else by its id. Raises InputError."""
    return _one_of(option, "client", text, _CLIENTS.of(rows), "client_email", "name")


def _one_of(option: str, noun: str, text: str, names: _Names, *columns: str) -> Ref:
    """Of several that differ in case only, the one that is written just so."""
    wanted = text.strip().casefold()
    for column in columns:
        near = names.get((column, wanted), []) if wanted else []
        found = [row for row in near if str(row[column]).strip() == text.strip()] or near
        if len(found) > 1:
            ids = ", ".join(str(row["id"]) if row["id"] > 0 else "a new one" for row in found)
            raise InputError(option, f"the Dashboard has several {noun}s '{text}': ids {ids}.", "Give the id.")
        if found:
            return Ref(found[0]["id"], found[0]["name"].strip())
    by_id = names.get(("id", str(int(text))), []) if text.strip().isdecimal() else []
    if not by_id:
        raise InputError(option, f"the Dashboard has no {noun} '{text}'.", "Check the spelling.")
    return Ref(by_id[0]["id"], by_id[0]["name"].strip())


def _by_names(rows: Sequence[Row], *columns: str) -> _Names:
    found: _Names = {}
    for row in rows:
        for column in ("id", *columns):
            found.setdefault((column, str(row[column]).strip().casefold()), []).append(row)
    return found


_TAGS: Kept[Row, _Names] = Kept(lambda rows: _by_names(rows, "name"))
_CLIENTS: Kept[Row, _Names] = Kept(lambda rows: _by_names(rows, "client_email", "name"))
