# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All sites as one listing told them, kept for several that ask for them one after the other. PRIVATE to the collection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .._models import Site
from .resource import Row


@dataclass(frozen=True)
class Listed:
    """One site: as what works on sites knows it, and as ``whole`` reads it."""

    site: Site
    row: Row


class Listing:
    """Kept until something is written, for as long as it is wanted."""

    def __init__(self) -> None:
        #: What may be asked of it; nothing, and nothing is kept.
        self.fields: frozenset[str] = frozenset()
        self._kept: Mapping[int, Listed] | None = None
        self._lock = threading.Lock()
        #: Goes up with each write: what was read before it is not kept after it.
        self._age = 0

    def tells(self, fields: Iterable[str]) -> bool:
        """Whether it would have all that is asked for."""
        return bool(self.fields) and self.fields.issuperset(fields)

    def get(self, read: Callable[[Sequence[str]], Iterable[Listed]]) -> Mapping[int, Listed]:
        """Id → what is kept, else what ``read`` reads now."""
        with self._lock:
            if self._kept is not None:
                return self._kept
            age = self._age
            found = {one.site.id: one for one in read(sorted(self.fields))}
            if age == self._age:
                self._kept = found
            return found

    def known(self, ids: Iterable[int]) -> Mapping[int, Listed] | None:
        """Those with these ids, if all of them are kept."""
        kept, wanted = self._kept or {}, list(dict.fromkeys(ids))
        return {key: kept[key] for key in wanted} if all(key in kept for key in wanted) else None

    def pretend(self, changed: Mapping[int, Listed | None]) -> None:
        """Until something is written, these stand for what there is beside, or in place of, what was read; None: it is
        gone."""
        if self._kept is not None:
            self._kept = {key: one for key, one in {**self._kept, **changed}.items() if one}

    def forget(self) -> None:
        """It is not the truth any more."""
        self._age += 1
        self._kept = None

    def tagged(self, tag: int) -> list[int] | None:
        """The sites that have a tag; None where nothing is kept."""
        kept = self._kept
        if kept is None:
            return None
        return [number for number, one in kept.items() if any(own.id == tag for own in one.site.tags)]
