# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of fields that resources are declared with: pure. PRIVATE to the collection.

A field is an option of a module, a value of its result and a column of the API. It knows what the API makes of a value,
so what was given and what is read compare as equals, and what cannot be stored is refused before anything is sent.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .._api import normalise
from .._secrets import printable
from . import _texts

#: Seconds. What is smaller is read as no time.
_YEAR = 365 * 86400
#: Bytes of a text that no shorter limit is known for.
_LARGEST = 65535


class Unstorable(ValueError):
    """What the API cannot store: a sentence that follows the name of the option."""


def _refuse_long(stored: str) -> None:
    """The largest column for a text counts bytes; MainWP answers success and stores nothing."""
    size = len(stored.encode())
    if size > _LARGEST:
        raise Unstorable(f"has {size} bytes, MainWP stores {_LARGEST}.")


def _itself(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Field:
    """One option. ``read``: what a column holds; ``wanted``: what an option asks for, or Unstorable; ``sent``: what the
    API is sent for it."""

    name: str
    column: str
    read: Callable[[Any], Any] = _itself
    wanted: Callable[[Any], Any] = _itself
    sent: Callable[[Any], Any] = _itself
    #: What a new thing has when nothing was said.
    blank: Any = ""
    #: The API can empty it.
    can_empty: bool = True
    #: MainWP cuts what it does not like: what is lost is worth a warning.
    lossy: bool = False
    #: What makes two values the same.
    same: Callable[[Any], Any] = _itself
    #: (what was given, what one has) → whether it means this one, of several that have the same.
    decides: Callable[[Any, Any], bool] = lambda _given, _had: False
    #: A new thing takes it at once; else it is written when the thing is there.
    when_new: bool = True
    #: It is written by a request of its own.
    alone: bool = False
    #: It can be read. What cannot is sent when the thing is new, and later only on demand.
    readable: bool = True
    #: It can be written when the thing is there.
    editable: bool = True
    #: (what it has, what was given) → what it shall have
    merged: Callable[[Any, Any], Any] = lambda _had, given: given
    #: A new thing must have it.
    needed: bool = False
    #: A new one is sent it even if nothing was said.
    always: bool = False
    #: What it is written by, where that is not the column.
    key: str = ""
    #: How people are told a value.
    shown: Callable[[Any], str] = str
    #: The argument spec of the option.
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "str"})

    def told(self, value: Any) -> str:
        """How people are told a value; empty where nothing is known of it."""
        return "" if value is None else self.shown(value)

    def differs(self, one: Any, other: Any) -> bool:
        """Whether going from one to the other needs a write."""
        return bool(self.same(one) != self.same(other))

    def body(self, value: Any) -> dict[str, Any]:
        """What a write sends to set or to empty it."""
        return {self.key or self.column: self.sent(value)}


def text(
    name: str,
    column: str = "",
    limit: int = 0,
    whole: bool = False,
    required: bool = False,
    needed: bool = False,
    empty: str = " ",
    slashed: bool = True,
) -> Field:
    """Text in one line, emptied by ``empty``, for most by one blank.

    ``limit``: longer is refused, for MainWP answers success and stores nothing. ``whole``: an address, which must not be
    cut. ``required``: cannot be empty. ``needed``: a new thing must have it.
    ``slashed``: WordPress takes backslashes from it.
    """

    def wanted(given: Any) -> str:
        line = _texts.one_line(str(given))
        if printable(line) != line:
            raise Unstorable("has control characters.")
        value = _texts.kept(line)
        if required and not value:
            raise Unstorable("is empty." if not line else f"MainWP keeps nothing of '{line}'.")
        if value == "0":
            raise Unstorable("MainWP's API takes '0' for no value.")
        if whole and value != line:
            raise Unstorable(f"MainWP would make '{value}' of '{line}': it cuts markup and percent codes.")
        if limit and len(value) > limit:
            raise Unstorable(f"has {len(value)} characters, MainWP stores {limit}.")
        if limit:
            _refuse_long(value)
        return value

    def sent(value: str) -> str:
        return _texts.sent(value, slashed) or empty

    return Field(name, column or name, wanted=wanted, sent=sent, lossy=True, needed=needed)


def colour(name: str, column: str = "", short: bool = True, can_empty: bool = False, blank: str = "") -> Field:
    """``#rgb``, if the API takes ``short`` ones, or ``#rrggbb``; anything else MainWP drops without a word."""
    pattern = r"#(?:[0-9a-fA-F]{3}){1,2}" if short else r"#[0-9a-fA-F]{6}"

    def wanted(given: Any) -> str:
        value = str(given).strip()
        if value and not re.fullmatch(pattern, value):
            ways = "#rgb or #rrggbb" if short else "#rrggbb"
            raise Unstorable(f"'{value}' is no colour that MainWP stores: write {ways}, in quotes.")
        return value

    return Field(name, column or name, wanted=wanted, same=str.lower, blank=blank, can_empty=can_empty)


