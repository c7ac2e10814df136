# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Dashboard's limits: what every figure about its speed stands on."""

from __future__ import annotations

import pytest

from simulator import Clock
from simulator.throttle import Throttle


class Ticking(Clock):
    """Goes on a hundredth of a second whenever somebody looks, and not else."""

    time = 0.0

    def now(self) -> float:
        self.time += 0.01
        return self.time


@pytest.mark.parametrize(("second", "pause"), [("b", 0.2), ("a", 1.0)])
@pytest.mark.parametrize("takes", [0.05, 3.0])
def test_a_pause_is_from_start_to_start(second: str, pause: float, takes: float) -> None:
    clock = Ticking()
    throttle = Throttle(clock)
    with throttle.slot("a"):
        began = clock.time
        clock.time += takes
    with throttle.slot(second):
        assert clock.time - began == pytest.approx(max(pause, takes), abs=0.03)


def test_one_at_a_time_for_an_address_and_four_in_all() -> None:
    throttle = Throttle(Ticking(), delay=0, ip_delay=0)
    assert [throttle._enter(ip) for ip in ("a", "a", "b", "c", "d", "e")] == [True, False, True, True, True, False]
