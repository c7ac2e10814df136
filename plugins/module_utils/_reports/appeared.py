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
from dataclasses import dataclass
from typing import Any

from .._addresses import spoken
from .._models import iso
from .._stored import maps
from .._versions import lower
from .keys import Key, sites_of, time_of

#: What came earlier than so many seconds before the newest look is no news.
_NEWS = 30 * 86400
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Thing:
    """What a look found."""

    name: str
    detail: str = ""
    version: str = ""


#: By its key there.
Found = Mapping[Any, Thing]
#: What a later look has in the place of what an earlier one had, by their keys: the same thing under another name.
Heirs = Callable[[Found, Found], Mapping[Any, Any]]


def new_plugins(infos: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Plugins by results of mainwp_site_info with the subset ``plugins``."""
    looks: dict[Key, list[tuple[float, Found, Mapping[str, Any]]]] = {}
    for key, site, dummy in sites_of(infos):
        found = {
            str(entry.get("slug")): Thing(
                str(entry.get("name") or entry.get("slug")), str(entry.get("slug")), str(entry.get("version") or "")
            )
            for entry in maps(site.get("plugins"))
        }
        if found and time_of(site.get("last_sync")):  # each site has one at least, so none means that nobody knows
            looks.setdefault(key, []).append((time_of(site["last_sync"]), found, site))
    return _told(looks, _renamed)


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
            (str(user.get("id")), str(user.get("login"))): Thing(str(user.get("login")))
            for user in maps(site["users"])
            if user.get("role") == ADMINISTRATOR or asked == [ADMINISTRATOR]  # a role beside the first is not told
        }
        looks.setdefault(key, []).append((time_of(result.get("at")), found, site))
    return _told(looks, lambda _before, _after: {})


def _renamed(before: Found, after: Found) -> dict[Any, Any]:
    """Plugins whose main file or folder has another name after an update."""
    new = {slug: after[slug] for slug in after.keys() - before.keys()}
    found = {slug: _heir(slug, before[slug], new) for slug in before.keys() - after.keys()}
    return {slug: heir for slug, heir in found.items() if heir is not None}


def _heir(slug: str, was: Thing, new: Found) -> str | None:
    """The one in the same folder, or of the same name with a higher version: somebody put there what is in another folder
    without one. Of several it is the one that kept the name."""
    folder = slug.rpartition("/")[0]
    beside = {one for one in new if folder and one.rpartition("/")[0] == folder}
    named = {
        one
        for one, item in new.items()
        if item.name == was.name and (one in beside or (was.version and lower(was.version, item.version)))
    }
    return next((min(some) for some in (named | beside, named) if len(some) == 1), None)


def _is_there(what: Any, looks: Sequence[Found], heirs: Heirs) -> bool:
    """True when the last of these looks has what the first one has, by whatever name."""
    for before, after in itertools.pairwise(looks):
        what = what if what in after else heirs(before, after).get(what, what)
    return what in looks[-1]


def _told(looks: Mapping[Key, list[tuple[float, Found, Mapping[str, Any]]]], heirs: Heirs) -> list[dict[str, Any]]:
    """What came, each thing once with the sites that have it: the newest first."""
    newest = max((look[0] for found in looks.values() for look in found), default=0.0)
    things: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for found in looks.values():
        told = _in_order(found)
        for place, ((earlier, before, dummy), (later, after, site)) in enumerate(itertools.pairwise(told), 1):
            if later < newest - _NEWS:
                continue
            for what in after.keys() - before.keys() - set(heirs(before, after).values()):
                gone = not _is_there(what, [look[1] for look in told[place:]], heirs)
                name, detail = after[what].name, after[what].detail
                known = {"name": name, "detail": detail, "gone": gone, "sites": []}
                thing = things.setdefault((name, detail, gone), {**known, "after": earlier, "before": later})
                thing["sites"].append(str(site.get("name") or spoken(str(site.get("url") or ""))))
                thing["after"], thing["before"] = min(earlier, thing["after"]), max(later, thing["before"])
    ordered = sorted(things.values(), key=lambda thing: (-thing["before"], thing["name"].lower(), thing["detail"]))
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
