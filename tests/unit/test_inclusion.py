# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible's community asks of a collection and no other test looks at: docs/inclusion.md."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml
from documents import documented
from modules import INFO, MODULES, code, documentation

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
PAGE = (ROOT / "docs" / "inclusion.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
#: Those that ansible-core knows and we have, and what is for the controller alone.
DIRECTORIES = {"action", "doc_fragments", "filter", "inventory", "lookup", "module_utils", "modules", "plugin_utils"}
MEGABYTE = 2**20
SHIPPED = ("changelogs", "docs", "examples", "extensions", "meta", "playbooks", "plugins", "roles")


# -- the page -----------------------------------------------------------------------------------------------------


def rows() -> list[tuple[str, str, str]]:
    return re.findall(r"^\| ((?!line \|)[^|]+) \| ([^|-]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)


def test_every_line_says_whether_it_holds_and_by_what() -> None:
    assert len(rows()) >= 40
    for line, dummy, by in rows():
        assert by.strip(), line
    legend = PAGE.partition("\n## ")[0]
    assert {holds for dummy, holds, dummy_by in rows()} == set(re.findall(r"`([^`]+)`: ", legend))


def test_what_the_page_names_exists() -> None:
    named = re.findall(r"`((?:tests|\.github|meta|roles|LICENSES)(?:/[\w.-]+)*)`", PAGE)
    assert len(set(named)) > 15
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing


# -- the collection -----------------------------------------------------------------------------------------------


def test_plugins_has_only_known_directories() -> None:
    found = {path.name for path in PLUGINS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert found == DIRECTORIES
    assert not [path for path in PLUGINS.iterdir() if path.is_file() and path.name != "__init__.py"]


@pytest.mark.parametrize("folder", ["module_utils", "plugin_utils"])
def test_shared_code_is_private(folder: str) -> None:
    public = [path.name for path in (PLUGINS / folder).iterdir() if not path.name.startswith("_")]
    assert public == []
    assert "Everything in `module_utils` is private" in CONTRIBUTING


def test_tags_dependencies_and_where_to_go() -> None:
    assert GALAXY["tags"]
    assert GALAXY["dependencies"] == {}
    assert GALAXY["issues"] == f"{GALAXY['repository']}/issues"
    assert GALAXY["license"] == ["GPL-3.0-or-later"]


def test_nothing_is_ignored() -> None:
    assert not list((ROOT / "tests").glob("sanity/ignore*"))


def sizes(*folders: str) -> list[int]:
    """In bytes, of all files but what Python makes of them."""
    files = (path for name in folders for path in (ROOT / name).rglob("*"))
    return [path.stat().st_size for path in files if path.is_file() and path.suffix != ".pyc"]


def test_nothing_is_large() -> None:
    assert max(sizes(*SHIPPED, "tests")) < 2 * MEGABYTE
    assert sum(sizes(*SHIPPED)) < 10 * MEGABYTE  # before it is packed; Galaxy takes 20


# -- modules and plugins ------------------------------------------------------------------------------------------


def test_no_module_returns_facts_and_none_is_called_so() -> None:
    assert not [name for name in MODULES if name.endswith("_facts")]
    assert not [name for name in MODULES if "ansible_facts" in documentation(name, "RETURN")]


def test_what_is_not_idempotent_is_known_and_says_so() -> None:
    own = {name: documentation(name).get("attributes", {}).get("idempotent", {}) for name in MODULES}
    less = {name: entry["support"] for name, entry in own.items() if entry.get("support", "full") != "full"}
    assert less == {"mainwp_api": "none", "mainwp_lock": "none", "mainwp_outbox": "partial"}
    assert all(own[name]["details"] for name in less)
    (row,) = [by for line, dummy, by in rows() if line == "modules are idempotent"]
    assert all(f"`{name}`" in row for name in less)


@pytest.mark.parametrize("name", MODULES)
def test_no_state_queries(name: str) -> None:
    choices = code(name).DOOR.argument_spec.get("state", {}).get("choices", [])
    assert not {"get", "list", "query", "info", "read", "gathered"} & set(choices)


def test_every_info_module_supports_check_mode() -> None:
    fragment = importlib.import_module("ansible_collections.wpfleet.mainwp.plugins.doc_fragments.attributes")
    attributes = yaml.safe_load(fragment.ModuleDocFragment.INFO)["attributes"]
    assert attributes["check_mode"]["support"] == "full"
    for name in INFO:
        assert "wpfleet.mainwp.attributes.info" in documentation(name)["extends_documentation_fragment"]


@pytest.mark.parametrize(
    "path",
    [
        *sorted(PLUGINS.glob("modules/mainwp_*.py")),
        *sorted(PLUGINS.glob("lookup/[a-z]*.py")),
        *sorted(PLUGINS.glob("inventory/[a-z]*.py")),
        *sorted(PLUGINS.glob("filter/*.yml")),
        *sorted(ROOT.glob("extensions/eda/plugins/event_source/*.py")),
    ],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_everything_is_documented_with_examples_and_what_it_returns(path: Path) -> None:
    has = documented(path)
    assert has["DOCUMENTATION"]
    assert has["EXAMPLES"]
    # what the others return are hosts and events
    assert has.get("RETURN") or path.parent.name in ("inventory", "event_source")


# -- those who take part ------------------------------------------------------------------------------------------


def test_the_readme_has_what_a_reader_looks_for() -> None:
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    assert {"Requirements", "Communication", "Versions", "Contributing", "Licensing"} <= set(headings)
    assert "ansible-galaxy collection install " in README


def test_where_to_talk_is_said() -> None:
    part = README.partition("## Communication\n")[2].partition("\n## ")[0]
    for address in ("c/help/6", "tag/mainwp", "c/news/5"):
        assert f"(https://forum.ansible.com/{address})" in part
    links = yaml.safe_load((ROOT / "docs" / "docsite" / "links.yml").read_text(encoding="utf-8"))
    assert "https://forum.ansible.com/" in str(links.get("communication"))


def test_the_code_of_conduct_is_ansibles() -> None:
    for text in (README, CONTRIBUTING):
        assert "https://docs.ansible.com/ansible/latest/community/code_of_conduct.html" in text


def test_how_versions_are_counted_is_said_to_users_and_to_contributors() -> None:
    for text, heading in ((README, "Versions"), (CONTRIBUTING, "Releases")):
        part = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        assert "https://semver.org" in part
        assert "six months" in part
        assert "major release" in part


def test_no_agreement_is_to_be_signed() -> None:
    assert "there is no agreement to sign" in CONTRIBUTING
