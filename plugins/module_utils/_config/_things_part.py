# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Things on sites: plugins, themes, users, ignored updates. Each entry is worked on where it is not right. PRIVATE to the
collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from .. import _errors as errors
from .. import _verdict as verdict
from .._errors import InputError
from .._models import Site
from .._things import _run as engine
from ._entry import Entry
from ._findings import MISSING, WRONG, Change, Finding, Found
from ._goals import Goals
from ._part import Part, Stage, attempted

#: The whole fleet was synced as far as the tree's ``max_age`` wants it, so an entry believes what it finds.
_BELIEVED = 10**9
_CLOSED = "{}: more sites failed than max_failed_sites allows, or stop_after is over. Nothing more is started."
#: Sites or things that are left alone for good reason, and are neither right nor wrong.
_LEFT_ALONE = ("suspended", "not_installed")


@dataclass
class _OfEntry:
    """What is known of one entry: site id → what was found there."""

    entry: Entry
    wanted: engine.Wanted
    found: dict[int, Found] = field(default_factory=dict)
    #: Ids of sites where something is to be done.
    todo: set[int] = field(default_factory=set)
    #: Ids of sites with data that is too old.
    stale: set[int] = field(default_factory=set)
    #: It was refused, so it was done nowhere.
    refused: Finding | None = None
    #: Names of sites, tags and clients that are not there after all.
    missing: list[Finding] = field(default_factory=list)

    @property
    def troubled(self) -> int:
        """On how many sites something failed."""
        return sum(any(finding.failed for finding in found.findings) for found in self.found.values())

    @property
    def is_bad(self) -> bool:
        """More failed than ``max_failed_sites`` tolerates, by what was found on all of its sites."""
        limit, in_play = self.wanted.lanes.limit, {number for number, found in self.found.items() if found.findings}
        failed = limit.exceeded(self.troubled, len(in_play | self.stale)) if limit.is_set else bool(self.troubled)
        return self.refused is not None or bool(self.missing) or failed

    def needs_look(self, site: Site, stage: Stage) -> bool:
        """Nothing is known of the site, or only from before this run touched it."""
        synced = self.wanted.kind.syncs and site.id in stage.synced
        return site.id not in self.found or synced or site.id in stage.touched


