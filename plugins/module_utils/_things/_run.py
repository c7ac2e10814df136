# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module does that is about things on sites: plan → act once → read again → report. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from .. import _errors as errors
from .. import _report as reporting
from .. import _verdict as verdict
from .._api.sites import SLIM
from .._brakes import Brakes
from .._dashboard import Dashboard
from .._jobs._at_site import is_stale
from .._jobs._common import Reporter, before_lanes, chosen_with, in_words
from .._jobs._lane_options import LaneOptions
from .._jobs._lanes import Turns
from .._jobs._results import run_failed
from .._locks import Locks, look_at
from .._models import Site
from .._refresh import Refreshed
from ._kind import OF_WHICH, Entry, Kind, stranger_sentence, strangers
from ._site import ThingRun

#: Site id → what results tell of things there.
Others = Mapping[int, Sequence[Mapping[str, Any]]]
_NO_MORE = "Nothing more is started."
#: Of one that stands in the list because it will be there: only a rehearsal sees it.
_AHEAD = "The site is to be added first."


@dataclass(frozen=True)
class Wanted:
    """The checked options of one task."""

    kind: Kind[Any]
    lanes: LaneOptions


def run(
    dashboard: Dashboard,
    wanted: Wanted,
    reporter: Reporter,
    check_mode: bool,
    sites: Sequence[Site] | None = None,
    some: bool = False,
    others: Others = MappingProxyType({}),
) -> dict[str, Any]:
    """Make it so on all selected sites, or tell what would be done. ``sites``: those that were selected before; or ``some`` of
    them, where the others are known to need nothing. ``others``: what was done since the sites were read, or will be.

    Raises MainWPError only for what concerns the whole run: the Dashboard unreachable, a read-only key.
    """
    if check_mode:
        look_at(wanted.lanes.lock_dir)
    lock_dir = None if check_mode else wanted.lanes.lock_dir
    with contextlib.closing(Locks(lock_dir, dashboard.connection.url)) as locks:
        locks.check()
        return _run(dashboard, wanted, reporter, check_mode, locks, sites, some, others)


def _run(
    dashboard: Dashboard,
    wanted: Wanted,
    reporter: Reporter,
    check_mode: bool,
    locks: Locks,
    sites: Sequence[Site] | None,
    some: bool,
    others: Others,
) -> dict[str, Any]:
    kind, options = wanted.kind, wanted.lanes
    chosen = chosen_with(dashboard, options.selection, kind.fields, reporter) if sites is None else sites
    dashboard.wait_out(options.wait_timeout, lambda: reporter.interrupted)
    runs = _planned(dashboard, kind, options, chosen, others)
    todo = [item for item in runs if item.needs_turn]
    if todo:
        kind.check(dashboard)
        before_lanes(dashboard, options.selection, [item.site for item in todo], reporter, check_mode)
    aborted = ""
    if check_mode:
        for item in todo:
            item.only_planned(options.reconnect, "locked_out" if dashboard.dialect.locks_out else "disconnected")
    elif todo:
        dashboard.http.caches.refuse()
        brakes = Brakes(
            options.limit,
            options.hold_after,
            sum(item.in_play for item in runs),
            options.stop_at,
            time.monotonic,
            lambda: reporter.interrupted,
        )
        for item in runs:
            if item.finished:  # with what was found before anything was done
                brakes.count_site(item.report.is_trouble)
        dashboard.http.closing = lambda: brakes.closed() is not None
        turns = ThingTurns(dashboard, options, brakes, reporter, locks, lambda: None)
        _ahead(turns, kind, runs)
        turns.run(runs)
        aborted = brakes.aborted
    unknown = strangers(entry for item in runs for entry in item.report.results)
    whole = all(any(entry.asked for entry in item.report.results) for item in runs)
    for text in () if some or kind.may_be_gone else unknown:
        reporter.warn(stranger_sentence(kind.option, text, whole))
    named = reporting.and_more(unknown)
    nowhere = f" – on none of the sites{'' if whole else f' {OF_WHICH}'}: {named}" if unknown else ""
    told = _result(dashboard, wanted, runs, reporter, aborted, check_mode, nowhere)
    return {**told, "locking": locks.told()}


def _planned(
    dashboard: Dashboard, kind: Kind[Any], options: LaneOptions, sites: Sequence[Site], others: Others
) -> list[ThingRun]:
    """The first plan of every site, from what is stored."""
    clients, now = dashboard.client_names(sites), dashboard.now()
    down = {site.id for site in sites if site.sync_errors} if kind.needs_child and not kind.syncs else set()
    silent = {site.id for site in sites if site.suspended} if kind.needs_child and not kind.syncs else set()
    ahead = {site.id for site in sites if site.id < 0}
    asked = [site for site in sites if site.id not in down | silent | ahead]
    states = kind.read_all(dashboard, asked)

    def planned(site: Site) -> ThingRun:
        state = states.get(site.id)
        repaired = site.id in down and options.reconnect
        stale = repaired or (kind.syncs and (is_stale(site, now, options.max_age) or state is None))
        item = ThingRun(kind, site, stale, clients.get(site.client_id, ""))
        if site.id in ahead:
            item.left_alone("not_added", _AHEAD)
        elif site.id in down and not repaired and not site.suspended:
            item.failed("disconnected", site.sync_errors)
        elif isinstance(state, errors.MainWPError):
            item.failed(*in_words(state))
        else:
            try:
                told = others.get(site.id)
                item.planned(kind.foreseen(state, told) if told and state is not None else state)
            except Exception as exc:  # noqa: BLE001  # a bug met on one site must not stop the others
                item.failed(*in_words(exc))
        return item

    return [planned(site) for site in sites]


