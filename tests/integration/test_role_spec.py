# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's variables, documentation and wording fit the modules, without running anything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from modules import yaml_of

from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import connection_spec, door_spec
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_batch_update import DOOR
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_lock import DOOR as LOCK_DOOR
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_site_info import DOOR as INFO_DOOR
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_vulnerability_info import DOOR as LOOK_DOOR

ROLE = Path(__file__).resolve().parents[2] / "roles" / "fleet_maintenance"
PREFIX = "fleet_maintenance_"
COLLECTION = "wpfleet.mainwp."
#: Those that make no sense for a single site.
OF_DASHBOARDS = {
    "site_tags",
    "clients",
    "site_status",
    "all_sites",
    "exclude_sites",
    "fail_on_missing",
    "update_method",
    "wait",
    "max_failed_sites",
    "stop_after",
    "details",
}
#: These have no variables of the same meaning in the role: it has a lock of its own, too, and a directory for reports.
OWN = {"lock_dir", "report_file", "run_id", "details"}
#: The reports want all, whatever the terminal shows.
FIXED = {
    "update": {
        "details": "all",
        "run_id": "{{ _fleet_maintenance_run if fleet_maintenance_vulnerable_first | bool else omit }}",
    },
    "sites": {
        "report_file": "{{ _fleet_maintenance_part if _fleet_maintenance_parts and _fleet_maintenance_here else omit }}",
        "run_id": "{{ _fleet_maintenance_run }}",
        "sites": ["{{ mainwp_site_id }}"],
    },
}


#: Modules are neutral; the role has defaults that one dares to run unattended. (Its health check, not set, is on.)
#: The specification declares no default for them, for ansible-core 2.16 would refuse null, which means "not set".
ROLES_DEFAULTS = {"max_failed_sites": "10%"}


def load(name: str) -> Any:
    return yaml_of(ROLE / name)


VARS: dict[str, Any] = load("vars/main.yml")
SPECS: dict[str, Any] = load("meta/argument_specs.yml")["argument_specs"]
SPEC: dict[str, Any] = SPECS["main"]["options"]
DEFAULTS: dict[str, Any] = load("defaults/main.yml")
CONNECTION = {**connection_spec(), **door_spec()}
LOCK = LOCK_DOOR.spec
#: Where known vulnerabilities are.
FEED = {name: option for name, option in LOOK_DOOR.spec.items() if name.startswith("feed")}


def parts(given: str) -> list[str]:
    """The variables that hold the options of which ``given`` is made."""
    found = re.findall(r"_fleet_maintenance_\w+", given)
    return [part for name in found for part in (parts(VARS[name]) if isinstance(VARS[name], str) else [name])]


def tasks(name: str) -> list[dict[str, Any]]:
    return load(f"tasks/{name}.yml")


def test_every_default_is_documented_and_every_variable_has_a_default() -> None:
    documented = {name: option.get("default") for name, option in SPEC.items() if name.startswith(PREFIX)}
    documented |= {PREFIX + name: value for name, value in ROLES_DEFAULTS.items()}
    assert {name: value for name, value in DEFAULTS.items() if name in documented} == documented
    assert DEFAULTS.keys() <= {name for spec in SPECS.values() for name in spec["options"]}


def test_both_entry_points_have_the_same_defaults() -> None:
    for name, option in SPECS["sites"]["options"].items():
        if name in SPEC and "default" in SPEC[name]:
            assert option.get("default") == SPEC[name]["default"], name


def test_every_variable_has_a_type_and_a_description() -> None:
    for name, option in SPEC.items():
        assert option["description"], name
        assert option["type"], name


def test_connection_variables_are_the_modules_options() -> None:
    ours = {name.removeprefix("mainwp_"): option for name, option in SPEC.items() if name.startswith("mainwp_")}
    feed = {name: ours.pop(name) for name in FEED}
    for name, option in feed.items():
        assert (option["type"], option.get("no_log")) == (FEED[name]["type"], FEED[name].get("no_log")), name
        assert "default" not in option, name
    assert ours.keys() == CONNECTION.keys()
    for name, option in ours.items():
        assert option["type"] == CONNECTION[name]["type"], name
        assert option.get("choices") == CONNECTION[name].get("choices"), name
        assert "default" not in option, name
    assert {name for name, option in ours.items() if option.get("no_log")} == {
        name for name, option in CONNECTION.items() if option.get("no_log")
    }


def test_the_connection_reaches_every_module() -> None:
    passed = VARS["_fleet_maintenance_connection"]
    assert passed == {name: f"{{{{ mainwp_{name} | default(omit) }}}}" for name in CONNECTION}
    for name in ("main", "sites", "sites_hooks"):
        (task,) = [task for task in tasks(name) if "module_defaults" in task]
        assert task["module_defaults"][f"group/{COLLECTION}mainwp"] == "{{ _fleet_maintenance_connection }}"


@pytest.mark.parametrize(("name", "left_out"), [("update", set()), ("sites", OF_DASHBOARDS)])
def test_every_option_of_the_update_is_passed(name: str, left_out: set[str]) -> None:
    (task,) = [task for task in tasks(name) if f"{COLLECTION}mainwp_batch_update" in task]
    given = {
        "sites": "{{ _fleet_maintenance_update }}",
        "update": "{{ _fleet_maintenance_selection | combine(_fleet_maintenance_update) }}",
    }[name]
    assert task["module_defaults"][f"{COLLECTION}mainwp_batch_update"] == given
    own = task[f"{COLLECTION}mainwp_batch_update"]
    common = {key: value for part in parts(given) for key, value in VARS[part].items()}
    assert not own.keys() & common.keys()
    passed = {**common, **own}
    assert passed.keys() == DOOR.spec.keys() - left_out
    for option, value in passed.items():
        fixed = FIXED[name]
        assert value == fixed[option] if option in fixed else f"{PREFIX}{option}" in value, option


