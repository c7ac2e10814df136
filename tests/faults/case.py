# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run before the oracle: its requests, what really happened, and what it said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator import Moved
from simulator.journal import Entry

from .runs import RUN, Run, is_batch, is_sync, items_of, refused, site_of
from .world import Item, World

KINDS = ("plugin", "theme", "core", "translation")


class Case:
    """A run in its world."""

    def __init__(self, world: World, run: Run, runs: Sequence[Run]) -> None:
        self.world, self.run, self.runs = world, run, runs
        entries = list(world.sim.journal.entries)
        self.by_number = {entry.number: entry for entry in entries}
        self.own = [entry for entry in entries if entry.headers.get(RUN) == str(run.number)]
        work = {entry.number for entry in world.sim.journal.work()}
        self.work = [entry for entry in self.own if entry.number in work]
        self.events: dict[Item, list[Moved]] = {}
        for event in list(world.sim.truth):
            self.events.setdefault((event.site_id, event.type, event.slug), []).append(event)

    @property
    def options(self) -> dict[str, Any]:
        """The run's options."""
        return self.run.options

    @property
    def sites(self) -> list[dict[str, Any]]:
        """What the reports say of sites."""
        return [site for report in self.run.reports for site in report["sites"]]

    def told(self) -> dict[Item, dict[str, Any]]:
        """What the reports say of each update."""
        return {
            (site["id"], entry["type"], entry["slug"]): entry
            for site in self.sites
            for entry in site.get("updates", ())
        }

    def reasons(self) -> set[str]:
        """All reasons that were told, of sites and of updates."""
        return {site["reason"] for site in self.sites} | {entry["reason"] for entry in self.told().values()}

    def sent(self) -> list[tuple[Item, Entry]]:
        """Each update that was asked for, with its request; batches name none."""
        return [(item, entry) for entry in self.work for item in items_of(entry)]

    def syncs(self, site: int) -> list[Entry]:
        """The run's syncs of a site."""
        return [entry for entry in self.own if is_sync(entry) and site_of(entry) == site]

    def ours(self, item: Item) -> list[Moved]:
        """What this run made happen to an update."""
        return [event for event in self.events.get(item, []) if self.run.number in self.doers(event)]

    def moves(self) -> list[tuple[Item, Moved]]:
        """All versions that this run moved."""
        items = [item for item in self.events if item[1] in KINDS]
        return [(item, event) for item in items for event in self.ours(item) if event.at >= self.run.began]

    def doers(self, event: Moved) -> set[int]:
        """The runs that made something happen; none if it was somebody else."""
        if event.by.startswith("request "):
            entry = self.by_number.get(int(event.by.removeprefix("request ")))
            return {int(entry.headers[RUN])} if entry and RUN in entry.headers else set()
        if event.by != "cron":
            return set()
        # a run that found a batch under way has joined it, not begun it
        begun = {start.request for start in self.world.starts if start.begun}
        asked = (
            entry
            for entry in self.world.sim.journal.work()
            if is_batch(entry)
            and not refused(entry)
            and entry.number in begun
            and site_of(entry) in (0, event.site_id)
            and RUN in entry.headers
            and entry.time <= event.at
        )
        return {int(entry.headers[RUN]) for entry in asked}
