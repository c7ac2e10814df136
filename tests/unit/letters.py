# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of stored reports, and the letters that are made of it."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _letters
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report as job

from .pages import Page

AGENCY, SHOPS = "https://dash.example/", "https://shops.example/dashboard/"
#: Each of these Tuesdays ends a week of November 2026 with a report.
TUESDAYS = ("2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24")
WHOLE_MONTH = ("2026-10-27", *TUESDAYS, "2026-12-01")


def update(
    result: str = "updated", name: str = "Shop", before: str = "1.0", after: str = "1.1", **more: Any
) -> dict[str, Any]:
    known = {"type": "plugin", "slug": f"{name}/a.php", "language": "", "name": name, "reason": "", "result": result}
    return {**known, "version_before": before, "version_planned": after, "version_after": after, **more}


def site(
    number: int = 1, *updates: dict[str, Any], client: int = 7, name: str = "Müller & Söhne", **more: Any
) -> dict[str, Any]:
    known = {"id": number, "url": f"https://s{number}.example/", "name": f"Site {number}", "client_id": client}
    results = [entry["result"] for entry in updates]
    result = next((name for name in ("failed", "unknown", "updated", "planned") if name in results), "unchanged")
    known |= {"client_name": name, "wp_version": "7.1", "result": result, "reason": ""}
    return {**known, "updates": list(updates), **more}


class Kept:
    """A folder of stored reports, and the letters made of it on ``today``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.today = "2027-01-15"
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def keep(self, day: str, *sites: dict[str, Any], url: str = AGENCY, complete: bool = True, **more: Any) -> None:
        stamp = f"{day}T22:30:00Z"
        sites = tuple({"last_sync": stamp, **site} for site in sites)
        report = {"dashboard": {"url": url}, "complete": complete, "started": stamp, "finished": stamp, "host": "dash"}
        place = (
            self.folder
            / "reports"
            / re.sub(r"\W", "_", url[:40] + url[-9:])
            / more.pop("folder", stamp.replace(":", ""))
        )
        place.mkdir(parents=True)
        (place / "report.json").write_text(json.dumps({**report, "sites": list(sites), **more}))

    def month(self, *sites: dict[str, Any], url: str = AGENCY) -> None:
        """Quiet runs on each Tuesday, so that nothing is missing."""
        for day in WHOLE_MONTH:
            self.keep(day, *sites, url=url)

    def write(self, check: bool = False, **more: Any) -> dict[str, Any]:
        defaults = {name: option.get("default") for name, option in job.SPEC.items()}
        given = {"page": "client", "dir": str(self.folder / "out"), "period": "2026-11"}
        sources = {"reports": str(self.folder / "reports"), **more.pop("sources", {})}
        options = job.options_from({**defaults, **given, "sources": sources, **more})
        assert isinstance(options, _letters.LetterOptions)
        now = datetime.datetime.fromisoformat(f"{self.today}T07:00:00+00:00").timestamp()
        return job.run(replace(options, beside=replace(options.beside, now=now)), self, check)

    def letters(self, **more: Any) -> dict[tuple[str, int], dict[str, Any]]:
        told = self.write(**more)
        assert not told.get("failed"), told
        return {(letter["dashboard"], letter["client_id"]): letter for letter in told["letters"]}

    def letter(self, **more: Any) -> dict[str, Any]:
        (found,) = self.letters(**more).values()
        return found


def shown(letter: dict[str, Any]) -> Page:
    return Page(Path(letter["file"]).read_text())
