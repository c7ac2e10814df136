# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Child sites as what a Dashboard manages: adding, editing, connecting, removing. PRIVATE to the collection.

Each column is called here as it is written; the API reads some under other names (resources.md §1.3).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from .. import _errors as errors
from .._secrets import Secrets, plain
from . import normalise
from .collection import REFUSED, Collection, Id, refusal
from .normalise import as_bool, as_int, as_slug
from .resource import Columns, Row, told

CONNECTED, DISCONNECTED, LOST = "connected", "disconnected", "lost"

#: MainWP's mark of an error that the child itself answered with (core.md §7.4).
_FROM_CHILD = "ERROR"
#: What a child says that has no key of this Dashboard: "Authentication failed! Please deactivate and re-activate the MainWP
#: Child plugin on this site.", in its own language. No other error of its own names the plugin.
_NO_KEY = re.compile(r"Authentication failed|MainWP[ -]Child")
#: What a child says of a wrong password, of an unknown administrator, and of none (recorded).
_VERIFY = "verify that your Admin Username and Password"
#: Its word that it failed, beside status 500.
_ANSWERED = re.compile(r"mainwp_rest_(dis|re)connect_site_error")
#: The classic dialect's word that a sync failed.
_NOT_SYNCED = "mainwp_rest_sync_site_error"
_IS_LOST = "So it is lost rather than disconnected: it may have its key still."
_NOT_REACHED = (
    "MainWP did not reach its child, which may have its key still. Behind HTTP authentication it never does: it asks for this "
    "one thing without the credentials."
)
_TRANSLATED = (
    "If that says in the site's language that the password is wrong: WordPress may keep it with a backslash before each quote "
    "and backslash; then write it so."
)
#: Of these MainWP takes a backslash away, when it adds a site only.
_UNSLASHED = ("http_user", "http_pass")
#: Part of a refusal → what to do.
_REMEDIES = {
    _VERIFY: "Check admin and admin_password; MainWP Child says the same of all that is wrong with them.",
    "unique security ID": "Give the unique_id that MainWP Child's settings on the site show.",
    "MainWP Child plugin not detected": (
        "Is MainWP Child active on the site, and is nothing in between? HTTP authentication needs http_user and http_pass. "
        "A site that was removed from a Dashboard has MainWP Child deactivated: activate it by hand."
    ),
    "Public key already set": "Deactivate MainWP Child on the site, activate it again, and run again.",
}


def as_raw(value: Any) -> str:
    """Text just as it is stored."""
    return value if isinstance(value, str) else ""


