# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real ``ansible-inventory`` and ``ansible-playbook`` runs with the inventory plugin, read into plain data."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from integration._ansible import Wrapped, run_ansible
from integration._play import assert_no_secrets

from simulator import Simulator
from simulator.journal import Journal

PLUGIN = "wpfleet.mainwp.mainwp"
#: Ansible's own complaint about a source that no plugin could read then makes a run fail.
STRICT = {"ANSIBLE_INVENTORY_UNPARSED_FAILED": "true"}


class Listing:
    """What ``ansible-inventory --list`` printed."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.done = done
        self.rc = done.returncode
        self.warnings = Wrapped(done.stderr)
        self.data: dict[str, Any] = plain(json.loads(done.stdout or "{}"))

    @property
    def hosts(self) -> dict[str, dict[str, Any]]:
        """Host name → hostvars."""
        return dict(self.data.get("_meta", {}).get("hostvars", {}))

    def group(self, name: str) -> list[str]:
        """The hosts of a group, in its order; none where there is no such group."""
        return list(self.data.get(name, {}).get("hosts", []))

    @property
    def groups(self) -> set[str]:
        """All groups but Ansible's own."""
        return set(self.data) - {"_meta", "all", "ungrouped"}


class Inventory:
    """Inventory files in a folder of their own, against some simulators, whose keys must never be seen."""

    def __init__(self, folder: Path, *sims: Simulator) -> None:
        self.folder = folder
        self.sims = sims
        self.path = folder / "fleet.mainwp.yml"

    def write(self, options: Mapping[str, Any] | None = None, **more: Any) -> Path:
        """The configuration file: ``plugin``, the first simulator's connection, and what is given."""
        sim = self.sims[0]
        content = {"plugin": PLUGIN, "url": sim.url, "api_key": sim.key("read").token, "name": "agency"}
        content.update(options or {}, **more)
        text = yaml.safe_dump({key: value for key, value in content.items() if value is not None}, sort_keys=False)
        self.path.write_text(text)
        return self.path

    def list(
        self, *args: str, env: Mapping[str, str] | None = None, must_parse: bool = True, **options: Any
    ) -> Listing:
        """``ansible-inventory --list`` with these options in the file; without any, with the file as it is."""
        if options or not self.path.exists():
            self.write(options)
        return Listing(self.run("ansible-inventory", "--list", *args, env=env, must_parse=must_parse))

    def graph(self) -> str:
        """``ansible-inventory --graph`` with the file as it is."""
        return self.run("ansible-inventory", "--graph").stdout

    def play(self, tasks: Sequence[Mapping[str, Any]], *args: str, hosts: str = "mainwp_sites") -> str:
        """The output of a play on the inventory's hosts; it must succeed."""
        book = self.folder / "play.yml"
        book.write_text(yaml.safe_dump([{"hosts": hosts, "gather_facts": False, "tasks": list(tasks)}]))
        done = self.run("ansible-playbook", str(book), *args)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(
        self, program: str, *args: str, env: Mapping[str, str] | None = None, must_parse: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Any of Ansible's programs on the file."""
        settings = {**(STRICT if must_parse else {}), **(env or {})}
        done = run_ansible(program, "-i", str(self.path), *args, env=settings)
        for sim in self.sims:
            assert_no_secrets(sim, done.stdout + done.stderr)
        assert "[DEPRECATION WARNING]" not in done.stdout + done.stderr, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done


def plain(value: Any) -> Any:
    """JSON without Ansible's marks for untrusted text."""
    if isinstance(value, dict):
        if set(value) == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def paths(journal: Journal) -> list[str]:
    """Method and path of each request so far."""
    return [f"{entry.method} {entry.path}" for entry in journal.entries]
