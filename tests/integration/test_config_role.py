# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role dashboard_config: that it fits the modules, and by real playbooks drift, tags, partial runs, mistakes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from integration._role import ROOT, Maintain, Maintenance, Run
from modules import yaml_of

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import KINDS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import connection_spec, door_spec
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_config import DOOR
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_export import DOOR as EXPORT_DOOR
from simulator import scenarios

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19
    trust_as_template = str

ROLE = ROOT / "roles" / "dashboard_config"
PLAYBOOK = "wpfleet.mainwp.apply_config"
PREFIX = "dashboard_config_"
COLLECTION = "wpfleet.mainwp."
NAMES = [kind.name for kind in KINDS]
#: What the role works out, or says itself.
WORKED_OUT = {"tree", "tree_prefix", "partial"}
#: It may be null, which the specification of a default would refuse.
UNSET = {"only", "max_failed_sites", "stop_after", "health_check"}


def load(name: str) -> Any:
    return yaml_of(ROLE / name)


VARS: dict[str, Any] = load("vars/main.yml")
SPECS: dict[str, Any] = load("meta/argument_specs.yml")["argument_specs"]
SPEC: dict[str, Any] = SPECS["main"]["options"]
DEFAULTS: dict[str, Any] = load("defaults/main.yml")


def listed(expression: str) -> list[str]:
    """The texts in an expression."""
    return re.findall(r"'(\w+)'", expression)


def trusted(value: Any) -> Any:
    """With templates, as Ansible reads files."""
    if isinstance(value, dict):
        return {name: trusted(one) for name, one in value.items()}
    return trust_as_template(value) if isinstance(value, str) else value


def block() -> dict[str, Any]:
    return load("tasks/main.yml")[2]


def options_of(module: str, tasks: list[dict[str, Any]]) -> dict[str, Any]:
    (task,) = [task for task in tasks if COLLECTION + module in task]
    assert task["module_defaults"] == {f"group/{COLLECTION}mainwp": "{{ _dashboard_config_connection }}"}
    return task[COLLECTION + module]


@pytest.mark.once
def test_kinds_are_said_alike_everywhere() -> None:
    assert listed(VARS["_dashboard_config_kinds"]) == NAMES
    for task in [block(), *load("tasks/export.yml")]:
        assert [listed(tag) for tag in task["tags"]] == [NAMES]
    assert [name.removeprefix(PREFIX) for name in SPEC if name.startswith(PREFIX)][: len(NAMES)] == NAMES
    for kind in KINDS:
        option = SPEC[PREFIX + kind.name]
        assert (option["type"], option.get("elements")) == (
            ("dict", None) if kind.name == "settings" else ("list", "dict")
        )
        assert f"M({COLLECTION}{kind.module})" in " ".join(option["description"])
    rows = dict(
        re.findall(
            r"^\| `dashboard_config_(\w+)`.*?\| `\w+` \| `(\w+)`", (ROLE / "README.md").read_text(), re.MULTILINE
        )
    )
    assert list(rows.items()) == [(kind.name, kind.module) for kind in KINDS]
    purged = [kind.name for kind in KINDS if kind.purges]
    assert set(re.findall(r"V\((\w+)\)", SPEC[f"{PREFIX}purge"]["description"][0])) == set(purged)


@pytest.mark.once
def test_every_option_of_the_modules_is_passed() -> None:
    passed = options_of("mainwp_config", block()["block"])
    assert passed.keys() == DOOR.spec.keys()
    for name in passed.keys() - WORKED_OUT - {"only"}:
        assert PREFIX + name in passed[name], name
    exported = options_of("mainwp_export", load("tasks/export.yml"))
    assert exported.keys() == EXPORT_DOOR.spec.keys()
    own = {name for name in SPECS["export"]["options"] if name.startswith(PREFIX)}
    assert own == {PREFIX + ("only" if name == "only" else f"export_{name}") for name in exported}
    assert VARS["_dashboard_config_connection"] == {
        name: f"{{{{ mainwp_{name} | default(omit) }}}}" for name in {**connection_spec(), **door_spec()}
    }


