# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Things that can be present or absent, as entries of a tree. PRIVATE to the collection.

An entry is what the module would be given, and it is tried on the spot, by what the module plans with: on the Dashboard that
was read it must change nothing, and an empty one must take it. What does not pass is left out, and named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._dashboard import Dashboard
from .._errors import InputError
from .._resources import _planning as planning
from .._resources._fields import Field, Unstorable
from .._resources._resource import Resource, State, Thing
from ._export_part import Part, in_order
from .kinds import Kind

Options = dict[str, Any]
_PURGED = "What is left out is not in the tree, so whoever purges this kind removes it."


@dataclass
class Draft:
    """A thing on its way to be an entry."""

    thing: Thing
    options: Options
    #: Why it cannot be one; empty if it can.
    problem: str = ""
    #: (option, why it is left out)
    lacks: list[tuple[str, str]] = field(default_factory=list)

    def drop(self, option: str, why: str) -> None:
        """Leave an option out."""
        self.options.pop(option, None)
        self.lacks.append((option, why))


@dataclass(frozen=True)
class Trial:
    """How entries of a kind are tried."""

    kind: Kind
    resource: Resource
    dashboard: Dashboard
    #: Given besides to an empty Dashboard, of which the tree knows nothing.
    besides: Mapping[str, Any] = field(default_factory=dict)
    #: Those that any Dashboard has.
    everywhere: Callable[[Thing], bool] = lambda _thing: False

    def part(self, drafts: Sequence[Draft], left_out: Iterable[str] = ()) -> Part:
        """What passes, sorted by what people look for."""
        _mark_doubles(self.resource, drafts)
        for draft in drafts:
            if not draft.problem:
                self._settle(draft)
        good = sorted((draft for draft in drafts if not draft.problem), key=self._order)
        told = dict.fromkeys(text for draft in sorted(drafts, key=self._order) for text in self._told(draft))
        name = self.resource.name
        purged = [_PURGED] if self.kind.purges and len(good) < len(drafts) else []
        return Part(
            self.kind,
            [in_order(self.kind, draft.options) for draft in good],
            (*told, *purged, *left_out),
            {draft.thing.id: draft.thing.values[name] for draft in good},
        )

    def draft(self, thing: Thing, values: Mapping[str, Any] | None = None) -> Draft:
        """An entry of all that is known; ``values``: what is said in other words than it is read, None for nothing."""
        shown = self.resource.shown
        told = {one.name: thing.values[one.name] for one in shown} | dict(values or {})
        draft = Draft(thing, {name: value for name, value in told.items() if value is not None})
        for name, value in list(draft.options.items()):
            choices = self.kind.spec[name].get("choices")
            one = self.resource.by_name.get(name)
            if value == "" and one and not (choices is None and _can_be_empty(one)):
                del draft.options[name]  # nobody could give it again
            elif choices and value not in choices:
                draft.drop(name, f"'{value}' is none of {', '.join(map(str, choices))}.")
        return draft

    def _settle(self, draft: Draft) -> None:
        """Drop what cannot be given again; if the rest cannot, all of it."""
        while True:
            try:
                return self._try(draft)
            except InputError as exc:
                option, why = str(exc.details["option"]), exc.message.partition(": ")[2]
                if option not in draft.options or option in (*self.resource.keys, self.resource.id_name):
                    option, why = (*draft.lacks, (option, why))[0]  # the rest only follows from the first
                    draft.problem = f"{option}: {why}"
                    return None
                draft.drop(option, why)

    def _try(self, draft: Draft) -> None:
        resource, thing = self.resource, draft.thing
        for option, needed in self.kind.rules.get("required_by", {}).items():
            for other in needed:
                if option in draft.options and other not in draft.options:
                    if draft.options[option]:
                        raise InputError(option, f"it needs {other}.")
                    del draft.options[option]
        wanted = self.kind.wanted_from(draft.options, {})
        here = State((thing,))
        plan = planning.plan(resource, here, resource.prepare(self.dashboard, here, thing, wanted))
        if plan.after and plan.action != "unchanged":
            names = planning.differing(resource, thing, plan.after)
            option = next((name for name in names if name in draft.options), resource.name)
            raise InputError(option, "MainWP's API would make another value of what there is.")
        if not self.everywhere(thing):
            nowhere = State(())
            anew = self.kind.wanted_from({**draft.options, **self.besides}, {})
            planning.plan(resource, nowhere, resource.prepare(self.dashboard, nowhere, None, anew))

    def _order(self, draft: Draft) -> tuple[str, ...]:
        values = draft.thing.values
        name = str(values[self.resource.name])
        others = (str(self.resource.key_of(values, key)) for key in self.resource.keys)
        return (name.casefold(), name, *others)

    def _told(self, draft: Draft) -> list[str]:
        noun = self.resource.noun
        called = f"{noun[:1].upper()}{noun[1:]} '{draft.thing.values[self.resource.name]}'"
        if draft.problem:
            return [f"{called} is left out. {draft.problem}"]
        return [f"{called} is without {option}: {why}" for option, why in draft.lacks]


def _can_be_empty(one: Field) -> bool:
    try:
        return one.can_empty and one.blank == "" and one.wanted("") == ""
    except Unstorable:
        return False


def _mark_doubles(resource: Resource, drafts: Sequence[Draft]) -> None:
    """Those whose entries could mean another one. Names that differ in case only can stand beside each other, mostly."""
    keys = [key for key in resource.keys if key in resource.by_name]

    def held(values: Mapping[str, Any], key: str) -> str:
        text = str(resource.by_name[key].same(resource.key_of(values, key) or ""))
        return text.casefold() if resource.folds or key != resource.name else text

    counts = {key: Counter(held(draft.thing.values, key) for draft in drafts) for key in keys}
    for draft in drafts:
        key = next((key for key in keys if resource.key_of(draft.options, key)), resource.name)
        if not draft.options.get(resource.id_name) and counts[key][held(draft.thing.values, key)] > 1:
            draft.problem = draft.problem or f"The Dashboard has another {resource.noun} with this {key}."


def things(resource: Resource, rows: Iterable[Mapping[str, Any]]) -> list[Thing]:
    """What there is, as far as it can be managed."""
    found = (resource.thing(dict(row), ()) for row in rows)
    return [thing for thing in found if resource.manages(thing)]
