# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several child sites in one task: check all → read the Dashboard once → plan each → act in lanes. PRIVATE to the collection.

What cannot be is refused for all of them at once, with its place in the list, before anything is written. What fails at
one site is told there, and keeps no other from its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import _errors as errors
from .._api.listing import Listed
from .._api.managed_sites import whole_row
from .._api.resource import parallel
from .._dashboard import Dashboard
from .._errors import InputError
from .._jobs._common import Reporter, refuse_read_only_key
from .._locks import SPEC as LOCKING
from .._locks import lock_directory, look_at
from . import _locking
from . import _planning as planning
from ._resource import State, Thing, Wanted
from ._site_fields import same_site
from ._site_lanes import Lanes
from ._site_list_result import Item, result, told_of
from ._spellings import place
from .sites import SITE, as_site, read_all, read_besides

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
        problems += [(number, _twice(name, _place(first[name, key]))) for name, key in twice]
    _refuse(problems)
    return Several(tuple(each), each[0].options if each else {})


def _keys(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a site is known by in the list."""
    keys = {"id": given.get("id"), "site_url": _known_by(str(given.get("site_url") or ""))}
    return {name: key for name, key in keys.items() if key}


def _known_by(url: str) -> str:
    return same_site(url).casefold()


def _twice(option: str, other: str) -> InputError:
    remedy = "Say all of a site in one entry."
    if option != "id":
        remedy += " Name two that differ in www. or http:// alone by their ids."
    return InputError(option, f"that is the site of {other}, too.", remedy)


def _place(number: int) -> str:
    return f"{OPTION}[{number}]"


def _refuse(problems: Sequence[tuple[int, InputError]]) -> None:
    """Raises InputError if there is any: with the place of each in the list."""
    if not problems:
        return
    told = []
    for number, exc in problems:
        option, _colon, text = exc.message.partition(": ")
        told.append(InputError(f"{_place(number)}.{option}", text, exc.hint))
    if len(told) == 1:
        raise told[0]
    more = f" And {len(told) - _TOLD} more." if len(told) > _TOLD else ""
    raise InputError(OPTION, f"{len(told)} problems. {' '.join(map(str, told[:_TOLD]))}{more}")


# -- reading and planning -----------------------------------------------------------------------------------------------


@dataclass
class Found:
    """What has to be done at each, and what cannot be."""

    items: list[Item] = field(default_factory=list)
    #: Place in the list → why that cannot be.
    problems: list[tuple[int, InputError]] = field(default_factory=list)
    #: The sites that the list does not mean.
    extras: list[Thing] = field(default_factory=list)
    #: Why nothing more was started; empty if all was.
    broken: str = ""


def run(dashboard: Dashboard, wanted: Wanted | Several, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """Make it so, for one site or for several, or tell what would be done.

    Of several, raises MainWPError only for what concerns all of them, before anything is written.
    """
    if isinstance(wanted, Wanted):
        return _locking.run(SITE, dashboard, wanted, reporter, check_mode)
    found = planned(dashboard, wanted.each, _refuse) if wanted.each else Found()
    if any(item.needs_turn for item in found.items):
        refuse_read_only_key(dashboard, reporter, check_mode)
        if check_mode:
            look_at(lock_directory(wanted.locking["lock_dir"]))
    if not check_mode:
        _carry_out(dashboard, found, wanted.locking, reporter)
    return result(dashboard, found.items, check_mode, found.broken)


def act(
    dashboard: Dashboard,
    each: Sequence[Wanted],
    locking: Mapping[str, Any],
    reporter: Reporter,
    called: Callable[[int], str] = _place,
) -> Found:
    """Plan and make it so; what cannot be keeps nothing else from being done. The key may write."""
    found = planned(dashboard, each, called=called)
    _carry_out(dashboard, found, locking, reporter)
    tell(dashboard, found, check_mode=False)
    return found


def _carry_out(dashboard: Dashboard, found: Found, locking: Mapping[str, Any], reporter: Reporter) -> None:
    todo = [item for item in found.items if item.needs_turn]
    found.broken = Lanes(dashboard, locking, reporter).run(todo) if todo else ""


def tell(dashboard: Dashboard, found: Found, check_mode: bool = True) -> None:
    """What would be done, of each of which nothing is told yet."""
    told_of(dashboard, found.items, check_mode)


def planned(
    dashboard: Dashboard,
    each: Sequence[Wanted],
    refuse: Callable[[Sequence[tuple[int, InputError]]], None] = lambda _problems: None,
    called: Callable[[int], str] = _place,
) -> Found:
    """What has to be done at each. ``refuse``: told what cannot be, before more is asked. ``called``: how people are told
    which one of the list."""
    rows = read_all(dashboard)
    things = SITE.things(list(rows.values()), ())
    by_id, by_address = {int(thing.id): (thing,) for thing in things}, _by_address(things)
    found = Found()
    #: Id, or host of a new one → its place in the list.
    known: dict[int | str, int] = {}
    for number, wanted in enumerate(each):
        url = wanted.values.get("site_url", "")
        # only what may be meant, or each would be compared with all
        near = by_address.get(_known_by(url), ()) if wanted.id is None else by_id.get(int(wanted.id), ())
        try:
            meant = planning.find(SITE, near, wanted)
            first = (
                known.setdefault(int(meant.id) if meant else place(url), number) if meant or wanted.present else number
            )
            if meant and first != number:
                raise _twice("site_url" if wanted.id is None else "id", called(first))
            prepared = SITE.prepare(dashboard, State(things), meant, wanted)
            if first != number and not wanted.options["another_child"]:
                raise _spelled_twice(url, called(first))
            state = State((meant,) if meant else ())
            found.items.append(Item(number, prepared, state, planning.plan(SITE, State(near), prepared)))
        except InputError as exc:
            found.problems.append((number, exc))
    refuse(found.problems)
    found.extras = [thing for thing in things if thing.id not in known]
    parallel(lambda item: _look_closely(dashboard, item, rows), [item for item in found.items if item.asks_more])
    return found


def pretend(dashboard: Dashboard, found: Found) -> None:
    """Let what is planned later see the sites as they would be."""
    sites = dashboard.v2.sites
    known = {site.id: site for site in sites.all()}
    rows = {row["id"]: row for row in sites.all_whole()}
    changed: dict[int, Listed | None] = {}
    for item in found.items:
        before, after = item.plan.before, item.plan.after
        if item.plan.action == "unchanged":
            continue
        if after is None:
            changed |= {int(before.id): None} if before else {}
            continue
        number = int(after.id) or -1 - len(changed)
        site = as_site(after, known.get(number), number)
        row = {**rows.get(number, whole_row({})), **{name: getattr(site, name) for name in sites.columns}}
        changed[number] = Listed(site, {**row, "groupids": tuple(tag.id for tag in site.tags)})
    sites.listing.pretend(changed)


def _spelled_twice(url: str, other: str) -> InputError:
    text = f"'{url}' may be another address of {other}, and adding it would take the connection from that one."
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
    item.state = State((SITE.thing(row),))
    item.plan = planning.plan(SITE, item.state, item.wanted)
