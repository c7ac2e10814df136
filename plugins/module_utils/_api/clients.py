# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients, whose sites they are: the same on both dialects. PRIVATE to the collection."""

from __future__ import annotations

from typing import ClassVar

from .collection import Collection, Id
from .normalise import as_int, as_time, as_written
from .resource import Columns, Row

#: Text that ``/clients/{id}/edit`` writes under the same name.
_TEXTS = """
    name address_1 address_2 city zip state country note
    client_email client_phone client_facebook client_twitter client_instagram client_linkedin
"""


class Clients(Collection):
    """``/clients``. Without a page the list answers with all of them, and says more than ``/clients/{id}`` does
    (resources.md §2.1). The sites of a client are known by their ``client_id`` alone."""

    path, noun = "clients", "client"
    #: ``suspended``: 0 active, 1 suspended, 2 lead, 3 lost.
    columns: ClassVar[Columns] = {
        "id": as_int,
        **dict.fromkeys(_TEXTS.split(), as_written),
        "created": as_time,
        "suspended": as_int,
    }

    def edit(self, number: Id, given: Row) -> None:
        """Change columns of one. ``suspended`` has routes of its own, and comes alone."""
        if "suspended" in given:
            action = "suspend" if given["suspended"] else "unsuspend"
            self.change(f"{number}/{action}", f"{action} client {number}")
        else:
            super().edit(number, given)
