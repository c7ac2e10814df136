# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The legacy API v1 (core.md §2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from .. import dashboard, picture
from ..php import json_text, truthy
from ..rest import Call, Handler, RestError, answer, routes
from ..state import Site, Stored
from ..views import CLIENT_FULL, client_view, columns, tags

BASE = "/mainwp/v1"
REFUSED = (
    "Incorrect or missing consumer key and/or secret. If the issue persists please reset your authentication details"
    " from the MainWP &gt; Settings &gt; REST API page, on your MainWP Dashboard site."
)
#: method -> letter of the key's permissions, word of the refusal
LETTERS = {"GET": ("r", "Read"), "POST": ("w", "Write"), "PUT": ("w", "Write"), "DELETE": ("d", "Delete")}
DONE = {"SUCCESS": "Process ran."}


def v1(method: str, path: str) -> Callable[[Handler], Handler]:
    """A route of v1: its own credentials, one exact method (core.md §2.1)."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(call: Call) -> Any:
            refusal = _refusal(call)
            return refusal if refusal is not None else handler(call)

        return routes((method,), f"{BASE}/{path}")(guarded)

    return register


def _refusal(call: Call) -> Any:
    """Parameters or an x-api-key header of JSON; Bearer and Basic are nothing here (recorded)."""
    pair = call.get("consumer_key"), call.get("consumer_secret")
    header = call.request.headers.get("X-Api-Key", "")
    if not all(pair) and header:
        try:
            given = json.loads(header)
            pair = given.get("consumer_key"), given.get("consumer_secret")
        except (ValueError, AttributeError):
            pair = None, None
    key = call.sim.keys.find(str(pair[0]))
    if key is None or not key.v1 or not key.enabled or key.consumer_secret != pair[1]:
        return answer({"ERROR": REFUSED}, 401)
    letter, word = LETTERS[call.method]
    if letter not in key.v1:
        text = f"Sorry, you are not allowed to do the {word} method."
        raise RestError("rest_method_not_allowed", text, 401)
    return None


def missing() -> Any:
    return answer({"ERROR": "Required parameter is missing."}, 400)


def _invalid() -> Any:
    return answer({"ERROR": "Required parameter data is is not valid."}, 400)


def asked(call: Call) -> tuple[Site | None, Any]:
    """The site of ``site_id``, or the 400 that the parameter deserves."""
    number = call.get("site_id")
    if number is None or number == "":
        return None, missing()
    if not str(number).isdigit():
        return None, _invalid()
    return call.fleet.sites.get(int(number)), None


def _brief(site: Site) -> dict[str, str]:
    return {"id": str(site.id), "name": site.name, "url": site.url}


def full_row(call: Call, site: Site, groups: bool) -> dict[str, Any]:
    """``all-sites?full_data=1``: the recorded columns (no ip, no WordPress version, no ignore flags)."""
    stored, column = site.stored or Stored(), columns(site, call.fleet)
    row: dict[str, Any] = {"id": str(site.id), "url": site.url, "name": site.name}
    for name in ("offline_checks_last", "offline_check_result", "http_response_code", "disable_health_check"):
        row[name] = column[name]
    row |= {"health_threshold": column["health_threshold"], "note": site.note, "dbsize": column["dbsize"]}
    row |= {
        "plugin_upgrades": json_text(stored.plugin_upgrades),
        "theme_upgrades": json_text(stored.theme_upgrades),
        "translation_upgrades": json_text(stored.translation_upgrades),
        "securityIssues": column["securityIssues"],
        "themes": json_text(stored.themes),
        "plugins": json_text(stored.plugins),
        "automatic_update": column["automatic_update"],
        "sync_errors": site.sync_errors,
    }
    for name in ("dtsAutomaticSync", "dtsAutomaticSyncStart", "dtsSync", "dtsSyncStart", "last_post_gmt"):
        row[name] = column[name]
    row |= {
        "health_value": column["health_value"],
        "phpversion": column["phpversion"],
        "wp_upgrades": json_text(stored.wp_upgrades),
        "security_stats": json_text(picture.security(site)["report"]),
        "client_id": str(site.client_id),
        "ssl_version": str(site.ssl_version),
        "signature_algo": "9999",
        "verify_method": None,
        "verify_certificate": str(site.verify_certificate),
        "suspended": str(int(site.suspended)),
    }
    if groups:
        # NULL without any tag (recorded)
        row |= {name: column[name] if site.tags else None for name in ("wpgroups", "wpgroupids")}
    return row | {"sum_of_upgrades": dashboard.sum_of_upgrades(site)}


def raw_row(call: Call, site: Site) -> dict[str, Any]:
    """``site/site``: the raw row, credentials stripped, in the recorded order."""
    stored, column = site.stored or Stored(), columns(site, call.fleet)
    row: dict[str, Any] = {
        "id": str(site.id),
        "userid": "1",
        "name": site.name,
        "url": site.url,
        "siteurl": site.url.rstrip("/"),
        "ga_id": "",
        "gas_id": "0",
        "offline_checks_last": column["offline_checks_last"],
        "offline_check_result": column["offline_check_result"],
        "http_response_code": column["http_response_code"],
        "http_code_noticed": "1",
        "disable_health_check": column["disable_health_check"],
        "health_threshold": column["health_threshold"],
        "note": site.note,
        "statsUpdate": "0",
        "directories": "",
        "plugin_upgrades": json_text(stored.plugin_upgrades),
        "theme_upgrades": json_text(stored.theme_upgrades),
        "translation_upgrades": json_text(stored.translation_upgrades),
        "premium_upgrades": json_text(stored.premium_upgrades),
        "securityIssues": column["securityIssues"],
        "themes": json_text(stored.themes),
        "ignored_themes": json_text(site.ignored_themes),
        "plugins": json_text(stored.plugins),
        "ignored_plugins": json_text(site.ignored_plugins),
        "users": "",
        "categories": json_text(stored.categories),
        "pluginDir": "",
        "automatic_update": column["automatic_update"],
        "backup_before_upgrade": "2",
        "mainwpdir": "1",
        "loadFilesBeforeZip": "1",
        "is_ignoreCoreUpdates": str(int(site.ignore_core)),
        "is_ignorePluginUpdates": str(int(site.ignore_plugins)),
        "is_ignoreThemeUpdates": str(int(site.ignore_themes)),
        "verify_certificate": str(site.verify_certificate),
        "force_use_ipv4": str(site.force_use_ipv4),
        "ssl_version": str(site.ssl_version),
        "ip": site.ip,
        "maximumFileDescriptorsOverride": "0",
        "maximumFileDescriptorsAuto": "1",
        "maximumFileDescriptors": "150",
        "primary_backup_method": "",
        "wpe": "0",
        "is_staging": str(int(site.is_staging)),
        "client_id": str(site.client_id),
        "suspended": str(int(site.suspended)),
        "sync_id": str(site.id),
        "wpid": str(site.id),
        "version": site.version or "",
        "sync_errors": site.sync_errors,
        "uptodate": "",
        "dtsAutomaticSync": column["dtsAutomaticSync"],
        "dtsAutomaticSyncStart": column["dtsAutomaticSyncStart"],
        "dtsSync": column["dtsSync"],
        "dtsSyncStart": column["dtsSyncStart"],
        "totalsize": "0",
        "dbsize": column["dbsize"],
        "extauth": "d8e8fca2dc0f896fd7cb4cb0031ba249",
        "last_post_gmt": column["last_post_gmt"],
        "health_value": column["health_value"],
        "health_status": str(stored.health_status),
        "health_site_noticed": "0",
        "favi_icon": None,
        "site_info": json_text(stored.site_info),
        "recent_comments": json_text(stored.recent_comments),
        "recent_posts": json_text(stored.recent_posts),
        "recent_pages": json_text(stored.recent_pages),
        "phpversion": column["phpversion"],
        "added_timestamp": str(site.added),
        "wp_upgrades": json_text(stored.wp_upgrades),
        "signature_algo": "9999",
        "verify_method": None,
        "cust_site_icon_info": site.icon or "uploaded:;selected:;color:",
    }
    return row | site.columns


def all_updates(site: Site) -> dict[str, Any]:
    """Stored updates, ignored ones too (core.md §2.2)."""
    stored = site.stored or Stored()
    data = {"wp_core": stored.wp_upgrades or [], "plugins": stored.plugin_upgrades or []}
    data |= _rolled(site, "plugin") | {"themes": stored.theme_upgrades or []} | _rolled(site, "theme")
    return data | {"translation": stored.translation_upgrades or []}


def _rolled(site: Site, kind: str) -> dict[str, Any]:
    found = dashboard.rollbacks(site, kind)
    return {f"rollback_{kind}s": found} if found else {}


@v1("GET", "sites/all-sites")
def all_sites(call: Call) -> Any:
    groups, full = truthy(call.get("selectgroups")), call.get("full_data")
    rows = {}
    for site in call.fleet.ordered():
        if truthy(full) and full != "no":
            row = full_row(call, site, groups)
        else:
            row = {"id": str(site.id), "url": site.url, "name": site.name, "client_id": str(site.client_id)}
            if groups:
                names = tags(call.fleet, site)
                row |= {"wpgroups": ",".join(names.values()), "wpgroupids": ",".join(names)}
        rows[str(site.id)] = row
    return {"data": list(rows.values())} if call.get("format") == "array" else rows


@v1("GET", "sites/all-sites-count")
def all_sites_count(call: Call) -> Any:
    return {"count": len(call.fleet.ordered())}


@v1("GET", "sites/connected-sites")
def connected(call: Call) -> Any:
    return [_brief(site) for site in call.fleet.ordered() if not site.sync_errors]


@v1("GET", "sites/disconnected-sites")
def disconnected(call: Call) -> Any:
    return [_brief(site) for site in call.fleet.ordered() if site.sync_errors]


@v1("GET", "sites/sites-available-updates-count")
def updates_count(call: Call) -> Any:
    counts = [dashboard.site_counts(site) for site in call.fleet.ordered() if not site.sync_errors]
    return {name: sum(row[name] for row in counts) for name in ("total", "wp", "plugins", "themes", "translations")}


@v1("POST", "sites/sync-sites")
def sync_sites(call: Call) -> Any:
    return {str(site.id): "success" if dashboard.sync(call.fleet, site) else "failed" for site in call.fleet.ordered()}


@v1("POST", "sites/check-sites")
def check_sites(call: Call) -> Any:
    return {
        str(site.id): "success" if dashboard.check(call.fleet, site) == 200 else "failed"
        for site in call.fleet.ordered()
    }


@v1("GET", "updates/available-updates")
def available_updates(call: Call) -> Any:
    return {
        str(site.id): all_updates(site) | {"groups": ",".join(tags(call.fleet, site).values()) or None}
        for site in call.fleet.ordered()
    }


@v1("GET", "updates/ignored-plugins-updates")
def ignored_plugins(call: Call) -> Any:
    return call.fleet.ignored_plugins or None


@v1("GET", "updates/ignored-themes-updates")
def ignored_themes(call: Call) -> Any:
    return call.fleet.ignored_themes or None


@v1("GET", "tags/all-tags")
def all_tags(call: Call) -> Any:
    return {"data": {str(tag.id): tag.name for tag in call.fleet.tags.values()}}


@v1("GET", "clients/all-clients")
def all_clients(call: Call) -> Any:
    rows = [client_view(client, CLIENT_FULL) for client in call.fleet.clients.values()]
    return {"data": [{"client_id": row.pop("id")} | row for row in rows]}
