# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which updates are run and which are left: patterns, gates, policy, binding to an earlier plan."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import (
    CORE,
    PLUGIN,
    THEME,
    TRANSLATION,
    Extension,
    Update,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import (
    PlanOptions,
    SitePlan,
    Skip,
    make_plan,
    pattern,
    plan_options_from,
    unmatched,
)
from unit.build import core, ext, plugin, site, theme, translation

WOO = plugin("woocommerce/woocommerce.php", "10.3.3", "10.4.0", name="WooCommerce")
HELLO = plugin("hello.php", name="Hello Dolly")


def plan(pending: list[Update], stored: list[Update] | None = None, **params: Any) -> SitePlan:
    """The plan of one site from options as a task gives them."""
    where = site(updates=tuple(pending if stored is None else stored), php_version="8.1.29", wp_version="7.0.4")
    return make_plan(where, pending, plan_options_from(params))


def reasons(made: SitePlan) -> dict[str, str]:
    return {skip.update.slug: skip.reason for skip in made.skips}


@pytest.mark.parametrize(
    ("text", "update", "expected"),
    [
        ("woocommerce/woocommerce.php", WOO, True),
        ("woocommerce", WOO, True),
        ("WooCommerce", WOO, True),
        ("WOO*", WOO, True),
        ("woo", WOO, False),
        ("plugin:woo*", WOO, True),
        ("theme:woo*", WOO, False),
        (" plugin: woocommerce ", WOO, True),
        ("hello", HELLO, True),
        ("hello dolly", HELLO, True),
        ("hell?", HELLO, True),
        ("[gh]ello", HELLO, True),
        ("core:*", core(), True),
        ("core:*", HELLO, False),
        ("wordpress", core(), True),
        ("translation:forms", translation(), True),
        ("plugin:forms", translation(), False),
        ("sand", theme(), True),
        ("unknown:sand", theme(), False),
    ],
)
def test_patterns(text: str, update: Update, expected: bool) -> None:
    assert pattern("include_updates", text).matches(update) is expected


@pytest.mark.parametrize("text", ["", "  ", "plugin:", "theme:  "])
def test_an_empty_pattern_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="exclude_updates: has an empty pattern"):
        pattern("exclude_updates", text)


@pytest.mark.parametrize(("text", "exact"), [("forms", True), ("form?", False), ("fo*", False), ("[f]orms", False)])
def test_exact_patterns(text: str, exact: bool) -> None:
    assert pattern("include_updates", text).is_exact is exact


def test_patterns_that_match_nothing_are_named() -> None:
    entries = [pattern("exclude_updates", text) for text in ("woo*", "typo", "hello")]
    assert unmatched(entries, [WOO, HELLO]) == ["typo"]
    assert unmatched(entries, []) == ["woo*", "typo", "hello"]


def test_the_order_is_plugins_themes_core_translations() -> None:
    made = plan([translation("b"), translation("a"), core(), theme(), plugin("z/z.php"), plugin("a/a.php")])
    assert [update.slug for update in made.updates] == ["a/a.php", "z/z.php", "sand", "wordpress", "a", "b"]
    assert made.skips == ()


def test_two_languages_of_one_slug_are_two_updates() -> None:
    made = plan([translation("a", "sv_SE"), translation("a", "de_DE")])
    assert [update.language for update in made.updates] == ["de_DE", "sv_SE"]


@pytest.mark.parametrize(
    ("types", "kinds"),
    [
        (["plugins"], [PLUGIN]),
        (["themes", "core"], [THEME, CORE]),
        (["translations"], [TRANSLATION]),
        ([], []),
        (None, [PLUGIN, THEME, CORE, TRANSLATION]),
    ],
)
def test_types(types: list[str] | None, kinds: list[str]) -> None:
    made = plan([plugin(), theme(), core(), translation()], types=types)
    assert [update.type for update in made.updates] == kinds
    assert made.skips == ()


def test_what_is_not_included_is_no_skip() -> None:
    made = plan([WOO, HELLO], include_updates=["woo*"])
    assert (made.updates, made.skips) == ((WOO,), ())


