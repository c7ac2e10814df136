# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a real Dashboard took to answer, as recorded: what the simulated one takes where plans are measured."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from contract.recordings import load

SOURCE = "wp71-updates-include"
#: What one request is about: so many sites; None for another kind of request.
_ROUTE = re.compile(r"(?:/wp-json)?/mainwp/v2/updates(/\d+)?")


@dataclass(frozen=True)
class Fit:
    """A line through recorded answers: seconds of a request, and more for each site that it is about."""

    request: float
    site: float
    answers: int

    def seconds(self, sites: int | None) -> float:
        """For so many sites; for other requests what one about no site would take."""
        return self.request + self.site * (sites or 0)

    def __str__(self) -> str:
        return (
            f"{1000 * self.request:.0f} ms a request and {1000 * self.site:.1f} ms for each site that it asks about "
            f"(fitted to {self.answers} answers of a real Dashboard, recording {SOURCE})"
        )


def sites_of(path: str, include: str) -> int | None:
    """How many sites a read of pending updates is about."""
    found = _ROUTE.fullmatch(path)
    if found is None or (found[1] is None and not include):
        return None
    return 1 if found[1] else len(include.split(","))


def fit(points: Sequence[tuple[int, float]]) -> Fit:
    """Least squares."""
    count = len(points)
    middle, mean = (sum(point[axis] for point in points) / count for axis in (0, 1))
    slope = sum((x - middle) * (y - mean) for x, y in points) / sum((x - middle) ** 2 for x, _y in points)
    return Fit(mean - slope * middle, slope, count)


@cache
def fitted() -> Fit:
    """The line for reads of pending updates, alone and together."""
    points = []
    for exchange in load(SOURCE):
        request = exchange.request
        sites = sites_of(request["path"], str(request["query"].get("include", "")))
        if request["method"] == "GET" and sites is not None:
            points.append((sites, exchange.elapsed))
    return fit(points)