@pytest.mark.once
def test_variables_are_described_as_the_modules_take_them() -> None:
    every = {name: option for spec in SPECS.values() for name, option in spec["options"].items()}
    own = {name.removeprefix(PREFIX) for name in every if name.startswith(PREFIX)} - set(NAMES)
    assert DEFAULTS.keys() == {PREFIX + name for name in own}
    for name in own - {"fail_on_drift"}:
        export = name.removeprefix("export_")
        theirs = (DOOR.spec | EXPORT_DOOR.spec)[export]
        option = every[PREFIX + name]
        assert (option["type"], option.get("elements")) == (theirs["type"], theirs.get("elements")), name
        default = DEFAULTS[PREFIX + name]
        assert default == option.get("default"), name
        assert name == "secrets" or default == theirs.get("default"), name
    known = {*own, "result", "export_result", "stats"}
    assert set(listed(VARS["_dashboard_config_how"]) + listed(VARS["_dashboard_config_told"])) == known
    assert {name: SPEC[name] for name in every if name.startswith("mainwp_")} == {
        name: option
        for name, option in yaml_of(ROOT / "roles" / "fleet_maintenance" / "meta" / "argument_specs.yml")[
            "argument_specs"
        ]["main"]["options"].items()
        if name.startswith("mainwp_") and not name.startswith("mainwp_feed")
    }


@pytest.mark.once
def test_the_guide_names_every_variable_with_its_default() -> None:
    page = (ROOT / "docs" / "dashboard_as_code.md").read_text()
    rows = dict(re.findall(r"^\| `(dashboard_config_\w+)` \| (.+?) \|", page, re.MULTILINE))
    written = {name: "–" if value is None else json.dumps(value).strip('"') for name, value in DEFAULTS.items()}
    assert {name: value.strip("`") for name, value in rows.items()} == written


# -- by playbooks -----------------------------------------------------------------------------------------------------


def tree_file(role: Maintenance, text: str) -> str:
    """Variables, as somebody writes them; the argument for ansible-playbook."""
    path = role.folder / "tree.yml"
    path.write_text(text, encoding="utf-8")
    return f"@{path}"


def stats(run: Run) -> dict[str, Any]:
    """What the role gave to set_stats."""
    found = re.search(r"^\s*RUN: (\{.*\})\s*$", run.output, re.MULTILINE)
    assert found, run.output
    return dict(json.loads(found[1])["dashboard_config_stats"])


TREE = """
dashboard_config_tags:
  - {name: canary, color: "#f0b429"}
dashboard_config_tags__more:
  - name: !unsafe "{{ 1/0 }} {% raw %}"
dashboard_config_clients:
  - {name: Müller & Söhne, email: office@mueller.example, created: 2026-01-31, city: "{{ nowhere | default(omit) }}"}
dashboard_config_costs: null
dashboard_config_sites:
  - {site_url: atlas-bicycles.example, client: Müller & Söhne}
"""


def test_what_is_exported_beside_the_inventory_is_applied_as_it_is(maintain: Maintain) -> None:
    """The two playbooks, as the guide has them."""
    role = maintain(scenarios.demo())
    tag = next(iter(role.sims["dash"].fleet.tags.values()))
    tag.name = "{{ 1/0 }} {% raw %}"
    dest = str(role.folder / "host_vars" / "{{ inventory_hostname }}") + "/"
    written = role.run("-e", f"dashboard_config_export_dest={dest}", playbook="wpfleet.mainwp.export_config")
    assert (written.rc, written.writes()) == (0, []), written.output
    assert (role.folder / "host_vars" / "dash" / "tags.yml").stat().st_mode & 0o777 == 0o600
    written.says("Show what was written, and what was not", "clients: ", "include_personal")

    other = role.folder / "other"
    args = ("--tags", "tags,clients,users", "--skip-tags", "users", "-e", f"dashboard_config_export_dest={other}/")
    role.run(*args, playbook="wpfleet.mainwp.export_config").says("of 2 kinds")
    assert {file.name for file in other.iterdir()} == {"tags.yml", "clients.yml"}

    same = role.run("--check", "--diff", playbook=PLAYBOOK, dashboard_config_fail_on_drift=True)
    assert (same.rc, same.recap()["changed"]) == (0, 0), same.output
    counts = stats(same)["dash"]["kinds"]
    assert counts["tags"]["right"] == 3
    assert not any(one["wrong"] or one["missing"] for one in counts.values())


