# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which updates go together into one call, and which are left over."""

from __future__ import annotations

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._calls import (
    by_type,
    news,
    parted,
    rest_of,
    under_way,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import SitePlan, Skip
from unit.build import core, ext, plugin, site, theme, translation

ONE, TWO = plugin("one/one.php"), plugin("two/two.php")
GERMAN, FRENCH = translation("forms", "de_DE"), translation("forms", "fr_FR")


def test_a_call_carries_a_type_or_one_update_but_all_translations() -> None:
    updates = (ONE, TWO, core(), GERMAN, FRENCH)
    assert list(by_type(updates, many=True)) == [
        ("plugin", [ONE, TWO]),
        ("core", [core()]),
        ("translation", [GERMAN, FRENCH]),
    ]
    assert [call for _kind, call in by_type(updates, many=False)] == [[ONE], [TWO], [core()], [GERMAN, FRENCH]]


def test_what_is_held_is_parted_from_the_rest() -> None:
    assert parted("plugin", [ONE, TWO], {TWO.release}, all_translations_only=False) == ([ONE], [TWO])
    other = translation("paper")
    for all_only, free in ((False, [other]), (True, [])):
        sent, held = parted("translation", [GERMAN, FRENCH, other], {GERMAN.release}, all_only)
        assert sent == free
        assert held[0] == GERMAN
        assert len(sent) + len(held) == 3


def test_the_rest_of_a_plan_is_found_again_in_a_new_one() -> None:
    skip = Skip(TWO, "policy", "")
    plan, gone = rest_of(SitePlan(site(), (ONE, theme(), FRENCH), (skip,)), [TWO, GERMAN])
    assert plan.updates == (FRENCH,), "a language that came up since goes along"
    assert plan.skips == (skip,)
    assert gone == [GERMAN]


def test_news_is_what_was_not_known_or_has_another_version() -> None:
    newer = plugin("one/one.php", new="1.2.0")
    assert news([ONE, TWO], site(), [newer, TWO, theme()]) == (newer, theme())


@pytest.mark.parametrize("new", ["v1.1.0", "1.1", "1.0.9"])
def test_what_is_no_newer_than_what_was_installed_is_no_news(new: str) -> None:
    """As what is offered again in another spelling, or by a mirror that is behind."""
    after = site(plugins=(ext("one/one.php", "1.1.0"),), wp_version="7.1")
    again, ghost = plugin("one/one.php", new=new), plugin("gone/gone.php", new="9.0")
    assert news([ONE], after, [again, ghost, core(new="7.1")]) == ()


@pytest.mark.parametrize(
    ("sent", "where", "expected"),
    [
        (ONE, site(updates=(ONE,), plugins=(ext("one/one.php", "1.0.0"),)), True),
        (ONE, site(plugins=(ext("one/one.php", "1.1.0"),)), False),
        (ONE, site(plugins=()), True),
        (ONE, site(), False),
        (theme(), site(plugins=(), themes=()), True),
        (core(), site(plugins=(), themes=()), False),
        (core(), site(updates=(core(),)), True),
        (GERMAN, site(updates=(FRENCH,), plugins=()), False),
        (GERMAN, site(updates=(GERMAN,)), True),
        (GERMAN, site(tells_translations=False), True),
    ],
    ids=[
        "offered",
        "moved",
        "not there",
        "lists not known",
        "theme not there",
        "core moved",
        "core offered",
        "another language",
        "its language",
        "translations not told",
    ],
)
def test_what_was_sent_is_under_way_until_the_site_shows_its_end(sent, where, expected) -> None:
    assert under_way({sent.in_words}, where) is expected
    assert not under_way(set(), where)


@pytest.mark.parametrize(
    ("word", "there", "expected"),
    [
        ("activate plugin one/one.php", ext("one/one.php", "1", active=False), True),
        ("activate plugin one/one.php", ext("one/one.php", "1"), False),
        ("deactivate plugin one/one.php", ext("one/one.php", "1"), True),
        ("deactivate plugin one/one.php", ext("one/one.php", "1", active=False), False),
        ("delete plugin one/one.php", ext("one/one.php", "1", active=False), True),
        ("delete plugin one/one.php", ext("two/two.php", "1"), False),
        ("activate plugin one/one.php", ext("two/two.php", "1"), False),
    ],
)
def test_what_was_switched_is_under_way_until_the_site_shows_it(word, there, expected) -> None:
    assert under_way({word}, site(plugins=(there,))) is expected
