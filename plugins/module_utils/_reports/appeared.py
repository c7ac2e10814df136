# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came to sites, mostly without this collection, from looks that were kept. Pure. PRIVATE to the collection.

Nothing of it installs a plugin, and only mainwp_user makes somebody an administrator. So what a later look has and the one
before has not, somebody did. What the first look has, nobody can tell.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .._addresses import spoken
from .._models import iso
from .._stored import maps
from .keys import Key, sites_of, time_of

#: What came earlier than so many seconds before the newest look is no news.
_NEWS = 30 * 86400
ADMINISTRATOR = "administrator"

#: What a look found: its key there → (its name, its detail).
Found = Mapping[Any, tuple[str, str]]


def new_plugins(infos: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Plugins by results of mainwp_site_info with the subset ``plugins``."""
    looks: dict[Key, list[tuple[float, Found, Mapping[str, Any]]]] = {}
    for key, site, dummy in sites_of(infos):
        found = {
            str(entry.get("slug")): (str(entry.get("name") or entry.get("slug")), str(entry.get("slug")))
            for entry in maps(site.get("plugins"))
        }
        if found and time_of(site.get("last_sync")):  # each site has one at least, so none means that nobody knows
            looks.setdefault(key, []).append((time_of(site["last_sync"]), found, site))
    return _told(looks, _came)


def new_administrators(users: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Administrators, by results of mainwp_user_info that asked for all of them."""
    looks: dict[Key, list[tuple[float, Found, Mapping[str, Any]]]] = {}
    for key, site, result in sites_of(users):
        asked = result.get("roles")
        some = result.get("logins") or not isinstance(asked, list) or ADMINISTRATOR not in asked
        if some or not isinstance(site.get("users"), list):
            continue
        # another account of the same name is another one
        found = {
            (str(user.get("id")), str(user.get("login"))): (str(user.get("login")), "")
            for user in maps(site["users"])
            if user.get("role") == ADMINISTRATOR or asked == [ADMINISTRATOR]  # a role beside the first is not told
        }
        looks.setdefault(key, []).append((time_of(result.get("at")), found, site))
    return _told(looks, lambda before, after: set(after) - set(before))


def _came(before: Found, after: Found) -> set[Any]:
    """Plugins that are new. One whose main file has another name after an update is not."""
    renamed = {slug.partition("/")[0] for slug in set(before) - set(after) if "/" in slug}
    return {slug for slug in set(after) - set(before) if slug.partition("/")[0] not in renamed}


def _told(
    looks: Mapping[Key, list[tuple[float, Found, Mapping[str, Any]]]], came: Callable[[Found, Found], set[Any]]
) -> list[dict[str, Any]]:
    """What came, each thing once with the sites that have it: the newest first."""
    newest = max((look[0] for found in looks.values() for look in found), default=0.0)
    things: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for found in looks.values():
        told = _in_order(found)
        for (earlier, before, dummy), (later, after, site) in itertools.pairwise(told):
            for what in came(before, after) if later >= newest - _NEWS else ():
                gone = what not in told[-1][1]
                known = {"name": after[what][0], "detail": after[what][1], "gone": gone, "sites": []}
                thing = things.setdefault((*after[what], gone), {**known, "after": earlier, "before": later})
                thing["sites"].append(str(site.get("name") or spoken(str(site.get("url") or ""))))
                thing["after"], thing["before"] = min(earlier, thing["after"]), max(later, thing["before"])
    ordered = sorted(things.values(), key=lambda thing: (-thing["before"], thing["name"].lower()))
    return [
        {
            **thing,
            "sites": sorted(thing["sites"], key=str.lower),
            "after": iso(thing["after"]),
            "before": iso(thing["before"]),
        }
        for thing in ordered
    ]


def _in_order(looks: Sequence[tuple[float, Found, Mapping[str, Any]]]) -> list[tuple[float, Found, Mapping[str, Any]]]:
    """The oldest first. Of several at one time the last one that was given counts."""
    return [look for dummy, look in sorted({look[0]: look for look in looks}.items())]
