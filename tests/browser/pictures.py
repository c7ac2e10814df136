# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the pages for docs/images: of invented fleets, the same ones every time."""

from __future__ import annotations

import tempfile
from pathlib import Path

from browser import specimens
from browser.driver import browser

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
#: name → (page, width, height, dark)
SHOTS = {
    "run": ("run", 960, 1180, False),
    "run-dark": ("run", 960, 1180, True),
    "run-phone": ("run", 360, 760, False),
    "fleet": ("fleet", 960, 2080, False),
    "letter": ("letter", 800, 1180, False),
}


def main() -> None:
    """Draw the pages, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        sites = specimens.sites(24, 4)
        pages = {
            "run": specimens.run_page(Path(folder), sites),
            "fleet": specimens.fleet_page(Path(folder), sites),
            "letter": specimens.letter(Path(folder), sites),
        }
        for name, (page, width, height, dark) in SHOTS.items():
            chromium.open(pages[page], width, height, dark)
            chromium.picture(IMAGES / f"{name}.png", height=height)
            print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()
