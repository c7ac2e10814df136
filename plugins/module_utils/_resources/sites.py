# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Child sites. PRIVATE to the collection.

The list tells names and addresses; one site is read whole. Its administrator, passwords and security id are never read.
An edit takes the client from a site unless it is sent along. A new name is quoted, and many columns are no part of adding:
both is set right by an edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._addresses import address, same_host, spoken
from .._api.collection import Id
from .._api.managed_sites import CONNECTED, DISCONNECTED, connection
from .._dashboard import Dashboard
from .._errors import InputError
from .._locks import SPEC
from .._models import Site, Tag
from . import _texts
from ._fields import Field
from ._naming import NOBODY, Ref, client_of, tag_of
from ._resource import Plan, Resource, State, Thing, Wanted
from ._site_fields import (
    Change,
    choice,
    emails,
    flag,
    in_order,
    named,
    names,
    names_just,
    one_address,
    same_site,
    threshold,
    unread,
)
from ._spellings import spellings

#: Options that are read by a request of their own.
_IN_EDITING = ("automatic_update", "health_checking", "health_threshold")
#: Those that any reading of the site brings along.
_KEPT = ("ignore_core_updates", "ignore_plugin_updates", "ignore_theme_updates", "force_use_ipv4", "ssl_version")
#: As curl counts them, which MainWP stores.
_TLS = {"auto": 0, "1.x": 1, "1.0": 4, "1.1": 5, "1.2": 6, "1.3": 7}
_IPV4 = {"false": 0, "true": 1, "global": 2}


# -- names made ids -----------------------------------------------------------------------------------------------------


def _prepare(dashboard: Dashboard, state: State, meant: Thing | None, wanted: Wanted) -> Wanted:
    """Refuse what cannot be, and make ids of names, before anything is written."""
    values = dict(wanted.values)
    url = values.get("site_url", "")
    if meant and url and same_site(url) != same_site(meant.values["site_url"]):
        text = f"id {meant.id} is {meant.values['site_url']}, and MainWP's API cannot change an address."
        raise InputError("site_url", text, "Give one of the two.")
    if not wanted.present:
        return replace(wanted, values=values, notes=_warnings(state, meant))
    if meant is None:
        if not wanted.options["another_child"]:
            _refuse_spelling(url, _servers(dashboard, state))
        values["site_url"] = _new_address(url, values.get("protocol"), wanted.hidden)
    if "site_tags" in values:
        mode = wanted.options["site_tags_mode"]
        rows = dashboard.v2.tags.rows if values["site_tags"] else []
        refs = (tag_of("site_tags", text, rows) for text in values["site_tags"])
        values["site_tags"] = Change(mode, tuple(refs))
    if "client" in values:
        text = values["client"]
        rows = dashboard.v2.clients.rows if text else []
        values["client"] = client_of("client", text, rows) if text else NOBODY
    return replace(wanted, values=values, asked=wanted.values)


def _new_address(url: str, protocol: str | None, hidden: Mapping[str, Any]) -> str:
    """Of a site that is to be added."""
    scheme = url.split("://", maxsplit=1)[0].lower() if "://" in url else ""
    if not (scheme or protocol):
        raise InputError(
            "site_url",
            f"the Dashboard has no site '{url}', and to add it the whole address is needed.",
            "Write https:// or http:// before it.",
        )
    if scheme and protocol and scheme != protocol:
        raise InputError("protocol", f"the address of the new site begins with {scheme}://.", "Give one of the two.")
    if "admin" not in hidden:
        raise InputError(
            "admin", f"the Dashboard has no site '{spoken(url)}', and to add it an administrator is needed."
        )
    _refuse_cut({**hidden, "site_url": url})
    return url if scheme else f"{protocol}://{url}"


def _refuse_cut(given: Mapping[str, Any]) -> None:
    """Raises InputError for what would arrive as something else."""
    for name in ("site_url", "admin", "unique_id", "http_user"):
        text = given.get(name, "")
        if _texts.kept(text) != text:
            cut = "markup, percent codes and blanks at the ends"
            remedy = "Write each letter as itself." if name == "site_url" else ""
            raise InputError(name, f"to add a site, MainWP cuts {cut} from it, so it would be another one.", remedy)


def _servers(dashboard: Dashboard, state: State) -> list[Site]:
    """All managed sites with the addresses of their servers, which the list of names lacks."""
    if all("ip" in thing.more for thing in state.things):
        return [site_of(thing) for thing in state.things]
    return dashboard.v2.sites.all(("id", "url", "ip"))


