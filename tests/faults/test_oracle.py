# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle finds each kind of lie: a good run is doctored, and must not pass any more."""

from __future__ import annotations

import copy
import json
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulator import Moved, Offer

from . import oracle, promises
from .campaign import Campaign
from .case import Case
from .runs import RUN, Run, site_of
from .scenario import FLEET, scenario
from .ways import WAYS, opened
from .world import World

OPTIONS = {"all_sites": True, "max_age": 0, "retries": 0, "wait_timeout": 60, "poll_interval": 1, "concurrency": 4}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A run without trouble on which the oracle has nothing to say."""
    made = replace(
        scenario(0),
        troubles=(),
        lead=replace(scenario(0).lead, options=OPTIONS),
        choices=(),
        way=WAYS[0],
        style=FLEET,
        playbook=False,
        sync_first=False,
        check_first=False,
        verbose=True,
    )
    campaign = Campaign(made, tmp_path_factory.mktemp("good"))
    forms = campaign.world.fleet.sites[1].child.plugin("acme-forms/acme-forms.php")
    assert forms
    forms.offer = Offer("1.0.1", broken_package=True)
    campaign.options = made.options
    with campaign.world.sim, opened(made.way, campaign.world.sim, campaign.world.random) as campaign.way:
        campaign._troubled()
    assert campaign.outcome.violations == []
    return campaign


class Doctor:
    """A copy of the good run that can be tampered with."""

    def __init__(self, good: Campaign) -> None:
        self.world: World = copy.copy(good.world)
        self.world.sim = copy.copy(good.world.sim)
        self.world.sim.journal = copy.copy(good.world.sim.journal)
        self.world.sim.journal.entries = list(good.world.sim.journal.entries)
        self.world.fleet = self.world.sim.fleet = copy.copy(good.world.fleet)
        self.world.fleet.truth = copy.copy(good.world.fleet.truth)
        self.run: Run = replace(good.runs[0], ended=copy.deepcopy(good.runs[0].ended), signals=[], files=[])
        self.report: dict[str, Any] = self.run.ended.results[0]
        self.others: list[Run] = []

    def findings(self) -> list[str]:
        """What the oracle says."""
        return oracle.findings(Case(self.world, self.run, [self.run, *self.others]))

    def options(self, **more: Any) -> None:
        """The run was told more than it did."""
        self.run.options = {**OPTIONS, **more}

    def moves(self, event: Moved, **changes: Any) -> None:
        """Something else happened."""
        self.world.fleet.truth.append(replace(event, **changes))

    def entry(self, *results: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """(site, update) of the first update with one of the results."""
        return next(
            (site, entry) for site in self.report["sites"] for entry in site["updates"] if entry["result"] in results
        )

    def moved(self) -> Moved:
        """A plugin that really moved."""
        return next(event for event in self.world.fleet.truth if event.type == "plugin" and event.by != "outside")

    def work(self) -> Any:
        """The first write that started work: plugins of a site."""
        return self.world.sim.journal.work()[0]

    def add(self, entry: Any, **changes: Any) -> None:
        """One more request."""
        entries = self.world.sim.journal.entries
        entries.append(replace(entry, number=10_000 + len(entries), **changes))

    def file(self, folder: Path, text: str) -> None:
        """What it left in its report file."""
        self.run.files = [folder / "report.json"]
        self.run.files[0].write_text(text)


def a_failure_is_called_updated(case: Doctor, _folder: Path) -> None:
    case.entry("failed")[1].update(result="updated", version_after="1.0.1")


def what_moved_is_called_failed(case: Doctor, _folder: Path) -> None:
    case.entry("updated")[1].update(result="failed", reason="not_moved")


def what_moved_is_called_unchanged(case: Doctor, _folder: Path) -> None:
    case.entry("updated")[1].update(result="unchanged", reason="moved_elsewhere")


def what_moved_is_not_named(case: Doctor, _folder: Path) -> None:
    site, entry = case.entry("updated")
    site["updates"].remove(entry)


def what_is_still_offered_is_not_named(case: Doctor, _folder: Path) -> None:
    site, entry = case.entry("failed")
    site["updates"].remove(entry)
    site["result"] = "updated"


def the_version_before_is_wrong(case: Doctor, _folder: Path) -> None:
    case.entry("updated")[1]["version_before"] = "0.1"


def the_version_after_is_wrong(case: Doctor, _folder: Path) -> None:
    case.entry("updated")[1]["version_after"] = "0.1"


def an_untouched_site_is_called_changed(case: Doctor, _folder: Path) -> None:
    case.report["sites"].append({**case.report["sites"][0], "id": 99, "updates": [], "changed": True})


def the_task_denies_its_changes(case: Doctor, _folder: Path) -> None:
    case.report["changed"] = False


def trouble_is_green(case: Doctor, _folder: Path) -> None:
    case.report["failed"] = False


def a_reason_is_made_up(case: Doctor, _folder: Path) -> None:
    case.entry("failed")[1]["reason"] = "bad_luck"


def a_secret_is_shown(case: Doctor, _folder: Path) -> None:
    case.run.ended.output = f"key: {case.world.sim.key().token}"


def a_traceback_is_shown(case: Doctor, _folder: Path) -> None:
    case.run.ended.output = "Traceback (most recent call last):"


def there_is_no_result(case: Doctor, _folder: Path) -> None:
    case.run.ended.results.clear()


def the_report_is_lost(case: Doctor, _folder: Path) -> None:
    error = {"message": "It broke.", "reason": "answer_lost"}
    case.run.ended.results[:] = [{"failed": True, "changed": False, "msg": "It broke.", "error": error}]


def it_hangs(case: Doctor, _folder: Path) -> None:
    case.run.ended.hung = True


def a_write_is_sent_twice(case: Doctor, _folder: Path) -> None:
    case.add(case.work())


def a_write_comes_without_a_sync(case: Doctor, _folder: Path) -> None:
    entries = case.world.sim.journal.entries
    entries[:] = [entry for entry in entries if not entry.path.endswith("/sync")]


def a_new_run_sends_again_what_had_moved(case: Doctor, _folder: Path) -> None:
    entries = case.world.sim.journal.entries
    sync = next(entry for entry in entries if entry.path == f"/mainwp/v2/sites/{site_of(case.work())}/sync")
    for entry, number in ((sync, 20_000), (case.work(), 20_001)):
        headers = {**entry.headers, RUN: "2"}
        entries.append(replace(entry, number=number, headers=headers, time=case.run.over + 1))
    case.run = Run(2, case.run.job, OPTIONS, signals=[(signal.SIGKILL, case.run.over + 9)], began=case.run.over)


def a_batch_is_begun_twice(case: Doctor, _folder: Path) -> None:
    for _time in range(2):
        case.add(case.work(), path="/mainwp/v2/updates/1/update", json=None)


def a_write_starts_after_the_signal(case: Doctor, _folder: Path) -> None:
    case.run.signals = [(signal.SIGTERM, case.run.began)]
    case.add(case.work(), time=case.run.began + 2 * oracle.GRACE, path="/mainwp/v2/updates/1/update/wp", json=None)


def an_excluded_site_is_touched(case: Doctor, _folder: Path) -> None:
    case.options(exclude_sites=["1"])


def another_run_is_at_work(case: Doctor, _folder: Path) -> None:
    case.others.append(Run(2, case.run.job, OPTIONS))
    headers = {**case.work().headers, RUN: "2"}
    case.add(case.work(), time=case.work().time - 5, ended=case.work().time + 5, headers=headers)


def a_plugin_is_destroyed(case: Doctor, _folder: Path) -> None:
    case.moves(case.moved(), before=case.moved().after, after="")


def an_older_release_is_installed(case: Doctor, _folder: Path) -> None:
    case.moves(case.moved(), before=case.moved().after, after="0.1")


def a_site_without_the_tag_is_touched(case: Doctor, _folder: Path) -> None:
    for site in case.world.fleet.sites.values():
        assert len(case.world.fleet.sites) > 1
        site.tags = [] if site.id > 1 else [1]
    case.options(site_tags=["canary"])


def a_kind_is_updated_that_was_not_asked_for(case: Doctor, _folder: Path) -> None:
    case.options(types=["translations"])


def what_was_excluded_is_updated(case: Doctor, _folder: Path) -> None:
    case.options(exclude_updates=["acme-cache"])


def what_was_not_included_is_updated(case: Doctor, _folder: Path) -> None:
    case.options(include_updates=["core:*"])


def what_is_not_in_the_plan_is_updated(case: Doctor, _folder: Path) -> None:
    case.options(plan=[{"site_id": 1, "type": "core", "slug": "wordpress"}])


def a_site_without_a_backup_is_updated(case: Doctor, _folder: Path) -> None:
    case.options(max_backup_age=-case.world.fleet.clock.now())


def what_no_canary_runs_is_updated(case: Doctor, _folder: Path) -> None:
    case.options(proven_on={"site_tags": ["canary"]})
    for site in case.world.fleet.sites.values():
        site.tags = []


def a_release_is_not_held(case: Doctor, _folder: Path) -> None:
    case.options(hold_after=1, concurrency=1, health_check={})
    for site in (1, 2, 3):
        case.moves(case.moved(), site_id=site, type="page", before="working", after="broken")


def it_begins_too_late(case: Doctor, _folder: Path) -> None:
    case.options(stop_after="-100")


def nobody_looks_at_the_pages(case: Doctor, _folder: Path) -> None:
    case.options(health_check={"patience": 10})


def a_slug_is_masked(case: Doctor, _folder: Path) -> None:
    case.entry("failed")[1]["slug"] = "********"


def the_address_is_masked(case: Doctor, _folder: Path) -> None:
    case.report["dashboard"]["url"] = "********"


def a_requirement_is_made_up(case: Doctor, _folder: Path) -> None:
    case.entry("failed")[1].update(result="skipped", reason="requires_wp")


def a_dry_run_writes(case: Doctor, _folder: Path) -> None:
    case.run.check = True


def the_report_file_is_not_whole(case: Doctor, folder: Path) -> None:
    case.file(folder, '{"sites": [')


def the_report_file_is_not_complete(case: Doctor, folder: Path) -> None:
    case.file(folder, json.dumps({**case.report, "complete": False}))


def the_report_file_lies(case: Doctor, folder: Path) -> None:
    a_failure_is_called_updated(case, folder)
    case.file(folder, json.dumps({**case.report, "complete": False}))
    case.run.signals = [(signal.SIGKILL, case.run.over)]


LIES: list[Callable[[Doctor, Path], None]] = [
    a_failure_is_called_updated,
    what_moved_is_called_failed,
    what_moved_is_called_unchanged,
    what_moved_is_not_named,
    what_is_still_offered_is_not_named,
    the_version_before_is_wrong,
    the_version_after_is_wrong,
    an_untouched_site_is_called_changed,
    the_task_denies_its_changes,
    trouble_is_green,
    a_reason_is_made_up,
    a_secret_is_shown,
    a_traceback_is_shown,
    there_is_no_result,
    the_report_is_lost,
    it_hangs,
    a_write_is_sent_twice,
    a_write_comes_without_a_sync,
    a_new_run_sends_again_what_had_moved,
    a_batch_is_begun_twice,
    a_write_starts_after_the_signal,
    an_excluded_site_is_touched,
    another_run_is_at_work,
    a_plugin_is_destroyed,
    an_older_release_is_installed,
    a_site_without_the_tag_is_touched,
    a_kind_is_updated_that_was_not_asked_for,
    what_was_excluded_is_updated,
    what_was_not_included_is_updated,
    what_is_not_in_the_plan_is_updated,
    a_site_without_a_backup_is_updated,
    what_no_canary_runs_is_updated,
    a_release_is_not_held,
    it_begins_too_late,
    nobody_looks_at_the_pages,
    a_slug_is_masked,
    the_address_is_masked,
    a_requirement_is_made_up,
    a_dry_run_writes,
    the_report_file_is_not_whole,
    the_report_file_is_not_complete,
    the_report_file_lies,
]


@pytest.mark.parametrize("tell", LIES, ids=lambda tell: tell.__name__)
def test_a_lie_is_found(good: Campaign, tmp_path: Path, tell: Callable[[Doctor, Path], None]) -> None:
    assert Doctor(good).findings() == []
    lying = Doctor(good)
    tell(lying, tmp_path)
    assert lying.findings()


def test_every_promise_is_broken_once(good: Campaign, tmp_path: Path) -> None:
    """Each rule about options finds one of the lies, and nothing in the good run."""
    found: set[str] = set()
    for tell in LIES:
        case = Doctor(good)
        tell(case, tmp_path)
        if case.run.ended.results and not case.run.ended.hung:
            one = Case(case.world, case.run, [case.run, *case.others])
            found |= {promise.__name__ for promise in promises.PROMISES if list(promise(one))}
    assert found == {promise.__name__ for promise in promises.PROMISES}


def test_a_dry_run_that_is_not_true_is_found(good: Campaign) -> None:
    real, dry = Doctor(good), Doctor(good)
    dry.run.check = True
    case = Case(real.world, real.run, [real.run])
    for site in dry.report["sites"]:
        site["result"] = "failed" if site["reason"] == "locked_out" else "unchanged"
        for entry in site["updates"]:
            entry["result"] = entry["result"] if entry["result"] == "skipped" else "planned"
    assert list(promises.kept_word(case, dry.run)) == []
    site, entry = dry.entry("planned")
    site["stale"] = False
    site["updates"].remove(entry)
    assert list(promises.kept_word(case, dry.run))


def test_a_run_that_ends_before_it_begins_owes_no_result(good: Campaign) -> None:
    case = Doctor(good)
    case.run = Run(9, case.run.job, OPTIONS, signals=[(signal.SIGTERM, 0.0)])
    assert case.findings() == []
    case.run.signals.clear()
    assert case.findings()


def test_an_update_that_is_left_is_found(good: Campaign) -> None:
    case = Doctor(good)
    assert oracle.restless(case.world, case.run)
