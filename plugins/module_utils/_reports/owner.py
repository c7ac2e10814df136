# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the owner of a site may be told of its entry in a report, and what would not be true. Pure. PRIVATE."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

#: Reasons of a whole site that its owner is told in any case.
NOTED = ("suspended", "disconnected", "locked_out", "theme_changed", "plugins_lost", "health")
#: Results of a site that nothing is known to have been in order for.
NOT_DONE = ("failed", "unknown", "pending", "skipped")
#: Results of an update that did not move, and can only be what it was.
_STAYED = ("skipped", "held", "failed")


def note_of(site: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> str:
    """The reason of the whole site that its owner is told; empty where there is none, or its updates tell it."""
    code = str(site.get("reason") or "")
    if code in NOTED:
        return code
    if site.get("result") not in NOT_DONE:
        return ""
    told = {entry.get("reason") or "" for entry in entries if entry.get("result") != "updated" or entry.get("reason")}
    return "" if code in told else code or "error"


def is_open(entry: Mapping[str, Any], no_news: Collection[str]) -> bool:
    """Is that an update of which its owner is told why it was not, or not well, done? A plan tells nobody anything."""
    if entry.get("result") in ("updated", "planned") or entry.get("reason") in no_news:
        return False
    return entry.get("result") != "unchanged" or entry.get("reason") == "deactivated"


def stays(entry: Mapping[str, Any]) -> bool:
    """Is what is installed surely still what it was? What is gone is not, and of some nobody knows."""
    return entry.get("result") in _STAYED and entry.get("reason") not in ("gone", "deactivated")


def is_offered(entry: Mapping[str, Any]) -> bool:
    """Is the planned version one that is there to be had? For ``drifted`` it is that of a plan which is none any more."""
    return entry.get("reason") != "drifted"
