# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two entries of a tree that want different things of one thing at one site; and what is counted of what was found."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._entry import Entry
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._findings import EXTRA, MISSING, Finding, Found
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._goals import Goals

SITE = {"id": 1, "url": "https://a.example/"}


@pytest.mark.parametrize(
    ("kind", "first", "second", "keys", "quarrel"),
    [
        ("plugins", {"state": "active"}, {"state": "inactive"}, ("x/x.php", "x/x.php"), True),
        ("plugins", {"state": "active"}, {"state": "active"}, ("x/x.php", "x/x.php"), False),
        ("plugins", {"state": "active"}, {"state": "inactive"}, ("x/x.php", "y/y.php"), False),
        ("themes", {"state": "active"}, {"state": "active"}, ("a", "b"), True),
        ("themes", {"state": "active"}, {"state": "absent"}, ("a", "b"), False),
        (
            "users",
            {"state": "present", "role": "editor"},
            {"state": "present", "email": "x@x.example"},
            ("u", "u"),
            False,
        ),
        ("users", {"state": "present", "role": "editor"}, {"state": "present", "role": "author"}, ("u", "u"), True),
        ("users", {"state": "present"}, {"state": "absent"}, ("u", "u"), True),
        (
            "ignored_updates",
            {"state": "present", "core": True},
            {"state": "present", "core": False},
            ("core", "core"),
            True,
        ),
        ("ignored_updates", {"state": "present"}, {"state": "absent"}, ("plugin:x", "plugin:x"), True),
    ],
)
def test_who_quarrels(
    kind: str, first: dict[str, Any], second: dict[str, Any], keys: tuple[str, str], quarrel: bool
) -> None:
    goals = Goals(kind)
    for number, (options, key) in enumerate(zip((first, second), keys, strict=True)):
        goals.want(Entry(kind, f"{kind}[{number}]", options), SITE, key)
    assert [place for place, _text in goals.quarrels()] == ([f"{kind}[1]"] if quarrel else [])
    assert set(goals.quarrels_of(f"{kind}[0]")) == ({1} if quarrel else set())


def test_elsewhere_they_do_not() -> None:
    goals = Goals("plugins")
    goals.want(Entry("plugins", "plugins[0]", {"state": "active"}), SITE, "x")
    goals.want(Entry("plugins", "plugins[1]", {"state": "absent"}), {**SITE, "id": 2}, "x")
    assert list(goals.quarrels()) == []


def test_what_was_found_is_counted_and_what_moved_since() -> None:
    done, failed, left, half = (Finding("tags", name, action="changed") for name in "abcd")
    done.moved([])
    failed.ended("api_error", "No.")
    left.ended("stopped", "It was over.")
    half.done = True
    half.ended("not_stored", "Half of it.")
    found = Found(right=3, findings=[done, failed, left, half, Finding("tags", "e", standing=EXTRA)])
    found += Found(right=1, skipped=2, findings=[Finding("tags", "f", standing=MISSING, action="created")])
    assert found.counts() == {
        "right": 4, "wrong": 4, "missing": 1, "extra": 1, "skipped": 2, "done": 2, "failed": 2,
    }  # fmt: skip
    assert [one.name for one in found.findings if one.is_open] == ["f"]
    assert [one.name for one in found.findings if one.is_left] == ["c", "f"]
