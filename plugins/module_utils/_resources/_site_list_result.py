# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One of several sites on its way, and what is told of them all. PRIVATE to the collection. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import _errors as errors
from .._dashboard import Dashboard
from .._report import plural
from . import _telling as telling
from ._resource import Plan, State, Wanted
from .sites import SITE, asked_besides

#: So many failures are told in the one line.
_TOLD = 3
_UNREAD = "The run was interrupted before the outcome was read."


@dataclass
class Item(telling.Ending):
    """One site of the list."""

    #: Its place there.
    number: int
    wanted: Wanted
    #: The site as it was read, if there is one.
    state: State
    plan: Plan
    #: Something may have been sent.
    began: bool = False

    @property
    def asks_more(self) -> bool:
        """What is wanted of a site that is there stands in no list."""
        return bool(self.state.things) and any(asked_besides(self.wanted))

    @property
    def action(self) -> str:
        """One word for what has to be done; empty where nobody knows."""
        return "" if self.problem else self.plan.action

    @property
    def needs_turn(self) -> bool:
        """There is something to write."""
        return self.problem is None and self.plan.action != "unchanged"

    def left_alone(self) -> None:
        """It is too late to start it."""
        self.problem = errors.MainWPError("The run was broken off before it started.", reason="stopped")

    def interrupted(self) -> None:
        """The run ends now; what is finished is so."""
        if self.told is None and self.problem is None:
            self.left_alone()
            if self.began:
                self.problem = errors.MainWPError(_UNREAD, reason="unverified")

    def entry(self) -> dict[str, Any]:
        """It in the result."""
        told = self.told or {"action": "unchanged", "changed": False}
        before = self.plan.before
        site = told.get("site") or (telling.as_dict(SITE, before, {}) if before else None)
        given = self.wanted.values
        named = site or {"id": None, "url": given.get("site_url", ""), "name": given.get("name", "")}
        return {
            **{key: named[key] for key in ("id", "url", "name")},
            "action": told["action"],
            "changed": told["changed"],
            "reason": self.reason,
            "message": self.message,
            "site": site,
        }


def told_of(dashboard: Dashboard, items: Sequence[Item], check_mode: bool) -> None:
    """Tell what would be done, or that there was nothing to do, of each of which nothing is told yet."""
    for item in items:
        if item.told is None and item.problem is None:
            item.told = telling.result(SITE, dashboard, item.state, item.plan, check_mode, None)


def result(dashboard: Dashboard, items: Sequence[Item], check_mode: bool, broken: str) -> dict[str, Any]:
    """The result of a task with a list of sites, in the order of the list."""
    told_of(dashboard, items, check_mode)
    entries = [item.entry() for item in items]
    stopped = [entry for entry in entries if entry["reason"] == "stopped"]
    failed = [entry for entry in entries if entry["reason"] not in ("", "stopped")]
    well = [entry["action"] for entry in entries if not entry["reason"]]
    counts = {action: well.count(action) for action in ("created", "changed", "unchanged")}
    line = f"{plural(len(entries), 'site')}{_counted(counts, len(failed), len(stopped), check_mode)}"
    line += "".join(f" – {entry['url']}: {entry['message']}" for entry in failed[:_TOLD])
    line += f" – and {len(failed) - _TOLD} more" if len(failed) > _TOLD else ""
    line += f" – broken off: {broken}" if broken else ""
    bad = bool(failed or broken)
    return {
        "changed": any(entry["changed"] for entry in entries),
        "failed": bad,
        "msg": line,
        "broken_off": broken,
        "summary": {
            "sites": len(entries),
            **counts,
            "failed_sites": [entry["url"] for entry in failed],
            "stopped_sites": [entry["url"] for entry in stopped],
            "failed": bad,
            "msg": line,
        },
        "sites": entries,
        "dashboard": dashboard.in_results,
        "diff": [part for item in items for part in (item.told or {}).get("diff", ())],
    }


def _counted(counts: dict[str, int], failed: int, stopped: int, check_mode: bool) -> str:
    would = "would be " if check_mode else ""
    words = {
        f"{would}created": counts["created"],
        f"{would}changed": counts["changed"],
        "as wanted": counts["unchanged"],
        "failed": failed,
        "not started": stopped,
    }
    told = [f"{number} {word}" for word, number in words.items() if number]
    return f": {', '.join(told)}" if told else ""
