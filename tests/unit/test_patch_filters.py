# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook patch_vulnerable computes."""

from __future__ import annotations

import datetime
import time

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._filters.patch import (
    after_canaries,
    smaller_step,
    sooner,
    vulnerability_lines,
    window_end,
)


@pytest.mark.parametrize(
    ("window", "hour", "end"),
    [
        ("22:00-05:30", "22:00", "2026-11-27 05:30"),
        ("22:00-05:30", "23:59", "2026-11-27 05:30"),
        ("22:00-05:30", "00:00", "2026-11-26 05:30"),
        ("22:00-05:30", "05:29", "2026-11-26 05:30"),
        ("22:00-05:30", "05:30", ""),
        ("22:00-05:30", "12:00", ""),
        ("01:00 - 05:00", "04:59", "2026-11-26 05:00"),
        ("01:00-05:00", "00:59", ""),
        ("01:00-05:00", "22:00", ""),
        ("20:00-24:00", "23:59", "2026-11-27 00:00"),
        ("20:00-00:00", "23:59", "2026-11-27 00:00"),
        ("00:00-24:00", "12:00", "2026-11-27 00:00"),
        ("06:00-06:00", "05:00", "2026-11-26 06:00"),
    ],
)
def test_windows(window: str, hour: str, end: str) -> None:
    now = datetime.datetime.fromisoformat(f"2026-11-26T{hour}:30").replace(tzinfo=datetime.timezone.utc)
    expected = f"{end.replace(' ', 'T')}:00Z" if end else ""
    assert window_end(window, now) == expected


