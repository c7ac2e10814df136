# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources that are added, edited and removed one by one: tags, clients, sites … PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, TypeAlias
from urllib.parse import quote

from .. import _errors as errors
from .._secrets import plain
from . import normalise
from .resource import ODD, Columns, Resource, Row

REFUSED = "The Dashboard refuses it, so nothing was changed. Trying it there by hand may tell more."

#: A number, or the slug of what has none.
Id: TypeAlias = "int | str"


class Collection(Resource):
    """The writes that such resources share; each is sent once."""

    #: Its route below the root, how one of it is called, and the last word of the route that takes one away.
    path = noun = ""
    removal = "remove"
    #: What a row of it has, and how each column is read.
    columns: ClassVar[Columns] = {}
    #: Codes of errors without a status that says so: one is not there; nothing was done.
    gone: ClassVar[frozenset[str]] = frozenset()
    undone: ClassVar[frozenset[str]] = frozenset()
    #: ``rows`` are not what was read.
    _pretends = False
    #: Nothing is written, and what was read stays good for a while.
    steady = False

    @cached_property
    def rows(self) -> list[Row]:
        """All there are; the list without a page has all of them, and all columns."""
        return self.listed(self.path, f"list the {self.noun}s", self.columns)

    @property
    def complete(self) -> list[Row]:
        """All there are, with all that belongs to them."""
        return self.rows

    def pretend(self, rows: Sequence[Row]) -> None:
        """Until something is written, these stand for what there is. Whoever is not there yet has an id below 0."""
        self.rows = list(rows)
        self._pretends = True

    def forget(self) -> None:
        """Ask again when ``rows`` are needed, unless what was read is known to be good still."""
        if self._pretends or not self.steady:
            self._drop()

    def _drop(self) -> None:
        super().forget()
        self._pretends = False

    def wake(self) -> None:
        """Forget what was pretended; and what is read is good only once from now on."""
        self.steady = False
        if self._pretends:
            self._drop()

    def add(self, given: Row) -> Id:
        """Make one; its id, 0 where the answer does not tell."""
        answer = self.change("add", f"make a {self.noun}", given, "POST")
        return normalise.as_int(normalise.as_map(answer.get("data")).get("id"))

    def edit(self, number: Id, given: Row) -> None:
        """Change columns of one."""
        self.change(f"{quote(str(number), safe='')}/edit", f"edit {self.noun} {number}", given)

    def remove(self, number: Id) -> str:
        """Take one away; what MainWP complains about although it does. Raises NotFound if it is gone already."""
        route = f"{quote(str(number), safe='')}/{self.removal}"
        self.change(route, f"remove {self.noun} {number}", method="DELETE")
        return ""

    def change(self, route: str, step: str, body: Any = None, method: str = "PUT") -> dict[str, Any]:
        """A write whose answer says whether it was done. Raises ApiError if not, AnswerLost if it does not say."""
        answer = self.answered(route, step, body, method)
        if complaint := refusal(answer):
            raise errors.ApiError(f"{step}: {complaint}", hint=REFUSED)
        return answer

    def answered(self, route: str, step: str, body: Any = None, method: str = "PUT") -> dict[str, Any]:
        """A write and its answer, whether it was done or not. Raises AnswerLost if it does not say."""
        try:
            answer = self.send(f"{self.path}/{route}", step, body, method, work=True)
        except errors.ApiError as exc:
            if method == "DELETE" and exc.details.get("code") in self.gone:
                raise errors.NotFound(exc.message, **exc.details) from None
            if exc.details.get("code") in self.gone | self.undone:
                exc.may_have_started = False
            raise
        if "success" not in answer:
            raise errors.AnswerLost(f"{step}: the answer does not say whether it was done.", hint=ODD)
        return answer


def refusal(answer: Mapping[str, Any]) -> str:
    """Why it was not done, by the answer; empty if it was."""
    if normalise.as_bool(answer["success"]):
        return ""
    return plain(answer.get("error") or answer.get("message")) or "the Dashboard gives no reason"
