# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is planned for plugins and themes of one site, and what became of it: pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import AnswerLost, InputError, Unauthorized
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Extension
from ansible_collections.wpfleet.mainwp.plugins.module_utils._things._kind import Entry, judge, planned
from ansible_collections.wpfleet.mainwp.plugins.module_utils._things.extensions import (
    Plugins,
    Themes,
    named,
    plugins_from,
    themes_from,
    value_of,
)
from unit.build import ext, plugin, site

ON, OFF = ext("forms/forms.php", "1.0"), ext("forms/forms.php", "1.0", active=False)
LAB = Extension("lab.php", "Lab", "", active=True, must_use=True)
OWN = ext("mainwp-child/mainwp-child.php", "6.1")
PARENT = Extension("sand", "Sand", "1.0", active=False, parent_active=True)


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("forms/forms.php", ["forms/forms.php"]),
        ("FORMS", ["forms/forms.php"]),
        ("forms/forms", ["forms/forms.php"]),
        ("hello", ["hello.php"]),
        ("Hello Dolly", ["hello.php"]),
        ("two", ["two/a.php", "two/b.php"]),
        ("two/b.php", ["two/b.php"]),
        ("form", []),
        ("forms/", []),
    ],
)
def test_what_a_text_names(text: str, slugs: list[str]) -> None:
    there = [ON, Extension("hello.php", "Hello Dolly", "1", active=False), ext("two/a.php", "1"), ext("two/b.php", "1")]
    assert [item.slug for item in named(text, there)] == slugs


def test_a_folder_comes_before_a_name() -> None:
    other = Extension("other/other.php", "forms", "1", active=False)
    assert named("forms", [other, ON]) == [ON]


@pytest.mark.parametrize(
    ("there", "state", "force", "expected"),
    [
        (ON, "active", False, ("active", "", "unchanged", "")),
        (OFF, "active", False, ("inactive", "activate", "planned", "")),
        (None, "active", False, ("absent", "", "failed", "not_installed")),
        (LAB, "active", False, ("must_use", "", "unchanged", "")),
        (ON, "inactive", False, ("active", "deactivate", "planned", "")),
        (OFF, "inactive", False, ("inactive", "", "unchanged", "")),
        (None, "inactive", False, ("absent", "", "unchanged", "")),
        (LAB, "inactive", False, ("must_use", "", "failed", "must_use")),
        (ON, "absent", False, ("active", "", "failed", "is_active")),
        (ON, "absent", True, ("active", "delete", "planned", "")),
        (OFF, "absent", False, ("inactive", "delete", "planned", "")),
        (None, "absent", True, ("absent", "", "unchanged", "")),
        (LAB, "absent", True, ("must_use", "", "failed", "must_use")),
        (OWN, "absent", True, ("active", "", "failed", "own_plugin")),
        (replace(OWN, active=False), "active", False, ("inactive", "", "failed", "own_plugin")),
    ],
)
def test_the_plan_of_a_plugin(there: Extension | None, state: str, force: bool, expected: tuple[str, ...]) -> None:
    (entry,) = list(Plugins((there.slug if there else "forms",), state, force).plan(site(), (there,) if there else ()))
    assert (entry.before, entry.action, entry.result, entry.reason) == expected
    assert entry.found is (there is not None)


@pytest.mark.parametrize(
    ("there", "state", "expected"),
    [
        (ext("sand", "1"), "active", ("active", "", "unchanged", "")),
        (ext("sand", "1", active=False), "active", ("inactive", "activate", "planned", "")),
        (None, "active", ("absent", "", "failed", "not_installed")),
        (ext("sand", "1"), "absent", ("active", "", "failed", "is_active")),
        (PARENT, "absent", ("inactive", "", "failed", "parent_theme")),
        (ext("sand", "1", active=False), "absent", ("inactive", "delete", "planned", "")),
        (None, "absent", ("absent", "", "unchanged", "")),
    ],
)
def test_the_plan_of_a_theme(there: Extension | None, state: str, expected: tuple[str, ...]) -> None:
    (entry,) = list(Themes(("sand",), state).plan(site(), (there,) if there else ()))
    assert (entry.before, entry.action, entry.result, entry.reason) == expected