def _told(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``read``, but None where MainWP does not tell: what is not known equals nothing."""
    return lambda value: None if value in (None, "") else read(value)


_Columns = Mapping[str, tuple[str, Callable[[Any], Any]]]
#: Name → (column of a site object, how it is read).
_WHOLE: _Columns = {
    "id": ("id", as_int),
    "name": ("name", as_raw),
    "url": ("url", as_slug),
    "client_id": ("client_id", as_int),
    "groupids": ("tags", lambda value: tuple(tag.id for tag in normalise.site_tags(value))),
    "suspended": ("suspended", as_bool),
    "sync_errors": ("sync_errors", plain),
    "ip": ("ip", normalise.as_text),
    "ignore_core_updates": ("is_ignoreCoreUpdates", _told(as_bool)),
    "ignore_plugin_updates": ("is_ignorePluginUpdates", _told(as_bool)),
    "ignore_theme_updates": ("is_ignoreThemeUpdates", _told(as_bool)),
    "force_use_ipv4": ("force_use_ipv4", _told(as_int)),
    "sslversion": ("ssl_version", _told(as_int)),
}
#: What is asked for that.
WHOLE = tuple(column for column, _how in _WHOLE.values())
#: What only the context of editing shows.
IN_EDITING: _Columns = {
    "automatic_update": ("automatic_update", _told(as_bool)),
    "disablehealthchecking": ("disable_health_check", _told(as_bool)),
    "healththreshold": ("health_threshold", _told(as_int)),
}
#: Who is told when a site is down: as it is written, and as it is read.
EMAILS, _EMAILS = "monitoring_emails", "monitoring_notification_emails"


class ManagedSites(Collection):
    """What of ``/sites`` makes, changes and removes. An edit takes the client from a site unless it is sent along."""

    path, noun = "sites", "site"
    columns: ClassVar[Columns] = {"id": as_int, "name": as_raw, "url": as_slug, "client_id": as_int}

    @cached_property
    def rows(self) -> list[Row]:
        """All sites, with nothing but id, name, address and client."""
        return self.listed("sites/basic", "list the sites' names", self.columns)

    def whole(self, number: int, in_editing: bool, emails: bool) -> Row | None:
        """One site; None if there is none. What ``in_editing`` and ``emails`` ask for besides costs a request each."""
        found = self.whole_rows({"include": number}, f"read site {number}")
        row = next((one for one in found if one["id"] == number), None)
        return row and row | self.besides(number, in_editing, emails)

    def whole_rows(self, query: Mapping[str, Any], step: str) -> list[Row]:
        """Some sites, as far as the list tells them."""
        found = self.ask("sites", step, {**query, "_fields": _names(_WHOLE)}).get("data")
        return told(normalise.listed(found, whole_row), step)

    def besides(self, number: int, in_editing: bool, emails: bool) -> Row:
        """What of a site the list does not tell, a request each."""
        row: Row = {}
        if in_editing:
            row |= _read(self._columns(number, {"context": "edit", "_fields": _names(IN_EDITING)}), IN_EDITING)
        if emails:
            told_to = self._columns(number, {"custom_fields": _EMAILS, "_fields": _EMAILS}).get(_EMAILS)
            row[EMAILS] = _addresses(told_to) if isinstance(told_to, str) else None
        return row

    def _columns(self, number: int, query: Mapping[str, Any]) -> dict[str, Any]:
        return normalise.as_map(self.ask(f"sites/{number}", f"read site {number}", query).get("data"))

    def add(self, given: Row) -> int:
        """Connect a site. One with quotes in its password is asked a second time, in the second form, where the child says
        that the first one is wrong. Raises Taken if the Dashboard has the site already."""
        step = f"add {given['url']}"
        password = given.get("adminpassword", "")
        body = {name: value for name, value in given.items() if name not in ("adminpassword", "force_use_ipv4")}
        body |= {name: body[name].replace("\\", r"\\") for name in _UNSLASHED if name in body}
        if given.get("force_use_ipv4") == 1:  # as text; it is not stored, but counts while the site is added
            body["force_use_ipv4"] = "1"
        forms, complaint = _forms(password), ""
        sent = [*forms, *map(unquote, forms), *(body[name] for name in _UNSLASHED if name in body)]
        self.http.echoes |= Secrets(sent)  # not quite as they were given
        for form in forms:
            answer = self.answered("add", step, {**body, "adminpassword": form} if form else body, "POST")
            complaint = self.http.echoes.mask(refusal(answer))
            if not complaint:
                return as_int(normalise.as_map(answer.get("data")).get("id"))
            if number := as_int(answer.get("found_id")):
                hint = "It is not in the list of sites: is it a staging site? The API does not list those."
                raise errors.Taken(f"{step}: the Dashboard has it already, with the id {number}.", number, hint)
            if _VERIFY not in complaint:
                break
        remedy = next((hint for part, hint in _REMEDIES.items() if part in complaint), "")
        raise errors.ApiError(f"{step}: {complaint}", remedy or (_TRANSLATED if len(forms) > 1 else REFUSED))

    def edit(self, number: Id, given: Row) -> None:
        """Change columns of one. ``suspended`` and ``connected`` have routes of their own, and come alone."""
        if "suspended" in given:
            action = "suspend" if given["suspended"] else "unsuspend"
            self.change(f"{number}/{action}", f"{action} site {number}")
        elif "connected" in given:
            try:
                (self._connect if given["connected"] else self._disconnect)(number)
            except errors.MainWPError as exc:
                if exc.tried or exc.may_have_started:
                    with contextlib.suppress(errors.Unseen):
                        self._sync_shows(number)
                raise
            self._sync_shows(number)
        else:
            super().edit(number, given)

    def remove(self, number: Id) -> str:
        """Take one away. A complaint only says that its child was not told; whether it is gone has to be read."""
        return refusal(self.answered(f"{number}/remove", f"remove site {number}", method="DELETE"))

    def _connect(self, number: Id) -> None:
        with _tried(""):
            self.change(f"{number}/reconnect", f"reconnect site {number}", method="POST")

    def _disconnect(self, number: Id) -> None:
        """Have the child forget its key. One that has none says so, which is as good."""
        step = f"disconnect site {number}"
        with _tried(_NOT_REACHED):
            complaint = refusal(self.answered(f"{number}/disconnect", step, method="POST"))
            if complaint and not _NO_KEY.search(complaint):
                raise errors.ApiError(f"{step}: {complaint}", _IS_LOST)

    def _sync_shows(self, number: Id) -> None:
        """Only a sync shows in the row what became of the connection (recorded). Whatever it says, what is read decides.
        Raises Unseen if there was none."""
        try:
            self.send(f"sites/{number}/sync", f"sync site {number}")
        except errors.MainWPError as exc:
            if exc.details.get("code") == _NOT_SYNCED:
                return
            raise errors.Unseen(f"MainWP says it was done, but what would show it failed: {exc.message}") from exc


@contextlib.contextmanager
def _tried(hint: str) -> Iterator[None]:
    """An error by which MainWP says what became of it is no lost answer, whatever its status."""
    try:
        yield
    except errors.ApiError as exc:
        failed = _ANSWERED.fullmatch(str(exc.details.get("code")))
        if failed or "status" not in exc.details:
            exc.may_have_started, exc.tried = False, True
        if failed:
            exc.hint = exc.hint or hint
        raise


def connection(sync_errors: str) -> str:
    """Whether the Dashboard reaches a site, by what its last sync left. Disconnected is one whose child has no key of this
    Dashboard; any other that cannot be synced is lost."""
    if not sync_errors:
        return CONNECTED
    return DISCONNECTED if sync_errors.startswith(_FROM_CHILD) and _NO_KEY.search(sync_errors) else LOST


def _forms(password: str) -> list[str]:
    """How a password may have to be sent: percent-encoded once, for the child decodes it; and with the backslashes with
    which WordPress keeps one that was set on its own pages (recorded)."""
    slashed = re.sub(r"([\\'\"])", r"\\\1", password)
    return [quote(form, safe="") for form in dict.fromkeys((password, slashed))]


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (normalise.as_written(part).strip() for part in text.split(","))))


def whole_row(raw: Mapping[str, Any]) -> Row:
    """A site as far as a listing with ``WHOLE`` tells it."""
    return _read(raw, _WHOLE)


def _names(columns: _Columns) -> str:
    return ",".join(column for column, _how in columns.values())


def _read(raw: Mapping[str, Any], columns: _Columns) -> Row:
    return {name: how(raw.get(column)) for name, (column, how) in columns.items()}
