# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a run: what it says first, that it says nothing untrue, and that names stay names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import codes
import jinja2
import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report as job
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._drawing import drawn
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._report_pages import page_of_run
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports import waves
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.reasons import REASONS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.run import whole
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.timeline import timeline

from .pages import HOSTILE, Page

STARTED, FINISHED = "2026-11-24T22:30:00Z", "2026-11-24T22:34:10Z"


def update(result: str = "updated", **more: Any) -> dict[str, Any]:
    versions = {"version_before": "1.0", "version_planned": "1.1", "version_after": "1.1"}
    known = {"type": "plugin", "slug": "shop/shop.php", "language": "", "name": "Shop", "message": "", "reason": ""}
    return {**known, **versions, "result": result, "expected": False, **more}


def site(number: int = 1, result: str = "updated", *updates: dict[str, Any], **more: Any) -> dict[str, Any]:
    known = {"id": number, "url": f"https://s{number}.example/", "name": f"Site {number}", "result": result}
    known |= {"reason": "", "message": "", "expected": False, "changed": result == "updated", "new_pending": []}
    return {**known, "updates": list(updates), **more}


def one(result: dict[str, Any], failure: str = "") -> dict[str, Any]:
    return {"host": "dash", "name": "agency", "result": result, "failure": failure}


def page(*sites: dict[str, Any], failure: str = "", planning: bool = False, **more: Any) -> Page:
    result = {"dashboard": {"url": "https://dash.example"}, "sites": list(sites), **more}
    return Page(page_of_run(whole(one(result, failure), STARTED, FINISHED), "", "", planning))


def test_what_failed_comes_first_with_what_to_do() -> None:
    found = page(
        site(1, "updated", update()),
        site(2, "failed", update("failed", reason="child_error", message="Disk <full>"), reason="child_error"),
        site(
            3,
            "failed",
            update("failed", reason="disconnected"),
            reason="disconnected",
            message="No answer.",
            expected=True,
        ),
        site(4, "skipped", update("skipped", reason="suspended"), reason="suspended"),
        site(5, "updated", update(), update("skipped", name="Cache", version_planned="2.0", reason="policy")),
        failed=True,
    )
    found.says(
        "agency",
        "dash.example",
        "24 November 2026, 22:30 UTC",
        "took 4 min 10 s",
        "1 site of 5 needs attention.",
        "What failed, and what to do about it",
        "The child site reports an error",
        REASONS["child_error"][1],
        "Disk <full>",
        "Site 2",
        "The site could not be reached",
        "expected",
        "No answer.",
        "What moved",
        "2 updates on 2 sites",
        "Shop",
        "1.0 → 1.1",
        "What was left alone, and why",
        "Cache 1.0 → 2.0",
        "Site 5",
        "The site is suspended in MainWP",
    )


def test_a_good_run_is_green_and_has_no_section_without_data() -> None:
    found = page(site(1, "updated", update()), site(2, "unchanged"))
    found.says("Nothing failed.", "What moved")
    for absent in ("What failed", "left alone, and why", "Worth knowing"):
        assert absent not in found.text


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            {"broken_off": "the key is refused", "msg": "0 ok – broken off: the key is refused"},
            "The run was broken off.",
        ),
        ({"failure": "Back up: no space left", "failed": True}, "The run failed."),
        ({}, "There was no site to look at."),
    ],
)
def test_what_is_not_surely_good_is_not_green(more: dict[str, Any], says: str) -> None:
    found = page(**more)
    found.says(says)
    assert "Nothing failed." not in found.text
    found.says(more.get("failure") or more.get("msg") or "")


def test_a_run_that_goes_on_says_so() -> None:
    report = whole(one({"sites": [site(1, "updated", update())]}), STARTED, FINISHED)
    so_far = {**report, "complete": False, "broken_off": ""}
    Page(page_of_run(so_far, "", "", False)).says("This is the run so far.")
    broken = {**so_far, "broken_off": "the key is refused"}
    Page(page_of_run(broken, "", "", False)).says("Broken off: the key is refused")


def test_a_plan_is_none_of_what_happened() -> None:
    found = page(site(1, "planned", update("planned", version_after="1.0")), planning=True)
    found.says("Maintenance plan", "Nothing was changed.", "update to run", "What would move", "1.0 → 1.1")
    assert "What moved" not in found.text


def test_hosts_that_were_not_tried() -> None:
    report = whole(one({"sites": [site(1, "updated", update())]}), STARTED, FINISHED)
    told = {**report, "not_tried": [{"host": "shop.example", "message": "The gate is closed."}]}
    Page(page_of_run(told, "", "", False)).says(
        "1 host could not be tried.", "Not tried", "The gate is closed.", "shop.example"
    )


