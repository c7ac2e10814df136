# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Dashboard's own batches of updates. PRIVATE to the collection.

On abilities a batch is done inside the request. On classic it is only started here, and done by WP-Cron, three sites
and three items a minute (core.md §9.1): what it does is read from columns of the sites.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._http import Transport
from .._models import Site
from . import normalise
from .resource import Resource
from .sites import Sites

#: Columns that tell how far WP-Cron's work on all sites is (core.md §9.5).
_CLOCKS = ("dtsAutomaticSync", "dtsAutomaticSyncStart")
_QUEUE = ("batch_individual_queue_time", "bulk_updates_info")


class Batches(Resource):
    """``/updates/update`` and ``/updates/{id}/update``."""

    def __init__(self, http: Transport, sites: Sites) -> None:
        super().__init__(http)
        self._sites = sites

    def start(self, site: Site) -> dict[str, Any]:
        """The batch of one site."""
        return self._start(f"updates/{site.id}/update", f"start the batch update of {site.url}")

    def start_all(self) -> dict[str, Any]:
        """The batch of every connected site. Classic: on abilities it updates suspended sites, too."""
        return self._start("updates/update", "start the batch update of all sites")

    def _start(self, path: str, step: str) -> dict[str, Any]:
        """What its answer tells that is of use (core.md §9.1)."""
        began = self.send(path, step, work=True).get("last_time_start_batch_updates")
        return {"last_time_start_batch_updates": normalise.as_text(began) or None}

    def clocks(self, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Site id → (last finished, last started) of what WP-Cron does with all sites: the background batch, the
        scheduled sync. Unix seconds by the Dashboard's local time."""
        rows = self._sites.by_id(ids, ("id",), _CLOCKS)
        return {key: (row.extra.get(_CLOCKS[0], 0), row.extra.get(_CLOCKS[1], 0)) for key, row in rows.items()}

    def queue_state(self, site: Site) -> tuple[bool, int, str]:
        """(still queued or running, items tried so far, error text of a core update) of a site's own batch on classic."""
        extra = self._sites.option(site.id, _QUEUE)
        info = normalise.as_map(extra.get("bulk_updates_info"))
        queued = str(extra.get("batch_individual_queue_time") or "0") not in ("", "0")
        done = normalise.as_map(info.get("updates_processed"))
        tried = sum(len(normalise.as_map(done.get(kind))) for kind in ("plugins", "themes"))
        core = normalise.as_map(done.get("wp") or info.get("wp"))
        return queued, tried + bool(core), normalise.as_text(core.get("error"))
