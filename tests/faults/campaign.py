# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a scenario: trouble, kills, runs again, heals, and lets the world come to rest – asking the oracle each time."""

from __future__ import annotations

import tempfile
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import oracle, promises
from .case import Case
from .process import Group, Job, Playbook, zygote
from .runs import RUN, TIMEOUT, Run
from .scenario import FLEET, THROTTLE, WAVES, Scenario, scenario
from .ways import Open, opened
from .world import V1, World

UPDATE, SYNC = "mainwp_batch_update", "mainwp_sync"
#: what the story tells of an update
ENTRY = ("type", "slug", "version_before", "version_planned", "version_after", "result", "reason", "message")
#: what the runs at the end are told: everything, repairing what is broken
CLEAN = {"all_sites": True, "reconnect": True, "max_age": 0, "hold_after": 0, "wait_timeout": 120, "poll_interval": 1}


@dataclass
class Outcome:
    """What came of a scenario."""

    seed: int
    violations: list[str] = field(default_factory=list)
    #: troubles that were arranged and really happened, and options that made a difference
    happened: set[str] = field(default_factory=set)
    mattered: set[str] = field(default_factory=set)
    #: results of updates that were reported
    results: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    seconds: float = 0.0
    #: what happened, line by line, if something was wrong
    story: list[str] = field(default_factory=list)

    @property
    def scenario(self) -> Scenario:
        """What was run."""
        return scenario(self.seed)

    def __str__(self) -> str:
        lines = [str(self.scenario), *(f"  VIOLATION: {text}" for text in self.violations)]
        return "\n".join([*lines, f"  again: make soak SEED={self.seed} COUNT=1"])


