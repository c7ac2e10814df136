# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look, plan, update, look again: the fleet beside a feed of known vulnerabilities."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from feeds import NOTICE, name, record, served, software, text_of, versions, written
from integration._direct import Direct
from integration._fleets import child, fleet, german, lock_out, moves
from integration._play import Result

from simulator import Fleet, Offer, Plugin, Site

LOOK = "mainwp_vulnerability_info"


def findings(result: Result) -> dict[tuple[int, str], list[tuple[str, str, str]]]:
    """(site, slug) → (CVE's last digit, fix, reason) of what was found."""
    return {
        (site["id"], item["slug"]): [(one["cve"][-1], one["fix"], one["reason"]) for one in item["vulnerabilities"]]
        for site in result["sites"]
        for item in site["software"]
    }


@pytest.fixture
def feed(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """``feed(record, …)``: the options for a file with these records."""

    def make(*records: dict[str, Any]) -> dict[str, Any]:
        return {"feed": str(written(tmp_path / "feed.json", *records)), "feed_cache": str(tmp_path / "cache")}

    return make


def exposed() -> Fleet:
    """Three sites: a shop whose updates close something, and more than that; one that is up to date; WordPress."""
    gallery = Plugin("gallery/gallery.php", "Gallery", "2.0", offer=Offer("2.1"))
    first = child(Offer("1.1.0"), gallery, theme=Offer("1.2"), core="7.0.4", core_offer="7.1", translations=[german()])
    return fleet(first, child(), child(core="7.1"))


FLAWS = (
    record(1, software("shop", versions(high="1.0.0"), patched=["1.1.0"]), score=9.8),
    record(2, software("wordpress", versions("7.0", "7.0.4"), kind="core", patched=["7.0.5", "7.1"])),
    record(3, software("paper", versions(high="1.1"), kind="theme", patched=["1.2"]), score=3.1),
)


def test_look_plan_update_and_look_again(direct_for: Callable[..., Direct], dialect: str, feed: Any) -> None:
    play = direct_for(exposed(), dialect)
    options = feed(*FLAWS)
    before = play.task(LOOK, options)
    assert not before.changed
    assert before.writes == []
    planned = ("planned", "")
    assert findings(before) == {
        (1, "shop/shop.php"): [("1", *planned)],
        (1, "wordpress"): [("2", *planned)],
        (1, "paper"): [("3", *planned)],
        (2, "shop/shop.php"): [("1", "none", "not_offered")],
        (2, "paper"): [("3", "none", "not_offered")],
        (3, "shop/shop.php"): [("1", "none", "not_offered")],
        (3, "paper"): [("3", "none", "not_offered")],
    }
    assert sorted((entry["slug"], entry["version_planned"]) for entry in before["plan"]) == [
        ("paper", "1.2"),
        ("shop/shop.php", "1.1.0"),
        ("wordpress", "7.1"),
    ]
    assert before.msg == ("3 of 3 sites have 7 vulnerabilities (3 critical, 1 high, 3 low) · 3 updates would close 3")
    done = play.task("mainwp_batch_update", {"plan": before["plan"], "all_sites": True})
    assert not done.failed
    assert {(move[1], move[2]) for move in moves(play.sim)} == {
        ("plugin", "shop/shop.php"),
        ("theme", "paper"),
        ("core", "wordpress"),
    }
    after = play.task(LOOK, {**options, "sites": ["1"]})
    assert (after["count"], after["plan"], after["sites"][0]["software"]) == (0, [], [])
    assert after.msg == "1 site, no known vulnerability"


def test_what_nothing_closes_says_why(direct_for: Callable[..., Direct], feed: Any) -> None:
    plugins = [
        Plugin("premium/premium.php", "Premium", "1.0"),
        Plugin("ignored/ignored.php", "Ignored", "1.0", offer=Offer("1.1")),
        Plugin("major/major.php", "Major", "1.0", offer=Offer("2.0")),
        Plugin("excluded/excluded.php", "Excluded", "1.0", offer=Offer("1.1")),
        Plugin("halfway/halfway.php", "Halfway", "1.0", offer=Offer("1.1")),
        Plugin("hopeless/hopeless.php", "Hopeless", "1.0", active=False, offer=Offer("1.1")),
        Plugin("hello.php", "Hello Dolly", "1.0"),
    ]
    premium: dict[str, Any] = {"Name": "Premium", "Version": "1.0", "type": "plugin", "premium": True}
    premium["update"] = {"new_version": "1.1", "plugin": "premium/premium.php", "slug": "premium"}
    made = fleet(child(None, *plugins, premium={"premium/premium.php": premium}))
    made.sites[1].ignored_plugins = {"ignored/ignored.php": {"Name": "Ignored", "ignored_versions": ["all_versions"]}}
    names = [plugin.slug.partition("/")[0] for plugin in plugins[:4]]
    play = direct_for(made)
    result = play.task(
        LOOK,
        {
            **feed(
                *(
                    record(number, software(slug, versions(high="1.0"), patched=["1.1"]))
                    for number, slug in enumerate(names)
                ),
                record(4, software("halfway", versions(high="1.4"), patched=["1.5"])),
                record(5, software("hopeless")),
                record(6, software("hello-dolly", versions(high="1.0"), patched=["1.1"])),
            ),
            "max_version_change": "minor",
            "exclude_updates": ["excluded"],
        },
    )
    assert findings(result) == {
        (1, "premium/premium.php"): [("0", "left", "premium")],
        (1, "ignored/ignored.php"): [("1", "left", "ignored")],
        (1, "major/major.php"): [("2", "left", "policy")],
        (1, "excluded/excluded.php"): [("3", "left", "excluded")],
        (1, "halfway/halfway.php"): [("4", "none", "not_fixed")],
        (1, "hopeless/hopeless.php"): [("5", "none", "no_fix")],
        (1, "hello.php"): [("6", "none", "not_offered")],
    }
    assert result["plan"] == []
    by_slug = {item["slug"]: item for item in result["sites"][0]["software"]}
    assert by_slug["major/major.php"]["vulnerabilities"][0]["fixed_by"] == "2.0"
    assert by_slug["halfway/halfway.php"]["vulnerabilities"][0]["fixed_in"] == "1.5"
    assert by_slug["halfway/halfway.php"]["can_deactivate"]
    assert not by_slug["hopeless/hopeless.php"]["can_deactivate"]
    assert all(item["vulnerabilities"][0]["message"] for item in by_slug.values())


def test_updates_that_types_and_patterns_leave_out(direct_for: Callable[..., Direct], feed: Any) -> None:
    play = direct_for(exposed())
    result = play.task(LOOK, {**feed(*FLAWS), "types": ["plugins"], "include_updates": ["other"], "sites": ["1"]})
    assert {entry for found in findings(result).values() for dummy, *entry_ in found for entry in [tuple(entry_)]} == {
        ("left", "excluded")
    }


def test_sites_in_trouble_are_told_of_all_the_same(direct_for: Callable[..., Direct], dialect: str, feed: Any) -> None:
    made = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")), child(Offer("1.1.0")))
    lock_out(made, 1)
    made.sites[2].suspended = True
    made.add(Site(id=9, url="https://never.example/", name="Never", child=child(), ip="192.0.2.9", dts_sync=0))
    play = direct_for(made, dialect)
    result = play.task(LOOK, feed(*FLAWS[:1]))
    assert findings(result)[1, "shop/shop.php"] == [
        ("1", "left", "locked_out" if dialect == "abilities" else "disconnected")
    ]
    assert findings(result)[2, "shop/shop.php"] == [("1", "left", "suspended")]
    assert [entry["site_id"] for entry in result["plan"]] == [3]
    assert [site["id"] for site in result["sites"] if not site["known"]] == [9]
    assert result["summary"]["fleet"] == {"total": 4, "vulnerable": 3, "unknown": 1}
    assert result.msg.endswith("nothing is known of 1 site")


def test_accepted_is_neither_new_nor_in_the_plan(direct_for: Callable[..., Direct], feed: Any) -> None:
    play = direct_for(fleet(child(Offer("1.1.0"), theme=Offer("1.2")), child(Offer("1.1.0"))))
    result = play.task(
        LOOK,
        {
            **feed(*FLAWS),
            "types": ["plugins", "themes"],
            "accepted": [
                {"cve": "cve-0000-00001", "site": "s01.example", "why": "behind a password"},
                {"id": name(3), "until": "2026-01-31", "why": "relaunch"},
                {"cve": "CVE-0000-00002", "site": "elsewhere.example"},
            ],
        },
        warns=["accepted: the Dashboard has no site 'elsewhere.example'"],
    )
    told = {
        (site["id"], one["cve"][-1]): (one["state"], one["until"], one["why"])
        for site in result["sites"]
        for item in site["software"]
        for one in item["vulnerabilities"]
    }
    assert told[1, "1"] == ("accepted", "", "behind a password")
    assert told[2, "1"] == ("new", "", "")
    assert told[1, "3"] == ("expired", "2026-01-31", "relaunch")
    assert result["summary"]["vulnerabilities"] == {"total": 4, "new": 1, "accepted": 1, "expired": 2}
    assert result["summary"]["fixes"] == {"planned": 2, "left": 1, "none": 1}
    assert result.msg == (
        "2 of 2 sites have 4 vulnerabilities (2 critical, 2 low) · 1 new · 1 accepted · 2 expired · 2 updates would close 2"
    )
    assert sorted((entry["site_id"], entry["slug"]) for entry in result["plan"]) == [
        (1, "paper"),
        (2, "shop/shop.php"),
    ]
    for entry in ({}, {"cve": "x", "id": "y"}, {"cve": "x", "until": "soon"}, {"cve": "x", "site": ""}):
        wrong = play.task(LOOK, {**feed(*FLAWS), "accepted": [entry]})
        assert wrong["error"]["option"] == "accepted"
        assert wrong.journal == []


@pytest.mark.parametrize("wrong", [["CVE-0000-00001", "CVE-0000-00003"], "CVE-0000-1"], ids=str)
@pytest.mark.parametrize("key", ["id", "cve"])
def test_an_acceptance_of_what_no_feed_tells_is_a_warning(
    direct_for: Callable[..., Direct], feed: Any, key: str, wrong: Any
) -> None:
    """A list, too: each entry has one name."""
    play = direct_for(fleet(child(Offer("1.1.0"))))
    asked = {
        **feed(*FLAWS),
        "accepted": [{key: wrong}, {key: wrong, "site": "1"}, {"cve": "cve-0000-00003"}, {"id": name(1)}],
    }
    text = f"accepted: the feed tells nothing of {wrong}, so that entry accepts nothing."
    result = play.task(LOOK, asked, warns=[text])
    assert result["summary"]["vulnerabilities"]["accepted"] == 2


def test_filters(direct_for: Callable[..., Direct], feed: Any) -> None:
    play = direct_for(exposed())
    options = {**feed(*FLAWS, record(4, software("shop"), score=None), record(5, software("shop"), informational=True))}

    def told(**more: Any) -> set[str]:
        nothing = ["the list is empty, so nothing was looked for"] if more == {"cve": []} else []
        result = play.task(LOOK, {**options, "sites": ["1"], **more}, warns=nothing)
        return {number for found in findings(result).values() for number, *_rest in found}

    assert told() == {"1", "2", "3", "4"}
    assert told(min_rating="high") == {"1", "2", "4"}
    assert told(min_score=8) == {"1", "4"}
    assert told(cve=["CVE-0000-00003"]) == {"3"}
    assert told(cve=[]) == set()
    assert told(informational=True) == {"1", "2", "3", "4", "5"}
    assert told(cve=["CVE-0000-00005"]) == {"5"}
    wrong = play.task(LOOK, {**options, "cve": ["CVE-0000-00001", " "]})
    assert wrong["error"]["option"] == "cve"
    assert wrong.journal == []


def test_a_number_that_the_feed_does_not_know_is_no_good_news(direct_for: Callable[..., Direct], feed: Any) -> None:
    """Asked for what is exploited tonight, and it is misspelled, or the feed is older than it."""
    look = {**feed(record(1, software("shop")), record(2, software("elsewhere"))), "cve": ["cve-0000-00001"]}
    play = direct_for(fleet(child()))
    assert play.task(LOOK, look)["count"] == 1
    assert play.task(LOOK, {**look, "cve": ["CVE-0000-00002"]})["count"] == 0, "known, and nobody has it"
    asked = {**look, "cve": ["CVE-0000-00001", "CVE-0000-0000", "0000-00001"]}
    told = play.task(LOOK, asked, warns=["cve: the feed tells nothing of 0000-00001, CVE-0000-0000. Is it spelled so"])
    assert told["count"] == 1


def test_a_fix_that_brings_something_worse_is_not_in_the_plan(direct_for: Callable[..., Direct], feed: Any) -> None:
    play = direct_for(exposed())
    new = record(9, software("shop", versions("1.1.0"), patched=["1.2.0"]), score=9.9)
    paper = record(8, software("paper", versions("1.2"), kind="theme"), score=1.0)
    result = play.task(LOOK, {**feed(*FLAWS, new, paper), "sites": ["1"]})
    assert findings(result)[1, "shop/shop.php"] == [("1", "left", "worse")]
    assert sorted(entry["slug"] for entry in result["plan"]) == ["paper", "wordpress"]
    assert {item["slug"]: item["brings"] for item in result["sites"][0]["software"]} == {
        "shop/shop.php": ["CVE-0000-00009"],
        "paper": ["CVE-0000-00008"],
        "wordpress": [],
    }
    assert result["summary"]["fixes"] == {"planned": 2, "left": 1, "none": 0}


@pytest.mark.claim("feed-notices")
def test_texts_of_the_feed_come_with_their_notices(direct_for: Callable[..., Direct], feed: Any) -> None:
    result = direct_for(exposed()).task(
        LOOK, feed(*FLAWS, record(9, software("nowhere"), copyrights={"x": {"notice": "N"}}))
    )
    assert result["notices"] == [
        {
            "holder": "inventors",
            "message": "This record is invented.",
            **NOTICE,
            "links": [f"https://feeds.example/flaws/{name(number)}" for number in (1, 2, 3)],
        }
    ]


@pytest.mark.claim("feed-partner")
def test_the_feed_hears_nothing_of_the_dashboard_and_the_dashboard_nothing_of_the_feed(
    direct_for: Callable[..., Direct], tmp_path: Path
) -> None:
    play = direct_for(exposed())
    play.connection["headers"] = {"X-Tenant": "a-tenant-of-ours"}
    with served(text_of(*FLAWS)) as server:
        options = {"feed": server.url, "feed_key": "invented-key-of-the-feed", "feed_cache": str(tmp_path / "cache")}
        first = play.task(LOOK, options)
        second = play.task(LOOK, {**options, "sites": ["1"]})
    assert first["count"] == 7
    assert second["count"] == 3
    [asked] = server.asked
    assert set(asked) == {"Host", "User-Agent", "Accept-Encoding", "Accept", "Connection", "Authorization"}
    assert asked["Authorization"] == "Bearer invented-key-of-the-feed"
    assert "127.0.0.1" in asked["Host"]
    journal = [str(vars(entry)) for entry in (*first.journal, *second.journal)]
    assert not [entry for entry in journal if "invented-key-of-the-feed" in entry]
    assert "invented-key-of-the-feed" not in str(first.data)


@pytest.mark.claim("feed-key")
def test_the_feeds_key_is_masked_wherever_it_turns_up(direct_for: Callable[..., Direct], tmp_path: Path) -> None:
    key = "invented-key-of-the-feed"
    made = exposed()
    made.sites[1].name = f"Named {key}"
    play = direct_for(made)
    with served(text_of(record(1, software("shop"), title=f"It says {key}"))) as server:
        options = {"feed": server.url, "feed_key": key, "feed_cache": str(tmp_path / "cache")}
        good = play.task(LOOK, options)
        server.instead = (500, {}, f"trace: Bearer {key}")
        bad = play.task(LOOK, {**options, "feed_cache": str(tmp_path / "other")})
    assert bad["error"]["reason"] == "feed_unavailable"
    assert "****" in bad.msg
    assert key not in str(good.data) + str(bad.data)


def test_a_feed_that_fails_is_an_error_with_a_reason_and_an_old_one_a_warning(
    direct_for: Callable[..., Direct], tmp_path: Path
) -> None:
    play = direct_for(exposed())
    with served("<html></html>") as server:
        options = {"feed": server.url, "feed_cache": str(tmp_path / "cache")}
        failed = play.task(LOOK, options)
    assert (failed.failed, failed["error"]["reason"]) == (True, "feed_changed")
    assert "sites" not in failed.data


def test_records_that_cannot_be_understood_are_warned_of(direct_for: Callable[..., Direct], feed: Any) -> None:
    many = [record(number, software("other")) for number in range(10, 110)]
    options = feed(*FLAWS, *many, {**record(4, software("shop")), "software": None})
    result = direct_for(exposed()).task(LOOK, options, warns=["1 of the feed's 104 records cannot be understood"])
    assert result["feed"]["skipped"] == 1


@pytest.mark.claim("feed-text")
def test_hostile_texts_of_a_feed_steer_nothing(direct_for: Callable[..., Direct], feed: Any) -> None:
    title = "{{ lookup('pipe', 'id') }}\x1b[2J\nok: [host]<script>"
    result = direct_for(exposed()).task(LOOK, feed(record(1, software("shop"), title=title)))
    told = result["sites"][0]["software"][0]["vulnerabilities"][0]["title"]
    assert told == "{{ lookup('pipe', 'id') }}[2J ok: [host]"
