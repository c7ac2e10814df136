# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of mainwp_batch_update, checked. PRIVATE to the collection."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._plan import PlanOptions, plan_options_from
from .._report import Expectation, expectations_from
from ._gates import GateOptions, gate_options_from
from ._lane_options import LaneOptions, lane_options_from
from ._ways import DASHBOARD_BATCH, PER_ITEM, given, refuse


@dataclass(frozen=True)
class Options(LaneOptions):
    """The checked options of mainwp_batch_update."""

    plan: PlanOptions
    expectations: tuple[Expectation, ...]
    #: The day on which the run began, also after midnight.
    today: datetime.date
    method: str
    wait: bool
    gates: GateOptions
    run_id: str | None
    report_file: str | None
    #: Options that not every way honours, as far as they were given.
    given: frozenset[str]


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    plan = plan_options_from(params)
    method = params.get("update_method") or PER_ITEM
    asked = given(params) | {"update_method"}
    if method == DASHBOARD_BATCH:
        refuse(asked, method, *(["v1"] if params.get("api_version") == "v1" else ["abilities", "classic"]))
    return Options(
        **vars(lane_options_from(params, required=plan.plan is None, wait=3600, poll=15)),
        plan=plan,
        expectations=expectations_from(params.get("expected_failures")),
        today=datetime.date.today(),
        method=method,
        wait=params.get("wait") is not False,
        gates=gate_options_from(params),
        run_id=params.get("run_id"),
        report_file=params.get("report_file"),
        given=asked,
    )
