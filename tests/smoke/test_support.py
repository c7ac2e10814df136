# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which Pythons there are for a branch, that branch says itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import ansible_test
from ansible.release import __version__

ROOT = Path(__file__).resolve().parents[2]


def span(minors: list[int]) -> str:
    """As the page writes it."""
    assert minors == list(range(minors[0], minors[-1] + 1))
    return f"3.{minors[0]} to 3.{minors[-1]}" if len(minors) > 1 else f"3.{minors[0]}"


def test_the_page_has_the_pythons_of_this_branch() -> None:
    (package,) = ansible_test.__path__
    says = Path(package, "_util/target/common/constants.py").read_text(encoding="utf-8")
    controller, targets = (
        ast.literal_eval(re.findall(rf"^{kind}_PYTHON_VERSIONS = (\(.*?^\))", says, re.MULTILINE | re.DOTALL)[0])
        for kind in ("CONTROLLER", "REMOTE_ONLY")
    )
    minors = sorted(int(version.removeprefix("3.")) for version in {*controller, *targets} if version != "2.7")
    ours, others = [minor for minor in minors if minor >= 10], [minor for minor in minors if minor < 10]
    old = ["2.7"] if "2.7" in targets else []
    branch = ".".join(__version__.split(".")[:2])
    page = (ROOT / "docs" / "support_matrix.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {re.escape(branch)} \| (.+) \| (.+) \| (.+) \|$", page, re.MULTILINE)
    assert row
    assert row.groups() == (
        span([int(version.removeprefix("3.")) for version in controller]),
        span(ours),
        ", ".join([*old, span(others)]),
    )
