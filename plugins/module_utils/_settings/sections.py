# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All sections, in the order in which they are written: what one needs of another comes first. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from .advanced import ADVANCED
from .api_backups import API_BACKUPS
from .cost_tracker import COST_TRACKER
from .emails import EMAILS
from .general import GENERAL
from .insights import INSIGHTS
from .monitoring import MONITORING
from .tools import TOOLS

SECTIONS = (GENERAL, ADVANCED, MONITORING, EMAILS, COST_TRACKER, INSIGHTS, TOOLS, API_BACKUPS)


def settings_spec() -> dict[str, Any]:
    """The options of the module: a section each, and how secrets are compared."""
    update_secrets = {"type": "str", "choices": ["on_change", "always"], "default": "on_change", "no_log": False}
    return {**{section.name: section.spec() for section in SECTIONS}, "update_secrets": update_secrets}


def sections_spec() -> dict[str, Any]:
    """Which sections are read."""
    return {"sections": {"type": "list", "elements": "str", "choices": [section.name for section in SECTIONS]}}
