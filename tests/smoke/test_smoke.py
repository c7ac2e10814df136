# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must work on every ansible-core branch: imports, documentation, one playbook per module and dialect."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from modules import COLLECTION, MODULES, REMOTE, SITE, TABLE, V1

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
BIN = Path(sys.executable).parent
#: A simulator that takes longer to start hangs.
PATIENCE = 120
INVENTORIES = sorted(path.stem for path in (PLUGINS / "inventory").glob("*.py"))
ROLES = sorted(path.parents[1].name for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"))
PLAYBOOKS = sorted([*(ROOT / "playbooks").glob("*.yml"), *(ROOT / "examples").glob("*/maintain.yml")])


def run(program: str, *arguments: str | Path, rc: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [BIN / program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "ANSIBLE_NOCOLOR": "1"},
    )
    assert done.returncode == rc, done.stdout + done.stderr
    return done


def dotted_names() -> Iterator[str]:
    for path in sorted(PLUGINS.rglob("*.py")):
        name = path.relative_to(PLUGINS).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        yield f"ansible_collections.wpfleet.mainwp.plugins.{name}"


def test_everything_can_be_imported() -> None:
    for name in dotted_names():
        importlib.import_module(name)


@pytest.mark.parametrize("name", INVENTORIES)
def test_every_inventory_plugin_has_documentation(name: str) -> None:
    done = run("ansible-doc", "--json", "--type", "inventory", f"wpfleet.mainwp.{name}")
    assert json.loads(done.stdout)[f"wpfleet.mainwp.{name}"]["doc"]["options"]["url"]


def test_every_module_has_documentation() -> None:
    done = run("ansible-doc", "--json", "--type", "module", *(f"wpfleet.mainwp.{name}" for name in MODULES))
    documented = json.loads(done.stdout)
    assert sorted(documented) == [f"wpfleet.mainwp.{name}" for name in MODULES]
    for name, entry in documented.items():
        assert ("url" in entry["doc"]["options"]) is (name.removeprefix(COLLECTION) in REMOTE)
        assert entry["examples"]
        assert entry["return"]
    assert done.stderr == ""


def test_every_filter_has_documentation() -> None:
    names = [f"wpfleet.mainwp.{path.stem}" for path in sorted((PLUGINS / "filter").glob("*.yml"))]
    done = run("ansible-doc", "--json", "--type", "filter", *names)
    documented = json.loads(done.stdout)
    assert sorted(documented) == names
    assert all(entry["examples"] and entry["return"] for entry in documented.values())
    assert done.stderr == ""


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_documentation(role: str) -> None:
    done = run("ansible-doc", "--json", "--type", "role", f"wpfleet.mainwp.{role}")
    assert json.loads(done.stdout)[f"wpfleet.mainwp.{role}"]["entry_points"]


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_playbook_is_accepted(path: Path) -> None:
    run("ansible-playbook", "--syntax-check", path)


@pytest.fixture(params=["abilities", "classic", "v1"])
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def connection(dialect: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The connection options for a simulated Dashboard that speaks the dialect."""
    ready = tmp_path / "ready.json"
    arguments = ["--scenario", "demo", "--scale", "20", "--ready-file", str(ready)]
    if dialect != "v1":
        arguments += ["--dialect", dialect]
    command = [sys.executable, "-m", "simulator", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, env=env) as server:
        try:
            deadline = time.monotonic() + PATIENCE
            while not ready.exists():
                assert server.poll() is None, "the simulator ended"
                assert time.monotonic() < deadline, "the simulator does not start"
                time.sleep(0.02)
            facts = json.loads(ready.read_text())
            options = {"url": facts["url"], "api_key": facts["api_key"]}
            if dialect == "v1":
                options = {
                    "url": facts["url"],
                    "consumer_key": facts["consumer_key"],
                    "consumer_secret": facts["consumer_secret"],
                    "api_version": "v1",
                }
            yield options
        finally:
            server.terminate()


def playbook(path: Path, connection: dict[str, str], tasks: list[dict[str, object]]) -> Path:
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/wpfleet.mainwp.mainwp": connection},
        "tasks": tasks,
    }
    path.write_text(yaml.safe_dump([play], sort_keys=False))
    return path


@pytest.mark.parametrize("module", MODULES)
def test_every_module_runs(module: str, dialect: str, connection: dict[str, str], tmp_path: Path) -> None:
    row, name = TABLE[module], COLLECTION + module
    options = {key: value for key, value in row.call.items() if (key, dialect) != ("gather_subset", "v1")}
    call = {name: options, "register": "result"}
    if dialect == "v1" and module in REMOTE and module not in V1:
        refusal = [
            {"name": "Ask for too much", **call, "ignore_errors": True},
            {"name": "See the refusal", "ansible.builtin.assert": {"that": ["result is failed", "'v1' in result.msg"]}},
        ]
        run("ansible-playbook", playbook(tmp_path / "play.yml", connection, refusal))
        return
    there = {"run_on": "host"} if module in REMOTE else {}
    expected = {"surely": "result is changed", "never": "result is not changed", "maybe": "result is not failed"}
    tasks = [
        {"name": "Run in check mode, as a module where it can be one", name: {**options, **there}, "check_mode": True},
        {"name": "Run as an action", **call},
        {"name": "See whether something changed", "ansible.builtin.assert": {"that": [expected[row.changes]]}},
    ]
    done = run("ansible-playbook", playbook(tmp_path / "play.yml", connection, tasks))
    assert "[DEPRECATION WARNING]" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", INVENTORIES)
def test_every_inventory_plugin_lists_hosts(name: str, connection: dict[str, str], tmp_path: Path) -> None:
    source = tmp_path / "fleet.mainwp.yml"
    source.write_text(yaml.safe_dump({"plugin": f"wpfleet.mainwp.{name}", **connection}))
    listing = json.loads(run("ansible-inventory", "-i", source, "--list").stdout)
    assert SITE in listing["_meta"]["hostvars"]
