# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in a tree: collected, and told all at once, each with its place. Pure. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import Any

from .._errors import InputError
from .._secrets import Secrets, printable

#: So many mistakes are told.
TOLD = 50
#: Longer texts are cut in sentences.
_LONGEST = 80
#: So many names are listed where none is near.
_LISTED = 15
_KEY = re.compile(r"\w[\w-]*")


class TreeError(InputError):
    """Mistakes in a tree: a line each in ``message``, and each with its place in ``details``."""

    def __init__(self, told: list[tuple[str, str]], count: int) -> None:
        if count == 1:
            super().__init__(*told[0])
        else:
            more = [f"And {count - len(told)} more."] if count > len(told) else []
            lines = [f"{place}: {text}" for place, text in told]
            super().__init__("tree", "\n".join([f"{count} mistakes.", *lines, *more]))
        self.details["mistakes"] = [{"place": place, "text": text} for place, text in told]


@dataclass(frozen=True)
class Mistake:
    """One, with its place. ``remedy`` is only worked out if it is told."""

    place: str
    text: str
    remedy: Callable[[], str] = str

    @property
    def told(self) -> str:
        """What is said of it after its place."""
        end = "" if self.text.endswith((".", "!", "?", "…")) else "."
        return f"{self.text}{end} {self.remedy()}".strip()


@dataclass
class Mistakes:
    """What was found so far."""

    found: list[Mistake] = field(default_factory=list)
    #: Where they are, and the lists that these places are in.
    places: set[str] = field(default_factory=set)
    #: What must be seen in no sentence.
    secrets: Secrets = field(default_factory=Secrets)

    def add(self, place: str, text: str, remedy: str | Callable[[], str] = "") -> None:
        """Remember one."""
        self.places |= {place, re.sub(r"\[\d+\]$", "", place)}
        self.found.append(Mistake(place, text, remedy if callable(remedy) else partial(str, remedy)))

    def of(self, exc: InputError, place: Callable[[str], str]) -> None:
        """Remember what a check refused, unless its place, or one in the list that stands there, has a mistake already.
        ``place``: option → where it stands; of an empty one, the thing itself."""
        option, colon, text = exc.message.partition(": ")
        about_option = bool(colon) and exc.details.get("option") == option
        where = place(option if about_option else "")
        if where not in self.places:
            self.add(where, text if about_option else exc.message, exc.hint)

    def unknown(self, place: str, noun: str, name: Any, known: Iterable[str]) -> None:
        """Remember a name that nobody knows."""
        self.add(place, f"there is no {noun} {quoted(name)}.", partial(near, str(name), tuple(known)))

    def refuse(self) -> None:
        """Raises TreeError if there is any: sorted by place, each once."""
        found = sorted({(one.place, one.text): one for one in self.found}.values(), key=_in_order)
        if found:
            told = [(one.place, one.told) for one in found[:TOLD]]
            raise TreeError([(self.secrets.mask(place), self.secrets.mask(text)) for place, text in told], len(found))


def _in_order(one: Mistake) -> tuple[list[tuple[str, int]], str]:
    """``tags[10]`` comes after ``tags[9]``."""
    pieces = re.findall(r"(\D*)(\d{0,9})", one.place)
    return [(text, int(number or 0)) for text, number in pieces], one.text


def near(name: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that nobody knows; else what there is, if that is not too much."""
    names = list(filter(None, known))
    if meant := nearest(name, names):
        return did_you_mean(meant)
    return f"There is: {', '.join(map(cut, names))}." if 0 < len(names) <= _LISTED else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that nobody knows; empty if nothing is near."""
    names = {one.casefold(): one for one in known if one}
    wanted = name.strip().casefold()
    found = get_close_matches(wanted[:200], names, 1, 0.6)
    found = found or [one for one in names if len(wanted) > 2 and wanted in re.split(r"[_\W]", one)][:1]
    return names[found[0]] if found else ""


def did_you_mean(name: str) -> str:
    """The question."""
    return f"Did you mean {quoted(name)}?"


def joined(place: str, key: Any) -> str:
    """The place of what stands under a key."""
    text = cut(str(key))
    name = text if _KEY.fullmatch(text) else f"[{text!r}]"
    return f"{place}{'.' if place and name == text else ''}{name}"


def cut(text: Any) -> str:
    """A text as it may stand in a sentence: in one line, and not too long."""
    line = printable(str(text))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def quoted(text: Any) -> str:
    """The same between quotes."""
    return f"'{cut(text)}'"
