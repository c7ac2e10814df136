# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each run has a folder of its own, named by a second that no other run has."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml

from ansible_collections.wpfleet.mainwp.plugins.lookup.run_start import LookupModule
from ansible_collections.wpfleet.mainwp.plugins.module_utils._files import second_of_its_own

ROLE = Path(__file__).resolve().parents[2] / "roles" / "fleet_maintenance"


class Frozen:
    """A clock that moves while somebody sleeps."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 1
        self.now += seconds


def test_who_comes_within_a_second_waits_for_the_next(tmp_path: Path) -> None:
    folder, begun = tmp_path / "reports" / "dash", []
    for dummy in range(3):
        clock = Frozen(1_795_905_000.25)
        begun.append(second_of_its_own(folder, clock, clock.sleep))
    assert begun == ["2026-11-28T22:30:00Z", "2026-11-28T22:30:01Z", "2026-11-28T22:30:02Z"]
    assert sorted(path.name for path in folder.iterdir()) == [one.replace(":", "") for one in begun]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder.parent, folder, *folder.iterdir())} == {0o700}
    clock = Frozen(1_795_905_000.75)
    assert second_of_its_own(tmp_path / "another", clock, clock.sleep) == begun[0]


def test_nobody_waits_for_ever(tmp_path: Path) -> None:
    for number in range(70):
        clock = Frozen(1_795_905_000.0 + number)
        second_of_its_own(tmp_path, clock, clock.sleep)
    clock = Frozen(1_795_905_000.0)
    with pytest.raises(FileExistsError):
        second_of_its_own(tmp_path, clock, clock.sleep)


def test_the_lookup_tells_the_time_whatever_becomes_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = LookupModule().run([str(tmp_path / "dash"), "", str(tmp_path / "file" / "below")])
    assert len(told) == 3
    assert [path.name for path in (tmp_path / "dash").iterdir()] == [told[0].replace(":", "")]
    first, second = (LookupModule().run([str(tmp_path / "twice")])[0] for dummy in range(2))
    assert first < second


def test_the_role_begins_so_where_it_writes() -> None:
    tasks = yaml.safe_load((ROLE / "tasks" / "main.yml").read_text())
    (facts,) = [task["ansible.builtin.set_fact"] for task in tasks if "ansible.builtin.set_fact" in task]
    assert facts["_fleet_maintenance_started"] == "{{ lookup('wpfleet.mainwp.run_start', _fleet_maintenance_claimed) }}"
