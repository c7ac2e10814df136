# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a section of the settings is, what there is of it, and what is wanted: values. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from ._fields import Field

#: path of a field → something
ByPath = Mapping[str, Any]


class Write(NamedTuple):
    """One request: the route below ``settings/``, what it sends, and the paths of the settings that it is about."""

    route: str
    body: dict[str, Any]
    paths: Collection[str]


_OLDER = "the Dashboard tells of no such setting. Its MainWP may be older."


@dataclass(frozen=True)
class State:
    """A section as it was read: values, and what the API told, both by path. What is not there has neither."""

    values: ByPath
    raw: ByPath


@dataclass(frozen=True)
class Change:
    """One setting that is to be written, or was. ``after``: how it is read then; ``sent``: what the API gets."""

    path: str
    before: Any
    after: Any
    sent: Any
    secret: bool = False

    @property
    def words(self) -> tuple[Any, Any]:
        """(before, after) as they may be told."""
        if not self.secret:
            return self.before, self.after
        return {"": "not set", None: "unknown"}.get(self.before, "set"), "written"


@dataclass(frozen=True)
class Section:
    """A declaration; the engine does the rest."""

    name: str
    route: str
    fields: tuple[Field, ...]
    #: The ``data`` of the answer → what it tells, by group and column with a dot between.
    columns: Callable[[Any], Mapping[str, Any]] = lambda data: data if isinstance(data, Mapping) else {}
    #: What is to be written → the writes. MainWP keeps what is not sent, unless a section says otherwise.
    writes: Callable[[Plan], list[Write]] = lambda plan: [Write(plan.section.route, joint(plan), plan.changes)]
    #: (a setting, what was read, sections that are written before) → why it cannot be written; "" if it can.
    absent: Callable[[Field, State, Mapping[str, Plan]], str] = lambda one, state, _earlier: (
        "" if one.path in state.raw else _OLDER
    )
    #: Raises InputError for what cannot go together.
    refuse: Callable[[Plan], None] = lambda _plan: None

    @cached_property
    def by_path(self) -> dict[str, Field]:
        """The fields by their paths."""
        return {one.path: one for one in self.fields}

    def spec(self) -> dict[str, Any]:
        """The argument spec of the option."""
        options: dict[str, Any] = {}
        for one in self.fields:
            inner = options.setdefault(one.group, {"type": "dict", "options": {}})["options"] if one.group else options
            inner[one.name] = dict(one.spec)
        return {"type": "dict", "options": options}

    def state(self, data: Any) -> State:
        """What was read."""
        told = self.columns(data)
        raw = {one.path: told[one.place] for one in self.fields if one.place in told}
        return State({path: self.by_path[path].read(value) for path, value in raw.items()}, raw)

    def given(self, option: Mapping[str, Any]) -> Iterator[tuple[Field, Any]]:
        """The suboptions that were given: null is as good as not."""
        for one in self.fields:
            value = ((option.get(one.group) or {}) if one.group else option).get(one.name)
            if value is not None:
                yield one, value

    def told(self, values: ByPath) -> dict[str, Any]:
        """Values in the whole shape of the option; of secrets nothing."""
        shape: dict[str, Any] = {}
        for one in self.fields:
            inner = shape.setdefault(one.group, {}) if one.group else shape
            inner[one.name] = None if one.secret else values.get(one.path)
        return shape


@dataclass(frozen=True)
class Plan:
    """What is to be done to one section."""

    section: Section
    state: State
    changes: Mapping[str, Change] = field(default_factory=dict)

    @property
    def after(self) -> dict[str, Any]:
        """All values as they shall be."""
        return {**self.state.values, **{path: change.after for path, change in self.changes.items()}}

    @property
    def unseen(self) -> bool:
        """Some of it is only there when an earlier section is written, so what it is now is not known."""
        return any(path not in self.state.raw for path in self.changes)

    @property
    def groups(self) -> dict[str, list[Field]]:
        """group → the fields of it that change"""
        found: dict[str, list[Field]] = {}
        for path in self.changes:
            one = self.section.by_path[path]
            found.setdefault(one.group, []).append(one)
        return found


def joint(plan: Plan) -> dict[str, Any]:
    """The changes of one body."""
    return {plan.section.by_path[path].column: change.sent for path, change in plan.changes.items()}


@dataclass(frozen=True)
class Wanted:
    """The checked options of a task: section → path → what is wanted. Only what was given counts."""

    values: Mapping[str, ByPath]
    #: Secrets are written each time.
    always: bool = False
