# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A default is one value, wherever it is stated: the code must do without a value what it does with the spec's.

That the documentation says what the spec does, ``ansible-test sanity`` checks; that the role does, its own tests do. The
inventory plugin fills its options from the same spec and is documented by the same fragment.
"""

from __future__ import annotations

import contextlib
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import pytest
import yaml
from modules import MODULES, TABLE, code

from ansible_collections.wpfleet.mainwp.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import Connection, connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import (
    ENVIRONMENT,
    connection_spec,
    health_spec,
)

CONNECTION = {"url": "https://dashboard.example", "api_key": "fedcba9876543210fedc==0123456789abcdef0123"}


def filled(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """``options`` with the defaults of the module's spec."""
    door = code(name).DOOR
    checked = door.validator.validate({**(CONNECTION if door.travels else {}), **options})
    assert not checked.error_messages
    return dict(checked.validated_parameters)


@pytest.mark.parametrize("name", MODULES)
def test_a_job_has_the_defaults_of_its_spec(name: str) -> None:
    """Without an option it does the same as with the spec's default, or relies on the spec altogether."""
    door, options = code(name).DOOR, dict(TABLE[name].call)
    if "started" in door.spec:  # by default the time of the test
        options["started"] = "2026-11-24T02:00:00Z"
    params = filled(name, options)
    wanted = door.options_from(params)
    for option, entry in door.argument_spec.items():
        if entry.get("default") is not None and option not in options:
            without = {key: value for key, value in params.items() if key != option}
            with contextlib.suppress(KeyError):
                assert door.options_from(without) == wanted, option


@pytest.mark.parametrize("name", [name for name in MODULES if "health_check" in code(name).DOOR.spec])
def test_so_it_has_in_maps(name: str) -> None:
    door = code(name).DOOR
    params = filled(name, {**TABLE[name].call, "health_check": {}})
    wanted = {
        key: entry["default"] for key, entry in health_spec()["health_check"]["options"].items() if "default" in entry
    }
    assert wanted.items() <= params["health_check"].items()
    assert door.options_from({**params, "health_check": {}}) == door.options_from(params)


def test_a_connection_has_the_defaults_of_its_spec() -> None:
    spec = connection_spec()
    defaults = {name: entry.get("default") for name, entry in spec.items()}
    assert connection_from(CONNECTION) == connection_from({**defaults, **CONNECTION})
    for entry in fields(Connection):
        # resolved, this one is the first of its ways
        if defaults.get(entry.name) is not None and entry.default is not MISSING and entry.name != "auth_method":
            assert entry.default == defaults[entry.name], entry.name


def test_plugins_look_for_options_where_modules_do() -> None:
    """The fragment says it for plugins, the spec for modules."""
    documented = yaml.safe_load(ModuleDocFragment.PLUGINS)["options"]
    assert {name: entry["env"] for name, entry in documented.items()} == {
        name: [{"name": ENVIRONMENT[name]}] for name in connection_spec() if name in ENVIRONMENT
    }
    assert {name: entry["ini"] for name, entry in documented.items()} == {
        name: [{"section": "wpfleet_mainwp", "key": name}] for name in documented
    }


@pytest.mark.parametrize("name", MODULES)
def test_checked_options_have_the_defaults_of_the_spec(name: str) -> None:
    door = code(name).DOOR
    options = door.options_from(filled(name, dict(TABLE[name].call)))
    for entry in fields(options) if is_dataclass(options) else ():
        default = door.spec.get(entry.name, {}).get("default")
        if default is not None and entry.default is not MISSING:
            assert entry.default == default, entry.name
