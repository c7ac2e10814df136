# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a YAML block of a page is, and what is wrong with it: options, variables, values, templates, names."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import jobs
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.yaml.dumper import AnsibleDumper
from ansible.parsing.yaml.loader import AnsibleLoader
from ansible.plugins.loader import fragment_loader, module_loader
from ansible.utils.plugin_docs import get_docstring
from documents import ROOT, Block
from jsonschema import Draft202012Validator
from modules import MODULES, code
from returns import promised

from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._options import SPEC as SOURCE

COLLECTION = "wpfleet.mainwp."
CORE = "ansible.builtin."
#: What else a task can be, of collections that are not here: it is only looked at as YAML.
FOREIGN = {"community.general.mail": "the mail task of the letters is the reader's"}
#: Blocks that nothing here knows, by how they begin, each with the reason.
LEFT_ALONE = {"apiVersion: v1": "a claim for Kubernetes, which its own tools check"}
#: The first part of the names of variables that are ours.
OURS = re.compile(r"(fleet_maintenance|dashboard_config|letters|patch|mainwp|awx)_\w+")

# -- what a block is ----------------------------------------------------------------------------------------------


def kind_of(value: Any) -> str:
    """What such a document is; empty if nobody knows."""
    if isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value):
        return "rulebook" if any("sources" in entry for entry in value) else "tasks"
    if not isinstance(value, Mapping):
        return ""
    keys = set(value)
    if keys == {"handlers"}:
        return "tasks"
    if keys == {"collections"}:
        return "requirements"
    if "plugin" in keys:
        return "inventory source"
    if {"version", "images"} <= keys:
        return "execution environment"
    if keys <= sections():
        return "changelog"
    if all(isinstance(group, Mapping) and set(group) <= {"hosts", "vars", "children"} for group in value.values()):
        return "inventory"
    if all(OURS.fullmatch(name) for name in keys):
        return "variables"
    if keys <= code("mainwp_batch_update").DOOR.argument_spec.keys():
        return "options"
    return "source" if keys <= {"dashboard", "at", "roles", "sites", "backups", "hours", "remarks", "texts"} else ""


def documents(block: Block) -> list[Any]:
    """What is in a block, read by the loader that Ansible itself uses."""
    return list(yaml.load_all(block.text, Loader=AnsibleLoader))


# -- options and values -------------------------------------------------------------------------------------------


def templated(value: Any) -> bool:
    """A template decides it when it runs."""
    return isinstance(value, str) and "{{" in value


def written_out(value: Any) -> Any:
    """What is left of it without templates."""
    if isinstance(value, Mapping):
        return {str(key): written_out(entry) for key, entry in value.items() if not templated(entry)}
    if isinstance(value, list):
        return [written_out(entry) for entry in value if not templated(entry)]
    return value


