# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Dashboard does with its children's replies: syncing, storing, ignoring, updating."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from . import child as children
from . import people, picture
from .child import Reply, UnreachableError
from .php import esc_html, meets, truthy
from .state import Site, Stored

if TYPE_CHECKING:
    from .fleet import Fleet

#: sync_errors after a sync without a reply of MainWP Child (recorded)
NO_CHILD = (
    "MainWP Child plugin not detected or could not be reached! Ensure the MainWP Child plugin is installed and"
    " activated on the child site, and there are no security rules blocking requests.  If you continue experiencing"
    ' this issue, check the <a href="https://community.mainwp.com/c/community-support/5" target="_blank">MainWP'
    " Community</a> for help."
)

#: kinds of data that a sync fetches
SYNC_DATA = [
    "wp_updates",
    "plugin_updates",
    "theme_updates",
    "translation_updates",
    "recent_comments",
    "recent_posts",
    "recent_pages",
    "securityStats",
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
    "othersData",
]


def sync(fleet: Fleet, site: Site) -> bool:
    """Ask the child how it is and store the answer, or the error (core.md §7.4).

    The first sync of all saves what there is to fetch: settings/advanced tells it from then on (recorded).
    """
    fleet.settings.setdefault("advanced", {}).setdefault("sync_data", dict.fromkeys(SYNC_DATA, 1))
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
        _remember(fleet, site)
        site.sync_errors = ""
    return True


def _remember(fleet: Fleet, site: Site) -> None:
    """Store the picture of a child. What syncs leave out stays as it was (seen on a real Dashboard)."""
    old = site.stored or Stored()
    picture.remember(site)
    for name in _left_out(fleet):
        if name in ("plugins", "themes"):
            setattr(site.stored, name, getattr(old, name))


def _left_out(fleet: Fleet) -> list[str]:
    known = fleet.settings.get("advanced", {}).get("sync_data", {})
    return [name for name, is_on in known.items() if not truthy(is_on)] if isinstance(known, dict) else []


def take_in(fleet: Fleet, site: Site, reply: Reply) -> Reply:
    """Store what a reply carries beside its answer: ``sync`` is a sync (core.md §7.2)."""
    if reply.get("sync"):
        with fleet.lock:
            _remember(fleet, site)
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
        for monitor in fleet.monitors.values():
            if monitor.site_id == site.id:
                monitor.found(fleet.clock.now(), int(code in _good_codes(fleet)), code)
    return code


def _good_codes(fleet: Fleet) -> set[int]:
    """What a monitor takes for a site that is up. Emptied once, it is nothing (recorded: 1043, 1575)."""
    codes = fleet.settings.get("monitoring", {}).get("mainwp_uptime_monitoring_up_status_codes")
    return set(range(200, 207)) if codes is None else {int(code) for code in codes if str(code).isdigit()}


def reconnect(fleet: Fleet, site: Site) -> str:
    """A sync first, else registering anew; the error text or "" (core.md §4)."""
    if sync(fleet, site):
        return ""
    child = site.child
    if child.unreachable:
        return _http_error(child.unreachable)
    if child.down or child.plugin_gone or (child.http_auth and child.http_auth != (site.http_user, site.http_pass)):
        return NO_CHILD
    if child.auth_broken:
        return child.auth_broken
    stored = people.by_login(child, site.admin)
    if stored is None or not people.has_all_rights(stored):
        return "Failed to reconnect to the site. Please remove the site and add it again."
    child.has_key, child.key_of, child.connection_user = True, site.id, stored["id"]
    sync(fleet, site)
    return ""


def disconnect(fleet: Fleet, site: Site) -> Reply:
    """The child forgets its keys; the Dashboard's row does not change (recorded). Of all calls this one goes without the
    credentials for HTTP authentication (seen on a real Dashboard, in no recording)."""
    if site.child.http_auth:
        raise UnreachableError("NOMAINWP")
    return _forget(fleet, site)


def _forget(fleet: Fleet, site: Site) -> Reply:
    refusal = children.call(fleet, site)
    if refusal:
        return refusal
    site.child.has_key = False
    return {"result": "success"}


def deactivate(fleet: Fleet, site: Site) -> Reply:
    """The child forgets its keys and deactivates MainWP Child (recorded: a re-add does not find it)."""
    reply = _forget(fleet, site)
    if "result" in reply:
        site.child.plugin_gone = True
    return reply


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
