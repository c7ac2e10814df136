# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The legacy API v1: sites, sync and updates one by one. PRIVATE to the collection.

v1 says "Process ran." whatever happened and lists updates without ignore rules (core.md §2), so the ignore rules
are applied here and every outcome is read afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from .. import _errors as errors
from .._http import Transport
from .._models import CORE, CORE_SLUG, PLUGIN, THEME, TRANSLATION, ItemAnswer, Site, Update
from .._secrets import plain
from . import normalise
from .resource import Resource, Row, told

#: Where v1 tells what is ignored: the flag and the column of a site, the route to the fleet-wide list.
_IGNORES = {
    PLUGIN: ("is_ignorePluginUpdates", "ignored_plugins", "updates/ignored-plugins-updates"),
    THEME: ("is_ignoreThemeUpdates", "ignored_themes", "updates/ignored-themes-updates"),
}


class Legacy(Resource):
    """One of the few things that v1 knows."""

    root = "mainwp/v1"


class Sites(Legacy):
    """Child sites, in the shape of v2."""

    def __init__(self, http: Transport) -> None:
        super().__init__(http)
        #: Rows just read, for the ignore rules of the plan that follows.
        self.known: dict[int, Mapping[str, Any]] = {}
        #: What the rows told with which updates were read last, until it is asked for.
        self.told: dict[int, Site] = {}

    def all(self, fields: Sequence[str] = ()) -> list[Site]:
        """All sites at once: v1 has no pages, nor ip and WordPress version in its list."""
        del fields
        query, step = {"full_data": 1, "selectgroups": 1}, "list the sites"
        rows = self.http.read(f"{self.root}/sites/all-sites", query, step).data
        return list({site.id: site for site in told(normalise.listed(rows, _site), step)}.values())

    def by_id(self, ids: Iterable[int], fields: Sequence[str], custom_fields: Sequence[str] = ()) -> dict[int, Site]:
        """Id → each site's whole row."""
        del fields, custom_fields
        rows = {site_id: self.row(site_id) for site_id in ids}
        return {site_id: _site(row) for site_id, row in rows.items() if row}

    def completed(self, site: Site) -> Site:
        """``site`` with what the list lacks, once its updates were read."""
        row = self.told.pop(site.id, None)
        return replace(site, wp_version=row.wp_version, updates=row.updates) if row else site

    def row(self, site_id: int) -> Mapping[str, Any] | None:
        """One site's database row; None for an unknown id, which v1 answers with an empty body."""
        row = self.ask("site/site", f"read site {site_id}", {"site_id": site_id, "with_tags": 1})
        if normalise.as_int(row.get("id")) != site_id:
            return None
        self.known[site_id] = row
        return row

    def sync(self, site: Site) -> Site | None:
        """Sync one site and read it again, for v1 always says success."""
        self.http.write(f"{self.root}/site/sync-site", query={"site_id": site.id}, step=f"sync {site.url}")
        row = self.row(site.id)
        return None if not row or plain(row.get("sync_errors")) else _site(row)

    def check(self, site: Site) -> bool:
        """v1 has no lock-outs that a check would open."""
        del site
        return False

    def reconnect(self, site: Site) -> bool:
        """Ask the Dashboard to reconnect; True when the site has no sync errors afterwards."""
        self.http.write(f"{self.root}/site/reconnect-site", query={"site_id": site.id}, step=f"reconnect {site.url}")
        row = self.row(site.id)
        return row is not None and not plain(row.get("sync_errors"))


