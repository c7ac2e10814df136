# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages that people read and the blocks of code on them, and what plugins say of themselves."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
#: In reStructuredText, for docs.ansible.com.
DOCSITE = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
ROLE_PAGES = sorted((ROOT / "roles").glob("*/README.md"))
#: Every page with blocks that somebody may copy.
PAGES = [README, CONTRIBUTING, *DOCS, *DOCSITE, *ROLE_PAGES]

_FENCED = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_DIRECTIVE = re.compile(
    r"^(?P<indent> *)\.\. code-block:: *(?P<language>[\w+]*)\n\n(?P<text>(?:(?P=indent)  .*\n|\n)+)", re.MULTILINE
)
_FILE = re.compile(r"`(~?[\w./-]+\.(?:yml|yaml|cfg)|~/[\w./-]+)`")


@dataclass(frozen=True)
class Block:
    """A block of code. ``before`` is the paragraph right before it; ``place`` says where it is."""

    page: str
    place: str
    language: str
    text: str
    before: str

    @property
    def file(self) -> str:
        """The file that it shows: what is named last in the paragraph before, if that ends with a colon."""
        if not self.before.endswith(":"):
            return ""
        return (_FILE.findall(self.before) or [""])[-1]


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def blocks_of(page: Path) -> tuple[Block, ...]:
    """All blocks of a page, in their order."""
    return tuple(_blocks(page))


def _blocks(page: Path) -> Iterator[Block]:
    text = text_of(page)
    for found in (_DIRECTIVE if page.suffix == ".rst" else _FENCED).finditer(text):
        before = text[: found.start()].rstrip().rpartition("\n\n")[2].replace("``", "`")
        place = f"{name_of(page)}:{text.count(chr(10), 0, found.start()) + 1}"
        body = textwrap.dedent(found["text"]).strip("\n") + "\n"
        yield Block(name_of(page), place, found["language"], body, " ".join(before.split()))


def blocks(*languages: str) -> list[Block]:
    """All blocks of all pages in these languages."""
    return [block for page in PAGES for block in blocks_of(page) if block.language in languages]


def prose(page: Path) -> str:
    """A page without its blocks; names are in single backticks."""
    return (_DIRECTIVE if page.suffix == ".rst" else _FENCED).sub("", text_of(page)).replace("``", "`")


def documented(path: Path) -> dict[str, str]:
    """Name → text of the blocks of documentation in a file: of a plugin, of fragments, or beside a filter."""
    if path.suffix == ".yml":
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {name: value if name == "EXAMPLES" else yaml.safe_dump(value) for name, value in found.items()}
    body = ast.parse(path.read_text(encoding="utf-8")).body
    nodes = [*body, *(inner for node in body if isinstance(node, ast.ClassDef) for inner in node.body)]
    return {
        node.targets[0].id: node.value.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
