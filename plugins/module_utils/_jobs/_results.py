# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of mainwp_batch_update, at its end and so far. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import _report as reporting
from .. import _verdict as verdict
from .._brakes import FailureLimit
from .._dashboard import Dashboard
from .._report import AnyReport
from ._common import Reporter
from ._site_run import SiteRun
from ._update_options import Options


def so_far(dashboard: Dashboard, runs: Sequence[SiteRun], batch: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a run that goes on; sites that nothing is known of are left out."""
    reports = [report for report in (item.so_far() for item in runs) if report is not None]
    counts = reporting.summary(reports)
    return {
        "changed": any(report.changed for report in reports),
        "failed": bool(counts["failed_sites"]),
        "msg": counts["msg"],
        "summary": counts,
        "trouble": reporting.trouble(reports),
        "sites": [report.to_dict() for report in reports],
        "dashboard": dashboard.in_results,
        "batch": batch,
    }


def run_failed(
    troubled: Sequence[AnyReport], limit: FailureLimit, in_play: int, aborted: str, reporter: Reporter
) -> bool:
    """Has the task failed? What ``max_failed_sites`` tolerates is a warning."""
    if not limit.is_set:
        return bool(aborted or troubled)
    failed = bool(aborted) or limit.exceeded(len(troubled), in_play)
    for report in troubled if not failed else ():
        reporter.warn(f"{report.site.url}: {report.first_message or report.first_reason} (within max_failed_sites)")
    return failed


def result_of(
    dashboard: Dashboard,
    runs: list[SiteRun],
    options: Options,
    reporter: Reporter,
    batch: dict[str, Any],
    aborted: str,
    check_mode: bool,
) -> dict[str, Any]:
    """The module's result from the finished sites."""
    reports = [item.report for item in runs]
    for report in reports:
        reporting.mark_expected(report, options.expectations, options.today)
    counts = reporting.summary(reports, check_mode)
    troubled = reporting.unexpected(reports)
    failed = run_failed(troubled, options.limit, sum(item.in_play for item in runs), aborted, reporter)
    shown = reporting.carried(reports, reporter.verbose or options.details == "all" or not failed)
    return {
        "changed": any(
            report.changed or any(entry.result == verdict.PLANNED for entry in report.results) for report in reports
        ),
        "failed": failed,
        "msg": f"{counts['msg']} – broken off: {aborted}" if aborted else counts["msg"],
        "broken_off": aborted,
        "summary": {**counts, "failed": failed},
        "trouble": reporting.trouble(reports),
        "sites": [report.to_dict() for report in shown],
        "dashboard": dashboard.in_results,
        "batch": batch,
        "diff": reporting.diff(reports),
    }
