# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2: settings, API keys, costs, monitors, posts, pages (resources.md §4–§9)."""

from __future__ import annotations

from typing import Any

from ..rest import GET, Call, Handler, RestError, routes

V2 = "/mainwp/v2"
#: WordPress' (PUT, PATCH) of the settings controllers
PUT = ("PUT", "PATCH")
#: recorded answers of a Dashboard whose settings were never saved
SETTINGS: dict[str, dict[str, Any]] = {
    "general": {
        "time_daily_update": "",
        "frequency_daily_update": 2,
        "date_format": "F j, Y",
        "time_format": "g:i a",
        "timezone_string": "UTC+0",
        "sidebar_position": False,
        "hide_update_everything": 0,
        "mainwp_widgets": False,
        "plugin_automatic_daily_update": 0,
        "theme_automatic_daily_update": 0,
        "trans_automatic_daily_update": 0,
        "automatic_daily_update": 0,
        "frequency_auto_update": "daily",
        "time_auto_update": "00:00",
        "show_language_updates": 1,
        "disable_update_confirmations": 0,
        "check_http_response": 0,
        "check_http_response_method": "head",
        "backup_before_upgrade": 0,
        "backup_before_upgrade_days": 7,
        "numberdays_outdate_plugin_theme": 365,
        "dayinweek_auto_update": 0,
        "dayinmonth_auto_update": 1,
        "delay_autoupdate": 1,
        "mainwp_primary_backup": {"value": "", "title": "Native backups"},
        "mainwp_enable_legacy_backup_feature": "0",
        "mainwp_backups_on_server": False,
        "mainwp_backup_on_external_sources": False,
        "mainwp_archive_format": False,
        "mainwp_notification_on_backup_fail": False,
        "mainwp_notification_on_backup_start": False,
        "mainwp_chunked_backup_tasks": False,
    },
    "advanced": {
        "mainwp_maximum_requests": 4,
        "mainwp_minimum_delay": 200,
        "mainwp_maximum_ip_requests": 1,
        "mainwp_minimum_ip_delay": 1000,
        "mainwp_chunksitesnumber": 10,
        "mainwp_chunksleepinterval": 5,
        "mainwp_maximum_sync_requests": 8,
        # never saved: reads 0, is 3 (resources.md §6.2)
        "mainwp_maximum_install_update_requests": 0,
        "mainwp_maximum_uptime_monitoring_requests": 10,
        "mainwp_optimize": 1,
        "mainwp_wp_cron": 1,
        "mainwp_ssl_verify_certificate": 0,
        "mainwp_verify_connection_method": 1,
        "mainwp_connect_signature_algo": "OPENSSL_ALGO_SHA256 (Default)",
        "mainwp_force_use_ipv4": 0,
        "sync_data": [],
    },
    "monitoring": {
        "mainwp_disable_sites_health_monitoring": 1,
        "mainwp_sitehealth_threshold": 80,
        "mainwp_uptime_monitoring_active": 0,
        "mainwp_uptime_monitoring_interval": "1h",
        "mainwp_uptime_monitoring_method": "head",
        "mainwp_uptime_monitoring_timeout": "60s",
        "mainwp_uptime_monitoring_type": "http",
        "mainwp_uptime_monitoring_up_status_codes": ["200", "201", "202", "203", "204", "205", "206"],
        "mainwp_uptime_monitoring_down_confirmation_check": 1,
        "mainwp_uptime_monitoring_keyword": "",
    },
    "cost-tracker": {
        "currency": "USD",
        "currency_position": "left",
        "thousand_separator": ",",
        "decimal_separator": ".",
        "decimals": 2,
        "product_categories": [
            {"slug": "plugin", "title": "Plugin", "icon": "plug", "color": "#5ec130"},
            {"slug": "theme", "title": "Theme", "icon": "tint", "color": "#34afd8"},
            {"slug": "hosting", "title": "Hosting", "icon": "server", "color": "#f2e93a"},
            {"slug": "service", "title": "Service", "icon": "wrench", "color": "#ed1730"},
            {"slug": "other", "title": "Other", "icon": "folder", "color": "#14f4fc"},
        ],
        "payment_methods": [],
    },
}
TITLES = {"read": ["Read"], "write": ["Write &amp; Delete"], "delete": ["Write &amp; Delete"]}
BOTH = ["Read", "Write &amp; Delete"]


