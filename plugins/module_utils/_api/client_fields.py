# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields that an agency makes for its clients: the same on both dialects. PRIVATE to the collection."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from .._http import Form
from . import normalise
from .collection import Collection, Id
from .normalise import as_int, as_written
from .resource import Columns, Row, told


class ClientFields(Collection):
    """``/clients/fields``. Always by number: by name it does not find all (resources.md §2.2)."""

    path, noun, removal = "clients/fields", "client field", "delete"
    columns: ClassVar[Columns] = {"field_id": as_int, "name": as_written, "description": as_written}
    gone = frozenset({"invalid_field_id"})
    #: The name of another one; and a write of what is there already.
    undone = frozenset({"create_field_failed", "empty_name", "update_field_failed"})

    @cached_property
    def rows(self) -> list[Row]:
        """All there are, page by page."""
        step = f"list the {self.noun}s"
        rows = [normalise.row(raw, self.columns) for raw in self.paged(self.path, step)]
        found = [{**row, "id": row["field_id"]} for row in rows if row["field_id"] > 0]
        return told(found if len(found) == len(rows) else None, step)

    def add(self, given: Row) -> Id:
        """By a form only; edits by JSON only."""
        answer = self.change("add", f"make a {self.noun}", Form(given), "POST")
        return as_int(normalise.as_map(answer.get("data")).get("field_id"))
