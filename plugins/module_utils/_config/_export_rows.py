# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Dashboard keeps – fields, tags, clients, sites, costs, keys –, as kinds of a tree. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import _errors as errors
from .._api.collection import Id
from .._api.costs import Owner
from .._api.managed_sites import CONNECTED
from .._api.resource import Row, parallel
from .._dashboard import Dashboard
from .._models import Site
from .._report import and_more
from .._resources._engine import closely
from .._resources._resource import State, Thing, Wanted
from .._resources._slugs import slug_of
from .._resources._spellings import place, spellings
from .._resources.api_keys import API_KEY
from .._resources.client_fields import CLIENT_FIELD
from .._resources.clients import CLIENT
from .._resources.cost_types import BUILT_IN, METHODS, PAYMENT_METHOD, PRODUCT_TYPE
from .._resources.costs import COST
from .._resources.sites import SITE, read_all, site_of
from .._resources.tags import TAG
from ._export_entries import Draft, Trial, things
from ._export_part import Part, by_name
from .kinds import BY_NAME

#: What of a client says no more than that there is one.
_NOT_PERSONAL = ("name", "created", "suspended")
_LEADS = ("lead", "lost")
#: Columns of a site that cost a request each site.
_IN_EDITING, _EMAILS = ("automatic_update", "health_checking", "health_threshold"), "monitoring_emails"
_UNREAD = (
    "Who is the administrator of a site, its passwords and its unique id cannot be read: dashboard_config_secrets adds a site.",
    "Notes, whether certificates are verified, backups before updates and what monitors have of their own: the API lacks them.",
)


@dataclass(frozen=True)
class Rows:
    """Everything that is kept, each kind read once, when it is asked for."""

    dashboard: Dashboard
    personal: bool
    per_site: bool

    @cached_property
    def client_fields(self) -> Part:
        """Client fields, without the values that clients have of them."""
        left_out = ["What clients have in these fields is not here: MainWP's API never tells it."]
        found = things(CLIENT_FIELD, self.dashboard.v2.client_fields.rows)
        trial = Trial(BY_NAME["client_fields"], CLIENT_FIELD, self.dashboard)
        return trial.part([*map(trial.draft, found)], left_out if found else ())

    @cached_property
    def cost_product_types(self) -> Part:
        """Product types; those that come with MainWP by their slugs, for their titles are in the Dashboard's language."""
        trial = Trial(
            BY_NAME["cost_product_types"],
            PRODUCT_TYPE,
            self.dashboard,
            everywhere=lambda thing: str(thing.id) in BUILT_IN,
        )
        drafts = []
        for thing in things(PRODUCT_TYPE, self.dashboard.v2.product_types.rows):
            draft = trial.draft(thing, _slug_of(thing))
            if trial.everywhere(thing):
                del draft.options["title"]
            drafts.append(draft)
        return trial.part(drafts)

    @cached_property
    def cost_payment_methods(self) -> Part:
        """Those that somebody made; the others the API does not list."""
        trial = Trial(BY_NAME["cost_payment_methods"], PAYMENT_METHOD, self.dashboard)
        found = things(PAYMENT_METHOD, self.dashboard.v2.payment_methods.rows)
        return trial.part([trial.draft(thing, _slug_of(thing)) for thing in found])

    @cached_property
    def tags(self) -> Part:
        """Tags; which sites have them is said at the sites."""
        trial = Trial(BY_NAME["tags"], TAG, self.dashboard)
        return trial.part([*map(trial.draft, things(TAG, self.dashboard.v2.tags.rows))])

    @cached_property
    def clients(self) -> Part:
        """Clients; which sites are theirs is said at the sites."""
        trial = Trial(BY_NAME["clients"], CLIENT, self.dashboard)
        found = things(CLIENT, self.dashboard.v2.clients.rows)
        drafts = []
        for thing in found:
            draft = trial.draft(thing)
            if not self.personal:
                draft.options = {name: value for name, value in draft.options.items() if name in _NOT_PERSONAL}
            if thing.more["status"] in _LEADS:
                draft.drop("suspended", f"MainWP calls it {thing.more['status']}, which its API cannot set.")
            drafts.append(draft)
        left_out = [] if self.personal or not found else ["Contact fields are left out without include_personal: true."]
        part = trial.part(drafts, left_out)
        return Part(part.kind, part.content, part.left_out, _known_as(found, part.names, self.personal))

    @cached_property
    def _all_sites(self) -> tuple[list[Row], dict[int, str]]:
        """(all sites, with what a request each tells where that is asked for; those that were removed meanwhile, id → address)"""
        rows = [*read_all(self.dashboard).values()]
        if not self.per_site:
            return rows, {}
        told = [*zip(rows, parallel(self._besides, rows), strict=True)]
        there = [row | more for row, more in told if more is not None]
        return there, {row["id"]: row["url"] for row, more in told if more is None}

    def _besides(self, row: Row) -> Row | None:
        """None for a site that is gone since it was listed, which each release of MainWP says in its own way."""
        sites = self.dashboard.v2.sites
        try:
            return sites.besides(row["id"], True, self.personal)
        except errors.OF_THE_DASHBOARD:
            raise
        except errors.ApiError:
            if sites.whole(row["id"], False, False) is None:
                return None
            raise

    @property
    def site_rows(self) -> list[Row]:
        """All sites that are still there."""
        return self._all_sites[0]

    @property
    def gone(self) -> dict[int, str]:
        """Those that were removed while this was read, id → address."""
        return self._all_sites[1]

    @cached_property
    def sites(self) -> Part:
        """Sites, each with its tags and its client."""
        trial = Trial(BY_NAME["sites"], SITE, self.dashboard, besides={"admin": "anybody"})
        found = things(SITE, self.site_rows)
        neighbours = _neighbours(map(site_of, found))
        drafts, untagged = [], []
        for thing in found:
            refs = [self.tags.names.get(ref.id) for ref in thing.values["site_tags"]]
            client = thing.values["client"]
            values = {
                "client": self.clients.names.get(client.id, "") if client.id else "",
                "site_tags": sorted(filter(None, refs), key=by_name),
                "site_tags_mode": "add" if None in refs else None,
                "another_child": True if thing.id in neighbours else None,
                "connected": None,
            }
            draft = trial.draft(thing, values | _unlike_the_default(thing))
            if client.id and not values["client"]:
                draft.drop("client", f"nothing names client {client.name or client.id} for sure.")
            if None in refs:
                untagged.append(thing.values["site_url"])
            drafts.append(draft)
        away = [thing.values["site_url"] for thing in found if thing.values["connected"] != CONNECTED]
        left_out = [*_UNREAD] if found else []
        left_out += [f"Tags that are left out are missing here, too: {and_more(sorted(untagged))}."] if untagged else []
        left_out += [f"Not connected now, of which nothing is said here: {', '.join(sorted(away))}."] if away else []
        left_out += self._not_asked if found else []
        return trial.part(drafts, left_out)

    @property
    def _not_asked(self) -> list[str]:
        if not self.per_site:
            return ["What costs a request for each site is left out without per_site_settings: true."]
        return [] if self.personal else ["Monitoring e-mails are left out without include_personal: true."]

    @cached_property
    def costs(self) -> Part:
        """Costs, one by one for their colours and icons."""
        trial = Trial(BY_NAME["costs"], COST, self.dashboard)
        state = State((*things(COST, self.dashboard.v2.costs.complete),))
        whole = parallel(lambda thing: closely(COST, self.dashboard, thing, Wanted({})), state.things)
        return trial.part([self._cost(trial, thing) for thing in whole if thing])

    def _cost(self, trial: Trial, thing: Thing) -> Draft:
        """One whose owners cannot be named, or are all gone, cannot be made anew."""
        draft = trial.draft(thing, dict.fromkeys(_OWNERS))
        for option, part in _OWNERS.items():
            owners: tuple[Owner, ...] = thing.values[option]
            gone = self.gone if option == "sites" else ()
            known = [owner for owner in owners if owner.name is not None and owner.id not in gone]
            names = [part(self).names.get(owner.id, "") for owner in known]
            if not all(names) or (owners and not known):
                draft.problem = f"{option}: some of them cannot be named, or all are gone."
            elif names:
                draft.options[option] = sorted(names, key=by_name)
            if known and len(known) < len(owners):
                draft.lacks.append((f"some of its {option}", "they are gone, and MainWP still has them with it."))
        for option, kinds, always in (
            ("product_type", self.cost_product_types, (*BUILT_IN, "")),
            ("payment_method", self.cost_payment_methods, (*METHODS, "")),
        ):
            slug = thing.values[option]
            if slug not in kinds.names and slug not in always:
                draft.drop(option, f"'{slug}' is gone, or cannot be made anew.")
        return draft

    @cached_property
    def api_keys(self) -> Part:
        """Keys of API v2, without their tokens, which nobody can read."""
        trial = Trial(BY_NAME["api_keys"], API_KEY, self.dashboard)
        rows = self.dashboard.v2.keys.rows
        found = things(API_KEY, rows)
        left_out = ["Tokens cannot be read: keys that are made anew have new ones."] if found else []
        if len(found) < len(rows):
            left_out.append("Keys of API v1 are left out: MainWP's API only lists them.")
        return trial.part([*map(trial.draft, found)], left_out)


