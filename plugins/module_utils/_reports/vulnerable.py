# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Known vulnerabilities as pages tell them: those that are open, and those that were surely closed. Pure. PRIVATE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .._addresses import spoken
from .._stored import maps
from .._versions import lower, same
from .keys import Key, sites_of, time_of
from .reasons import REASONS

_ACCEPTED, _EXPIRED = "accepted", "expired"
#: The worst first. What nobody has rated yet may be anything.
_RANKS = {"critical": 5, "high": 4, "unknown": 3, "medium": 2, "low": 1, "none": 0}
_NOTICE = ("holder", "message", "notice", "license", "license_url")


class Look(NamedTuple):
    """What mainwp_vulnerability_info told of a site."""

    seen: float
    #: When the feed was current.
    feed: float
    site: Mapping[str, Any]

    def open(self) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """(item, what is known of it) of all that it tells."""
        for item in maps(self.site.get("software")):
            for flaw in maps(item.get("vulnerabilities")):
                yield item, flaw

    @property
    def is_known(self) -> bool:
        """Does it know what the site runs?"""
        return self.site.get("known") is True


def looks_of(results: Iterable[Mapping[str, Any]]) -> dict[Key, list[Look]]:
    """All looks at each site, the oldest first. Of two at the same data that with the newer feed is the newer."""
    found: dict[Key, list[Look]] = {}
    for key, site, result in sites_of(results):
        feed = result.get("feed")
        fetched = time_of(feed.get("fetched")) if isinstance(feed, Mapping) else 0
        found.setdefault(key, []).append(Look(time_of(site.get("last_sync")), fetched, site))
    return {key: sorted(looks, key=lambda look: look[:2]) for key, looks in found.items()}


# -- what is open ---------------------------------------------------------------------------------------------------


