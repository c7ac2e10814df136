# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of everything that has a state: find → plan → act once → read again. PRIVATE to the collection.

A write is sent once. Its answer is evidence, what is read afterwards is the truth: a write whose answer was lost is
looked for, and one that was answered but changed nothing is a failure.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any

from .. import _errors as errors
from .._api.collection import Id
from .._dashboard import Dashboard
from .._jobs._common import refuse_read_only_key
from .._models import Site
from . import _planning as planning
from . import _telling as telling
from ._resource import Plan, Resource, State, Thing, Wanted

#: Pauses before looking again for what a write without an answer has done, seconds.
PATIENCE = (1.0, 2.0, 4.0, 8.0)

_AGAIN = "Run it again, which begins by reading."


def run(
    resource: Resource,
    dashboard: Dashboard,
    wanted: Wanted,
    reporter: Any,
    check_mode: bool,
    ready: Callable[[Plan], AbstractContextManager[None]] = lambda _plan: contextlib.nullcontext(),
) -> dict[str, Any]:
    """Make it so, or tell what would be done. ``ready``: what has to be held while a plan is carried out, or in check mode
    looked at."""
    state = read(resource, dashboard)
    meant = planning.find(resource, state.things, wanted)
    wanted = resource.prepare(dashboard, state, meant, wanted)
    for note in wanted.notes:
        reporter.warn(note)
    whole = closely(resource, dashboard, meant, wanted)
    if meant and whole is None:
        raise errors.NotFound(f"{resource.called(meant)} was removed while this task looked at it.", "Run it again.")
    state = state.having(whole)
    plan = planning.plan(resource, state, wanted)
    if plan.action != "unchanged":
        refuse_read_only_key(dashboard, reporter, check_mode)
    if check_mode or plan.action == "unchanged":
        with ready(plan) if plan.action != "unchanged" else contextlib.nullcontext():
            return telling.result(resource, dashboard, state, plan, check_mode, None)
    return carry_out(resource, dashboard, state, wanted, plan, reporter, ready)[0]


def carry_out(
    resource: Resource,
    dashboard: Dashboard,
    state: State,
    wanted: Wanted,
    plan: Plan,
    reporter: Any,
    ready: Callable[[Plan], AbstractContextManager[None]],
    one_of_many: bool = False,
) -> tuple[dict[str, Any], State | None]:
    """Do what was planned; what became of it, and what was read last, if that tells all there are. ``one_of_many``: of
    ``state`` only what the plan is about is read again, wherever its id is known."""
    try:
        with ready(plan):
            work = _Work(resource, dashboard, state, wanted, plan, one_of_many)
            told = resource.finished(dashboard, wanted, work.result())
            return told, None if one_of_many else work.now.having(work.found)
    except errors.Taken as taken:
        if read(resource, dashboard).by_id(taken.number) is None:
            raise
        # Somebody was quicker. Nothing was written yet, so begin anew, with what the Dashboard says it is.
        asked = wanted.asked or wanted.values
        values = {name: value for name, value in asked.items() if name not in resource.keys}
        found = replace(wanted, id=taken.number, values=values, notes=())
        return run(resource, dashboard, found, reporter, False, ready), None


def read(
    resource: Resource, dashboard: Dashboard, sites: Mapping[int, Site] | None = None, members: bool = True
) -> State:
    """All there are. ``sites``: as they were read before, where they cannot have changed. ``members``: and which sites
    belong to which."""
    routes = resource.routes(dashboard.v2)
    routes.forget()
    if not (members and resource.has_sites):
        return State(resource.things(routes.rows if resource.has_sites else routes.complete, ()), {}, members)
    if sites is None:
        sites = {site.id: site for site in dashboard.v2.sites.basic()}
    return State(resource.things(routes.complete, list(sites.values())), sites)


def closely(resource: Resource, dashboard: Dashboard, thing: Thing | None, wanted: Wanted) -> Thing | None:
    """One of them with all that can be known of it; None if there is none, or it is gone meanwhile."""
    if thing is None or resource.whole_row is None:
        return thing
    row = resource.whole_row(dashboard, thing.id, wanted)
    return resource.thing(row) if row else None


