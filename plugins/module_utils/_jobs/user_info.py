# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_user_info does: users of child sites, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import _errors as errors
from .. import _report as reporting
from .._api.resource import Row
from .._api.users import Told
from .._dashboard import Dashboard
from .._models import Site, iso
from .._selection import Selection, selection_from
from .._users import ADMINISTRATOR, login_from, same_login
from ._asked_sites import READ, asked_sites, head
from ._common import Reporter


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_user_info."""

    selection: Selection
    logins: tuple[str, ...]
    roles: tuple[str, ...]
    include_email: bool


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    named: dict[str, str] = {}
    for text in params.get("logins") or ():
        named.setdefault(str(text).casefold(), login_from("logins", text))
    logins = tuple(named.values())
    roles = tuple(dict.fromkeys(params.get("roles") or (() if logins else (ADMINISTRATOR,))))
    if params.get("logins") == [] or params.get("roles") == []:
        empty = "logins" if params.get("logins") == [] else "roles"
        raise errors.InputError(empty, "the list is empty.", "Name some, or leave it out.")
    return Options(selection_from(params, required=False), logins, roles, bool(params.get("include_email")))


def run(dashboard: Dashboard, options: Options, reporter: Reporter, _check_mode: bool) -> dict[str, Any]:
    """The users of the selected sites, sorted by address and login."""
    chosen = asked_sites(dashboard, options.selection, reporter)
    at = iso(dashboard.now())
    found = read(dashboard, chosen, options)
    sites = [_site(site, found[site.id], options.include_email) for site in chosen]
    count = sum(len(site.get("users", ())) for site in sites)
    unknown = sum("users" not in site for site in sites)
    text = f"{reporting.plural(count, 'user')} on {reporting.plural(len(sites) - unknown, 'site')}"
    return {
        "changed": False,
        "msg": f"{text} · {unknown} not known" if unknown else text,
        "count": count,
        "at": at,
        "roles": list(options.roles),
        "logins": list(options.logins),
        "sites": sites,
        "dashboard": dashboard.in_results,
    }


def read(dashboard: Dashboard, sites: Sequence[Site], options: Options) -> Told:
    """Those who were asked for. The API finds parts of logins, names and addresses: what it finds is looked at exactly."""
    users_of = dashboard.v2.users.of_all
    if not options.logins:
        return users_of(sites, roles=options.roles)
    found: dict[int, list[Row] | errors.MainWPError] = {site.id: [] for site in sites}
    for login in options.logins:
        known = [site for site in sites if isinstance(found[site.id], list)]
        for number, users in users_of(known, login, options.roles).items():
            before = found[number]
            if isinstance(users, list) and isinstance(before, list):
                found[number] = [*before, *(user for user in users if same_login(user["username"], login))]
            else:
                found[number] = users
    return found


def _site(site: Site, users: list[Row] | errors.MainWPError, with_email: bool) -> dict[str, Any]:
    """A site as the module returns it; without ``users`` where nobody knows them."""
    if isinstance(users, errors.MainWPError):
        return {**head(site), "result": "unknown", "reason": users.reason, "message": str(users)}
    entries = [
        {
            "id": user["id"],
            "login": user["username"],
            "role": user["role"],
            "posts": user["posts"],
            **({"email": user["email"]} if with_email else {}),
        }
        for user in users
    ]
    return {
        **head(site),
        **READ,
        "users": sorted(entries, key=lambda entry: (str(entry["login"]).casefold(), entry["id"])),
    }
