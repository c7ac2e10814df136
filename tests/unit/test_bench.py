# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of the benchmark: floors, seconds of the Dashboard, targets, the document."""

from __future__ import annotations

from itertools import product

import pytest
from bench import feed, pages, table
from bench.__main__ import chosen
from bench.contenders import ACTIVATE, INVENTORY, LIST, NOOP, PLAN, SYNC, UPDATE, insist
from bench.dashboard import simulator
from bench.fleets import DISTINCT, ITEMS, World, fleet
from bench.floor import activate_floor, sync_floor, update_floor
from bench.measure import BenchError, Measured, Process, Request, busy, each, reading, unscaled, whole
from bench.recorded import Fit, fit, fitted, sites_of
from bench.rows import CASES, ONE, Case, Row, Start
from bench.second import SECOND
from bench.targets import verdicts

from simulator.journal import Entry


def measured(seconds: float, requests: int = 1, cpu: float = 1.0, megabytes: float = 60.0) -> Measured:
    return Measured(seconds, requests, Process(seconds, cpu, megabytes))


@pytest.mark.parametrize(
    ("queues", "latency", "floor"),
    [
        ([1] * 200, 1.0, 200 * 1.05 / 4),  # lanes
        ([1] * 200, 0.1, 200 * 0.2),  # the pause between any two
        ([200], 1.0, 200 * 1.05),  # one address
        ([200], 0.1, 200 * 1.0),  # its pause
        ([150, 50], 1.0, 150 * 1.05),  # the longest queue
    ],
)
def test_floor_of_a_sync(queues: list[int], latency: float, floor: float) -> None:
    assert sync_floor(queues, latency, 0.05) == pytest.approx(floor)


@pytest.mark.parametrize(
    ("queues", "latency", "floor"),
    [
        ([1] * 200, 1.0, 200 * 4.25 / 3),
        ([1] * 200, 0.0, 200 * 0.4),
        ([200], 1.0, 200 * 4.25),
        ([200], 0.1, 200 * 2.0),
    ],
)
def test_floor_of_an_update(queues: list[int], latency: float, floor: float) -> None:
    assert update_floor(queues, latency, 0.05) == pytest.approx(floor)


@pytest.mark.parametrize(("queues", "floor"), [([1] * 200, 200 * 3.15 / 3), ([200], 200 * 3.15)])
def test_floor_of_activating_a_plugin(queues: list[int], floor: float) -> None:
    assert activate_floor(queues, 1.0, 0.05) == pytest.approx(floor)


def test_what_happens_at_the_same_time_counts_once() -> None:
    assert busy([(5, 6), (0, 2), (1, 3), (1.5, 2.5)]) == 4
    assert busy([]) == 0


def test_only_what_is_scaled_is_multiplied() -> None:
    requests = [Request("GET", "/", 200, 10.0, 20.0), Request("GET", "/", 200, 30.0, 40.0)]
    assert unscaled(whole(requests), 4.0, factor=10) == pytest.approx(30 + 1.0)
    assert unscaled(each(requests), 4.0, factor=10) == pytest.approx(20 + 2.0)
    assert unscaled(whole([]), 4.0, factor=10) == 4.0


def test_reading_ends_with_the_first_write() -> None:
    requests = [Request("GET", "/", 200, 10.0, 20.0), Request("POST", "/", 200, 21.0, 40.0)]
    assert (reading(requests), reading(requests[:1]), reading([])) == (11.0, 0.0, 0.0)


def test_worlds_are_as_their_rows_say() -> None:
    assert World(200, 8).queues == [25] * 8
    assert World(200, DISTINCT).queues == [1] * 200
    for pending, waiting, ignored in (("all", 20, 0), ("tenth", 2, 2), ("nothing", 0, 0)):
        sites = list(fleet(World(20, pending=pending)).sites.values())
        offers = [[item for item in (*site.child.plugins, *site.child.themes) if item.offer] for site in sites]
        assert [len(found) for found in offers if found] == [ITEMS] * waiting
        assert sum(bool(site.ignored_plugins and site.ignored_themes) for site in sites) == ignored


def test_the_client_is_told_the_limits_in_its_own_time() -> None:
    sim = simulator(World(1, factor=8))
    assert sim.fleet.throttle is not None
    assert (sim.fleet.throttle.delay, sim.fleet.throttle.ip_delay, sim.fleet.throttle.lanes) == (0.2, 1.0, 4)
    told = sim.setting("advanced")
    assert (told["mainwp_minimum_delay"], told["mainwp_minimum_ip_delay"]) == (25, 125)


