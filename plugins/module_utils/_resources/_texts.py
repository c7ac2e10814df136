# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What WordPress keeps of a text that is written to it: pure. PRIVATE to the collection.

MainWP passes nearly every text through WordPress's ``sanitize_text_field``: no markup, no percent codes, one line,
single blanks. What is wanted is made so before it is compared; else a second run would never find it equal.
"""

from __future__ import annotations

import html
import re
import unicodedata

from .._api.normalise import decoded

#: A ``<`` that no ``>`` follows before the next ``<``: WordPress keeps it, as an entity.
_LESS_THAN = re.compile(r"<(?![^<]*>)")
_SCRIPT = re.compile(r"<(script|style)[^>]*?>.*?</\1>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!(?=--).*?(?:-->|$)|<(?=\?).*?(?:\?>|$)", re.DOTALL)
#: A ``>`` in quotes does not end a tag, and one whose quotes are never closed takes all the rest along.
_TAG = re.compile(r"""<(?!\s)(?:[^>"']|"[^"]*(?:"|$)|'[^']*(?:'|$))*(?:>|$)""", re.DOTALL)
_BLANKS = re.compile(r"[\r\n\t ]+")
_PERCENT_CODE = re.compile(r"%[0-9a-fA-F]{2}")


def kept(text: str) -> str:
    """``text`` as it can be read again after it was written."""
    text = _LESS_THAN.sub("\0", text)
    text = _TAG.sub("", _COMMENT.sub("", _SCRIPT.sub("", text)))
    text = one_line(text.replace("\0", "<"))
    while _PERCENT_CODE.search(text):  # cutting one may make another
        text = one_line(_PERCENT_CODE.sub("", text))
    return decoded(text)


def one_line(text: str) -> str:
    """One line, single blanks, none at the ends. A blank that does not break, and the like, stay, as WordPress has it."""
    return _BLANKS.sub(" ", text).strip(" ")


def collated(text: str) -> str:
    """How MainWP's database compares a text: without regard to case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in letters if not unicodedata.combining(sign))


def sent(text: str, slashed: bool = True) -> str:
    """What was ``kept``, so that it arrives: as entities where it would be cut, with the backslashes that WordPress takes."""
    if kept(text) != text:
        text = html.escape(text, quote=False).replace("%", "&#37;")
    return text.replace("\\", "\\\\") if slashed else text
