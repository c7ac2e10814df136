# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites that tags and clients take in: they become tags and the client of the sites' entries. Pure. PRIVATE to the collection.

A tag or a client only ever takes in; who shall leave is said of the site.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from .._models import Site
from .._resources._site_fields import same_site
from .._selection import finder
from ._entry import CLIENTS, SITES, TAGS, Entry, Member, Tree
from ._mistakes import Mistakes, near, quoted
from ._values import filled
from .kinds import BY_NAME

_OPTION = {TAGS: "site_tags", CLIENTS: "client"}


def taken_in(entries: Mapping[str, Sequence[Entry]], mistakes: Mistakes) -> Tree:
    """The tree, with members in the entries of their sites; those of sites without an entry stay apart."""
    members = [member for kind in _OPTION for entry in entries.get(kind, ()) for member in _members(entry)]
    found = {
        kind: [entry.without("sites") for entry in entries[kind]] if kind in _OPTION else list(entries[kind])
        for kind in entries
    }
    same = _clients(entries.get(CLIENTS, ()))
    rest = join(found.get(SITES, []), members, same, mistakes)
    _one_client(rest, same, mistakes)
    return Tree({kind: tuple(each) for kind, each in found.items()}, tuple(rest))


def join(sites: list[Entry], members: Sequence[Member], same: Callable[[str], str], mistakes: Mistakes) -> list[Member]:
    """Put members into the entries of their sites; those that have none are handed back."""
    find, rest = _site_finder(sites), []
    for member in members:
        numbers = find(member.site)
        if len({same_site(str(sites[number].options.get("site_url") or number)) for number in numbers}) > 1:
            several = " and ".join(sites[number].place for number in numbers)
            mistakes.add(member.place, f"{quoted(member.site)} names several sites: {several}.", "Write the address.")
        elif numbers:
            sites[numbers[0]] = _taken(sites[numbers[0]], member, same, mistakes)
        else:
            rest.append(member)
    return rest


def _members(entry: Entry) -> list[Member]:
    """The sites of a tag or a client."""
    options = entry.options
    name = options.get("id") or options.get("email") or options.get("name")
    texts = () if entry.is_absent else options.get("sites") or ()
    return [
        Member(_OPTION[entry.kind], str(name), str(text), f"{entry.at('sites')}[{number}]")
        for number, text in enumerate(texts)
        if str(text).strip()
    ]


def _site_finder(sites: Sequence[Entry]) -> Callable[[str], list[int]]:
    """A text → the entries of the site that it names."""
    known = [
        Site(-number - 1, str(entry.options.get("site_url") or f"\0{number}"), str(entry.options.get("name") or ""))
        for number, entry in enumerate(sites)
    ]
    by_id = {str(entry.options["id"]): number for number, entry in enumerate(sites) if "id" in entry.options}
    find = finder(known)

    def numbers(text: str) -> list[int]:
        text = text.strip()
        return [by_id[text]] if text in by_id else [-site.id - 1 for site in find(text)] if text else []

    return numbers


def _taken(site: Entry, member: Member, same: Callable[[str], str], mistakes: Mistakes) -> Entry:
    """The site with one more tag, or with its client."""
    options = site.options
    if site.is_absent:
        mistakes.add(member.place, f"{site.place} says that this site shall be absent.")
        return site
    if member.option == "client":
        given = options.get("client")
        if given is not None and same(str(given)) != same(member.name):
            mistakes.add(member.place, f"a site has one client, and {site.at('client')} names another one.")
        return site if given is not None else _having(site, {"client": member.name}, member.place)
    had = options.get("site_tags")
    if had is not None and options.get("site_tags_mode") == "remove":
        mistakes.add(member.place, f"{site.at('site_tags')} takes tags away, so none can be added.")
        return site
    if any(str(text).strip() == member.name.strip() for text in had or ()):
        return site
    mode = {"site_tags_mode": "add"} if had is None else {}
    return _having(site, {"site_tags": [*(had or ()), member.name], **mode}, member.place)


def _having(site: Entry, options: Mapping[str, Any], place: str) -> Entry:
    """``site`` with what a member says. Of several tags, the place of the first that is no option of the site."""
    written = {**{name: place for name in options if name not in site.options}, **site.written}
    return Entry(site.kind, site.place, {**site.options, **options}, written, site.sound)


def _clients(entries: Sequence[Entry]) -> Callable[[str], str]:
    """What a client is called → what all names of this client have in common."""
    exact: dict[str, str] = {}
    near: dict[str, str] = {}
    for name in ("name", "id", "email"):  # the surest last
        for entry in entries:
            if text := str(entry.options.get(name) or "").strip():
                exact[text] = near[text.casefold()] = entry.place

    def same(text: str) -> str:
        text = text.strip()
        return exact.get(text) or near.get(text.casefold()) or text.casefold()

    return same


def _one_client(members: Sequence[Member], same: Callable[[str], str], mistakes: Mistakes) -> None:
    """Of sites without an entry, too."""
    first: dict[str, Member] = {}
    for member in members:
        if member.option == "client":
            other = first.setdefault(same_site(member.site).casefold(), member)
            if same(other.name) != same(member.name):
                mistakes.add(member.place, f"a site has one client, and {other.place} names another one.")


def settled(tree: Tree, known: Sequence[Site], mistakes: Mistakes) -> Tree:
    """The tree with entries for members of which the Dashboard alone knows: those that the tree had apart."""
    if not tree.members:
        return tree
    sites, find = list(tree.of(SITES)), finder(known)
    numbers = {key: number for number, entry in enumerate(sites) for key in site_keys(entry.options)}
    same = _clients(tree.of(CLIENTS))
    for member in tree.members:
        hits = find(member.site)
        if len(hits) != 1:
            several = ", ".join(f"{site.url} (id {site.id})" for site in hits)
            text = (
                f"{quoted(member.site)} names several sites: {several}."
                if hits
                else f"neither the tree nor the Dashboard has a site {quoted(member.site)}."
            )
            mistakes.add(
                member.place,
                text,
                "Write the id." if hits else partial(near, member.site, [site.url for site in known]),
            )
            continue
        keys = site_keys({"id": hits[0].id, "site_url": hits[0].url})
        number = next((numbers[key] for key in keys if key in numbers), len(sites))
        if number == len(sites):
            sites.append(Entry(SITES, member.place, filled(BY_NAME[SITES].spec, {"id": hits[0].id})))
            numbers |= dict.fromkeys(keys, number)
        sites[number] = _taken(sites[number], member, same, mistakes)
    return Tree({**tree.entries, SITES: tuple(sites)})


def site_keys(options: Mapping[str, Any]) -> list[str]:
    """What tells one site from all others."""
    url, number = str(options.get("site_url") or ""), options.get("id")
    return [*([str(number)] if number is not None else []), *([same_site(url).casefold()] if url else [])]
