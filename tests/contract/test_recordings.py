# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every recorded exchange, replayed in order against a simulator that holds the same fleet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from contract.not_reproduced import NOT_REPRODUCED
from contract.player import Player
from contract.recordings import NAMES, Exchange, load
from contract.stories import STORIES

EXCHANGES = [exchange for name in NAMES for exchange in load(name)]


@pytest.fixture(scope="module")
def player() -> Iterator[Callable[[str], Player]]:
    """The story of a recording, started when first asked for and kept until the last test."""
    players: dict[str, Player] = {}
    with ExitStack() as stack:

        def start(name: str) -> Player:
            if name not in players:
                players[name] = stack.enter_context(Player(STORIES[name]))
            return players[name]

        yield start


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: f"{exchange.recording}-{exchange.n}")
def test_exchange(exchange: Exchange, player: Callable[[str], Player]) -> None:
    """The simulator answers as the real Dashboard did – or differs, where it is listed to."""
    differences = player(exchange.recording).differences(exchange.n)
    reason = NOT_REPRODUCED.get((exchange.recording, exchange.n))
    if reason:
        assert differences, f"{exchange.title}: is reproduced after all; take it off the list ({reason})"
        return
    if differences:
        shown = "\n  ".join(str(difference) for difference in differences[:20])
        pytest.fail(f"{exchange.title} ({exchange.note}): {len(differences)} differences\n  {shown}", pytrace=False)
