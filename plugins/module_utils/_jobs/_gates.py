# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gates of a plan that need reading: their options, the proof on canary sites, and how long a release has been offered.
PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._api.sites import EXTENSIONS, SLIM
from .._dashboard import Dashboard
from .._errors import InputError
from .._models import Site, Tag
from .._offers import DEFAULT_DIR, Offers, folder_for_offers
from .._plan import PlanOptions
from .._proven import gate_from, history_from
from .._selection import LOOSEN, Selection, select, selection_from
from ._common import not_negative
from ._ways import PER_ITEM, given, refuse


@dataclass(frozen=True)
class GateOptions:
    """The checked options proven_on, proven_for, proven_history, unproven, max_backup_age, min_offer_age and offer_history."""

    canaries: Selection | None = None
    proven_for: int = 0
    history: str | None = None
    allow_unknown: bool = False
    #: ``max_backup_age``, seconds.
    backup: int | None = None
    #: ``min_offer_age``, seconds; None: nothing is noted, and nothing is too new.
    min_offer_age: int | None = None
    offer_history: str = DEFAULT_DIR


def gate_options_from(params: Mapping[str, Any]) -> GateOptions:
    """Check the gate options. Raises InputError."""
    if params.get("api_version") == "v1":
        refuse(given(params), PER_ITEM, "v1")
    canaries = None
    if params.get("proven_on") is not None:
        canaries = selection_from(params["proven_on"], required=False)
        if not canaries.names_any or canaries.selects_nothing:
            raise InputError("proven_on", "names no canary sites.", "Give sites, site_tags or clients.")
    proven_for = not_negative(params, "proven_for", 0)
    if proven_for and (canaries is None or not params.get("proven_history")):
        raise InputError("proven_for", "needs proven_on and proven_history.", "Give both, or leave it out.")
    limited = params.get("max_backup_age") is not None
    waits = params.get("min_offer_age") is not None
    return GateOptions(
        canaries=canaries,
        proven_for=proven_for,
        history=params.get("proven_history"),
        allow_unknown=params.get("unproven") == "allow",
        backup=not_negative(params, "max_backup_age", 0) if limited else None,
        min_offer_age=not_negative(params, "min_offer_age", 0) if waits else None,
        offer_history=folder_for_offers(params.get("offer_history")),
    )


def with_gates(
    dashboard: Dashboard, plan: PlanOptions, gates: GateOptions, listed: Sequence[Site] | None
) -> PlanOptions:
    """``plan`` with the proof of the canary sites, which are read here with their plugins and themes. ``listed`` is the
    whole fleet, if that was listed."""
    if gates.canaries is None:
        return plan
    fields = (*SLIM, *EXTENSIONS)
    named = () if listed is not None else gates.canaries.only_ids or ()
    whole = list(dashboard.api.sites.by_id(named, fields).values())
    if not named or len(whole) < len(named):
        fleet = _outline(dashboard, gates.canaries) if listed is None else listed
        chosen = _chosen(dashboard, fleet, gates.canaries)
        whole = list(dashboard.api.sites.by_id([site.id for site in chosen], fields).values())
    if not whole:
        raise InputError("proven_on", "selects no site.", "Nothing would ever be proven: name canary sites.")
    ids = [site.id for site in whole]
    history = history_from(gates.history, dashboard.connection.url, ids) if gates.history else {}
    gate = gate_from(whole, history, gates.proven_for, gates.allow_unknown, dashboard.now())
    return replace(plan, proven=gate)


def _chosen(dashboard: Dashboard, fleet: Sequence[Site], canaries: Selection) -> tuple[Site, ...]:
    """The canary sites. Raises InputError, which names ``proven_on``: ``site_tags`` and the like are options beside it, too,
    and what ``fail_on_missing`` allows is about those."""
    try:
        return select(fleet, canaries, lambda: dashboard.tags, lambda: dashboard.clients).sites
    except InputError as exc:
        raise InputError("proven_on", exc.message, "Check the spelling." if exc.hint == LOOSEN else exc.hint) from None


def with_offers(
    plan: PlanOptions, gates: GateOptions, listed: Sequence[Site], check_mode: bool, warn: Callable[[str], None]
) -> PlanOptions:
    """``plan`` with since when releases have been offered. What ``listed`` sites are offered is noted, but in check mode."""
    if gates.min_offer_age is None:
        return plan
    offers = Offers(gates.offer_history, gates.min_offer_age, not check_mode, warn)
    offers.see(update for site in listed for update in site.updates)
    return replace(plan, offers=offers)


def _outline(dashboard: Dashboard, canaries: Selection) -> list[Site]:
    """All sites with just what ``canaries`` looks at: a task per host must not list the whole fleet for each."""
    by_name = canaries.sites is not None or canaries.clients is not None
    found = dashboard.v2.sites.basic() if by_name else []
    if canaries.site_tags is None:
        return found
    members: dict[int, list[Tag]] = {}
    for row in dashboard.v2.tags.complete:
        for number in row["sites_ids"]:
            members.setdefault(number, []).append(Tag(row["id"], row["name"]))
    if not by_name:
        found = [Site(number, url="", name="") for number in members]
    return [replace(site, tags=tuple(members.get(site.id, ()))) for site in found]
