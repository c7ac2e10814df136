# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Doors without a playbook: rules between options, what needs API v2, and jobs that run on the controller only."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard_door import DashboardDoor, run_module
from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector, Door, perform, run_nowhere_else
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._action import JobAction
from unit.module_door import given, printed

CONNECTION = {"url": "https://127.0.0.1:9", "api_key": "fedcba9876543210fedc==0123456789abcdef0123", "retries": 0}
RULES: dict[str, Any] = {
    "required_if": [("state", "present", ("name",))],
    "mutually_exclusive": [("name", "number")],
    "required_one_of": [("name", "number")],
    "required_together": [("number", "colour")],
    "required_by": {"shade": ["name"]},
}
SPEC = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "name": {"type": "str"},
    "number": {"type": "int"},
    "colour": {"type": "str"},
    "shade": {"type": "str"},
}


def told(*_given: Any) -> dict[str, Any]:
    return {"changed": False, "msg": "done"}


WITH_DASHBOARD = DashboardDoor("mainwp_test", dict, told, SPEC, RULES)
ALONE = Door("mainwp_test", dict, lambda options, *_told: {"changed": True, "options": options}, SPEC, RULES)


def through_action(door: Door, args: dict[str, Any], check_mode: bool = False) -> dict[str, Any]:
    task = SimpleNamespace(
        args=args, async_val=0, check_mode=check_mode, diff=False, environment=[], no_log=False, action="mainwp_test"
    )
    action = JobAction(task, mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock())
    action.door = door
    return action.run(None, {})


def through_module(
    capsys: pytest.CaptureFixture[str], door: DashboardDoor | Door, args: dict[str, Any]
) -> dict[str, Any]:
    with given(args), pytest.raises(SystemExit):
        run_module(door) if isinstance(door, DashboardDoor) else run_nowhere_else(door)
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"number": 5, "colour": "#fff"}, "state is present but all of the following are missing: name"),
        ({"name": "a", "number": 5, "colour": "#fff"}, "parameters are mutually exclusive: name|number"),
        ({"state": "absent"}, "one of the following is required: name, number"),
        ({"state": "absent", "number": 5}, "parameters are required together: number, colour"),
        (
            {"state": "absent", "number": 5, "colour": "#fff", "shade": "b"},
            "missing parameter(s) required by 'shade': name",
        ),
        ({"name": "a", "nmae": "b"}, "Unsupported parameters for (wpfleet.mainwp.mainwp_test) module: nmae."),
        ({"name": "a", "number": "five"}, "parameters are mutually exclusive: name|number"),
        ({"state": "gone", "name": "a"}, "value of state must be one of: present, absent, got: gone"),
    ],
)
def test_rules_are_told_in_the_same_words_at_both_doors(
    capsys: pytest.CaptureFixture[str], options: dict[str, Any], sentence: str
) -> None:
    args = {**CONNECTION, **options}
    one, two = through_action(WITH_DASHBOARD, args), through_module(capsys, WITH_DASHBOARD, args)
    assert one["failed"]
    assert two["failed"]
    assert sentence in one["msg"]
    # in a test, the module does not know its name
    assert one["msg"].replace("(wpfleet.mainwp.mainwp_test)", "(basic.py)") == two["msg"]


def test_what_is_wrong_in_a_list_is_told_with_its_place_at_both_doors(capsys: pytest.CaptureFixture[str]) -> None:
    """For all entries at once: Ansible itself names the first one, and not which it is."""
    entry = {
        "size": {"type": "int"},
        "shade": {"type": "str", "choices": ["a", "b"]},
        "pin": {"type": "str", "no_log": True},
    }
    spec = {
        "things": {"type": "list", "elements": "dict", "options": entry},
        "free": {"type": "list", "elements": "str"},
    }
    door = DashboardDoor("mainwp_test", dict, told, spec)
    things = [
        {"size": 1},
        {"sise": 2, "pin": "swordfish-1"},
        {"size": "swordfish-1", "pin": "swordfish-1"},
        {"shade": "c"},
    ]
    args = {**CONNECTION, "things": things, "free": ["x"]}
    one, two = through_action(door, args), through_module(capsys, door, args)
    assert one["msg"].startswith("things[1]: there is no option sise. things[2]: argument 'size' is of type")
    assert "things[3]: value of shade must be one of: a, b, got: c." in one["msg"]
    assert "things[0]" not in one["msg"]
    assert "swordfish" not in json.dumps([one, two])
    assert two["msg"].startswith("things[1]: there is no option sise. things[2]: argument 'size' is of type")
    assert through_action(door, {**args, "things": things[:1]})["msg"] == "done"


def test_what_is_deprecated_is_told_at_both_doors() -> None:
    """docs/promises.md: it works as before, and warns."""
    alias = {"name": "title", "version": "2.0.0", "collection_name": "wpfleet.mainwp"}
    going = {"removed_in_version": "2.0.0", "removed_from_collection": "wpfleet.mainwp"}
    spec = {"name": {"type": "str", "aliases": ["title"], "deprecated_aliases": [alias]}, "shade": {**going}}
    door = DashboardDoor("mainwp_test", dict, told, spec)
    args = {**CONNECTION, "title": "a", "shade": "b"}
    one, two = through_action(door, args), printed(lambda: run_module(door), args)
    assert one["msg"] == two["msg"] == "done"
    assert [entry["msg"] for entry in one["deprecations"]] == two["deprecations"]
    assert sorted(text.partition(" is deprecated")[0] for text in two["deprecations"]) == [
        "Alias 'title'",
        "Param 'shade'",
    ]
    assert {(entry["version"], entry["collection_name"]) for entry in one["deprecations"]} == {
        ("2.0.0", "wpfleet.mainwp")
    }
    assert "deprecations" not in through_action(door, {**CONNECTION, "name": "a"})
    twice = {**CONNECTION, "title": "a", "name": "a"}
    for result in (through_action(door, twice), printed(lambda: run_module(door), twice)):
        assert result["warnings"] == ["Both option name and its alias title are set."]


