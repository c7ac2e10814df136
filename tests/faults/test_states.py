# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short campaign of what is present or absent: each kind, each way of losing a write, each deed of somebody else."""

from __future__ import annotations

import pytest

from .kinds import KINDS
from .states import LOSSES, RIVALS, run

#: what has to be shown, of each kind of thing
EVERYTHING = {
    (kind.module, text) for kind in KINDS for text in (*LOSSES, *RIVALS, "abilities", "classic", "present", "absent")
}


def shows(seed: int) -> set[tuple[str, str]]:
    """What a story has a part in."""
    story = run(seed, dry=True)
    return {(story.kind.module, text) for text in story.shows}


def short() -> list[int]:
    """Few stories that together show everything."""
    every = {seed: shows(seed) for seed in range(200 * len(KINDS))}
    missing, chosen = set(EVERYTHING), []
    while missing:
        chosen.append(max(every, key=lambda seed: len(every[seed] & missing)))
        assert every[chosen[-1]] & missing, missing
        missing -= every[chosen[-1]]
    return chosen


@pytest.mark.parametrize("seed", short())
def test_nothing_is_made_twice_lost_or_told_wrong(seed: int) -> None:
    story = run(seed)
    assert not story.violations, str(story)
