# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All modules of the collection, and how to call each of them against the demo fleet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("mainwp_*.py"))
INFO = [name for name in MODULES if name.endswith("_info")]
#: healthy, with updates of plugins and theme
SITE = "lindgren-violins.example"
ALL_SUBSETS = ["updates", "plugins", "themes", "security", "changes", "costs", "client"]
#: What each module needs beyond the connection; a new module has to be entered here.
CALLS: dict[str, dict[str, Any]] = {
    "mainwp_batch_update": {"sites": [SITE]},
    "mainwp_dashboard_info": {},
    "mainwp_site_info": {"sites": [SITE], "gather_subset": ALL_SUBSETS},
    "mainwp_sync": {"sites": [SITE], "max_age": 0},
    "mainwp_update_info": {"sites": [SITE]},
}
