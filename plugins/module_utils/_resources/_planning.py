# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find → plan → what to send: pure. PRIVATE to the collection.

Whatever the API cannot do is refused here, in one sentence, before anything is sent.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._api.collection import Id
from .._errors import InputError
from .._models import Site
from .._selection import named_sites
from . import _texts
from ._fields import Unstorable
from ._resource import Plan, Resource, State, Thing, Wanted, is_there


def wanted_from(resource: Resource, params: Mapping[str, Any]) -> Wanted:
    """Check the options. Raises InputError, before any request."""
    values: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    notes = []
    for one in resource.fields:
        given = params.get(one.name)
        if given is None:
            continue
        try:
            (values if one.readable else hidden)[one.name] = one.wanted(given)
        except Unstorable as problem:
            raise InputError(one.name, str(problem)) from None
        if one.lossy and values[one.name] != _texts.one_line(str(given)):
            notes.append(f"{one.name}: MainWP cuts markup and percent codes, so it is '{values[one.name]}'.")
    number = params.get(resource.id_name)
    if number is not None and (number < 1 if isinstance(number, int) else not number.strip()):
        raise InputError(resource.id_name, f"{number} is no {resource.id_name}.")
    if number is None and not any(resource.key_of(values, key) for key in resource.keys):
        ways = " or ".join((*resource.keys, resource.id_name))
        raise InputError(resource.name, f"which {resource.noun}?", f"Give {ways}.")
    sites = params.get("sites") if resource.has_sites else None
    return Wanted(
        values=values,
        present=params.get("state") != "absent",
        id=number,
        sites=None if sites is None else tuple(str(text) for text in sites),
        sites_mode=params.get("sites_mode") or "replace",
        notes=tuple(notes),
        hidden=hidden,
        rewrite=params.get("update_password") == "always",
        options={name: _given(params, name, one) for name, one in resource.options.items()},
    )


def _given(params: Mapping[str, Any], name: str, spec: Mapping[str, Any]) -> Any:
    """An option as Ansible would hand it over."""
    value = spec.get("default") if params.get(name) is None else params[name]
    return os.path.expanduser(value) if spec["type"] == "path" and value else value


def plan(resource: Resource, state: State, wanted: Wanted) -> Plan:
    """What has to be done. Raises InputError for what cannot be."""
    before = find(resource, state.things, wanted)
    if not wanted.present:
        return Plan(before, None)
    for one in resource.fields if before is None else ():
        if (one.needed or one.name == resource.name) and not wanted.values.get(one.name):
            raise InputError(one.name, f"needed to make a new {resource.noun}.")
    blanks = {one.name: one.blank for one in resource.shown}
    start = before or Thing(wanted.id or resource.no_id, blanks, more=resource.fresh)
    values = changed_values(resource, start, wanted)
    changes = [name for name in values if values[name] != start.values[name]]
    for name in changes:
        if not values[name] and not resource.by_name[name].can_empty:
            remedy = f"Leave {name} out, or clear it in MainWP's own pages."
            raise InputError(name, f"MainWP's API cannot clear it, and {resource.called(start)} has one.", remedy)
    told = {resource.by_name[name].column: values[name] for name in (changes if before else values)}
    more = {**start.more, **resource.more(told)}
    after = replace(start, values=values, sites=_sites_after(state, start, wanted), more=more)
    things = [thing for thing in state.things if resource.manages(thing)]
    _refuse_doubles(resource, things, start, after)
    planned = Plan(before, after, rewritten(resource, wanted) if before else ())
    resource.refuse(planned)
    return planned


def rewritten(resource: Resource, wanted: Wanted) -> tuple[str, ...]:
    """What is written again without knowing whether it differs."""
    return tuple(name for name in wanted.hidden if wanted.rewrite and resource.by_name[name].editable)


