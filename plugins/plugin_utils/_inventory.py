# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Child sites as inventory hosts: names, groups and hostvars. Pure. PRIVATE to the collection."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..module_utils._addresses import address, ascii_host
from ..module_utils._fleet import interleaved
from ..module_utils._models import Site, Update
from ..module_utils._report import offer_counts, offer_dict, site_facts

#: The shape of what the cache holds; a cache with another one is not used.
CACHE_FORMAT = 3
#: Host names that mean something else to Ansible.
RESERVED = frozenset(("all", "ungrouped", "localhost", "127.0.0.1", "mainwp_sites"))

#: (host name, facts, hostvars)
Host = tuple[str, dict[str, Any], dict[str, Any]]


def record(
    site: Site, dashboard: Mapping[str, str], clients: Mapping[int, str], updates: Sequence[Update] | None, counts: bool
) -> dict[str, Any]:
    """What is known of one site, as plain data: the hostvars without their prefix."""
    facts: dict[str, Any] = {
        **site_facts(site),
        "client": clients.get(site.client_id, ""),
        "tags": [tag.name for tag in site.tags],
        "tag_ids": [tag.id for tag in site.tags],
        "dashboard": dashboard["name"],
        "dashboard_url": dashboard["url"],
    }
    if counts:
        facts["update_counts"] = offer_counts(site)
    if updates is not None:
        facts["updates"] = [offer_dict(update) for update in updates]
    return facts


def default_name(url: str) -> str:
    """A host name from a site's address: ``shop.example``, ``shop.example_de``, ``shop.example_8080``; IDN as ASCII."""
    return valid_name(whole_name(url).removeprefix("www."))


def whole_name(url: str) -> str:
    """The same with ``www.``: what belongs to this address alone, should another site have it without."""
    place = address(url)
    return valid_name(ascii_host(place.host) + place.site[len(place.host) :])


def valid_name(text: str) -> str:
    """``text`` with everything replaced that Ansible reads as pattern, port or path."""
    return re.sub(r"[^\w.\-]+", "_", text.strip(), flags=re.ASCII).strip("_.-") or "site"


def group_name(kind: str, text: str) -> str:
    """``mainwp_tag_canary_sites`` for the tag ``Canary sites``."""
    return f"mainwp_{kind}_" + (re.sub(r"\W+", "_", text.strip().lower()).strip("_") or "unnamed")


def groups_of(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(group, what it stands for) of one site."""
    found = [
        ("mainwp_sites", ""),
        (group_name("status", facts["status"]), facts["status"]),
        (group_name("dashboard", facts["dashboard"]), facts["dashboard"]),
    ]
    found += [(group_name("tag", name), name) for name in facts["tags"] if name]
    if facts["client"]:
        found.append((group_name("client", facts["client"]), facts["client"]))
    return found


def clashes(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Warnings about two tags (clients, Dashboards) that share a group because their names become the same."""
    meaning: dict[str, str] = {}
    found: dict[str, None] = {}
    for facts in records:
        for group, text in groups_of(facts):
            if meaning.setdefault(group, text) != text:
                found[f"'{meaning[group]}' and '{text}' share the group {group}."] = None
    return list(found)


def spread(hosts: Iterable[Host]) -> list[Host]:
    """Hosts so that neighbours sit on different servers: Ansible's forks then hit each server less at once."""
    return interleaved(hosts, lambda host: host[1]["ip"] or f"{host[1]['dashboard']}-{host[1]['id']}")


def unique_names(pairs: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[list[str], list[str]]:
    """(host names, warnings). A name that two addresses want means neither, or what was said of one site would one day be
    done to the other: only the site whose very address it is keeps it. The others are called by their whole address if
    ``www.`` tells them apart, else the site's Dashboard and id are appended.
    """
    taken = set(RESERVED)
    wishes = {index: wanted for index, (wanted, _facts) in enumerate(pairs)}
    urls = [str(facts["url"]) for _wanted, facts in pairs]
    granted = _granted(wishes, urls, taken)
    named = {address(urls[index]) for index in granted}
    whole = {
        index: whole_name(urls[index])
        for index, wanted in wishes.items()
        if index not in granted and wanted == default_name(urls[index]) and address(urls[index]) not in named
    }
    granted.update(_granted(whole, urls, taken))
    warnings = []
    for index, (wanted, facts) in enumerate(pairs):
        if index not in granted:
            granted[index] = _numbered(valid_name(f"{wanted}_{facts['dashboard']}_{facts['id']}"), taken)
        name = granted[index]
        if name != wanted:
            warnings.append(f"{facts['url']} of {facts['dashboard']} cannot be called {wanted}; it becomes {name}.")
    return [granted[index] for index in wishes], warnings


def _granted(wishes: Mapping[int, str], urls: Sequence[str], taken: set[str]) -> dict[int, str]:
    """Who gets the name it wishes. A name that was wished for is ``taken``, even if nobody gets it."""
    claims: dict[str, list[int]] = {}
    for index, name in wishes.items():
        if name not in taken:
            claims.setdefault(name, []).append(index)
    taken.update(claims)
    granted = {}
    for name, claimants in claims.items():
        for those in (claimants, [index for index in claimants if whole_name(urls[index]) == name]):
            if len({address(urls[index]) for index in those}) == 1:
                granted[those[0]] = name
                break
    return granted


def _numbered(stem: str, taken: set[str]) -> str:
    """``stem``, with a number where it is taken."""
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name)
    return name


def truth(value: Any) -> bool | None:
    """What an expression's value means as a condition; None where that would be a guess."""
    if isinstance(value, (bool, int)) or value is None:
        return bool(value)
    return {"true": True, "false": False}.get(str(value).strip().lower())


# -- the cache --------------------------------------------------------------------------------------------------------


def sealed(sites: list[dict[str, Any]], configuration: Sequence[Any]) -> dict[str, Any]:
    """What goes into the cache."""
    return {"sites": sites, "seal": _seal(sites, configuration)}


def unsealed(cached: Any, configuration: Sequence[Any]) -> list[dict[str, Any]] | None:
    """The sites, if this version wrote them for this configuration and nothing was changed since; else None."""
    sites = cached.get("sites") if isinstance(cached, Mapping) else None
    return sites if isinstance(sites, list) and cached.get("seal") == _seal(sites, configuration) else None


def _seal(sites: Any, configuration: Sequence[Any]) -> str:
    text = json.dumps([CACHE_FORMAT, configuration, sites], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
