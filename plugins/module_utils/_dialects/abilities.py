# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dialect of a Dashboard on WordPress 6.9 or newer, which goes through the Abilities API. PRIVATE."""

from __future__ import annotations

from ansible_collections.wpfleet.mainwp.plugins.module_utils._dialects.v2 import V2
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import CORE, PLUGIN, THEME, TRANSLATION


class Abilities(V2):
    """Batches are done inside the request; a site that failed a sync is refused afterwards (core.md §7.4, §9.2)."""

    name = "abilities"
    locks_out = True
    batch_types = (PLUGIN, THEME, CORE, TRANSLATION)