def test_exclude_wins_over_include_and_names_the_pattern() -> None:
    made = plan([WOO, HELLO], include_updates=["*"], exclude_updates=["plugin:woo*"])
    assert made.updates == (HELLO,)
    assert reasons(made) == {WOO.slug: "excluded"}
    assert made.skips[0].message == "Excluded by 'plugin:woo*'."


def test_offers_that_are_stored_but_not_pending_are_ignored_or_premium() -> None:
    premium = plugin("gold/gold.php", premium=True)
    made = plan([HELLO], stored=[WOO, HELLO, premium])
    assert made.updates == (HELLO,)
    assert reasons(made) == {WOO.slug: "ignored", premium.slug: "premium"}


def test_the_batch_that_reaches_premium_updates_plans_them() -> None:
    premium = plugin("gold/gold.php", premium=True)
    made = make_plan(site(updates=(premium, WOO)), [], PlanOptions(batch_types=(PLUGIN,), batch_premium=True))
    assert made.updates == (premium,)
    assert reasons(made) == {WOO.slug: "ignored"}


def test_the_batch_knows_its_types_and_no_gates_but_what_the_child_refuses() -> None:
    demanding, bare = plugin("new/new.php", requires_php="8.3"), plugin("bare/bare.php", package=False)
    made = make_plan(site(php_version="8.1"), [demanding, bare, translation()], PlanOptions(batch_types=(PLUGIN,)))
    assert made.updates == (bare,)
    assert reasons(made) == {"forms": "not_supported", "new/new.php": "requires_php"}


def test_an_objection_to_the_site_skips_all_that_would_run() -> None:
    made = make_plan(site(), [WOO, plugin(package=False)], PlanOptions(), ("backup_too_old", "Too old."))
    assert made.updates == ()
    assert reasons(made) == {WOO.slug: "backup_too_old", "forms/forms.php": "no_package"}


@pytest.mark.parametrize(
    ("update", "reason", "told"),
    [
        (plugin(requires_php="8.3"), "requires_php", "Needs PHP 8.3; the site has 8.1.29."),
        (plugin(requires_php="8.1"), "", ""),
        (plugin(requires_php="8.1.30"), "requires_php", "8.1.30"),
        (plugin(requires_wp="7.1"), "requires_wp", "Needs WordPress 7.1; the site has 7.0.4."),
        (plugin(requires_wp="7.0.4"), "", ""),
        (plugin(blocked=("requires_php",)), "requires_php", "reports that its PHP 8.1.29 does not suffice"),
        (plugin(blocked=("requires_wp",)), "requires_wp", "reports that its WordPress 7.0.4 does not suffice"),
        (plugin(package=False), "no_package", "name it in include_updates to try"),
        (plugin(package=True), "", ""),
        (plugin(package=None), "", ""),
    ],
)
def test_gates(update: Update, reason: str, told: str) -> None:
    made = plan([update])
    assert [skip.reason for skip in made.skips] == ([reason] if reason else [])
    assert bool(made.updates) is not bool(reason)
    if reason:
        assert told in made.skips[0].message


def test_unknown_versions_of_the_site_gate_nothing() -> None:
    made = make_plan(site(), [plugin(requires_php="99", requires_wp="99")], PlanOptions())
    assert len(made.updates) == 1


@pytest.mark.parametrize(
    ("include", "runs"), [(["forms"], True), (["plugin:forms/forms.php"], True), (["form*"], False), ([], False)]
)
def test_an_update_without_package_runs_only_when_named(include: list[str], runs: bool) -> None:
    made = plan([plugin(package=False)], include_updates=include)
    assert bool(made.updates) is runs


