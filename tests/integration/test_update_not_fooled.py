# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the Dashboard claims and what is true: the report follows the truth."""

from __future__ import annotations

from typing import Any

from integration._fleets import PLUGIN, THEME, UPDATE, child, fleet, german, moves
from integration._play import Task

from simulator import Offer, Plugin

#: Everything is tried, however often it fails.
TRY_ALL = {"all_sites": True, "hold_after": 0, "wait_timeout": 2, "poll_interval": 1}
NOMAINWP = {"code": "mainwp_rest_upgrade_plugins_of_site_error", "message": "NOMAINWP", "data": None}
HTTPERROR = {**NOMAINWP, "message": "HTTPERROR"}


def verdicts(result: Any, slug: str = PLUGIN) -> dict[int, tuple[str, str, str]]:
    """Site id → result, reason and version afterwards of one update."""
    found = {}
    for site in result["sites"]:
        for entry in site["updates"]:
            if entry["slug"] == slug:
                found[site["id"]] = (entry["result"], entry["reason"], entry["version_after"])
    return found


def test_children_that_claim_what_did_not_happen(direct_for, dialect):
    silent = Offer("1.1.0", missing_in_answer=True, claims_success_without_moving=True)
    stories = {
        1: (Offer("1.1.0", claims_success_without_moving=True), ("failed", "not_moved", "1.0.0")),
        2: (Offer("1.1.0", rolled_back=True), ("failed", "rolled_back", "1.0.0")),
        3: (Offer("1.1.0", deactivates=True), ("updated", "deactivated", "1.1.0")),
        4: (Offer("1.1.0", missing_in_answer=True), ("updated", "", "1.1.0")),
        5: (silent, ("failed", "not_moved", "1.0.0")),
        6: (Offer("1.1.0", broken_package=True), ("failed", "child_error", "1.0.0")),
        7: (Offer("1.1.0", fails_with="Could not create directory."), ("failed", "child_error", "1.0.0")),
        8: (Offer("1.1.0", only_new_version_at_child="1.2.0"), ("updated", "newer_than_planned", "1.2.0")),
        9: (Offer("1.1.0"), ("updated", "", "1.1.0")),
    }
    play = direct_for(fleet(*(child(offer) for offer, _verdict in stories.values())), dialect)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert verdicts(result) == {number: verdict for number, (_offer, verdict) in stories.items()}
    assert result.failed
    moved = {move for move in moves(play.sim) if move[0] != 2}  # on 2 it moved twice and ended as it was
    assert set(result.updates("updated")) == moved
    assert [result.site(number)["result"] for number in (3, 4)] == ["failed", "updated"]
    assert result.site(3)["changed"]
    assert "Could not create directory." in result.update(7, PLUGIN)["message"]
    assert len(result.work) == 9


def test_one_bad_plugin_does_not_hide_the_good_ones_of_its_site(direct_for, dialect):
    more = [Plugin(f"p{n}/p{n}.php", f"P {n}", "1.0", offer=Offer("1.1", broken_package=n == 2)) for n in (1, 2, 3)]
    play = direct_for(fleet(child(Offer("1.1.0", rolled_back=True), *more)), dialect)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert result.updates("updated") == [move for move in moves(play.sim) if move[2] != PLUGIN]
    assert {entry["slug"] for entry in result.site(1)["updates"] if entry["result"] == "failed"} == {
        "p2/p2.php",
        PLUGIN,
    }
    assert len(result.work) == 1


