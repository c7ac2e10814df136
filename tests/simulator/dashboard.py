# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Dashboard does with its children's replies: syncing, storing, ignoring, updating."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from . import child as children
from .child import Reply, UnreachableError
from .php import esc_html, meets, truthy
from .state import Child, Offer, Plugin, Site, Stored

if TYPE_CHECKING:
    from .fleet import Fleet

#: sync_errors after a sync without a reply of MainWP Child (recorded)
NO_CHILD = (
    "MainWP Child plugin not detected or could not be reached! Ensure the MainWP Child plugin is installed and"
    " activated on the child site, and there are no security rules blocking requests.  If you continue experiencing"
    ' this issue, check the <a href="https://community.mainwp.com/c/community-support/5" target="_blank">MainWP'
    " Community</a> for help."
)
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
        themes=[theme_row(theme) for theme in child.themes],
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
    site.options |= {"plugins_outdate_info": "[]", "themes_outdate_info": "[]"}


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
    row = {
        "mainwp": "T" if plugin.directory in ("mainwp-child", "mainwp-child-reports") else "F",
        "name": plugin.name,
        "slug": plugin.file,
        "description": plugin.description,
        "version": plugin.version,
        "active": int(plugin.active),
    }
    return row | {"mu": 1} if plugin.mu else row


def theme_row(theme: Any) -> dict[str, Any]:
    """An item of the stored theme list (core.md §5.3)."""
    return {
        "name": theme.name,
        "title": theme.name,
        "description": theme.description,
        "version": theme.version,
        "active": int(theme.active),
        "slug": theme.slug,
        "parent_active": int(theme.parent_active),
    } | theme.info


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
        "wp_compatible": meets(child.core, str(headers["RequiresWP"])),
        "php_compatible": meets(child.php_version, str(headers["RequiresPHP"])),
    }


def theme_update(theme: Any, offer: Offer) -> dict[str, Any]:
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


def sync(fleet: Fleet, site: Site) -> bool:
    """Ask the child how it is and store the answer, or the error (core.md §7.4)."""
    try:
        with fleet.slot(site):
            refusal = children.call(fleet, site)
            if not refusal:
                fleet.clock.sleep(fleet.sync_seconds)
    except UnreachableError as error:
        with fleet.lock:
            site.version = "0"
            site.sync_errors = NO_CHILD if error.token == "NOMAINWP" else _http_error(error.detail)
        return False
    with fleet.lock:
        site.dts_sync = fleet.clock.now()
        if refusal:
            site.sync_errors = "ERROR: " + esc_html(refusal["error"])
            site.version = "0"
            site.stored = site.stored or Stored()
            site.stored.wp_upgrades = []
            return False
        remember(site)
        site.sync_errors = ""
    return True


def take_in(fleet: Fleet, site: Site, reply: Reply) -> Reply:
    """Store what a reply carries beside its answer: ``sync`` is a sync (core.md §7.2)."""
    if reply.get("sync"):
        with fleet.lock:
            remember(site)
            site.sync_errors = ""
            site.dts_sync = fleet.clock.now()
    return reply


def check(fleet: Fleet, site: Site) -> int:
    """Probe the child's front page and store the result; the only writer of these columns (core.md §7.4)."""
    child = site.child
    fleet.clock.sleep(child.latency)
    with fleet.lock:
        code = 0 if child.unreachable else 404 if child.down else 503 if child.page.maintenance else child.page.status
        site.http_response_code = code
        site.offline_check_result = 1 if code == 200 else -1
        site.offline_checks_last = int(fleet.clock.now())
    return code


def reconnect(fleet: Fleet, site: Site) -> str:
    """A sync first, else registering anew; the error text or "" (core.md §4)."""
    if sync(fleet, site):
        return ""
    child = site.child
    if child.unreachable:
        return _http_error(child.unreachable)
    if child.down or child.plugin_gone:
        return NO_CHILD
    if child.auth_broken:
        return child.auth_broken
    child.has_key = True
    sync(fleet, site)
    return ""


def disconnect(fleet: Fleet, site: Site) -> Reply:
    """The child forgets its keys; the Dashboard's row does not change (recorded)."""
    refusal = children.call(fleet, site)
    if refusal:
        return refusal
    site.child.has_key = False
    return {"result": "success"}


def kept(updates: Any, *ignore_maps: Any) -> Any:
    """Updates that no ignore map names; an index-form map ignores nothing (core.md §6.6)."""
    if not isinstance(updates, dict):
        return updates
    return {slug: info for slug, info in updates.items() if not any(_ignores(m, slug, info) for m in ignore_maps)}


