# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every kind of a tree does in a run: it is rehearsed, then acted on. PRIVATE to the collection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import _errors as errors
from .._api.sites import SLIM
from .._dashboard import Dashboard
from .._errors import InputError
from .._jobs._common import Reporter
from .._selection import Choice
from ._entry import Entry
from ._findings import Finding, Found
from ._mistakes import Mistakes
from .kinds import Kind

#: Options that name what other kinds make. Each name was held against tree and Dashboard before anything was planned.
_REFERENCES = ("client", "clients", "site_tags", "sites", "exclude_sites", "product_type", "payment_method")
_UNKNOWN = "the Dashboard has no "


@dataclass
class Stage:
    """One run against one Dashboard, and what kinds have to know of each other."""

    dashboard: Dashboard
    reporter: Reporter
    mistakes: Mistakes = field(default_factory=Mistakes)
    #: What the names of options begin with where people write them.
    prefix: str = ""
    #: What has to be done by hand, in sentences.
    by_hand: list[str] = field(default_factory=list)
    #: Places of entries that failed: what comes later may need them.
    failed: list[str] = field(default_factory=list)
    #: Some site is to be added, or has data that is too old, so there will be a sync.
    will_sync: bool = False
    #: Ids of sites that are to be reached again: till then they cannot be asked anything.
    coming: set[int] = field(default_factory=set)
    #: Ids of sites that were added, and of all that were changed, those included.
    added: list[int] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    #: Ids of sites that were synced, or could not be: then with (reason, message).
    synced: set[int] = field(default_factory=set)
    unsynced: dict[int, tuple[str, str]] = field(default_factory=dict)
    #: Fields of sites that things on them need.
    fields: tuple[str, ...] = ()
    #: All sites, as things on them are chosen from: nothing that is done to these changes a tag or a client.
    _choice: Choice | None = None

    def choice(self) -> Choice:
        """All sites, read when they are needed first."""
        if self._choice is None:
            dashboard = self.dashboard
            sites = dashboard.sites((*SLIM, *self.fields))
            self._choice = Choice(sites, lambda: dashboard.tags, lambda: dashboard.clients)
        return self._choice

    def forget(self) -> None:
        """From now on the sites are as they are, not as they are planned to be."""
        self._choice = None

    def refuse(self, entry: Entry, exc: InputError) -> None:
        """Remember what cannot be, with its place in the tree."""
        option = str(exc.details.get("option", ""))
        if self.mistakes.found and option in _REFERENCES and _UNKNOWN in exc.message:
            return  # the tree has it, and what is wrong with it is told there
        self.mistakes.of(exc, entry.at)

    def blame(self, text: str) -> str:
        """A failure after which others had failed that it may have needed."""
        if not self.failed:
            return text
        named = ", ".join(self.failed[:3]) + (f" and {len(self.failed) - 3} more" if len(self.failed) > 3 else "")
        return f"{text} It may have needed what failed before: {named}."


class Part(ABC):
    """One kind of a tree."""

    #: The tree has such a list itself: what that does not mention is extra.
    is_whole = True

    def __init__(self, kind: Kind, entries: Sequence[Entry], task: Mapping[str, Any]) -> None:
        self.kind, self.entries = kind, entries
        self.wanted = [kind.wanted_from(entry.options, task) for entry in entries]
        self.found = Found()
        #: Names of what there is and no entry mentions.
        self.extra: list[str] = []
        #: What would be done, or was.
        self.diff: list[dict[str, Any]] = []
        #: Something went wrong that is not tolerated.
        self.is_bad = False

    @abstractmethod
    def rehearse(self, stage: Stage) -> None:
        """Read and plan; later kinds see what this one would make. Sends no write."""

    @abstractmethod
    def act(self, stage: Stage) -> str:
        """Do what is not right; why nothing more must start, empty if it may."""

    @property
    def needs_turn(self) -> bool:
        """Something is to be done."""
        return any(one.is_open for one in self.found.findings)

    def finding(self, entry: Entry, **more: Any) -> Finding:
        """One of this kind."""
        return Finding(self.kind.name, self.kind.called(entry.options), entry.place, **more)

    def all_failed(self, exc: errors.MainWPError) -> None:
        """None of what is still to be done can be."""
        self.is_bad = True
        for one in self.found.findings:
            if one.is_open:
                one.ended(exc.reason, str(exc))

    def leave(self, why: str) -> None:
        """The run ends before this kind's turn, or in it."""
        for one in self.found.findings:
            if one.is_open:
                one.ended("stopped", why)


def attempted(act: Callable[[], str], fail: Callable[[errors.MainWPError], None]) -> str:
    """Let something be done; what is raised is told of it. Why nothing more must start: trouble with the Dashboard itself
    or with the key would be the same everywhere."""
    try:
        return act()
    except errors.MainWPError as exc:
        fail(exc)
        return f"{exc} Nothing more is started." if isinstance(exc, errors.OF_THE_DASHBOARD) else ""
    except Exception as exc:  # noqa: BLE001  # a bug met in one kind must not lose the others' report
        fail(errors.MainWPError(errors.bug_sentence(exc)))
        return ""
