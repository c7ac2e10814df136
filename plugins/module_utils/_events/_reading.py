# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one poll reads of a Dashboard: all of it, or nothing. Never a write. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from .. import _errors as errors
from .._api.resource import Row, parallel
from .._api.sites import EXTENSIONS
from .._dashboard import Dashboard
from .._feed._source import FeedOptions, opened
from .._flaws import Filter, directory_slug
from .._jobs._findings import hidden_cores, installed, known_flaws
from .._jobs.change_info import OFF, logging_of
from .._jobs.monitor_info import by_site, monitor_of
from .._models import Site
from .._selection import Selection, finder, select
from ._changes import Found, Weakness
from ._known import Known, Weak
from ._names import CHANGED_OUTSIDE, MONITOR_DOWN, MONITOR_UP, VULNERABLE
from ._options import Options
from ._telling import Telling

#: What the listing asks for: what names a site, how it is, and what is offered.
_FIELDS = """
    id name url tags client_id status sync_errors suspended last_sync wp_version
    wp_upgrades plugin_upgrades theme_upgrades translation_upgrades premium_upgrades
"""
FIELDS = tuple(_FIELDS.split())
#: Without these it is not known how a site is. Of lists of offers each is told by itself whether it can be read.
NEEDED = ("url", "name", "sync_errors", "suspended", "last_sync")


def read(dashboard: Dashboard, options: Options, known: Known, tell: Telling) -> Found:
    """One poll. Raises MainWPError, of which nothing comes but that it was in vain."""
    fields = (*FIELDS, *EXTENSIONS) if options.feed and VULNERABLE in options.events else FIELDS
    sites = _sites(dashboard, fields, known)
    gone = [seen.as_site(number) for number, seen in (known.sites or {}).items() if number not in sites]
    everybody = [*sites.values(), *gone]
    about = _about(dashboard, options.selection, everybody, known.sites is None, tell)
    doubted = frozenset[int]() if known.sites is None else _doubted(dashboard, options.selection, everybody) - about
    wanted = [site for site in sites.values() if site.id in about]
    return Found(
        dashboard.now(),
        sites,
        about,
        doubted,
        monitors=_monitors(dashboard, list(sites.values()), tell)
        if options.events & {MONITOR_DOWN, MONITOR_UP}
        else None,
        logs=_logs(dashboard, wanted, known, tell) if CHANGED_OUTSIDE in options.events else None,
        flaws=_flaws(options.feed, options.wanted, wanted, tell) if VULNERABLE in options.events else None,
    )


def _sites(dashboard: Dashboard, fields: Sequence[str], known: Known) -> dict[int, Site]:
    """All sites. What is missing in the listing is asked for by its id: pages shift while they are read, and a listing may be
    cut short; only what the Dashboard does not know by its id either is gone."""
    found = {site.id: site for site in dashboard.v2.sites.all(fields, NEEDED)}
    missing = sorted((known.sites or {}).keys() - found.keys())
    return {**found, **(dashboard.v2.sites.by_id(missing, fields, needed=NEEDED) if missing else {})}


def _about(
    dashboard: Dashboard, selection: Selection, sites: Sequence[Site], strict: bool, tell: Telling
) -> frozenset[int]:
    """Those that the selection means. Names that mean nothing are wrong at first; later they are of sites that are gone."""
    if not strict:
        find = finder(sites)
        excluded = tuple(name for name in selection.exclude_sites if find(name))
        for name in set(selection.exclude_sites).difference(excluded):
            tell(f"exclude_sites: no site is '{name}' any more. If it has another name now, it is told about.")
        selection = replace(selection, fail_on_missing=False, exclude_sites=excluded)
    chosen = select(sites, selection, lambda: dashboard.tags, lambda: dashboard.clients)
    for text in chosen.missing:
        tell(text)
    return frozenset(site.id for site in chosen.sites)


def _doubted(dashboard: Dashboard, selection: Selection, sites: Sequence[Site]) -> frozenset[int]:
    """Those that have a tag, or a client, which the list of these lacks: it was not read whole, so nobody knows whether the
    selection means them."""
    tags = None if selection.site_tags is None else dashboard.tags
    clients = None if selection.clients is None else dashboard.clients
    return frozenset(
        site.id
        for site in sites
        if (tags is not None and any(tag.id not in tags for tag in site.tags))
        or (clients is not None and site.client_id and site.client_id not in clients)
    )


def _monitors(dashboard: Dashboard, sites: Sequence[Site], tell: Telling) -> dict[int, list[dict[str, Any]]] | None:
    """Site → its monitors; None where MainWP is older than its routes for them."""
    try:
        rows = dashboard.v2.monitors.all() if sites else []
    except errors.NoRoute:
        tell("The API of this Dashboard has no monitors, so monitor_down and monitor_up are not told.")
        return None
    return {number: [monitor_of(row) for row in found] for number, found in by_site(rows, sites).items()}


def _logs(dashboard: Dashboard, sites: Sequence[Site], known: Known, tell: Telling) -> dict[int, Sequence[Row]]:
    """The logs of the sites that were synced since they were read last, for nothing else brings entries: one request each."""
    if known.logs is None and logging_of(dashboard) is False:
        tell(OFF)
    logs = known.logs or {}
    asked = [site for site in sites if site.id not in logs or logs[site.id].sync != (site.last_sync or "")]

    def one(site: Site) -> Sequence[Row] | None:
        try:
            return dashboard.v2.changes.page(site.id, "child", 1)
        except errors.OF_THE_DASHBOARD:
            raise
        except errors.MainWPError as exc:
            tell(f"{site.url}: no changes: {exc}")
            return None

    told = zip(asked, parallel(one, asked), strict=True)
    return {site.id: rows for site, rows in told if rows is not None}


def _flaws(
    options: FeedOptions | None, wanted: Filter, sites: Iterable[Site], tell: Telling
) -> dict[int, dict[Weak, Weakness]] | None:
    """What is known against the software of each site of which the Dashboard knows any; None without a feed."""
    if options is None:
        return None
    said: list[str] = []
    try:
        feed = opened(options, said.append)
    except errors.MainWPError as exc:
        tell.once("feed", [str(exc)])
        return None
    tell.once("feed", said)
    sites = list(sites)
    if hidden := hidden_cores(sites):
        tell(hidden)
    with contextlib.closing(feed.index):
        known = known_flaws(feed.index.flaws, wanted)
        return {
            site.id: {
                (kind, item.slug, flaw.id): Weakness(item, flaw, flaw.fixed_in(kind, name, item.version))
                for kind, item in installed(site)
                for name in [directory_slug(kind, item.slug)]
                for flaw in known(kind, name, item.version)
            }
            for site in sites
            if site.plugins
        }
