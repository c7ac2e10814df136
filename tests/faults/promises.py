# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options promise, held against what really happened. A new option is one more entry of ``PROMISES``."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from typing import Any

from simulator import Moved

from .case import Case
from .runs import HASTE, RUN, TIMEOUT, Run, site_of
from .world import V1, Item, newer, offers

#: simulated seconds between a decision and its request
GRACE = 10.0
#: a run's own reasons to leave a planned update, which no dry run can know
LATER = ("held", "stopped", "out_of_time", "core_failed", "locked")


def findings(case: Case) -> Iterator[str]:
    """What the run did although its options, or good sense, forbid it."""
    if case.run.job == "mainwp_sync":
        return
    for promise in PROMISES:
        yield from promise(case)


# -- two runs ------------------------------------------------------------------------------------------------------------


def one_at_a_time(case: Case) -> Iterator[str]:
    """Two runs never work on one server at once. A lock ends with the process, or when an answer is given up, whatever
    the Dashboard is still at."""
    if case.options.get("lock_dir") == "none":
        return
    alive = {str(run.number) for run in case.runs if not run.dead and run is not case.run}
    # v1 does not tell which sites share a server
    by_site = case.world.dialect == V1
    lane = {site.id: str(site.id) if by_site else site.ip for site in case.world.fleet.sites.values()}
    others = [
        entry
        for entry in case.world.sim.journal.work()
        if entry.headers.get(RUN) in alive and site_of(entry) and entry.ended is not None
    ]
    for entry in case.work:
        for other in others:
            same = site_of(entry) and lane[site_of(entry)] == lane[site_of(other)]
            until = min(float(other.ended or 0), other.time + TIMEOUT - HASTE)
            if same and other.time < entry.time < until and not other.fault:
                yield f"{entry.path} was sent while another run was at {other.path}"


def nothing_is_destroyed(case: Case) -> Iterator[str]:
    """No plugin is lost to an update."""
    if case.options.get("lock_dir") == "none":
        return
    for item, event in case.moves():
        if not event.after and not _left_behind(case, event):
            yield f"{item} was destroyed"


def _left_behind(case: Case, event: Moved) -> bool:
    """Was somebody at work there whom no run can know of: the Dashboard at a write that its run had given up when it ended,
    WP-Cron at a batch, or an outsider?"""
    site = [other for item, events in case.events.items() if item[0] == event.site_id for other in events]
    if not event.by.startswith("request ") or any(other.by == "cron" for other in site):
        return True
    if event.site_id in case.world.fleet.visited:
        return True
    entry = case.by_number[int(event.by.removeprefix("request "))]
    over = {str(run.number): run.over for run in case.runs if run.over}
    return any(
        site_of(other) == site_of(entry)
        and other.time < entry.time < float(other.ended or entry.time + 1)
        and over.get(other.headers.get(RUN, ""), entry.time) < entry.time
        for other in case.world.sim.journal.work()
    )


# -- what may be updated ---------------------------------------------------------------------------------------------------


def only_forwards(case: Case) -> Iterator[str]:
    """What is not newer than what is there is not an update, unless it is asked for by name."""
    if "plan" in case.options or "include_updates" in case.options:
        return
    for item, event in case.moves():
        back = (event.by, event.after, event.before)
        undone = any((other.by, other.before, other.after) == back for other in case.events.get(item, []))
        if item[1] not in ("plugin", "theme") or not event.after or undone or case.world.rolls_back(item):
            continue
        # A batch may install what is there once more, and that is told.
        if not (newer(event.before, event.after) or ("update_method" in case.options and _same(event))):
            yield f"{item} was taken from {event.before} to {event.after}"


def _same(event: Moved) -> bool:
    return not newer(event.after, event.before)


def only_what_was_selected(case: Case) -> Iterator[str]:
    """Sites, kinds and names that were not asked for are left alone."""
    options, sites = case.options, case.world.fleet.sites
    chosen = set(sites)
    if not case.run.per_site:
        chosen -= {int(name) for name in options.get("exclude_sites", ())}
        if "sites" in options:
            chosen &= {int(name) for name in options["sites"] if name.isdigit()}
        if "site_tags" in options:
            chosen = {site.id for site in sites.values() if site.tags}
    for entry in case.own:
        if entry.is_write and site_of(entry) and site_of(entry) not in chosen:
            yield f"{entry.path} was sent to a site that was not selected"
    for item, _event in case.moves():
        why = _unwanted(options, item)
        if item[0] not in chosen:
            why = "its site was not selected"
        if why:
            yield f"{item} was updated, though {why}"


