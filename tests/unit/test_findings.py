# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What flaws mean for one site: states, fixes, the order of what is told, and who is counted."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from feeds import name, record, software, versions

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._records import flaw_of
from ansible_collections.wpfleet.mainwp.plugins.module_utils._flaws import Filter, Flaw
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _findings as findings
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site, Update
from ansible_collections.wpfleet.mainwp.plugins.module_utils._report import SiteReport
from unit import build

TODAY = datetime.date(2026, 11, 26)


def flaws(*records: dict[str, Any]) -> list[Flaw]:
    return [flaw for one in records if (flaw := flaw_of("x", one))]


def site(**more: Any) -> Site:
    own = {"plugins": (build.ext("shop/shop.php", "1.0"),), "wp_version": "7.0"}
    return build.site(1, themes=(), **{**own, **more})


def look(
    known: Sequence[Flaw],
    planned: Sequence[Update] = (),
    accepted: Sequence[dict[str, Any]] = (),
    wanted: Filter | None = None,
    **more: Any,
) -> findings.Exposure:
    one = site(**more)
    results = [verdict.UpdateResult(update, verdict.PLANNED) for update in planned]
    entries = [entry.among([one]) for entry in findings.acceptances_from(accepted)]

    def about(kind: str, slug: str) -> list[Flaw]:
        return [flaw for flaw in known if any((part.type, part.slug) == (kind, slug) for part in flaw.software)]

    return findings.exposure(SiteReport(one, results), findings.known_flaws(about, wanted or Filter()), entries, TODAY)


SHOP = record(1, software("shop", versions(high="1.0"), patched=["1.1"]), score=5.0)
WORSE = record(2, software("shop", versions(high="1.4"), patched=["1.5"]), score=9.1)
CORE = record(3, software("wordpress", versions("7.0", "7.0"), kind="core", patched=["7.0.1"]), score=7.0)
UPDATE = build.plugin("shop/shop.php", "1.0", "1.2")


def test_one_update_may_close_one_flaw_and_leave_another() -> None:
    found = look(flaws(SHOP, WORSE), [UPDATE])
    assert [(one.flaw.score, one.fix, one.reason) for one in found.findings] == [
        (9.1, "none", "not_fixed"),
        (5.0, "planned", ""),
    ]
    assert found.software[0].closes
    assert findings.summary_of([found])["fixes"]["planned"] == 1


def test_the_worst_comes_first() -> None:
    found = look(flaws(SHOP, CORE))
    assert [item.type for item in found.software] == ["core", "plugin"]


def test_what_has_a_rating_and_no_score_is_as_bad_as_its_rating() -> None:
    rated = [record(n, software("shop"), score=None, cvss={"rating": "Critical"}) for n in (8, 9)]
    found = look(flaws(SHOP, CORE, *rated))
    assert [one.flaw.rating for one in found.findings[:3]] == ["critical", "critical", "medium"]
    assert [item.type for item in found.software] == ["plugin", "core"]


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        ({"cve": "CVE-0000-00001"}, "accepted"),
        ({"id": name(1).upper()}, "accepted"),
        ({"cve": "cve-0000-00001", "site": "site1.example", "until": "2026-11-26"}, "accepted"),
        ({"cve": "cve-0000-00001", "until": "2026-11-25"}, "expired"),
        ({"cve": "cve-0000-00001", "site": "site2.example"}, "new"),
        ({"cve": "CVE-0000-00009"}, "new"),
    ],
)
def test_states(entry: dict[str, Any], state: str) -> None:
    found = look(flaws(SHOP), [UPDATE], [entry])
    assert [one.state for one in found.findings] == [state]
    assert bool(found.software[0].closes) is (state != "accepted")
    assert [(one.fix, one.reason) for one in found.findings] == [
        ("left", "accepted") if state == "accepted" else ("planned", "")
    ]


def test_an_acceptance_that_holds_counts_more_than_one_that_did() -> None:
    old = {"cve": "CVE-0000-00001", "until": "2026-01-01", "why": "then"}
    [found] = look(flaws(SHOP), [UPDATE], [old, {"cve": "CVE-0000-00001", "why": "now"}]).findings
    assert (found.state, found.to_dict()["why"]) == ("accepted", "now")


def test_an_acceptance_for_a_site_is_not_one_for_its_twin() -> None:
    twins = [build.site(1, "https://shop.example/"), build.site(2, "https://www.shop.example/")]
    [entry] = findings.acceptances_from([{"cve": "CVE-0000-00001", "site": "www.shop.example"}])
    assert [entry.among(twins).covers(one, flaws(SHOP)[0]) for one in twins] == [False, True]


def test_a_name_of_several_sites_accepts_nothing_on_any() -> None:
    twins = [build.site(3, "http://blog.example/"), build.site(4, "https://blog.example/")]
    [entry] = findings.acceptances_from([{"cve": "CVE-0000-00001", "site": "blog.example"}])
    assert [entry.among(twins).covers(one, flaws(SHOP)[0]) for one in twins] == [False, False]
    warnings: list[str] = []
    findings.warn_of_strangers([entry], twins, warnings.append)
    both = "hits several sites: http://blog.example/ (id 3), https://blog.example/ (id 4)"
    assert warnings == [f"accepted: 'blog.example' {both}, so that entry accepts nothing."]


