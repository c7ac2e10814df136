# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_ignored_update_info does: which updates MainWP ignores on its sites, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _report as reporting
from .._dashboard import Dashboard
from .._jobs._asked_sites import READ, head
from .._jobs._common import Reporter, chosen_with
from .._models import Site
from .._selection import Selection, selection_from
from .ignored import FIELDS, RULES, ignoring, is_junk, junk_of

_UNKNOWN = {"result": "unknown", "reason": "error", "message": "What MainWP has stored of its rules cannot be read."}


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_ignored_update_info."""

    selection: Selection


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    return Options(selection_from(params, required=False))


def run(dashboard: Dashboard, options: Options, reporter: Reporter, _check_mode: bool) -> dict[str, Any]:
    """The rules of the selected sites, from the listing."""
    chosen = chosen_with(dashboard, options.selection, (*FIELDS, "themes"), reporter)
    if chosen:
        dashboard.detect(chosen[0].id)
    sites = [_site(site) for site in chosen]
    count = sum(len(site["rules"]) for site in sites)
    return {
        "changed": False,
        "msg": f"{reporting.plural(count, 'rule')} on {reporting.plural(len(sites), 'site')}",
        "count": count,
        "sites": sites,
        "dashboard": dashboard.in_results,
    }


def _site(site: Site) -> dict[str, Any]:
    state = ignoring(site)
    if state is None:
        return {
            **head(site),
            **_UNKNOWN,
            "core": None,
            "all_plugins": None,
            "all_themes": None,
            "rules": [],
            "junk": [],
        }
    rules = [
        {"type": kind, "slug": slug, "name": rule.name, "versions": [] if rule.is_whole else list(rule.versions)}
        for kind in RULES
        for slug, rule in sorted(state.rules[kind].items())
        if not is_junk(slug, kind, state.installed[kind])
    ]
    return {**head(site), **READ, **state.flags, "rules": rules, "junk": junk_of(state)}
