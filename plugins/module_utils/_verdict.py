# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of an update and of a site: pure. PRIVATE to the collection.

An answer is evidence, the read after the verifying sync is the truth. The reason codes are those of docs/results.md, and
tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeGuard, TypeVar

from ._errors import MainWPError, Redirected
from ._models import CORE, PLUGIN, THEME, TRANSLATION, Extension, ItemAnswer, Release, Site, Update, UpdateKey, picked
from ._plan import Skip
from ._versions import lower, same

UPDATED, UNCHANGED, FAILED, PENDING = "updated", "unchanged", "failed", "pending"
UNKNOWN, SKIPPED, HELD, PLANNED = "unknown", "skipped", "held", "planned"
#: What ``updated`` is of things that are no updates: plugins that become active, users …
CHANGED = "changed"

#: Results of an update, as documented; ``planned`` is check mode's.
RESULTS = (UPDATED, UNCHANGED, FAILED, PENDING, UNKNOWN, SKIPPED, HELD, PLANNED)
#: Results of a thing on a site.
THING_RESULTS = (CHANGED, UNCHANGED, FAILED, UNKNOWN, SKIPPED, HELD, PLANNED)

#: The run ended before it was their turn.
STOPPED = ("out_of_time", "stopped")

#: So many newcomers are named beside what is gone.
_NEWCOMERS = 5
#: Reasons of updates that were sent and may still move.
_OPEN = ("not_moved", "unverified", "timeout")
#: Reasons of updates that speak against their release: these count for hold_after, as does what ended ``unknown``.
RELEASE_FAILURES = ("child_error", "not_moved", "not_changed", "rolled_back", "deactivated", "gone")
#: Reasons of sites that are worse than before: they speak against every release that was sent.
WORSE = ("health", "theme_changed", "plugins_lost")


T = TypeVar("T")


class Outcome(Protocol):
    """What became of one thing of a site: of an update, of a plugin that shall be active …"""

    @property
    def result(self) -> str:
        """One of the results, such as updated or failed."""

    @property
    def reason(self) -> str:
        """The code of why; empty where there is nothing to add."""

    @property
    def message(self) -> str:
        """The same in a sentence."""

    @property
    def key(self) -> Any:
        """What it is known by on its site."""

    @property
    def release(self) -> Release:
        """What hold_after counts."""

    @property
    def label(self) -> str:
        """How the table of trouble names it."""

    @property
    def step(self) -> str:
        """What was done, or sent, in a few words."""

    @property
    def moved(self) -> bool:
        """True when this run moved it."""

    @property
    def is_trouble(self) -> bool:
        """True when it makes its site failed."""

    @property
    def is_unsettled(self) -> bool:
        """True while nobody knows."""

    @property
    def lines(self) -> tuple[str, str] | None:
        """Old and new of it in a diff; None where nothing differs."""

    def to_dict(self) -> dict[str, Any]:
        """It in the result of a module."""


@dataclass(frozen=True)
class UpdateResult:
    """What became of one update. ``moved`` is True when a version moved by our own doing."""

    update: Update
    result: str
    reason: str = ""
    message: str = ""
    version_before: str = ""
    version_planned: str = ""
    version_after: str = ""
    expected: bool = False

    @property
    def moved(self) -> bool:
        """True when this run moved it: what ``changed`` means."""
        return self.result == UPDATED

    @property
    def is_trouble(self) -> bool:
        """True when this result makes its site failed."""
        return self.result in (FAILED, UNKNOWN) or self.reason == "deactivated"

    @property
    def is_unsettled(self) -> bool:
        """True for trouble, and for what may still become one."""
        return self.is_trouble or self.result == PENDING

    @property
    def may_move(self) -> bool:
        """True when it was sent, has not moved, and may still do so."""
        return self.reason in _OPEN

    @property
    def key(self) -> UpdateKey:
        """What identifies it on its site."""
        return self.update.key

    @property
    def release(self) -> Release:
        """What ``hold_after`` counts."""
        return self.update.release

    @property
    def step(self) -> str:
        """What was done, or sent, in a few words."""
        new = self.version_after if self.moved else self.version_planned
        return " ".join(filter(None, (self.update.name, self.version_before, "→", new)))

    @property
    def label(self) -> str:
        """How the table of trouble names it."""
        return f"{self.update.name} {self.version_planned}".strip()

    @property
    def lines(self) -> tuple[str, str] | None:
        """Its old and new line in the diff, if it moved or would move."""
        if not self.moved and self.result != PLANNED:
            return None
        old, new = self.version_before, self.version_after if self.moved else self.version_planned
        if self.update.language:
            old, new = "not installed or old", self.update.new_version or "current"
        return f"{self.update.in_words} {old}", f"{self.update.in_words} {new}"

    def to_dict(self) -> dict[str, Any]:
        """The entry in a module's ``sites[].updates``."""
        return {
            **picked(self.update, "type", "slug", "language", "name"),
            **picked(
                self, "version_before", "version_planned", "version_after", "result", "reason", "message", "expected"
            ),
        }


