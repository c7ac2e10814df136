# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what a tree does not mention, after all else went well. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Container, Sequence

from .. import _errors as errors
from .._api.collection import Id
from .._api.resource import Row
from .._errors import InputError
from .._resources import _several as several
from .._resources._planning import differing
from .._resources._resource import Thing
from . import _purge as rules
from ._entry import COSTS, PAYMENT_METHODS, PRODUCT_TYPES, TAGS
from ._mistakes import quoted
from ._part import Part, Stage, attempted
from ._resource_part import ResourcePart

_NOT_SURE = "It was not removed, for something else failed before."
_CHANGED = "It was changed, used, removed or taken into the tree meanwhile, so it was left alone."
_STAYS = "Mention it in the tree, or let the cost have another."
#: Kind → the column by which costs have one of it.
_COLUMNS = {TAGS: "groups", PRODUCT_TYPES: "product_type", PAYMENT_METHODS: "payment_method"}


class Purging:
    """The kinds that are purged, the last one first: what uses others goes before them."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.each = [_Kind(part) for part in reversed(parts) if isinstance(part, ResourcePart)]

    @property
    def needs_turn(self) -> bool:
        """Something would go."""
        return any(one.is_open for one in self.each)

    def rehearse(self, stage: Stage, most: int, uncertain: bool) -> None:
        """What would go, each with an entry of the diff. More than may go is a mistake, which lists it."""
        try:
            rules.refuse({one.part.kind.name: one.part.extra for one in reversed(self.each)}, most, stage.prefix)
        except InputError as exc:
            stage.mistakes.of(exc, str)
            return
        leaving = {thing.id for one in self.each if one.part.kind.name == COSTS for thing in one.part.extras}
        for one in self.each:
            one.rehearse(stage, f"{stage.prefix}purge", leaving, uncertain)

    def act(self, uncertain: bool) -> str:
        """Remove it, unless something went wrong before. Why that was broken off, empty if it was not."""
        for one in self.each:
            if uncertain:
                one.leave()
            if broken := attempted(one.act, one.failed) if one.is_open else "":
                return broken
        return ""


class _Kind:
    """One kind of which what the tree does not mention goes."""

    stage: Stage

    def __init__(self, part: ResourcePart) -> None:
        self.part = part

    @property
    def is_open(self) -> bool:
        """Something is to be removed."""
        return any(found.is_open for found in self.part.by_extra.values())

    def leave(self) -> None:
        """Nothing is removed. What entries want is no matter of purging: it may still be to be done."""
        for found in self.part.by_extra.values():
            if found.is_open:
                found.ended("stopped", _NOT_SURE)

    def rehearse(self, stage: Stage, place: str, leaving: Container[Id], uncertain: bool) -> None:
        """What would be removed, if nothing went wrong. ``leaving``: costs that go before."""
        part, self.stage = self.part, stage
        if not part.extras:
            return
        planned = several.removal(stage.dashboard, part.planned)
        several.tell(stage.dashboard, planned)
        used = self._used(leaving)
        for thing, one in zip(part.extras, planned.ones, strict=True):
            found = part.by_extra[thing.id]
            if isinstance(one.problem, InputError):
                text = f"{part.resource.called(thing)} cannot be removed: {one.problem.message}"
                stage.mistakes.add(place, text, one.problem.hint)
            elif thing.id in used:
                text = f"{part.resource.called(thing)} cannot be removed: cost {quoted(used[thing.id])} has it."
                stage.mistakes.add(place, text, _STAYS)
            else:
                found.action = one.action
                part.diff += () if uncertain else (one.told or {}).get("diff", ())
        if uncertain:
            self.leave()

    def act(self) -> str:
        """Remove what no entry means by now, either, and is what it was."""
        part, stage = self.part, self.stage
        now = several.planned(part.resource, stage.dashboard, part.wanted, part.place)
        if any(one.problem for one in now.ones):
            self.leave()
            part.is_bad = True
            return ""
        stage.dashboard.v2.costs.forget()
        known, used = {thing.id: thing for thing in part.extras}, self._used()
        now.extras[:] = [
            thing
            for thing in now.extras
            if thing.id in known and thing.id not in used and self._is_it(known[thing.id], thing)
        ]
        planned = several.removal(stage.dashboard, now)
        broken = several.act(stage.dashboard, planned, stage.reporter)
        for thing, one in zip(now.extras, planned.ones, strict=True):
            part.ended(stage, part.by_extra[thing.id], one)
        for found in part.by_extra.values():
            if found.is_open:
                found.action, found.message = "", _CHANGED
        return broken

    def _used(self, leaving: Container[Id] = ()) -> dict[Id, str]:
        """What some cost has → the name of the cost."""
        column = _COLUMNS.get(self.part.kind.name)
        if column is None:
            return {}
        found: dict[Id, str] = {}
        for row in self._costs():
            if row["id"] not in leaving:
                has = row[column]
                for number in [one.id for one in has] if isinstance(has, tuple) else [has]:
                    found.setdefault(number, row["name"])
        return found

    def _costs(self) -> Sequence[Row]:
        try:
            return self.stage.dashboard.v2.costs.rows
        except errors.NoRoute:  # MainWP without costs
            return ()

    def _is_it(self, known: Thing, now: Thing) -> bool:
        """Nobody has changed it, or given it sites."""
        return now.sites <= known.sites and not differing(self.part.resource, known, now)

    def failed(self, exc: errors.MainWPError) -> None:
        """Nothing could be removed."""
        for found in self.part.by_extra.values():
            if found.is_open:
                found.ended(exc.reason, str(exc))
        self.part.is_bad = True
