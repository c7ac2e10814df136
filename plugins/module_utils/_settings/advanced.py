# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section advanced: how hard the Dashboard works, how it connects, what a sync fetches. PRIVATE to the collection.

Two of them read as off where they were never saved, while MainWP does otherwise: ``ssl_verify_certificate``, and
``maximum_install_update_requests``, which then is 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._fields import Field, choice, flag, number, one_of_them
from ._section import Plan, Section, State, Write

_SYNC = "sync_data"
_ALGORITHMS = tuple(f"OPENSSL_ALGO_SHA{bits}" for bits in (1, 224, 256, 384, 512))
#: What a sync fetches, and the API's names that are not the snake case ones.
_KINDS = [
    "wp_updates",
    "plugin_updates",
    "theme_updates",
    "translation_updates",
    "recent_comments",
    "recent_posts",
    "recent_pages",
    "security_stats",
    "directories",
    "categories",
    "totalsize",
    "dbsize",
    "plugins",
    "themes",
    "users",
    "plugins_outdate_info",
    "themes_outdate_info",
    "health_site_status",
    "child_site_actions_data",
    "others_data",
]
_OWN = {"security_stats": "securityStats", "others_data": "othersData"}


def _columns(data: Any) -> dict[str, Any]:
    """The map of what is synced besides; PHP tells an empty one as a list."""
    told = data if isinstance(data, Mapping) else {}
    kinds = told.get(_SYNC)
    return (
        {**told, **{f"{_SYNC}.{name}": value for name, value in kinds.items()}}
        if isinstance(kinds, Mapping)
        else dict(told)
    )


def _absent(one: Field, state: State, _earlier: Mapping[str, Plan]) -> str:
    if one.path in state.raw:
        return ""
    if one.group == _SYNC:
        return "MainWP knows what it syncs only after the first sync of a site."
    return "the Dashboard tells of no such setting. Its MainWP may be older."


def _writes(plan: Plan) -> list[Write]:
    groups = plan.groups
    kinds = {one.column: plan.changes[one.path].sent for one in groups.get(_SYNC, ())}
    plain = {one.column: plan.changes[one.path].sent for one in groups.get("", ())}
    return [Write("advanced", {**plain, **({_SYNC: kinds} if kinds else {})}, plan.changes)]


ADVANCED = Section(
    "advanced",
    "advanced",
    (
        number("maximum_requests", "mainwp_maximum_requests", 1, 20),
        number("minimum_delay", "mainwp_minimum_delay", 100, 5000, step=100),
        number("maximum_ip_requests", "mainwp_maximum_ip_requests", 1, 10),
        number("minimum_ip_delay", "mainwp_minimum_ip_delay", 500, 5000, step=100),
        number("chunksitesnumber", "mainwp_chunksitesnumber", 1, 30),
        number("chunksleepinterval", "mainwp_chunksleepinterval", 0, 20),
        number("maximum_sync_requests", "mainwp_maximum_sync_requests", 1, 20),
        number("maximum_install_update_requests", "mainwp_maximum_install_update_requests", 1, 20),
        number("maximum_uptime_monitoring_requests", "mainwp_maximum_uptime_monitoring_requests", 1, 100),
        flag("optimize", "mainwp_optimize"),
        flag("wp_cron", "mainwp_wp_cron"),
        flag("ssl_verify_certificate", "mainwp_ssl_verify_certificate"),
        choice("verify_connection_method", "mainwp_verify_connection_method", 1, 2),
        one_of_them(
            "connect_signature_algo",
            "mainwp_connect_signature_algo",
            # the default one bears a word, in the Dashboard's language
            lambda value: str(value).partition(" ")[0],
            lambda value: f"{value} (Default)" if value == "OPENSSL_ALGO_SHA256" else value,
            _ALGORITHMS,
        ),
        flag("force_use_ipv4", "mainwp_force_use_ipv4"),
        *(flag(name, _OWN.get(name, name), _SYNC) for name in _KINDS),
    ),
    columns=_columns,
    writes=_writes,
    absent=_absent,
)
