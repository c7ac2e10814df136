# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only you know, for pages: a YAML file with backups, remarks and hours. PRIVATE to the collection."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import _errors as errors

#: What an entry of each list must have.
_NEEDED = {"backups": ("site", "at"), "remarks": ("client", "text"), "hours": ("client", "day", "hours", "what")}
_DAYS = ("at", "day")


def extra_from(given: str) -> Mapping[str, Any]:
    """The file, with days as dates. Raises InputError for what nobody would find on a page otherwise."""
    if not given:
        return {}
    import yaml

    file = Path(given).expanduser()
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise errors.InputError("sources", f"extra: {file}: {exc}") from None
    if not isinstance(found, Mapping):
        raise errors.InputError("sources", f"extra: {file} has no keys.")
    unknown = [str(name) for name in found if name not in _NEEDED]
    if unknown:
        raise errors.InputError("sources", f"extra: {', '.join(unknown)}: unknown.", f"There are {', '.join(_NEEDED)}.")
    return {name: [_entry(name, entry) for entry in _list(name, value)] for name, value in found.items()}


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise errors.InputError("sources", f"extra: {name} is no list.")
    return value


def _entry(name: str, entry: Any) -> dict[str, Any]:
    lacking = [key for key in _NEEDED[name] if not isinstance(entry, Mapping) or entry.get(key) in (None, "")]
    if lacking:
        raise errors.InputError("sources", f"extra: {name}: an entry has no {', '.join(lacking)}.")
    try:
        days = {key: _day(entry[key]) for key in _DAYS if key in entry}
        numbers = {"hours": float(entry["hours"])} if name == "hours" else {}
    except (TypeError, ValueError) as exc:
        raise errors.InputError("sources", f"extra: {name}: {exc}.", "Days are such as 2026-11-20.") from None
    return {**entry, **days, **numbers}


def _day(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))
