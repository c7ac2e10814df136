# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients. PRIVATE to the collection.

Their e-mail addresses are unique, their names are not. Suspending one leaves its sites alone. Values of client fields can
be written but never read, so they are not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .._api.collection import Id
from .._api.resource import Row
from .._models import Site
from ._fields import flag, moment, text
from ._resource import Resource

_STATUS = {0: "active", 1: "suspended", 2: "lead", 3: "lost"}


def _members(_clients: Sequence[Row], sites: Sequence[Site]) -> dict[Id, Iterable[int]]:
    """What a site says whose it is."""
    found: dict[Id, list[int]] = {}
    for site in sites:
        found.setdefault(site.client_id, []).append(site.id)
    return {**found}


CLIENT = Resource(
    noun="client",
    routes=lambda api: api.clients,
    fields=(
        text("name", limit=255, required=True),
        text("email", "client_email", limit=191, whole=True),
        text("phone", "client_phone", limit=100),
        text("address_1", limit=255),
        text("address_2", limit=255),
        text("zip", limit=32),
        text("city", limit=100),
        text("region", "state", limit=200),
        text("country", limit=200),
        text("note"),
        text("facebook", "client_facebook", limit=255, whole=True),
        text("twitter", "client_twitter", limit=255, whole=True),
        text("instagram", "client_instagram", limit=255, whole=True),
        text("linkedin", "client_linkedin", limit=255, whole=True),
        moment("created", when_new=False),
        flag("suspended", read=lambda value: value == 1, when_new=False, alone=True),
    ),
    keys=("email", "name"),
    unique=("email",),
    members=_members,
    # the whole set; no list, but this text, stands for none
    sites_body=lambda ids: {"selected_sites": list(ids) or "0,"},
    exclusive=True,
    more=lambda row: {"status": _STATUS.get(row["suspended"], "active")} if "suspended" in row else {},
)
