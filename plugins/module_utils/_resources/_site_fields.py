# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of fields that a site is declared with: pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._addresses import address
from .._secrets import printable
from ._fields import Field, Unstorable
from ._naming import Ref


@dataclass(frozen=True)
class Change:
    """What was said of a set: these are all of it, or come to it, or leave it."""

    mode: str
    refs: tuple[Ref, ...]

    def of(self, had: tuple[Ref, ...] | None) -> tuple[Ref, ...]:
        """What becomes of it."""
        old, named = {ref.id: ref for ref in had or ()}, {ref.id: ref for ref in self.refs}
        if self.mode == "add":
            named = {**old, **named}
        elif self.mode == "remove":
            named = {key: ref for key, ref in old.items() if key not in named}
        return in_order(named.values())


def in_order(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    """Sorted by name."""
    return tuple(sorted(refs, key=lambda ref: (ref.name.casefold(), ref.id)))


def one_address(given: Any) -> str:
    """An address of one site, and nothing besides."""
    text = str(given).strip()
    found = address(text)
    literal = found.host.startswith("[")  # IPv6
    if (
        not found.host
        or any(mark in text for mark in (" ,'\"<>\\" if literal else " ,'\"<>\\[]"))
        or printable(text) != text
    ):
        raise Unstorable(f"'{printable(text)}' is no address of one site: write https://shop.example/.")
    if found.scheme not in ("", "http", "https") or any(mark in text for mark in "@?#"):
        raise Unstorable("it has to be http:// or https://, a host and a path, with nothing else in it.")
    return text


def same_site(url: str) -> str:
    """What MainWP takes for one site: scheme, www., case and a slash at the end do not count."""
    return address(url).bare.lower()


def names_just(wanted: str, url: str) -> bool:
    """Whether what was given is this very address, with scheme and www., and not only one that MainWP takes for it."""
    asked, known = address(wanted), address(url)
    return asked == known if asked.scheme else asked.site == known.site


def named(given: Any) -> str:
    """A name is stored as it comes, line ends included."""
    text = str(given).strip()
    line = " ".join(text.splitlines())
    if printable(line) != line.replace("\t", " "):
        raise Unstorable("has control characters.")
    if text in ("", "0"):
        raise Unstorable(f"'{text}' is no name to MainWP, which keeps the one there is.")
    return text


def never_empty(given: Any) -> str:
    text = str(given)
    if text in ("", "0"):
        raise Unstorable(f"MainWP's API takes '{text}' for no value, and cannot clear what there is.")
    if "\0" in text:
        raise Unstorable("has control characters.")
    return text


def emails(given: Sequence[Any]) -> tuple[str, ...]:
    found = [part.strip() for text in given for part in str(text).split(",")]
    for email in filter(None, found):
        if "@" not in email or any(mark in email for mark in " <>\"'&") or printable(email) != email:
            raise Unstorable(f"'{printable(email)}' is no e-mail address.")
    return tuple(dict.fromkeys(filter(None, found)))


def threshold(given: Any) -> int:
    if not 0 <= int(given) <= 100:
        raise Unstorable(f"{given} is not between 0 and 100.")
    return int(given)


def flag(name: str, column: str = "", truth: bool = True) -> Field:
    """Yes or no, as a number: MainWP takes the text ``false`` for yes (recorded). ``truth``: what a set column means."""
    return Field(
        name,
        column or name,
        read=lambda value: None if value is None else value is truth,
        sent=lambda value: int(value is truth),
        blank=not truth,
        when_new=False,
        spec={"type": "bool"},
    )


def choice(name: str, column: str, numbers: Mapping[str, int], sent: Callable[[int], Any], when_new: bool) -> Field:
    """A word that MainWP stores as a number."""
    words = {number: word for word, number in numbers.items()}
    return Field(
        name,
        column,
        read=lambda value: None if value is None else words.get(value, str(value)),
        sent=lambda word: sent(numbers[word]),
        blank=words[0],
        when_new=when_new,
        spec={"type": "str", "choices": list(numbers)},
    )


def unread(name: str, column: str, editable: bool = True, secret: bool = True) -> Field:
    """What is sent and never read."""
    spec = {"type": "str", **({"no_log": True} if secret else {})}
    return Field(name, column, wanted=never_empty, readable=False, editable=editable, spec=spec)


def names(refs: Iterable[Ref]) -> str:
    return ", ".join(map(str, refs))
