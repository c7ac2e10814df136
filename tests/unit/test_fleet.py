# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lanes: one piece of work for many sites, at most so many at a time, one at a time per server."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._fleet import Fleet, Pace, _Lanes, interleaved

Item = tuple[str, int]
ITEMS = st.lists(st.tuples(st.sampled_from("abcde"), st.integers()), max_size=40)


def lane_of(item: Item) -> str:
    return item[0]


class Watched:
    """Work that notes how many of it run at a time, in all and per lane."""

    def __init__(self, seconds: float = 0.002, together: int = 1) -> None:
        self.seconds = seconds
        #: so many of the first wait for each other
        self.gate, self.together = threading.Barrier(together), together
        self.lock = threading.Lock()
        self.now: Counter[str] = Counter()
        self.most = 0
        self.most_in_lane = 0
        self.started: list[Item] = []

    def __call__(self, item: Item) -> None:
        with self.lock:
            self.started.append(item)
            self.now[item[0]] += 1
            self.most = max(self.most, sum(self.now.values()))
            self.most_in_lane = max(self.most_in_lane, self.now[item[0]])
            first = len(self.started) <= self.together
        if first:
            self.gate.wait(120)
        time.sleep(self.seconds)
        with self.lock:
            self.now[item[0]] -= 1


def items(**lanes: int) -> list[Item]:
    return [(name, number) for name, count in lanes.items() for number in range(count)]


@pytest.mark.parametrize("lanes", [1, 2, 4, 50])
def test_lanes_are_never_exceeded_and_used(lanes: int) -> None:
    todo, most = items(a=3, b=3, c=3, d=3, e=3), min(lanes, 5)
    work = Watched(together=most)
    Fleet(work, lane_of, lanes).run(todo)
    assert sorted(work.started) == sorted(todo)
    assert work.most == most
    assert work.most_in_lane == 1


def test_one_server_is_never_asked_twice_at_a_time() -> None:
    work = Watched()
    Fleet(work, lane_of, 8).run(items(a=12))
    assert (work.most, len(work.started)) == (1, 12)


def test_two_calls_of_one_server_begin_at_least_a_pause_apart() -> None:
    lanes = _Lanes(items(a=2, b=1), lane_of, gap=5)
    assert lanes.take(100) == ("a", ("a", 0))
    lanes.give_back("a", 101, None)
    assert lanes.take(101) == ("b", ("b", 0))
    assert lanes.take(104.9) is None
    assert lanes.soonest() == 105
    assert lanes.take(105) == ("a", ("a", 1))


def test_after_a_call_that_took_longer_there_is_no_pause() -> None:
    """MainWP counts from start to start (get_last_request_timestamp)."""
    lanes = _Lanes(items(a=2), lane_of, gap=5)
    assert lanes.take(100) == ("a", ("a", 0))
    lanes.give_back("a", 106, None)
    assert lanes.take(106) == ("a", ("a", 1))


def test_work_that_hangs_keeps_no_process_from_ending() -> None:
    daemons: list[bool] = []
    Fleet(lambda _item: daemons.append(threading.current_thread().daemon), lane_of, 2).run(items(a=1, b=1))
    assert daemons == [True, True]


def test_nothing_to_do() -> None:
    Fleet(Watched(), lane_of, 4).run([])


def test_zero_lanes_are_one() -> None:
    work = Watched()
    Fleet(work, lane_of, 0).run(items(a=2, b=2))
    assert work.most == 1


def test_the_longest_queue_goes_first() -> None:
    assert [item[0] for item in interleaved(items(a=1, b=3, c=2), lane_of)] == ["b", "c", "a", "b", "c", "b"]


def test_the_order_within_a_lane_is_kept() -> None:
    work = Watched(0)
    todo = items(a=5, b=5)
    Fleet(work, lane_of, 2).run(todo)
    for name in "ab":
        assert [item for item in work.started if item[0] == name] == [item for item in todo if item[0] == name]


@given(ITEMS)
def test_interleaving_loses_and_adds_nothing(todo: list[Item]) -> None:
    made = interleaved(todo, lane_of)
    assert Counter(made) == Counter(todo)
    for name in "abcde":
        assert [item for item in made if item[0] == name] == [item for item in todo if item[0] == name]


