# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every module: two doors, attributes, examples, return values, reasons, tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from codes import REASONS
from modules import MODULES, code, documentation

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors

ROOT = Path(__file__).resolve().parents[2]
#: Names of dict's methods shadow keys of results in Jinja.
RESERVED = {name for name in dir(dict) if not name.startswith("_")}
#: What ansible-core itself puts into results.
ANSIBLES = {
    "failed",
    "changed",
    "skipped",
    "warnings",
    "deprecations",
    "exception",
    "invocation",
    "diff",
    "rc",
    "stdout",
}


def returned(entries: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, documentation) of every return value."""
    for name, entry in entries.items():
        yield f"{path}{name}", entry
        yield from returned(entry.get("contains") or {}, f"{path}{name}.")


def test_the_table_of_the_tests_has_every_module() -> None:
    assert sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("mainwp_*.py")) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_a_door_bears_its_modules_name(name: str) -> None:
    assert code(name).DOOR.name == name


#: Secrets that are none of a Dashboard's.
KEPT_SECRET = {"feed_key", "admin_password", "http_pass", "password", "unique_id"}


@pytest.mark.parametrize("name", MODULES)
def test_what_is_secret_is_never_logged(name: str) -> None:
    door = code(name).DOOR
    secret = {option for option, entry in door.argument_spec.items() if entry.get("no_log")}
    own = KEPT_SECRET & door.argument_spec.keys()
    assert secret == ({"api_key", "consumer_key", "consumer_secret", *own} if door.travels else set())


@pytest.mark.parametrize("name", MODULES)
def test_no_option_means_something_else_to_the_connection(name: str) -> None:
    """A module's own ``url`` would be where the key goes, and what ``module_defaults`` fill in."""
    door = code(name).DOOR
    assert not door.spec.keys() & type(door).common.keys()


@pytest.mark.parametrize("name", MODULES)
def test_attributes_and_fragments(name: str) -> None:
    written = documentation(name)
    assert written["module"] == name
    assert written["short_description"][0].isupper()
    assert written["version_added"]
    fragments = set(written["extends_documentation_fragment"])
    assert "wpfleet.mainwp.attributes" in fragments
    if code(name).DOOR.travels:
        assert {"wpfleet.mainwp.connection", "wpfleet.mainwp.connection.modules"} <= fragments
        assert "wpfleet.mainwp.attributes.controller" not in fragments
    else:
        assert not any("connection" in fragment or "actiongroup" in fragment for fragment in fragments)
        assert "wpfleet.mainwp.attributes.controller" in fragments
    if name.endswith("_info"):
        assert {"wpfleet.mainwp.attributes.info", "wpfleet.mainwp.attributes.actiongroup_mainwp_info"} <= fragments
    elif code(name).DOOR.travels:
        assert "wpfleet.mainwp.attributes.actiongroup_mainwp" in fragments
    if not fragments & {"wpfleet.mainwp.attributes.info", "wpfleet.mainwp.state", "wpfleet.mainwp.state.slug"}:
        assert {"check_mode", "diff_mode", "idempotent"} <= set(written["attributes"])
    assert written["seealso"]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    tasks = documentation(name, "EXAMPLES")
    assert any(f"wpfleet.mainwp.{name}" in task for task in tasks)
    for task in tasks:
        assert task["name"][0].isupper()
        for key, options in task.items():
            if key.startswith("wpfleet.mainwp.") and code(key.rpartition(".")[2]).DOOR.travels:
                assert options["url"] == "https://dashboard.example"
                secrets = {"api_key", "consumer_key", "consumer_secret"} & options.keys()
                assert secrets
                assert all(re.fullmatch(r"\{\{ vault_\w+ \}\}", options[secret]) for secret in secrets)


@pytest.mark.parametrize("name", MODULES)
def test_return_values_are_described_and_have_good_names(name: str) -> None:
    for path, entry in returned(documentation(name, "RETURN")):
        leaf = path.rsplit(".", 1)[-1]
        assert leaf not in RESERVED, path
        assert leaf not in ANSIBLES or "." in path, path
        assert entry["description"], path
        assert entry["returned"], path
        assert entry["type"] in ("str", "int", "bool", "dict", "list", "float", "raw"), path
        if entry["type"] == "list":
            assert entry["elements"], path
        assert not {"contains", "elements"} & entry.keys() or entry["type"] in ("list", "dict"), path