@dataclass
class Attempt(Generic[T]):
    """What was sent to one site: the answers by type, and the error after which nothing more was sent."""

    answers: dict[str, dict[str, ItemAnswer]] = field(default_factory=dict)
    sent: list[T] = field(default_factory=list)
    error: MainWPError | None = None
    failed_at: list[T] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """True when the last write may have done its work without saying so."""
        return self.error is not None and self.error.may_have_started

    @property
    def may_be_running(self) -> bool:
        """True when the Dashboard may still be at the last write."""
        return self.error is not None and self.error.may_be_running

    @property
    def started(self) -> bool:
        """True when at least one write went through or may have."""
        return self.lost or len(self.sent) > len(self.failed_at)

    @property
    def core_may_have_moved(self) -> bool:
        """True when the answer to the update of WordPress, if one was sent, does not speak against it."""
        return all(answer.shows_move for answer in self.answers.get(CORE, {}).values())


def judge(update: Update, planned: str, before: Site, after: Site | None, attempt: Attempt[Update]) -> UpdateResult:
    """What became of ``update``, which was sent. ``after`` is the site after the verifying sync, None if that failed.

    ``planned`` is the version the user saw in the plan.
    """
    answer = attempt.answers.get(update.type, {}).get(update.slug)
    old = before.version_before(update)
    new = None if after is None else after.version_of(update)

    def outcome(result: str, reason: str = "", message: str = "", final: str | None = None) -> UpdateResult:
        if final is None:
            final = new if new is not None else old
        if update.type == TRANSLATION and result == UPDATED:
            final = update.new_version  # a translation has no version to read: it left the list of offers
        return UpdateResult(update, result, reason, message, old, planned, final)

    if attempt.error is not None and not attempt.error.may_have_started and update in attempt.failed_at:
        return outcome(FAILED, attempt.error.reason, str(attempt.error))
    said = (
        f" The Dashboard answered {answer.old_version or '?'} → {answer.version}." if _tells_move(answer, old) else ""
    )
    if after is None:
        error = f" {attempt.error}" if attempt.error and update in attempt.failed_at else ""
        text = f"The site could not be read after the update.{said}{error}"
        return outcome(UNKNOWN, "unverified", text, final="")
    if new is None and not after.tells(update):
        return outcome(*_untold(update, answer, said), final="")
    heir = successor(update, before, after, answer)
    if new is None and update.type in (PLUGIN, THEME):
        absent = _replaced(update, planned, before, heir, answer) if heir else _gone(update, before, after, answer)
        return outcome(*absent, heir.version if heir else "")
    offered = _offered(update, after)
    if offered and update not in attempt.failed_at and not same(offered.new_version, update.new_version):
        return outcome(*_superseded(update, offered, answer, attempt.sent))
    moved = offered is None if update.type == TRANSLATION else new not in (None, old)
    if moved:
        if answer is not None and not _confirms(update, answer, old, new or "", attempt.sent):
            return outcome(UNCHANGED, "moved_elsewhere", "Somebody else moved it meanwhile.")
        if answer is not None and answer.shows_move and new and lower(new, answer.version):
            return outcome(FAILED, "rolled_back", f"Moved to {answer.version}, but the site has {new} now.")
        return outcome(*_moved(update, planned, before, after, new))
    result, reason, message = _unmoved(update, attempt, answer, new or old)
    beside = f" Beside it there is {_listed([heir])} now." if heir else ""
    return outcome(result, reason, message + beside)


def _untold(update: Update, answer: ItemAnswer | None, said: str) -> tuple[str, str, str]:
    """(result, reason, message) of an update of whose version nothing is read afterwards."""
    text = f"The Dashboard does not tell its version after the update.{said}"
    if answer is not None and answer.mentioned and not answer.success and update.type != TRANSLATION:
        told = answer.error or "The Dashboard reports a failure without a reason"
        return FAILED, "child_error", f"{told.rstrip('.')}. {text}"
    return UNKNOWN, "unverified", text


