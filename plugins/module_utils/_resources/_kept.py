# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made of a list once, however often it is asked for: names in it, by which to find. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
T = TypeVar("T")


class Kept(Generic[Item, T]):
    """``make`` of the list that was asked about last. Lists are never changed: what is read again is another one."""

    def __init__(self, make: Callable[[Sequence[Item]], T]) -> None:
        self._make = make
        self._last: tuple[Sequence[Item], T] | None = None

    def of(self, items: Sequence[Item]) -> T:
        """What is made of this very list."""
        last = self._last
        if last is None or last[0] is not items:
            last = self._last = (items, self._make(items))
        return last[1]
