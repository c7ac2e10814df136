# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several wanted things of one resource: read once → plan each → carry out what differs. PRIVATE to the collection.

What cannot be is kept with the entry that asks for it, so that whoever asks can tell all of it at once. Sites have a list
form of their own, ``site_list``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .. import _errors as errors
from .._api.collection import Id
from .._api.resource import Row, parallel
from .._dashboard import Dashboard
from . import _engine as engine
from . import _planning as planning
from . import _telling as telling
from ._known import Known
from ._resource import Plan, Resource, State, Thing, Wanted

#: Reasons that would be the same for every entry.
_GENERAL = {kind.reason for kind in errors.OF_THE_DASHBOARD}
_INTERRUPTED = "Interrupted: nothing more is started."


@dataclass
class One(telling.Ending):
    """One entry on its way."""

    #: As its options were checked; names are not made ids.
    wanted: Wanted
    #: None where there is a problem.
    plan: Plan | None = None
    #: What it was planned with, in which names are ids.
    prepared: Wanted | None = None

    @property
    def action(self) -> str:
        """One word for what has to be done; empty where nobody knows."""
        return self.plan.action if self.plan and self.problem is None else ""


@dataclass
class Planned:
    """All entries of one resource."""

    resource: Resource
    #: As it was read.
    state: State
    #: In the order of what was asked.
    ones: list[One]
    #: What there is and no entry means.
    extras: list[Thing] = field(default_factory=list)
    #: As it would be then.
    later: State = field(default_factory=lambda: State(()))

    @property
    def notes(self) -> list[str]:
        """What is worth a warning, in sentences."""
        return [note for one in self.ones for note in (one.prepared or one.wanted).notes]


# -- planning ------------------------------------------------------------------------------------------------------------


def planned(
    resource: Resource,
    dashboard: Dashboard,
    each: Sequence[Wanted],
    place: Callable[[int], str] = lambda number: f"entry {number + 1}",
) -> Planned:
    """What has to be done for each, after what is done for those before it. ``place``: what an entry is called. Raises
    MainWPError only where nothing can be read."""
    state = engine.read(resource, dashboard)
    found = _planned(resource, dashboard, state, each, place)
    if resource.whole_row is None:
        return found
    # one that is right by what the list tells, and asks for nothing else, costs no request
    looks = [number for number, one in enumerate(found.ones) if _asks_more(resource, one)]
    if not looks:
        return found
    whole = dict(
        zip(looks, parallel(lambda number: _closely(resource, dashboard, found.ones[number]), looks), strict=True)
    )
    # one that cannot be read stays as it was listed, one that is gone meanwhile is none
    seen: dict[Id, Thing | None] = {thing.id: thing for thing in state.things}
    for number, thing in whole.items():
        plan = found.ones[number].plan
        if plan and plan.before and not isinstance(thing, errors.MainWPError):
            seen[plan.before.id] = thing
    again = _planned(resource, dashboard, replace(state, things=tuple(filter(None, seen.values()))), each, place)
    for number, thing in whole.items():
        if isinstance(thing, errors.MainWPError):
            again.ones[number].problem = thing
    return again


def removal(dashboard: Dashboard, found: Planned) -> Planned:
    """What has to be done to remove the extras of ``found``."""
    gone = [Wanted({}, present=False, id=thing.id) for thing in found.extras]
    return _planned(found.resource, dashboard, found.state, gone, lambda _number: "another one")


def _planned(
    resource: Resource, dashboard: Dashboard, state: State, each: Sequence[Wanted], place: Callable[[int], str]
) -> Planned:
    known = Known(resource, state, _claimed(resource, each))
    #: Id → the entry that means it.
    meant_by: dict[Id, int] = {}
    ones = [One(wanted) for wanted in each]
    for number, one in enumerate(ones):
        try:
            meant = planning.find(resource, known.near(one.wanted), one.wanted)
            if meant and (first := meant_by.setdefault(meant.id, number)) != number:
                raise _twice(resource, meant, place(first))
            one.prepared = resource.prepare(dashboard, known.state, meant, one.wanted)
            one.plan = known.plan(meant, one.prepared)
        except errors.InputError as exc:
            one.problem = exc
            continue
        after = known.did(one.plan)
        if after:
            meant_by.setdefault(after.id, number)
    extras = [
        thing
        for thing in state.things
        if thing.id not in meant_by and resource.manages(thing) and not resource.comes_along(thing)
    ]
    return Planned(resource, state, ones, extras, known.state)


def _claimed(resource: Resource, each: Iterable[Wanted]) -> frozenset[str]:
    """The names that entries ask for."""
    return frozenset(planning.exact_name(resource, wanted.values) for wanted in each if wanted.present)


def _twice(resource: Resource, thing: Thing, place: str) -> errors.InputError:
    text = f"{place} means {resource.called(thing)}, too."
    return errors.InputError(resource.name, text, "Say all of it in one entry.")


def _asks_more(resource: Resource, one: One) -> bool:
    """Whether the list does not tell enough of one that is there."""
    if one.plan is None or not (one.wanted.present and one.plan.before):
        return False
    unlisted = resource.only_whole is None or not resource.only_whole.isdisjoint(one.wanted.values)
    return unlisted or one.action != "unchanged"


