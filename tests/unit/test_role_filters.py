# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role's filters make of results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.run import changed_sites
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._filters.fleet import (
    failed_task,
    report_folder,
    site_verdict,
    wave_results,
)

OK = {"verdict": "ok", "message": ""}


def result(*sites: dict[str, Any], **more: Any) -> dict[str, Any]:
    summary = {"failed_sites": [site["url"] for site in sites if site["result"] == "failed" and not site["expected"]]}
    return {"msg": "told", "sites": list(sites), "broken_off": "", "summary": summary, **more}


def site(outcome: str = "updated", **more: Any) -> dict[str, Any]:
    known = {"url": "https://s.example/", "result": outcome, "reason": "", "message": "", "expected": False}
    return {**known, "changed": outcome == "updated", "health": OK, **more}


# -- site_verdict -----------------------------------------------------------------------------------------------------


def test_a_site_that_is_well() -> None:
    assert site_verdict(result(site())) == {"red": False, "failure": "", "broken": False, "unseen": ""}


def test_a_site_that_failed() -> None:
    bad = site("failed", reason="health", message="/: HTTP 500.")
    assert site_verdict(result(bad), after="Mail: no") == {
        "red": True,
        "failure": "failed (health): /: HTTP 500. – also: Mail: no",
        "broken": True,
        "unseen": "",
    }


@pytest.mark.parametrize("outcome", ["failed", "unknown", "pending"])
def test_an_expected_failure_is_none(outcome: str) -> None:
    told = site_verdict(
        result(site(outcome, expected=True, reason="timeout", health={"verdict": "unknown", "message": "?"}))
    )
    assert (told["red"], told["failure"], told["unseen"]) == (False, "", "")


def test_what_was_skipped_is_judged_by_why() -> None:
    skipped = {"skipped": True, "msg": "Conditional result was False"}
    assert not site_verdict(skipped)["red"]
    assert site_verdict(skipped)["failure"] == ""
    held = site_verdict(skipped, held="Not touched.", before=" Back up: no ")
    assert held["red"]
    assert held["failure"] == "Not touched. – also: Back up: no"


@pytest.mark.parametrize(
    ("returned", "failure"),
    [
        ({}, "The update failed without a message."),
        (None, "The update failed without a message."),
        ({"msg": "refused"}, "refused"),
        (
            {"sites": [], "broken_off": "The Dashboard is away.", "summary": {"failed_sites": []}},
            "Broken off: The Dashboard is away.",
        ),
        ({"sites": []}, ""),
    ],
)
def test_what_tells_no_site_is_red(returned: Any, failure: str) -> None:
    told = site_verdict(returned)
    assert told["red"]
    assert told["failure"] == failure


@pytest.mark.parametrize(
    ("health", "changed", "unseen"),
    [
        (OK, True, ""),
        ({"verdict": "unknown", "message": "/: HTTP 403"}, False, "/: HTTP 403"),
        ({"verdict": "broken_before", "message": "/: HTTP 500"}, True, "/: HTTP 500"),
        ({"verdict": "not_checked", "message": ""}, True, "nobody looked at them"),
        ({"verdict": "not_checked", "message": "in vain"}, True, "in vain"),
        ({"verdict": "not_checked", "message": ""}, False, ""),
    ],
)
def test_pages_that_nobody_saw(health: dict[str, str], changed: bool, unseen: str) -> None:
    assert site_verdict(result(site(changed=changed, health=health)))["unseen"] == unseen


# -- the others -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failed", "task", "known", "line"),
    [
        ({"msg": "no space left"}, "Back up", "", "Back up: no space left"),
        ({"msg": "1 failed"}, "Go on", "1 failed", "1 failed"),
        ({"msg": "other"}, "Go on", "1 failed", "Go on: other"),
        ({}, "", "", "A task: failed"),
        ({"msg": ""}, None, None, "A task: failed"),
        ({"msg": None}, "Mail", "", "Mail: failed"),
        ("", "Mail", None, "A file with tasks is not there, or has no list of tasks. Ansible's error is above."),
        (None, "", "", "A file with tasks is not there, or has no list of tasks. Ansible's error is above."),
    ],
)
def test_failed_task(failed: Any, task: Any, known: Any, line: str) -> None:
    assert failed_task(failed, task, known) == line


def test_changed_sites() -> None:
    sites = [site(), site("unchanged"), site("planned")]
    assert changed_sites(sites) == [sites[0]]
    assert changed_sites(sites, True) == [sites[2]]
    assert changed_sites(None) == []


def test_report_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert report_folder("reports", "shop: eu", "2026") == str(tmp_path / "reports" / "shop_eu" / "2026")
    assert report_folder("~/reports") == str(tmp_path / "home" / "reports")
    assert report_folder("reports", "..", "", "a/../b") == str(tmp_path / "reports" / "_" / "_" / "a_.._b")
    assert report_folder("") == report_folder(None, "x") == ""


class Context:
    """Of ansible-core until 2.18."""

    unsafe = False


def test_wave_results() -> None:
    good = result(site(), dashboard={"url": "d"}, changed=True, extra="left out")
    facts: dict[str, dict[str, Any]] = {
        "s1": {"fleet_maintenance_result": good, "mainwp_site_dashboard": "lab"},
        "s2": {"fleet_maintenance_result": {"skipped": True, "msg": "skipped"}},
        "s3": {"fleet_maintenance_result": {"skipped": True}, "_fleet_maintenance_before_failure": "Back up: no"},
        "s4": {"fleet_maintenance_result": {"failed": True, "msg": "refused"}},
        "s5": {},
        "s6": {"fleet_maintenance_result": result()},
    }
    context = Context()
    found = wave_results(context, list(facts), facts)
    assert found == [
        {
            "host": "s1",
            "name": "lab",
            "result": {key: good[key] for key in ("broken_off", "dashboard", "msg", "sites")},
            "failure": "",
        },
        {"host": "s3", "name": "s3", "result": {}, "failure": "Back up: no"},
        {"host": "s4", "name": "s4", "result": {"msg": "refused"}, "failure": "refused"},
        {"host": "s6", "name": "s6", "result": {"msg": "told", "sites": [], "broken_off": ""}, "failure": "told"},
    ]
    assert context.unsafe
    held = {entry["host"]: entry["failure"] for entry in wave_results(None, list(facts), facts, "Not touched.")}
    assert held == {"s1": "", "s2": "Not touched.", "s3": "Not touched.", "s4": "refused", "s6": "told"}


def test_hosts_of_earlier_waves_tell_themselves_why_they_were_held() -> None:
    facts = {
        "s1": {"fleet_maintenance_result": {"skipped": True}, "_fleet_maintenance_trouble": {"held": "Then."}},
        "s2": {"fleet_maintenance_result": {"skipped": True}},
        "s3": {"fleet_maintenance_result": {"skipped": True}},
    }
    found = wave_results(None, list(facts), facts, "Now.", ["s3"])
    assert {entry["host"]: entry["failure"] for entry in found} == {"s1": "Then.", "s3": "Now."}
