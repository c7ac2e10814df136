# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be updated: policy, patterns, gates, and plans made earlier."""

from __future__ import annotations

import json

import pytest
from integration._fleets import PLUGIN, THEME, child, fleet, german, moves
from integration._play import Task

from simulator import Clock, Offer, Plugin, Translation, picture


def test_the_policy_is_checked_again_right_before_acting(direct_for, dialect):
    one = fleet(child(Offer("1.1.0")), child(Offer("1.1.0")), child(Offer("1.1.0")))
    for number in (2, 3):
        one.sites[number].child.plugins[0].offer = Offer("2.0.0")  # came out since the last sync
    play = direct_for(one, dialect)
    strict = {"sites": [1, 2], "max_version_change": "minor"}
    planned, real, free = play.tasks(
        Task("mainwp_batch_update", strict, check=True),
        Task("mainwp_batch_update", strict),
        Task("mainwp_batch_update", {"sites": [3]}),
    )
    assert len(planned.updates("planned")) == 2
    assert real.updates("updated") == [(1, "plugin", PLUGIN, "1.0.0", "1.1.0")]
    late = real.update(2, PLUGIN)
    assert (late["result"], late["reason"], late["version_after"]) == ("skipped", "policy", "1.0.0")
    assert late["version_planned"] == "2.0.0"
    assert not real.failed
    newer = free.update(3, PLUGIN)
    assert (newer["result"], newer["reason"]) == ("updated", "newer_than_planned")
    assert (newer["version_before"], newer["version_planned"], newer["version_after"]) == ("1.0.0", "1.1.0", "2.0.0")
    assert "1.1.0" in newer["message"]
    assert not free.failed
    assert [move[0] for move in moves(play.sim)] == [1, 3]


def test_steps_are_measured_by_the_meaning_of_each_type(direct_for):
    def site(plugin: str, theme: str, core: str):
        return child(Offer(plugin), theme=Offer(theme), core="7.0.4", core_offer=core)

    play = direct_for(fleet(site("1.0.1", "1.0.1", "7.0.5"), site("1.1.0", "1.1", "7.1"), site("2.0.0", "2.0", "8.0")))
    patch, minor, mixed = play.tasks(
        *(
            Task("mainwp_batch_update", {"all_sites": True, "max_version_change": step}, check=True)
            for step in ("patch", "minor", {"core": "minor", "plugins": "patch"})
        )
    )
    allowed = [{entry[:2] for entry in result.updates("planned")} for result in (patch, minor, mixed)]
    # WordPress itself: 7.0.4 to 7.0.5 is a minor release, to 7.1 a major one
    assert allowed[0] == {(1, "plugin"), (1, "theme")}
    assert allowed[1] == {(1, "plugin"), (1, "theme"), (1, "core"), (2, "plugin"), (2, "theme")}
    assert allowed[2] == {(1, "plugin"), (1, "core"), (1, "theme"), (2, "theme"), (3, "theme")}
    assert {
        entry["reason"] for site in minor["sites"] for entry in site["updates"] if entry["result"] == "skipped"
    } == {"policy"}


def test_only_what_was_asked_for_moves(direct_for, dialect):
    def site():
        more = [Plugin("shop-extra/extra.php", "Extra", "1.0", offer=Offer("1.1"))]
        return child(Offer("1.1.0"), *more, theme=Offer("1.2"), translations=[german()])

    play = direct_for(fleet(*(site() for _number in range(4))), dialect)
    results = play.tasks(
        Task("mainwp_batch_update", {"sites": [1], "types": ["themes"]}),
        Task("mainwp_batch_update", {"sites": [2], "include_updates": ["plugin:shop"]}),
        Task("mainwp_batch_update", {"sites": [3], "exclude_updates": ["shop*", "translation:*"]}),
        Task("mainwp_batch_update", {"sites": [4], "exclude_updates": ["nothing"]}, warns=["'nothing' matches no"]),
    )
    assert [sorted((one, slug) for one, _kind, slug, *_rest in result.updates("updated")) for result in results] == [
        [(1, THEME)],
        [(2, PLUGIN)],
        [(3, THEME)],
        [(4, THEME), (4, "shop"), (4, "shop-extra/extra.php"), (4, PLUGIN)],
    ]
    assert [move[:3] for move in moves(play.sim)] == sorted(
        move[:3] for result in results for move in result.updates("updated")
    )
    assert results[2].update(3, PLUGIN)["reason"] == "excluded"