class Campaign:
    """One scenario at work."""

    def __init__(self, made: Scenario, folder: Path) -> None:
        self.scenario = made
        self.folder = folder
        (folder / "history").mkdir()
        self.world = World(made.seed, made.dialect, max(trouble.sites for trouble in (made.lead, *made.troubles)))
        self.outcome = Outcome(made.seed)
        self.runs: list[Run] = []
        self.options: dict[str, Any] = {}
        self.way = Open({})

    def go(self) -> Outcome:
        """From the first request to the last word of the oracle."""
        began = time.monotonic()
        made = self.scenario
        with self.world.sim, opened(made.way, self.world.sim, self.world.random) as self.way:
            if "health_check" in made.options:
                self.world.sim.serve_children()
            for trouble in made.troubles:
                self.world.arranged[trouble.name] = trouble.arrange(self.world)
            self.options = {
                name: value(self.world) if callable(value) else value for name, value in made.options.items()
            }
            self._troubled()
            if self.way.mattered:
                self.outcome.mattered.add(made.way.name)
            self.outcome.happened = {name for name, hit in self.world.arranged.items() if hit()}
            self._come_to_rest()
        self.outcome.runs = len(self.runs)
        if self.outcome.violations:
            self.outcome.story = self._story()
        self.outcome.seconds = time.monotonic() - began
        return self.outcome

    # -- the phases ------------------------------------------------------------------------------------------------

    def _troubled(self) -> None:
        scenario = self.scenario
        if scenario.sync_first:
            known = ("all_sites", "max_age", "reconnect", "retries")
            options = {key: value for key, value in self.options.items() if key in known}
            self._finish(self._start({**options, "all_sites": True}, job=SYNC))
        dry = self._start(self.options, check=True) if scenario.check_first else None
        if dry:
            self._finish(dry)
        first = self._start(self.options, playbook=scenario.playbook)
        second = None
        if scenario.twice:
            self.world.fleet.clock.sleep(scenario.between)
            second = self._start(self.options)
        self._finish(first)
        if second:
            self._finish(second)
        if dry and scenario.still and not second:
            case = Case(self.world, first, self.runs)
            self.outcome.violations += [f"run {first.number}: {text}" for text in promises.kept_word(case, dry)]
        if first.dead:
            if scenario.relents:
                self.world.sim.faults.clear()
            self.world.fleet.clock.advance(self.world.random.choice([0, 60, 600, 3000]))
            self._finish(self._start(self.options, playbook=scenario.playbook))

    def _come_to_rest(self) -> None:
        """Clean runs until there is nothing to do: the second or, at most, the third."""
        self.world.heal()
        self._finish(self._start(CLEAN))
        for last in (False, True):
            run = self._start(CLEAN)
            self._finish(run)
            restless = oracle.restless(self.world, run)
            if not restless:
                return
            if last:
                self.outcome.violations += restless

    def _story(self) -> list[str]:
        """Requests, what really happened, and what the runs said, in order."""
        start = self.runs[0].began
        lines: list[tuple[float, str]] = []
        for entry in list(self.world.sim.journal.entries):
            asked = entry.json or {name: value for name, value in entry.query.items() if name != "_fields"} or ""
            what = f"{entry.method} {entry.path} {asked}"
            run = entry.headers.get(RUN)
            lines.append((entry.time, f"run {run} [{entry.number}] {what} {entry.status} {entry.fault}"))
        for event in list(self.world.sim.truth):
            what = f"{event.site_id} {event.type} {event.slug}: {event.before} → {event.after}"
            lines.append((event.at, f"    moved by {event.by}: {what}"))
        for run in self.runs:
            lines.append((run.began, f"-- run {run.number} begins {run.options}"))
            lines += [(when, f"-- run {run.number} gets signal {number}") for number, when in run.signals]
            for report in run.ended.results:
                told = [f"-- run {run.number} ends, failed: {report.get('failed')}, {report['msg']}"]
                for site in report.get("sites", ()):
                    told.append(f"     {site['id']} {site['result']} {site.get('reason')} {site.get('message')}")
                    told += [
                        "       " + " ".join(str(entry[key]) for key in ENTRY) for entry in site.get("updates", ())
                    ]
                lines.append((run.over, "\n".join(told)))
        return [f"{when - start:8.1f} {text}" for when, text in sorted(lines, key=lambda line: line[0])]

    # -- one run -----------------------------------------------------------------------------------------------------

    def _start(self, options: dict[str, Any], *, job: str = UPDATE, check: bool = False, playbook: bool = False) -> Run:
        world, scenario = self.world, self.scenario
        number = len(self.runs) + 1
        connection = {
            **(
                {"url": world.sim.url, "rest_prefix": world.sim.rest_prefix}
                if options is CLEAN
                else self.way.connection
            ),
            "api_key": world.sim.key().token,
            "api_version": "v1" if scenario.dialect == V1 else "v2",
            "headers": {**options.get("headers", {}), RUN: str(number)},
            "allow_http": True,
            "connect_timeout": 100,
            "timeout": TIMEOUT,
            "retry_max_delay": 10,
        }
        everything = {**options, **connection}
        for name in ("lock_dir", "proven_history", "offer_history"):
            if options.get(name, "none") != "none":
                everything[name] = str(self.folder / options[name])
        jobs: list[Job] = [(job, everything)]
        hosts = scenario.style != FLEET and job == UPDATE and options is not CLEAN
        if hosts:
            own = {"all_sites": False, "run_id": f"run {number}"}
            jobs = [(job, {**everything, **own, "sites": [str(site)]}) for site in world.fleet.sites]
        run = Run(number, job, options, check=check, clean=options is CLEAN, per_site=hosts)
        run.url = connection["url"]
        run.lanes = THROTTLE if hosts and scenario.style == WAVES else 1
        if job == UPDATE:
            run.files = [self.folder / f"report{number}-{index}.json" for index in range(len(jobs))]
            jobs = [(job, {**own, "report_file": str(path)}) for (_job, own), path in zip(jobs, run.files, strict=True)]
        run.verbose = run.clean or scenario.verbose or playbook
        self.runs.append(run)
        run.began = world.stopwatch()
        started = threading.Event()

        def kill(signal: int) -> None:
            started.wait(5)
            run.signals.append((signal, world.stopwatch()))
            process.kill(signal)

        if not run.clean and (number == 1 or not any(earlier.signals for earlier in self.runs)):
            world.kill = kill
        process: Any
        if playbook:
            workers_too = world.random.random() < 0.5
            process = Playbook(self.folder, world.sim, jobs[0], world.clock, connection, workers_too)
            run.playbook = True
        else:
            queues = [jobs[lane :: run.lanes] for lane in range(min(run.lanes, len(jobs)))]
            parts = [zygote().run(queue, world.clock, verbose=run.verbose, check=check) for queue in queues]
            process = Group(parts)
        run.process = process
        started.set()
        return run

    def _finish(self, run: Run) -> None:
        """Wait for a run's end, and ask the oracle."""
        run.ended = run.process.wait()
        run.over = self.world.stopwatch()
        case = Case(self.world, run, self.runs)
        self.outcome.violations += [f"run {run.number}: {text}" for text in oracle.findings(case)]
        if not run.clean and run.job == UPDATE:
            self.outcome.mattered |= {choice.name for choice in self.scenario.choices if choice.mattered(case)}
        for report in run.reports:
            self.outcome.results.update(
                entry["result"] for site in report["sites"] for entry in site.get("updates", ())
            )


def run(seed: int) -> Outcome:
    """The scenario of a seed, in a folder of its own. What breaks in the campaign itself is a finding, too."""
    made = scenario(seed)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        try:
            return Campaign(made, Path(folder)).go()
        except Exception as error:
            return Outcome(seed, [f"the campaign broke: {error!r}\n{traceback.format_exc()}"])
