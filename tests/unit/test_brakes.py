# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a run must not start anything new."""

from __future__ import annotations

import datetime
import time
import zoneinfo
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._brakes import (
    Brakes,
    FailureLimit,
    failure_limit,
    stop_time,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._site_run import SiteRun
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import SitePlan
from unit.build import plugin, site

UTC = datetime.timezone.utc
NOON = datetime.datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def brakes(limit: Any = None, hold: int = 2, work: int = 10, deadline: float | None = None) -> tuple[Brakes, Watch]:
    watch = Watch()
    return Brakes(failure_limit(limit), hold, work, deadline, watch), watch


@pytest.mark.parametrize(
    ("value", "limit"),
    [
        (None, FailureLimit()),
        ("", FailureLimit()),
        (3, FailureLimit(number=3)),
        ("3", FailureLimit(number=3)),
        (0, FailureLimit(number=0)),
        ("10%", FailureLimit(percent=10)),
        (" 2.5 % ", FailureLimit(percent=2.5)),
        ("0%", FailureLimit(percent=0)),
        ("100%", FailureLimit(percent=100)),
    ],
)
def test_limits(value: Any, limit: FailureLimit) -> None:
    assert failure_limit(value) == limit
    assert limit.is_set is (value not in (None, ""))


@pytest.mark.parametrize("value", ["-1", "1.5", "101%", "ten", "%", "5%%", "1e3", "3 sites"])
def test_limits_that_make_no_sense(value: str) -> None:
    with pytest.raises(InputError, match=r"max_failed_sites: .* is neither a number nor a percentage"):
        failure_limit(value)


@pytest.mark.parametrize(
    ("limit", "failed", "sites", "exceeded"),
    [
        (None, 99, 10, False),
        (0, 0, 10, False),
        (0, 1, 10, True),
        (2, 2, 10, False),
        (2, 3, 10, True),
        ("10%", 1, 10, False),
        ("10%", 2, 10, True),
        ("10%", 1, 9, True),
        ("0%", 1, 10, True),
        ("100%", 10, 10, False),
        ("50%", 1, 0, True),
    ],
)
def test_a_limit_is_exceeded_by_more(limit: Any, failed: int, sites: int, exceeded: bool) -> None:
    assert failure_limit(limit).exceeded(failed, sites) is exceeded


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        (7200, 7200),
        ("7200", 7200),
        ("1.5", 1.5),
        ("0", 0),
        ("12:01", 30),
        ("12:00", 86400 - 30),
        ("11:59", 86400 - 90),
        ("05:30", 17.5 * 3600 - 30),
        ("5:30", 17.5 * 3600 - 30),
        ("23:59", 43140 - 30),
        ("00:00", 43200 - 30),
        ("2026-11-24T12:01:00Z", 30),
        ("2026-11-24 13:01:00+01:00", 30),
        ("2026-11-24T12:00:00Z", -30),  # it is over: nothing begins
    ],
)
def test_when_to_stop(value: Any, seconds: float | None) -> None:
    strikes = stop_time(value, NOON.timestamp(), 1000.0, UTC)
    assert strikes == (None if seconds is None else 1000 + seconds)


