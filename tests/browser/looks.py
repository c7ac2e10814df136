# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was looked at beside runs, for pages: heartbeats, users, plugins, and vulnerabilities. All records are invented."""

from __future__ import annotations

from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import iso

Sites = list[dict[str, Any]]

EARLIER, NOW = "2026-11-20T22:30:00Z", "2026-11-24T22:30:00Z"
_DASHBOARD = {"url": "https://dashboard.example"}
_LAST = 1795559400  # 2026-11-24T22:30:00Z
#: Plugins that nobody has heard of: (name, version, title, score, rating, fixed in, why it is not closed).
_FLAWED = (
    ("Harbour Forms", "2.3.1", "uploads of any file without a login", 9.8, "critical", "2.3.4", ""),
    ("Fjord Slider", "5.0", "stored cross-site scripting in captions", 6.4, "medium", "5.1.2", "policy"),
    ("Copper Carts", "1.9.2", "prices can be changed by whoever orders", 7.5, "high", "", "no_fix"),
)
_NOTICE = {
    "holder": "inventor",
    "message": "This record is invented.",
    "notice": "Copyright 2026 Nobody in Particular",
    "license": "Whoever has a copy may do with it what he likes, as long as this notice goes with it.",
    "license_url": "https://feed.example/terms",
    "links": [f"https://feed.example/record/{number}" for number in range(3)],
}


def _who(site: dict[str, Any]) -> dict[str, Any]:
    return {key: site[key] for key in ("id", "url", "name")}


def monitors(sites: Sites) -> dict[str, Any]:
    """Heartbeats of 30 days, four a day. Some sites were down, some measured for half of the time, some never."""
    found = []
    for site in sites:
        number = site["id"]
        beats = [
            {"time": iso(_LAST - 21600 * step), "status": "down" if number % 7 == 3 and step % 90 == number else "up"}
            for step in range(60 if number % 4 == 1 else 121)
        ]
        if number % 6:
            found.append({**_who(site), "interval": 21600, "heartbeats": beats})
    return {"dashboard": _DASHBOARD, "sites": found}


def plans(sites: Sites) -> list[dict[str, Any]]:
    """What was pending each week, but for one that nobody looked in: more and more of what is left, less and less else."""

    def pending(site: dict[str, Any], ago: int) -> Sites:
        known = enumerate(site["updates"], site["id"] * 3)
        return [
            entry
            for number, entry in known
            if (
                ago and number * 5 % 16 < ago + 2 if entry["result"] == "updated" else number * 5 % 14 >= ago or not ago
            )
        ]

    return [
        {
            "dashboard": _DASHBOARD,
            "sites": [
                {**site, "reason": "", "updates": pending(site, ago), "last_sync": iso(_LAST - 7 * 86400 * ago)}
                for site in sites
            ],
        }
        for ago in range(12)
        if ago != 5
    ]


def administrators(sites: Sites) -> list[dict[str, Any]]:
    """Two looks; on some sites there is one more in the second."""

    def look(at: str, names: list[str], every: int) -> dict[str, Any]:
        users = [{"id": number, "login": name, "role": "administrator"} for number, name in enumerate(names, 1)]
        told = [{**_who(site), "users": users if site["id"] % every == 4 else users[:1]} for site in sites]
        return {"dashboard": _DASHBOARD, "at": at, "roles": ["administrator"], "sites": told}

    return [look(EARLIER, ["admin"], 11), look(NOW, ["admin", "wp_support2"], 11)]


def plugins(sites: Sites) -> list[dict[str, Any]]:
    """Two looks; some sites have one more plugin in the second."""
    child = {"slug": "mainwp-child/mainwp-child.php", "name": "MainWP Child"}
    came = {"slug": "wp-cache-helper/wp-cache-helper.php", "name": "WP Cache Helper"}

    def look(at: str, more: list[dict[str, str]]) -> dict[str, Any]:
        told = [
            {**_who(site), "last_sync": at, "plugins": [child, *(more if site["id"] % 13 == 2 else [])]}
            for site in sites
        ]
        return {"dashboard": _DASHBOARD, "sites": told}

    return [look(EARLIER, []), look(NOW, [came])]


def vulnerabilities(sites: Sites) -> list[dict[str, Any]]:
    """Two looks; what some sites had in the first was closed by what moved there since."""
    first = [
        {**_site(site, "2026-11-01T22:00:00Z"), "software": [_had(entry)]}
        for site in sites
        if site["id"] % 3 == 0
        for entry in site["updates"][:1]
    ]
    second = [{**_site(site, NOW), "software": _has(site)} for site in sites]
    return [_looked(first), _looked(second)]


def _looked(sites: Sites) -> dict[str, Any]:
    feed = {"source": "https://feed.example", "fetched": "2026-11-24T21:00:00Z"}
    return {"dashboard": _DASHBOARD, "feed": feed, "notices": [_NOTICE], "sites": sites}


def _site(site: dict[str, Any], seen: str) -> dict[str, Any]:
    return {**_who(site), "known": True, "last_sync": seen}


def _item(name: str, slug: str, version: str, flaw: dict[str, Any]) -> dict[str, Any]:
    known = {"type": "plugin", "slug": slug, "name": name, "version": version, "can_deactivate": True}
    return {**known, "vulnerabilities": [flaw]}


def _had(entry: dict[str, Any]) -> dict[str, Any]:
    flaw = _flaw(9, "a flaw", 8.1, "high", entry["version_planned"], "")
    return _item(entry["name"], entry["slug"], entry["version_before"], flaw)


def _has(site: dict[str, Any]) -> Sites:
    """What a site still has; where its name is hostile, so is the feed."""
    odd = not site["name"].replace(" ", "").replace("&", "").isalnum()
    found = []
    for number, (name, version, title, score, rating, fixed, why) in enumerate(_FLAWED):
        if (site["id"] + number) % (5 + 3 * number) == 0:
            called = site["name"] if odd else name
            told = _flaw(number, f"{called} up to {version}: {title}", score, rating, fixed, why)
            if site["id"] % 4 == 0:
                told |= {"state": "accepted", "until": "2026-12-31", "why": "the form is behind a password"}
            found.append(_item(called, f"{name}/a.php", version, told))
    return found


def _flaw(number: int, title: str, score: float, rating: str, fixed: str, why: str) -> dict[str, Any]:
    return {
        "id": f"record-{number}",
        "title": title,
        "cve": f"CVE-0000-{number:05}",
        "score": score,
        "rating": rating,
        "link": f"https://feed.example/record/{number}",
        "fixed_in": fixed,
        "fixed_by": fixed,
        "fix": "none" if why == "no_fix" else "left" if why else "planned",
        "reason": why,
        "message": "The feed knows no release without it." if why == "no_fix" else "",
        "state": "new",
        "until": "",
        "why": "",
    }
