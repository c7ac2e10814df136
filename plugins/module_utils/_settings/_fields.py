# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of settings that sections are declared with: pure. PRIVATE to the collection.

A field is a suboption of a module, a value of its result and a key of the API. Read is what the API tells, in whatever shape;
null stands for what was never saved, and for what could not be asked for. So whatever is read can be given again.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .._api import normalise
from .._resources import _texts
from .._resources._fields import Unstorable
from .._secrets import printable


def _itself(value: Any) -> Any:
    return value


def _nothing_wrong(_value: Any) -> None:
    """Whatever passed as an option can be stored."""


@dataclass(frozen=True)
class Field:
    """One setting. ``read``: what the API tells; ``wanted``: what an option asks for, or Unstorable; ``storable``: raises
    Unstorable for what the API would not take, which matters only where it is not so already; ``sent``: what it is sent."""

    name: str
    column: str
    read: Callable[[Any], Any]
    wanted: Callable[[Any], Any] = _itself
    storable: Callable[[Any], None] = _nothing_wrong
    sent: Callable[[Any], Any] = _itself
    #: (what is wanted, unix seconds) → how it is read once it is stored
    target: Callable[[Any, float], Any] = lambda value, _now: value
    #: Which of several of a kind it belongs to: the e-mail, the provider …
    group: str = ""
    #: Read masked, or – not ``readable`` – not at all.
    secret: bool = False
    readable: bool = True
    #: What may keep MainWP from storing it.
    hint: str = ""
    #: The argument spec of the suboption.
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "str"})

    @property
    def path(self) -> str:
        """Its name in its section."""
        return f"{self.group}.{self.name}" if self.group else self.name

    @property
    def place(self) -> str:
        """Where the API tells it."""
        return f"{self.group}.{self.column}" if self.group else self.column


def _saved(value: Any) -> bool:
    """MainWP tells a JSON false, or nothing, of what was never saved."""
    return value is not None and value is not False and value != ""


def flag(name: str, column: str = "", group: str = "") -> Field:
    """Yes or no: told as 1, "1" or true; sent as a number, for some routes take any text for no."""

    def read(value: Any) -> bool | None:
        found = normalise.as_int(value, -1) if _saved(value) else -1
        return bool(found) if found >= 0 else None

    return Field(name, column or name, read, sent=int, group=group, spec={"type": "bool"})


def number(name: str, column: str, least: int, most: int, step: int = 1, as_text: bool = False) -> Field:
    """A whole number. ``step``: only its multiples. ``as_text``: MainWP wants it in a string."""
    allowed = f"{least} to {most}" + (f" in steps of {step}" if step > 1 else "")

    def good(value: int) -> bool:
        return least <= value <= most and value % step == 0

    def read(value: Any) -> int | None:
        found = normalise.as_int(value, -1) if _saved(value) else -1
        return found if good(found) else None

    def wanted(given: Any) -> int:
        if not good(int(given)):
            raise Unstorable(f"{given} is not among what MainWP takes: {allowed}.")
        return int(given)

    return Field(name, column, read, wanted, sent=str if as_text else _itself, spec={"type": "int"})


def choice(name: str, column: str, *values: Any) -> Field:
    """One of these words or numbers."""
    numbers = isinstance(values[0], int)

    def read(value: Any) -> Any:
        found = normalise.as_int(value, -1) if numbers else value
        return found if _saved(value) and found in values else None

    return Field(name, column, read, spec={"type": "int" if numbers else "str", "choices": list(values)})


def line(name: str, column: str = "", group: str = "", can_empty: bool = False, exact: bool = False) -> Field:
    """Text in one line. What is empty or 0 counts as not given where it cannot be emptied. ``exact``: machines read it, to
    whom the entity that MainWP makes of < is another text."""

    def wanted(given: Any) -> str:
        return normalise.decoded(_texts.one_line(str(given)))

    def storable(value: str) -> None:
        if printable(value) != value:
            raise Unstorable("has control characters.")
        if _texts.kept(value) != value:
            raise Unstorable(f"MainWP would make '{_texts.kept(value)}' of it: it cuts markup and percent codes.")
        if exact and "<" in value:
            raise Unstorable("MainWP would make an entity of <.")
        if not can_empty and value in ("", "0"):
            raise Unstorable(f"MainWP's API takes '{value}' for no value, and cannot empty it.")

    return Field(name, column or name, lambda value: wanted(normalise.as_written(value)), wanted, storable, group=group)


#: What WordPress takes for an e-mail address.
_ADDRESS = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~.-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+", re.IGNORECASE | re.ASCII
)


def address(name: str, group: str) -> Field:
    """One e-mail address, which cannot be emptied. Several can only be set in MainWP's own pages."""
    text = line(name, group=group)

    def storable(value: str) -> None:
        if not _ADDRESS.fullmatch(value) or len(value) < 6:
            raise Unstorable(f"'{value}' is not one e-mail address, and MainWP's API takes just one.")
        text.storable(value)

    return Field(name, name, text.read, text.wanted, storable, group=group)


def link(name: str, group: str) -> Field:
    """An address on the web, or none. WordPress would put http:// before one without a scheme."""
    text = line(name, group=group, can_empty=True)

    def storable(value: str) -> None:
        if value and not re.fullmatch(r"https?://[!#-;=?-\[\]_a-z~]+", value, re.IGNORECASE):
            raise Unstorable(f"'{value}' is no whole address: it begins with https://, and has nothing but ASCII.")

    return Field(name, name, text.read, text.wanted, storable, group=group)


