# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules do that read plugins or themes of sites. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _errors as errors
from .. import _report as reporting
from .._api.resource import parallel
from .._dashboard import Dashboard
from .._jobs._common import Reporter, chosen_with
from .._models import PLUGIN, Extension, Site, picked
from .._selection import Selection, selection_from
from ._kind import Entry, stranger_sentence, strangers
from .extensions import named, texts_from, value_of

ANY = "any"


@dataclass(frozen=True)
class Asked:
    """The checked options of mainwp_plugin_info or mainwp_theme_info."""

    noun: str
    selection: Selection
    texts: tuple[str, ...] | None
    state: str
    abandoned: bool


def asked_from(noun: str, params: Mapping[str, Any]) -> Asked:
    """Check the options. Raises InputError before any request."""
    option = f"{noun}s"
    texts = None if params.get(option) is None else texts_from(params, option)
    selection = selection_from(params, required=False)
    return Asked(noun, selection, texts, params.get("state") or ANY, bool(params.get("abandoned")))


def run(dashboard: Dashboard, asked: Asked, reporter: Reporter, _check_mode: bool) -> dict[str, Any]:
    """What is installed on the selected sites, by their last sync."""
    plural = f"{asked.noun}s"
    sites = chosen_with(dashboard, asked.selection, (plural,), reporter)
    clients = dashboard.client_names(sites)
    dates = parallel(lambda site: _abandoned(dashboard, asked, site, reporter), sites)
    untold = [site.url for site in sites if not _installed(asked.noun, site)]
    if untold:
        reporter.warn(f"MainWP does not know the {plural} of {reporting.and_more(untold)}: a sync brings them.")
    if asked.texts:
        for text in strangers(_looked_for(asked.texts, sites, asked.noun)):
            reporter.warn(stranger_sentence(plural, text, whole=not untold))
    told = [
        {
            **picked(site, "id", "url", "name", "client_id"),
            "client_name": clients.get(site.client_id, ""),
            "tags": reporting.tags_of(site),
            **picked(site, "status", "last_sync"),
            plural: [_told(asked, site, item, old) for item in _wanted(asked, site)],
        }
        for site, old in zip(sites, dates, strict=True)
    ]
    count = sum(len(site[plural]) for site in told)
    return {
        "changed": False,
        "msg": f"{reporting.plural(count, asked.noun)} on {reporting.plural(len(told), 'site')}",
        "count": count,
        "sites": told,
        "dashboard": dashboard.in_results,
    }


def _installed(noun: str, site: Site) -> tuple[Extension, ...]:
    return (site.plugins if noun == PLUGIN else site.themes) or ()


def _looked_for(texts: tuple[str, ...], sites: tuple[Site, ...], noun: str) -> list[Entry]:
    known = [installed for installed in (_installed(noun, site) for site in sites) if installed]
    return [Entry(text, asked=(text,), found=bool(named(text, installed))) for text in texts for installed in known]


def _wanted(asked: Asked, site: Site) -> list[Extension]:
    installed = _installed(asked.noun, site)
    if asked.texts is not None:
        slugs = {item.slug for text in asked.texts for item in named(text, installed)}
        installed = tuple(item for item in installed if item.slug in slugs)
    return [item for item in installed if asked.state in (ANY, value_of(item))]


def _told(asked: Asked, site: Site, item: Extension, old: Mapping[str, str | None]) -> dict[str, Any]:
    offers = (update for update in site.updates if update.key[:2] == (asked.noun, item.slug))
    offer = next(offers, None)
    return {
        **picked(item, "slug", "name", "version"),
        "state": value_of(item),
        "update_version": offer.new_version if offer else "",
        "abandoned_since": old.get(item.slug),
        **({} if asked.noun == PLUGIN else {"parent_active": item.parent_active}),
    }


def _abandoned(dashboard: Dashboard, asked: Asked, site: Site, reporter: Reporter) -> Mapping[str, str | None]:
    """Slug → when it had its last release; empty, with a warning, where this site cannot tell."""
    if not asked.abandoned:
        return {}
    try:
        return dashboard.v2.extensions.abandoned(site, asked.noun)
    except errors.OF_THE_DASHBOARD:
        raise
    except errors.MainWPError as exc:
        reporter.warn(f"{site.url}: nobody knows which {asked.noun}s are abandoned there: {exc}")
        return {}
