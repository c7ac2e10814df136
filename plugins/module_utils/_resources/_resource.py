# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a resource is, what there is of it, and what is wanted: values. PRIVATE to the collection.

A resource is something of a Dashboard that can be present or absent. Its file beside this one declares it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .._api.collection import Collection, Id
from .._api.resource import Row
from .._api.v2 import V2
from .._dashboard import Dashboard
from .._models import Site
from ._fields import Field


def is_there(number: Id) -> bool:
    """Whether it is the id of something that was made already."""
    return number > 0 if isinstance(number, int) else bool(number)


@dataclass(frozen=True)
class Thing:
    """One that there is, or that there shall be: then it may have no id, 0 or empty, or one below 0 that only tells it from
    others that are not there yet."""

    id: Id
    values: Mapping[str, Any]
    sites: frozenset[int] = frozenset()
    #: What can only be read.
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """What was read: the things of one resource, and the sites."""

    things: tuple[Thing, ...]
    sites: Mapping[int, Site] = field(default_factory=dict)
    #: It was asked which sites belong to which.
    knows_members: bool = True

    def by_id(self, number: Id) -> Thing | None:
        """The thing with this id."""
        return next((thing for thing in self.things if thing.id == number), None)

    def having(self, whole: Thing | None) -> State:
        """The same with one of them as it was read more closely."""
        if whole is None:
            return self
        return replace(self, things=tuple(whole if thing.id == whole.id else thing for thing in self.things))


@dataclass(frozen=True)
class Wanted:
    """The checked options of a task: only what was given counts."""

    values: Mapping[str, Any]
    present: bool = True
    id: Id | None = None
    sites: tuple[str, ...] | None = None
    sites_mode: str = "replace"
    #: What MainWP will cut, and what else is worth a warning, in sentences.
    notes: tuple[str, ...] = ()
    #: What can be written and never read: it is sent when the thing is new …
    hidden: Mapping[str, Any] = field(default_factory=dict)
    #: … and then only if this is asked for.
    rewrite: bool = False
    #: Options that are no fields.
    options: Mapping[str, Any] = field(default_factory=dict)
    #: Where none has the given id, one is made that has it, if MainWP makes ids of names.
    anew: bool = False
    #: The values as they were given, once their names are made ids.
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """From what there is to what shall be; None where there is none."""

    before: Thing | None
    after: Thing | None
    #: What is written without knowing whether it differs.
    rewritten: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """One word for it."""
        if self.before == self.after and not self.rewritten:
            return "unchanged"
        if self.before is None:
            return "created"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True)
