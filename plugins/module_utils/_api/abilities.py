# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dialect of a Dashboard on WordPress 6.9 or newer, which goes through the Abilities API. PRIVATE."""

from __future__ import annotations

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.v2 import API, V2
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import CORE, PLUGIN, THEME, TRANSLATION, Site


class Abilities(V2):
    """Batches are done inside the request; a site that failed a sync is refused afterwards (core.md §7.4, §9.2)."""

    name = "abilities"
    locks_out = True
    batch_types = (PLUGIN, THEME, CORE, TRANSLATION)

    def refuses(self, site: Site) -> bool:
        """The list of plugins is refused, with a reason, by the rule by which a sync is refused without one: the stored
        version of MainWP Child is 0. (Asked for in pages it is not refused.)"""
        try:
            self.http.read(f"{API}/sites/{site.id}/plugins", None, f"find out why {site.url} is not synced")
        except errors.Unauthorized:
            raise
        except errors.MainWPError as exc:
            return exc.details.get("code") == "mainwp_child_outdated"
        return False
