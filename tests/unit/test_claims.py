# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/security.md promises nothing that no test proves, and no test proves what is not promised."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = sorted(path for room in ("unit", "integration", "events") for path in (ROOT / "tests" / room).glob("test_*.py"))
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
CLAIMS = re.findall(r'<a id="([a-z-]+)"></a>', TEXT)


def marks(path: Path) -> Iterator[str]:
    """The claims that tests of a file are marked with."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.claim":
            for argument in node.args:
                assert isinstance(argument, ast.Constant), f"{path.name}: a claim must be written out"
                yield str(argument.value)


def test_every_claim_is_proved_and_every_proof_is_claimed() -> None:
    proved = {claim for path in TESTS for claim in marks(path)}
    assert sorted(set(CLAIMS) - proved) == [], "claimed, but not proved"
    assert sorted(proved - set(CLAIMS)) == [], "proved, but not claimed"


def test_claims_are_bullets_with_names_of_their_own() -> None:
    assert [name for name, count in Counter(CLAIMS).items() if count > 1] == []
    bullets = re.findall(r"^- <a id=", TEXT, flags=re.MULTILINE)
    assert len(bullets) == len(CLAIMS) > 40
