# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook patch_vulnerable computes."""

from __future__ import annotations

import datetime

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.wpfleet.mainwp.plugins.filter.patch import vulnerability_lines, window_end


@pytest.mark.parametrize(
    ("window", "time", "end"),
    [
        ("22:00-05:30", "22:00", "05:30"),
        ("22:00-05:30", "23:59", "05:30"),
        ("22:00-05:30", "00:00", "05:30"),
        ("22:00-05:30", "05:29", "05:30"),
        ("22:00-05:30", "05:30", ""),
        ("22:00-05:30", "12:00", ""),
        ("01:00 - 05:00", "04:59", "05:00"),
        ("01:00-05:00", "00:59", ""),
        ("01:00-05:00", "22:00", ""),
        ("20:00-24:00", "23:59", "00:00"),
        ("20:00-00:00", "23:59", "00:00"),
        ("00:00-24:00", "12:00", "00:00"),
        ("06:00-06:00", "05:00", "06:00"),
    ],
)
def test_windows(window: str, time: str, end: str) -> None:
    assert window_end(window, datetime.datetime.fromisoformat(f"2026-11-26T{time}:30")) == end


@pytest.mark.parametrize("window", ["", "22-5", "22:00", "25:00-26:00", "22:00-05:60", "24:00-05:00", None])
def test_what_is_no_window(window: str) -> None:
    with pytest.raises(AnsibleFilterError, match="Use the form"):
        window_end(window, datetime.datetime(2026, 11, 26))


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
