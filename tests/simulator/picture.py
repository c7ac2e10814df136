# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of a child that a sync brings: how its things look in the Dashboard's database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .php import json_text, meets, wordpress_meets
from .state import Child, Offer, Plugin, Site, Stored, Theme

#: headers of a plugin in the update list, in the recorded order
HEADERS: dict[str, Any] = {
    "Name": "",
    "PluginURI": "",
    "Version": "",
    "Description": "",
    "Author": "",
    "AuthorURI": "",
    "TextDomain": "",
    "DomainPath": "",
    "Network": False,
    "RequiresWP": "",
    "RequiresPHP": "",
    "UpdateURI": "",
    "RequiresPlugins": "",
    "Title": "",
    "AuthorName": "",
}
SECURITY = {
    "db_reporting": "Y_UNABLE",
    "php_reporting": "Y_UNABLE",
    "wp_uptodate": "Y",
    "phpversion_matched": "Y",
    "sslprotocol": "Y",
    "debug_disabled": "Y",
    "sec_outdated_plugins": "N",
    "sec_inactive_plugins": "N",
    "sec_outdated_themes": "N",
    "sec_inactive_themes": "N",
}


def remember(site: Site) -> None:
    """Store the picture of a child that answered a sync (core.md §7.4, first row)."""
    child, old = site.child, site.stored or Stored()
    texts = child.texts
    active = next((theme.name for theme in child.themes if theme.active), "")
    site.stored = Stored(
        plugins=[plugin_row(plugin) for plugin in child.plugins],
        themes=[theme_row(theme, child) for theme in child.themes],
        wp_upgrades={"current": child.core, "new": child.core_offer} if child.core_offer else [],
        plugin_upgrades={
            plugin.file: plugin_update(child, plugin, plugin.offer) for plugin in child.plugins if plugin.offer
        },
        theme_upgrades={theme.slug: theme_update(theme, theme.offer) for theme in child.themes if theme.offer},
        translation_upgrades=[
            {
                "type": item.type,
                "slug": item.slug,
                "language": item.language,
                "version": item.version,
                "name": item.name,
            }
            for item in child.translations
        ],
        premium_upgrades=dict(child.premium) if child.premium else "",
        rollback=old.rollback,
        site_info={
            "wpversion": child.core,
            "debug_mode": False,
            "phpversion": child.php_version,
            "child_version": child.child_version,
            "memory_limit": texts.get("memory_limit", "512M"),
            "mysql_version": texts.get("mysql_version", "10.11.6-MariaDB"),
            "db_size": texts.get("db_size", "0.88"),
            "themeactivated": active,
            "ip": child.ip or site.ip,
            "child_curl_version": texts.get("child_curl_version", "7.88.1"),
            "child_openssl_version": texts.get("child_openssl_version", "OpenSSL/3.0.15"),
            "site_lang": texts.get("site_lang", "en_US"),
            "site_public": texts.get("site_public", 1),
            "format_datetime": texts.get(
                "format_datetime",
                {"timezone_string": "", "gmt_offset": "0", "date_format": "F j, Y", "time_format": "g:i a"},
            ),
        },
        database_size=str(texts.get("database_size", "360448")),
        last_post_time=str(texts.get("last_post_time", "1700000000")),
        recent_posts=texts.get("recent_posts", []),
        recent_pages=texts.get("recent_pages", []),
        recent_comments=texts.get("recent_comments", []),
        categories=texts.get("categories", []),
        health_score=child.health_score,
        health_status=int(child.health_score < 80),
        security_issues=str(security(site)["issues"]),
    )
    site.ip = child.ip or site.ip
    site.version = child.child_version
    site.options |= {
        "plugins_outdate_info": json_text(abandoned(child.plugins)),
        "themes_outdate_info": json_text(abandoned(child.themes)),
    }


def abandoned(items: Iterable[Plugin | Theme]) -> dict[str, Any]:
    """What has had no release for long, by slug (recorded)."""
    return {
        item.slug: {
            "Name": item.name,
            **({"PluginURI": item.info.get("PluginURI", "")} if isinstance(item, Plugin) else {}),
            "Version": item.version,
            "last_updated": item.abandoned_since,
        }
        for item in items
        if item.abandoned_since
    }


