# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what a tree does not mention, after all else went well. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from .. import _errors as errors
from .._errors import InputError
from .._resources import _several as several
from .._resources._planning import differing
from .._resources._resource import Thing
from . import _purge as rules
from ._part import Part, Stage, attempted
from ._resource_part import ResourcePart

_NOT_SURE = "It was not removed, for something else failed before."
_CHANGED = "It was changed, removed or taken into the tree meanwhile, so it was left alone."


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
        for one in self.each:
            one.rehearse(stage, f"{stage.prefix}purge", uncertain)

    def act(self, uncertain: bool) -> str:
        """Remove it, unless something went wrong before. Why that was broken off, empty if it was not."""
        for one in self.each:
            if uncertain:
                one.part.leave(_NOT_SURE)
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

    def rehearse(self, stage: Stage, place: str, uncertain: bool) -> None:
        """What would be removed, if nothing went wrong."""
        part, self.stage = self.part, stage
        if not part.extras:
            return
        planned = several.removal(stage.dashboard, part.planned)
        several.tell(stage.dashboard, planned)
        for thing, one in zip(part.extras, planned.ones, strict=True):
            found = part.by_extra[thing.id]
            if isinstance(one.problem, InputError):
                text = f"{part.resource.called(thing)} cannot be removed: {one.problem.message}"
                stage.mistakes.add(place, text, one.problem.hint)
            else:
                found.action = one.action
                part.diff += () if uncertain else (one.told or {}).get("diff", ())
        if uncertain:
            part.leave(_NOT_SURE)

    def act(self) -> str:
        """Remove what no entry means by now, either, and is what it was."""
        part, stage = self.part, self.stage
        now = several.planned(part.resource, stage.dashboard, part.wanted, part.place)
        if any(one.problem for one in now.ones):
            part.leave(_NOT_SURE)
            part.is_bad = True
            return ""
        known = {thing.id: thing for thing in part.extras}
        now.extras[:] = [thing for thing in now.extras if thing.id in known and self._is_it(known[thing.id], thing)]
        planned = several.removal(stage.dashboard, now)
        broken = several.act(stage.dashboard, planned, stage.reporter)
        for thing, one in zip(now.extras, planned.ones, strict=True):
            part.ended(stage, part.by_extra[thing.id], one)
        for found in part.by_extra.values():
            if found.is_open:
                found.action, found.message = "", _CHANGED
        return broken

    def _is_it(self, known: Thing, now: Thing) -> bool:
        """Nobody has changed it, or given it sites."""
        return now.sites <= known.sites and not differing(self.part.resource, known, now)

    def failed(self, exc: errors.MainWPError) -> None:
        """Nothing could be removed."""
        for found in self.part.by_extra.values():
            if found.is_open:
                found.ended(exc.reason, str(exc))
        self.part.is_bad = True
