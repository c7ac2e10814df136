# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dialect of a Dashboard on WordPress before 6.9. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._api import normalise
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.v2 import API, V2
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site


class Classic(V2):
    """Batches are started here and done by WP-Cron, three sites and three items a minute (core.md §9.1)."""

    name = "classic"
    batch_in_background = True
    batch_premium = True
    answers_whole = True

    def batch_all(self) -> dict[str, Any]:
        """``POST /updates/update``: start the batch for every connected site."""
        answer = self.http.write(f"{API}/updates/update", step="start the batch update of all sites", work=True)
        return normalise.batch_answer(answer.data)

    def queue_state(self, site: Site) -> tuple[bool, int, str]:
        """(still queued or running, items tried so far, error text of a core update) of a site's own batch."""
        extra = self.site_option(site.id, ("batch_individual_queue_time", "bulk_updates_info"))
        queued = str(extra.get("batch_individual_queue_time") or "0") not in ("", "0")
        done = normalise.as_map(normalise.as_map(extra.get("bulk_updates_info")).get("updates_processed"))
        tried = sum(len(normalise.as_map(done.get(kind))) for kind in ("plugins", "themes"))
        core = normalise.as_map(done.get("wp") or normalise.as_map(extra.get("bulk_updates_info")).get("wp"))
        return queued, tried + bool(core), normalise.as_text(core.get("error"))
