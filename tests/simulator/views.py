# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How rows of the Dashboard's database look in answers."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from .clock import iso
from .fleet import Fleet
from .php import collated, esc_html, json_text
from .state import Client, Site, Stored, Tag

#: columns that custom_fields of the option kind shadows: column -> key of the site view
COLUMN_OF = {"dtsSync": "last_sync", "http_response_code": "http_status"} | {
    name: name
    for name in (
        "sync_errors",
        "ip",
        "note",
        "name",
        "url",
        "client_id",
        "suspended",
        "is_staging",
        "plugins",
        "themes",
        "plugin_upgrades",
        "theme_upgrades",
        "translation_upgrades",
        "ignored_plugins",
        "ignored_themes",
        "is_ignoreCoreUpdates",
        "is_ignorePluginUpdates",
        "is_ignoreThemeUpdates",
    )
}
#: columns that the sites of a client are listed without (recorded)
NOT_RELATED = (
    "ip",
    "is_staging",
    "health_status",
    "recent_posts",
    "recent_pages",
    "recent_comments",
    "categories",
    "is_ignoreCoreUpdates",
    "is_ignorePluginUpdates",
    "is_ignoreThemeUpdates",
    "force_use_ipv4",
)
#: fields of the edit context that the view has not (resources.md §1.3)
EDIT_FIELDS = ("automatic_update", "disable_health_check", "health_threshold")
ICON = "uploaded:;selected:;color:"


def simple(site: Site) -> dict[str, str]:
    """The ``site`` of action answers (core.md §3)."""
    return {"id": str(site.id), "name": site.name, "url": site.url, "client_id": str(site.client_id)}


def status(site: Site) -> str:
    """suspended > disconnected > connected (core.md §3.1)."""
    return "suspended" if site.suspended else "disconnected" if site.sync_errors else "connected"


def http_status(code: int) -> str:
    """``"200 - OK"``, ``"0"`` before the first check."""
    try:
        return f"{code} - {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def tags(fleet: Fleet, site: Site) -> dict[str, str]:
    """``{id: name}`` in the order of names, cut out of one text at commas: a name that has one is cut, too (recorded).

    Links to tags that are not there are not shown.
    """
    found = sorted((fleet.tags[tag] for tag in site.tags if tag in fleet.tags), key=lambda tag: collated(tag.name))
    names = ",".join(tag.name for tag in found).split(",")
    return {str(tag.id): name for tag, name in zip(found, names, strict=False)}


def view(fleet: Fleet, site: Site) -> dict[str, Any]:
    """The site object: 43 keys in the recorded order, all strings but the tags (core.md §3.1)."""
    stored = site.stored or Stored()
    info = stored.site_info
    active = next((theme for theme in stored.themes or [] if theme["active"]), None)
    return {
        "id": str(site.id),
        "name": site.name,
        "url": site.url,
        "tags": tags(fleet, site),
        "note": site.note,
        "ip": site.ip,
        "client_id": str(site.client_id),
        "is_staging": str(int(site.is_staging)),
        "wp_version": info.get("wpversion", ""),
        "php_version": info.get("phpversion", ""),
        "child_version": info.get("child_version", ""),
        "mysql_version": info.get("mysql_version", ""),
        "memory_limit": info.get("memory_limit", ""),
        "database_size": stored.database_size,
        "active_theme": esc_html(f"{active['name']} {active['version']}") if active else "",
        "status": status(site),
        "sync_errors": site.sync_errors,
        "http_status": http_status(site.http_response_code),
        "health_status": str(stored.health_status),
        "health_score": str(stored.health_score),
        "icon": site.icon,
        "last_sync": iso(site.dts_sync or 0),
        "plugins": json_text(stored.plugins),
        "themes": json_text(stored.themes),
        "last_post_time": stored.last_post_time,
        "recent_posts": json_text(stored.recent_posts),
        "recent_pages": json_text(stored.recent_pages),
        "recent_comments": json_text(stored.recent_comments),
        "categories": json_text(stored.categories),
        "wp_upgrades": json_text(stored.wp_upgrades),
        "plugin_upgrades": json_text(stored.plugin_upgrades),
        "premium_upgrades": json_text(stored.premium_upgrades),
        "theme_upgrades": json_text(stored.theme_upgrades),
        "translation_upgrades": json_text(stored.translation_upgrades),
        "ignored_plugins": json_text(site.ignored_plugins),
        "ignored_themes": json_text(site.ignored_themes),
        "is_ignoreCoreUpdates": str(int(site.ignore_core)),
        "is_ignorePluginUpdates": str(int(site.ignore_plugins)),
        "is_ignoreThemeUpdates": str(int(site.ignore_themes)),
        "verify_certificate": str(site.verify_certificate),
        "force_use_ipv4": str(site.force_use_ipv4),
        "ssl_version": str(site.ssl_version),
        "suspended": str(int(site.suspended)),
    }


def whole_view(fleet: Fleet, site: Site) -> dict[str, Any]:
    """The row with the icon's raw text, as ``tags/{id}/sites`` tells it (recorded)."""
    return view(fleet, site) | {"icon": site.icon or ICON}


def bulk_view(fleet: Fleet, site: Site) -> dict[str, Any]:
    """The row as the bulk loops hold it: no tags (recorded)."""
    return whole_view(fleet, site) | {"tags": ""}


