# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section general: the Dashboard itself, MainWP's own automatic updates, legacy backups. PRIVATE to the collection.

Not here: ``sidebar_position``, which is written to one place and read from another, and ``mainwp_widgets``, which die of a
write unless somebody has saved them in MainWP's own pages.
"""

from __future__ import annotations

from typing import Any

from .._api import normalise
from .._errors import InputError
from ._fields import choice, clock, flag, number, one_of_them, php_format, zone
from ._section import Plan, Section, Write, joint

_PRIMARY, _LEGACY = "primary_backup", "enable_legacy_backup_feature"
_NATIVE, _BY_API = "native", "module-api-backups"
#: Days. MainWP takes any number.
_MOST = 36_500


def _primary(value: Any) -> str:
    """``[{"value", "title"}]``, also as a map, or ``{"value": ""}``."""
    entries = [value, *normalise.as_list(value)] if isinstance(value, (dict, list)) else []
    found = [entry["value"] for entry in entries if isinstance(entry, dict) and "value" in entry]
    return str(found[0]) or _NATIVE if found else ""


def _refuse(plan: Plan) -> None:
    """Just as MainWP would, which looks at one of both with what the other is."""
    if not {_PRIMARY, _LEGACY} & set(plan.changes):
        return
    primary, legacy = plan.after.get(_PRIMARY), plan.after.get(_LEGACY)
    if primary == _BY_API and legacy:
        raise InputError(f"general.{_PRIMARY}", f"{_BY_API} needs {_LEGACY}: false.", "Give both.")
    if primary == _NATIVE and legacy is False:
        raise InputError(f"general.{_PRIMARY}", f"{_NATIVE} needs {_LEGACY}: true.", "Give both.")


def _writes(plan: Plan) -> list[Write]:
    """The way of backups goes with the flag, or MainWP refuses one for what the other still is."""
    body = joint(plan)
    if {_PRIMARY, _LEGACY} & set(plan.changes):
        for path in (_PRIMARY, _LEGACY):
            one, value = plan.section.by_path[path], plan.after.get(path)
            body |= {one.column: one.sent(value)} if value is not None else {}
    return [Write("general", body, plan.changes)]


GENERAL = Section(
    "general",
    "general",
    (
        clock("time_daily_update"),
        number("frequency_daily_update", "frequency_daily_update", 1, 12),
        php_format("date_format", "dDjlNSwzWFmMntLoYyaABgGhHisueIOPTZcrU"),
        php_format("time_format", "gGhHisAa"),
        zone("timezone_string"),
        flag("hide_update_everything"),
        flag("automatic_daily_update"),
        flag("plugin_automatic_daily_update"),
        flag("theme_automatic_daily_update"),
        flag("trans_automatic_daily_update"),
        choice("frequency_auto_update", "frequency_auto_update", "daily", "weekly", "monthly"),
        number("dayinweek_auto_update", "dayinweek_auto_update", 0, 6),
        number("dayinmonth_auto_update", "dayinmonth_auto_update", 0, 31),
        clock("time_auto_update"),
        choice("delay_autoupdate", "delay_autoupdate", 0, 1, 2, 3, 4, 5, 6, 7, 14, 30),
        flag("show_language_updates"),
        choice("disable_update_confirmations", "disable_update_confirmations", 0, 1, 2),
        flag("check_http_response"),
        choice("check_http_response_method", "check_http_response_method", "head", "get"),
        flag("backup_before_upgrade"),
        number("backup_before_upgrade_days", "backup_before_upgrade_days", 0, _MOST),
        number("numberdays_outdate_plugin_theme", "numberdays_outdate_plugin_theme", 0, _MOST),
        one_of_them(
            _PRIMARY,
            "mainwp_primary_backup",
            _primary,
            lambda value: "" if value == _NATIVE else value,
            (_NATIVE, _BY_API),
        ),
        flag(_LEGACY, "mainwp_enable_legacy_backup_feature"),
        number("backups_on_server", "mainwp_backups_on_server", 0, _MOST, as_text=True),
        number("backup_on_external_sources", "mainwp_backup_on_external_sources", 0, _MOST, as_text=True),
        choice("archive_format", "mainwp_archive_format", "zip", "tar.gz", "tar.bz2", "tar"),
        flag("notification_on_backup_fail", "mainwp_notification_on_backup_fail"),
        flag("notification_on_backup_start", "mainwp_notification_on_backup_start"),
        flag("chunked_backup_tasks", "mainwp_chunked_backup_tasks"),
    ),
    writes=_writes,
    refuse=_refuse,
)