@pytest.mark.once
def test_no_tree_takes_the_place_of_another_dashboards(maintain: Maintain) -> None:
    """With one path for all the last would be there, and be applied to the others."""
    role = maintain(a=scenarios.demo(), b=scenarios.demo())
    dest = f"dashboard_config_export_dest={role.folder}/same/"
    refused = role.run("-e", dest, playbook="wpfleet.mainwp.export_config")
    assert (refused.rc, (role.folder / "same").exists()) == (2, False)
    refused.says("for a, b. Give each a place of its own, such as host_vars/{{ inventory_hostname }}/.")
    assert role.run("-e", dest, "--limit", "a", playbook="wpfleet.mainwp.export_config").rc == 0


@pytest.mark.once
def test_no_tree_takes_the_place_of_another_dashboards_in_a_loop_on_one_host(maintain: Maintain) -> None:
    role = maintain(a=scenarios.demo(), b=scenarios.demo())
    export = {"name": "wpfleet.mainwp.dashboard_config", "tasks_from": "export"}
    task = {
        "name": "Export",
        "loop": ["a", "a", "b"],
        "loop_control": {"loop_var": "dashboard"},
        "vars": {name: f"{{{{ hostvars[dashboard].{name} }}}}" for name in ("mainwp_url", "mainwp_api_key")},
        "ansible.builtin.include_role": export,
    }
    play = role.folder / "loop.yml"
    play.write_text(json.dumps([{"hosts": "a", "gather_facts": False, "tasks": [task]}]))
    refused = role.run("-e", f"dashboard_config_export_dest={role.folder}/same/", playbook=play)
    refused.says("has the tree of", "Give each a place of its own")
    assert (refused.rc, bool(refused.journal("a")), refused.journal("b")) == (2, True, [])


@pytest.mark.once
def test_drift_is_shown_with_both_values_then_applied_and_gone(maintain: Maintain) -> None:
    role = maintain(scenarios.demo())
    tree = tree_file(role, TREE)
    drift = role.run("--check", "-e", tree, playbook=PLAYBOOK, dashboard_config_fail_on_drift=True)
    assert drift.rc == 2
    drift.says(
        "tags: 0 right, 1 wrong, 1 missing, 2 extra",
        "wrong: canary",
        "color: MainWP has #f2711c; the tree has #f0b429",
        "missing: {{ 1/0 }} {% raw %}",
        "extra: blogs, shops",
        "clients: 0 right, 0 wrong, 1 missing, 3 extra",
        "sites: 0 right, 1 wrong, 0 missing, 11 extra",
        "Pass, or fail with the reason",
        "FAILED!",
    )
    assert stats(drift)["dash"]["kinds"]["tags"]["missing"] == 1

    secret = "invented-password-of-all-children"
    secrets = {"sites": {"*": {"admin_password": secret}}}
    more = {"dashboard_config_fail_on_drift": True, "dashboard_config_secrets": secrets}
    real = role.run("-vvvv", "-e", tree, playbook=PLAYBOOK, **more)
    assert secret not in real.output
    assert (real.rc, real.recap()["changed"]) == (0, 1), real.output
    assert "{{ 1/0 }} {% raw %}" in [tag.name for tag in role.sims["dash"].fleet.tags.values()]
    assert stats(real)["dash"]["kinds"]["tags"]["done"] == 2
    assert [
        one.fields.get("city", "") for one in role.sims["dash"].fleet.clients.values() if one.name == "Müller & Söhne"
    ] == [""]


def test_tags_are_kinds_and_those_of_the_role_are_for_all(maintain: Maintain) -> None:
    role = maintain(scenarios.demo())
    nightly = {"name": "All of it", "role": "wpfleet.mainwp.dashboard_config", "tags": "nightly"}
    role.play["roles"] = [nightly, {"role": "wpfleet.mainwp.dashboard_config"}]
    given = ("--check", "-e", tree_file(role, TREE), "--tags", "nightly,clients", "--skip-tags", "sites")
    run = role.run(*given, dashboard_config_purge=[])
    assert run.rc == 0, run.output
    run.says("tags: 0 right", "clients: 0 right", "clients: 0 right")
    assert run.output.count("tags: 0 right") == 1
    assert "sites: " not in run.output.replace("mainwp_sites: ", "")


ALL = tuple(NAMES)


