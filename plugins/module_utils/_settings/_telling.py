# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of settings: results, the one line, the diff. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._dashboard import Dashboard
from .._errors import MainWPError
from .._report import and_more, diff_entry, plural
from ._section import Change, Plan, State


def result(
    dashboard: Dashboard, plans: Mapping[str, Plan], problem: MainWPError | None, check_mode: bool
) -> dict[str, Any]:
    """The result of the module: what was done, or in check mode would be."""
    changes = [(_name(plan, change), change) for plan in plans.values() for change in plan.changes.values()]
    told: dict[str, Any] = {
        "changed": bool(changes),
        "msg": sentence([name for name, _change in changes], check_mode) if problem is None else str(problem),
        "changes": [{"setting": name, "before": change.words[0], "after": change.words[1]} for name, change in changes],
        "settings": {name: plan.section.told(plan.after) for name, plan in plans.items()},
        "diff": [diff_entry(name, *([line(value)] for value in change.words)) for name, change in changes],
        "dashboard": dashboard.in_results,
    }
    return told if problem is None else {**told, "failed": True, "error": problem.to_dict()}


def sentence(names: Sequence[str], check_mode: bool) -> str:
    """The run in one line."""
    if not names:
        return "All settings are as wanted."
    return f"{plural(len(names), 'setting')} {'would be' if check_mode else 'was' if len(names) == 1 else 'were'} changed: {and_more(names)}."


def not_so(plan: Plan, left: Iterable[Change]) -> str:
    """What is not as it shall be, after an answer that tells of no success."""
    names = [_name(plan, change) for change in left]
    return (
        f"Not as wanted since, as far as can be read: {and_more(names)}." if names else "All of it is as wanted since."
    )


def not_stored(plan: Plan, left: Sequence[Change], found: State) -> MainWPError:
    """What to say of a write that was answered and did not do what it said."""
    kept = [
        f"{_name(plan, one)} is "
        + ("another one" if one.secret else f"'{line(found.values.get(one.path))}' in place of '{line(one.after)}'")
        for one in left
    ]
    hints = {plan.section.by_path[one.path].hint for one in left} - {""}
    return MainWPError(f"MainWP says it was done, but {', '.join(kept)}.", " ".join(sorted(hints)), "not_stored")


def _name(plan: Plan, change: Change) -> str:
    return f"{plan.section.name}.{change.path}"


def line(value: Any) -> str:
    """A value as people write it."""
    if value is None:
        return "(none)"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
