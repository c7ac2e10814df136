# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of the settings: what an edit takes for valid, what it makes of it, and what was never saved (resources.md §6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..php import clean_text, php_text, to_int, truthy
from ..rest import FatalError, RestError

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
        "sync_data": {},
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
    "dashboard-insights": {"enable_insights_logging": 1},
    "tools": {"mainwp_theme": "default", "guided_tours": 0, "chatbase": 0, "guided_video": 0},
}
#: e-mails by type: heading and subject as MainWP ships them
EMAILS = {
    "daily_digest": ("Daily Digest", "Daily Digest from Your MainWP Dashboard"),
    "uptime": ("Uptime Monitoring", "Uptime Monitoring Alert from your MainWP Dashboard"),
    "site_health": ("Site Health Monitoring", "Site Health Monitoring Alert from Your MainWP Dashboard"),
    "deactivated_license_alert": (
        "Extension License Deactivation Notification",
        "Extension License Deactivation Notification from Your MainWP Dashboard",
    ),
    "http_check": ("Sites Check", "HTTP response check"),
}
#: providers of backups: label, and what each has beside a key
API_BACKUPS = {
    "cloudways": ("Cloudways", "account_email"),
    "gridpane": ("GridPane",),
    "vultr": ("Vultr",),
    "linode": ("Akamai (Linode)",),
    "digitalocean": ("DigitalOcean",),
    "cpanel": ("cPanel (WP Toolkit)", "url", "site_path", "username"),
    "plesk": ("Plesk", "url"),
    "kinsta": ("Kinsta", "account_email", "company_id"),
}
#: flags that no reader casts to a number: text once they are saved (recorded)
TEXT_WHEN_SAVED = {
    "hide_update_everything",
    "mainwp_enable_legacy_backup_feature",
    "mainwp_notification_on_backup_fail",
    "mainwp_notification_on_backup_start",
    "mainwp_chunked_backup_tasks",
    "guided_tours",
    "chatbase",
    "guided_video",
}
#: code and text of what is wrong with a value; without a code WordPress found it, not MainWP
Problem = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """``check``: (name, value) → what is wrong; ``clean``: what is stored of a valid value."""

    check: Callable[[str, Any], Problem | None]
    clean: Callable[[Any], Any]


def invalid(problems: Mapping[str, Problem | None]) -> None:
    """WordPress's refusal of all that is wrong at once."""
    found = {name: problem for name, problem in problems.items() if problem}
    if not found:
        return
    of_status = "invalid_status_codes_type", "invalid_status_code"
    details = {
        name: {"code": code, "message": text, "data": {"status": 400} if code in of_status else None}
        for name, (code, text) in found.items()
        if code
    }
    data = {"status": 400, "params": {name: text for name, (_code, text) in found.items()}, "details": details}
    raise RestError("rest_invalid_param", f"Invalid parameter(s): {', '.join(found)}", 400, data)


def _fine(_name: str, _value: Any) -> None:
    return None


def _text(value: Any) -> str:
    """``sanitize_text_field``: nothing takes backslashes away."""
    return clean_text(value.replace("\\", "\\\\") if isinstance(value, str) else value)


def _scalar(value: Any) -> str:
    """``trim`` dies of an array (recorded)."""
    if isinstance(value, (list, dict)):
        raise FatalError
    return clean_text(value)


def _enum(allowed: Sequence[Any], null: Any = 0) -> Field:
    """One of these; null and "" pass any check, and what is left of them is ``null`` (recorded). Numbers are cast."""
    numeric = isinstance(allowed[0], int)

    def cast(value: Any) -> Any:
        return to_int(_scalar(value)) if numeric else _scalar(value)

    def check(name: str, value: Any) -> Problem | None:
        if value in (None, "") or cast(value) in allowed:
            return None
        return f"invalid_{name}", f"Invalid {name}. Allowed values: {', '.join(map(str, allowed))}."

    def clean(value: Any) -> Any:
        return null if value is None or value == "" else cast(value)

    return Field(check, clean)


def _time() -> Field:
    """Nothing is stored as "1" (recorded)."""
    text = "Invalid time. Use whole hours in 24h format like 0:00, 9:00, 23:00, etc..."

    def check(_name: str, value: Any) -> Problem | None:
        good = not truthy(value) or re.fullmatch(r"(?:[01]?\d|2[0-3]):[0-5]\d", _scalar(value))
        return None if good else ("invalid_time_update", text)

    return Field(check, lambda value: _scalar(value) if truthy(value) else "1")


def _php_format(kind: str, signs: str) -> Field:
    def check(_name: str, value: Any) -> Problem | None:
        if not truthy(value):
            return None
        if re.search(r"\d", _scalar(value)):
            return f"invalid_{kind}_format_numeric", f"Invalid {kind} format: should not contain digits."
        if not re.fullmatch(rf"[{signs}\-.,:/\s\\]+", _scalar(value)):
            return f"invalid_{kind}_format", f"Invalid {kind} format. Use valid PHP {kind} format characters."
        return None

    return Field(check, _text)


