# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options → what is wanted → what to write: pure. PRIVATE to the collection.

Whatever the API cannot do is refused here, in one sentence, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .._errors import InputError
from .._resources._fields import Unstorable
from ._fields import Field
from ._section import Change, Plan, Section, State, Wanted
from .sections import SECTIONS


def wanted_from(params: Mapping[str, Any]) -> Wanted:
    """Check the options. Raises InputError, before any request."""
    values: dict[str, dict[str, Any]] = {}
    for section in SECTIONS:
        if params.get(section.name) is None:
            continue
        values[section.name] = {}
        for one, given in section.given(params[section.name]):
            try:
                values[section.name][one.path] = one.wanted(given)
            except Unstorable as problem:
                raise _refusal(section, one, problem) from None
    return Wanted(values, params.get("update_secrets") == "always")


def plan(section: Section, state: State, wanted: Wanted, now: float, earlier: Mapping[str, Plan]) -> Plan:
    """What has to be done to a section after the ``earlier`` ones. Raises InputError for what cannot be."""
    changes: dict[str, Change] = {}
    for path, value in wanted.values[section.name].items():
        one = section.by_path[path]
        if missing := section.absent(one, state, earlier):
            raise InputError(f"{section.name}.{path}", missing)
        after = one.target(value, now)
        if (one.secret and wanted.always) or not _is_so(one, state, after):
            try:
                one.storable(value)
            except Unstorable as problem:
                raise _refusal(section, one, problem) from None
            changes[path] = Change(path, state.values.get(path), after, one.sent(value), one.secret)
    done = Plan(section, state, changes if wanted.always else _told_apart(section, changes))
    if done.changes:
        section.refuse(done)
    return done


def _is_so(one: Field, state: State, after: Any) -> bool:
    return one.readable and one.path in state.values and bool(state.values[one.path] == after)


def _told_apart(section: Section, changes: Mapping[str, Change]) -> dict[str, Change]:
    """Without what nobody can read, unless something else of its group changes, which may be the account that it is of."""
    readable = {section.by_path[path].group for path in changes if section.by_path[path].readable}
    return {
        path: change
        for path, change in changes.items()
        if section.by_path[path].readable or section.by_path[path].group in readable
    }


def unsettled(plan: Plan, found: State, answered: Collection[str]) -> list[Change]:
    """What is not as it shall be. Of what a read tells nothing, an answer tells (``answered``: the paths that got one), and
    without one what was written along."""
    fields = plan.section.by_path

    def seen(change: Change) -> bool:
        """Reading shows that it was written."""
        return change.before != change.after and _is_so(fields[change.path], found, change.after)

    shown = {fields[path].group for path, change in plan.changes.items() if seen(change)}

    def good(change: Change) -> bool:
        one = fields[change.path]
        told = one.readable and change.before != change.after
        if told or (one.readable and not _is_so(one, found, change.after)):
            return _is_so(one, found, change.after)
        return change.path in answered or one.group in shown

    return [change for change in plan.changes.values() if not good(change)]


def _refusal(section: Section, one: Field, problem: Unstorable) -> InputError:
    return InputError(f"{section.name}.{one.path}", str(problem))
