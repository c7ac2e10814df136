# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a fleet: what several sources tell together, and that nothing is said that none of them tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report as job

from .pages import HOSTILE, Page

AGENCY, SHOPS = "https://dash.example/", "https://shops.example/dashboard/"


def site(number: int = 1, **more: Any) -> dict[str, Any]:
    known = {"id": number, "url": f"https://s{number}.example/", "name": f"Site {number}", "status": "connected"}
    known |= {"wp_version": "7.1", "php_version": "8.3.10", "last_sync": "2026-11-24T22:00:00Z", "health_score": 90}
    return {**known, "http_status": "200 - OK", "sync_errors": "", **more}


def offer(name: str = "Shop", **more: Any) -> dict[str, Any]:
    known = {"type": "plugin", "slug": f"{name}/a.php", "language": "", "name": name, "version": "1.0"}
    return {**known, "new_version": "1.1", **more}


def planned(name: str = "Shop", **more: Any) -> dict[str, Any]:
    known = {"type": "plugin", "slug": f"{name}/a.php", "language": "", "name": name, "version_before": "1.0"}
    return {**known, "version_planned": "1.1", "result": "planned", "reason": "", **more}


def result(*sites: dict[str, Any], url: str = AGENCY, **more: Any) -> dict[str, Any]:
    return {"dashboard": {"url": url, "dialect": "abilities"}, "sites": list(sites), **more}


def options(folder: Path, **sources: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in job.SPEC.items()}
    return {**defaults, "page": "fleet", "dir": str(folder / "out"), "sources": sources}


def page(folder: Path, **sources: Any) -> Page:
    told = job.run(job.options_from(options(folder, **sources)), None, False)
    return Page(Path(told["page"]).read_text())


def test_versions_of_all_sites(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        sites=[
            result(site(1), site(2, wp_version="6.9.4", php_version="8.1.29"), site(3, wp_version="", php_version="")),
            result(site(1, wp_version="6.10", php_version="8.3.2", name="Shop"), url=SHOPS),
        ],
    )
    found.says("2 Dashboards", "as MainWP knew it on 24 November 2026, 22:00 UTC", "4 sites", "WordPress")
    found.says("7.1", "Site 1", "1", "6.10", "Shop", "6.9.4", "not known", "PHP", "8.3", "2", "8.1")
    for absent in ("Pending", "pending", "backup", "Trouble"):
        assert absent not in found.text


def test_one_id_on_two_dashboards_is_two_sites_and_two_spellings_of_one_dashboard_are_one(tmp_path: Path) -> None:
    twice = [result(site(1)), result(site(1), url=SHOPS), result(site(1), url="https://DASH.example:443")]
    page(tmp_path, sites=twice).says("2 Dashboards", "2 sites")


def test_of_two_pictures_of_one_site_the_newer_counts(tmp_path: Path) -> None:
    old = site(1, wp_version="6.9", last_sync="2026-11-20T22:00:00Z", updates=[offer(), offer("Old")])
    new = site(1, updates=[offer()])
    for order in ([old, new], [new, old]):
        found = page(tmp_path, sites=[result(entry) for entry in order])
        found.says("7.1", "1 update on 1 site", "How long they have been waiting", "Shop", "1.1", "4 days")
        assert "6.9" not in found.text
        assert "Old" not in found.text


def test_pending_updates_by_release_and_age(tmp_path: Path) -> None:
    report = result(site(1, updates=[planned(result="skipped")]), finished="2026-10-01T22:00:00Z")
    other = result(site(2, updates=[planned()]), url=SHOPS, finished="2026-01-01T22:00:00Z")
    kept = tmp_path / "reports" / "dash" / "1"
    for number, told in enumerate((report, other)):
        (kept / str(number)).mkdir(parents=True)
        (kept / str(number) / "report.json").write_text(json.dumps(told))
    (kept / "report.json").write_text("no JSON")
    ignored = planned("Quiet", result="skipped", reason="ignored")
    found = page(
        tmp_path,
        updates=[
            result(
                site(1, updates=[planned(), ignored]),
                site(2, updates=[planned(), planned("Nordic", type="theme")]),
                site(3, updates=[]),
            )
        ],
        sites=[result(site(4))],
        reports=str(tmp_path / "reports"),
    )
    found.says("pending updates3", "3 updates on 2 of 3 sites; of 1 site nobody told")
    found.says(
        "2",
        "≤ 1 week",
        "0",
        "≤ 1 month",
        "1",
        "≤ 3 months",
        "Shop 1.1",
        "54 days",
        "2",
        "Nordic",
        "new",
    )
    assert "Quiet" not in found.text