def _known_as(found: Sequence[Thing], exported: Mapping[Id, str], personal: bool) -> dict[Id, str]:
    """Clients by their names; where a name could mean another one, by their e-mail addresses, if these may be told."""
    known = {thing.id: thing.values for thing in found}
    names = Counter(values["name"] for values in known.values())
    emails = Counter(values["email"].casefold() for values in known.values())

    def called_by(number: Id, name: str) -> str:
        email: str = known[number]["email"]
        sure = names[name] == 1 and emails[name.casefold()] == (email.casefold() == name.casefold())
        return name if sure else email if personal else ""

    called = {number: called_by(number, name) for number, name in exported.items()}
    return {number: text for number, text in called.items() if text}


def _slug_of(thing: Thing) -> dict[str, Any]:
    """Costs know kinds by their slugs, which stay when a title changes."""
    return {} if slug_of(thing.values["title"]) == thing.id and thing.id not in BUILT_IN else {"slug": thing.id}


_OWNERS: dict[str, Callable[[Rows], Part]] = {
    "sites": lambda rows: rows.sites,
    "site_tags": lambda rows: rows.tags,
    "clients": lambda rows: rows.clients,
}


def _unlike_the_default(thing: Thing) -> dict[str, Any]:
    """What costs a request is said only where it is no default."""
    values = {name: thing.values[name] for name in (*_IN_EDITING, _EMAILS)}
    said = {name: None if value in (None, SITE.by_name[name].blank) else value for name, value in values.items()}
    return said | {_EMAILS: sorted(values[_EMAILS])} if said[_EMAILS] else said


def _neighbours(sites: Iterable[Site]) -> set[int]:
    """Sites that an empty Dashboard would take for another address of others in the tree."""
    known = list(sites)
    hosts = Counter(place(site.url) for site in known)
    servers = {place(site.ip) for site in known if site.ip}
    near = [site for site in known if hosts[place(site.url)] > 1 or place(site.url) in servers]
    return {site.id for site in near if spellings(site.url, (other for other in known if other.id != site.id))}
