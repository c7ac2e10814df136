# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a whole tree: results, the one line. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._dashboard import Dashboard
from .._report import plural
from ._findings import EXTRA, MISSING, WRONG, Finding
from ._part import Part

#: So many failures are told in the one line.
_TOLD = 3
_NOTHING = "Nothing was compared: the tree has none of these kinds"
_AS_THE_TREE = "The Dashboard is as the tree says"
#: Of sites whose data is old nobody can say more.
_AS_KNOWN = "As far as is known, the Dashboard is as the tree says"


def result(
    dashboard: Dashboard,
    parts: Sequence[Part],
    check_mode: bool,
    broken: str,
    by_hand: Sequence[str],
    stale: Sequence[str],
    ahead: int,
) -> dict[str, Any]:
    """The result of the module. ``ahead``: so many sites are to be added or reached again, of which nothing can be said yet."""
    findings = [one for part in parts for one in part.found.findings]
    bad = bool(broken) or any(part.is_bad for part in parts)
    line = sentence(findings, check_mode, broken, stale, ahead) if parts else _NOTHING
    tokens = {name: token for part in parts for name, token in getattr(part, "tokens", {}).items()}
    return {
        "changed": any(one.done or (check_mode and one.is_open) for one in findings),
        "failed": bad,
        "msg": line,
        "broken_off": broken,
        "by_hand": list(by_hand),
        "drift": [one.to_dict() for one in findings],
        "extra": {part.kind.name: list(part.extra) for part in parts if part.extra},
        "stale_sites": list(stale),
        **({"tokens": tokens} if tokens else {}),
        "summary": {
            "failed": bad,
            "msg": line,
            "left": sum(one.stays for one in findings),
            "kinds": {part.kind.name: part.found.counts() for part in parts},
        },
        "dashboard": dashboard.in_results,
        "diff": [entry for part in parts for entry in part.diff],
    }


def sentence(findings: Sequence[Finding], check_mode: bool, broken: str, stale: Sequence[str], ahead: int) -> str:
    """The run in one line."""
    failed = [one for one in findings if one.failed]
    counts = {
        WRONG: sum(one.standing == WRONG for one in findings),
        MISSING: sum(one.standing == MISSING for one in findings),
        "would be done" if check_mode else "done": sum(one.is_open if check_mode else one.done for one in findings),
        "failed": len(failed),
        "not done": 0 if check_mode else sum(one.is_left for one in findings),
    }
    text = _counted(counts) or (_AS_KNOWN if stale and check_mode else _AS_THE_TREE)
    extra = sum(one.standing == EXTRA and not one.done for one in findings)
    text += f" · {extra} extra" if extra else ""
    text += f" · {plural(len(stale), 'site')} to be synced first" if stale and check_mode else ""
    text += f" · what is to be done on {plural(ahead, 'site')} is known once it is there" if ahead else ""
    text += "".join(f" – {_failure(one)}" for one in failed[:_TOLD])
    text += f" – and {len(failed) - _TOLD} more" if len(failed) > _TOLD else ""
    return text + (f" – broken off: {broken}" if broken else "")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)


def _failure(one: Finding) -> str:
    where = f" ({one.site})" if one.site else ""
    name = "" if one.place.endswith(f".{one.name}") else f" {one.name}"  # the place of a setting has it
    return f"{one.place or one.kind}{name}{where}: {one.message}".rstrip()