def test_no_task_changes_what_the_next_one_is_checked_by() -> None:
    spec = {"letter": {"type": "dict", "default": {}, "options": {"language": {"type": "str", "default": "en"}}}}
    door = Door("mainwp_test", dict, lambda options, *_told: {"changed": False, "options": options}, spec)
    assert through_action(door, {})["options"] == {"letter": {"language": "en"}}
    assert spec["letter"]["default"] == {}


def test_what_v1_cannot_do_is_refused_before_any_request() -> None:
    """Nobody listens at that address: a request would fail in other words."""
    params = {**CONNECTION, "api_version": "v1", "name": "a"}
    refused = through_action(WITH_DASHBOARD, params)
    assert "mainwp_test needs API v2; v1 only reads sites, syncs and updates." in refused["msg"]
    assert refused["error"]["option"] == "api_version"
    able = DashboardDoor("mainwp_test", dict, told, SPEC, RULES, serves_v1=True)
    assert through_action(able, params)["msg"] == "done"


@pytest.mark.parametrize("number", ["nan", "inf", float("-inf")])
def test_what_is_no_finite_number_is_refused_with_its_place(number: Any) -> None:
    spec: dict[str, Any] = {
        "wait": {"type": "float"},
        "checks": {"type": "list", "elements": "dict", "options": {"timeout": {"type": "float", "default": 1.0}}},
    }
    door = Door("mainwp_test", dict, told, spec)
    for args, option in (({"wait": number}, "wait"), ({"checks": [{}, {"timeout": number}]}, "checks.timeout")):
        refused = through_action(door, args)
        assert refused["failed"]
        assert refused["error"]["option"] == option
        assert refused["msg"].startswith(f"{option}: {float(number)} is no finite number.")
    assert through_action(door, {"wait": "1e3", "checks": [{}]})["msg"] == "done"


# -- on the controller only ---------------------------------------------------------------------------------------


def test_a_job_on_the_controller_is_handed_its_own_options_only() -> None:
    """Neither a key from the environment nor an option about a connection."""
    environ = {"MAINWP_API_KEY": CONNECTION["api_key"], "MAINWP_URL": "https://dashboard.example"}
    params = {"state": "present", "name": "a", "number": None, "colour": None, "shade": None}
    with mock.patch.dict("os.environ", environ):
        result = through_action(ALONE, {"name": "a"})
    assert result["options"] == params
    assert result["changed"]
    direct, _secrets = perform(ALONE, params, environ, Collector(), check_mode=True)
    assert direct["options"] == params


@pytest.mark.parametrize("option", ["run_on", "url", "api_key", "progress", "concurrency"])
def test_a_job_on_the_controller_has_no_option_about_a_dashboard(option: str) -> None:
    refused = through_action(ALONE, {"name": "a", option: "host"})
    assert f"Unsupported parameters for (wpfleet.mainwp.mainwp_test) module: {option}." in refused["msg"]


def test_a_job_on_the_controller_does_not_run_as_a_module(capsys: pytest.CaptureFixture[str]) -> None:
    refused = through_module(capsys, ALONE, {"name": "a"})
    assert refused["msg"] == "mainwp_test runs in Ansible's own process on the controller, never as a module."


def test_a_door_without_a_dashboard_does_without_requests() -> None:
    program = (
        "import sys; sys.modules['requests'] = None\n"
        "from ansible_collections.wpfleet.mainwp.plugins.plugin_utils import _action\n"
        "from ansible_collections.wpfleet.mainwp.plugins.module_utils import _door\n"
        "assert not [name for name in sys.modules if name.endswith(('._http', '._dashboard', 'urllib3'))]\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_a_module_takes_as_no_log_is_in_no_text() -> None:
    """Neither in results nor in refusals; but a name stays a name, whatever the password is."""
    spec: dict[str, Any] = {
        "password": {"type": "str", "no_log": True},
        "mails": {"type": "list", "elements": "dict", "options": {"secret": {"type": "str", "no_log": True}}},
        "count": {"type": "int"},
    }
    args = {**CONNECTION, "password": "hello-dolly", "mails": [{"secret": "swordfish-1"}]}

    def fails(_dashboard: Any, options: Any, reporter: Collector, _check_mode: bool) -> dict[str, Any]:
        reporter.warn(f"sent {options['password']}")
        return {"changed": False, "msg": "hello-dolly, swordfish-1", "plugins": [{"slug": "hello-dolly"}]}

    door = DashboardDoor("mainwp_test", dict, fails, spec)
    told = json.dumps(through_action(door, args))
    assert json.loads(told)["plugins"] == [{"slug": "hello-dolly"}]
    assert "swordfish" not in told
    assert "sent hello" not in told
    assert json.loads(told)["msg"] == "********, ********"
    refused = through_action(door, {**args, "count": "hello-dolly"})
    assert refused["failed"]
    assert "hello-dolly" not in refused["msg"]


def test_what_a_dashboard_repeats_of_no_log_options_is_masked_before_it_is_cut() -> None:
    seen = []
    door = DashboardDoor(
        "mainwp_test",
        dict,
        lambda dashboard, *_told: seen.append(dashboard.http.echoes) or {"changed": False, "msg": "done"},
        {"password": {"type": "str", "no_log": True}},
    )
    through_action(door, {**CONNECTION, "password": "swordfish-1"})
    assert seen[0].mask("user_pass: swordfish-1") == "user_pass: ********"
