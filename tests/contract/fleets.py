# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the recorded fleets out of the recordings themselves: plugins, offers and texts are the recorded ones."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from contract.moments import unix
from contract.recordings import load, numbered
from simulator import Child, Clock, Fleet, Offer, Plugin, Site, Theme, Translation

#: texts of the site object that a sync brings along
SITE_TEXTS = (
    "memory_limit",
    "mysql_version",
    "database_size",
    "last_post_time",
    "recent_posts",
    "recent_pages",
    "recent_comments",
    "categories",
)
#: texts that only v1 ``site-info`` shows
INFO_TEXTS = ("db_size", "child_curl_version", "child_openssl_version", "site_lang", "site_public", "format_datetime")
#: entries of an update list that the child works out, beside the headers of the plugin or theme
WORKED_OUT = ("update", "Version", "active", "wp_compatible", "php_compatible")
#: the last octets of the children's own addresses, which the Dashboards learnt between *failures* and *resources*
ADDRESSES = {"wp68": 14, "wp71": 10}


def rows(name: str, n: int) -> dict[int, dict[str, Any]]:
    """The site objects of a recorded answer, by id."""
    body = numbered(name, n).response["body"]
    data = body["data"] if isinstance(body.get("data"), (dict, list)) else body
    found = data if isinstance(data, list) else [data] if "id" in data else data.values()
    return {int(row["id"]): row for row in found}


def fleet(sites: Iterable[Site], **more: Any) -> Fleet:
    """A fleet some seconds after its last sync; its clock stands still unless the player moves it."""
    members = list(sites)
    start = 20.0 + max(site.dts_sync or 0.0 for site in members)
    return Fleet(members, clock=Clock(scale=0, start=start), **more)


def first_sites(dashboard: str) -> list[Site]:
    """The four sites as they were first seen (``*-read`` n 0): four updates each, never checked, no tags."""
    added = load(f"{dashboard}-read")[66].response["body"]["added_timestamp"]
    return [
        Site(
            id=number,
            url=row["url"],
            name=row["name"],
            child=child_of(row, users=[admin_of(row["url"])]),
            ip=row["ip"],
            dts_sync=unix(row["last_sync"]),
            columns={"added_timestamp": added},
        )
        for number, row in rows(f"{dashboard}-read", 0).items()
    ]


def admin_of(url: str) -> dict[str, Any]:
    """The only user of a child."""
    host = url.split("/")[2]
    return {"username": "admin", "name": "admin", "email": f"admin@{host}", "role": "administrator", "posts": "1"}


def child_of(row: dict[str, Any], **more: Any) -> Child:
    """The child that a site object tells of, with what is offered to it."""
    info = load("wp71-read")[68].response["body"]
    security = load("wp71-read")[28].response["body"]["data"]
    return Child(
        plugins=plugins_of(row),
        themes=themes_of(row),
        core=row["wp_version"],
        php_version=row["php_version"],
        child_version=row["child_version"],
        health_score=int(row["health_score"]),
        security={"sslprotocol": security["sslprotocol"]},
        texts={key: _decoded(row[key]) for key in SITE_TEXTS} | {key: info[key] for key in INFO_TEXTS},
        **more,
    )


def plugins_of(row: dict[str, Any]) -> list[Plugin]:
    """The plugins of a site object."""
    offers = _decoded(row["plugin_upgrades"]) or {}
    return [
        Plugin(
            file=item["slug"],
            name=item["name"],
            version=item["version"],
            active=bool(item["active"]),
            mu=bool(item.get("mu")),
            description=item["description"],
            info=_headers(offers.get(item["slug"])),
            offer=_offer(offers.get(item["slug"])),
        )
        for item in _decoded(row["plugins"])
    ]


