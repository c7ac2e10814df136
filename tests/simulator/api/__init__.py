# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes, a room per resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import (  # noqa: F401  # each tells its routes when it is imported
    api_keys,
    batches,
    client_fields,
    clients,
    cost_kinds,
    costs,
    managed_sites,
    misc,
    monitors,
    settings,
    site_actions,
    site_items,
    sites,
    tags,
    updates,
    users,
    v1,
    v1_site,
)

if TYPE_CHECKING:
    from ..server import Simulator


def index(sim: Simulator, fields: str) -> dict[str, Any]:
    """The index of the REST API; namespaces tell the dialects apart (core.md, two personalities)."""
    namespaces = ["oembed/1.0", "mainwp/v1", "mainwp/v2", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"]
    if sim.dialect == "abilities":
        namespaces.append("wp-abilities/v1")
    body = {
        "name": "MainWP Dashboard",
        "description": "",
        "url": sim.url,
        "home": sim.url,
        "gmt_offset": str(sim.gmt_offset),
        "timezone_string": "Europe/Riga" if sim.named_timezone else "",
        "namespaces": namespaces,
        "authentication": {},
        "routes": {},
    }
    wanted = [name for name in fields.split(",") if name]
    return {name: body[name] for name in wanted if name in body} if wanted else body
