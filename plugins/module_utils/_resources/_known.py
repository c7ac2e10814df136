# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What there is of a resource while several plans are made, each after what the ones before it would do: pure. PRIVATE to
the collection.

Kept by what things are known by, for comparing each of a thousand with each other takes seconds.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._api.collection import Id
from . import _planning as planning
from ._resource import Plan, Resource, State, Thing, Wanted


class Known:
    """The things, in order."""

    def __init__(self, resource: Resource, state: State, claimed: Container[str] = ()) -> None:
        self.resource, self.sites, self.claimed = resource, state.sites, claimed
        self._things: dict[Id, Thing] = {}
        #: Key and value, whatever the case → ids.
        self._by_key: dict[tuple[str, str], dict[Id, None]] = {}
        self._new = 0
        self._state: State | None = None
        for thing in state.things:
            self._put(thing)

    @property
    def state(self) -> State:
        """All of them."""
        if self._state is None:
            self._state = State(tuple(self._things.values()), self.sites)
        return self._state

    def near(self, wanted: Wanted) -> list[Thing]:
        """Those that may be meant."""
        if wanted.id is not None:
            return [self._things[wanted.id]] if wanted.id in self._things else []
        return planning.apart(self.resource, self._holding(wanted.values), wanted, self.claimed)

    def plan(self, meant: Thing | None, wanted: Wanted) -> Plan:
        """What has to be done for one. Raises InputError for what cannot be."""
        values = {**(meant.values if meant else {}), **wanted.values}
        near = {thing.id: thing for thing in (*self.near(wanted), *self._holding(values))}
        things = planning.apart(self.resource, near.values(), wanted, self.claimed)
        return planning.plan(self.resource, State(tuple(things), self.sites), wanted)

    def did(self, plan: Plan) -> Thing | None:
        """As it will be once ``plan`` is carried out; new ones are given ids below 0."""
        for site, other in planning.moved(self.resource, self.state, plan):
            self._replace(self._things[other.id], replace(other, sites=self._things[other.id].sites - {site.id}))
        after = plan.after
        if after and plan.before is None:
            self._new -= 1
            after = replace(after, id=self.resource.made_id(after) or self._new)
        if plan.action != "unchanged":
            self._replace(plan.before, after)
        return after

    def _replace(self, before: Thing | None, after: Thing | None) -> None:
        self._state = None
        if before:
            for key in self._keys(before.values):
                self._by_key.get(key, {}).pop(before.id, None)
            if after is None:
                del self._things[before.id]
        if after:
            self._put(after)

    def _put(self, thing: Thing) -> None:
        self._things[thing.id] = thing
        for key in self._keys(thing.values):
            self._by_key.setdefault(key, {})[thing.id] = None

    def _holding(self, values: Mapping[str, Any]) -> list[Thing]:
        """Those with one of the keys in ``values``."""
        found = (self._by_key.get(key, {}) for key in self._keys(values))
        return [self._things[number] for number in dict.fromkeys(number for some in found for number in some)]

    def _keys(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        resource = self.resource
        for key in dict.fromkeys((*resource.keys, *resource.unique)):
            value = resource.key_of(values, key)
            if value:
                yield key, resource.folded(str(resource.by_name[key].same(value)))
