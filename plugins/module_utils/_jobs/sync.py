# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_sync does: refresh the Dashboard's picture of its sites. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _errors as errors
from .._dashboard import Dashboard
from .._fleet import Fleet
from .._models import Site, picked
from .._outage import PATIENCE
from .._refresh import WHOLE, Refresher
from .._report import CARRIED, and_more, called_in_words, diff_entry, trouble_lines
from .._selection import Selection, selection_from
from ._common import Reporter, before_writing, chosen_sites, in_words, not_negative, pace, read_sites, until_interrupted

_INTERRUPTED = "Interrupted: nothing more is started."


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_sync."""

    selection: Selection
    max_age: int
    reconnect: bool
    details: str = "some"


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    return Options(
        selection=selection_from(params, required=True),
        max_age=not_negative(params, "max_age", 300),
        reconnect=bool(params.get("reconnect")),
        details=params.get("details") or "some",
    )


@dataclass
class SiteSync:
    """One site's sync. ``result`` is synced, skipped, failed or – in check mode – planned."""

    before: Site
    result: str = "planned"
    reason: str = ""
    message: str = ""
    after: Site | None = None

    @property
    def differs(self) -> dict[str, list[str]]:
        """What of the Dashboard's picture changed: line → [old, new]."""
        if self.after is None:
            return {}
        old, new = picture(self.before), picture(self.after)
        keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        return {key: [old.get(key, ""), new.get(key, "")] for key in keys}

    def to_dict(self) -> dict[str, Any]:
        """The entry in the module's ``sites``."""
        differs = self.differs
        return {
            **picked(self.before, "id", "url", "name"),
            **picked(self, "result", "reason", "message"),
            "changed": bool(differs),
            "last_sync_before": self.before.last_sync,
            "last_sync_after": (self.after or self.before).last_sync,
            "differs": [{"what": key, "before": pair[0], "after": pair[1]} for key, pair in differs.items()],
        }


def picture(site: Site) -> dict[str, str]:
    """What the Dashboard believes of a site, as comparable lines: everything a user would call a change."""
    lines = {
        "status": site.status,
        "wordpress": site.wp_version,
        "php": site.php_version,
        "mainwp child": site.child_version,
        "active theme": site.active_theme,
    }
    for kind, found in (("plugin", site.plugins), ("theme", site.themes)):
        for item in found or ():
            lines[f"{kind} {item.slug}"] = f"{item.version} {'active' if item.active else 'inactive'}".strip()
    for update in site.updates:
        name = f"pending {update.type} {update.slug} {update.language}".strip()
        lines[name] = update.new_version or "offered"
    return lines


def run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """Sync what is older than ``max_age``; the module's result."""
    chosen = chosen_sites(dashboard, read_sites(dashboard, options.selection), options.selection, reporter)
    dashboard.wait_out(PATIENCE, lambda: reporter.interrupted)
    now = dashboard.now()
    syncs = [SiteSync(site) for site in chosen]
    for item in syncs:
        age = item.before.age(now)
        if age is not None and age < options.max_age:
            item.result, item.message = "skipped", f"Synced {age:.0f} s ago."
    todo = [item for item in syncs if item.result != "skipped"]
    before_writing(dashboard, chosen, reporter, check_mode, bool(todo))
    aborted = ""
    if not check_mode:
        dashboard.http.caches.refuse()  # before anything that was read is called the truth
        aborted = _sync(dashboard, options, todo, reporter) if todo else ""
    return _result(dashboard, syncs, reporter.verbose or options.details == "all", aborted)


