# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions as PHP and WordPress read them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import compare_versions, version_change

#: each below the next (php.net/version_compare)
LADDER = ["1.0-dev", "1.0-alpha", "1.0-beta", "1.0-beta2", "1.0-RC1", "1.0", "1.0.1", "1.0-pl1", "1.1", "1.10", "2"]
VERSIONS = st.one_of(
    st.from_regex(r"[0-9]{1,3}([.+-]?([0-9]{1,3}|alpha|beta|RC|dev|pl|x)){0,4}", fullmatch=True), st.text(max_size=12)
)


@pytest.mark.parametrize(("low", "high"), list(pairwise(LADDER)))
def test_the_ladder(low: str, high: str) -> None:
    assert compare_versions(low, high) == -1
    assert compare_versions(high, low) == 1


def test_a_version_may_be_any_text() -> None:
    """Python refuses to read numbers of thousands of digits."""
    assert compare_versions("9" * 9999, "1.0") == 1
    assert version_change("1.0", "1." + "9" * 9999) == "minor"


@pytest.mark.parametrize(
    ("left", "right"), [("6.0", "6"), ("1.0-b2", "1.0beta2"), ("1.0 RC1", "1.0-c1"), ("", "0"), ("v", "x")]
)
def test_equal_versions(left: str, right: str) -> None:
    assert compare_versions(left, right) == 0


@given(VERSIONS, VERSIONS)
def test_comparing_is_antisymmetric(one: str, two: str) -> None:
    assert compare_versions(one, two) == -compare_versions(two, one)
    assert compare_versions(one, one) == 0


@given(VERSIONS, VERSIONS, VERSIONS)
def test_comparing_is_transitive(one: str, two: str, three: str) -> None:
    if compare_versions(one, two) <= 0 and compare_versions(two, three) <= 0:
        assert compare_versions(one, three) <= 0


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("1.2.3", "1.2.4", "patch"),
        ("1.2", "1.2.1", "patch"),
        ("1.2.3", "1.2.3-pl1", "patch"),
        ("1.2.3", "1.3", "minor"),
        ("1", "1.1", "minor"),
        ("1.9.9", "2.0.0", "major"),
        ("26.1", "26.4", "minor"),
        ("2.0.1", "3.0.0", "major"),
        ("", "1.0", "major"),
        ("1.0", "", "major"),
        ("beta", "1.0", "major"),
        ("20260101", "20260201", "major"),
        ("2.0", "1.0", "major"),
    ],
)
def test_steps_of_plugins(old: str, new: str, change: str) -> None:
    assert version_change(old, new) == change


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("7.0.4", "7.1", "major"),
        ("7.0.4", "7.0.5", "minor"),
        ("7.0", "7.0.1", "minor"),
        ("6.9", "7.0", "major"),
        ("7.1-RC1", "7.1", "minor"),
        ("7.0", "7.1-beta1", "major"),
        ("", "7.1", "major"),
    ],
)
def test_steps_of_wordpress_itself(old: str, new: str, change: str) -> None:
    assert version_change(old, new, core=True) == change


@given(VERSIONS, VERSIONS, st.booleans())
def test_a_step_is_always_named(old: str, new: str, core: bool) -> None:
    assert version_change(old, new, core) in ("patch", "minor", "major")
