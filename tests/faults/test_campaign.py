# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short campaign: every kind of trouble, on every dialect it can strike, and no violation."""

from __future__ import annotations

from collections import Counter

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_batch_update

from .campaign import Outcome, run
from .options import BY_NAME, OPTIONS
from .scenario import FLEET, SITES, WAVES, Scenario, scenario
from .troubles import DEATHS, TROUBLES, Trouble
from .ways import WAYS

#: the short campaign takes its scenarios from so many turns of the table; one trouble leads at most so many more until
#: what it leads to was seen
TURNS, MORE = 3, 12


def seeds(trouble: Trouble, first: int, turns: int) -> list[int]:
    """Seeds that a trouble leads."""
    return [TROUBLES.index(trouble) + turn * len(TROUBLES) for turn in range(first, first + turns)]


def shows(made: Scenario) -> set[tuple[str, str]]:
    """What a scenario has a part in showing: troubles on its dialect, values of options, a way, a style."""
    strikes = {trouble.name for trouble in made.troubles if not must_lead(trouble)} | {made.lead.name}
    others = {*(choice.name for choice in made.choices), made.way.name, made.style}
    return {(name, made.dialect) for name in strikes} | {(name, "") for name in others}


def must_lead(trouble: Trouble) -> bool:
    """Does it show nothing without its own options, or without a task for each site?"""
    return bool(trouble.options) or trouble.per_site


def short() -> list[Scenario]:
    """Few scenarios that together show all that those of some turns do. Each trouble leads one; then come those that add
    most."""
    every = [scenario(seed) for trouble in TROUBLES for seed in seeds(trouble, 0, TURNS)]
    missing = set().union(*map(shows, every))
    chosen: list[Scenario] = []

    def take(able: list[Scenario]) -> None:
        chosen.append(max(able, key=lambda made: len(shows(made) & missing)))
        missing.difference_update(shows(chosen[-1]))

    for trouble in TROUBLES:
        take([made for made in every if made.lead is trouble])
    while missing:
        take(every)
    return chosen


ALL = short()


def unseen(trouble: Trouble, outcomes: list[Outcome]) -> list[str]:
    """What the scenarios that a trouble leads, as a whole, did not show."""
    found = []
    if not any(trouble.name in outcome.happened for outcome in outcomes):
        found.append(f"{trouble.name} never happened")
    results = sum((outcome.results for outcome in outcomes), Counter())
    if trouble.leads_to and not results[trouble.leads_to]:
        found.append(f"{trouble.name} led to {results}")
    return found


def fair_run(seed: int) -> Outcome:
    """A violation must show itself again: the world lives a hundred times as fast as this machine, which may have paused for
    a moment, and then an answer comes too late. In the soak each violation counts."""
    outcome = run(seed)
    if outcome.violations:
        again = run(seed)
        assert not again.violations, f"first:\n{outcome}\nagain:\n{again}"
        return again
    return outcome


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_nothing_is_sent_twice_lost_or_a_lie(trouble: Trouble) -> None:
    outcomes = [fair_run(made.seed) for made in ALL if made.lead is trouble]
    for seed in seeds(trouble, TURNS, MORE):
        # for the same reason something may not have come to pass
        if not unseen(trouble, outcomes):
            break
        outcomes.append(fair_run(seed))
    assert not unseen(trouble, outcomes)


def test_the_short_campaign_is_what_it_should_be() -> None:
    assert len({made.seed for made in ALL}) == len(ALL)
    for trouble in TROUBLES:
        assert any(made.lead is trouble for made in ALL)
        strikes = [made for made in ALL if (made.lead is trouble if must_lead(trouble) else trouble in made.troubles)]
        assert {made.dialect for made in strikes} == set(trouble.dialects)
    assert {choice.name for made in ALL for choice in made.choices} == set(BY_NAME)
    assert {made.way.name for made in ALL} == {way.name for way in WAYS}
    assert {made.style for made in ALL} == {FLEET, SITES, WAVES}
    # as many as are shown to come of something; planned is for dry runs alone
    assert {trouble.leads_to for trouble in TROUBLES} - {""} == set(verdict.RESULTS) - {"planned"}
    playbooks = sum(made.playbook for made in ALL)
    assert playbooks >= 0.05 * len(ALL)
    nine = {trouble.name for trouble in DEATHS if trouble.name.startswith("killed")}
    killed = sum(any(trouble.name in nine for trouble in made.troubles) for made in ALL)
    assert killed >= 0.2 * len(ALL)


def test_every_option_is_in_the_table() -> None:
    """Or is the campaign's own business."""
    own = {
        "all_sites",
        "fail_on_missing",
        "report_file",
        "run_id",
        "proven_history",
        "offer_history",
        "clients",
        "site_status",
        "progress",
    }
    assert own | set(OPTIONS) >= set(mainwp_batch_update.DOOR.spec)


def test_a_seed_makes_the_same_scenario_each_time() -> None:
    assert str(scenario(7)) == str(scenario(7))
    assert len({str(scenario(seed)).partition(":")[2] for seed in range(300)}) == 300