def test_an_update_without_a_package_is_left_unless_it_is_named(direct_for, dialect):
    play = direct_for(fleet(child(Offer("1.1.0", package=""), theme=Offer("1.2"))), dialect)
    left, named = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}, warns=["No download package is offered for: Shop"]),
        Task("mainwp_batch_update", {"all_sites": True, "include_updates": ["shop"]}),
    )
    assert (left.update(1, PLUGIN)["result"], left.update(1, PLUGIN)["reason"]) == ("skipped", "no_package")
    assert not left.failed
    assert (named.update(1, PLUGIN)["result"], named.update(1, PLUGIN)["reason"]) == ("failed", "child_error")
    assert named.failed


def test_a_plan_is_run_as_it_was_made_and_what_drifted_is_skipped(direct_for, dialect):
    one = fleet(*(child(Offer("1.1.0"), theme=Offer("1.2")) for _number in range(3)))
    play = direct_for(one, dialect)

    def days_later() -> None:
        one.sites[2].child.plugins[0].offer = Offer("1.2.0")
        one.outside_update(3, "plugin", PLUGIN)

    told = play.task("mainwp_update_info", {"sites": [1, 2, 3], "types": ["plugins"]}, after=days_later)
    assert told["count"] == 3
    real, again = play.tasks(
        Task("mainwp_batch_update", {"plan": told["plan"]}),
        Task("mainwp_batch_update", {"plan": told["plan"]}),
    )
    assert real.updates("updated") == moves(play.sim) == [(1, "plugin", PLUGIN, "1.0.0", "1.1.0")]
    drifted = real.update(2, PLUGIN)
    assert (drifted["result"], drifted["reason"], drifted["version_after"]) == ("skipped", "drifted", "1.0.0")
    assert (real.failed, again.failed, again.changed, again.work) == (False, False, False, [])


def test_premium_and_other_unreachable_updates_are_named_and_not_sent(direct_for, dialect):
    premium = {"pro/pro.php": {"Name": "Pro", "Version": "3.1", "type": "plugin", "premium": True}}
    premium["pro/pro.php"]["update"] = {"new_version": "3.2", "plugin": "pro/pro.php", "slug": "pro"}
    site = child(Offer("1.1.0", requires="8.0"), theme=Offer("1.2"), premium=premium, core="7.1")
    play = direct_for(fleet(site), dialect)
    planned, real = play.tasks(
        Task("mainwp_batch_update", {"all_sites": True}, check=True),
        Task("mainwp_batch_update", {"all_sites": True}),
    )
    for result in (planned, real):
        assert result.update(1, "pro")["reason"] == "premium"
        assert result.update(1, PLUGIN)["reason"] == "requires_wp"
        assert not result.failed
    assert real.updates("updated") == moves(play.sim) == [(1, "theme", THEME, "1.0", "1.2")]


def test_what_is_installed_already_and_older_releases_are_left_alone(direct_for, dialect):
    def site():
        odd = [
            Plugin("git/git.php", "Git", "v0.1.5", offer=Offer("v0.1.5")),
            Plugin("seo/seo.php", "Seo", "2.5", offer=Offer("2.5.0")),
            Plugin("gold/gold.php", "Gold", "3.0.1", offer=Offer("2.9")),
            Plugin("vee/vee.php", "Vee", "v1.4.0", offer=Offer("1.4.1")),
        ]
        return child(Offer("1.1.0"), *odd, theme=Offer("1.0.0"))

    play = direct_for(fleet(site(), site()), dialect)
    gentle = {"sites": [1], "max_version_change": "minor"}
    named = {"sites": [2], "include_updates": ["gold", "plugin:seo/seo.php", "git*"]}
    planned, plain, exact, again = play.tasks(
        Task("mainwp_batch_update", gentle, check=True),
        Task("mainwp_batch_update", gentle),
        Task("mainwp_batch_update", named),
        Task("mainwp_batch_update", {"all_sites": True, "exclude_updates": ["shop", "vee"]}),
    )
    left = {
        "git/git.php": ("skipped", "same_version", "v0.1.5"),
        "seo/seo.php": ("skipped", "same_version", "2.5"),
        "gold/gold.php": ("skipped", "older", "3.0.1"),
        THEME: ("skipped", "same_version", "1.0"),
    }
    for result in (planned, plain):
        told = {entry["slug"]: entry for entry in result.site(1)["updates"] if entry["slug"] in left}
        assert {
            slug: (entry["result"], entry["reason"], entry["version_after"]) for slug, entry in told.items()
        } == left
    assert {entry[2] for entry in plain.updates("updated")} == {PLUGIN, "vee/vee.php"}
    assert not plain.failed
    assert {entry[2:] for entry in exact.updates("updated")} == {
        ("gold/gold.php", "3.0.1", "2.9"),
        ("seo/seo.php", "2.5", "2.5.0"),
    }
    assert exact.update(2, "git/git.php")["reason"] == "same_version"
    installed_anew = play.task("mainwp_batch_update", {"sites": [2], "include_updates": ["git"]})
    entry = installed_anew.update(2, "git/git.php")
    assert (entry["result"], entry["reason"], installed_anew.failed) == ("unchanged", "same_version", False)
    assert len(installed_anew.work) == 1
    assert not again.changed
    assert again.work == []


