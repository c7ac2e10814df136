# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tree is made of: values. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ._mistakes import joined

SETTINGS, TAGS, CLIENTS, SITES = "settings", "tags", "clients", "sites"
CLIENT_FIELDS = "client_fields"
PRODUCT_TYPES, PAYMENT_METHODS, COSTS = "cost_product_types", "cost_payment_methods", "costs"


@dataclass(frozen=True)
class Entry:
    """One thing that was written down, with the options of its kind's module: what was given, and defaults."""

    kind: str
    #: Where it stands: ``clients[3]``.
    place: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    #: Option → where it stands, if that is not below ``place``.
    written: Mapping[str, str] = field(default_factory=dict)
    #: Nothing was wrong with what was given of it, so what is missing was not given.
    sound: bool = field(default=True, compare=False)

    @property
    def is_absent(self) -> bool:
        """It shall not be there."""
        return self.options.get("state") == "absent"

    def at(self, option: str) -> str:
        """Where an option stands; of an empty one, the entry."""
        if not option:
            return self.place
        if option in self.written:
            return self.written[option]
        place = self.place
        for part in option.split("."):
            place = joined(place, part)
        return place

    def having(self, options: Mapping[str, Any], place: str = "") -> Entry:
        """The same with more options, which stand at another ``place`` if one is given."""
        written = {**self.written, **({name: joined(place, name) for name in options} if place else {})}
        return replace(self, options={**self.options, **options}, written=written)

    def without(self, option: str) -> Entry:
        """The same without an option."""
        return replace(self, options={name: value for name, value in self.options.items() if name != option})


@dataclass(frozen=True)
class Member:
    """A site that a tag or a client takes in: ``option`` of the site, what it names there, and the site as it was named."""

    option: str
    name: str
    site: str
    place: str


@dataclass(frozen=True)
class Tree:
    """What was written down: kind → its entries, of the kinds that were given."""

    entries: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    #: The sites that tags and clients take in, and that have no entry of their own.
    members: tuple[Member, ...] = ()

    def of(self, kind: str) -> tuple[Entry, ...]:
        """The entries of a kind; none where it was not given."""
        return self.entries.get(kind, ())