def successor(update: Update, before: Site, after: Site, answer: ItemAnswer | None) -> Extension | None:
    """What a release put in the place of the plugin or theme that it renamed: new on the site, in the same folder or of the
    same name, and the only one of that kind. It has a higher version, unless the answer tells that something was done."""
    was = before.installed(update)
    if was is None:
        return None
    folder = update.slug.rpartition("/")[0]
    done = _touched(answer) and answer.success

    def fits(item: Extension) -> bool:
        alike = item.name == was.name or (bool(folder) and item.slug.rpartition("/")[0] == folder)
        return alike and (done or lower(was.version, item.version))

    found = [item for item in newcomers(update.type, before, after) if fits(item)]
    # One plugin may become several: the one that kept its name is it.
    named = [item for item in found if item.name == was.name]
    return next((some[0] for some in (found, named) if len(some) == 1), None)


def newcomers(kind: str, before: Site, after: Site) -> list[Extension]:
    """The plugins or themes that the site has and had not."""
    had, has = ((site.plugins if kind == PLUGIN else site.themes) for site in (before, after))
    known = {item.slug for item in had or ()}
    return [] if had is None else [item for item in has or () if item.slug not in known]


def _listed(items: Iterable[Extension]) -> str:
    return ", ".join(f"{item.slug} {item.version}".strip() for item in items)


def _touched(answer: ItemAnswer | None) -> TypeGuard[ItemAnswer]:
    """True when the child found it, and began with it. (It notes no versions when there is nothing to do.)"""
    return answer is not None and bool(answer.old_version)


def _gone(update: Update, before: Site, after: Site, answer: ItemAnswer | None) -> tuple[str, str, str]:
    """(result, reason, message) of a plugin or theme that the site has no more."""
    text = f"The {update.type} is no longer installed."
    if answer is not None and answer.success and not _touched(answer) and before.version_of(update):
        text += " By the Dashboard's answer this update did not touch it."
    new = newcomers(update.type, before, after)
    return FAILED, "gone", f"{text} New on the site: {_listed(new[:_NEWCOMERS])}." if new else text


def _replaced(
    update: Update, planned: str, before: Site, heir: Extension, answer: ItemAnswer | None
) -> tuple[str, str, str]:
    """(result, reason, message) of a plugin or theme that the site has by the name of its ``heir``."""
    was = before.installed(update)
    lost = was is not None and was.active and not heir.active
    if answer is not None and not (answer.success and (_touched(answer) or not before.version_of(update))):
        text = f"Somebody else put {heir.slug} in its place{', and it is not active' if lost else ''}."
        return UNCHANGED, "moved_elsewhere", text
    called = f"is called {heir.slug} now{' and is not active' if lost else ''}"
    if not heir.version:
        return UNKNOWN, "unverified", f"It {called}. The Dashboard does not tell its version after the update."
    if was is not None and heir.version == was.version:
        return FAILED, "not_moved", f"It {called}, but the version did not move."
    drift = "" if same(heir.version, planned) else f" Planned was {planned}."
    return UPDATED, "deactivated" if lost else "renamed", f"Moved to {heir.version}, which {called}.{drift}"


def _offered(update: Update, after: Site) -> Update | None:
    """The translation as it is offered now."""
    return next((item for item in after.updates if update.type == TRANSLATION and item.key == update.key), None)


def _superseded(
    update: Update, rival: Update, answer: ItemAnswer | None, sent: Iterable[Update]
) -> tuple[str, str, str]:
    """(result, reason, message) of a translation of which another release is offered by now: whether this one left the list
    because it was installed, only an answer about it alone tells."""
    if answer is None or not answer.mentioned or _has_siblings(update, sent):
        text = f"{rival.new_version} is offered now: whether {update.new_version} was installed before cannot be seen."
        return UNKNOWN, "unverified", text
    if answer.success:
        return UPDATED, "", ""
    return FAILED, "child_error", answer.error or "The Dashboard reports a failure without a reason."


def _has_siblings(update: Update, sent: Iterable[Update]) -> bool:
    """True when other languages of a translation were sent, too: the answer is about the last of them."""
    return any(other.slug == update.slug and other.key != update.key for other in sent)


def _unmoved(update: Update, attempt: Attempt[Update], answer: ItemAnswer | None, version: str) -> tuple[str, str, str]:
    """(result, reason, message) of an update that was sent and did not move."""
    struck = update in attempt.failed_at
    if struck and attempt.may_be_running:
        return UNKNOWN, "timeout", str(attempt.error)
    if struck and attempt.lost:
        reason = "redirected" if isinstance(attempt.error, Redirected) else "child_error"
        return FAILED, reason, str(attempt.error)
    fine = answer is None or (answer.success and not answer.error and not answer.shows_move)
    if fine and not struck and same(update.new_version, version) and update.type != TRANSLATION:
        return (
            UNCHANGED,
            "same_version",
            "It had this very release before: whether it was installed anew cannot be seen.",
        )
    still = "it is still offered" if update.type == TRANSLATION else "the version did not move"
    if answer is None or not answer.mentioned:
        return FAILED, "not_moved", f"The Dashboard says nothing about it, and {still}."
    if answer.shows_move:
        text = f"Moved to {answer.version}, but the site has {version} again."
        return FAILED, "rolled_back", f"{text} {answer.error}".strip()
    if answer.error or not answer.success:
        return FAILED, "child_error", answer.error or f"The Dashboard reports a failure without a reason, and {still}."
    return FAILED, "not_moved", f"The Dashboard reports success, but {still}."


