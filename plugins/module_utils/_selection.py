# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sites a task is about: pure. PRIVATE to the collection.

OR within a kind (two tags: either), AND between kinds (a tag and a client: both), minus ``exclude_sites``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ._addresses import address, same_address
from ._errors import InputError
from ._models import Site

#: Name → the sites that it hits.
Finder: TypeAlias = Callable[[str], list[Site]]
#: So much is quoted of what names no site.
_QUOTED = 200
#: The remedy for a name of nothing.
LOOSEN = "Check the spelling, or set fail_on_missing: false."


@dataclass(frozen=True)
class Selection:
    """The selection options as given. None means the option was not given; an empty list selects nothing."""

    sites: tuple[str, ...] | None = None
    site_tags: tuple[str, ...] | None = None
    clients: tuple[str, ...] | None = None
    site_status: tuple[str, ...] | None = None
    all_sites: bool = False
    exclude_sites: tuple[str, ...] = ()
    fail_on_missing: bool = True

    @property
    def _kinds(self) -> tuple[tuple[str, ...] | None, ...]:
        return (self.sites, self.site_tags, self.clients, self.site_status)

    @property
    def names_any(self) -> bool:
        """True when something was said about which sites."""
        return self.all_sites or any(kind is not None for kind in self._kinds)

    @property
    def names_some(self) -> bool:
        """True when it may choose a few out of many: by address, tag or client."""
        return any(kind is not None for kind in self._kinds[:3])

    @property
    def only_ids(self) -> tuple[int, ...] | None:
        """The ids, when sites are selected by id and nothing else; None otherwise."""
        if not self.sites or self.exclude_sites or any(kind is not None for kind in self._kinds[1:]):
            return None
        ids = tuple(dict.fromkeys(int(text) for text in self.sites if text.isdecimal()))
        return ids if len(ids) == len(set(self.sites)) else None

    @property
    def selects_nothing(self) -> bool:
        """True when an option was given as an empty list."""
        return () in self._kinds


@dataclass(frozen=True)
class Selected:
    """The chosen sites, sorted by address, and one sentence for each name that was tolerated as missing."""

    sites: tuple[Site, ...]
    missing: tuple[str, ...] = ()


def selection_from(params: Mapping[str, Any], required: bool) -> Selection:
    """Check the selection options. ``required`` for tasks that write: nothing selected never means everything.

    Raises InputError.
    """
    selection = Selection(
        sites=_texts(params.get("sites")),
        site_tags=_texts(params.get("site_tags")),
        clients=_texts(params.get("clients")),
        site_status=_texts(params.get("site_status")),
        all_sites=bool(params.get("all_sites")),
        exclude_sites=_texts(params.get("exclude_sites")) or (),
        fail_on_missing=params.get("fail_on_missing") is not False,
    )
    if selection.all_sites and selection.sites is not None:
        raise InputError("all_sites", "given together with sites.", "Give one or the other.")
    if required and not selection.names_any:
        raise InputError(
            "sites",
            "no sites are selected, and nothing selected never means everything.",
            "Give sites, site_tags, clients, site_status or all_sites: true.",
        )
    return selection


def select(
    sites: Iterable[Site],
    selection: Selection,
    tags: Callable[[], Mapping[int, str]],
    clients: Callable[[], Mapping[int, str]],
) -> Selected:
    """The sites that ``selection`` is about. ``tags`` and ``clients`` (id → name) are only asked for when needed.

    Raises InputError for names that do not exist or hit several sites.
    """
    return Choice(sites, tags, clients).select(selection)


class Choice:
    """Sites to be selected from more than once: they are put in order, and in lists by what names them, only once."""

    def __init__(
        self,
        sites: Iterable[Site],
        tags: Callable[[], Mapping[int, str]],
        clients: Callable[[], Mapping[int, str]],
    ) -> None:
        self._known = sorted(sites, key=lambda site: site.sort_key)
        self._find = finder(self._known)
        self._tags, self._clients = tags, clients

    def select(self, selection: Selection) -> Selected:
        """As ``select`` does."""
        missing: list[str] = []
        remedy = "Check the spelling: a typo would update that site."
        excluded = named_sites("exclude_sites", selection.exclude_sites, self._find, remedy)
        if selection.selects_nothing:
            return Selected(())
        tolerate = None if selection.fail_on_missing else missing
        chosen = self._known
        if selection.sites is not None:
            ids = named_sites("sites", selection.sites, self._find, LOOSEN, tolerate)
            chosen = [site for site in chosen if site.id in ids]
        if selection.site_tags is not None:
            ids = _ids("site_tags", "tag", selection.site_tags, self._tags(), tolerate)
            chosen = [site for site in chosen if ids.intersection(tag.id for tag in site.tags)]
        if selection.clients is not None:
            ids = _ids("clients", "client", selection.clients, self._clients(), tolerate)
            chosen = [site for site in chosen if site.client_id in ids]
        if selection.site_status is not None:
            chosen = [site for site in chosen if site.status in selection.site_status]
        return Selected(tuple(site for site in chosen if site.id not in excluded), tuple(missing))


