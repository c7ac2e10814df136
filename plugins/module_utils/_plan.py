# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which updates are run and which are left, with the reason: pure. PRIVATE to the collection."""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ._errors import InputError
from ._models import CORE, OPTION_OF_TYPE, PLUGIN, THEME, TRANSLATION, TYPE_OF_OPTION, Site, Update, UpdateKey
from ._offers import Offers
from ._proven import ProvenGate
from ._versions import CHANGES, lower, meets_php, meets_wp, same, version_change

#: What the Dashboard's own batch leaves alone by itself, what the child site refuses, and what harms nobody.
_LEFT_BY_BATCH = (
    "suspended",
    "ignored",
    "premium",
    "requires_php",
    "requires_wp",
    "not_supported",
    "same_version",
    "not_installed",
)


@dataclass(frozen=True)
class Pattern:
    """One entry of ``include_updates`` or ``exclude_updates``."""

    text: str
    glob: str
    #: A type; empty for all of them.
    kind: str

    def matches(self, update: Update) -> bool:
        """fnmatch on slug or name; ``woocommerce`` also matches ``woocommerce/woocommerce.php``."""
        if self.kind and update.type != self.kind:
            return False
        names = {update.slug, update.name, update.slug.split("/", 1)[0], update.slug.removesuffix(".php")}
        return any(fnmatch.fnmatchcase(name.casefold(), self.glob) for name in names)

    @property
    def is_exact(self) -> bool:
        """True for a name without wildcards."""
        return not re.search(r"[*?\[]", self.glob)


def pattern(option: str, text: str) -> Pattern:
    """``plugin:woo*`` → a Pattern. Raises InputError for an empty one."""
    before, colon, rest = str(text).strip().partition(":")
    kind = before if colon and before in OPTION_OF_TYPE else ""
    glob = (rest if kind else str(text)).strip().casefold()
    if not glob:
        raise InputError(option, "has an empty pattern.", "Use a slug or name such as woocommerce or 'plugin:woo*'.")
    return Pattern(str(text), glob, kind)


@dataclass(frozen=True)
class Planned:
    """One triple of an earlier plan: run exactly this version of this update on this site.

    ``old_version`` is what was installed when the plan was made, if the plan still tells; ``closes`` are the
    vulnerabilities that it closes.
    """

    site_id: int
    key: UpdateKey
    new_version: str
    old_version: str = ""
    closes: tuple[str, ...] = ()
    site_url: str = ""


@dataclass(frozen=True)
class PlanOptions:
    """What may be updated. ``max_change`` maps a type to the largest allowed step (absent: any)."""

    types: tuple[str, ...] = (PLUGIN, THEME, CORE, TRANSLATION)
    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    max_change: Mapping[str, str] = field(default_factory=dict)
    plan: tuple[Planned, ...] | None = None
    #: For the Dashboard's own batch: what it reaches. It takes all of that, or the site must be left alone.
    batch_types: tuple[str, ...] | None = None
    batch_premium: bool = False
    #: The API updates all translations of a site or none (v1).
    all_translations: bool = False
    proven: ProvenGate | None = None
    #: With ``min_offer_age``: since when releases have been offered.
    offers: Offers | None = None

    @functools.cached_property
    def _by_site(self) -> Mapping[int, Sequence[Planned]]:
        """The plan, sorted once: it may have ten entries for each of a thousand sites."""
        found: dict[int, list[Planned]] = {}
        for entry in self.plan or ():
            found.setdefault(entry.site_id, []).append(entry)
        return found

    def planned_for(self, site: Site) -> Sequence[Planned]:
        """The entries of the plan that are about ``site``."""
        return self._by_site.get(site.id, ())

    def wants(self, update: Update) -> bool:
        """True when type and include_updates select this update at all."""
        return update.type in self.types and (not self.include or any(entry.matches(update) for entry in self.include))

    def wants_any(self, site: Site) -> bool:
        """True when the site's stored offers hold something to ask about: the rest of them cannot become a plan."""
        return any(self.wants(update) and not update.premium for update in site.updates)

    def names(self, site: Site, update: Update) -> bool:
        """True when the user named this very update: without wildcards, or by a plan made from what is installed now."""
        if any(entry.is_exact and entry.matches(update) for entry in self.include):
            return True
        before = site.version_before(update)
        return any(entry.key == update.key and entry.old_version == before for entry in self.planned_for(site))

    def closes(self, site: Site, update: Update) -> bool:
        """True when a plan says that this very release closes a vulnerability of this site."""
        return any(
            entry.closes and entry.key == update.key and same(entry.new_version, update.new_version)
            for entry in self.planned_for(site)
        )


