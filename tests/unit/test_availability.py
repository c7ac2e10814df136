# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Availability by heartbeats: what nobody measured is neither up nor down, and 100 % is all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import iso
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.availability import (
    Measured,
    hundredths,
    measured,
    watches_of,
)

BEGIN = 1793491200  # 2026-11-01T00:00:00Z
STATUS = {"u": "up", "d": "down", "p": "pending"}


def beat(at: float, status: Any) -> dict[str, Any]:
    return {"time": iso(BEGIN + at), "status": status}


def look(*beats: dict[str, Any], interval: Any = 100) -> dict[str, Any]:
    return {
        "dashboard": {"url": "https://dash.example"},
        "sites": [{"id": 1, "interval": interval, "heartbeats": list(beats)}],
    }


def told(pattern: str, until: int, since: int = 0, every: int = 100) -> Measured:
    """A check every 100 seconds: u(p), d(own), p(ending), or none for any other letter."""
    beats = [beat(every * place, STATUS[letter]) for place, letter in enumerate(pattern) if letter in STATUS]
    (watch,) = watches_of([look(*beats)]).values()
    return measured(watch.spans, BEGIN + since, BEGIN + until)


@pytest.mark.parametrize(
    ("pattern", "until", "expected"),
    [
        ("uuuu", 400, Measured(400, up=400)),
        ("uuuu", 300, Measured(300, up=300)),
        # after the last heartbeat, one interval is covered
        ("uuuu", 1000, Measured(1000, up=400)),
        # a check that comes late, once, leaves no gap; two that are missing do
        ("u.uu", 400, Measured(400, up=400)),
        ("u..u", 400, Measured(400, up=200)),
        ("..uu", 400, Measured(400, up=200)),
        ("uduu", 400, Measured(400, up=300, down=100, outages=1, longest=100)),
        ("uddududd", 800, Measured(800, up=300, down=500, outages=3, longest=200)),
        # nobody saw that it was up in between
        ("d....dd", 700, Measured(700, down=300, outages=1, longest=300)),
        ("dpdu", 400, Measured(400, up=100, down=200, outages=1, longest=200)),
        ("dpup", 400, Measured(400, up=100, down=100, outages=1, longest=100)),
        ("pppp", 400, Measured(400)),
    ],
)
def test_what_heartbeats_tell(pattern: str, until: int, expected: Measured) -> None:
    assert told(pattern, until) == expected
    assert told(pattern, until).is_whole == (expected.up + expected.down == until)


def test_an_outage_counts_where_it_is_in_the_time() -> None:
    assert told("dddduu", 600, since=350) == Measured(250, up=200, down=50, outages=1, longest=50)
    assert told("uudddd", 250) == Measured(250, up=200, down=50, outages=1, longest=50)
    assert told("uu", 900, since=500) == Measured(400)
    assert told("uu", 0) == Measured(0)
    assert told("uu", 100, since=200) == Measured(0)


def test_looks_overlap_and_the_worse_of_one_time_holds() -> None:
    first, second = look(beat(0, "up"), beat(100, "up")), look(beat(100, "up"), beat(200, "down"), beat(200, "up"))
    (watch,) = watches_of([second, first, first]).values()
    assert measured(watch.spans, BEGIN, BEGIN + 300) == Measured(300, up=200, down=100, outages=1, longest=100)


@pytest.mark.parametrize(("number", "word"), [(1, "up"), (0, "down"), (2, "pending"), ("1", "UP")])
def test_numbers_of_the_api_mean_the_same(number: Any, word: str) -> None:
    assert watches_of([look(beat(0, number))]) == watches_of([look(beat(0, word))])


def test_sites_without_heartbeats_tell_nothing() -> None:
    assert watches_of([look(), {"sites": [{"id": 2}, {"id": "3", "heartbeats": [beat(0, 1)]}]}]) == {}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (look(beat(0, "up"), interval=None), "interval"),
        (look(beat(0, "up"), interval=0), "interval"),
        (look(beat(0, "up"), interval=True), "interval"),
        (look(beat(0, "up"), interval="5m"), "interval"),
        (look({"time": "2026-11-25 22:45:25", "status": 1}), "no time"),
        (look({"time": "soonZ", "status": 1}), "soon"),
        (look({"status": 1}), "no time"),
        (look(beat(0, "fine")), "fine"),
        (look(beat(0, None)), "none"),
    ],
)
def test_what_is_no_heartbeat_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        watches_of([wrong])


def test_percent_are_rounded_down() -> None:
    assert [hundredths(*pair) for pair in ((1, 1), (99999999, 100000000), (1, 3), (0, 5), (0, 0))] == [
        100.0,
        99.99,
        33.33,
        0.0,
        0.0,
    ]


BEATS = st.lists(st.tuples(st.integers(-500, 3000), st.sampled_from(["up", "down", "pending"])), max_size=40)


@given(BEATS, st.integers(1, 400), st.integers(-100, 2000), st.integers(1, 2000), st.randoms())
def test_nothing_is_counted_twice_and_nothing_unmeasured_is_up(
    beats: list[tuple[int, str]], interval: int, since: int, length: int, draw: Any
) -> None:
    entries = [beat(*one) for one in beats]
    shuffled = [*entries, *entries[: len(entries) // 2]]
    draw.shuffle(shuffled)
    watches = watches_of([look(*entries, interval=interval)])
    assert watches_of([look(*shuffled, interval=interval)]) == watches
    for watch in watches.values():
        one = measured(watch.spans, BEGIN + since, BEGIN + since + length)
        assert one.whole == length
        assert one.up >= 0
        assert one.down >= 0
        assert one.told <= one.whole
        assert one.longest <= one.down
        assert bool(one.outages) == bool(one.down)
        # second by second, from what the words say: the last heartbeat before it, if the next is not late
        up = down = 0
        for second in range(since, since + length):
            before = [at for at, dummy in beats if at <= second]
            if not before:
                continue
            last = max(before)
            after = min((at for at, dummy in beats if at > last), default=last + interval)
            held = after if after - last <= 2 * interval else last + interval
            states = {status for at, status in beats if at == last}
            if second < held:
                down += "down" in states
                up += states == {"up"}
        assert (one.up, one.down) == (up, down)
