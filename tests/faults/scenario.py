# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario: all that a seed decides."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from .options import FOR_TWO, Choice, draw, options_of
from .troubles import BY_NAME, DEATHS, TROUBLES, Trouble
from .ways import WAYS, Way

#: one task for the fleet; one for each site, one after another; waves: several at a time
FLEET, SITES, WAVES = "fleet", "sites", "waves"
#: so many processes at a time in a wave
THROTTLE = 3


@dataclass(frozen=True)
class Scenario:
    """What is run against which trouble."""

    seed: int
    lead: Trouble
    dialect: str
    troubles: tuple[Trouble, ...]
    #: the options of mainwp_batch_update beside the connection's
    choices: tuple[Choice, ...]
    style: str
    way: Way
    #: a whole ansible-playbook instead of a child process
    playbook: bool
    #: does all trouble end before the run that follows a kill?
    relents: bool
    #: a mainwp_sync before
    sync_first: bool
    #: a dry run before
    check_first: bool
    #: does the result carry every site even when it fails?
    verbose: bool
    #: simulated seconds between two runs at once
    between: float

    @property
    def options(self) -> dict[str, Any]:
        """All options; some values are still to be made from the world."""
        return options_of(self.choices) | dict(self.lead.options)

    @property
    def twice(self) -> bool:
        """Two runs at once?"""
        return any(trouble.runs == "twice" for trouble in self.troubles)

    @property
    def still(self) -> bool:
        """Does nothing change but by our own runs, so that a dry run must say what the next one does?"""
        return all(trouble.still for trouble in self.troubles)

    def __str__(self) -> str:
        door = "ansible-playbook" if self.playbook else "child process"
        names = ", ".join(trouble.name for trouble in self.troubles)
        chosen = ", ".join(choice.name for choice in self.choices)
        return f"seed {self.seed}: {self.dialect}, {self.style}, {door}, {self.way.name}: {names}; {chosen}"


def scenario(seed: int) -> Scenario:
    """The scenario of a seed. Seeds walk through the table of troubles, and through the dialects of each."""
    pick = random.Random(f"{seed} scenario")
    turn, index = divmod(seed, len(TROUBLES))
    lead = TROUBLES[index]
    dialect = lead.dialects[turn % len(lead.dialects)]
    others = [item for item in TROUBLES if item.runs == "once" and dialect in item.dialects and item is not lead]
    alone = lead.still and pick.random() < 0.5
    troubles = [lead, *pick.sample(others, 0 if alone else pick.choice([0, 0, 1, 1, 2, 3]))]
    if alone:
        pass
    elif lead.runs != "killed" and pick.random() < 0.3:
        nine = [item for item in DEATHS if item.name.startswith("killed")]
        troubles.append(pick.choice(nine if pick.random() < 0.8 else DEATHS))
    elif lead.runs == "once" and pick.random() < 0.05:
        troubles.append(BY_NAME["two runs at once"])
    style = pick.choices([FLEET, SITES, WAVES], [0 if lead.per_site else 14, 1, 2])[0]
    style = FLEET if "update_method" in lead.options else style
    choices = draw(pick, seed + turn, dialect, style != FLEET, lead.options)
    meets = any(choice.option in FOR_TWO for choice in choices)
    if meets and all(trouble.runs == "once" for trouble in troubles):
        troubles.append(BY_NAME["two runs at once"])
    dead = any(trouble.runs == "killed" for trouble in troubles)
    return Scenario(
        seed=seed,
        lead=lead,
        dialect=dialect,
        troubles=tuple(troubles),
        choices=choices,
        style=style,
        way=pick.choices(WAYS, [way.weight for way in WAYS])[0],
        playbook=pick.random() < 0.08 and style == FLEET,
        relents=pick.random() < 0.5,
        sync_first=pick.random() < 0.06,
        check_first=pick.random() < (0.06 if dead or not all(trouble.still for trouble in troubles) else 0.6),
        verbose=pick.random() < 0.8,
        between=pick.choice([0, 0, 1.5, 5, 20]),
    )
