# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door of what works on things of sites, in lanes. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ._dashboard_door import DashboardDoor
from ._jobs._lane_options import lane_options_from
from ._specs import selection_spec, things_spec
from ._things import _info, _run
from ._things._kind import Kind

#: How long to wait for what was sent and not answered, and between two looks, seconds.
_WAIT, _POLL = 600, 5


def thing_door(
    name: str,
    kind_from: Callable[[Mapping[str, Any]], Kind[Any]],
    spec: Mapping[str, Any],
    rules: Mapping[str, Any] | None = None,
    live: bool = False,
) -> DashboardDoor:
    """For a module that does something to things on sites. ``kind_from`` checks its own options. ``live``: nothing is read
    from what a sync brought."""

    return DashboardDoor(name, partial(wanted_from, kind_from), _run.run, {**things_spec(live), **spec}, rules or {})


def wanted_from(kind_from: Callable[[Mapping[str, Any]], Kind[Any]], params: Mapping[str, Any]) -> _run.Wanted:
    """Check the options: what is wanted, where, and how carefully. Raises InputError."""
    return _run.Wanted(kind_from(params), lane_options_from(params, required=True, wait=_WAIT, poll=_POLL))


def extensions_door(name: str, noun: str, states: list[str]) -> DashboardDoor:
    """For a module that reads plugins or themes."""
    spec = {
        **selection_spec(),
        f"{noun}s": {"type": "list", "elements": "str"},
        "state": {"type": "str", "choices": [_info.ANY, *states], "default": _info.ANY},
        "abandoned": {"type": "bool", "default": False},
    }
    return DashboardDoor(name, partial(_info.asked_from, noun), _info.run, spec)
