# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In what order pytest's processes run the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def long_first(short: Sequence[T], long: Sequence[T], processes: int) -> list[T]:
    """Each process is given a share of the tests, in their order, and takes from others when it is done. So that none comes to
    a long test when the others have nothing left to do, each share begins with some of the long ones."""
    every: list[T] = []
    rest = list(short)
    for number in range(processes):
        ours = long[number::processes]
        size = (len(short) + len(long) - len(every)) // (processes - number)  # as xdist shares them out
        fill = max(0, size - len(ours))
        every += [*ours, *rest[:fill]]
        del rest[:fill]
    return every + rest
