# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sites a task is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._addresses import normal_url
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from ansible_collections.wpfleet.mainwp.plugins.module_utils._selection import (
    Selected,
    find_sites,
    named_sites,
    select,
    selection_from,
)
from unit.build import site

CANARY, SHOPS, EMPTY = 1, 2, 3
TAGS = {CANARY: "Canary, early", SHOPS: "shops", EMPTY: "nobody", 77: "2"}
CLIENTS = {1: "Acme Ltd", 2: "Müller & Söhne", 3: "No Sites Inc"}
FLEET = [
    site(1, "https://shop.example/", CANARY, SHOPS, name="Shop", client_id=1),
    site(2, "https://www.blog.example/", CANARY, name="Blog", client_id=2),
    site(3, "http://shop.example/de/", SHOPS, name="Shop", client_id=2, status="disconnected"),
    site(4, "https://multi.example/a", name="A", client_id=1, status="suspended"),
    site(5, "https://multi.example/b", name="B"),
    site(6, "https://host.example:8443/", name="12"),
    site(12, "https://twelve.example/", name="Twelve"),
]


def never() -> dict[int, str]:
    raise AssertionError("asked for without need")


def chosen(**params: Any) -> list[int]:
    """Ids of the selected sites, sorted."""
    return sorted(item.id for item in selected(**params).sites)


def selected(**params: Any) -> Selected:
    return select(FLEET, selection_from(params, required=True), lambda: TAGS, lambda: CLIENTS)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("1", [1]),
        ("12", [12]),  # an id goes before a name
        ("99", []),
        ("shop.example", [1]),  # an address goes before a domain
        ("https://shop.example", [1]),
        ("http://www.SHOP.example/", [1]),
        ("shop.example/de", [3]),
        ("https://shop.example/de/", [3]),
        ("shop.example/DE", []),  # paths have cases
        ("blog.example", [2]),
        ("www.blog.example", [2]),
        ("BLOG", [2]),
        (" Blog ", [2]),
        ("multi.example", [4, 5]),
        ("multi.example/a/", [4]),
        ("host.example:8443", [6]),
        ("host.example", []),
        ("Shop", [1, 3]),
        ("nosuch", []),
        ("", []),
        ("²", []),
    ],
)
def test_names_of_sites(text: str, ids: list[int]) -> None:
    assert [item.id for item in find_sites(text, FLEET)] == ids


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("https://www.Shop.example/de/", "shop.example/de"),
        ("HTTP://shop.example", "shop.example"),
        ("//shop.example/", "//shop.example"),
        ("shop.example/#top", "shop.example"),
        ("https://www.example/", "example"),
    ],
)
def test_addresses_made_comparable(text: str, bare: str) -> None:
    assert normal_url(text) == bare


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ({"all_sites": True}, [1, 2, 3, 4, 5, 6, 12]),
        ({"sites": ["1", "blog.example"]}, [1, 2]),
        ({"sites": ["1", "shop.example", "https://shop.example/"]}, [1]),
        ({"sites": [2, 1]}, [1, 2]),
        ({"sites": []}, []),
        ({"all_sites": True, "site_tags": []}, []),
        ({"site_tags": ["shops"]}, [1, 3]),
        ({"site_tags": ["Canary, Early"]}, [1, 2]),
        ({"site_tags": ["shops", "canary, early"]}, [1, 2, 3]),
        ({"site_tags": ["2"]}, []),  # the tag that is named 2, not the one with the id 2
        ({"site_tags": ["3"]}, []),
        ({"site_tags": ["1"]}, [1, 2]),
        ({"site_tags": ["nobody"]}, []),
        ({"clients": ["acme ltd"]}, [1, 4]),
        ({"clients": ["2"]}, [2, 3]),
        ({"clients": ["Acme Ltd", "Müller & Söhne"]}, [1, 2, 3, 4]),
        ({"clients": ["No Sites Inc"]}, []),
        ({"site_status": ["connected"]}, [1, 2, 5, 6, 12]),
        ({"site_status": ["disconnected", "suspended"]}, [3, 4]),
        ({"site_tags": ["shops"], "clients": ["Acme Ltd"]}, [1]),
        ({"site_tags": ["shops"], "clients": ["2"], "site_status": ["connected"]}, []),
        ({"sites": ["1", "2", "4"], "clients": ["1"]}, [1, 4]),
        ({"all_sites": True, "clients": ["1"]}, [1, 4]),
        ({"all_sites": True, "exclude_sites": ["1", "blog.example", "multi.example/b"]}, [3, 4, 6, 12]),
        ({"site_tags": ["shops"], "exclude_sites": ["Blog"]}, [1, 3]),
        ({"sites": ["1"], "exclude_sites": ["1"]}, []),
    ],
)
def test_or_within_a_kind_and_between_kinds(params: dict[str, Any], ids: list[int]) -> None:
    assert chosen(**params) == ids


