# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Themes on many sites as code; and what WordPress would do with one that is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from integration._fleets import child, fleet
from integration._job import at_once, job, site

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_theme, mainwp_theme_info
from simulator import Child, Simulator, Theme

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("hurry")]

Simulate = Callable[..., Simulator]


def family(heir_active: bool = True) -> Child:
    """A theme, one that builds on it, and two that stand alone."""
    made = child()
    made.themes = [
        Theme("acme-theme", "Acme Theme", "1.0"),
        Theme("acme-child", "Acme Child", "0.3", active=heir_active, parent="acme-theme"),
        Theme("twentytwentyfive", "Twenty Twenty-Five", "1.5", active=not heir_active),
        Theme("twentytwentyfour", "Twenty Twenty-Four", "1.6"),
    ]
    return made


def run(sim: Simulator, state: str, *themes: str, **options: Any) -> dict[str, Any]:
    options = {"all_sites": True, "lock_dir": "none", **options}
    return job(sim, mainwp_theme.DOOR, themes=list(themes), state=state, **options)


def told(result: Any) -> list[tuple[str | None, str | None, str, str]]:
    return [
        (entry["before"], entry["after"], entry["result"], entry["reason"])
        for found in result["sites"]
        for entry in found["themes"]
    ]


def calls(sim: Simulator) -> list[tuple[str, Any]]:
    return [
        (entry.path.removeprefix("/mainwp/v2/sites/"), (entry.json or {}).get("slug")) for entry in sim.journal.work()
    ]


def test_a_theme_becomes_active(simulate: Simulate, dialect: str) -> None:
    """556 to 558, 566."""
    sim = simulate(at_once(fleet(family(), family(heir_active=False))), dialect)
    planned = run(sim, "active", "Twenty Twenty-Five", check_mode=True)
    assert told(planned) == [("inactive", "active", "planned", ""), ("active", "active", "unchanged", "")]
    assert calls(sim) == []
    result = run(sim, "active", "Twenty Twenty-Five")
    assert told(result) == [("inactive", "active", "changed", ""), ("active", "active", "unchanged", "")]
    assert calls(sim) == [("1/themes/activate", "twentytwentyfive")], "by its slug, as a text: 570"
    assert not run(sim, "active", "twentytwentyfive")["changed"]


def test_a_theme_that_wordpress_refuses_fails(simulate: Simulate, dialect: str) -> None:
    """WordPress dies where a theme needs a newer PHP, and the Dashboard says NOMAINWP; the site is as before."""
    made = family()
    made.themes.append(Theme("needy", "Needy", "1.0", info={"RequiresPHP": "9.9"}))
    sim = simulate(at_once(fleet(made)), dialect)
    result = run(sim, "active", "needy")
    assert told(result) == [("inactive", "inactive", "failed", "child_error")]
    assert "WordPress refused what it requires" in site(result, 1)["themes"][0]["message"]


def test_a_theme_that_is_not_there_is_never_sent(simulate: Simulate, dialect: str) -> None:
    """578 to 581: WordPress would switch to it, and the site is empty."""
    sim = simulate(at_once(fleet(family())), dialect)
    reporter = Collector()
    result = run(sim, "active", "nosuchtheme", reporter=reporter)
    assert told(result) == [("absent", "absent", "failed", "not_installed")]
    assert calls(sim) == []
    assert sim.fleet.sites[1].child.missing_theme == ""
    assert any("'nosuchtheme' is on none" in text for text in reporter.warnings)


def test_one_that_vanished_since_the_last_sync_is_not_sent_either(simulate: Simulate) -> None:
    sim = simulate(at_once(fleet(family())))
    gone = sim.fleet.sites[1].child.themes.pop()
    result = run(sim, "active", gone.slug)
    assert told(result) == [("absent", "absent", "failed", "not_installed")]
    assert calls(sim) == []


@pytest.mark.parametrize("slug", ["half%20price", "two  blanks", "a<b>c", "a||b"])
def test_a_theme_whose_name_arrives_as_another_is_never_sent(simulate: Simulate, slug: str) -> None:
    """The child cuts it, as WordPress cuts texts, and switches to a theme that is not there: 578."""
    made = family()
    made.themes.append(Theme(slug, "Odd", "1.0"))
    sim = simulate(at_once(fleet(made)))
    for state in ("active", "absent"):
        assert told(run(sim, state, "Odd")) == [("inactive", "inactive", "failed", "by_hand")]
    assert calls(sim) == []


def test_themes_become_absent_but_not_those_in_use(simulate: Simulate, dialect: str) -> None:
    """559 active, 560 parent of the active one, 562 and 572 to 575 unknown: nothing of that is sent."""
    sim = simulate(at_once(fleet(family(), family(heir_active=False))), dialect)
    result = run(sim, "absent", "acme-theme", "acme-child", "twentytwentyfour", "nosuch")
    assert told(result) == [
        ("inactive", "inactive", "failed", "parent_theme"),
        ("active", "active", "failed", "is_active"),
        ("inactive", "absent", "changed", ""),
        ("absent", "absent", "unchanged", ""),
        ("inactive", "absent", "changed", ""),
        ("inactive", "absent", "changed", ""),
        ("inactive", "absent", "changed", ""),
        ("absent", "absent", "unchanged", ""),
    ]
    assert ("1/themes/delete", ["twentytwentyfour"]) in calls(sim)
    assert len(calls(sim)) == 4
    assert [theme.slug for theme in sim.fleet.sites[2].child.themes] == ["twentytwentyfive"]


@pytest.mark.parametrize("themes", [[], ["a", "b"]])
def test_active_takes_one_theme(simulate: Simulate, themes: list[str]) -> None:
    sim = simulate(at_once(fleet(family())))
    result = run(sim, "active", *themes)
    assert result["error"]["option"] == "themes"
    assert sim.journal.entries == []


def test_which_themes_sites_have(simulate: Simulate, dialect: str) -> None:
    """550, 557, 1942."""
    made = family()
    made.themes[0].abandoned_since = 1500000000
    sim = simulate(at_once(fleet(made)), dialect)
    result = job(sim, mainwp_theme_info.DOOR, abandoned=True)
    first = site(result, 1)["themes"][1]
    assert first == {
        "slug": "acme-theme",
        "name": "Acme Theme",
        "version": "1.0",
        "state": "inactive",
        "update_version": "",
        "abandoned_since": "2017-07-14T02:40:00Z",
        "parent_active": True,
    }
    used = job(sim, mainwp_theme_info.DOOR, state="active")
    assert [entry["slug"] for entry in site(used, 1)["themes"]] == ["acme-child"]
