# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Costs. PRIVATE to the collection.

One is known by its product type and slug, which only one plugin or theme has, else by its name. It belongs to sites, to tags
or to clients. The API checks next to nothing of what it is sent, so that is done here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._api.collection import Id
from .._api.costs import Owner
from .._api.resource import Row
from .._dashboard import Dashboard
from .._errors import InputError, NotFound
from .._models import Site
from .._selection import Finder, finder, named_sites
from . import _info
from . import _telling as telling
from ._fields import Field, Unstorable, choice, colour, icon, lines, link, moment, number, text
from ._kept import Kept
from ._naming import client_of, tag_of
from ._resource import Plan, Resource, State, Thing, Wanted
from ._slugs import is_reachable
from .cost_types import BUILT_IN, METHODS, PAYMENT_METHOD, PRODUCT_TYPE

#: Option → column.
_OWNERS = {"sites": "sites", "site_tags": "groups", "clients": "clients"}
_BY_NAME: Kept[Site, Finder] = Kept(lambda sites: finder(sorted(sites, key=lambda site: site.sort_key)))
#: What a column of the database holds.
_LONGEST = {"product_type": 20, "payment_method": 50}


def _owners(name: str) -> Field:
    """Whom it belongs to: at least one."""

    def wanted(given: Any) -> tuple[str, ...]:
        texts = tuple(str(text) for text in given)
        if not texts:
            raise Unstorable("is empty, and MainWP's API wants at least one.")
        return texts

    def ids(value: Iterable[Owner]) -> list[int]:
        return [owner.id for owner in value]

    def shown(value: Iterable[Owner]) -> str:
        return ", ".join(str(owner.url or owner.name or owner.id) for owner in value)

    def merged(had: tuple[Owner, ...], given: tuple[Owner, ...]) -> tuple[Owner, ...]:
        """Those that nobody can name, for they were removed elsewhere, are no difference."""
        return had if {owner for owner in had if owner.name is not None} == {*given} else given

    return Field(
        name,
        _OWNERS[name],
        wanted=wanted,
        sent=ids,
        same=ids,
        shown=shown,
        blank=(),
        merged=merged,
        spec={"type": "list", "elements": "str"},
    )


def _kind(name: str, blank: str = "") -> Field:
    """The slug of a product type or payment method."""
    return Field(name, name, wanted=lambda given: str(given).strip(), blank=blank, always=bool(blank))


def _by(key: str, one: Field) -> Field:
    """A field that is written by another name than it is read by."""
    return replace(one, key=key)


def _key_of(values: Mapping[str, Any], key: str) -> str:
    """Of slugs only those of plugins and themes tell one from another."""
    if key != "slug":
        return values.get(key) or ""
    kind, slug = values.get("product_type"), values.get("slug")
    return f"{kind}:{slug}" if slug and kind in ("plugin", "theme") else ""


