# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results made into what a user reads: dicts, counts, the one-line message, diffs. Pure. PRIVATE."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._addresses import spoken
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import OPTION_OF_TYPE, Site, Update
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import Pattern, pattern
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import printable
from ansible_collections.wpfleet.mainwp.plugins.module_utils._selection import find_sites

#: How many failing sites the one-line message names.
_NAMED = 5


@dataclass
class SiteReport:
    """What became of one site in one run."""

    site: Site
    results: list[verdict.UpdateResult] = field(default_factory=list)
    reason: str = ""
    message: str = ""
    #: Set for trouble of the site itself: unreachable, active theme changed.
    failed: bool = False
    stale: bool = False
    new_pending: tuple[Update, ...] = ()
    health_before: int | None = None
    health_after: int | None = None
    expected: bool = False
    client: str = ""
    #: Its updates are pending because nobody wanted to wait for them.
    on_purpose: bool = False
    health: dict[str, Any] = field(default_factory=lambda: {"verdict": "not_checked", "message": "", "pages": []})

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
        if self.result == verdict.PENDING:
            return not self.on_purpose
        return self.result in (verdict.FAILED, verdict.UNKNOWN)

    @property
    def first_reason(self) -> str:
        """The site's reason, else that of the first troubled or skipped update."""
        if self.reason:
            return self.reason
        troubled = [entry.reason for entry in self.results if entry.is_trouble or entry.result == verdict.PENDING]
        held = [entry.reason for entry in self.results if entry.result == verdict.HELD]
        stopped = [entry.reason for entry in self.results if entry.reason in verdict.STOPPED]
        return next(iter(troubled or held or stopped), "")

    @property
    def first_message(self) -> str:
        """The sentence that goes with ``first_reason``."""
        if self.message:
            return self.message
        return next(
            (entry.message for entry in self.results if entry.reason == self.first_reason and entry.message), ""
        )

    def to_dict(self) -> dict[str, Any]:
        """The entry in a module's ``sites``."""
        return {
            "id": self.site.id,
            "url": self.site.url,
            "name": self.site.name,
            "client_id": self.site.client_id,
            "client_name": self.client,
            "tags": [{"id": tag.id, "name": tag.name} for tag in self.site.tags],
            "result": self.result,
            "reason": self.first_reason,
            "message": self.first_message,
            "changed": self.changed,
            "stale": self.stale,
            "expected": self.expected,
            "last_sync": self.site.last_sync,
            "wp_version": self.site.wp_version,
            "health_score_before": self.health_before,
            "health_score_after": self.health_after,
            "health": self.health,
            "updates": [entry.to_dict() for entry in self.results],
            "new_pending": [offer_dict(update) for update in self.new_pending],
        }


def offer_dict(update: Update) -> dict[str, Any]:
    """An update that is offered."""
    return {
        "type": update.type,
        "slug": update.slug,
        "language": update.language,
        "name": update.name,
        "version": update.version,
        "new_version": update.new_version,
    }


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
    until: datetime.date | None
    #: The sites that are meant, once it is known which there are: a twin that differs in www. alone is another site.
    ids: frozenset[int] | None = None

    def among(self, sites: Sequence[Site]) -> Expectation:
        """The same, with what ``site`` names among ``sites``."""
        return replace(self, ids=frozenset(site.id for site in find_sites(self.site, sites)))

    def covers(self, report: SiteReport, entry: verdict.UpdateResult | None, today: datetime.date) -> bool:
        """True when this failure was announced."""
        if self.until is not None and today > self.until:
            return False
        ids = self.among([report.site]).ids if self.ids is None else self.ids
        if report.site.id not in (ids or ()):
            return False
        if self.update is None:
            return True
        return entry is not None and self.update.matches(entry.update)


def expectations_from(value: Sequence[Mapping[str, Any]] | None) -> tuple[Expectation, ...]:
    """Check the ``expected_failures`` option. Raises InputError."""
    option, found = "expected_failures", []
    for number, entry in enumerate(value or (), 1):
        if not entry.get("site"):
            raise InputError(option, f"entry {number} names no site.", "Give site: with an id, address or name.")
        until = None
        if entry.get("until"):
            try:
                until = datetime.date.fromisoformat(str(entry["until"]))
            except ValueError:
                raise InputError(option, f"entry {number}: '{entry['until']}' is no day.", "Use 2026-12-31.") from None
        update = pattern(option, entry["update"]) if entry.get("update") else None
        found.append(Expectation(str(entry["site"]), update, until))
    return tuple(found)


