# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of an update: an answer is evidence, the read after the verifying sync is the truth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from codes import REASONS

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._site_words import theme_change
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Extension, ItemAnswer, Site, Update
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import Skip
from ansible_collections.wpfleet.mainwp.plugins.module_utils._verdict import Attempt, UpdateResult, judge
from unit.build import core, ext, plugin, site, theme, translation

FORMS = plugin()  # 1.0.0 → 1.1.0
GOOD = ItemAnswer(True, "1.0.0", "1.1.0")
LOST = errors.AnswerLost("no answer", hint="")
REFUSED = errors.ApiError("refused", hint="")  # an answer, before any work
DIED = errors.ApiError("critical error", hint="")
DIED.may_have_started = True


def at(version: str, active: bool = True, **more: object) -> Site:
    """A site that has the plugin in a version."""
    return site(plugins=(ext(FORMS.slug, version, active),), wp_version="7.0.4", **more)


def attempt(answer: ItemAnswer | None = None, error: errors.MainWPError | None = None, what: Update = FORMS) -> Attempt:
    answers = {what.type: {what.slug: answer}} if answer else {}
    return Attempt(answers, [what], error, [what] if error else [])


@pytest.mark.parametrize(
    ("after", "tried", "result", "reason"),
    [
        # moved
        (at("1.1.0"), attempt(GOOD), "updated", ""),
        (at("1.1.0"), attempt(None), "updated", ""),  # a slug missing from the answer is no evidence
        (at("1.1.0"), attempt(error=LOST), "updated", ""),
        (at("1.1.0"), attempt(error=DIED), "updated", ""),
        (at("1.2.0"), attempt(ItemAnswer(True, "1.0.0", "1.2.0")), "updated", "newer_than_planned"),
        (at("1.0.5"), attempt(ItemAnswer(True, "1.0.0", "1.0.5")), "updated", "older_than_planned"),
        (at("1.1.0", active=False), attempt(GOOD), "updated", "deactivated"),
        # moved, but the answer shows that it was not us
        (at("1.1.0"), attempt(ItemAnswer(True)), "unchanged", "moved_elsewhere"),
        (at("1.1.0"), attempt(ItemAnswer(True, "1.1.0", "1.1.0")), "unchanged", "moved_elsewhere"),
        (at("1.1.0"), attempt(ItemAnswer(True, "", "1.1.0")), "unchanged", "moved_elsewhere"),
        (at("1.1.0"), attempt(ItemAnswer(False, error="already there")), "unchanged", "moved_elsewhere"),
        # not moved
        (at("1.0.0"), attempt(GOOD), "failed", "rolled_back"),
        (at("1.0.0"), attempt(ItemAnswer(True)), "failed", "not_moved"),
        (at("1.0.0"), attempt(ItemAnswer(True, "1.0.0", "1.0.0")), "failed", "not_moved"),
        (at("1.0.0"), attempt(None), "failed", "not_moved"),
        (at("1.0.0"), attempt(ItemAnswer(False, error="Download failed.")), "failed", "child_error"),
        (at("1.0.0"), attempt(ItemAnswer(False)), "failed", "child_error"),
        (at("1.0.0"), attempt(error=LOST), "unknown", "timeout"),
        (at("1.0.0"), attempt(error=DIED), "failed", "child_error"),
        (at("1.0.0"), attempt(error=REFUSED), "failed", "api_error"),
        (at("1.0.0"), attempt(error=errors.Unauthorized("no")), "failed", "unauthorized"),
        (site(plugins=()), attempt(GOOD), "failed", "gone"),
        # not readable
        (None, attempt(GOOD), "unknown", "unverified"),
        (site(plugins=None), attempt(GOOD), "unknown", "unverified"),  # no list is not an empty list
        (None, attempt(None), "unknown", "unverified"),
        (None, attempt(error=LOST), "unknown", "unverified"),
        (None, attempt(error=REFUSED), "failed", "api_error"),
    ],
)
def test_the_verdict_on_a_plugin(after: Site | None, tried: Attempt, result: str, reason: str) -> None:
    entry = judge(FORMS, "1.1.0", at("1.0.0"), after, tried)
    assert (entry.result, entry.reason) == (result, reason)
    assert entry.moved is (result == "updated")
    assert entry.version_before == "1.0.0"
    assert entry.version_planned == "1.1.0"
    moved_to = after.version_of(FORMS) if after else None
    unread = reason in ("unverified", "gone")
    assert entry.version_after == ("" if unread else moved_to or "1.0.0")
    assert entry.reason in REASONS
    assert bool(entry.message) is (bool(reason) or entry.version_after not in ("1.0.0", "1.1.0"))


