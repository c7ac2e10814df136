# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a fleet by what was looked at apart: vulnerabilities, heartbeats, what appeared. All records are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import iso
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.vulnerable import web_link

from .pages import HOSTILE
from .test_fleet_page import AGENCY, SHOPS, page, result, site

NOTICE = {
    "holder": "inventor",
    "message": "This record is invented.",
    "notice": "Copyright 2026 Nobody",
    "license": "Do what you like.",
    "license_url": "https://feed.example/terms",
    "links": ["https://feed.example/1"],
}


def flaw(number: int = 1, **more: Any) -> dict[str, Any]:
    known = {"id": f"record-{number}", "title": f"Flaw {number}", "cve": f"CVE-0000-0000{number}", "score": 9.8}
    known |= {"rating": "critical", "link": f"https://feed.example/{number}", "fixed_in": "1.1", "fixed_by": "1.1"}
    return {**known, "fix": "planned", "reason": "", "message": "", "state": "new", "until": "", "why": "", **more}


def item(*flaws: dict[str, Any], name: str = "Shop", **more: Any) -> dict[str, Any]:
    known = {"type": "plugin", "slug": f"{name}/a.php", "name": name, "version": "1.0", "can_deactivate": True}
    return {**known, "vulnerabilities": list(flaws), **more}


def seen(number: int = 1, *software: dict[str, Any], **more: Any) -> dict[str, Any]:
    known = {"id": number, "url": f"https://s{number}.example/", "name": f"Site {number}", "known": True}
    return {**known, "last_sync": "2026-11-24T22:00:00Z", "software": list(software), **more}


def looked(*sites: dict[str, Any], url: str = AGENCY, **more: Any) -> dict[str, Any]:
    feed = {"source": "https://feed.example/", "fetched": "2026-11-24T21:00:00Z"}
    return {"dashboard": {"url": url}, "sites": list(sites), "feed": feed, "notices": [NOTICE], **more}


# -- vulnerabilities ----------------------------------------------------------------------------------------------


def test_what_is_open_is_told_by_release_the_worst_first(tmp_path: Path) -> None:
    mild = item(flaw(2, rating="low", score=3.1), flaw(3, rating="medium", score=5.0), name="Mild")
    ended = flaw(state="expired", until="2026-11-01", why="was behind a password")
    lived = item(flaw(4, state="accepted", until="2026-12-31", why="no form there"), name="Lived")
    found = page(
        tmp_path,
        sites=[result(site(1), site(2), site(3), site(9)), result(site(1, name="Other"), url=SHOPS)],
        vulnerabilities=[
            looked(seen(1, mild, item(flaw())), seen(2, item(ended)), seen(3, lived), seen(4, known=False)),
            looked(seen(1, item(flaw(fix="left", reason="policy")), name="Other"), url=SHOPS),
        ],
    )
    found.says(
        "open vulnerabilities5", "Known vulnerabilities", "5 open, 1 accepted", "5 sites that somebody looked at"
    )
    found.says("by a feed of 24 November 2026, 21:00 UTC", "1 of them runs", "Nobody looked at 1 other site")
    found.says("Shop", "1.0", "3 sites", "critical 9.8", "Flaw 1", "CVE-0000-00001 · fixed in 1.1", "Mild")
    found.says("Shop", "1.1 closes it, and is left alone", "Other", "1.1 closes it.Site 1", "Mild")
    found.says("Shop", "no longer accepted until 2026-11-01: was behind a password", "Site 2", "Mild")
    found.says("Mild", "medium 5.0", "Flaw 3", "low 3.1", "Flaw 2", "Lived")
    found.says("Lived", "accepted until 2026-12-31: no form there", "Site 3")
    found.says("A section is here only", "This record is invented. Copyright 2026 Nobody Do what you like.", "License")
    assert found.links.count("https://feed.example/terms") == 1
    assert {f"https://feed.example/{number}" for number in (1, 2, 3, 4)} < set(found.links)


def test_the_newest_look_at_a_site_counts(tmp_path: Path) -> None:
    old = looked(seen(1, item(flaw(title="Old flaw"))))
    new = looked(seen(1, last_sync="2026-11-25T00:00:00Z"))
    newer_feed = looked(seen(1, item(flaw(title="New flaw"))), feed={"fetched": "2026-11-25T00:00:00Z"})
    for order in ([old, new], [new, old]):
        found = page(tmp_path, sites=[result(site(1))], vulnerabilities=order)
        found.says("open vulnerabilities0", "None on the 1 site that somebody looked at")
        assert "Old flaw" not in found.text
        assert "Nobody" not in found.text  # no text of the feed, so no notice
    found = page(tmp_path, sites=[result(site(1))], vulnerabilities=[newer_feed, old])
    found.says("New flaw")
    assert "Old flaw" not in found.text