_UTC = re.compile(r"UTC(?:([+-])(0?\d|1[0-4])(?::(00|30))?)?", re.IGNORECASE)


def offset_of(name: str, now: float) -> float | None:
    """Hours of a zone: of a name those of this moment; None for no zone."""
    if found := _UTC.fullmatch(name):
        hours = int(found[2] or 0) + int(found[3] or 0) / 60
        return -hours if found[1] == "-" else hours
    try:
        if name and name.partition("/")[0] in ("US", "Etc", name):  # no names that are only kept for old times' sake
            return None
        there = datetime.fromtimestamp(now, ZoneInfo(name)).utcoffset() if name else timedelta()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return round((there or timedelta()).total_seconds() / 3600, 2)


def _zone() -> Field:
    text = 'Invalid timezone. Use a valid format like UTC+0 or its equivalent name, e.g. "Europe/London".'

    def check(_name: str, value: Any) -> Problem | None:
        return ("invalid_timezone_string", text) if offset_of(_scalar(value), 0) is None else None

    return Field(check, _scalar)


def stored_zone(hours: float) -> str:
    """How an offset is told: ``UTC+5.5``, which no edit takes (recorded)."""
    return f"UTC{'-' if hours < 0 else '+'}{abs(hours):g}"


_HTTP_CODES = (*range(100, 102), *range(200, 207), *range(300, 308), *range(400, 418), *range(500, 506))


def _status_codes() -> Field:
    """An empty list is stored, and then nothing is up any more (recorded)."""

    def check(_name: str, value: Any) -> Problem | None:
        if not truthy(value):
            return None
        if not isinstance(value, list):
            return "invalid_status_codes_type", "Status codes must be an array."
        odd = [to_int(code) for code in value if to_int(code) not in _HTTP_CODES]
        known = ", ".join(map(str, _HTTP_CODES))
        return ("invalid_status_code", f"Invalid HTTP status code: {odd[0]}. Allowed codes: {known}.") if odd else None

    return Field(check, lambda value: [str(code) for code in sorted({to_int(code) for code in value or ()})] or [""])


def _boolean() -> Field:
    """``rest_is_boolean``."""

    def check(_name: str, value: Any) -> Problem | None:
        good = isinstance(value, bool) or str(value).lower() in ("0", "1", "true", "false")
        return None if good else ("", "Invalid parameter.")

    return Field(check, lambda value: value if isinstance(value, bool) else str(value).lower() in ("1", "true"))


def _flag_of_tools() -> Field:
    strict = _boolean()
    return Field(strict.check, lambda value: int(strict.clean(value)))


_IS_EMAIL = re.compile(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9-]+")


def is_email(value: Any) -> bool:
    """WordPress's: exactly one address."""
    return isinstance(value, str) and len(value) >= 6 and _IS_EMAIL.fullmatch(value) is not None


def _recipients() -> Field:
    def check(_name: str, value: Any) -> Problem | None:
        return None if is_email(value) else ("invalid_email", f"Invalid email address: {php_text(value)}.")

    return Field(check, _text)


def _widgets() -> Field:
    """Widgets that nobody ever saved are no array (recorded)."""

    def check(_name: str, value: Any) -> None:
        if truthy(value):
            raise FatalError

    return Field(check, lambda _value: False)


def _sync_data() -> Field:
    return Field(_fine, lambda value: {name: int(to_int(flag) == 1) for name, flag in dict(value or {}).items()})


_FLAG, _TEXT = _enum((0, 1)), Field(_fine, _text)
_DAYS = Field(_fine, lambda value: abs(to_int(value)))
_SET_FLAG = _enum((0, 1), null=None)
_INTERVALS = ("5m", "10m", "15m", "30m", "45m", *(f"{hours}h" for hours in range(1, 25)))
_TIMEOUTS = ("30s", "45s", "60s", "90s", *(f"{n}min" for n in (*range(2, 11), 15, 30, 45, 60, 90)), "No limit")
_ALGORITHMS = ("SHA1", "SHA224", "SHA256 (Default)", "SHA384", "SHA512")
_CURRENCIES = ("AUD", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "JPY", "NOK", "NZD", "PLN", "SEK", "USD")


def _currency() -> Field:
    def check(_name: str, value: Any) -> Problem | None:
        good = not truthy(value) or _scalar(value) in _CURRENCIES
        return None if good else ("invalid_currency", "Invalid currency.")

    return Field(check, _text)


