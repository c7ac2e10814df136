# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All filters. PRIVATE. What each is for stands in the file of its name in ``plugins/filter``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...module_utils._reports.names import file_name
from ...module_utils._reports.run import changed_sites
from . import config, fleet, patch
from .variables import unknown_variables

FILTERS: dict[str, Callable[..., Any]] = {
    "after_canaries": patch.after_canaries,
    "changed_sites": changed_sites,
    "config_lines": config.config_lines,
    "config_tree": config.config_tree,
    "failed_task": fleet.failed_task,
    "file_name": file_name,
    "normal_address": fleet.normal_address,
    "report_folder": fleet.report_folder,
    "site_verdict": fleet.site_verdict,
    "smaller_step": patch.smaller_step,
    "sooner": patch.sooner,
    "unknown_variables": unknown_variables,
    "vulnerability_lines": patch.vulnerability_lines,
    "wave_gate": fleet.wave_gate,
    "wave_results": fleet.wave_results,
    "waves": fleet.waves,
    "window_end": patch.window_end,
}
