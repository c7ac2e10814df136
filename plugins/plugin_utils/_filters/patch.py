# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook patch_vulnerable computes, as filters. PRIVATE."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ...module_utils._addresses import spoken_apart
from ...module_utils._brakes import next_strike, stop_time
from ...module_utils._errors import InputError
from ...module_utils._flaws import directory_slug
from ...module_utils._models import CORE, OPTION_OF_TYPE, PLUGIN, THEME, epoch, iso
from ...module_utils._versions import CHANGES, spelling


def window_end(window: str, now: datetime.datetime) -> str:
    """The moment when the window closes, if ``now`` is within. Raises AnsibleFilterError for one that cannot be read."""
    found = re.fullmatch(r"\s*([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|24:00)\s*", str(window))
    if not found:
        raise AnsibleFilterError(f"'{window}' is no window of a day. Use the form 22:00-05:30.")
    begin, end = f"{found[1]}:{found[2]}", f"{found[3]}:{found[4]}" if found[3] else "24:00"
    time = f"{now:%H:%M}"
    is_open = begin <= time < end if begin < end else time >= begin or time < end
    if not is_open:
        return ""
    # by the calendar, for a day of the clocks' change is shorter or longer
    day = now.date() + datetime.timedelta(days=0 if time < end != "24:00" else 1)
    closes = datetime.datetime.combine(day, datetime.time.fromisoformat(end.replace("24:", "00:")), now.tzinfo)
    return iso(next_strike([closes], now.timestamp()))


def sooner(stop_after: Any, closes: str, now: datetime.datetime, since: str = "") -> str:
    """A ``stop_after`` that strikes no later than a window closes, if there is one: then it is a moment. So is a clock time of
    a run that began at ``since``, which may be over: it is not that of the next day."""
    text = "" if stop_after is None else str(stop_after).strip()
    began = epoch(since) if since and not re.fullmatch(r"[\d.]*", text) else None
    if not closes and began is None:
        return text
    base = now.timestamp() if began is None else began
    try:
        strikes = [stop_time(one, base, base) for one in (text, closes)]
    except InputError:
        return text  # the module says what is wrong
    return iso(min(strike for strike in strikes if strike is not None))


def smaller_step(change: Any, limit: str) -> Any:
    """A ``max_version_change`` that allows no larger step than ``limit``, either."""

    def least(step: Any) -> Any:
        return min(step, limit, key=CHANGES.index) if step in CHANGES else step  # what is none, the module refuses

    if isinstance(change, Mapping):
        return {
            name: least(change.get(name, limit)) for name in (*map(OPTION_OF_TYPE.get, (CORE, PLUGIN, THEME)), *change)
        }
    return limit if change in (None, "") else least(change)


def after_canaries(
    plan: Sequence[Mapping[str, Any]], canaries: Collection[int], proven: Sequence[Mapping[str, Any]] | None
) -> list[Mapping[str, Any]]:
    """The part of a plan that is for other sites than ``canaries``. What they were to run first is in it only if it is in
    ``proven``, a plan that was made after that."""
    first = {_item(entry) for entry in plan if entry["site_id"] in canaries}
    others = [entry for entry in plan if entry["site_id"] not in canaries]
    good = None if proven is None else {_planned(entry) for entry in proven}
    return [entry for entry in others if good is None or _item(entry) not in first or _planned(entry) in good]


def _item(entry: Mapping[str, Any]) -> tuple[str, str]:
    """What it is, whatever the main file of a plugin is called on that site."""
    return entry["type"], directory_slug(entry["type"], entry["slug"])


def _planned(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """A release on a site, however it is spelled."""
    where = tuple(entry.get(name) for name in ("site_id", "type", "slug", "language"))
    return (*where, spelling(str(entry.get("version_planned") or "")))


def vulnerability_lines(result: Mapping[str, Any]) -> list[str]:
    """The message, a line for each vulnerability, and the notices."""
    lines = [str(result.get("msg", ""))]
    for site in result.get("sites") or ():
        for item in site["software"]:
            where = f"{spoken_apart(site['url'])}: {item['name'] or item['slug']} {item['version']}".rstrip()
            lines += [f"{where} – {_told(one, item.get('brings') or ())}" for one in item["vulnerabilities"]]
    for notice in result.get("notices") or ():
        words = (notice["message"], notice["notice"], notice["license"], notice["license_url"])
        lines.append(" ".join(word for word in words if word))
    return lines


def _told(one: Mapping[str, Any], brings: Sequence[str]) -> str:
    """``CVE-0000-00001 (critical 9.8) Some flaw: fixed by 1.1.0``."""
    score = "" if one["score"] is None else f" {one['score']:g}"
    if one["fix"] == "planned":
        fix = f"fixed by {one['fixed_by']}" + (f", which brings {', '.join(brings)}" if brings else "")
    elif one["reason"] == "accepted":
        fix = f"accepted; {one['fixed_by']} would fix it"
    else:
        fix = f"stays ({one['reason']}): {one['message']}"
    parts = [one["cve"], f"({one['rating']}{score})", f"{one['title']}:", fix, one["link"]]
    state = "" if one["state"] == "new" else f" [{' '.join(filter(None, (one['state'], one['until'], one['why'])))}]"
    return " ".join(part for part in parts if part) + state
