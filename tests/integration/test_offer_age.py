# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""min_offer_age: a release runs only some time after this machine first saw it offered, unless it closes something."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from feeds import record, software, versions, written
from integration._direct import Direct
from integration._fleets import PLUGIN, THEME, child, fleet, german, moves

from simulator import Offer

DAY = 86400
UPDATE, INFO, LOOK = "mainwp_batch_update", "mainwp_update_info", "mainwp_vulnerability_info"


class Notes:
    """The notes, which can be made older."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.options: dict[str, Any] = {"min_offer_age": DAY, "offer_history": str(folder)}

    def wait(self, seconds: float) -> None:
        path = self.folder / "offers.json"
        told = json.loads(path.read_text())
        told["latest"] -= seconds
        told["releases"] = {name: [one - seconds for one in times] for name, times in told["releases"].items()}
        path.write_text(json.dumps(told))

    @property
    def names(self) -> set[str]:
        path = self.folder / "offers.json"
        return {json.loads(name)[1] for name in json.loads(path.read_text())["releases"]} if path.exists() else set()


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "offers")


def reasons(result: Any) -> set[tuple[str, str, str]]:
    return {
        (update["type"], update["result"], update["reason"]) for site in result["sites"] for update in site["updates"]
    }


def test_what_is_new_waits_a_day_and_runs_then(direct_for: Callable[..., Direct], dialect: str, notes: Notes) -> None:
    site = child(Offer("1.1.0"), theme=Offer("1.2"), core="7.0.4", core_offer="7.0.5", translations=[german()])
    play = direct_for(fleet(site, child()), dialect)
    young = play.task(UPDATE, {"all_sites": True, **notes.options})
    assert not young.failed
    held = [(kind, "skipped", "too_new") for kind in ("plugin", "theme", "core")]
    assert reasons(young) == {*held, ("translation", "updated", "")}
    assert "1.1.0 was first seen offered 0 min ago; min_offer_age asks for 24 h." in young.update(1, PLUGIN)["message"]
    assert notes.names == {PLUGIN, THEME, "wordpress"}
    notes.wait(DAY)
    ripe = play.task(UPDATE, {"all_sites": True, **notes.options})
    assert {entry[1] for entry in ripe.updates("updated")} == {"plugin", "theme", "core"}


def test_it_was_seen_wherever_it_was_seen_first(direct_for: Callable[..., Direct], notes: Notes) -> None:
    """On another site, by another module, by a task that did not want the site at all."""
    play = direct_for(
        fleet(child(Offer("1.1.0")), child(theme=Offer("1.2")), child(Offer("1.1.0"), theme=Offer("1.2")))
    )
    play.task(INFO, {"sites": ["s01.example"], **notes.options, "min_offer_age": 0})
    assert notes.names == {PLUGIN, THEME}
    notes.wait(DAY)
    done = play.task(UPDATE, {"sites": ["3"], **notes.options})
    assert {entry[1] for entry in done.updates("updated")} == {"plugin", "theme"}


def test_a_release_that_only_the_sync_uncovers_is_new(direct_for: Callable[..., Direct], notes: Notes) -> None:
    made = fleet(child(Offer("1.1.0")))
    play = direct_for(made)
    play.task(INFO, notes.options)
    notes.wait(DAY)
    made.sites[1].child.plugins[0].offer = Offer("1.2.0")  # came out since the last sync
    done = play.task(UPDATE, {"all_sites": True, **notes.options, "max_age": 0})
    assert (done.update(1, PLUGIN)["result"], done.update(1, PLUGIN)["reason"]) == ("skipped", "too_new")
    assert moves(play.sim) == []


def test_check_mode_notes_nothing_and_tells_the_same(direct_for: Callable[..., Direct], notes: Notes) -> None:
    play = direct_for(fleet(child(Offer("1.1.0"))))
    for module in (UPDATE, INFO):
        told = play.task(module, {"all_sites": True, **notes.options}, check=True)
        assert reasons(told) == {("plugin", "skipped", "too_new")}
        assert not told.changed
    assert not notes.folder.exists()
    assert play.task(INFO, notes.options)["plan"] == []
    notes.wait(DAY)
    assert len(play.task(INFO, notes.options)["plan"]) == 1


def test_what_closes_a_vulnerability_does_not_wait(
    direct_for: Callable[..., Direct], notes: Notes, tmp_path: Path
) -> None:
    flaw = record(1, software("shop", versions(high="1.0.0"), patched=["1.1.0"]), score=9.8)
    feed = {"feed": str(written(tmp_path / "feed.json", flaw)), "feed_cache": str(tmp_path / "cache")}
    play = direct_for(fleet(child(Offer("1.1.0"), theme=Offer("1.2"))))
    found = play.task(LOOK, {**feed, **notes.options})
    [entry] = found["plan"]
    assert (entry["slug"], entry["closes"]) == (PLUGIN, ["CVE-0000-00001"])
    assert notes.names == {PLUGIN, THEME}
    everything = play.task(INFO, {**notes.options, "min_offer_age": 0})["plan"]
    others = [one for one in everything if one["slug"] != PLUGIN]
    for plan in ([{**entry, "closes": []}], [{**entry, "version_planned": "1.0.9"}]):
        assert play.task(UPDATE, {"plan": plan, **notes.options}).updates("updated") == []
    done = play.task(UPDATE, {"plan": [entry, *others], **notes.options})
    assert done.update(1, PLUGIN)["result"] == "updated"
    assert done.update(1, THEME)["reason"] == "too_new"


@pytest.mark.parametrize("closes", ["CVE-0000-00001", True, [1], [""], {"a": 1}])
def test_a_plan_says_in_one_way_what_it_closes(direct_for: Callable[..., Direct], closes: Any) -> None:
    play = direct_for(fleet(child(Offer("1.1.0"))))
    entry = {"site_id": 1, "type": "plugin", "slug": PLUGIN, "version_planned": "1.1.0", "closes": closes}
    wrong = play.task(UPDATE, {"plan": [entry]})
    assert (wrong["error"]["reason"], wrong["error"]["option"]) == ("invalid_input", "plan")
    assert wrong.journal == []


def test_the_dashboards_own_batch_leaves_the_site_alone(
    direct_for: Callable[..., Direct], dialect: str, notes: Notes
) -> None:
    play = direct_for(fleet(child(Offer("1.1.0"), theme=Offer("1.2"))), dialect)
    options = {"all_sites": True, "update_method": "dashboard_batch", "hold_after": 0, **notes.options}
    result = play.task(UPDATE, options)
    assert {reason for dummy, dummy_, reason in reasons(result)} == {"too_new"}
    assert moves(play.sim) == []


def test_api_v1_waits_too(direct_for: Callable[..., Direct], notes: Notes) -> None:
    play = direct_for(fleet(child(Offer("1.1.0"))))
    result = play.task(UPDATE, {"all_sites": True, "api_version": "v1", **notes.options})
    assert reasons(result) == {("plugin", "skipped", "too_new")}


def test_a_folder_that_cannot_be_used_is_told_before_anything_is_written(
    direct_for: Callable[..., Direct], tmp_path: Path
) -> None:
    play = direct_for(fleet(child(Offer("1.1.0"))))
    (tmp_path / "file").write_text("")
    wrong = play.task(UPDATE, {"all_sites": True, "min_offer_age": 1, "offer_history": str(tmp_path / "file" / "in")})
    assert (wrong["error"]["reason"], wrong["error"]["option"]) == ("invalid_input", "offer_history")
    assert wrong.writes == []
