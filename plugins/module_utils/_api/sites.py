# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Child sites: listing, reading, syncing. PRIVATE to the collection.

Every recipe here was chosen because it gives the same answer on both dialects.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from .. import _errors as errors
from .._caches import LATE
from .._http import Transport
from .._models import Site, epoch
from .._secrets import plain
from . import normalise
from .listing import Listed, Listing
from .managed_sites import WHOLE, ManagedSites, whole_row
from .resource import ODD, PAGE, Row, parallel, told

T = TypeVar("T")
Query = dict[str, int]
_LISTING = "list the sites"

#: A page that is too large for the client is read in so many parts: updates may carry whole changelogs.
_PARTS = 5
#: Pages asked for at once: so many are asked for in vain if the Dashboard counts wrong.
_PAGES = 20

#: What a listing asks for: all but the long lists, which make up nine tenths of a site object.
_SLIM = """
    id name url note tags ip client_id wp_version php_version child_version mysql_version active_theme status sync_errors
    http_status health_score last_sync suspended
    wp_upgrades plugin_upgrades theme_upgrades translation_upgrades premium_upgrades
"""
SLIM = _SLIM.split()
#: What a listing for several that ask has at least.
LISTED = (*SLIM, *WHOLE)
EXTENSIONS = ("plugins", "themes")


