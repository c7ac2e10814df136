# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results made into what a user reads: dicts, counts, the one-line message, diffs. Pure. PRIVATE."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeAlias, TypeVar

from . import _verdict as verdict
from ._addresses import spoken
from ._errors import InputError
from ._models import OPTION_OF_TYPE, Site, Update, iso, picked
from ._plan import Pattern, pattern
from ._secrets import printable
from ._selection import find_sites, misnamed

#: How many failing sites one line names.
_NAMED = 5
#: How many reasons for what was left alone one line names.
_REASONS = 4
#: A failing result carries so many sites at most, unless all are asked for.
CARRIED = 20
#: Longest sentence in the table of trouble.
_SENTENCE = 240


R = TypeVar("R", bound=verdict.Outcome)


@dataclass
class Report(Generic[R]):
    """What became of one site in one run."""

    site: Site
    results: list[R] = field(default_factory=list)
    reason: str = ""
    message: str = ""
    #: Set for trouble of the site itself: unreachable, active theme changed.
    failed: bool = False
    stale: bool = False
    expected: bool = False
    client: str = ""
    health: dict[str, Any] = field(default_factory=lambda: {"verdict": "not_checked", "message": "", "pages": []})
    #: When a lane worked on it, its lock held: (begin in unix seconds, length in seconds).
    turns: list[tuple[float, float]] = field(default_factory=list)

    @property
    def result(self) -> str:
        """The site's result: the worst that counts."""
        if self.failed:
            return verdict.FAILED
        return verdict.site_result(self.results, self.reason)

    @property
    def changed(self) -> bool:
        """True when this run moved something here."""
        return any(entry.moved for entry in self.results)

    @property
    def is_trouble(self) -> bool:
        """True when this site needs somebody's attention."""
        return self.result in (verdict.FAILED, verdict.UNKNOWN)

    @property
    def first_reason(self) -> str:
        """The site's reason, else that of the first troubled or skipped entry."""
        if self.reason:
            return self.reason
        troubled = [entry.reason for entry in self.results if entry.is_unsettled]
        held = [entry.reason for entry in self.results if entry.result == verdict.HELD]
        stopped = [entry.reason for entry in self.results if entry.reason in verdict.STOPPED]
        return next(iter(troubled or held or stopped), "")

    @property
    def first_message(self) -> str:
        """The sentence that goes with ``first_reason``."""
        told = (entry.message for entry in self.results if entry.message and entry.reason == self.first_reason)
        return self.message or next(told, "")

    @property
    def head(self) -> dict[str, Any]:
        """Who it is, and what became of it."""
        return {
            **picked(self.site, "id", "url", "name", "client_id"),
            "client_name": self.client,
            "tags": tags_of(self.site),
            "result": self.result,
            "reason": self.first_reason,
            "message": self.first_message,
            **picked(self, "changed", "stale"),
        }

    @property
    def told(self) -> list[dict[str, Any]]:
        """Its entries. What holds for the whole site is said once."""
        return [
            {**entry.to_dict(), "message": ""} if entry.message == self.message else entry.to_dict()
            for entry in self.results
        ]

    @property
    def timed(self) -> list[dict[str, Any]]:
        """Its turns."""
        return [{"began": iso(begin, "milliseconds"), "seconds": round(length, 3)} for begin, length in self.turns]


@dataclass
class SiteReport(Report[verdict.UpdateResult]):
    """The same of a run of updates."""

    new_pending: tuple[Update, ...] = ()
    health_before: int | None = None
    health_after: int | None = None
    #: Its updates are pending because nobody wanted to wait for them.
    on_purpose: bool = False

    @property
    def is_trouble(self) -> bool:
        """True when this site needs somebody's attention."""
        return not self.on_purpose if self.result == verdict.PENDING else super().is_trouble

    def to_dict(self) -> dict[str, Any]:
        """The entry in a module's ``sites``."""
        return {
            **self.head,
            "expected": self.expected,
            **picked(self.site, "last_sync", "wp_version"),
            "health_score_before": self.health_before,
            "health_score_after": self.health_after,
            "health": self.health,
            "updates": self.told,
            "new_pending": [offer_dict(update) for update in self.new_pending],
            "turns": self.timed,
        }


def site_facts(site: Site) -> dict[str, Any]:
    """What the Dashboard knows of a site, as every listing tells it."""
    about = picked(site, "id", "url", "domain", "name", "status", "sync_errors", "suspended", "client_id", "ip")
    inside = picked(site, "wp_version", "php_version", "child_version", "active_theme", "health_score", "http_status")
    return {**about, **inside, "last_sync": site.last_sync}


def tags_of(site: Site) -> list[dict[str, Any]]:
    """Its tags."""
    return [picked(tag, "id", "name") for tag in site.tags]


def offer_dict(update: Update) -> dict[str, Any]:
    """An update that is offered."""
    return picked(update, "type", "slug", "language", "name", "version", "new_version")