class Resource:
    """A declaration; the engine does the rest."""

    noun: str
    routes: Callable[[V2], Collection]
    fields: tuple[Field, ...]
    #: What one is known by, the surest first; the last is needed to make one.
    keys: tuple[str, ...] = ("name",)
    #: No two may have the same.
    unique: tuple[str, ...] = ()
    #: Two of which the names differ in case only are one to MainWP.
    folds: bool = False
    #: What two names must differ in, that nobody takes the one for the other.
    folded: Callable[[str], str] = str.casefold
    #: Fields that an edit would lose if they were not sent along.
    resent: tuple[str, ...] = ()
    #: Options beside the fields, with their specs.
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Sites can belong to one.
    has_sites: bool = True
    #: (rows, all sites) → id → the ids of the sites that belong to it
    members: Callable[[Sequence[Row], Sequence[Site]], Mapping[Id, Iterable[int]]] = lambda _rows, _sites: {}
    #: A site belongs to one at most, so what is taken leaves another.
    exclusive: bool = False
    #: What a write of it sends for a whole set of sites …
    sites_body: Callable[[Sequence[int]], Row] = lambda _ids: {}
    #: … or, where the sites have to be edited: (what was read, the thing, sites wanted) → (site, what it is sent).
    site_edits: Callable[[State, Thing, frozenset[int]], list[tuple[int, Row]]] = lambda _state, _thing, _wanted: []
    #: What of a row can only be read; of a row with some columns, as far as these tell.
    more: Callable[[Row], dict[str, Any]] = lambda _row: {}
    #: (name wanted, name found) → whether the API may have made the one of the other when it was new.
    may_become: Callable[[str, str], bool] = lambda wanted, found: wanted == found
    #: Making one takes so much longer than other writes: how many times more the last pause is waited for it.
    long_making: int = 0
    #: (Dashboard, what there is, the one that is meant, what is wanted) → the same with names made ids. What needs more
    #: than the plan to be refused is refused here. Raises InputError.
    prepare: Callable[[Dashboard, State, Thing | None, Wanted], Wanted] = lambda _dashboard, _state, _thing, wanted: (
        wanted
    )
    #: (Dashboard, id, what is wanted) → the whole row, where the list tells of one only how it is called; None if it is gone.
    whole_row: Callable[[Dashboard, Id, Wanted], Row | None] | None = None
    #: The site whose child a plan reaches, if it does: no other run may be at work there.
    works_on: Callable[[Plan], Site | None] | None = None
    #: What of a plan cannot be. Raises InputError.
    refuse: Callable[[Plan], None] = lambda _plan: None
    #: How one is told in results, where that is not just its values.
    told: Callable[[Thing], dict[str, Any]] | None = None
    #: (what was done, or would be in check mode, what MainWP complained about if it answered) → what is to be said of it besides.
    remark: Callable[[Plan, bool, str | None], str] = lambda _done, _check_mode, _complaint: ""
    #: (Dashboard, what is wanted, result) → the result with what only whoever did it knows.
    finished: Callable[[Dashboard, Wanted, dict[str, Any]], dict[str, Any]] = lambda _dashboard, _wanted, told: told
    #: The id that a new one will have, where that is known; else none.
    made_id: Callable[[Thing], Id] = lambda _thing: 0
    #: Fields that only the whole row tells; None: any may be.
    only_whole: frozenset[str] | None = None
    #: Those that come with MainWP.
    comes_along: Callable[[Thing], bool] = lambda _thing: False
    #: The key of results; the noun, if that is one word.
    kind: str = ""
    #: What the option and the result with its id are called; text where it is no number.
    id_name: str = "id"
    #: (values, key) → what one is known by; empty where it is not.
    key_of: Callable[[Mapping[str, Any], str], str] = lambda values, key: values.get(key) or ""
    #: (values, those that were given) → the values where some exclude others.
    settled: Callable[[dict[str, Any], Mapping[str, Any]], dict[str, Any]] = lambda values, _given: values
    #: Those that can be managed at all.
    manages: Callable[[Thing], bool] = lambda _thing: True
    #: What can only be read, of one that is not there yet.
    fresh: Mapping[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> str:
        """The key of results."""
        return self.kind or self.noun

    @property
    def has_slug(self) -> bool:
        """Its id is a text: the slug of its name, unless one is wanted that is not there yet. Then it is added by that name,
        and renamed."""
        return self.id_name != "id"

    @property
    def no_id(self) -> Id:
        """What one has that is not there yet."""
        return "" if self.has_slug else 0

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by their names."""
        return {one.name: one for one in self.fields}

    @property
    def name(self) -> str:
        """The field that names one to people."""
        return self.keys[-1]

    @cached_property
    def shown(self) -> tuple[Field, ...]:
        """The fields that can be read."""
        return tuple(one for one in self.fields if one.readable)

    def things(self, rows: Sequence[Row], sites: Sequence[Site]) -> tuple[Thing, ...]:
        """All as they were read."""
        members = self.members(rows, sites)
        return tuple(self.thing(row, members.get(row["id"], ())) for row in rows)

    def thing(self, row: Row, sites: Iterable[int] = ()) -> Thing:
        """One as it was read."""
        values = {one.name: one.read(row.get(one.column)) for one in self.shown}
        return Thing(row["id"], values, frozenset(sites), self.more(row))

    def called(self, thing: Thing) -> str:
        """How people are told which one is meant."""
        number = f" ({self.id_name} {thing.id})" if is_there(thing.id) else ""
        return f"{self.noun} '{thing.values[self.name]}'{number}"
