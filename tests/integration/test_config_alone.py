# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs that apply a tree to one Dashboard at once: one waits for the other, and looks again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from integration._config import CONFIG, world
from integration._job import job
from integration._play import Task

from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_config

pytestmark = pytest.mark.usefixtures("hurry")


def test_two_runs_at_once_make_nothing_twice(simulate, tmp_path):
    """A new tag beside one of nearly its name is called otherwise at first, so that nobody else would know it."""
    sim = simulate(world())
    names = ["Tag", "tag", "x (2)", "back \\ slash"]
    options = {"tree": {"tags": [{"name": name} for name in names]}, "lock_dir": str(tmp_path)}
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(job, sim, mainwp_config.DOOR, **options) for dummy in range(2)]
        results = [run.result() for run in runs]
    assert sorted(tag.name for tag in sim.fleet.tags.values()) == sorted(names)
    assert [result["changed"] for result in sorted(results, key=lambda one: one["changed"])] == [False, True]


def test_a_run_that_waits_too_long_sends_nothing(direct_for, tmp_path):
    """Check mode, and a run that has nothing to do, wait for nobody."""
    play = direct_for(world())
    options = {"tree": {"tags": [{"name": "Tag"}]}, "lock_dir": str(tmp_path), "lock_timeout": 0}
    other = Locks(str(tmp_path), play.sim.url)
    assert other.take(["config"]) is None
    planned, refused = play.tasks(Task(CONFIG, options, check=True), Task(CONFIG, options))
    assert (planned.failed, planned.changed) == (False, True)
    assert (refused.failed, refused["error"]["reason"], refused.writes) == (True, "locked", [])
    assert "applies a tree to this Dashboard" in refused.msg
    other.close()
    assert not play.task(CONFIG, options).failed
    other.take(["config"])
    assert not play.task(CONFIG, options).failed
