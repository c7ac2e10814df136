# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a change to the interface breaks docs/promises.md, and what only adds to it. Pure.

An interface is a map from places to what holds there. A place is a path, such as ``module mainwp_tag > option color``. What
hangs below ``option`` is taken from users, and may only get wider; the rest is given to them, and may only get narrower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: Place → what holds there.
Interface = Mapping[str, Mapping[str, Any]]
STEP = " > "
#: Type → those that take all that it takes.
WIDER = {"int": {"float", "raw"}, "str": {"raw"}, "bool": {"raw"}, "float": {"raw"}, "dict": {"raw"}, "path": {"raw"}}
#: Lists of which each entry may be relied on.
MEMBERS = {"aliases", "choices", "env", "groups", "ini", "keys"}
#: From the best to the worst.
SUPPORT = ("full", "partial", "none")


@dataclass(frozen=True)
class Change:
    """One difference at a place, told to people; does it break a promise?"""

    place: str
    told: str
    breaks: bool

    def __str__(self) -> str:
        return f"{self.place}: {self.told}"


def changes(old: Interface, new: Interface) -> list[Change]:
    """What became of the old interface. Of what came or went as a whole, only the top is told."""
    called = names_now(old, new)
    kept = set(called.values()) & new.keys()
    found = []
    for place, there in called.items():
        if there in new:
            found += list(_changed(place, old, old[place], new[there]))
        elif called.get(parent(place), "") in ("", *kept):
            found.append(Change(place, "is gone", breaks=True))
    for place, now in new.items():
        if place not in kept and (parent(place) not in new or parent(place) in kept):
            refused = parent(place) in kept and is_taken(place) and bool(now.get("required"))
            found.append(Change(place, "is new, and required" if refused else "is new", refused))
    return sorted(found, key=str)


def names_now(old: Interface, new: Interface) -> dict[str, str]:
    """Where old places are now: what has a new name, and what is below it, by the old name, which is an alias."""
    aliases = {
        f"{parent(place)}{STEP}option {alias}": place for place, now in new.items() for alias in now.get("aliases", ())
    }
    found: dict[str, str] = {}
    for place in sorted(old):  # what is above comes first
        above = parent(place)
        there = f"{found[above]}{place[len(above) :]}" if above in found else place
        found[place] = there if there in new else aliases.get(there, there)
    return found


def parent(place: str) -> str:
    """The place above; empty at the top."""
    return place.rpartition(STEP)[0]


def is_taken(place: str) -> bool:
    """Is it an option, or below one?"""
    return any(step.startswith("option ") for step in place.split(STEP))


