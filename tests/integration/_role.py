# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the role fleet_maintenance against simulated Dashboards that are hosts of an inventory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from integration._ansible import run_ansible
from integration._play import assert_no_secrets

from simulator import Simulator
from simulator.journal import Entry

ROOT = Path(__file__).resolve().parents[2]
ROLE = "wpfleet.mainwp.fleet_maintenance"
#: Written by a hook: what the role tells tasks and handlers.
FACTS = ("selected_sites", "result", "changed_sites", "report", "failure", "sync_result")


class Run:
    """One run of a playbook with the role, and the requests that it sent."""

    def __init__(self, rc: int, output: str, journals: Mapping[str, list[Entry]], folder: Path) -> None:
        self.rc = rc
        self.output = output
        self._journals = journals
        self._folder = folder

    def journal(self, host: str = "dash") -> list[Entry]:
        return self._journals[host]

    def writes(self, host: str = "dash") -> list[Entry]:
        return [entry for entry in self.journal(host) if entry.is_write]

    def recap(self, host: str = "dash") -> dict[str, int]:
        """Ansible's own counts."""
        found = re.search(rf"^{host} +: (.*)$", self.output, re.MULTILINE)
        assert found, self.output
        return {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", found[1])}

    def facts(self, host: str = "dash") -> dict[str, Any]:
        """What the hook ``facts`` wrote."""
        return json.loads((self._folder / f"facts-{host}.json").read_text())

    def says(self, *texts: str) -> None:
        """Each of ``texts`` is in the output, in this order."""
        position = 0
        for text in texts:
            assert text in self.output[position:], f"no {text!r} after {position} in\n{self.output}"
            position = self.output.index(text, position) + len(text)


class Maintenance:
    """An inventory of simulated Dashboards and playbooks over it."""

    def __init__(self, folder: Path, **sims: Simulator) -> None:
        self.folder = folder
        self.sims = sims
        self.hosts = {name: self.connection(sim) for name, sim in sims.items()}
        self.reports = folder / "reports"
        #: variables of all hosts
        self.vars: dict[str, Any] = {
            "fleet_maintenance_all_sites": True,
            "fleet_maintenance_report_dir": str(self.reports),
            "fleet_maintenance_lock_dir": str(folder / "locks"),
            # Addresses here are made up, and stories are about every site, however few there are: not the defaults.
            "fleet_maintenance_health_check": {"enabled": False},
            "fleet_maintenance_max_failed_sites": None,
            "mainwp_concurrency": 4,
            "mainwp_retry_max_delay": 1,
        }
        #: keywords of the play
        self.play: dict[str, Any] = {"roles": [{"role": ROLE}]}
        self.log = folder / "log"
        self.log.write_text("")
        self.env: dict[str, str] = {}

    def keep_defaults(self) -> None:
        """Let the role do what it does by default, to sites that can be seen."""
        for name in ("health_check", "max_failed_sites"):
            del self.vars[f"fleet_maintenance_{name}"]
        for sim in self.sims.values():
            sim.serve_children()

    @staticmethod
    def connection(sim: Simulator, scope: str = "read_write") -> dict[str, Any]:
        return {"mainwp_url": sim.url, "mainwp_api_key": sim.key(scope).token}

    def hook(self, name: str, *tasks: dict[str, Any]) -> str:
        """A task file beside the playbook; its name."""
        (self.folder / name).write_text(yaml.safe_dump(list(tasks)))
        return name

    def note(self, text: str, **keywords: Any) -> dict[str, Any]:
        """A task that appends a line to the log."""
        return {
            "name": "Note",
            "ansible.legacy.note": {"text": text, "file": str(self.log)},
            "delegate_to": "localhost",
            **keywords,
        }

    def noted(self) -> list[str]:
        return self.log.read_text().splitlines()

    def facts_hook(self) -> str:
        """A hook that hands over all that the role tells."""
        parts = ", ".join(f"'{name}': fleet_maintenance_{name}" for name in FACTS)
        facts = f"{{{{ {{{parts}}} | to_json }}}}"
        file = f"{self.folder}/facts-{{{{ inventory_hostname }}}}.json"
        return self.hook(
            "facts.yml",
            {
                "name": "Hand over",
                "ansible.legacy.note": {"content": facts, "file": file},
                "delegate_to": "localhost",
                "check_mode": False,
                "changed_when": False,
            },
        )

    def run(self, *args: str, playbook: str | Path | None = None, **more: Any) -> Run:
        """Run the role, or another playbook, over the inventory. ``more`` are variables for all hosts."""
        return self.ansible_playbook(*self.command(playbook, **more), *args)

    def command(self, playbook: str | Path | None = None, **more: Any) -> list[str]:
        """The arguments of ansible-playbook for that."""
        inventory = self.folder / "inventory.yml"
        group = {"hosts": self.hosts, "vars": {**self.vars, **more}}
        inventory.write_text(yaml.safe_dump({"mainwp_dashboards": group}))
        if playbook is None:
            playbook = self.folder / "play.yml"
            play = {"name": "Maintain", "hosts": "mainwp_dashboards", "gather_facts": False, **self.play}
            playbook.write_text(yaml.safe_dump([play], sort_keys=False))
        return ["-i", str(inventory), str(playbook)]

    def ansible_playbook(self, *args: str) -> Run:
        """Run ansible-playbook; what holds for every run is checked."""
        seen = {name: len(sim.journal.entries) for name, sim in self.sims.items()}
        done = run_ansible("ansible-playbook", *args, env=self.env)
        output = done.stdout + done.stderr
        for sim in self.sims.values():
            assert_no_secrets(sim, output)
        assert "[DEPRECATION WARNING]" not in output, output
        assert "bug in wpfleet.mainwp" not in output, output
        journals = {name: sim.journal.entries[seen[name] :] for name, sim in self.sims.items()}
        if "--check" in args:
            assert not [entry for entries in journals.values() for entry in entries if entry.is_write]
        return Run(done.returncode, output, journals, self.folder)

    def report_dirs(self, host: str = "dash") -> list[Path]:
        """The directories of the reports, oldest first."""
        return sorted((self.reports / host).glob("*"))

    def report(self, host: str = "dash") -> dict[str, Any]:
        """The newest JSON report."""
        return json.loads((self.report_dirs(host)[-1] / "report.json").read_text())


def stats(run: Run) -> dict[str, Any]:
    """What the role gave to set_stats."""
    found = re.search(r"^\s*RUN: (\{.*\})\s*$", run.output, re.MULTILINE)
    assert found, run.output
    return json.loads(found[1])["fleet_maintenance_stats"]


#: The fixture ``maintain``.
Maintain = Callable[..., Maintenance]


def moved(sim: Simulator) -> set[tuple[int, str, str]]:
    """What really moved."""
    kinds = ("plugin", "theme", "core", "translation")
    return {(event.site_id, event.type, event.slug) for event in sim.truth if event.type in kinds}