def _sync(dashboard: Dashboard, options: Options, todo: list[SiteSync], reporter: Reporter) -> str:
    """Sync in lanes; why the run was broken off, empty if it was not.

    What ``refresh`` raises speaks of the key or the Dashboard and would be the same everywhere, so nothing more starts.
    """
    whole = dashboard.api.sites.by_id([item.before.id for item in todo], WHOLE)
    for item in todo:
        item.before = whole.get(item.before.id, item.before)
    refresher = Refresher(dashboard, options.reconnect)
    counts: Counter[str] = Counter()
    aborted: list[str] = []

    def turn(item: SiteSync) -> None:
        if reporter.interrupted:
            aborted.append(_INTERRUPTED)
        if aborted:
            item.result, item.reason, item.message = "skipped", "stopped", aborted[0]
            return
        broken = _refresh(refresher, item)
        if broken:
            aborted.append(broken)

    def done(item: SiteSync) -> None:
        counts[item.result] += 1
        reporter.progress(sum(counts.values()), len(todo), counts["failed"], item)

    lanes = pace(dashboard, dashboard.limits.sync_lanes)
    tick = until_interrupted(reporter, lambda: reporter.waiting(dashboard.waiting_for))
    try:
        if not Fleet(turn, lambda item: item.before.lane, *lanes, done, tick).run(todo):
            aborted.append(_INTERRUPTED)
    except Exception as exc:  # noqa: BLE001  # what cannot be shown must not cost the report
        aborted.append(errors.bug_sentence(exc))
    for item in todo:
        if item.result == "planned":  # it had no turn
            item.result, item.reason, item.message = "skipped", "stopped", aborted[0]
    return aborted[0] if aborted else ""


def _refresh(refresher: Refresher, item: SiteSync) -> str:
    """Sync one site; why nothing more must start, empty if it may."""
    try:
        refreshed = refresher.refresh(item.before)
    except errors.DashboardAway as exc:
        item.result, item.reason, item.message = "skipped", "stopped", exc.message
        return exc.message
    except Exception as exc:  # noqa: BLE001  # a bug met on one site must not lose the others' report
        item.result, item.reason, item.message = "failed", *in_words(exc)
        return item.message if isinstance(exc, errors.MainWPError) else ""
    # After a failed sync, too, the picture may have changed: to disconnected.
    item.after, item.reason, item.message = refreshed.site or refreshed.stored, refreshed.reason, refreshed.message
    item.result = "synced" if refreshed.ok else "failed"
    return ""


def _result(dashboard: Dashboard, syncs: list[SiteSync], everything: bool, aborted: str) -> dict[str, Any]:
    counts = Counter(item.result for item in syncs)
    failed = [item for item in syncs if item.result == "failed"]
    changed = [item for item in syncs if item.differs]
    called = called_in_words([item.before for item in syncs])
    names = ("synced", "skipped", "failed", "planned")
    text = " · ".join(f"{counts[name]} {name}" for name in names if counts[name]) or "no sites"
    if failed:
        text += " – " + and_more([f"{called[item.before.id]} ({item.reason})" for item in failed])
    if aborted:
        text += f" – broken off: {aborted}"
    every = everything or not (failed or aborted)
    shown = syncs if every else [*failed, *(item for item in changed if item not in failed)][:CARRIED]
    return {
        # In check mode a sync that would be sent counts, as an update does: what it would find cannot be known.
        "changed": bool(changed or counts["planned"]),
        "failed": bool(failed or aborted),
        "msg": text,
        "summary": {"total": len(syncs), **{name: counts[name] for name in names}, "changed": len(changed)},
        "trouble": _trouble(failed, called),
        "sites": sorted((item.to_dict() for item in shown), key=lambda entry: str(entry["url"])),
        "dashboard": dashboard.in_results,
        "diff": [
            diff_entry(
                item.before.url,
                [f"{key}: {old or '-'}" for key, (old, _new) in item.differs.items()],
                [f"{key}: {new or '-'}" for key, (_old, new) in item.differs.items()],
            )
            for item in changed
        ],
    }


def _trouble(failed: list[SiteSync], called: Mapping[int, str]) -> list[str]:
    """A line for each kind of trouble, with the sites that have it."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for item in failed:
        kinds.setdefault((f"failed ({item.reason})", item.message), []).append(called[item.before.id])
    return trouble_lines(kinds)
