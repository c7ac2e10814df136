# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dashboard: one MainWP Dashboard as the jobs see it. PRIVATE to the collection.

Keeps what is about the Dashboard as a whole – its dialect, tags, clients, limits, the key's scope – and is asked at
most once a run. What is asked and sent otherwise is done by ``api``, resource by resource.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from . import _errors as errors
from ._api import dialects, normalise
from ._api.sites import SLIM
from ._api.v1 import V1
from ._api.v2 import V2
from ._connection import V1 as API_V1
from ._connection import Connection
from ._http import Transport
from ._models import Site
from ._outage import PATIENCE, Outage

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
        legacy = connection.api_version == API_V1
        self.api: V1 | V2 = V1(self.http) if legacy else V2(self.http)
        self.dialect = dialects.LEGACY if legacy else dialects.EITHER

    def now(self) -> float:
        """The time by the Dashboard's clock, unix seconds."""
        return self.http.now()

    @property
    def in_results(self) -> dict[str, str]:
        """How results name it."""
        return {"url": self.connection.url, "dialect": self.dialect.name}

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
        """The resources of API v2, for what v1 cannot do. Raises MainWPError on v1."""
        if isinstance(self.api, V1):
            raise errors.MainWPError("This needs api_version v2.", reason="invalid_input")
        return self.api

    def detect(self, known_site: int | None = None) -> dialects.Dialect:
        """Find out which dialect of API v2 is spoken, from now on kept as ``dialect``."""
        if self.dialect is dialects.EITHER:
            self.dialect = dialects.spoken(self.http, self.namespaces, known_site)
            self.v2.updates.whole = self.dialect.answers_whole
        return self.dialect

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The REST API's namespaces; empty where a security plugin hides the index."""
        return dialects.namespaces(self.http)

    @cached_property
    def key_scope(self) -> str | None:
        """``read`` or ``read_write``; None when the Dashboard does not tell what the key may do."""
        return self.v2.keys.scope()

    def sites(self, fields: Sequence[str] = SLIM) -> list[Site]:
        """All child sites, sorted by address."""
        return sorted(self.named(self.api.sites.all(fields)), key=lambda site: site.sort_key)

    def named(self, sites: Iterable[Site]) -> list[Site]:
        """The sites with their tags named from the Dashboard's own list, which is asked for only if one has any."""
        found = list(sites)
        names = self.tags if any(site.tags for site in found) else {}
        return [site.named(names) for site in found]

    def completed(self, site: Site) -> Site:
        """``site``, whose updates were just read, with what a list lacks that plans need."""
        return self.api.sites.completed(site) if isinstance(self.api, V1) else site

    @property
    def tags(self) -> Mapping[int, str]:
        """All tags, id → name."""
        return {row["id"]: row["name"].strip() for row in self.api.tags.rows}

    @property
    def clients(self) -> Mapping[int, str]:
        """All clients, id → name."""
        return {row["id"]: row["name"].strip() for row in self.api.clients.rows}

    def client_names(self, sites: Iterable[Site]) -> Mapping[int, str]:
        """Client id → name, asked for only if a site has one; empty where the list cannot be read."""
        with contextlib.suppress(errors.ApiError):
            return self.clients if any(site.client_id for site in sites) else {}
        return {}

    @cached_property
    def limits(self) -> Limits:
        """Lanes and pauses from ``/settings/advanced``; MainWP's defaults where that cannot be read."""
        settings = self.v2.settings.group("advanced") if self.dialect.is_v2 else {}

        def setting(name: str, default: int, least: int, most: int) -> int:
            return min(most, max(least, normalise.as_int(settings.get(f"mainwp_{name}"), default)))

        return Limits(
            sync_lanes=setting("maximum_requests", 4, 1, _MOST_LANES),
            sync_gap=setting("minimum_delay", 200, 0, _LONGEST_GAP) / 1000,
            ip_gap=setting("minimum_ip_delay", 1000, 0, _LONGEST_GAP) / 1000,
            # Reads 0 when never saved (resources.md §6.2).
            update_lanes=setting("maximum_install_update_requests", 3, 0, _MOST_LANES) or 3,
        )
