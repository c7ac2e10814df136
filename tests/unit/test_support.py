# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On what the collection runs is said in many places, and everywhere the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import PAGES, ROOT, name_of
from modules import MODULES, documentation
from tools import envs

PAGE = (ROOT / "docs" / "support_matrix.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BRANCHES = list(envs.CORES)
OLDEST, NEWEST = BRANCHES[0], BRANCHES[-1]
PYTHONS = sorted({minor for first, last in envs.CORES.values() for minor in range(first, last + 1)})
REQUESTS = "2.28"


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_no_branch_is_left_out() -> None:
    numbers = [int(branch.removeprefix("2.")) for branch in BRANCHES]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert list(range(PYTHONS[0], PYTHONS[-1] + 1)) == PYTHONS


def test_ansible_refuses_what_is_older() -> None:
    assert loaded("meta/runtime.yml")["requires_ansible"] == f">={OLDEST}.0"
    for path in ROOT.glob("roles/*/meta/main.yml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["galaxy_info"]["min_ansible_version"] == OLDEST


def test_the_page_has_every_branch_with_its_pythons() -> None:
    rows = re.findall(r"^\| (2\.\d+) \| ([\d. to]+) \| ([\d. to]+) \| .+ \|$", PAGE, re.MULTILINE)
    assert rows == [
        (branch, f"3.{first} to 3.{last}", f"3.{PYTHONS[0]} to 3.{last}")
        for branch, (first, last) in envs.CORES.items()
    ]
    assert PAGE.count(f"each from 3.{PYTHONS[0]} to 3.{PYTHONS[-1]}, in the public CI") == 2


def oldest_named(text: str) -> set[str]:
    """From which ansible-core and which Python on, a text says, it goes."""
    cores = re.findall(r"(?<!with )(?:ansible-core|branch) (2\.\d+) or newer|ansible-core>=(2\.\d+)", text)
    return {name for found in cores for name in found if name} | set(re.findall(r"Python (3\.\d+) or newer", text))


@pytest.mark.parametrize("path", [*PAGES, *sorted((ROOT / "examples").rglob("*.yml"))], ids=name_of)
def test_instructions_name_the_oldest(path: Path) -> None:
    assert oldest_named(" ".join(path.read_text(encoding="utf-8").split())) <= {OLDEST, f"3.{PYTHONS[0]}"}


@pytest.mark.parametrize(
    "page", ["README.md", "docs/getting_started.md", "docs/troubleshooting.md", "docs/docsite/rst/first_run_guide.rst"]
)
def test_whoever_begins_is_told_the_oldest(page: str) -> None:
    assert oldest_named((ROOT / page).read_text(encoding="utf-8")) == {OLDEST, f"3.{PYTHONS[0]}"}


def test_the_readme_says_what_is_tested_and_what_is_not_supported() -> None:
    assert f"each branch from {OLDEST} to {NEWEST} is tested" in README
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {OLDEST} |"))
    assert f"({row.split('|')[4].strip()})" in README


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_which_python_it_needs(name: str) -> None:
    fragments = documentation(name)["extends_documentation_fragment"]
    assert "wpfleet.mainwp.attributes" in fragments


def test_what_modules_inherit_says_it() -> None:
    for fragment in ("attributes", "connection"):
        text = (ROOT / "plugins" / "doc_fragments" / f"{fragment}.py").read_text(encoding="utf-8")
        assert set(re.findall(r"^  - python >= (\S+)", text, re.MULTILINE)) == {f"3.{PYTHONS[0]}"}


def test_the_tools_look_at_the_oldest_python() -> None:
    tools = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'target-version = "py3{PYTHONS[0]}"' in tools
    assert f'python_version = "3.{PYTHONS[0]}"' in tools
    assert set(re.findall(r'"ansible-core>=([\d.]+)"', tools)) == {OLDEST}
    assert loaded("tests/config.yml")["modules"]["python_requires"] == f">=3.{PYTHONS[0]}"


def test_the_oldest_requests_is_the_same_everywhere() -> None:
    needed = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert re.findall(r"^requests>=([\d.]+)", needed, re.MULTILINE) == [f"{REQUESTS}.0"]
    assert f"the library `requests` {REQUESTS} or newer" in README
    assert f"| requests | {REQUESTS}, with urllib3 1.26 |" in PAGE
    connection = (ROOT / "plugins" / "doc_fragments" / "connection.py").read_text(encoding="utf-8")
    assert f"requests >= {REQUESTS}" in connection
    tools = (ROOT / "tests" / "tools" / "envs.py").read_text(encoding="utf-8")
    assert f'"requests=={REQUESTS}.*"' in tools


def test_the_event_source_needs_the_same_everywhere() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (rulebook,) = set(re.findall(r'"ansible-rulebook>=([\d.]+)"', text))
    assert (
        f"ansible-rulebook {rulebook} or newer, which needs Java 17 or newer, on Python 3.{PYTHONS[0]} or newer" in PAGE
    )
    guide = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert f"needs Java 17 or newer and Python 3.{PYTHONS[0]} or newer" in guide
    assert "JAVA = 17" in (ROOT / "tests" / "tools" / "events.py").read_text(encoding="utf-8")


def test_the_public_ci_runs_on_all_of_them() -> None:
    sanity = loaded(".github/workflows/sanity.yml")["jobs"]["sanity"]
    assert sanity["strategy"]["matrix"] == {"branch": [*(f"stable-{branch}" for branch in BRANCHES), "devel"]}
    assert sanity["continue-on-error"] == "${{ matrix.branch == 'devel' }}"
    minors = {int(minor) for minor in re.findall(r"'3\.(\d+)'", str(sanity["steps"]))}
    newer, every = max(minors), min(minors)
    assert newer >= PYTHONS[-1]
    assert all(first <= every <= last for first, last in envs.CORES.values())
    ci = loaded(".github/workflows/ci.yml")["jobs"]["test"]
    assert ci["strategy"]["matrix"]["python"] == [f"3.{minor}" for minor in PYTHONS]


def test_what_is_recorded_is_what_the_page_says() -> None:
    stories = (ROOT / "tests" / "contract" / "recordings" / "STORIES.md").read_text(encoding="utf-8")
    (dashboard,) = set(re.findall(r"\(MainWP (\d[\d.]*\d)\)", stories))
    (child,) = set(re.findall(r"MainWP Child (\d[\d.]*\d)", stories))
    row = re.search(r"^\| WordPress of the Dashboard \| (\S+) \| (\S+) \|$", stories, re.MULTILINE)
    assert row
    for wordpress, dialect in zip(row.groups(), ("classic", "abilities"), strict=True):
        assert f"| MainWP {dashboard} on WordPress {wordpress} | `{dialect}` | recorded" in PAGE
    assert f"MainWP Child {child} on WordPress" in PAGE
