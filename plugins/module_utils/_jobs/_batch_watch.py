# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far the Dashboard's own batch is, in few requests. PRIVATE to the collection.

The clocks of a batch of all sites come a hundred at a time. The queue of a site's own batch can be read only site by
site (core.md §9.5), and WP-Cron does three sites a minute: so each is looked at once a minute, several at a time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from .._api.batches import Batches
from .._api.resource import parallel
from .._models import Site

#: Of a batch of all sites: unfinished sites whose own progress is read at each look.
_WATCHED = 5
#: Of sites' own batches: so many are looked at each time, or all within a minute if they are more.
_AT_ONCE, _ROUND = 20, 60.0
#: Without a first step for so long, by the Dashboard's clock, WP-Cron is taken for dead (its job runs every minute);
#: without a further one for so long, for stalled (one child may hold it for 300 s). Seconds.
CRON_DEAD, CRON_STALLED = 180.0, 600.0
#: What a batch that has not finished is pending for.
WAITING = {
    "batch_waiting": "The batch has not finished.",
    "cron_dead": (
        "The Dashboard's batch makes no progress: WP-Cron seems dead. Call wp-cron.php every minute, or use "
        "update_method: per_item, which needs no WP-Cron."
    ),
    "cron_stalled": (
        "The Dashboard's batch began and has made no progress for ten minutes. It may be stuck at a site, or nothing "
        "calls wp-cron.php any more."
    ),
}


def waiting_reason(advanced: bool, idle: float) -> str:
    """Why a batch is pending that was without progress for the last ``idle`` seconds."""
    limit, reason = (CRON_STALLED, "cron_stalled") if advanced else (CRON_DEAD, "cron_dead")
    return reason if idle >= limit else "batch_waiting"


class BatchWatch:
    """Looks every ``interval`` seconds at the batch of ``sites``; ``whole_fleet``: it is the one batch of all."""

    def __init__(self, batches: Batches, sites: Iterable[Site], whole_fleet: bool, interval: float) -> None:
        self._batches = batches
        self._sites = {site.id: site for site in sites}
        self._whole_fleet = whole_fleet
        self._interval = interval
        self._looks: Counter[int] = Counter()
        self._tried: dict[int, int] = {}

    def look(self, unfinished: Iterable[int]) -> tuple[set[int], int]:
        """(ids that are not known to be finished, items tried so far as far as known) of those that were not."""
        ids = sorted(unfinished)
        if self._whole_fleet:
            still = {key for key, (done, start) in self._batches.clocks(ids).items() if done < start}
            self._read(sorted(still)[:_WATCHED])
        else:
            share = math.ceil(len(ids) * self._interval / _ROUND)
            part = sorted(ids, key=lambda key: (self._looks[key], key))[: max(_AT_ONCE, share)]
            still = set(ids) - self._read(part)
        return still, sum(self._tried.values())

    def _read(self, ids: Sequence[int]) -> set[int]:
        """Read the queues of these sites; those that are done with."""
        states = parallel(lambda key: self._batches.queue_state(self._sites[key]), ids)
        self._looks.update(ids)
        self._tried.update({key: tried for key, (_queued, tried, _error) in zip(ids, states, strict=True)})
        return {key for key, (queued, _tried, _error) in zip(ids, states, strict=True) if not queued}
