# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several child sites in one task: check all → read the Dashboard once → plan each → act in lanes. PRIVATE to the collection.

What cannot be is refused for all of them at once, with its place in the list, before anything is written. What fails at
one site is told there, and keeps no other from its turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import _errors as errors
from .._api.resource import parallel
from .._dashboard import Dashboard
from .._errors import InputError
from .._jobs._common import Reporter, refuse_read_only_key
from .._locks import SPEC as LOCKING
from . import _locking
from . import _planning as planning
from ._resource import State, Thing, Wanted
from ._site_fields import same_site
from ._site_lanes import Lanes
from ._site_list_result import Item, result
from ._spellings import place
from .sites import SITE, read_all, read_besides

OPTION = "child_sites"
#: What is said of each site.
OF_ONE: dict[str, dict[str, Any]] = {
    "id": {"type": "int"},
    **{one.name: dict(one.spec) for one in SITE.fields},
    **{name: dict(one) for name, one in SITE.options.items() if name not in LOCKING},
}
SPEC: dict[str, dict[str, Any]] = {OPTION: {"type": "list", "elements": "dict", "options": OF_ONE}}
RULES: dict[str, Any] = {
    "required_one_of": [("site_url", "id", OPTION)],
    "mutually_exclusive": [("site_url", OPTION), ("id", OPTION)],
}
#: So many problems are told.
_TOLD = 50


@dataclass(frozen=True)
class Several:
    """The checked options of a task with a list of sites."""

    each: tuple[Wanted, ...]
    locking: Mapping[str, Any] = field(default_factory=dict)


# -- before the first request -------------------------------------------------------------------------------------------


def wanted_from(params: Mapping[str, Any]) -> Wanted | Several:
    """Check the options. Raises InputError, before any request."""
    if params.get(OPTION) is None:
        return planning.wanted_from(SITE, params)
    if params.get("state") == "absent":
        raise InputError("state", f"{OPTION} makes sites present; a task removes one site.", "Give site_url or id.")
    for name, one in OF_ONE.items():
        if params.get(name) not in (None, one.get("default")):
            raise InputError(name, f"belongs to each of {OPTION}, not beside it.")
    each: list[Wanted] = []
    problems: list[tuple[int, InputError]] = []
    first: dict[Any, int] = {}
    locking = {name: params.get(name) for name in LOCKING}
    for number, given in enumerate(params[OPTION]):
        try:
            each.append(planning.wanted_from(SITE, {**given, **locking}))
        except InputError as exc:
            problems.append((number, exc))
        twice = [(name, key) for name, key in _keys(given).items() if first.setdefault((name, key), number) != number]
        problems += [(number, _twice(name, first[name, key])) for name, key in twice]
    _refuse(problems)
    return Several(tuple(each), each[0].options if each else {})


def _keys(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a site is known by in the list."""
    keys = {"id": given.get("id"), "site_url": _known_by(str(given.get("site_url") or ""))}
    return {name: key for name, key in keys.items() if key}


def _known_by(url: str) -> str:
    return same_site(url).casefold()


def _twice(option: str, number: int) -> InputError:
    return InputError(option, f"that is the site of {OPTION}[{number}], too.", "Say all of a site in one entry.")


def _refuse(problems: Sequence[tuple[int, InputError]]) -> None:
    """Raises InputError if there is any: with the place of each in the list."""
    if not problems:
        return
    told = []
    for number, exc in problems:
        option, _colon, text = exc.message.partition(": ")
        told.append(InputError(f"{OPTION}[{number}].{option}", text, exc.hint))
    if len(told) == 1:
        raise told[0]
    more = f" And {len(told) - _TOLD} more." if len(told) > _TOLD else ""
    raise InputError(OPTION, f"{len(told)} problems. {' '.join(map(str, told[:_TOLD]))}{more}")


# -- reading and planning -----------------------------------------------------------------------------------------------


def run(dashboard: Dashboard, wanted: Wanted | Several, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """Make it so, for one site or for several, or tell what would be done.

    Of several, raises MainWPError only for what concerns all of them, before anything is written.
    """
    if isinstance(wanted, Wanted):
        return _locking.run(SITE, dashboard, wanted, reporter, check_mode)
    items = _planned(dashboard, wanted.each) if wanted.each else []
    todo = [item for item in items if item.needs_turn]
    if todo:
        refuse_read_only_key(dashboard, reporter, check_mode)
    broken = ""
    if todo and not check_mode:
        broken = Lanes(dashboard, wanted.locking, reporter).run(todo)
    return result(dashboard, items, check_mode, broken)


def _planned(dashboard: Dashboard, each: Sequence[Wanted]) -> list[Item]:
    """What has to be done at each. Raises InputError for all that cannot be."""
    rows = read_all(dashboard)
    things = tuple(SITE.thing(row, ()) for row in rows.values())
    by_id, by_address = {int(thing.id): (thing,) for thing in things}, _by_address(things)
    items: list[Item] = []
    problems: list[tuple[int, InputError]] = []
    #: Id, or host of a new one → its place in the list.
    known: dict[int | str, int] = {}
    for number, wanted in enumerate(each):
        url = wanted.values.get("site_url", "")
        # only what may be meant, or each would be compared with all
        near = by_address.get(_known_by(url), ()) if wanted.id is None else by_id.get(int(wanted.id), ())
        try:
            meant = planning.find(SITE, near, wanted)
            first = known.setdefault(int(meant.id) if meant else place(url), number)
            if meant and first != number:
                raise _twice("site_url" if wanted.id is None else "id", first)
            prepared = SITE.prepare(dashboard, State(things), meant, wanted)
            if first != number and not wanted.options["another_child"]:
                raise _spelled_twice(url, first)
            items.append(Item(prepared, State((meant,) if meant else ()), planning.plan(SITE, State(near), prepared)))
        except InputError as exc:
            problems.append((number, exc))
    _refuse(problems)
    parallel(lambda item: _look_closely(dashboard, item, rows), [item for item in items if item.asks_more])
    return items


def _spelled_twice(url: str, number: int) -> InputError:
    text = (
        f"'{url}' may be another address of {OPTION}[{number}], and adding it would take the connection from that one."
    )
    return InputError("site_url", text, "If it is a WordPress of its own, set another_child: true.")


def _by_address(things: Sequence[Thing]) -> dict[str, tuple[Thing, ...]]:
    found: dict[str, tuple[Thing, ...]] = {}
    for thing in things:
        key = _known_by(thing.values["site_url"])
        found[key] = (*found.get(key, ()), thing)
    return found


def _look_closely(dashboard: Dashboard, item: Item, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Plan one again of which the list does not tell all. One that cannot be read is in trouble by itself."""
    number = int(item.state.things[0].id)
    try:
        row = {**rows[number], **read_besides(dashboard, number, item.wanted)}
    except errors.OF_THE_DASHBOARD:
        raise
    except errors.MainWPError as exc:
        item.problem = exc
        return
    item.state = State((SITE.thing(row, ()),))
    item.plan = planning.plan(SITE, item.state, item.wanted)
