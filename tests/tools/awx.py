# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the AWX examples against the real collection awx.awx, which ships in older releases of the (large) package
``ansible``.

Syntax and lint, then two runs of ``examples/awx/setup.yml`` against a stand-in for AWX: the second changes nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from controller import Controller, Server
from envs import ROOT, environment, make_venv, python_at_hand, run

SETUP = ROOT / "examples" / "awx" / "setup.yml"
KEYS = {
    "AGENCY_KEY": f"{'a1' * 20}=={'b2' * 20}",
    "NORTH_KEY": f"{'c3' * 20}=={'d4' * 20}",
    "RETAIL_CONSUMER_KEY": f"ck_{'d4' * 20}",
    "RETAIL_CONSUMER_SECRET": f"cs_{'c3' * 20}",
    "SMTP_PASSWORD": "e5" * 20,
    "FEED_KEY": "f6" * 20,
    "CONFIG_VAULT_PASSWORD": "a7" * 20,
}
#: What settings.yml leaves empty: Dashboards that share a template and a map of keys.
KEY_MAP = '{"awx_key_map": {"%s": "{{ lookup(\'ansible.builtin.env\', \'NORTH_KEY\') }}"}}'


def play(venv: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run setup.yml; no key is in its output."""
    done = subprocess.run(
        [venv / "bin" / "ansible-playbook", "-v", SETUP, *arguments],
        env=environment(venv, CONTROLLER_HOST=url, CONTROLLER_OAUTH_TOKEN="token", ANSIBLE_NOCOLOR="1", **KEYS),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if any(value in done.stdout for value in KEYS.values()):
        sys.exit("setup.yml shows a key")
    return done


def set_up(venv: Path, url: str) -> tuple[int, str]:
    """(number of changed tasks, output) of one run, which must succeed."""
    done = play(venv, url, "-e", KEY_MAP % "north")
    recap = re.search(r"localhost +: ok=\d+ +changed=(\d+)", done.stdout)
    if done.returncode or not recap:
        sys.exit(done.stdout)
    return int(recap[1]), done.stdout


def findings(controller: Controller) -> Iterator[str]:
    """What the objects must be like, beyond what awx.awx and the stand-in insist on."""
    tables = controller.tables
    counts = {name: len(rows) for name, rows in tables.items()}
    expected = {
        "credential_types": 6,
        "credentials": 6,
        "instance_groups": 1,
        "inventories": 4,
        "inventory_sources": 3,
        "job_templates": 11,
        "workflow_job_templates": 5,
        "workflow_job_template_nodes": 17,
        "workflow_approval_templates": 3,
        "schedules": 7,
        "notification_templates": 1,
    }
    for name, number in expected.items():
        if counts[name] != number:
            yield f"{name}: {counts[name]} instead of {number}"
    types = {row["name"]: row for row in tables["credential_types"].values()}
    if types["MainWP Dashboard"]["injectors"]["env"]["MAINWP_URL"] != "{{ url }}":
        yield "the injectors are not templates any more"
    yield from wrong_templates(tables["job_templates"].values())
    for row in tables["inventory_sources"].values():
        if not (SETUP.parent / "project" / row["source_path"]).is_file():
            yield f"{row['name']} wants {row['source_path']}, which is not there"
    steps = [
        f"{one['identifier']}{sign}{tables['workflow_job_template_nodes'][to]['identifier']}"
        for one in tables["workflow_job_template_nodes"].values()
        for sign, kind in ((">", "success_nodes"), ("!", "failure_nodes"))
        for to in controller.links.get(f"workflow_job_template_nodes/{one['id']}/{kind}", [])
    ]
    fleet, letters = ["plan>approval", "approval>canary", "canary>fleet"], ["make>approval", "approval>send"]
    vulnerable = ["look!canary", "canary>fleet"]
    if sorted(steps) != sorted([*fleet, *fleet, *vulnerable, *vulnerable, *letters]):
        yield f"the workflows' steps are {steps}"
    nodes = tables["workflow_job_template_nodes"].values()
    looks = [one["workflow_job_template"] for one in nodes if one["identifier"] == "look"]
    after = [one for one in nodes if one["workflow_job_template"] in looks and one["identifier"] != "look"]
    if any(one.get("extra_data") != {"fleet_maintenance_plan": []} for one in after):
        yield "everything is updated if nobody could look what is vulnerable"
    if any(value in json.dumps(tables) for value in KEYS.values()):
        yield "a key is outside the secret fields"


def wrong_templates(templates: Collection[dict[str, Any]]) -> Iterator[str]:
    """What the templates of jobs must not be like."""
    for row in templates:
        if row["job_slice_count"] != 1 or row["allow_simultaneous"] is not False:
            yield f"{row['name']} may be sliced"
        if not (SETUP.parent / "project" / row["playbook"]).is_file():
            yield f"{row['name']} wants {row['playbook']}, which is not there"
        if row["playbook"] != "plan.yml" and "/reports" not in json.dumps(row["extra_vars"]):
            yield f"{row['name']} knows no place for reports that outlives it"
        writers = [one for one in templates if one["inventory"] == row["inventory"] and writes(one)]
        locks = {locks_of(one) for one in writers}
        if len(writers) > 1 and (len(locks) > 1 or "" in locks):
            yield f"templates that write to one inventory have no locks in common: {[one['name'] for one in writers]}"


def writes(template: dict[str, Any]) -> bool:
    """Does it change anything on a Dashboard or its sites?"""
    return template.get("job_type") != "check" and template["playbook"] not in ("plan.yml", "look.yml", "letters.yml")


def locks_of(template: dict[str, Any]) -> str:
    """Where other jobs see its locks; empty for nowhere."""
    variables = template["extra_vars"]
    known = json.loads(variables) if isinstance(variables, str) else variables
    return "".join(value for name, value in known.items() if name.endswith("_lock_dir"))


def main() -> int:
    venv = make_venv("awx", python_at_hand(), ["ansible>=9,<14", "ansible-lint>=24.9"], [])
    run([venv / "bin" / "ansible-playbook", "--syntax-check", SETUP], stdout=subprocess.DEVNULL)
    run(
        [venv / "bin" / "ansible-lint", "--offline", "--profile", "production", "-c", "/dev/null", SETUP],
        cwd=SETUP.parent,
    )
    with Server() as server:
        first, _output = set_up(venv, server.url)
        second, output = set_up(venv, server.url)
        problems = list(findings(server.controller))
        both = play(venv, server.url, "-e", KEY_MAP % "agency")
    if first == 0 or second != 0:
        problems.append(f"{first} changes in the first run, {second} in the second:\n{output}")
    if not both.returncode or "agency: in awx_dashboards and in awx_key_map" not in both.stdout:
        problems.append("one Dashboard may have two templates that write")
    print("\n".join(problems) or f"examples/awx/setup.yml: {first} tasks made all objects, a second run none")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
