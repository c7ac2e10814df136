# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags, MainWP's groups of sites: the same on both dialects. PRIVATE to the collection."""

from __future__ import annotations

from functools import cached_property

from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.collection import Collection
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.normalise import as_ids, as_int, as_written
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.resource import Columns, Row

#: ``sites_ids``: the sites that have the tag.
COLUMNS: Columns = {"id": as_int, "name": as_written, "color": as_written, "sites_ids": as_ids}


class Tags(Collection):
    """``/tags``. Without a page it answers with all of them (resources.md §3)."""

    path, noun = "tags", "tag"

    @cached_property
    def rows(self) -> list[Row]:
        """All tags."""
        return self.listed("tags", "list the tags", COLUMNS)
