# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all resources of the API share: how they are asked, and how many at a time. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from .. import _errors as errors
from .._http import Transport
from . import normalise

#: The largest page that both dialects accept (core.md §5.1).
PAGE = 100
#: How often a list is read that changes while its pages are read.
_TRIES = 3
#: Parallel reads; they cost the Dashboard a PHP worker each.
_READ_LANES = 4

ODD = "Is this a MainWP Dashboard, and does nothing change its answers on the way?"

#: One entry of a list, made regular.
Row = dict[str, Any]
#: Its keys, and how each value is read.
Columns = Mapping[str, Callable[[Any], Any]]
T = TypeVar("T")
Item = TypeVar("Item")


class Resource:
    """One resource of the API. What a subclass keeps as ``rows`` is asked once, and again after a write of ours."""

    root = "mainwp/v2"

    def __init__(self, http: Transport) -> None:
        self.http = http

    def ask(self, path: str, step: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """``GET`` below the API's root; the answer's object."""
        return normalise.as_map(self.http.read(f"{self.root}/{path}", query, step).data)

    def send(self, path: str, step: str, body: Any = None, method: str = "POST", work: bool = False) -> dict[str, Any]:
        """A write, sent once; the answer's object. ``work``: it builds on what was read, or starts updates."""
        try:
            answer = self.http.write(f"{self.root}/{path}", body, step=step, method=method, work=work)
            return normalise.as_map(answer.data)
        finally:
            self.forget()

    def forget(self) -> None:
        """Ask again when ``rows`` are needed: what was read is not the truth any more."""
        self.__dict__.pop("rows", None)

    def listed(self, path: str, step: str, columns: Columns, query: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a list. Raises AnswerLost for anything else: what it lacks would be taken for gone."""
        found = normalise.listed(self.ask(path, step, query).get("data"), lambda raw: normalise.row(raw, columns))
        return told(found, step)

    def paged(self, path: str, step: str) -> list[Row]:
        """All raw rows of a list that comes in pages, of which the last is answered for any behind it. Raises AnswerLost
        where it changes faster than it can be read: what it lacks would be taken for gone."""
        for dummy in range(_TRIES):
            totals, found = self._pages(path, step)
            if totals == {len(found)}:
                return found
        raise errors.AnswerLost(f"{step}: the list changes while it is read.", hint="Run it again.")

    def _pages(self, path: str, step: str) -> tuple[set[int], list[Row]]:
        """(how many rows there are by each page, those that were read). What goes or comes meanwhile shifts the others."""
        found: list[Row] = []
        totals: set[int] = set()
        page = pages = 1
        while page <= pages:
            body = self.ask(path, step, {"page": page, "per_page": PAGE})
            data = body.get("data")
            if data is None and "success" in body and not normalise.as_bool(body["success"]):
                return {0}, []  # so it says that there is none
            rows = told(data if isinstance(data, list) and all(isinstance(row, dict) for row in data) else None, step)
            found += [row for row in rows if row not in found]
            totals.add(normalise.as_int(body.get("total"), len(found)))
            pages = normalise.as_int(body.get("pages"), 1)
            page += 1
        return totals, found


def parallel(read: Callable[[Item], T], items: Iterable[Item]) -> list[T]:
    """``read`` each of the items, several at a time. Raises what the first of them that fails raises."""
    with ThreadPoolExecutor(_READ_LANES) as pool:
        return list(pool.map(read, items))


def told(found: list[T] | None, step: str) -> list[T]:
    """The list that was asked for. Raises AnswerLost if the answer held none."""
    if found is None:
        raise errors.AnswerLost(f"{step}: the answer is not such a list.", hint=ODD)
    return found
