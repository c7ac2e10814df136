# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_change_info does: what was changed on sites outside of MainWP, or by it, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _errors as errors
from .._api import normalise
from .._api.changes import PAGE
from .._api.resource import Row
from .._dashboard import Dashboard
from .._models import Site, iso
from .._report import plural
from .._selection import Selection, selection_from
from ._asked_sites import asked_sites, begin_of, head, of_each, since_from
from ._common import Reporter

OFF = (
    "MainWP writes down no changes: Insights logging is off (MainWP > Settings > Dashboard Insights). What is told here is "
    "from before it was switched off."
)


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_change_info."""

    selection: Selection
    source: str
    since: float | None
    after: int
    limit: int


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    limit = int(params["limit"])
    if limit < 1:
        raise errors.InputError("limit", f"{limit} is less than 1.", "Use 1 or more.")
    return Options(
        selection_from(params, required=False),
        str(params["source"]),
        since_from(params, "since"),
        int(params["after_log_id"]),
        limit,
    )


def run(dashboard: Dashboard, options: Options, reporter: Reporter, _check_mode: bool) -> dict[str, Any]:
    """The changes of each selected site, the newest first."""
    chosen = asked_sites(dashboard, options.selection, reporter)
    begin = "" if options.since is None else iso(begin_of(options.since, dashboard.now()))
    told = of_each(chosen, "changes", lambda site: _changes(dashboard, site, options, begin), reporter)
    logging = logging_of(dashboard)
    if logging is False:
        reporter.warn(OFF)
    sites = []
    for site, (found, came) in zip(chosen, told, strict=True):
        changes, complete = found or ([], False)
        sites.append({**head(site), "last_sync": site.last_sync, **came, "complete": complete, "changes": changes})
    count = sum(len(site["changes"]) for site in sites)
    return {
        "changed": False,
        "msg": f"{plural(len(sites), 'site')}: {plural(count, 'change')}",
        "count": count,
        "logging": logging,
        "sites": sites,
        "dashboard": dashboard.in_results,
    }


def _changes(dashboard: Dashboard, site: Site, options: Options, begin: str) -> tuple[list[Row], bool]:
    """(the changes that are asked for, are these all?). Pages are by time; a late sync brings changes with new ids and old
    times. Entries may move to the next page while pages are read."""
    seen: dict[int, Row] = {}
    number = 1
    while True:
        rows = dashboard.v2.changes.page(site.id, options.source, number)
        before = len(seen)
        seen |= {row["log_id"]: row for row in rows}
        found = [row for row in seen.values() if row["log_id"] > options.after and (row["time"] or "") >= begin]
        found.sort(key=lambda row: (row["time"] or "", row["log_id"]), reverse=True)
        ended = len(rows) < PAGE or len(seen) == before or any((row["time"] or "") < begin for row in rows)
        if ended or len(found) > options.limit:
            return found[: options.limit], len(found) <= options.limit
        number += 1


def logging_of(dashboard: Dashboard) -> bool | None:
    """Does MainWP write down changes? None where that cannot be read."""
    settings = dashboard.v2.settings.group("dashboard-insights")
    name = "enable_insights_logging"
    return normalise.as_bool(settings[name]) if name in settings else None
