# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of what was changed on sites: outside of MainWP, and by it. PRIVATE to the collection. The same on both dialects.

``since`` and the names of events are not looked at by the API, so they are not sent.
"""

from __future__ import annotations

from typing import Any

from .._secrets import plain
from . import normalise
from .normalise import as_int, as_text, epoch_as_time
from .resource import Resource, Row, told

#: Entries in one answer.
PAGE = 200
#: Our word → MainWP's, for where an entry comes from. An unknown one makes an empty list.
SOURCES = {"child": "wpadmin", "dashboard": "dashboard", "all": "all"}
#: The connector of what child sites report.
_OF_THE_CHILD = "non-mainwp-changes"


class Changes(Resource):
    """``/sites/{id}/non-mainwp-changes``."""

    def page(self, site: int, source: str, number: int) -> list[Row]:
        """So many entries, the newest first; fewer than ``PAGE`` on the last page."""
        step = f"read the changes of site {site}"
        query = {"source": SOURCES[source], "page": number, "per_page": PAGE}
        rows = normalise.unpacked(self.ask(f"sites/{site}/non-mainwp-changes", step, query).get("data"))
        good = rows if isinstance(rows, list) and all(isinstance(raw, dict) for raw in rows) else None
        return [_entry(raw) for raw in told(good, step)]


def _entry(raw: dict[str, Any]) -> Row:
    by = normalise.as_map(raw.get("user_meta_json"))
    what = normalise.as_map(raw.get("extra_info"))
    return {
        "log_id": as_int(raw.get("log_id")),
        "time": epoch_as_time(raw.get("created")),
        "source": "child" if raw.get("connector") == _OF_THE_CHILD else "dashboard",
        "context": as_text(raw.get("context")),
        "action": as_text(raw.get("action")),
        "item": plain(raw.get("item")),
        "slug": normalise.as_slug(what.get("slug")),
        "user": as_text(raw.get("user_login")),
        "agent": as_text(by.get("agent")),
    }