def test_a_plan_of_what_was_named_runs_as_it_was_read(direct_for):
    old = Plugin("gold/gold.php", "Gold", "3.0.1", offer=Offer("2.9"))
    play = direct_for(fleet(child(None, old)))
    named, unnamed = play.tasks(
        Task("mainwp_update_info", {"include_updates": ["gold"]}),
        Task("mainwp_update_info", {}),
    )
    assert unnamed["plan"] == []
    result = play.task("mainwp_batch_update", {"plan": named["plan"]})
    assert result.updates("updated") == [(1, "plugin", "gold/gold.php", "3.0.1", "2.9")]


def test_wordpress_is_not_offered_what_it_runs(direct_for, dialect):
    """The Dashboard goes on offering a release that was installed on the site itself."""
    one = fleet(child(core="7.0.4", core_offer="7.1"), child(core="7.0.4", core_offer="7.1"))
    play = direct_for(one, dialect)
    one.sites[1].child.core = "7.1"  # and core_offer stays, as a stale list of offers does
    result = play.task("mainwp_batch_update", {"all_sites": True})
    assert (result.update(1, "wordpress")["result"], result.update(1, "wordpress")["reason"]) == (
        "skipped",
        "same_version",
    )
    assert result.updates("updated") == [(2, "core", "wordpress", "7.0.4", "7.1")]


def test_why_an_update_failed_is_said_where_its_version_is_hidden(direct_for, dialect):
    bare = Plugin("bare/bare.php", "Bare", "", offer=Offer("1.0", fails_with="Could not copy file."))
    play = direct_for(fleet(child(None, bare)), dialect)
    entry = play.task("mainwp_batch_update", {"all_sites": True}).update(1, "bare/bare.php")
    assert (entry["result"], entry["reason"]) == ("failed", "child_error")
    assert entry["message"].startswith("Could not copy file. The Dashboard does not tell its version")


def test_a_wordpress_that_hides_its_version_and_refuses_has_failed(direct_for, dialect):
    play = direct_for(fleet(child(core="", core_offer="7.1", core_fails_with="No space left.")), dialect)
    entry = play.task("mainwp_batch_update", {"all_sites": True}).update(1, "wordpress")
    assert (entry["result"], entry["reason"]) == ("failed", "child_error")
    assert ". The Dashboard does not tell its version" in entry["message"]


@pytest.mark.parametrize(
    ("finished", "told"),
    [(5, "No report tells since when"), ("2099-01-01T00:00:00Z", "2099-01-01T00:00:00Z, which is not yet")],
)
def test_a_report_from_nowhen_proves_nothing(direct_for, tmp_path, finished, told):
    play = direct_for(fleet(child(Offer("1.1.0")), child(Offer("1.1.0"))))
    report = tmp_path / "night" / "report.json"
    play.task("mainwp_batch_update", {"sites": [1], "report_file": str(report)})
    report.write_text(json.dumps({**json.loads(report.read_text()), "finished": finished}))
    gate = {"proven_on": {"sites": [1]}, "proven_for": 3600, "proven_history": str(tmp_path)}
    entry = play.task("mainwp_batch_update", {"sites": [2], **gate}).update(2, PLUGIN)
    assert entry["reason"] == "unproven"
    assert told in entry["message"]


def test_what_is_not_installed_any_more_is_left_alone(direct_for, dialect, monkeypatch):
    """The list of offers still has what was deleted on the site itself; to update it might install it."""
    remember = picture.remember
    gone = {"Name": "Gone", "Version": "1.0", "update": {"new_version": "1.1", "package": "https://shop.example/a.zip"}}

    def with_stale_offers(site):
        remember(site)
        site.stored.plugin_upgrades = {**site.stored.plugin_upgrades, "gone/gone.php": gone}

    monkeypatch.setattr(picture, "remember", with_stale_offers)
    play = direct_for(fleet(child(Offer("1.1.0"))), dialect)
    (result,) = play.tasks(Task("mainwp_batch_update", {"all_sites": True, "max_age": 0}))
    entry = result.update(1, "gone/gone.php")
    assert (entry["result"], entry["reason"], entry["version_after"]) == ("skipped", "not_installed", "1.0")
    assert result.updates("updated") == [(1, "plugin", PLUGIN, "1.0.0", "1.1.0")]
    assert not result.failed


