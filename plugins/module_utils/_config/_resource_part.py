# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a tree can be present or absent: tags, clients, costs … PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .. import _errors as errors
from .._api.collection import Id
from .._errors import InputError
from .._resources import _several as several
from .._resources._resource import Plan, Resource, Thing
from ._entry import Entry
from ._findings import EXTRA, MISSING, WRONG, Finding
from ._part import Part, Stage
from .kinds import Kind

_MADE_ANEW = (
    "API key '{}' is made anew, with a token of its own: give it to whoever uses it. MainWP tells it once, where its entry has "
    "return_token: true."
)


class Planned(Protocol):
    """One entry on its way, whatever engine does it."""

    @property
    def plan(self) -> Plan | None:
        """From what there is to what shall be."""

    @property
    def told(self) -> dict[str, Any] | None:
        """What the module's task for it alone would return."""

    @property
    def problem(self) -> errors.MainWPError | None:
        """Why it cannot be, or what kept it from being done."""

    @property
    def action(self) -> str:
        """One word for what has to be done; empty where nobody knows."""

    @property
    def reason(self) -> str:
        """The code of what went wrong."""

    @property
    def message(self) -> str:
        """What became of it, in a sentence."""


class ResourcePart(Part):
    """A list of things of one resource."""

    #: As the rehearsal planned it.
    planned: several.Planned

    def __init__(self, kind: Kind, entries: Sequence[Entry], task: Mapping[str, Any]) -> None:
        super().__init__(kind, entries, task)
        if kind.resource is None:
            raise TypeError(f"{kind.name} is no list of one resource")
        self.resource: Resource = kind.resource
        #: Place in the list → what was found of that entry, if it is not right.
        self.by_entry: dict[int, Finding] = {}
        #: What no entry mentions, as it was read, and what was found of it.
        self.extras: Sequence[Thing] = ()
        self.by_extra: dict[Id, Finding] = {}
        #: Description → token, of new API keys whose entry asks for it.
        self.tokens: dict[str, str] = {}

    def place(self, number: int) -> str:
        """Where an entry stands."""
        return self.entries[number].place

    def named(self, thing: Thing) -> str:
        """What it is called."""
        return str(thing.values[self.resource.name])

    def rehearse(self, stage: Stage) -> None:
        """All are planned by one reading of the list."""
        self.planned = several.planned(self.resource, stage.dashboard, self.wanted, self.place)
        for note in self.planned.notes:
            stage.reporter.warn(note)
        several.tell(stage.dashboard, self.planned)
        for number, one in enumerate(self.planned.ones):
            changes = several.changes(self.resource, one.plan) if one.plan else []
            self.rehearsed(stage, number, one, changes)
        if self.kind.name == "api_keys":
            new = [found.name for found in self.by_entry.values() if found.action == "created"]
            stage.by_hand += [_MADE_ANEW.format(name) for name in new]
        self.extras = sorted(self.planned.extras, key=lambda thing: (self.named(thing).casefold(), str(thing.id)))
        self.planned.extras[:] = self.extras
        self.by_extra = {thing.id: self.mention(self.named(thing)) for thing in self.extras}
        several.pretend(stage.dashboard, self.planned)

    def act(self, stage: Stage) -> str:
        """What is not right is planned again, for the names of what was made by now are known."""
        todo = {number: found for number, found in self.by_entry.items() if found.is_open}

        broken = several.act(stage.dashboard, self.planned, stage.reporter) if todo else ""
        for number, found in todo.items():
            self.ended(stage, found, self.planned.ones[number])
        return broken

    # -- what is told of one -------------------------------------------------------------------------------------------

    def rehearsed(self, stage: Stage, number: int, one: Planned, changes: Sequence[Mapping[str, Any]]) -> None:
        """What was planned for one entry."""
        entry = self.entries[number]
        if isinstance(one.problem, InputError):
            stage.refuse(entry, one.problem)
            return
        if one.problem is None and one.action == "unchanged":
            self.found.right += 1
            return
        missing = one.plan is not None and one.plan.before is None
        found = self.finding(entry, standing=MISSING if missing else WRONG, action=one.action, changes=changes)
        if one.problem is not None:
            found.ended(one.reason, one.message)
            self.is_bad = True
        self.by_entry[number] = found
        self.found.findings.append(found)
        self.diff += (one.told or {}).get("diff", ())

    def ended(self, stage: Stage, found: Finding, one: Planned) -> None:
        """What became of it."""
        told = {} if one.problem else one.told or {}
        found.done = bool(told.get("changed"))
        if found.done and one.plan and found.standing != EXTRA:  # it may have been another one by then
            found.action, found.changes = one.plan.action, several.changes(self.resource, one.plan)
        self.diff += told.get("diff", ())
        if "token" in told:
            self.tokens[found.name] = told["token"]
        if one.reason:
            text = stage.blame(one.message) if isinstance(one.problem, InputError) else one.message
            found.ended(one.reason, text)
            self.count(stage, found)
        elif not found.done:  # somebody was quicker
            found.settled()

    def count(self, stage: Stage, found: Finding) -> None:
        """A failure keeps this run from being a good one, and from purging."""
        if found.failed:
            self.is_bad = True
            stage.failed.append(found.place or found.name)

    def mention(self, name: str) -> Finding:
        """Something that no entry mentions."""
        self.extra.append(name)
        found = Finding(self.kind.name, name, standing=EXTRA)
        self.found.findings.append(found)
        return found
