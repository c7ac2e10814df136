# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a Dashboard as a tree says: rehearse all kinds → act kind after kind where something differs → purge. PRIVATE to the
collection.

The rehearsal is check mode: each kind is planned as it would be after those before it, and whatever cannot be is refused for
all of them at once, before the first write.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .. import _errors as errors
from .._dashboard import Dashboard
from .._jobs import sync
from .._jobs._common import Reporter, refuse_read_only_key
from .._jobs._lane_options import LaneOptions, lane_options_from
from .._locks import lock_directory, look_at
from .._secrets import Secrets
from .._selection import Selection
from . import _telling as telling
from ._alone import alone
from ._entry import Tree
from ._looking_up import looked_up
from ._mistakes import Mistakes
from ._part import Part, Stage, attempted
from ._purging import Purging
from ._resource_part import ResourcePart
from ._settings_part import SettingsPart
from ._sites_part import SitesPart
from ._things_part import ThingsPart
from ._tree import secrets_of, tree_from
from .kinds import CAREFULLY, KINDS, Kind

#: How long data of sites is believed, and an answer waited for; and between two looks, seconds.
_DAY, _WAIT, _POLL = 86400, 600, 5
_ENDED = "The run ended before it was done."


@dataclass(frozen=True)
class Options:
    """The checked options of a task."""

    #: Of the kinds that are looked at.
    tree: Tree
    #: How carefully.
    lanes: LaneOptions
    purge: tuple[str, ...]
    purge_max: int
    prefix: str
    #: The same as entries take it.
    task: Mapping[str, Any] = field(compare=False)
    #: What must be seen in no sentence.
    secrets: Secrets = field(compare=False)


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError, before any request: all mistakes of the tree at once."""
    task = {"max_age": _DAY, **{name: params[name] for name in CAREFULLY if params.get(name) is not None}}
    tree, only = tree_from(params), params.get("only")
    if only is not None:
        members = tree.members if "sites" in only else ()
        tree = Tree({name: entries for name, entries in tree.entries.items() if name in only}, members)
    return Options(
        tree,
        lane_options_from(task, required=False, wait=_WAIT, poll=_POLL),
        tuple(params.get("purge") or ()),
        params.get("purge_max") or 0,
        params.get("tree_prefix") or "",
        task,
        secrets_of(params),
    )


def _fields(tree: Tree) -> tuple[str, ...]:
    """Which fields of sites the things of a tree need."""
    firsts = [kind.checked(tree.of(kind.name)[0].options) for kind in KINDS if kind.on_sites and tree.of(kind.name)]
    return tuple(sorted({name for wanted in firsts for name in wanted.kind.fields}))


def part_of(kind: Kind) -> type[Part]:
    """The engine that does a kind."""
    if kind.on_sites:
        return ThingsPart
    if kind.resource is None:
        return SettingsPart
    return SitesPart if kind.name == "sites" else ResourcePart


def run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """Make it so, or tell what would be done. Raises MainWPError before the first write only."""
    whole = _rehearsed(dashboard, options, reporter)
    if not whole.has_work:
        return whole.result(check_mode)
    refuse_read_only_key(dashboard, reporter, check_mode)
    if check_mode:
        look_at(lock_directory(options.task.get("lock_dir")))
        return whole.result(check_mode)
    with alone(dashboard, options.task, reporter) as waited:
        if waited:  # somebody else did what was planned, or something else
            whole = _rehearsed(dashboard, options, reporter)
        if whole.has_work:
            whole.act()
        return whole.result(check_mode)


def _rehearsed(dashboard: Dashboard, options: Options, reporter: Reporter) -> _Run:
    whole = _Run(dashboard, options, reporter)
    whole.rehearse()
    return whole


class _Run:
    """One tree, one Dashboard."""

    def __init__(self, dashboard: Dashboard, options: Options, reporter: Reporter) -> None:
        self.dashboard, self.options, self.reporter = dashboard, options, reporter
        self.stage = Stage(dashboard, reporter, Mistakes(secrets=options.secrets), options.prefix)
        self.parts: list[Part] = []
        self.purging = Purging(())
        #: Why nothing more must start.
        self.broken = ""
        #: Id → address of sites whose data is too old to be believed.
        self.stale: dict[int, str] = {}

    def rehearse(self) -> None:
        """Plan all. Raises InputError for all that cannot be, and MainWPError for what cannot be read."""
        stage, options, tree = self.stage, self.options, self.options.tree
        stage.fields = _fields(tree)
        with self.dashboard.v2.rehearsal(stage.fields):
            tree = looked_up(self.dashboard, tree, options.purge, stage.mistakes)
            self.parts = [
                part_of(kind)(kind, tree.of(kind.name), options.task) for kind in KINDS if kind.name in tree.entries
            ]
            for part in self.parts:
                part.is_whole = part.kind.name in options.tree.entries
                part.rehearse(stage)
            for part in self.parts:
                if isinstance(part, SettingsPart):
                    part.settle(stage)
            stale = {number for part in self.parts if isinstance(part, ThingsPart) for number in part.stale}
            if stale:
                self.stale = {site.id: site.url for site in self.dashboard.v2.sites.all() if site.id in stale}
            self.purging = Purging([part for part in self.parts if part.kind.name in options.purge])
            self.purging.rehearse(stage, options.purge_max, self.is_uncertain)
        stage.forget()
        stage.mistakes.refuse()

    @property
    def has_work(self) -> bool:
        """Something is to be sent."""
        return bool(self.stale) or self.purging.needs_turn or any(part.needs_turn for part in self.parts)

    @property
    def is_uncertain(self) -> bool:
        """Something failed, tolerated or not: then nothing is purged."""
        failed = any(one.failed for part in self.parts for one in part.found.findings)
        return failed or bool(self.stage.unsynced) or any(part.is_bad for part in self.parts)

    def act(self) -> None:
        """Kind after kind, each in spite of what failed at single things of others. What concerns all of them ends the run."""
        self.dashboard.http.caches.refuse()
        self.dashboard.wait_out(self.options.lanes.wait_timeout, lambda: self.reporter.interrupted)
        self.reporter.patient = True  # nothing may take the report along
        self.reporter.show(self.stage.by_hand)
        for part in self.parts:
            part.diff = []
        names = [kind.name for kind in KINDS]
        before = set(names[: names.index("sites") + 1])
        for part in self.parts:
            if part.kind.name in before:
                self._turn(part)
        self._sync()
        for part in self.parts:
            if isinstance(part, SettingsPart) and not self._closed():
                self.broken = attempted(partial(part.act_later, self.stage), part.all_failed)
        for part in self.parts:
            if part.kind.name not in before:
                self._turn(part)
        if not self._closed():
            self.broken = self.purging.act(self.is_uncertain)
        for part in self.parts:
            part.is_bad = part.is_bad or part.needs_turn
            part.leave(_ENDED)

    def _turn(self, part: Part) -> None:
        if not self._closed():
            self.dashboard.http.closing = self._closed
            self.broken = attempted(partial(part.act, self.stage), part.all_failed)

    def _closed(self) -> bool:
        """Nothing more may start."""
        if not self.broken and self.reporter.interrupted:
            self.broken = "Interrupted: nothing more is started."
        stop_at = self.options.lanes.stop_at
        if not self.broken and stop_at is not None and time.monotonic() >= stop_at:
            self.broken = "stop_after is over: nothing more is started."
        return bool(self.broken)

    def _sync(self) -> None:
        """Sites that were added, and those whose data is too old for what the tree says of them."""
        numbers = sorted({*self.stage.added, *self.stale})
        if not numbers or self._closed():
            return

        def work() -> str:
            options = sync.Options(Selection(sites=tuple(map(str, numbers)), fail_on_missing=False), 0, False, "all")
            told = sync.run(self.dashboard, options, self.reporter, False)
            for site in told["sites"]:
                self.stage.synced.add(site["id"])
                if site["result"] != "synced":
                    self.stage.unsynced[site["id"]] = (site["reason"], site["message"])
                    if not any(isinstance(part, ThingsPart) for part in self.parts):  # else it is told of what is on it
                        self.reporter.warn(f"{site['url']}: {site['message']}")
            # what was left is only left where the run of syncs was broken off
            return next((site["message"] for site in told["sites"] if site["reason"] == "stopped"), "")

        def failed(exc: errors.MainWPError) -> None:
            self.stage.synced.update(numbers)
            self.stage.unsynced.update({number: (exc.reason, str(exc)) for number in numbers})

        self.broken = attempted(work, failed)

    def result(self, check_mode: bool) -> dict[str, Any]:
        """What is told."""
        stale = sorted(url for number, url in self.stale.items() if number not in self.stage.synced)
        ahead = self.ahead if check_mode and any(isinstance(part, ThingsPart) for part in self.parts) else 0
        return telling.result(self.dashboard, self.parts, check_mode, self.broken, self.stage.by_hand, stale, ahead)

    @property
    def ahead(self) -> int:
        """How many sites are to be added, or to be reached again."""
        return len(self.stage.coming) + sum(
            found.kind == "sites" and found.action == "created" for part in self.parts for found in part.found.findings
        )