def test_requirements_are_read_as_wordpress_reads_them(direct_for):
    needs = {
        1: ("7.0-RC3-62340", "7.0"),
        2: ("7.0-beta2", "7.0.0"),
        3: ("hidden", "7.0"),
        4: ("", "7.0"),
        5: ("6.9", "6.9.0"),
        6: ("6.9.4", "7.0"),
    }
    play = direct_for(fleet(*(child(Offer("1.1.0", requires=needed), core=core) for core, needed in needs.values())))
    result = play.task("mainwp_batch_update", {"all_sites": True})
    assert [entry[0] for entry in result.updates("updated")] == [1, 2, 3, 4, 5]
    assert result.update(6, PLUGIN)["reason"] == "requires_wp"
    assert [move[0] for move in moves(play.sim)] == [1, 2, 3, 4, 5]


def test_a_canary_proves_a_release_however_it_is_spelled(direct_for):
    def site(seo: str, git: str, *offers: Offer | None):
        more = [Plugin("git/git.php", "Git", git, offer=offers[1]), Plugin("seo/seo.php", "Seo", seo, offer=offers[0])]
        return child(None, *more)

    one = fleet(site("2.5", "1.4.1", None, None), site("2.4.0", "1.4.0", Offer("2.5.0"), Offer("v1.4.1")))
    play = direct_for(one)
    result = play.task("mainwp_batch_update", {"all_sites": True, "proven_on": {"sites": [1]}})
    assert result.updates("updated") == [
        (2, "plugin", "git/git.php", "1.4.0", "v1.4.1"),
        (2, "plugin", "seo/seo.php", "2.4.0", "2.5.0"),
    ]


@pytest.mark.parametrize(
    ("there", "told"),
    [("1.0.0", ("updated", "renamed")), ("0.9.9", ("skipped", "unproven"))],
)
def test_a_canary_proves_a_release_that_renames_the_plugins_main_file(direct_for, there, told):
    offer = Offer("1.0.0", renames_to="hooks/visual.php")
    waits = Plugin("hooks/g-hooks.php", "Hooks", "0.9.5", active=False, offer=offer)
    play = direct_for(fleet(child(None, Plugin("hooks/visual.php", "Hooks", there)), child(None, waits)))
    options = {"all_sites": True, "proven_on": {"sites": [1]}, "unproven": "allow"}
    entry = play.task("mainwp_batch_update", options).update(2, "hooks/g-hooks.php")
    assert (entry["result"], entry["reason"]) == told


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("hooks/visual.php", "hooks/g-hooks.php"),
        ("hooks/g-hooks.php", "hooks/visual.php"),
        ("hooks/hooks.php", "hooks.php"),
    ],
)
def test_reports_tell_since_when_whatever_the_plugins_main_file_was_called(direct_for, tmp_path, here, there):
    """A later release finds the canary site under the new name, and others still under the old one; or the reverse."""
    made = fleet(
        child(None, Plugin(here, "Hooks", "0.9.9", active=False, offer=Offer("1.0.0"))),
        child(None, Plugin(there, "Hooks", "0.9.5", active=False, offer=Offer("1.0.0"))),
    )
    play = direct_for(made)
    report = tmp_path / "night" / "report.json"
    first = play.task("mainwp_batch_update", {"sites": [1], "report_file": str(report)})
    assert first.update(1, here)["result"] == "updated"
    report.write_text(json.dumps({**json.loads(report.read_text()), "finished": "2026-01-01T00:00:00Z"}))
    gate = {"proven_on": {"sites": [1]}, "proven_for": 3600, "proven_history": str(tmp_path)}
    entry = play.task("mainwp_batch_update", {"sites": [2], **gate}).update(2, there)
    assert (entry["result"], entry["reason"]) == ("updated", "")


def test_a_canary_that_is_not_connected_proves_nothing_and_hides_nothing(direct_for, dialect):
    one = fleet(child(None), child(Offer("1.1.0"), Plugin("rare/rare.php", "Rare", "1.0", offer=Offer("1.1"))))
    one.sites[1].suspended = True
    play = direct_for(one, dialect)
    options = {"sites": [2], "types": ["plugins"], "proven_on": {"sites": [1]}, "unproven": "allow"}
    result = play.task("mainwp_batch_update", options)
    assert result.update(2, PLUGIN)["reason"] == "unproven"
    assert [move[2] for move in moves(play.sim)] == ["rare/rare.php"]


