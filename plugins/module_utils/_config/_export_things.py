# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is on sites – ignore rules, plugins, themes, users –, as kinds of a tree. PRIVATE to the collection.

Rules and users are exported as they are, a group of sites for each set of them. Plugins and themes are policy: what is active
everywhere shall be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import _errors as errors
from .. import _verdict as verdict
from .._api.sites import EXTENSIONS, SLIM
from .._dashboard import Dashboard
from .._models import Extension, Site
from .._report import and_more, plural
from .._things import ignored
from .._things.extensions import Plugins, Themes, texts_from
from .._things.users import users_from
from .._users import ROLES
from ._export_part import Part, in_order
from .kinds import BY_NAME

CONNECTED = "connected"
_FIELDS = {"ignored_updates": (*ignored.FIELDS, *EXTENSIONS), "plugins": ("plugins",), "themes": ("themes",)}
_GLOBAL = (
    "Rules for all sites and ignored versions of WordPress are not here, for MainWP's API does not tell them. Whether all "
    "updates of a site are ignored is said at the sites."
)
#: Visitors' accounts are nobody's policy.
_WRITERS = tuple(role for role in ROLES if role != "subscriber")


def fields_of(kinds: Iterable[str]) -> list[str]:
    """What these kinds need to know of each site."""
    return list(dict.fromkeys(field for kind in kinds for field in _FIELDS.get(kind, ())))


@dataclass(frozen=True)
class OnSites:
    """What is on sites; the listing is read once."""

    dashboard: Dashboard
    personal: bool
    #: What is read of each site.
    fields: Sequence[str]
    #: Sites that the tree does not have, by id: whoever names them asks for what an empty Dashboard lacks.
    missing: Collection[int] = ()
    #: Sites that were removed meanwhile, by id.
    gone: Collection[int] = ()

    @cached_property
    def listed(self) -> list[Site]:
        """All sites by address, with all that is asked for here."""
        return [site for site in self.dashboard.sites((*SLIM, *self.fields)) if site.id not in self.gone]

    @property
    def connected(self) -> list[Site]:
        """Those that can be worked on."""
        return [site for site in self.listed if site.status == CONNECTED]

    @property
    def named(self) -> list[Site]:
        """Those that an entry may name."""
        return [site for site in self.listed if site.id not in self.missing]

    # -- ignore rules --------------------------------------------------------------------------------------------------

    @cached_property
    def ignored_updates(self) -> Part:
        """Rules that ignore all versions, of a plugin or a theme."""
        left_out: list[str] = []
        sites: dict[tuple[str, str], list[str]] = {}
        odd: dict[tuple[str, str, str], list[str]] = {}
        for site in self.named:
            state = ignored.ignoring(site)
            if state is None:
                left_out.append(f"{site.url}: what MainWP has stored of its rules cannot be read.")
                continue
            for kind, rules in state.rules.items():
                for slug in sorted(rules):
                    why = _not_again(site, state, kind, slug)
                    if why:
                        odd.setdefault((kind, slug, why), []).append(site.url)
                    else:
                        sites.setdefault((kind, slug), []).append(site.url)
        left_out += [
            f"The rule of {kind} {slug} on {and_more(urls)}: {why}" for (kind, slug, why), urls in sorted(odd.items())
        ]
        groups: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for (kind, slug), urls in sorted(sites.items()):
            groups.setdefault(tuple(urls), {}).setdefault(f"{kind}s", []).append(slug)
        entries = [in_order(_IGNORED, {"sites": [*urls], **slugs}) for urls, slugs in groups.items()]
        return Part(_IGNORED, sorted(entries, key=_by_names), (*left_out, _GLOBAL))

    # -- policy ----------------------------------------------------------------------------------------------------------

    @property
    def plugins(self) -> Part:
        """Plugins that are active on every connected site."""
        return self._policy("plugins", lambda site: site.plugins, Plugins)

    @property
    def themes(self) -> Part:
        """The theme that is active on every connected site, if there is one."""
        return self._policy("themes", lambda site: site.themes, Themes)

    def _policy(
        self, name: str, installed: Callable[[Site], Iterable[Extension] | None], of: type[Plugins] | type[Themes]
    ) -> Part:
        kind = BY_NAME[name]
        if not self.connected:
            return Part(kind, [])
        unknown = [site.url for site in self.connected if not installed(site)]
        if unknown:
            text = f"MainWP does not know the {name} of {and_more(unknown)}: sync them, then export again."
            return Part(kind, [], (text,))
        try:
            of((), "active").check(self.dashboard)
        except errors.MainWPError as exc:
            return Part(kind, [], (exc.message,))
        active = [
            {item.slug for item in installed(site) or () if item.active and not item.must_use}
            for site in self.connected
        ]
        common, anywhere = set.intersection(*active), set.union(*active)
        slugs = sorted(slug for slug in common if _can_be_named(name, slug))
        rest = len(anywhere) - len(slugs)
        left_out = [f"Active on some of the connected sites only: {plural(rest, name[:-1])}."] if rest else []
        entries = [{"site_status": [CONNECTED], name: slugs, "state": "active"}] if slugs else []
        return Part(kind, [in_order(kind, entry) for entry in entries], tuple(left_out))

    # -- users -----------------------------------------------------------------------------------------------------------

    @cached_property
    def users(self) -> Part:
        """Users who may write, by login, role and e-mail address; the sites are asked."""
        if not self.personal:
            return Part(_USERS, [], ("Users are left out without include_personal: true.",))
        left_out: list[str] = []
        groups: dict[tuple[str, str, str], list[Site]] = {}
        spelled: dict[str, str] = {}
        told = self.dashboard.v2.users.of_all(self.named, roles=_WRITERS)
        for site in self.named:
            rows = told[site.id]
            if isinstance(rows, errors.MainWPError):
                left_out.append(f"Users of {site.url} are not known: {rows}")
                continue
            for row in rows:
                login = str(row["username"])
                key = login.casefold()
                spelled[key] = min(login, spelled.get(key, login))
                groups.setdefault((key, row["role"], row["email"]), []).append(site)
        entries = []
        for (key, role, email), sites in sorted(groups.items(), key=lambda group: (group[0], group[1][0].sort_key)):
            login, options = spelled[key], {"login": spelled[key], "role": role, "email": email}
            for option, why in _drop_unstorable(options):
                left_out.append(f"User '{login}' of {and_more([site.url for site in sites])}, {option}: {why}")
            if "login" in options:
                entries.append(in_order(_USERS, {**options, "sites": [site.url for site in sites]}))
        left_out.append("Subscribers are not here, nor what cannot be read of a user, such as names and passwords.")
        return Part(_USERS, entries, tuple(left_out))


