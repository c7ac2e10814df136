# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pages are wanted, what one answer says, and what has become of them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._health import (
    BAD,
    DEFAULT_PAGES,
    OK,
    UNKNOWN,
    Page,
    Wanted,
    compare,
    health_options_from,
    judge_page,
)

URL = "https://s.example/"


def pages(value: dict[str, Any]) -> tuple[Wanted, ...]:
    options = health_options_from(value)
    assert options is not None
    return options.pages


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, DEFAULT_PAGES),
        ({"paths": None}, DEFAULT_PAGES),
        ({"paths": []}, ()),
        ({"paths": ["/", "/shop/"]}, (Wanted("/"), Wanted("/shop/"))),
        ({"paths": ["/", {"path": "/shop/", "expect": "Basket"}]}, (Wanted("/"), Wanted("/shop/", "Basket"))),
        ({"paths": [{"path": "/", "forbid": "Error", "expect": None}]}, (Wanted("/", "", "Error"),)),
        ({"expect": "Shop"}, (Wanted("/", "Shop"), DEFAULT_PAGES[1])),
        ({"expect": "Shop", "paths": ["/a", "/b"]}, (Wanted("/a", "Shop"), Wanted("/b"))),
        ({"expect": "Shop", "paths": [{"path": "/a", "expect": "Own"}]}, (Wanted("/a", "Own"),)),
        ({"expect": "Shop", "paths": []}, ()),
        ({"paths": [{"path": "/", "expect": 1.5}]}, (Wanted("/", "1.5"),)),
    ],
)
def test_paths_and_maps(value: dict[str, Any], expected: tuple[Wanted, ...]) -> None:
    assert pages(value) == expected


@pytest.mark.parametrize("value", [None, {"enabled": False}, {"enabled": False, "paths": ["x"]}])
def test_switched_off(value: Any) -> None:
    assert health_options_from(value) is None


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("shop", "the path 'shop' does not begin with a slash"),
        ({}, "the path '' does not begin with a slash"),
        ({"path": None}, "the path '' does not begin with a slash"),
        ({"expect": "Basket"}, "the path '' does not begin with a slash"),
        ({"path": "https://other.example/"}, "does not begin with a slash"),
        ({"path": "/", "expected": "Basket"}, "paths knows no key 'expected'"),
        (7, "the path '7' does not begin with a slash"),
        (["/"], "does not begin with a slash"),
    ],
)
def test_paths_that_make_no_sense(entry: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        health_options_from({"paths": [entry]})


@pytest.mark.parametrize(
    ("body", "state", "message"),
    [
        ("Basket", OK, "HTTP 200"),
        ("Nothing", BAD, "'Basket' is not on the page"),
        ("Basket. Fatal error", BAD, "'Fatal error' is on the page"),
        ("Fatal error", BAD, "'Basket' is not on the page"),
    ],
)
def test_texts_that_must_and_must_not_be_there(body: str, state: str, message: str) -> None:
    page = judge_page(Wanted("/shop/", "Basket", "Fatal error"), URL, 200, URL, body)
    assert (page.path, page.state, page.message, page.dead) == ("/shop/", state, message, False)


@pytest.mark.parametrize(
    ("status", "body", "dead"),
    [(500, "x", True), (503, "x", True), (404, "x", False), (200, " ", True), (200, 'id="error-page"', True)],
)
def test_pages_without_a_living_php(status: int, body: str, dead: bool) -> None:
    page = judge_page(Wanted("/"), URL, status, URL, body)
    assert (page.state, page.dead) == (BAD, dead)


GONE, DEAD = Page("/login", BAD, "HTTP 404"), Page("/login", BAD, "HTTP 500", dead=True)
LATE = Page("/login", BAD, "cannot be fetched: ReadTimeout", dead=True, late=True)
FINE, CLOSED = Page("/login", OK), Page("/login", UNKNOWN, "HTTP 403")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([FINE], [FINE], "ok"),
        ([FINE], [DEAD], "failed"),
        ([FINE], [GONE], "failed"),
        ([DEAD], [DEAD], "broken_before"),
        ([DEAD], [GONE], "broken_before"),
        ([GONE], [GONE], "broken_before"),
        ([GONE], [DEAD], "failed"),  # a login page that is hidden on purpose hides no dead site
        ([LATE], [DEAD], "failed"),
        ([LATE], [LATE], "broken_before"),
        ([LATE], [GONE], "broken_before"),
        ([DEAD], [LATE], "broken_before"),
        ([GONE], [LATE], "failed"),
        ([FINE], [LATE], "failed"),
        ([CLOSED], [DEAD], "failed"),
        ([CLOSED], [CLOSED], "unknown"),
        ([], [DEAD], "failed"),
        ([], [], "not_checked"),
        ([FINE, DEAD], [DEAD, DEAD], "failed"),  # one path twice
        ([DEAD, FINE], [DEAD, FINE], "broken_before"),
    ],
)
def test_what_has_become_of_them(before: list[Page], after: list[Page], verdict: str) -> None:
    assert compare(before, after)[0] == verdict