def changed_values(resource: Resource, start: Thing, wanted: Wanted) -> dict[str, Any]:
    """What ``start`` has, with what was given where that is another value."""
    values = dict(start.values)
    for name, given in wanted.values.items():
        one = resource.by_name[name]
        value = one.merged(start.values[name], given)
        if one.differs(start.values[name], value):
            values[name] = value
    return resource.settled(values, wanted.values)


def find(resource: Resource, things: Sequence[Thing], wanted: Wanted) -> Thing | None:
    """The one that is meant: by its id, else by the surest of its keys. Raises InputError for several.

    A weaker key tells only of those that have no surer one, where a surer one was given.
    """
    things = [thing for thing in things if resource.manages(thing)]
    if wanted.id is not None:
        found = next((thing for thing in things if thing.id == wanted.id), None)
        if found is None and wanted.present and not _is_born(resource, wanted):
            name = resource.id_name
            raise InputError(name, f"the Dashboard has no {resource.noun} with the {name} {wanted.id}.")
        return found
    for key in resource.keys:
        value = resource.key_of(wanted.values, key)
        if not value:
            continue
        one = resource.by_name[key]
        same = one.same
        held = [(thing, same(resource.key_of(thing.values, key))) for thing in things]
        near = [thing for thing, known in held if resource.folded(known) == resource.folded(same(value))]
        exact = [thing for thing, known in held if known == same(value)]
        if not exact and key in resource.unique and key != resource.name:
            exact = near
        if len(exact) > 1:
            exact = [thing for thing in exact if one.decides(value, resource.key_of(thing.values, key))] or exact
        if len(exact) > 1:
            ids = ", ".join(str(thing.id) if is_there(thing.id) else "a new one" for thing in _by_id(exact))
            text = f"the Dashboard has several {resource.noun}s '{value}': {resource.id_name}s {ids}."
            raise InputError(key, text, f"Give the {resource.id_name}.")
        if exact:
            return exact[0]
        if near and key == resource.name:
            others = " and ".join(resource.called(thing) for thing in near)
            remedy = f"Write the {key} just as it is there, or give the {resource.id_name}."
            raise InputError(key, f"'{value}' would be taken for {others}.", remedy)
        if not wanted.present:
            return None  # the surest one that was given decides: a namesake is somebody else
        things = [thing for thing, known in held if not known]
    return None


def exact_name(resource: Resource, values: Mapping[str, Any]) -> str:
    """What one is named, with all that counts in it."""
    return str(resource.by_name[resource.name].same(resource.key_of(values, resource.name)))


def apart(resource: Resource, things: Iterable[Thing], wanted: Wanted, claimed: Container[str]) -> list[Thing]:
    """The things without those that others mean, who wrote their names just so (``claimed``), although this one's name
    comes near."""
    own = exact_name(resource, wanted.values)
    if resource.folds or not own:
        return list(things)

    def surer(values: Mapping[str, Any]) -> set[tuple[str, str]]:
        keys = ((key, resource.key_of(values, key)) for key in resource.keys[:-1])
        return {(key, value.casefold()) for key, value in keys if value}

    def is_theirs(thing: Thing) -> bool:
        name = exact_name(resource, thing.values)
        near = name != own and name.casefold() == own.casefold() and name in claimed
        return near and surer(thing.values).isdisjoint(surer(wanted.values))

    return [thing for thing in things if not is_theirs(thing)]


def _is_born(resource: Resource, wanted: Wanted) -> bool:
    """Whether it is made with its id where that is not there."""
    return resource.has_slug and wanted.anew and resource.name in wanted.values


def _by_id(things: Iterable[Thing]) -> list[Thing]:
    return sorted(things, key=lambda thing: thing.id)


def _refuse_doubles(resource: Resource, things: Sequence[Thing], before: Thing, after: Thing) -> None:
    """A key may be of several fields, of which any may have changed."""
    for name in resource.unique:
        value = resource.key_of(after.values, name)
        if not value or value == resource.key_of(before.values, name):
            continue
        for thing in things:
            if thing.id != after.id and resource.folded(resource.key_of(thing.values, name)) == resource.folded(value):
                raise InputError(name, f"{resource.called(thing)} has '{thing.values[name]}' already.")