def clock(name: str) -> Field:
    """A time of the day. MainWP would store a 1 for none."""
    shape = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

    def read(value: Any) -> str | None:
        found = shape.fullmatch(str(value).strip())
        return f"{int(found[1]):02}:{found[2]}" if found else None

    def wanted(given: Any) -> str:
        found = read(given)
        if found is None:
            raise Unstorable(f"'{given}' is no time of the day: write '03:05', in quotes.")
        return found

    return Field(name, name, read, wanted)


def php_format(name: str, signs: str) -> Field:
    """How PHP writes dates or times. May be empty."""
    text = line(name, can_empty=True)

    def storable(value: str) -> None:
        if value and not value.strip("\\ "):
            raise Unstorable(f"'{value}' is no more than MainWP would cut.")
        if value and not re.fullmatch(rf"[{signs}\-.,:/\s\\]+", value):
            raise Unstorable(
                f"'{value}' has characters that MainWP does not take: it knows {signs} and -.,:/\\ and blanks."
            )
        text.storable(value)

    return Field(name, name, text.read, text.wanted, storable)


#: Status codes that MainWP knows.
_CODES = {*range(100, 102), *range(200, 207), *range(300, 308), *range(400, 418), *range(500, 506)}


def status_codes(name: str, column: str) -> Field:
    """HTTP status codes, in order. Of an empty list MainWP would take every answer for a failure."""

    def read(value: Any) -> list[int] | None:
        found = sorted({normalise.as_int(code) for code in normalise.as_list(value)} & _CODES)
        return found or None

    def wanted(given: Any) -> list[int]:
        odd = sorted(set(given) - _CODES)
        if odd:
            raise Unstorable(f"MainWP knows no status {odd[0]}.")
        if not given:
            raise Unstorable("is empty: MainWP would take every answer for a failure.")
        return sorted(set(given))

    return Field(name, column, read, wanted, spec={"type": "list", "elements": "int"})


#: Where the zones are that PHP lists; of older names (US/Eastern, GMT) MainWP takes none.
_REGIONS = "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific"
_UTC = re.compile(r"UTC(?:([+-])(\d{1,2})(?::([0-5]\d)|\.(\d{1,2}))?)?", re.IGNORECASE)


def zone(name: str) -> Field:
    """A time zone. MainWP keeps its offset, and tells ``UTC+5.5`` where it wants ``UTC+5:30``."""

    def offset(text: str) -> str | None:
        found = _UTC.fullmatch(text)
        if not found:
            return None
        minutes = int(found[3] or 0) + round(float(f"0.{found[4] or 0}") * 60)
        return _as_utc((-1 if found[1] == "-" else 1) * (int(found[2] or 0) * 60 + minutes))

    def wanted(given: Any) -> str:
        text = str(given).strip()
        if offset(text) is None and _zone_of(text) is None:
            raise Unstorable(
                f"'{text}' is no time zone that MainWP takes and this machine knows: write Europe/Riga or UTC+2."
            )
        return offset(text) or text

    def target(value: str, now: float) -> str:
        there = _zone_of(value)
        away = datetime.datetime.fromtimestamp(now, there).utcoffset() if there else None
        return _as_utc(round(away.total_seconds() / 60)) if away is not None else value

    def storable(value: str) -> None:
        found = _UTC.fullmatch(value)
        if found and (int(found[2]) > 14 or found[3] not in (None, "30")):
            raise Unstorable(f"MainWP takes no offset {value}: name a zone, such as Asia/Kathmandu.")

    hint = "Where WordPress has a zone with a name (Settings > General), no offset counts."
    return Field(name, name, lambda value: offset(str(value)), wanted, storable, target=target, hint=hint)


def _zone_of(name: str) -> ZoneInfo | None:
    if name.partition("/")[0] not in _REGIONS.split():
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _as_utc(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def one_of_them(
    name: str, column: str, read: Callable[[Any], str], sent: Callable[[str], Any], values: Sequence[str]
) -> Field:
    """A word that MainWP tells, or wants, in a form of its own."""
    plain = choice(name, column, *values)
    return Field(name, column, lambda value: plain.read(read(value)), sent=sent, spec=plain.spec)


def secret(name: str, group: str, readable: bool = True) -> Field:
    """A key. Of a stored one MainWP tells the last four characters; of others (not ``readable``) nothing at all."""

    def read(value: Any) -> str | None:
        return normalise.as_written(value) if readable else None

    def wanted(given: Any) -> str:
        text = str(given).strip()
        if not text:
            raise Unstorable("is empty, and MainWP's API cannot empty it.")
        # what is not readable is what MainWP cuts, too
        if not readable and ("<" in text or _texts.kept(text) != normalise.decoded(text)):
            raise Unstorable("MainWP would store another one: it cuts markup, percent codes and double blanks.")
        return text

    def target(value: str, _now: float) -> str | None:
        return f"****{value[-4:]}" if readable else None

    spec = {"type": "str", "no_log": True}
    return Field(name, name, read, wanted, target=target, group=group, secret=True, readable=readable, spec=spec)
