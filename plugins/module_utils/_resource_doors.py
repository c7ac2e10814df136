# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The doors of what has a state: one that makes it present or absent, one that reads. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ._dashboard import Dashboard
from ._dashboard_door import DashboardDoor
from ._resources import _engine, _info, _locking, _planning
from ._resources._resource import Resource
from ._specs import info_spec, member_spec, state_spec

#: (Dashboard, options, reporter, check mode) → result
Run = Callable[[Dashboard, Any, Any, bool], dict[str, Any]]


def state_door(name: str, resource: Resource, run: Run | None = None, **rules: Any) -> DashboardDoor:
    """For a module that makes one present or absent; ``run``: in a way of its own."""
    options_from = partial(_planning.wanted_from, resource)
    run = run or partial((_locking if resource.works_on else _engine).run, resource)
    rules = {"required_one_of": [(*resource.keys, resource.id_name)], **rules}
    return DashboardDoor(name, options_from, run, spec_of(resource), rules)


def spec_of(resource: Resource) -> dict[str, Any]:
    """The options of a module that makes one present or absent."""
    fields = {one.name: dict(one.spec) for one in resource.fields}
    members = member_spec() if resource.has_sites else {}
    options = {name: dict(one) for name, one in resource.options.items()}
    return {**state_spec(resource.id_name), **fields, **options, **members}


def info_door(name: str, resource: Resource, run: Run | None = None) -> DashboardDoor:
    """For a module that reads them all, or some; ``run``: in a way of its own."""
    options_from, run = partial(_info.filter_from, resource), run or partial(_info.run, resource)
    return DashboardDoor(name, options_from, run, info_spec(*resource.keys))
