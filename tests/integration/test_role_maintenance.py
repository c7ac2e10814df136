# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role fleet_maintenance, run by real playbooks: plan, run, run again; reports; verdict last."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration._role import Maintenance, stats

from simulator import Fleet, Simulator, scenarios

Maintain = Callable[..., Maintenance]


@pytest.fixture
def maintain(simulate: Callable[..., Simulator], tmp_path: Path) -> Maintain:
    """``maintain(fleet, dialect)``: the role for one Dashboard, called dash; ``maintain(a=…, b=…)``: for several."""

    def start(fleet: Fleet | None = None, dialect: str = "abilities", **fleets: Fleet) -> Maintenance:
        if fleet is not None:
            fleets["dash"] = fleet
        for one in fleets.values():
            one.settings.setdefault("advanced", {}).update(mainwp_minimum_delay=0, mainwp_minimum_ip_delay=0)
        return Maintenance(tmp_path, **{name: simulate(one, dialect) for name, one in fleets.items()})

    return start


def moved(sim: Simulator) -> set[tuple[int, str, str]]:
    """What really moved."""
    kinds = ("plugin", "theme", "core", "translation")
    return {(event.site_id, event.type, event.slug) for event in sim.truth if event.type in kinds}


def test_plan_then_run_then_run_again(maintain: Maintain, dialect: str) -> None:
    role = maintain(scenarios.small(3), dialect)
    hooks = {"fleet_maintenance_tasks_after": [role.facts_hook()]}

    plan = role.run("--check", "--diff", **hooks)
    assert plan.rc == 0
    assert "+https://site1.example/ plugin acme-forms/acme-forms.php 1.1.0" in plan.output
    plan.says("3 ok (12 planned)")
    facts = plan.facts()
    assert [site["id"] for site in facts["changed_sites"]] == [1, 2, 3]
    assert "This is a plan. Nothing was changed." in facts["report"]["clients"][0]["text"]
    assert not role.reports.exists()
    assert not (role.folder / "locks").exists()

    real = role.run(**hooks)
    assert real.rc == 0
    assert real.recap()["changed"] >= 1
    assert len(moved(role.sims["dash"])) == 12
    facts = real.facts()
    assert facts["result"]["summary"]["updates"]["updated"] == 12
    assert [site["id"] for site in facts["changed_sites"]] == [1, 2, 3]
    assert [site["name"] for site in facts["selected_sites"]] == ["Site 1", "Site 2", "Site 3"]
    assert facts["failure"] == ""
    assert stats(real)["dash"]["updates"]["updated"] == 12
    real.says("Update the selected sites", "Show what became", "Name the changed sites", "Pass, or")

    again = role.run(**hooks)
    assert again.rc == 0
    assert again.recap()["changed"] == 0
    assert again.writes() == []
    assert again.facts()["changed_sites"] == []
    assert "Name the changed sites" not in again.output
    assert stats(again)["dash"]["changed"] is False
    assert len(moved(role.sims["dash"])) == 12