FIELDS: dict[str, dict[str, Field]] = {
    "general": {
        "time_daily_update": _time(),
        "frequency_daily_update": _enum(range(1, 13)),
        "date_format": _php_format("date", "dDjlNSwzWFmMntLoYyaABgGhHisueIOPTZcrU"),
        "time_format": _php_format("time", "gGhHisAa"),
        "timezone_string": _zone(),
        "mainwp_widgets": _widgets(),
        "frequency_auto_update": _enum(("daily", "weekly", "monthly"), null=""),
        "time_auto_update": _time(),
        "disable_update_confirmations": _enum((0, 1, 2)),
        "check_http_response_method": _enum(("head", "get"), null=""),
        "backup_before_upgrade_days": _DAYS,
        "numberdays_outdate_plugin_theme": _DAYS,
        "dayinweek_auto_update": _enum(range(7)),
        "dayinmonth_auto_update": _enum(range(32)),
        "delay_autoupdate": _enum((0, 1, 2, 3, 4, 5, 6, 7, 14, 30)),
        "mainwp_primary_backup": _enum(("", "module-api-backups"), null=""),
        "mainwp_backups_on_server": _TEXT,
        "mainwp_backup_on_external_sources": _TEXT,
        "mainwp_archive_format": _enum(("zip", "tar.gz", "tar.bz2", "tar"), null=""),
        **dict.fromkeys(
            [
                "sidebar_position",
                "hide_update_everything",
                "plugin_automatic_daily_update",
                "theme_automatic_daily_update",
                "trans_automatic_daily_update",
                "automatic_daily_update",
                "show_language_updates",
                "check_http_response",
                "backup_before_upgrade",
                "mainwp_enable_legacy_backup_feature",
                "mainwp_notification_on_backup_fail",
                "mainwp_notification_on_backup_start",
                "mainwp_chunked_backup_tasks",
            ],
            _FLAG,
        ),
    },
    "advanced": {
        "mainwp_maximum_requests": _enum(range(1, 21)),
        "mainwp_minimum_delay": _enum(range(100, 5001, 100)),
        "mainwp_maximum_ip_requests": _enum(range(1, 11)),
        "mainwp_minimum_ip_delay": _enum(range(500, 5001, 100)),
        "mainwp_chunksitesnumber": _enum(range(1, 31)),
        "mainwp_chunksleepinterval": _enum(range(21)),
        "mainwp_maximum_sync_requests": _enum(range(1, 21)),
        "mainwp_maximum_install_update_requests": _enum(range(1, 21)),
        "mainwp_maximum_uptime_monitoring_requests": _enum(range(1, 101)),
        "mainwp_optimize": _FLAG,
        "mainwp_wp_cron": _FLAG,
        "mainwp_ssl_verify_certificate": _FLAG,
        "mainwp_verify_connection_method": _enum((1, 2)),
        "mainwp_force_use_ipv4": _FLAG,
        "mainwp_connect_signature_algo": _enum(tuple(f"OPENSSL_ALGO_{name}" for name in _ALGORITHMS), null=""),
        "sync_data": _sync_data(),
    },
    "monitoring": {
        "mainwp_uptime_monitoring_active": _SET_FLAG,
        "mainwp_uptime_monitoring_down_confirmation_check": _SET_FLAG,
        "mainwp_disable_sites_health_monitoring": _SET_FLAG,
        "mainwp_sitehealth_threshold": _enum((80, 100), null=None),
        "mainwp_uptime_monitoring_type": _enum(("http", "ping", "keyword"), null=None),
        "mainwp_uptime_monitoring_timeout": _enum(_TIMEOUTS, null=None),
        "mainwp_uptime_monitoring_interval": _enum(_INTERVALS, null=None),
        "mainwp_uptime_monitoring_keyword": _TEXT,
        "mainwp_uptime_monitoring_up_status_codes": _status_codes(),
    },
    "cost-tracker": {
        "currency": _currency(),
        "currency_position": _enum(("left", "right", "left_space", "right_space"), null=""),
        "thousand_separator": _TEXT,
        "decimal_separator": _TEXT,
    },
    "dashboard-insights": {"enable_insights_logging": _FLAG},
    "tools": {
        "mainwp_theme": _enum(("default", "default-2024", "classic", "dark", "wpadmin", "minimalistic"), null=""),
        **dict.fromkeys(("guided_tours", "chatbase", "guided_video"), _flag_of_tools()),
    },
}
MAIL = {"disable": _FLAG, "heading": _TEXT, "subject": _TEXT, "recipients": _recipients()}
PROVIDER = {
    "enabled": _boolean(),
    # an e-mail address must be one, so it cannot be emptied; a web address gets a scheme; a password is cut like any text
    "account_email": Field(lambda _name, value: None if is_email(value) else ("", "Invalid parameter."), _text),
    "url": Field(_fine, lambda value: re.sub(r"^(?=[^:/]+$|[^:]+/)", "http://", php_text(value))),
    **dict.fromkeys(("site_path", "username", "company_id", "password"), _TEXT),
    "secrets": Field(_fine, lambda value: value),
}
