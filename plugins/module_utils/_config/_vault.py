# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of a tree, which are kept apart from it: kind → name of the thing, or ``*`` for all of the kind → options. Pure.
PRIVATE to the collection.

No sentence has a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._resources._site_fields import same_site
from ._entry import SITES, Entry
from ._mistakes import Mistakes, cut, joined
from ._values import options_from
from .kinds import BY_NAME, Kind

ALL = "*"


def by_kind(given: Any, place: str, mistakes: Mistakes) -> dict[str, list[tuple[str, Mapping[Any, Any]]]]:
    """Kind → what was given for it, with its place."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        mistakes.add(place, "a map belongs here, of kinds: sites, users …")
        return {}
    found: dict[str, list[tuple[str, Mapping[Any, Any]]]] = {}
    for kind, value in given.items():
        at = joined(place, kind)
        if kind not in BY_NAME:
            mistakes.unknown(at, "kind", kind, BY_NAME)
        elif value is not None and not isinstance(value, Mapping):
            mistakes.add(at, "a map belongs here.")
        elif value is not None:
            found[kind] = [(at, value)]
    return found


def merged(kind: Kind, entries: list[Entry], given: Mapping[Any, Any], place: str, mistakes: Mistakes) -> list[Entry]:
    """The entries with their secrets: what stands in the tree or under a name goes before what is for all."""
    known: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        for name in _names(kind, entry.options):
            known.setdefault(name, []).append(number)
    found = list(entries)
    for name, value in sorted(given.items(), key=lambda pair: pair[0] == ALL):
        at = joined(place, name)
        if value is None:
            continue
        if not isinstance(value, Mapping):
            mistakes.add(at, "a map of options belongs here.")
            continue
        options = options_from(kind.spec, value, at, mistakes)
        numbers = range(len(found)) if name == ALL else known.get(_key(kind, name), ())
        if not numbers and name != ALL:
            noun = f"entry of {kind.name} called"
            mistakes.unknown(at, noun, name, [cut(kind.called(entry.options)) for entry in entries])
        for number in numbers:
            found[number] = _joined(found[number], options, at, name == ALL, mistakes)
    return found


def _joined(entry: Entry, options: Mapping[str, Any], at: str, for_all: bool, mistakes: Mistakes) -> Entry:
    if entry.is_absent:  # what it was known by may stay in the vault
        return entry
    if for_all:
        return entry.having({name: value for name, value in options.items() if name not in entry.options}, at)
    for name, value in options.items():
        if entry.options.get(name, value) != value:
            mistakes.add(joined(at, name), f"{entry.at(name)} says otherwise.", "Say it once.")
    return entry.having(options, at)


def _names(kind: Kind, options: Mapping[str, Any]) -> Iterable[str]:
    """What an entry may be called by."""
    texts = (options[name] for name in kind.names if options.get(name) not in (None, "", True, False))
    return {_key(kind, one) for text in texts for one in (text if isinstance(text, list) else [text])}


def _key(kind: Kind, name: Any) -> str:
    text = str(name).strip()
    return (same_site(text) if kind.name == SITES else text).casefold()