def _sites_after(state: State, start: Thing, wanted: Wanted) -> frozenset[int]:
    if wanted.sites is None:
        return start.sites
    known = sorted(state.sites.values(), key=lambda site: site.sort_key)
    named = frozenset(named_sites("sites", wanted.sites, known, "Check the spelling."))
    if wanted.sites_mode == "add":
        return start.sites | named
    return start.sites - named if wanted.sites_mode == "remove" else named


def moved(resource: Resource, state: State, done: Plan) -> list[tuple[Site, Thing]]:
    """The sites that leave another one, each with the one that it leaves."""
    if not resource.exclusive or done.after is None:
        return []
    taken = done.after.sites - (done.before.sites if done.before else frozenset())
    if not taken:
        return []
    return [
        (state.sites[number], thing)
        for thing in state.things
        for number in sorted(thing.sites & taken)
        if done.before is None or thing.id != done.before.id
    ]


def new_body(resource: Resource, after: Thing, hidden: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What makes a new one; the rest is edited when it is there."""
    sent = hidden_body(resource, hidden or {})
    for one in resource.shown:
        if one.always or (one.when_new and after.values[one.name] != one.blank):
            sent |= one.body(after.values[one.name])
    if after.id and resource.has_slug:
        sent |= resource.by_name[resource.name].body(after.id)
    return sent | (resource.sites_body(sorted(after.sites)) if after.sites else {})


def hidden_body(resource: Resource, hidden: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent of what cannot be read."""
    sent: dict[str, Any] = {}
    for name, value in hidden.items():
        sent |= resource.by_name[name].body(value)
    return sent


def edit_bodies(
    resource: Resource, before: Thing, after: Thing, hidden: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """What makes the one of the other, a write each; ``hidden`` is written again."""
    fields = [resource.by_name[name] for name in differing(resource, before, after)]
    joint = hidden_body(resource, hidden or {})
    joint |= {} if before.sites == after.sites else resource.sites_body(sorted(after.sites))
    for one in fields:
        joint |= {} if one.alone else one.body(after.values[one.name])
    for name in resource.resent if joint else ():
        joint |= resource.by_name[name].body(after.values[name])
    own = [one.body(after.values[one.name]) for one in fields if one.alone]
    return [joint, *own] if joint else own


def differing(resource: Resource, before: Thing, after: Thing) -> list[str]:
    """The names of the fields that differ."""
    return [one.name for one in resource.shown if one.differs(before.values[one.name], after.values[one.name])]


def alike(resource: Resource, found: Thing | None, after: Thing | None) -> bool:
    """Whether what was read is what was wanted."""
    if found is None or after is None:
        return found is after
    return found.sites == after.sites and not differing(resource, found, after)


def came(resource: Resource, earlier: State, now: State, after: Thing) -> Thing | None:
    """The new one whose making was not answered: not there before, and named as the API would have named it."""
    known = {thing.id for thing in earlier.things}
    if after.id and after.id not in known:
        return now.by_id(after.id)
    name = after.values[resource.name]
    new = [thing for thing in now.things if thing.id not in known]
    fitting = [thing for thing in new if resource.may_become(name, thing.values[resource.name])]
    fitting = [thing for thing in fitting if thing.values[resource.name] == name] or fitting
    return fitting[0] if len(fitting) == 1 else None


def rival(resource: Resource, earlier: State, now: State, made: Thing | None, wanted: Wanted) -> Thing | None:
    """The one that somebody else made at the same time, a moment before ours: then ours is one too many."""
    known = {thing.id for thing in earlier.things}
    others = [thing for thing in now.things if thing.id not in known and made and _is_older(thing.id, made.id)]
    try:
        return find(resource, others, wanted)
    except InputError:
        return None


def _is_older(one: Id, other: Id) -> bool:
    """Numbers are given in order; of slugs there is one each."""
    return isinstance(one, int) and isinstance(other, int) and one < other
