# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of sites. PRIVATE to the collection.

Nothing tells which user MainWP itself connects as. Deleting that one succeeds and cuts the site off; demoting it succeeds
and does nothing (recorded). So what takes an administrator's rights goes one site ahead, and each such site is synced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import _errors as errors
from .._api.resource import Row
from .._dashboard import Dashboard
from .._errors import InputError
from .._models import Site
from .._resources import _texts
from .._secrets import printable
from .._users import ADMINISTRATOR, ROLES, email_from, login_from, password_from, same_login, web_from
from ._kind import Entry, Kind, planned, refused

CREATE, EDIT, DELETE = "create", "edit", "delete"
ALWAYS, ON_CREATE = "always", "on_create"
#: Users of this number the API leaves as they are: it takes them for the one that MainWP connects as (recorded).
_FIRST = 1
#: What cannot be read back, by its name in the API; of a new user only the first three are taken at once.
_AT_ONCE = ("first_name", "last_name", "user_url")
PROFILE = (*_AT_ONCE, "nickname", "display_name", "description")
_LONGEST_NAME = 250

_PROTECTED = (
    "MainWP's API never changes the first user of a site: it takes that one for the user that it connects as. "
    "Do it in WordPress itself."
)
_ALLOW = (
    "It is an administrator there, and may be the one that MainWP connects as, without whom the site is cut off. Set "
    "allow_administrator: true to go on, one site ahead."
)


@dataclass(frozen=True)
class Account:
    """What a site has of the user."""

    row: Row | None = None
    #: Any of its roles is that of an administrator. Only looked at where that right would be taken.
    is_administrator: bool = False
    #: Another user of the site who has the wanted e-mail address, as far as is known.
    rival: str = ""


@dataclass(frozen=True)
class Wish:
    """What a task wants of one user."""

    login: str
    absent: bool
    role: str | None
    email: str | None
    password: str | None
    profile: Mapping[str, str]
    #: Write what cannot be read, each time.
    again: frozenset[str]
    send_password: bool
    allow_administrator: bool

    def demotes(self, row: Row) -> bool:
        """It would take the rights of this one, if it is an administrator."""
        return self.absent or self.role not in (None, ADMINISTRATOR, row["role"])

    def value_of(self, row: Row | None) -> dict[str, str] | None:
        """What results tell of a user; the e-mail address only where it was given."""
        if row is None:
            return None
        return {"role": row["role"], **({"email": row["email"]} if self.email is not None else {})}

    def new_body(self) -> dict[str, Any]:
        """What makes the user."""
        body: dict[str, Any] = {"username": self.login, "email": self.email, "role": self.role or "subscriber"}
        body |= {name: text for name, text in self.profile.items() if name in _AT_ONCE}
        if self.password is not None:
            body["password"] = self.password
        return {**body, "send_password": self.send_password}

    def later_body(self) -> dict[str, str]:
        """What a new user cannot be given before it is there."""
        return {name: text for name, text in self.profile.items() if name not in _AT_ONCE}

    def edit_body(self, row: Row) -> dict[str, str]:
        """What makes a user so who is there."""
        given = {"role": self.role, "email": self.email}
        body = {name: text for name, text in given.items() if text is not None and row[name] != text}
        if "profile" in self.again:
            body |= self.profile
        if "password" in self.again and self.password is not None:
            body["password"] = self.password
        return body