def test_a_release_in_two_spellings_is_one_and_no_younger(tmp_path: Path) -> None:
    kept = tmp_path / "reports" / "dash" / "1"
    kept.mkdir(parents=True)
    report = result(site(1, updates=[planned(version_planned="v1.1.0")]), finished="2026-10-01T22:00:00Z")
    (kept / "report.json").write_text(json.dumps(report))
    sites = [result(site(1, updates=[offer()]), site(2, updates=[offer(new_version="1.1.0")]))]
    found = page(tmp_path, sites=sites, reports=str(tmp_path / "reports"))
    found.says("2 updates on 2 sites", "1", "≤ 1 week", "0", "≤ 1 month", "1", "≤ 3 months", "Shop 1.1", "54 days", "2")
    assert "Shop 1.1.0" not in found.text


def test_what_is_installed_already_is_not_pending(tmp_path: Path) -> None:
    """Dashboards go on offering what was installed on the site itself; a listing has no reasons, but versions."""
    core = offer("WordPress", type="core", slug="wordpress", version="7.0.4", new_version="7.1")
    stale = [core, offer("Twin", new_version="v1.0.0"), offer("Past", new_version="0.9")]
    found = page(
        tmp_path, sites=[result(site(1, updates=[*stale, offer()]), site(2, wp_version="7.0.4", updates=[core]))]
    )
    found.says("pending updates2", "2 updates on 2 sites")
    found.says("Shop 1.1")
    assert "Twin" not in found.text
    assert "Past" not in found.text


def test_trouble_of_sites(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        sites=[
            result(
                site(1, status="disconnected", sync_errors="<b>No answer</b>"),
                site(2, http_status="500 - Internal Server Error"),
                site(3, last_sync="2026-11-01T00:00:00Z"),
                site(4, health_score=43),
                site(5, status="suspended", last_sync="2026-10-01T00:00:00Z"),
            )
        ],
    )
    found.says("sites in trouble4")
    for text in ("<b>No answer</b>", "HTTP 500", "Not synced for more than 7 days", "last on 2026-11-01", "score 43"):
        found.says(text)
    assert "Site 5 s5.example" not in found.text


def test_a_site_that_no_listing_has_any_more_is_gone(tmp_path: Path) -> None:
    old = result(site(1), site(2, status="disconnected"), last="old")
    old["sites"] = [{**entry, "last_sync": "2026-11-10T22:00:00Z"} for entry in old["sites"]]
    # one that is not synced for long is there, and one of a listing of the same week may be
    new = [
        result(site(1), site(3, last_sync="2026-10-01T22:00:00Z")),
        result(site(4, last_sync="2026-11-19T22:00:00Z")),
    ]
    other = result(site(2, last_sync="2026-01-10T22:00:00Z"), url=SHOPS)
    for sources in ([old, *new, other], [*new, other, old]):
        found = page(tmp_path, sites=sources)
        found.says("sites4", "sites in trouble2", "Not synced for more than 7 days", "Site 2", "Site 3")
        assert "MainWP cannot reach" not in found.text
    undated = result({"id": 2, "url": "https://s2.example/", "status": "disconnected"})
    page(tmp_path, sites=[*new, undated]).says("sites4", "MainWP cannot reach")


def test_of_two_files_that_know_the_same_the_one_with_the_later_name_counts(tmp_path: Path) -> None:
    files = [tmp_path / f"dash-2026-11-{day}.json" for day in ("10", "09", "24")]
    for file in files:
        file.write_text(json.dumps(result(site(1, wp_version=file.stem[-2:]))))
    names = [str(file) for file in files]
    for order in (names, names[::-1]):
        page(tmp_path, sites=order).says("site1", "Version", "24")


def test_a_plan_tells_of_trouble_too(tmp_path: Path) -> None:
    gone = {"result": "failed", "reason": "disconnected", "message": "No <answer>."}
    refused = {"result": "failed", "reason": "locked_out", "message": "Refused."}
    plan = result(site(1, updates=[], **gone), site(2, updates=[], **refused), site(3, updates=[]))
    found = page(tmp_path, updates=[plan])
    found.says("sites in trouble2", "MainWP cannot reach the site", "No <answer>.", "refuses the site", "Refused.")
    # of a plan and a listing the newer one counts
    for stamp, troubled in (("2026-11-25T22:00:00Z", 0), ("2026-11-24T22:00:00Z", 2), ("2026-11-23T22:00:00Z", 2)):
        now = [result(*(site(number, last_sync=stamp) for number in (1, 2, 3)))]
        kind = "site in trouble1" if troubled == 1 else f"sites in trouble{troubled}"
        page(tmp_path, updates=[plan], sites=now).says(kind)
    well = result(*(site(number, updates=[], last_sync="2026-11-25T22:00:00Z") for number in (1, 2, 3)))
    for plans in ([plan, well], [well, plan]):
        page(tmp_path, updates=plans).says("sites in trouble0")


