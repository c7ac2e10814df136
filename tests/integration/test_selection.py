# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sites a task is about, with tags, clients and names of a real Dashboard."""

from __future__ import annotations

import pytest
from integration._play import Task

from simulator import Client, Fleet, Site, Tag, scenarios


def fleet() -> Fleet:
    """Sites with tags, clients, a sub-directory, two of one name, a staging site, a suspended and a disconnected one."""
    sites = [
        ("https://shop.example/", "Shop", [1, 2], 1),
        ("https://www.blog.example/", "Blog", [1], 2),
        ("http://shop.example/de/", "Shop", [2], 2),
        ("https://multi.example/a/", "A", [], 1),
        ("https://multi.example/b/", "B", [], 0),
    ]
    made = Fleet(
        (
            Site(number, url, name, scenarios.standard_child(), client_id=client, tags=tags, ip=f"192.0.2.{number}")
            for number, (url, name, tags, client) in enumerate(sites, start=1)
        ),
        tags=[Tag(1, "Canary, early"), Tag(2, "shops"), Tag(3, "nobody")],
        clients=[Client(1, "Acme Ltd"), Client(2, "Müller & Söhne"), Client(3, "No Sites Inc")],
    )
    made.add(Site(9, "https://stage.example/", "Stage", scenarios.standard_child(), is_staging=True))
    made.sites[4].suspended = True
    made.sites[5].sync_errors = "HTTP error"
    return made


CHOICES = [
    ({}, [1, 2, 3, 4, 5]),
    ({"all_sites": True}, [1, 2, 3, 4, 5]),
    ({"sites": [1, "blog.example", "https://shop.example/de"]}, [1, 2, 3]),
    ({"sites": "blog.example"}, [2]),
    ({"sites": []}, []),
    ({"site_tags": ["shops"]}, [1, 3]),
    ({"site_tags": ["canary, early", 2]}, [1, 2, 3]),
    ({"site_tags": ["nobody"]}, []),
    ({"clients": ["Müller & Söhne"]}, [2, 3]),
    ({"site_tags": ["shops"], "clients": ["Acme Ltd"]}, [1]),
    ({"site_status": ["suspended", "disconnected"]}, [4, 5]),
    ({"site_status": ["connected"], "exclude_sites": ["Blog", "shop.example/de"]}, [1]),
    ({"all_sites": True, "exclude_sites": [1, "multi.example/a"]}, [2, 3, 5]),
]


def test_who_is_selected(play_for, dialect):
    tasks = [Task("mainwp_site_info", options) for options, _ids in CHOICES]
    for result, (options, ids) in zip(play_for(fleet(), dialect).tasks(*tasks), CHOICES, strict=True):
        assert not result.failed, result.msg
        assert sorted(site["id"] for site in result["sites"]) == ids, options
        assert result["count"] == len(ids)
        urls = [site["url"].split("//")[1].removeprefix("www.") for site in result["sites"]]
        assert urls == sorted(urls)


ERRORS = [
    ({"sites": ["nosuch.example"]}, "sites: the Dashboard has no site 'nosuch.example'"),
    ({"sites": ["stage.example"]}, "staging sites are not listed"),
    ({"sites": ["Shop"]}, "'Shop' hits several sites: https://shop.example/ (id 1), http://shop.example/de/ (id 3)"),
    ({"sites": ["multi.example"]}, "'multi.example' hits several sites"),
    ({"site_tags": ["shop"]}, "site_tags: the Dashboard has no tag 'shop'"),
    ({"clients": ["Acme"]}, "clients: the Dashboard has no client 'Acme'"),
    (
        {"all_sites": True, "exclude_sites": ["shopp.example"]},
        "exclude_sites: the Dashboard has no site 'shopp.example'",
    ),
    (
        {"all_sites": True, "exclude_sites": ["shopp.example"], "fail_on_missing": False},
        "a typo would update that site",
    ),
    ({"sites": [], "exclude_sites": ["shopp.example"]}, "exclude_sites: the Dashboard has no site 'shopp.example'"),
]


@pytest.mark.claim("selection")
def test_names_that_do_not_exist_are_errors_before_any_write(play_for, dialect):
    play = play_for(fleet(), dialect)
    for module in ("mainwp_sync", "mainwp_batch_update"):
        results = play.tasks(*(Task(module, options) for options, _text in ERRORS)).results
        for result, (options, text) in zip(results, ERRORS, strict=True):
            assert result.failed, options
            assert text in result.msg
            assert result["error"]["reason"] == "invalid_input"
            assert result["error"]["option"] in options
            assert result.writes == []


@pytest.mark.claim("selection")
def test_missing_names_can_be_tolerated_and_an_empty_selection_is_no_work(play_for, dialect):
    play = play_for(fleet(), dialect)
    missing = "the Dashboard has no "
    tolerated, nobody, none, read = play.tasks(
        Task(
            "mainwp_sync",
            {"sites": ["1", "gone.example"], "site_tags": ["shops", "gone"], "fail_on_missing": False, "max_age": 0},
            warns=[f"sites: {missing}site 'gone.example'", f"site_tags: {missing}tag 'gone'"],
        ),
        Task("mainwp_batch_update", {"site_tags": ["nobody"]}),
        Task("mainwp_batch_update", {"sites": []}),
        Task("mainwp_sync", {"sites": []}),
    )
    assert [site["id"] for site in tolerated["sites"]] == [1]
    for result in (nobody, none, read):
        assert (result.failed, result.changed, result["sites"], result.writes) == (False, False, [], [])


def test_a_plan_selects_its_own_sites(play_for):
    play = play_for(fleet())
    plan = play.task("mainwp_update_info", {"sites": [1, 2]})["plan"]
    both, one, gone = play.tasks(
        Task("mainwp_batch_update", {"plan": plan}, check=True),
        Task("mainwp_batch_update", {"plan": plan, "exclude_sites": [2]}, check=True),
        Task("mainwp_batch_update", {"plan": [{**plan[0], "site_id": 77}]}, check=True),
    )
    assert [site["id"] for site in both["sites"]] == [2, 1]
    assert [site["id"] for site in one["sites"]] == [1]
    assert gone.failed
    assert "plan: the Dashboard has no site with id 77" in gone.msg
