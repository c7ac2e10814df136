# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tree: what a Dashboard shall be, as it was written down, checked. Pure. PRIVATE to the collection.

All mistakes that the tree alone shows are told at once, each with its place, before the first request. A kind may be written
in parts – ``tags``, ``tags__acme`` –, which are joined here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .._errors import InputError
from .._secrets import Secrets, named_secrets
from .._specs import own_secrets
from . import _members, _purge, _references, _twice, _vault
from ._entry import SETTINGS, Entry, Tree
from ._mistakes import Mistakes, joined, near, quoted
from ._values import filled, options_from
from .kinds import BY_NAME, CAREFULLY, KINDS, Kind

#: Options that the role has under the same prefix as kinds, for those who mistype one.
_ROLE = (
    *("only", "purge", "purge_max", "secrets", *CAREFULLY, "fail_on_drift"),
    *("export_dest", "export_include_personal", "export_per_site_settings"),
)
#: Options of modules that are not said of an entry.
_ELSEWHERE = {
    **dict.fromkeys(CAREFULLY, "It is said once, for the whole tree."),
    "sites_mode": "Sites are only taken in here; who shall leave is said of the site.",
}
#: Kind → the parts that it was written in, each with its place.
Parts = Mapping[str, list[tuple[str, Any]]]


def tree_from(params: Mapping[str, Any]) -> Tree:
    """The tree of a task's options, with its secrets. Raises InputError for all mistakes at once."""
    prefix = params.get("tree_prefix") or ""
    mistakes = Mistakes(secrets=secrets_of(params))
    parts = _parts(params.get("tree"), prefix, mistakes)
    secrets = _vault.by_kind(params.get("secrets"), f"{prefix}secrets", mistakes)
    entries: dict[str, list[Entry]] = {}
    for kind in KINDS:
        if kind.name == SETTINGS:
            found = _settings(parts.get(SETTINGS, []), secrets.get(SETTINGS, []), mistakes)
        else:
            found = list(_entries(kind, parts.get(kind.name, []), mistakes))
            for place, given in secrets.get(kind.name, ()):
                found = _vault.merged(kind, found, given, place, mistakes)
        if kind.name in parts or found:
            entries[kind.name] = [_checked(kind, entry, mistakes) for entry in found]
    _twice.look(entries, mistakes)
    tree = _members.taken_in(entries, mistakes)
    _references.look(tree, _references.Known(), params.get("purge") or (), mistakes)
    _purge.check(params, tree, prefix, mistakes)
    mistakes.refuse()
    return tree


def _parts(tree: Any, prefix: str, mistakes: Mistakes) -> Parts:
    """What was given of each kind."""
    if not isinstance(tree, Mapping):
        mistakes.add("tree", "a map belongs here, of kinds: tags, clients, sites …")
        return {}
    found: dict[str, list[tuple[str, Any]]] = {}
    for key, value in tree.items():
        kind, double, part = str(key).partition("__")
        if kind not in BY_NAME or (double and not part):
            _unknown(str(key), prefix, mistakes)
        elif value is not None:
            found.setdefault(kind, []).append((f"{prefix}{key}", value))
    if not found and not mistakes.found:
        mistakes.add(
            prefix.rstrip("_") or "tree", "the tree has no kind, so nothing would be looked at. Is a file lost?"
        )
    return found


def _unknown(key: str, prefix: str, mistakes: Mistakes) -> None:
    """Add what is no kind, nor a part of one."""
    place, name = joined("", f"{prefix}{key}"), key.partition("__")[0]
    whole = next((kind for kind in sorted(BY_NAME, key=len, reverse=True) if key.startswith(f"{kind}_")), "")
    part = key[len(whole) :].strip("_")
    if whole and part:
        hint = f"A part of {whole} has two underscores in its name: {prefix}{whole}__{part}."
        mistakes.add(place, f"there is no kind {quoted(key)}.", hint)
    elif name in BY_NAME:
        mistakes.add(place, "the part has no name.", f"Write it after the underscores: {prefix}{name}__more.")
    else:
        known = [*BY_NAME, *(_ROLE if prefix else ())]
        mine = f"Variables that begin with {prefix} are all the role's: give yours another name." if prefix else ""
        mistakes.add(place, f"there is no kind {quoted(name)}.", lambda: near(name, known) or mine)