def mark_expected(report: SiteReport, expectations: Sequence[Expectation], today: datetime.date) -> None:
    """Mark announced failures: they are reported, but do not make the task red."""
    if not expectations or not report.is_trouble:
        return

    def announced(entry: verdict.UpdateResult | None) -> bool:
        return any(expectation.covers(report, entry, today) for expectation in expectations)

    report.results = [
        replace(entry, expected=announced(entry)) if entry.is_trouble or entry.result == verdict.PENDING else entry
        for entry in report.results
    ]
    troubled = [entry for entry in report.results if entry.is_trouble or entry.result == verdict.PENDING]
    by_updates = bool(troubled) and all(entry.expected for entry in troubled)
    report.expected = announced(None) or by_updates


# -- the whole run ----------------------------------------------------------------------------------------------------


def summary(reports: Sequence[SiteReport]) -> dict[str, Any]:
    """Counts of sites and updates by result, and the one-line message."""
    sites = Counter(report.result for report in reports)
    updates = Counter(entry.result for report in reports for entry in report.results)
    unexpected = [report for report in reports if report.is_trouble and not report.expected]
    return {
        "sites": {"total": len(reports), **{name: sites.get(name, 0) for name in verdict.RESULTS}},
        "updates": {
            "total": sum(updates.values()),
            **{name: updates.get(name, 0) for name in verdict.RESULTS},
        },
        "expected_failures": sum(1 for report in reports if report.is_trouble and report.expected),
        "failed_sites": [report.site.url for report in unexpected],
        "msg": one_line(reports),
    }


def one_line(reports: Sequence[SiteReport]) -> str:
    """``131 ok (212 updates) · 4 failed · 3 held · 2 skipped – new: shop.example (disconnected)``."""
    counts = Counter(report.result for report in reports)
    ok = counts[verdict.UPDATED] + counts[verdict.UNCHANGED] + counts[verdict.PLANNED]
    moved = sum(1 for report in reports for entry in report.results if entry.moved)
    planned = sum(1 for report in reports for entry in report.results if entry.result == verdict.PLANNED)
    done = f"{planned} planned" if planned else plural(moved, "update")
    parts = [f"{ok} ok ({done})"]
    names = (verdict.FAILED, verdict.UNKNOWN, verdict.PENDING, verdict.HELD, verdict.SKIPPED)
    parts += [f"{counts[name]} {name}" for name in names if counts[name]]
    expected = sum(1 for report in reports if report.is_trouble and report.expected)
    if expected:
        parts.append(f"{expected} expected")
    text = " · ".join(parts)
    new = [report for report in reports if report.is_trouble and not report.expected]
    if new:
        named = ", ".join(
            f"{spoken(report.site.url)} ({report.first_reason or report.result})" for report in new[:_NAMED]
        )
        more = f" and {len(new) - _NAMED} more" if len(new) > _NAMED else ""
        text += f" – new: {named}{more}"
    return text


def plural(number: int, noun: str) -> str:
    """``1 site``, ``2 sites``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def notable(report: SiteReport) -> bool:
    """True for a site worth carrying in a failing result: one that has something to tell."""
    return bool(report.results or report.reason) or report.is_trouble


def diff(reports: Iterable[SiteReport]) -> dict[str, str]:
    """Old → new, one line per update that moved or would move."""
    before, after = [], []
    for report in reports:
        for entry in report.results:
            if entry.result not in (verdict.UPDATED, verdict.PLANNED):
                continue
            new = entry.version_after if entry.result == verdict.UPDATED else entry.version_planned
            what = f"{report.site.url} {entry.update.type} {entry.update.slug}"
            if entry.update.language:
                what += f" {entry.update.language}"
                before.append(f"{what} not installed or old")
                after.append(f"{what} {entry.update.new_version or 'current'}")
                continue
            before.append(f"{what} {entry.version_before}")
            after.append(f"{what} {new}")
    return {
        side: "".join(f"{printable(line)}\n" for line in lines)
        for side, lines in (("before", before), ("after", after))
    }
