# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of what is not reproduced is honest, and nothing is recorded that is not replayed."""

from __future__ import annotations

from contract.not_reproduced import NOT_REPRODUCED, OUTSIDE
from contract.recordings import DIRECTORY, NAMES, load
from contract.stories import STORIES

#: Recordings that hold a selection, under the numbers that the exchanges had.
SELECTIONS = {"wp71-resources2"}


def test_the_only_reason_is_what_happened_outside() -> None:
    assert set(NOT_REPRODUCED.values()) == {OUTSIDE}


def test_listed_exchanges_exist() -> None:
    recorded = {(name, exchange.n) for name in NAMES for exchange in load(name)}
    assert set(NOT_REPRODUCED) <= recorded


def test_every_recording_has_a_story() -> None:
    files = {path.stem for path in DIRECTORY.glob("*.json")}
    assert files == set(NAMES) == set(STORIES)


def test_exchanges_are_numbered_in_order() -> None:
    for name in NAMES:
        numbers = [exchange.n for exchange in load(name)]
        assert numbers == (sorted(set(numbers)) if name in SELECTIONS else list(range(len(numbers)))), name
