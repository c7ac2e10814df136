# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_batch_update does: plan → act once → sync → read → report. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from typing import Any

from .. import _errors as errors
from .. import _report as reporting
from .._addresses import normal_url
from .._brakes import Brakes
from .._dashboard import Dashboard
from .._ledger import ledger_for
from .._locks import Locks, look_at
from .._models import Site
from .._selection import Selection
from ._batch import BatchRun
from ._common import Reporter, among_all, before_lanes, before_writing, chosen_sites, read_sites
from ._earlier import Known, known_from, missing
from ._gates import with_gates, with_offers
from ._planning import Planner, end_as_planned
from ._report_file import ReportFile
from ._results import result_of, so_far
from ._site_run import SiteRun
from ._site_turns import SiteTurns
from ._update_options import Options
from ._ways import DASHBOARD_BATCH, refuse


def run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """Do the job; the module's result.

    Raises MainWPError only for what concerns the whole run: the Dashboard unreachable, a read-only key.
    """
    if check_mode:
        look_at(options.lock_dir)
    with contextlib.closing(Locks(None if check_mode else options.lock_dir, dashboard.connection.url)) as locks:
        locks.check()
        return _run(dashboard, options, reporter, check_mode, locks)


def _run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool, locks: Locks) -> dict[str, Any]:
    batched = options.method == DASHBOARD_BATCH
    reading = _planned_alone(options) if dashboard.dialect.is_v2 else options.selection
    listed = dashboard.sites() if batched else read_sites(dashboard, reading)
    whole_fleet = listed if batched or reading.only_ids is None else None
    chosen = chosen_sites(dashboard, listed, _with_plan(options, listed), reporter)
    everybody, are_all = among_all(
        dashboard, listed, whole_fleet is not None, (entry.site for entry in options.expectations)
    )
    options = replace(options, expectations=tuple(entry.among(everybody) for entry in options.expectations))
    dashboard.wait_out(options.wait_timeout, lambda: reporter.interrupted)
    if batched:
        before_writing(dashboard, chosen, reporter, check_mode, True)
    else:
        before_lanes(dashboard, options.selection, chosen, reporter, check_mode)
    refuse(options.given, options.method, dashboard.dialect.name if batched else "v2")
    plan_options = with_gates(dashboard, options.plan, options.gates, whole_fleet)
    plan_options = with_offers(plan_options, options.gates, listed, check_mode, reporter.warn)
    plan_options = replace(plan_options, all_translations=not dashboard.dialect.is_v2)
    if batched:
        dialect = dashboard.dialect
        plan_options = replace(plan_options, batch_types=dialect.batch_types, batch_premium=dialect.batch_premium)
    if are_all:
        reporting.warn_of_strangers(options.expectations, everybody, reporter.warn)
    planner = Planner(dashboard, plan_options, options.gates.backup)
    runs = planner.first(chosen, options.max_age, reporter)
    batch = {"method": options.method, "started": False, "last_time_start_batch_updates": None}
    aborted = ""
    known: Known = {}
    file = ReportFile(None if check_mode else options.report_file, dashboard.connection.secrets(), reporter.warn)

    def save() -> None:
        file.save(lambda: {**so_far(dashboard, runs, batch), "locking": locks.told()})

    if check_mode:
        end_as_planned(dashboard, runs, options.reconnect)
    else:
        dashboard.http.caches.refuse()
        known = known_from(options.report_file, dashboard.connection.url)
        save()
        brakes = Brakes(
            options.limit,
            options.hold_after,
            sum(item.in_play for item in runs),
            options.stop_at,
            time.monotonic,
            lambda: reporter.interrupted,
            ledger_for(options.lock_dir, options.run_id, dashboard.connection.url, reporter.warn),
        )
        dashboard.http.closing = lambda: brakes.closed() is not None
        at_hand = (dashboard, options, brakes, reporter, locks, save, planner)
        if batched and dashboard.dialect.batch_in_background:
            batch.update(BatchRun(*at_hand).run(runs, listed))
            reporter.patient = True  # nothing may take the report along
        else:
            SiteTurns(*at_hand).run(runs)
            batch["started"] = any(item.started for item in runs)
        aborted = brakes.aborted
    if not aborted:
        _warn_of_losses(dashboard, runs, known, reporter)
    result = {**result_of(dashboard, runs, options, reporter, batch, aborted, check_mode), "locking": locks.told()}
    told = {key: value for key, value in result.items() if key != "diff"}
    file.save(lambda: {**told, "sites": [item.report.to_dict() for item in runs]}, complete=not aborted, last=True)
    return result


def _warn_of_losses(dashboard: Dashboard, runs: list[SiteRun], known: Known, reporter: Reporter) -> None:
    """Warn of what earlier reports knew and is gone. A bug in this must not cost the report of all that was done."""
    try:
        for text in missing(dashboard, [item.report for item in runs], known):
            reporter.warn(text)
    except Exception as exc:  # noqa: BLE001  # the earlier reports are a courtesy, the result is not
        reporter.warn(errors.bug_sentence(exc))


def _planned_alone(options: Options) -> Selection:
    """The selection, where a plan alone selects: the ids in it, so that no more than these need be read."""
    if options.plan.plan is None or options.selection.names_any:
        return options.selection
    return replace(options.selection, sites=tuple(sorted({str(entry.site_id) for entry in options.plan.plan})))


def _with_plan(options: Options, listed: list[Site]) -> Selection:
    """A plan alone selects its own sites. Raises InputError where it is about others, of another Dashboard perhaps."""
    by_id = {site.id: site for site in listed}
    for entry in options.plan.plan or ():
        site = by_id.get(entry.site_id)
        if site is not None and entry.site_url and normal_url(entry.site_url) != normal_url(site.url):
            text = f"here the site with id {site.id} is {site.url}, and in the plan {entry.site_url}."
            raise errors.InputError("plan", text, "Make a new plan, of this Dashboard.")
    if options.plan.plan is None or options.selection.names_any:
        return options.selection
    known = {site.id for site in listed}
    ids = sorted({entry.site_id for entry in options.plan.plan})
    gone = [str(item) for item in ids if item not in known]
    if gone and options.selection.fail_on_missing:
        raise errors.InputError("plan", f"the Dashboard has no site with id {', '.join(gone)}.", "Make a new plan.")
    return replace(options.selection, sites=tuple(str(item) for item in ids if item in known))
