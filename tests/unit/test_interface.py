# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is promised to stay has stayed: the interface is the one in tests/interface.json, and docs/promises.md tells it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from modules import MODULES, ROOT, code
from returns import promised
from tools import interface
from tools.promises import STEP, Interface, changes, may_break, parent, told

PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
STORED = interface.snapshot()
#: A place of each sort.
OLD: Interface = {
    "module tag": {
        "check_mode": "full",
        "diff_mode": "none",
        "connection": True,
        "v1": True,
        "groups": ["mainwp"],
        "rules": {
            "required_one_of": [["id", "name"]],
            "mutually_exclusive": [["color", "id"]],
            "required_together": [["color", "state"]],
            "required_if": [["state", "absent", ["id"]]],
            "required_by": [["color", "name"]],
        },
    },
    "module tag > option id": {"type": "int"},
    "module tag > option color": {"type": "str", "env": ["COLOR"], "no_log": True},
    "module tag > option name": {"type": "str", "required": True, "aliases": ["title"]},
    "module tag > option state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "module tag > option check": {"type": "dict"},
    "module tag > option check > option paths": {"type": "list", "elements": "str", "default": []},
    "module tag > returns tag": {"type": "dict", "always": True},
    "module tag > returns tag > id": {"type": "float"},
    "module tag > returns tag > sites": {"type": "list", "elements": "dict"},
    "filter waves": {"positional": ["canaries", "sizes"]},
    "playbook letters": {},
    "playbook letters > option letters_period": {"default": ""},
    "reason gone": {},
    "report of a run": {"format": 1, "keys": ["host", "sites"]},
    "role fleet > entry point main": {},
    "role fleet > entry point main > option fleet_types": {"type": "list", "choices": ["core", "plugins"]},
}


def without(place: str) -> Interface:
    """What is left without a place and what is below it."""
    return {other: holds for other, holds in OLD.items() if other != place and not other.startswith(f"{place}{STEP}")}


def now(place: str, **holds: Any) -> Interface:
    """``OLD`` with something else at a place; None takes it away."""
    changed = {what: value for what, value in {**OLD.get(place, {}), **holds}.items() if value is not None}
    return {**OLD, place: changed}


def ruled(**rules: Any) -> Interface:
    """``OLD`` with other rules between the options of its module."""
    return now("module tag", rules={**OLD["module tag"]["rules"], **rules})


def renamed(place: str, new: str, **holds: Any) -> Interface:
    """``OLD`` with another name for a place."""
    return {**without(place), new: {**OLD[place], **holds}}