def test_why_nothing_closes_it_is_said(tmp_path: Path) -> None:
    none = flaw(fix="none", fixed_by="", fixed_in="", reason="no_fix", message="The feed knows no release without it.")
    found = page(tmp_path, sites=[result(site(1))], vulnerabilities=[looked(seen(1, item(none)))])
    found.says("open vulnerability1", "The feed knows no release without it. It can be deactivated until then.")
    found = page(tmp_path, sites=[result(site(1))], vulnerabilities=[looked(seen(1, item(none, can_deactivate=False)))])
    assert "deactivated" not in found.text


def test_looks_that_runs_left_in_their_reports_count(tmp_path: Path) -> None:
    kept = tmp_path / "reports" / "dash" / "1"
    kept.mkdir(parents=True)
    look = {key: value for key, value in looked(seen(1, item(flaw()))).items() if key != "dashboard"}
    told = {"before": look, "after": {**look, "sites": [seen(1, last_sync="2026-11-25T00:00:00Z")]}}
    report = result(site(1), finished="2026-11-25T00:00:00Z", vulnerabilities=told)
    (kept / "report.json").write_text(json.dumps(report))
    page(tmp_path, sites=[result(site(1))], reports=str(tmp_path / "reports")).says("None on the 1 site")
    report["vulnerabilities"] = {"before": look, "after": None, "what": []}
    (kept / "report.json").write_text(json.dumps(report))
    page(tmp_path, sites=[result(site(1))], reports=str(tmp_path / "reports")).says("1 open", "Flaw 1")


def test_notices_are_told_once_and_only_with_what_is_shown(tmp_path: Path) -> None:
    other = {**NOTICE, "notice": "Copyright of another record", "links": ["https://feed.example/9"]}
    nowhere = {**NOTICE, "notice": "Copyright of a record without a page", "links": []}
    looks = [looked(seen(1, item(flaw())), notices=[NOTICE, other, nowhere]), looked(seen(2, item(flaw())))]
    found = page(tmp_path, sites=[result(site(1))], vulnerabilities=looks)
    assert found.text.count("Copyright 2026 Nobody") == 1
    assert found.text.count("without a page") == 1
    assert "another record" not in found.text


@pytest.mark.claim("text-pages")
@pytest.mark.parametrize(
    "name", [*HOSTILE, "javascript:alert(1)", "data:text/html,x", "https://x.example/\" onclick='x"]
)
def test_hostile_records_are_inert(tmp_path: Path, name: str) -> None:
    bad = flaw(title=name, cve=name, link=name, rating=name, fixed_in=name, fixed_by=name, state="expired", why=name)
    thing = item(bad, name=name, version=name)
    notice = dict.fromkeys(NOTICE, name) | {"links": [name]}
    found = page(
        tmp_path,
        sites=[result(site(1))],
        vulnerabilities=[looked(seen(1, thing, name=name), notices=[notice])],
        users=[administrators("2026-11-01", 1), administrators("2026-11-02", 1, name)],
    )
    assert found.links == []
    plain = "".join(letter for letter in name if letter not in "\u202e\u2066\u2067\x00\x1b\ud800")
    assert found.text.count(plain) >= 8


def test_only_links_to_the_web_are_links() -> None:
    web = ("https://feed.example/1?a=b#c", "http://feed.example")
    assert [web_link(link) for link in web] == list(web)
    others = (
        "javascript:x",
        "//feed.example",
        "https:",
        "https://",
        "ftp://x",
        "https://x.example/ y",
        "https://[",
        None,
    )
    assert [web_link(link) for link in others] == [""] * len(others)


# -- availability -------------------------------------------------------------------------------------------------


def watched(number: int, *statuses: str, at: str = "2026-11-24T22:00:00Z", every: int = 86400) -> dict[str, Any]:
    """A site with heartbeats, the last one at this time."""
    last = 1795557600
    assert iso(last) == at
    beats = [{"time": iso(last - every * place), "status": status} for place, status in enumerate(reversed(statuses))]
    return {"id": number, "interval": every, "heartbeats": beats}


