# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle: compares what a run did and said with what the simulator knows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from codes import REASONS
from integration._play import secrets_of

from simulator import Moved
from simulator.journal import Entry

from . import promises
from .case import Case
from .runs import Run, answer_about, is_batch, is_sync, items_of, refused, site_of
from .world import Item, World, broken_by_nature, fails_by_nature, offers

#: simulated seconds that a write may need from the decision to send it to the simulator
GRACE = 10.0
#: results that leave open what became of an update
OPEN = ("unknown", "pending")


def findings(case: Case) -> list[str]:
    """All that is wrong with a run that has just ended."""
    return [*_Verdict(case).findings(), *promises.findings(case)]


def restless(world: World, run: Run) -> list[str]:
    """Why the world has not come to rest in this clean run, if it has not."""
    case = Case(world, run, [run])
    found = []
    for entry in case.work:
        moving = [item for item in items_of(entry) if not broken_by_nature(world.fleet.sites[item[0]], item)]
        if moving:
            found.append(f"the last clean run still updates {moving}")
    if any(result.get("changed") for result in run.ended.results):
        found.append("the last clean run says changed")
    for site in world.fleet.sites.values():
        left = [item for item in offers(site) if not broken_by_nature(site, item)]
        if left:
            found.append(f"after the last clean run {left} is still to be updated")
    hopeless = {item for site in world.fleet.sites.values() for item in offers(site) if fails_by_nature(site, item)}
    told = {item for item, entry in case.told().items() if entry["result"] == "failed"}
    if not found and run.reports and (told != hopeless or bool(hopeless) != bool(run.reports[0].get("failed"))):
        found.append(f"the last clean run calls {sorted(told)} failed; what fails is {sorted(hopeless)}")
    return found


