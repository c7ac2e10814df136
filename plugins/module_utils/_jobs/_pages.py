# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of a site before its first write and after its last, whatever method updates it. PRIVATE."""

from __future__ import annotations

import time
from collections.abc import Callable

from ansible_collections.wpfleet.mainwp.plugins.module_utils._health import HealthOptions
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._site_run import SiteRun
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from ansible_collections.wpfleet.mainwp.plugins.module_utils._probe import Prober


class Pages:
    """Looks at pages for runs of sites; does nothing without ``options``."""

    def __init__(self, options: HealthOptions | None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._prober = Prober(options, sleep) if options else None

    def before(self, item: SiteRun, site: Site) -> None:
        """Right before the first write to ``site``."""
        if self._prober:
            item.pages_before = self._prober.look(site)

    def after(self, item: SiteRun) -> None:
        """Once the site is finished, by whatever way it came to its end: only where something may have moved."""
        if self._prober and item.touched:
            item.check_health(self._prober.look(item.current))
