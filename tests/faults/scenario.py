# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario: all that a seed decides."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from .troubles import BY_NAME, DEATHS, TROUBLES, Trouble
from .world import CLASSIC, V1

FLEET, SITES = "fleet", "sites"


@dataclass(frozen=True)
class Scenario:
    """What is run against which trouble."""

    seed: int
    lead: Trouble
    dialect: str
    troubles: tuple[Trouble, ...]
    #: the options of mainwp_batch_update beside the connection's
    options: dict[str, Any]
    #: one task for the fleet, or one per site
    style: str
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

    @property
    def twice(self) -> bool:
        """Two runs at once?"""
        return any(trouble.runs == "twice" for trouble in self.troubles)

    @property
    def killed(self) -> bool:
        """Is a run to be killed, and run again?"""
        return any(trouble.runs == "killed" for trouble in self.troubles)

    def __str__(self) -> str:
        door = "ansible-playbook" if self.playbook else "child process"
        names = ", ".join(trouble.name for trouble in self.troubles)
        return f"seed {self.seed}: {self.dialect}, {self.style}, {door}: {names}; {self.options}"


def scenario(seed: int) -> Scenario:
    """The scenario of a seed. Seeds walk through the table of troubles, and through the dialects of each."""
    pick = random.Random(f"{seed} scenario")
    turn, index = divmod(seed, len(TROUBLES))
    lead = TROUBLES[index]
    dialect = lead.dialects[turn % len(lead.dialects)]
    others = [item for item in TROUBLES if item.runs == "once" and dialect in item.dialects and item is not lead]
    troubles = [lead, *pick.sample(others, pick.choice([0, 0, 1, 1, 2, 3]))]
    if lead.runs != "killed" and pick.random() < 0.3:
        nine = [item for item in DEATHS if item.name.startswith("killed")]
        troubles.append(pick.choice(nine if pick.random() < 0.8 else DEATHS))
    elif lead.runs == "once" and pick.random() < 0.05:
        troubles.append(BY_NAME["two runs at once"])
    locks = {"lock_dir": "locks"} if pick.random() < (0.5 if lead.runs == "twice" else 0.05) else {}
    style = SITES if pick.random() < 0.1 and "update_method" not in lead.options else FLEET
    return Scenario(
        seed=seed,
        lead=lead,
        dialect=dialect,
        troubles=tuple(troubles),
        options=_options(pick, dialect, style) | locks | dict(lead.options),
        style=style,
        playbook=pick.random() < 0.08 and style == FLEET,
        relents=pick.random() < 0.5,
        sync_first=pick.random() < 0.06,
        check_first=pick.random() < 0.06,
        verbose=pick.random() < 0.8,
    )


def _options(pick: random.Random, dialect: str, style: str) -> dict[str, Any]:
    """Random options of an update run."""
    options: dict[str, Any] = {
        "all_sites": True,
        "max_age": pick.choice([0, 60, 300, 3600]),
        "reconnect": pick.random() < 0.3,
        "hold_after": pick.choice([0, 1, 2, 2]),
        "wait_timeout": pick.choice([30, 60, 120]),
        "poll_interval": pick.choice([1, 5, 15]),
        "retries": pick.choice([0, 1, 3, 3]),
    }
    if pick.random() < 0.6:
        options["concurrency"] = pick.choice([1, 2, 4, 8])
    if dialect != V1 and style == FLEET and pick.random() < (0.3 if dialect == CLASSIC else 0.15):
        options["update_method"] = "dashboard_batch"
        if dialect == CLASSIC and pick.random() < 0.2:
            options["wait"] = False
    elif pick.random() < 0.2:
        options |= pick.choice(
            [
                {"exclude_updates": ["acme-cache"]},
                {"types": ["plugins", "core"]},
                {"max_version_change": "minor"},
                {"include_updates": ["plugin:*", "core:*"]},
            ]
        )
    if pick.random() < 0.15:
        options["max_failed_sites"] = pick.choice(["1", "30%"])
    if pick.random() < 0.15:
        options["expected_failures"] = [{"site": str(pick.randint(1, 2))}]
    if style == FLEET and pick.random() < 0.15:
        options["exclude_sites"] = ["2"]
    if pick.random() < (0.5 if style == SITES else 0.05):
        options["health_check"] = {"patience": 10}
    return options