@given(ITEMS)
def test_neighbours_have_different_lanes_as_long_as_there_are_others(todo: list[Item]) -> None:
    made = [item[0] for item in interleaved(todo, lane_of)]
    for index, (left, right) in enumerate(pairwise(made)):
        assert left != right or set(made[index:]) == {left}


def test_an_item_may_ask_for_another_turn_and_leaves_its_lane_meanwhile() -> None:
    turns: list[tuple[str, float]] = []
    begun = time.monotonic()

    def work(item: Item) -> float | None:
        turns.append((f"{item[0]}{item[1]}", time.monotonic() - begun))
        return 0.5 if item == ("a", 0) and len([turn for turn in turns if turn[0] == "a0"]) < 3 else None

    done: list[Item] = []
    Fleet(work, lane_of, 1, on_done=done.append).run(items(a=2))
    assert [turn[0] for turn in turns] == ["a0", "a1", "a0", "a0"]
    assert turns[2][1] >= 0.5
    assert turns[3][1] >= 1.0
    assert done == [("a", 1), ("a", 0)]


def test_done_is_told_once_for_each_in_the_callers_thread() -> None:
    seen: list[tuple[Item, int]] = []
    Fleet(Watched(), lane_of, 4, on_done=lambda item: seen.append((item, threading.get_ident()))).run(items(a=4, b=4))
    assert Counter(item for item, _thread in seen) == Counter(items(a=4, b=4))
    assert {thread for _item, thread in seen} == {threading.get_ident()}


def failing_at(bad: Item, error: BaseException, note: Callable[[Item], None]) -> Callable[[Item], None]:
    def work(item: Item) -> None:
        note(item)
        if item == bad:
            raise error

    return work


@pytest.mark.parametrize("error", [RuntimeError("bug"), KeyboardInterrupt()])
def test_an_exception_stops_the_fleet_and_comes_out(error: BaseException) -> None:
    started: list[Item] = []
    with pytest.raises(type(error)):
        Fleet(failing_at(("a", 1), error, started.append), lane_of, 1).run(items(a=50))
    assert len(started) == 2


def test_nothing_begins_once_the_caller_has_failed() -> None:
    failed = threading.Event()
    started: list[Item] = []

    class Watching(Fleet[Item]):
        def _drain(self, until: float) -> None:
            failed.set()
            super()._drain(until)

    def work(item: Item) -> None:
        started.append(item)
        if len(started) > 1:
            failed.wait(120)

    def on_done(item: Item) -> None:
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError):
        Watching(work, lane_of, 1, on_done=on_done).run(items(a=50))
    assert len(started) <= 2


def test_an_exception_waits_for_work_that_runs() -> None:
    finished = threading.Event()

    def work(item: Item) -> None:
        if item[0] == "a":
            raise RuntimeError("bug")
        time.sleep(0.1)
        finished.set()

    with pytest.raises(RuntimeError, match="bug"):
        Fleet(work, lane_of, 2).run(items(b=1, a=1))
    assert finished.is_set()


def test_an_exception_of_the_caller_stops_the_fleet() -> None:
    started: list[Item] = []
    stopped = threading.Event()

    def done(item: Item) -> None:
        raise ZeroDivisionError

    def work(item: Item) -> None:
        started.append(item)
        if len(started) > 1:
            stopped.wait(120)

    with pytest.raises(ZeroDivisionError):
        Fleet(work, lane_of, 1, on_done=done, grace=0.0).run(items(a=50))
    stopped.set()
    assert len(started) <= 2


def test_what_runs_is_awaited_when_the_caller_fails() -> None:
    told, finished = threading.Event(), threading.Event()

    def done(_item: Item) -> None:
        told.set()
        raise ZeroDivisionError

    def work(item: Item) -> None:
        if item[0] == "b":
            told.wait(120)
            time.sleep(0.1)
            finished.set()

    with pytest.raises(ZeroDivisionError):
        Fleet(work, lane_of, 2, on_done=done).run(items(a=1, b=1))
    assert finished.is_set()


def test_the_pace_keeps_a_pause_between_starts() -> None:
    slept: list[float] = []
    pace = Pace(10.0, slept.append)
    for _number in range(3):
        pace.wait()
    assert [round(seconds) for seconds in slept] == [10, 20]
    free = Pace(0.0, slept.append)
    free.wait()
    free.wait()
    assert len(slept) == 2