@dataclass(frozen=True)
class Skip:
    """An update that is left alone, and why."""

    update: Update
    reason: str
    message: str

    @property
    def taken_by_batch(self) -> bool:
        """True for what the Dashboard's own batch would install although it is left alone here."""
        return self.reason not in _LEFT_BY_BATCH


@dataclass(frozen=True)
class SitePlan:
    """The plan of one site: what to run, in order, and what to leave."""

    site: Site
    updates: tuple[Update, ...]
    skips: tuple[Skip, ...]

    @property
    def withheld(self) -> bool:
        """True when something is left alone that a batch of the Dashboard for all sites would install."""
        return any(skip.taken_by_batch for skip in self.skips)


def plan_options_from(params: Mapping[str, Any]) -> PlanOptions:
    """Check the options that say what may be updated. Raises InputError."""
    types = params.get("types")
    names = list(TYPE_OF_OPTION) if types is None else types
    return PlanOptions(
        types=tuple(TYPE_OF_OPTION[name] for name in TYPE_OF_OPTION if name in names),
        include=tuple(pattern("include_updates", text) for text in params.get("include_updates") or ()),
        exclude=tuple(pattern("exclude_updates", text) for text in params.get("exclude_updates") or ()),
        max_change=_max_change(params.get("max_version_change")),
        plan=_planned(params.get("plan")),
    )


def _max_change(value: Any) -> dict[str, str]:
    """``minor`` or ``{core: minor, plugins: major}`` → type → largest step."""
    option = "max_version_change"
    versioned = {name: kind for name, kind in TYPE_OF_OPTION.items() if kind != TRANSLATION}
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        value = dict.fromkeys(versioned, value)
    if not isinstance(value, Mapping):
        raise InputError(option, f"'{value}' is neither a step nor a map.", f"Use one of {', '.join(CHANGES)}.")
    for name, step in value.items():
        if name not in versioned:
            raise InputError(option, f"there is no type '{name}' with versions.", "Use core, plugins or themes.")
        if step not in CHANGES:
            raise InputError(option, f"'{step}' is not a step.", f"Use one of {', '.join(CHANGES)}.")
    return {versioned[name]: step for name, step in value.items()}


def _planned(value: Any) -> tuple[Planned, ...] | None:
    """The ``plan`` option: entries as mainwp_update_info returns them."""
    if value is None:
        return None
    found = []
    for number, entry in enumerate(value, 1):
        try:
            key = (str(entry["type"]), str(entry["slug"]), str(entry.get("language") or ""))
            old = str(entry.get("version_before") or "")
            closes = _closed(entry.get("closes"))
            number_of_site, url = int(entry["site_id"]), str(entry.get("site_url") or "")
            found.append(Planned(number_of_site, key, str(entry["version_planned"]), old, closes, url))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InputError(
                "plan",
                f"entry {number} is not an entry of a plan.",
                "Pass the plan that wpfleet.mainwp.mainwp_update_info returned, unchanged or shortened.",
            ) from None
        if key[0] not in OPTION_OF_TYPE:
            raise InputError("plan", f"entry {number} has the unknown type '{key[0]}'.", "Use an entry as returned.")
    return tuple(found)


