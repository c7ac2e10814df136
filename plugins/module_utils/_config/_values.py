# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of a tree held against argument specs: as Ansible does, but all mistakes at once, each with its place, and no value
that may be secret in any sentence. Pure. PRIVATE to the collection.

A little stricter than Ansible: yes and no are no texts, for YAML makes them of words that somebody forgot to quote.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from ._mistakes import Mistakes, did_you_mean, joined, near, quoted

Spec = Mapping[str, Any]
_TRUE, _FALSE = {"y", "yes", "on", "1", "true", "t"}, {"n", "no", "off", "0", "false", "f"}
#: Numbers beyond it are none that anything here can store.
_LARGEST = 10**15


class Wrong(ValueError):
    """What a value is not: a sentence that follows its place."""


def options_from(
    spec: Spec,
    given: Mapping[Any, Any],
    place: str,
    mistakes: Mistakes,
    rules: Spec | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What was given and is right, as its type wants it, without defaults; null counts as not given.

    ``rules``: what AnsibleModule takes beside the spec; without them nothing is needed. ``elsewhere``: what is to be said of
    options that belong elsewhere.
    """
    options: dict[str, Any] = {}
    hints = set()
    for key in given:
        if key in (elsewhere or {}):
            mistakes.add(joined(place, key), f"there is no option {quoted(key)} here.", (elsewhere or {})[key])
        elif key not in spec:
            mistakes.unknown(joined(place, key), "option", key, spec)
            hints.add(near(str(key), spec))
    meant = {name for name in spec if did_you_mean(name) in hints}
    for name, option in spec.items():
        value = given.get(name)
        if value is not None:
            try:
                options[name] = value_from(option, value, joined(place, name), mistakes)
            except Wrong as problem:
                mistakes.add(joined(place, name), str(problem))
        elif rules is not None and option.get("required") and name not in meant:
            mistakes.add(joined(place, name), "is needed.", _choices(option))
    there = {name for name in spec if given.get(name) is not None}
    for text in _broken(rules or {}, there | meant, filled(spec, options)):
        mistakes.add(place, text)
    return options


def filled(spec: Spec, options: Spec) -> dict[str, Any]:
    """``options`` with defaults."""
    defaults = {name: option["default"] for name, option in spec.items() if option.get("default") is not None}
    return {**defaults, **options}


def _broken(rules: Spec, there: set[str], options: Spec) -> Iterable[str]:
    """What AnsibleModule's rules say of it, in sentences."""
    for names in rules.get("mutually_exclusive", ()):
        both = [name for name in names if name in there]
        if len(both) > 1:
            yield f"{' and '.join(both)} exclude each other."
    for names in rules.get("required_one_of", ()):
        if not there & set(names):
            yield f"{' or '.join(names)} is needed."
    for names in rules.get("required_together", ()):
        if there & set(names) and not there >= set(names):
            yield f"{' and '.join(names)} go together."
    for name, needed in rules.get("required_by", {}).items():
        missing = [one for one in ([needed] if isinstance(needed, str) else needed) if one not in there]
        if name in there and missing:
            yield f"{name} needs {' and '.join(missing)}."
    for name, value, needed, *some in rules.get("required_if", ()):
        missing = [one for one in needed if one not in there]
        if options.get(name) == value and (len(missing) == len(needed) if some and some[0] else missing):
            yield f"{name}: {value} needs {' or '.join(needed) if some and some[0] else ' and '.join(missing)}."


def value_from(option: Spec, value: Any, place: str, mistakes: Mistakes) -> Any:
    """One value. Raises Wrong; what is wrong deeper in it is added to ``mistakes``."""
    if getattr(
        value, "__ENCRYPTED__", False
    ):  # text that stands encrypted in a file, which older cores hand on as an object
        value = str(value)
    kind, hidden = option.get("type", "str"), bool(option.get("no_log"))
    if kind == "list":
        return _list_from(option, value, place, mistakes)
    if kind == "dict":
        if not isinstance(value, Mapping):
            raise Wrong(f"{_shown(value, hidden)} stands where a map belongs.")
        return options_from(option["options"], value, place, mistakes, {}) if option.get("options") else dict(value)
    if kind == "raw":
        return value
    choices = option.get("choices")
    if isinstance(value, bool) and kind in ("str", "path") and choices:
        words = {choice for choice in choices if choice in (_TRUE if value else _FALSE)}
        value = min(words) if len(words) == 1 else value
    result = _SCALARS[kind](value, hidden)
    if choices and result not in choices:
        meant = "" if hidden else near(str(result), map(str, choices))
        told = f"one of {', '.join(map(str, choices[:40]))}"
        raise Wrong(f"{_shown(value, hidden)} is not {told}. {meant if meant.startswith('Did') else ''}".strip())
    return result


def _list_from(option: Spec, value: Any, place: str, mistakes: Mistakes) -> list[Any]:
    hidden = bool(option.get("no_log"))
    one = {**option, "type": option.get("elements", "raw")}
    if isinstance(value, str) and one["type"] not in ("dict", "raw"):
        value = [part.strip() for part in value.split(",")]
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise Wrong(f"{_shown(value, hidden)} stands where a list belongs.")
    found = []
    for number, entry in enumerate(value):
        try:
            found.append(value_from(one, entry, f"{place}[{number}]", mistakes))
        except Wrong as problem:
            mistakes.add(f"{place}[{number}]", str(problem))
    return found


def _text(value: Any, hidden: bool) -> str:
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, bool):
        raise Wrong(f"{_shown(value, hidden)} is yes or no to YAML, where a text belongs: write it in quotes.")
    if isinstance(value, int) and abs(value) > _LARGEST**2:
        raise Wrong("is no text but a very long number: write it in quotes.")
    if not isinstance(value, (str, int, float)):
        raise Wrong(f"{_shown(value, hidden)} stands where a text belongs.")
    text = str(value)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Wrong("has halves of characters.")
    return text


def _flag(value: Any, hidden: bool) -> bool:
    word = str(value).strip().casefold() if isinstance(value, (str, float)) or value in (0, 1) else ""
    if isinstance(value, bool):
        return value
    if word.removesuffix(".0") not in _TRUE | _FALSE:
        raise Wrong(f"{_shown(value, hidden)} is neither yes nor no: write true or false.")
    return word.removesuffix(".0") in _TRUE


def _number(value: Any, hidden: bool) -> float:
    try:
        found = None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None or not -_LARGEST <= found <= _LARGEST:
        raise Wrong(f"{_shown(value, hidden)} is no number that can be stored.")
    return found


def _whole(value: Any, hidden: bool) -> int:
    found = _number(value, hidden)
    if found != int(found):
        raise Wrong(f"{_shown(value, hidden)} is no whole number.")
    return int(found)


_SCALARS = {"str": _text, "path": _text, "bool": _flag, "int": _whole, "float": _number}


def _choices(option: Spec) -> str:
    return f"Give one of {', '.join(map(str, option['choices']))}." if option.get("choices") else ""


def _shown(value: Any, hidden: bool) -> str:
    """A value in a sentence: of what is secret, and of what is large, only the sort."""
    if isinstance(value, Mapping):
        return "a map"
    if isinstance(value, (list, tuple, set)):
        return "a list"
    if value is None:
        return "nothing"
    if hidden:
        return "what is there"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    return str(value) if isinstance(value, (int, float)) and -_LARGEST <= value <= _LARGEST else "what is there"