# -- reasons ------------------------------------------------------------------------------------------------------


#: Calls that take a reason: name of the function → position (or the keyword ``reason``).
TAKERS = {
    "outcome": 1, "fail": 0, "leave": 0, "pend": 0, "leave_updates": 1, "_leave": 2, "left": 3, "Skip": 1,
    "Refreshed": 1, "UpdateResult": 2,
}  # fmt: skip


def reasons_in(path: Path) -> set[str]:
    """Every literal reason code in a file: given to a call, assigned, or returned beside a result."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            values += [word.value for word in node.keywords if word.arg == "reason"]
            if name in TAKERS and len(node.args) > TAKERS[name]:
                values.append(node.args[TAKERS[name]])
        elif isinstance(node, ast.Assign) and any(
            getattr(target, "attr", getattr(target, "id", "")) == "reason" for target in node.targets
        ):
            values.append(node.value)
        elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
            head = node.elts[0]
            if getattr(head, "id", "") in ("FAILED", "UNKNOWN", "UNCHANGED", "UPDATED", "PENDING", "HELD", "SKIPPED"):
                values.append(node.elts[1])
        for value in values:
            for part in ast.walk(value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.add(part.value)
    return found


#: Reasons that no update has: wrong input, and those for which there is no feed, which are told beside the feed.
FEEDS = (ROOT / "docs" / "vulnerabilities.md").read_text(encoding="utf-8")
OTHERS = {"invalid_input", *re.findall(r"^\| `(feed_\w+)` \|", FEEDS, re.MULTILINE)}


def test_every_reason_in_the_code_is_in_the_list_and_the_other_way_round() -> None:
    files = sorted((ROOT / "plugins" / "module_utils").rglob("*.py"))
    used = set().union(*(reasons_in(path) for path in files))
    unknown = {code for code in used if re.fullmatch(r"[a-z_]*", code)} - REASONS - OTHERS
    assert unknown == set()
    text = "\n".join(path.read_text() for path in files if path.name not in ("reasons.py", "wording.py"))
    unused = {code for code in REASONS if code and f'"{code}"' not in text}
    assert unused == set()


def family(kind: type) -> Iterator[type]:
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


@pytest.mark.parametrize("kind", list(family(_errors.MainWPError)), ids=lambda kind: kind.__name__)
def test_every_error_has_a_documented_reason(kind: type[_errors.MainWPError]) -> None:
    assert kind.reason in {*REASONS, *OTHERS}
    assert re.fullmatch(r"[a-z_]+", kind.reason)


def test_the_reason_of_bad_options_is_documented() -> None:
    assert "`invalid_input`" in (ROOT / "docs" / "results.md").read_text()


def versions_added() -> Iterator[tuple[Path, tuple[int, ...]]]:
    """Each ``version_added`` of what users can call, with the file in which it stands."""
    for pattern in ("plugins/**/*.py", "plugins/**/*.yml", "extensions/**/*.py", "roles/*/meta/*.yml"):
        for path in ROOT.glob(pattern):
            text = path.read_text(encoding="utf-8")
            for found in re.findall(r"^\s*version_added: [\"']?([\d.]+)", text, re.MULTILINE):
                yield path, tuple(map(int, found.split(".")))


def test_what_is_new_came_in_a_feature_release_that_there_was() -> None:
    """Nothing is newer than the collection, and nothing new comes in a bugfix release."""
    galaxy = tuple(map(int, yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"].split(".")))
    added = list(versions_added())
    assert len(added) > len(MODULES)
    assert not [(path, version) for path, version in added if version > galaxy or len(version) != 3 or version[2]]


def test_the_instructions_install_this_version() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    page = (ROOT / "docs" / "getting_started.md").read_text(encoding="utf-8")
    assert set(re.findall(r"wpfleet-mainwp-([\d.]+)\.tar\.gz", page)) == {galaxy}
