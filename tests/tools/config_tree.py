# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tree takes, made from the options of the modules: a schema for editors, and a page for people.

``PYTHONPATH=tests .venv/bin/python tests/tools/config_tree.py`` writes both anew; a test compares them.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import yaml
from modules import COLLECTION, LOADER, ROOT, documentation

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import KINDS, Kind
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import selection_spec

PREFIX = "dashboard_config_"
SCHEMA = ROOT / "roles" / "dashboard_config" / "files" / "dashboard_config.schema.json"
PAGE = ROOT / "docs" / "config_tree.md"
SPECS = ROOT / "roles" / "dashboard_config" / "meta" / "argument_specs.yml"
#: What is said otherwise than in the module.
SAID = {
    ("tags", "sites"): [
        "Sites that get this tag; those that have it already keep it. Not needed where the sites say it by `site_tags`."
    ],
    ("clients", "sites"): [
        "Sites that become this client's; those that it has already stay. Not needed where the sites say it by `client`."
    ],
}


# -- what the modules say of their options --------------------------------------------------------------------------------


@cache
def said_by(module: str) -> Mapping[str, Any]:
    """A module's documented options, those of its fragments included."""
    found = documentation(module)
    options: dict[str, Any] = {}
    for name in reversed(found.get("extends_documentation_fragment", [])):
        file, dummy, part = name.removeprefix(COLLECTION).partition(".")
        fragment = importlib.import_module(f"ansible_collections.wpfleet.mainwp.plugins.doc_fragments.{file}")
        options |= yaml.load(getattr(fragment.ModuleDocFragment, (part or "documentation").upper()), LOADER).get(
            "options", {}
        )
    return options | found.get("options", {})


def lines_of(said: Mapping[str, Any]) -> list[str]:
    text = said.get("description", [])
    return [text] if isinstance(text, str) else list(text)


def plain(text: str, mark: str = "") -> str:
    """A description without Ansible's markup; ``mark`` goes around what is code."""
    text = re.sub(r"\bL\(([^,()]*), *([^()]*)\)", r"\1 (\2)", text)
    text = re.sub(r"\b[BIPU]\(([^()]*)\)", r"\1", text)
    text = re.sub(r"\b(?:O|RV|M)\((?:[\w.]+#\w+:|wpfleet\.mainwp\.)?([^()]*)\)", rf"{mark}\1{mark}", text)
    return re.sub(r"\b[CVE]\(((?:[^()\\]|\\.|\([^()]*\))*)\)", lambda found: f"{mark}{found[1]}{mark}", text).replace(
        "\\)", ")"
    )


# -- the schema -----------------------------------------------------------------------------------------------------------

