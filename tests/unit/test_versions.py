# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions as PHP and WordPress read them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._versions import (
    lower,
    meets_php,
    meets_wp,
    order,
    same,
    version_change,
)

from .php_facts import ORDER, VERSIONS, WORDPRESS

#: each below the next (php.net/version_compare)
LADDER = ["1.0-dev", "1.0-alpha", "1.0-beta", "1.0-beta2", "1.0-RC1", "1.0", "1.0.1", "1.0-pl1", "1.1", "1.10", "2"]
#: versions as people write them; in stranger texts PHP itself is neither antisymmetric nor transitive
PROPER = st.from_regex(r"[0-9]{1,3}([.+-]?([0-9]{1,3}|alpha|beta|RC|dev|pl|x)){0,4}", fullmatch=True)
VERSIONS_AND_TEXTS = st.one_of(PROPER, st.text(max_size=12))


@pytest.mark.parametrize(("low", "high"), list(pairwise(LADDER)))
def test_the_ladder(low: str, high: str) -> None:
    assert order(low, high) == -1
    assert order(high, low) == 1
    assert lower(low, high)
    assert not lower(high, low)


@pytest.mark.parametrize(("version", "row"), list(zip(VERSIONS, ORDER, strict=True)))
def test_the_order_is_the_one_of_php(version: str, row: str) -> None:
    assert "".join("<=>"[order(version, other) + 1] for other in VERSIONS) == row


@pytest.mark.parametrize(("present", "needed", "met"), WORDPRESS)
def test_requirements_are_those_of_wordpress(present: str, needed: str, met: bool) -> None:
    assert meets_wp(present, needed) is met


@pytest.mark.parametrize("present", ["", "hidden", "x.y", "0", "0.0"])
def test_a_version_that_is_hidden_or_made_up_gates_nothing(present: str) -> None:
    assert meets_wp(present, "6.5")
    assert meets_php(present, "8.1")


@pytest.mark.parametrize(
    ("present", "needed", "met"),
    [
        ("8.1.29", "8.1", True),
        ("8.1.2-1ubuntu2.14", "8.1.3", False),
        ("8.3.0RC2", "8.3.0", False),
        ("8.3.0RC2", "8.3", True),
        ("7.4.33", "8", False),
    ],
)
def test_requirements_of_php(present: str, needed: str, met: bool) -> None:
    assert meets_php(present, needed) is met


def test_php_reads_as_much_of_a_part_as_is_a_number() -> None:
    """A version that begins with # is split at dots alone; results are those of PHP 8.2."""
    assert [order(*pair) for pair in (("#.3Rb0", "#.2"), ("#.3Rb0", "#.3a"), ("#.2x", "#.10"))] == [1, 0, -1]


def test_a_version_may_be_any_text() -> None:
    """Python refuses to read numbers of thousands of digits."""
    assert order("9" * 9999, "1.0") == 1
    assert version_change("1.0", "1." + "9" * 9999) == "minor"
    assert not same("9" * 9999, "1.0")


@pytest.mark.parametrize(
    ("this", "that"),
    [
        ("2.5", "2.5.0"),
        ("2", "2.0.0"),
        ("v0.1.5", "0.1.5"),
        ("V1.4", "v1.4.0"),
        ("1.0-beta2", "1.0b2"),
        ("1.0-beta2", "1.0.0-Beta.2"),
        ("1.0RC1", "1.0-c1"),
        ("0", "0.0"),
        (" 1.0 ", "1.0"),
        ("2024.01.05", "2024.1.5"),
        ("", ""),
    ],
)
def test_spellings_of_one_release(this: str, that: str) -> None:
    assert same(this, that)
    assert same(that, this)
    assert not lower(this, that)
    assert not lower(that, this)


@pytest.mark.parametrize(
    ("this", "that"),
    [
        ("2.5", "2.50"),
        ("2.0.5", "2.5"),
        ("10", "1"),
        ("1.0", "1.0-pl1"),
        ("1.0-free", "1.0-pro"),
        ("trunk", "master"),
        ("", "0"),
        ("", "1.0"),
        ("1.0", "1.0-RC1"),
        ("v", ""),
    ],
)
def test_releases_that_differ(this: str, that: str) -> None:
    assert not same(this, that)
    assert not same(that, this)


@pytest.mark.parametrize(
    ("old", "new"), [("2.0", "1.9.9"), ("v1.4.1", "1.4.0"), ("1.4.1", "v1.4.0"), ("1.0", "1.0-RC2"), ("2.5.1", "2.5.0")]
)
def test_lower_releases(old: str, new: str) -> None:
    assert lower(new, old)
    assert not lower(old, new)


@pytest.mark.parametrize(("old", "new"), [("", "1.0"), ("trunk", "2.0"), ("hidden", "7.1"), ("1.4.0", "v1.4.1")])
def test_what_cannot_be_told_is_not_lower(old: str, new: str) -> None:
    assert not lower(new, old)


@given(PROPER, PROPER)
def test_the_order_is_antisymmetric(one: str, two: str) -> None:
    assert order(one, two) == -order(two, one)
    assert order(one, one) == 0


@given(PROPER, PROPER, PROPER)
def test_the_order_is_total(one: str, two: str, three: str) -> None:
    if order(one, two) <= 0 and order(two, three) <= 0:
        assert order(one, three) <= 0


@given(VERSIONS_AND_TEXTS, VERSIONS_AND_TEXTS, VERSIONS_AND_TEXTS)
def test_same_is_an_equivalence(one: str, two: str, three: str) -> None:
    assert same(one, one)
    assert same(one, two) == same(two, one)
    if same(one, two) and same(two, three):
        assert same(one, three)


@given(PROPER, st.sampled_from(["v", "V", " "]), st.integers(0, 3))
def test_spelling_it_otherwise_changes_nothing(version: str, before: str, zeros: int) -> None:
    assert same(version, before + version + ".0" * zeros)


@given(VERSIONS_AND_TEXTS, VERSIONS_AND_TEXTS)
def test_one_of_two_releases_at_most_is_lower(one: str, two: str) -> None:
    assert not (lower(one, two) and lower(two, one)) or order(one, two) == order(two, one)


@given(VERSIONS_AND_TEXTS, VERSIONS_AND_TEXTS)
def test_any_texts_can_be_compared(present: str, needed: str) -> None:
    assert meets_wp(present, "")
    assert meets_php(present, "")
    assert meets_wp(present, needed) in (True, False)
    assert meets_php(present, needed) in (True, False)


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
        ("v1.4.0", "v1.4.1", "patch"),
        ("v1.4.0", "1.5", "minor"),
        ("1.x", "1.y", "patch"),
        ("1.x", "1.5", "minor"),
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
        ("7.0-RC3-62340", "7.0", "minor"),
        ("hidden", "7.1", "major"),
        ("7.0", "7.1-beta1", "major"),
        ("", "7.1", "major"),
    ],
)
def test_steps_of_wordpress_itself(old: str, new: str, change: str) -> None:
    assert version_change(old, new, core=True) == change


@given(VERSIONS_AND_TEXTS, VERSIONS_AND_TEXTS, st.booleans())
def test_a_step_is_always_named(old: str, new: str, core: bool) -> None:
    assert version_change(old, new, core) in ("patch", "minor", "major")