@dataclass(frozen=True)
class Users(Kind[Account]):
    """One user who shall be there, or gone, on each site."""

    wish: Wish

    noun, plural, key_name, option = "user", "users", "login", "login"
    syncs = False
    rescue = (
        "If MainWP connected as this user, mainwp_site gets the site back with another administrator as admin, update_password: "
        "always and connected: true."
    )

    # -- reading ---------------------------------------------------------------------------------------------------

    def read(self, dashboard: Dashboard, site: Site) -> Account:
        """Asked of the site itself, at this moment. Raises where it does not tell."""
        account = self._read(dashboard, [site], hints=False)[site.id]
        if isinstance(account, errors.MainWPError):
            raise account
        return account

    def read_all(
        self, dashboard: Dashboard, sites: Sequence[Site]
    ) -> Mapping[int, Account | errors.MainWPError | None]:
        """Many sites by one request. One password for several of them is worth a warning."""
        found = self._read(dashboard, sites, hints=True)
        writes = sum(self._writes_password(account) for account in found.values())
        if writes > 1:
            dashboard.warn(
                f"One password for {writes} sites: who learns it on one has all of them. The examples of mainwp_user show "
                "a password for each site."
            )
        return found

    def _read(
        self, dashboard: Dashboard, sites: Sequence[Site], hints: bool
    ) -> dict[int, Account | errors.MainWPError]:
        """``hints``: look for what the site would refuse, too."""
        users, wish = dashboard.v2.users, self.wish
        found = {
            number: rows if isinstance(rows, errors.MainWPError) else self._own(rows)
            for number, rows in users.of_all(sites, wish.login).items()
        }
        known = {site.id: row for site in sites if not isinstance(row := found[site.id], errors.MainWPError)}

        def asked(text: str, roles: Sequence[str], of: Iterable[int], sure: bool) -> Mapping[int, Any]:
            numbers = set(of)
            return users.of_all([site for site in sites if site.id in numbers], text, roles, sure) if numbers else {}

        changed = (number for number, row in known.items() if wish.email and (row or {}).get("email") != wish.email)
        rivals = asked(wish.email or "", (), changed, False) if hints else {}
        veiled = (number for number, row in known.items() if row and wish.demotes(row) and row["role"] != ADMINISTRATOR)
        rights = asked(wish.login, (ADMINISTRATOR,), veiled, True)
        told: dict[int, Account | errors.MainWPError] = {}
        for number, row in found.items():
            if isinstance(row, errors.MainWPError) or isinstance(rights.get(number), errors.MainWPError):
                told[number] = row if isinstance(row, errors.MainWPError) else rights[number]
                continue
            has_rights = bool(row and (row["role"] == ADMINISTRATOR or self._own(rights.get(number, ()))))
            told[number] = Account(row, has_rights, self._rival(rivals.get(number, ())))
        return told

    def _own(self, rows: Iterable[Row]) -> Row | None:
        """The API finds parts of logins, names and addresses, too."""
        return next((row for row in rows if same_login(row["username"], self.wish.login)), None)

    def _rival(self, rows: Iterable[Row] | errors.MainWPError) -> str:
        wanted = (self.wish.email or "").casefold()
        for row in () if isinstance(rows, errors.MainWPError) else rows:
            if row["email"].casefold() == wanted and not same_login(row["username"], self.wish.login):
                return str(row["username"])
        return ""

    def _writes_password(self, account: Account | errors.MainWPError) -> bool:
        if isinstance(account, errors.MainWPError) or self.wish.password is None or self.wish.absent:
            return False
        return account.row is None or "password" in self.wish.again

    @property
    def turn(self) -> int:
        """An e-mail address is free once who had it is gone."""
        return int(not self.wish.absent)

    def foreseen(self, state: Account, told: Sequence[Mapping[str, Any]]) -> Account:
        """Who has the wanted e-mail address by then."""
        for thing in told:
            email = (thing["after"] or {}).get("email")
            if thing["login"] == state.rival and (thing["after"] is None or email not in (None, self.wish.email)):
                state = replace(state, rival="")
            elif email and email == self.wish.email and not same_login(thing["login"], self.wish.login):
                state = replace(state, rival=thing["login"])
        return state

    # -- planning ----------------------------------------------------------------------------------------------------

    def plan(self, site: Site, state: Account) -> list[Entry]:
        """One entry."""
        del site
        entry = Entry(
            self.wish.login, before=self.wish.value_of(state.row), more={"administrator": state.is_administrator}
        )
        return [self._gone(entry, state.row) if self.wish.absent else self._there(entry, state)]

    def _gone(self, entry: Entry, row: Row | None) -> Entry:
        if row is None:
            return entry
        if row["id"] == _FIRST:
            return refused(entry, "protected", _PROTECTED)
        if entry.more["administrator"] and not self.wish.allow_administrator:
            return refused(entry, "administrator", _ALLOW)
        return planned(replace(entry, payload=row["id"]), DELETE, None)

    def _there(self, entry: Entry, state: Account) -> Entry:
        wish, row = self.wish, state.row
        if row is None and wish.email is None:
            text = "There is no such user on the site, and MainWP makes none without an e-mail address: give email."
            return refused(entry, "email_missing", text)
        body = wish.new_body() if row is None else wish.edit_body(row)
        if not body:
            return entry
        if row and row["id"] == _FIRST:
            return refused(entry, "protected", _PROTECTED)
        if row and entry.more["administrator"] and wish.demotes(row) and not wish.allow_administrator:
            return refused(entry, "administrator", _ALLOW)
        if "email" in body and state.rival:
            return refused(entry, "email_taken", f"User '{state.rival}' of the site has this e-mail address.")
        known: dict[str, Any] = {"role": body.get("role"), "email": body.get("email")}
        wanted = {**(entry.before or {}), **{name: text for name, text in known.items() if text}}
        return planned(replace(entry, payload=(row["id"], body) if row else None), EDIT if row else CREATE, wanted)

    def first_alone(self, entries: Iterable[Entry]) -> bool:
        """What takes the rights of an administrator is tried on one site."""
        return any(_takes_rights(entry) for entry in entries)

    def syncs_after(self, sent: Iterable[Entry]) -> bool:
        """Only a sync shows whether MainWP still gets in."""
        return self.first_alone(sent)

    # -- acting ------------------------------------------------------------------------------------------------------

    def send(self, dashboard: Dashboard, site: Site, entry: Entry) -> str:
        """One write; and for a new user, what it could not be given at once."""
        users, wish = dashboard.v2.users, self.wish
        if entry.action == CREATE:
            return users.create(site, wish.new_body()) or self._complete(dashboard, site)
        return users.delete(site, entry.payload) if entry.action == DELETE else users.edit(site, *entry.payload)

    def _complete(self, dashboard: Dashboard, site: Site) -> str:
        body = self.wish.later_body()
        if not body:
            return ""
        try:
            row = self._own(dashboard.v2.users.of_one(site, self.wish.login))
            said = dashboard.v2.users.edit(site, row["id"], body) if row else "it is not there."
        except errors.OF_THE_DASHBOARD:
            raise
        except errors.MainWPError as exc:
            if exc.may_be_running:
                raise
            said = str(exc)
        return f"The user was made, but not given {', '.join(body)}: {said}" if said else ""

    def blind(self, entry: Entry) -> bool:
        """Part of what was sent cannot be read."""
        if entry.action == CREATE:
            return bool(self.wish.later_body())
        return entry.action == EDIT and bool(self.wish.again)

    def now(self, entry: Entry, state: Account) -> Any:
        """What is there now."""
        del entry
        return self.wish.value_of(state.row)

    def unreached(self, entry: Entry, after: Any) -> str:
        """Mostly the user that MainWP connects as: it cannot take its own rights."""
        if entry.more["administrator"] and after:
            return "MainWP says that it was done, but it was not. It may be the user that MainWP connects as."
        return super().unreached(entry, after)

    def shown(self, value: Any) -> str:
        """A value in the diff."""
        return " ".join(value.values()) if value else "absent"

    def unseen(self, entry: Entry) -> str:
        """Which of what nobody can read an edit writes."""
        body = entry.payload[1] if entry.action == EDIT else {}
        written = [name for name in body if name not in ("role", "email")]
        return f" ({', '.join(written)} written)" if written else ""