def security(site: Site) -> dict[str, Any]:
    """The child's security report and the number of issues; ``child.security`` overrides single findings."""
    child = site.child
    findings = {
        "wp_uptodate": not child.core_offer,
        "sslprotocol": site.url.startswith("https://"),
        "sec_outdated_plugins": not any(plugin.offer for plugin in child.plugins),
        "sec_inactive_plugins": all(plugin.active for plugin in child.plugins),
        "sec_outdated_themes": not any(theme.offer for theme in child.themes),
        "sec_inactive_themes": all(theme.active for theme in child.themes),
    }
    report = SECURITY | {name: "Y" if fine else "N" for name, fine in findings.items()} | child.security
    return {"report": report, "issues": sum(value.startswith("N") for value in report.values())}


def plugin_row(plugin: Plugin) -> dict[str, Any]:
    """An item of the stored plugin list, as the child sends it (core.md §5.3)."""
    row: dict[str, Any] = {
        "mainwp": "T" if plugin.directory in ("mainwp-child", "mainwp-child-reports") else "F",
        "name": plugin.name,
        "slug": plugin.file,
        "description": plugin.description,
        "version": plugin.version,
        "active": int(plugin.active),
    }
    return row | {"mu": 1} if plugin.mu else row


def theme_row(theme: Theme, child: Child) -> dict[str, Any]:
    """An item of the stored theme list (core.md §5.3); a child theme that is active, and its parent, say so (recorded)."""
    row: dict[str, Any] = {
        "name": theme.name,
        "title": theme.name,
        "description": theme.description,
        "version": theme.version,
        "active": int(theme.active),
        "slug": theme.slug,
        "parent_active": int(theme.parent_active),
    }
    heir = next((one for one in child.themes if one.active and one.parent == theme.slug), None)
    if heir is not None:
        row |= {"parent_active": 1, "child_theme": heir.name}
    if theme.active and theme.parent:
        row["child_active"] = 1
    return row | theme.info


def plugin_update(child: Child, plugin: Plugin, offer: Offer) -> dict[str, Any]:
    """An entry of the stored plugin updates, in the recorded order (core.md §6.1)."""
    slug = plugin.directory
    package = offer.package
    if package is None:
        package = f"https://downloads.wordpress.org/plugin/{slug}.{offer.new_version}.zip"
    headers = HEADERS | {
        "Name": plugin.name,
        "Version": plugin.version,
        "Description": plugin.description,
        "TextDomain": slug,
        "Title": plugin.name,
    }
    headers |= plugin.info
    return headers | {
        "update": {
            "id": f"w.org/plugins/{slug}",
            "slug": slug,
            "plugin": plugin.file,
            "new_version": offer.new_version,
            "url": f"https://wordpress.org/plugins/{slug}/",
            "package": package,
            "icons": [],
            "banners": [],
            "requires": offer.requires,
            "tested": offer.tested,
            "requires_php": offer.requires_php,
        }
        | offer.info,
        "active": int(plugin.active),
        # of the installed version, whose headers the child looks at
        "wp_compatible": wordpress_meets(child.core, str(headers["RequiresWP"])),
        "php_compatible": meets(child.php_version, str(headers["RequiresPHP"])),
    }


def theme_update(theme: Theme, offer: Offer) -> dict[str, Any]:
    """An entry of the stored theme updates (core.md §6.1)."""
    package = offer.package
    if package is None:
        package = f"https://downloads.wordpress.org/theme/{theme.slug}.{offer.new_version}.zip"
    return {
        "update": {
            "theme": theme.slug,
            "new_version": offer.new_version,
            "url": f"https://wordpress.org/themes/{theme.slug}/",
            "package": package,
            "requires": offer.requires,
            "requires_php": offer.requires_php,
        }
        | offer.info,
        "Name": theme.name,
        "Version": theme.version,
        "active": int(theme.active),
    }
