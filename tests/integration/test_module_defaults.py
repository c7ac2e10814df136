# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One action serves all modules, and yet each gets its own defaults, and those of its groups, by whatever name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration._ansible import run_ansible
from integration._play import COLLECTION
from modules import MODULES, REMOTE, TABLE

RUNTIME = yaml.safe_load((Path(__file__).resolve().parents[2] / "meta" / "runtime.yml").read_text())
GROUPS: dict[str, list[str]] = RUNTIME["action_groups"]
#: Options that no module has: each refuses those that reach it, and names them.
DEFAULTS = {
    **{f"{COLLECTION}{name}": {f"own_of_{name}": True} for name in MODULES},
    **{f"group/{COLLECTION}{group}": {f"of_group_{group}": True} for group in GROUPS},
}


def one_of_each() -> list[str]:
    """One module for each choice of groups: whose defaults a task gets, is decided before it takes a door."""
    chosen = {tuple(group for group in GROUPS if name in GROUPS[group]): name for name in REMOTE}
    return sorted(chosen.values())


def refused(folder: Path, prefix: str, options: dict[str, Any], modules: list[str]) -> dict[str, str]:
    """What each module says of its defaults, by the name it was called by."""
    tasks: list[dict[str, Any]] = [
        {"name": name, f"{prefix}{name}": {**TABLE[name].call, **options}, "ignore_errors": True} for name in modules
    ]
    play = {"hosts": "localhost", "gather_facts": False, "module_defaults": DEFAULTS, "tasks": tasks}
    if not prefix:
        play["collections"] = [COLLECTION.rstrip(".")]
    path = folder / "play.yml"
    path.write_text(yaml.safe_dump([play], sort_keys=False))
    done = run_ansible("ansible-playbook", str(path))
    sections = re.split(r"^TASK \[(\w+)\].*$", done.stdout, flags=re.MULTILINE)[1:]
    return dict(zip(sections[::2], sections[1::2], strict=True))


@pytest.mark.parametrize(
    ("prefix", "options"),
    [(COLLECTION, {}), ("", {}), (COLLECTION, {"run_on": "host"})],
    ids=["controller", "short names", "host"],
)
def test_every_module_gets_its_own_defaults_and_those_of_its_groups(
    tmp_path: Path, prefix: str, options: dict[str, Any]
) -> None:
    modules = one_of_each() if options else MODULES
    said = refused(tmp_path, prefix, options, modules)
    assert list(said) == modules
    for name, text in said.items():
        groups = [group for group, members in GROUPS.items() if name in members]
        given = sorted([f"own_of_{name}", *(f"of_group_{group}" for group in groups)])
        assert re.search(rf"{name}\) module: {', '.join(given)}\. Supported parameters include", text), text


def test_a_name_that_leads_to_a_module_opens_its_door(tmp_path: Path) -> None:
    """As the old name of a module would, or somebody's own collection."""
    meta = tmp_path / "ansible_collections" / "other" / "things" / "meta"
    meta.mkdir(parents=True)
    routing = {"modules": {"look": {"redirect": f"{COLLECTION}mainwp_site_info"}}}
    (meta / "runtime.yml").write_text(yaml.safe_dump({"plugin_routing": routing}))
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [{"other.things.look": {"nonsense": True}}]}
    path = tmp_path / "play.yml"
    path.write_text(yaml.safe_dump([play]))
    done = run_ansible("ansible-playbook", str(path), env={"ANSIBLE_COLLECTIONS_PATH": str(tmp_path)})
    assert re.search(r"\(wpfleet\.mainwp\.mainwp_site_info\) module: nonsense\. ", done.stdout), done.stdout