def open_ones(looks: Mapping[Key, Sequence[Look]], results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the newest look at each site tells, by release, the worst first, with the feed's ``notices`` of it."""
    newest = [found[-1] for found in looks.values()]
    releases: dict[tuple[str, str, str], dict[str, Any]] = {}
    counts = {"open": 0, "accepted": 0}
    for look in newest:
        for item, flaw in look.open():
            is_open = flaw.get("state") != _ACCEPTED
            counts["open" if is_open else "accepted"] += 1
            key = (str(item.get("type")), str(item.get("slug")), str(item.get("version")))
            _add(releases.setdefault(key, _release(item)), look.site, item, flaw, is_open)
    told = [_ordered(release) for release in releases.values()]
    told.sort(key=lambda release: (not release["open"], *(-part for part in release["worst"]), release["name"].lower()))
    shown = {flaw["link"] for release in told for flaw in release["flaws"]}
    return {
        **counts,
        "looked": len(newest),
        "unknown": sum(not look.is_known for look in newest),
        "feed": max((look.feed for look in newest), default=0.0),
        "releases": told,
        "notices": notices(results, shown) if told else [],
    }


def _release(item: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(item.get("type"))
    name = "WordPress" if kind == "core" else str(item.get("name") or item.get("slug") or kind)
    return {
        "name": name,
        "version": str(item.get("version") or ""),
        "kind": "theme" if kind == "theme" else "",
        "sites": set(),
        "open": False,
        "flaws": {},
    }


def _add(
    release: dict[str, Any],
    site: Mapping[str, Any],
    item: Mapping[str, Any],
    flaw: Mapping[str, Any],
    is_open: bool,
) -> None:
    score, rating = flaw.get("score"), str(flaw.get("rating") or "unknown")
    number = float(score) if isinstance(score, (int, float)) and not isinstance(score, bool) else None
    known = release["flaws"].setdefault(
        str(flaw.get("id")),
        {
            "title": str(flaw.get("title") or flaw.get("cve") or flaw.get("id")),
            "link": web_link(flaw.get("link")),
            "cve": str(flaw.get("cve") or ""),
            "score": number,
            "rating": rating,
            "fixed_in": str(flaw.get("fixed_in") or ""),
            "worst": (_RANKS.get(rating, _RANKS["unknown"]), number or 0.0),
            "open": False,
            "groups": {},
        },
    )
    named = str(site.get("name") or spoken(str(site.get("url") or "")))
    group = (*_decided(flaw), _closes(item, flaw))
    known["groups"].setdefault(group, []).append(named)
    known["open"] = known["open"] or is_open
    release["open"] = release["open"] or is_open
    release["sites"].add(named)


def _ordered(release: dict[str, Any]) -> dict[str, Any]:
    flaws = sorted(
        release["flaws"].values(),
        key=lambda flaw: (not flaw["open"], *(-part for part in flaw["worst"]), flaw["title"]),
    )
    told = [
        {
            **flaw,
            "groups": sorted(
                (
                    {"decided": decided, "more": more, "text": text, "sites": sorted(names, key=str.lower)}
                    for (decided, more, text), names in flaw["groups"].items()
                ),
                key=lambda group: (group["decided"] == "accepted", -len(group["sites"]), group["more"], group["text"]),
            ),
        }
        for flaw in flaws
    ]
    return {**release, "sites": len(release["sites"]), "worst": told[0]["worst"], "flaws": told}


def _decided(flaw: Mapping[str, Any]) -> tuple[str, str]:
    """What somebody decided about it, and until when and why; empty for nothing."""
    if flaw.get("state") not in (_ACCEPTED, _EXPIRED):
        return "", ""
    until, why = str(flaw.get("until") or ""), str(flaw.get("why") or "")
    more = ": ".join(filter(None, (f"until {until}" if until else "", why)))
    return "accepted" if flaw["state"] == _ACCEPTED else "no longer accepted", more


def _closes(item: Mapping[str, Any], flaw: Mapping[str, Any]) -> str:
    """What would close it, in our own words."""
    by, reason = str(flaw.get("fixed_by") or ""), str(flaw.get("reason") or "")
    if by and flaw.get("fix") == "planned":
        brings = item.get("brings")
        more = f" It brings {', '.join(map(str, brings))}." if isinstance(brings, list) and brings else ""
        return f"{by} closes it.{more}"
    if by:
        meaning = REASONS.get(reason, (str(flaw.get("message") or reason), ""))[0].rstrip(".")
        return f"{by} closes it, and is left alone: {meaning[:1].lower()}{meaning[1:]}."
    until = " It can be deactivated until then." if item.get("can_deactivate") is True else ""
    return f"{flaw.get('message') or 'Nothing closes it yet.'}{until}"


def web_link(link: Any) -> str:
    """A link that is one to the web; empty for any other."""
    text = str(link or "")
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if is_web and text.isprintable() and not any(char.isspace() for char in text) else ""


def notices(results: Iterable[Mapping[str, Any]], shown: set[str]) -> list[dict[str, str]]:
    """The feeds' copyright notices of the records with these links, each once."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for result in results:
        for entry in maps(result.get("notices")):
            links = entry.get("links")
            if isinstance(links, list) and links and not shown.intersection(map(str, links)):
                continue
            told = {key: str(entry.get(key) or "") for key in _NOTICE}
            found.setdefault(tuple(told.values()), {**told, "license_url": web_link(told["license_url"])})
    return list(found.values())


# -- what was closed ------------------------------------------------------------------------------------------------


class Move(NamedTuple):
    """An update that a run moved."""

    began: float
    ended: float
    entry: Mapping[str, Any]


def closed_ones(looks: Sequence[Look], moves: Iterable[Move]) -> dict[tuple[str, str], int]:
    """How many of a site were surely closed, by (type, slug): open in a look before a move that passed the release which
    fixes it, and gone by the newest look, which is after it."""
    if not looks or not looks[-1].is_known:
        return {}
    last = looks[-1]
    still = {(*_item(item), flaw.get("id")) for item, flaw in last.open()}
    done: dict[tuple[str, str], set[Any]] = {}
    for move in moves:
        moved = _item(move.entry)
        for look in looks:
            if look.seen > move.ended or last.seen < move.began or look.seen >= last.seen:
                continue
            for item, flaw in look.open():
                gone = (*moved, flaw.get("id")) not in still
                if _item(item) == moved and gone and _passed(move.entry, item, flaw):
                    done.setdefault(moved, set()).add(flaw.get("id"))
    return {item: len(found) for item, found in done.items()}


def _item(entry: Mapping[str, Any]) -> tuple[str, str]:
    return str(entry.get("type")), str(entry.get("slug"))


def _passed(entry: Mapping[str, Any], item: Mapping[str, Any], flaw: Mapping[str, Any]) -> bool:
    """Did this update lead from a release that has it to one that has it not?"""
    before, after = str(entry.get("version_before") or ""), str(entry.get("version_after") or "")
    fixed, by = str(flaw.get("fixed_in") or ""), str(flaw.get("fixed_by") or "")
    if not before or not after or lower(before, str(item.get("version") or "")):
        return False
    if fixed:
        return lower(before, fixed) and not lower(after, fixed)
    return bool(by) and lower(before, by) and same(after, by)
