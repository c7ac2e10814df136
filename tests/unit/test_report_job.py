# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mainwp_report: what is in the files, what a second wave adds, and when anything is written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report as job

STARTED = "2026-11-24T22:30:00Z"


def update(result: str = "updated", **more: Any) -> dict[str, Any]:
    versions = {"version_before": "1.0", "version_planned": "1.1", "version_after": "1.1"}
    return {"type": "plugin", "name": "Shop", "result": result, "reason": "", **versions, **more}


def site(number: int = 1, result: str = "updated", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "url": f"https://s{number}.example/",
        "name": f"S {number}",
        "result": result,
        "reason": "",
        "message": "",
        "changed": result == "updated",
        "expected": False,
        "updates": [update(result)],
        **more,
    }


def returned(*sites: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"msg": "told", "dashboard": {"url": "https://dash.example"}, "sites": list(sites), "broken_off": "", **more}


def entry(host: str = "dash", result: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"host": host, "result": returned(site()) if result is None else result, "failure": "", **more}


def report(folder: Path, *entries: dict[str, Any], check: bool = False, **more: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in job.SPEC.items()}
    given = {**defaults, "results": list(entries), "dir": str(folder / "reports"), "started": STARTED, **more}
    return job.run(job.options_from(given), None, check)


def wave(folder: Path, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return report(folder, *entries, run_id="1", state_dir=str(folder / "notes"), **more)


def read(told: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return json.loads(Path(told["reports"][number]["file"]).read_text())


# -- one task ------------------------------------------------------------------------------------------------------


def test_what_is_vulnerable_is_in_the_report_as_it_was_returned(tmp_path: Path) -> None:
    notice = {"holder": "inventors", "notice": "Copyright 2026 Invented Feeds", "links": ["https://feeds.example/1"]}
    look = {"msg": "1 of 1 site has 1 vulnerability", "dashboard": {"url": "https://dash.example"}, "notices": [notice]}
    found = {"before": {**look, "invocation": {"module_args": {}}}, "after": {**look, "msg": "none", "notices": []}}
    both = read(report(tmp_path, entry(vulnerabilities=found)))
    assert both["vulnerabilities"] == {"before": look, "after": found["after"]}
    assert (both["msg"], len(both["sites"])) == ("told", 1)
    alone = read(report(tmp_path, entry("alone", {}, vulnerabilities={"before": look, "after": None})))
    assert alone["vulnerabilities"] == {"before": look}
    assert (alone["msg"], alone["sites"]) == (look["msg"], [])
    assert alone["dashboard"] == {"url": "https://dash.example"}
    with pytest.raises(InputError, match="vulnerabilities"):
        wave(tmp_path, entry(vulnerabilities=found))


def test_the_report_of_one_task(tmp_path: Path) -> None:
    summary = {"sites": {"total": 1}, "updates": {"total": 1}, "failed_sites": []}
    told = report(tmp_path, entry("dash", returned(site(), summary=summary, batch={"method": "per_item"})))
    assert told["changed"]
    found = read(told)
    assert Path(told["reports"][0]["file"]) == tmp_path / "reports" / "dash" / "2026-11-24T223000Z" / "report.json"
    assert found.pop("finished") > STARTED
    assert found == {
        "format": 1,
        "complete": True,
        "check_mode": False,
        "host": "dash",
        "dashboard": {"url": "https://dash.example"},
        "started": STARTED,
        "failed": False,
        "msg": "told",
        "summary": summary,
        "batch": {"method": "per_item"},
        "sites": [site()],
    }
    assert told["reports"][0]["stats"] == {
        "url": "https://dash.example",
        "msg": "told",
        "failed": False,
        "changed": True,
        "check_mode": False,
        "sites": {"total": 1},
        "updates": {"total": 1},
        "changed_sites": ["https://s1.example/"],
        "failed_sites": [],
        "report": told["reports"][0]["file"],
    }
    (client,) = told["reports"][0]["clients"]
    assert Path(client["file"]).name == "no-client.md"
    assert Path(client["file"]).read_text() == client["text"]


@pytest.mark.parametrize("of_run", [False, True])
def test_a_plan_is_reported_as_one(tmp_path: Path, of_run: bool) -> None:
    """Of mainwp_update_info, or of a task in check mode."""
    plan = returned(site(1, "planned"), site(2, "unchanged", updates=[update("skipped", reason="policy")]))
    act = wave if of_run else report
    told = act(tmp_path, entry("dash", plan), formats=["json", "markdown", "html"])
    assert read(told)["check_mode"] is True
    assert told["reports"][0]["stats"]["check_mode"] is True
    assert "This is a plan. Nothing was changed." in told["reports"][0]["clients"][0]["text"]
    assert "This is a plan. Nothing was changed." in Path(told["reports"][0]["page"]).read_text()


def test_what_moved_beside_a_plan_was_no_plan(tmp_path: Path) -> None:
    hosts = [entry(f"s{site['id']}", returned(site), name="dash") for site in (site(1, "planned"), site(2))]
    assert read(wave(tmp_path, hosts[0]))["check_mode"]
    assert not read(wave(tmp_path, hosts[1]))["check_mode"]


def test_a_second_time_nothing_changes(tmp_path: Path) -> None:
    first = report(tmp_path, entry())
    path = Path(first["reports"][0]["file"])
    path.write_text(path.read_text().replace('"finished": "2', '"finished": "1'))  # some other time
    before = {one: one.read_bytes() for one in path.parent.iterdir()}
    again = report(tmp_path, entry())
    assert not again["changed"]
    assert not report(tmp_path, entry(), check=True, formats=["json"])["changed"]
    assert {one: one.read_bytes() for one in path.parent.iterdir()} == before
    assert report(tmp_path, entry("dash", returned(site(2))))["changed"]


def test_check_mode_writes_nothing_and_tells_all(tmp_path: Path) -> None:
    planned = site(1, "planned")
    for made in (report, wave):
        told = made(tmp_path, entry("dash", returned(planned)), check=True)
        assert told["changed"]
        assert told["reports"][0]["file"].endswith("report.json")
        assert "This is a plan." in told["reports"][0]["clients"][0]["text"]
        assert told["reports"][0]["stats"]["changed_sites"] == ["https://s1.example/"]
        assert bool(told["reports"][0]["stats"]["report"]) == (made is report)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("result", "failure", "files"), [({}, "", 0), ({}, "no", 1), ({"msg": "refused"}, "", 1)])
def test_what_was_not_even_tried_makes_no_file(tmp_path: Path, result: Any, failure: str, files: int) -> None:
    told = report(tmp_path, entry("dash", result, failure=failure))
    assert len(list(tmp_path.rglob("*.*"))) == files
    assert bool(told["reports"][0]["file"]) == bool(files)


def test_a_failure_takes_the_place_of_the_message(tmp_path: Path) -> None:
    found = read(report(tmp_path, entry(failure="Back up: no space left")))
    assert (found["failed"], found["msg"]) == (True, "Back up: no space left")


@pytest.mark.parametrize("more", [{"failed": True}, {"summary": {"failed": True}}])
def test_a_task_that_failed_is_red_whoever_ignores_it(tmp_path: Path, more: dict[str, Any]) -> None:
    told = report(tmp_path, entry("dash", returned(site(1, "failed"), **more)))
    assert read(told)["failed"] is True
    assert told["reports"][0]["stats"]["failed"] is True


def test_a_run_of_no_sites_is_fine(tmp_path: Path) -> None:
    told = wave(tmp_path, entry("dash", returned(msg="0 ok (0 updates)")))
    assert read(told)["not_tried"] == []
    told = wave(tmp_path, entry("dash", {"failed": True, "msg": "refused", "sites": []}))
    assert read(told)["not_tried"] == [{"host": "dash", "message": "refused"}]


def test_broken_off_is_not_complete(tmp_path: Path) -> None:
    result = returned(site(), broken_off="The key is refused.")
    assert read(report(tmp_path, entry("dash", result)))["complete"] is False
    assert read(wave(tmp_path, entry("dash", result)))["complete"] is False


def test_only_the_files_that_are_wanted(tmp_path: Path) -> None:
    assert report(tmp_path, entry(), dir="")["reports"][0]["clients"][0]["text"].startswith("# Website maintenance")
    assert list(tmp_path.iterdir()) == []
    report(tmp_path, entry(), formats=["json"])
    assert [path.name for path in tmp_path.rglob("*.*")] == ["report.json"]
    told = report(tmp_path, entry("other"), formats=["markdown"])
    assert told["reports"][0]["file"] == ""
    assert [path.name for path in tmp_path.glob("reports/other/*/*")] == ["no-client.md"]


def test_texts_of_ones_own(tmp_path: Path) -> None:
    told = report(tmp_path, entry(), client_texts=[" Hallo \n"])
    assert told["reports"][0]["clients"][0]["text"] == "Hallo\n"
    for wrong in ({"client_texts": ["a", "b"]}, {"client_texts": ["a"], "run_id": "1", "state_dir": "x"}):
        with pytest.raises(InputError, match="client_texts"):
            report(tmp_path, entry(), **wrong)


def test_options_that_do_not_fit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="state_dir"):
        report(tmp_path, entry(), run_id="1")
    with pytest.raises(InputError, match="results"):
        report(tmp_path, entry(), entry())
    with pytest.raises(InputError, match="same folder"):
        report(tmp_path, entry("Müller"), entry("Möller"))
    assert [one["name"] for one in report(tmp_path, entry("a"), entry("b"))["reports"]] == ["a", "b"]