def _closed(value: Any) -> tuple[str, ...]:
    """The ``closes`` of a plan's entry. Raises ValueError."""
    names = [] if value is None else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(value)
    return tuple(names)


def make_plan(
    site: Site, pending: Sequence[Update], options: PlanOptions, objection: tuple[str, str] = ("", "")
) -> SitePlan:
    """What to run on one site, in order (plugins, themes, core, translations), and what to leave with its reason.

    ``site.updates`` are the stored offers, ``pending`` those that remain after MainWP's ignore rules.
    ``objection`` is a reason and sentence that speaks against updating the site at all.
    """
    known = {update.key for update in pending}
    stored = [update for update in site.updates if update.key not in known]
    premium = [update for update in stored if update.premium] if options.batch_premium else []
    skips = [_stored_skip(update) for update in stored if options.wants(update) and update not in premium]
    gated = [(update, _gate(site, update, options)) for update in (*pending, *premium) if options.wants(update)]
    skips += [skip for _update, skip in gated if skip]
    run = [update for update, skip in gated if skip is None]
    if options.plan is not None:
        run, skips = _bind(site, run, skips, options.planned_for(site))
    if options.batch_types is None:
        tied = inseparable(run, pending, options.all_translations)
        what = "translations of a site" if options.all_translations else "languages of a translation"
        text = f"The API updates all {what} or none, and not all of them are to be updated."
        skips += [Skip(update, "not_supported", text) for update in tied]
        run = [update for update in run if update not in tied]
    elif not objection[0]:
        objection = _batch_objection(skips)
    if objection[0]:
        skips += [Skip(update, *objection) for update in run]
        run = []
    return SitePlan(site, tuple(sorted(run, key=_turn)), tuple(sorted(skips, key=lambda skip: _turn(skip.update))))


def _turn(update: Update) -> tuple[int, str, str]:
    """Where an update stands in the order of its site."""
    return list(OPTION_OF_TYPE).index(update.type), update.slug, update.language


def inseparable(run: Sequence[Update], offered: Iterable[Update], all_or_none: bool) -> list[Update]:
    """The translations in ``run`` with which others would move that are offered, too: a call names a slug and gets all
    its languages; with ``all_or_none`` it gets all translations."""
    others = [item for item in offered if item.type == TRANSLATION and item.key not in {entry.key for entry in run}]
    slugs = {item.slug for item in others}
    return [item for item in run if item.type == TRANSLATION and others and (all_or_none or item.slug in slugs)]


def _batch_objection(skips: Sequence[Skip]) -> tuple[str, str]:
    """(reason, message) against the Dashboard's own batch of a site, which would install what must be left alone too."""
    for skip in skips:
        if skip.taken_by_batch:
            name = f"{skip.update.name} {skip.update.new_version}"
            return skip.reason, f"The Dashboard's own batch would install {name}, too: {skip.message}"
    return "", ""


def _stored_skip(update: Update) -> Skip:
    """An offer that the Dashboard stores but does not act on."""
    if update.premium:
        return Skip(update, "premium", "Premium updates cannot be started through the API: use the Dashboard.")
    return Skip(update, "ignored", "Ignored in MainWP.")


