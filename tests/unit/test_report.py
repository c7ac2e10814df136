# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results made into what a user reads."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _report as reporting
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._report import SiteReport
from ansible_collections.wpfleet.mainwp.plugins.module_utils._verdict import RESULTS, UpdateResult
from unit.build import plugin, site, translation

TODAY = datetime.date(2026, 11, 24)


def moved(number: int = 1, count: int = 1) -> SiteReport:
    found = [UpdateResult(plugin(f"p{n}/p.php"), "updated", "", "", "1.0", "1.1", "1.1") for n in range(count)]
    return SiteReport(site(number), found)


def broken(number: int = 1, slug: str = "forms/forms.php") -> SiteReport:
    return SiteReport(site(number), [UpdateResult(plugin(slug), "failed", "child_error", "Download failed.")])


def down(number: int = 1) -> SiteReport:
    return SiteReport(site(number), reason="disconnected", message="No answer.", failed=True)


def held(number: int = 1) -> SiteReport:
    return SiteReport(site(number), [UpdateResult(plugin(), "held", "held_release", "Failed elsewhere.")])


def pending(number: int = 1) -> SiteReport:
    return SiteReport(site(number), [UpdateResult(plugin(), "pending", "batch_waiting", "Started.")])


def suspended(number: int = 1) -> SiteReport:
    return SiteReport(site(number), reason="suspended", message="Suspended.")


def half(number: int = 1) -> SiteReport:
    """One update moved, one failed."""
    return SiteReport(site(number), [*moved(number).results, *broken(number).results])


def left(number: int = 1) -> SiteReport:
    """Nothing that may be run."""
    reasons = ("backup_too_old", "ignored")
    return SiteReport(site(number), [UpdateResult(plugin(), "skipped", reason, "Left.") for reason in reasons])


def test_nothing_planned_is_said_as_a_plan() -> None:
    assert reporting.one_line([left()], planning=True) == (
        "1 ok (0 planned) · 2 updates left alone (1 backup_too_old, 1 ignored)"
    )


def test_sites_that_differ_in_their_scheme_alone_are_told_apart() -> None:
    twins = [SiteReport(site(number, url), failed=True, reason="locked", message="It is.") for number, url in TWINS]
    assert reporting.trouble(twins) == [
        "http://blog.example/, https://blog.example/, shop.example: failed (locked). It is."
    ]
    line = reporting.one_line(twins)
    assert line.endswith("new: http://blog.example/ (locked), https://blog.example/ (locked), shop.example (locked)")


TWINS = ((3, "http://blog.example/"), (4, "https://blog.example/"), (5, "http://shop.example/"))


def test_languages_of_one_translation_are_one_trouble_of_their_site() -> None:
    pair = [UpdateResult(translation(language=name), "failed", "not_moved", "No.") for name in ("de_DE", "fr_FR")]
    assert reporting.trouble([SiteReport(site(1), pair)]) == ["site1.example: Forms: failed (not_moved). No."]


def test_the_table_of_trouble_has_a_line_for_each_kind() -> None:
    known = broken(9)
    known.expected = True
    lines = reporting.trouble([*(down(n) for n in range(1, 8)), half(8), known, moved(10)])
    assert len(lines) == 3
    assert lines[0].startswith("site1.example, site2.example, site3.example, site4.example, site5.example and 2 more: ")
    assert "failed (disconnected)" in lines[0]
    assert lines[1].startswith("site8.example: ")
    assert "failed (child_error, expected)" in lines[2]


def test_a_failing_result_is_no_wall_of_text() -> None:
    """What there is of the trouble stands in the table; the sites are as many as people can take."""
    reports = [*(moved(n) for n in range(1, 400)), *(down(n) for n in range(400, 800))]
    some = reporting.carried(reports, everything=False)
    assert len(some) == reporting.CARRIED
    assert {report.is_trouble for report in some} == {True}
    assert reporting.carried(reports, everything=True) == reports


def test_what_holds_for_a_site_is_said_once() -> None:
    sentence = "It did not answer."
    entry = UpdateResult(plugin(), "failed", "disconnected", sentence, "1.0", "1.1", "1.0")
    told = SiteReport(site(), [entry, entry], "disconnected", sentence, failed=True).to_dict()
    assert (told["message"], [update["message"] for update in told["updates"]]) == (sentence, ["", ""])


@pytest.mark.parametrize("more", [{"site": " "}, {"update": ""}, {"update": "  "}, {"until": ""}, {"until": " "}])
def test_an_expected_failure_that_came_out_empty_is_refused(more: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"expected_failures: entry 1"):
        reporting.expectations_from([{"site": "1", **more}])
    assert reporting.expectations_from([{"site": "1", "update": None, "until": None}])


def test_a_stranger_among_the_expected_failures_is_a_warning() -> None:
    warnings: list[str] = []
    expected = reporting.expectations_from([{"site": "site1.example"}, {"site": "sit1.example"}])
    reporting.warn_of_strangers(expected, [site(1)], warnings.append)
    assert len(warnings) == 1
    assert "'sit1.example'" in warnings[0]