class _Work:
    """Carries out one plan."""

    def __init__(
        self,
        resource: Resource,
        dashboard: Dashboard,
        state: State,
        wanted: Wanted,
        plan: Plan,
        one_of_many: bool,
    ) -> None:
        self.resource, self.dashboard, self.state, self.wanted, self.plan = resource, dashboard, state, wanted, plan
        self.one_of_many = one_of_many
        self.routes = resource.routes(dashboard.v2)
        #: As it was read last.
        self.now = state
        self.found = plan.before
        self.problem: errors.MainWPError | None = None
        #: Some write may have been done.
        self.began = False
        #: What MainWP said of what it did all the same.
        self.complaint: str | None = None
        #: What cannot be read and is still to be written.
        self.hidden = {name: wanted.hidden[name] for name in plan.rewritten}

    def result(self) -> dict[str, Any]:
        """Do it, and tell what became of it. Raises MainWPError where nothing can have been done."""
        after = self.plan.after
        if after is None:
            self._remove()
        else:
            if self.found is None:
                self._add(after)
            after = self._aim(after)
            if self.found and not self.problem and not self._is(after):
                self._edit(self.found, after)
                after = self._aim(after)
        if not self.problem and not self._is(after):
            self.problem = self._not_stored(after)
        done = Plan(self.plan.before, self.found, () if self.hidden else self.plan.rewritten)
        told = telling.result(self.resource, self.dashboard, self.state, done, False, self.problem, self.complaint)
        if self.plan.after and self.found and not self.problem:
            # The plan came true: what the Dashboard itself gave a new one is no part of it.
            planned = replace(self.plan, after=replace(self.plan.after, id=self.found.id))
            told["diff"] = telling.diff(self.resource, self.state.sites, planned)
        if isinstance(self.problem, errors.Unseen):
            told |= {"changed": True, "action": self.plan.action}
        return told

    def _is(self, after: Thing | None) -> bool:
        """Whether all is done."""
        return not self.hidden and planning.alike(self.resource, self.found, after)

    def _aim(self, after: Thing) -> Thing:
        """What has to come of the one that was read: what was given, and of the rest what it has."""
        if self.found is None:
            return after
        sites = self.found.sites if self.wanted.sites is None else after.sites
        values = planning.changed_values(self.resource, self.found, self.wanted)
        return replace(self.found, values=values, sites=sites)

    def _send(self, write: Callable[[], Any]) -> Any:
        """One write, once. An error that came before anything can have been done is raised."""
        self.problem = None
        try:
            answer = write()
        except errors.MainWPError as exc:
            if not (self.began or exc.may_have_started or exc.tried):
                raise
            self.problem, answer = exc, None
        self.began = True
        return answer

    def _look(
        self,
        number: Id,
        good: Callable[[Thing | None], bool],
        pick: Callable[[State], Thing | None] | None = None,
        longer: int = 0,
    ) -> None:
        """Read again the one with this id, or where there is none yet ``pick`` it; and while an answer is lost, for a while,
        until it is ``good``."""
        lost = self.problem is not None and self.problem.may_have_started
        over = isinstance(self.problem, errors.Redirected)  # whatever was done is done
        pauses = (*PATIENCE, *((PATIENCE[-1],) * longer)) if lost and not over else ()
        for pause in (0.0, *pauses):
            if pause:
                self.dashboard.sleep(pause)
            try:
                self.found = self._read(number, pick or (lambda now: now.by_id(number)))
                self.dashboard.http.caches.refuse()  # it would say what there was before
            except errors.MainWPError as exc:
                text = f"{exc.message.rstrip('.')}. What was written before may be done or not: nobody could read it."
                raise errors.MainWPError(text, _AGAIN, exc.reason, **exc.details) from exc
            if good(self.found):
                self.problem = None if lost else self.problem
                return

    def _read(self, number: Id, pick: Callable[[State], Thing | None]) -> Thing | None:
        meant: Thing | None = Thing(number, {})
        if not (self.one_of_many and number):
            sites = None if self.resource.exclusive else self.state.sites
            self.now = read(self.resource, self.dashboard, sites, self.state.knows_members)
            meant = pick(self.now)
        return closely(self.resource, self.dashboard, meant, self.wanted)

    def _add(self, after: Thing) -> None:
        body = planning.new_body(self.resource, after, self.wanted.hidden)
        number = self._send(lambda: self.routes.add(body))

        def pick(now: State) -> Thing | None:
            return now.by_id(number) if number else planning.came(self.resource, self.state, now, after)

        self._look(number or self.resource.no_id, lambda found: found is not None, pick, self.resource.long_making)
        if self.problem and self.found is None:
            noun = self.resource.noun
            unmade = f"No such {noun} is listed since, so it was most likely not made"
            # What leads elsewhere will do so again.
            lasts = isinstance(self.problem, (errors.Redirected, errors.NotTheApi))
            self.problem.hint = f"{unmade}. {self.problem.hint}" if lasts else f"{unmade}: run again."
        rival = planning.rival(self.resource, self.state, self.now, self.found, self.wanted) if number else None
        if rival:
            self._remove()
            self.found = rival  # made by somebody else, be it long ago and only hidden by a cache
            self.plan = replace(self.plan, before=rival, after=self._aim(after))

    def _edit(self, before: Thing, after: Thing) -> None:
        edit = self.routes.edit
        bodies = planning.edit_bodies(self.resource, before, after, self.hidden)
        writes = [partial(edit, before.id, body) for body in bodies]
        for site, body in self.resource.site_edits(self.now, before, after.sites):
            writes.append(partial(self.dashboard.v2.sites.edit, site, body))
        first = None
        for write in writes:  # one that fails keeps no other from being sent, unless it tells of all
            self._send(write)
            first = first or self.problem
            if isinstance(self.problem, errors.OF_THE_DASHBOARD):
                break
        self.problem = first
        self.hidden = self.hidden if first else {}
        self._look(before.id, lambda found: planning.alike(self.resource, found, after))

    def _remove(self) -> None:
        number = self.found.id if self.found else self.resource.no_id

        def remove() -> None:
            with contextlib.suppress(errors.NotFound):  # somebody was quicker
                self.complaint = self.routes.remove(number)

        self._send(remove)
        self._look(number, lambda found: found is None)

    def _not_stored(self, after: Thing | None) -> errors.MainWPError:
        """What to say of a write that was answered and did not do what it said."""
        called = self.resource.called(self.found or after or Thing(self.resource.no_id, {}))
        if after is None or self.found is None:
            gone = "is still there" if after is None else "is not there"
            says = f"says: {self.complaint}" if self.complaint else "says it was done."
            return errors.MainWPError(f"{called} {gone} although MainWP {says}", reason="not_stored")
        names = planning.differing(self.resource, self.found, after)
        fields = [self.resource.by_name[name] for name in names]
        told = [(one.name, *(one.told(thing.values[one.name]) for thing in (self.found, after))) for one in fields]
        kept = [f"{name} is '{found}' in place of '{wanted}'" for name, found, wanted in told]
        kept += ["its sites are not the ones that were sent"] if self.found.sites != after.sites else []
        text = f"{called}: MainWP says it was done, but {', '.join(kept)}."
        return errors.MainWPError(text, reason="not_stored")