def _takes_rights(entry: Entry) -> bool:
    """Those of an administrator; or of a role that somebody made, for MainWP connects as whoever has all rights."""
    if entry.action not in (EDIT, DELETE):
        return False
    old, new = ((value or {}).get("role") for value in (entry.before, entry.wanted))
    return new not in (ADMINISTRATOR, old) and (entry.more["administrator"] or old not in ROLES)


def _text_from(option: str, given: Any) -> str:
    """A name or another text, in one line. Raises InputError for what would be stored otherwise, and cannot be read back."""
    line = _texts.one_line(str(given))
    if not line:
        raise errors.InputError(option, "is empty, and MainWP's API cannot empty it.", "Leave it out.")
    if printable(line) != line:
        raise errors.InputError(option, "has control characters.")
    if line == "0" or "\\" in line or _texts.kept(line) != line:
        text = f"'{line}' would be stored otherwise: MainWP cuts markup, percent codes and backslashes."
        raise errors.InputError(option, text)
    return line


def _fit_column(profile: Mapping[str, str]) -> None:
    """The name that visitors see, which WordPress makes of the others for a new user. Raises InputError."""
    whole = " ".join(filter(None, (profile.get("first_name"), profile.get("last_name"))))
    for option, text in (("display_name", profile.get("display_name", "")), ("first_name", whole)):
        if len(text) > _LONGEST_NAME:
            of = "with last_name has" if option == "first_name" else "has"
            raise InputError(option, f"{of} {len(text)} characters, WordPress stores {_LONGEST_NAME}.")


OPTIONS: dict[str, dict[str, Any]] = {
    "login": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "role": {"type": "str", "choices": list(ROLES)},
    "email": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    **{name: {"type": "str"} for name in PROFILE},
    "update_profile": {"type": "str", "choices": ["on_create", "always"], "default": "on_create"},
    "send_password": {"type": "bool", "default": False, "no_log": False},
    "posts": {"type": "str", "choices": ["reassign_to_connection_user"]},
    "allow_administrator": {"type": "bool", "default": False},
}


def users_from(params: Mapping[str, Any]) -> Users:
    """Check the options of mainwp_user. Raises InputError."""
    login = login_from("login", params["login"])
    absent = params["state"] == "absent"
    if absent:
        given = [name for name in ("role", "email", "password", *PROFILE) if params.get(name) is not None]
        if given:
            raise InputError(given[0], "has no meaning with state: absent.", "Leave it out.")
        if params.get("posts") is None:
            text = "MainWP gives the posts of a deleted user to the one that it connects as; there is no other way."
            raise InputError("posts", text, "Say so with posts: reassign_to_connection_user.")
    again = {name for name in ("password", "profile") if params.get(f"update_{name}") == ALWAYS}
    texts = {name: params[name] for name in PROFILE if params.get(name) is not None}
    profile = {name: (web_from if name == "user_url" else _text_from)(name, text) for name, text in texts.items()}
    _fit_column(profile)
    password, email = params.get("password"), params.get("email")
    wish = Wish(
        login,
        absent=absent,
        role=params.get("role"),
        email=None if email is None else email_from("email", email),
        password=None if password is None else password_from("password", password, "password" in again),
        profile=profile,
        again=frozenset(name for name in again if (profile if name == "profile" else password is not None)),
        send_password=bool(params.get("send_password")),
        allow_administrator=bool(params.get("allow_administrator")),
    )
    return Users(wish)
