# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plans of several sites, carried out in the Dashboard's lanes. PRIVATE to the collection.

Adding a site, and what its child is told, goes one at a time for each server; what the Dashboard alone does, side by side.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from .. import _errors as errors
from .._dashboard import Dashboard
from .._fleet import Fleet
from .._jobs._common import Reporter, pace, until_interrupted
from .._locks import POLL, Locks, lock_directory
from . import _engine as engine
from . import _locking
from ._resource import Plan
from ._site_list_result import Item
from ._spellings import place
from .sites import SITE

#: Reasons that would be the same for every site.
_GENERAL = {kind.reason for kind in errors.OF_THE_DASHBOARD}


class Lanes:
    """One run. Trouble with the Dashboard itself or with the key ends it: it would be the same everywhere."""

    def __init__(self, dashboard: Dashboard, locking: Mapping[str, Any], reporter: Reporter) -> None:
        self.dashboard, self.reporter = dashboard, reporter
        self.patience = float(locking["lock_timeout"])
        self.locks = Locks(lock_directory(locking["lock_dir"]), dashboard.connection.url)
        #: Why nothing more is started; empty while it goes on.
        self.broken = ""
        #: Address → who holds what is waited for there.
        self._holders: dict[str, str] = {}

    def run(self, items: Sequence[Item]) -> str:
        """Do them all; why that was broken off, empty if it was not."""
        with contextlib.closing(self.locks):
            self.locks.check()
            ended: list[bool] = []

            def done(item: Item) -> None:
                ended.append(bool(item.reason))
                self.reporter.progress(len(ended), len(items), sum(ended), item)

            tick = until_interrupted(self.reporter, lambda: self.reporter.waiting([*self._holders.values()]))
            lanes = pace(self.dashboard, self.dashboard.limits.update_lanes)
            if not Fleet(self._turn, _lane_of, *lanes, done, tick).run(items):
                self.broken = "Interrupted: nothing more is started."
                for item in items:
                    item.interrupted()
        return self.broken

    def _turn(self, item: Item) -> float | None:
        """One turn of one site: None when it is finished, else seconds until it asks again for its locks."""
        if self.broken or self.reporter.interrupted:
            item.left_alone()
            return None
        site = SITE.works_on(item.plan) if SITE.works_on else None
        try:
            if site is not None:
                self._holders.pop(site.url, None)
                if wait := _locking.taken(self.locks, site, self.patience):
                    if not wait.is_sibling:
                        self._holders[site.url] = f"the lock of {wait}"
                    return POLL
            try:
                self._act(item)
            finally:
                if site is not None:
                    self.locks.give(site.lock_names)
        except errors.MainWPError as exc:
            item.problem = exc
        except Exception as exc:  # noqa: BLE001  # a bug met at one site must not cost the others' report
            item.problem = errors.MainWPError(errors.bug_sentence(exc))
        if item.reason in _GENERAL:
            self.broken = self.broken or f"{item.message} Nothing more is started."
        return None

    def _act(self, item: Item) -> None:
        item.began = True

        def ready(plan: Plan) -> contextlib.AbstractContextManager[None]:
            # what somebody else added meanwhile is planned anew, and may need locks that the plan did not
            again = partial(_locking.held, SITE, self.dashboard, item.wanted, self.reporter)
            return contextlib.nullcontext() if plan is item.plan else again(plan)

        item.told, dummy = engine.carry_out(
            SITE, self.dashboard, item.state, item.wanted, item.plan, self.reporter, ready, one_of_many=True
        )


def _lane_of(item: Item) -> str:
    """What it shares with others that must not be worked on at the same time."""
    site = SITE.works_on(item.plan) if SITE.works_on else None
    if site is not None:
        return site.lane
    before = item.plan.before
    return f"site-{before.id}" if before else place(item.wanted.values["site_url"])