def test_names_make_no_paths(tmp_path: Path) -> None:
    for name in ("../../evil", "..", "a/b", "~", ""):
        told = report(tmp_path, entry("h", name=name), started=f"{STARTED}/../..")
        assert Path(told["reports"][0]["file"]).is_relative_to(tmp_path / "reports"), name


def test_what_cannot_be_written_is_a_failure_that_tells_all(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way")
    told = report(tmp_path, entry())
    assert told["failed"]
    assert "Not a directory" in told["msg"]
    assert told["reports"][0]["file"] == ""
    assert told["reports"][0]["stats"]["changed"]
    told = wave(tmp_path, entry())
    assert told["failed"]
    assert told["reports"][0]["lines"][0] == "dash: 1 ok (1 update)"
    (tmp_path / "file").write_text("in the way")
    told = report(tmp_path, entry(), run_id="1", state_dir=str(tmp_path / "file"))
    assert told["failed"]
    assert "reports" not in told


# -- several tasks of a run ----------------------------------------------------------------------------------------


def test_waves_add_to_one_report(tmp_path: Path) -> None:
    first = wave(tmp_path, entry("s1", returned(site(1)), name="lab"), last=False)
    assert read(first)["complete"] is False
    second = wave(
        tmp_path,
        entry("s2", returned(site(2, "failed", reason="health", message="HTTP 500.")), name="lab"),
        entry("s3", {}, name="lab", failure="Not touched."),
        entry("x1", returned(site(9)), name="other"),
        last=True,
    )
    lab = read(second)
    assert lab["complete"] is True
    assert [one["id"] for one in lab["sites"]] == [1, 2]
    assert lab["not_tried"] == [{"host": "s3", "message": "Not touched."}]
    assert lab["failed"] is True
    assert lab["msg"] == lab["summary"]["msg"] == "1 ok (1 update) · 1 failed · 1 not tried"
    assert lab["summary"]["failed_sites"] == ["https://s2.example/"]
    assert lab["summary"]["sites"]["total"] == 2
    assert lab["started"] == STARTED
    assert [one["name"] for one in second["reports"]] == ["lab", "other"]
    assert second["reports"][0]["lines"] == [
        "lab: 1 ok (1 update) · 1 failed · 1 not tried",
        "  1 × Shop 1.0 → 1.1",
        "  https://s2.example/: failed (health). HTTP 500.",
        "  s3: not tried. Not touched.",
    ]
    assert len(list(tmp_path.glob("reports/lab/*"))) == 1


def test_the_last_wave_completes_the_reports_of_all_dashboards(tmp_path: Path) -> None:
    lab = wave(tmp_path, entry("s1", name="lab"), last=False)
    before = read(lab)
    told = wave(tmp_path, entry("x1", name="other"), last=True)
    assert [one["name"] for one in told["reports"]] == ["other"]
    assert read(lab) == {**before, "complete": True}


def test_turns_of_both_plays_are_kept_once(tmp_path: Path) -> None:
    one, two = ({"began": f"2026-11-24T22:3{number}:00.000Z", "seconds": 1.5} for number in (0, 1))
    wave(tmp_path, entry("s1", returned(site(1, turns=[one])), name="lab"), last=False)
    again = entry("s1", returned(site(1, turns=[two])), name="lab")
    told = [wave(tmp_path, again, last=True) for dummy in range(2)][-1]
    assert read(told)["sites"][0]["turns"] == [one, two]
    assert read(told)["complete"] is True


def test_under_strategy_free_one_may_come_after_the_last(tmp_path: Path) -> None:
    both = [entry("s1", returned(site(1)), name="lab"), entry("s2", returned(site(2)), name="lab")]
    told = wave(tmp_path, *both, last=True)
    wave(tmp_path, both[0], last=False)
    assert read(told)["complete"] is True
    wave(tmp_path, entry("s3", returned(site(3)), name="lab"), last=False)  # another play
    assert read(told)["complete"] is False


def test_a_site_that_is_worked_on_twice_loses_nothing(tmp_path: Path) -> None:
    failed = site(1, "failed", reason="child_error", message="Download failed.")
    wave(tmp_path, entry("s1", returned(failed), name="lab"))
    later = site(1, updates=[update(name="Theme", type="theme")])
    found = read(wave(tmp_path, entry("s1", returned(later), name="lab")))
    (one,) = found["sites"]
    assert (one["result"], one["reason"], one["changed"]) == ("failed", "child_error", True)
    assert [each["name"] for each in one["updates"]] == ["Shop", "Theme"]
    assert found["summary"]["updates"]["total"] == 2


def test_one_that_was_left_alone_and_then_tried_is_no_longer_listed(tmp_path: Path) -> None:
    wave(tmp_path, entry("s1", {}, name="lab", failure="Not touched."))
    found = read(wave(tmp_path, entry("s1", returned(site(1)), name="lab")))
    assert found["not_tried"] == []
    assert not found["failed"]


def test_expected_failures_are_not_red(tmp_path: Path) -> None:
    known = site(1, "failed", reason="disconnected", expected=True)
    found = read(wave(tmp_path, entry("s1", returned(known), name="lab")))
    assert not found["failed"]
    assert found["summary"]["expected_failures"] == 1


def test_what_a_task_wrote_of_its_site_goes_when_it_is_reported(tmp_path: Path) -> None:
    parts = tmp_path / "reports" / "lab" / "unfinished"
    parts.mkdir(parents=True)
    for name in ("1-1.json", "1-2.json"):
        (parts / name).write_text("{}")
    wave(tmp_path, entry("s1", returned(site(1)), name="lab"))
    assert [path.name for path in parts.iterdir()] == ["1-2.json"]
    wave(tmp_path, entry("s2", returned(site(2)), name="lab"))
    assert not parts.exists()


def test_notes_of_old_runs_are_removed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for name, mtime in (("run-0.json", 10**9), ("dash.lock", 10**9), ("run-2.json", 2**32)):
        (notes / name).write_text("{}")
        os.utime(notes / name, (mtime, mtime))
    wave(tmp_path, entry())
    assert {path.name for path in notes.iterdir()} == {"dash.lock", "run-2.json", "run-1.json", "run-1.guard"}


def test_notes_that_nobody_understands_are_told(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "run-1.json").write_text("{")
    assert wave(tmp_path, entry())["failed"]


def test_results_of_a_sync_are_reported_too(tmp_path: Path) -> None:
    synced = {"id": 1, "url": "https://s1.example/", "name": "S 1", "result": "synced", "reason": "", "message": ""}
    assert read(report(tmp_path, entry("dash", returned(synced))))["sites"] == [synced]
    assert read(wave(tmp_path, entry("dash", returned(synced))))["sites"] == [synced]


def test_two_runs_of_waves_that_begin_together_have_a_folder_each(tmp_path: Path) -> None:
    """Each goes on in its own with its next wave; whoever says when it began is obeyed."""
    notes = {"state_dir": str(tmp_path / "notes"), "started": None}
    files = [
        report(tmp_path, entry(result=returned(site(number))), run_id=run, **notes)["reports"][0]["file"]
        for run, number in (("1", 1), ("2", 2), ("1", 3), ("2", 4))
    ]
    assert len(set(files)) == 2
    assert files[:2] == files[2:]
    assert [[one["id"] for one in json.loads(Path(file).read_text())["sites"]] for file in files[:2]] == [
        [1, 3],
        [2, 4],
    ]
    told = [report(tmp_path, entry(), run_id=run, state_dir=str(tmp_path / "notes")) for run in ("3", "4")]
    assert {one["reports"][0]["file"] for one in told} == {
        str(tmp_path / "reports" / "dash" / "2026-11-24T223000Z" / "report.json")
    }
