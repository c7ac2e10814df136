# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_update_info does: the plan, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import _report as reporting
from .. import _verdict as verdict
from .._dashboard import Dashboard
from .._models import Site
from .._plan import PlanOptions, plan_options_from
from .._selection import Selection, selection_from
from ._common import Reporter, chosen_sites, not_negative, read_sites
from ._gates import GateOptions, gate_options_from, with_gates, with_offers
from ._planning import Planner, end_as_planned

#: What an entry of the plan tells of its update.
_IN_PLAN = ("type", "slug", "language", "name", "version_before", "version_planned")


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_update_info."""

    selection: Selection
    plan: PlanOptions
    max_age: int
    gates: GateOptions


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    return Options(
        selection=selection_from(params, required=False),
        plan=plan_options_from(params),
        max_age=not_negative(params, "max_age", 300),
        gates=gate_options_from(params),
    )


def run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """The plan that mainwp_batch_update would start from, and the triples that bind it."""
    listed = read_sites(dashboard, options.selection)
    chosen = chosen_sites(dashboard, listed, options.selection, reporter)
    reports = planned(dashboard, options, listed, chosen, reporter, check_mode)
    plan = plan_of(reports)
    counts = reporting.summary(reports, planning=True)
    return {
        "changed": False,
        "msg": counts["msg"],
        "count": len(plan),
        "plan": plan,
        "summary": counts,
        "sites": [report.to_dict() for report in reports],
        "dashboard": dashboard.in_results,
    }


def planned(
    dashboard: Dashboard,
    options: Options,
    listed: Sequence[Site],
    chosen: Sequence[Site],
    reporter: Reporter,
    check_mode: bool,
) -> list[reporting.SiteReport]:
    """The plan of each chosen site. ``listed`` are those that were read to choose them."""
    whole_fleet = listed if options.selection.only_ids is None else None
    plan_options = with_gates(dashboard, options.plan, options.gates, whole_fleet)
    plan_options = with_offers(plan_options, options.gates, listed, check_mode, reporter.warn)
    if len(chosen) > 1 or any(site.sync_errors for site in chosen):
        dashboard.detect(chosen[0].id)  # one host of a wave needs it only if its site is disconnected
    runs = Planner(dashboard, plan_options, options.gates.backup).first(chosen, options.max_age, reporter)
    end_as_planned(dashboard, runs, repairs=False)
    return [item.report for item in runs]


def plan_of(reports: Sequence[reporting.SiteReport]) -> list[dict[str, Any]]:
    """The updates that would be run, as entries that bind a later run."""
    return [
        {"site_id": report.site.id, "site_url": report.site.url, **{name: told[name] for name in _IN_PLAN}}
        for report in reports
        for told in (entry.to_dict() for entry in report.results)
        if told["result"] == verdict.PLANNED
    ]
