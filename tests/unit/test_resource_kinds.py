# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of values, slugs, and lists in pages: pure, or without a server."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.client_fields import ClientFields
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.keys import Keys
from ansible_collections.wpfleet.mainwp.plugins.module_utils._http import Transport
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _fields as kinds
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._slugs import is_reachable, slug_of
from simulator.api.cost_kinds import slug_of as wordpress_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ('Domain & "x" ü', "domain-x-u"),
        ("Plug!in", "plugin"),
        ("a/b.c  d", "a-b-c-d"),
        ("Größe_2", "grosse_2"),
        ("&amp; R&D", "rd"),
        ("--", ""),
        ("Łódź Ø œuvre €5", "lodz-o-oeuvre-e5"),
        ("a – b…\u201cc\u201d™", "a-bc"),
        ("İı Æ", "ii-ae"),
        ("ßæœþøđłıĳſªº€", "ssaeoethodliijsaoe"),
    ],
)
def test_a_slug_is_what_wordpress_makes_of_a_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug == wordpress_slug(title)


def test_letters_without_an_accent_become_those_of_wordpress() -> None:
    assert slug_of("ðħŧŋĸŀŉ×") == "dhtnklnx"


@pytest.mark.parametrize("title", ["Домен", "日本", "😀 x", "e\u0302"])
def test_a_slug_with_percent_codes_is_known_to_be_out_of_reach(title: str) -> None:
    assert "%" in slug_of(title)
    assert not is_reachable(slug_of(title))
    assert not is_reachable(quote(title).lower())
    assert is_reachable("a-b_c.9")


NOTE = 'it\'s & <b>b</b>\nline "q" \\ &copy'


def test_a_note_is_text_and_comes_back_as_it_went() -> None:
    note = kinds.lines("note")
    assert note.wanted(NOTE) == NOTE
    assert note.sent(NOTE) == 'it\'s &amp; &lt;b&gt;b&lt;/b&gt;\nline "q" \\\\ &amp;copy'
    assert note.wanted("a\r\nb\x1b[0m") == "a\nb[0m"


@pytest.mark.parametrize(
    "value", ["ftp://x.test", "x.test", "http://", "https://a b", "https://a/[1]", "https://a/%0dx"]
)
def test_an_address_that_wordpress_would_clean_is_refused(value: str) -> None:
    with pytest.raises(kinds.Unstorable, match="no address that MainWP keeps"):
        kinds.link("page", "url").wanted(value)


@pytest.mark.parametrize("value", ["", "https://a.test/?a=1&b=2#c", "http://x/%20(y)'~", "https://ü.test/ü"])
def test_an_address_that_it_keeps_is_fine(value: str) -> None:
    assert kinds.link("page", "url").wanted(value) == value


def test_icons_are_told_alike() -> None:
    icon = kinds.icon("icon")
    assert [icon.read(value) for value in ("plug", "folder open", "deficon:plug", "shop.png", "", None)] == [
        *("deficon:plug", "deficon:folder open", "deficon:plug", "shop.png", "", "")
    ]
    with pytest.raises(kinds.Unstorable, match="has 65 characters"):
        icon.wanted(f"deficon:{'x' * 57}")


@pytest.mark.parametrize("value", [-0.01, float("nan"), float("inf"), 2e12])
def test_a_price_that_cannot_be_is_refused(value: float) -> None:
    with pytest.raises(kinds.Unstorable, match="is not between 0 and 1e"):
        kinds.number("price", 1e12).wanted(value)


class Http:
    """Pages of one list, which may change while they are read."""

    class connection:  # noqa: N801  # stands for an attribute
        key_hint = "0000001"

    def __init__(self, *reads: list[Any]) -> None:
        self.reads = list(reads)
        self.asked = 0

    def read(self, _path: str, query: dict[str, int], _step: str) -> Any:
        self.asked += 1
        rows = self.reads.pop(0) if len(self.reads) > 1 else self.reads[0]
        size = query["per_page"]
        pages = -(-len(rows) // size)
        start = (min(query["page"], pages) - 1) * size
        body = {"success": 1, "total": len(rows), "pages": pages, "data": rows[start : start + size]}
        return type("Answer", (), {"data": body if rows else {"success": 0, "message": "Keine Felder."}})


def fields(first: int, last: int) -> list[dict[str, str]]:
    return [{"field_id": str(n), "name": f"n{n}", "description": "d"} for n in range(last, first - 1, -1)]


def listed(*reads: list[Any]) -> tuple[list[int], int]:
    http = Http(*reads)
    return [row["id"] for row in ClientFields(cast(Transport, http)).rows], http.asked


def test_a_list_that_changes_between_two_pages_is_read_again() -> None:
    """One that goes shifts the rest, and one of them would be missed; one that comes is there twice."""
    assert listed(fields(1, 150), fields(1, 149)) == (list(range(149, 0, -1)), 4)
    assert listed(fields(1, 150), fields(1, 151)) == (list(range(151, 0, -1)), 4)
    assert listed([]) == ([], 1)


def test_a_list_that_never_stands_still_is_no_list() -> None:
    reads = [fields(1, 150 + number % 2) for number in range(20)]
    with pytest.raises(errors.AnswerLost, match="changes while it is read"):
        listed(*reads)


def test_rows_that_are_none_are_no_list() -> None:
    for row in ("x", {"field_id": "0", "name": "n"}):
        with pytest.raises(errors.AnswerLost, match="not such a list"):
            listed([row])


def key(number: str, titles: list[str], end: str = "0000009", version: str = "v2") -> dict[str, Any]:
    return {
        "id": number,
        "version": version,
        "permissions": titles,
        "truncated_key": end,
        "description": "",
        "active": 1,
    }


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([key("2", ["Read"]), key("1", ["Write &amp; Delete"])], ["read", "write"]),
        ([key("3", ["Lire", "Écrire"]), key("2", ["Lire"]), key("1", ["Écrire"])], ["read_write", "read", "write"]),
        ([key("2", ["Lire"], "0000001"), key("1", ["Écrire"])], ["read", ""]),
        ([key("1", ["Unknown"])], [""]),
    ],
)
def test_permissions_are_told_by_what_is_known_of_a_language(rows: list[Any], told: list[str]) -> None:
    found = Keys(cast(Transport, Http(rows))).rows
    assert [row["permissions"] for row in found] == told


def test_the_name_of_a_v1_key_is_in_no_row() -> None:
    name = "ck_" + "0123456789" * 4
    (row,) = Keys(cast(Transport, Http([key(name, ["Read"], "0000001", "v1")]))).rows
    assert (row["id"], row["own"]) == (0, False)
    assert name not in str(row)
