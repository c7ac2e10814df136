# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What there is of a resource, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.resource import parallel
from .._dashboard import Dashboard
from .._report import plural
from . import _engine as engine
from . import _telling as telling
from . import _texts
from ._resource import Resource, Thing, Wanted


def filter_from(resource: Resource, params: Mapping[str, Any]) -> dict[str, set[Any]]:
    """Which ones: key → what is asked for, texts without regard to case. Nothing means all."""
    given = {key: params[f"{key}s"] for key in resource.keys if params.get(f"{key}s") is not None}
    asked = {key: {_texts.one_line(str(text)).casefold() for text in texts} for key, texts in given.items()}
    return asked if params.get("ids") is None else {**asked, "id": set(params["ids"])}


def run(
    resource: Resource, dashboard: Dashboard, asked: Mapping[str, set[Any]], reporter: Any, check_mode: bool
) -> dict[str, Any]:
    """All of them that are asked for, by name."""
    del reporter, check_mode
    state = engine.read(resource, dashboard)
    found = [thing for thing in state.things if not asked or _is_asked_for(thing, asked)]
    found.sort(key=lambda thing: (thing.values[resource.name].casefold(), thing.id))
    if resource.whole_row:
        whole = parallel(lambda thing: engine.closely(resource, dashboard, thing, Wanted({})), found)
        found = [thing for thing in whole if thing]  # those that are gone meanwhile are not
    return {
        "changed": False,
        "msg": plural(len(found), resource.noun),
        "count": len(found),
        f"{resource.result}s": [telling.as_dict(resource, thing, state.sites) for thing in found],
        "dashboard": dashboard.in_results,
    }


def _is_asked_for(thing: Thing, asked: Mapping[str, set[Any]]) -> bool:
    return any((thing.id if key == "id" else thing.values[key].casefold()) in some for key, some in asked.items())
