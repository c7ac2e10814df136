# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters of the playbook patch_vulnerable; what each is for stands in the file of its name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._addresses import spoken


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
    return f"{closes.astimezone(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def vulnerability_lines(result: Mapping[str, Any]) -> list[str]:
    """The message, a line for each vulnerability, and the notices."""
    lines = [str(result.get("msg", ""))]
    for site in result.get("sites") or ():
        for item in site["software"]:
            where = f"{spoken(site['url'])}: {item['name'] or item['slug']} {item['version']}".rstrip()
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


class FilterModule:
    """Ansible's way to find the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"vulnerability_lines": vulnerability_lines, "window_end": window_end}
