# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of every job that writes to sites in lanes, checked. PRIVATE to the collection."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._brakes import FailureLimit, failure_limit, stop_time
from .._health import HealthOptions, health_options_from
from .._locks import lock_directory
from .._selection import Selection, selection_from
from ._common import not_negative


@dataclass(frozen=True)
class LaneOptions:
    """Which sites, and how carefully."""

    selection: Selection
    reconnect: bool
    max_age: int
    limit: FailureLimit
    hold_after: int
    #: When stop_after strikes, by the monotonic clock: it counts from the start of the module.
    stop_at: float | None
    wait_timeout: float
    #: Seconds between two looks at one thing.
    pause: float
    health: HealthOptions | None
    lock_dir: str | None
    lock_timeout: float
    details: str


def lane_options_from(params: Mapping[str, Any], required: bool, wait: int, poll: int) -> LaneOptions:
    """Check them. ``required``: sites must be selected; ``wait`` and ``poll``: the defaults of wait_timeout and
    poll_interval. Raises InputError."""
    return LaneOptions(
        selection=selection_from(params, required),
        reconnect=bool(params.get("reconnect")),
        max_age=not_negative(params, "max_age", 300),
        limit=failure_limit(params.get("max_failed_sites")),
        hold_after=not_negative(params, "hold_after", 2),
        stop_at=stop_time(params.get("stop_after"), time.time(), time.monotonic()),
        wait_timeout=not_negative(params, "wait_timeout", wait),
        pause=max(not_negative(params, "poll_interval", poll), 0.5),  # even with 0 the Dashboard gets a breath
        health=health_options_from(params.get("health_check")),
        lock_dir=lock_directory(params.get("lock_dir")),
        lock_timeout=not_negative(params, "lock_timeout", 600),
        details=params.get("details") or "some",
    )