def _ahead(turns: ThingTurns, kind: Kind[Any], runs: Sequence[ThingRun]) -> None:
    """One site alone, where things may cut sites off; in trouble, it stops the others. One at which nothing was left to do
    after all proves nothing, so the next one goes ahead."""
    for item in runs:
        if not item.needs_turn or not kind.first_alone(item.to_send):
            continue
        turns.run([item])
        if item.report.is_trouble:
            turns.brakes.abort(f"{item.site.url} went ahead, and failed. {_NO_MORE}")
        if item.report.is_trouble or item.started:
            return


class ThingTurns(Turns[ThingRun]):
    """Things of sites in lanes."""

    def lane_of(self, item: ThingRun) -> str:
        """Where no child is asked, nothing waits for other sites of its server."""
        return super().lane_of(item) if item.kind.needs_child else item.site.own_lock

    def locks_of(self, item: ThingRun) -> Sequence[str]:
        """Nor does it keep them waiting."""
        return super().locks_of(item) if item.kind.needs_child else [item.site.own_lock]

    def is_left(self, item: ThingRun, fresh: Site) -> bool:
        """A suspended site, where its child would be asked."""
        return item.kind.needs_child and super().is_left(item, fresh)

    def read(self, item: ThingRun, site: Site, written: bool) -> Refreshed:
        """The site as it is now, after a sync where that is needed to know; and after a write what is there."""
        kind = item.kind
        synced = kind.syncs_after(item.attempt.sent) if written else kind.syncs
        repaired = bool(site.sync_errors) and kind.needs_child and self.options.reconnect
        refreshed = super().read(item, site, written) if synced or repaired else self._stored(kind, site)
        if written and refreshed.site is None and kind.first_alone(item.attempt.sent):
            self.brakes.abort(f"{site.url} is lost since. {_NO_MORE} {kind.rescue}".rstrip())
        if written:
            item.seen(None if refreshed.site is None else kind.read(self.dashboard, refreshed.site))
        return refreshed

    def _stored(self, kind: Kind[Any], site: Site) -> Refreshed:
        known = self.dashboard.api.sites.by_id([site.id], (*SLIM, *kind.fields)).get(site.id)
        if known is None:
            raise errors.NotFound(f"{site.url} (id {site.id}) is gone from the Dashboard, or is a staging site.")
        if known.sync_errors and kind.needs_child:
            return Refreshed(None, "disconnected", known.sync_errors, known)
        return Refreshed(known)

    def plan_again(self, item: ThingRun, fresh: Site) -> None:
        """Plan a site that was read again."""
        item.synced(fresh, item.kind.read(self.dashboard, fresh))

    def resume(self, item: ThingRun, fresh: Site) -> None:
        """Plan again what is left of a site whose earlier calls came out well."""
        item.resumed(fresh, item.kind.read(self.dashboard, fresh))

    def send_all(self, item: ThingRun) -> None:
        """One call for each thing: what one of them does must not keep the others from theirs."""
        for entry in item.calls(self.brakes):
            self.send(item, [entry], [item.kind.words(entry)], partial(self._one, item, entry))

    def _one(self, item: ThingRun, entry: Entry) -> None:
        item.complained(entry, item.kind.send(self.dashboard, item.current, entry))


def _result(
    dashboard: Dashboard,
    wanted: Wanted,
    runs: list[ThingRun],
    reporter: Reporter,
    aborted: str,
    check_mode: bool,
    nowhere: str,
) -> dict[str, Any]:
    kind = wanted.kind
    reports = [item.report for item in runs]
    troubled = reporting.unexpected(reports)
    failed = run_failed(troubled, wanted.lanes.limit, sum(item.in_play for item in runs), aborted, reporter)
    shown = reporting.carried(reports, reporter.verbose or wanted.lanes.details == "all" or not failed)
    line = reporting.one_line(reports, check_mode, f"{kind.noun} change", "made")
    line += nowhere + (f" – broken off: {aborted}" if aborted else "")
    entries = [entry for report in reports for entry in report.results]
    return {
        "changed": any(entry.moved or entry.result == verdict.PLANNED for entry in entries),
        "failed": failed,
        "msg": line,
        "broken_off": aborted,
        "summary": {
            **reporting.counted(reports, kind.plural, verdict.THING_RESULTS),
            "failed_sites": [report.site.url for report in troubled],
            "failed": failed,
            "msg": line,
        },
        "trouble": reporting.trouble(reports),
        "sites": [report.to_dict() for report in shown],
        "dashboard": dashboard.in_results,
        "diff": reporting.diff(reports),
    }