def offer_counts(site: Site) -> dict[str, int]:
    """Stored offers by type, before ignore rules; premium ones apart."""
    counts = {**dict.fromkeys(OPTION_OF_TYPE.values(), 0), "premium": 0}
    for update in site.updates:
        counts["premium" if update.premium else OPTION_OF_TYPE[update.type]] += 1
    return {**counts, "total": sum(counts.values())}


# -- expected failures ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expectation:
    """One entry of ``expected_failures``: a site, optionally an update, optionally until a day."""

    site: str
    update: Pattern | None
    until: datetime.date
    #: The sites that are meant, once it is known which there are: a twin that differs in www. alone is another site.
    ids: frozenset[int] = frozenset()

    def among(self, sites: Sequence[Site]) -> Expectation:
        """The same, with what ``site`` names among ``sites``; nothing where that is several."""
        found = find_sites(self.site, sites)
        return replace(self, ids=frozenset(site.id for site in found if len(found) == 1))

    def covers(self, report: SiteReport, entry: verdict.UpdateResult | None, today: datetime.date) -> bool:
        """True when this failure was announced."""
        if report.site.id not in self.ids or today > self.until:
            return False
        return self.update is None or (entry is not None and self.update.matches(entry.update))


def expectations_from(value: Sequence[Mapping[str, Any]] | None) -> tuple[Expectation, ...]:
    """Check the ``expected_failures`` option. Raises InputError."""
    option, found = "expected_failures", []
    for number, entry in enumerate(value or (), 1):
        if not str(entry.get("site") or "").strip():
            raise InputError(option, f"entry {number} names no site.", "Give site: with an id, address or name.")
        for name in ("update", "until"):  # a variable that came out empty must not widen what is excused
            if entry.get(name) is not None and not str(entry[name]).strip():
                raise InputError(option, f"entry {number}: {name} is empty.", f"Leave {name} out for all of them.")
        try:
            until = datetime.date.fromisoformat(str(entry.get("until") or datetime.date.max))
        except ValueError:
            raise InputError(option, f"entry {number}: '{entry['until']}' is no day.", "Use 2026-12-31.") from None
        update = pattern(option, entry["update"]) if entry.get("update") else None
        found.append(Expectation(str(entry["site"]), update, until))
    return tuple(found)


def warn_of_strangers(expectations: Iterable[Expectation], sites: Sequence[Site], warn: Callable[[str], None]) -> None:
    """Warn of entries that name no site of the Dashboard, of which ``sites`` are all, or several: they excuse nothing."""
    for expectation in expectations:
        wrong = misnamed(expectation.site, sites)
        if wrong:
            warn(f"expected_failures: {wrong}, so that entry expects nothing.")


def mark_expected(report: SiteReport, expectations: Sequence[Expectation], today: datetime.date) -> None:
    """Mark announced failures: they are reported, but do not make the task red."""
    if not expectations or not report.is_trouble:
        return

    def announced(entry: verdict.UpdateResult | None) -> bool:
        return any(expectation.covers(report, entry, today) for expectation in expectations)

    report.results = [
        replace(entry, expected=announced(entry)) if entry.is_unsettled else entry for entry in report.results
    ]
    troubled = [entry for entry in report.results if entry.is_unsettled]
    report.expected = announced(None) or (bool(troubled) and all(entry.expected for entry in troubled))


# -- the whole run ----------------------------------------------------------------------------------------------------


AnyReport: TypeAlias = Report[Any]
A = TypeVar("A", bound=AnyReport)


def summary(reports: Sequence[SiteReport], planning: bool = False) -> dict[str, Any]:
    """Counts of sites and updates by result, and the one-line message."""
    return {
        **counted(reports, "updates", verdict.RESULTS),
        "expected_failures": _expected(reports),
        "failed_sites": [report.site.url for report in unexpected(reports)],
        "msg": one_line(reports, planning),
    }


