# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What flaws mean for one site: states, fixes, the order of what is told, and who is counted."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from feeds import name, record, software, versions

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
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
    return build.site(1, plugins=(build.ext("shop/shop.php", "1.0"),), themes=(), wp_version="7.0", **more)


def look(
    known: Sequence[Flaw], planned: Sequence[Update] = (), accepted: Sequence[dict[str, Any]] = (), **more: Any
) -> findings.Exposure:
    one = site(**more)
    results = [verdict.UpdateResult(update, verdict.PLANNED) for update in planned]
    entries = [entry.among([one]) for entry in findings.acceptances_from(accepted)]

    def about(kind: str, slug: str) -> list[Flaw]:
        return [flaw for flaw in known if any((part.type, part.slug) == (kind, slug) for part in flaw.software)]

    return findings.exposure(SiteReport(one, results), findings.known_flaws(about, Filter()), entries, TODAY)


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
    assert found.software[0].to_close
    assert found.software[0].closed == 1


def test_the_worst_comes_first() -> None:
    found = look(flaws(SHOP, CORE))
    assert [item.type for item in found.software] == ["core", "plugin"]


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
    assert found.software[0].to_close is (state != "accepted")


def test_an_acceptance_that_holds_counts_more_than_one_that_did() -> None:
    old = {"cve": "CVE-0000-00001", "until": "2026-01-01", "why": "then"}
    [found] = look(flaws(SHOP), [UPDATE], [old, {"cve": "CVE-0000-00001", "why": "now"}]).findings
    assert (found.state, found.to_dict()["why"]) == ("accepted", "now")


def test_an_acceptance_for_a_site_is_not_one_for_its_twin() -> None:
    twins = [build.site(1, "https://shop.example/"), build.site(2, "https://www.shop.example/")]
    [entry] = findings.acceptances_from([{"cve": "CVE-0000-00001", "site": "www.shop.example"}])
    assert [entry.among(twins).covers(one, flaws(SHOP)[0]) for one in twins] == [False, True]


def test_nothing_without_a_cve_is_accepted_by_an_empty_one() -> None:
    found = look(flaws({**SHOP, "cve": None}), [UPDATE], [{"cve": "CVE-0000-00001"}])
    assert [one.state for one in found.findings] == ["new"]


def test_a_flaw_on_several_items_is_counted_on_each() -> None:
    both = flaws(record(1, software("shop"), software("wordpress", kind="core"), score=None))
    found = look(both)
    counts = findings.summary_of([found])
    assert counts["vulnerabilities"]["total"] == 2
    assert counts["ratings"]["unknown"] == 2
    assert findings.one_line(counts, 0, 0) == "1 of 1 site has 2 vulnerabilities (2 unknown)"


def test_one_that_an_update_closes() -> None:
    counts = findings.summary_of([look(flaws(SHOP), [UPDATE])])
    line = findings.one_line(counts, 1, 1)
    assert line == "1 of 1 site has 1 vulnerability (1 medium) · 1 update would close it"
