# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hold_after sees every way in which a release harms a site: a release never goes through the whole fleet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration import _fleets as fleets
from integration._fleets import PLUGIN, UPDATE, child, fleet
from integration._job import at_once, job, site

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from simulator import Child, Offer, Simulator, Translation

#: Nothing of Ansible has a part in these.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]

Simulate = Callable[..., Simulator]
LANES = 4
RUN = {"all_sites": True, "wait_timeout": 4, "poll_interval": 0, "health_check": {"patience": 0}}


def served(simulate: Simulate, *children: Child, dialect: str = "abilities") -> Simulator:
    """A simulator that serves the children's pages."""
    sim = simulate(at_once(fleet(*children)), dialect)
    sim.serve_children()
    return sim


def counts(result: dict[str, Any]) -> Counter[str]:
    """The results of the plugin's updates."""
    return Counter(
        entry["result"] for found in result["sites"] for entry in found["updates"] if entry["slug"] == PLUGIN
    )


HARM: dict[str, dict[str, Any]] = {
    "kills the site": {"kills_site": True},
    "breaks the pages": {"breaks_page": True},
    "deactivates itself": {"deactivates": True},
    "cannot be downloaded": {"broken_package": True},
    "does not move": {"claims_success_without_moving": True},
}


def test_a_harmful_release_is_held_however_it_is_spelled(simulate: Simulate) -> None:
    offers = [Offer(version, broken_package=True) for version in ("1.1", "v1.1.0", "1.1.0", "1.1", "1.10")]
    result = job(served(simulate, *(child(offer) for offer in offers)), **RUN, concurrency=1)
    assert [found["updates"][0]["result"] for found in result["sites"]] == [
        "failed",
        "failed",
        "held",
        "held",
        "failed",
    ]


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_a_harmful_release_is_held(simulate: Simulate, dialect: str, harm: dict[str, Any]) -> None:
    sim = served(simulate, *(child(Offer("1.1.0", **harm)) for dummy in range(8)), dialect=dialect)
    result = job(sim, **RUN, concurrency=1)
    assert len(sim.journal.work()) == 2
    assert counts(result)["held"] == 6
    sim = served(simulate, *(child(Offer("1.1.0", **harm)) for dummy in range(12)), dialect=dialect)
    job(sim, **RUN)
    assert len(sim.journal.work()) <= 2 + LANES - 1


@pytest.mark.parametrize("harm", [HARM["kills the site"], HARM["breaks the pages"]])
def test_every_release_that_was_sent_to_such_sites_is_held_and_no_other(
    simulate: Simulate, harm: dict[str, Any]
) -> None:
    """Nobody can tell which of them it was."""
    bad = [child(Offer("1.1.0", **harm), theme=Offer("1.2")) for dummy in range(2)]
    other = child(Offer("1.2.0"), theme=Offer("1.3"))
    sim = served(simulate, *bad, child(Offer("1.1.0"), theme=Offer("1.2")), other)
    result = job(sim, **RUN, concurrency=1)
    assert {entry["result"] for entry in site(result, 3)["updates"]} == {"held"}
    assert {entry["result"] for entry in site(result, 4)["updates"]} == {"updated"}


def test_a_site_that_is_gone_counts_while_its_lost_answer_is_waited_for(simulate: Simulate, dialect: str) -> None:
    """It is looked at again and again, and its lane is free for the next one meanwhile."""
    sim = served(simulate, *(child(Offer("1.1.0", kills_site=True)) for dummy in range(8)), dialect=dialect)
    sim.faults.add(action="gateway_timeout", method="POST", path=UPDATE.format(r"\d+", "plugins"), times=None)
    result = job(sim, **{**RUN, "wait_timeout": 3, "poll_interval": 1}, concurrency=1)
    assert len(sim.journal.work()) == 2
    assert counts(result) == {"unknown": 2, "held": 6}