#: What a site may be named by, in the order in which a name is understood.
_READINGS: tuple[Callable[[Site], Any], ...] = (
    lambda site: site.id,
    lambda site: site.address,
    lambda site: site.address.site,
    lambda site: site.address.bare,
    lambda site: site.address.place,
    lambda site: site.domain,
    lambda site: site.name.casefold(),
)


def find_sites(text: str, sites: Sequence[Site]) -> list[Site]:
    """Sites that ``text`` names: by id, else by address, else by domain, else by name.

    An address is taken exactly as given first, then without regard to ``www.`` and scheme: a twin makes it ambiguous
    only when what was given does not decide. What carries a scheme is an address, never a domain.
    """
    return finder(sites)(text)


def finder(sites: Sequence[Site]) -> Finder:
    """``find_sites`` for many names: comparing each with each site takes seconds among some thousands."""

    @functools.cache
    def by(reading: int) -> dict[Any, list[Site]]:
        found: dict[Any, list[Site]] = {}
        for site in sites:
            found.setdefault(_READINGS[reading](site), []).append(site)
        return found

    def find(text: str) -> list[Site]:
        text = text.strip()
        number, wanted = int(text) if text.isdecimal() else None, address(text)
        place = None if wanted.scheme else wanted.site
        domain = None if wanted.scheme else wanted.bare
        keys = (number, wanted, place, wanted.bare, place, domain, text.casefold() or None)
        found = (by(reading).get(key, []) for reading, key in enumerate(keys) if key is not None)
        return next(filter(None, found), [])

    return find


def is_sure(text: str, site: Site) -> bool:
    """True when ``text``, which names ``site`` among some sites, names it whatever others there are."""
    return (text.strip().isdecimal() and int(text) == site.id) or same_address(site.url, text)


def misnamed(text: str, sites: Sequence[Site]) -> str:
    """What is wrong with ``text``, which shall name one of ``sites``; empty if it does."""
    hits = find_sites(text, sites)
    return _too_many(text, hits) if len(hits) > 1 else "" if hits else f"the Dashboard has no site '{text}'"


def _too_many(text: str, hits: Iterable[Site]) -> str:
    several = ", ".join(f"{site.url} (id {site.id})" for site in hits)
    return f"'{text}' hits several sites: {several}"


def named_sites(
    option: str, texts: Iterable[str], sites: Sequence[Site] | Finder, remedy: str, tolerated: list[str] | None = None
) -> set[int]:
    """The ids of the ``sites`` that ``texts`` name, one each. What names none is added to ``tolerated``. Raises InputError for
    what names several, and without ``tolerated`` for what names none."""
    found: set[int] = set()
    find = sites if callable(sites) else finder(sites)
    for text in texts:
        hits = find(text)
        if len(hits) > 1:
            exact = any(same_address(site.url, text) for site in hits)
            hint = "Use the id." if exact else "Use the id or the whole address."
            raise InputError(option, f"{_too_many(text, hits)}.", hint)
        if not hits:
            told = text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"  # a whole site of a result, for example
            problem = f"the Dashboard has no site '{told}' (staging sites are not listed by its API)."
            _missing(option, problem, remedy, tolerated)
        found.update(site.id for site in hits)
    return found


def _missing(option: str, problem: str, remedy: str, tolerated: list[str] | None) -> None:
    if tolerated is None:
        raise InputError(option, problem, remedy)
    tolerated.append(f"{option}: {problem}")


def _ids(
    option: str, noun: str, texts: Sequence[str], known: Mapping[int, str], tolerated: list[str] | None
) -> set[int]:
    found: set[int] = set()
    for text in texts:
        hits = [key for key, name in known.items() if name.casefold() == text.casefold()]
        if not hits and text.isdecimal() and int(text) in known:
            hits = [int(text)]
        if not hits:
            _missing(option, f"the Dashboard has no {noun} '{text}'.", LOOSEN, tolerated)
        found.update(hits)
    return found


def _texts(value: Any) -> tuple[str, ...] | None:
    return None if value is None else tuple(str(item).strip() for item in value)
