# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every update run promises: a truthful plan, truthful work, and nothing to do the second time."""

from __future__ import annotations

from typing import Any

from integration._play import Task

from simulator import scenarios


def moves(play: Any) -> list[tuple[int, str, str, str, str]]:
    """What really moved, in the form of ``Result.updates``."""
    return sorted((one.site_id, one.type, one.slug, one.before, one.after) for one in play.sim.truth)


def test_check_mode_names_exactly_what_the_real_run_moves_and_a_second_run_does_nothing(play_for, dialect):
    play = play_for(scenarios.small(3), dialect)
    update = {"all_sites": True}
    planned, real, second = play.tasks(
        Task("mainwp_batch_update", update, check=True, diff=True),
        Task("mainwp_batch_update", update, diff=True),
        Task("mainwp_batch_update", update),
    )
    assert planned.changed
    assert planned.updates("planned") == real.updates("updated") == moves(play)
    assert real.changed
    assert not real.failed
    assert len(real.work) == 6  # plugins and themes of three sites
    assert not second.changed
    assert not second.failed
    assert second.work == []
    assert planned["diff"] == real["diff"]
    assert "https://site1.example/ plugin acme-seo/acme-seo.php 2.0.0\n" in real["diff"]["before"]
    assert "https://site1.example/ plugin acme-seo/acme-seo.php 2.1.0\n" in real["diff"]["after"]
