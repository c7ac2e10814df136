# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of things on sites: what a declaration tells, and what becomes of one thing on one site. PRIVATE to the collection.

A thing has no state on the Dashboard: it is on many sites – plugins, themes, users, ignore rules. One call does one
thing on one site.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from .. import _errors as errors
from .. import _verdict as verdict
from .._dashboard import Dashboard
from .._models import Release, Site

S = TypeVar("S")

AGAIN = "Run it again later, which begins by reading."


@dataclass(frozen=True)
class Entry:
    """One thing on one site: what is planned for it, and what became of that."""

    #: What names it on its site: the slug of a plugin, the login of a user.
    key: str
    name: str = ""
    #: What is to be sent, as a verb; empty if nothing is.
    action: str = ""
    #: As read before, as it shall be, and as read afterwards: a word such as ``active``, or a map.
    before: Any = None
    wanted: Any = None
    after: Any = None
    result: str = verdict.UNCHANGED
    reason: str = ""
    message: str = ""
    #: The texts of the option that it came from, and whether the site has what they name.
    asked: tuple[str, ...] = ()
    found: bool = True
    #: Further keys of it in the result.
    more: Mapping[str, Any] = field(default_factory=dict)
    #: What ``send`` has to know beside; never in a result.
    payload: Any = field(default=None, repr=False, compare=False)
    #: Stamped by the engine before anything asks for it.
    kind: Kind[Any] = field(default=None, repr=False, compare=False)  # type: ignore[arg-type]  # see above
    expected: bool = False

    @property
    def moved(self) -> bool:
        """True when this run changed it: what ``changed`` means. What went wrong half-way did so, too."""
        half = bool(self.action) and self.is_trouble and self.after not in (None, self.before)
        return self.result == verdict.CHANGED or half

    @property
    def is_trouble(self) -> bool:
        """True when this result makes its site failed."""
        return self.result in (verdict.FAILED, verdict.UNKNOWN)

    @property
    def is_unsettled(self) -> bool:
        """True for trouble."""
        return self.is_trouble

    @property
    def release(self) -> Release:
        """What ``hold_after`` counts: the same done to the same thing."""
        return (self.kind.noun, self.key, self.action)

    @property
    def label(self) -> str:
        """How the table of trouble names it."""
        return self.name or self.key

    @property
    def step(self) -> str:
        """What was done, or sent, in a few words."""
        return f"{self.label} ({self.action})"

    @property
    def lines(self) -> tuple[str, str] | None:
        """Its old and new line in the diff, if it changed or would change."""
        if not self.moved and self.result != verdict.PLANNED:
            return None
        kind = self.kind
        old, new = (f"{kind.noun} {self.key} {kind.shown(value)}" for value in (self.before, self.after))
        return old, f"{new}{kind.unseen(self)}"

    def to_dict(self) -> dict[str, Any]:
        """The entry in a site's list of things."""
        return {
            self.kind.key_name: self.key,
            "name": self.name,
            "action": self.action,
            "before": self.before,
            "after": self.after,
            "result": self.result,
            "reason": self.reason,
            "message": self.message,
            **self.more,
        }


