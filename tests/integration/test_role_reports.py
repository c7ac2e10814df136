# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role fleet_maintenance tells: reports, statistics, and the verdict, which comes last."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from integration._role import Maintain, moved, stats

from simulator import scenarios


def test_failed_sites_are_reported_and_the_verdict_comes_last(maintain: Maintain, dialect: str) -> None:
    role = maintain(scenarios.demo(), dialect)
    run = role.run(fleet_maintenance_tasks_after=[role.hook("after.yml", role.note("after"))])
    assert run.rc == 2
    line = "9 ok (23 updates) · 2 failed (1 update moved) · 1 skipped · 5 updates left alone (2 suspended, 1 ignored, "
    run.says(
        "Update the selected sites",
        "Show what became of the sites",
        "riverside-dental.example: failed (disconnected).",
        "teahouse-nara.example: Redirection 5.5.2: failed (child_error). Download failed.",
        "Write the reports",
        "Note",
        "Name the changed sites",
        "Pass, or fail with the reason",
        line,
        "PLAY RECAP",
    )
    assert role.noted() == ["after"]
    assert run.recap()["failed"] == 1
    assert not list((role.folder / "locks").glob("127*.lock"))  # the lanes of sites have files, too

    report = role.report()
    assert report["failed"] is True
    assert report["msg"].startswith(line)
    assert report["dashboard"]["url"] == role.sims["dash"].url
    assert report["summary"]["sites"]["total"] == len(report["sites"]) == 12
    assert report["started"] <= report["finished"]
    assert {site["name"]: site["reason"] for site in report["sites"] if site["result"] == "failed"} == {
        "Riverside Dental": "disconnected",
        "Teahouse Nara": "child_error",
    }
    told = stats(run)["dash"]
    assert told["failed"] is True
    assert told["failed_sites"] == ["https://riverside-dental.example/", "https://teahouse-nara.example/"]
    assert told["sites"]["failed"] == 2
    assert len(told["changed_sites"]) == 10
    assert told["report"] == str(role.report_dirs()[0] / "report.json")


@pytest.mark.claim("text-template", "text-markup", "files-reports")
def test_reports_for_clients(maintain: Maintain, tmp_path: Path) -> None:
    fleet = scenarios.demo()
    mark = tmp_path / "mark"
    fleet.sites[3].name = f"{{{{ lookup('pipe', 'touch {mark}') }}}} <b>bold</b> *star* [a](b) | `x`"
    fleet.sites[3].child.plugins[0].name = "{{ 6 * 7 }} & <script>"  # Akismet, with an update
    fleet.clients[1].name = "Harbour Trading " + "and Sons " * 40  # longer than a file's name may be
    fleet.clients[2].name = "{{ 6 * 7 }} Media"
    fleet.clients[3].name = "Müller & Söhne GmbH"
    fleet.sites[12].client_id = 0
    role = maintain(fleet)
    run = role.run("-vvvv", fleet_maintenance_tasks_after=[role.facts_hook()])
    assert run.rc == 2
    assert not mark.exists()
    (folder,) = role.report_dirs()
    names = {path.name for path in folder.iterdir()}
    long = ("1-harbour-trading-" + "and-sons-" * 9)[:82] + ".md"
    assert names == {"report.json", "no-client.md", long, "2-6-7-media.md", "3-mueller-soehne-gmbh.md"}
    for path in (*folder.iterdir(), folder):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path == folder else 0o600)
    assert {client["file"] for client in run.facts()["report"]["clients"]} == {
        str(folder / name) for name in names - {"report.json"}
    }
    assert (folder / "3-mueller-soehne-gmbh.md").read_text().splitlines() == [
        f"# Website maintenance for Müller & Söhne GmbH, {folder.name[:10]}",
        "",
        "## Lindgren Violins",
        "",
        "https://lindgren-violins.example/",
        "",
        "Updated:",
        "",
        "- Redirection: 5.5.1 → 5.5.2",
        "- WooCommerce: 10.3.3 → 10.4.0",
        "- Storefront Nordic (theme): 1.3 → 1.4",
        "",
        "## Pension Alpenblick",
        "",
        "https://pension-alpenblick.example/",
        "",
        "Updated:",
        "",
        "- Yoast SEO: 26.1 → 26.4",
        "",
        "## Sommer & Söhne",
        "",
        "https://sommer-soehne.example/",
        "",
        "Updated:",
        "",
        "- Contact Form 7: 6.0.3 → 6.1",
        "",
        "Not updated:",
        "",
        "- Lumen Gallery stays at 1.8.0 (2.0.0 is available): needs a newer PHP than the server has",
    ]
    media = (folder / "2-6-7-media.md").read_text()
    assert "# Website maintenance for {{ 6 \\* 7 }} Media" in media
    assert "}} &lt;b&gt;bold&lt;/b&gt; \\*star\\* \\[a\\](b) \\| \\`x\\`" in media
    assert "- {{ 6 \\* 7 }} & &lt;script&gt;: 5.3.1 → 5.7.2" in media
    assert "**Please note:** the site could not be reached." in media
    assert "- Translation of Contact Form 7 (de_DE)\n" in media
    assert ".php" not in "".join((folder / name).read_text() for name in names - {"report.json"})
    assert (folder / "no-client.md").read_text().startswith("# Website maintenance, 20")


