# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What rulebooks, as they are shipped and on pages, say of the source of events, it accepts. ``make events`` runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from documents import ROOT, blocks
from jinja2 import StrictUndefined
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._names import EVENTS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._options import options_from

SOURCE = "wpfleet.mainwp.dashboard_changes"
KEY = f"{'a' * 40}=={'b' * 40}"
ENVIRONMENT = {"MAINWP_URL": "https://dashboard.example", "MAINWP_API_KEY": KEY}
SHIPPED = sorted((ROOT / "extensions" / "eda" / "rulebooks").glob("*.yml"))
EXAMPLES = sorted((ROOT / "examples" / "eda").glob("*.yml"))
#: Variables that nobody can do without, and the others.
NEEDED = {"mainwp_feed": "https://feeds.example/vulnerabilities", "mainwp_api_key": KEY, "feed_key": "c" * 20}
FURTHER = {
    "mainwp_feed_key": "c" * 20,
    "mainwp_interval": 60,
    "mainwp_state_file": "/var/lib/state.json",
    "mainwp_canary": "pilots",
}
FOR_EXAMPLES = yaml.safe_load((ROOT / "examples" / "eda" / "variables.yml").read_text())


def texts() -> Iterator[Any]:
    """Every rulebook."""
    for path in [*SHIPPED, *EXAMPLES]:
        if "sources:" in path.read_text():
            yield pytest.param(path.read_text(), id=path.stem)
    for block in blocks("yaml"):
        if f"{SOURCE}:" in block.text:
            yield pytest.param(block.text, id=block.place)


def substituted(value: Any, variables: dict[str, Any]) -> Any:
    """As ansible-rulebook puts variables in."""
    if isinstance(value, dict):
        return {name: substituted(entry, variables) for name, entry in value.items()}
    if isinstance(value, list):
        return [substituted(entry, variables) for entry in value]
    if isinstance(value, str) and "{{" in value:
        return NativeEnvironment(undefined=StrictUndefined).from_string(value).render(variables)
    return value


@pytest.mark.parametrize("text", [*texts()])
def test_its_source_takes_what_it_says(text: str) -> None:
    (ruleset,) = yaml.safe_load(text)
    (source,) = ruleset["sources"]
    needed = {**NEEDED, **({} if "default(" in text else FOR_EXAMPLES)}
    for variables in (needed, {**needed, **FURTHER}):
        assert options_from(substituted(source[SOURCE] or {}, variables), ENVIRONMENT)


@pytest.mark.parametrize("text", [*texts()])
def test_its_rules_wait_for_what_the_source_tells(text: str) -> None:
    (ruleset,) = yaml.safe_load(text)
    wanted = ruleset["sources"][0][SOURCE].get("events")
    for rule in ruleset["rules"]:
        named = re.findall(r'"(\w+)"', re.split(r" and (?!event\.change)", rule["condition"])[0])
        assert named
        assert set(named) <= set(wanted or EVENTS)


def test_every_rulebook_of_the_collection_is_among_them() -> None:
    assert {path.stem for path in SHIPPED} < {parameter.id for parameter in texts()}
    assert len(list(texts())) > len(SHIPPED) + 2


def test_none_reconnects() -> None:
    """Nor does a playbook beside it: that would undo what somebody disconnected on purpose."""
    for path in [*SHIPPED, *EXAMPLES]:
        assert "reconnect" not in re.sub(r"^\s*#.*", "", path.read_text(), flags=re.MULTILINE), path.name
