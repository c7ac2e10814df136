# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX does around ansible-runner, as far as a machine without AWX goes: credentials, inventories, jobs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from integration._ansible import BIN, run_ansible
from integration._play import secrets_of
from jinja2.sandbox import ImmutableSandboxedEnvironment

from simulator import Simulator

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
#: what AWX sets for every inventory update
INVENTORY_ENV = {
    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
    "ANSIBLE_HOST_PATTERN_MISMATCH": "error",
    "ANSIBLE_INVENTORY_EXPORT": "True",
    "ANSIBLE_VERBOSE_TO_STDERR": "True",
}


class _Unsafe(yaml.SafeLoader):
    """Reads ``!unsafe`` as text."""


_Unsafe.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))  # type: ignore[arg-type]


def credential_type(name: str) -> dict[str, Any]:
    """One of the examples' credential types."""
    content = yaml.load((EXAMPLES / "awx" / "credential_types.yml").read_text(), Loader=_Unsafe)
    return next(entry for entry in content["awx_credential_types"] if entry["name"] == name)


@dataclass
class Injected:
    """What a credential brings into a job."""

    env: dict[str, str]
    extra_vars: dict[str, str]


def inject(name: str, inputs: Mapping[str, str], folder: Path) -> Injected:
    """Render a type's injectors as AWX does: fields without a value are not there at all."""
    kind = credential_type(name)
    fields = {field["id"] for field in kind["inputs"]["fields"]}
    assert set(inputs) <= fields
    assert set(kind["inputs"]["required"]) <= set(inputs)
    jinja = ImmutableSandboxedEnvironment()
    tower = SimpleNamespace(filename=SimpleNamespace())
    namespace = {**inputs, "tower": tower}
    for label, template in kind["injectors"].get("file", {}).items():
        path = folder / label
        path.write_text(jinja.from_string(template).render(namespace))
        setattr(tower.filename, label.partition(".")[2], str(path))

    def rendered(part: str) -> dict[str, str]:
        templates = kind["injectors"].get(part, {})
        return {key: jinja.from_string(template).render(namespace) for key, template in templates.items()}

    return Injected(rendered("env"), rendered("extra_vars"))


@dataclass
class Job:
    """What a job left behind."""

    rc: int
    stdout: str
    events: list[dict[str, Any]]
    folder: Path

    @property
    def artifacts(self) -> dict[str, Any]:
        """What ``set_stats`` hands to the next job of a workflow."""
        for event in self.events:
            if event["event"] == "playbook_on_stats":
                return dict(event["event_data"].get("artifact_data") or {})
        return {}

    def hosts(self, kind: str) -> set[str]:
        """The hosts that an event such as ``runner_on_failed`` speaks of."""
        return {event["event_data"]["host"] for event in self.events if event["event"] == kind}

    def messages(self, host: str) -> str:
        """What a host's failures say."""
        found = [event for event in self.events if event["event"] == "runner_on_failed"]
        return " ".join(
            str(event["event_data"]["res"].get("msg")) for event in found if event["event_data"]["host"] == host
        )


class Awx:
    """A project checked out from the examples, and jobs in it."""

    def __init__(self, folder: Path, *sims: Simulator) -> None:
        self.folder = folder
        self.sims = sims
        self.project = folder / "project"
        shutil.copytree(EXAMPLES / "awx" / "project", self.project)
        # the collection is in the execution environment
        shutil.rmtree(self.project / "collections")
        self._count = 0

    def update_inventory(self, source: str, credential: Injected) -> Path:
        """The inventory script that AWX makes for jobs out of an inventory update."""
        env = {**INVENTORY_ENV, **credential.env}
        done = run_ansible("ansible-inventory", "-i", str(self.project / source), "--list", "--export", env=env)
        assert done.returncode == 0, done.stderr
        self.assert_no_secret(done.stdout + done.stderr, "the inventory")
        hosts = self.folder / "hosts"
        hosts.write_text(f"#!/bin/sh\ncat <<'END'\n{done.stdout}\nEND\n")
        hosts.chmod(0o700)
        return hosts

    def launch(
        self,
        playbook: str,
        hosts: Path,
        credential: Injected,
        limit: str = "",
        extra_vars: Mapping[str, Any] | None = None,
        check: bool = False,
    ) -> Job:
        """One job, in a private data directory of its own; ``check``: of the type "check", with changes shown."""
        self._count += 1
        private = self.folder / f"job{self._count}"
        for name in ("env", "inventory"):
            (private / name).mkdir(parents=True)
        shutil.copytree(self.project, private / "project")
        shutil.copy(hosts, private / "inventory" / "hosts")
        # as AWX has it: nothing of this is kept beside the events
        (private / "env" / "settings").write_text(json.dumps({"suppress_env_files": True, "idle_timeout": 120}))
        variables = {**credential.extra_vars, **(extra_vars or {})}
        (private / "env" / "extravars").write_text(json.dumps(variables))
        env = {
            **os.environ,
            **credential.env,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_FORCE_COLOR": "0",
            "HOME": str(self.folder),  # locks and reports
        }
        command = [str(BIN / "ansible-runner"), "run", str(private), "-p", playbook, "-i", "job", "-q", "-v"]
        done = subprocess.run(
            [*command, *(["--limit", limit] if limit else []), *(["--cmdline", "--check --diff"] if check else [])],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
            env=env,
        )
        folder = private / "artifacts" / "job"
        events = [json.loads(path.read_text()) for path in folder.glob("job_events/*.json")]
        events.sort(key=lambda event: event["counter"])
        job = Job(int((folder / "rc").read_text()), (folder / "stdout").read_text(), events, folder)
        for path in folder.rglob("*"):
            # "command" holds the environment; AWX overwrites what a credential injected before it stores that
            if path.is_file() and path.name != "command":
                self.assert_no_secret(path.read_text(errors="replace"), str(path.relative_to(folder)))
        self.assert_no_secret(done.stdout + done.stderr, "the output")
        return job

    def assert_no_secret(self, text: str, where: str) -> None:
        """None of any simulator's keys is in what AWX stores and shows."""
        for sim in self.sims:
            assert not [secret for secret in secrets_of(sim) if secret in text], f"a secret is in {where}"