def test_a_slow_gateway_in_front_of_healthy_sites_holds_nothing(simulate: Simulate, dialect: str) -> None:
    """Each answer is lost, and each update is on its way."""
    sim = served(simulate, *(child(Offer("1.1.0")) for dummy in range(6)), dialect=dialect)
    sim.faults.add(
        action="gateway_timeout", method="POST", path=UPDATE.format(r"\d+", "plugins"), times=None, delay=0.5
    )
    result = job(sim, **{**RUN, "wait_timeout": 100, "poll_interval": 1}, concurrency=2, hold_after=1)
    assert counts(result) == {"updated": 6}


def test_what_never_moved_after_a_lost_answer_counts_in_the_end(simulate: Simulate) -> None:
    sim = served(simulate, *(child(Offer("1.1.0")) for dummy in range(3)))
    sim.faults.add(action="status", method="POST", path=UPDATE.format(r"[12]", "plugins"), times=None, code=504)
    result = job(sim, **{**RUN, "wait_timeout": 0}, concurrency=1)
    assert counts(result) == {"unknown": 2, "held": 1}


def test_two_languages_on_one_site_are_one_site(simulate: Simulate) -> None:
    def translated(fails: str | None) -> Child:
        both = [Translation("shop", "Shop", "1.0.0", language, fails_with=fails) for language in ("de_DE", "fr_FR")]
        return child(None, translations=both)

    sim = served(simulate, translated("no"), translated(None), translated(None))
    result = job(sim, **RUN, concurrency=1)
    assert [site(result, number)["result"] for number in (1, 2, 3)] == ["failed", "updated", "updated"]


def test_pages_that_were_broken_before_and_nobody_can_see_speak_against_nothing(simulate: Simulate) -> None:
    sim = served(simulate, *(child(Offer("1.1.0")) for dummy in range(4)))
    for number, status in ((1, 500), (2, 403), (3, 500)):
        sim.fleet.sites[number].child.page.status = status
    result = job(sim, **RUN, concurrency=1, hold_after=1)
    assert counts(result) == {"updated": 4}


def test_trouble_with_the_key_speaks_against_no_release(simulate: Simulate, tmp_path: Path) -> None:
    """The run ends, and what others of the same run do is not held for it."""
    shared = {**RUN, "lock_dir": str(tmp_path), "run_id": "tonight", "hold_after": 1}
    sim = served(simulate, child(Offer("1.1.0")), child(Offer("1.1.0")))
    sim.faults.add(action="status", method="POST", path=fleets.SYNC.format(1), skip=1, code=401, body={"code": "x"})
    first = job(sim, **{**shared, "all_sites": False, "sites": ["1"]})
    assert counts(first) == {"unknown": 1}
    second = job(sim, **{**shared, "all_sites": False, "sites": ["2"]})
    assert counts(second) == {"updated": 1}


# -- a task for each site ------------------------------------------------------------------------------------------


def test_tasks_of_one_run_hold_together(simulate: Simulate, tmp_path: Path) -> None:
    sim = served(simulate, *(child(Offer("1.1.0", kills_site=True)) for dummy in range(4)))
    shared = {**RUN, "all_sites": False, "lock_dir": str(tmp_path)}
    results = [job(sim, **shared, sites=[str(number)], run_id="tonight") for number in (1, 2, 3)]
    assert [counts(result) for result in results] == [{"unknown": 1}, {"unknown": 1}, {"held": 1}]
    assert results[2]["failed"] is False
    assert counts(job(sim, **shared, sites=["4"], run_id="tomorrow")) == {"unknown": 1}


def test_a_ledger_that_cannot_be_written_is_a_warning_and_stops_nothing(simulate: Simulate, tmp_path: Path) -> None:
    sim = served(simulate, child(Offer("1.1.0")), child(Offer("1.1.0")))
    shared = {**RUN, "all_sites": False, "lock_dir": str(tmp_path), "run_id": "tonight"}
    job(sim, **shared, sites=["1"])
    (path,) = tmp_path.glob("run-*")
    path.unlink()
    path.mkdir()
    reporter = Collector(verbose=True)
    result = job(sim, **shared, sites=["2"], reporter=reporter)
    assert counts(result) == {"updated": 1}
    assert len([text for text in reporter.warnings if "hold_after counts for each task alone" in text]) == 1
