# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which site or client each entry of ``extra`` is about: nobody gets to read what somebody else was meant to. Pure. PRIVATE."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from .. import _errors as errors
from .._addresses import normal_url
from .._report import and_more
from .keys import Key

#: The one list that is about sites, not clients.
BACKUPS = "backups"
#: List in ``extra`` → site or client → its entries.
Belonging = Mapping[str, Mapping[Key, list[Mapping[str, Any]]]]
#: What a site or client is called, beside its id: normal addresses, or names.
Names = Mapping[Key, Set[str]]


def sorted_out(
    extra: Mapping[str, Iterable[Mapping[str, Any]]], sites: Names, clients: Names
) -> tuple[Belonging, list[str]]:
    """The entries by whom they are about, and those that are about nobody, as words. Raises InputError for one that may be
    about several."""
    known = {"site": _Called(sites), "client": _Called(clients)}
    found: dict[str, dict[Key, list[Mapping[str, Any]]]] = {}
    strangers: dict[str, None] = {}
    for name, entries in extra.items():
        about = found.setdefault(name, {})
        kind = "site" if name == BACKUPS else "client"
        for entry in entries:
            keys = known[kind].meant(entry, kind)
            for key in keys:
                about.setdefault(key, []).append(entry)
            if not keys:
                strangers.setdefault(f"{name}: {kind} '{entry[kind]}'")
    return found, list(strangers)


def counts(entry: Mapping[str, Any], since: datetime.date, until: datetime.date) -> bool:
    """Is an entry about these days, or about none? A backup made before them is one still."""
    return since <= entry.get("day", since) <= until and entry.get("at", until) <= until


def warning(strangers: Sequence[str]) -> str:
    """A sentence about entries that are about nobody."""
    return f"extra: these entries are about nothing that the other sources have: {and_more(strangers)}."


class _Called:
    """Sites or clients, by what they are called."""

    def __init__(self, names: Names) -> None:
        self._by_id: dict[str, list[Key]] = {}
        self._by_name: dict[str, list[Key]] = {}
        for key, called in sorted(names.items()):
            self._by_id.setdefault(str(key[1]), []).append(key)
            for name in called:
                self._by_name.setdefault(name, []).append(key)

    def meant(self, entry: Mapping[str, Any], kind: str) -> list[Key]:
        """Those that an entry names: by id, else by name or address, on its Dashboard where it names one."""
        given, dashboard = str(entry[kind]), normal_url(str(entry.get("dashboard") or ""))
        called = normal_url(given) if kind == "site" else given
        by_id, by_name = (
            [key for key in keys if dashboard in ("", key[0])]
            for keys in (self._by_id.get(given, []), self._by_name.get(called, []))
        )
        keys = by_id or by_name
        if len(keys) > 1 and (by_id or kind == "client"):  # an address is one site, whoever has it
            told = and_more([f"{number} on {place}" for place, number in keys])
            hint = "Give its id, and its dashboard where several have that id."
            raise errors.InputError("sources", f"extra: {kind} '{given}' may be any of {told}.", hint)
        return keys
