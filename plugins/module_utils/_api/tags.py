# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags, MainWP's groups of sites: the same on both dialects. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from .._http import Transport
from .collection import Collection
from .normalise import as_ids, as_int, as_written
from .resource import Columns, Row


class Tags(Collection):
    """``/tags``. Without a page it answers with all of them (resources.md §3)."""

    path, noun = "tags", "tag"
    #: ``sites_ids``: the sites that have the tag.
    columns: ClassVar[Columns] = {
        "id": as_int,
        "name": as_written,
        "color": as_written,
        "count_sites": as_int,
        "sites_ids": as_ids,
    }

    def __init__(self, http: Transport, tagged: Callable[[int], list[int] | None] = lambda _number: None) -> None:
        super().__init__(http)
        #: The sites that have a tag, where that is known without asking.
        self._tagged = tagged

    @property
    def complete(self) -> list[Row]:
        """All tags, each with all its sites: MySQL cuts the text of ids after 1,024 bytes, in the midst of one."""
        return [row if _is_whole(row) else {**row, "sites_ids": self._sites(row["id"])} for row in self.rows]

    def _sites(self, number: int) -> list[int]:
        known = self._tagged(number)
        if known is not None:
            return known
        found = self.listed(f"tags/{number}/sites", f"list the sites of tag {number}", {"id": as_int})
        return [row["id"] for row in found]


def _is_whole(row: Row) -> bool:
    """Not cut: as many ids as are counted, in order. What is left of a last one is less than the one before it."""
    ids = row["sites_ids"]
    return row["count_sites"] <= len(ids) and ids == sorted(ids)
