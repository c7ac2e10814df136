# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pictures for docs/images of what the playbook apply_config shows in check mode, of a simulated Dashboard and tree.yml."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from simulator import Simulator, scenarios

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
#: picture → the name of the task whose output it shows
PICTURES = {"drift-diff": "Compare the tree with the Dashboard", "drift": "Show what differs"}
#: Ansible's colours on a dark ground.
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "35": "#d2a8ff", "36": "#79c0ff", "34": "#79c0ff"}
GROUND, INK = "#0d1117", "#e6edf3"
#: So that blanks are seen, and lines end.
NO_BREAK, LONGEST = "\N{NO-BREAK SPACE}", 110
WIDTH, HEIGHT, EDGE = 7.83, 19, 14  # of a character, of a line, around all


def output() -> str:
    """What the playbook says, in colours."""
    with Simulator(scenarios.demo()) as sim, tempfile.TemporaryDirectory() as folder:
        inventory = Path(folder) / "inventory.yml"
        inventory.write_text("mainwp_dashboards: {hosts: {agency: {}}}\n", encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not re.match(r"MAINWP|ANSIBLE|PYTHON", name)}
        env = {
            **kept,
            "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
            "ANSIBLE_FORCE_COLOR": "1",
            "MAINWP_URL": sim.url,
            "MAINWP_API_KEY": sim.key("read").token,
        }
        program = str(Path(sys.executable).parent / "ansible-playbook")
        told = subprocess.run(
            [program, "-i", str(inventory), "wpfleet.mainwp.apply_config", "--check", "--diff", "-e", "@demo/tree.yml"],
            cwd=ROOT / "tests",
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if told.returncode:
        sys.exit(told.stdout)
    return told.stdout


def of_task(text: str, name: str) -> list[str]:
    """The lines of one task, its header cut at the width of a page."""
    tasks = re.split(r"^(?=\S*TASK \[|\S*PLAY )", text, flags=re.MULTILINE)
    (found,) = [one for one in tasks if name in one.split("\n")[0]]
    lines = [line for line in found.rstrip().split("\n") if line.strip("\x1b[0m ")]
    return [
        re.sub(r" \*+", " ****", lines[0]),
        *(line if len(line) <= LONGEST else f"{line[:LONGEST]} …" for line in lines[1:]),
    ]


def spans(line: str) -> Iterator[tuple[str, str]]:
    """(colour, text) of each part of a line."""
    colour = INK
    for part in re.split(r"(\x1b\[[\d;]*m)", line):
        code = re.fullmatch(r"\x1b\[([\d;]*)m", part)
        if code:
            colour = next((COLOURS[one] for one in code[1].split(";") if one in COLOURS), INK)
        elif part:
            yield colour, part


def picture(lines: Sequence[str]) -> str:
    """An SVG."""
    longest = max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in lines)
    size = (round(longest * WIDTH + 2 * EDGE), len(lines) * HEIGHT + 2 * EDGE)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}">',
        f'<rect width="100%" height="100%" rx="6" fill="{GROUND}"/>',
        '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">',
    ]
    for number, line in enumerate(lines):
        parts = "".join(
            f'<tspan fill="{colour}">{escape(text).replace(" ", NO_BREAK)}</tspan>' for colour, text in spans(line)
        )
        drawn.append(f'<text x="{EDGE}" y="{EDGE + 13 + number * HEIGHT}">{parts}</text>')
    return "\n".join([*drawn, "</g>", "</svg>", ""])


def main() -> None:
    """Run it, and draw what it says."""
    text = output()
    for name, task in PICTURES.items():
        (IMAGES / f"{name}.svg").write_text(picture(of_task(text, task)), encoding="utf-8")
        print(f"docs/images/{name}.svg")


if __name__ == "__main__":
    main()