def themes_of(row: dict[str, Any]) -> list[Theme]:
    """The themes of a site object."""
    offers = _decoded(row["theme_upgrades"]) or {}
    return [
        Theme(
            slug=item["slug"],
            name=item["name"],
            version=item["version"],
            active=bool(item["active"]),
            parent_active=bool(item["parent_active"]),
            description=item["description"],
            offer=_offer(offers.get(item["slug"])),
        )
        for item in _decoded(row["themes"])
    ]


def six_sites(dashboard: str) -> list[Site]:
    """The six sites of ``*-updates-include``: all like site 2, whose whole row an edit answers with; site 4 has an older
    core. What the others are called, their own answers and the entries of lists tell."""
    exchanges = load(f"{dashboard}-updates-include")
    row = exchanges[17].response["body"]["data"]
    first, third = exchanges[4].response["body"], exchanges[12].response["body"]["data"]
    urls = {1: first["url"], 2: row["url"], 3: third["url"]}
    names = {2: row["name"], 3: third["name"]}
    listed = exchanges[3].response["body"]["data"]
    for entry in listed if isinstance(listed, list) else ():
        urls[entry["site_id"]], names[entry["site_id"]] = entry["site_url"], entry["site_name"]
    sites = []
    for number in range(1, 7):
        url = urls.get(number, f"http://unnamed-{number}.test/")
        child = child_of(row, users=[admin_of(url)], translations=translations_of(row))
        one = Site(number, url, names.get(number, ""), child, ip=row["ip"], dts_sync=unix(row["last_sync"]))
        one.tags, one.client_id = [2], int(third["client_id"])
        was_checked(one, row["last_sync"])
        sites.append(one)
    sites[3].child.core, sites[3].child.core_offer = "7.0.4", "7.1"
    return sites


def translations_of(row: dict[str, Any]) -> list[Translation]:
    """The translations that a site object offers."""
    return [
        Translation(item["slug"], item["name"], item["version"], item["language"])
        for item in _decoded(row["translation_upgrades"])
    ]


def german() -> list[Translation]:
    """The translations that were offered in ``*-core-translations-probes``."""
    return [Translation("acme-forms", "Acme Forms", "1.0.0"), Translation("acme-seo", "Acme SEO", "1.0.0")]


def put_back(site: Site, dashboard: str) -> None:
    """The site's plugins and themes get their first versions back, and are offered the updates again."""
    first = child_of(rows(f"{dashboard}-read", 0)[site.id])
    extra = [plugin for plugin in site.child.plugins if first.plugin(plugin.file) is None]
    where = len(first.plugins) - 1
    site.child.plugins = first.plugins[:where] + extra + first.plugins[where:]
    site.child.themes = first.themes


def update_everything(child: Child, *except_files: str) -> None:
    """All that is offered is installed, whoever did it."""
    for item in [*child.plugins, *child.themes]:
        if item.offer and item.slug not in except_files:
            item.version, item.offer = item.offer.new_version, None


def add_second_must_use_plugin(child: Child) -> None:
    """From ``*-resources`` on, the children have one must-use plugin more, listed before the first."""
    plugin = Plugin(file="lat.php", name="lab latency", version="", mu=True)
    child.plugins.insert(len(child.plugins) - 1, plugin)


def own_address(site: Site, dashboard: str) -> str:
    """The address of the child itself."""
    return f"127.0.0.{ADDRESSES[dashboard] + site.id}"


def was_checked(site: Site, at: str) -> None:
    """An HTTP check found the site up."""
    site.offline_check_result, site.http_response_code = 1, 200
    site.offline_checks_last = int(unix(at))


def _decoded(text: str) -> Any:
    return json.loads(text) if text[:1] in ("[", "{") else text


def _headers(entry: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (entry or {}).items() if key not in WORKED_OUT}


def _offer(entry: dict[str, Any] | None) -> Offer | None:
    if not entry:
        return None
    update = dict(entry["update"])
    named = {key: update.pop(key) for key in ("new_version", "package", "requires", "requires_php")}
    if "tested" in update:
        named["tested"] = update.pop("tested")
    return Offer(**named, info=update)