def _closely(resource: Resource, dashboard: Dashboard, one: One) -> Thing | errors.MainWPError | None:
    """One of them with all that can be known; None if it is gone meanwhile. What cannot be read is in trouble by itself."""
    before = one.plan.before if one.plan else None
    try:
        return engine.closely(resource, dashboard, before, one.wanted)
    except errors.OF_THE_DASHBOARD:
        raise
    except errors.MainWPError as exc:
        return exc


def pretend(dashboard: Dashboard, found: Planned) -> None:
    """Let what is planned later see all this as it would be."""
    resource, routes = found.resource, found.resource.routes(dashboard.v2)
    rows = {row["id"]: row for row in routes.rows}
    known = {thing.id: thing for thing in found.state.things}
    blank: Row = {name: read(None) for name, read in routes.columns.items()}
    later = found.later.things
    routes.pretend([_row(resource, rows.get(one.id, blank), known.get(one.id), one) for one in later])


def _row(resource: Resource, row: Row, before: Thing | None, after: Thing) -> Row:
    """One as the API would list it."""
    changed = {
        one.column: after.values[one.name]
        for one in resource.shown
        if before is None or before.values[one.name] != after.values[one.name]
    }
    return {**row, **changed, "id": after.id}


# -- telling and acting --------------------------------------------------------------------------------------------------


def tell(dashboard: Dashboard, found: Planned, check_mode: bool = True) -> None:
    """What would be done, of each of which nothing is told yet."""
    for one in found.ones:
        if one.told is None and one.problem is None and one.plan:
            one.told = telling.result(found.resource, dashboard, found.state, one.plan, check_mode, None)


def changes(resource: Resource, plan: Plan) -> list[dict[str, str]]:
    """What differs, in texts for people."""
    before, after = ({} if thing is None else thing.values for thing in (plan.before, plan.after))
    names = [one.name for one in resource.shown]
    if plan.before and plan.after:
        names = planning.differing(resource, plan.before, plan.after)
    told = [(name, *(_text(resource, values, name) for values in (before, after))) for name in names]
    found = [{"key": name, "before": one, "after": other} for name, one, other in told if one != other]
    return [*found, *({"key": name, "before": "", "after": "written again"} for name in plan.rewritten)]


def _text(resource: Resource, values: Mapping[str, Any], name: str) -> str:
    return resource.by_name[name].told(values[name]) if name in values else ""


def act(dashboard: Dashboard, found: Planned, reporter: Any, done: Callable[[One], None] = lambda _one: None) -> str:
    """Carry out what has to be done, one after the other, each planned again from what was read last. Why nothing more was
    started; empty if all was. Raises nothing."""
    work, broken = _Work(dashboard, found), ""
    for one in found.ones:
        if one.action in ("", "unchanged"):
            continue
        if not broken and reporter.interrupted:
            broken = _INTERRUPTED
        if broken:
            one.problem = errors.MainWPError("The run was broken off before it started.", reason="stopped")
            continue
        work.do(one, reporter)
        done(one)
        if one.reason in _GENERAL or work.is_blind:
            broken = f"{one.message} Nothing more is started."
    return broken


class _Work:
    """One after the other."""

    def __init__(self, dashboard: Dashboard, found: Planned) -> None:
        self.dashboard, self.resource = dashboard, found.resource
        self.claimed = _claimed(found.resource, (one.wanted for one in found.ones))
        #: Somebody asks for sites, or for what takes them along.
        self.members = any(one.wanted.sites is not None or not one.wanted.present for one in found.ones)
        #: What was read last; None where that is not the truth any more.
        self.state: State | None = None
        #: The list cannot be read, which would be so for the others, too.
        self.is_blind = False

    def do(self, one: One, reporter: Any) -> None:
        """One of them: told, or in trouble."""
        try:
            one.told = self._do(one, reporter)
        except errors.MainWPError as exc:
            one.problem, self.state = exc, None
        except Exception as exc:  # noqa: BLE001  # a bug met at one must not cost the others' report
            one.problem, self.state = errors.MainWPError(errors.bug_sentence(exc)), None

    def _do(self, one: One, reporter: Any) -> dict[str, Any]:
        resource, dashboard = self.resource, self.dashboard
        state = self.state or self._read()
        self.state = None
        meant = planning.find(resource, self._apart(state, one.wanted).things, one.wanted)
        one.prepared = resource.prepare(dashboard, state, meant, one.wanted)
        state = state.having(engine.closely(resource, dashboard, meant, one.prepared))
        one.plan = planning.plan(resource, self._apart(state, one.prepared), one.prepared)
        if one.plan.action == "unchanged":
            self.state = state
            return telling.result(resource, dashboard, state, one.plan, False, None)
        told, self.state = engine.carry_out(
            resource, dashboard, state, one.prepared, one.plan, reporter, lambda _plan: contextlib.nullcontext()
        )
        return told

    def _read(self) -> State:
        self.is_blind = True
        state = engine.read(self.resource, self.dashboard, members=self.members)
        self.is_blind = False
        return state

    def _apart(self, state: State, wanted: Wanted) -> State:
        return replace(state, things=tuple(planning.apart(self.resource, state.things, wanted, self.claimed)))
