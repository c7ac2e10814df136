# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dashboard: one MainWP Dashboard as the jobs see it. PRIVATE to the collection.

Reads what is about the Dashboard as a whole – its dialect, sites, tags, clients, limits, the key's scope – each at
most once a run. What is about one site is done by ``api``, the dialect's client.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api import normalise
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.abilities import Abilities
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.classic import Classic
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.v1 import V1
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.v2 import API, PAGE, SLIM, V2
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import V1 as API_V1
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import Connection
from ansible_collections.wpfleet.mainwp.plugins.module_utils._http import Transport
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from ansible_collections.wpfleet.mainwp.plugins.module_utils._outage import PATIENCE, Outage

#: Parallel reads; they cost the Dashboard a PHP worker each.
READ_LANES = 4
#: Pages asked for at once: so many are asked for in vain if the Dashboard counts wrong.
_PAGES = 20
#: Pages of API keys that are looked through.
_KEY_PAGES = 20
#: Bounds of the Dashboard's settings: beyond them a run would not end, or hit the Dashboard with everything at once.
_MOST_LANES, _LONGEST_GAP = 50, 60_000


@dataclass(frozen=True)
class Limits:
    """What the Dashboard allows itself towards child sites (MainWP's defaults)."""

    sync_lanes: int = 4
    sync_gap: float = 0.2
    ip_gap: float = 1.0
    update_lanes: int = 3