@pytest.mark.parametrize("allow", ["allow", "skip"])
def test_a_canary_that_hides_its_wordpress_lets_none_pass(direct_for, dialect, allow):
    play = direct_for(fleet(child(core=""), child(core="7.0", core_offer="7.1")), dialect)
    options = {"sites": [2], "proven_on": {"sites": [1]}, "unproven": allow}
    entry = play.task("mainwp_batch_update", options).update(2, "wordpress")
    assert (entry["reason"], entry["message"]) == ("unproven", "No connected canary site runs 7.1 yet.")


@pytest.mark.parametrize(
    ("canaries", "told"),
    [
        ({"site_tags": ["canry"]}, "proven_on: site_tags: the Dashboard has no tag 'canry'. Check the spelling."),
        ({"clients": ["Acne"]}, "proven_on: clients: the Dashboard has no client 'Acne'. Check the spelling."),
        ({"sites": ["s0.example"]}, "(staging sites are not listed by its API). Check the spelling."),
    ],
)
def test_a_canary_that_is_not_there_is_an_error_of_its_own_option(direct_for, canaries, told):
    """The same options choose what is updated, and fail_on_missing is about those."""
    play = direct_for(fleet(child(Offer("1.1.0"))))
    options = {"all_sites": True, "fail_on_missing": False, "proven_on": canaries}
    result = play.task("mainwp_batch_update", options)
    assert result.failed
    assert result.msg.startswith("proven_on: ")
    assert result.msg.endswith(told)


def test_what_a_canary_does_not_tell_of_is_not_unknown_to_it(direct_for, dialect):
    """As where MainWP's syncs leave out plugins, or a site was never synced."""
    one = fleet(child(None), child(Offer("1.1.0")))
    one.sites[1].stored.plugins = ""
    options = {"sites": [2], "types": ["plugins"], "proven_on": {"sites": [1]}, "unproven": "allow"}
    entry = direct_for(one, dialect).task("mainwp_batch_update", options).update(2, PLUGIN)
    assert (entry["reason"], entry["message"]) == ("unproven", "Not every canary site tells which plugins it has.")


@pytest.mark.usefixtures("hurry")
def test_the_dashboards_batch_is_kept_from_older_releases(direct_for, dialect):
    old = Plugin("gold/gold.php", "Gold", "3.0.1", offer=Offer("2.9"))
    play = direct_for(fleet(child(Offer("1.1.0"), old), child(Offer("1.1.0"))), dialect, clock=Clock(scale=12))
    result = play.task(
        "mainwp_batch_update",
        {"all_sites": True, "update_method": "dashboard_batch", "poll_interval": 1, "wait_timeout": 300},
    )
    assert {entry["reason"] for entry in result.site(1)["updates"]} == {"older"}
    assert (
        "would install Gold 2.9, too: 2.9 is offered, which is older than 3.0.1" in result.update(1, PLUGIN)["message"]
    )
    assert [move[0] for move in moves(play.sim)] == [2]


def test_languages_of_a_translation_are_planned_together_or_not_at_all(direct_for, dialect):
    """One call updates all languages of a slug."""

    def site():
        languages = [german(), Translation("shop", "Shop", "1.0.0", language="fr_FR"), german("other")]
        return child(None, translations=languages)

    play = direct_for(fleet(site(), site()), dialect)
    whole = play.task("mainwp_update_info", {})["plan"]
    assert len(whole) == 6
    one_language = [entry for entry in whole if entry["language"] != "fr_FR" and entry["site_id"] == 1]
    planned, real, every = play.tasks(
        Task("mainwp_batch_update", {"plan": one_language}, check=True),
        Task("mainwp_batch_update", {"plan": one_language}),
        Task("mainwp_batch_update", {"plan": [entry for entry in whole if entry["site_id"] == 2]}),
    )
    for result in (planned, real):
        left = result.update(1, "shop")
        assert (left["language"], left["result"], left["reason"]) == ("de_DE", "skipped", "not_supported")
        assert "all languages" in left["message"]
    assert [entry[2] for entry in planned.updates("planned")] == ["other"]
    assert [entry[2] for entry in real.updates("updated")] == ["other"]
    assert len(every.updates("updated")) == 3
    assert [move[:3] for move in moves(play.sim)] == [
        (1, "translation", "other"),
        (2, "translation", "other"),
        (2, "translation", "shop"),
        (2, "translation", "shop"),
    ]