class _Verdict:
    """What must hold for any run."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.world, self.run, self.runs = case.world, case.run, case.runs
        self.own, self.work, self.by_number, self.events = case.own, case.work, case.by_number, case.events

    def findings(self) -> Iterator[str]:
        yield from self._process()
        yield from self._writes()
        yield from self._files()
        if self.run.silenced or self.run.ended.hung:
            return
        yield from self._ending()
        for report in self.run.reports:
            yield from self._sync_report(report) if self.run.job == "mainwp_sync" else self._report(report)
        if self.run.job == "mainwp_sync":
            return
        if self.run.reports and not self.run.check:
            yield from self._nothing_missing()
            yield from self._nothing_dropped()

    # -- the process -------------------------------------------------------------------------------------------------

    def _process(self) -> Iterator[str]:
        output = self.run.ended.output + json.dumps(self.run.ended.results)
        if self.run.ended.hung:
            yield "it hangs"
        if any(secret in output for secret in secrets_of(self.world.sim)):
            yield "it shows a secret"
        # Ansible itself may be caught by a signal anywhere
        if not (self.run.playbook and self.run.dead):
            for text in ("Traceback", "bug in wpfleet.mainwp", "Unexpected ", "\nthe playbook: "):
                if text in output:
                    where = output.index(text)
                    yield f"its output has {text!r}: {output[max(0, where - 200) : where + 1500]}"

    def _ending(self) -> Iterator[str]:
        """One clean error, or a report; once something was started, a report."""
        if not self.run.ended.results and not (self.run.dead and not self.own):  # told to end before it had begun
            yield f"it ended without a result: {self.run.ended.output[-2000:]}"
        for result in self.run.ended.results:
            if "sites" in result:
                continue
            interrupted = self.run.dead and str(result.get("msg", "")).startswith("Interrupted")
            error = result.get("error") or {}
            if not result.get("failed"):
                yield f"it ended without sites, and not failed: {result}"
            elif not interrupted and not (error.get("message") and error.get("reason")):
                yield f"its error is not a clean one: {result}"
            elif error.get("reason") in ("connect_failed", "unauthorized", "not_the_api") and not error.get("hint"):
                yield f"its error has no hint: {result}"
            if not self.run.per_site and not all(refused(entry) for entry in self.work):
                yield f"it lost its report although it had sent work: {result.get('msg')}"

    # -- what was sent -----------------------------------------------------------------------------------------------

    def _writes(self) -> Iterator[str]:
        if self.run.check and any(entry.is_write for entry in self.own):
            yield "a dry run wrote"
        if self.run.job == "mainwp_sync" and self.work:
            yield "a sync started work"
        # what was refused unread began nothing
        sent = Counter(item for entry in self.work if entry.status != 429 for item in items_of(entry))
        for item, count in sent.items():
            if count > 1:
                yield f"{item} was sent {count} times in one run"
        yield from self._batches()
        for entry in self.work:
            yield from self._informed(entry)
        for number, when in self.run.signals:
            late = [entry.path for entry in self.work if entry.time > when + GRACE]
            if late:
                yield f"it started {late} after signal {number}"

    def _batches(self) -> Iterator[str]:
        """Of a batch that began, no other was begun; on abilities each request is one that begins."""
        own = {entry.number for entry in self.work if is_batch(entry) and entry.status != 429}
        if self.world.sim.dialect == "abilities":
            begun = Counter(site_of(self.by_number[number]) for number in own)
        else:
            begun = Counter(start.site_id for start in self.world.starts if start.begun and start.request in own)
        for site, count in begun.items():
            if count > 1:
                yield f"{count} batches were begun for site {site or 'all'} in one run"

    def _informed(self, entry: Entry) -> Iterator[str]:
        """Before a write comes a sync by the same run, and what that sync could show as moved is not sent."""
        for item in items_of(entry):
            syncs = [
                other
                for other in self.own
                if other.number < entry.number and is_sync(other) and site_of(other) == item[0]
            ]
            if not syncs:
                yield f"{item} was sent without a sync before"
                continue
            moved = [event for event in self.events.get(item, []) if event.at < syncs[-1].time]
            if moved and _net(moved) and item[1] != "translation" and not self._offered_again(item, moved):
                yield f"{item} was sent again after it had moved ({moved[-1].by}) and a sync had shown it"

    def _offered_again(self, item: Item, moved: list[Moved]) -> bool:
        """Did it move again later, so that there was something to do?"""
        return len(self.events[item]) > len(moved)

    # -- what was said -----------------------------------------------------------------------------------------------

    def _report(self, report: dict[str, Any]) -> Iterator[str]:
        sites = report["sites"]
        for site in sites:
            for entry in site["updates"]:
                if entry["reason"] not in REASONS:
                    yield f"unknown reason {entry['reason']!r}"
                if entry["result"] == "updated":
                    yield from self._truly_updated(site, entry)
            says = any(entry["result"] == "updated" for entry in site["updates"])
            if site["changed"] != says:
                yield f"site {site['id']} says changed: {site['changed']}, its updates say {says}"
        planned = any(entry["result"] == "planned" for site in sites for entry in site["updates"])
        if report["changed"] != (any(site["changed"] for site in sites) or planned):
            yield f"it says changed: {report['changed']}, its sites do not"
        yield from self._colour(report)

    def _sync_report(self, report: dict[str, Any]) -> Iterator[str]:
        asked = {site_of(entry) for entry in self.own if is_sync(entry)}
        for site in report["sites"]:
            if site["result"] == "synced" and site["id"] not in asked:
                yield f"site {site['id']} is called synced, and nobody asked for it"
        trouble = "broken off" in report["msg"] or any(site["result"] == "failed" for site in report["sites"])
        if bool(report.get("failed")) != trouble:
            yield f"failed is {report.get('failed')}: {report['msg']}"
        if report["changed"] != any(site["changed"] for site in report["sites"]):
            yield f"it says changed: {report['changed']}, its sites do not"

    def _files(self) -> Iterator[str]:
        """What a run leaves in its report files is true, however it ended, and all of it if it ended well."""
        for path in self.run.files:
            if not path.exists():
                continue
            text = path.read_text()
            if any(secret in text for secret in secrets_of(self.world.sim)):
                yield "its report file shows a secret"
            try:
                report = json.loads(text)
            except ValueError:
                yield f"its report file is not whole: {text[-200:]!r}"
                continue
            for site in report["sites"]:
                for entry in site["updates"]:
                    if entry["result"] == "updated":
                        yield from (f"in its report file {text}" for text in self._truly_updated(site, entry))
            if report["complete"] == bool(report.get("broken_off")) and not self.run.dead and self.run.reports:
                yield f"its report file says complete: {report['complete']}, broken off: {report.get('broken_off')!r}"

    def _truly_updated(self, site: dict[str, Any], entry: dict[str, Any]) -> Iterator[str]:
        item = (site["id"], entry["type"], entry["slug"])
        events = self.events.get(item, [])
        ours = [event for event in events if self.run.number in self.case.doers(event)]
        told = f"{item} is called updated {entry['version_before']} → {entry['version_after']}"
        if self.run.check:
            yield f"{told} by a dry run"
        elif any(not event.after for event in events):
            return  # destroyed, and if that could be helped, it is told as such
        elif not _net(ours):
            since = [event for event in events if event.at >= self.run.began]
            if not (_net(since) and (self._unanswered(item) or self._raced(item, since))):
                yield f"{told}, but this run did not move it; {[(e.by, e.before, e.after) for e in events]}"
        elif entry["version_before"] not in {event.before for event in ours}:
            yield f"{told}, but it was {ours[0].before}"
        elif entry["version_after"] not in {event.after for event in events[events.index(ours[0]) :]}:
            yield f"{told}, but it is {ours[-1].after}"

    def _unanswered(self, item: Item) -> bool:
        """Did the Dashboard not deny that we moved it? Then reading alone decides, and an outsider's move looks like ours."""
        for entry in self.work:
            if is_batch(entry) and site_of(entry) in (0, item[0]):
                return True
            if item in items_of(entry) or (item[0], item[1], "*") in items_of(entry):
                told = None if entry.fault else answer_about(entry, item)
                return told is None or told
        return False

    def _raced(self, item: Item, events: Sequence[Moved]) -> bool:
        """Did another run of ours move it while our own write was on its way? On a busy machine that write's answer may
        have come too late, which nobody but the run itself knows."""
        starts = [entry.time for entry in self.work if item in items_of(entry)]
        return any(self.case.doers(event) and start <= event.at for start in starts for event in events)

    def _nothing_missing(self) -> Iterator[str]:
        """What this run moved is in its report: as updated, or as not known."""
        told = self.case.told()
        for item, events in self.events.items():
            ours = [event for event in events if self.run.number in self.case.doers(event)]
            if (
                item[1] not in ("plugin", "theme", "core", "translation")
                or not _net(ours)
                or ours[-1].at > self.run.over
            ):
                continue
            if ours[0].at < self.run.began:
                continue
            entry = told.get(item)
            if entry is None:
                yield f"{item} moved {ours[0].before} → {ours[-1].after}, and the report does not name it"
            elif entry["reason"] == "gone" and any(not event.after for event in events):
                continue  # two at once destroyed it, and that is what is told
            elif entry["reason"] == "same_version" and "update_method" in self.run.options:
                continue  # a batch may install it once more, and that is what is told
            elif entry["result"] not in ("updated", *OPEN):
                yield (
                    f"{item} moved {ours[0].before} → {ours[-1].after}, and is called {entry['result']}"
                    f" ({entry['reason']}: {entry['message']})"
                )

    def _nothing_dropped(self) -> Iterator[str]:
        """What was offered all the time, and did not move, is not passed over in silence nor called overtaken."""
        told = self.case.told()
        synced = {site_of(entry) for entry in self.own if is_sync(entry) and entry.status == 200}
        narrowed = any(name in self.run.options for name in ("types", "include_updates", "plan"))
        quiet = {
            site["id"]
            for report in self.run.reports
            for site in report["sites"]
            if site["result"] in ("updated", "unchanged") and site["id"] in synced
        }
        still = {item for site in self.world.fleet.sites.values() for item in offers(site)}
        for item in sorted(self.world.offered & still - self.events.keys()):
            entry = told.get(item)
            if entry is None and item[0] in quiet and not narrowed:
                yield f"{item} is offered all the time, and the report does not name it"
            elif entry is not None and entry["result"] == "unchanged" and entry["reason"] == "moved_elsewhere":
                yield f"{item} never moved, and is called {entry['result']} ({entry['reason']})"

    def _colour(self, report: dict[str, Any]) -> Iterator[str]:
        """Red when there is trouble that nobody expects, and only then."""
        waits = self.run.options.get("wait", True)
        trouble = [
            site
            for site in report["sites"]
            if (site["result"] in ("failed", "unknown") or (site["result"] == "pending" and waits))
            and not site["expected"]
        ]
        for site in report["sites"]:
            kinds = {entry["result"] for entry in site["updates"]}
            if kinds & {"failed", "unknown"} and site["result"] not in ("failed", "unknown"):
                yield f"site {site['id']} is {site['result']}, its updates are {sorted(kinds)}"
        limit = self.run.options.get("max_failed_sites")
        broken_off = "broken off" in report["msg"]
        if limit is None:
            red = bool(trouble) or broken_off
        elif limit.endswith("%"):
            return  # of the sites with work, which the report does not count
        else:
            red = len(trouble) > int(limit) or broken_off
        if bool(report.get("failed")) != red:
            yield f"failed is {report.get('failed')}, trouble: {[(s['id'], s['result'], s['reason']) for s in trouble]}"


def _net(events: Sequence[Moved]) -> bool:
    """Is it elsewhere than before, after all of these?"""
    return bool(events) and events[0].before != events[-1].after