def related_view(fleet: Fleet, site: Site) -> dict[str, Any]:
    """The row as ``clients/{id}/sites`` tells it: fewer columns (recorded)."""
    return view(fleet, site) | dict.fromkeys(NOT_RELATED, "")


def edit_view(row: dict[str, Any], site: Site, narrowed: bool) -> dict[str, Any]:
    """What ``context=edit`` leaves of a row: nothing but this; the rest is empty, or with ``_fields`` not there, which on the
    other hand shows three columns more (recorded)."""
    kept = {name: row[name] for name in ("id", "name", "url", "client_id", "suspended")}
    if narrowed:
        return kept | {name: str(getattr(site, name)) for name in EDIT_FIELDS}
    return dict.fromkeys(row, "") | kept


def columns(site: Site, fleet: Fleet) -> dict[str, Any]:
    """Columns that custom_fields reads on the classic list (core.md §3.1)."""
    stored = site.stored or Stored()
    return {
        "offline_checks_last": str(site.offline_checks_last),
        "offline_check_result": str(site.offline_check_result),
        "http_response_code": str(site.http_response_code),
        "disable_health_check": str(site.disable_health_check),
        "health_threshold": str(site.health_threshold),
        "dbsize": stored.database_size,
        "securityIssues": stored.security_issues,
        "automatic_update": str(site.automatic_update),
        "dtsAutomaticSync": str(site.dts_automatic_sync),
        "dtsAutomaticSyncStart": str(site.dts_automatic_sync_start),
        "dtsSync": str(int(site.dts_sync or 0)),
        "dtsSyncStart": "0",
        "last_post_gmt": stored.last_post_time,
        "health_value": str(stored.health_score),
        "phpversion": stored.site_info.get("phpversion", ""),
        "wpgroups": ",".join(tags(fleet, site).values()),
        "wpgroupids": ",".join(tags(fleet, site)),
    }


def with_options(row: dict[str, Any], site: Site, names: Iterable[str]) -> dict[str, Any]:
    """custom_fields joined from the options: naming a real column falsifies the row (core.md §3.1)."""
    row = dict(row)
    for name in names:
        if name in COLUMN_OF:
            row[COLUMN_OF[name]] = ""
            if name == "sync_errors" and row["status"] == "disconnected":
                row["status"] = "connected"
        row[name] = site.options.get(name, "")
    return row


def with_columns(row: dict[str, Any], fleet: Fleet, site: Site, names: Iterable[str]) -> dict[str, Any]:
    """custom_fields read as columns; anything else is "" (core.md §3.1)."""
    known = columns(site, fleet)
    return row | {name: known.get(name, "") for name in names}


def only(rows: Any, wanted: list[str]) -> Any:
    """``_fields``: names of the rows, with ``id`` always (core.md §3.1)."""
    if isinstance(rows, list):
        return [only(row, wanted) for row in rows]
    names = [*wanted, *(["id"] if "id" not in wanted else [])]
    return {name: rows[name] for name in names if name in rows}


def tag_view(fleet: Fleet, tag: Tag) -> dict[str, Any]:
    """A tag with its sites (resources.md §3)."""
    sites = [str(number) for number in sorted(fleet.sites) if tag.id in fleet.sites[number].tags]
    return {
        "id": str(tag.id),
        "name": tag.name,
        "color": tag.color,
        "count_sites": str(len(sites)),
        "sites_ids": ",".join(sites)[: fleet.group_concat] or None,
    }


CLIENT_SIMPLE = (
    "id",
    "name",
    "address_1",
    "address_2",
    "city",
    "zip",
    "state",
    "country",
    "client_email",
    "client_phone",
    "created",
    "suspended",
)
CLIENT_FULL = (
    "id",
    "name",
    "address_1",
    "address_2",
    "city",
    "zip",
    "state",
    "country",
    "note",
    "client_email",
    "client_phone",
    "client_facebook",
    "client_twitter",
    "client_instagram",
    "client_linkedin",
    "created",
    "suspended",
    "primary_contact_id",
)


#: columns of the joined contact that ``sites/{id}/client`` shows; nothing in v2 makes one
CONTACT = (
    "contact_id",
    "contact_client_id",
    "contact_email",
    "contact_image",
    "contact_icon_info",
    "contact_name",
    "contact_phone",
    "contact_role",
    "facebook",
    "twitter",
    "instagram",
    "linkedin",
)


def client_row(client: Client) -> dict[str, Any]:
    """The raw row, as ``sites/{id}/client`` tells it (recorded)."""
    row = client_view(client, CLIENT_FULL)
    raw = {"image": "", "selected_icon_info": "", "created": str(int(client.created))}
    return {"client_id": row.pop("id")} | row | raw | dict.fromkeys(CONTACT)


def client_view(client: Client, names: Iterable[str] = CLIENT_SIMPLE) -> dict[str, Any]:
    """A client: the simple view of single answers, or the full one of lists (resources.md §2.1)."""
    row: dict[str, Any] = {
        "id": str(client.id),
        "name": client.name,
        "client_email": client.client_email,
        "created": iso(client.created),
        "suspended": str(client.suspended),
        "primary_contact_id": "0",
    }
    return {name: row.get(name, client.fields.get(name, "")) for name in names}