@pytest.mark.parametrize(
    ("answer", "error", "part"),
    [
        (GOOD, None, "Moved to 1.1.0, but the site has 1.0.0 again."),
        (ItemAnswer(False, error="Download failed."), None, "Download failed."),
        (None, LOST, "no answer"),
        (None, None, "says nothing about it"),
        (ItemAnswer(False), None, "reports a failure without a reason"),
    ],
)
def test_the_sentence_says_what_is_known(
    answer: ItemAnswer | None, error: errors.MainWPError | None, part: str
) -> None:
    assert part in judge(FORMS, "1.1.0", at("1.0.0"), at("1.0.0"), attempt(answer, error)).message


def test_an_unreadable_site_still_tells_what_the_dashboard_answered() -> None:
    message = judge(FORMS, "1.1.0", at("1.0.0"), None, attempt(GOOD)).message
    assert message == "The site could not be read after the update. The Dashboard answered 1.0.0 → 1.1.0."


def test_an_error_elsewhere_puts_nothing_else_in_doubt() -> None:
    tried = Attempt({FORMS.type: {FORMS.slug: GOOD}}, [FORMS, theme()], LOST, [theme()])
    assert judge(FORMS, "1.1.0", at("1.0.0"), at("1.1.0"), tried).result == "updated"
    assert judge(FORMS, "1.1.0", at("1.0.0"), at("1.0.0"), tried).reason == "rolled_back"


@pytest.mark.parametrize(
    ("answer", "result", "reason"),
    [
        (ItemAnswer(True, "", "1.0"), "updated", ""),  # no old version where there was none
        (None, "updated", ""),
        (ItemAnswer(True), "unchanged", "moved_elsewhere"),
        (ItemAnswer(True, "", "0.9"), "unchanged", "moved_elsewhere"),
        (ItemAnswer(False, "", "1.0"), "unchanged", "moved_elsewhere"),
    ],
)
def test_a_plugin_without_a_version_gets_one(answer: ItemAnswer | None, result: str, reason: str) -> None:
    bare = plugin(old="", new="1.0")
    entry = judge(bare, "1.0", at(""), at("1.0"), attempt(answer, what=bare))
    assert (entry.result, entry.reason, entry.version_before, entry.version_after) == (result, reason, "", "1.0")


def test_a_wordpress_that_hides_its_version_is_unknown_with_what_was_answered() -> None:
    hidden = core("", "7.1")
    entry = judge(hidden, "7.1", site(), site(), attempt(ItemAnswer(True, "", "7.1"), what=hidden))
    assert (entry.result, entry.reason, entry.version_after) == ("unknown", "unverified", "")
    assert entry.message.endswith("The Dashboard answered ? → 7.1.")


HEIR = ext("forms/visual-forms.php", "1.1.0", False)
NAMED = replace(ext("vendor-forms-0b6f/main.php", "1.1.0"), name="Forms")