@pytest.mark.once
@pytest.mark.parametrize(
    ("only", "asked", "skipped", "chosen"),
    [
        (None, ["all"], [], ALL),
        (None, ["tagged"], [], ALL),
        (None, ["all", "tags"], [], ALL),
        (None, ["clients", "tags"], ["tags"], ("clients",)),
        (None, ["nightly", "tags"], [], ("tags",)),
        (None, ["all"], ["sites"], tuple(name for name in NAMES if name != "sites")),
        (None, ["all"], NAMES, None),
        ("tags, clients", ["all"], [], ("tags", "clients")),
        ("tags,clients", ["clients"], [], ("clients",)),
        (["tags"], ["clients"], [], None),
        # that no kind is meant, or one that there is not, is for the module to refuse
        ([], ["clients"], [], ()),
        (["tgas"], ["clients"], [], ("tgas",)),
    ],
)
def test_which_kinds_a_run_is_about(only: Any, asked: list[str], skipped: list[str], chosen: Any) -> None:
    """None: none, so that the role does nothing."""
    given = {"dashboard_config_only": only, "ansible_run_tags": asked, "ansible_skip_tags": skipped}
    variables = trusted({**VARS, **given, "_dashboard_config_whole": "all" in asked})
    templar = Templar(loader=DataLoader(), variables=variables)
    assert templar.template(trusted("{{ _dashboard_config_chosen }}")) == list(chosen or ())
    assert templar.template(trusted(f"{{{{ {block()['when']} }}}}")) is (chosen is not None)


def test_a_run_that_fails_is_red_whatever_its_tags_name(maintain: Maintain) -> None:
    """Kinds among the tags that are not those of ``only`` keep no task of the role from its turn."""
    role = maintain(scenarios.demo())
    role.play["roles"] = [{"role": "wpfleet.mainwp.dashboard_config", "tags": "nightly"}]
    tree = tree_file(role, "dashboard_config_sites: [{site_url: atlas-bicycles.example, client: Nobody}]\n")
    run = role.run("-e", tree, "-e", "dashboard_config_only=sites", "--tags", "nightly,clients")
    assert run.rc == 2, run.output
    run.says("dashboard_config_sites[0].client", "FAILED!")


@pytest.mark.once
def test_mistakes_come_together_before_the_first_request(maintain: Maintain) -> None:
    role = maintain(scenarios.demo())
    tree = tree_file(
        role, f"{TREE}\ndashboard_config_prge: []\ndashboard_config_clients__b: [{{emial: a@b.example}}]\n"
    )
    run = role.run("-l", "dash", "-e", tree, playbook=PLAYBOOK, dashboard_config_purge=["tags"])
    assert run.rc == 2
    run.says("dashboard_config_clients__b[0].emial", "email", "dashboard_config_prge", "purge", "FAILED!")
    assert "part" in run.output
    assert run.journal() == []


def test_an_export_refuses_variables_that_there_are_not_but_no_part_of_a_tree(maintain: Maintain) -> None:
    """What an earlier job of a workflow gave to set_stats is one that there is."""
    role = maintain(scenarios.demo())
    given = {"dashboard_config_tags__shops": [], "dashboard_config_stats": {}, "dashboard_config_purge": ["tags"]}
    wrong = {"dashboard_config_export_dst": "there/", "dashboard_config_usres": [], "dashboard_config_zz": 1}
    refused = role.run("-l", "dash", playbook="wpfleet.mainwp.export_config", **given, **wrong)
    assert refused.rc == 2, refused.output
    refused.says(
        "dashboard_config_export_dst: there is no such variable. Did you mean dashboard_config_export_dest?",
        "dashboard_config_usres: there is no such variable. Did you mean dashboard_config_users?",
        "dashboard_config_zz: there is no such variable. Variables that begin with dashboard_config_ are all the role's",
    )
    assert refused.journal() == []
    dest = f"dashboard_config_export_dest={role.folder}/tree/"
    written = role.run("-l", "dash", "-e", dest, playbook="wpfleet.mainwp.export_config", **given)
    assert written.rc == 0, written.output
    tree = tree_file(role, "dashboard_config_stats: {dash: {}}\ndashboard_config_tags: [{name: New}]\n")
    assert role.run("-l", "dash", "-e", tree, "--check", playbook=PLAYBOOK).rc == 0
