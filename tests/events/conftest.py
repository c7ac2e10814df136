# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dashboards, rulebooks at work, and who hears of it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from events.running import BIN, COLLECTION, Running
from simulator import Fleet, Simulator

#: ``start(sim, rulebook, option…, variable=value…)`` – with the key that may only read, unless told another scope.
Start = Callable[..., Running]


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    if not (BIN / "ansible-rulebook").exists() or not COLLECTION.exists():
        pytest.exit("These tests want what `make events` prepares.", returncode=2)


@pytest.fixture
def simulate() -> Iterator[Callable[[Fleet], Simulator]]:
    with ExitStack() as stack:

        def begin(fleet: Fleet) -> Simulator:
            fleet.settings.setdefault("advanced", {}).update(mainwp_minimum_delay=0, mainwp_minimum_ip_delay=0)
            return stack.enter_context(Simulator(fleet))

        yield begin


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Rulebooks that end with the test, at the latest. No secret is in anything that they said or wrote."""
    secrets: set[str] = set()
    with ExitStack() as stack:

        def begin(
            sim: Simulator, rulebook: str | Path, *options: str | Path, scope: str = "read", **env: str
        ) -> Running:
            key = sim.key(scope)
            for part in (key.token, key.consumer_key.removeprefix("ck_"), key.consumer_secret.removeprefix("cs_")):
                secrets.update((part, base64.b64encode(part.encode()).decode().rstrip("=")))
            known = {"MAINWP_URL": sim.url, "MAINWP_API_KEY": key.token, **env}
            return stack.enter_context(Running(tmp_path, rulebook, *options, **known))

        yield begin
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in content], f"a secret is in {path}"