def _unwanted(options: Mapping[str, Any], item: Item) -> str:
    _site, kind, slug = item
    if "types" in options and kind not in [name.removesuffix("s") for name in options["types"]]:
        return f"types is {options['types']}"
    if any(fnmatch.fnmatch(slug, f"{name}*") for name in options.get("exclude_updates", ())):
        return "it was excluded"
    wanted = options.get("include_updates")
    if wanted and not any(name in (f"{kind}:*", slug.partition("/")[0]) for name in wanted):
        return "it was not included"
    plan = options.get("plan")
    if plan and not any((entry["site_id"], entry["type"], entry["slug"]) == item for entry in plan):
        return "the plan does not name it"
    return ""


def gates_hold(case: Case) -> Iterator[str]:
    """Nothing is updated without a recent backup, or unproven, or too new, where that was asked for."""
    now = case.world.fleet.clock.now()
    for item, event in case.moves():
        site = case.world.fleet.sites[item[0]]
        age = case.options.get("max_backup_age")
        backup = float(site.options.get("primary_lasttime_backup") or 0)
        if age is not None and now - backup > age + 7200:
            yield f"{item} was updated by {event.by} without a recent backup"
        if "proven_on" in case.options and item[1] in ("plugin", "theme") and not _proven(case, item, event):
            yield f"{item} was updated to {event.after}, which no canary ran"
        if case.options.get("min_offer_age") and item[1] != "translation":  # no world lasts so long
            yield f"{item} was updated to {event.after}, which was seen just now"


def _proven(case: Case, item: Item, event: Moved) -> bool:
    """Did a canary run that release when it was installed elsewhere? One that the child chose itself is not ours."""
    found = []
    for site in case.world.fleet.sites.values():
        thing = site.child.plugin(item[2]) if item[1] == "plugin" else site.child.theme(item[2])
        if site.tags and thing:  # whether it was connected when it was asked is not known any more
            since = [move.at for move in case.events.get((site.id, *item[1:]), []) if move.after == thing.version]
            found.append((thing.version, since[-1] if since else 0.0))
    if not found:
        return case.options.get("unproven") == "allow"
    planned = {new for number, kind, slug, new in case.world.first_plan if (number, kind, slug) == item}
    return any(version in (event.after, *planned) and since <= event.at for version, since in found)


# -- brakes ----------------------------------------------------------------------------------------------------------------


def held_in_time(case: Case) -> Iterator[str]:
    """A release that kills sites is stopped after so many, and those that were under way at that moment."""
    most = case.options.get("hold_after", 2)
    if not most or case.run.check or case.options.get("update_method"):
        return
    if case.run.per_site and case.options.get("lock_dir") == "none":
        return  # the tasks of the sites know nothing of each other then, and the run warns of it
    killed: dict[str, set[int]] = {}
    for (site, kind, slug), events in case.events.items():
        if kind == "page" and any(case.run.number in case.doers(event) for event in events):
            killed.setdefault(slug, set()).add(site)
    lanes = case.run.lanes if case.run.per_site else case.options.get("concurrency") or 3
    # One whose answer was lost gives its lane to another site, and is under way all the same.
    lost = {site_of(entry) for entry in case.work if entry.fault not in ("", None, "hook")}
    for slug, sites in killed.items():
        # Without a look at the pages only a dead site is seen, whichever release killed it.
        seen = {
            site for site in sites if "health_check" in case.options or case.world.fleet.sites[site].child.plugin_gone
        }
        if len(seen - lost) > most + lanes:
            yield f"{slug} broke {len(seen)} sites, though hold_after is {most} and {lanes} may be under way"


def out_of_time(case: Case) -> Iterator[str]:
    """Nothing begins after ``stop_after``, which counts from the beginning of the run."""
    stop = case.options.get("stop_after")
    if stop is None or case.run.per_site:
        return
    late = [entry.path for entry in case.work if entry.time > case.run.began + float(stop) + GRACE]
    if late and not case.run.playbook:
        yield f"{late} began more than {stop} s after the run did"


# -- what is said ------------------------------------------------------------------------------------------------------------


