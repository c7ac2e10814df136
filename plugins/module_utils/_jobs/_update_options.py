# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of mainwp_batch_update, checked. PRIVATE to the collection."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._brakes import FailureLimit, failure_limit, stop_time
from .._health import HealthOptions, health_options_from
from .._locks import lock_directory
from .._plan import PlanOptions, plan_options_from
from .._report import Expectation, expectations_from
from .._selection import Selection, selection_from
from ._common import not_negative
from ._gates import GateOptions, gate_options_from
from ._ways import DASHBOARD_BATCH, PER_ITEM, given, refuse


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_batch_update."""

    selection: Selection
    plan: PlanOptions
    expectations: tuple[Expectation, ...]
    method: str
    reconnect: bool
    max_age: int
    limit: FailureLimit
    hold_after: int
    #: When stop_after strikes, by the monotonic clock: it counts from the start of the module.
    stop_at: float | None
    wait: bool
    wait_timeout: float
    #: Seconds between two looks at one thing.
    pause: float
    gates: GateOptions
    health: HealthOptions | None
    lock_dir: str | None
    lock_timeout: float
    run_id: str | None
    report_file: str | None
    details: str = "some"
    #: Options that not every way honours, as far as they were given.
    given: frozenset[str] = frozenset()


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    plan = plan_options_from(params)
    method = params.get("update_method") or PER_ITEM
    asked = given(params) | {"update_method"}
    if method == DASHBOARD_BATCH:
        refuse(asked, method, *(["v1"] if params.get("api_version") == "v1" else ["abilities", "classic"]))
    return Options(
        selection=selection_from(params, required=plan.plan is None),
        plan=plan,
        expectations=expectations_from(params.get("expected_failures")),
        method=method,
        reconnect=bool(params.get("reconnect")),
        max_age=not_negative(params, "max_age", 300),
        limit=failure_limit(params.get("max_failed_sites")),
        hold_after=not_negative(params, "hold_after", 2),
        stop_at=stop_time(params.get("stop_after"), time.time(), time.monotonic()),
        wait=params.get("wait") is not False,
        wait_timeout=not_negative(params, "wait_timeout", 3600),
        pause=max(not_negative(params, "poll_interval", 15), 0.5),  # even with 0 the Dashboard gets a breath
        gates=gate_options_from(params),
        health=health_options_from(params.get("health_check")),
        lock_dir=lock_directory(params.get("lock_dir")),
        lock_timeout=not_negative(params, "lock_timeout", 600),
        run_id=params.get("run_id"),
        report_file=params.get("report_file"),
        details=params.get("details") or "some",
        given=asked,
    )