def test_all_that_was_promised_is_measured() -> None:
    cases = {(case.operation, case.sites, case.ips) for case in CASES}
    for wanted in (
        *product([SYNC, UPDATE], [20, 200], [DISTINCT, 8, ONE]),
        *product([LIST, NOOP], [20, 200, 1000, 5000], [DISTINCT]),
        *product([SYNC, UPDATE], [1000], [DISTINCT]),
        (INVENTORY, 5000, DISTINCT),
        *product([ACTIVATE], [200], [DISTINCT, 8]),
        *product(SECOND, [1000], [DISTINCT]),
        *product([PLAN], [400, 1000], [DISTINCT]),
    ):
        assert wanted in cases
    assert {case.name for case in chosen("sync 200", quick=False)} == {
        "sync 200 distinct",
        "sync 200 8",
        "sync 200 one",
    }
    assert all(case.quick for case in chosen(None, quick=True))


ROWS = [
    Row(Case(SYNC, 200), measured(60.0), floor=52.5, bulk=measured(200)),
    Row(Case(SYNC, 1000), Measured(310.0, 1000, Process(310.0, 1.0, 60.0), 1.5, 4.0), floor=262.5),
    Row(Case(LIST, 200), measured(2.0), uri=measured(39.0)),
    Row(Case(NOOP, 1000), measured(4.0, requests=24)),
    Row(Case(LIST, 20), measured(1.0, cpu=1.0)),
    Row(Case(LIST, 1000), measured(1.0, cpu=1.98)),
    Row(Case(LIST, 5000), measured(1.0, cpu=10.96, megabytes=251)),
]


@pytest.mark.parametrize(
    ("operation", "status", "path", "moved"),
    [
        (SYNC, 500, "/mainwp/v2/sites/1/sync", 0),
        (SYNC, 200, "/mainwp/v2/sites", 0),
        (SYNC, 200, "/mainwp/v2/sites/1/sync", 1),
        (UPDATE, 200, "/mainwp/v2/sites/1/sync", 3),
        (LIST, 200, "/mainwp/v2/sites", 1),
        (ACTIVATE, 200, "/mainwp/v2/sites/1/sync", 0),
        ("mainwp_tag", 200, "/mainwp/v2/tags/add", 0),
    ],
)
def test_what_was_not_done_well_is_not_measured(operation: str, status: int, path: str, moved: int) -> None:
    done = [Request("POST", "/mainwp/v2/sites/1/sync", 200, 0, 1)]
    insist(SYNC, World(1), done, 0)
    insist(UPDATE, World(1), done, ITEMS)
    insist(ACTIVATE, World(1), done, 1)
    insist("mainwp_tag", World(1), [Request("GET", "/mainwp/v2/tags", 200, 0, 1)], 0)
    with pytest.raises(BenchError):
        insist(operation, World(1), [Request("POST", path, status, 0, 1)], moved)


def plan(sites: int, offers: int, ours: tuple[float, int], alone: tuple[float, int]) -> Row:
    """A row about reading pending updates: (seconds, requests) of both ways."""
    pending = measured(ours[0], ours[1])
    whole = Measured(9.0, ours[1] + 9, Process(9.0, 1.0, 60.0), pending=pending)
    return Row(Case(PLAN, sites, offers=offers), whole, alone=measured(alone[0], alone[1]))


@pytest.mark.parametrize(
    ("operation", "seconds", "megabytes", "met"),
    [
        ("mainwp_config", 14.0, 149.0, True),
        ("mainwp_config", 15.0, 60.0, False),
        ("mainwp_export", 19.0, 149.0, True),
        ("mainwp_export", 20.0, 60.0, False),
        ("mainwp_export", 4.0, 150.0, False),
    ],
)
def test_a_whole_dashboard_is_done_in_time(operation: str, seconds: float, megabytes: float, met: bool) -> None:
    (row,) = (case for case in CASES if case.operation == operation)
    assert row.world.own == 0
    found = verdicts([Row(row, measured(seconds, 20, megabytes=megabytes))])
    assert [one.met for one in found] == [True, True, met]


@pytest.mark.parametrize(
    ("operation", "requests", "few"),
    [
        ("mainwp_tag", 5, True),
        ("mainwp_tag", 6, False),
        ("mainwp_plugin", 15, True),
        ("mainwp_plugin", 16, False),
        ("mainwp_user", 55, True),
        ("mainwp_site health_threshold", 1015, True),
        ("mainwp_cost", 36, False),
    ],
)
def test_second_runs_are_held_against_what_was_promised(operation: str, requests: int, few: bool) -> None:
    rows = [Row(Case(operation, 1000), measured(4.0, requests))]
    assert [one.met for one in verdicts(rows)] == [few, True]
    text = table.report("On a machine.", rows, [], verdicts(rows))
    assert f"| {operation} | 1,000 | 4.0 s | 1.0 ms | {requests:,} | 60 MB |" in text
    assert "## Reading" not in text