def _one_owner(values: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What belongs to sites now belongs to tags and clients no more."""
    named = [name for name in _OWNERS if name in given]
    return {**values, **{name: () for name in _OWNERS if named and name not in named}}


def _prepare(dashboard: Dashboard, _state: State, meant: Thing | None, wanted: Wanted) -> Wanted:
    """Owners by name, and kinds that there are; one that is gone stays in the costs that have it."""
    if not wanted.present:
        return wanted
    values = dict(wanted.values)
    for name in _OWNERS:
        if name in values:
            values[name] = _named(dashboard, name, values[name])
    for name, resource, known in (
        ("product_type", PRODUCT_TYPE, BUILT_IN),
        ("payment_method", PAYMENT_METHOD, tuple(METHODS)),
    ):
        slug = values.get(name)
        if slug and slug not in known and not (meant and meant.values[name] == slug):
            rows = resource.routes(dashboard.v2).rows
            slugs = list(dict.fromkeys([*known, *(row["id"] for row in rows)]))
            if slug not in slugs:
                raise InputError(
                    name, f"the Dashboard has no {resource.noun} '{slug}'.", f"There is: {', '.join(slugs)}."
                )
            if not is_reachable(slug):
                raise InputError(name, f"no cost can store the slug '{slug}': MainWP cuts percent codes.")
            if len(slug) > _LONGEST[name]:
                longest = _LONGEST[name]
                raise InputError(name, f"the slug '{slug}' has {len(slug)} characters, a cost stores {longest}.")
    return replace(wanted, values=values)


def _named(dashboard: Dashboard, option: str, texts: Iterable[str]) -> tuple[Owner, ...]:
    api = dashboard.v2
    if option == "sites":
        ids = named_sites(option, texts, _BY_NAME.of(api.costs.sites), "Check the spelling.")
    elif option == "site_tags":
        ids = {tag_of(option, text, api.tags.rows).id for text in texts}
    else:
        ids = {client_of(option, text, api.clients.rows).id for text in texts}
    known = api.costs.owners(_OWNERS[option])
    return tuple(known[number] for number in sorted(ids))


def _refuses(plan: Plan) -> None:
    after = plan.after
    if after is None or plan.action == "unchanged":
        return
    held = [name for name in _OWNERS if after.values[name]]
    if not held:
        raise InputError(
            "sites", "whose cost is it?", "Give sites, site_tags or clients; MainWP's API wants one of them."
        )
    if len(held) > 1:
        text = (
            f"{COST.called(after)} belongs to {' and '.join(held)} at once, of which MainWP's API would keep the first."
        )
        raise InputError(held[0], text, "Give one of sites, site_tags and clients, or edit it in MainWP's own pages.")


def _whole(dashboard: Dashboard, number: Id, _wanted: Wanted) -> Row | None:
    try:
        return dashboard.v2.costs.one(number)
    except NotFound:
        return None


def _told(cost: Thing) -> dict[str, Any]:
    """Owners in the shape that sites have everywhere."""
    sites = [{"id": owner.told_id, "url": owner.url, "name": owner.name} for owner in cost.values["sites"]]
    rest = {
        name: [{"id": owner.told_id, "name": owner.name} for owner in cost.values[name]]
        for name in ("site_tags", "clients")
    }
    return {**cost.values, **cost.more, "sites": sites, **rest}


COST = Resource(
    noun="cost",
    routes=lambda api: api.costs,
    fields=(
        text("name", limit=65535, required=True, empty=""),
        _by("payment_type", choice("type", "type", ("subscription", "lifetime"), "subscription")),
        _kind("product_type", "other"),
        _by("product_slug", text("slug", limit=191, whole=True, empty="")),
        choice("license_type", "license_type", ("single_site", "multi_site"), "single_site"),
        _by(
            "cost_tracker_status",
            choice(
                "status", "cost_status", ("active", "canceled", "onhold", "expired", "pending_cancelation"), "active"
            ),
        ),
        number("price", most=1e12),
        choice("renewal_type", "renewal_type", ("weekly", "monthly", "quarterly", "yearly", "disabled")),
        moment("last_renewal", when_new=True, marked=True),
        _kind("payment_method"),
        link("cost_url", "url"),
        _by("icon_hidden", icon("icon", "cost_icon", can_empty=True)),
        _by("product_color", colour("color", "cost_color", can_empty=True)),
        lines("note"),
        _owners("sites"),
        _owners("site_tags"),
        _owners("clients"),
    ),
    keys=("slug", "name"),
    unique=("slug",),
    has_sites=False,
    whole_row=_whole,
    only_whole=frozenset({"icon", "color"}),
    prepare=_prepare,
    key_of=_key_of,
    settled=_one_owner,
    refuse=_refuses,
    told=_told,
    more=lambda row: {"next_renewal": row["next_renewal"]} if "next_renewal" in row else {},
    fresh={"next_renewal": ""},
)

#: What AnsibleModule takes beside the argument spec.
RULES: dict[str, Any] = {
    "mutually_exclusive": [("sites", "site_tags", "clients")],
    "required_by": {"slug": ("product_type",)},
}


def read_all(dashboard: Dashboard, asked: Mapping[str, set[Any]], reporter: Any, check_mode: bool) -> dict[str, Any]:
    """Costs, one by one for their colours and icons, and what product types and payment methods there are for them."""
    told = _info.run(COST, dashboard, asked, reporter, check_mode)
    for resource in (PRODUCT_TYPE, PAYMENT_METHOD):
        things = [resource.thing(row) for row in resource.routes(dashboard.v2).complete]
        told[f"{resource.result}s"] = [telling.as_dict(resource, thing, {}) for thing in things]
    return told
