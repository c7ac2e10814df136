# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose sync is it that shows? By the Dashboard's clock, which may be known only once it answers again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site, iso
from ansible_collections.wpfleet.mainwp.plugins.module_utils._refresh import Refresher

from .build import site

BEGAN = 1_800_000_000.0


class Dashboard(SimpleNamespace):
    """One that loses the answer to the first sync. Until it is read, its clock is thought ``late`` seconds slow.

    ``shows``: when, after that sync was asked for, the sync came that shows in what is read then.
    """

    def __init__(self, shows: float, late: float) -> None:
        super().__init__(limits=SimpleNamespace(sync_gap=0.0), dialect=SimpleNamespace(locks_out=False))
        self.api = SimpleNamespace(sites=SimpleNamespace(sync=self._sync, by_id=self._by_id))
        self.time, self.syncs, self._skew, self._shows = 0.0, 0, -late, shows

    def clock(self) -> float:
        return self.time

    def now(self) -> float:
        return BEGAN + self.time + self._skew

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def was_away_since(self, _moment: float) -> bool:
        return False

    def _sync(self, known: Site) -> Site:
        self.syncs += 1
        self.time += 1
        if self.syncs == 1:
            raise errors.AnswerLost("the connection broke")
        return known

    def _by_id(self, *_asked: Any) -> dict[int, Site]:
        self._skew = 0.0
        return {1: site(last_sync=iso(BEGAN + self._shows))}


@pytest.mark.parametrize(("shows", "late", "syncs"), [(0, 0, 1), (0, 10, 1), (-5, 0, 2), (-5, 10, 2)])
def test_a_sync_of_somebody_else_before_ours_is_not_taken_for_it(shows: float, late: float, syncs: int) -> None:
    dashboard: Any = Dashboard(shows, late)
    assert Refresher(dashboard, reconnect=False).refresh(site(last_sync=iso(BEGAN - 60))).ok
    assert dashboard.syncs == syncs
