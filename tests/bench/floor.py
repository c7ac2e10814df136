# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least time in which the Dashboard's limits let anybody do it (all in seconds of the Dashboard). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """MainWP's defaults: calls at a time, pause between any two syncs, and between two on one address."""

    sync_lanes: int = 4
    gap: float = 0.2
    ip_gap: float = 1.0
    update_lanes: int = 3


LIMITS = Limits()
#: What updating one site takes at least: a sync, a read of what is pending, plugins, themes, the verifying sync.
UPDATE_SYNCS, UPDATE_READS, UPDATE_WRITES = 2, 1, 2
#: What switching one plugin on one site takes: a sync, which tells what is there, the call, the verifying sync.
ACTIVATE_WRITES = 1


def sync_floor(queues: Sequence[int], latency: float, own: float, limits: Limits = LIMITS) -> float:
    """``queues``: sites per address. One call a site, which takes ``latency`` + ``own``."""
    sites, call = sum(queues), latency + own
    return max(sites * limits.gap, sites * call / limits.sync_lanes, max(queues) * max(limits.ip_gap, call))


def update_floor(queues: Sequence[int], latency: float, own: float, limits: Limits = LIMITS) -> float:
    """Of updates, three plugins and a theme."""
    turn = (UPDATE_SYNCS + UPDATE_WRITES) * (latency + own) + UPDATE_READS * own
    return _turns(queues, turn, limits)


def activate_floor(queues: Sequence[int], latency: float, own: float, limits: Limits = LIMITS) -> float:
    """Of one plugin that is activated."""
    turn = (UPDATE_SYNCS + ACTIVATE_WRITES) * (latency + own)
    return _turns(queues, turn, limits)


def _turns(queues: Sequence[int], turn: float, limits: Limits) -> float:
    """One turn a site: its calls follow one another, and one site of an address is worked on at a time."""
    sites = sum(queues)
    return max(
        sites * UPDATE_SYNCS * limits.gap,
        sites * turn / limits.update_lanes,
        max(queues) * max(UPDATE_SYNCS * limits.ip_gap, turn),
    )
