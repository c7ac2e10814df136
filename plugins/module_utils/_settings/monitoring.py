# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section monitoring: uptime and health of sites, for all that have no settings of their own. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import replace

from ._fields import choice, flag, line, status_codes
from ._section import Section

_INTERVALS = ("5m", "10m", "15m", "30m", "45m", *(f"{hours}h" for hours in range(1, 25)))
_MINUTES = (*range(2, 11), 15, 30, 45, 60, 90)
_TIMEOUTS = ("30s", "45s", "60s", "90s", *(f"{minutes}min" for minutes in _MINUTES), "No limit")
#: MainWP stores any word here, and then asks with it.
_METHODS = ("head", "get", "post", "push", "patch", "delete")
#: No secret, whatever Ansible thinks of its name.
_KEYWORD = replace(
    line("uptime_monitoring_keyword", "mainwp_uptime_monitoring_keyword", can_empty=True, exact=True),
    spec={"type": "str", "no_log": False},
)

MONITORING = Section(
    "monitoring",
    "monitoring",
    (
        flag("uptime_monitoring_active", "mainwp_uptime_monitoring_active"),
        choice("uptime_monitoring_interval", "mainwp_uptime_monitoring_interval", *_INTERVALS),
        choice("uptime_monitoring_type", "mainwp_uptime_monitoring_type", "http", "ping", "keyword"),
        _KEYWORD,
        choice("uptime_monitoring_method", "mainwp_uptime_monitoring_method", *_METHODS),
        choice("uptime_monitoring_timeout", "mainwp_uptime_monitoring_timeout", *_TIMEOUTS),
        status_codes("uptime_monitoring_up_status_codes", "mainwp_uptime_monitoring_up_status_codes"),
        flag("uptime_monitoring_down_confirmation_check", "mainwp_uptime_monitoring_down_confirmation_check"),
        flag("disable_sites_health_monitoring", "mainwp_disable_sites_health_monitoring"),
        choice("sitehealth_threshold", "mainwp_sitehealth_threshold", 80, 100),
    ),
)
