# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What pages about more than one run are made from: results and reports that were kept. PRIVATE to the collection."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import _errors as errors
from .._reports.availability import Watch, watches_of
from .._reports.keys import Key, time_of
from .._stored import FORMAT, all_reports, is_newer
from ._extra import extra_from

#: The option ``sources``; documented in mainwp_report.
SPEC = {
    "type": "dict",
    "default": {},
    "options": {
        "sites": {"type": "list", "elements": "raw", "default": []},
        "updates": {"type": "list", "elements": "raw", "default": []},
        "monitors": {"type": "list", "elements": "raw", "default": []},
        "vulnerabilities": {"type": "list", "elements": "raw", "default": []},
        "users": {"type": "list", "elements": "raw", "default": []},
        "reports": {"type": "str", "default": ""},
        "extra": {"type": "str", "default": ""},
    },
}
#: Those that are results of modules.
_KINDS = ("sites", "updates", "monitors", "vulnerabilities", "users")


@dataclass(frozen=True)
class Sources:
    """The sources, read."""

    sites: tuple[Mapping[str, Any], ...]
    updates: tuple[Mapping[str, Any], ...]
    watches: Mapping[Key, Watch]
    vulnerabilities: tuple[Mapping[str, Any], ...]
    users: tuple[Mapping[str, Any], ...]
    reports: tuple[Mapping[str, Any], ...]
    extra: Mapping[str, Any]


def sources_from(given: Mapping[str, Any]) -> Sources:
    """Read what the option ``sources`` names. Raises InputError for what is not there, or is no result."""
    folder = Path(given.get("reports") or "").expanduser()
    if given.get("reports") and not folder.is_dir():
        raise errors.InputError("sources", f"reports: {folder} is no directory on the controller.")
    reports = tuple(all_reports(_files(folder))) if given.get("reports") else ()
    for report in filter(is_newer, reports):
        which = f"reports: that of {report.get('host')}, {report.get('started')},"
        written = f"has format {report['format']}, which a later release wrote; this one reads up to {FORMAT}."
        raise errors.InputError("sources", f"{which} {written}", "Update the collection, or move that report away.")
    told = {kind: tuple(_result(kind, entry) for entry in sorted(given.get(kind) or (), key=_place)) for kind in _KINDS}
    told["vulnerabilities"] += tuple(_findings_in(reports))
    try:
        watches = watches_of(told.pop("monitors"))
    except ValueError as exc:
        raise errors.InputError("sources", f"monitors: {exc}.") from None
    if not all(time_of(result.get("at")) for result in told["users"]):
        raise errors.InputError(
            "sources", "users: one does not tell when it was.", "Give 'at', such as 2026-11-24T22:30:00Z."
        )
    return Sources(**told, watches=watches, reports=reports, extra=extra_from(given.get("extra") or ""))


def _findings_in(reports: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Looks at vulnerabilities that runs left in their reports."""
    for report in reports:
        found = report.get("vulnerabilities")
        for look in found.values() if isinstance(found, Mapping) else ():
            if isinstance(look, Mapping) and isinstance(look.get("sites"), list):
                yield {"dashboard": report["dashboard"], **look}


def _files(folder: Path) -> Iterable[Path]:
    return sorted(folder.rglob("report.json"))


def _place(entry: Any) -> tuple[bool, str]:
    """Files by their names, which mostly have the day, and then what is at hand: of two that know the same, the last counts."""
    return (True, "") if isinstance(entry, Mapping) else (False, str(entry))


def _result(kind: str, entry: Any) -> Mapping[str, Any]:
    """A result, or the one in a file."""
    if not isinstance(entry, Mapping):
        file = Path(str(entry)).expanduser()
        try:
            entry = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as exc:
            raise errors.InputError("sources", f"{kind}: {file}: {exc}") from None
    if not isinstance(entry, Mapping) or not isinstance(entry.get("sites"), list):
        raise errors.InputError("sources", f"{kind}: one is no result of a module with a list of sites.")
    return entry
