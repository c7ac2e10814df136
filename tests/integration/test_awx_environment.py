# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environment, as far as a machine without containers goes: its build context and what it will hold."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from integration._ansible import BIN, run_ansible

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
DEFINITION = ROOT / "examples" / "execution_environment" / "execution-environment.yml"
FOR_RULEBOOKS = ROOT / "examples" / "decision_environment" / "decision-environment.yml"


def builder(*args: str | Path) -> str:
    """The output of ansible-builder, which must succeed."""
    command = [BIN / "ansible-builder", *args]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_context_has_everything(tmp_path: Path) -> None:
    builder("create", "-f", DEFINITION, "-c", tmp_path, "--output-filename", "Containerfile")
    text = (tmp_path / "Containerfile").read_text()
    assert 'ARG EE_BASE_IMAGE="registry.fedoraproject.org/fedora-minimal:latest"' in text
    assert 'ARG PYPKG="python3"' in text
    assert 'ARG PKGMGR="/usr/bin/microdnf"' in text
    assert "ansible-core>=2.16" in text
    assert "ansible-runner" in text
    assert "ansible-galaxy collection install" in text
    requirements = yaml.safe_load((tmp_path / "_build" / "requirements.yml").read_text())
    assert requirements["collections"] == [{"name": "wpfleet.mainwp"}]


def test_the_context_for_rulebooks_has_java_and_ansible_rulebook(tmp_path: Path) -> None:
    builder("create", "-f", FOR_RULEBOOKS, "-c", tmp_path, "--output-filename", "Containerfile")
    text = (tmp_path / "Containerfile").read_text()
    assert 'ARG EE_BASE_IMAGE="quay.io/centos/centos:stream10"' in text
    assert "java-21-openjdk-headless" in (tmp_path / "_build" / "bindep.txt").read_text()
    assert "ansible-rulebook" in (tmp_path / "_build" / "requirements.txt").read_text()
    requirements = yaml.safe_load((tmp_path / "_build" / "requirements.yml").read_text())
    assert requirements["collections"] == [{"name": "wpfleet.mainwp"}]


def test_the_collection_asks_for_requests_itself(tmp_path: Path) -> None:
    """In the image, ansible-builder looks into the installed collections; here into one installed from our artifact."""
    collections = tmp_path / "collections"
    assert (
        run_ansible("ansible-galaxy", "collection", "build", "--output-path", str(tmp_path), str(ROOT)).returncode == 0
    )
    (artifact,) = tmp_path.glob("wpfleet-mainwp-*.tar.gz")
    # With --force, for it knows the checkout, and with --no-deps, for it would ask Galaxy.
    install = ["collection", "install", str(artifact), "-p", str(collections), "--force", "--no-deps"]
    done = run_ansible("ansible-galaxy", *install)
    assert done.returncode == 0, done.stdout + done.stderr
    wanted = tmp_path / "python.txt"
    builder("introspect", "--write-pip", wanted, collections)
    assert "requests>=2.28.0  # from collection wpfleet.mainwp" in wanted.read_text()
    found = {path.name for path in (collections / "ansible_collections" / "wpfleet" / "mainwp").iterdir()}
    assert not {"tests", "Makefile", "pyproject.toml"} & found
