# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One browser for all pages, and the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import specimens
from browser.driver import Browser, browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each kind of page for each kind of fleet, by name."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, sites in specimens.fleets().items():
        for kind, draw in (("run", specimens.run_page), ("fleet", specimens.fleet_page), ("letter", specimens.letter)):
            found[f"{name}-{kind}"] = draw(folder / name, sites)
    return found