def test_what_had_a_turn_comes_before_what_has_not_begun() -> None:
    """A lost answer is looked for before the same release is sent elsewhere."""
    turns: list[str] = []

    def work(item: Item) -> float | None:
        turns.append(item[0])
        return 0.0 if turns == ["a"] else None

    assert Fleet(work, lane_of, 1).run([("a", 1), ("b", 1), ("c", 1)])
    assert turns == ["a", "a", "b", "c"]


def test_an_open_item_behind_a_busy_lane_is_next_when_that_is_free() -> None:
    lanes = _Lanes([("a", 1), ("a", 2), ("b", 1), ("b", 2), ("b", 3)], lane_of, 0.0)
    assert lanes.take(0.0) == ("b", ("b", 1))
    assert lanes.take(0.0) == ("a", ("a", 1))
    lanes.give_back("a", 1.0, (1.0, ("a", 1)))
    assert lanes.take(1.0) == ("a", ("a", 1)), "before the rest of the longer queue"
    lanes.give_back("b", 1.0, None)
    lanes.give_back("a", 2.0, None)
    assert lanes.take(2.0) == ("b", ("b", 2))


class CtrlC:
    """Presses Ctrl-C in the caller's thread once ``started`` says so, and again after so many more looks."""

    def __init__(self, started: Callable[[], bool], again_after: int | None = None) -> None:
        self.started = started
        self.again_after = again_after
        self.pressed = False

    def __call__(self) -> None:
        if not self.pressed and self.started():
            self.pressed = True
            raise KeyboardInterrupt
        if self.pressed and self.again_after is not None:
            self.again_after -= 1
            if self.again_after <= 0:
                raise KeyboardInterrupt


def test_after_ctrl_c_nothing_begins_and_what_runs_is_awaited() -> None:
    begun: list[Item] = []
    finished: list[Item] = []
    may_end = threading.Event()

    def work(item: Item) -> None:
        begun.append(item)
        may_end.wait(120)
        time.sleep(0.05)
        finished.append(item)

    def pressed() -> bool:
        if len(begun) == 2:
            may_end.set()
        return len(begun) == 2

    done: list[Item] = []
    fleet = Fleet(work, lane_of, 2, on_done=done.append, on_tick=CtrlC(pressed))
    assert not fleet.run(items(a=20, b=20))
    assert len(begun) == 2
    assert sorted(begun) == sorted(finished) == sorted(done)


@pytest.mark.parametrize("patience", [{"grace": 0.3}, {"again_after": 1}], ids=["grace", "ctrl-c once more"])
def test_after_ctrl_c_what_does_not_end_is_awaited_no_longer(patience: dict[str, float]) -> None:
    stuck, begun = threading.Event(), threading.Event()
    ended: list[Item] = []

    def work(item: Item) -> None:
        begun.set()
        stuck.wait(120)
        ended.append(item)

    ctrl_c = CtrlC(begun.is_set, int(patience["again_after"]) if "again_after" in patience else None)
    assert not Fleet(work, lane_of, 1, on_tick=ctrl_c, grace=patience.get("grace", 30.0)).run(items(a=5))
    assert not ended
    stuck.set()


def test_an_item_that_wants_another_turn_gets_none_after_ctrl_c() -> None:
    turns: list[Item] = []

    def work(item: Item) -> float:
        turns.append(item)
        return 0.01

    assert not Fleet(work, lane_of, 1, on_tick=CtrlC(lambda: len(turns) >= 3)).run(items(a=1))
    seen = len(turns)
    time.sleep(0.1)
    assert len(turns) == seen


@given(ITEMS, st.integers(1, 6))
def test_every_item_gets_its_turn_whatever_the_lanes(todo: list[Item], lanes: int) -> None:
    work = Watched(0)
    assert Fleet(work, lane_of, lanes).run(todo)
    assert Counter(work.started) == Counter(todo)


def comparisons(count: int, lane: Callable[[int], str]) -> int:
    """How often the fleet asks for a lane while it runs ``count`` items: what its own work grows with."""
    asked = 0

    def lane_counted(number: int) -> str:
        nonlocal asked
        asked += 1
        return lane(number)

    Fleet(lambda _number: None, lane_counted, 4).run(range(count))
    return asked


@pytest.mark.parametrize("lane", [lambda number: "one", str], ids=["one server", "all distinct"])
def test_its_own_work_grows_with_the_number_of_items_only(lane: Callable[[int], str]) -> None:
    assert comparisons(2000, lane) <= 2 * 2000