def test_availability_tells_what_was_measured(tmp_path: Path) -> None:
    month = ["up"] * 31
    broken = [*month[:-3], "down", "down", "up"]
    found = page(
        tmp_path,
        sites=[result(*(site(number) for number in (1, 2, 3, 4, 5))), result(site(1, name="Other"), url=SHOPS)],
        monitors=[
            {
                "dashboard": {"url": AGENCY},
                "sites": [watched(1, *broken), watched(2, *month), watched(3, "up", "down")],
            },
            {"dashboard": {"url": SHOPS}, "sites": [watched(1, "up", "up"), watched(77, "down")]},
        ],
    )
    found.says("The last heartbeat found the site down", "Site 3", "at 2026-11-24T22:00:00Z")
    found.says(
        "Availability", "30 days up to 24 November 2026, 22:00 UTC", "Site 1", "1 outage, the longest 2,880 minutes"
    )
    found.says("measured all the time", "93.33 %")
    found.says(
        "No outage was seen on 3 other sites, of which 1 was measured all the time. Of 2 sites nothing was measured."
    )
    assert "100" not in found.text


def test_without_heartbeats_there_is_no_availability(tmp_path: Path) -> None:
    empty = {"dashboard": {"url": AGENCY}, "sites": [{"id": 1, "interval": 300, "heartbeats": []}]}
    assert "vailab" not in page(tmp_path, sites=[result(site(1))], monitors=[empty]).text
    with pytest.raises(InputError, match=r"monitors: .*interval"):
        page(tmp_path, sites=[result(site())], monitors=[result({**watched(1, "up"), "interval": "5m"})])


# -- what appeared ------------------------------------------------------------------------------------------------


def plugins(day: str, *slugs: str, number: int = 1, **more: Any) -> dict[str, Any]:
    found = [{"slug": slug, "name": slug.split("/")[0].title()} for slug in slugs]
    return site(number, last_sync=f"{day}T22:00:00Z", plugins=found, **more)


def administrators(day: str, number: int, *names: str, **more: Any) -> dict[str, Any]:
    """A look at the administrators of a site."""
    users = [{"id": place, "login": name, "role": "administrator"} for place, name in enumerate(names, 1)]
    told = {"id": number, "url": f"https://s{number}.example/", "name": f"Site {number}", "users": users}
    return {"dashboard": {"url": AGENCY}, "at": f"{day}T22:00:00Z", "roles": ["administrator"], "sites": [told], **more}


def test_plugins_that_a_later_look_has_are_told(tmp_path: Path) -> None:
    looks = [
        result(
            plugins("2026-11-20", "child/a.php", "old/a.php", "renamed/a.php"),
            plugins("2026-11-20", "b/b.php", number=2),
        ),
        result(plugins("2026-11-22", "child/a.php", "brief/a.php", "old/a.php", "renamed/new.php")),
        result(plugins("2026-11-24", "child/a.php", "shell/s.php", "child/evil.php")),
        result(plugins("2026-11-24", "b/b.php", "shell/s.php", number=2), site(3)),
        result(plugins("2026-11-24", "only/once.php"), url=SHOPS),
    ]
    for order in (looks, looks[::-1]):
        found = page(tmp_path, sites=order)
        found.says(
            "Plugins and administrators that appeared",
            "Child",
            "child/evil.php",
            "Site 1",
            "Shell",
            "shell/s.php",
            "Site 1, Site 2",
        )
        found.says("between 2026-11-20 22:00 and 2026-11-24 22:00", "Brief", "gone again")
        for absent in ("old/a.php", "renamed/new.php", "b/b.php", "only/once.php", "AdministratorWhere"):
            assert absent not in found.text


def versions(day: str, **of: tuple[str, str]) -> dict[str, Any]:
    """A look at one site: folder → (name, version) of its plugin."""
    found = [{"slug": f"{folder}/a.php", "name": name, "version": version} for folder, (name, version) in of.items()]
    return result(site(last_sync=f"{day}T22:00:00Z", plugins=found))


def test_a_plugin_whose_folder_a_release_renamed_did_not_appear(tmp_path: Path) -> None:
    child = ("Child", "6.1")
    looks = [
        versions("2026-11-20", child=child, shop=("Shop", "1.9")),
        versions("2026-11-22", child=child, shop_pro=("Shop", "2.0")),
    ]
    assert "that appeared" not in page(tmp_path, sites=looks).text


