# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites as inventory hosts: names, groups, truth, and the cache's seal."""

from __future__ import annotations

import copy
import itertools
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.plugin_utils import _inventory as shape

WORDS = st.text(max_size=40)


def facts(number: int, dashboard: str = "agency", **more: Any) -> dict[str, Any]:
    """As little of a record as the functions here want."""
    record = {"id": number, "url": f"https://s{number}.example/", "dashboard": dashboard, "ip": "", "client": ""}
    return {**record, "tags": [], "status": "connected", **more}


@given(WORDS, WORDS)
def test_any_address_gives_a_valid_name(host: str, path: str) -> None:
    name = shape.default_name(f"https://{host}/{path}")
    assert re.fullmatch(r"[A-Za-z0-9_.\-]+", name)
    assert name[0] not in "_.-"


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "a_agency_1", "localhost", "a_agency_1_2"]), st.integers(1, 3))))
def test_names_are_unique_and_nobody_is_lost(wanted: list[tuple[str, int]]) -> None:
    names, warnings = shape.unique_names([(name, facts(number)) for name, number in wanted])
    assert len(names) == len(set(names)) == len(wanted)
    assert not shape.RESERVED & set(names)
    assert len(warnings) == sum(name != want for name, (want, _number) in zip(names, wanted, strict=True))


@pytest.mark.parametrize(
    ("urls", "names"),
    [
        (["https://a.example/b/c", "https://a.example/b_c"], ["a.example_b_c_agency_1", "a.example_b_c_agency_2"]),
        (["https://a.example", "https://A.example/"], ["a.example", "a.example_agency_2"]),
        (["http://a.example", "https://www.a.example"], ["a.example", "www.a.example"]),
        (
            ["http://www.a.example", "https://www.a.example", "https://b.example"],
            ["a.example_agency_1", "a.example_agency_2", "b.example"],
        ),
        (
            ["https://a.example", "https://www.a.example", "http://www.a.example"],
            ["a.example", "a.example_agency_2", "a.example_agency_3"],
        ),
        (["https://www.a.example", "https://www.a.example"], ["a.example", "a.example_agency_2"]),
        (["https://all/", "https://www.all/"], ["all_agency_1", "www.all"]),
        (
            ["https://📻.example/", "https://🎷.example/", "https://x.example/"],
            ["xn--xu8h.example", "xn--ol8h.example", "x.example"],
        ),
    ],
)
def test_a_name_belongs_to_one_address_or_to_none(urls: list[str], names: list[str]) -> None:
    pairs = [(shape.default_name(url), facts(number, url=url)) for number, url in enumerate(urls, 1)]
    assert shape.unique_names(pairs)[0] == names
    turned = shape.unique_names(pairs[::-1])[0][::-1]
    assert turned == names or len({url.lower().rstrip("/") for url in urls}) < len(urls)


@given(st.text(min_size=1))
def test_any_tag_gives_a_group_that_ansible_takes(tag: str) -> None:
    group = shape.group_name("tag", tag)
    # what Ansible calls invalid
    assert not re.search(r"^[\d\W]|[^\w]", group)


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        (None, False),
        ("True", True),
        ("false", False),
        ("Acme", None),
        ("", None),
        ("yes", None),
        ([], None),
        (["x"], None),
        ({}, None),
    ],
)
def test_only_what_is_clearly_true_or_false(value: Any, meaning: bool | None) -> None:
    assert shape.truth(value) is meaning


def test_a_seal_holds_for_one_configuration_and_content() -> None:
    sites = [facts(1), facts(2, tags=["ä"])]
    stored = json.loads(json.dumps(shape.sealed(sites, ["counts", ["agency", "https://a.example"]])))
    assert shape.unsealed(stored, ["counts", ["agency", "https://a.example"]]) == sites
    assert shape.unsealed(stored, ["lists", ["agency", "https://a.example"]]) is None
    changed = copy.deepcopy(stored)
    changed["sites"][1]["tags"] = ["canary"]
    assert shape.unsealed(changed, ["counts", ["agency", "https://a.example"]]) is None
    for nonsense in (None, [], "text", {}, {"sites": None}, {"sites": [], "seal": 1}, {"format": 1, "sites": []}):
        assert shape.unsealed(nonsense, []) is None


def test_clashes_are_told_once() -> None:
    records = [facts(1, tags=["Canary"]), facts(2, tags=["canary"]), facts(3, tags=["canary"], client="A B")]
    assert shape.clashes(records) == ["'Canary' and 'canary' share the group mainwp_tag_canary."]


def test_neighbours_are_on_different_servers() -> None:
    hosts = [(f"h{number}", facts(number, ip=f"192.0.2.{number // 4}"), {}) for number in range(12)]
    servers = [record["ip"] for _name, record, _variables in shape.spread(hosts)]
    assert all(one != other for one, other in itertools.pairwise(servers))
    assert sorted(name for name, _record, _variables in shape.spread(hosts)) == sorted(host[0] for host in hosts)
