# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags. PRIVATE to the collection.

A new tag's name is escaped and made unique (``shop (1)`` beside ``shop``; case and accents do not count) after a trailing
`` (2)`` was cut: an edit sets it right. An edit empties the name if it is not sent, and stores it as it comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .._api.collection import Id
from .._api.resource import Row
from .._models import Site
from ._fields import colour, text
from ._resource import Resource, State, Thing


def _base(name: str) -> str:
    """What MainWP makes of a new name before it looks for others."""
    counted = re.match(r"(.*) \(\d\)", name)
    return (counted[1] if counted else name).casefold()


def _edits(state: State, tag: Thing, wanted: frozenset[int]) -> list[tuple[int, Row]]:
    """A site is sent its whole set of tags, and its client, which it would lose."""
    edits = []
    for number in sorted(tag.sites ^ wanted):
        tags = {other.id for other in state.things if number in other.sites} ^ {tag.id}
        groups = ",".join(str(one) for one in sorted(tags)) or "0,"
        edits.append((number, {"client_id": state.sites[number].client_id, "groupids": groups}))
    return edits


def _members(tags: Sequence[Row], sites: Sequence[Site]) -> dict[Id, Iterable[int]]:
    """A tag may still name sites that are gone."""
    known = {site.id for site in sites}
    return {tag["id"]: known.intersection(tag["sites_ids"]) for tag in tags}


TAG = Resource(
    noun="tag",
    routes=lambda api: api.tags,
    fields=(text("name", required=True), colour("color")),
    unique=("name",),
    resent=("name",),
    members=_members,
    site_edits=_edits,
    may_become=lambda wanted, found: _base(wanted) == _base(found),
)
