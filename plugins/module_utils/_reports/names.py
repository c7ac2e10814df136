# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of clients and sites as names of files. Pure. PRIVATE to the collection."""

from __future__ import annotations

import re
import unicodedata

#: In bytes. File systems allow 255, with what stands before and behind it, and in a path that is not endless.
LONGEST = 80
#: What passports have for letters (ICAO 9303), where it is more than the letter without its marks.
_LETTERS = "ä=ae ö=oe ü=ue ß=ss å=aa æ=ae ø=oe œ=oe đ=d ð=d ħ=h ı=i ł=l ŋ=n ŧ=t þ=th"
PASSPORT = str.maketrans(dict(pair.split("=") for pair in _LETTERS.split()))


def file_name(text: str | None) -> str:
    """``Müller GmbH`` → ``mueller-gmbh``."""
    # composed first, for a mark may come as a character of its own, then ü is not found
    given = "" if text is None else str(text)
    lower = unicodedata.normalize("NFC", unicodedata.normalize("NFC", given).lower()).translate(PASSPORT)
    name = re.sub("-+", "-", "".join(map(_plain, lower))).strip("-")
    return name.encode()[:LONGEST].decode(errors="ignore").strip("-")


def _plain(character: str) -> str:
    """An ASCII letter or digit, a letter of another script as it is, or a hyphen."""
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    if bare.isascii():
        return re.sub("[^a-z0-9]+", "-", bare.lower())
    return character if unicodedata.category(character)[0] in "LMN" else "-"
