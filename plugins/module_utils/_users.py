# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What WordPress takes for a user as it is given, and what MainWP's API would make of it. Pure. PRIVATE to the collection."""

from __future__ import annotations

import re
from typing import Any

from . import _errors as errors
from ._secrets import printable

ADMINISTRATOR = "administrator"
#: The roles that the API knows; others it refuses.
ROLES = (ADMINISTRATOR, "editor", "author", "contributor", "subscriber")
#: What a login can be made of; anything else WordPress takes out of it.
_LOGIN = re.compile(r"[A-Za-z0-9_.@-]+(?: [A-Za-z0-9_.@-]+)*")
_LONGEST_LOGIN = 60
#: What PHP takes for nothing.
_NOTHING = ("0",)


def login_from(option: str, given: Any) -> str:
    """A login that WordPress takes as it is. Raises InputError for what it would make into another one."""
    login = str(given)
    if not _LOGIN.fullmatch(login) or login in _NOTHING:
        text = f"WordPress has no login '{printable(login)}'." if login else "is empty."
        raise errors.InputError(option, text, "Use unaccented letters, digits, single blanks between them and _ . - @.")
    if len(login) > _LONGEST_LOGIN:
        raise errors.InputError(
            option, f"'{login}' has more than {_LONGEST_LOGIN} characters.", "WordPress takes no more."
        )
    return login


def same_login(one: str, other: str) -> bool:
    """WordPress does not tell upper from lower case in logins."""
    return one.casefold() == other.casefold()


_LOCAL = re.compile(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?")
_PERCENT_CODE = re.compile(r"%[0-9a-fA-F]{2}")
_LONGEST_EMAIL = _LONGEST_WEB = 100
#: What WordPress's login page compares with a backslash before it, and MainWP stores without one (seen on a real site).
_SLASHED = frozenset("\\'\"")
#: What PHP's trim() takes away.
_TRIMMED = " \t\n\r\0\x0b"
_WEB = re.compile(r"https?://[a-zA-Z0-9~+_.?#=!&;,/:%@$|*'()\[\]\x80-\uffff-]+")


def email_from(option: str, given: Any) -> str:
    """An address that WordPress takes for one; any other MainWP drops without a word. Raises InputError."""
    email = str(given)
    local, at, domain = email.partition("@")
    labels = domain.split(".")
    good = len(email) >= 6 and at and _LOCAL.fullmatch(local) and len(labels) > 1 and all(map(_LABEL.fullmatch, labels))
    if not good:
        text = f"'{printable(email)}' is no e-mail address to WordPress, and MainWP would drop it without a word."
        raise errors.InputError(option, text)
    if "&" in local or _PERCENT_CODE.search(local) or len(email) > _LONGEST_EMAIL:
        raise errors.InputError(option, f"'{printable(email)}' would be stored as another address.")
    return email


def password_from(option: str, given: Any, edited: bool) -> str:
    """A password that is stored as it is given. ``edited``: it may be sent by an edit. Raises InputError, which does not
    quote it."""
    password = str(given)
    problems = {
        "is empty.": not password,
        "'0' is no password to MainWP.": password in _NOTHING,
        "begins or ends with a blank, which WordPress cuts.": password.strip(_TRIMMED) != password,
        "has a quotation mark or a backslash: WordPress's login page adds backslashes to them, so nobody could log in.": (
            not _SLASHED.isdisjoint(password)
        ),
        "has control characters.": printable(password) != password,
        "has other than ASCII characters: an edit stores them so that nobody can log in.": edited
        and not password.isascii(),
    }
    for problem, met in problems.items():
        if met:
            remedy = "Use update_password: on_create, or only ASCII." if "ASCII" in problem else ""
            raise errors.InputError(option, problem, remedy)
    return password


def web_from(option: str, given: Any) -> str:
    """The address of a web page. Raises InputError for what WordPress would store otherwise, or not."""
    address = str(given)
    if not _WEB.fullmatch(address):
        raise errors.InputError(option, f"'{printable(address)}' is no address of a web page.", "Use https://…")
    if len(address) > _LONGEST_WEB:
        raise errors.InputError(option, f"has {len(address)} characters, WordPress stores {_LONGEST_WEB}.")
    return address
