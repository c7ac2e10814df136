# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must work on every ansible-core branch: imports, documentation, and of every module a run per dialect.

Starting Ansible, and sending a module to a host, cost more than all that a run does. So a dialect has one playbook, of which
each module has its tasks, and a module travels in one of the dialects only: which one, does not depend on the branch.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration._ansible import run_ansible
from integration._play import COLLECTION, Play, Result, Task
from modules import INFO, MODULES, REMOTE, SITE, TABLE, V1

from simulator import Clock, Simulator, scenarios

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
INVENTORIES = sorted(path.stem for path in (PLUGINS / "inventory").glob("*.py"))
ROLES = sorted(path.parents[1].name for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"))
PLAYBOOKS = sorted([*(ROOT / "playbooks").glob("*.yml"), *(ROOT / "examples").glob("*/maintain.yml")])
#: Who travels to a host, by dialect.
TRAVELLERS = {"abilities": [], "classic": [], "v1": V1}
for number, name in enumerate(name for name in REMOTE if name not in V1):
    TRAVELLERS["classic" if number % 2 else "abilities"].append(name)


def run(program: str, *arguments: str | Path) -> str:
    """The output of a program of Ansible that goes well."""
    done = run_ansible(program, *map(str, arguments))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def dotted_names() -> Iterator[str]:
    for path in sorted(PLUGINS.rglob("*.py")):
        name = path.relative_to(PLUGINS).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        yield f"ansible_collections.wpfleet.mainwp.plugins.{name}"


def test_everything_can_be_imported() -> None:
    for name in dotted_names():
        importlib.import_module(name)


def documented(kind: str, names: list[str]) -> dict[str, Any]:
    """What ansible-doc knows of plugins, by the names that they have in the collection."""
    done = run_ansible("ansible-doc", "--json", "--type", kind, *(COLLECTION + name for name in names))
    assert done.returncode == 0, done.stderr
    assert kind == "role" or done.stderr == ""  # whoever looks for roles meets collections of Ansible's own
    found = {name.removeprefix(COLLECTION): entry for name, entry in json.loads(done.stdout).items()}
    assert sorted(found) == names
    return found


def test_every_module_has_documentation() -> None:
    for name, entry in documented("module", MODULES).items():
        assert ("url" in entry["doc"]["options"]) is (name in REMOTE)
        assert entry["examples"]
        assert entry["return"]


def test_every_filter_has_documentation() -> None:
    names = sorted(path.stem for path in (PLUGINS / "filter").glob("*.yml"))
    assert all(entry["examples"] and entry["return"] for entry in documented("filter", names).values())


def test_every_inventory_plugin_has_documentation() -> None:
    assert all(entry["doc"]["options"]["url"] for entry in documented("inventory", INVENTORIES).values())


def test_every_role_has_documentation() -> None:
    assert all(entry["entry_points"] for entry in documented("role", ROLES).values())


def test_every_playbook_is_accepted() -> None:
    accepted = run("ansible-playbook", "--syntax-check", *PLAYBOOKS)
    assert all(f"playbook: {path}" in accepted for path in PLAYBOOKS)


@pytest.fixture(params=["abilities", "classic", "v1"])
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def play(dialect: str, tmp_path: Path) -> Iterator[Play]:
    """Playbooks against a simulated Dashboard that speaks the dialect."""
    options = ("classic",) if dialect == "classic" else ()
    with Simulator(scenarios.demo(), *options, clock=Clock(20)) as sim:
        key = sim.key()
        legacy = {"consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret, "api_version": "v1"}
        found = Play(tmp_path, sim, **(legacy if dialect == "v1" else {}))
        if dialect == "v1":
            del found.connection["api_key"]
        yield found


def problem(result: Result, served: bool) -> str:
    """What is wrong with what a module returned; empty if nothing is."""
    changes = TABLE[result.task.module].changes
    if result.failed:
        return f"failed: {result.msg}" if served or "v1" not in result.msg else ""
    if served and (result.task.check or changes == "maybe" or result.changed is (changes == "surely")):
        return ""
    return f"not refused, changed: {result.changed}"


def test_every_module_runs(dialect: str, play: Play) -> None:
    """In check mode, as a module where it can be one; then as an action. v1 refuses most."""

    def options(module: str) -> dict[str, object]:
        return {key: value for key, value in TABLE[module].call.items() if (key, dialect) != ("gather_subset", "v1")}

    modules = sorted(MODULES, key=lambda name: name not in INFO)  # what changes nothing goes first
    refused = set(REMOTE) - set(V1) if dialect == "v1" else set()
    tasks = [
        Task(name, options(name), check=check, door="host" if check and name in TRAVELLERS[dialect] else "")
        for check in (True, False)
        for name in modules
        if not (check and name in refused)
    ]
    problems = [(result, problem(result, result.task.module not in refused)) for result in play.tasks(*tasks)]
    assert not [(result.task, text) for result, text in problems if text]


@pytest.mark.parametrize("name", INVENTORIES)
def test_every_inventory_plugin_lists_hosts(name: str, play: Play, tmp_path: Path) -> None:
    source = tmp_path / "fleet.mainwp.yml"
    source.write_text(yaml.safe_dump({"plugin": COLLECTION + name, **play.connection}))
    listing = json.loads(run("ansible-inventory", "-i", str(source), "--list"))
    assert SITE in listing["_meta"]["hostvars"]