def _confirms(update: Update, answer: ItemAnswer, old: str, new: str, sent: Iterable[Update]) -> bool:
    """True when the answer shows that this very call moved it. Translations have no old version (core.md §6.4), and of several
    languages the answer names the slug once, with what became of the last: it began with all of them."""
    if update.type == TRANSLATION:
        return answer.success or (answer.mentioned and _has_siblings(update, sent))
    return answer.shows_move or (_tells_move(answer, old) and same(answer.version, new))


def _tells_move(answer: ItemAnswer | None, old: str) -> TypeGuard[ItemAnswer]:
    """True when the answer tells of a move, from a version that is not told by the site itself (``old``) either."""
    if answer is None:
        return False
    return answer.shows_move or (not old and answer.success and bool(answer.version))


def by_another_batch(entry: UpdateResult) -> UpdateResult:
    """The same outcome, which the Dashboard's batch brought about that had begun before this run."""
    if not entry.moved:
        return entry
    said = "A batch of the Dashboard that had begun before this run moved it."
    reason = entry.reason if entry.is_trouble else "moved_elsewhere"
    return replace(entry, result=UNCHANGED, reason=reason, message=f"{said} {entry.message}".strip())


def _moved(update: Update, planned: str, before: Site, after: Site, new: str | None) -> tuple[str, str, str]:
    """(result, reason, message) of an update that we moved."""
    was, now = before.installed(update), after.installed(update)
    if update.type == PLUGIN and was and now and was.active and not now.active:
        return UPDATED, "deactivated", f"Moved to {new}, but the plugin is no longer active."
    woken = "It is active now, and was not before." if was and now and now.active and not was.active else ""
    if update.type != TRANSLATION and planned and new and not same(new, planned):
        reason = "newer_than_planned" if lower(planned, new) else "older_than_planned" if lower(new, planned) else ""
        back = " back" if lower(new, before.version_before(update)) else ""
        text = f"Moved{back} to {new}; planned was {planned}. {woken}"
        return UPDATED, reason, text.strip()
    return UPDATED, "", woken


def skipped(skip: Skip, site: Site) -> UpdateResult:
    """A planned skip as a result."""
    return left(skip.update, site, SKIPPED, skip.reason, skip.message)


def left(update: Update, site: Site, result: str, reason: str, message: str = "") -> UpdateResult:
    """An update that was not sent."""
    old = site.version_before(update)
    return UpdateResult(update, result, reason, message, old, update.new_version, old)


def overtaken(update: Update, site: Site) -> UpdateResult:
    """An update that was planned from old data and is not offered any more. ``site`` is fresh."""
    new = site.version_of(update)
    if update.type == TRANSLATION:
        new, reason, why = update.new_version, "moved_elsewhere", "somebody else moved it, or it was withdrawn"
    elif new is not None and new != update.version:
        reason, why = "moved_elsewhere", "somebody else moved it"
    elif new is not None:
        reason, why = "drifted", "the release was withdrawn"
    elif site.tells(update):
        reason, why = "not_installed", f"the site has no such {update.type} now"
    else:
        reason, why = "drifted", "somebody else moved or removed it, or the release was withdrawn"
    told = f"No longer offered after the sync: {why}."
    return UpdateResult(update, UNCHANGED, reason, told, update.version, update.new_version, new or "")


def speaks_against(entry: Outcome, unheard: bool) -> bool:
    """Does the outcome speak against the release, or what else was done? ``unheard``: it could not be asked for."""
    return entry.reason in RELEASE_FAILURES or (entry.result == UNKNOWN and not unheard)


def site_result(results: Iterable[Outcome], reason: str) -> str:
    """The result of a site from those of its updates or other things: the worst that counts."""
    seen = list(results)
    if any(entry.is_trouble and entry.result != UNKNOWN for entry in seen):
        return FAILED
    kinds = {entry.result for entry in seen}
    for result in (UNKNOWN, PENDING, UPDATED, CHANGED, PLANNED, HELD):
        if result in kinds:
            return result
    stopped = any(entry.reason in STOPPED for entry in seen)
    return SKIPPED if stopped or reason in ("suspended", *STOPPED) else UNCHANGED
