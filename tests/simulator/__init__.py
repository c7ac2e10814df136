# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stateful fake of a MainWP Dashboard's REST API, over real HTTP."""

from __future__ import annotations

from . import scenarios
from .cache import Cache
from .clock import Clock
from .fleet import Fleet
from .keys import Key
from .server import Simulator
from .state import (
    Child,
    Client,
    ClientField,
    Cost,
    Monitor,
    Moved,
    Offer,
    Page,
    Plugin,
    Site,
    Stored,
    Tag,
    Theme,
    Translation,
    Truth,
)

__all__ = [
    "Cache",
    "Child",
    "Client",
    "ClientField",
    "Clock",
    "Cost",
    "Fleet",
    "Key",
    "Monitor",
    "Moved",
    "Offer",
    "Page",
    "Plugin",
    "Simulator",
    "Site",
    "Stored",
    "Tag",
    "Theme",
    "Translation",
    "Truth",
    "scenarios",
]
