# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of the settings: read → plan → write each section once → read again. PRIVATE to the collection.

An answer is evidence, what is read afterwards is the truth: a write whose answer was lost is looked for, and one that was
answered but is not there is a failure. After the first failure nothing more is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from .. import _errors as errors
from .._api.resource import ODD, parallel
from .._dashboard import Dashboard
from .._jobs._common import refuse_read_only_key
from .._resources._engine import PATIENCE
from . import _planning as planning
from . import _telling as telling
from ._section import Plan, Section, State, Wanted, Write
from .sections import SECTIONS

_UNREAD = "What was written before may be done or not: nobody could read it."
_AGAIN = "Run it again, which begins by reading."


def run(dashboard: Dashboard, wanted: Wanted, reporter: Any, check_mode: bool) -> dict[str, Any]:
    """Make it so, or tell what would be done."""
    plans: dict[str, Plan] = {}
    asked = [section for section in SECTIONS if section.name in wanted.values]
    for section, state in zip(asked, read(dashboard, asked), strict=True):
        plans[section.name] = planning.plan(section, state, wanted, dashboard.now(), plans)
    if any(plan.changes for plan in plans.values()):
        refuse_read_only_key(dashboard, reporter, check_mode)
        if not check_mode:
            return _Work(dashboard, wanted, plans).result()
    return telling.result(dashboard, plans, None, check_mode)


def read(dashboard: Dashboard, sections: Sequence[Section]) -> list[State]:
    """These sections as they are now. The first is asked alone: what is wrong with it is mostly wrong with all."""
    first = [_read(dashboard, section) for section in sections[:1]]
    return first + parallel(partial(_read, dashboard), sections[1:])


def _read(dashboard: Dashboard, section: Section) -> State:
    state = section.state(dashboard.v2.settings.read(section.route))
    if not state.raw:
        raise errors.AnswerLost(f"read the {section.route} settings: the answer has none of them.", hint=ODD)
    return state


class _Work:
    """Carries out the plans, one section after the other."""

    def __init__(self, dashboard: Dashboard, wanted: Wanted, plans: Mapping[str, Plan]) -> None:
        self.dashboard, self.wanted, self.plans = dashboard, wanted, plans
        #: What was done, in the form of plans; nothing yet.
        self.done = {name: replace(plan, changes={}) for name, plan in plans.items()}
        #: Some write may have been done.
        self.began = False

    def result(self) -> dict[str, Any]:
        """Do it, and tell what became of it. Raises MainWPError where nothing can have been done."""
        problem = None
        for plan in self.plans.values():
            try:
                self._section(plan)
            except errors.MainWPError as exc:
                if not self.began:
                    raise
                problem = exc
                break
        return telling.result(self.dashboard, self.done, problem, False)

    def _section(self, plan: Plan) -> None:
        """Write and look. Raises MainWPError for what is not as it shall be then."""
        if not plan.changes:
            return
        if plan.unseen:  # it is there now
            state = _read(self.dashboard, plan.section)
            plan = planning.plan(plan.section, state, self.wanted, self.dashboard.now(), self.plans)
        answered: set[str] = set()
        problem = None
        for write in plan.section.writes(plan):
            problem = self._send(plan, write)
            if problem is not None:
                break
            answered.update(write.paths)
        found = self._read(plan.section)
        left = planning.unsettled(plan, found, answered)
        moved = {path: change for path, change in plan.changes.items() if change not in left}
        self.done[plan.section.name] = Plan(plan.section, found, moved)
        if problem is not None:
            # What leads elsewhere will do so again.
            lost = problem.may_have_started and not isinstance(problem, errors.Redirected)
            remedy = _AGAIN if lost else problem.hint or _AGAIN
            problem.hint = f"{telling.not_so(plan, left)} {remedy}"
            raise problem
        if left:
            raise telling.not_stored(plan, left, found)

    def _send(self, plan: Plan, write: Write) -> errors.MainWPError | None:
        """One write, once; its error, if it may be that it was not done. Raises one that came before anything was done."""
        try:
            self.dashboard.v2.settings.edit(write.route, write.body)
        except errors.MainWPError as exc:
            self.began = self.began or exc.may_have_started
            if not self.began:
                raise
            pauses = () if isinstance(exc, errors.Redirected) else PATIENCE  # whatever was done is done
            return None if exc.may_have_started and self._shows(plan, write, pauses) else exc
        self.began = True
        return None

    def _shows(self, plan: Plan, write: Write, pauses: Sequence[float]) -> bool:
        """Whether reading shows, for a while, that a write was done whose answer is lost."""
        part = replace(plan, changes={path: plan.changes[path] for path in write.paths})
        for pause in (0.0, *pauses):
            if pause:
                self.dashboard.sleep(pause)
            if not planning.unsettled(part, self._read(plan.section), ()):
                return True
        return False

    def _read(self, section: Section) -> State:
        try:
            found = _read(self.dashboard, section)
            self.dashboard.http.caches.refuse()  # it would say what there was before
        except errors.MainWPError as exc:
            text = f"{exc.message.rstrip('.')}. {_UNREAD}"
            raise errors.MainWPError(text, _AGAIN, exc.reason, **exc.details) from exc
        return found