class Sites(ManagedSites):
    """``/sites``. Staging sites are never listed."""

    def __init__(self, http: Transport) -> None:
        super().__init__(http)
        #: What the Dashboard itself said when we synced: site → (last sync, when it said so by our clock).
        self._synced: dict[int, tuple[str, float]] = {}
        #: Kept for several that ask, while nothing is written.
        self.listing = Listing()

    # -- reading --------------------------------------------------------------------------------------------------

    def all(self, fields: Sequence[str] = tuple(SLIM), needed: Sequence[str] = ()) -> list[Site]:
        """All sites, each once. ``needed``: without one of these fields an answer is none, for what is not told is read like
        what is not so."""
        if self.listing.tells(fields):
            return [one.site for one in self._listed.values()]
        names = ",".join(fields)
        return self._every(
            lambda query: self._read("sites", {**query, "_fields": names}, _LISTING, needed), lambda site: site.id
        )

    def all_whole(self) -> list[Row]:
        """All sites, each once, as ``whole`` reads one."""
        if self.listing.tells(WHOLE):
            return [one.row for one in self._listed.values()]
        return self._every(lambda query: self.whole_rows(query, _LISTING), lambda row: int(row["id"]))

    @property
    def rows(self) -> list[Row]:
        """All sites, with nothing but id, name, address and client."""
        if self.listing.tells(()):
            return [{name: one.row[name] for name in self.columns} for one in self._listed.values()]
        return super().rows

    @property
    def _listed(self) -> Mapping[int, Listed]:
        """All sites by their ids, with all that anybody asks of a listing."""

        def read(fields: Sequence[str]) -> list[Listed]:
            names = ",".join(fields)
            return self._every(lambda query: self._both({**query, "_fields": names}), lambda one: one.site.id)

        return self.listing.get(read)

    def _every(self, read: Callable[[Query], list[T]], id_of: Callable[[T], int]) -> list[T]:
        """Pages are read in parallel once it is known how many there are. A short page ends the list, or one without news,
        whatever was counted."""
        first = self._page(1, read)
        found = {id_of(one): one for one in first}
        if len(first) < PAGE:
            return list(found.values())
        last, start = math.ceil(self.count() / PAGE), 2
        while True:
            numbers = range(start, max(start, min(last, start + _PAGES - 1)) + 1)
            pages = parallel(lambda page: self._page(page, read), numbers)
            before = len(found)
            found = {**{id_of(one): one for page in pages for one in page}, **found}
            if len(pages[-1]) < PAGE or len(found) == before:
                return list(found.values())
            start = numbers.stop

    def _page(self, page: int, read: Callable[[Query], list[T]], size: int = PAGE) -> list[T]:
        """One page; shorter than ``size`` on the last one."""
        try:
            return read({"page": page, "per_page": size})
        except errors.TooLarge:
            part = size // _PARTS
            if not part:
                raise
        found: list[T] = []
        for number in range(_PARTS):
            found += self._page(_PARTS * (page - 1) + 1 + number, read, part)
            if len(found) < part * (number + 1):
                break
        return found

    def count(self) -> int:
        """How many sites there are."""
        return normalise.as_int(self.ask("sites/count", "count sites").get("count"))

    def basic(self) -> list[Site]:
        """All sites with nothing but id, name, address and client, in one answer of a tenth of a kB for each."""
        if self.listing.tells(()):
            return [one.site for one in self._listed.values()]
        return self._read("sites/basic", None, "list the sites' names")

    def by_id(
        self, ids: Iterable[int], fields: Sequence[str], custom_fields: Sequence[str] = (), needed: Sequence[str] = ()
    ) -> dict[int, Site]:
        """Id → site, in the order of ``ids``; read in parallel, like the pages of the listing. ``custom_fields`` are real
        columns (core.md §3.1: with ``include`` both dialects take the list path, where they work)."""
        wanted = list(dict.fromkeys(ids))
        known = self.listing.known(wanted) if self.listing.tells(fields) and not custom_fields else None
        if known is not None:
            return {key: one.site for key, one in known.items()}
        chunks = [wanted[start : start + PAGE] for start in range(0, len(wanted), PAGE)]
        parts = parallel(lambda chunk: self._chunk(chunk, fields, custom_fields, needed), chunks)
        return {key: site for part in parts for key, site in part.items()}

    def _chunk(
        self, wanted: Sequence[int], fields: Sequence[str], custom_fields: Sequence[str], needed: Sequence[str]
    ) -> dict[int, Site]:
        query = {"include": ",".join(map(str, wanted)), "_fields": ",".join([*fields, *custom_fields])}
        if custom_fields:
            query["custom_fields"] = ",".join(custom_fields)
        try:
            found = {site.id: site for site in self._read("sites", query, "read sites", needed)}
        except errors.TooLarge:
            if len(wanted) == 1:
                raise
            step = -(-len(wanted) // _PARTS)
            parts = (wanted[start : start + step] for start in range(0, len(wanted), step))
            return {
                key: site for part in parts for key, site in self._chunk(part, fields, custom_fields, needed).items()
            }
        # Never a site that was not asked for: it would be worked on in the place of another.
        return {key: found[key] for key in wanted if key in found}

    def option(self, site_id: int, names: Sequence[str]) -> Mapping[str, Any]:
        """Per-site options such as ``bulk_updates_info`` (core.md §9.5), normalised."""
        query = {"custom_fields": ",".join(names), "_fields": ",".join(names)}
        body = self.ask(f"sites/{site_id}", f"read site {site_id}", query)
        return normalise.site(normalise.as_map(body.get("data"))).extra

    def detail(self, site: Site, part: str) -> Any:
        """``GET /sites/{id}/{part}``: security, client, costs, non-mainwp-changes. The ``data`` of the answer.

        What a child site refuses comes as a report that has nothing but its sentence.
        """
        body = self.ask(f"sites/{site.id}/{part}", f"read {part} of {site.url}")
        data = normalise.detail(part, body.get("data")) if normalise.as_bool(body.get("success", 1)) else None
        refused = plain(data.get("error")) if isinstance(data, dict) else ""
        if refused:
            raise errors.ApiError(refused, reason="disconnected")
        return data

    def _read(self, path: str, query: Mapping[str, Any] | None, step: str, needed: Sequence[str] = ()) -> list[Site]:
        answer = self.http.read(f"{self.root}/{path}", query, step)
        rows = normalise.as_map(answer.data).get("data")
        found = told(normalise.listed(rows, normalise.site, needed), step)
        self._compare(found, answer.asked)
        return found

    def _both(self, query: Mapping[str, Any]) -> list[Listed]:
        answer = self.http.read(f"{self.root}/sites", query, _LISTING)
        rows = normalise.as_map(answer.data).get("data")
        found = told(normalise.listed(rows, lambda raw: Listed(normalise.site(raw), whole_row(raw))), _LISTING)
        self._compare((one.site for one in found), answer.asked)
        return found

    def _compare(self, sites: Iterable[Site], asked: float) -> None:
        """What is older than what our own sync brought comes from a cache."""
        for site in sites:
            synced, told_at = self._synced.get(site.id, ("", 0.0))
            if asked > told_at and site.last_sync and site.last_sync < synced:
                self.http.caches.distrust(f"{site.url}, synced at {synced}, is read as of {site.last_sync}")

    def is_as_we_synced_it(self, site: Site) -> bool:
        """True when ``site`` is what our own sync brought, and nobody else has synced it meanwhile."""
        if self._synced.get(site.id, ("", 0.0))[0] != site.last_sync:
            return False
        now = self.by_id([site.id], ("id", "url", "last_sync")).get(site.id, site)
        return (now.last_sync or "") <= (site.last_sync or "")  # an older one is that of a cache

    def refuses(self, site: Site) -> bool:
        """Abilities: the list of plugins is refused, with a reason, by the rule by which a sync is refused without one: the
        stored version of MainWP Child is 0. (Asked for in pages it is not refused.)"""
        try:
            self.ask(f"sites/{site.id}/plugins", f"find out why {site.url} is not synced")
        except errors.Unauthorized:
            raise
        except errors.MainWPError as exc:
            return exc.details.get("code") == "mainwp_child_outdated"
        return False

    # -- repeatable writes ----------------------------------------------------------------------------------------

    def sync(self, site: Site) -> Site | None:
        """Sync one site; its fresh state, or None when it failed – the API gives no reason (core.md §7.1).

        Raises AnswerLost when the answer is about something else: what the sync brought has to be read then.
        """
        answer = self.http.write(f"{self.root}/sites/{site.id}/sync", step=f"sync {site.url}")
        body = normalise.as_map(answer.data)
        if "success" in body and not normalise.as_bool(body["success"]):
            return None
        fresh = normalise.site(normalise.as_map(body.get("data")))
        if fresh.id != site.id:
            lost = errors.AnswerLost(f"sync {site.url}: the answer does not tell of this site.", hint=ODD)
            lost.may_be_running = False
            raise lost
        self._must_be_new(site, fresh, answer.asked)
        self._synced[site.id] = (fresh.last_sync or "", answer.received)
        return fresh

    def _must_be_new(self, known: Site, fresh: Site, asked: float) -> None:
        """A good sync moves the time of the last one. Raises CachedAnswers where it tells of one that was known before."""
        caches, last, before = self.http.caches, epoch(fresh.last_sync), epoch(known.last_sync)
        if fresh.sync_errors or last is None or before is None or last > before:
            return
        if last < asked + (caches.skew or 0.0) - LATE:
            caches.distrust(f"to a sync of {known.url} it said that the last one was at {fresh.last_sync}")
            caches.refuse()

    def check(self, site: Site) -> bool:
        """Probe the site's front page; True when it is up (core.md §4: success is 1 for a down site, too)."""
        body = self.send(f"sites/{site.id}/check", f"check {site.url}")
        return normalise.as_bool(normalise.as_map(body.get("data")).get("status"))

    def reconnect(self, site: Site) -> bool:
        """Sync past the lock-out and, if that fails, register again (core.md §7.4). False when refused."""
        try:
            return normalise.as_bool(self.send(f"sites/{site.id}/reconnect", f"reconnect {site.url}").get("success"))
        except errors.Unauthorized:
            raise
        except errors.ApiError:
            return False