@pytest.mark.parametrize("state", ["active", "inactive", "absent"])
def test_a_plugin_whose_main_file_was_renamed_is_neither_there_nor_gone(state: str) -> None:
    there = (ext("hooks/visual.php", "1.0"), ext("hooks-more/more.php", "1.0"))
    (entry,) = list(Plugins(("Hooks/g-hooks.php",), state).plan(site(), there))
    assert (entry.action, entry.result, entry.reason, entry.found) == ("", "failed", "ambiguous", False)
    assert "but there is hooks/visual.php: a release" in entry.message


@pytest.mark.parametrize(
    ("text", "there"),
    [("Hooks.php", "hooks/hooks.php"), ("hooks/hooks.php", "hooks.php"), ("hello.php", "hello-dolly/hello.php")],
)
def test_a_plugin_of_a_single_file_may_have_got_a_folder(text: str, there: str) -> None:
    (entry,) = list(Plugins((text,), "absent").plan(site(), (ext(there, "1.0"), ext("hooks-more.php", "1.0"))))
    assert (entry.action, entry.reason) == ("", "ambiguous")
    assert f"but there is {there}: a release" in entry.message


@pytest.mark.parametrize("reason", ["requires_php", "requires_wp"])
def test_requirements_that_data_at_hand_shows_are_told_before(reason: str) -> None:
    where = site(updates=(plugin("forms/forms.php", blocked=(reason,)),), php_version="7.4", wp_version="6.0")
    (entry,) = list(Plugins(("forms",), "active").plan(where, (OFF,)))
    assert (entry.result, entry.reason) == ("failed", reason)
    (other,) = list(Plugins(("forms",), "inactive").plan(where, (ON,)))
    assert other.result == "planned"


def test_what_is_named_twice_is_done_once() -> None:
    entries = list(Plugins(("forms", "forms/forms.php", "Forms"), "active").plan(site(), (OFF,)))
    assert [entry.key for entry in entries] == ["forms/forms.php"]


@pytest.mark.parametrize("state", ["inactive", "absent"])
def test_mainwp_child_is_refused_among_the_options(state: str) -> None:
    for text in ("mainwp-child", "MAINWP-CHILD/mainwp-child.php", "MainWP Child", "mainwp-child.php"):
        with pytest.raises(InputError):
            plugins_from({"plugins": ["forms", text], "state": state, "force": True})
    assert plugins_from({"plugins": ["mainwp-child"], "state": "active"}).texts == ("mainwp-child",)


def test_themes_are_checked_before_anything_is_asked() -> None:
    for themes in ([], ["a", "b"], ["../a"], ["*"]):
        with pytest.raises(InputError):
            themes_from({"themes": themes, "state": "active"})
    assert themes_from({"themes": ["a", "b", "a"], "state": "absent"}).texts == ("a", "b")


def test_a_later_entry_is_planned_after_what_others_do() -> None:
    """What an entry before activates is active for the next; what it deletes is not there; the rest stays as it is."""
    others = [{"slug": "forms/forms.php", "after": "active"}, {"slug": "gone/gone.php", "after": "absent"}]
    there = (OFF, ext("gone/gone.php", "1.0"), replace(ON, slug="seo/seo.php"), replace(OFF, slug="cache/cache.php"))
    after = Plugins(("forms",), "inactive").foreseen(there, others)
    assert {item.slug: item.active for item in after} == {
        "forms/forms.php": True,
        "seo/seo.php": True,
        "cache/cache.php": False,
    }
    (off,) = Plugins(("forms",), "active").foreseen((ON,), [{"slug": ON.slug, "after": "inactive"}])
    assert not off.active