def test_what_is_worth_knowing() -> None:
    found = page(
        site(1, "updated", update(), health={"verdict": "broken_before", "message": "/ answers 500."}),
        site(2, "updated", update(), health_score_before=90, health_score_after=71),
        site(3, "unchanged", update("unchanged", reason="moved_elsewhere")),
        site(4, "updated", update(), new_pending=[{"name": "Forms"}]),
        site(5, "failed", update("updated", reason="deactivated", name="Forms"), reason="deactivated"),
    )
    found.says("The plugin moved but is no longer active", "Forms", "bad before the updates, too", "/ answers 500.")
    found.says("fell from 90 to 71", "somebody else updated Shop", "1 update came to light")


def test_what_nobody_waits_for_is_under_way_and_no_trouble() -> None:
    waiting = site(1, "pending", update("pending", reason="batch_waiting"), reason="batch_waiting")
    summary: dict[str, Any] = {"failed_sites": []}
    found = page(waiting, site(2, "updated", update()), summary=summary)
    found.says("Nothing failed so far. 1 site under way.", "sites in trouble0", "Worth knowing", "1 update under way")
    assert "What failed" not in found.text
    for more in ({"summary": {"failed_sites": [waiting["url"]]}}, {}):
        page(waiting, failed=True, **more).says("1 site of 1 needs attention.", "site in trouble1", "What failed")
    result = {"dashboard": {}, "sites": [waiting], "summary": summary}
    told = waves.finished(waves.added(waves.begun("dash", STARTED, False), one(result)), FINISHED, True)
    assert not told["failed"]
    assert told["summary"]["failed_sites"] == []
    assert [line for line in waves.lines(told) if "batch_waiting" in line] == []
    Page(page_of_run(told, "", "", False)).says("Nothing failed so far.")


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("out_of_time", "Nothing failed, but time ran out: 2 sites not finished."),
        ("stopped", "Nothing failed, but the run stopped early: 2 sites not finished."),
    ],
)
def test_a_run_that_did_not_get_to_all_is_not_green(reason: str, says: str) -> None:
    left = update("skipped", reason=reason)
    found = page(
        site(1, "updated", update()), site(2, "skipped", left, reason=reason), site(3, "updated", update(), left)
    )
    found.says(says)


def test_what_drifted_was_nobody_s_update() -> None:
    found = page(site(1, "unchanged", update("unchanged", reason="drifted")))
    found.says("what was planned for Shop is not offered any more.")
    assert "somebody else" not in found.text


def test_times_are_utc() -> None:
    report = whole(one({"sites": []}), "2026-11-25T00:30:00+02:00", FINISHED)
    Page(page_of_run(report, "", "", False)).says("24 November 2026, 22:30 UTC")


def turn(began: str, seconds: float) -> dict[str, Any]:
    return {"began": f"2026-11-24T{began}Z", "seconds": seconds}


def test_where_the_time_went() -> None:
    known = [
        site(1, "updated", update(), turns=[turn("22:30:00.000", 10)]),
        site(2, "failed", turns=[turn("22:30:05.000", 10), turn("22:30:20.000", 1)]),
        site(3, "updated", turns=[turn("22:30:10.000", 10)]),
        site(4, "updated", turns=[turn("22:30:30.000", 2)]),
    ]
    found = timeline(known, {"failed": "bad"})
    assert found is not None
    assert (found["lanes"], found["first"], found["last"]) == (2, "2026-11-24T22:30:00Z", "2026-11-24T22:30:32Z")
    assert [(entry["url"][9:10], entry["lane"], entry["tone"]) for entry in found["turns"]] == [
        ("1", 0, "none"),
        ("2", 1, "bad"),
        ("3", 0, "none"),
        ("2", 0, "bad"),
        ("4", 0, "none"),
    ]
    assert [(entry["name"], entry["seconds"]) for entry in found["longest"][:2]] == [("Site 2", 11), ("Site 1", 10)]
    assert found["busy"] == round(100 * 33 / 64)
    page(*known).says(
        "Where the time went", "2 lanes, busy for 52 %", "22:30:00", "22:30:32", "Longest", "Site 2", "11.0"
    )


@pytest.mark.parametrize(
    "turns", [None, [], "x", [None], [{"began": "soon", "seconds": 1}], [turn("22:30:00", float("nan"))]]
)
def test_without_times_there_is_no_timeline(turns: Any) -> None:
    assert "Where the time went" not in page(site(1, "updated", update(), turns=turns)).text


@pytest.mark.claim("text-pages")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_inert(name: str) -> None:
    bad = update("failed", name=name, reason="child_error", message=name, version_planned=name)
    found = page(
        site(1, "failed", bad, name=name, url=f"https://{name}/", reason="child_error", message=name),
        site(2, "updated", update(name=name, language=name, type="translation", version_after=name), name=name),
        site(3, "updated", update("skipped", name=name, reason="policy"), name=name),
        failed=True,
    )
    for steering in "\u202e\u2066\u2067\x00\x1b\ud800":
        assert steering not in found.text
    plain = "".join(letter for letter in name if letter not in "\u202e\u2066\u2067\x00\x1b\ud800")
    assert found.text.count(plain) >= 5


