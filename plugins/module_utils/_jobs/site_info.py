# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_site_info does: facts about child sites, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import _errors as errors
from .. import _report as reporting
from .._api.resource import parallel
from .._api.sites import EXTENSIONS, SLIM
from .._dashboard import Dashboard
from .._models import Extension, Site
from .._pending import Pending, read_pending
from .._resources.sites import settings_of
from .._selection import Selection, selection_from
from ._common import Reporter, chosen_sites, read_sites

#: Subset → the route below /sites/{id} that brings it, one request for each site.
_ROUTES = {"security": "security", "changes": "non-mainwp-changes", "costs": "costs", "client": "client"}
#: What v1 can tell.
_V1_SUBSETS = ("updates", *EXTENSIONS)
#: What mainwp_site writes.
_SETTINGS = "settings"
SUBSETS = (*_V1_SUBSETS, *_ROUTES, _SETTINGS)


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_site_info."""

    selection: Selection
    subsets: tuple[str, ...]


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    subsets = tuple(dict.fromkeys(params.get("gather_subset") or ()))
    if params.get("api_version") == "v1":
        beyond = [name for name in subsets if name not in _V1_SUBSETS]
        if beyond:
            raise errors.InputError("gather_subset", f"API v1 cannot tell {', '.join(beyond)}.", "Use API v2.")
    return Options(selection_from(params, required=False), subsets)


def run(dashboard: Dashboard, options: Options, reporter: Reporter, _check_mode: bool) -> dict[str, Any]:
    """The selected sites in one stable shape, sorted by address."""
    ids = options.selection.only_ids or ()
    # v1 reads ids one by one, and all sites at once.
    listed = read_sites(dashboard, options.selection) if dashboard.dialect.is_v2 or len(ids) == 1 else dashboard.sites()
    chosen = chosen_sites(dashboard, listed, options.selection, reporter)
    lists = [name for name in EXTENSIONS if name in options.subsets]
    if lists and chosen:
        whole = dashboard.api.sites.by_id([site.id for site in chosen], (*SLIM, *lists))
        chosen = tuple(dashboard.named(whole.get(site.id, site) for site in chosen))
    details = [(site, name) for site in chosen for name in options.subsets if name in (*_ROUTES, _SETTINGS)]
    parts = parallel(lambda pair: _part(dashboard, *pair, reporter.warn), details)
    found: dict[int, dict[str, Any]] = {
        site.id: {name: _extensions(getattr(site, name)) for name in lists} for site in chosen
    }
    for (site, name), part in zip(details, parts, strict=True):
        found[site.id][name] = part
    if "updates" in options.subsets:
        told = read_pending(dashboard, chosen)
        for site in chosen:
            found[site.id]["updates"] = _updates(site, told.get(site.id, ()), reporter.warn)
    if chosen:
        dashboard.detect(chosen[0].id)
    clients = dashboard.client_names(chosen)
    sites = [_site(site, clients, found[site.id]) for site in chosen]
    return {
        "changed": False,
        "msg": reporting.plural(len(sites), "site"),
        "count": len(sites),
        "sites": sites,
        "dashboard": dashboard.in_results,
    }


def _part(dashboard: Dashboard, site: Site, name: str, warn: Callable[[str], None]) -> Any:
    """One subset of one site; None with a warning where this site cannot tell."""
    try:
        return settings_of(dashboard, site.id) if name == _SETTINGS else dashboard.v2.sites.detail(site, _ROUTES[name])
    except errors.Unauthorized:
        raise
    except errors.MainWPError as exc:
        warn(f"{site.url}: no {name}: {exc}")
        return None


def _updates(site: Site, pending: Pending, warn: Callable[[str], None]) -> list[dict[str, Any]] | None:
    """The subset of updates; None with a warning where they could not be read."""
    if isinstance(pending, errors.MainWPError):
        warn(f"{site.url}: no updates: {pending}")
        return None
    return [reporting.offer_dict(update) for update in pending]


def _site(site: Site, clients: Mapping[int, str], parts: Mapping[str, Any]) -> dict[str, Any]:
    """A site as the module returns it. Subsets that were not asked for are left out."""
    return {
        **reporting.site_facts(site),
        "client_name": clients.get(site.client_id, ""),
        "tags": reporting.tags_of(site),
        "mysql_version": site.extra.get("mysql_version", ""),
        "note": site.extra.get("note", ""),
        "update_counts": reporting.offer_counts(site),
        **parts,
    }


def _extensions(found: Sequence[Extension] | None) -> list[dict[str, Any]]:
    return [
        {"slug": item.slug, "name": item.name, "version": item.version, "active": item.active} for item in found or ()
    ]