def optional(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what must be there, for a template may bring it."""
    kept = ("type", "elements", "choices", "aliases", "no_log")
    return {
        name: {
            **{key: entry[key] for key in kept if key in entry},
            **({"options": optional(entry["options"])} if entry.get("options") else {}),
        }
        for name, entry in spec.items()
    }


def refused(spec: Mapping[str, Any], rules: Mapping[str, Any], options: Mapping[str, Any]) -> list[str]:
    """What Ansible would say against options of a module or variables of a role."""
    given = written_out(options)
    unknown = [f"there is no option {name}" for name in options if name not in spec]
    if given != {**options}:
        spec, rules = optional(spec), {}
    return unknown + list(ArgumentSpecValidator(dict(spec), **rules).validate(given).error_messages)


def options_refused(module: str, options: Any) -> list[str]:
    """The same, and what the module itself would say before any request."""
    door = code(module).DOOR
    options = options or {}
    if templated(options):
        return []
    own = {name: value for name, value in options.items() if name in door.spec or name not in door.argument_spec}
    problems = refused(door.argument_spec, {}, options) + refused(door.spec, door.rules, own)
    if not problems and written_out(own) == own:
        try:
            door.options_from(door.validator.validate(dict(own)).validated_parameters)
        except Exception as error:  # whatever it is, a reader would meet it
            problems.append(str(error))
    return [f"{module}: {text}" for text in dict.fromkeys(problems)]


@cache
def options_of_core(name: str) -> frozenset[str]:
    """The options of a module of ansible-core; empty for one that takes free text or variables."""
    path = module_loader.find_plugin(name, ignore_deprecated=True)
    if not path:
        raise LookupError(name)
    documentation = get_docstring(path, fragment_loader)[0]
    free = {option for option, entry in documentation["options"].items() if option in ("free_form", "key_value")}
    return frozenset() if free else frozenset(documentation["options"])


#: What Ansible itself puts into results.
ANSIBLES = {"changed", "failed", "results", "skipped"}


def asked_in_vain(tasks: Any, text: str) -> Iterator[str]:
    """Keys that a text takes from the results of our modules, and that these do not return."""
    for task in maps_in(tasks):
        ours = [name.removeprefix(COLLECTION) for name in task if name.startswith(COLLECTION)]
        for name in ours if "register" in task else ():
            asked = set(re.findall(rf"\b{task['register']}\.(\w+)", text))
            yield from (f"{name} returns no {key}" for key in asked - promised(name).keys() - ANSIBLES)


def defaults_refused(value: Any) -> Iterator[str]:
    """What is wrong with defaults for all modules: each has to know them."""
    for part in maps_in(value):
        for name, options in part.get("module_defaults", {}).items():
            if name.startswith(f"group/{COLLECTION}"):
                yield from refused(optional(code("mainwp_sync").DOOR.common), {}, options)


def maps_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every map, at any depth."""
    if isinstance(value, Mapping):
        yield value
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from maps_in(item)


def tasks_refused(value: Any) -> Iterator[str]:
    """What is wrong with the tasks and variables in it, wherever they are nested."""
    yield from defaults_refused(value)
    yield from asked_in_vain(value, " ".join(templates_in(value)))
    for module, options in tasks_in(value):
        if module.startswith(COLLECTION):
            name = module.removeprefix(COLLECTION)
            yield from options_refused(name, options) if name in MODULES else [f"there is no module {name}"]
        elif module.startswith(CORE) and module != f"{CORE}import_playbook":
            known = options_of_core(module)
            unknown = set(options or {}) - known if known and isinstance(options, Mapping) else ()
            yield from (f"{module}: there is no option {name}" for name in unknown)
        elif module not in FOREIGN:
            yield f"nobody knows {module}"
    yield from variables_refused(dict(variables_in(value)))


def tasks_in(value: Any) -> Iterator[tuple[str, Any]]:
    """(module, options) of every task, wherever it is nested."""
    for key, item in pairs_in(value):
        if re.fullmatch(r"\w+\.\w+\.\w+", key):
            yield key, item


def variables_in(value: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of every variable of ours that is set."""
    for key, item in pairs_in(value):
        if key == "vars" and isinstance(item, Mapping):
            yield from ((name, entry) for name, entry in item.items() if OURS.fullmatch(name))


def templates_in(value: Any) -> Iterator[str]:
    """Every template in it: of a text the parts in braces, and conditions whole."""
    for part in maps_in(value):
        for key, item in part.items():
            texts = [text for text in (item if isinstance(item, list) else [item]) if isinstance(text, str)]
            bare = key in ("when", "until", "failed_when", "changed_when", "that")
            yield from (
                texts if bare else (found for text in texts for found in re.findall(r"\{\{.*?\}\}", text, re.DOTALL))
            )


def pairs_in(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth, but for what is inside a task's options."""
    if isinstance(value, list):
        for item in value:
            yield from pairs_in(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key), item
            if "." not in str(key):
                yield from pairs_in(item)


# -- variables ----------------------------------------------------------------------------------------------------


@cache
def specs() -> dict[str, list[dict[str, Any]]]:
    """What roles say of each of their variables, in each of their entry points."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in ROOT.glob("roles/*/meta/argument_specs.yml"):
        for point in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            for name, entry in point.get("options", {}).items():
                found.setdefault(name, []).append(entry)
    return found


@cache
def schema() -> Draft202012Validator:
    """What a tree may say."""
    path = ROOT / "roles" / "dashboard_config" / "files" / "dashboard_config.schema.json"
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


@cache
def named_by_playbooks() -> frozenset[str]:
    """Variables that no role has: of playbooks, of the inventory, and of the setup of AWX."""
    texts = [
        path.read_text(encoding="utf-8") for path in [*ROOT.glob("playbooks/**/*.yml"), *ROOT.glob("examples/**/*.yml")]
    ]
    return frozenset(re.findall(r"\b(?:letters|patch|mainwp|awx)_\w+", " ".join(texts)))


#: Variables that are handed to an option as they are.
HANDED = {
    "letters_manner": ("mainwp_report", "letter"),
    "letters_recipients": ("mainwp_outbox", "recipients"),
    "letters_decisions": ("mainwp_outbox", "decisions"),
    "patch_accepted": ("mainwp_vulnerability_info", "accepted"),
    "patch_min_rating": ("mainwp_vulnerability_info", "min_rating"),
}


def variables_refused(variables: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with variables of ours."""
    tree = {name: value for name, value in variables.items() if name.startswith("dashboard_config_")}
    yield from (f"{error.json_path}: {error.message}" for error in schema().iter_errors(tree))
    for name, value in variables.items():
        if name in specs():
            told = [refused({name: spec}, {}, {name: value}) for spec in specs()[name]]
            yield from min(told, key=len)
        elif name in HANDED:
            module, option = HANDED[name]
            yield from refused({option: code(module).DOOR.argument_spec[option]}, {}, {option: value})
        elif name not in tree and name not in named_by_playbooks():
            yield f"nobody knows the variable {name}"


# -- other files --------------------------------------------------------------------------------------------------


def inventory_refused(value: Mapping[str, Any]) -> Iterator[str]:
    for group in value.values():
        hosts = [variables or {} for variables in group.get("hosts", {}).values()]
        for variables in [group.get("vars", {}), *hosts]:
            yield from variables_refused(variables)


def source_refused(value: Mapping[str, Any]) -> Iterator[str]:
    """An inventory source: its options are those of the plugin, or of Ansible's own for groups and cache."""
    plugin = importlib.import_module("ansible_collections.wpfleet.mainwp.plugins.inventory.mainwp")
    documented = yaml.safe_load(plugin.DOCUMENTATION)
    known = {*documented["options"], *{"compose", "groups", "keyed_groups", "strict", "leading_separator"}}
    known |= {"cache", "cache_plugin", "cache_connection", "cache_timeout", "cache_prefix"}
    known |= code("mainwp_site_info").DOOR.common.keys()
    yield from (f"there is no option {name}" for name in value if name not in known)


def rulebook_refused(value: list[Mapping[str, Any]]) -> Iterator[str]:
    """A rulebook: the options of its sources. What ansible-rulebook itself makes of one, ``make events`` tries."""
    names = {path.stem for path in (ROOT / "extensions" / "eda" / "plugins" / "event_source").glob("*.py")}
    for key, options in (pair for entry in value for source in entry["sources"] for pair in source.items()):
        if key.startswith(COLLECTION):
            known = key.removeprefix(COLLECTION) in names
            yield from refused(SOURCE, {}, options or {}) if known else [f"there is no source {key}"]
    yield from (f"{number}: no rules" for number, entry in enumerate(value) if not entry.get("rules"))


def requirements_refused(value: Mapping[str, Any]) -> Iterator[str]:
    for entry in value["collections"]:
        unknown = set(entry) - {"name", "type", "version", "source", "signatures"}
        if unknown or entry.get("type", "galaxy") not in ("file", "galaxy", "git", "url", "dir", "subdirs"):
            yield f"nobody can install {entry}"


def environment_refused(value: Mapping[str, Any]) -> Iterator[str]:
    from ansible_builder.ee_schema import validate_schema

    try:
        validate_schema(dict(value))
    except Exception as error:  # a class that moved between releases
        yield str(error)


@cache
def sections() -> frozenset[str]:
    config = yaml.safe_load((ROOT / "changelogs" / "config.yaml").read_text(encoding="utf-8"))
    return frozenset(name for name, dummy in config["sections"])


def report_refused(value: Mapping[str, Any]) -> Iterator[str]:
    """What ``mainwp_report`` reads: words, what only people know, and what was looked at."""
    if set(value) == {"texts"}:
        (file,) = ROOT.glob("plugins/**/words.en.yml")
        words = yaml.safe_load(file.read_text(encoding="utf-8"))
        yield from (f"there is no text {name}" for name in value["texts"] if name not in words["texts"])
        return
    kind = "extra" if "dashboard" not in value else "monitors" if "heartbeats" in value["sites"][0] else "users"
    Path("extra.yml").write_text(yaml.dump(value, Dumper=AnsibleDumper), encoding="utf-8")
    site = {"id": 12, "url": "https://shop.example/", "name": "Shop", "client": {"id": 7, "name": "Harbour Trading"}}
    looked = {"dashboard": {"url": "https://dashboard.example"}, "sites": [site]}
    told = jobs.Collector()
    sources = {"sites": [looked], kind: "extra.yml" if kind == "extra" else [value]}
    found = jobs.done(
        code("mainwp_report").DOOR, {"page": "fleet", "dir": "pages", "sources": sources}, told, check_mode=True
    )
    if found.get("failed"):
        yield str(found["msg"])
    yield from told.warnings


CHECKS: dict[str, Callable[[Any], Iterator[str] | list[str]]] = {
    "tasks": tasks_refused,
    "variables": variables_refused,
    "options": lambda value: options_refused("mainwp_batch_update", {"all_sites": True, **value}),
    "inventory": inventory_refused,
    "inventory source": source_refused,
    "rulebook": rulebook_refused,
    "requirements": requirements_refused,
    "execution environment": environment_refused,
    "changelog": lambda value: [],
    "source": report_refused,
}


@cache
def ours() -> frozenset[str]:
    """Everything that is called by its whole name."""
    folders = ("plugins/*", "roles", "playbooks", "extensions/eda/plugins/event_source", "extensions/eda/rulebooks")
    names = {path.stem for folder in folders for path in ROOT.glob(f"{folder}/*") if not path.stem.startswith("_")}
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    return frozenset({*names, *groups})


def templates_refused(text: str) -> Iterator[str]:
    """What is wrong with templates and with whole names, wherever in a block they stand."""
    for name in re.findall(r"\bwpfleet\.mainwp\.(\w+)", text):
        if name not in ours():
            yield f"there is no {COLLECTION}{name}"
    try:
        jinja2.Environment().parse(text)
    except jinja2.TemplateSyntaxError as error:
        yield str(error)