def test_a_page_to_look_at(maintain: Maintain) -> None:
    fleet = scenarios.demo()
    fleet.sites[3].name = "<script>alert(1)</script>"
    role = maintain(fleet)
    old = role.reports / "dash" / "2026-01-01T223000Z" / "report.json"
    old.parent.mkdir(parents=True)
    old.write_text('{"format": 1, "complete": true, "host": "dash", "dashboard": {}, "sites": []}')
    run = role.run(
        fleet_maintenance_tasks_after=[role.facts_hook()],
        fleet_maintenance_report_formats=["html"],
        fleet_maintenance_report_clients=False,
        fleet_maintenance_report_keep=70,
    )
    assert run.rc == 2
    # the old report is gone, and the new one is there
    (folder,) = role.report_dirs()
    assert {path.name for path in folder.iterdir()} == {"report.json", "report.html"}
    page = folder / "report.html"
    assert run.facts()["report"]["page"] == str(page)
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    text = page.read_text()
    assert "2 sites of 12 need attention." in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_template_of_ones_own(maintain: Maintain) -> None:
    role = maintain(scenarios.small(2))
    (role.folder / "templates").mkdir()
    (role.folder / "templates" / "bericht.md.j2").write_text(
        "{% for site in client.sites %}{{ site.name }}: {{ site.updates | length }} Aktualisierungen\n{% endfor %}"
    )
    assert role.run(fleet_maintenance_client_template="bericht.md.j2").rc == 0
    assert (
        role.report_dirs()[0] / "no-client.md"
    ).read_text() == "Site 1: 4 Aktualisierungen\nSite 2: 4 Aktualisierungen\n"


def test_a_template_that_was_copied_from_the_former_one_keeps_its_words(maintain: Maintain) -> None:
    role = maintain(scenarios.small(1))
    (role.folder / "templates").mkdir()
    (role.folder / "templates" / "old.md.j2").write_text("{{ _fleet_maintenance_wording['requires_php'] }}")
    assert role.run(fleet_maintenance_client_template="old.md.j2").rc == 0
    assert (role.report_dirs()[0] / "no-client.md").read_text() == "needs a newer PHP than the server has\n"


def test_a_broken_template_does_not_lose_the_rest(maintain: Maintain) -> None:
    role = maintain(scenarios.small(1))
    (role.folder / "templates").mkdir()
    (role.folder / "templates" / "broken.md.j2").write_text("{% for site in client.sites %}{{ nobody.knows }}")
    run = role.run(fleet_maintenance_client_template="broken.md.j2")
    assert run.rc == 0
    run.says("WARNING: The reports for clients could not be made from broken.md.j2", "Pass, or fail")
    assert [path.name for path in role.report_dirs()[0].iterdir()] == ["report.json"]
    assert role.report()["summary"]["updates"]["updated"] == 4


@pytest.mark.parametrize("broken", [pytest.param(False, marks=pytest.mark.once), True], ids=["green", "red"])
def test_a_report_that_cannot_be_written_does_not_lose_the_verdict(maintain: Maintain, broken: bool) -> None:
    fleet = scenarios.small(2)
    fleet.sites[1].child.down = broken
    role = maintain(fleet)
    in_the_way = role.folder / "file"
    in_the_way.write_text("")
    run = role.run(fleet_maintenance_report_dir=str(in_the_way / "reports"))
    run.says("WARNING: The reports were not written: ", "Not a directory", "Pass, or fail")
    assert run.rc == (2 if broken else 0)
    assert stats(run)["dash"]["failed"] is broken
    assert len(moved(role.sims["dash"])) == (4 if broken else 8)


def test_no_reports_when_not_wanted(maintain: Maintain) -> None:
    role = maintain(scenarios.small(1))
    assert role.run(fleet_maintenance_report_dir="").rc == 0
    assert not role.reports.exists()
    # as surveys and the command line give booleans
    assert role.run("-e", "fleet_maintenance_report_clients=no fleet_maintenance_lock=false").rc == 0
    assert [path.name for path in role.report_dirs()[0].iterdir()] == ["report.json"]


