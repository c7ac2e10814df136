# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is remembered of a Dashboard between two polls, and how a file says it. Pure. PRIVATE to the collection."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from .._models import Site, Tag, Update, epoch

#: Goes up when what a file says means something else.
FORMAT = 1

#: Type, slug, language and the version that is offered.
Offer: TypeAlias = "tuple[str, str, str, str]"
#: Type, slug and the id of the flaw.
Weak: TypeAlias = "tuple[str, str, str]"


def offer_of(update: Update) -> Offer:
    """What is remembered of an update that is offered to a site."""
    return (*update.key, update.new_version)


@dataclass(frozen=True)
class Seen:
    """A site as the last poll saw it."""

    url: str
    name: str
    client_id: int
    #: The ids and the names of its tags.
    tags: tuple[tuple[int, str], ...]
    lost: bool
    suspended: bool
    last_sync: str
    stale: bool
    offers: frozenset[Offer]

    def as_site(self, number: int) -> Site:
        """The same as others know sites."""
        return Site(
            number,
            self.url,
            self.name,
            status="suspended" if self.suspended else "disconnected" if self.lost else "connected",
            suspended=self.suspended,
            client_id=self.client_id,
            tags=tuple(Tag(*tag) for tag in self.tags),
            last_sync=self.last_sync or None,
        )


@dataclass(frozen=True)
class Log:
    """How far the log of changes of a site was read: its last entry, and the sync that had brought it."""

    last: int
    sync: str


@dataclass(frozen=True)
class Away:
    """A Dashboard that cannot be read: since when, and why."""

    since: str
    reason: str


@dataclass(frozen=True)
class Known:
    """All that is remembered. None: nobody has looked at that yet, so that what is found there is no change."""

    sites: Mapping[int, Seen] | None = None
    #: Monitor → up or down, whatever it was last for sure.
    monitors: Mapping[int, str] | None = None
    logs: Mapping[int, Log] | None = None
    flaws: Mapping[int, frozenset[Weak]] | None = None
    away: Away | None = None


def to_json(known: Known, dashboard: str) -> str:
    """The text of a file; the same for the same."""
    told = {
        "format": FORMAT,
        "dashboard": dashboard,
        "away": asdict(known.away) if known.away else None,
        "sites": _told(known.sites, lambda seen: {**asdict(seen), "offers": sorted(seen.offers)}),
        "monitors": _told(known.monitors, str),
        "logs": _told(known.logs, asdict),
        "flaws": _told(known.flaws, sorted),
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n"


def _told(part: Mapping[int, Any] | None, one: Callable[[Any], Any]) -> dict[str, Any] | None:
    return None if part is None else {str(number): one(value) for number, value in part.items()}


def from_json(text: str) -> tuple[Known, str, int]:
    """(what is remembered, of which Dashboard, the format); nothing of another format. Raises ValueError for anything that no
    poll has written."""
    told = json.loads(text)
    try:
        number, dashboard = _is(told["format"], int), _is(told["dashboard"], str)
        if number != FORMAT:
            return Known(), dashboard, number
        known = Known(
            _part(told["sites"], _seen),
            _part(told["monitors"], lambda status: _one_of(status, "up", "down")),
            _part(told["logs"], lambda log: Log(_is(log["last"], int), _is(log["sync"], str))),
            _part(told["flaws"], lambda flaws: frozenset(_texts(flaw, 3) for flaw in _is(flaws, list))),
            None if told["away"] is None else Away(_time(told["away"]["since"]), _is(told["away"]["reason"], str)),
        )
    except (KeyError, TypeError, AttributeError) as exc:
        raise ValueError("it lacks something, or has something of the wrong kind") from exc
    return known, dashboard, number


def _part(told: Any, one: Callable[[Any], Any]) -> dict[int, Any] | None:
    return None if told is None else {int(number): one(value) for number, value in _is(told, dict).items()}


def _seen(told: Any) -> Seen:
    return Seen(
        url=_is(told["url"], str),
        name=_is(told["name"], str),
        client_id=_is(told["client_id"], int),
        tags=tuple((_is(number, int), _is(name, str)) for number, name in told["tags"]),
        lost=_is(told["lost"], bool),
        suspended=_is(told["suspended"], bool),
        last_sync=_time(told["last_sync"]) if told["last_sync"] else "",
        stale=_is(told["stale"], bool),
        offers=frozenset(_texts(offer, 4) for offer in _is(told["offers"], list)),
    )


def _is(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError
    return value


def _texts(value: Any, count: int) -> Any:
    if len(_is(value, list)) != count:
        raise TypeError
    return tuple(_is(text, str) for text in value)


def _one_of(value: Any, *words: str) -> str:
    if value not in words:
        raise TypeError
    return str(value)


def _time(value: Any) -> str:
    epoch(_is(value, str))  # raises ValueError
    return str(value)
