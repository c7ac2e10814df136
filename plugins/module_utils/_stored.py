# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports that earlier runs left in files. PRIVATE to the collection.

Anybody may put other files beside them, so whatever is no such report is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ._addresses import same_address

#: The shape of a report; docs/role.md and docs/results.md describe it. It goes up when older readers would misread it.
FORMAT = 1


def stored_reports(files: Iterable[Path], url: str) -> Iterator[Mapping[str, Any]]:
    """The reports in these files that are about the Dashboard at ``url``, as far as this release understands them."""
    known = (report for report in all_reports(files) if not is_newer(report))
    return (report for report in known if same_address(str(report["dashboard"].get("url")), url))


def all_reports(files: Iterable[Path]) -> Iterator[Mapping[str, Any]]:
    """The reports in these files, of whatever Dashboard and format."""
    for file in files:
        try:
            report = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(report, Mapping) and isinstance(report.get("dashboard"), Mapping):
            yield report


def is_newer(report: Mapping[str, Any]) -> bool:
    """Is it of a format that only later releases understand?"""
    written = report.get("format")
    return isinstance(written, int) and written > FORMAT


def sites_in(report: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any], list[Mapping[str, Any]]]]:
    """(id, entry, entries of its updates) of each site in a report."""
    for site in maps(report.get("sites")):
        if isinstance(site.get("id"), int):
            yield site["id"], site, maps(site.get("updates"))


def maps(value: Any) -> list[Mapping[str, Any]]:
    """Those entries of a list that have keys; none of what is no list."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