def _refuse_spelling(url: str, sites: Iterable[Site]) -> None:
    """Raises InputError where a managed site may be the same child, and would lose its connection to the new one."""
    found = spellings(url, sites)
    if found:
        told = " or ".join(f"site '{site.url}' (id {site.id}; {why})" for site, why in found[:3])
        more = f" or of {len(found) - 3} more" if len(found) > 3 else ""
        text = f"'{url}' may be another address of {told}{more}, and adding it would take the connection from that one."
        raise InputError("site_url", text, "If it is a WordPress of its own, set another_child: true.")


def _warnings(state: State, meant: Thing | None) -> tuple[str, ...]:
    """Of the site that is to be removed."""
    if meant is None:
        return ()
    url = meant.values["site_url"]
    others = [thing for thing in state.things if thing.id != meant.id]
    near = [thing for thing in others if same_host(thing.values["site_url"], url)]
    if not near:
        return ()
    told = " and ".join(f"'{thing.values['site_url']}' (id {thing.id})" for thing in near[:3])
    return (f"If {told} is the same child as {url}, it is lost with it: MainWP Child is deactivated for both.",)


# -- reading and telling ------------------------------------------------------------------------------------------------


def asked_besides(wanted: Wanted) -> tuple[bool, bool]:
    """Which of the two requests that one site can cost besides are needed: in editing, and for e-mails."""
    asked = wanted.values.keys() if wanted.present else ()
    return any(name in asked for name in _IN_EDITING), "monitoring_emails" in asked


def read_all(dashboard: Dashboard) -> dict[int, dict[str, Any]]:
    """The rows of all sites by their ids, as far as the list tells them."""
    rows = dashboard.v2.sites.all_whole()
    tags = dashboard.tags if any(row["groupids"] for row in rows) else {}
    owners = dashboard.client_names(map(_site, rows))
    return {row["id"]: _with_names(row, tags, owners) for row in rows}


def read_besides(dashboard: Dashboard, number: int, wanted: Wanted) -> dict[str, Any]:
    """What of a row the list does not tell and is wanted; nothing costs nothing."""
    return dashboard.v2.sites.besides(number, *asked_besides(wanted))


def _whole_row(dashboard: Dashboard, number: Id, wanted: Wanted) -> dict[str, Any] | None:
    row = dashboard.v2.sites.whole(int(number), *asked_besides(wanted))
    if row is None:
        return None
    tags = dashboard.tags if row["groupids"] else {}
    owners = dashboard.client_names([_site(row)])
    return _with_names(row, tags, owners)


def _with_names(row: Mapping[str, Any], tags: Mapping[int, str], owners: Mapping[int, str]) -> dict[str, Any]:
    return {
        **row,
        "groupids": in_order(Ref(key, tags.get(key, "")) for key in row["groupids"]),
        "client_id": Ref(row["client_id"], owners.get(row["client_id"], "")),
        "connected": connection(row["sync_errors"]),
        "protocol": address(row["url"]).scheme,
    }


def settings_of(dashboard: Dashboard, number: int) -> dict[str, Any] | None:
    """What MainWP keeps of a site and other modules do not tell; None if the site is gone."""
    row = dashboard.v2.sites.whole(number, in_editing=True, emails=True)
    if row is None:
        return None
    told = _told(SITE.thing(_with_names(row, {}, {})))
    return {name: told[name] for name in ("connection", *_KEPT, *_IN_EDITING, "monitoring_emails")}


def site_of(thing: Thing) -> Site:
    """One that was read whole, as what works on sites knows it."""
    return Site(int(thing.id), thing.values["site_url"], thing.values["name"], ip=thing.more["ip"])


def as_site(thing: Thing, before: Site | None, number: int) -> Site:
    """One that is planned, as what works on sites would know it. ``before``: as it was read."""
    values = thing.values
    suspended, connected = bool(values["suspended"]), values["connected"] in (CONNECTED, None)
    status = CONNECTED if connected else DISCONNECTED
    return replace(
        before or Site(number, values["site_url"], values["site_url"]),
        name=values["name"] or values["site_url"],
        client_id=(values["client"] or NOBODY).id,
        tags=tuple(Tag(ref.id, ref.name) for ref in values["site_tags"] or ()),
        suspended=suspended,
        status="suspended" if suspended else status,
        sync_errors="" if connected else thing.more.get("sync_errors") or DISCONNECTED,
    )


def _site(row: Mapping[str, Any]) -> Site:
    return Site(row["id"], row["url"], row["name"], client_id=row["client_id"], ip=row["ip"])


