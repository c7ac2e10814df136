# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of resources: results, the one line, the diff. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._dashboard import Dashboard
from .._errors import MainWPError
from .._models import Site
from .._report import diff_entry
from . import _planning as planning
from ._resource import Plan, Resource, State, Thing, is_there


@dataclass(kw_only=True)
class Ending:
    """What became of one of several things: nothing yet, a result or a problem."""

    #: What the same task for this one alone would return, once it is done.
    told: dict[str, Any] | None = None
    #: Why it cannot be, or what kept it from being done.
    problem: MainWPError | None = None

    @property
    def error(self) -> dict[str, Any]:
        """What went wrong; empty if nothing did."""
        return self.problem.to_dict() if self.problem else dict((self.told or {}).get("error") or {})

    @property
    def reason(self) -> str:
        """The code of what went wrong."""
        return str(self.error.get("reason", ""))

    @property
    def message(self) -> str:
        """What became of it, in a sentence."""
        return str(self.problem or (self.told or {}).get("msg", ""))


def result(
    resource: Resource,
    dashboard: Dashboard,
    state: State,
    done: Plan,
    check_mode: bool,
    problem: MainWPError | None,
    complaint: str | None = None,
) -> dict[str, Any]:
    """The result of a module that makes something present or absent. ``complaint``: what MainWP said of what it did."""
    shown = done.after or (done.before if done.action == "removed" else None)
    text = f"{sentence(resource, state, done, check_mode)} {resource.remark(done, check_mode, complaint)}".rstrip()
    told: dict[str, Any] = {
        "changed": done.action != "unchanged",
        "action": done.action,
        "msg": text if problem is None else str(problem),
        resource.result: as_dict(resource, shown, state.sites) if shown else None,
        "diff": diff(resource, state.sites, done),
        "dashboard": dashboard.in_results,
    }
    if resource.exclusive:
        told["moved_sites"] = [
            {
                **site_dict(site),
                f"{resource.result}_id": thing.id if is_there(thing.id) else None,
                f"{resource.result}_name": thing.values[resource.name],
            }
            for site, thing in planning.moved(resource, state, done)
        ]
    return told if problem is None else {**told, "failed": True, "error": problem.to_dict()}


def as_dict(resource: Resource, thing: Thing, sites: Mapping[int, Site]) -> dict[str, Any]:
    """One thing in its stable shape."""
    values = resource.told(thing) if resource.told else {**thing.values, **thing.more}
    members = {"sites": [site_dict(site) for site in ordered(thing.sites, sites)]} if resource.has_sites else {}
    return {resource.id_name: thing.id if is_there(thing.id) else None, **values, **members}


def site_dict(site: Site) -> dict[str, Any]:
    """A site as it is named in results."""
    return {"id": site.id, "url": site.url, "name": site.name}


def ordered(ids: frozenset[int], sites: Mapping[int, Site]) -> list[Site]:
    """Sites by address."""
    return sorted((sites[number] for number in ids if number in sites), key=lambda site: site.sort_key)


def sentence(resource: Resource, state: State, done: Plan, check_mode: bool) -> str:
    """The run in one line."""
    thing = done.after or done.before
    if thing is None:
        return f"There is no such {resource.noun}."
    name = resource.called(thing)
    name = name[:1].upper() + name[1:]
    if done.action == "unchanged":
        return f"{name} is as wanted."
    what = done.action
    if done.before and done.after:
        names = [*planning.differing(resource, done.before, done.after), *done.rewritten]
        what += f" ({', '.join([*names, *(['sites'] if done.before.sites != done.after.sites else [])])})"
    text = f"{name} {'would be' if check_mode else 'was'} {what}."
    for site, other in planning.moved(resource, state, done):
        text += f" {site.url} {'would leave' if check_mode else 'left'} {resource.called(other)}."
    return text


def diff(resource: Resource, sites: Mapping[int, Site], done: Plan) -> list[dict[str, str]]:
    """Old → new, one entry for the thing: what differs, a line each."""
    if done.action == "unchanged":
        return []
    lines = [lines_of(resource, thing, sites) if thing else [] for thing in (done.before, done.after)]
    before, after = ([line for line in one if line not in other] for one, other in (lines, lines[::-1]))
    after += [f"{name}: written again" for name in done.rewritten]
    return [diff_entry(resource.called(done.after or done.before or Thing(resource.no_id, {})), before, after)]


def lines_of(resource: Resource, thing: Thing, sites: Mapping[int, Site]) -> list[str]:
    """A thing in lines: what it has, then its sites."""
    told = [(one, thing.values[one.name]) for one in resource.shown]
    lines = [f"{one.name}: {text}" for one, value in told if (text := one.told(value))]
    return lines + [f"site: {site.url}" for site in ordered(thing.sites, sites)]