@pytest.mark.parametrize(
    ("limit", "slugs"),
    [
        ("patch", {"patch/p.php"}),
        ("minor", {"patch/p.php", "minor/p.php"}),
        ("major", {"patch/p.php", "minor/p.php", "major/p.php", "wordpress"}),
        ({"plugins": "patch"}, {"patch/p.php", "wordpress"}),
        ({"core": "minor"}, {"patch/p.php", "minor/p.php", "major/p.php"}),
        ({"core": "major", "plugins": "minor"}, {"patch/p.php", "minor/p.php", "wordpress"}),
        ({}, {"patch/p.php", "minor/p.php", "major/p.php", "wordpress"}),
        (None, {"patch/p.php", "minor/p.php", "major/p.php", "wordpress"}),
    ],
)
def test_policy(limit: Any, slugs: set[str]) -> None:
    offers = [
        plugin("patch/p.php", "1.0.0", "1.0.1"),
        plugin("minor/p.php", "1.0.0", "1.1"),
        plugin("major/p.php", "1.9", "2.0"),
        core("7.0.4", "7.1"),
    ]
    made = plan([*offers, translation()], max_version_change=limit)
    assert {update.slug for update in made.updates} == slugs | {"forms"}
    assert set(reasons(made).values()) <= {"policy"}


def test_the_policy_says_what_it_refuses() -> None:
    assert plan([plugin("x/x.php", "", "2.0")], max_version_change="minor").skips[0].message == (
        "unknown to 2.0 is a major change; at most minor is allowed."
    )


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("huge", "'huge' is not a step"),
        ({"translations": "minor"}, "no type 'translations' with versions"),
        ({"plugin": "minor"}, "no type 'plugin' with versions"),
        ({"core": "big"}, "'big' is not a step"),
        (3, "'3' is neither a step nor a map"),
        (["minor"], "neither a step nor a map"),
    ],
)
def test_a_policy_that_makes_no_sense(value: Any, problem: str) -> None:
    with pytest.raises(InputError, match=f"max_version_change: .*{problem}"):
        plan_options_from({"max_version_change": value})


@pytest.mark.parametrize("option", ["include_updates", "exclude_updates"])
def test_an_empty_pattern_is_named(option: str) -> None:
    with pytest.raises(InputError, match=f"{option}: has an empty pattern"):
        plan_options_from({option: ["woo*", "plugin: "]})


def entry(update: Update, site_id: int = 1, **more: Any) -> dict[str, Any]:
    """An entry of the plan that mainwp_update_info returns."""
    return {
        "site_id": site_id,
        "type": update.type,
        "slug": update.slug,
        "language": update.language,
        "version_planned": update.new_version,
        **more,
    }


def test_a_plan_binds_to_its_entries() -> None:
    made = plan([WOO, HELLO, translation()], plan=[entry(WOO), entry(translation()), entry(HELLO, site_id=2)])
    assert [update.slug for update in made.updates] == [WOO.slug, "forms"]
    assert made.skips == ()


def test_what_drifted_from_the_plan_is_skipped() -> None:
    made = plan([WOO, HELLO], plan=[entry(WOO, version_planned="10.3.9"), entry(HELLO)])
    assert made.updates == (HELLO,)
    assert reasons(made) == {WOO.slug: "drifted"}
    assert made.skips[0].message == "Planned was 10.3.9, offered is now 10.4.0."
    assert made.skips[0].update.new_version == "10.3.9"


@pytest.mark.parametrize(
    ("gone", "there", "told"),
    [
        (HELLO, [], "; the site has none."),
        (HELLO, [ext("hello.php", "1.7")], "; the site has 1.7."),
        (HELLO, [ext("hello.php", "")], "."),
        (HELLO, None, "."),
        (core(), [], "."),
        (translation("b", "sv_SE"), [], "."),
    ],
)
def test_what_is_no_longer_offered_has_drifted(gone: Update, there: list[Extension] | None, told: str) -> None:
    """A version that nobody tells, or a translation, may be there all the same."""
    where = site(updates=(WOO,), plugins=None if there is None else (ext(WOO.slug, WOO.version), *there), wp_version="")
    made = make_plan(where, [WOO], plan_options_from({"plan": [entry(WOO), entry(gone, version_planned="9.9")]}))
    (skip,) = made.skips
    left = (skip.update.type, skip.update.slug, skip.update.name, skip.update.language, skip.update.new_version)
    assert left == (gone.type, gone.slug, gone.slug, gone.language, "9.9")
    assert (skip.reason, skip.message) == ("drifted", f"No longer offered{told}")