def test_results_are_sorted_by_address() -> None:
    urls = [item.url for item in selected(all_sites=True).sites]
    assert urls[0] == "https://www.blog.example/"
    assert urls == sorted(urls, key=normal_url)


def test_tags_and_clients_are_asked_for_only_when_needed() -> None:
    found = select(FLEET, selection_from({"sites": ["1"]}, required=True), never, never)
    assert [item.id for item in found.sites] == [1]


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"sites": ["nosuch.example"]}, "sites: the Dashboard has no site 'nosuch.example'"),
        ({"sites": [f"{{'id': 1, {'x' * 5000}}}"]}, f"sites: the Dashboard has no site '{{'id': 1, {'x' * 190}…'"),
        ({"sites": ["nosuch.example"]}, "staging sites are not listed"),
        (
            {"sites": ["Shop"]},
            "'Shop' hits several sites: https://shop.example/ (id 1), http://shop.example/de/ (id 3)",
        ),
        ({"sites": ["multi.example"]}, "https://multi.example/a (id 4), https://multi.example/b (id 5)"),
        ({"sites": ["Shop"], "fail_on_missing": False}, "hits several sites"),
        ({"site_tags": ["nosuch"]}, "site_tags: the Dashboard has no tag 'nosuch'"),
        ({"clients": ["nosuch"]}, "clients: the Dashboard has no client 'nosuch'"),
        ({"clients": ["²"]}, "clients: the Dashboard has no client '²'"),
        ({"all_sites": True, "exclude_sites": ["typo"]}, "exclude_sites: the Dashboard has no site 'typo'"),
        ({"sites": [], "exclude_sites": ["typo"]}, "exclude_sites: the Dashboard has no site 'typo'"),
        ({"all_sites": True, "exclude_sites": ["typo"], "fail_on_missing": False}, "a typo would update that site"),
        ({"all_sites": True, "exclude_sites": ["Shop"]}, "exclude_sites: 'Shop' hits several sites"),
    ],
)
def test_errors_name_what_is_wrong(params: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        selected(**params)
    assert sentence in str(caught.value)


def test_missing_names_can_be_tolerated() -> None:
    found = selected(sites=["1", "gone.example"], site_tags=["shops", "gone"], fail_on_missing=False)
    assert [item.id for item in found.sites] == [1]
    assert [text.split(":")[0] for text in found.missing] == ["sites", "site_tags"]


def test_tolerated_names_alone_select_nothing() -> None:
    assert chosen(sites=["gone.example"], fail_on_missing=False) == []
    assert chosen(site_tags=["gone"], fail_on_missing=False) == []


def test_nothing_selected_never_means_everything() -> None:
    with pytest.raises(InputError, match="nothing selected never means everything"):
        selection_from({"exclude_sites": ["1"]}, required=True)
    assert len(select(FLEET, selection_from({}, required=False), never, never).sites) == len(FLEET)


def test_all_sites_and_sites_exclude_each_other() -> None:
    with pytest.raises(InputError, match="all_sites: given together with sites"):
        selection_from({"all_sites": True, "sites": ["1"]}, required=True)


def test_nothing_names_no_site_that_has_no_name() -> None:
    assert find_sites("", [site(1, "https://a.example/", name="")]) == []


class Walked(list[Site]):
    """A fleet that counts how often it is walked through."""

    walks = 0

    def __iter__(self) -> Iterator[Site]:
        self.walks += 1
        return super().__iter__()


def test_many_names_are_not_each_compared_with_each_site() -> None:
    sites = Walked(site(number, f"https://s{number}.example/", name=f"Site {number}") for number in range(1, 101))
    for texts in ([item.url for item in sites], [item.name for item in sites]):
        sites.walks = 0
        assert named_sites("sites", texts, sites, "") == set(range(1, 101))
        assert 0 < sites.walks <= 7