def test_what_is_accepted_is_planned_only_beside_something_else() -> None:
    other = {**record(2, software("shop", versions(high="1.0"), patched=["1.1"]), score=3.0)}
    accepted = [{"cve": "CVE-0000-00001"}]
    both = look(flaws(SHOP, other), [UPDATE], accepted)
    assert [(one.state, one.fix) for one in both.findings] == [("accepted", "planned"), ("new", "planned")]
    alone = look(flaws(SHOP), [UPDATE], accepted)
    assert findings.summary_of([alone])["fixes"] == {"planned": 0, "left": 1, "none": 0}
    assert alone.findings[0].fixed_by == "1.2"
    not_offered = look(flaws(SHOP), (), accepted)
    assert [(one.fix, one.reason) for one in not_offered.findings] == [("none", "not_offered")]


def brought(number: int, score: float | None, high: str = "1.3", **more: Any) -> dict[str, Any]:
    """A flaw that the offered 1.2 has, and 1.0 has not."""
    return record(number, software("shop", versions("1.2", high), patched=["1.4"]), score=score, **more)


@pytest.mark.parametrize(
    ("new", "brings", "fix"),
    [
        ([brought(5, 9.8)], ["CVE-0000-00005"], ("left", "worse")),
        ([brought(5, 9.8, cve=None)], [name(5)], ("left", "worse")),
        ([brought(5, None, cvss={"rating": "Critical"})], ["CVE-0000-00005"], ("left", "worse")),
        ([brought(5, 5.0)], ["CVE-0000-00005"], ("planned", "")),
        ([brought(5, 3.0), brought(6, 4.0)], ["CVE-0000-00006", "CVE-0000-00005"], ("planned", "")),
        ([brought(5, None)], ["CVE-0000-00005"], ("planned", "")),
        ([brought(5, 9.8, informational=True)], [], ("planned", "")),
        ([record(5, software("shop", versions("1.3"), patched=["1.4"]), score=9.8)], [], ("planned", "")),
    ],
)
def test_an_update_that_brings_what_is_worse_is_not_planned(
    new: list[dict[str, Any]], brings: list[str], fix: tuple[str, str]
) -> None:
    for wanted in (Filter(), Filter(cves=frozenset({"cve-0000-00001"}))):
        found = look(flaws(SHOP, *new), [UPDATE], wanted=wanted)
        assert [(one.fix, one.reason) for one in found.findings] == [fix]
        assert found.to_dict()["software"][0]["brings"] == brings
        assert bool(found.software[0].closes) is (fix[0] == "planned")
        assert found.findings[0].fixed_by == "1.2"


def test_what_nobody_has_rated_may_be_worse_than_anything() -> None:
    unrated = record(1, software("shop", versions(high="1.0"), patched=["1.1"]), score=None)
    assert look(flaws(unrated, brought(5, 9.8)), [UPDATE]).software[0].closes


def test_what_an_update_brings_may_be_accepted() -> None:
    found = look(flaws(SHOP, brought(5, 9.8)), [UPDATE], [{"cve": "CVE-0000-00005"}])
    assert found.software[0].closes == ["CVE-0000-00001"]


@pytest.mark.parametrize(
    "entry",
    [
        {"cve": " "},
        {"cve": "", "id": " "},
        {"cve": "CVE-0000-00001", "site": ""},
        {"cve": "CVE-0000-00001", "site": "  "},
        {"cve": "CVE-0000-00001", "until": ""},
        {"id": "x", "until": " "},
    ],
)
def test_an_acceptance_that_came_out_empty_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="accepted: entry 1"):
        findings.acceptances_from([entry])


def test_a_stranger_among_the_accepted_is_a_warning() -> None:
    warnings: list[str] = []
    entries = [{"cve": "C", "site": site} for site in ("site1.example", "sit1.example", None)]
    findings.warn_of_strangers(findings.acceptances_from(entries), [site()], warnings.append)
    assert warnings == ["accepted: the Dashboard has no site 'sit1.example', so that entry accepts nothing."]


def test_nothing_without_a_cve_is_accepted_by_an_empty_one() -> None:
    found = look(flaws({**SHOP, "cve": None}), [UPDATE], [{"cve": "CVE-0000-00001"}])
    assert [one.state for one in found.findings] == ["new"]


def test_a_flaw_on_several_items_is_counted_on_each() -> None:
    both = flaws(record(1, software("shop"), software("wordpress", kind="core"), score=None))
    found = look(both)
    counts = findings.summary_of([found])
    assert counts["vulnerabilities"]["total"] == 2
    assert counts["ratings"]["unknown"] == 2
    assert findings.one_line(counts, 0) == "1 of 1 site has 2 vulnerabilities (2 unknown)"


def test_one_that_an_update_closes() -> None:
    counts = findings.summary_of([look(flaws(SHOP), [UPDATE])])
    line = findings.one_line(counts, 1)
    assert line == "1 of 1 site has 1 vulnerability (1 medium) · 1 update would close it"


def test_what_wordpress_always_loads_cannot_be_deactivated() -> None:
    always = dataclasses.replace(build.ext("shop/shop.php", "1.0"), must_use=True)
    assert [item.can_deactivate for item in look(flaws(SHOP)).software] == [True]
    found = look(flaws(SHOP), plugins=(always,))
    assert [(item.slug, item.can_deactivate) for item in found.software] == [("shop/shop.php", False)]


def test_a_hidden_wordpress_is_not_told_to_be_without_flaws() -> None:
    hidden, shown, never = (look(flaws(CORE), **more) for more in ({"wp_version": ""}, {}, {"plugins": ()}))
    told = findings.hidden_cores(one.report.site for one in (hidden, shown, never))
    assert told == f"Flaws of WordPress are not looked up where its version is not told: {hidden.report.site.url}."
    assert findings.hidden_cores([shown.report.site, never.report.site]) == ""
    assert hidden.to_dict()["message"] == "It does not tell its version of WordPress, whose flaws are not looked up."
    assert (shown.to_dict()["message"], shown.findings != []) == ("", True)