def _gate(site: Site, update: Update, options: PlanOptions) -> Skip | None:
    """The reason not to run an update, or None."""
    batch = options.batch_types is not None
    for entry in options.exclude:
        if entry.matches(update):
            return Skip(update, "excluded", f"Excluded by '{entry.text}'.")
    if options.batch_types is not None and update.type not in options.batch_types:
        return Skip(update, "not_supported", "The Dashboard's own batch does not update this type here.")
    if update.type in (PLUGIN, THEME) and site.tells(update) and site.installed(update) is None:
        return Skip(update, "not_installed", f"It is offered, but the site has no such {update.type} any more.")
    named = options.names(site, update)
    backward = None if named else _no_update(site, update, batch)
    if backward:
        return backward
    limit = options.max_change.get(update.type)
    if limit:
        present = site.version_before(update)
        change = version_change(present, update.new_version, update.type == CORE)
        if CHANGES.index(change) > CHANGES.index(limit):
            step = f"{present or 'unknown'} to {update.new_version}"
            return Skip(update, "policy", f"{step} is a {change} change; at most {limit} is allowed.")
    unproven = options.proven.objection(update) if options.proven else ""
    if unproven:
        return Skip(update, "unproven", unproven)
    young = options.offers.objection(update) if options.offers and not options.closes(site, update) else ""
    if young:
        return Skip(update, "too_new", young)
    unmet = _requirements(site, update)
    # A batch tries what has no package, too.
    if unmet or named or batch or update.package is not False:
        return unmet
    text = "No download package is offered (a licence may be missing). A premium updater on the site might"
    return Skip(update, "no_package", f"{text} still deliver it: name it in include_updates to try.")


def _no_update(site: Site, update: Update, batch: bool) -> Skip | None:
    """What is offered is installed already, or an older release than what is."""
    present = site.version_before(update)
    hint = "Use update_method: per_item." if batch else "Name it in include_updates to install it all the same."
    if same(update.new_version, present):
        text = f"{update.new_version} is offered, and {present} is installed already."
        more = "The Dashboard's own batch may install it once more." if batch else hint
        return Skip(update, "same_version", f"{text} {more}")
    if lower(update.new_version, present):
        text = f"{update.new_version} is offered, which is older than {present}, the installed one. {hint}"
        return Skip(update, "older", text)
    return None


def _requirements(site: Site, update: Update) -> Skip | None:
    """Requirements of the installed and the offered release against the site's PHP and WordPress."""
    for reason, label, needed, present, meets in (
        ("requires_php", "PHP", update.requires_php, site.php_version, meets_php),
        ("requires_wp", "WordPress", update.requires_wp, site.wp_version, meets_wp),
    ):
        if not meets(present, needed):
            return Skip(update, reason, f"Needs {label} {needed}; the site has {present}.")
        if reason in update.blocked:
            version = f"{label} {present}".strip()
            return Skip(update, reason, f"The child site reports that its {version} does not suffice.")
    return None


def _bind(
    site: Site, run: Sequence[Update], skips: Sequence[Skip], plan: Sequence[Planned]
) -> tuple[list[Update], list[Skip]]:
    """Only what an earlier plan names in the very version; what is offered in another, or not any more, has drifted."""
    versions = {entry.key: entry.new_version for entry in plan}
    kept, left = [], [skip for skip in skips if skip.update.key in versions]
    offered = {update.key for update in (*run, *site.updates)}
    for key, version in versions.items():
        if key not in offered:
            gone = Update(*key[:2], name=key[1], version="", new_version=version, language=key[2])
            left.append(Skip(gone, "drifted", _withdrawn(site, gone)))
    for update in run:
        if update.key not in versions:
            continue
        if same(versions[update.key], update.new_version):
            kept.append(update)
        else:
            text = f"Planned was {versions[update.key]}, offered is now {update.new_version}."
            left.append(Skip(replace(update, new_version=versions[update.key]), "drifted", text))
    return kept, left


def _withdrawn(site: Site, gone: Update) -> str:
    """What a site has in place of an offer that is no more: of a translation, or a version that is hidden, nobody knows."""
    present = site.version_of(gone)
    if not present and gone.type in (PLUGIN, THEME) and site.tells(gone):
        present = "none"
    return f"No longer offered; the site has {present}." if present else "No longer offered."


def unmatched(patterns: Iterable[Pattern], updates: Iterable[Update]) -> list[str]:
    """Patterns that match none of ``updates``."""
    pool = list(updates)
    return [entry.text for entry in patterns if not any(entry.matches(update) for update in pool)]