#: variables of a Dashboard, and whether it then fails
NOTHING_TO_TELL: dict[str, tuple[dict[str, Any], bool]] = {
    "nothing_selected": ({"fleet_maintenance_sites": [], "fleet_maintenance_all_sites": False}, False),
    "no_clients": ({"fleet_maintenance_report_clients": False}, False),
    "no_reports": ({"fleet_maintenance_report_dir": "{% if false %}reports{% endif %}"}, False),
    "unreachable": ({"mainwp_url": "http://127.0.0.1:9", "mainwp_retries": 0}, True),
    "typo": ({"fleet_maintenance_sites": ["nosuch.example"], "fleet_maintenance_all_sites": False}, True),
    "nothing_planned": ({"fleet_maintenance_plan": []}, False),
}


def test_nothing_to_tell_clients_is_no_trouble(maintain: Maintain) -> None:
    """What a template without output gives is null from ansible-core 2.19 on."""
    role = maintain(**{name: scenarios.small(1) for name in NOTHING_TO_TELL})
    for name, (variables, _fails) in NOTHING_TO_TELL.items():
        role.hosts[name].update(variables)
    run = role.run()
    assert "NoneType" not in run.output
    assert "WARNING: The reports" not in run.output
    for name, (_variables, fails) in NOTHING_TO_TELL.items():
        recap = run.recap(name)
        # whatever goes wrong goes wrong once
        assert (recap["failed"], recap["rescued"]) == ((1, 1) if fails else (0, 0)), name
        assert run.output.count(f"fatal: [{name}]") == (2 if fails else 0), name
        if name != "no_reports":
            assert role.report(name)["failed"] is fails, name
    assert run.writes("nothing_selected") == []
    assert run.recap("nothing_selected")["changed"] == 0


@pytest.mark.once
def test_two_dashboards_with_keys_of_their_own(maintain: Maintain) -> None:
    bad = scenarios.small(2)
    bad.sites[2].child.down = True
    role = maintain(north=scenarios.small(3), south=bad, west=scenarios.small(1))
    role.hosts["south"]["fleet_maintenance_exclude_updates"] = ["plugin:acme-seo*"]
    role.hosts["west"]["mainwp_api_key"] = "0" * 40 + "==" + "1" * 40
    run = role.run(fleet_maintenance_tasks_after=[role.hook("after.yml", role.note("after {{ inventory_hostname }}"))])
    assert run.rc == 2
    assert [run.recap(name)["failed"] for name in role.hosts] == [0, 1, 1]
    assert len(moved(role.sims["north"])) == 12
    assert moved(role.sims["south"]) == {
        (1, "plugin", "acme-cache/acme-cache.php"),
        (1, "plugin", "acme-forms/acme-forms.php"),
        (1, "theme", "acme-theme"),
    }
    assert run.writes("west") == []
    assert sorted(role.noted()) == ["after north", "after south", "after west"]
    told = stats(run)
    assert {name: entry["failed"] for name, entry in told.items()} == {"north": False, "south": True, "west": True}
    assert told["south"]["failed_sites"] == ["https://site2.example/"]
    assert role.report("west")["failed"] is True
    assert role.report("west")["sites"] == []
    assert role.report("north")["dashboard"]["url"] == role.sims["north"].url


def test_a_red_verdict_counts_for_max_fail_percentage(maintain: Maintain) -> None:
    bad = scenarios.small(2)
    bad.sites[2].child.down = True
    role = maintain(first=bad, second=scenarios.small(1))
    role.play.update(serial=1, max_fail_percentage=0)
    run = role.run()
    assert run.rc == 2
    assert run.journal("second") == []


@pytest.mark.once
def test_tolerated_and_expected_failures_are_green(maintain: Maintain) -> None:
    fleet = scenarios.small(3)
    fleet.sites[2].child.down = True
    role = maintain(fleet)
    run = role.run(fleet_maintenance_expected_failures=[{"site": "site2.example", "until": "2099-12-31"}])
    assert run.rc == 0
    run.says("2 ok (8 updates) · 1 failed · 1 expected", "Pass, or fail")
    report = role.report()
    assert report["failed"] is False
    assert len(report["sites"]) == 3
    run = role.run(fleet_maintenance_max_failed_sites="1")
    assert run.rc == 0
    assert stats(run)["dash"]["failed_sites"] == ["https://site2.example/"]
