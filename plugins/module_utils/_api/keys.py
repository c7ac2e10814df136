# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API keys. PRIVATE to the collection."""

from __future__ import annotations

from .. import _errors as errors
from . import normalise
from .resource import PAGE, Resource

#: Pages of keys that are looked through.
_PAGES = 20


class Keys(Resource):
    """``/rest-api/keys``."""

    def scope(self) -> str | None:
        """``read`` or ``read_write`` from the row of the key in use; None when it is not told.

        Titles are translated, so only their number counts: who may read the list has Read (resources.md §9).
        """
        hint = self.http.connection.key_hint
        for page in range(1, _PAGES + 1):
            try:
                body = self.ask("rest-api/keys", "read the key's scope", {"page": page, "per_page": PAGE})
            except (errors.NoRoute, errors.NotTheApi):
                return None
            rows = [row for row in normalise.as_list(body.get("data")) if isinstance(row, dict)]
            for row in rows:
                if row.get("truncated_key") == hint and row.get("version") == "v2":
                    return "read_write" if len(normalise.as_list(row.get("permissions"))) > 1 else "read"
            if page >= normalise.as_int(body.get("pages"), 1) or not rows:
                break
        return None