def counted(reports: Sequence[AnyReport], things: str, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many sites, and ``things`` on them, came to which of the results ``names``."""
    results = {"sites": [report.result for report in reports], things: [entry.result for entry in _entries(reports)]}
    return {
        what: {"total": len(found), **{name: Counter(found)[name] for name in names}} for what, found in results.items()
    }


def _entries(reports: Iterable[AnyReport]) -> list[Any]:
    return [entry for report in reports for entry in report.results]


def _expected(reports: Iterable[AnyReport]) -> int:
    return sum(report.is_trouble and report.expected for report in reports)


def unexpected(reports: Iterable[A]) -> list[A]:
    """The sites that need somebody's attention."""
    return [report for report in reports if report.is_trouble and not report.expected]


def one_line(reports: Sequence[AnyReport], planning: bool = False, noun: str = "update", verb: str = "moved") -> str:
    """``131 ok (212 updates) · 4 failed (2 updates moved) · 9 updates left alone (9 ignored) – new: shop.example
    (disconnected)``. ``planning``: nothing was to move."""
    counts = Counter(report.result for report in reports)
    moved = Counter(report.result for report in reports for entry in report.results if entry.moved)
    fine = (verdict.UPDATED, verdict.CHANGED, verdict.UNCHANGED, verdict.PLANNED)
    planned = sum(entry.result == verdict.PLANNED for entry in _entries(reports))
    done = f"{planned} planned" if planned or planning else plural(sum(moved[name] for name in fine), noun)
    parts = [f"{sum(counts[name] for name in fine)} ok ({done})"]
    parts += [
        f"{counts[name]} {name}" + (f" ({plural(moved[name], noun)} {verb})" if moved[name] else "")
        for name in (verdict.FAILED, verdict.UNKNOWN, verdict.PENDING, verdict.HELD, verdict.SKIPPED)
        if counts[name]
    ]
    expected = _expected(reports)
    parts += [f"{expected} expected"] if expected else []
    parts += _left_alone(reports, noun)
    new = unexpected(reports)
    called = called_in_words([report.site for report in reports])
    named = [f"{called[report.site.id]} ({report.first_reason or report.result})" for report in new]
    return " · ".join(parts) + (f" – new: {and_more(named)}" if new else "")


def called_in_words(sites: Sequence[Site]) -> dict[int, str]:
    """How sentences call sites, by their ids: two that differ in ``http://`` alone by their whole addresses."""
    short = {site.id: spoken(site.url) for site in sites}
    known = Counter(short.values())
    return {site.id: short[site.id] if known[short[site.id]] == 1 else site.url for site in sites}


def _left_alone(reports: Iterable[AnyReport], noun: str) -> list[str]:
    """``4 updates left alone (3 backup_too_old, 1 policy)``, if any were."""
    reasons = Counter(entry.reason for entry in _entries(reports) if entry.result in (verdict.SKIPPED, verdict.HELD))
    if not reasons:
        return []
    named = [f"{number} {reason}" for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))]
    more = ", …" if len(named) > _REASONS else ""
    return [f"{plural(sum(reasons.values()), noun)} left alone ({', '.join(named[:_REASONS])}{more})"]


def and_more(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def trouble(reports: Iterable[AnyReport]) -> list[str]:
    """The table of trouble: a line for each kind of it, with the sites that have it."""
    reports = list(reports)
    called = called_in_words([report.site for report in reports])
    lines: dict[tuple[str, str], dict[str, None]] = {}
    for report in reports:
        if not report.is_trouble:
            continue
        known = ", expected" if report.expected else ""
        # What is wrong with the whole site is said once.
        entries = [entry for entry in report.results if entry.is_unsettled and not (report.message and report.failed)]
        told = [(entry.label, entry.result, entry.reason, entry.message) for entry in entries] or [
            ("", report.result, report.first_reason, report.first_message)
        ]
        for what, result, reason, message in told:
            head = f"{what + ': ' if what else ''}{result} ({reason}{known})"
            # a site once, for all languages of a translation
            lines.setdefault((head, message), {}).setdefault(called[report.site.id])
    return trouble_lines({kind: list(hosts) for kind, hosts in lines.items()})


def trouble_lines(kinds: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
    """``a.example, b.example: failed (disconnected). It did not answer.`` from (what, sentence) → sites."""
    return [
        f"{and_more(hosts)}: {printable(what)}. {_shortened(printable(message))}".rstrip()
        for (what, message), hosts in kinds.items()
    ]


def _shortened(text: str) -> str:
    """Cut between two words: secrets are masked later, and half of one would not be known."""
    return text if len(text) <= _SENTENCE else text[:_SENTENCE].rpartition(" ")[0] + " …"


def carried(reports: Sequence[A], everything: bool) -> list[A]:
    """The sites in a failing result: those with something to tell, the troubled ones first, and not more than people and
    terminals can take; with ``everything`` all."""
    if everything:
        return list(reports)
    chosen = sorted((report for report in reports if notable(report)), key=lambda report: not report.is_trouble)
    kept = {report.site.id for report in chosen[:CARRIED]}
    return [report for report in reports if report.site.id in kept]


def plural(number: int, noun: str) -> str:
    """``1 site``, ``2 sites``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def notable(report: AnyReport) -> bool:
    """True for a site worth carrying in a failing result: one that has something to tell."""
    return bool(report.results or report.reason) or report.is_trouble


def diff(reports: Iterable[AnyReport]) -> list[dict[str, str]]:
    """Old → new, one entry per site with a line per thing that moved or would move."""
    found = [(report, [lines for entry in report.results if (lines := entry.lines)]) for report in reports]
    return [
        diff_entry(report.site.url, [old for old, _new in lines], [new for _old, new in lines])
        for report, lines in found
        if lines
    ]


def diff_entry(url: str, before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """A site's entry in the diff that Ansible shows."""
    old, new = ("".join(f"{printable(line)}\n" for line in lines) for lines in (before, after))
    return {"before_header": printable(url), "after_header": printable(url), "before": old, "after": new}
