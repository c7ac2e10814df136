# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a result differs from what its module's RETURN promises."""

from __future__ import annotations

import re
from typing import Any

from returns import named_keys, promised

#: What ansible-core itself adds.
ANSIBLES = {"failed", "changed", "invocation", "warnings", "deprecations", "exception", "diff"}
#: What counts by result may be counted by.
RESULTS = {"updated", "changed", "unchanged", "failed", "pending", "unknown", "skipped", "held", "planned"}
#: Descriptions that name some keys and leave others to what they speak of.
OPEN = re.compile(r"\b(?:each kind|the other keys)\b")
TYPES = {"str": str, "int": int, "bool": bool, "dict": dict, "list": list, "float": (int, float)}


def problems(value: Any, entry: dict[str, Any], path: str) -> list[str]:
    """How a value differs from its documentation."""
    if value is None:
        # null has to be announced
        return [] if "null" in str(entry["description"]).lower() else [f"{path} is null"]
    kind = entry["type"]
    if kind == "raw":
        return []
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "bool"):
        return [f"{path} is a {type(value).__name__}, not a {kind}"]
    inner = entry.get("contains")
    if kind == "dict" and inner:
        return differences(value, inner, path)
    found = unnamed(value, entry, path)
    for number, item in enumerate(value if kind == "list" else ()):
        if not isinstance(item, TYPES[entry["elements"]]):
            found.append(f"{path}[{number}] is a {type(item).__name__}")
        elif inner:
            found += differences(item, inner, f"{path}[{number}]")
    return found


def unnamed(value: Any, entry: dict[str, Any], path: str) -> list[str]:
    """The keys of maps that the description does not name, if it names any."""
    known, text = named_keys(entry), "".join(entry["description"])
    if not known or OPEN.search(text):
        return []
    known |= RESULTS if "by result" in text else set()
    maps = value if isinstance(value, list) else [value]
    return [f"{path}.{key} is not documented" for one in maps for key in one.keys() - known]


def differences(value: dict[str, Any], entries: dict[str, Any], path: str) -> list[str]:
    found = [f"{path}.{name} is not documented" for name in value if name not in entries]
    for name, entry in entries.items():
        if name in value:
            found += problems(value[name], entry, f"{path}.{name}")
        elif entry["returned"] == "always":
            found.append(f"{path}.{name} is missing")
    return found


def assert_as_documented(module: str, result: dict[str, Any]) -> None:
    """Nothing comes back that RETURN does not promise, and all that it promises always."""
    data = {key: value for key, value in result.items() if key not in ANSIBLES and not key.startswith("_ansible_")}
    found = differences(data, promised(module), module)
    assert not found, "\n".join(found)