def _reader(name: str) -> Handler:
    def read(call: Call) -> dict[str, Any]:
        return {"success": 1, "data": call.sim.setting(name)}

    return read


def _writer(name: str) -> Handler:
    def write(call: Call) -> dict[str, Any]:
        """Partial; JSON with exactly this content type (resources.md §0.4)."""
        if call.request.headers.get("Content-Type") != "application/json":
            raise RestError("invalid_content_type", "Invalid content type. Expected application/json.")
        known = {key: value for key, value in call.json.items() if key in SETTINGS[name]}
        if not known:
            raise RestError("empty_body", "Request body is empty.")
        call.fleet.settings.setdefault(name, {}).update(known)
        message = {} if name == "monitoring" else {"message": "General settings updated successfully."}
        return {"success": 1} | message | {"data": call.sim.setting(name)}

    return write


for _name in SETTINGS:
    routes(GET, f"{V2}/settings/{_name}")(_reader(_name))
for _name in ("general", "advanced", "monitoring"):
    routes(PUT, f"{V2}/settings/{_name}/edit")(_writer(_name))


@routes(GET, f"{V2}/rest-api/keys")
def keys(call: Call) -> dict[str, Any]:
    """v1 keys first, then v2 keys, newest first; never a secret (resources.md §9)."""
    ring = call.sim.keys.keys
    rows: list[dict[str, Any]] = [
        {
            "id": key.consumer_key,
            "version": "v1",
            "description": key.description,
            "permissions": BOTH if "w" in key.v1 else ["Read"],
            "truncated_key": key.consumer_key[-7:],
            "active": key.enabled,
        }
        for key in sorted((key for key in ring if key.v1), key=lambda key: -key.id)
    ]
    rows += [
        {
            "id": str(key.id),
            "user_id": str(key.user_id),
            "version": "v2",
            "description": key.description,
            "permissions": TITLES.get(key.permissions, BOTH),
            "truncated_key": key.consumer_key[-7:],
            "active": key.enabled,
            "last_access": key.last_access.replace("T", " "),
        }
        for key in sorted(ring, key=lambda key: -key.id)
    ]
    return {"success": 1, "total": len(rows), "pages": 1, "data": rows[:20]}


@routes(GET, f"{V2}/costs")
def costs(call: Call) -> dict[str, Any]:
    return {"success": 1, "total": 0, "data": []}


@routes(GET, f"{V2}/monitors")
def monitors(call: Call) -> dict[str, Any]:
    """Without any monitor, a phantom one of the first site (recorded)."""
    sites = call.fleet.ordered()
    now = int(call.sim.clock.now()) // 3600 * 3600
    zero = ["uptime_ratio_7d", "uptime_ratio_30d", "incidents_count_7d", "incidents_count_30d"]
    zero += ["response_time_avg_ms", "response_time_min_ms", "response_time_max_ms"]
    phantom = {
        "id": 0,
        "url": sites[0].url if sites else "",
        "type": "http",
        "last_status": "down",
        "check_frequency": "",
        "last_check_at": "",
        "last_status_code": "",
        "uptime_24h": [{"timestamp": now - hour * 3600, "status": 0} for hour in range(24, 0, -1)],
    } | dict.fromkeys(zero, 0)
    return {"success": 1, "total": 1, "data": [phantom]}


@routes(GET, f"{V2}/monitors/count")
def monitors_count(call: Call) -> dict[str, Any]:
    return {"success": 1, "count": 1}


@routes(GET, f"{V2}/posts")
def posts(call: Call) -> dict[str, Any]:
    raise RestError("website_not_found", "Website not found.")


@routes(GET, f"{V2}/pages")
def pages(call: Call) -> dict[str, Any]:
    raise RestError("no_website_found", "No website found.")