def test_another_theme_that_others_activate_takes_the_place_of_the_active_one() -> None:
    """Nor does any build on it then; and what is only deleted switches nothing."""
    there = (ext("sand", "1"), replace(PARENT, slug="dunes"), ext("paper", "1", active=False))
    switched = Themes(("sand",), "absent").foreseen(there, [{"slug": "paper", "after": "active"}])
    assert [(item.slug, item.active, item.parent_active) for item in switched] == [
        ("sand", False, False),
        ("dunes", False, False),
        ("paper", True, False),
    ]
    kept = Themes(("sand",), "absent").foreseen(there, [{"slug": "paper", "after": "absent"}])
    assert [(item.slug, item.active, item.parent_active) for item in kept] == [
        ("sand", True, False),
        ("dunes", False, True),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Plugins(("a",), "inactive"), Plugins(("a",), "absent")),
        (Plugins(("a",), "absent", True), Plugins(("b",), "absent")),
        (Themes(("a",), "active"), Themes(("b",), "absent")),
    ],
    ids=str,
)
def test_what_others_need_goes_first(first: Any, second: Any) -> None:
    """A plugin is deleted once it is inactive, a theme once another one is active."""
    assert first.turn < second.turn


def test_what_does_not_suffice_is_named() -> None:
    where = site(updates=(plugin("forms/forms.php", blocked=("requires_php",)),), php_version="7.4", wp_version="6.0")
    (entry,) = list(Plugins(("forms",), "active").plan(where, (OFF,)))
    assert entry.message.startswith("Its PHP 7.4 does not suffice for this plugin")
    where = site(updates=(plugin("forms/forms.php", blocked=("requires_wp",)),), php_version="7.4", wp_version="6.0")
    (entry,) = list(Plugins(("forms",), "active").plan(where, (OFF,)))
    assert entry.message.startswith("Its WordPress 6.0 does not suffice for this plugin")


def test_a_deactivation_that_does_nothing_speaks_of_no_requirements() -> None:
    off, on = Plugins(("forms",), "inactive"), Plugins(("forms",), "active")
    entry = Entry(ON.slug, "Forms")
    told = "The Dashboard reports success, but the plugin is active still."
    assert off.unreached(planned(entry, "deactivate", "inactive"), "active") == told
    assert "requirements" in on.unreached(planned(entry, "activate", "active"), "inactive")


LOST = AnswerLost("late")


def over(error: AnswerLost) -> AnswerLost:
    error.may_be_running = False
    return error


@pytest.mark.parametrize(
    ("error", "complaint", "after", "expected"),
    [
        (None, "", ON, ("changed", "")),
        (None, "NOMAINWP", ON, ("changed", "")),
        (None, "", OFF, ("failed", "not_changed")),
        (None, "NOMAINWP", OFF, ("failed", "child_error")),
        (LOST, "", ON, ("changed", "")),
        (LOST, "", OFF, ("unknown", "timeout")),
        (over(AnswerLost("late")), "", OFF, ("failed", "child_error")),
        (Unauthorized("no"), "", ON, ("failed", "unauthorized")),
        (LOST, "", None, ("unknown", "unverified")),
        (None, "", None, ("unknown", "unverified")),
    ],
)
def test_what_is_read_decides(error: Any, complaint: str, after: Extension | None, expected: tuple[str, str]) -> None:
    kind = Plugins(("forms",), "active")
    entry = planned(Entry(OFF.slug, "Forms", before=value_of(OFF)), "activate", "active")
    attempt: verdict.Attempt[Entry] = verdict.Attempt(sent=[entry], error=error, failed_at=[entry] if error else [])
    state = None if after is None else (after,)
    found = judge(kind, entry, state, attempt, {entry.key: complaint} if complaint else {})
    assert (found.result, found.reason) == expected
    assert found.message or found.result == "changed"
