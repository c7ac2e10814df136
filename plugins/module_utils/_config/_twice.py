# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said twice in a tree, or contradicts itself: pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from .._resources._resource import Resource
from .._resources._site_fields import same_site
from .._resources._slugs import slug_of
from ._entry import CLIENT_FIELDS, SITES, Entry
from ._mistakes import Mistakes, quoted
from .kinds import BY_NAME, Kind

_SELECTION = ("sites", "site_tags", "clients", "site_status", "all_sites", "exclude_sites")
#: Options that do not say how a thing shall be.
_NO_WISH = frozenset((*_SELECTION, "fail_on_missing", "plugins", "themes", "login"))


def look(entries: Mapping[str, Sequence[Entry]], mistakes: Mistakes) -> None:
    """Add what is said twice, and what contradicts itself."""
    for name, found in entries.items():
        kind = BY_NAME[name]
        if kind.resource:
            _twice(kind, kind.resource, found, mistakes)
            for entry in found:
                _absent(kind.resource, entry, mistakes)
        elif kind.on_sites:
            _contradictions([(entry, _where(entry)) for entry in found], mistakes)


# -- what there is one of ------------------------------------------------------------------------------------------------


def _twice(kind: Kind, resource: Resource, entries: Sequence[Entry], mistakes: Mistakes) -> None:
    """Two entries are about one thing where the surest that both are known by is the same."""
    known: dict[tuple[str, Hashable], list[tuple[Entry, Mapping[str, Hashable]]]] = {}
    for entry in entries:
        keys = _keys(kind, resource, entry.options)
        for name, value in keys.items():
            others = known.setdefault((name, value), [])
            twin = next((one for one, theirs in others if _surest(keys, theirs) == name), None)
            if twin:
                key = name if name in entry.options else resource.name
                text = f"{quoted(entry.options.get(key))} is {twin.place}, too."
                mistakes.add(entry.at(key), text, f"Say all of a {resource.noun} in one entry.")
            if len(others) < 100:
                others.append((entry, keys))
            if twin:
                break


def _keys(kind: Kind, resource: Resource, options: Mapping[str, Any]) -> dict[str, Hashable]:
    """What a thing is known by, the surest first. Names that differ in case only are two, but where MainWP lets no two be."""
    found: dict[str, Hashable] = {resource.id_name: options.get(resource.id_name)}
    if resource.has_slug:  # which MainWP makes of the title
        found["slug"] = options.get("slug") or slug_of(str(options.get("title") or ""))
    for key in resource.keys:
        text = " ".join(str(resource.key_of(options, key) or "").split())
        exact = key == resource.name and kind.name not in (CLIENT_FIELDS, SITES)
        found[key] = text if exact else (same_site(text) if kind.name == SITES else text).casefold()
    return {name: value for name, value in found.items() if value not in (None, "")}


def _surest(keys: Mapping[str, Hashable], others: Mapping[str, Hashable]) -> str:
    return next((name for name in keys if name in others), "")


def _absent(resource: Resource, entry: Entry, mistakes: Mistakes) -> None:
    """What shall not be there is named, and nothing else is said of it."""
    allowed = {"state", "name", resource.id_name, *resource.keys}
    allowed |= {"product_type"} if "slug" in resource.keys else set()
    told = [name for name in entry.options if name not in allowed] if entry.is_absent else []
    given = [name for name in told if entry.options[name] != (resource.options.get(name) or {}).get("default")]
    for name in given:
        mistakes.add(entry.at(name), "has no meaning with state: absent.", "Leave it out.")


# -- what is on sites -----------------------------------------------------------------------------------------------------


def _contradictions(entries: Sequence[tuple[Entry, Hashable]], mistakes: Mistakes) -> None:
    """Add what two entries want differently at one place: ``entries`` each with where it applies."""
    known: dict[Hashable, tuple[Entry, Any]] = {}
    for entry, where in entries:
        for about, option, wish in _wishes(entry):
            first, other = known.setdefault((entry.kind, about, where), (entry, wish))
            if other != wish:
                mistakes.add(entry.at(option), f"{first.at(option)} says otherwise of the same sites.", "Say it once.")


def _where(entry: Entry) -> Hashable:
    """The sites of an entry, as they were written."""
    found = []
    for name in _SELECTION:
        value = entry.options.get(name)
        texts = [str(text).strip().casefold() for text in value] if isinstance(value, list) else value
        found.append(tuple(sorted({*texts})) if isinstance(texts, list) else texts)
    return tuple(found)


def _wishes(entry: Entry) -> Iterator[tuple[Hashable, str, Hashable]]:
    """(what it is about, the option that names it, how it shall be)"""
    options, kind = entry.options, entry.kind
    state = options.get("state")
    if kind == "users":
        wish = {name: str(value) for name, value in options.items() if name not in _NO_WISH}
        yield str(options.get("login")).casefold(), "login", tuple(sorted(wish.items()))
    if kind == "themes" and state == "active":
        yield "active theme", "themes", tuple(map(_thing, options.get("themes") or ()))
    for option in ("plugins", "themes") if kind != "users" else ():
        for text in options.get(option) or ():
            yield (option, _thing(text)), option, (state, options.get("force") if state == "absent" else None)
    for flag in BY_NAME[kind].names[2:] if kind == "ignored_updates" else ():
        if options.get(flag) is not None:
            yield flag, flag, options[flag]


def _thing(text: Any) -> str:
    """``akismet`` and ``akismet/akismet.php`` are most likely one plugin."""
    return str(text).strip().casefold().partition("/")[0].removesuffix(".php")
