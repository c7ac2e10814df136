# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites of many Dashboards in one place: ids are counted by each, so a site is (Dashboard, id). Pure. PRIVATE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._addresses import normal_url
from .._models import epoch

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


def maps(value: Any) -> list[Mapping[str, Any]]:
    """Those entries of a list that have keys; none of what is no list."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def time_of(stamp: Any) -> float:
    """Unix seconds; 0 where that is no time."""
    try:
        return epoch(str(stamp or "")) or 0
    except (ValueError, OverflowError):
        return 0


def is_about(entry: Mapping[str, Any], key: Key, url: str) -> bool:
    """Does an entry of ``extra`` name this site, by id or address, on this Dashboard?"""
    dashboard, site = entry.get("dashboard"), str(entry["site"])
    if dashboard and normal_url(str(dashboard)) != key[0]:
        return False
    return site == str(key[1]) if site.isdecimal() else normal_url(site) == normal_url(url)
