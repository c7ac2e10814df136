# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a child joins a Dashboard: which one answers at an address, and what it says to who wants to register it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from . import dashboard, people
from .php import bare_url, esc_html, strip_tags
from .state import Child

if TYPE_CHECKING:
    from .fleet import Fleet

UNKNOWN = (
    "Unable to connect to the site. Please verify that your Admin Username and Password are correct and try again."
)
NO_UNIQUE_ID = (
    "This child site is set to require a unique security ID. Please enter it before the connection can be established."
)
OTHER_UNIQUE_ID = "The unique security ID mismatch! Please correct it before the connection can be established."
HAS_KEY = "Public key already set. Please deactivate &amp; reactivate the MainWP Child plugin on the child site and try again."


def answering(fleet: Fleet, url: str) -> Child | None:
    """The child at an address: WordPress answers under any path, also with its port spelled out, also by the address of its
    server (recorded: each of these is another site to MainWP)."""
    known = {**{site.url: site.child for site in fleet.sites.values()}, **fleet.strangers}
    exact = next((child for address, child in known.items() if bare_url(address) == bare_url(url)), None)
    if exact:
        return exact
    host = _host(url)
    for address, child in known.items():
        if host in (_host(address), child.ip):
            return child
    return next((site.child for site in fleet.sites.values() if site.ip == host), None)


def _host(url: str) -> str:
    """Host and port, without that of the scheme."""
    return bare_url(url).split("/", maxsplit=1)[0].removesuffix(":443" if url.lower().startswith("https") else ":80")


def refusal(child: Child, given: dict[str, Any]) -> str:
    """Why a child does not let itself be registered, or ""; the password comes percent-encoded."""
    if child.unreachable:
        return f"HTTP error - {child.unreachable}"
    pair = (str(given.get("http_user") or ""), str(given.get("http_pass") or ""))
    if child.down or child.plugin_gone or (child.http_auth and child.http_auth != pair):
        return strip_tags(dashboard.NO_CHILD)
    if child.auth_broken:
        return esc_html(child.auth_broken)
    if _holds_to_another(child, str(given.get("admin") or "")):
        return HAS_KEY
    unique_id = str(given.get("uniqueid") or "")
    if child.unique_id != unique_id and child.unique_id:
        return OTHER_UNIQUE_ID if unique_id else NO_UNIQUE_ID
    if not _is_administrator(child, str(given.get("admin") or ""), str(given.get("adminpassword") or "")):
        return UNKNOWN
    return HAS_KEY if child.has_key and not child.key_of and not child.password else ""


def _holds_to_another(child: Child, login: str) -> bool:
    """One that has a key is taken over by a Dashboard at the same address, with the same administrator, alone (seen)."""
    if not child.has_key or child.key_of:
        return False
    user = people.by_login(child, login)
    return child.elsewhere or (user is not None and user["id"] != child.connection_user)


def _is_administrator(child: Child, login: str, password: str) -> bool:
    """One text for all that is wrong (recorded). A password that was set on WordPress's own pages is kept with backslashes
    before quotes, in ``_password``."""
    user = people.by_login(child, login)
    if user is None:
        return not child.password
    expected = user.get("_password", child.password.encode())
    return people.has_all_rights(user) and (not expected or unquote(password).encode() == expected)