def test_answers_that_say_less_or_other_than_what_happened(direct_for, dialect):
    play = direct_for(fleet(*(child(Offer("1.1.0")) for _number in range(6))), dialect)
    faults, world = play.sim.faults, play.sim.fleet

    def answers(number: int, code: int, body: object) -> None:
        path = UPDATE.format(number, "plugins")
        faults.add(action="status", method="POST", path=path, code=code, body=body)

    answers(1, 200, {"success": 1, "data": []})
    answers(2, 200, {"success": 0, "message": "No Plugins to update."})
    answers(3, 500, NOMAINWP)
    answers(4, 500, HTTPERROR)
    faults.add(  # the work is done, but the answer says nothing of it
        action="garbage", method="POST", path=UPDATE.format(5, "plugins"), body={"success": 1, "data": []}
    )
    # a 500 after the work
    hook = {"before": lambda: world.outside_update(6, "plugin", PLUGIN)}
    faults.add(action="hook", method="POST", path=UPDATE.format(6, "plugins"), **hook)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert verdicts(result) == {
        1: ("failed", "not_moved", "1.0.0"),
        2: ("failed", "child_error", "1.0.0"),
        3: ("failed", "child_error", "1.0.0"),
        4: ("failed", "child_error", "1.0.0"),
        5: ("updated", "", "1.1.0"),
        6: ("unchanged", "moved_elsewhere", "1.1.0"),
    }
    assert result.failed
    assert "No Plugins to update." in result.update(2, PLUGIN)["message"]
    assert "NOMAINWP (HTTP 500). So MainWP calls a site where MainWP Child" in result.update(3, PLUGIN)["message"]
    assert "HTTPERROR (HTTP 500). So MainWP calls a site that could not" in result.update(4, PLUGIN)["message"]
    assert not result.site(6)["changed"]
    assert result["summary"]["failed_sites"] == [f"https://s0{number}.example/" for number in (1, 2, 3, 4)]
    assert result.updates("updated") == moves(play.sim)
    assert len(result.work) == 6


def test_an_update_by_somebody_else_is_not_ours_of_any_type(direct_for, dialect):
    one = fleet(
        child(None, core="7.0.4", core_offer="7.1"),
        child(None, theme=Offer("1.2")),
        child(None, core="7.0.4", core_offer="7.1"),
    )
    play = direct_for(one, dialect)

    def nothing_to_do() -> None:
        one.sites[3].child.core_offer = None

    hooks = {
        UPDATE.format(1, "wp"): lambda: one.outside_update(1, "core"),
        UPDATE.format(2, "themes"): lambda: one.outside_update(2, "theme", THEME),
        UPDATE.format(3, "wp"): nothing_to_do,
    }
    for path, before in hooks.items():
        play.sim.faults.add(action="hook", method="POST", path=path, before=before)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert verdicts(result, "wordpress") == {
        1: ("unchanged", "moved_elsewhere", "7.1"),
        3: ("failed", "not_moved", "7.0.4"),
    }
    assert verdicts(result, THEME) == {2: ("unchanged", "moved_elsewhere", "1.2")}
    assert not result.changed
    assert moves(play.sim) == []


def test_stale_lists_start_nothing(direct_for, dialect):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")), child(None, translations=[german()]))
    for number, kind, slug in ((1, "plugin", PLUGIN), (3, "translation", "shop")):
        one.outside_update(number, kind, slug)  # since the last sync
    play = direct_for(one, dialect)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert not result.failed
    assert result.updates("updated") == moves(play.sim) == [(2, "plugin", PLUGIN, "1.0.0", "1.1.0")]
    assert [entry.path for entry in result.work] == [UPDATE.format(2, "plugins")]
    assert result.site(1)["result"] == result.site(3)["result"] == "unchanged"
    assert verdicts(result)[1] == ("unchanged", "moved_elsewhere", "1.1.0")


def test_what_was_removed_is_not_said_to_have_moved(direct_for, dialect):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")))
    one.sites[1].child.plugins.clear()  # since the last sync
    one.sites[2].child.plugins[0].offer = None
    play = direct_for(one, dialect)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert (result.failed, result.changed, result.work) == (False, False, [])
    assert verdicts(result) == {1: ("unchanged", "not_installed", ""), 2: ("unchanged", "drifted", "1.0.0")}
    assert "the site has no such plugin now" in result.update(1, PLUGIN)["message"]
    assert "the release was withdrawn" in result.update(2, PLUGIN)["message"]


