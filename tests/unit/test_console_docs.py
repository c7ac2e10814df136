# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``ansible-doc`` shows can be read on a terminal of 80 columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import documented

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
ROLES = sorted(PLUGINS.parent.glob("roles/*/meta/argument_specs.yml"))
KINDS = ("modules", "lookup", "inventory", "doc_fragments")
FILES = [path for kind in KINDS for path in sorted((PLUGINS / kind).glob("*.py"))] + sorted(
    PLUGINS.glob("filter/*.yml")
)
#: Longer than that, a paragraph is a wall: ansible-doc indents it by the name of its option.
LONGEST = 480
#: Marks of Markdown and of reStructuredText, which ansible-doc prints as they stand.
FOREIGN = re.compile(r"``|\*\*|\]\(|^\s*[#>] |:[a-z]+:`|<br")


def paragraphs(node: Any) -> Iterator[str]:
    """All sentences of descriptions and notes."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("description", "notes", "details", "short_description") and isinstance(value, (str, list)):
                yield from (text for text in ([value] if isinstance(value, str) else value) if isinstance(text, str))
            else:
                yield from paragraphs(value)
    elif isinstance(node, list):
        for one in node:
            yield from paragraphs(one)


def texts(path: Path) -> Iterator[str]:
    if path in ROLES:
        yield from paragraphs(yaml.safe_load(path.read_text(encoding="utf-8")))
        return
    for name, text in documented(path).items():
        if name != "EXAMPLES":
            yield from paragraphs(yaml.safe_load(text))


def name_of(path: Path) -> str:
    return path.relative_to(PLUGINS.parent).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_examples_fit(path: Path) -> None:
    assert not [line for line in documented(path).get("EXAMPLES", "").splitlines() if len(line) > 80]


@pytest.mark.parametrize("path", [*FILES, *ROLES], ids=name_of)
def test_paragraphs_are_short_and_have_no_markup_but_ansibles(path: Path) -> None:
    found = list(texts(path))
    assert found or path.stem == "__init__"
    assert not [text for text in found if len(text) > LONGEST]
    assert not [text for text in found if FOREIGN.search(text)]