def pages_are_looked_at(case: Case) -> Iterator[str]:
    """Where something moved, the pages were looked at afterwards; a page that broke is told."""
    if "health_check" not in case.options or case.run.check or case.run.dead:
        return
    moved = {item[0] for item, _event in case.moves()}
    for site in case.sites:
        verdict = (site["health"] or {}).get("verdict", "not_checked")
        if site["id"] not in moved or site["result"] == "pending":
            continue
        pages = (site["health"] or {}).get("pages")
        if pages and all(page["before"] == "bad" and "Timeout" in page["message"] for page in pages):
            continue  # a child that is too slow, before and after
        if verdict == "not_checked":
            yield f"nobody looked at the pages of site {site['id']}, which is {site['result']}"
        seen = [item for item in case.events if (item[0], item[1]) == (site["id"], "page")]
        broke = min((event for item in seen for event in case.events[item]), key=lambda event: event.at, default=None)
        if broke and case.run.number in case.doers(broke) and site["result"] not in ("failed", "unknown"):
            yield f"site {site['id']} was broken by {broke.slug}, and is {site['result']} ({verdict})"


def names_are_whole(case: Case) -> Iterator[str]:
    """Addresses, slugs and names in a report are those of the world, whatever is masked."""
    known = {(kind, slug) for _site, kind, slug in (*case.world.offered, *case.events, *_offered_now(case))}
    for _site, kind, slug in case.told():
        if (kind, slug) not in known:
            yield f"there is no {kind} {slug!r}"
    for report in case.run.reports:
        if report.get("dashboard", {}).get("url") not in (None, case.run.url):
            yield f"the Dashboard's address is told as {report['dashboard']['url']}"


def _offered_now(case: Case) -> Iterator[Item]:
    for site in case.world.fleet.sites.values():
        yield from offers(site)


def requirements_are_wordpress_s(case: Case) -> Iterator[str]:
    """What WordPress would install is not left for a version that it takes for enough."""
    for (number, kind, slug), entry in case.told().items():
        child = case.world.fleet.sites[number].child
        thing = child.plugin(slug) if kind == "plugin" else child.theme(slug)
        needs = thing.offer.requires if thing and thing.offer else ""
        if entry["reason"] == "requires_wp" and needs and not newer(child.core, needs):
            yield f"{slug} needs WordPress {needs}; site {number} has {child.core}: {entry['message']}"


PROMISES = (
    one_at_a_time,
    nothing_is_destroyed,
    only_forwards,
    only_what_was_selected,
    gates_hold,
    held_in_time,
    out_of_time,
    pages_are_looked_at,
    names_are_whole,
    requirements_are_wordpress_s,
)


# -- a dry run -----------------------------------------------------------------------------------------------------------------


def kept_word(case: Case, dry: Run) -> Iterator[str]:
    """What a dry run said is what the next run did, site by site, in a world that stood still. What the Dashboard does not
    know, a dry run cannot know: what is offered where its picture is old."""
    before = Case(case.world, dry, case.runs)
    if (
        not before.sites
        or not case.sites
        or case.run.silenced
        or case.run.dead
        or not (dry.verbose and case.run.verbose)
    ):
        return
    if any("broken off" in report["msg"] for report in case.run.reports):
        return
    touched = {site_of(entry) for entry in case.work}
    said, did = ({site["id"]: site for site in one.sites} for one in (before, case))
    for number in sorted(said.keys() | did.keys()):
        one, two = said.get(number), did.get(number)
        if one is None or two is None:
            yield f"site {number} is named by {'the run' if one is None else 'the dry run'} only"
            continue
        planned, sent = _intended(one), _intended(two)
        untouched = two["result"] == "failed" and not {number, 0} & touched
        # where a sync may repair it, a dry run tells what is known
        if (one["result"] == "failed") != untouched and (untouched or one["reason"] != "disconnected"):
            yield f"site {number} was said to be {one['result']} ({one['reason']}), and was {two['result']} ({two['reason']})"
        elif planned != sent and not (
            untouched or one["stale"] or {one["reason"], two["reason"]} & {"disconnected", *LATER}
        ):
            yield f"site {number}: planned {sorted(planned - sent)}, and left; did {sorted(sent - planned)}, unplanned"


def _intended(site: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """What is, or would be, updated there."""
    return {
        (entry["type"], entry["slug"], entry.get("language") or "")
        for entry in site["updates"]
        if entry["result"] != "skipped" or entry["reason"] in LATER
    }