class Kind(ABC, Generic[S]):
    """A kind of things, and what a task wants of them: a declaration is a subclass, a task's options are an instance.

    ``S`` is what is read of a site: everything that a plan needs to know.
    """

    #: How it is called in words, in results (several) and in what an entry is known by.
    noun: str
    plural: str
    key_name = "slug"
    #: The option that ``Entry.asked`` comes from.
    option: str
    #: Fields of the site object that the listing asks for, beside those that it has anyway.
    fields: Sequence[str] = ()
    #: What is read is what a sync brought, so old data is synced first, and a sync comes right before the first write and
    #: after the last one. False: it is asked for live.
    syncs = True

    #: How to get back a site that is lost after one that is to go ``first_alone``.
    rescue = ""
    #: What is not synced is asked of the child all the same, so a site that is disconnected is a failure.
    needs_child = True

    @property
    def may_be_gone(self) -> bool:
        """What is on none of the sites is what was wanted: that is told, but is no warning each time."""
        return False

    @property
    def turn(self) -> int:
        """Of several that are about the same sites, those with the lowest go first: others need what they do."""
        return 0

    def foreseen(self, state: S, told: Sequence[Mapping[str, Any]]) -> S:
        """What was read of a site, as it is once others were done there: entries of results, in their order."""
        del told
        return state

    def check(self, dashboard: Dashboard) -> None:
        """Refuse, before anything is done, what no reading could verify. Raises MainWPError."""

    def syncs_after(self, sent: Iterable[Entry]) -> bool:
        """Must the site be synced after these were sent?"""
        del sent
        return self.syncs

    @abstractmethod
    def read(self, dashboard: Dashboard, site: Site) -> S | None:
        """What is there; None if nobody knows. ``site`` was just synced, or read."""

    @abstractmethod
    def read_all(self, dashboard: Dashboard, sites: Sequence[Site]) -> Mapping[int, S | errors.MainWPError | None]:
        """The same of many sites, by id, before anything is planned."""

    @abstractmethod
    def plan(self, site: Site, state: S) -> Iterable[Entry]:
        """What to do on one site, pure: entries that are ``planned`` are sent in this order, the others are final."""

    @abstractmethod
    def send(self, dashboard: Dashboard, site: Site, entry: Entry) -> str:
        """Do what an entry plans, by one write; what the Dashboard has to complain about it, empty for nothing."""

    @abstractmethod
    def now(self, entry: Entry, state: S) -> Any:
        """The value of an entry in what was read afterwards."""

    def reached(self, entry: Entry, after: Any) -> bool:
        """Is that what was wanted?"""
        return bool(after == entry.wanted)

    def blind(self, entry: Entry) -> bool:
        """Is part of what was sent never to be read, so that no reading shows what became of it?"""
        del entry
        return False

    def first_alone(self, entries: Iterable[Entry]) -> bool:
        """May these cut a site off from MainWP? Then one site goes ahead, and nothing more is started once one is lost."""
        del entries
        return False

    def unreached(self, entry: Entry, after: Any) -> str:
        """What to say of an entry that the Dashboard says is done, and is not."""
        del after
        return f"The Dashboard reports success, but nothing happened: {entry.action} had no effect."

    def words(self, entry: Entry) -> str:
        """How the file of a lock names it."""
        return f"{entry.action} {self.noun} {entry.key}"

    def shown(self, value: Any) -> str:
        """A value in the diff."""
        return "absent" if value is None else str(value)

    def unseen(self, entry: Entry) -> str:
        """What the diff says of that which is written and never read."""
        del entry
        return ""


#: What is said of sites where others were not looked at.
OF_WHICH = "of which that is known"


def planned(entry: Entry, action: str, wanted: Any) -> Entry:
    """An entry that something is to be sent for."""
    return replace(entry, result=verdict.PLANNED, action=action, wanted=wanted)


def refused(entry: Entry, reason: str, message: str) -> Entry:
    """An entry for which nothing can be sent."""
    return replace(entry, result=verdict.FAILED, reason=reason, message=message)


def judge(
    kind: Kind[S], entry: Entry, state: S | None, attempt: verdict.Attempt[Entry], complaints: Mapping[str, str]
) -> Entry:
    """What became of ``entry``, which was sent. ``state`` is what was read afterwards, None if that failed."""
    struck = entry.key in {one.key for one in attempt.failed_at}
    error = attempt.error if struck else None
    said = str(error or complaints.get(entry.key, ""))
    if error is not None and not error.may_have_started:
        return replace(entry, result=verdict.FAILED, reason=error.reason, message=said, after=entry.before)
    if state is None:
        text = f"The site could not be read after it was sent. {said}".strip()
        return replace(entry, result=verdict.UNKNOWN, reason="unverified", message=text, after=None)
    entry = replace(entry, after=kind.now(entry, state))
    blind = bool(said) and kind.blind(entry)
    if kind.reached(entry, entry.after) and not blind:
        return replace(entry, result=verdict.CHANGED, message=complaints.get(entry.key, ""))
    if error is not None and (error.may_be_running or blind):
        return replace(entry, result=verdict.UNKNOWN, reason="timeout", message=said)
    if said:
        return replace(entry, result=verdict.FAILED, reason="child_error", message=said)
    text = kind.unreached(entry, entry.after)
    return replace(entry, result=verdict.FAILED, reason="not_changed", message=text)


def once(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Each of them once, with all the texts that led to it."""
    found: dict[str, Entry] = {}
    for entry in entries:
        known = found.setdefault(entry.key, entry)
        found[entry.key] = replace(known, asked=tuple(dict.fromkeys((*known.asked, *entry.asked))))
    return found.values()


def strangers(entries: Iterable[Entry]) -> list[str]:
    """The texts of an option that name nothing on any site: typos, perhaps."""
    found: dict[str, bool] = {}
    for entry in entries:
        found |= {text: found.get(text, False) or entry.found for text in entry.asked}
    return [text for text, known in found.items() if not known]


def stranger_sentence(option: str, text: str, whole: bool) -> str:
    """The warning about one of them. ``whole``: it is known of each site what it has."""
    where = "the selected sites" if whole else f"those selected sites {OF_WHICH}"
    return f"{option}: '{text}' is on none of {where}. Check the spelling."
