# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A huge JSON object, member by member, in bounded memory. PRIVATE to the collection."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, Protocol

from .._errors import MainWPError

#: Bytes that are read at once.
_CHUNK = 1024 * 1024
#: No record of a feed is that long, in characters.
_LONGEST = 8 * 1024 * 1024
#: So near to the end of what was read, nonsense may be half of something good.
_NEAR = 16
_BLANK = re.compile(r"[ \t\r\n]*")


class Readable(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end."""


class CutOff(MainWPError):
    """It ends before it is whole."""

    reason = "feed_cut_off"
    hint = "The download may have been interrupted, or the file is still being written. Get it again."


class NotAFeed(MainWPError):
    """It is something else than this collection can read."""

    reason = "feed_changed"
    hint = (
        "The feed must be one JSON object of records, as Wordfence Intelligence v3 gives it. If the address is right, the "
        "format may have changed: see whether there is a newer version of this collection."
    )


_A_PAGE = (
    "Something in front of it answered, such as a login page or a firewall. Check feed; or get it yourself, as a file."
)


def members(file: Readable) -> Iterator[tuple[str, dict[str, Any]]]:
    """The members of the object that ``file`` holds, all of which must be objects. Raises CutOff and NotAFeed."""
    text = _Text(file)
    first = text.next()
    if first == "<":
        raise NotAFeed("The feed is a web page, not JSON.", _A_PAGE)
    if first != "{":
        raise NotAFeed("The feed is no JSON object.")
    text.at += 1
    if text.next() == "}":
        text.at += 1
    else:
        yield from _members(text)
    if text.next():
        raise NotAFeed("The feed goes on after its end.")


def _members(text: _Text) -> Iterator[tuple[str, dict[str, Any]]]:
    while True:
        if text.needed() != '"':
            raise NotAFeed("The feed has a record without a name.")
        key = text.value()
        if text.needed() != ":":
            raise NotAFeed(f"The feed has no record behind '{str(key)[:60]}'.")
        text.at += 1
        if text.needed() != "{":
            raise NotAFeed(f"The feed's '{str(key)[:60]}' is no record.")
        yield key, text.value()
        mark = text.needed()
        text.at += 1
        if mark == "}":
            return
        if mark != ",":
            raise NotAFeed("The feed's records are not separated by commas.")


class _Text:
    """The part of the text that is being looked at."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._parse = json.JSONDecoder().raw_decode
        self._text = ""
        self.at = 0

    def next(self) -> str:
        """The next character that is no blank, which is not taken; empty at the end."""
        while True:
            found = _BLANK.match(self._text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self._text):
                return self._text[self.at]
            if not self._more():
                return ""

    def needed(self) -> str:
        """The same, where there must be one."""
        mark = self.next()
        if not mark:
            raise CutOff("The feed is cut off.")
        return mark

    def value(self) -> Any:
        """The string or object that begins here, which is taken."""
        while True:
            try:
                found, self.at = self._parse(self._text, self.at)
            except json.JSONDecodeError as exc:
                half = exc.msg.startswith("Unterminated") or exc.pos >= len(self._text) - _NEAR
                if not half or len(self._text) - self.at > _LONGEST:
                    raise NotAFeed(f"The feed has a record that is no JSON: {exc.msg}.") from None
                if not self._more():
                    raise CutOff("The feed is cut off in the middle of a record.") from None
            except (ValueError, RecursionError):  # a number of thousands of digits, a thousand lists in one another
                raise NotAFeed("The feed has a record that nobody can read.") from None
            else:
                return found

    def _more(self) -> bool:
        data = self._file.read(_CHUNK)
        self._text = self._text[self.at :] + self._decode(data, not data)
        self.at = 0
        return bool(data)