def test_where_nobody_tells_of_trouble_nobody_says_that_there_is_none(tmp_path: Path) -> None:
    assert "in trouble" not in page(tmp_path, sites=[result({"id": 1, "url": "https://s1.example/"})]).text
    page(tmp_path, sites=[result(site())]).says("sites in trouble0")


def test_the_newest_plan_tells_of_a_backup(tmp_path: Path) -> None:
    late = planned(result="skipped", reason="backup_too_old")
    old = result(site(1, updates=[late], last_sync="2026-11-20T22:00:00Z"), site(2, updates=[late]))
    new = result(site(1, updates=[planned()]))
    for plans in ([old, new], [new, old]):
        found = page(tmp_path, updates=plans)
        found.says("site without a known backup1", "Sites without a known backup", "Site 2")
        listing = result(site(1, updates=[offer()], last_sync="2026-11-25T22:00:00Z"))
        page(tmp_path, updates=plans, sites=[listing]).says("site without a known backup1")


def test_sites_without_a_backup(tmp_path: Path) -> None:
    extra = tmp_path / "extra.yml"
    extra.write_text(
        f"backups: [{{site: 1, dashboard: '{AGENCY}', at: 2026-11-20}}, {{site: s2.example, at: 2026-11-21}}]"
    )
    sites = [result(site(1), site(2), site(3)), result(site(1, name="Other"), url=SHOPS)]
    found = page(tmp_path, sites=sites, extra=str(extra))
    found.says("sites without a known backup2", "Sites without a known backup", "Other", "Site 3")
    late = planned(result="skipped", reason="backup_too_old")
    never = planned(result="skipped", reason="backup_unknown")
    found = page(
        tmp_path, updates=[result(site(1, updates=[late]), site(2, updates=[never]), site(3, updates=[planned()]))]
    )
    found.says("Site 1", "its last backup is too old", "Site 2", "no backup is known")
    extra.write_text("backups: []")
    page(tmp_path, sites=[result(site(1))], extra=str(extra)).says("no backup is known")


@pytest.mark.claim("text-pages")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_inert(tmp_path: Path, name: str) -> None:
    bad = site(1, name=name, url=f"https://{name}/", status="disconnected", sync_errors=name, wp_version=name)
    found = page(tmp_path, sites=[result({**bad, "php_version": name, "updates": [offer(name, new_version=name)]})])
    plain = "".join(letter for letter in name if letter not in "\u202e\u2066\u2067\x00\x1b\ud800")
    assert found.text.count(plain) >= 4


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        ({}, "neither sites nor updates"),
        ({"sites": ["none.json"]}, "none.json"),
        ({"sites": [{"sites": "none"}]}, "no result"),
        ({"sites": [result()], "reports": "/none"}, "no directory"),
        ({"sites": [result()], "extra": "/none.yml"}, "none.yml"),
    ],
)
def test_sources_that_are_none_are_refused(tmp_path: Path, sources: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        job.options_from(options(tmp_path, **sources))


def test_the_page_is_written_only_when_it_differs(tmp_path: Path) -> None:
    file = tmp_path / "sites.json"
    file.write_text(json.dumps(result(site())))
    given = options(tmp_path, sites=[str(file)])
    assert job.run(job.options_from(given), None, True)["changed"]
    assert not (tmp_path / "out").exists()
    assert [job.run(job.options_from(given), None, False)["changed"] for dummy in range(2)] == [True, False]
    assert not job.run(job.options_from({**given, "dir": ""}), None, False)["changed"]


def test_a_page_that_cannot_be_written_fails_and_is_none(tmp_path: Path) -> None:
    (tmp_path / "out" / "fleet.html").mkdir(parents=True)
    told = job.run(job.options_from(options(tmp_path, sites=[result(site())])), None, False)
    assert (told["failed"], told["changed"], told["page"]) == (True, False, "")
    assert "fleet.html" in told["msg"]