def _changed(place: str, old: Interface, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for what in sorted(before.keys() | after.keys()):
        was, now = before.get(what), after.get(what)
        if was == now:
            continue
        if what == "rules":
            yield from _rules(place, was or {}, now or {}, _options(old, place))
        elif what in MEMBERS:
            yield from _members(place, what, was, now)
        else:
            judge = JUDGES.get(what, _always)
            yield Change(place, f"{what} was {was!r}, is {now!r}", judge(was, now, is_taken(place)))


# -- one value -----------------------------------------------------------------------------------------------------------


def _always(was: Any, now: Any, taken: bool) -> bool:
    del was, now, taken
    return True


def _type(was: Any, now: Any, taken: bool) -> bool:
    wider, narrower = (now, was) if taken else (was, now)
    return wider not in WIDER.get(narrower, ())


def _came(was: Any, now: Any, taken: bool) -> bool:
    """Where it is a burden."""
    del was, taken
    return bool(now)


def _went(was: Any, now: Any, taken: bool) -> bool:
    """Where it is a boon."""
    del now, taken
    return bool(was)


def _support(was: Any, now: Any, taken: bool) -> bool:
    del taken
    return was in SUPPORT and (now not in SUPPORT or SUPPORT.index(now) > SUPPORT.index(was))


def _positional(was: Any, now: Any, taken: bool) -> bool:
    """More may follow."""
    del taken
    return (now or [])[: len(was or [])] != (was or [])


#: What holds → does it break a promise that it was so and is so now, of what is taken or given? All else always does.
JUDGES: dict[str, Callable[[Any, Any, bool], bool]] = {
    "type": _type,
    "elements": _type,
    "required": _came,
    "no_log": _went,
    "always": _went,
    "connection": _went,
    "v1": _went,
    "check_mode": _support,
    "diff_mode": _support,
    "idempotent": _support,
    "positional": _positional,
}


def _members(place: str, what: str, was: list[Any] | None, now: list[Any] | None) -> Iterator[Change]:
    """No choices at all means that anything goes."""
    if what == "choices" and is_taken(place) and (was is None or now is None):
        yield Change(place, f"choices were {was or 'free'}, are {now or 'free'}", was is None)
        return
    for one in sorted(set(was or ()) ^ set(now or ()), key=str):
        gone = one in (was or ())
        yield Change(place, f"{what}: {one} is {'gone' if gone else 'new'}", gone)


# -- rules between options -----------------------------------------------------------------------------------------------


def _options(interface: Interface, place: str) -> set[str]:
    """The options right below a place."""
    start = f"{place}{STEP}option "
    return {
        other.removeprefix(start) for other in interface if other.startswith(start) and STEP not in other[len(start) :]
    }


def _rules(place: str, was: Mapping[str, Any], now: Mapping[str, Any], known: set[str]) -> Iterator[Change]:
    """A rule that is new breaks who called by the ``known`` options and the old rules; one that is gone breaks nobody."""
    for kind in sorted(was.keys() | now.keys()):
        old, new = was.get(kind, []), now.get(kind, [])
        yield from (Change(place, f"{kind} {rule} is gone", breaks=False) for rule in old if rule not in new)
        for rule in new:
            if rule not in old:
                yield Change(place, f"{kind} {rule} is new", STRICTER[kind](rule, old, known))


def _exclusive(rule: list[str], old: list[list[str]], known: set[str]) -> bool:
    concerned = set(rule) & known
    return len(concerned) > 1 and not any(concerned <= set(one) for one in old)


def _one_of(rule: list[str], old: list[list[str]], known: set[str]) -> bool:
    del known
    return not any(set(one) <= set(rule) for one in old)


def _together(rule: list[str], old: list[list[str]], known: set[str]) -> bool:
    return bool(set(rule) & known) and not any(set(rule) <= set(one) for one in old)


def _needing(rule: list[Any], old: Iterable[list[Any]], known: set[str]) -> bool:
    """``required_if`` and ``required_by``: what begins with the option that needs others."""
    return rule[0] in known and rule not in old


STRICTER: dict[str, Callable[[Any, Any, set[str]], bool]] = {
    "mutually_exclusive": _exclusive,
    "required_one_of": _one_of,
    "required_together": _together,
    "required_if": _needing,
    "required_by": _needing,
}


# -- what to do ----------------------------------------------------------------------------------------------------------

BREAKS = """\
What docs/promises.md promises is broken:

{broken}

Keep the old way beside the new one – an alias for an option, a redirect in meta/runtime.yml for a module, the old key beside
the new one – and deprecate it: a warning, and a fragment under deprecated_features. It goes with the next major release, half
a year later at the earliest, with a fragment under removed_features or breaking_changes. Then, with that version in
galaxy.yml: {tool} --break

If no release has it yet, it is promised to nobody: bring tests/interface.json back as it is in the last release, and run
{tool}
"""
ADDS = """\
The interface grew. If all of this shall stay for years, run {tool}

{added}
"""
TOOL = "PYTHONPATH=tests .venv/bin/python tests/tools/interface.py"


def told(found: Iterable[Change]) -> str:
    """What to do about changes, for people; empty if there are none."""
    broken = "\n".join(f"  {one}" for one in found if one.breaks)
    added = "\n".join(f"  {one}" for one in found if not one.breaks)
    parts = (broken and BREAKS.format(broken=broken, tool=TOOL), added and ADDS.format(added=added, tool=TOOL))
    return "\n".join(filter(None, parts))


def may_break(version: str, released: Iterable[str]) -> bool:
    """Is it a major version, or before 1.0 a minor one, that is not out yet?"""
    major, minor, patch = (int(part) for part in version.split("."))
    return patch == 0 and (minor == 0 or major == 0) and version not in released
