# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields that an agency makes for its clients. PRIVATE to the collection.

Names are unique, without regard to case and accents. An edit that changes nothing is answered as an error, so none is sent. Values of
the fields can be written but never read, so they are not here.
"""

from __future__ import annotations

from ._fields import text
from ._resource import Resource
from ._texts import collated

CLIENT_FIELD = Resource(
    noun="client field",
    kind="client_field",
    routes=lambda api: api.client_fields,
    fields=(text("name", limit=191, required=True), text("description", limit=255, required=True, needed=True)),
    unique=("name",),
    folds=True,
    folded=collated,
    has_sites=False,
)