#: What becomes of the interface → what is told of it.
BREAKS = {
    "a module goes": (without("module tag"), "module tag: is gone"),
    "a module is renamed": (
        {place.replace("module tag", "module label"): holds for place, holds in OLD.items()},
        "module tag: is gone",
    ),
    "an option goes": (without("module tag > option color"), "module tag > option color: is gone"),
    "an option is renamed": (
        renamed("module tag > option color", "module tag > option colour"),
        "module tag > option color: is gone",
    ),
    "an alias goes": (now("module tag > option name", aliases=None), "aliases: title is gone"),
    "an option of another type": (now("module tag > option color", type="int"), "type was 'str', is 'int'"),
    "an option of a narrower type": (now("module tag > option id", type="bool"), "type was 'int', is 'bool'"),
    "elements of another type": (now("module tag > option check > option paths", elements="int"), "elements was 'str'"),
    "another default": (now("module tag > option state", default="absent"), "default was 'present', is 'absent'"),
    "a default goes": (now("module tag > option state", default=None), "default was 'present', is None"),
    "a default comes": (now("module tag > option color", default="red"), "default was None, is 'red'"),
    "a default in suboptions": (
        now("module tag > option check > option paths", default=["/"]),
        "default was [], is ['/']",
    ),
    "a choice goes": (now("module tag > option state", choices=["present"]), "choices: absent is gone"),
    "choices come": (now("module tag > option color", choices=["red"]), "choices were free, are ['red']"),
    "required": (now("module tag > option color", required=True), "required was None, is True"),
    "a new option that is required": (
        now("module tag > option size", required=True),
        "option size: is new, and required",
    ),
    "a new suboption that is required": (
        now("module tag > option check > option x", required=True),
        "is new, and required",
    ),
    "a secret is shown": (now("module tag > option color", no_log=None), "no_log was True, is None"),
    "a variable of the environment goes": (now("module tag > option color", env=[]), "env: COLOR is gone"),
    "a suboption goes": (without("module tag > option check > option paths"), "option paths: is gone"),
    "check mode goes": (now("module tag", check_mode="partial"), "check_mode was 'full', is 'partial'"),
    "it runs on the controller only": (now("module tag", connection=None), "connection was True, is None"),
    "the legacy API goes": (now("module tag", v1=None), "v1 was True, is None"),
    "a group goes": (now("module tag", groups=[]), "groups: mainwp is gone"),
    "more must be given": (ruled(required_one_of=[["name"]]), "required_one_of ['name'] is new"),
    "more cannot be together": (ruled(mutually_exclusive=[["color", "id", "name"]]), "mutually_exclusive"),
    "more must be together": (ruled(required_together=[["color", "id"]]), "required_together"),
    "more is needed": (ruled(required_if=[["state", "absent", ["id", "name"]]]), "required_if"),
    "an option needs another": (ruled(required_by=[["color", "name"], ["id", "name"]]), "required_by"),
    "a key goes": (without("module tag > returns tag > id"), "module tag > returns tag > id: is gone"),
    "a key of another type": (now("module tag > returns tag > id", type="str"), "type was 'float', is 'str'"),
    "a key of a wider type": (now("module tag > returns tag > id", type="raw"), "type was 'float', is 'raw'"),
    "a key is not always there": (now("module tag > returns tag", always=None), "always was True, is None"),
    "a filter's arguments change places": (now("filter waves", positional=["sizes", "canaries"]), "positional was"),
    "a playbook goes": (without("playbook letters"), "playbook letters: is gone"),
    "a playbook's variable goes": (without("playbook letters > option letters_period"), "letters_period: is gone"),
    "a reason goes": (without("reason gone"), "reason gone: is gone"),
    "a report of another format": (now("report of a run", format=2), "format was 1, is 2"),
    "a key of the report goes": (now("report of a run", keys=["sites"]), "keys: host is gone"),
    "an entry point goes": (without("role fleet > entry point main"), "entry point main: is gone"),
    "a variable of the role loses a choice": (
        now("role fleet > entry point main > option fleet_types", choices=["core"]),
        "choices: plugins is gone",
    ),
}
ADDS = {
    "a module": (now("module cost", connection=True), "module cost: is new"),
    "an option": (now("module tag > option size", type="int"), "module tag > option size: is new"),
    "a suboption": (now("module tag > option check > option x", type="int"), "option x: is new"),
    "an option of a wider type": (now("module tag > option id", type="float"), "type was 'int', is 'float'"),
    "a choice": (now("module tag > option state", choices=["present", "absent", "x"]), "choices: x is new"),
    "free choice": (now("module tag > option state", choices=None), "are free"),
    "no longer required": (now("module tag > option name", required=None), "required was True, is None"),
    "a new name beside the old one": (
        renamed("module tag > option color", "module tag > option colour", aliases=["color"]),
        "module tag > option color: aliases: color is new",
    ),
    "a new name beside an alias": (now("module tag > option name", aliases=["title", "called"]), "called is new"),
    "a new name of a map": (
        {
            **without("module tag > option check"),
            "module tag > option look": {"type": "dict", "aliases": ["check"]},
            "module tag > option look > option paths": OLD["module tag > option check > option paths"],
        },
        "aliases: check is new",
    ),
    "a secret is hidden": (now("module tag > option id", no_log=True), "no_log was None, is True"),
    "check mode": (now("module tag", diff_mode="full"), "diff_mode was 'none', is 'full'"),
    "less must be given": (ruled(required_one_of=[["id", "name", "slug"]]), "required_one_of"),
    "what is new cannot be together": (ruled(mutually_exclusive=[["color", "id", "slug"]]), "mutually_exclusive"),
    "what is new needs another": (
        ruled(required_if=[*OLD["module tag"]["rules"]["required_if"], ["size", 1, ["id"]]]),
        "required_if",
    ),
    "no rules": (now("module tag", rules=None), "required_by ['color', 'name'] is gone"),
    "a key": (now("module tag > returns tag > color", type="str"), "returns tag > color: is new"),
    "a key of a narrower type": (now("module tag > returns tag > id", type="int"), "type was 'float', is 'int'"),
    "a key is always there": (now("module tag > returns tag > id", always=True), "always was None, is True"),
    "an argument more": (now("filter waves", positional=["canaries", "sizes", "x"]), "positional was"),
    "a reason": (now("reason odd"), "reason odd: is new"),
    "a key of the report": (now("report of a run", keys=["host", "sites", "x"]), "keys: x is new"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_a_promise_is_noticed(name: str) -> None:
    new, expected = BREAKS[name]
    broken = [str(one) for one in changes(OLD, new) if one.breaks]
    assert len(broken) == 1, broken
    assert expected in broken[0]
    assert broken[0] in told(changes(OLD, new))


@pytest.mark.parametrize("name", ADDS)
def test_what_only_adds_breaks_nothing(name: str) -> None:
    new, expected = ADDS[name]
    found = changes(OLD, new)
    assert any(expected in str(one) for one in found), found
    assert not [one for one in found if one.breaks]


def test_nothing_new_is_nothing_to_tell() -> None:
    assert told(changes(OLD, OLD)) == ""


def test_whatever_goes_is_noticed() -> None:
    """Each place of the real interface, the lowest ones at a time."""
    lowest = STORED.keys() - {parent(place) for place in STORED}
    left = {place: holds for place, holds in STORED.items() if place not in lowest}
    aliased = {place for place, holds in STORED.items() if holds.get("aliases")}
    assert {one.place for one in changes(STORED, left) if one.breaks} == lowest | (aliased & lowest)
    assert len(lowest) > 1000


def test_whatever_holds_is_noticed_when_it_no_longer_does() -> None:
    """Of all that holds at a place, only a burden may go without a word."""
    burdens = {"required", "rules", "choices"}
    for place, holds in STORED.items():
        for what in {what for what, value in holds.items() if value not in ("none", "N/A")} - burdens:
            less = {**STORED, place: {other: value for other, value in holds.items() if other != what}}
            some = {other: STORED[other] for other in (place, parent(place)) if other in STORED}
            found = changes(some, {other: less[other] for other in some})
            assert any(one.breaks for one in found), f"{place}: {what}"


# -- the interface that there is -----------------------------------------------------------------------------------------


def test_the_interface_is_as_it_was_written_down() -> None:
    found = told(changes(STORED, interface.interface()))
    if found:
        pytest.fail(found, pytrace=False)


#: What Ansible knows that an option can say of itself, and we have a use for.
SAYS = {
    "type",
    "elements",
    "required",
    "default",
    "choices",
    "options",
    "no_log",
    "required_one_of",
    "required_together",
}
SAYS |= {"mutually_exclusive", "required_if", "required_by", "aliases"}


def said(options: dict[str, Any]) -> set[str]:
    """All that options say of themselves, and those in them."""
    return set().union(*({*option, *said(option.get("options") or {})} for option in options.values()))


@pytest.mark.parametrize("name", MODULES)
def test_options_say_nothing_that_ansible_would_not_hear(name: str) -> None:
    assert said(code(name).DOOR.spec) <= SAYS


def test_a_break_in_the_code_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a real module: an option that goes, another default, a key of the result."""
    module = code("mainwp_batch_update")
    spec = {name: option for name, option in module.DOOR.spec.items() if name != "plan"}
    spec["hold_after"] = {**spec["hold_after"], "default": 7}
    monkeypatch.setattr(module, "DOOR", dataclasses.replace(module.DOOR, spec=spec))
    monkeypatch.setattr(module, "RETURN", module.RETURN.replace("\nbroken_off:\n", "\nbroken:\n"))
    # what is kept of it was read before, and what is read now is not kept
    monkeypatch.setattr(interface, "promised", promised.__wrapped__)
    monkeypatch.setattr(interface, "MODULES", ["mainwp_batch_update"])
    start = "module mainwp_batch_update"
    stored = {place: holds for place, holds in STORED.items() if f"{place} ".startswith(f"{start} ")}
    broken = [str(one) for one in changes(stored, dict(interface.modules())) if one.breaks]
    start += " > "
    assert broken == [
        f"{start}option hold_after: default was None, is 7",
        f"{start}option plan: is gone",
        f"{start}returns broken_off: is gone",
    ]


@pytest.mark.parametrize(
    ("version", "may"),
    [("1.0.0", True), ("2.0.0", True), ("0.6.0", True), ("0.6.1", False), ("1.1.0", False), ("3.0.1", False)],
)
def test_only_some_versions_may_break(version: str, may: bool) -> None:
    assert may_break(version, ()) is may
    assert not may_break(version, [version])


def test_the_tool_writes_no_break_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "interface.json"
    monkeypatch.setattr(interface, "SNAPSHOT", file)
    monkeypatch.setattr(interface, "interface", lambda: without("reason gone"))
    monkeypatch.setattr(interface, "version", lambda: ("1.1.0", ["1.0.0"]))
    interface.write(OLD)
    for arguments in ([], ["--break"]):
        assert interface.main(arguments) == 1
        assert "reason gone: is gone" in capsys.readouterr().out
        assert interface.snapshot() == OLD
    monkeypatch.setattr(interface, "version", lambda: ("2.0.0", ["1.0.0"]))
    assert interface.main([]) == 1
    assert interface.main(["--break"]) == 0
    assert interface.snapshot() == without("reason gone")
    monkeypatch.setattr(interface, "interface", lambda: OLD)
    assert interface.main([]) == 0
    assert interface.snapshot() == OLD


def test_the_tool_needs_what_was_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever deletes it would get one in which no promise was broken."""
    monkeypatch.setattr(interface, "SNAPSHOT", tmp_path / "interface.json")
    monkeypatch.setattr(interface, "interface", lambda: OLD)
    with pytest.raises(FileNotFoundError):
        interface.main([])


# -- the page that tells it ----------------------------------------------------------------------------------------------


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def cells(title: str) -> dict[str, str]:
    """First cell → second cell of the table in a section of the page."""
    return dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section(title), flags=re.MULTILINE))