def test_a_translation_that_fails_is_reported_beside_one_that_moves(direct_for, dialect):
    bad = german("basket")
    bad.fails_with = "Download failed."
    play = direct_for(fleet(child(None, translations=[german(), bad])), dialect)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert result.failed
    assert {entry["slug"]: entry["result"] for entry in result.site(1)["updates"]} == {
        "shop": "updated",
        "basket": "failed",
    }
    assert [move[2] for move in moves(play.sim)] == ["shop"]


def test_an_update_that_switches_the_active_theme_fails_its_site(direct_for, dialect):
    one = fleet(child(None, theme=Offer("1.2")))
    themes = one.sites[1].child.themes

    def fall_back() -> None:
        themes[0].active, themes[1].active = False, True

    play = direct_for(one, dialect)
    play.sim.faults.add(action="hook", method="POST", path=UPDATE.format(1, "themes"), after=fall_back)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert result.failed
    assert (result.site(1)["result"], result.site(1)["reason"]) == ("failed", "theme_changed")
    assert result.updates("updated") == moves(play.sim)


def test_an_update_that_takes_another_plugin_along_fails_its_site(direct_for, dialect):
    others = [Plugin("free/free.php", "Free", "1.0"), Plugin("addon/addon.php", "Add-on", "2.0")]
    others += [Plugin("idle/idle.php", "Idle", "3.0", active=False), Plugin("kept/kept.php", "Kept", "4.0")]
    one = fleet(child(Offer("1.1.0"), *others))

    def merge() -> None:
        one.sites[1].child.plugin("free/free.php").active = False
        one.sites[1].child.plugins.remove(others[1])
        one.sites[1].child.plugins.remove(others[2])

    play = direct_for(one, dialect)
    play.sim.faults.add(action="hook", method="POST", path=UPDATE.format(1, "plugins"), after=merge)
    result = play.task("mainwp_batch_update", TRY_ALL)
    assert result.failed
    site = result.site(1)
    assert (site["result"], site["reason"]) == ("failed", "plugins_lost")
    assert site["message"] == (
        "No longer active: Free (free/free.php); no longer installed: Add-on (addon/addon.php). "
        "It was active right before the updates."
    )
    assert result.updates("updated") == moves(play.sim)


def test_what_somebody_else_moves_under_another_name_is_not_claimed(direct_for, dialect):
    mine = Plugin("kept/kept.php", "Kept", "1.0", offer=Offer("1.1"))
    hers = Plugin("git/git.php", "Git", "1.0", offer=Offer("1.1"))
    one = fleet(child(None, mine, hers, translations=[german()]))

    def quicker() -> None:
        hers.file, hers.version, hers.offer = "vendor-git/git.php", "1.1", None

    play = direct_for(one, dialect)
    play.sim.faults.add(action="hook", method="POST", path=UPDATE.format(1, "plugins"), before=quicker)
    play.sim.faults.add(
        action="hook",
        method="POST",
        path=UPDATE.format(1, "translations"),
        before=one.sites[1].child.translations.clear,
    )
    result = play.task("mainwp_batch_update", TRY_ALL)
    told = {entry["slug"]: (entry["result"], entry["reason"]) for entry in result.site(1)["updates"]}
    assert told == {
        "kept/kept.php": ("updated", ""),
        "git/git.php": ("unchanged", "moved_elsewhere"),
        "shop": ("unchanged", "moved_elsewhere"),
    }
    assert result.updates("updated") == moves(play.sim)


def test_updates_that_the_verifying_sync_uncovers_are_left_for_the_next_run(direct_for, dialect):
    one = fleet(child(Offer("1.1.0")))

    def offered() -> None:
        one.sites[1].child.plugins[0].offer = Offer("1.2.0")

    play = direct_for(one, dialect)
    play.sim.faults.add(action="hook", method="POST", path=UPDATE.format(1, "plugins"), after=offered)
    first, second = play.tasks(Task("mainwp_batch_update", TRY_ALL), Task("mainwp_batch_update", TRY_ALL))
    assert not first.failed
    assert [(new["slug"], new["new_version"]) for new in first.site(1)["new_pending"]] == [(PLUGIN, "1.2.0")]
    assert second.updates("updated") == [(1, "plugin", PLUGIN, "1.1.0", "1.2.0")]


