# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about privacy names every place where the code keeps something, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from modules import MODULES, code

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _offers
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "privacy.md").read_text()
#: The first column of the table of files.
PATHS = re.findall(r"^\| (`.*?`) \| ", PAGE[PAGE.index("| path, by default") : PAGE.index("Beside some")], re.MULTILINE)
TABLE = " ".join(PATHS)
#: Patterns, and files that are read where somebody puts them.
NOT_KEPT = re.compile(r".*\\.*|\*\..*")


def defaults(spec: dict[str, Any]) -> set[str]:
    """Directories and files in the home of the user that options have by default."""
    return {str(one.get("default")) for one in spec.values() if str(one.get("default")).startswith("~")}


def test_every_default_of_an_option_is_there() -> None:
    of_modules = {place for name in MODULES for place in defaults(code(name).DOOR.spec)}
    roles = [yaml.safe_load(path.read_text()) for path in ROOT.glob("roles/*/defaults/main.yml")]
    values = {name: str(value) for role in roles for name, value in role.items()}
    of_roles = {value for value in values.values() if value.startswith("~")}
    named = {f"~/.ansible/{name}" for name in re.findall(r"~/\.ansible/([\w-]+)/", TABLE)}
    assert named == of_modules | of_roles
    assert {name for name, value in values.items() if value.startswith("~")} <= set(re.findall(r"\w+", PAGE))
    assert values["fleet_maintenance_report_dir"] == "mainwp-reports"
    assert f"default('{values['fleet_maintenance_report_dir']}')" in (ROOT / "playbooks" / "letters.yml").read_text()
    assert "{{ 'mainwp-config' " in (ROOT / "roles" / "dashboard_config" / "vars" / "main.yml").read_text()
    relative = {path.split("/")[0] for path in re.findall(r"`([\w-]+/\S+?)`", TABLE)}
    assert relative == {"mainwp-reports", "mainwp-config"}


def test_every_name_of_a_file_in_the_code_is_there() -> None:
    """A file that is new in the code has to be told here, too."""
    found: dict[str, str] = {}
    for path in (ROOT / "plugins").rglob("*.py"):
        for literal in re.findall(
            r"\"([^\"\s]*?\.(?:json|html|md|pdf|lock|held|guard|feed|index))\"", path.read_text()
        ):
            found.setdefault(literal.rsplit("/", 1)[-1], path.name)
    for literal, where in found.items():
        fixed = re.sub(r"^.*}", "", literal)  # what is not put in
        if not NOT_KEPT.fullmatch(literal):
            assert fixed in PAGE, f"{literal} in {where}"
    assert {"sent.json", "letters.json", "offers.json", "report.json", "fleet.html", ".guard"} <= found.keys()


def test_it_is_kept_as_long_as_the_page_says() -> None:
    days = dict(re.findall(r"(offers\.json|run-<hash>\.held).*?(\d+) days", PAGE))
    assert days == {
        "offers.json": f"{_offers._GONE / 86400:.0f}",
        "run-<hash>.held": f"{report._NOTES_LIVE / 86400:.0f}",
    }
