# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tree names and neither it nor the Dashboard has: pure. PRIVATE to the collection.

What the tree takes away – by ``state: absent``, or because a purge would – is not there either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._models import Site
from .._resources._site_fields import same_site
from .._resources._slugs import slug_of
from .._resources.cost_types import BUILT_IN, METHODS
from .._selection import finder
from ._entry import CLIENTS, COSTS, PAYMENT_METHODS, PRODUCT_TYPES, SITES, TAGS, Entry, Tree
from ._members import site_keys
from ._mistakes import Mistakes, near, quoted
from .kinds import BY_NAME

#: Kind → what it is known by in a tree, the surest first.
_KEYS = {
    TAGS: ("id", "name"),
    CLIENTS: ("id", "email", "name"),
    PRODUCT_TYPES: ("slug", "title"),
    PAYMENT_METHODS: ("slug", "title"),
}
_NOUNS = {
    TAGS: "tag",
    CLIENTS: "client",
    PRODUCT_TYPES: "product type",
    PAYMENT_METHODS: "payment method",
    SITES: "site",
}
#: What MainWP has without anybody making it.
_OWN = {PRODUCT_TYPES: BUILT_IN, PAYMENT_METHODS: tuple(METHODS)}
#: Option → the kind of what it names.
_SELECTS = {"sites": SITES, "exclude_sites": SITES, "site_tags": TAGS, "clients": CLIENTS}
_NAMED: dict[str, dict[str, str]] = {
    SITES: {"client": CLIENTS, "site_tags": TAGS},
    COSTS: {**_SELECTS, "product_type": PRODUCT_TYPES, "payment_method": PAYMENT_METHODS},
}


@dataclass(frozen=True)
class Known:
    """What the Dashboard has; None for what was not read, and so is not judged."""

    sites: Sequence[Site] | None = None
    #: Rows with ``id``, ``name`` and, for clients, ``client_email``.
    tags: Sequence[Mapping[str, Any]] | None = None
    clients: Sequence[Mapping[str, Any]] | None = None
    #: Slugs.
    product_types: Collection[str] | None = None
    payment_methods: Collection[str] | None = None

    def names(self, kind: str) -> list[tuple[str, ...]] | None:
        """What each one of a kind is known by."""
        rows = {TAGS: self.tags, CLIENTS: self.clients}.get(kind)
        if rows is not None:
            return [(str(row["id"]), _text(row.get("client_email")).casefold(), _text(row["name"])) for row in rows]
        slugs = {PRODUCT_TYPES: self.product_types, PAYMENT_METHODS: self.payment_methods}.get(kind)
        return None if slugs is None else [(slug,) for slug in slugs]


@dataclass
class _Names:
    """The names of a kind: which there will be, and what becomes of the others."""

    noun: str
    #: What there will be, as it is looked for: just so, or in any case → as it is written.
    there: dict[str, str] = field(default_factory=dict)
    #: The same of what will be gone → why.
    gone: dict[str, str] = field(default_factory=dict)
    #: There is no other.
    whole: bool = True
    #: What is said of others, in place of that there is none.
    others: str = ""

    def add(self, names: Iterable[str], why_gone: str = "") -> None:
        """Names of one that there will be, or ``why_gone``."""
        for name in filter(None, names):
            for key in (name, _loosely(name)):
                if why_gone:
                    self.gone.setdefault(key, why_gone)
                else:
                    self.there.setdefault(key, name)

    def judge(self, text: str, place: str, mistakes: Mistakes) -> None:
        """Add a name that nothing has."""
        name = _text(text)
        for key in (name, _loosely(name)):
            if key in self.there:
                return
            if key in self.gone and (key == name or self.whole):
                mistakes.add(place, f"{quoted(name)} is named here, and {self.gone[key]}.")
                return
        if self.others and not name.isdecimal():  # an id may be that of anything
            mistakes.add(place, f"{quoted(name)} is named here, and {self.others}.", lambda: near(name, self.shown))
        elif self.whole:
            said = f"neither the tree nor the Dashboard has a {self.noun} {quoted(name)}."
            mistakes.add(place, said, lambda: near(name, self.shown))

    @property
    def shown(self) -> list[str]:
        """What may have been meant."""
        return list(dict.fromkeys(name for name in self.there.values() if not name.isdecimal()))