@pytest.mark.parametrize(
    ("reports", "line"),
    [
        ([], "0 ok (0 updates)"),
        ([moved()], "1 ok (1 update)"),
        ([moved(1, 3), SiteReport(site(2))], "2 ok (3 updates)"),
        ([moved(), broken(2)], "1 ok (1 update) · 1 failed – new: site2.example (child_error)"),
        (
            [down(3), held(4), suspended(5)],
            (
                "0 ok (0 updates) · 1 failed · 1 held · 1 skipped · 1 update left alone (1 held_release) "
                "– new: site3.example (disconnected)"
            ),
        ),
        (
            [half(1), moved(2)],
            "1 ok (1 update) · 1 failed (1 update moved) – new: site1.example (child_error)",
        ),
        ([left(1), left(2), moved(3)], "3 ok (1 update) · 4 updates left alone (2 backup_too_old, 2 ignored)"),
        ([pending()], "0 ok (0 updates) · 1 pending – new: site1.example (batch_waiting)"),
        (
            [down(n) for n in range(1, 8)],
            "0 ok (0 updates) · 7 failed – new: "
            + ", ".join(f"site{n}.example (disconnected)" for n in range(1, 6))
            + " and 2 more",
        ),
        (
            [SiteReport(site(), [UpdateResult(plugin(), "planned"), UpdateResult(plugin(), "planned")])],
            "1 ok (2 planned)",
        ),
    ],
)
def test_the_run_in_one_line(reports: list[SiteReport], line: str) -> None:
    assert reporting.one_line(reports) == line


def test_the_summary_counts_every_result() -> None:
    reports = [moved(1, 2), broken(2), held(3), suspended(4), SiteReport(site(5))]
    summary = reporting.summary(reports)
    assert summary["sites"] == dict.fromkeys(RESULTS, 0) | {
        "total": 5,
        "updated": 1,
        "failed": 1,
        "held": 1,
        "skipped": 1,
        "unchanged": 1,
    }
    assert summary["updates"] == dict.fromkeys(RESULTS, 0) | {"total": 4, "updated": 2, "failed": 1, "held": 1}
    assert summary["failed_sites"] == ["https://site2.example/"]
    assert summary["expected_failures"] == 0
    assert summary["msg"] == reporting.one_line(reports)


def mark(report: SiteReport, *entries: dict[str, Any]) -> SiteReport:
    expected = [entry.among([report.site]) for entry in reporting.expectations_from(entries)]
    reporting.mark_expected(report, expected, TODAY)
    return report


@pytest.mark.parametrize(
    ("report", "entry", "expected"),
    [
        (down(), {"site": "site1.example"}, True),
        (down(), {"site": "1"}, True),
        (down(), {"site": "Site 1"}, True),
        (down(), {"site": "https://www.site1.example"}, True),
        (down(), {"site": "2"}, False),
        (down(), {"site": "1", "update": "*"}, False),  # the site itself failed, not an update
        (broken(), {"site": "1"}, True),
        (broken(), {"site": "1", "update": "forms"}, True),
        (broken(), {"site": "1", "update": "theme:forms"}, False),
        (broken(), {"site": "1", "update": "other"}, False),
        (pending(), {"site": "1", "update": "forms"}, True),
        (broken(), {"site": "1", "until": "2026-11-24"}, True),
        (broken(), {"site": "1", "until": "2026-11-23"}, False),
        (broken(), {"site": "1", "until": datetime.date(2026, 11, 25)}, True),
        (moved(), {"site": "1"}, False),  # nothing to expect
        (held(), {"site": "1"}, False),
    ],
)
def test_expected_failures(report: SiteReport, entry: dict[str, Any], expected: bool) -> None:
    mark(report, entry)
    assert report.expected is expected
    assert report.to_dict()["expected"] is expected
    counts = reporting.summary([report])
    assert counts["expected_failures"] == int(expected)
    assert (" expected" in counts["msg"]) is expected
    if report.is_trouble:
        assert bool(counts["failed_sites"]) is not expected


def test_what_is_expected_of_a_site_is_not_expected_of_its_twin() -> None:
    twins = [
        site(1, "https://www.shop.example/"),
        site(2, "https://shop.example/"),
        site(3, "http://blog.example/", name="2"),
    ]
    for name, number in [("https://www.shop.example", 1), ("shop.example", 2), ("2", 2), ("https://blog.example", 3)]:
        (expectation,) = reporting.expectations_from([{"site": name}])
        known = expectation.among(twins)
        found = [twin.id for twin in twins if known.covers(SiteReport(twin, failed=True), None, TODAY)]
        assert found == [number], name


