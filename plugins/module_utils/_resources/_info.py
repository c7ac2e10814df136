# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What there is of a resource, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._dashboard import Dashboard
from .._report import plural
from . import _engine as engine
from . import _telling as telling
from . import _texts
from ._resource import Resource, Thing


@dataclass(frozen=True)
class Filter:
    """Which ones: those with one of the ids or one of the keys. Nothing given means all."""

    ids: frozenset[int] | None = None
    #: Key → texts, without regard to case.
    keys: Mapping[str, frozenset[str]] | None = None

    def takes(self, thing: Thing) -> bool:
        """Whether it is one of them."""
        if self.ids is None and not self.keys:
            return True
        by_key = any(thing.values[key].casefold() in texts for key, texts in (self.keys or {}).items())
        return by_key or thing.id in (self.ids or ())


def filter_from(resource: Resource, params: Mapping[str, Any]) -> Filter:
    """Check the options."""
    ids = params.get("ids")
    given = {key: params.get(f"{key}s") for key in resource.keys}
    keys = {
        key: frozenset(_texts.one_line(str(text)).casefold() for text in texts)
        for key, texts in given.items()
        if texts is not None
    }
    return Filter(None if ids is None else frozenset(ids), keys)


def run(resource: Resource, dashboard: Dashboard, wanted: Filter, reporter: Any, check_mode: bool) -> dict[str, Any]:
    """All of them that are asked for, by name."""
    del reporter, check_mode
    state = engine.read(resource, dashboard)
    found = [thing for thing in state.things if wanted.takes(thing)]
    found.sort(key=lambda thing: (thing.values[resource.name].casefold(), thing.id))
    return {
        "changed": False,
        "msg": plural(len(found), resource.noun),
        "count": len(found),
        f"{resource.noun}s": [telling.as_dict(resource, thing, state.sites) for thing in found],
        "dashboard": dashboard.in_results,
    }