def test_who_moved_it_and_under_which_name(direct_for, dialect):
    odd = [
        Plugin("hooks/g-hooks.php", "Hooks", "0.9.5", offer=Offer("1.0.0", renames_to="hooks/visual-hooks.php")),
        Plugin("git/git.php", "Git", "1.0", active=False, offer=Offer("1.1", renames_to="vendor-git-0b6f/main.php")),
        Plugin("bare/bare.php", "Bare", "", offer=Offer("1.0")),
    ]
    play = direct_for(fleet(child(None, *odd, core="", core_offer="7.1", translations=[german()])), dialect)
    result, again = play.tasks(Task("mainwp_batch_update", TRY_ALL), Task("mainwp_batch_update", TRY_ALL))
    told = {
        entry["slug"]: (entry["result"], entry["reason"], entry["version_after"]) for entry in result.site(1)["updates"]
    }
    assert told == {
        "hooks/g-hooks.php": ("updated", "deactivated", "1.0.0"),
        "git/git.php": ("updated", "renamed", "1.1"),
        "bare/bare.php": ("updated", "", "1.0"),
        "wordpress": ("updated", "", "7.1"),
        "shop": ("updated", "", "1.0.0"),
    }
    assert "hooks/visual-hooks.php" in result.update(1, "hooks/g-hooks.php")["message"]
    assert result.failed, "a plugin that was active is not any more"
    assert result.updates("updated") == moves(play.sim)
    assert (again.changed, again.failed) == (False, False)


def test_a_plugin_that_got_a_folder_and_another_name_is_not_missed(direct_for, tmp_path):
    play = direct_for(fleet(child(None, Plugin("seo.php", "Seo", "1.0", offer=Offer("1.1")))))
    kept = {**TRY_ALL, "report_file": str(tmp_path / "report.json")}
    play.task("mainwp_batch_update", kept)
    site = play.sim.fleet.sites[1]
    site.child.plugins = [plugin for plugin in site.child.plugins if plugin.name != "Seo"]
    site.child.plugins.append(Plugin("seo/seo-pro.php", "Seo Pro", "1.2"))
    site.dts_sync = 0  # so that the next run syncs it
    assert play.task("mainwp_batch_update", kept).warnings == []


def test_a_destroyed_plugin_has_no_version_and_is_missed_by_later_runs(direct_for, tmp_path):
    one = fleet(child(Offer("1.1.0")), child(None, Plugin("seo/seo.php", "Seo", "1.0", offer=Offer("1.1"))))
    play = direct_for(one)

    def destroy() -> None:
        one.sites[1].child.plugins.clear()

    play.sim.faults.add(method="POST", path=UPDATE.format(1, "plugins"), action="hook", before=destroy)
    kept = {**TRY_ALL, "report_file": str(tmp_path / "reports" / "night" / "report.json")}
    first = play.task("mainwp_batch_update", kept)
    assert verdicts(first)[1] == ("failed", "gone", "")
    one.sites[2].child.plugins = [plugin for plugin in one.sites[2].child.plugins if plugin.name != "Seo"]
    one.sites[2].dts_sync = 0  # so that the next run syncs it
    other = {**TRY_ALL, "report_file": str(tmp_path / "reports" / "next" / "report.json")}
    lost = f"https://s01.example/: Shop ({PLUGIN}, 1.0.0) was there by an earlier report and is gone."
    seo = "https://s02.example/: Seo (seo/seo.php, 1.1) was there by an earlier report and is gone."
    second, third = play.tasks(
        Task("mainwp_batch_update", other, warns=[lost, seo]),
        Task("mainwp_batch_update", {**TRY_ALL, "report_file": str(tmp_path / "elsewhere" / "r" / "report.json")}),
    )
    assert not second.failed
    assert not third.failed