_IGNORED, _USERS = BY_NAME["ignored_updates"], BY_NAME["users"]


def _by_names(entry: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Entries of rules are sorted by what they ignore."""
    return [*entry.get("plugins", ()), *entry.get("themes", ())], entry["sites"]


def _not_again(site: Site, state: ignored.Ignoring, kind: str, slug: str) -> str:
    """Why a rule cannot be given again; empty if it can."""
    rule = state.rules[kind][slug]
    if ignored.is_junk(slug, kind, state.installed[kind]):
        return "it is broken, and ignores nothing. Take it away in MainWP."
    if not rule.is_whole:
        return f"it is about {', '.join(rule.versions) or 'no version'} only, which MainWP's API cannot ignore."
    installed = state.installed[kind]
    if installed and all(item.slug != slug for item in installed):
        return "what it ignores is not installed, and could not be ignored anew."
    try:
        wanted = ignored.ignored_from({f"{kind}s": [slug], "state": "present"})
    except errors.InputError as exc:
        return exc.message
    (entry,) = wanted.plan(site, state)
    return (
        "" if entry.result == verdict.UNCHANGED and entry.more["slug"] == slug else entry.message or "not found again."
    )


def _can_be_named(option: str, slug: str) -> bool:
    try:
        return texts_from({option: [slug]}, option) == (slug,)
    except errors.InputError:
        return False


def _drop_unstorable(options: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What MainWP's API would not take of a user."""
    if options["role"] not in ROLES:
        yield "role", f"'{options.pop('role')}' is none that MainWP's API can give."
    while "login" in options and (problem := _refused(options)):
        option, dummy, why = problem.partition(": ")
        del options[option]
        yield option, why


def _refused(options: Mapping[str, Any]) -> str:
    try:
        users_from({**options, "state": "present"})
    except errors.InputError as exc:
        return exc.message
    return ""