@pytest.mark.parametrize(
    ("present", "answer", "result", "reason", "version"),
    [
        ((HEIR,), ItemAnswer(True, "1.0.0", ""), "updated", "deactivated", "1.1.0"),  # in the same folder
        ((replace(HEIR, active=True),), None, "updated", "renamed", "1.1.0"),
        ((NAMED,), ItemAnswer(True, "1.0.0"), "updated", "renamed", "1.1.0"),
        ((NAMED,), ItemAnswer(True), "unchanged", "moved_elsewhere", "1.1.0"),  # our call found nothing to do
        ((NAMED,), ItemAnswer(False, error="no"), "unchanged", "moved_elsewhere", "1.1.0"),
        ((HEIR,), ItemAnswer(True), "unchanged", "moved_elsewhere", "1.1.0"),
        ((replace(NAMED, version="0.9"),), ItemAnswer(True, "1.0.0"), "updated", "renamed", "0.9"),
        ((replace(NAMED, version="1.0.0"),), ItemAnswer(True, "1.0.0"), "failed", "not_moved", "1.0.0"),
        ((replace(NAMED, version=""),), ItemAnswer(True, "1.0.0"), "unknown", "unverified", ""),
        ((NAMED, ext("vendor-forms-0b6f/more.php", "1.1.0")), None, "updated", "renamed", "1.1.0"),  # split
        ((replace(HEIR, version="1.0.0"),), None, "failed", "gone", ""),  # no higher version
        ((replace(HEIR, name="Forms Pro"),), None, "updated", "deactivated", "1.1.0"),  # in the same folder alone
        ((HEIR, NAMED), None, "failed", "gone", ""),  # which of them?
        ((ext("other/other.php", "2.0"),), None, "failed", "gone", ""),
    ],
)
def test_a_renamed_plugin_is_known_by_its_successor(
    present: tuple[Extension, ...], answer: ItemAnswer | None, result: str, reason: str, version: str
) -> None:
    entry = judge(FORMS, "1.1.0", at("1.0.0"), site(plugins=present), attempt(answer))
    assert (entry.result, entry.reason, entry.version_after) == (result, reason, version)
    assert present[0].slug in entry.message


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (ItemAnswer(True), "By the Dashboard's answer this update did not touch it."),
        (ItemAnswer(True, "1.0.0"), "The plugin is no longer installed. New on the site: odd/odd.php 2."),
        (None, "The plugin is no longer installed. New on the site: odd/odd.php 2."),
    ],
)
def test_what_is_gone_is_told_with_what_is_known_of_it(answer: ItemAnswer | None, part: str) -> None:
    entry = judge(FORMS, "1.1.0", at("1.0.0"), site(plugins=(ext("odd/odd.php", "2"),)), attempt(answer))
    assert (entry.result, entry.reason) == ("failed", "gone")
    assert part in entry.message


def test_a_release_that_was_put_beside_the_old_one_is_named() -> None:
    after = site(plugins=(ext(FORMS.slug, "1.0.0"), NAMED))
    entry = judge(FORMS, "1.1.0", at("1.0.0"), after, attempt(ItemAnswer(True, "1.0.0", "1.0.0")))
    assert (entry.result, entry.reason) == ("failed", "not_moved")
    assert entry.message.endswith("Beside it there is vendor-forms-0b6f/main.php 1.1.0 now.")


@pytest.mark.parametrize(
    ("after", "answer", "reason", "message"),
    [
        ("0.9", ItemAnswer(True, "1.0.0", "0.9"), "older_than_planned", "Moved back to 0.9; planned was 1.1.0."),
        ("1.0.5", ItemAnswer(True, "1.0.0", "1.0.5"), "older_than_planned", "Moved to 1.0.5; planned was 1.1.0."),
        ("0.9", ItemAnswer(True, "1.0.0", "1.1.0"), "rolled_back", "Moved to 1.1.0, but the site has 0.9 now."),
        ("1.0.5", ItemAnswer(True, "1.0.0", "1.1.0"), "rolled_back", "Moved to 1.1.0, but the site has 1.0.5 now."),
    ],
)
def test_a_version_that_goes_back_is_told_as_such(after: str, answer: ItemAnswer, reason: str, message: str) -> None:
    entry = judge(FORMS, "1.1.0", at("1.0.0"), at(after), attempt(answer))
    result = "failed" if reason == "rolled_back" else "updated"
    assert (entry.result, entry.reason, entry.message) == (result, reason, message)
    assert entry.version_after == after


def test_a_plugin_that_its_update_activated_is_told() -> None:
    entry = judge(FORMS, "1.1.0", at("1.0.0", False), at("1.1.0"), attempt(GOOD))
    assert (entry.result, entry.reason, entry.message) == ("updated", "", "It is active now, and was not before.")


def test_what_was_there_before_is_no_successor() -> None:
    before = site(plugins=(ext(FORMS.slug, "1.0.0"), HEIR))
    assert judge(FORMS, "1.1.0", before, site(plugins=(HEIR,)), attempt(None)).reason == "gone"


