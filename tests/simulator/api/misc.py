# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2: posts and pages (resources.md §8)."""

from __future__ import annotations

from typing import Any

from ..rest import GET, Call, RestError, routes

V2 = "/mainwp/v2"


@routes(GET, f"{V2}/posts")
def posts(call: Call) -> dict[str, Any]:
    raise RestError("website_not_found", "Website not found.")


@routes(GET, f"{V2}/pages")
def pages(call: Call) -> dict[str, Any]:
    raise RestError("no_website_found", "No website found.")
