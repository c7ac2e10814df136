# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An older ansible-core is refused in one sentence, by every file that Ansible itself loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleError, AnsibleFilterError

from ansible_collections.wpfleet.mainwp.plugins.filter.filters import FilterModule
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils import _filters, _supported

ROOT = Path(__file__).resolve().parents[2]
#: What Ansible itself loads on the controller. A module is only loaded by the action, or on a host.
LOADED = sorted(
    path for kind in ("action", "filter", "inventory", "lookup") for path in (ROOT / "plugins" / kind).glob("*.py")
)
GUARD = "plugin_utils._supported"
#: The oldest Python of a controller that is still met: Debian 11 has 3.9, Ubuntu 20.04 has 3.8.
OLD_PYTHON = (3, 8)


@pytest.mark.parametrize("version", ["2.9.27", "2.14.18", "2.15.13", "2.15.0rc1"])
def test_an_older_core_is_refused_in_a_sentence_that_says_what_to_do(version: str) -> None:
    text = _supported.refusal(version)
    assert f"needs ansible-core 2.16 or newer. This is ansible-core {version}, on Python 3." in text
    assert "pip install ansible-core requests" in text
    assert "\n" not in text


@pytest.mark.parametrize("version", ["2.16.0", "2.16.0rc1", "2.21.5", "2.22.0.dev0", "3.0.0"])
def test_a_supported_core_is_not(version: str) -> None:
    assert _supported.refusal(version) == ""


def test_the_oldest_core_is_that_of_the_metadata() -> None:
    wanted = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["requires_ansible"]
    assert wanted == f">={'.'.join(map(str, _supported.OLDEST))}.0"


def own_imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of what a file imports of the collection when it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=OLD_PYTHON)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, node.module or ""


@pytest.mark.parametrize("path", LOADED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_file_that_ansible_loads_asks_before_it_imports_anything_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=OLD_PYTHON)
    asked = [node.lineno for node in tree.body if ast.unparse(node) == "refuse_older_core()"]
    (first, module), *others = own_imports(path)
    assert module == GUARD
    if path.parent.name == "filter":  # whose functions say it
        assert not others
    else:
        assert asked
        assert all(first < asked[0] < line for line, dummy in others)


def test_the_guard_itself_imports_nothing_of_the_collection() -> None:
    assert not list(own_imports(ROOT / "plugins" / "plugin_utils" / "_supported.py"))


def test_what_is_refused_is_an_error_of_ansibles_own(monkeypatch: pytest.MonkeyPatch) -> None:
    _supported.refuse_older_core()
    monkeypatch.setattr(_supported, "refusal", lambda: "Too old.")
    with pytest.raises(AnsibleError, match=r"^Too old\.$"):
        _supported.refuse_older_core()


def test_each_filter_says_it_instead_of_not_being_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert FilterModule().filters() == _filters.FILTERS
    monkeypatch.setattr("ansible_collections.wpfleet.mainwp.plugins.filter.filters.refusal", lambda: "Too old.")
    refusing = FilterModule().filters()
    assert refusing.keys() == _filters.FILTERS.keys()
    for refuse in refusing.values():
        with pytest.raises(AnsibleFilterError, match=r"^Too old\.$"):
            refuse("text", more=1)