class Dashboard:
    """One Dashboard for the length of one run."""

    def __init__(
        self,
        connection: Connection,
        warn: Callable[[str], None] = lambda _text: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self.warn = warn
        self.sleep = sleep
        #: Seconds that pass while we wait, in any way.
        self.clock = clock
        self.http = Transport(connection, warn, sleep)
        self.api: V1 | V2 = V1(self.http) if connection.api_version == API_V1 else V2(self.http)

    def now(self) -> float:
        """The time by the Dashboard's clock, unix seconds."""
        return self.http.now()

    def wait_out(self, limit: float, stopped: Callable[[], bool]) -> None:
        """From now on wait for a Dashboard that goes away: it was there when the run began, so it may come back."""
        patience = min(limit, PATIENCE)
        self.http.outage = Outage(self.http.knock, patience, self.warn, stopped, self.clock, self.sleep)

    def was_away_since(self, moment: float) -> bool:
        """True when an outage ended after ``moment`` of ``clock``: what had been asked before is not being done."""
        return self.http.outage is not None and self.http.outage.over_at > moment

    @property
    def waiting_for(self) -> list[str]:
        """What all wait for while the Dashboard is away; empty else."""
        text = self.http.outage.waiting_for if self.http.outage else ""
        return [text] if text else []

    def close(self) -> None:
        """Close kept-alive connections."""
        self.http.close()

    @property
    def v2(self) -> V2:
        """The client of API v2, for what v1 cannot do. Raises MainWPError on v1."""
        if isinstance(self.api, V1):
            raise errors.MainWPError("This needs api_version v2.", reason="invalid_input")
        return self.api

    def detect(self, known_site: int | None = None) -> str:
        """Find out which dialect is spoken and use its client from now on; the dialect's name.

        By the presence of the Abilities API's namespace, else by the shape of an answer, never by a version.
        """
        if self.api.name == V2.name:
            self.api = Abilities(self.http) if self._speaks_abilities(known_site) else Classic(self.http)
        return self.api.name

    def _speaks_abilities(self, known_site: int | None) -> bool:
        namespaces = self.namespaces
        if namespaces:
            return any(name.startswith("wp-abilities/") for name in namespaces)
        if known_site is None:
            return True  # without sites the dialects do not differ
        answer = self.http.read(f"{API}/updates", {"include": known_site}, "find out the dialect")
        data = normalise.as_map(answer.data).get("data")
        return (isinstance(data, list) and data != []) or (isinstance(data, dict) and "0" in data)

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The REST API's namespaces; empty where a security plugin hides the index."""
        try:
            answer = self.http.read("", {"_fields": "namespaces"}, "read the API's index")
        except (errors.ApiError, errors.NotTheApi, errors.Redirected):
            return ()
        return tuple(
            normalise.as_text(name) for name in normalise.as_list(normalise.as_map(answer.data).get("namespaces"))
        )

    def sites(self, fields: Sequence[str] = tuple(SLIM)) -> list[Site]:
        """All child sites, sorted by address. Pages are read in parallel once it is known how many there are."""
        found = list(self.api.sites_page(1, fields))
        if self.api.paged and len(found) >= PAGE:
            self._add_pages(found, fields)
        unique = {site.id: site for site in found}
        names = self.tags if any(site.tags for site in unique.values()) else {}
        return sorted((site.named(names) for site in unique.values()), key=lambda site: site.sort_key)

    def _add_pages(self, found: list[Site], fields: Sequence[str]) -> None:
        """Add pages 2 and so on to ``found``. A short page ends the list, or one without news, whatever was counted."""
        api = self.v2
        last = math.ceil(api.sites_count() / PAGE)
        known = {site.id for site in found}
        start = 2
        with ThreadPoolExecutor(READ_LANES) as pool:
            while True:
                numbers = range(start, max(start, min(last, start + _PAGES - 1)) + 1)
                pages = list(pool.map(lambda page: api.sites_page(page, fields), numbers))
                news = [site for page in pages for site in page if site.id not in known]
                found += news
                known.update(site.id for site in news)
                if len(pages[-1]) < PAGE or not news:
                    return
                start = numbers.stop

    def sites_by_id(self, ids: Sequence[int], fields: Sequence[str]) -> dict[int, Site]:
        """Id → site, its tags without names; read in parallel, like the pages of the listing."""
        chunks = [ids[start : start + PAGE] for start in range(0, len(ids), PAGE)]
        with ThreadPoolExecutor(READ_LANES) as pool:
            found = pool.map(lambda chunk: list(self.api.sites_by_id(chunk, fields)), chunks)
            return {site.id: site for sites in found for site in sites}

    @cached_property
    def tags(self) -> Mapping[int, str]:
        """All tags, id → name."""
        return self.api.tags()

    @cached_property
    def clients(self) -> Mapping[int, str]:
        """All clients, id → name."""
        return self.api.clients()

    def client_names(self, sites: Iterable[Site]) -> Mapping[int, str]:
        """Client id → name, asked for only if a site has one; empty where the list cannot be read."""
        if not any(site.client_id for site in sites):
            return {}
        try:
            return self.clients
        except errors.ApiError:
            return {}

    @cached_property
    def limits(self) -> Limits:
        """Lanes and pauses from ``/settings/advanced``; MainWP's defaults where that cannot be read."""
        settings = self.settings("advanced") if self.api.paged else {}

        def setting(name: str, default: int, least: int, most: int) -> int:
            return min(most, max(least, normalise.as_int(settings.get(f"mainwp_{name}"), default)))

        return Limits(
            sync_lanes=setting("maximum_requests", 4, 1, _MOST_LANES),
            sync_gap=setting("minimum_delay", 200, 0, _LONGEST_GAP) / 1000,
            ip_gap=setting("minimum_ip_delay", 1000, 0, _LONGEST_GAP) / 1000,
            # Reads 0 when never saved (resources.md §6.2).
            update_lanes=setting("maximum_install_update_requests", 3, 0, _MOST_LANES) or 3,
        )

    def settings(self, group: str) -> dict[str, Any]:
        """``GET /settings/{group}``; empty where it cannot be read."""
        try:
            answer = self.http.read(f"{API}/settings/{group}", None, f"read the {group} settings")
        except errors.ApiError:
            return {}
        return normalise.as_map(normalise.as_map(answer.data).get("data"))

    def key_scope(self) -> str | None:
        """``read`` or ``read_write`` from the key's own row in the Dashboard's list; None when it is not told.

        Titles are translated, so only their number counts: who may read the list has Read (resources.md §9).
        """
        for page in range(1, _KEY_PAGES + 1):
            query = {"page": page, "per_page": PAGE}
            try:
                body = normalise.as_map(self.http.read(f"{API}/rest-api/keys", query, "read the key's scope").data)
            except (errors.NoRoute, errors.NotTheApi):
                return None
            rows = [row for row in normalise.as_list(body.get("data")) if isinstance(row, dict)]
            for row in rows:
                if row.get("truncated_key") == self.connection.key_hint and row.get("version") == "v2":
                    return "read_write" if len(normalise.as_list(row.get("permissions"))) > 1 else "read"
            if page >= normalise.as_int(body.get("pages"), 1) or not rows:
                break
        return None
