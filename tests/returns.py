# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules promise to return, with what they leave to docs/results.md and to each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from modules import ROOT, documentation, yaml_of

#: Name of a value that modules share → how each of them documents it.
SHARED: dict[str, str] = yaml_of(ROOT / "tests" / "shared_returns.yml")
#: Modules that return something else under such a name.
OWN = {("mainwp_dashboard_info", "dashboard")}
#: Keys of a site that a run of updates alone has.
ONLY_UPDATES = {"expected", "wp_version", "health_score_before", "health_score_after", "updates", "new_pending"}
#: Values that are those of another module → that module, and keys that only it has. What is more is told beside it.
SAME = {
    ("mainwp_ignored_update", "sites"): ("mainwp_batch_update", ONLY_UPDATES),
    ("mainwp_ignored_update", "summary"): ("mainwp_batch_update", {"updates", "expected_failures"}),
    ("mainwp_ignored_update", "locking"): ("mainwp_batch_update", set[str]()),
    ("mainwp_plugin", "sites"): ("mainwp_batch_update", ONLY_UPDATES),
    ("mainwp_plugin", "summary"): ("mainwp_batch_update", {"updates", "expected_failures"}),
    ("mainwp_plugin", "locking"): ("mainwp_batch_update", set[str]()),
    ("mainwp_theme", "sites"): ("mainwp_batch_update", ONLY_UPDATES),
    ("mainwp_theme", "summary"): ("mainwp_batch_update", {"updates", "expected_failures"}),
    ("mainwp_theme", "locking"): ("mainwp_batch_update", set[str]()),
    ("mainwp_update_info", "sites"): ("mainwp_batch_update", set[str]()),
    ("mainwp_update_info", "summary"): ("mainwp_batch_update", {"failed"}),
    ("mainwp_user", "sites"): ("mainwp_batch_update", ONLY_UPDATES),
    ("mainwp_user", "summary"): ("mainwp_batch_update", {"updates", "expected_failures"}),
    ("mainwp_user", "locking"): ("mainwp_batch_update", set[str]()),
    ("mainwp_vulnerability_info", "plan"): ("mainwp_update_info", set[str]()),
}


#: What has the keys of another value, of the same module or of another one.
_SHAPES = (
    re.compile(r"\bin the shape of RV\(wpfleet\.mainwp\.(?P<module>\w+)#module:(?P<value>\w+)\)"),
    re.compile(r"^As RV\((?P<value>\w+)\)"),
    re.compile(r"\bwith the keys that M\(wpfleet\.mainwp\.(?P<module>\w+)\) has for a (?P<one>\w+)\b"),
)


def told_in_docs(name: str) -> dict[str, dict[str, str]]:
    """The keys of a shared value, as the table in docs/results.md tells them."""
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    section = page.split(f"\n### `{name}`\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]+) \| ([^|]+) \|$", section, flags=re.MULTILINE)
    found = {}
    for key, kind, when, meaning in rows:
        described = {"returned": when, "description": re.sub(r"`(\w+)`", r"C(\1)", meaning)}
        found[key] = {"type": kind, **({"elements": "dict"} if kind == "list" else {}), **described}
    return found


def named_keys(entry: Mapping[str, Any]) -> set[str]:
    """The keys of maps that a description names, where they have no entries of their own; empty if it names none."""
    if entry.get("contains") or "dict" not in (entry["type"], entry.get("elements")):
        return set()
    text = " ".join([entry["description"]] if isinstance(entry["description"], str) else entry["description"])
    return set(re.findall(r"\bC\((\w+)\)", text))


@cache
def promised(module: str) -> dict[str, Any]:
    """All that a module promises, key by key. Not to be changed by who asks."""
    entries: dict[str, Any] = documentation(module, "RETURN")
    for name, entry in entries.items():
        if name in SHARED and (module, name) not in OWN:
            entry["contains"] = told_in_docs(name)
        if (module, name) in SAME:
            other, without = SAME[module, name]
            theirs = documentation(other, "RETURN")[name]["contains"]
            entry["contains"] = {key: theirs[key] for key in theirs.keys() - without} | entry.get("contains", {})
        _fill(module, entry)
    return entries


def _fill(module: str, entry: dict[str, Any]) -> None:
    """Give an entry, and those in it, the keys of the value whose shape they have."""
    text = "".join(entry["description"])
    for found in filter(None, (shape.search(text) for shape in _SHAPES)):
        parts = {"module": module, **found.groupdict()}
        theirs = documentation(parts["module"], "RETURN")
        value = theirs["sites"]["contains"][f"{parts['one']}s"] if "one" in parts else theirs[parts["value"]]
        entry |= {"contains": value["contains"]} if "contains" in value else {}
    for inner in (entry.get("contains") or {}).values():
        _fill(module, inner)
