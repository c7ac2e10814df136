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


def test_who_is_selected(direct_for, dialect):
    tasks = [Task("mainwp_site_info", options) for options, _ids in CHOICES]
    for result, (options, ids) in zip(direct_for(fleet(), dialect).tasks(*tasks), CHOICES, strict=True):
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
def test_names_that_do_not_exist_are_errors_before_any_write(direct_for, dialect):
    play = direct_for(fleet(), dialect)
    for module in ("mainwp_sync", "mainwp_batch_update"):
        results = play.tasks(*(Task(module, options) for options, _text in ERRORS))
        for result, (options, text) in zip(results, ERRORS, strict=True):
            assert result.failed, options
            assert text in result.msg
            assert result["error"]["reason"] == "invalid_input"
            assert result["error"]["option"] in options
            assert result.writes == []


@pytest.mark.claim("selection")
def test_missing_names_can_be_tolerated_and_an_empty_selection_is_no_work(direct_for, dialect):
    play = direct_for(fleet(), dialect)
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


def test_a_plan_selects_its_own_sites(direct_for):
    play = direct_for(fleet())
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


TWINS = {
    1: "https://www.shop.example/",
    2: "https://shop.example/",
    3: "http://blog.example/",
    4: "https://blog.example/",
    5: "https://shop.example:8443/",
    6: "https://shop.example/de/",
    7: "https://straße.example/",
    8: "https://strasse.example/",
    9: "https://xn--kln-sna.example/",
    10: "https://www.Bücher.example/Straße/",
    11: "https://only.example/en/",
}
NAMED = [
    ("https://www.shop.example", [1]),
    ("https://shop.example/", [2]),
    ("https://shop.example:443", [2]),
    ("www.shop.example", [1]),
    ("shop.example", [2]),
    ("http://blog.example/", [3]),
    ("https://BLOG.example", [4]),
    ("blog.example:80", [3]),
    ("shop.example:8443/", [5]),
    ("https://shop.example/de", [6]),
    ("straße.example", [7]),
    ("https://xn--strae-oqa.example/", [7]),
    ("STRASSE.example", [8]),
    ("köln.example", [9]),
    ("https://www.KÖLN.example", [9]),
    ("xn--bcher-kva.example/Straße", [10]),
    ("https://bücher.example/Stra%C3%9Fe/", [10]),
    ("only.example", [11]),
]


def twins() -> Fleet:
    return Fleet(
        Site(number, url, f"S {number}", scenarios.standard_child(), ip=f"192.0.2.{number}")
        for number, url in TWINS.items()
    )


@pytest.mark.claim("selection")
def test_an_address_chooses_its_site_whatever_stands_beside_it(direct_for):
    play = direct_for(twins())
    results = play.tasks(*(Task("mainwp_site_info", {"sites": [name]}) for name, _ids in NAMED))
    for result, (name, ids) in zip(results, NAMED, strict=True):
        assert not result.failed, result.msg
        assert [site["id"] for site in result["sites"]] == ids, name
        assert result["sites"][0]["url"] == TWINS[ids[0]]


@pytest.mark.claim("selection")
def test_a_name_that_does_not_decide_between_twins_is_an_error(direct_for):
    play = direct_for(twins())
    cases = [
        ("blog.example", "http://blog.example/ (id 3), https://blog.example/ (id 4). Use the id or the whole address."),
        ("https://only.example/", "the Dashboard has no site 'https://only.example/'"),
        ("https://gone.shop.example/", "the Dashboard has no site"),
        ("xn--nonsense-.example", "the Dashboard has no site"),
    ]
    results = play.tasks(*(Task("mainwp_sync", {"sites": [name]}) for name, _text in cases))
    for result, (name, text) in zip(results, cases, strict=True):
        assert result.failed, name
        assert text in result.msg
        assert result.writes == []


@pytest.mark.claim("selection")
def test_the_twin_of_an_excluded_site_is_updated_and_the_site_is_not(direct_for):
    play = direct_for(twins())
    play.task(
        "mainwp_batch_update",
        {
            "sites": ["www.shop.example", "https://shop.example/", "straße.example", "strasse.example"],
            "exclude_sites": ["https://www.shop.example/", "xn--strae-oqa.example"],
        },
    )
    assert {move.site_id for move in play.sim.truth} == {2, 8}


@pytest.mark.parametrize("more", [{}, {"all_sites": True}])
def test_a_plan_of_another_dashboard_is_refused(direct_for, more):
    """Its ids are there, too, but mean others."""
    play = direct_for(fleet())
    plan = play.task("mainwp_update_info", {"sites": ["2"]})["plan"]
    own = [{**entry, "site_url": "http://Blog.example"} for entry in plan]
    other = [{**entry, "site_url": "https://elsewhere.example/"} for entry in plan]
    fits, refused = play.tasks(
        Task("mainwp_batch_update", {"plan": own, **more}, check=True),
        Task("mainwp_batch_update", {"plan": other, **more}),
    )
    assert fits.changed
    assert (refused.failed, refused.changed) == (True, False)
    assert (
        "plan: here the site with id 2 is https://www.blog.example/, and in the plan https://elsewhere.example/"
        in refused.msg
    )
    assert refused.writes == []
