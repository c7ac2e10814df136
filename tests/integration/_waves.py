# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waves over child sites: an inventory of simulated Dashboards, a play with the role, and what came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from integration import _fleets as fleets
from integration._ansible import run_ansible
from integration._play import assert_no_secrets

from simulator import Child, Fleet, Offer, Simulator, Tag

CANARIES_FIRST = "mainwp_tag_canary:mainwp_sites"
ROLE = "wpfleet.mainwp.fleet_maintenance"
#: A step of the role in the tests' own plays.
INCLUDE = {"name": "Maintain", "ansible.builtin.include_role": {"name": ROLE, "tasks_from": "sites"}}
COUNTS = re.compile(r"^(\S+)\s+: (ok=.*)$", re.MULTILINE)


def canary_fleet(*children: Child, canaries: Iterable[int] = (1, 2), **fields: Any) -> Fleet:
    """Sites S 1, S 2, …, of which some have the tag canary."""
    fleet = fleets.fleet(*children, tags=[Tag(1, "canary")], **fields)
    for number in canaries:
        fleet.sites[number].tags = [1]
    return fleet


def good() -> Child:
    """A child with an update that is fine."""
    return fleets.child(Offer("1.1.0"))


def breaking() -> Child:
    """A child whose update breaks its pages."""
    return fleets.child(Offer("1.1.0", breaks_page=True))


@dataclass
class Outcome:
    """What came of a playbook."""

    rc: int
    stdout: str
    stderr: str
    reports: Path

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        """Ansible's own counts by host."""
        return {
            host: {name: int(count) for name, _is, count in (part.partition("=") for part in counts.split())}
            for host, counts in COUNTS.findall(self.stdout)
        }

    @property
    def failed(self) -> set[str]:
        """The hosts that failed."""
        return {host for host, counts in self.recap.items() if counts["failed"]}

    def report(self, dashboard: str = "lab") -> dict[str, Any]:
        """The last report on a Dashboard."""
        path = max(self.reports.glob(f"{dashboard}/*/report.json"))
        found: dict[str, Any] = json.loads(path.read_text())
        return found

    def site(self, number: int, dashboard: str = "lab") -> dict[str, Any]:
        """What the report says about a site."""
        found: dict[str, Any] = next(site for site in self.report(dashboard)["sites"] if site["id"] == number)
        return found


class Waves:
    """Playbooks over the sites of one or several simulated Dashboards, each with its own key in its group's variables."""

    def __init__(self, folder: Path, **dashboards: Simulator) -> None:
        self.folder = folder
        self.sims = dashboards
        self.reports = folder / "reports"
        self.inventory = folder / "inventory"
        (self.inventory / "group_vars").mkdir(parents=True)
        entries = []
        for name, sim in dashboards.items():
            sim.serve_children()
            token = sim.key().token
            entries.append({"name": name, "url": sim.url, "api_key": token})
            self.group_vars(f"mainwp_dashboard_{name}", mainwp_url=sim.url, mainwp_api_key=token)
        self.write_inventory(dashboards=entries)
        self.group_vars(
            "all",
            mainwp_retry_max_delay=1,
            fleet_maintenance_report_dir=str(self.reports),
            fleet_maintenance_lock_dir=str(folder / "locks"),
            fleet_maintenance_health_check={"patience": 5},
        )
        self._count = 0

    def write_inventory(self, **options: Any) -> None:
        """Hosts are called S_1, S_2, …, with several Dashboards alpha_S_1 and so on."""
        name = "mainwp_site_name" if len(self.sims) == 1 else "mainwp_site_dashboard ~ '_' ~ mainwp_site_name"
        source = {"plugin": "wpfleet.mainwp.mainwp", "hostname": name, **options}
        (self.inventory / "fleet.mainwp.yml").write_text(yaml.safe_dump(source, sort_keys=False))

    def group_vars(self, group: str, **variables: Any) -> None:
        """Add to the variables of a group."""
        path = self.inventory / "group_vars" / f"{group}.yml"
        old = yaml.safe_load(path.read_text()) if path.exists() else {}
        path.write_text(yaml.safe_dump({**old, **variables}))

    def run(
        self,
        *tasks: Mapping[str, Any],
        args: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        **keywords: Any,
    ) -> Outcome:
        """Run a play over the sites; keywords as those of ``play``."""
        return self.playbook(self.play(*tasks, **keywords), args=args, env=env)

    def play(
        self,
        *tasks: Mapping[str, Any],
        hosts: str = CANARIES_FIRST,
        serial: Sequence[int | str] = ("{{ groups['mainwp_tag_canary'] | length }}", "100%"),
        more: Sequence[Mapping[str, Any]] = (),
        **keywords: Any,
    ) -> str:
        """A playbook with a play over the sites, by default the canaries and then the rest; ``more`` plays follow."""
        play = {"hosts": hosts, "gather_facts": False, "serial": list(serial), **keywords}
        play["tasks"] = [dict(task) for task in tasks or (INCLUDE,)]
        self._count += 1
        path = self.folder / f"play{self._count}.yml"
        path.write_text(yaml.safe_dump([play, *map(dict, more)], sort_keys=False))
        return str(path)

    def playbook(self, name: str, *, args: Sequence[str] = (), env: Mapping[str, str] | None = None) -> Outcome:
        """Run a playbook by its path or name."""
        done = run_ansible("ansible-playbook", "-i", str(self.inventory), *args, name, env=env)
        outcome = Outcome(done.returncode, done.stdout, done.stderr, self.reports)
        for sim in self.sims.values():
            assert_no_secrets(sim, outcome.output)
        assert "[DEPRECATION WARNING]" not in outcome.output, outcome.output
        assert "bug in wpfleet.mainwp" not in outcome.output, outcome.output
        return outcome


def written_to(sim: Simulator) -> set[int]:
    """The sites for which anything but reads was asked, syncs included."""
    found = set()
    for entry in sim.journal.writes():
        number = re.search(r"/(\d+)(?:/|$)", entry.path.removeprefix("/mainwp/v2"))
        assert number, f"{entry.path} names no site"
        found.add(int(number[1]))
    return found