def test_a_renamed_theme_is_known_by_its_name() -> None:
    was, now = ext("sand", "1.0"), replace(ext("sand-2", "1.2"), name="Sand")
    entry = judge(theme(), "1.2", site(themes=(was,)), site(themes=(now,)), attempt(None, what=theme()))
    assert (entry.result, entry.reason) == ("updated", "renamed")


def test_an_inactive_plugin_stays_inactive_without_a_word() -> None:
    entry = judge(FORMS, "1.1.0", at("1.0.0", False), at("1.1.0", False), attempt(GOOD))
    assert (entry.result, entry.reason) == ("updated", "")


@pytest.mark.parametrize(
    ("after", "answer", "result", "reason"),
    [
        ("1.2", ItemAnswer(True, "1.0", "1.2"), "updated", ""),
        ("1.3", ItemAnswer(True, "1.0", "1.3"), "updated", "newer_than_planned"),
        ("1.2", ItemAnswer(True), "unchanged", "moved_elsewhere"),
        ("1.0", ItemAnswer(True, "1.0", "1.2"), "failed", "rolled_back"),
    ],
)
def test_the_verdict_on_a_theme(after: str, answer: ItemAnswer, result: str, reason: str) -> None:
    what = theme()
    sites = [site(themes=(ext(what.slug, version),)) for version in ("1.0", after)]
    entry = judge(what, "1.2", sites[0], sites[1], attempt(answer, what=what))
    assert (entry.result, entry.reason) == (result, reason)


@pytest.mark.parametrize(
    ("after", "answer", "result", "reason"),
    [
        ("7.1", ItemAnswer(True, "7.0.4", "7.1"), "updated", ""),
        ("7.1", None, "updated", ""),
        ("7.1", ItemAnswer(True), "unchanged", "moved_elsewhere"),  # "success" with nothing to do
        ("7.0.4", ItemAnswer(True), "failed", "not_moved"),
        ("7.0.4", ItemAnswer(False, error="Another update is in progress."), "failed", "child_error"),
        ("7.2", ItemAnswer(True, "7.0.4", "7.2"), "updated", "newer_than_planned"),
    ],
)
def test_the_verdict_on_wordpress_itself(after: str, answer: ItemAnswer | None, result: str, reason: str) -> None:
    entry = judge(core(), "7.1", site(wp_version="7.0.4"), site(wp_version=after), attempt(answer, what=core()))
    assert (entry.result, entry.reason) == (result, reason)


@pytest.mark.parametrize(
    ("gone", "answer", "error", "result", "reason"),
    [
        (True, ItemAnswer(True), None, "updated", ""),
        (True, None, None, "updated", ""),
        (True, None, LOST, "updated", ""),
        (True, ItemAnswer(False, error="no"), None, "unchanged", "moved_elsewhere"),
        (True, ItemAnswer(False, mentioned=False), None, "unchanged", "moved_elsewhere"),
        (False, ItemAnswer(False, mentioned=False), None, "failed", "not_moved"),
        (False, ItemAnswer(True), None, "failed", "not_moved"),
        (False, ItemAnswer(False, error="no"), None, "failed", "child_error"),
        (False, None, LOST, "unknown", "timeout"),
    ],
)
def test_a_translation_moved_when_it_is_gone_from_the_list(
    gone: bool, answer: ItemAnswer | None, error: errors.MainWPError | None, result: str, reason: str
) -> None:
    what = translation()
    other = translation(language="sv_SE")
    after = site(updates=(other,) if gone else (what, other))
    entry = judge(what, "1.0", site(updates=(what, other)), after, attempt(answer, error, what))
    assert (entry.result, entry.reason) == (result, reason)
    assert (entry.version_before, entry.version_after) == ("", "1.0" if result == "updated" else "")
    assert ("still offered" in entry.message) is (reason == "not_moved")