def pending(fleet: Fleet, site: Site) -> dict[str, Any]:
    """The stored updates that are not ignored, by the names of GET /updates/{id} (core.md §6.2)."""
    stored = site.stored or Stored()
    plugins = [] if site.ignore_plugins else kept(stored.plugin_upgrades, site.ignored_plugins, fleet.ignored_plugins)
    themes = [] if site.ignore_themes else kept(stored.theme_upgrades, site.ignored_themes, fleet.ignored_themes)
    return {
        "wp": [] if site.ignore_core else stored.wp_upgrades or [],
        "plugins": plugins or [],
        "themes": themes or [],
        "translations": stored.translation_upgrades or [],
    }


def rollbacks(site: Site, kind: str) -> dict[str, Any]:
    """Updates that failed once and were rolled back, if still offered in that version (core.md §9.6)."""
    stored = site.stored or Stored()
    upgrades = stored.plugin_upgrades if kind == "plugin" else stored.theme_upgrades
    saved = stored.rollback.get(kind, {})
    return {
        slug: saved[slug][info["update"]["new_version"]]
        for slug, info in (upgrades or {}).items()
        if info["update"]["new_version"] in saved.get(slug, {})
    }


def results(fleet: Fleet, site: Site, kind: str, reply: Reply) -> dict[str, Any]:
    """A child's reply as the item endpoints and v1 report it (core.md §6.4)."""
    answer: dict[str, Any] = {"updates_info": {}}
    for slug, text in reply.get("upgrades_error", {}).items():
        answer.setdefault("result_error", {})[quote(slug, safe="~-._")] = esc_html(text)
        answer["updates_info"][quote(slug, safe="~-._")] = {"success": 0, "error": esc_html(text)}
    for slug, item in reply.get("other_data", {}).get("updated_data", {}).items():
        answer["updates_info"][esc_html(slug)] = {
            "success": item["success"],
            "name": item["name"],
            "old_version": item.get("old_version", ""),
            "version": item.get("version", ""),
        }
        if item.get("rollback"):
            message = (
                f"WordPress detected an error with {item['name']} and rolled it back from version {item['version']}"
                f" to version {item['old_version']} to ensure site stability."
            )
            answer.setdefault("result_error", {})[quote(slug, safe="~-._")] = esc_html(message)
            saved = {key: item[key] for key in ("name", "old_version", "version", "error")}
            stored = site.stored or Stored()
            stored.rollback.setdefault(kind, {}).setdefault(slug, {})[item["version"]] = saved | {
                "created": int(fleet.clock.now())
            }
    return answer


def upgrade(fleet: Fleet, site: Site, kind: str, slugs: list[str]) -> Reply:
    """Call the child for an update and store what its reply carries."""
    if kind == "core":
        return children.upgrade_core(fleet, site)
    does = {
        "plugin": children.upgrade_plugins,
        "theme": children.upgrade_themes,
        "translation": children.upgrade_translations,
    }[kind]
    return take_in(fleet, site, does(fleet, site, slugs))


def outdated(site: Site) -> bool:
    """The gate of the abilities: a stored child version below 4.0.0, as after a failed sync (core.md §7.4)."""
    return not site.version or not meets(site.version, "4.0.0")


def locked_out(site: Site) -> bool:
    """Does the abilities dialect refuse this site without asking its child (core.md §7.1)?"""
    return site.offline_check_result == -1 or outdated(site)


def _ignores(ignore_map: Any, slug: str, info: dict[str, Any]) -> bool:
    """One map's word on one update: a name (old form), "all_versions", or this very version."""
    if not isinstance(ignore_map, dict) or not truthy(ignore_map.get(slug)):
        return False
    entry = ignore_map[slug]
    if isinstance(entry, str):
        return True
    versions = entry.get("ignored_versions") or []
    return "all_versions" in versions or info.get("update", {}).get("new_version") in versions


def _http_error(detail: str) -> str:
    return f"HTTP error - {detail}" if detail else "HTTP error"


def site_counts(site: Site) -> dict[str, int]:
    """Numbers of stored updates of a site, ignores not considered (v1, core.md §2.2)."""
    stored = site.stored or Stored()
    counts = {
        "wp": int(bool(stored.wp_upgrades)),
        "plugins": len(stored.plugin_upgrades or []),
        "themes": len(stored.theme_upgrades or []),
        "translations": len(stored.translation_upgrades or []),
    }
    return {"total": sum(counts.values())} | counts


def sum_of_upgrades(site: Site) -> int:
    """The column of v1's full rows: no translations, and a core update counts 2, its keys (recorded)."""
    counts = site_counts(site)
    return 2 * counts["wp"] + counts["plugins"] + counts["themes"]
