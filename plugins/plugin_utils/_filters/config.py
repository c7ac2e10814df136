# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role dashboard_config computes, as filters. PRIVATE."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ...module_utils._addresses import spoken_apart

_PREFIX = "dashboard_config_"
#: What every kind tells.
_FOUND = ("right", "wrong", "missing", "extra")
#: So many names stand in one line.
_NAMES = 20


def config_tree(variables: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Names and values of variables → a tree, without kinds that are null. A part that is null stays: it may be a lost file."""
    named = ((name.removeprefix(_PREFIX), value) for name, value in variables)
    return {name: _plain(value) for name, value in named if value is not None or "__" in name}


def _plain(value: Any) -> Any:
    """What JSON has: a date, or what is vaulted, is a text. Ansible's ``omit`` stays what it is, so that Ansible leaves it out."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, (date, Collection)) and not isinstance(value, str) else value


def config_lines(result: Mapping[str, Any]) -> list[str]:
    """The message, what must be done by hand, and for each kind how much is right, then what is not."""
    lines = [*str(result.get("msg", "")).splitlines(), *(f"By hand: {line}" for line in result.get("by_hand") or ())]
    drift, extra = result.get("drift") or (), result.get("extra") or {}
    for kind, counts in ((result.get("summary") or {}).get("kinds") or {}).items():
        lines.append(f"{kind}: " + ", ".join(_counted(counts)))
        names = [_name(kind, name) for name in extra.get(kind) or ()]
        lines += _of_kind([one for one in drift if one["kind"] == kind], names)
    return lines


def _counted(counts: Mapping[str, int]) -> Iterator[str]:
    """Always what was found; what became of it where there is something to tell."""
    for name in (*_FOUND, *(other for other in counts if other not in _FOUND)):
        if name in _FOUND or counts[name]:
            yield f"{counts[name]} {name}"


def _of_kind(drift: Sequence[Mapping[str, Any]], extra: Sequence[str]) -> Iterator[str]:
    for one in drift:
        if one["standing"] == "extra" and not one["action"]:
            continue  # named below
        where = f" at {spoken_apart(one['site'])}" if one["site"] else ""
        why = f" – {one['reason']}: {one['message']}".removesuffix(": ") if one["reason"] else ""
        first, *more = _changes(one)
        yield f"  {one['standing']}: {_name(one['kind'], one['name'])}{first}{where}{why}"
        yield from more
    if extra:
        more_of_it = f" and {len(extra) - _NAMES} more" if len(extra) > _NAMES else ""
        yield f"  extra: {', '.join(extra[:_NAMES])}{more_of_it}"


def _changes(one: Mapping[str, Any]) -> Iterator[str]:
    """What belongs to the name of what is wrong, as with a setting, and a line for each other thing that differs."""
    changes = one["changes"] if one["standing"] == "wrong" else ()
    values = [
        (change["key"], f"MainWP has {_text(change['before'])}; the tree has {_text(change['after'])}")
        for change in changes
    ]
    if len(values) == 1 and values[0][0] == one["name"]:
        yield f": {values[0][1]}"
        return
    yield ""
    yield from (f"    {key}: {value}" for key, value in values)


def _name(kind: str, name: Any) -> str:
    return spoken_apart(str(name)) if kind == "sites" else str(name)


def _text(value: Any) -> str:
    return "nothing" if value in (None, "", [], {}) else str(value)
