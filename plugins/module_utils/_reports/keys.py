# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites of many Dashboards in one place: ids are counted by each, so a site is (Dashboard, id). Pure. PRIVATE."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._addresses import normal_url
from .._stored import maps

#: (normal address of the Dashboard, id of the site)
Key = tuple[str, int]


def dashboard_of(result: Mapping[str, Any]) -> str:
    """The normal address of the Dashboard that a result is about; empty where it names none."""
    dashboard = result.get("dashboard")
    return normal_url(str(dashboard.get("url") or "")) if isinstance(dashboard, Mapping) else ""


def sites_of(results: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Key, Mapping[str, Any], Mapping[str, Any]]]:
    """(site, its entry, the result that has it) of all that several results tell."""
    for result in results:
        dashboard = dashboard_of(result)
        for site in maps(result.get("sites")):
            if isinstance(site.get("id"), int):
                yield (dashboard, site["id"]), site, result


def moment_of(stamp: Any) -> datetime.datetime | None:
    """The time in UTC, as which one without a zone is taken; None where that is no time."""
    try:
        moment = datetime.datetime.fromisoformat(str(stamp or "").replace("Z", "+00:00"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)).astimezone(
            datetime.timezone.utc
        )
    except (ValueError, OverflowError):
        return None


def utc(stamp: str) -> str:
    """The same time in UTC, as ISO 8601; what is no time as it is."""
    moment = moment_of(stamp)
    return stamp if moment is None else moment.isoformat().replace("+00:00", "Z")


def time_of(stamp: Any) -> float:
    """Unix seconds; 0 where that is no time."""
    moment = moment_of(stamp)
    return moment.timestamp() if moment else 0
