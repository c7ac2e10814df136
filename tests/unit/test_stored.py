# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of earlier runs, among whatever else lies in their folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report as job
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._earlier import known_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._proven import history_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._stored import FORMAT, stored_reports

URL = "https://dash.example"
UPDATE = {"type": "plugin", "slug": "a/a.php", "name": "A", "version_after": "1.1", "result": "updated"}
SITE = {"id": 1, "url": "https://a.example/", "result": "updated", "updates": [UPDATE]}
REPORT = {"dashboard": {"url": URL}, "finished": "2026-11-20T01:00:00Z", "sites": [SITE]}
DEEP = "[" * 100_000 + "]" * 100_000

#: Files that are no report of this Dashboard, or hold parts that are none.
ODD: list[Any] = [
    DEEP,
    "no JSON",
    "\ud800".encode("utf-8", "surrogatepass"),
    [],
    5,
    {"dashboard": URL},
    {**REPORT, "dashboard": {"url": "https://other.example"}},
]
BROKEN: list[Any] = [
    {"sites": None},
    {"sites": {"1": SITE}},
    {"sites": ["x", {**SITE, "id": [1]}, {**SITE, "id": {"a": 1}}, {**SITE, "updates": "x"}]},
    {"finished": [], "sites": [SITE, {**SITE, "updates": [None, [], {"type": []}]}]},
    {"finished": None},
]


def put(folder: Path, name: str, content: Any) -> Path:
    path = folder / name / "report.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content if isinstance(content, bytes) else _text(content).encode())
    return path


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)


@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_other_files_are_passed_over(tmp_path: Path, content: Any) -> None:
    odd, good = put(tmp_path, "odd", content), put(tmp_path, "good", {**REPORT, "dashboard": {"url": f"{URL}:443/"}})
    assert [report["sites"] for report in stored_reports([odd, tmp_path, good], URL)] == [[SITE]]


@pytest.mark.parametrize("content", [*ODD, *({**REPORT, **part} for part in BROKEN)], ids=range(len(ODD) + len(BROKEN)))
def test_what_is_broken_hides_no_good_report(tmp_path: Path, content: Any) -> None:
    put(tmp_path, "odd", content)
    good = put(tmp_path, "good", REPORT)
    history = history_from(str(tmp_path), URL, [1])
    assert history["plugin", "a/a.php", "1.1"] == 1795136400.0
    assert known_from(str(good), URL)[1]["plugin", "a/a.php"] == ("A", "1.1")


# -- formats -------------------------------------------------------------------------------------------------------------

#: For each format a report as the first release that had it wrote it. Never change one: years of them are on disks.
FORMATS = Path(__file__).resolve().parents[1] / "formats"


def letters(reports: Path) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in job.SPEC.items()}
    given = {"page": "client", "period": "2026-11", "sources": {"reports": str(reports)}}
    return job.run(job.options_from({**defaults, **given}), Collector(), True)


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_reports_of_all_formats_are_read(number: int) -> None:
    reports = FORMATS / str(number)
    [file] = reports.rglob("report.json")
    assert json.loads(file.read_text(encoding="utf-8"))["format"] == number
    moved = ("plugin", "contact-form-7/wp-contact-form-7.php")
    assert history_from(str(reports), "https://dashboard.example", [6]).keys() == {(*moved, "6.1")}
    assert known_from(str(file), "https://dashboard.example")[6][moved] == ("Contact Form 7", "6.1")
    [letter] = letters(reports)["letters"]
    assert "Contact Form 7" in letter["mail"]["text"]


def test_a_report_of_a_later_format_is_not_guessed_at(tmp_path: Path) -> None:
    newer = {**REPORT, "host": "dash", "started": "2026-11-20T00:30:00Z", "format": FORMAT + 1}
    file = put(tmp_path, "dash/2026-11-20T003000Z", newer)
    assert history_from(str(tmp_path), URL, [1]) == {}
    assert known_from(str(file), URL) == {}
    with pytest.raises(
        InputError, match=rf"dash, 2026-11-20T00:30:00Z, has format {FORMAT + 1}, .* reads up to {FORMAT}"
    ):
        letters(tmp_path)