def test_a_name_of_several_sites_expects_nothing_of_any() -> None:
    twins = [site(3, "http://blog.example/", name="Blog"), site(4, "https://blog.example/", name="Blog")]
    warnings: list[str] = []
    expected = reporting.expectations_from([{"site": name} for name in ("blog.example", "Blog", "http://blog.example")])
    assert [sorted(entry.among(twins).ids) for entry in expected] == [[], [], [3]]
    reporting.warn_of_strangers(expected, twins, warnings.append)
    both = "hits several sites: http://blog.example/ (id 3), https://blog.example/ (id 4)"
    assert warnings == [
        f"expected_failures: '{name}' {both}, so that entry expects nothing." for name in ("blog.example", "Blog")
    ]


def test_each_failing_update_must_be_expected() -> None:
    report = broken()
    report.results.append(UpdateResult(plugin("seo/seo.php"), "failed", "rolled_back"))
    mark(report, {"site": "1", "update": "forms"})
    assert not report.expected
    assert [entry.expected for entry in report.results] == [True, False]
    mark(report, {"site": "1", "update": "forms"}, {"site": "1", "update": "seo"})
    assert report.expected


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"update": "x"}, "entry 1 names no site"),
        ({"site": ""}, "entry 1 names no site"),
        ({"site": "1", "until": "tomorrow"}, "entry 1: 'tomorrow' is no day"),
        ({"site": "1", "until": "2026-02-30"}, "'2026-02-30' is no day"),
        ({"site": "1", "update": "plugin:"}, "has an empty pattern"),
    ],
)
def test_expectations_that_make_no_sense(entry: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=f"expected_failures: .*{problem}"):
        reporting.expectations_from([entry])


@pytest.mark.parametrize(
    ("report", "result", "changed", "trouble", "notable"),
    [
        (moved(), "updated", True, False, True),
        (broken(), "failed", False, True, True),
        (down(), "failed", False, True, True),
        (pending(), "pending", False, True, True),
        (held(), "held", False, False, True),
        (suspended(), "skipped", False, False, True),
        (SiteReport(site()), "unchanged", False, False, False),
        (SiteReport(site(), [UpdateResult(plugin(), "skipped", "ignored")]), "unchanged", False, False, True),
    ],
)
def test_a_site(report: SiteReport, result: str, changed: bool, trouble: bool, notable: bool) -> None:
    assert (report.result, report.changed, report.is_trouble) == (result, changed, trouble)
    assert reporting.notable(report) is notable


def test_a_site_speaks_with_the_words_of_its_first_trouble() -> None:
    report = moved()
    report.results += broken().results
    entry = report.to_dict()
    assert (entry["result"], entry["reason"], entry["message"]) == ("failed", "child_error", "Download failed.")
    assert entry["changed"] is True
    report.failed, report.reason, report.message = True, "theme_changed", "Another theme."
    assert (report.first_reason, report.first_message) == ("theme_changed", "Another theme.")
    assert held().first_reason == "held_release"
    assert SiteReport(site()).first_reason == ""


def test_an_uncovered_update_is_told() -> None:
    report = SiteReport(site())
    report.new_pending = (plugin(),)
    assert report.to_dict()["new_pending"] == [
        {
            "type": "plugin",
            "slug": "forms/forms.php",
            "language": "",
            "name": "Forms",
            "version": "1.0.0",
            "new_version": "1.1.0",
        }
    ]


def test_the_diff_shows_what_moved_or_would() -> None:
    report = SiteReport(
        site(),
        [
            UpdateResult(plugin(), "updated", "", "", "1.0.0", "1.1.0", "1.1.1"),
            UpdateResult(plugin("a/a.php"), "planned", "", "", "1.0", "1.1", "1.0"),
            UpdateResult(translation(), "updated", "", "", "", "1.0", ""),
            UpdateResult(plugin("b/b.php"), "failed", "not_moved", "", "1.0", "1.1", "1.0"),
            UpdateResult(plugin("c/c.php"), "skipped", "ignored", "", "1.0", "1.1", "1.0"),
        ],
    )
    (entry,) = reporting.diff([report, SiteReport(site(2))])
    assert entry["before_header"] == entry["after_header"] == "https://site1.example/"
    assert entry["before"].splitlines() == [
        "plugin forms/forms.php 1.0.0",
        "plugin a/a.php 1.0",
        "translation forms de_DE not installed or old",
    ]
    assert entry["after"].splitlines() == [
        "plugin forms/forms.php 1.1.1",
        "plugin a/a.php 1.1",
        "translation forms de_DE 1.0",
    ]


def test_a_long_sentence_is_cut_between_words() -> None:
    """Half a secret would not be masked."""
    long = "The key is not " + "very " * 43 + "fedcba9876543210==0123456789abcdef"
    (line,) = reporting.trouble_lines({("failed (child_error)", long): ["a.example"]})
    assert line.endswith("very …")
    assert "fedcba" not in line
    (line,) = reporting.trouble_lines({("failed (child_error)", "Download failed."): ["a.example"]})
    assert line == "a.example: failed (child_error). Download failed."