@pytest.mark.parametrize(
    ("zone", "window", "now", "end"),
    [
        ("Europe/Berlin", "22:00-05:30", "2026-11-26T22:00", "2026-11-27T04:30:00Z"),
        ("Europe/Berlin", "22:00-05:30", "2026-10-24T21:00", "2026-10-25T04:30:00Z"),  # the night is an hour longer
        ("Europe/Berlin", "22:00-05:30", "2026-03-28T22:00", "2026-03-29T03:30:00Z"),  # and one that is shorter
        ("Asia/Kathmandu", "22:00-05:30", "2026-11-26T17:15", "2026-11-26T23:45:00Z"),
        # its end comes twice
        ("Europe/Berlin", "22:00-02:30", "2026-10-25T00:15", "2026-10-25T00:30:00Z"),
        ("Europe/Berlin", "22:00-02:30", "2026-10-25T01:15", "2026-10-25T01:30:00Z"),
        # or not at all
        ("Europe/Berlin", "22:00-02:00", "2026-03-29T00:30", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "22:00-02:30", "2026-03-29T00:30", "2026-03-29T01:30:00Z"),
        ("Africa/Cairo", "00:00-24:00", "2026-04-23T21:30", "2026-04-23T22:00:00Z"),
    ],
)
def test_a_window_closes_by_the_clock_on_the_wall(
    monkeypatch: pytest.MonkeyPatch, zone: str, window: str, now: str, end: str
) -> None:
    """``now`` in UTC."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        here = datetime.datetime.fromtimestamp(datetime.datetime.fromisoformat(f"{now}+00:00").timestamp())
        assert window_end(window, here) == end
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("window", ["", "22-5", "22:00", "25:00-26:00", "22:00-05:60", "24:00-05:00", None])
def test_what_is_no_window(window: str) -> None:
    with pytest.raises(AnsibleFilterError, match="Use the form"):
        window_end(window, datetime.datetime(2026, 11, 26))


NOW = datetime.datetime.fromisoformat("2026-11-26T04:00:00+00:00")
CLOSES = "2026-11-26T05:00:00Z"


@pytest.mark.parametrize(
    ("stop_after", "closes", "first"),
    [
        (None, "", ""),
        (0, "", "0"),
        (7200, "", "7200"),
        ("05:30", "", "05:30"),
        (None, CLOSES, CLOSES),
        ("", CLOSES, CLOSES),
        (7200, CLOSES, CLOSES),
        ("1800", CLOSES, "2026-11-26T04:30:00Z"),
        (0, CLOSES, "2026-11-26T04:00:00Z"),
        ("2026-11-26T03:00:00+00:00", CLOSES, "2026-11-26T03:00:00Z"),
        (7200, "2026-11-26T03:59:00Z", "2026-11-26T03:59:00Z"),  # it has closed
        ("soon", CLOSES, "soon"),
    ],
)
def test_what_strikes_first_counts(stop_after: object, closes: str, first: str) -> None:
    assert sooner(stop_after, closes, NOW) == first


SINCE = "2026-11-26T02:00:00Z"


@pytest.mark.parametrize(
    ("stop_after", "closes", "first"),
    [
        ("03:30", "", "2026-11-26T03:30:00Z"),  # it is over
        ("03:30", CLOSES, "2026-11-26T03:30:00Z"),
        ("05:30", CLOSES, CLOSES),
        ("01:30", "", "2026-11-27T01:30:00Z"),
        (7200, "", "7200"),  # seconds count for each task
        (1800, CLOSES, "2026-11-26T04:30:00Z"),
        ("2026-11-26T03:00:00+00:00", "", "2026-11-26T03:00:00Z"),
        (None, "", ""),
        (None, CLOSES, CLOSES),
        ("soon", "", "soon"),
    ],
)
def test_a_clock_time_is_the_first_one_since_the_run_began(
    monkeypatch: pytest.MonkeyPatch, stop_after: object, closes: str, first: str
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        assert sooner(stop_after, closes, NOW, SINCE) == first
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_time_of_day_may_be_sooner_than_a_window_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        now = datetime.datetime.fromisoformat("2026-11-26T05:00:00")  # as Ansible's now() has no zone
        assert sooner("05:30", CLOSES, now) == "2026-11-26T04:30:00Z"
        assert sooner("04:30", CLOSES, now) == CLOSES
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("change", "limited"),
    [
        (None, "minor"),
        ("", "minor"),
        ("patch", "patch"),
        ("minor", "minor"),
        ("major", "minor"),
        ({"plugins": "patch"}, {"core": "minor", "plugins": "patch", "themes": "minor"}),
        ({"core": "major", "themes": "patch"}, {"core": "minor", "plugins": "minor", "themes": "patch"}),
        ({}, {"core": "minor", "plugins": "minor", "themes": "minor"}),
        ("huge", "huge"),
        ({"plugins": 7, "odd": "patch"}, {"core": "minor", "plugins": 7, "themes": "minor", "odd": "patch"}),
    ],
)
def test_a_step_that_is_smaller_stays(change: object, limited: object) -> None:
    assert smaller_step(change, "minor") == limited


def planned(site: int, slug: str = "shop/shop.php", version: str = "1.1", kind: str = "plugin") -> dict[str, object]:
    return {
        "site_id": site,
        "type": kind,
        "slug": slug,
        "language": "",
        "version_planned": version,
        "closes": ["CVE-1"],
    }


def test_what_canary_sites_were_to_run_waits_for_them() -> None:
    plan = [planned(site, slug) for site in (1, 2, 3) for slug in ("shop/shop.php", "gallery/gallery.php")]
    proven = [planned(site, "gallery/gallery.php") for site in (1, 3)]
    assert after_canaries(plan, [2], proven) == proven
    assert after_canaries(plan, [2], plan) == [entry for entry in plan if entry["site_id"] != 2]
    assert after_canaries(plan, [2], None) == [entry for entry in plan if entry["site_id"] != 2]
    assert after_canaries(plan, [], None) == plan


def test_what_no_canary_site_was_to_run_waits_for_none() -> None:
    """One may be ahead, suspended, not among the selected sites, or live with it."""
    plan = [planned(1), planned(3), planned(2, "other/other.php"), planned(3, "shop/shop.php", kind="theme")]
    assert after_canaries(plan, [2], []) == [planned(1), planned(3), planned(3, "shop/shop.php", kind="theme")]


def test_a_plugin_waits_for_canary_sites_that_have_it_by_another_main_file() -> None:
    old, new = planned(1, "shop/g-shop.php"), planned(2, "shop/shop.php")
    assert after_canaries([old, new, planned(3, "shop.php")], [2], []) == []
    assert after_canaries([old, new, planned(3, "shops/shop.php")], [2], [old]) == [old, planned(3, "shops/shop.php")]


def test_a_release_is_proven_however_two_plans_spell_it() -> None:
    assert after_canaries([planned(1), planned(2)], [2], [planned(1, version="v1.1.0")]) == [planned(1)]


def test_another_release_than_the_canary_site_runs_is_not_proven() -> None:
    plan = [planned(1, version="1.2"), planned(2), planned(3)]
    assert after_canaries(plan, [2], [planned(1, version="1.3"), planned(3)]) == [planned(3)]


def test_lines_tell_what_is_accepted_and_what_an_update_brings() -> None:
    one = {
        "cve": "CVE-1",
        "rating": "low",
        "score": 3.0,
        "title": "Flaw",
        "link": "",
        "fixed_by": "1.1",
        "message": "M.",
    }
    planned = {**one, "fix": "planned", "reason": "", "state": "new", "until": "", "why": ""}
    accepted = {**planned, "fix": "left", "reason": "accepted", "state": "accepted", "why": "relaunch"}
    worse = {**planned, "fix": "left", "reason": "worse"}
    item = {"name": "Shop", "slug": "shop/shop.php", "version": "1.0", "vulnerabilities": [planned, accepted, worse]}
    found = {"msg": "", "sites": [{"url": "https://s.example/", "software": [{**item, "brings": ["CVE-2", "CVE-3"]}]}]}
    assert [line.partition("Flaw: ")[2] for line in vulnerability_lines(found)[1:]] == [
        "fixed by 1.1, which brings CVE-2, CVE-3",
        "accepted; 1.1 would fix it [accepted relaunch]",
        "stays (worse): M.",
    ]


def test_lines_for_people_end_with_the_notices() -> None:
    one = {
        "cve": "CVE-0000-00001",
        "rating": "critical",
        "score": 9.8,
        "title": "Some flaw",
        "link": "https://f.example/1",
    }
    one |= {"fix": "planned", "fixed_by": "1.1", "reason": "", "message": "", "state": "new", "until": "", "why": ""}
    two = {**one, "cve": "", "score": None, "rating": "unknown", "fix": "none", "reason": "no_fix", "message": "None."}
    two |= {"state": "accepted", "until": "2026-12-31", "why": "relaunch"}
    item = {"name": "Shop", "slug": "shop/shop.php", "version": "1.0", "vulnerabilities": [one, two]}
    notice = {"holder": "us", "message": "Mind.", "notice": "(c) us", "license": "", "license_url": "https://l.example"}
    found = {"msg": "told", "sites": [{"url": "https://s.example/", "software": [item]}], "notices": [notice]}
    assert vulnerability_lines(found) == [
        "told",
        "s.example: Shop 1.0 – CVE-0000-00001 (critical 9.8) Some flaw: fixed by 1.1 https://f.example/1",
        "s.example: Shop 1.0 – (unknown) Some flaw: stays (no_fix): None. https://f.example/1 [accepted 2026-12-31 relaunch]",
        "Mind. (c) us https://l.example",
    ]
