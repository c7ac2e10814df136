# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules share is documented once: RETURN has no fragments, so its copies are short and equal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from integration._documented import problems
from modules import MODULES, code, documentation
from returns import OWN, SAME, SHARED, promised, told_in_docs

#: A copy has no more lines.
LONGEST = 6
#: Keys whose meaning is the module's own.
OWN_MEANING = {
    ("dashboard", "dialect"),
    ("letters", "mail"),
    ("locking", "host"),
    ("sites", "changed"),
    ("sites", "changes"),
    ("sites", "id"),  # a site that is gone has none
    ("sites", "plugins"),
    ("sites", "reason"),
    ("sites", "result"),
    ("sites", "rules"),
    ("sites", "themes"),
    ("sites", "updates"),
    ("sites", "users"),
    ("summary", "sites"),
}


def values(module: str) -> dict[str, str]:
    """Name → text of each value in RETURN."""
    parts = re.split(r"^(?=\w+:$)", code(module).RETURN.lstrip("\n"), flags=re.MULTILINE)
    return {part.split(":")[0]: part for part in parts if part}


@pytest.mark.parametrize("module", MODULES)
def test_shared_values_say_the_same_everywhere(module: str) -> None:
    for name, text in values(module).items():
        if (module, name) not in OWN:
            assert text == SHARED.get(name, text), name


@pytest.mark.parametrize("name", SHARED)
def test_shared_values_are_short_and_lead_to_their_keys(name: str) -> None:
    assert SHARED[name].count("\n") <= LONGEST
    assert f"/docs/results.md#{name})." in SHARED[name]
    assert told_in_docs(name)
    assert sum(name in values(module) for module in MODULES) > 1


def test_nothing_long_is_said_twice() -> None:
    """Two modules with a value of the same keys, however deep in it, share that value."""
    owners: dict[frozenset[str], set[str]] = {}
    for module in MODULES:
        for keys in shapes(documentation(module, "RETURN")):
            owners.setdefault(keys, set()).add(module)
    assert {tuple(sorted(keys)): names for keys, names in owners.items() if len(names) > 1} == {}


def shapes(entries: Mapping[str, Any]) -> Iterator[frozenset[str]]:
    for entry in entries.values():
        if entry.get("contains"):
            yield frozenset(entry["contains"])
            yield from shapes(entry["contains"])


def test_the_same_key_of_the_same_value_means_the_same() -> None:
    said: dict[tuple[str, str], set[str]] = {}
    for module in MODULES:
        for name, entry in promised(module).items():
            for key, inner in (entry.get("contains") or {}).items():
                said.setdefault((name, key), set()).add(" ".join("".join(inner["description"]).split()))
    assert {place for place, texts in said.items() if len(texts) > 1} == OWN_MEANING


def test_what_is_the_same_has_its_keys_where_it_is_told() -> None:
    for (module, name), (other, without) in SAME.items():
        assert values(module)[name].partition("  contains:")[0].count("\n") <= LONGEST
        assert f"M(wpfleet.mainwp.{other})" in values(module)[name]
        assert promised(other)[name]["contains"].keys() - promised(module)[name]["contains"].keys() == without


def test_keys_that_a_description_names_are_all_there_are() -> None:
    """What has no entries of its own is held to its words."""
    tags = {"type": "list", "elements": "dict", "description": "Its tags, each with C(id) and C(name)."}
    assert problems([{"id": 1, "name": "shops", "color": "red"}], tags, "tags") == ["tags.color is not documented"]
    counts = {"type": "dict", "description": ["Number of sites C(total) and by result."]}
    assert problems({"total": 2, "failed": 1, "odd": 1}, counts, "sites") == ["sites.odd is not documented"]
    assert problems({"anything": 1}, {"type": "dict", "description": "As MainWP returns it."}, "security") == []


def test_what_has_the_shape_of_another_value_has_its_keys() -> None:
    assert promised("mainwp_tag_info")["tags"]["contains"] == promised("mainwp_tag")["tag"]["contains"]
    assert (
        promised("mainwp_site")["sites"]["contains"]["site"]["contains"] == promised("mainwp_site")["site"]["contains"]
    )
    themes = promised("mainwp_theme")["sites"]["contains"]["themes"]["contains"]
    assert themes == promised("mainwp_plugin")["sites"]["contains"]["plugins"]["contains"]
