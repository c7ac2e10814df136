# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RETURN promises is what comes back: no key more, no key less, of the types it says."""

from __future__ import annotations

import json

import jobs
import pytest
from integration._ansible import run_ansible
from integration._documented import ANSIBLES, differences
from integration._fleets import child, fleet, german
from integration._play import Task
from modules import ALL, MODULES, REMOTE, TABLE, code
from returns import promised

from simulator import Clock, Monitor, Offer, Plugin, Tag, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once


def hold(result) -> None:
    data = {key: value for key, value in result.data.items() if key not in ANSIBLES}
    assert differences(data, promised(result.task.module), result.task.module) == []


def troubled():
    """Every kind of update and every kind of trouble that one run can have."""
    broken = Plugin("bad/bad.php", "Bad", "1.0", offer=Offer("1.1", broken_package=True))
    full = child(
        Offer("1.1.0"), broken, theme=Offer("1.2"), core="7.0.4", core_offer="7.1", translations=[german(), german("x")]
    )
    made = fleet(full, child(Offer("1.1.0")), child(Offer("1.1.0", deactivates=True)), child(), child(Offer("1.1.0")))
    made.tags = {1: Tag(1, "canary")}
    made.sites[1].tags = [1]
    made.sites[2].child.down = True
    made.sites[5].suspended = True
    made.settings["monitoring"] = {"mainwp_uptime_monitoring_active": 1}
    made.monitors = {number: Monitor(number, 1) for number in (1, 2)}
    for at, status in enumerate((1, 0, 2, 1)):
        made.monitors[1].found(made.clock.now() - 4000 + 300 * at, status)
    made.sites[1].changes = [{"log_id": "80", "created": int(made.clock.now()) - 60, "item": "Shop"}]
    made.sites[4].dts_sync = 0
    return made


@pytest.mark.parametrize("module", REMOTE)
def test_results_are_as_documented(direct_for, module, dialect):
    made = troubled()
    made.clock = Clock(scale=60)  # for the background batch
    tasks = (Task(module, call.options, check=call.check, warns=call.warns) for call in TABLE[module].returns)
    for result in direct_for(made, dialect).tasks(*tasks, verbosity=1):
        hold(result)


@pytest.mark.parametrize("module", [name for name in MODULES if name not in REMOTE])
def test_results_on_the_controller_are_as_documented(module, tmp_path):
    for call in TABLE[module].returns:
        found = jobs.done(code(module).DOOR, {**call.options, "dir": str(tmp_path)})
        data = {key: value for key, value in found.items() if key not in ANSIBLES}
        assert differences(data, promised(module), module) == []


def test_failures_of_the_whole_task_are_as_documented(direct_for):
    play = direct_for(scenarios.small(1))
    play.connection["retries"] = 0
    play.sim.faults.add(action="status", code=429, times=None, headers={"Retry-After": "5"}, body={"code": "x"})
    for failure in ({}, {"timeout": 0}, {"url": "https://127.0.0.1:9"}, {"api_key": "malformed"}):
        for result in play.tasks(*(Task(name, {**TABLE[name].whole, **failure}) for name in REMOTE)):
            assert result.failed
            hold(result)


def test_v1_results_are_as_documented(direct_for):
    play = direct_for(troubled())
    play.connection["api_version"] = "v1"
    subsets = {"gather_subset": ["updates", "plugins", "themes"]}
    for result in play.tasks(
        Task("mainwp_site_info", subsets), Task("mainwp_sync", {**ALL, "max_age": 0}), Task("mainwp_batch_update", ALL)
    ):
        hold(result)


def test_ansible_doc_shows_every_module_with_its_fragments():
    done = run_ansible("ansible-doc", "--json", "--type", "module", *(f"wpfleet.mainwp.{name}" for name in MODULES))
    assert done.returncode == 0, done.stderr
    for name, entry in json.loads(done.stdout).items():
        remote = name.removeprefix("wpfleet.mainwp.") in REMOTE
        attributes = entry["doc"]["attributes"]
        assert {"check_mode", "diff_mode", "idempotent", "async", "platform"} <= attributes.keys()
        assert ("action_group" in attributes) is remote
        assert attributes["async"]["support"] == "none"
        assert attributes["check_mode"]["support"] == "full"
        notes = ("wpfleet.mainwp.mainwp_api", "wpfleet.mainwp.mainwp_lock", "wpfleet.mainwp.mainwp_outbox")
        assert attributes["idempotent"]["support"] == "full" or name in notes
        connection = {"url", "api_key", "run_on"}
        assert connection & entry["doc"]["options"].keys() == (connection if remote else set())