@pytest.mark.parametrize(
    "later",
    [
        {"shop": ("Shop", "1.9"), "shop_2": ("Shop", "2.0")},  # beside it
        {"shop_2": ("Shop", "1.9")},  # no release did that
        {"shop_2": ("Shop", "")},
        {"shop_2": ("Shop", "2.0"), "shop_3": ("Shop", "2.1")},  # which of them?
        {"shop_2": ("Tools", "2.0")},
    ],
)
def test_what_only_looks_like_a_renamed_plugin_is_told(tmp_path: Path, later: dict[str, tuple[str, str]]) -> None:
    child = ("Child", "6.1")
    looks = [
        versions("2026-11-20", child=child, shop=("Shop", "1.9")),
        versions("2026-11-22", child=child, **later),
    ]
    page(tmp_path, sites=looks).says("that appeared", "shop_2/a.php")


def test_one_file_in_the_place_of_another_hides_no_second_one(tmp_path: Path) -> None:
    looks = [plugins("2026-11-20", "child/a.php"), plugins("2026-11-24", "child/b.php", "child/evil.php")]
    page(tmp_path, sites=[result(look) for look in looks]).says("that appeared", "child/evil.php")


def test_what_appeared_and_was_renamed_since_is_not_gone(tmp_path: Path) -> None:
    child = ("Child", "6.1")
    looks = [
        versions("2026-11-20", child=child),
        versions("2026-11-22", child=child, shell=("Shell", "1.0")),
        versions("2026-11-24", child=child, shell_pro=("Shell", "1.1")),
    ]
    found = page(tmp_path, sites=looks)
    found.says("that appeared", "Shell", "shell/a.php")
    assert "gone again" not in found.text


def test_a_first_look_and_unknown_lists_tell_nothing(tmp_path: Path) -> None:
    looks = [result(plugins("2026-11-20")), result(plugins("2026-11-24", "shell/s.php")), result(site(1, plugins=None))]
    assert "that appeared" not in page(tmp_path, sites=looks).text


def test_what_came_long_ago_is_no_news(tmp_path: Path) -> None:
    looks = [
        plugins("2026-08-01", "a/a.php"),
        plugins("2026-09-01", "a/a.php", "b/b.php"),
        plugins("2026-11-24", "a/a.php", "b/b.php"),
    ]
    assert "that appeared" not in page(tmp_path, sites=[result(look) for look in looks]).text


def test_administrators_that_a_later_look_has_are_told(tmp_path: Path) -> None:
    looks = [
        administrators("2026-11-20", 1, "anna"),
        administrators("2026-11-24", 1, "anna", "evil"),
        # asked for others, or the site did not answer: nobody knows
        administrators("2026-11-20", 2, "kurt", roles=["editor"]),
        administrators("2026-11-24", 2, "kurt", "ula"),
        {**administrators("2026-11-20", 3), "sites": [{"id": 3, "url": "https://s3.example/"}]},
        administrators("2026-11-24", 3, "mike"),
    ]
    found = page(tmp_path, sites=[result(site(1), site(2), site(3))], users=looks)
    found.says(
        "Plugins and administrators that appeared", "Administrator", "evil", "Site 1", "between 2026-11-20 22:00"
    )
    for absent in ("anna", "kurt", "ula", "mike", "PluginWhere"):
        assert absent not in found.text


def test_an_account_that_was_made_anew_or_raised_is_told(tmp_path: Path) -> None:
    both = ["administrator", "editor"]
    first, second = (administrators(f"2026-11-{day}", 1, "anna", "kurt", roles=both) for day in (20, 24))
    first["sites"][0]["users"][1]["role"] = "editor"
    second["sites"][0]["users"][0]["id"] = 9
    found = page(tmp_path, sites=[result(site(1))], users=[first, second])
    found.says("anna", "kurt")


def test_a_look_at_some_logins_is_none_at_administrators(tmp_path: Path) -> None:
    looks = [administrators("2026-11-20", 1, "anna"), administrators("2026-11-24", 1, "anna", "evil", logins=["evil"])]
    assert "evil" not in page(tmp_path, sites=[result(site(1))], users=looks).text


def test_who_is_an_administrator_by_a_further_role_is_one(tmp_path: Path) -> None:
    first, second = administrators("2026-11-20", 1, "anna"), administrators("2026-11-24", 1, "anna", "sly")
    second["sites"][0]["users"][1]["role"] = "shop_manager"  # the first role; the look asked for administrators only
    page(tmp_path, sites=[result(site(1))], users=[first, second]).says("sly", "Site 1")


def test_looks_at_users_say_when_they_were(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="when it was"):
        page(tmp_path, sites=[result(site())], users=[{**administrators("2026-11-20", 1), "at": "today"}])
