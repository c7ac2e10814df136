# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Costs: what licences, hosting and the like cost, and for whom: the same on both dialects. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from .. import _errors as errors
from .._http import Transport
from .._models import Site
from . import normalise
from .clients import Clients
from .collection import Collection, Id
from .normalise import as_int, as_lines, as_list, as_written
from .resource import ODD, Columns, Row
from .sites import Sites
from .tags import Tags

#: Whom a cost belongs to; of several that are sent the API keeps the first.
OWNERS = ("sites", "groups", "clients")
#: Column that is read → key that is written: all there are, for an edit empties what it is not sent.
_KEYS = {
    "name": "name",
    "url": "url",
    "type": "payment_type",
    "product_type": "product_type",
    "slug": "product_slug",
    "license_type": "license_type",
    "cost_status": "cost_tracker_status",
    "payment_method": "payment_method",
    "price": "price",
    "renewal_type": "renewal_type",
    "cost_icon": "icon_hidden",
    "cost_color": "product_color",
    "note": "note",
}


def _as_price(value: Any) -> float:
    try:
        return round(float(value), 8)
    except (TypeError, ValueError):
        return 0.0


def _as_moment(value: Any) -> str:
    """The list tells a date, the single one unix seconds; 0 is none."""
    return normalise.epoch_as_time(value) or normalise.as_time(value) or ""


class Owner(NamedTuple):
    """A site, tag or client; without a name where the API does not list it (any more)."""

    id: int
    name: str | None = None
    #: Only of sites.
    url: str | None = None

    @property
    def told_id(self) -> int | None:
        """None for what is only planned, whose id is below 0."""
        return self.id if self.id > 0 else None


def _as_owners(value: Any) -> tuple[Owner, ...]:
    return tuple(Owner(number) for number in sorted({as_int(one) for one in as_list(value) if as_int(one) > 0}))


class Costs(Collection):
    """``/costs``. Without a page the list answers with all of them, escaped, and without icon and colour."""

    path, noun = "costs", "cost"
    columns: ClassVar[Columns] = {
        "id": as_int,
        **dict.fromkeys(_KEYS, as_written),
        "price": _as_price,
        "last_renewal": _as_moment,
        "next_renewal": _as_moment,
        **dict.fromkeys(OWNERS, _as_owners),
        "note": as_lines,
    }

    def __init__(self, http: Transport, sites: Sites, tags: Tags, clients: Clients) -> None:
        super().__init__(http)
        self._sites, self._tags, self._clients = sites, tags, clients
        #: Asked for once, and only if some cost has such owners: one cost may have all sites.
        self._known: dict[str, Mapping[int, Owner]] = {}

    @property
    def complete(self) -> list[Row]:
        """All there are, their owners with names."""
        return [self._named(row) for row in self.rows]

    def one(self, number: Id) -> Row:
        """One with its icon and colour. Raises NotFound."""
        return self._named(normalise.row(self._raw(number), self.columns))

    def owners(self, column: str) -> Mapping[int, Owner]:
        """All that a cost can belong to, of one of ``OWNERS``."""
        if column not in self._known:
            self._known[column] = {owner.id: owner for owner in self._owners(column)}
        return self._known[column]

    def forget_owners(self) -> None:
        """Ask again whom a cost can belong to."""
        self._known.clear()
        self.__dict__.pop("sites", None)

    def _owners(self, column: str) -> list[Owner]:
        if column == "sites":
            return [Owner(site.id, site.name, site.url) for site in self.sites]
        rows = (self._tags if column == "groups" else self._clients).rows
        return [Owner(row["id"], row["name"]) for row in rows]

    @cached_property
    def sites(self) -> list[Site]:
        """All sites that a cost can belong to."""
        return list(self._sites.basic())

    def _named(self, row: Row) -> Row:
        """The row with the names of its owners, which are asked for only if it has any."""
        named = {
            column: tuple(self.owners(column).get(owner.id, owner) for owner in row[column])
            for column in OWNERS
            if row[column]
        }
        return {**row, **named}

    def edit(self, number: Id, given: Row) -> None:
        """Change columns of one. All columns are sent, as they are by now, for the API empties the others. Its answer shows
        the cost as it was before."""
        raw = self._raw(number)
        body: Row = {key: _as_kept(raw.get(column)) for column, key in _KEYS.items()}
        last = as_int(raw.get("last_renewal"))  # as the bare number that is read it would be none
        body |= {"last_renewal": f"@{last}" if last else "", **{owner: as_list(raw.get(owner)) for owner in OWNERS}}
        body |= given
        # nor would an empty list of owners be taken for none
        unsaid = {name for name in ("last_renewal", *OWNERS) if not body[name]}
        super().edit(number, {name: value for name, value in body.items() if name not in unsaid})

    def _raw(self, number: Id) -> Row:
        """As it is stored."""
        step = f"read cost {number}"
        raw = self.ask(f"{self.path}/{number}", step).get("data")
        if not isinstance(raw, dict) or as_int(raw.get("id")) != number:
            raise errors.AnswerLost(f"{step}: the answer is no cost.", hint=ODD)
        return raw


def _as_kept(value: Any) -> str:
    """What is stored, so that it is stored just so again: WordPress takes a backslash off."""
    return "" if value is None or isinstance(value, (dict, list, bool)) else str(value).replace("\\", "\\\\")