def test_every_reason_is_explained() -> None:
    of_no_update = {"", "not_stored"} | codes.OF_THINGS
    assert set(codes.REASONS) - of_no_update == set(REASONS)
    settled = {"suspended", "ignored", "excluded", "same_version", "older", "not_installed"}
    settled |= {"newer_than_planned", "renamed", "moved_elsewhere"}
    assert {code for code, (dummy, todo) in REASONS.items() if not todo} == settled


# -- as a file -----------------------------------------------------------------------------------------------------


def report(folder: Path, *, check: bool = False, **more: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in job.SPEC.items()}
    result = {"msg": "told", "dashboard": {"url": "https://dash.example"}, "sites": [site(1, "updated", update())]}
    given = {
        **defaults,
        "results": [{"host": "dash", "result": result, "failure": ""}],
        "dir": str(folder / "reports"),
        "started": STARTED,
    }
    return job.run(job.options_from({**given, "formats": ["html"], **more}), None, check)


@pytest.mark.parametrize("formats", [["html"], ["json", "html"]])
def test_the_page_is_written_once_and_only_when_something_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formats: list[str]
) -> None:
    assert report(tmp_path, formats=formats, check=True)["changed"]
    assert not list(tmp_path.iterdir())
    told = report(tmp_path, formats=formats)
    file = Path(told["reports"][0]["page"])
    assert file == tmp_path / "reports" / "dash" / "2026-11-24T223000Z" / "report.html"
    assert file.stat().st_mode & 0o777 == 0o600
    Page(file.read_text()).says("dash")
    assert sorted(path.suffix for path in file.parent.iterdir()) == sorted(f".{name}" for name in formats)
    monkeypatch.setattr(job.time, "time", lambda: 4e9)
    assert not report(tmp_path, formats=formats)["changed"]
    told = report(tmp_path, formats=formats, results=[{"host": "dash", "result": {}, "failure": "no"}])
    assert told["changed"]


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "run.html.j2").write_text("<p>{{ page.name }}: {{ page.moved_sites[0].name }}</p>\n")
    told = report(tmp_path, templates=str(own))
    assert Path(told["reports"][0]["page"]).read_text() == "<p>dash: Site 1</p>\n"


@pytest.mark.parametrize(
    "text", ["{{ nobody.knows }}", "{% if %}", "{% extends 'none.j2' %}", "{{ 'a' + 1 }}", "{{ 1 / 0 }}", "Grüße"]
)
def test_a_template_that_is_wrong_costs_only_the_page(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.html.j2").write_text(text, encoding="latin-1")
    told = report(tmp_path, templates=str(tmp_path), formats=["json", "html"])
    assert told["failed"]
    assert "run.html.j2" in told["msg"]
    assert told["reports"][0]["page"] == ""
    assert Path(told["reports"][0]["file"]).is_file()


@pytest.mark.parametrize(
    "odd",
    [
        {"id": 1, "name": "No address", "result": "failed"},
        {"id": 1, "url": "https://s1.example/", "updates": ["Shop"]},
        {"id": 1, "url": None, "updates": 7},
        {"id": 1, "url": "https://s1.example/", "name": "", "updates": [{"result": "updated"}]},
    ],
)
def test_an_odd_entry_costs_at_most_the_page(tmp_path: Path, odd: dict[str, Any]) -> None:
    result = {"msg": "told", "sites": [odd, site(2)]}
    results = [{"host": "dash", "result": result, "failure": ""}]
    told = report(tmp_path, results=results, formats=["json", "markdown", "html"])
    assert json.loads(Path(told["reports"][0]["file"]).read_text())["sites"] == result["sites"]
    assert bool(told.get("failed")) == (not told["reports"][0]["page"] or not told["reports"][0]["clients"])
    if "updates" not in odd:
        assert "No address" in Path(told["reports"][0]["page"]).read_text()


def test_a_bug_in_a_template_of_the_collection_is_not_blamed_on_the_option(tmp_path: Path) -> None:
    with pytest.raises(jinja2.UndefinedError):
        drawn("run.html.j2", "", {"page": {}})
    with pytest.raises(InputError, match="templates"):
        drawn("run.html.j2", str(tmp_path), {"page": {}})


@pytest.mark.parametrize("name", ["piece.html", "piece.j2", "piece"])
def test_pieces_of_ones_own_are_escaped_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    (tmp_path / "run.html.j2").write_text(f"{{% include '{name}' %}}")
    (tmp_path / name).write_text("<p>{{ page.name }}</p>")
    results = [{"host": "<b>", "result": {"msg": "told", "sites": []}, "failure": ""}]
    told = report(tmp_path, templates=str(tmp_path), results=results)
    assert Path(told["reports"][0]["page"]).read_text() == "<p>&lt;b&gt;</p>"


def test_templates_that_are_no_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="templates"):
        report(tmp_path, templates=str(tmp_path / "none"))