def _told(site: Thing) -> dict[str, Any]:
    """A site in its stable shape; what was not read is null."""
    values = site.values
    url, client, suspended = values["site_url"], values["client"] or NOBODY, bool(values["suspended"])
    status = CONNECTED if values["connected"] in (CONNECTED, None) else DISCONNECTED
    emails = values["monitoring_emails"]
    return {
        "url": url,
        "name": values["name"],
        "status": "suspended" if suspended else status,
        "connection": values["connected"] or CONNECTED,
        "sync_errors": site.more.get("sync_errors", "") if values["connected"] != CONNECTED else "",
        "suspended": suspended,
        "client_id": max(client.id, 0),
        "client_name": client.name,
        "tags": [{"id": ref.told_id, "name": ref.name} for ref in values["site_tags"] or ()],
        **{name: values[name] for name in (*_KEPT, *_IN_EDITING)},
        "monitoring_emails": None if emails is None else list(emails),
    }


def _remark(done: Plan, check_mode: bool, complaint: str | None) -> str:
    if done.action == "created" and check_mode:
        return "Whether MainWP can connect to it cannot be known before it tries."
    if done.action != "removed":
        return ""
    if check_mode:
        return "MainWP Child would be deactivated on it, if it can be reached."
    if complaint is None:
        return "Whether MainWP Child was deactivated on it is not known."
    if complaint:
        return (
            f"MainWP could not tell its child, so MainWP Child stays active there: deactivate it by hand. ({complaint})"
        )
    return "MainWP Child was deactivated on it."


def _works_on(plan: Plan) -> Site | None:
    """The site whose child is told something, so that nobody else may be at work there."""
    before, after = plan.before, plan.after
    if before is None or (after and before.values["connected"] == after.values["connected"]):
        return None
    return site_of(before)


SITE = Resource(
    noun="site",
    routes=lambda api: api.sites,
    fields=(
        Field("site_url", "url", wanted=one_address, same=same_site, decides=names_just),
        Field("name", "name", wanted=named, shown=lambda name: r"\n".join(name.splitlines())),
        Field(
            "client",
            "client_id",
            read=lambda ref: ref if isinstance(ref, Ref) else None,
            wanted=lambda text: str(text).strip(),
            sent=lambda ref: ref.id,
            blank=NOBODY,
            same=lambda ref: ref and ref.id,
        ),
        Field(
            "site_tags",
            "groupids",
            wanted=lambda texts: tuple(str(text) for text in texts),
            merged=lambda had, change: change.of(had),
            sent=lambda refs: ",".join(str(ref.id) for ref in refs) or "0,",
            blank=(),
            same=lambda refs: refs and {ref.id for ref in refs},
            shown=names,
            spec={"type": "list", "elements": "str"},
        ),
        flag("ignore_core_updates"),
        flag("ignore_plugin_updates"),
        flag("ignore_theme_updates"),
        flag("automatic_update"),
        flag("health_checking", "disablehealthchecking", truth=False),
        Field(
            "health_threshold",
            "healththreshold",
            wanted=threshold,
            blank=0,
            when_new=False,
            spec={"type": "int"},
        ),
        Field(
            "monitoring_emails",
            "monitoring_emails",
            wanted=emails,
            sent=",".join,
            blank=(),
            when_new=False,
            same=lambda emails: emails and sorted(emails),
            shown=", ".join,
            spec={"type": "list", "elements": "str"},
        ),
        # 0 is no value to MainWP, and any word is (recorded)
        choice("ssl_version", "sslversion", _TLS, lambda number: number or "auto", when_new=False),
        choice("force_use_ipv4", "force_use_ipv4", _IPV4, lambda number: number, when_new=True),
        Field("protocol", "protocol", when_new=False, spec={"type": "str", "choices": ["http", "https"]}),
        Field(
            "connected",
            "connected",
            wanted=lambda given: CONNECTED if given else DISCONNECTED,
            sent=lambda value: value == CONNECTED,
            blank=CONNECTED,
            when_new=False,
            alone=True,
            spec={"type": "bool"},
        ),
        Field(
            "suspended",
            "suspended",
            blank=False,
            when_new=False,
            alone=True,
            spec={"type": "bool"},
        ),
        unread("admin", "admin", secret=False),
        unread("admin_password", "adminpassword", editable=False),
        unread("unique_id", "uniqueid"),
        unread("http_user", "http_user", secret=False),
        unread("http_pass", "http_pass"),
    ),
    keys=("site_url",),
    resent=("client",),
    options={
        "site_tags_mode": {"type": "str", "choices": ["replace", "add", "remove"], "default": "replace"},
        "another_child": {"type": "bool", "default": False},
        **SPEC,
        "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    },
    has_sites=False,
    more=lambda row: {name: row[name] for name in ("sync_errors", "ip") if name in row},
    may_become=lambda wanted, found: same_site(wanted) == same_site(found),
    long_making=4,
    prepare=_prepare,
    whole_row=_whole_row,
    told=_told,
    remark=_remark,
    works_on=_works_on,
)