def test_a_plan_in_another_spelling_has_not_drifted() -> None:
    assert plan([WOO], plan=[entry(WOO, version_planned="v10.4")]).updates == (WOO,)


def test_a_plan_names_what_it_was_made_from_and_nothing_else() -> None:
    """An offer of an older release, planned because it was named, is run from the very version only."""
    back = plugin("gold/gold.php", "3.0.1", "2.9")
    assert plan([back], plan=[entry(back, version_before="3.0.1")]).updates == (back,)
    assert reasons(plan([back], plan=[entry(back, version_before="2.8")])) == {back.slug: "older"}
    assert reasons(plan([back], plan=[entry(back)])) == {back.slug: "older"}


def test_languages_stay_together() -> None:
    german, french = translation(), translation(language="fr_FR")
    assert plan([german, french]).updates == (german, french)
    assert reasons(plan([german, french], plan=[entry(german)])) == {"forms": "not_supported"}


def test_other_options_restrict_a_plan_and_only_its_entries_are_reported() -> None:
    made = plan([WOO, HELLO], plan=[entry(WOO)], exclude_updates=["*"])
    assert made.updates == ()
    assert reasons(made) == {WOO.slug: "excluded"}


def test_an_empty_plan_runs_nothing() -> None:
    assert plan([WOO], plan=[]) == SitePlan(plan([WOO]).site, (), ())


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([{"site_id": 1}], "entry 1 is not an entry of a plan"),
        ([entry(WOO), "woocommerce"], "entry 2 is not an entry of a plan"),
        ([entry(WOO, site_id="one")], "entry 1 is not an entry of a plan"),
        ([entry(WOO, type="plugins")], "entry 1 has the unknown type 'plugins'"),
        ([None], "entry 1 is not an entry of a plan"),
    ],
)
def test_a_plan_that_is_none(value: Any, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        plan_options_from({"plan": value})


def test_what_is_wrong_with_a_plan_is_said_of_its_option() -> None:
    with pytest.raises(InputError, match=r"^plan: entry 1 is"):
        plan_options_from({"plan": [None]})
    with pytest.raises(InputError, match=r"^plan: entry 1 has"):
        plan_options_from({"plan": [entry(WOO, type="plugins")]})


@pytest.mark.parametrize(
    ("offers", "types", "anything"),
    [
        ([WOO], ["plugins"], True),
        ([WOO], ["themes"], False),
        ([plugin(premium=True)], ["plugins"], False),
        ([plugin(premium=True), theme()], None, True),
        ([], None, False),
    ],
)
def test_sites_that_need_not_be_asked(offers: list[Update], types: list[str] | None, anything: bool) -> None:
    assert plan_options_from({"types": types}).wants_any(site(updates=tuple(offers))) is anything


@pytest.mark.parametrize("new", ["1.0.0", "0.9"])
def test_what_would_not_move_forward_says_how_to_have_it_all_the_same(new: str) -> None:
    offer = plugin(old="1.0.0", new=new)
    where = site(updates=(offer,))
    by_item = make_plan(where, [offer], PlanOptions()).skips[0]
    by_batch = make_plan(where, [offer], PlanOptions(batch_types=(PLUGIN,))).skips[0]
    assert by_item.message.endswith("Name it in include_updates to install it all the same.")
    hint = {"1.0.0": "The Dashboard's own batch may install it once more.", "0.9": "Use update_method: per_item."}[new]
    assert by_batch.message.endswith(hint)


@pytest.mark.parametrize(
    ("reason", "withheld"),
    [
        ("excluded", True),
        ("policy", True),
        ("older", True),
        ("no_package", True),
        ("drifted", True),
        ("unproven", True),
        ("backup_too_old", True),
        ("suspended", False),
        ("ignored", False),
        ("premium", False),
        ("requires_php", False),
        ("requires_wp", False),
        ("not_supported", False),
        ("same_version", False),
        ("not_installed", False),
    ],
)
def test_what_a_batch_of_the_dashboard_would_take_along(reason: str, withheld: bool) -> None:
    assert SitePlan(site(), (), (Skip(WOO, reason, ""),)).withheld is withheld
