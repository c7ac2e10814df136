# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a feed's flaws mean for a site: which of its software has them, and what would close them. Pure. PRIVATE."""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from .. import _verdict as verdict
from .._errors import InputError
from .._flaws import CRITICAL, HIGH, LOW, MEDIUM, NONE, UNKNOWN, Filter, Flaw, directory_slug
from .._models import CORE, CORE_SLUG, PLUGIN, THEME, Extension, Site, Update, UpdateKey
from .._report import SiteReport, and_more, plural, tags_of
from .._selection import find_sites, misnamed

NEW, ACCEPTED, EXPIRED = "new", "accepted", "expired"
STATES = (NEW, ACCEPTED, EXPIRED)
PLANNED, LEFT = "planned", "left"
#: What becomes of a finding: an update in the plan closes it, one that is left would, or there is none.
FIXES = (PLANNED, LEFT, NONE)
#: Why there is none.
NOT_OFFERED, NO_FIX, NOT_FIXED = "not_offered", "no_fix", "not_fixed"
#: Why an update is left that would run else, beside that all it closes is accepted.
WORSE = "worse"
#: What MainWP lives in on a child site.
_CHILD = "mainwp-child/mainwp-child.php"


@dataclass(frozen=True)
class Known:
    """What answers which flaws an item has: of its type, the feed's name of it, and its version."""

    affecting: Callable[[str, str, str], Sequence[Flaw]]
    wanted: Filter

    def __call__(self, kind: str, slug: str, version: str) -> list[Flaw]:
        """Those that are asked for, the worst first."""
        return [one for one in self.affecting(kind, slug, version) if self.wanted.wants(one)]

    def brought(self, kind: str, slug: str, version: str, new_version: str) -> list[Flaw]:
        """Those that ``new_version`` has and ``version`` has not, whichever numbers are asked for."""
        wanted, old = replace(self.wanted, cves=None), {one.id for one in self.affecting(kind, slug, version)}
        new = self.affecting(kind, slug, new_version) if new_version else ()
        return [one for one in new if one.id not in old and wanted.wants(one)]


def known_flaws(flaws: Callable[[str, str], Sequence[Flaw]], wanted: Filter) -> Known:
    """The same for an index. Fleets have the same releases again and again, so answers are kept."""
    about = functools.cache(flaws)

    @functools.cache
    def affecting(kind: str, slug: str, version: str) -> tuple[Flaw, ...]:
        found = [one for one in about(kind, slug) if one.affects(kind, slug, version)]
        return tuple(sorted(found, key=lambda one: (-one.badness(unrated=0.0), one.id)))

    return Known(affecting, wanted)


@dataclass(frozen=True)
class Acceptance:
    """One entry of ``accepted``: a flaw that somebody has decided to live with, on a site or on all, until a day."""

    #: An id or a CVE number, as the user spells it.
    flaw: str
    site: str
    until: datetime.date | None
    why: str
    #: The sites that are meant, once it is known which there are: a twin that differs in www. alone is another site.
    ids: frozenset[int] = frozenset()

    def among(self, sites: Sequence[Site]) -> Acceptance:
        """The same, with what ``site`` names among ``sites``; nothing where that is several."""
        found = find_sites(self.site, sites)
        return replace(self, ids=frozenset(site.id for site in found if len(found) == 1))

    def covers(self, site: Site, flaw: Flaw) -> bool:
        """True when it is about this flaw on this site, whatever the day."""
        return self.flaw.casefold() in (flaw.id.casefold(), flaw.cve.casefold()) and (
            not self.site or site.id in self.ids
        )

    def state(self, today: datetime.date) -> str:
        """Accepted, or accepted once."""
        return EXPIRED if self.until is not None and today > self.until else ACCEPTED


