# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What WordPress takes for a user as it is given: login, role. Pure. PRIVATE to the collection."""

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


def login_from(option: str, given: Any) -> str:
    """A login that WordPress takes as it is. Raises InputError for what it would make into another one."""
    login = str(given)
    if not _LOGIN.fullmatch(login):
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
