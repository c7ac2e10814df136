# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updates of sites in lanes: what is sent, and in which order. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial

from .. import _errors as errors
from .._models import Site, Update
from ._calls import news
from ._lanes import Turns
from ._site_run import SiteRun
from ._update_run import UpdateRun
from ._ways import DASHBOARD_BATCH


class SiteTurns(UpdateRun, Turns[SiteRun]):
    """Runs the per-item method, and the Dashboard's own batch where it works inside the request: sites in lanes, each in
    as many turns as it needs."""

    def send_all(self, item: SiteRun) -> None:
        """Plugins, themes, core, translations: call by call, each sent once. Or the Dashboard's own batch of one site, done
        inside the request (core.md §9.2)."""
        dialect = self.dashboard.dialect
        if self.options.method == DASHBOARD_BATCH:
            updates = item.one_call(self.brakes)
            if updates:
                self._update(item, updates, partial(self.dashboard.v2.batches.start, item.current))
            return
        for kind, part in item.calls(self.brakes, dialect.many_items, not dialect.is_v2):
            slugs = list(dict.fromkeys(entry.slug for entry in part))
            self._update(item, part, partial(self._items, item, kind, slugs))

    def _update(self, item: SiteRun, updates: Sequence[Update], send: Callable[[], object]) -> None:
        self.send(item, updates, [update.in_words for update in updates], send)

    def _items(self, item: SiteRun, kind: str, slugs: Sequence[str]) -> None:
        item.answered(kind, self.dashboard.api.updates.start(item.current, kind, slugs))

    def resume(self, item: SiteRun, fresh: Site) -> None:
        """Plan again what is left of a site whose earlier calls came out well."""
        item.resumed(self.planner.again(item, fresh))

    def courtesy(self, item: SiteRun, after: Site) -> None:
        """What the verifying sync uncovered."""
        known = item.current.updates
        if news(known, after, after.updates):
            with contextlib.suppress(errors.MainWPError):  # the run's own outcome is known
                item.report.new_pending = news(known, after, self.dashboard.api.updates.pending(after))
