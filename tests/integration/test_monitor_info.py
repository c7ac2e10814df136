# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Uptime monitors: whose they are, what they found, and those that are none. Numbers are exchanges of wp71-resources2."""

from __future__ import annotations

import pytest
from integration._fleets import child, fleet
from integration._play import Task

from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.availability import measured, watches_of
from simulator import Fleet, Monitor

HEARTBEATS, INCIDENTS = r"/mainwp/v2/monitors/\d+/heartbeat", r"/mainwp/v2/monitors/\d+/incidents"


def watched(pattern: str = "uudpuu", sites: int = 3) -> Fleet:
    """The first site has a monitor that found this, every five minutes until now; the others have none."""
    made = fleet(*(child() for dummy in range(sites)))
    made.settings["monitoring"] = {"mainwp_uptime_monitoring_active": 1}
    made.monitors[7] = Monitor(7, 1)
    begin = int(made.clock.now()) - 300 * len(pattern)
    for place, letter in enumerate(pattern):
        made.monitors[7].found(
            begin + 300 * place, {"u": 1, "d": 0, "p": 2, "f": 3}[letter], 503 if letter == "d" else 200
        )
    return made


def test_every_site_has_its_own_monitor_or_none(direct_for, dialect):
    """1082, 1572: what has no monitor comes once, with the id 0, the address of some site, and as down."""
    play = direct_for(watched(), dialect)
    whole, down, none, one = play.tasks(
        Task("mainwp_monitor_info"),
        Task("mainwp_monitor_info", {"monitor_status": ["down"]}),
        Task("mainwp_monitor_info", {"monitor_status": ["none"]}),
        Task("mainwp_monitor_info", {"sites": ["s01.example"]}),
    )
    assert [(site["id"], site["monitor_id"], site["monitor_status"]) for site in whole["sites"]] == [
        (1, 7, "up"),
        (2, None, "none"),
        (3, None, "none"),
    ]
    assert whole.msg == "3 sites: 1 up, 2 without a monitor"
    assert whole["active"] is True
    assert (down["sites"], down.msg) == ([], "0 sites")
    assert [site["id"] for site in none["sites"]] == [2, 3]
    site = one["sites"][0]
    assert (site["interval"], site["type"], site["http_code"]) == (300, "http", 200)
    assert site["incident_counts"] == {"7d": 1, "30d": 1}
    assert {"heartbeats", "incidents"}.isdisjoint(site)
    assert all("status" not in entry.query for entry in down.journal), "1632: it looks at something else"


def test_a_down_site_is_found_although_the_api_does_not_list_it_as_down(direct_for):
    """1632: the monitor says down, the filter of the API lists the phantom alone."""
    made = watched("uud")
    made.sites[1].offline_check_result = -1
    found = direct_for(made).task("mainwp_monitor_info", {"monitor_status": ["down"]})
    assert [(site["id"], site["http_code"]) for site in found["sites"]] == [(1, 503)]


def test_heartbeats_since_a_time_and_one_request_for_each_monitor(direct_for, dialect):
    """1587, 1637, 1638: the newest first, and a check that is to be repeated is neither up nor down."""
    play = direct_for(watched("fuudpdu"), dialect)
    whole, recent = play.tasks(
        Task("mainwp_monitor_info", {"heartbeats_since": "30d", "incidents": True}),
        Task("mainwp_monitor_info", {"heartbeats_since": "1h", "sites": ["1"]}),
    )
    assert [beat["status"] for beat in whole.site(1)["heartbeats"]] == [
        "pending",
        "up",
        "up",
        "down",
        "pending",
        "down",
        "up",
    ]
    assert whole.site(2)["heartbeats"] == whole.site(2)["incidents"] == []
    (outage,) = whole.site(1)["incidents"]
    assert (outage["seconds"], outage["checks"]) == (900, 2)
    assert len([entry for entry in whole.journal if entry.path.endswith(("heartbeat", "incidents"))]) == 2
    assert len(recent.site(1)["heartbeats"]) == 7
    with play.sim.fleet.lock:
        play.sim.fleet.monitors[7].beats.clear()
    empty = play.task("mainwp_monitor_info", {"heartbeats_since": "30d", "incidents": True})
    assert (empty.site(1)["heartbeats"], empty.site(1)["incidents"]) == ([], []), "it answers with a failure"
    assert empty.site(1)["monitor_status"] == "unknown"


def test_an_outage_that_goes_on_has_no_end(direct_for):
    """1589: it has the length 0 there."""
    (outage,) = direct_for(watched("uudd")).task("mainwp_monitor_info", {"incidents": True}).site(1)["incidents"]
    assert (outage["ended"], outage["seconds"], outage["checks"]) == (None, None, 2)


def test_what_it_returns_is_what_reports_measure(direct_for):
    play = direct_for(watched("uudpuu"))
    found = play.task("mainwp_monitor_info", {"heartbeats_since": "24h"})
    ((key, watch),) = watches_of([found.data]).items()
    assert key[1] == 1
    told = measured(watch.spans, play.sim.clock.now() - 1800, play.sim.clock.now())
    assert (told.up, told.down) == pytest.approx((1200, 300), abs=2)
    assert (told.outages, told.is_whole) == (1, False)


def test_further_monitors_of_a_site_are_of_its_pages(direct_for):
    made = watched()
    made.monitors[9] = Monitor(9, 1, "keyword", 60)
    site = direct_for(made).task("mainwp_monitor_info", {"heartbeats_since": "24h"}).site(1)
    assert (site["monitor_id"], len(site["heartbeats"])) == (7, 6)
    assert [(page["monitor_id"], page["interval"], page["heartbeats"]) for page in site["pages"]] == [(9, 3600, [])]


def test_all_pages_of_the_list_are_read_and_the_phantom_is_the_last(direct_for):
    made = fleet(*(child() for dummy in range(104)))
    made.monitors = {number: Monitor(number, number) for number in range(1, 103)}
    result = direct_for(made).task("mainwp_monitor_info", warns=["is off"])
    assert {site["id"]: site["monitor_id"] for site in result["sites"]} == {
        number: number if number < 103 else None for number in range(1, 105)
    }
    assert len([entry for entry in result.journal if entry.path == "/mainwp/v2/monitors"]) == 2
    assert result["active"] is False


def test_no_time_is_refused_before_any_request(direct_for):
    result = direct_for(watched()).task("mainwp_monitor_info", {"heartbeats_since": "yesterday"})
    assert (result.failed, result["error"]["option"], result.journal) == (True, "heartbeats_since", [])
    assert "'yesterday' is no time. Use a time such as" in result.msg