def acceptances_from(value: Sequence[Mapping[str, Any]] | None) -> tuple[Acceptance, ...]:
    """Check the ``accepted`` option. Raises InputError."""
    option, found = "accepted", []
    for number, entry in enumerate(value or (), 1):
        names = [name for name in (str(entry.get(key) or "").strip() for key in ("id", "cve")) if name]
        if len(names) != 1:
            raise InputError(option, f"entry {number} must have one of id and cve.", "Use cve: CVE-2026-00000.")
        for name in ("site", "until"):  # a variable that came out empty must not widen what is accepted
            if entry.get(name) is not None and not str(entry[name]).strip():
                raise InputError(option, f"entry {number}: {name} is empty.", f"Leave {name} out for all of them.")
        until = None
        if entry.get("until"):
            try:
                until = datetime.date.fromisoformat(str(entry["until"]))
            except ValueError:
                raise InputError(option, f"entry {number}: '{entry['until']}' is no day.", "Use 2026-12-31.") from None
        site, why = (str(entry.get(name) or "").strip() for name in ("site", "why"))
        found.append(Acceptance(names[0], site, until, why))
    return tuple(found)


def warn_of_strangers(accepted: Iterable[Acceptance], sites: Sequence[Site], warn: Callable[[str], None]) -> None:
    """Warn of entries that name no site of the Dashboard, of which ``sites`` are all, or several: they accept nothing."""
    for entry in accepted:
        wrong = misnamed(entry.site, sites) if entry.site else ""
        if wrong:
            warn(f"accepted: {wrong}, so that entry accepts nothing.")


def _state_of(
    site: Site, flaw: Flaw, accepted: Sequence[Acceptance], today: datetime.date
) -> tuple[str, Acceptance | None]:
    """Whether somebody lives with it, and by which entry: one that holds, else one that did."""
    told = {entry.state(today): entry for entry in accepted if entry.covers(site, flaw)}
    return next(((state, told[state]) for state in (ACCEPTED, EXPIRED) if state in told), (NEW, None))