@pytest.mark.parametrize(
    ("answer", "alone", "result"),
    [
        (ItemAnswer(False), False, "updated"),
        (ItemAnswer(False), True, "unchanged"),
        (ItemAnswer(False, mentioned=False), False, "unchanged"),
    ],
)
def test_of_several_languages_the_answer_tells_the_last_alone(answer: ItemAnswer, alone: bool, result: str) -> None:
    """A child names the slug once, and what became of its last language."""
    german, french = translation(), translation(language="fr_FR")
    tried = attempt(answer, None, german)
    tried.sent += [] if alone else [french]
    entry = judge(german, "1.0", site(updates=(german, french)), site(updates=(french,)), tried)
    assert entry.result == result


@pytest.mark.parametrize(
    ("answer", "error", "alone", "result", "reason"),
    [
        (ItemAnswer(True), None, True, "updated", ""),
        (ItemAnswer(False, error="no"), None, True, "failed", "child_error"),
        (ItemAnswer(False), None, True, "failed", "child_error"),
        (ItemAnswer(False, mentioned=False), None, True, "unknown", "unverified"),
        (ItemAnswer(True), None, False, "unknown", "unverified"),
        (None, None, True, "unknown", "unverified"),
        (None, LOST, True, "unknown", "timeout"),
        (None, DIED, True, "failed", "child_error"),
    ],
)
def test_a_translation_is_not_still_offered_where_another_release_of_it_is(
    answer: ItemAnswer | None, error: errors.MainWPError | None, alone: bool, result: str, reason: str
) -> None:
    german, french = translation(), translation(language="fr_FR")
    tried = attempt(answer, error, german)
    tried.sent += [] if alone else [french]
    entry = judge(german, "1.0", site(updates=(german,)), site(updates=(translation(new="1.1"),)), tried)
    assert (entry.result, entry.reason) == (result, reason)
    assert entry.version_after == ("1.0" if result == "updated" else "")
    assert ("1.1 is offered now" in entry.message) is (reason == "unverified")
    assert "still offered" not in entry.message


def test_a_planned_version_is_the_one_the_user_saw() -> None:
    fresh = replace(FORMS, new_version="1.2.0")  # the sync right before the write found a newer release
    entry = judge(fresh, "1.1.0", at("1.0.0"), at("1.2.0"), attempt(ItemAnswer(True, "1.0.0", "1.2.0"), what=fresh))
    assert (entry.reason, entry.version_planned) == ("newer_than_planned", "1.1.0")
    assert entry.message == "Moved to 1.2.0; planned was 1.1.0."


@pytest.mark.parametrize(
    ("tried", "started", "lost", "running"),
    [
        (Attempt(), False, False, False),
        (Attempt(sent=[FORMS]), True, False, False),
        (Attempt(sent=[FORMS], error=REFUSED, failed_at=[FORMS]), False, False, False),
        (Attempt(sent=[FORMS], error=LOST, failed_at=[FORMS]), True, True, True),
        (Attempt(sent=[FORMS], error=DIED, failed_at=[FORMS]), True, True, False),
        (Attempt(sent=[FORMS, theme()], error=REFUSED, failed_at=[theme()]), True, False, False),
        (Attempt(sent=[FORMS], error=errors.ConnectFailed("x"), failed_at=[FORMS]), False, False, False),
    ],
)
def test_what_an_attempt_started(tried: Attempt, started: bool, lost: bool, running: bool) -> None:
    assert (tried.started, tried.lost, tried.may_be_running) == (started, lost, running)


@pytest.mark.parametrize(
    ("results", "reason", "worst"),
    [
        ([], "", "unchanged"),
        ([], "suspended", "skipped"),
        ([], "out_of_time", "skipped"),
        ([("updated", ""), ("failed", "child_error")], "", "failed"),
        ([("updated", "deactivated")], "", "failed"),
        ([("unknown", "timeout"), ("failed", "child_error")], "", "failed"),
        ([("unknown", "timeout"), ("pending", "batch_waiting")], "", "unknown"),
        ([("pending", "batch_waiting"), ("updated", "")], "", "pending"),
        ([("updated", ""), ("held", "held_release"), ("skipped", "ignored")], "", "updated"),
        ([("held", "held_release"), ("skipped", "ignored")], "", "held"),
        ([("planned", ""), ("skipped", "policy")], "", "planned"),
        ([("skipped", "ignored")], "", "unchanged"),
        ([("unchanged", "moved_elsewhere")], "", "unchanged"),
    ],
)
def test_the_result_of_a_site_is_the_worst_that_counts(results: list[tuple[str, str]], reason: str, worst: str) -> None:
    entries = [UpdateResult(FORMS, result, code) for result, code in results]
    assert verdict.site_result(entries, reason) == worst