@pytest.mark.parametrize(
    ("now", "value", "hours"),
    [
        # Berlin, 2026-03-29: 02:00 becomes 03:00
        ("2026-03-28T23:00+00:00", "05:30", 4.5),
        ("2026-03-28T23:00+00:00", "01:30", 1.5),
        ("2026-03-28T23:00+00:00", "02:30", 2.5),  # never shown; the moment at which it would have been
        # 2026-10-25: 03:00 becomes 02:00
        ("2026-10-24T22:00+00:00", "05:30", 6.5),
        ("2026-10-24T22:00+00:00", "02:30", 2.5),
        ("2026-10-25T00:45+00:00", "02:30", 0.75),  # it is 02:45 for the first time
        ("2026-10-25T01:45+00:00", "02:30", 23.75),
        # the day before
        ("2026-03-28T04:00+00:00", "04:30", 22.5),
    ],
)
def test_a_time_of_day_is_right_when_clocks_change(now: str, value: str, hours: float) -> None:
    start = datetime.datetime.fromisoformat(now).timestamp()
    assert stop_time(value, start, 0.0, zoneinfo.ZoneInfo("Europe/Berlin")) == hours * 3600


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
def test_the_machines_own_clock_counts(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for start in range(1_790_000_000, 1_790_000_000 + 200 * 86400, 86400 // 2):
            known = stop_time("02:30", start, 0.0, zoneinfo.ZoneInfo(zone))
            assert stop_time("02:30", start, 0.0) == known
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "value", ["24:00", "12:60", "noon", "-5", "5:3", "05:30:00", "2026-11-24", "2026-11-24T12:01:00"]
)
def test_times_that_make_no_sense(value: str) -> None:
    with pytest.raises(InputError, match=r"stop_after: .* is neither seconds nor a time"):
        stop_time(value, NOON.timestamp(), 0.0)


def test_time_runs_out_for_good() -> None:
    stop, watch = brakes(deadline=110)
    assert stop.closed() is None
    watch.now = 110
    assert stop.closed() == ("out_of_time", "stop_after was reached before it started.")
    watch.now = 0
    assert stop.closed() is not None


def test_too_many_failures_stop_the_run() -> None:
    stop, dummy = brakes(limit=1)
    for failed in (True, False, False):
        stop.count_site(failed)
        assert stop.closed() is None
    stop.count_site(True)
    assert stop.closed() == ("stopped", "2 sites failed, more than max_failed_sites allows.")


def test_without_a_limit_nothing_stops() -> None:
    stop, dummy = brakes()
    for _number in range(100):
        stop.count_site(True)
    assert stop.closed() is None


def test_the_first_reason_to_stop_stays() -> None:
    stop, watch = brakes(limit=0, deadline=110)
    stop.abort("The key was refused.")
    stop.count_site(True)
    watch.now = 200
    stop.abort("Later trouble.")
    assert stop.closed() == ("stopped", "The key was refused.")
    assert stop.aborted == "The key was refused."


RELEASE = plugin().release


@pytest.mark.parametrize(("hold", "failures", "is_held"), [(2, 1, False), (2, 2, True), (1, 1, True), (0, 99, False)])
def test_a_release_is_held_after_so_many_sites(hold: int, failures: int, is_held: bool) -> None:
    stop, dummy = brakes(hold=hold)
    for number in range(failures):
        stop.blame(number, [RELEASE])
    assert stop.held() == ({RELEASE} if is_held else set())


def test_sites_are_counted_and_not_what_they_say() -> None:
    """Two languages of one plugin, or two looks at one site, are one site."""
    stop, dummy = brakes(hold=2)
    stop.blame(1, [RELEASE, RELEASE])
    stop.blame(1, [RELEASE])
    assert stop.held() == frozenset()
    stop.blame(2, [RELEASE, plugin("other/other.php").release])
    assert stop.held() == {RELEASE}


def test_a_site_that_is_well_again_takes_back_what_it_said() -> None:
    stop, dummy = brakes(hold=1)
    stop.blame(1, [RELEASE])
    assert stop.held() == {RELEASE}
    stop.blame(1, [])
    assert stop.held() == frozenset()


def test_an_interrupted_run_starts_nothing_at_once() -> None:
    told: list[bool] = []
    held = Brakes(failure_limit(None), 2, 10, None, Watch(), lambda: bool(told))
    assert held.closed() is None
    told.append(True)
    assert held.closed() == ("stopped", "Interrupted: nothing more is started.")
    assert held.aborted


def test_a_release_is_held_from_one_call_to_the_next() -> None:
    """API v1 takes one item a call: what is found meanwhile on other sites counts for the rest."""
    updates = tuple(plugin(f"{name}/{name}.php") for name in ("one", "two"))
    one_by_one, together = (SiteRun(site(), 0.0, 300, {}) for _number in range(2))
    for item in (one_by_one, together):
        item.planned(SitePlan(item.site, updates, ()))
    stop, _watch = brakes(hold=1)
    calls = one_by_one.calls(stop, many=False, all_translations_only=True)
    assert next(calls) == ("plugin", [updates[0]])
    stop.blame(7, [updates[1].release])
    assert list(calls) == []
    assert list(together.calls(stop, many=True, all_translations_only=False)) == [("plugin", [updates[0]])]
    one_by_one.all_sent(0.0)
    assert [(entry.update, entry.result) for entry in one_by_one.report.results] == [(updates[1], "held")]
