# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulators and playbooks for the tests that come in through the front door."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import haste
import pytest
from integration._direct import Direct
from integration._play import Play
from integration._role import Maintain, Maintenance

from simulator import Fleet, Simulator

PlayFor = Callable[..., Play]
DirectFor = Callable[..., Direct]
CONNECTION = {"concurrency": 4, "retry_max_delay": 1}


#: A file of stories that are all for the newest core.
ALL_ONCE = re.compile(r"^pytestmark = .*\bmark\.once\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What does not run is not even imported, which each of pytest's processes would do."""
    if config.option.markexpr == "not once" and collection_path.suffix == ".py":
        return bool(ALL_ONCE.search(collection_path.read_text())) or None
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A story that no ansible-playbook has a part in runs on the newest core alone, unless it is one about HTTP."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "direct_for" in fixtures and "play_for" not in fixtures and not item.get_closest_marker("wire"):
            item.add_marker(pytest.mark.once)


@pytest.fixture(params=["abilities", pytest.param("classic", marks=pytest.mark.once)])
def dialect(request: pytest.FixtureRequest) -> str:
    """Both dialects of the API v2, one after the other; one is enough to see whether a story depends on the core."""
    return str(request.param)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Time goes faster for the story: for those in this process that wait. A busy machine is forgiven as much as ever."""
    from ansible_collections.wpfleet.mainwp.plugins.module_utils import _caches  # not before Ansible's loader is set up

    monkeypatch.setattr(_caches, "SLACK", _caches.SLACK * haste.SPEED)
    with haste.hurried():
        yield


@pytest.fixture
def simulate() -> Iterator[Callable[..., Simulator]]:
    """``simulate(fleet, dialect, cron=…)`` starts a simulator that ends with the test."""
    with ExitStack() as stack:

        def start(fleet: Fleet, dialect: str = "abilities", **options: Any) -> Simulator:
            return stack.enter_context(Simulator(fleet, dialect, **options))

        yield start


@pytest.fixture
def play_for(simulate: Callable[..., Simulator], tmp_path: Path) -> PlayFor:
    """``play_for(fleet, dialect, cron=…)``: a Play against a simulator of its own, four lanes without pauses."""

    def make(fleet: Fleet, dialect: str = "abilities", **options: Any) -> Play:
        return Play(tmp_path, simulate(_brisk(fleet), dialect, **options), **CONNECTION)

    return make


@pytest.fixture
def direct_for(simulate: Callable[..., Simulator]) -> DirectFor:
    """As ``play_for``, but the tasks run in this process: for stories about a result."""

    def make(fleet: Fleet, dialect: str = "abilities", **options: Any) -> Direct:
        return Direct(simulate(_brisk(fleet), dialect, **options), **CONNECTION)

    return make


def _brisk(fleet: Fleet) -> Fleet:
    """``fleet`` on a Dashboard that wants no pauses between requests to different sites."""
    fleet.settings.setdefault("advanced", {}).setdefault("mainwp_minimum_delay", 0)
    return fleet


@pytest.fixture
def maintain(simulate: Callable[..., Simulator], tmp_path: Path) -> Maintain:
    """``maintain(fleet, dialect)``: the role for one Dashboard, called dash; ``maintain(a=…, b=…)``: for several."""

    def start(fleet: Fleet | None = None, dialect: str = "abilities", **fleets: Fleet) -> Maintenance:
        if fleet is not None:
            fleets["dash"] = fleet
        for one in fleets.values():
            one.settings.setdefault("advanced", {}).update(mainwp_minimum_delay=0, mainwp_minimum_ip_delay=0)
        return Maintenance(tmp_path, **{name: simulate(one, dialect) for name, one in fleets.items()})

    return start