@dataclass(frozen=True)
class Finding:
    """A flaw of an item on a site."""

    flaw: Flaw
    state: str
    acceptance: Acceptance | None
    fixed_in: str
    #: The offered release that does not have it; else empty.
    fixed_by: str
    fix: str
    reason: str = ""
    message: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The entry in a result."""
        until = self.acceptance.until if self.acceptance else None
        return {
            "id": self.flaw.id,
            "title": self.flaw.title,
            "cve": self.flaw.cve,
            "score": self.flaw.score,
            "rating": self.flaw.rating,
            "informational": self.flaw.informational,
            "published": self.flaw.published,
            "link": self.flaw.link,
            "fixed_in": self.fixed_in,
            "fixed_by": self.fixed_by,
            "fix": self.fix,
            "reason": self.reason,
            "message": self.message,
            "state": self.state,
            "until": until.isoformat() if until else "",
            "why": self.acceptance.why if self.acceptance else "",
        }


@dataclass(frozen=True)
class Exposed:
    """An item of a site with its findings."""

    type: str
    slug: str
    name: str
    version: str
    active: bool
    can_deactivate: bool
    findings: tuple[Finding, ...]
    #: What the offered release has that this one has not.
    brings: tuple[Flaw, ...] = ()

    @property
    def key(self) -> UpdateKey:
        """The key of an update of it."""
        return (self.type, self.slug, "")

    @property
    def closes(self) -> list[str]:
        """What an update in the plan closes and nobody lives with: CVE numbers, or ids of records."""
        return [one.flaw.label for one in self.findings if one.fix == PLANNED and one.state != ACCEPTED]

    def to_dict(self) -> dict[str, Any]:
        """The entry in a result."""
        return {
            "type": self.type,
            "slug": self.slug,
            "name": self.name,
            "version": self.version,
            "active": self.active,
            "can_deactivate": self.can_deactivate,
            "brings": [one.label for one in self.brings],
            "vulnerabilities": [one.to_dict() for one in self.findings],
        }


@dataclass(frozen=True)
class Exposure:
    """What is found on one site, the worst first."""

    report: SiteReport
    software: tuple[Exposed, ...]

    @property
    def is_known(self) -> bool:
        """False when the Dashboard knows no plugin of the site, of which each has one: it was never synced."""
        return bool(self.report.site.plugins)

    @property
    def findings(self) -> list[Finding]:
        """All of them."""
        return [finding for item in self.software for finding in item.findings]

    def to_dict(self) -> dict[str, Any]:
        """The entry in a result."""
        site = self.report.site
        unknown = "" if self.is_known else "The Dashboard does not know what this site runs: sync it."
        if _hides_core(site):
            unknown = f"It does not tell its version of WordPress, whose flaws are not looked up. {self.report.message}".strip()
        return {
            "id": site.id,
            "url": site.url,
            "name": site.name,
            "client_id": site.client_id,
            "client_name": self.report.client,
            "tags": tags_of(site),
            "last_sync": site.last_sync,
            "stale": self.report.stale,
            "known": self.is_known,
            "message": unknown or self.report.message,
            "software": [item.to_dict() for item in self.software],
        }


def hidden_cores(sites: Iterable[Site]) -> str:
    """A sentence about sites of which it is not known which flaws their WordPress has: security plugins and hosts hide its
    version, and all flaws that there ever were would be no answer. Empty for none."""
    hidden = [site.url for site in sites if _hides_core(site)]
    return f"Flaws of WordPress are not looked up where its version is not told: {and_more(hidden)}." if hidden else ""


def _hides_core(site: Site) -> bool:
    """Of a site that was never synced everything is unknown."""
    return bool(site.plugins) and not site.wp_version


def exposure(report: SiteReport, known: Known, accepted: Sequence[Acceptance], today: datetime.date) -> Exposure:
    """What is found on a site, of which ``report`` is the plan."""
    found = [_exposed(report, kind, item, known, accepted, today) for kind, item in installed(report.site)]
    kept = [item for item in found if item is not None]
    kept.sort(key=lambda item: (-max(one.flaw.badness(unrated=0.0) for one in item.findings), item.type, item.slug))
    return Exposure(report, tuple(kept))


def installed(site: Site) -> list[tuple[str, Extension]]:
    """Everything that a site runs, as far as the Dashboard knows."""
    core = [(CORE, Extension(CORE_SLUG, "WordPress", site.wp_version, active=True))] if site.wp_version else []
    plugins = [(PLUGIN, item) for item in site.plugins or ()]
    return [*core, *plugins, *((THEME, item) for item in site.themes or ())]


def _exposed(
    report: SiteReport,
    kind: str,
    item: Extension,
    known: Known,
    accepted: Sequence[Acceptance],
    today: datetime.date,
) -> Exposed | None:
    name = directory_slug(kind, item.slug)
    flaws = known(kind, name, item.version)
    if not flaws:
        return None
    offered = _offer(report, (kind, item.slug, ""))
    brings = known.brought(kind, name, item.version, offered.update.new_version) if offered.update else []
    judged = [_finding(kind, item, flaw, _state_of(report.site, flaw, accepted, today), offered) for flaw in flaws]
    feared = [flaw for flaw in brings if _state_of(report.site, flaw, accepted, today)[0] != ACCEPTED]
    can = kind == PLUGIN and item.active and not item.must_use and item.slug != _CHILD
    findings = tuple(_worth_it(judged, feared))
    return Exposed(kind, item.slug, item.name, item.version, item.active, can, findings, tuple(brings))


def _finding(
    kind: str, item: Extension, flaw: Flaw, state: tuple[str, Acceptance | None], offered: _Offered
) -> Finding:
    name, offer = directory_slug(kind, item.slug), offered.update
    fixed_in = flaw.fixed_in(kind, name, item.version)
    made = functools.partial(Finding, flaw, *state, fixed_in)
    if offer is not None and not flaw.affects(kind, name, offer.new_version):
        fix = PLANNED if offered.is_planned else LEFT
        return made(offer.new_version, fix, offered.reason, offered.message)
    if not fixed_in:
        return made("", NONE, NO_FIX, "The feed knows no release without it.")
    if offer is None:
        return made("", NONE, NOT_OFFERED, f"The Dashboard offers no update, and it is fixed in {fixed_in}.")
    text = f"{offer.new_version} is offered, which has it, too; it is fixed in {fixed_in}."
    return made("", NONE, NOT_FIXED, text)


def _worth_it(judged: Sequence[Finding], feared: Sequence[Flaw]) -> list[Finding]:
    """The findings of an item, of which none is planned if its update is not worth it: it closes only what is accepted, or
    what it brings is surely worse."""
    closed = [one.flaw.badness(unrated=10.0) for one in judged if one.fix == PLANNED and one.state != ACCEPTED]
    worse = [flaw.label for flaw in feared if flaw.badness(unrated=0.0) > max(closed, default=10.0)]
    if closed and not worse:
        return list(judged)
    reason = WORSE if closed else ACCEPTED
    text = f"It brings what is worse: {', '.join(worse)}." if closed else "All that it closes is accepted."
    left = functools.partial(replace, fix=LEFT, reason=reason, message=text)
    return [left(one) if one.fix == PLANNED else one for one in judged]


class _Offered(NamedTuple):
    """An update, if there is one; whether it is planned; if not, why."""

    update: Update | None
    is_planned: bool
    reason: str
    message: str


def _offer(report: SiteReport, key: UpdateKey) -> _Offered:
    entry = next((entry for entry in report.results if entry.update.key == key), None)
    if entry is not None:
        planned = entry.result == verdict.PLANNED
        why = ("", "") if planned else (entry.reason, entry.message)
        return _Offered(entry.update, planned, *why)
    stored = next((update for update in report.site.updates if update.key == key), None)
    if stored is None or report.failed:
        return _Offered(stored, False, report.reason, report.message)
    return _Offered(stored, False, "excluded", "Not among what types and include_updates name.")


def notices_for(exposures: Iterable[Exposure], notice: Callable[[int], Mapping[str, str]]) -> list[dict[str, Any]]:
    """Each copyright notice of what is told, once, with the pages of the records that it goes with."""
    links: dict[int, set[str]] = {}
    for flaw in {finding.flaw for one in exposures for finding in one.findings}:
        for where in flaw.notices:
            links.setdefault(where, set()).update({flaw.link} - {""})
    return [{**notice(where), "links": sorted(links[where])} for where in sorted(links)]


def summary_of(exposures: Sequence[Exposure]) -> dict[str, Any]:
    """Counts."""
    findings = [finding for one in exposures for finding in one.findings]
    states = Counter(one.state for one in findings)
    fixes = Counter(one.fix for one in findings)
    ratings = Counter(one.flaw.rating for one in findings)
    return {
        "fleet": {
            "total": len(exposures),
            "vulnerable": sum(1 for one in exposures if one.findings),
            "unknown": sum(1 for one in exposures if not one.is_known),
        },
        "vulnerabilities": {"total": len(findings), **{name: states[name] for name in STATES}},
        "fixes": {name: fixes[name] for name in FIXES},
        "ratings": {name: ratings[name] for name in (CRITICAL, HIGH, MEDIUM, LOW, NONE, UNKNOWN)},
    }


def one_line(counts: Mapping[str, Any], updates: int) -> str:
    """The counts in one line. So many ``updates`` are in the plan."""
    sites, found = counts["fleet"], counts["vulnerabilities"]
    parts = [f"{plural(sites['total'], 'site')}, no known vulnerability"]
    if found["total"]:
        number = found["total"]
        rated = ", ".join(f"{count} {name}" for name, count in counts["ratings"].items() if count)
        has = "has" if sites["vulnerable"] == 1 else "have"
        noun = "vulnerability" if number == 1 else "vulnerabilities"
        parts = [f"{sites['vulnerable']} of {plural(sites['total'], 'site')} {has} {number} {noun} ({rated})"]
        parts += [f"{found[name]} {name}" for name in STATES if found[name] and found[name] != number]
        if updates:
            parts.append(f"{plural(updates, 'update')} would close {'it' if number == 1 else counts['fixes'][PLANNED]}")
    if sites["unknown"]:
        parts.append(f"nothing is known of {plural(sites['unknown'], 'site')}")
    return " · ".join(parts)
