# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The replay can fail: a story that is told wrong is noticed, at the exchange where it goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from contract import fleets
from contract.player import Player
from contract.stories import STORIES, Story
from simulator import Fleet, Simulator


def differing(story: Story, last: int) -> list[int]:
    """The exchanges up to the last one that the simulator answers otherwise than recorded."""
    with Player(story) as player:
        return [n for n in range(last + 1) if player.differences(n)]


def other_fleet(change: Callable[[Fleet], object], story: Story) -> Story:
    def build() -> Fleet:
        fleet = story.fleet()
        change(fleet)
        return fleet

    return replace(story, fleet=build)


def test_the_other_dialect_is_noticed() -> None:
    class Turned(Story):
        dialect = "classic"

    story = STORIES["wp71-read"]
    assert differing(story, 10) == []
    assert differing(Turned(story.name, story.fleet), 10) == [5, 6, 8, 10]


def test_a_missing_repair_is_noticed() -> None:
    story = STORIES["wp71-failures"]
    events = {n: event for n, event in story.events.items() if n != 23}
    assert differing(replace(story, events=events), 27) == [25, 26, 27]


def test_an_unannounced_event_is_noticed() -> None:
    def goes_down(simulator: Simulator) -> None:
        simulator.fleet.sites[1].child.down = True

    story = STORIES["wp71-update-lifecycle"]
    assert differing(replace(story, events={3: goes_down}), 3) == [3]


def test_a_version_that_is_not_there_is_noticed() -> None:
    def change(fleet: Fleet) -> None:
        fleets.update_everything(fleet.sites[1].child)

    assert differing(other_fleet(change, STORIES["wp68-update-lifecycle"]), 3) == [3]


def test_a_sync_that_does_not_move_is_noticed() -> None:
    def stop(simulator: Simulator) -> None:
        simulator.clock.advance = lambda _: None  # type: ignore[method-assign]  # a stuck clock is the point

    story = STORIES["wp71-failures"]
    assert differing(story, 4) == []
    assert differing(replace(story, events={**story.events, 2: stop}), 4) == [4]


def test_an_unknown_way_to_authenticate_is_an_error() -> None:
    class Silent(Story):
        raw: dict[int, str] = {5: "by heart"}  # noqa: RUF012  # as the class it stands in for has it

    story = STORIES["wp71-auth"]
    with Player(Silent(story.name, story.fleet)) as player, pytest.raises(ValueError, match="by heart"):
        player.differences(5)