def test_what_is_selected_is_what_is_updated() -> None:
    (task,) = [task for task in tasks("preflight") if f"{COLLECTION}mainwp_site_info" in task]
    assert task["module_defaults"] == {f"{COLLECTION}mainwp_site_info": "{{ _fleet_maintenance_selection }}"}
    passed = {*VARS["_fleet_maintenance_selection"], *task[f"{COLLECTION}mainwp_site_info"]}
    assert passed == INFO_DOOR.spec.keys() - {"gather_subset"}


def test_patching_has_the_brakes_of_the_role_and_all_filters() -> None:
    """The playbook decides for itself only which updates, how large a step, and that they are done item by item."""
    [play] = yaml_of(ROLE.parents[1] / "playbooks" / "patch_vulnerable.yml")
    every = [
        *play["tasks"],
        *(task for one in play["tasks"] for part in ("block", "always") for task in one.get(part, ())),
    ]
    runs = [task for task in every if "ansible.builtin.import_role" in task]
    facts = {name for task in every for name in task.get("ansible.builtin.set_fact", ())}
    own = {name for task in (play, *runs) for name in task["vars"]} | facts
    assert {name.removeprefix(PREFIX) for name in own if name.startswith(PREFIX)} == {
        *("max_version_change", "proven_on", "proven_for", "vulnerable_first", "plan", "update_method")
    }
    assert len(runs) == 2
    given = play["module_defaults"][f"{COLLECTION}mainwp_vulnerability_info"]
    filters = play["vars"]["_patch_filters"]
    assert {key for part in parts(given) for key in VARS[part]} | filters.keys() == LOOK_DOOR.spec.keys()
    for name in ("min_rating", "min_score", "cve", "informational"):
        assert filters[name] == f"{{{{ patch_{name} | default(omit) }}}}"


def test_what_comes_first_is_planned_as_everything_is() -> None:
    (task,) = [task for task in tasks("vulnerable") if f"{COLLECTION}mainwp_vulnerability_info" in task]
    given = task["module_defaults"][f"{COLLECTION}mainwp_vulnerability_info"]
    common = {key for part in parts(given) for key in VARS[part]}
    own = LOOK_DOOR.spec.keys() - {"min_score", "cve", "informational", "accepted"}
    assert common | task[f"{COLLECTION}mainwp_vulnerability_info"].keys() == own
    assert VARS["_fleet_maintenance_feed"].keys() == FEED.keys()
    assert SPEC[f"{PREFIX}vulnerable_min_rating"]["choices"] == LOOK_DOOR.spec["min_rating"]["choices"]


@pytest.mark.parametrize("name", sorted(DOOR.spec.keys() - OWN))
def test_an_option_is_described_as_the_module_takes_it(name: str) -> None:
    option, theirs = SPEC[PREFIX + name], DOOR.spec[name]
    for what in ("type", "elements"):
        assert option.get(what) == theirs.get(what), what
    assert option.get("default") == theirs.get("default")
    # With null for "not set", Ansible's own check of choices would refuse the default.
    if option.get("default") is not None:
        assert option.get("choices") == theirs.get("choices")
    strip = {key: bare(value) for key, value in option.get("options", {}).items()}
    assert strip == {key: bare(value) for key, value in theirs.get("options", {}).items()}


def test_the_lock_is_where_and_as_long_as_the_modules_have_it() -> None:
    assert DEFAULTS[f"{PREFIX}lock_dir"] == LOCK["dir"]["default"] == DOOR.spec["lock_dir"]["default"]
    assert DEFAULTS[f"{PREFIX}lock_max_age"] == LOCK["max_age"]["default"]


def bare(option: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in option.items() if key not in ("description", "options")}


def test_the_documentation_names_no_unknown_variable() -> None:
    tags = {"preflight", "lock", "before", "update", "sync", "report", "after"}
    facts = {"selected_sites", "changed_sites", "result", "report", "failure"}
    known = {name for spec in SPECS.values() for name in spec["options"]} | {PREFIX + name for name in tags | facts}
    assert set(re.findall(rf"\b{PREFIX}\w+", (ROLE / "README.md").read_text())) <= known


def test_the_role_knows_its_variables_and_what_it_tells() -> None:
    options = re.findall(r"'(\w+)'", VARS["_fleet_maintenance_options"])
    assert sorted(options) == sorted(
        {name.removeprefix(PREFIX) for spec in SPECS.values() for name in spec["options"] if name.startswith(PREFIX)}
    )
    files = [path.read_text() for path in (ROLE / "tasks").glob("*.yml")]
    told = {
        name
        for text in files
        for name in re.findall(rf"^ +{PREFIX}(\w+): |register: {PREFIX}(\w+)$", text, re.MULTILINE)
    }
    told = {first or second for first, second in told}
    assert set(re.findall(r"'(\w+)'", VARS["_fleet_maintenance_tells"])) == told - set(options)