def test_failed_sites_are_reported_and_the_verdict_comes_last(maintain: Maintain, dialect: str) -> None:
    role = maintain(scenarios.demo(), dialect)
    run = role.run(fleet_maintenance_tasks_after=[role.hook("after.yml", role.note("after"))])
    assert run.rc == 2
    line = "9 ok (24 updates) · 2 failed · 1 skipped – new: riverside-dental.example (disconnected), teahouse-nara.exam"
    run.says(
        "Update the selected sites",
        "Show what became of the sites",
        "https://riverside-dental.example/ Contact Form 7 6.0.3: failed (disconnected).",
        "https://teahouse-nara.example/ Redirection 5.5.1: failed (child_error). Download failed.",
        "Write the reports",
        "Note",
        "Name the changed sites",
        "Pass, or fail with the reason",
        line,
        "PLAY RECAP",
    )
    assert role.noted() == ["after"]
    assert run.recap()["failed"] == 1
    assert not list((role.folder / "locks").glob("*.lock"))

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
    fleet.clients[2].name = "{{ 6 * 7 }} Media"
    fleet.sites[12].client_id = 0
    role = maintain(fleet)
    run = role.run("-vvvv", fleet_maintenance_tasks_after=[role.facts_hook()])
    assert run.rc == 2
    assert not mark.exists()
    (folder,) = role.report_dirs()
    names = {path.name for path in folder.iterdir()}
    assert names == {"report.json", "no-client.md", "1-harbour-trading.md", "2-6-7-media.md", "3-lindgren-sons.md"}
    for path in (*folder.iterdir(), folder):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path == folder else 0o600)
    assert {client["file"] for client in run.facts()["report"]["clients"]} == {
        str(folder / name) for name in names - {"report.json"}
    }
    assert (folder / "3-lindgren-sons.md").read_text().splitlines() == [
        f"# Website maintenance for Lindgren & Sons, {folder.name[:10]}",
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


def test_a_broken_template_does_not_lose_the_rest(maintain: Maintain) -> None:
    role = maintain(scenarios.small(1))
    (role.folder / "templates").mkdir()
    (role.folder / "templates" / "broken.md.j2").write_text("{% for site in client.sites %}{{ nobody.knows }}")
    run = role.run(fleet_maintenance_client_template="broken.md.j2")
    assert run.rc == 0
    run.says("WARNING: The reports for clients could not be made from broken.md.j2", "Pass, or fail")
    assert [path.name for path in role.report_dirs()[0].iterdir()] == ["report.json"]
    assert role.report()["summary"]["updates"]["updated"] == 4


@pytest.mark.parametrize("broken", [False, True], ids=["green", "red"])
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


def test_hooks_handlers_and_verdict_come_in_order(maintain: Maintain) -> None:
    fleet = scenarios.small(2)
    fleet.sites[2].child.down = True
    role = maintain(fleet)
    ask = {"name": "Ask without connection options", "wpfleet.mainwp.mainwp_site_info": {}, "register": "asked"}
    before = role.hook(
        "update.yml",  # a name that the role has, too
        ask,
        role.note("before {{ asked.sites | length }} of {{ fleet_maintenance_selected_sites | length }}"),
    )
    last = role.hook("last.yml", role.note("last: {{ fleet_maintenance_failure }}"))
    role.play["handlers"] = [
        role.note(
            "purge {{ fleet_maintenance_changed_sites | map(attribute='url') | join(' ') }}",
            listen="wpfleet.mainwp site updated",
        )
    ]
    run = role.run(
        fleet_maintenance_tasks_before=[before, str(role.folder / before)],
        fleet_maintenance_tasks_after=[role.hook("after.yml", role.note("after")), last],
    )
    assert run.rc == 2
    assert role.noted() == [
        "before 2 of 2",
        "before 2 of 2",
        "after",
        "last: 1 ok (4 updates) · 1 failed – new: site2.example (disconnected)",
        "purge https://site1.example/",
    ]
    run.says("RUNNING HANDLER", "Pass, or fail with the reason", "FAILED!")


def test_a_hook_that_fails_is_told_apart(maintain: Maintain) -> None:
    fleet = scenarios.small(2)
    fleet.sites[2].child.down = True
    role = maintain(fleet)
    fail = {"name": "Back up", "ansible.builtin.fail": {"msg": "no space left"}}
    tell = role.hook("tell.yml", role.note("told {{ fleet_maintenance_failure }}"))

    run = role.run(
        fleet_maintenance_tasks_before=[role.hook("backup.yml", fail)],
        fleet_maintenance_tasks_after=[tell],
    )
    assert run.rc == 2
    assert run.writes() == []
    assert role.noted() == ["told Back up: no space left"]
    run.says("Pass, or fail with the reason", "Back up: no space left")
    assert role.report()["msg"] == "Back up: no space left"
    assert not list((role.folder / "locks").glob("*.lock"))

    run = role.run(fleet_maintenance_tasks_after=[role.hook("mail.yml", {**fail, "name": "Mail"}), tell])
    assert run.rc == 2
    assert len(role.noted()) == 1
    assert len(moved(role.sims["dash"])) == 4
    run.says(
        "Pass, or fail with the reason",
        "1 ok (4 updates) · 1 failed – new: site2.example (disconnected) – also: Mail: no space left",
    )


def test_inside_blocks_with_rescue_and_always(maintain: Maintain) -> None:
    fleet = scenarios.small(2)
    fleet.sites[2].child.down = True
    role = maintain(fleet)
    include = {"name": "Maintain", "ansible.builtin.include_role": {"name": "wpfleet.mainwp.fleet_maintenance"}}
    role.play = {
        "tasks": [
            {
                "name": "Outer",
                "block": [
                    {
                        "name": "Inner",
                        "block": [include],
                        "rescue": [role.note("rescued {{ ansible_failed_result.msg }}")],
                    },
                    {
                        "name": "Once more",
                        "block": [include],
                        "always": [role.note("always")],
                    },
                ],
                "rescue": [role.note("rescued again {{ fleet_maintenance_result.summary.updates.updated }}")],
            },
            role.note("goes on"),
        ],
    }
    run = role.run()
    assert run.rc == 0
    assert role.noted() == [
        "rescued 1 ok (4 updates) · 1 failed – new: site2.example (disconnected)",
        "always",
        "rescued again 0",
        "goes on",
    ]
    assert len(role.report_dirs()) == 2


def test_only_one_run_per_dashboard(maintain: Maintain) -> None:
    role = maintain(scenarios.small(1))
    locks = role.folder / "locks"
    grab = role.hook(
        "grab.yml",
        {
            "name": "Look for the lock",
            "ansible.builtin.find": {"paths": str(locks), "patterns": "*.lock"},
            "delegate_to": "localhost",
            "register": "found",
        },
        role.note("{{ found.files[0].path }} {{ found.files[0].mode }}"),
    )
    assert role.run(fleet_maintenance_tasks_before=[grab], fleet_maintenance_exclude_updates=["theme:*"]).rc == 0
    path, mode = role.noted()[0].split()
    assert mode == "0600"
    lock = Path(path)
    assert not lock.exists()

    lock.write_text(json.dumps({"token": "another", "host": "laptop", "since": "2026-11-01T02:00:00Z"}))
    refused = role.run()
    assert refused.rc == 2
    assert refused.writes() == []
    refused.says("Pass, or fail", "Another run maintains this Dashboard (on laptop since 2026-11-01T02:00:00Z).", path)
    assert json.loads(lock.read_text())["token"] == "another"
    assert role.run("--check").rc == 0
    assert role.run("--skip-tags", "fleet_maintenance_lock", fleet_maintenance_types=["core"]).rc == 0
    assert lock.exists()

    stale = role.run(fleet_maintenance_lock_max_age=0)
    assert stale.rc == 0
    stale.says("WARNING: Broke the lock of a run (on laptop since 2026-11-01T02:00:00Z)", "1 ok (1 update)")
    assert not lock.exists()

    in_the_way = role.folder / "file"
    in_the_way.write_text("")
    without = role.run(fleet_maintenance_lock_dir=str(in_the_way))
    assert without.rc == 0
    without.says("WARNING: Nothing keeps a second run away from this Dashboard")


def test_bad_input_is_named_before_anything_is_touched(maintain: Maintain) -> None:
    role = maintain(scenarios.small(2))
    sim = role.sims["dash"]
    before = {"fleet_maintenance_tasks_before": [role.hook("before.yml", role.note("before"))]}

    nothing = role.run(fleet_maintenance_all_sites=False, **before)
    assert nothing.rc == 2
    assert nothing.journal() == []
    nothing.says("Pass, or fail", "No sites are selected. Set fleet_maintenance_all_sites: true, or one of")

    typo = role.run(fleet_maintenance_exclude_sites=["sitte1.example"], **before)
    assert typo.rc == 2
    typo.says("Pass, or fail", "sitte1.example")

    wrong = role.run("-vvvv", fleet_maintenance_wait="perhaps", **before)
    assert wrong.rc == 2
    assert wrong.journal() == []
    wrong.says("argument 'fleet_maintenance_wait' is of type")

    role.hosts["dash"] = Maintenance.connection(sim, "read")
    reader = role.run(**before)
    assert reader.rc == 2
    reader.says("Pass, or fail", "The API key may only read.")
    assert role.noted() == []
    assert moved(sim) == set()
    plan = role.run("--check", **before)
    assert plan.rc == 0
    plan.says("The API key may only read.", "2 ok (8 planned)")


def test_an_empty_selection_changes_nothing(maintain: Maintain) -> None:
    role = maintain(scenarios.small(2))
    run = role.run(fleet_maintenance_all_sites=False, fleet_maintenance_sites=[])
    assert run.rc == 0
    assert run.writes() == []
    assert run.recap()["changed"] == 0


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


def test_a_plan_is_run_as_it_was_made(maintain: Maintain) -> None:
    role = maintain(scenarios.small(3))
    make = {"name": "Plan", "wpfleet.mainwp.mainwp_update_info": {"all_sites": True}, "register": "made"}
    connection = {"group/wpfleet.mainwp.mainwp": {"url": "{{ mainwp_url }}", "api_key": "{{ mainwp_api_key }}"}}
    role.play["pre_tasks"] = [{**make, "module_defaults": connection}]
    plan: Any = "{{ made.plan | selectattr('site_id', 'in', [1, 3]) | selectattr('type', 'eq', 'theme') | list }}"
    run = role.run(fleet_maintenance_all_sites=False, fleet_maintenance_plan=plan)
    assert run.rc == 0
    assert moved(role.sims["dash"]) == {(1, "theme", "acme-theme"), (3, "theme", "acme-theme")}
    assert [site["id"] for site in role.report()["sites"]] == [1, 3]


def test_then_sync(maintain: Maintain) -> None:
    fleet = scenarios.small(4)
    fleet.sites[3].child.down = True
    fleet.sites[4].suspended = True
    role = maintain(fleet)
    run = role.run(
        fleet_maintenance_include_updates=["acme-forms"],
        fleet_maintenance_max_age=10**9,
        fleet_maintenance_sync_after=True,
        fleet_maintenance_sync_max_age=0,
        fleet_maintenance_tasks_after=[role.facts_hook()],
    )
    run.says("Update the selected sites", "Sync the other selected sites", "Show what became")
    assert [site["id"] for site in run.facts()["sync_result"]["sites"]] == [1, 2]
    assert run.rc == 2


def test_the_legacy_api(maintain: Maintain) -> None:
    role = maintain(scenarios.small(2))
    key = role.sims["dash"].key()
    role.hosts["dash"] = {
        "mainwp_url": role.sims["dash"].url,
        "mainwp_consumer_key": key.consumer_key,
        "mainwp_consumer_secret": key.consumer_secret,
        "mainwp_api_version": "v1",
    }
    run = role.run()
    assert run.rc == 0
    assert len(moved(role.sims["dash"])) == 8
    assert "## Site 1" in (role.report_dirs()[0] / "no-client.md").read_text()


def test_phases_can_be_chosen(maintain: Maintain) -> None:
    role = maintain(scenarios.small(1))
    before = {"fleet_maintenance_tasks_before": [role.hook("before.yml", role.note("before"))]}
    look = role.run("--tags", "fleet_maintenance_preflight", **before)
    assert look.rc == 0
    assert look.writes() == []
    look.says("Find the selected sites", "Pass, or fail")
    skipped = role.run("--skip-tags", "fleet_maintenance_before,fleet_maintenance_report", **before)
    assert skipped.rc == 0
    assert len(moved(role.sims["dash"])) == 4
    assert role.noted() == []
    assert not role.reports.exists()
