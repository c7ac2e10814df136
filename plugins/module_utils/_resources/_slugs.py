# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What slug WordPress makes of a title: pure. PRIVATE to the collection.

Letters of Latin alphabets become plain ones, some signs go, others become dashes. All else becomes percent codes: such a
slug can be made, but no route of MainWP's API leads to it, and no cost can store it.
"""

from __future__ import annotations

import re
import unicodedata

#: Letters without an accent that could be taken off.
_PLAIN = dict(
    zip(
        "ßæœþøđðłħŧŋıĸĳŀŉſªº×€",
        ["ss", "ae", "oe", "th", "o", "d", "d", "l", "h", "t", "n", "i", "k", "ij", "l", "n", "s", "a", "o", "x", "e"],
        strict=True,
    )
)
_ACCENTED = re.compile("[\u00c0-\u017f\u01a0\u01a1\u01af\u01b0\u01cd-\u01dc\u0218-\u021b\u1ea0-\u1ef9]")
_CUT = re.compile(
    "[¡£©«\u00ad®°´»¿\u02ca\u0300\u0301\u0304\u030c\u200b-\u200f\u2018-\u201d\u201f\u201e•…\u202a-\u202e‹›™]"
)
_DASH = re.compile("[\u00a0\u2000-\u200a\u2011\u2013\u2014\u2028\u2029\u202f \t\r\n./]+")


def slug_of(title: str) -> str:
    """The slug of a title, with ``%`` for whatever becomes percent codes."""
    plain = "".join(_plain(sign) for sign in title).lower()
    plain = _DASH.sub("-", _CUT.sub("", re.sub(r"&[^;\s]+;", "", plain)))
    plain = re.sub(r"[^\x00-\x7f]+", "%", re.sub(r"[^a-z0-9_\-\u0080-\U0010ffff]", "", plain))
    return re.sub(r"-+", "-", plain).strip("-")


def _plain(sign: str) -> str:
    if sign.lower() in _PLAIN:
        return _PLAIN[sign.lower()]
    return unicodedata.normalize("NFD", sign)[0] if _ACCENTED.fullmatch(sign) else sign


def is_reachable(slug: str) -> bool:
    """Whether the routes of the API take it."""
    return bool(re.fullmatch(r"[a-zA-Z0-9._-]+", slug))
