# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section insights: whether MainWP logs what is done. PRIVATE to the collection."""

from __future__ import annotations

from ._fields import flag
from ._section import Section

INSIGHTS = Section("insights", "dashboard-insights", (flag("enable_insights_logging"),))
