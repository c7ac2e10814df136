# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures for docs/images: the pages that the demo leaves, and of an invented fleet what the demo has not got."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

from browser import specimens
from browser.driver import Missing, browser

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
#: name → (page, width, dark, the last element that is to be seen, and from where if not from the top)
SHOTS = {
    "run": ("run", 960, False, "section[aria-labelledby=moved] tbody tr:nth-child(4)", ""),
    "run-dark": ("run", 960, True, "section[aria-labelledby=trouble]", ""),
    "run-phone": ("run", 360, False, "section[aria-labelledby=trouble] article", ""),
    "run-time": ("run", 960, False, "section[aria-labelledby=time]", "section[aria-labelledby=time]"),
    "fleet": ("fleet", 960, False, "main", ""),
    "letter": ("letter", 800, False, "main", ""),
    "fleet-more": (
        "invented",
        960,
        False,
        "section[aria-labelledby=availability]",
        "section[aria-labelledby=vulnerable]",
    ),
    "fleet-time": (
        "invented",
        960,
        False,
        "section[aria-labelledby=pending] .card",
        "section[aria-labelledby=pending]",
    ),
}


def demo(folder: Path) -> dict[str, Path]:
    """The pages that its last lines name: the run, the fleet, a letter."""
    command = [sys.executable, str(ROOT / "tests" / "demo" / "run.py"), str(folder)]
    told = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    named = [Path(unquote(path)) for path in re.findall(r"file://(\S+\.html)$", told.stdout, re.MULTILINE)]
    if told.returncode or len(named) != 3:
        sys.exit(told.stdout)
    return dict(zip(("run", "fleet", "letter"), named, strict=True))


def main() -> None:
    """Draw the pages, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        pages = demo(Path(folder))
        pages["invented"] = specimens.fleet_page(Path(folder) / "invented", specimens.sites(24, 4))
        for name, (page, width, dark, last, first) in SHOTS.items():
            chromium.open(pages[page], width, dark=dark)
            chromium.part(IMAGES / f"{name}.png", last, first)
            print(f"docs/images/{name}.png")


if __name__ == "__main__":
    try:
        main()
    except Missing as exc:
        sys.exit(str(exc))
