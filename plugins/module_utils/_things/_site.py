# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One site's way through a run that does something to things on sites. PRIVATE to the collection. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .. import _errors as errors
from .. import _verdict as verdict
from .._brakes import Brakes
from .._jobs._at_site import AtSite
from .._models import Site, picked
from .._report import Report
from ._kind import Entry, Kind, judge

_HELD = "The same failed on other sites of this run."


@dataclass
class ThingReport(Report[Entry]):
    """What became of one site. ``plural`` is the key of its list of things."""

    plural: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The entry in a module's ``sites``."""
        return {
            **self.head,
            **picked(self.site, "last_sync"),
            "health": self.health,
            self.plural: self.told,
            "turns": self.timed,
        }


class ThingRun(AtSite[Entry, Entry]):
    """One site of a run."""

    report: ThingReport

    def __init__(self, kind: Kind[Any], site: Site, stale: bool, client: str) -> None:
        super().__init__(site, ThingReport(site=site, stale=stale, client=client, plural=kind.plural))
        self.kind = kind
        self.would = "Would be done."
        self._entries: list[Entry] = []
        #: Where a thing stands in the report: as it was asked for.
        self._places: dict[str, int] = {}
        #: What was read since the last write; None: nobody knows.
        self._state: Any = None
        #: The plan is made from what was read right before.
        self._is_fresh = not stale
        #: Thing → what the Dashboard complained when it was sent.
        self._complaints: dict[str, str] = {}
        self._in_play = False

    @property
    def in_play(self) -> bool:
        """True when the run began with something to do here: something to send, a sync to learn whether there is, or what
        cannot be done."""
        return self._in_play or self.report.is_trouble

    @property
    def to_send(self) -> list[Entry]:
        """What the plan sends."""
        return [entry for entry in self._entries if entry.result == verdict.PLANNED]

    @property
    def in_doubt(self) -> bool:
        """True while something at which an error struck has not moved, and reading can show that it does. Where the child
        ended without an answer one look has shown it."""
        if self.attempt.error is not None and self.attempt.error.tried:
            return False
        doubtful = {entry.key for entry in self.attempt.failed_at if not self.kind.blind(entry)}
        return any(entry.is_trouble and entry.key in doubtful for entry in self.report.results)

    # -- what happened -------------------------------------------------------------------------------------------------

    def planned(self, state: Any) -> None:
        """The first plan, from stored data."""
        self._plan(self.site, state)
        if self.site.suspended and self.kind.needs_child:
            self.left_alone("suspended", "The site is suspended in MainWP.")
        elif self.report.stale or self.to_send:
            self._in_play = True
        else:
            self._finish()

    def only_planned(self, repairs: bool, reason: str) -> None:
        """Check mode ends here. What only the Dashboard keeps can be done while a site is disconnected."""
        if self.finished or self.kind.needs_child:
            super().only_planned(repairs, reason)
        else:
            self.left_out(self.to_send, "", self.would, verdict.PLANNED)
            self._finish()

    def synced(self, fresh: Site, state: Any) -> None:
        """The plan made again right before the first write, which may leave nothing to do."""
        self.current = self.report.site = fresh.named({tag.id: tag.name for tag in self.site.tags})
        self._is_fresh = True
        if state is None:
            self.failed("unverified", f"The Dashboard does not tell which {self.kind.plural} the site has.")
            return
        self._plan(fresh, state)
        if not self.to_send:
            self._finish()

    def resumed(self, fresh: Site, state: Any) -> None:
        """The rest is planned again, after the outcome of the step before was found by reading."""
        self._resumed(fresh)
        self._plan(fresh, state)
        told = {entry.key for entry in (*self._earlier, *self._left)}
        self._entries = [entry for entry in self._entries if entry.key not in told]

    def _plan(self, site: Site, state: Any) -> None:
        found = () if state is None else self.kind.plan(site, state)
        self._entries = [
            replace(entry, kind=self.kind, after=entry.before if entry.result != verdict.PLANNED else None)
            for entry in found
        ]
        self._places = {**{entry.key: at for at, entry in enumerate(self._entries)}, **self._places}

    def _finish(self) -> None:
        super()._finish()
        self.report.results.sort(key=lambda entry: self._places.get(entry.key, len(self._places)))

    def calls(self, brakes: Brakes) -> Iterator[Entry]:
        """What to send, one after the other. What must not be sent by the time of its call is left out."""
        for entry in self.to_send:
            closed = brakes.closed()
            if entry.release in brakes.held():
                self.left_out([entry], "held_release", _HELD, verdict.HELD)
            elif closed:
                self.left_out([entry], *closed)
            elif self.attempt.error is not None:
                self._rest.append(entry)
            else:
                yield entry

    def struck(self, error: errors.MainWPError) -> None:
        """An error came in the place of the answer. One that was answered speaks of this one thing: others go on."""
        if isinstance(error, errors.ApiError) and not isinstance(error, errors.OF_THE_DASHBOARD):
            self.complained(self._call[0], str(error))
        else:
            super().struck(error)

    def complained(self, entry: Entry, text: str) -> None:
        """The Dashboard's word on a call that did not go well."""
        if text:
            self._complaints[entry.key] = text

    def seen(self, state: Any) -> None:
        """What was read after the last write."""
        self._state = state

    def failed(self, reason: str, message: str) -> None:
        """The site cannot be worked on. What old data said of its things is not known, then."""
        self._forget_old_data()
        super().failed(reason, message)

    def left_alone(self, reason: str, message: str) -> None:
        """The whole site is left alone."""
        self._forget_old_data()
        super().left_alone(reason, message)

    def _forget_old_data(self) -> None:
        # What is equal by fresh data stays so, and a site that is left alone is not blamed for what cannot be done there.
        skipped = self.site.suspended and not self.attempt.sent
        self._entries = [
            replace(entry, result=verdict.PLANNED, reason="", message="", asked=entry.asked if entry.found else ())
            if not self._is_fresh or (skipped and entry.result != verdict.UNCHANGED)
            else entry
            for entry in self._entries
        ]

    def _others(self) -> list[Entry]:
        return [entry for entry in self._entries if entry.result != verdict.PLANNED]

    def _not_sent(self, thing: Entry, result: str, reason: str, message: str) -> Entry:
        after = thing.wanted if result == verdict.PLANNED else thing.before
        return replace(thing, result=result, reason=reason, message=message, after=after)

    def _judge(self, thing: Entry, after: Site | None) -> Entry:
        state = None if after is None else self._state
        return judge(self.kind, thing, state, self.attempt, self._complaints)