class ThingsPart(Part):
    """A list of what shall be so on many sites."""

    def __init__(self, kind: Any, entries: Sequence[Entry], task: Mapping[str, Any]) -> None:
        super().__init__(kind, entries, task)
        self.each = [_OfEntry(entry, wanted) for entry, wanted in zip(entries, self.wanted, strict=True)]
        self.goals = Goals(kind.name)
        #: Site id → what earlier entries do there, or did.
        self.others: dict[int, list[Mapping[str, Any]]] = {}

    @property
    def in_turn(self) -> list[_OfEntry]:
        """In the order in which they are worked on."""
        return sorted(self.each, key=lambda one: one.wanted.kind.turn)

    @property
    def needs_turn(self) -> bool:
        """Something is to be done on some site."""
        return any(one.todo for one in self.each)

    @property
    def stale(self) -> set[int]:
        """Ids of sites that are to be synced before anything is said of them."""
        return set().union(*(one.stale for one in self.each))

    def rehearse(self, stage: Stage) -> None:
        """Entry by entry, on the sites as they would be then. Those that are to be added are looked at once they are there."""
        for one in self.in_turn:
            try:
                chosen = stage.choice().select(one.wanted.lanes.selection)
                for text in chosen.missing:
                    stage.reporter.warn(text)
                told = engine.run(stage.dashboard, one.wanted, stage.reporter, True, chosen.sites, others=self.others)
            except InputError as exc:
                stage.refuse(one.entry, exc)
                continue
            asks = one.wanted.kind.needs_child and not one.wanted.kind.syncs
            self._take(one, told, without=stage.coming if asks else ())
            self.diff += told["diff"]
            one.stale = {site["id"] for site in told["sites"] if site["stale"] and site["id"] > 0}
        for place, text in self.goals.quarrels():
            stage.mistakes.add(place, text, "Say it in one entry, or leave the sites of one out of the other.")
        self._by_hand(stage)
        self._sum_up()
        stage.will_sync = stage.will_sync or bool(self.stale)

    def act(self, stage: Stage) -> str:
        """Where it is not right by now: what was found, and sites that are new or were synced since."""
        try:
            self.others = {}
            self._look_at_others(stage)
            self.others = {}
            for one in self.in_turn:
                broken = one.todo and attempted(partial(self._act, stage, one), partial(self._failed, stage, one))
                if broken:
                    return broken
            return ""
        finally:
            self._sum_up()

    # -- one entry -----------------------------------------------------------------------------------------------------

    def _chosen(self, stage: Stage, one: _OfEntry) -> Sequence[Site]:
        """The sites that it is about by now. What was named and did not come about keeps no other from its turn."""
        selection = one.wanted.lanes.selection
        found = stage.choice().select(replace(selection, fail_on_missing=False))
        one.missing = [
            self.finding(one.entry, reason="not_found", message=stage.blame(text), failed=True)
            for text in (found.missing if selection.fail_on_missing else ())
        ]
        return found.sites

    def _look_at_others(self, stage: Stage) -> None:
        """What was not seen in the rehearsal is planned before anything is sent, for two entries may quarrel there, too."""
        if not (stage.touched or stage.synced or stage.failed or any(one.todo for one in self.each)):
            return
        goals = Goals(self.kind.name)
        for one in self.in_turn:
            try:
                chosen = self._chosen(stage, one)
            except InputError as exc:
                self._failed(stage, one, exc)
                continue
            here = {site.id for site in chosen}
            one.found = {number: found for number, found in one.found.items() if number in here}
            one.todo &= here
            new = [site for site in chosen if one.needs_look(site, stage)]
            lost = {site.id for site in new if site.id in stage.unsynced and one.wanted.kind.syncs}
            for site in new:
                if site.id in lost:
                    self._unsynced(stage, one, site)
            new = [site for site in new if site.id not in lost]
            if not new:
                continue
            told = attempted_told(stage, one, new, self.others)
            if isinstance(told, errors.MainWPError):
                self._failed(stage, one, told)
                continue
            one.todo -= {site.id for site in new}
            self._take(one, told, goals)
        for one in self.each:
            for number, text in goals.quarrels_of(one.entry.place).items():
                one.todo.discard(number)
                for finding in one.found[number].findings:
                    finding.ended("invalid_input", text)

    def _act(self, stage: Stage, one: _OfEntry) -> str:
        sites, http = [site for site in self._chosen(stage, one) if site.id in one.todo], stage.dashboard.http
        whole = http.closing
        try:
            told = engine.run(stage.dashboard, believing(one.wanted), stage.reporter, False, sites, True, self.others)
            closed = http.closing()
        finally:
            http.closing = whole
        self._take(one, told)
        self.diff += told["diff"]
        if told["failed"]:
            stage.failed.append(one.entry.place)
        return str(told["broken_off"]) or (_CLOSED.format(one.entry.place) if closed else "")

    def _failed(self, stage: Stage, one: _OfEntry, exc: errors.MainWPError) -> None:
        """The whole entry could not be worked on."""
        finding = self.finding(one.entry)
        finding.ended(exc.reason, stage.blame(str(exc)) if isinstance(exc, InputError) else str(exc))
        one.refused, one.todo = finding, set()
        stage.failed.append(one.entry.place)

    def _unsynced(self, stage: Stage, one: _OfEntry, site: Site) -> None:
        """What is on a site that could not be synced nobody knows."""
        reason, message = stage.unsynced[site.id]
        if one.wanted.lanes.limit.is_set:
            stage.reporter.warn(f"{site.url}: {message} (counts for max_failed_sites)")
        finding = self.finding(one.entry, site=site.url, reason=reason, message=message, failed=True)
        one.found[site.id] = Found(findings=[finding])
        one.todo.discard(site.id)

    def _take(
        self, one: _OfEntry, told: Mapping[str, Any], goals: Goals | None = None, without: Collection[int] = ()
    ) -> None:
        """What an engine tells of each site takes the place of what was known of it."""
        kind = one.wanted.kind
        for site in told["sites"]:
            if site["id"] < 0 or site["id"] in without:
                continue
            earlier = one.found.get(site["id"], Found()).findings
            changes = {finding.name: finding.changes for finding in earlier}
            found = one.found[site["id"]] = self._at_site(one, site, site[kind.plural], changes)
            if any(finding.is_open for finding in found.findings):
                one.todo.add(site["id"])
            else:
                one.todo.discard(site["id"])
            for thing in site[kind.plural]:
                (goals or self.goals).want(one.entry, site, thing[kind.key_name])
                if thing["result"] in (verdict.PLANNED, verdict.CHANGED):
                    self.others.setdefault(site["id"], []).append(thing)

    def _at_site(
        self,
        one: _OfEntry,
        site: Mapping[str, Any],
        things: Sequence[Mapping[str, Any]],
        planned: Mapping[str, Sequence[Change]],
    ) -> Found:
        found = Found()
        for thing in things:
            if thing["result"] == verdict.UNCHANGED:
                found.right += 1
            elif thing["result"] == verdict.SKIPPED and thing["reason"] in _LEFT_ALONE:
                found.skipped += 1
            else:
                found.findings.append(self._of_thing(one, site, thing, planned))
        if site["result"] in (verdict.FAILED, verdict.UNKNOWN) and not any(
            finding.failed for finding in found.findings
        ):
            if not found.findings:
                found.findings.append(self.finding(one.entry, site=site["url"]))
            found.findings[0].ended(site["reason"], site["message"])
        return found

    def _of_thing(
        self, one: _OfEntry, site: Mapping[str, Any], thing: Mapping[str, Any], planned: Mapping[str, Sequence[Change]]
    ) -> Finding:
        """``planned``: what was to be changed, by names. Of what did not move the engine tells what is there, not what is wanted."""
        before, after, result = thing["before"], thing["after"], thing["result"]
        name = str(thing[one.wanted.kind.key_name])
        moved = result == verdict.CHANGED or (
            bool(thing["action"]) and result in (verdict.FAILED, verdict.UNKNOWN) and after not in (None, before)
        )
        change = {"key": one.wanted.kind.noun, "before": _shown(one, before), "after": _shown(one, after)}
        absent = before == "absent" or (before is None and one.wanted.kind.noun == "user")  # else nobody knows
        return Finding(
            self.kind.name,
            name,
            one.entry.place,
            site["url"],
            MISSING if absent else WRONG,
            thing["action"],
            thing["reason"],
            thing["message"] or (site["message"] if result in (verdict.FAILED, verdict.UNKNOWN) else ""),
            [change] if result in (verdict.PLANNED, verdict.CHANGED) else planned.get(name, ()),
            done=moved,
            failed=result in (verdict.FAILED, verdict.UNKNOWN),
        )

    def _by_hand(self, stage: Stage) -> None:
        """What MainWP's API cannot do: a line for each kind of it, with the sites."""
        sites: dict[str, list[str]] = {}
        for one in self.each:
            for found in one.found.values():
                for finding in found.findings:
                    if finding.reason == "by_hand":
                        sites.setdefault(f"{finding.name}: {finding.message}", []).append(finding.site)
        for text, urls in sites.items():
            more = f" and {len(urls) - 3} more" if len(urls) > 3 else ""
            stage.by_hand.append(f"{', '.join(urls[:3])}{more}: {text}")

    def _sum_up(self) -> None:
        self.found = Found()
        self.is_bad = any(one.is_bad for one in self.each)
        for one in self.each:
            for found in one.found.values():
                self.found += found
            self.found.findings += [*one.missing, *([one.refused] if one.refused else [])]


def believing(wanted: engine.Wanted) -> engine.Wanted:
    """The same without another sync for old data alone."""
    return replace(wanted, lanes=replace(wanted.lanes, max_age=_BELIEVED))


def attempted_told(
    stage: Stage, one: _OfEntry, sites: Sequence[Site], others: engine.Others
) -> Mapping[str, Any] | errors.MainWPError:
    """What would be done on some sites."""
    try:
        return engine.run(stage.dashboard, believing(one.wanted), stage.reporter, True, sites, True, others)
    except errors.OF_THE_DASHBOARD:
        raise
    except errors.MainWPError as exc:
        return exc


def _shown(one: _OfEntry, value: Any) -> str:
    return one.wanted.kind.shown(value)
