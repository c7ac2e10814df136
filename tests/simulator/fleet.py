# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated world: one Dashboard's database and the children it knows.

Everything in it is plain, mutable data; tests may change it in mid run under ``with fleet.lock:``.
What children *do* is in :mod:`child`, what the Dashboard *stores* is in :mod:`dashboard`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from . import child, picture
from .clock import Clock
from .php import bare_url
from .state import Child, Client, ClientField, Cost, Monitor, Moved, Site, Stored, Tag, Truth
from .throttle import Throttle


class Fleet:
    """Sites by id, tags, clients, settings, ignore lists: one Dashboard and the children it knows."""

    def __init__(
        self,
        sites: Iterable[Site] = (),
        tags: Iterable[Tag] = (),
        clients: Iterable[Client] = (),
        *,
        clock: Clock | None = None,
        settings: dict[str, dict[str, Any]] | None = None,
        ignored_plugins: Any = "",
        ignored_themes: Any = "",
        strangers: dict[str, Child] | None = None,
        sync_seconds: float = 0.0,
        update_seconds: float = 0.0,
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock or Clock()
        self.sites: dict[int, Site] = {}
        self.tags: dict[int, Tag] = {tag.id: tag for tag in tags}
        self.clients: dict[int, Client] = {client.id: client for client in clients}
        #: how much of a list of ids the database gives: MariaDB 1 MB, MySQL 1,024 bytes
        self.group_concat = 1_048_576
        self.client_fields: dict[int, ClientField] = {}
        self.costs: dict[int, Cost] = {}
        #: slugs of product types that were saved once, built-in or not
        self.custom_product_types: set[str] = set()
        self.monitors: dict[int, Monitor] = {}
        #: whom MainWP writes to unless told otherwise
        self.admin_email = "admin@dashboard.example"
        #: what was saved of the settings, by group, in the form in which it is answered
        self.settings: dict[str, dict[str, Any]] = settings or {}
        #: global ignore lists
        self.ignored_plugins = ignored_plugins
        self.ignored_themes = ignored_themes
        #: children that exist but are not connected to this Dashboard: url -> child (for sites/add)
        self.strangers: dict[str, Child] = strangers or {}
        #: seconds (of the clock) that a sync and an update take, besides the child's latency
        self.sync_seconds = sync_seconds
        self.update_seconds = update_seconds
        #: the Dashboard's limits on calls to children; None: no limits
        self.throttle: Throttle | None = None
        self.truth = Truth()
        #: sites at which somebody else was at work, whatever came of it
        self.visited: set[int] = set()
        self._actor = threading.local()
        self._last_ids = {"sites": 0, "client_fields": 0, "costs": 0, "monitors": 0}
        self._last_ids |= {"tags": max(self.tags, default=0), "clients": max(self.clients, default=0)}
        for site in sites:
            self.add(site)

    def add(self, site: Site) -> Site:
        """Put a site into the Dashboard's table."""
        with self.lock:
            self.sites[site.id] = site
            self._last_ids["sites"] = max(self._last_ids["sites"], site.id)
            if site.dts_sync is None:
                site.dts_sync = self.clock.now()
            site.added = site.added or int(self.clock.now())
            if site.version is None:
                site.version = site.child.child_version if site.dts_sync else ""
            if site.stored is None:
                site.stored = Stored()
                if site.dts_sync:
                    picture.remember(site)
        return site

    def ordered(self, staging: bool = False) -> list[Site]:
        """Sites by URL without scheme and www., the only order lists know (core.md §5.1). To MariaDB a colon comes before
        dot and slash (recorded)."""
        sites = [site for site in list(self.sites.values()) if staging or not site.is_staging]
        return sorted(sites, key=lambda site: f"{bare_url(site.url)}/".replace(":", "-~"))

    def new_id(self, table: str) -> int:
        """The next number of "sites", "tags", "clients", "client_fields", "costs" or "monitors"; numbers are never given twice."""
        with self.lock:
            self._last_ids[table] = max(self._last_ids[table], *getattr(self, table), 0) + 1
            return self._last_ids[table]

    def slot(self, site: Site) -> AbstractContextManager[None]:
        """A slot for a call that the Dashboard's limits apply to."""
        return self.throttle.slot(site.ip) if self.throttle else nullcontext()

    @contextmanager
    def acting(self, actor: str) -> Iterator[None]:
        """Name who does what happens inside (for the truth)."""
        before = getattr(self._actor, "name", "outside")
        self._actor.name = actor
        try:
            yield
        finally:
            self._actor.name = before

    def moved(self, site_id: int, kind: str, slug: str, before: str, after: str) -> None:
        """Write an event into the truth."""
        actor = getattr(self._actor, "name", "outside")
        self.truth.append(Moved(site_id, kind, slug, before, after, self.clock.now(), actor))

    def outside_update(self, site_id: int, kind: str, slug: str = "") -> None:
        """Somebody else updates directly on the child; the Dashboard's lists stay stale."""
        self.visited.add(site_id)
        with self.acting("outside"):
            child.update_item(self, self.sites[site_id], kind, slug)


def scheduled(fleet: Fleet) -> Fleet:
    """``fleet`` after a night in which WP-Cron did the Dashboard's scheduled sync of each site."""
    day = 24 * 3600
    night = int(fleet.clock.now()) // day * day - 6 * 3600
    for site in fleet.sites.values():
        site.dts_automatic_sync = site.dts_automatic_sync_start = night
    return fleet
