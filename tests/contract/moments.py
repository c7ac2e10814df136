# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates as the Dashboards write them."""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterator
from typing import Any


def unix(moment: str) -> float:
    """``2026-11-23T13:59:18`` (UTC, without a zone) as a Unix time."""
    return float(calendar.timegm(time.strptime(moment, "%Y-%m-%dT%H:%M:%S")))


def told(value: Any) -> Iterator[float]:
    """The times of syncs and batches that an answer tells of, as Unix times."""
    if isinstance(value, dict):
        for key, item in value.items():
            is_moment = key in ("last_sync", "last_time_start_batch_updates")
            if is_moment and re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d", item):
                yield unix(item)
            else:
                yield from told(item)
    elif isinstance(value, list):
        for item in value:
            yield from told(item)
