# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What make demo runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simulator import Simulator, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


def copied(tmp_path: Path) -> Path:
    """The demo in a checkout of its own, so that it does not disturb one that somebody runs."""
    for name in ("tests/demo", "tests/simulator"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    config = (ROOT / "tests" / "ansible.cfg").read_text()
    assert "../.venv/layout" in config
    layout = next(path for path in map(Path, sys.path) if (path / "ansible_collections" / "wpfleet").is_dir())
    (tmp_path / "tests" / "ansible.cfg").write_text(config.replace("../.venv/layout", str(layout)))
    return tmp_path / "tests" / "demo" / "run.py"


def run(script: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, **env},
    )


@pytest.mark.slow
def test_the_demo_goes_as_designed(tmp_path: Path) -> None:
    done = run(copied(tmp_path), MAINWP_URL="http://127.0.0.1:9", MAINWP_API_KEY="caller", ANSIBLE_STRATEGY="nonsense")
    assert done.returncode == 0, done.stdout
    for text in (
        "27 updates on 11 sites would move.",
        "atlas-bicycles.example      WooCommerce                         updated 10.3.3 → 10.4.0",
        "riverside-dental.example    Contact Form 7                      failed: the site is down",
        "24 of 27 planned updates moved",
        "changed=0",
        "Everything went as designed.",
    ):
        assert text in done.stdout
    assert "\033" not in done.stdout
    reports = sorted((tmp_path / ".cache" / "demo" / "reports").rglob("*.md"))
    assert len(reports) == 6
    pages = [Path(path) for path in re.findall(r"file://(\S+\.html)$", done.stdout, re.MULTILINE)]
    assert len(pages) == 3
    assert done.stdout.rstrip().endswith(str(pages[-1]))
    for page, says in zip(
        pages, ("2 sites of 12 need attention.", "The demo&#39;s fleet", "Harbour Trading"), strict=True
    ):
        assert says in page.read_text()


@pytest.mark.slow
def test_the_demo_notices_what_is_not_as_designed(tmp_path: Path) -> None:
    script = copied(tmp_path)
    fleet = tmp_path / "tests" / "simulator" / "demo.py"
    text = fleet.read_text()
    assert "broken_package = True" in text
    fleet.write_text(text.replace("broken_package = True", "broken_package = False"))
    done = run(script)
    assert done.returncode == 1
    assert "The demo did not go as designed: unexpected trouble: {'riverside-dental.example'" in done.stdout


def test_the_fleet_of_the_demo_fits_both_dialects() -> None:
    for dialect in ("abilities", "classic"):
        with Simulator(scenarios.demo(), dialect) as sim:
            assert len(sim.fleet.sites) == 12