def named(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def there(kind: str, above: str = "") -> set[str]:
    """The names of a kind in the snapshot, right below a place or any such place."""
    found = (re.fullmatch(rf"(?:{above}.*{STEP})?{kind} ([^>]+|[^ ]+)", place) for place in STORED)
    return {one[1] for one in found if one and (not above or STEP in one[0])}


@pytest.mark.parametrize(
    ("row", "listed"),
    {
        "groups for module_defaults": lambda: {group for holds in STORED.values() for group in holds.get("groups", ())},
        "inventory plugin": lambda: there("inventory"),
        "groups of hosts": lambda: there("group"),
        "roles with their entry points": lambda: there("role") | there("entry point", "role"),
        "tags of fleet_maintenance": lambda: there("tag", "role fleet_maintenance"),
        "tags of dashboard_config": lambda: there("tag", "role dashboard_config"),
        "what handlers listen to": lambda: there("handlers", "role"),
        "for set_stats": lambda: there("stats", "role"),
        "playbooks": lambda: there("playbook"),
        "filters": lambda: there("filter"),
        "lookups": lambda: there("lookup"),
        "event source": lambda: there("event source"),
        "rulebooks": lambda: there("rulebook"),
        "environment variables": lambda: there("environment"),
    }.items(),
)
def test_the_page_lists_what_there_is(row: str, listed: Callable[[], set[str]]) -> None:
    names = listed()
    assert named(cells("What is promised")[row]) == names
    assert names


def test_the_page_speaks_of_all_kinds() -> None:
    """Each place of the snapshot begins with words of the page's last table."""
    kinds = named(" ".join(cells("How it is kept")))
    found = {max((kind for kind in kinds if place.startswith(kind)), key=len, default=place) for place in STORED}
    assert found == kinds


def test_the_page_knows_the_format_of_reports() -> None:
    for place in ("report of a run", "report of waves"):
        assert f"`format: {STORED[place]['format']}`" in PAGE


def test_the_snapshot_is_read_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interface, "SNAPSHOT", tmp_path / "interface.json")
    interface.write(STORED)
    assert (tmp_path / "interface.json").read_bytes() == (ROOT / "tests" / "interface.json").read_bytes()
    assert list(STORED) == sorted(STORED)