def test_what_was_skipped_keeps_its_version() -> None:
    entry = verdict.skipped(Skip(FORMS, "policy", "Too far."), at("1.0.5"))
    assert entry.to_dict() == {
        "type": "plugin",
        "slug": FORMS.slug,
        "language": "",
        "name": "Forms",
        "version_before": "1.0.5",
        "version_planned": "1.1.0",
        "version_after": "1.0.5",
        "result": "skipped",
        "reason": "policy",
        "message": "Too far.",
        "expected": False,
    }
    assert not entry.is_trouble


def test_another_active_theme_is_told_where_both_are_known() -> None:
    first, second = (site(themes=(ext("a", "1", active), ext("b", "1", not active))) for active in (True, False))
    assert theme_change(first, second) == "The active theme was a and is b now."
    assert theme_change(first, first) == theme_change(first, site()) == theme_change(site(), second) == ""


def test_every_reason_to_hold_is_documented() -> None:
    assert set(verdict.RELEASE_FAILURES) <= set(REASONS)


@pytest.mark.parametrize(
    ("result", "reason", "unheard", "speaks"),
    [
        ("unknown", "timeout", False, True),
        ("unknown", "timeout", True, False),  # an outage of the Dashboard is not the release's fault
        ("unchanged", "moved_elsewhere", False, False),
        *(("failed", reason, unheard, True) for reason in verdict.RELEASE_FAILURES for unheard in (False, True)),
    ],
)
def test_what_speaks_against_a_release(result: str, reason: str, unheard: bool, speaks: bool) -> None:
    entry = UpdateResult(FORMS, result, reason, "")
    assert verdict.speaks_against(entry, unheard) is speaks


@pytest.mark.parametrize(
    ("what", "where", "reason", "after", "why"),
    [
        (FORMS, at("1.1.0"), "moved_elsewhere", "1.1.0", "somebody else moved it"),
        (FORMS, at("1.0.0"), "drifted", "1.0.0", "the release was withdrawn"),
        (FORMS, site(plugins=()), "not_installed", "", "the site has no such plugin now"),
        (FORMS, site(), "drifted", "", "somebody else moved or removed it, or the release was withdrawn"),
        (core(), at("1.0.0"), "drifted", "7.0.4", "the release was withdrawn"),
        (
            translation(new="3.0"),
            at("1.0.0"),
            "moved_elsewhere",
            "3.0",
            "somebody else moved it, or it was withdrawn",
        ),
    ],
)
def test_what_is_not_offered_any_more(what: Update, where: Site, reason: str, after: str, why: str) -> None:
    entry = verdict.overtaken(what, where)
    assert (entry.update, entry.result, entry.reason) == (what, "unchanged", reason)
    assert entry.message == f"No longer offered after the sync: {why}."
    assert (entry.version_before, entry.version_planned, entry.version_after) == (what.version, what.new_version, after)


@pytest.mark.parametrize(
    ("result", "reason", "became", "why"),
    [
        ("updated", "", "unchanged", "moved_elsewhere"),
        ("updated", "newer_than_planned", "unchanged", "moved_elsewhere"),
        ("updated", "deactivated", "unchanged", "deactivated"),
        ("failed", "not_moved", "failed", "not_moved"),
        ("unknown", "timeout", "unknown", "timeout"),
    ],
)
def test_what_a_batch_of_somebody_else_did(result: str, reason: str, became: str, why: str) -> None:
    entry = UpdateResult(FORMS, result, reason, "Told.", "1.0.0", "1.1.0", "1.1.0")
    found = verdict.by_another_batch(entry)
    said = "A batch of the Dashboard that had begun before this run moved it. Told."
    assert (found.result, found.reason) == (became, why)
    assert found.message == (said if result == "updated" else "Told.")
    assert replace(found, result=result, reason=reason, message="Told.") == entry