def icon(name: str, column: str = "", can_empty: bool = False, blank: str = "") -> Field:
    """One of MainWP's icons, ``deficon:folder open``; those that come with MainWP are read without the first part."""

    def read(value: Any) -> str:
        found = str(value or "")
        return f"deficon:{found}" if re.fullmatch(r"[a-z ]+", found) else found

    def wanted(given: Any) -> str:
        value = _texts.one_line(str(given))
        if value and not re.fullmatch(r"[A-Za-z0-9_-]+:[A-Za-z0-9_\- ]+", value):
            raise Unstorable(f"'{value}' is no icon that MainWP stores: write deficon:folder open, or the like.")
        if len(value) > 64:
            raise Unstorable(f"has {len(value)} characters, MainWP stores 64.")
        return value

    return Field(name, column or name, read=read, wanted=wanted, blank=blank, can_empty=can_empty)


def choice(name: str, column: str, options: tuple[str, ...], blank: str = "") -> Field:
    """One of some words. The API stores any, and counts on none."""
    always = bool(blank)
    return Field(name, column, blank=blank, always=always, spec={"type": "str", "choices": list(options)})


def number(name: str, most: float) -> Field:
    """A number that is not negative, with eight decimals. Of text the API takes what it can read."""

    def wanted(given: Any) -> float:
        value = float(given)
        if not 0 <= value <= most:
            raise Unstorable(f"{given} is not between 0 and {most:g}.")
        return round(value, 8)

    return Field(name, name, wanted=wanted, blank=0.0, spec={"type": "float"})


def link(name: str, column: str) -> Field:
    """A web address, which WordPress cleans in silence of what it does not like."""

    def wanted(given: Any) -> str:
        value = str(given).strip()
        allowed = r"https?://[\w\-~+.?#=!&;,/:%@$|*'()\u0080-\U0010ffff]+"
        if value and (not re.fullmatch(allowed, value) or re.search(r"%0[ad]|;//", value, re.IGNORECASE)):
            way = "write http:// or https:// before it, and percent codes for blanks, brackets and the like."
            raise Unstorable(f"'{value}' is no address that MainWP keeps: {way}")
        if normalise.decoded(value) != value:
            raise Unstorable(f"MainWP would make '{normalise.decoded(value)}' of '{value}': write that.")
        _refuse_long(value)
        return value

    return Field(name, column, wanted=wanted)


def lines(name: str) -> Field:
    """Text that may have several lines. What looks like markup is sent as text."""

    def escaped(value: str) -> str:
        return html.escape(value, quote=False)

    def wanted(given: Any) -> str:
        value = normalise.as_lines(given)
        _refuse_long(escaped(value))
        return value

    return Field(name, name, wanted=wanted, sent=lambda value: escaped(value).replace("\\", "\\\\"))


def flag(
    name: str, read: Callable[[Any], bool] = bool, when_new: bool = True, alone: bool = False, blank: bool = False
) -> Field:
    """Yes or no."""
    always = when_new and not alone
    return Field(
        name, name, read=read, blank=blank, when_new=when_new, alone=alone, always=always, spec={"type": "bool"}
    )


def moment(name: str, when_new: bool, marked: bool = False) -> Field:
    """A time, ISO 8601, UTC where no zone is given; sent as unix seconds. ``marked``: as text with an ``@``, for the API
    takes a bare number for nonsense; then it can be emptied."""

    def wanted(given: Any) -> str:
        if marked and not str(given).strip():
            return ""
        try:
            stamp = datetime.datetime.fromisoformat(str(given).strip().replace("Z", "+00:00"))
        except ValueError:
            raise Unstorable(f"'{given}' is no time: write 2026-11-23 or 2026-11-23T13:45:00Z.") from None
        if stamp.tzinfo is None:
            stamp = stamp.replace(tzinfo=datetime.timezone.utc)
        if not _YEAR <= stamp.timestamp() < 2**31:
            raise Unstorable(f"'{given}' is not between 1971 and 2038: MainWP stores no such time.")
        return normalise.as_time(stamp.isoformat()) or ""

    def sent(value: str) -> int | str:
        if not value:
            return ""
        seconds = int(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp())
        return f"@{seconds}" if marked else seconds

    return Field(name, name, read=lambda value: value or "", wanted=wanted, sent=sent, when_new=when_new)