def look(tree: Tree, known: Known, purge: Collection[str], mistakes: Mistakes) -> None:
    """Add all that entries name and nothing has. With an empty ``known`` only what the tree itself takes away."""
    kinds = {kind: _names(kind, tree, known, purge) for kind in _KEYS}
    find_site = _site_judge(tree, known)
    for kind, entries in tree.entries.items():
        named = _NAMED.get(kind) or (_SELECTS if BY_NAME[kind].on_sites else {})
        for entry in entries if named else ():
            if entry.is_absent and not BY_NAME[kind].on_sites:
                continue
            for option, of, text, place in _texts(entry, named):
                if entry.options.get("fail_on_missing") is False and option != "exclude_sites":
                    continue
                (find_site if of == SITES else kinds[of].judge)(text, place, mistakes)


def _texts(entry: Entry, named: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """(option, kind of what it names, name, place)"""
    for option, of in named.items():
        value = entry.options.get(option)
        if isinstance(value, list):
            for number, text in enumerate(value):
                place = entry.at(option) if option in entry.written else f"{entry.at(option)}[{number}]"
                yield option, of, str(text), place
        elif value not in (None, ""):
            yield option, of, str(value), entry.at(option)


def _names(kind: str, tree: Tree, known: Known, purge: Collection[str]) -> _Names:
    rows = known.names(kind)
    names = _Names(_NOUNS[kind], whole=rows is not None)
    entries = _entries(kind, tree)
    for keys in (*((one,) for one in _OWN.get(kind, ())), *(rows or ())):
        entry = next((entries[key] for key in keys if key in entries), None)
        spared = kind not in purge or keys[0] in _OWN.get(kind, ())
        if entry is None:
            names.add(keys, "" if spared else f"purging would take it, for {kind} does not mention it")
        elif entry.is_absent:
            names.add(keys, _says_absent(entry))
        else:
            names.add(keys)
    for key, entry in entries.items():
        names.add([key], _says_absent(entry) if entry.is_absent else "")
    if kind in purge and rows is None:
        names.others = f"{kind} does not mention it, so purging would take it"
    return names


def _entries(kind: str, tree: Tree) -> dict[str, Entry]:
    """The entries of a kind by all that they are known by."""
    found: dict[str, Entry] = {}
    for name in reversed(_KEYS[kind]):
        for entry in sorted(tree.of(kind), key=lambda one: not one.is_absent):
            text = _text(entry.options.get(name))
            if text and not (name == "title" and entry.options.get("slug")):
                text = slug_of(text) if name == "title" else text
                found[text.casefold() if name == "email" else text] = entry
    return found


def _says_absent(entry: Entry) -> str:
    return f"{entry.place} says that it shall be absent"


def _site_judge(tree: Tree, known: Known) -> Callable[[str, str, Mistakes], None]:
    """What adds the name of a site that is nowhere, or that the tree takes away."""
    sites = tree.of(SITES)
    absent = {key: entry for entry in sites if entry.is_absent for key in site_keys(entry.options)}
    there: list[Site] = []
    gone: list[Site] = []
    reasons: dict[int, str] = {}
    written = [_as_site(-number - 1, entry) for number, entry in enumerate(sites) if entry.options.get("site_url")]
    for site in (*written, *(known.sites or ())):
        taken = absent.get(str(site.id)) or absent.get(same_site(site.url).casefold())
        (gone if taken else there).append(site)
        reasons[site.id] = _says_absent(taken) if taken else ""
    find, find_gone = finder(there), finder(gone)

    def judge(text: str, place: str, mistakes: Mistakes) -> None:
        if not text.strip() or find(text):
            return
        lost = find_gone(text)
        if lost:
            mistakes.add(place, f"{quoted(text)} is named here, and {reasons[lost[0].id]}.")
        elif known.sites is not None:
            said = f"neither the tree nor the Dashboard has a site {quoted(text)}."
            mistakes.add(place, said, lambda: near(text, [site.url for site in there]))

    return judge


def _as_site(number: int, entry: Entry) -> Site:
    return Site(number, str(entry.options["site_url"]), str(entry.options.get("name") or ""))


def _loosely(name: str) -> str:
    """A key for a name in any case, which is no name itself."""
    return f"\0{name.casefold()}"


def _text(value: Any) -> str:
    """As names are compared: blanks do not count."""
    return "" if value is None else " ".join(str(value).split())
