# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The REST API v2 as both of its dialects serve it. PRIVATE to the collection.

Every recipe here was chosen because it gives the same answer on both dialects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api import normalise, several
from ansible_collections.wpfleet.mainwp.plugins.module_utils._caches import Answer
from ansible_collections.wpfleet.mainwp.plugins.module_utils._http import Transport
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import (
    CORE,
    CORE_SLUG,
    PLUGIN,
    THEME,
    TRANSLATION,
    ItemAnswer,
    Site,
    Update,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import plain

API = "mainwp/v2"
#: Columns that tell how far WP-Cron's work on all sites is (core.md §9.5).
_CLOCKS = ("dtsAutomaticSync", "dtsAutomaticSyncStart")
#: The largest page that both dialects accept (core.md §5.1).
PAGE = 100
#: A page that is too large for the client is read in so many parts: updates may carry whole changelogs.
_PARTS = 5

#: What a listing asks for: all but the long lists, which make up nine tenths of a site object.
SLIM = [
    "id",
    "name",
    "url",
    "note",
    "tags",
    "ip",
    "client_id",
    "wp_version",
    "php_version",
    "child_version",
    "mysql_version",
    "active_theme",
    "status",
    "sync_errors",
    "http_status",
    "health_score",
    "last_sync",
    "suspended",
    "wp_upgrades",
    "plugin_upgrades",
    "theme_upgrades",
    "translation_upgrades",
    "premium_upgrades",
]
EXTENSIONS = ("plugins", "themes")

_ODD = "Is this a MainWP Dashboard, and does nothing change its answers on the way?"
_EXTENSIONS = (PLUGIN, THEME)
_ROUTE = {PLUGIN: "plugins", THEME: "themes", TRANSLATION: "translations"}


class V2:
    """What abilities and classic have in common."""

    name = "v2"
    #: Listings come in pages.
    paged = True
    #: One POST may carry several slugs.
    many_items = True
    #: A site that once failed a sync is refused until ``reconnect`` (core.md §7.4).
    locks_out = False
    #: The Dashboard's own batch runs in the background, by WP-Cron.
    batch_in_background = False
    #: Types that the Dashboard's own batch updates.
    batch_types: tuple[str, ...] = (PLUGIN, THEME, CORE)
    #: Whether the Dashboard's own batch reaches premium extensions (core.md §9.1).
    batch_premium = False

    #: An answer about several sites is never cut.
    answers_whole = False

    def __init__(self, transport: Transport) -> None:
        self.http = transport
        #: What the Dashboard itself said when we synced: site → (last sync, when it said so by our clock).
        self._synced: dict[int, tuple[str, float]] = {}

    # -- reading --------------------------------------------------------------------------------------------------

    def sites_page(self, page: int, fields: Sequence[str], size: int = PAGE) -> list[Site]:
        """One page of child sites; shorter than ``size`` on the last one. Staging sites are never listed."""
        query = {"page": page, "per_page": size, "_fields": ",".join(fields)}
        try:
            return self._sites(self.http.read(f"{API}/sites", query, "list the sites"))
        except errors.AnswerLost as exc:
            part = size // _PARTS
            if not exc.details.get("too_large") or not part:
                raise
        found: list[Site] = []
        for number in range(_PARTS):
            found += self.sites_page(_PARTS * (page - 1) + 1 + number, fields, part)
            if len(found) < part * (number + 1):
                break
        return found

    def sites_count(self) -> int:
        """How many sites there are, staging sites left out."""
        return normalise.as_int(
            normalise.as_map(self.http.read(f"{API}/sites/count", None, "count sites").data).get("count")
        )

    def fleet_clocks(self, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Site id → (last finished, last started) of what WP-Cron does with all sites: the background batch, the
        scheduled sync. Unix seconds by the Dashboard's local time."""
        rows = self.sites_by_id(ids, ("id",), _CLOCKS)
        return {row.id: (row.extra.get(_CLOCKS[0], 0), row.extra.get(_CLOCKS[1], 0)) for row in rows}

    def sites_by_id(
        self, ids: Iterable[int], fields: Sequence[str], custom_fields: Sequence[str] = ()
    ) -> Iterator[Site]:
        """The sites with these ids, in chunks. ``custom_fields`` are real columns (core.md §3.1: with ``include``
        both dialects take the list path, where they work)."""
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), PAGE):
            yield from self._sites_chunk(wanted[start : start + PAGE], fields, custom_fields)

    def _sites_chunk(
        self, wanted: Sequence[int], fields: Sequence[str], custom_fields: Sequence[str]
    ) -> Iterator[Site]:
        query: dict[str, Any] = {"include": ",".join(str(item) for item in wanted)}
        query["_fields"] = ",".join([*fields, *custom_fields])
        if custom_fields:
            query["custom_fields"] = ",".join(custom_fields)
        try:
            found = {site.id: site for site in self._sites(self.http.read(f"{API}/sites", query, "read sites"))}
        except errors.AnswerLost as exc:
            if not exc.details.get("too_large") or len(wanted) == 1:
                raise
            step = -(-len(wanted) // _PARTS)
            for start in range(0, len(wanted), step):
                yield from self._sites_chunk(wanted[start : start + step], fields, custom_fields)
            return
        # Never a site that was not asked for: it would be worked on in the place of another.
        yield from (found[key] for key in wanted if key in found)

    def site_option(self, site_id: int, names: Sequence[str]) -> Mapping[str, Any]:
        """Per-site options such as ``bulk_updates_info`` (core.md §9.5), normalised."""
        query = {"custom_fields": ",".join(names), "_fields": ",".join(names)}
        answer = self.http.read(f"{API}/sites/{site_id}", query, f"read site {site_id}")
        return normalise.site(normalise.as_map(normalise.as_map(answer.data).get("data"))).extra

    def pending(self, site: Site) -> tuple[Update, ...]:
        """The updates of one site with ignore rules applied: the authority on every version (core.md §6.2)."""
        answer = self.http.read(f"{API}/updates/{site.id}", None, f"read the updates of {site.url}")
        body = normalise.as_map(answer.data)
        if not isinstance(body.get("data"), (dict, list)):
            raise errors.AnswerLost(f"read the updates of {site.url}: the answer has no data.")
        return self._believed(site, normalise.pending_updates(body["data"]))

    def pending_of(self, sites: Sequence[Site]) -> dict[int, tuple[Update, ...]]:
        """The updates of several sites by one request, the same ignore rules applied (recorded): by id, those that the
        answer tells for sure. The other sites have to be asked one by one.

        The shape of the answer is the dialect's: site by site and whole on classic, one list and cut on abilities.
        """
        step = f"read the updates of {len(sites)} sites"
        query = {"include": ",".join(str(site.id) for site in sites)}
        data = normalise.as_map(self.http.read(f"{API}/updates", query, step).data).get("data")
        if isinstance(data, dict) and self.name == V2.name:
            self.answers_whole = True
        found = several.told(data, sites, self.answers_whole)
        if found is None:
            raise errors.AnswerLost(f"{step}: the answer is not about these.", hint=_ODD)
        return found

    def detail(self, site: Site, part: str) -> Any:
        """``GET /sites/{id}/{part}``: security, client, costs, non-mainwp-changes. The ``data`` of the answer."""
        answer = self.http.read(f"{API}/sites/{site.id}/{part}", None, f"read {part} of {site.url}")
        body = normalise.as_map(answer.data)
        return normalise.detail(part, body.get("data")) if normalise.as_bool(body.get("success", 1)) else None

    def tags(self) -> dict[int, str]:
        """All tags, id → name."""
        return self._names("tags", "list the tags")

    def tags_with_sites(self) -> tuple[dict[int, str], dict[int, list[int]]]:
        """All tags, id → name, and the tags of each site that has any, site id → tag ids, by one request."""
        step = "list the tags"
        rows = normalise.as_map(self.http.read(f"{API}/tags", None, step).data).get("data")
        names = normalise.names(rows)
        if names is None:
            raise errors.AnswerLost(f"{step}: the answer is not such a list.", hint=_ODD)
        return names, normalise.tagged_sites(rows)

    def sites_basic(self) -> list[Site]:
        """All child sites with nothing but id, name, address and client, in one answer of a tenth of a kB for each."""
        return self._sites(self.http.read(f"{API}/sites/basic", None, "list the sites' names"))

    def clients(self) -> dict[int, str]:
        """All clients, id → name."""
        return self._names("clients", "list the clients")

    # -- repeatable writes ----------------------------------------------------------------------------------------

    def sync(self, site: Site) -> Site | None:
        """Sync one site; its fresh state, or None when it failed – the API gives no reason (core.md §7.1).

        Raises AnswerLost when the answer is about something else: what the sync brought has to be read then.
        """
        answer = self.http.write(f"{API}/sites/{site.id}/sync", step=f"sync {site.url}")
        body = normalise.as_map(answer.data)
        if "success" in body and not normalise.as_bool(body["success"]):
            return None
        fresh = normalise.site(normalise.as_map(body.get("data")))
        if fresh.id != site.id:
            lost = errors.AnswerLost(f"sync {site.url}: the answer does not tell of this site.", hint=_ODD)
            lost.may_be_running = False
            raise lost
        self._synced[site.id] = (fresh.last_sync or "", answer.received)
        return fresh

    def check(self, site: Site) -> bool:
        """Probe the site's front page; True when it is up (core.md §4: success is 1 for a down site, too)."""
        answer = self.http.write(f"{API}/sites/{site.id}/check", step=f"check {site.url}")
        return normalise.as_bool(normalise.as_map(normalise.as_map(answer.data).get("data")).get("status"))

    def reconnect(self, site: Site) -> bool:
        """Sync past the lock-out and, if that fails, register again (core.md §7.4). False when refused."""
        try:
            answer = self.http.write(f"{API}/sites/{site.id}/reconnect", step=f"reconnect {site.url}")
        except errors.ApiError as exc:
            if isinstance(exc, errors.Unauthorized):
                raise
            return False
        return normalise.as_bool(normalise.as_map(answer.data).get("success"))

    # -- writes that start work -----------------------------------------------------------------------------------

    def update_items(self, site: Site, kind: str, slugs: Sequence[str]) -> dict[str, ItemAnswer]:
        """Update plugins, themes or translations; slug → what the Dashboard says of it (core.md §6.4)."""
        route = _ROUTE[kind]
        path = f"{API}/updates/{site.id}/update/{route}"
        body = normalise.as_map(
            self.http.write(path, {"slug": list(slugs)}, step=f"update {route} of {site.url}", work=True).data
        )
        if "success" not in body:
            return {}  # no word on what was asked, and so no evidence: reading decides
        if not normalise.as_bool(body["success"]):
            text = plain(body.get("message") or body.get("error")) or "the Dashboard gives no reason"
            return {slug: ItemAnswer(success=False, error=text) for slug in slugs}
        return normalise.item_answers(body.get("data"))

    def update_core(self, site: Site) -> dict[str, ItemAnswer]:
        """Update WordPress itself. "Success" without versions means there was nothing to do (core.md §6.4)."""
        answer = self.http.write(
            f"{API}/updates/{site.id}/update/wp", step=f"update WordPress of {site.url}", work=True
        )
        body = normalise.as_map(answer.data)
        if not isinstance(body.get("data") or {}, dict):
            return {}  # no word on what was asked, and so no evidence: reading decides
        moved = normalise.as_map(body.get("data"))
        success = normalise.as_bool(body.get("success"))
        text = "" if success else plain(body.get("error")) or "the child site refused the WordPress update"
        outcome = ItemAnswer(
            success, normalise.as_text(moved.get("old_version")), normalise.as_text(moved.get("version")), text
        )
        return {CORE_SLUG: outcome}

    def update(self, site: Site, kind: str, slugs: Sequence[str]) -> dict[str, ItemAnswer]:
        """Start updates of one type on one site."""
        return self.update_core(site) if kind == CORE else self.update_items(site, kind, slugs)

    def batch_site(self, site: Site) -> dict[str, Any]:
        """``POST /updates/{id}/update``: the Dashboard's own batch for one site (core.md §9)."""
        step = f"start the batch update of {site.url}"
        return normalise.batch_answer(self.http.write(f"{API}/updates/{site.id}/update", step=step, work=True).data)

    # -- helpers --------------------------------------------------------------------------------------------------

    def _names(self, route: str, step: str) -> dict[int, str]:
        names = normalise.names(normalise.as_map(self.http.read(f"{API}/{route}", None, step).data).get("data"))
        if names is None:
            raise errors.AnswerLost(f"{step}: the answer is not such a list.", hint=_ODD)
        return names

    def _sites(self, answer: Answer) -> list[Site]:
        found = normalise.sites(normalise.as_map(answer.data).get("data"))
        if found is None:
            raise errors.AnswerLost("list the sites: the answer is not a list of sites.", hint=_ODD)
        for site in found:
            synced, told_at = self._synced.get(site.id, ("", 0.0))
            if answer.asked > told_at and site.last_sync and site.last_sync < synced:
                self.http.caches.contradicted(f"{site.url}, synced at {synced}, is read as of {site.last_sync}")
        return found

    def _believed(self, site: Site, found: tuple[Update, ...]) -> tuple[Update, ...]:
        """The updates of a site, unless they contradict what our own sync of it brought: it names them all, ignored ones
        included. Raises CachedAnswers."""
        known = {(*update.key, update.new_version) for update in site.updates}
        odd = [
            update for update in found if update.type in _EXTENSIONS and (*update.key, update.new_version) not in known
        ]
        if odd and self._synced.get(site.id, ("", 0.0))[0] == site.last_sync:
            now = next(self.sites_by_id([site.id], ["id", "url", "last_sync"]), site)
            if now.last_sync == site.last_sync:  # nobody else has synced it meanwhile
                offer = f"{odd[0].slug} {odd[0].new_version}".strip()
                self.http.caches.contradicted(f"it offers {offer} for {site.url}, unlike the sync just now")
                self.http.caches.refuse()
        return found
