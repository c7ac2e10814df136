# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is called by its name needs no file outside of four folders: Ansible's community asks for that."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from integration._role import ROOT, Maintenance

from simulator import Simulator, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

FOUR = ("meta", "playbooks", "plugins", "roles")


def test_a_whole_run_needs_nothing_else(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    copy = tmp_path / "collections" / "ansible_collections" / "wpfleet" / "mainwp"
    for name in FOUR:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    playbook = copy / "playbooks" / "maintain_fleet.yml"
    names = playbook.read_text(encoding="utf-8")
    playbook.write_text(names.replace("- name: ", "- name: By the copy, ", 1), encoding="utf-8")

    role = Maintenance(tmp_path, dash=simulate(scenarios.small(2)))
    role.env = {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "collections")}
    run = role.run(
        playbook="wpfleet.mainwp.maintain_fleet",
        fleet_maintenance_report_formats=["json", "markdown", "html"],
    )
    assert run.rc == 0, run.output
    run.says("By the copy, ")
    (folder,) = role.report_dirs()
    assert {path.suffix for path in folder.glob("*")} == {".json", ".md", ".html"}
    assert role.report()["msg"] == "2 ok (8 updates)"
