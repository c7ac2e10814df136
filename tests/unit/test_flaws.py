# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which versions have a flaw, and which of them is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from feeds import record, software, versions

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _flaws as flaws
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._records import flaw_of
from ansible_collections.wpfleet.mainwp.plugins.module_utils._flaws import Filter, Flaw, Range


def flaw(*pieces: dict[str, Any], **more: Any) -> Flaw:
    made = flaw_of("x", record(1, *pieces, **more))
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("low", "with_low", "high", "with_high", "inside", "outside"),
    [
        ("*", True, "*", True, ["0.1", "1.0-beta", "99", "odd"], []),
        ("*", True, "1.5", True, ["1.5", "v1.5", "1.5.0", "1.4.9", "1.5-rc1", "0"], ["1.5.1", "1.6", "1.10", "2"]),
        ("*", True, "1.5", False, ["1.4.99", "1.5-beta2", "1.5RC1"], ["1.5", "1.5.0", "1.5.1", "1.5-p1"]),
        ("1.2", True, "1.10", True, ["1.2", "1.2.0", "1.9", "1.10"], ["1.1", "1.2-alpha", "1.11"]),
        ("1.2", False, "1.10", False, ["1.2.1", "1.9.9"], ["1.2", "1.2.0", "1.10", "1.10.0"]),
        ("2.0", True, "*", True, ["2.0", "10"], ["1.9.9", "2.0-dev"]),
    ],
)
def test_ranges_have_open_and_closed_ends(
    low: str, with_low: bool, high: str, with_high: bool, inside: list[str], outside: list[str]
) -> None:
    one = Range(low, with_low, high, with_high)
    assert [version for version in inside if not one.holds(version)] == []
    assert [version for version in outside if one.holds(version)] == []


def test_a_version_that_is_not_told_may_be_any() -> None:
    assert Range("1.0", True, "1.1", True).holds("")


def test_several_ranges_and_several_pieces_of_software() -> None:
    made = flaw(
        software("shop", versions("1.0", "1.4"), versions("2.0", "2.3"), patched=["1.4.1", "2.3.1"]),
        software("shop-pro", versions(high="5.0"), patched=["5.0.1"]),
        software("shop", versions(high="9"), kind="theme"),
    )
    assert made.affects("plugin", "shop", "1.2")
    assert not made.affects("plugin", "shop", "1.4.1")
    assert made.affects("plugin", "shop", "2.0.5")
    assert made.affects("plugin", "shop-pro", "4")
    assert made.affects("theme", "shop", "3")
    assert not made.affects("plugin", "other", "1.2")
    assert made.fixed_in("plugin", "shop", "1.2") == "1.4.1"
    assert made.fixed_in("plugin", "shop", "2.1") == "2.3.1"
    assert made.fixed_in("plugin", "shop-pro", "4") == "5.0.1"
    assert made.fixed_in("theme", "shop", "3") == ""


def test_the_fix_is_the_lowest_release_that_is_one() -> None:
    """Not one of an older branch, not one that has the flaw again, and in the order of versions, not of letters."""
    made = flaw(
        software("shop", versions(high="1.9"), versions("2.0", "2.0.5"), patched=["2.0", "1.10", "1.9.1", "0.9"])
    )
    assert made.fixed_in("plugin", "shop", "1.2") == "1.9.1"
    assert made.fixed_in("plugin", "shop", "1.9.1-beta") == "1.9.1"
    assert made.fixed_in("plugin", "shop", "2.0") == ""
    assert made.fixed_in("plugin", "shop", "") == "1.9.1"
    open_end = flaw(software("shop", versions(high="3.0", with_high=False)))
    assert open_end.fixed_in("plugin", "shop", "2.9") == "3.0"


@pytest.mark.parametrize(
    ("kind", "slug", "name"),
    [
        ("plugin", "woocommerce/woocommerce.php", "woocommerce"),
        ("plugin", "Shop/shop.php", "shop"),
        ("plugin", "hello.php", "hello-dolly"),
        ("plugin", "hello-dolly/hello.php", "hello-dolly"),
        ("plugin", "hello/hello.php", "hello"),
        ("plugin", "tiny.php", "tiny"),
        ("plugin", "a/b/c.php", "a"),
        ("theme", "Paper", "paper"),
        ("core", "wordpress", "wordpress"),
    ],
)
def test_feeds_name_items_by_their_directory(kind: str, slug: str, name: str) -> None:
    assert flaws.directory_slug(kind, slug) == name


def test_core_is_wordpress_whatever_the_feed_calls_it() -> None:
    made = flaw(software("WordPress-Core", versions("6.9", "6.9.1"), kind="core", patched=["6.9.2"]))
    assert made.affects("core", "wordpress", "6.9")
    assert not made.affects("core", "wordpress", "6.9.2")


@pytest.mark.parametrize(
    ("score", "told", "rating"),
    [
        (9.8, "Critical", "critical"),
        (9.8, "", "critical"),
        (8.9, "", "high"),
        (6.9, "odd", "medium"),
        (3.9, "", "low"),
        (0.0, "", "none"),
        (None, "", "unknown"),
        (None, "Low", "low"),
    ],
)
def test_ratings(score: float | None, told: str, rating: str) -> None:
    assert flaws.rating_of(score, told) == rating


def test_filters_keep_what_nobody_has_rated() -> None:
    bad, mild, unrated = (flaw(software("shop"), score=score) for score in (9.8, 3.1, None))
    assert [Filter(min_rating="high").wants(one) for one in (bad, mild, unrated)] == [True, False, True]
    assert [Filter(min_score=5).wants(one) for one in (bad, mild, unrated)] == [True, False, True]
    assert Filter(cves=frozenset({"cve-0000-00001"})).wants(bad)
    assert not Filter(cves=frozenset({"cve-0000-00002"})).wants(bad)
    assert not Filter(cves=frozenset()).wants(bad)
    note = flaw(software("shop"), informational=True)
    assert [Filter(informational=wanted).wants(note) for wanted in (True, False)] == [True, False]
    assert Filter(cves=frozenset({"cve-0000-00001"})).wants(note)
    assert not Filter(cves=frozenset({"cve-0000-00002"})).wants(note)


def test_a_flaw_survives_its_row() -> None:
    made = flaw(software("shop", versions("1", "2"), patched=["2.1"]), software("paper", kind="theme"))
    assert flaws.flaw_from_row(flaws.flaw_to_row(made)) == made
