# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run of updates has at hand, whatever way its sites are updated. PRIVATE."""

from __future__ import annotations

from dataclasses import dataclass

from .._models import Site
from .._report import mark_expected
from ._lanes import Work
from ._planning import Planner
from ._site_run import SiteRun
from ._update_options import Options


@dataclass
class UpdateRun(Work[SiteRun]):
    """One run of updates against one Dashboard."""

    options: Options
    planner: Planner

    def plan_again(self, item: SiteRun, fresh: Site) -> None:
        """Plan a site that was read again."""
        item.synced(self.planner.again(item, fresh))

    def ended(self, item: SiteRun) -> None:
        """A site is finished, once."""
        mark_expected(item.report, self.options.expectations, self.options.today)
        super().ended(item)
