# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_security_info does: what child sites say of their own security, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _errors as errors
from .._api import normalise
from .._dashboard import Dashboard
from .._models import Site
from .._report import plural
from .._selection import Selection, selection_from
from ._asked_sites import asked_sites, head, of_each
from ._common import Reporter

#: What a child site looks at. All answers begin with Y for fine, N for not.
CHECKS = (
    "db_reporting",
    "php_reporting",
    "wp_uptodate",
    "phpversion_matched",
    "sslprotocol",
    "debug_disabled",
    "sec_outdated_plugins",
    "sec_inactive_plugins",
    "sec_outdated_themes",
    "sec_inactive_themes",
)
_UNREACHABLE = "mainwp_rest_get_secure_site_error"
#: MainWP's codes for a child that gives no answer.
_SAID = {
    "NOMAINWP": "MainWP Child does not answer there: the site is down, or the plugin is not active.",
    "HTTPERROR": "The site cannot be reached.",
}


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_security_info."""

    selection: Selection
    only_issues: bool


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    return Options(selection_from(params, required=False), bool(params.get("only_issues")))


def run(dashboard: Dashboard, options: Options, reporter: Reporter, _check_mode: bool) -> dict[str, Any]:
    """What each selected site says. The Dashboard asks it now, so this takes as long as the sites do."""
    chosen = asked_sites(dashboard, options.selection, reporter)
    told = of_each(chosen, "security report", lambda site: _report(dashboard, site), reporter)
    sites = [_site(site, checks, came) for site, (checks, came) in zip(chosen, told, strict=True)]
    found = sum(len(site["issues"]) for site in sites)
    unknown = sum(site["result"] == "unknown" for site in sites)
    shown = [site for site in sites if site["issues"] or site["result"] == "unknown" or not options.only_issues]
    more = f", {unknown} unknown" if unknown else ""
    return {
        "changed": False,
        "msg": f"{plural(len(sites), 'site')}: {plural(found, 'issue')}{more}",
        "count": found,
        "sites": shown,
        "dashboard": dashboard.in_results,
    }


def _report(dashboard: Dashboard, site: Site) -> dict[str, bool | None]:
    """Check → is it fine? None where the site does not say."""
    try:
        data = dashboard.v2.sites.detail(site, "security")
    except errors.NotFound as exc:
        if exc.details.get("code") != _UNREACHABLE:
            raise
        text = exc.message
        said = next((sentence for code, sentence in _SAID.items() if code in text), text)
        raise errors.ApiError(said, reason="disconnected") from None
    if data is None:
        raise errors.AnswerLost(f"read the security report of {site.url}: there is none in the answer.", hint="")
    return {name: _fine(data.get(name)) for name in CHECKS}


def _fine(value: Any) -> bool | None:
    return {"Y": True, "N": False}.get(normalise.as_text(value)[:1])


def _site(site: Site, checks: dict[str, bool | None] | None, came: Mapping[str, str]) -> dict[str, Any]:
    issues = [name for name, fine in (checks or {}).items() if fine is False]
    return {**head(site), **came, "issues": issues, "checks": checks}
