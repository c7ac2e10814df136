# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of fields that resources are declared with: pure. PRIVATE to the collection.

A field is an option of a module, a value of its result and a column of the API. It knows what the API makes of a value,
so what was given and what is read compare as equals, and what cannot be stored is refused before anything is sent.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .._api import normalise
from .._secrets import printable
from . import _texts

#: Seconds. What is smaller is read as no time.
_YEAR = 365 * 86400


class Unstorable(ValueError):
    """What the API cannot store: a sentence that follows the name of the option."""


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
    #: How people are told a value.
    shown: Callable[[Any], str] = str
    #: The argument spec of the option.
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "str"})

    def differs(self, one: Any, other: Any) -> bool:
        """Whether going from one to the other needs a write."""
        return bool(self.same(one) != self.same(other))

    def body(self, value: Any) -> dict[str, Any]:
        """What a write sends to set or to empty it."""
        return {self.column: self.sent(value)}


def text(name: str, column: str = "", limit: int = 0, whole: bool = False, required: bool = False) -> Field:
    """Text in one line, emptied by one blank.

    ``limit``: longer is refused, for MainWP answers success and stores nothing. ``whole``: an address, which must not be
    cut. ``required``: cannot be empty.
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
        return value

    return Field(name, column or name, wanted=wanted, sent=lambda value: _texts.sent(value) or " ", lossy=True)


def colour(name: str) -> Field:
    """``#rgb`` or ``#rrggbb``; anything else MainWP drops without a word, and it never empties one."""

    def wanted(given: Any) -> str:
        value = str(given).strip()
        if value and not re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", value):
            raise Unstorable(f"'{value}' is no colour that MainWP stores: write #rgb or #rrggbb, in quotes.")
        return value

    return Field(name, name, wanted=wanted, same=str.lower, can_empty=False)


def flag(name: str, read: Callable[[Any], bool], when_new: bool, alone: bool) -> Field:
    """Yes or no."""
    return Field(name, name, read=read, blank=False, when_new=when_new, alone=alone, spec={"type": "bool"})


def moment(name: str, when_new: bool) -> Field:
    """A time, ISO 8601, UTC where no zone is given; sent as unix seconds."""

    def wanted(given: Any) -> str:
        try:
            stamp = datetime.datetime.fromisoformat(str(given).strip().replace("Z", "+00:00"))
        except ValueError:
            raise Unstorable(f"'{given}' is no time: write 2026-11-23 or 2026-11-23T13:45:00Z.") from None
        if stamp.tzinfo is None:
            stamp = stamp.replace(tzinfo=datetime.timezone.utc)
        if not _YEAR <= stamp.timestamp() < 2**31:
            raise Unstorable(f"'{given}' is not between 1971 and 2038: MainWP stores no such time.")
        return normalise.as_time(stamp.isoformat()) or ""

    def sent(value: str) -> int:
        return int(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp())

    return Field(name, name, read=lambda value: value or "", wanted=wanted, sent=sent, when_new=when_new)