class Updates(Legacy):
    """Updates of single sites."""

    def __init__(self, http: Transport, sites: Sites) -> None:
        super().__init__(http)
        self._sites = sites
        self._global_ignores: dict[str, dict[str, Any]] = {}

    def pending(self, site: Site) -> tuple[Update, ...]:
        """The updates of one site after our own ignore rules, which v1 does not apply (core.md §2.2)."""
        step = f"read the updates of {site.url}"
        body = self.ask("site/site-available-updates", step, {"site_id": site.id})
        if "plugins" not in body:
            raise errors.AnswerLost(f"{step}: the answer has no list of plugins.")
        kinds = ("wp_core", "plugins", "themes", "translation")
        listed = normalise.updates(*(body.get(kind) for kind in kinds))
        row = self._sites.known.pop(site.id, None) or self._sites.row(site.id) or {}
        if row:
            self._sites.told[site.id] = _site(row)
        return tuple(update for update in listed if not self._ignored(update, row))

    def start(self, site: Site, kind: str, slugs: Sequence[str]) -> dict[str, ItemAnswer]:
        """Start one update (or all translations) on one site; slug → evidence, where v1 gives any."""
        if kind == CORE:
            return self._start_core(site)
        if kind == TRANSLATION:
            self._put("site/site-update-translations", {"site_id": site.id}, f"update translations of {site.url}")
            return {}
        (slug,) = slugs
        query = {"site_id": site.id, "type": kind, "slug": slug}
        body = self._put("site/site-update-item", query, f"update {kind} {slug} of {site.url}")
        data = normalise.as_map(body.get("data"))
        answers = normalise.item_answers(data.get("updates_info"))
        for key, error in normalise.as_map(data.get("result_error")).items():
            answers[str(key)] = ItemAnswer(success=False, error=plain(error))
        return answers

    def _start_core(self, site: Site) -> dict[str, ItemAnswer]:
        body = self._put("site/site-update-wordpress", {"site_id": site.id}, f"update WordPress of {site.url}")
        word = normalise.as_text(body.get("upgrade"))
        text = plain(body.get("error") or word)
        if not text or word.upper() == "SUCCESS":
            return {}  # no evidence, be it that v1 gives none or that the answer is none: reading decides
        return {CORE_SLUG: ItemAnswer(success=False, error=text)}

    def _put(self, path: str, query: Mapping[str, Any], step: str) -> dict[str, Any]:
        return normalise.as_map(self.http.write(f"{self.root}/{path}", None, query, step, "PUT", work=True).data)

    def _ignored(self, update: Update, row: Mapping[str, Any]) -> bool:
        """MainWP's ignore rules: whole-site flags, then the site's and the global list by slug and version."""
        if update.type == CORE:
            return normalise.as_bool(row.get("is_ignoreCoreUpdates"))
        if update.type == TRANSLATION:
            return False
        flag, column, route = _IGNORES[update.type]
        if normalise.as_bool(row.get(flag)):
            return True
        if route not in self._global_ignores:
            self._global_ignores[route] = self.ask(route, "read the ignored updates")
        return any(_names(entry, update) for entry in (normalise.as_map(row.get(column)), self._global_ignores[route]))


class Tags(Legacy):
    """Tags, of which v1 tells the names."""

    @cached_property
    def rows(self) -> list[Row]:
        """All tags."""
        names = normalise.as_map(self.ask("tags/all-tags", "list the tags").get("data"))
        return [{"id": normalise.as_int(key), "name": normalise.as_text(name)} for key, name in names.items()]


class Clients(Legacy):
    """Clients, of which no more than the names are read."""

    @cached_property
    def rows(self) -> list[Row]:
        """All clients."""
        found = normalise.as_list(self.ask("clients/all-clients", "list the clients").get("data"))
        return [
            {"id": normalise.as_int(row.get("client_id") or row.get("id")), "name": normalise.as_text(row.get("name"))}
            for row in found
            if isinstance(row, dict)
        ]


class V1:
    """What v1 has of the resources of one Dashboard."""

    def __init__(self, http: Transport) -> None:
        self.sites = Sites(http)
        self.updates = Updates(http, self.sites)
        self.tags = Tags(http)
        self.clients = Clients(http)


def _names(ignores: Mapping[str, Any], update: Update) -> bool:
    """True when an ignore list holds this slug for all versions or for the one offered, as MainWP decides it."""
    if update.slug not in ignores:
        return False
    entry = ignores[update.slug]
    if not isinstance(entry, dict):
        return True  # the form of MainWP before 5.2: the plugin's name, ignored for good
    versions = normalise.as_list(entry.get("ignored_versions"))
    return "all_versions" in versions or update.new_version in versions


def _site(row: Mapping[str, Any]) -> Site:
    """A v1 row in the shape of a v2 site object."""
    info = normalise.as_map(row.get("site_info"))
    themes = normalise.extensions(row.get("themes")) or ()
    active = next((f"{theme.name} {theme.version}" for theme in themes if theme.active), "")
    return normalise.site(
        {
            **row,
            "tags": _tags(row),
            "wp_version": info.get("wpversion") or "",
            "php_version": info.get("phpversion") or row.get("phpversion") or "",
            "child_version": info.get("child_version") or row.get("version") or "",
            "health_score": row.get("health_value"),
            "http_status": row.get("http_response_code"),
            "last_sync": normalise.epoch_as_time(row.get("dtsSync")),
            "active_theme": active,
        }
    )


def _tags(row: Mapping[str, Any]) -> dict[str, str]:
    """Tags from either of v1's two forms."""
    if isinstance(row.get("tags"), dict):
        return {str(key): str(name) for key, name in row["tags"].items()}
    ids = [item.strip() for item in str(row.get("wpgroupids") or "").split(",") if item.strip()]
    names = [item.strip() for item in str(row.get("wpgroups") or "").split(",")]
    return {key: names[index] if len(names) == len(ids) else "" for index, key in enumerate(ids)}
