# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section tools: how the Dashboard looks, and who else may be asked for help. PRIVATE to the collection."""

from __future__ import annotations

from ._fields import choice, flag
from ._section import Section

TOOLS = Section(
    "tools",
    "tools",
    (
        choice("theme", "mainwp_theme", "default", "default-2024", "classic", "dark", "wpadmin", "minimalistic"),
        flag("guided_tours"),
        flag("chatbase"),
        flag("guided_video"),
    ),
)
