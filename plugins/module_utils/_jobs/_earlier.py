# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What earlier reports knew to be on a site and that is gone now: a run that broke off may have destroyed it, and then
nothing is offered for it any more. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from glob import escape
from pathlib import Path

from .. import _errors as errors
from .._api.sites import EXTENSIONS
from .._dashboard import Dashboard
from .._flaws import directory_slug
from .._models import PLUGIN, THEME, Site
from .._report import SiteReport
from .._stored import sites_in, stored_reports

#: So many reports are looked through, the newest.
_REPORTS = 10

#: Site id → (type, slug) → (name, version).
Known = dict[int, dict[tuple[str, str], tuple[str, str]]]


def known_from(report_file: str | None, url: str) -> Known:
    """What the reports of earlier runs on this Dashboard knew: the one that ``report_file`` holds, and those of the same
    name in folders beside its own. Whatever is no such report is passed over."""
    if not report_file:
        return {}
    path = Path(report_file)
    beside = sorted(path.parent.parent.glob(f"*/{escape(path.name)}"))
    reports = stored_reports(dict.fromkeys([path, *beside[-_REPORTS:]]), url)
    known: Known = {}
    for report in sorted(reports, key=lambda entry: str(entry.get("finished"))):
        for number, _site, updates in sites_in(report):
            items = known.setdefault(number, {})
            for entry in updates:
                key = (str(entry.get("type")), str(entry.get("slug")))
                version = entry.get("version_after") or entry.get("version_before")
                if entry.get("reason") == "renamed":
                    items.pop(key, None)
                elif version and key[0] in (PLUGIN, THEME):
                    items[key] = (str(entry.get("name")), str(version))
    return known


def missing(dashboard: Dashboard, reports: Iterable[SiteReport], known: Known) -> list[str]:
    """A sentence for each site that lacks something. Lists that this run did not read are read for the known sites."""
    concerned = [report for report in reports if known.get(report.site.id)]
    unread = [report.site.id for report in concerned if report.site.plugins is None]
    sites: Mapping[int, Site] = {}
    if unread and dashboard.dialect.is_v2:
        with contextlib.suppress(errors.MainWPError):  # a courtesy: what the run itself did is known
            sites = dashboard.api.sites.by_id(unread, ("id", "url", *EXTENSIONS))
    told = []
    for report in concerned:
        site = sites.get(report.site.id, report.site)
        failed = {entry.update.key[:2] for entry in report.results if entry.reason == "gone"}
        lost = [
            f"{name} ({slug}, {version})"
            for (kind, slug), (name, version) in sorted(known[report.site.id].items())
            if (kind, slug) not in failed and _lacks(site, kind, slug, name)
        ]
        if lost:
            text = "was there by an earlier report and is gone. Unless somebody removed it on purpose, install it again"
            told.append(f"{report.site.url}: {', '.join(lost)} {text}.")
    return told


def _lacks(site: Site, kind: str, slug: str, name: str) -> bool:
    """Has the site nothing of that slug nor, renamed, of that name, in that folder or in a folder that a single file got? False
    where its lists are not known."""
    present = site.plugins if kind == PLUGIN else site.themes
    home = directory_slug(kind, slug)
    return present is not None and not any(
        item.slug == slug or item.name == name or directory_slug(kind, item.slug) == home for item in present
    )