def _entries(kind: Kind, parts: list[tuple[str, Any]], mistakes: Mistakes) -> Iterator[Entry]:
    """The entries of all parts of a kind."""
    for part, value in parts:
        if not isinstance(value, (list, tuple)):
            mistakes.add(part, "a list belongs here.")
            continue
        for number, given in enumerate(value):
            place = f"{part}[{number}]"
            if isinstance(given, Mapping):
                before = len(mistakes.found)
                options = options_from(kind.spec, given, place, mistakes, kind.rules, _ELSEWHERE)
                yield Entry(kind.name, place, options, sound=before == len(mistakes.found))
            else:
                mistakes.add(place, "a map belongs here.")


def _settings(parts: list[tuple[str, Any]], secrets: list[tuple[str, Any]], mistakes: Mistakes) -> list[Entry]:
    """The settings of all parts as one entry; none where none was given."""
    spec, merged, written = BY_NAME[SETTINGS].spec, dict[str, Any](), dict[str, str]()
    for place, dummy in () if parts else secrets:
        mistakes.add(place, "the tree has no settings.", "Give it settings: {} if nothing else is to be said of them.")
    for place, value in [*parts, *secrets]:
        if isinstance(value, Mapping):
            _merge(merged, options_from(spec, value, place, mistakes), place, "", written, mistakes)
        else:
            mistakes.add(place, "a map belongs here, of sections: general, advanced …")
    return [Entry(SETTINGS, parts[0][0], merged, written)] if parts else []


def _merge(
    into: dict[str, Any], more: Mapping[str, Any], place: str, path: str, written: dict[str, str], mistakes: Mistakes
) -> None:
    """Join the settings of two parts; what both have must be the same. ``written``: path → place."""
    for name, value in more.items():
        at, known = joined(place, name), f"{path}.{name}" if path else name
        if isinstance(value, Mapping) and isinstance(into.setdefault(name, {}), dict):
            _merge(into[name], value, at, known, written, mistakes)
        elif written.setdefault(known, at) == at:
            into[name] = value
        elif into[name] != value:
            mistakes.add(at, f"{written[known]} says otherwise.", "Say it once.")


def _checked(kind: Kind, entry: Entry, mistakes: Mistakes) -> Entry:
    """The entry with defaults, held against the checks of its module: all that they refuse, one after the other."""
    entry = replace(entry, options=filled(kind.spec, entry.options))
    options: Mapping[str, Any] | None = entry.options
    while options is not None and (refused := _refused(kind, options)):
        options = _without(options, str(refused.details.get("option", "")).split("."))
        if options is not None or entry.sound:
            mistakes.of(refused, entry.at)
    return entry


def _refused(kind: Kind, options: Mapping[str, Any]) -> InputError | None:
    """What the module refuses; nothing where it would not even look, for something needed is missing."""
    if any(option.get("required") and name not in options for name, option in kind.spec.items()):
        return None
    try:
        kind.wanted_from(options, {})
    except InputError as exc:
        return exc
    return None


def _without(options: Mapping[str, Any], path: list[str]) -> dict[str, Any] | None:
    """The options but one; None if it is not among them."""
    name, *rest = path
    if name not in options:
        return None
    left = {key: value for key, value in options.items() if key != name}
    if not rest:
        return left
    inner = _without(options[name], rest) if isinstance(options[name], Mapping) else None
    return None if inner is None else {**left, name: inner}


def secrets_of(params: Mapping[str, Any]) -> Secrets:
    """What must be seen in no sentence: all of ``secrets``, and what stands in the tree where a secret belongs."""
    given, tree = params.get("secrets"), params.get("tree")
    parts = tree if isinstance(tree, Mapping) else {}
    kinds = {key: BY_NAME.get(str(key).partition("__")[0]) for key in parts}
    spec = {key: {"options": kind.spec} for key, kind in kinds.items() if kind}
    return own_secrets(spec, parts) | Secrets([*named_secrets(given, secret=True), *named_secrets(tree)])
