# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of a site before its first write and after its last, whatever method updates it. PRIVATE."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence

from .._fleet import Fleet
from .._health import BAD, OK, UNKNOWN, HealthOptions, Page
from .._models import Site
from .._probe import Prober
from ._site_run import SiteRun

#: As many sites are looked at at once when all are: they are servers of their own, and nothing is changed.
LANES = 8


class Pages:
    """Looks at pages for runs of sites; does nothing without ``options``."""

    def __init__(self, options: HealthOptions | None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._prober = Prober(options, sleep) if options else None

    def before(self, item: SiteRun, site: Site) -> None:
        """Right before the first write to ``site``."""
        if self._prober:
            item.looked_at(self._prober.look(site))

    def after(self, item: SiteRun) -> None:
        """Once the site is finished, by whatever way it came to its end: only where something may have moved."""
        if self._prober and item.touched:
            item.looked_at_again(self._prober.look(item.current))


def not_good(
    sites: Sequence[Site],
    options: HealthOptions,
    done: Callable[[int], None],
    sleep: Callable[[float], None] = time.sleep,
) -> list[tuple[Site, Page]]:
    """The sites of which a page is not good, each with the worst. ``done`` hears how many were looked at by now."""
    prober = Prober(options, sleep)
    found: dict[int, Page] = {}
    seen = itertools.count(1)

    def look(site: Site) -> None:
        worst = max(prober.look(site), key=lambda page: (OK, UNKNOWN, BAD).index(page.state), default=None)
        if worst is not None and worst.state != OK:
            found[site.id] = worst

    if not Fleet(look, lambda site: site.lane, LANES, on_done=lambda _site: done(next(seen))).run(sites):
        raise KeyboardInterrupt
    return [(site, found[site.id]) for site in sites if site.id in found]