@pytest.mark.parametrize(
    ("ours", "few", "never"),
    [((2.0, 50), True, True), ((4.0, 50), False, True), ((2.0, 100), False, True), ((99.0, 401), False, False)],
)
def test_reading_together_is_held_against_reading_one_by_one(ours: tuple[float, int], few: bool, never: bool) -> None:
    rows = [plan(400, 6, ours, (12.0, 400)), plan(400, 60, (12.0, 400), (12.0, 400))]
    assert [one.met for one in verdicts(rows)] == [few, never]
    text = table.report("On a machine.", rows, [], verdicts(rows))
    assert "| 400 | 60 | 400 | 400 | 1.00 × | 12.0 s | 12.0 s | 1.00 × | 9.0 s |" in text
    assert "recording wp71-updates-include" in text


def test_the_simulated_dashboard_takes_as_long_as_the_recorded_one() -> None:
    assert fit([(1, 2.0), (3, 4.0), (5, 6.0)]) == Fit(1.0, 1.0, 3)
    assert (sites_of("/mainwp/v2/updates/7", ""), sites_of("/mainwp/v2/updates", "1,2,3")) == (1, 3)
    assert (sites_of("/mainwp/v2/updates", ""), sites_of("/mainwp/v2/sites/1", "")) == (None, None)
    found = fitted()
    assert 0.1 < found.seconds(None) < found.seconds(1) < found.seconds(8) < found.seconds(14) < 0.2
    sim = simulator(World(2, offers=3))
    entry = Entry(1, "GET", "/mainwp/v2/updates", {"include": "1,2"}, None, {}, {}, "bearer", 0.0)
    assert sim.takes(entry) == found.seconds(2)


def test_targets_are_met_or_missed() -> None:
    found = {one.name: (one.measured, one.met) for one in verdicts(ROWS)}
    assert found == {
        "sync of 200 sites over the floor": ("14 % (distinct)", True),
        "sync of 1,000 sites over the floor": ("18 % (distinct)", False),
        "bulk sync ÷ ours, distinct IPs, 1 s child latency": ("3.3 ×", True),
        "uri loop ÷ ours, details of 200 sites, 50 ms": ("20 ×", False),
        "requests of a run with nothing to update on 1,000 sites": ("24", True),
        "processor time of one of 5,000 sites": ("2.00 × (listing)", False),
        "memory at 5,000 sites": ("251 MB (listing)", False),
    }


def test_the_report_has_every_figure_and_says_why_a_target_is_missed() -> None:
    text = table.report("On a machine.", ROWS, [Start("a door", 0.05, 1.23)], verdicts(ROWS))
    assert text.startswith("On a machine.\n\n## Targets\n\n| target | aim | measured |  |\n")
    assert (
        "| sync | 200 | distinct | 1 | 60.0 s | 52.5 s | 1.14 × | 200 s | 3.33 × | – | – | 1 | 60 MB | 0.01 |" in text
    )
    assert "| listing | 200 | 2.0 s | 5.0 ms | 39.0 s | 20 × | 1 | 60 MB |" in text
    assert "| a door | 50 ms | 1.2 s |" in text
    assert "**memory at 5,000 sites** – missed: " in text
    assert "take 1.5 s, and lists and plans 4.0 s before" in text
    assert "The rest, 41.4 s, is" in " ".join(text.split())
    widths = {line.count("|") for line in table.sites_table(ROWS).splitlines()}
    assert len(widths) == 1


def test_what_people_wrote_stays() -> None:
    document = f"Above.\n\n{table.BEGIN}\n\nold\n\n{table.END}\n\nBelow.\n"
    assert table.placed(document, "new") == document.replace("old", "new")
    assert table.placed(table.placed(document, "new"), "old") == document
    with pytest.raises(ValueError, match="lacks the marks"):
        table.placed("Above.", "new")


def test_a_feed_is_held_against_what_was_promised() -> None:
    good, slow = Process(20.0, 19.0, 60.0), Process(70.0, 69.0, 60.0)
    costs = [feed.FeedCosts(160, 50_000, build, good, 0.1, 0.05) for build in (good, slow)]
    assert [[one.met for one in feed.verdicts(known)] for known in costs] == [[True, True], [False, True]]
    text = table.report("On a machine.", [], [], [], [costs[0].line])
    assert "50,000 records becomes an index in 20.0 s and 60 MB" in text


def test_pages_are_held_against_what_was_promised() -> None:
    known = [("run", 1.0, None, 1.0), ("run", 1.0, 6.0, 1.0), ("run", 1.0, 1.0, 4.0)]
    costs = [pages.PageCost(*one) for one in known]
    assert [one.met for one in pages.verdicts(costs)] == [True, False, False]
    assert "browser" not in costs[0].line
    assert "6.0 s until a browser shows it" in costs[1].line
