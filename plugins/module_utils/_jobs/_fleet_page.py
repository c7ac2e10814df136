# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a fleet, from results that were kept. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import _errors as errors
from .._addresses import normal_url
from .._files import differs, folder_of, write
from .._reports.belonging import BACKUPS, sorted_out, warning
from .._reports.fleet_page import Told, fleet_page
from .._reports.keys import Key, sites_of
from ._drawing import drawn, own_templates
from ._report_sources import Sources, sources_from


@dataclass(frozen=True)
class FleetOptions:
    """The checked options of the page ``fleet``."""

    folder: str
    title: str
    templates: str
    sources: Sources

    def make(self, check_mode: bool, reporter: Any) -> dict[str, Any]:
        """Draw the page, and write it."""
        sources = self.sources
        noted = {name: entries for name, entries in sources.extra.items() if name == BACKUPS}
        sites: dict[Key, set[str]] = {}
        for key, site, dummy in sites_of((*sources.sites, *sources.updates)):
            sites.setdefault(key, set()).add(normal_url(str(site.get("url") or "")))
        extra, strangers = sorted_out(noted, sites, {})
        if strangers:
            reporter.warn(warning(strangers))
        told = Told(
            infos=sources.sites,
            plans=sources.updates,
            reports=sources.reports,
            watches=sources.watches,
            vulnerabilities=sources.vulnerabilities,
            users=sources.users,
            extra=extra,
        )
        text = drawn("fleet.html.j2", self.templates, {"page": fleet_page(self.title, told)})
        file = f"{self.folder}/fleet.html" if self.folder else ""
        try:
            changed = bool(file) and (differs if check_mode else write)(Path(file), text)
        except OSError as exc:
            return {"failed": True, "changed": False, "msg": str(exc), "page": ""}
        return {"changed": changed, "page": file}


def options_from(params: Mapping[str, Any]) -> FleetOptions:
    """Check the options, and read the sources. Raises InputError."""
    sources = sources_from(params.get("sources") or {})
    if not sources.sites and not sources.updates:
        raise errors.InputError("sources", "has neither sites nor updates.", "Keep what mainwp_site_info returns.")
    return FleetOptions(
        folder=folder_of(params["dir"] or ""),
        title=params["title"],
        templates=own_templates(params["templates"]),
        sources=sources,
    )