TRUTH = {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off", "true", "false"]}]}
#: What Ansible makes a value of.
JINJA = {"type": "string", "pattern": r"\{[{%]", "description": "a template"}
SCALARS: dict[str, dict[str, Any]] = {
    "str": {"type": ["string", "number"]},
    "path": {"type": "string"},
    "bool": TRUTH,
    "int": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\s*-?[0-9]+\s*$"}]},
    "float": {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*-?[0-9.]+\s*$"}]},
    "raw": {},
}
OR_JINJA = {"$ref": "#/definitions/template"}
NOTHING = {"type": "null"}


def schema_of(spec: Mapping[str, Any], said: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """One option."""
    said = said or {}
    kind = spec.get("type", "str")
    if kind == "list":
        entry = schema_of({**spec, "type": spec.get("elements", "raw"), "default": None})
        one = {"type": "array", "items": entry}
    elif spec.get("options"):
        one = map_of(spec["options"], said.get("suboptions", {}))
    elif kind == "dict":
        one = {"type": "object"}
    elif spec.get("choices"):
        one = {"enum": list(choices_of(spec))}
    else:
        one = SCALARS[kind]
    found: dict[str, Any] = {"anyOf": [one, OR_JINJA, NOTHING]} if one else {}
    if spec.get("default") is not None:
        found["default"] = spec["default"]
    text = plain(" ".join(lines_of(said)))
    return {"description": text, **found} if text else found


def choices_of(spec: Mapping[str, Any]) -> Iterator[Any]:
    """The choices, in all forms that YAML may make of them."""
    for choice in spec["choices"]:
        yield choice
        if choice in ("true", "false"):
            yield choice == "true"
        elif isinstance(choice, str) and re.fullmatch(r"\d+(\.\d+)?", choice):
            yield float(choice) if "." in choice else int(choice)
        elif isinstance(choice, int):
            yield str(choice)


def map_of(
    options: Mapping[str, Any], said: Mapping[str, Any], rules: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A map of options."""
    found: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: schema_of(spec, said.get(name)) for name, spec in options.items()},
    }
    needed = [name for name, spec in options.items() if spec.get("required")]
    if needed:
        found["required"] = needed
    conditions = [
        {"anyOf": [{"required": [name]} for name in names]} for names in (rules or {}).get("required_one_of", ())
    ]
    for names in (rules or {}).get("mutually_exclusive", ()):
        pairs = [[one, two] for number, one in enumerate(names) for two in names[number + 1 :]]
        conditions += [{"not": {"required": pair}} for pair in pairs]
    if conditions:
        found["allOf"] = conditions
    if (rules or {}).get("required_by"):
        found["dependencies"] = {name: list(needs) for name, needs in (rules or {})["required_by"].items()}
    return found


def said_of(kind: Kind) -> dict[str, Any]:
    """Name → what is said of an option of an entry."""
    told = {name: said_by(kind.module)[name] for name in kind.spec}
    return told | {name: {"description": lines} for (of, name), lines in SAID.items() if of == kind.name}


def part_of(kind: Kind) -> dict[str, Any]:
    """What a variable of a kind holds."""
    entry = map_of(kind.spec, said_of(kind), kind.rules)
    one = entry if kind.name == "settings" else {"type": "array", "items": entry}
    return {"description": intro_of(kind, ""), "anyOf": [one, OR_JINJA, NOTHING]}


def secrets_schema() -> dict[str, Any]:
    """Kind → name → options; no values are judged."""
    kinds = {
        kind.name: {"additionalProperties": {"type": "object", "propertyNames": {"enum": list(kind.spec)}}}
        for kind in KINDS
        if kind.name != "settings"
    }
    settings = {"$ref": "#/definitions/settings"}
    return {"type": "object", "additionalProperties": False, "properties": {"settings": settings, **kinds}}


def schema() -> dict[str, Any]:
    """The schema of a file with the role's variables. Those of others may stand in it, too."""
    kinds = {kind.name: part_of(kind) for kind in KINDS}
    specs = yaml.load(SPECS.read_text(encoding="utf-8"), LOADER)["argument_specs"] if SPECS.exists() else {}
    options = {
        name: spec for point in specs.values() for name, spec in point["options"].items() if name.startswith(PREFIX)
    }
    rest = {name: schema_of(spec, spec) for name, spec in options.items() if name.removeprefix(PREFIX) not in kinds}
    if f"{PREFIX}secrets" in rest:
        rest[f"{PREFIX}secrets"]["anyOf"][0] = secrets_schema()
    names = "|".join([*(rf"{name}(__.+)?" for name in kinds), *(name.removeprefix(PREFIX) for name in rest)])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A MainWP Dashboard as code",
        "description": "Variables of the role wpfleet.mainwp.dashboard_config.",
        "type": ["object", "null"],
        "properties": {f"{PREFIX}{name}": {"$ref": f"#/definitions/{name}"} for name in kinds} | rest,
        "patternProperties": {f"^{PREFIX}{name}__.+": {"$ref": f"#/definitions/{name}"} for name in kinds},
        "propertyNames": {"anyOf": [{"not": {"pattern": f"^{PREFIX}"}}, {"pattern": f"^{PREFIX}({names})$"}]},
        "definitions": {"template": JINJA, **kinds},
    }


# -- the page -------------------------------------------------------------------------------------------------------------

HEAD = """\
<!--
Copyright: (c) 2026, wpfleet.mainwp contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->
<!-- Made by tests/tools/config_tree.py from the options of the modules: change them there. -->
# What a tree can say

Every kind of the tree that the role `dashboard_config` and the module `mainwp_config` apply, and every key of it. In the role a
kind is a variable, `dashboard_config_tags`, or several whose names go on with two underscores: `dashboard_config_tags__acme`. In
the module it is a key of `tree`, `tags`. The kinds are applied in the order of this page.

An entry says what its module takes, without the connection and without how carefully sites are worked on, which is said once
for the whole tree. What is not said is left as it is.

Secrets can stand apart, in `secrets`: the kind, then what the entry is called (`*` for all of the kind), then keys of this page.
Those of `settings` have the shape of the settings.

```yaml
dashboard_config_secrets:
  sites:
    "*": {admin: fleet}
    https://shop.example: {admin_password: "{{ vault_shop_password }}"}
  settings:
    api_backups: {kinsta: {api_key: "{{ vault_kinsta_api_key }}"}}
```

Editors know all of this from the
[JSON schema](../roles/dashboard_config/files/dashboard_config.schema.json) that the role brings, which also takes a template
wherever a value stands. In the first line of a file:

```yaml
# yaml-language-server: $schema=../collections/ansible_collections/wpfleet/mainwp/roles/dashboard_config/files/dashboard_config.schema.json
dashboard_config_tags:
  - name: shops
```
"""
WORDS = {
    "str": "text",
    "path": "path",
    "bool": "true or false",
    "int": "whole number",
    "float": "number",
    "dict": "map",
    "raw": "anything",
}
MANY = {"str": "texts", "int": "whole numbers"}


def intro_of(kind: Kind, mark: str) -> str:
    """What there is to say of a kind, in sentences."""
    module = f"{mark}{kind.module}{mark}"
    if kind.name == "settings":
        return f"A map of sections, as {module} takes them."
    told = [f"A list; an entry takes options of {module}."]
    if kind.resource:
        keys = [*kind.resource.keys, kind.resource.id_name]
        told.append(f"One is known by {' or '.join(f'{mark}{key}{mark}' for key in dict.fromkeys(keys))}.")
    if kind.on_sites:
        link = "[which sites](#which-sites)" if mark else "which sites"
        told.append(f"Each entry says {link} it is about.")
    told.append("Can be purged." if kind.purges else "Never purged.")
    return " ".join(told)


def sort_of(spec: Mapping[str, Any]) -> str:
    """What sort of value an option takes."""
    listed = spec.get("type") == "list"
    sort = spec.get("elements", "raw") if listed else spec.get("type", "str")
    if spec.get("choices"):
        told = ", ".join(f"`{choice}`" for choice in spec["choices"])
        told = f"of {told}" if listed else told
    else:
        told = WORDS[sort]
        told = f"of {MANY.get(sort, told)}" if listed else told
    told = f"list {told}" if listed else told
    default = spec.get("default")
    if default not in (None, [], ""):
        told += f"; else `{json.dumps(default) if not isinstance(default, str) else default}`"
    secret = "; secret" if spec.get("no_log") else ""
    return f"{told}{'; needed' if spec.get('required') else ''}{secret}"


def cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def rows(options: Mapping[str, Any], said: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The rows of a table of options, with those of maps below them."""
    for name, spec in options.items():
        about = said.get(name) or {}
        if spec.get("options"):
            yield from rows(spec["options"], about.get("suboptions", {}), f"{path}{name}.")
        else:
            text = plain(" ".join(lines_of(about)), "`")
            yield f"| `{path}{name}` | {cell(sort_of(spec))} | {cell(text)} |"


def section(kind: Kind) -> Iterator[str]:
    """What the page says of a kind."""
    yield f"\n## {kind.name}\n\n{intro_of(kind, '`')}"
    said, maps = said_of(kind), {name: spec for name, spec in kind.spec.items() if spec.get("options")}
    for name, spec in maps.items():
        yield f"\n### {kind.name}.{name}\n\n{plain(' '.join(lines_of(said[name])), '`')}"
        yield from table(spec["options"], said[name].get("suboptions", {}))
    selects = selection_spec() if kind.on_sites else {}
    rest = {name: spec for name, spec in kind.spec.items() if name not in maps and name not in selects}
    if maps and rest:
        yield f"\n### {kind.name}: how"
    yield from table(rest, said)


def table(options: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    yield "\n| key | value | what it is |\n|---|---|---|"
    yield from rows(options, said)


def page() -> str:
    """The page."""
    on_sites = next(kind for kind in KINDS if kind.on_sites)
    sites = ["\n## Which sites", *table(selection_spec(), said_of(on_sites))]
    return HEAD + "\n".join([line for kind in KINDS for line in section(kind)] + sites) + "\n"


#: Path below the checkout → what makes that which it must hold.
MADE: dict[str, Callable[[], str]] = {
    SCHEMA.relative_to(ROOT).as_posix(): lambda: json.dumps(schema(), indent=1, ensure_ascii=False) + "\n",
    PAGE.relative_to(ROOT).as_posix(): page,
}


if __name__ == "__main__":
    for name, made in MADE.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(made(), encoding="utf-8")
