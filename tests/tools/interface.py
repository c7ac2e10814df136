# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All of the interface that docs/promises.md promises, read from where the code and its documentation have it.

``PYTHONPATH=tests .venv/bin/python tests/tools/interface.py`` tells what differs from ``tests/interface.json`` and writes it
anew; a test compares the two. What breaks a promise is written with ``--break`` alone, and only for a version that may.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from codes import REASONS, SYMPTOMS
from modules import COLLECTION, LOADER, MODULES, ROOT, code
from returns import named_keys, promised
from tools.promises import STEP, Interface, changes, may_break, told

from ansible_collections.wpfleet.mainwp.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.wpfleet.mainwp.plugins.inventory import mainwp as inventory
from ansible_collections.wpfleet.mainwp.plugins.lookup import client_texts, run_id, run_start
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import KINDS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._names import EVENTS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._options import SPEC as SOURCE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._given import CREDENTIALS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site, Tag, Update
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.run import whole
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.waves import begun, finished
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import (
    ENVIRONMENT,
    connection_spec,
    door_spec,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._stored import FORMAT
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._inventory import groups_of, record

SNAPSHOT = ROOT / "tests" / "interface.json"
#: What a place of it is promised to have.
Places = Iterator[tuple[str, dict[str, Any]]]
#: Of an option, beside what it is called.
OF_AN_OPTION = ("type", "elements", "choices", "required", "aliases", "no_log")
#: Tables of the pages about results and about the first look by the title of their first column → what the words in there are.
WORDS = {"result": "result", "verdict": "verdict", "finding": "finding"}

# -- what modules and plugins take and return ----------------------------------------------------------------------------


def below(place: str, found: Places) -> Places:
    """The same, below a place."""
    return ((STEP.join((place, name)), holds) for name, holds in found)


def options(spec: Mapping[str, Mapping[str, Any]]) -> Places:
    """What is taken, suboptions included."""
    for name, option in spec.items():
        holds = {what: option[what] for what in OF_AN_OPTION if option.get(what)}
        if option.get("default") is not None:
            holds["default"] = option["default"]
        variables = [entry["name"] for entry in option.get("env", ())] or option.get("fallback", (None, ()))[1]
        settings = [f"{entry['section']}.{entry['key']}" for entry in option.get("ini", ())]
        more = {"env": list(variables), "ini": settings, "rules": rules_of(option)}
        yield f"option {name}", {"type": "str", **holds, **{what: value for what, value in more.items() if value}}
        yield from below(f"option {name}", options(option.get("options") or option.get("suboptions") or {}))


def rules_of(where: Mapping[str, Any]) -> dict[str, list[list[Any]]]:
    """The rules between options, as lists."""
    kinds = ("mutually_exclusive", "required_one_of", "required_together", "required_if", "required_by")
    found = {kind: where.get(kind) for kind in kinds}
    if isinstance(found["required_by"], Mapping):
        found["required_by"] = [[name, *needed] for name, needed in found["required_by"].items()]
    return {kind: json.loads(json.dumps([*rules])) for kind, rules in found.items() if rules}


def returned(entries: Mapping[str, Mapping[str, Any]], start: str = "returns ") -> Places:
    """What is returned, key by key."""
    for name, entry in entries.items():
        holds = {what: entry[what] for what in ("type", "elements", "choices") if entry.get(what)}
        more = {"always": entry.get("returned") == "always", "keys": sorted(named_keys(entry))}
        yield f"{start}{name}", {**holds, **{what: value for what, value in more.items() if value}}
        yield from below(f"{start}{name}", returned(entry.get("contains") or {}, ""))


@cache
def read(text: str) -> Any:
    """YAML, faster where it can be."""
    return yaml.load(text, LOADER)


def support(text: str) -> dict[str, str]:
    """What a module promises of check mode and the like, fragments included."""
    found = read(text)
    parts = [found.get("attributes", {})]
    for name in found.get("extends_documentation_fragment", []):
        file, dummy, part = name.removeprefix(COLLECTION).partition(".")
        fragment = importlib.import_module(f"ansible_collections.wpfleet.mainwp.plugins.doc_fragments.{file}")
        text = getattr(fragment.ModuleDocFragment, (part or "documentation").upper())
        parts.append(read(text).get("attributes", {}))
    promises = ("check_mode", "diff_mode", "idempotent")
    return {
        name: str(next(part[name]["support"] for part in parts if "support" in part.get(name, {}))) for name in promises
    }


def modules() -> Places:
    """Those that there are, and the names that lead to them."""
    runtime = read((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    redirects = {
        name: entry["redirect"].removeprefix(COLLECTION)
        for name, entry in runtime["plugin_routing"]["modules"].items()
        if entry.get("redirect")
    }
    for name in (*MODULES, *redirects):
        real = redirects.get(name, name)
        door = code(real).DOOR
        groups = sorted(group for group, members in runtime["action_groups"].items() if name in members)
        flags = {"connection": door.travels, "v1": getattr(door, "serves_v1", False), "groups": groups}
        holds = {**support(code(real).DOCUMENTATION), **{flag: value for flag, value in flags.items() if value}}
        rules = rules_of(door.rules)
        yield f"module {name}", {**holds, **({"rules": rules} if rules else {})}
        yield from below(f"module {name}", options(door.spec))
        yield from below(f"module {name}", returned(promised(real)))
    for which, spec in {"connection": connection_spec(), "connection of modules": door_spec()}.items():
        yield which, {}
        yield from below(which, options(spec))
    for name, variable in {**ENVIRONMENT, **CREDENTIALS}.items():
        yield f"environment {variable}", {"option": name}


def plugin(kind: str, name: str, said: Mapping[str, Any], gives: Mapping[str, Any]) -> Places:
    """An inventory, a lookup, a filter, by its documentation."""
    positional = [one.strip() for one in said.get("positional", "").split(",") if one.strip()]
    yield f"{kind} {name}", {"positional": positional} if positional else {}
    yield from below(f"{kind} {name}", options(said["options"]))
    yield from below(f"{kind} {name}", returned(gives))


def plugins() -> Places:
    """All but modules."""
    yield from plugin("inventory", "mainwp", read(inventory.DOCUMENTATION), {})
    for lookup in (client_texts, run_id, run_start):
        said = read(lookup.DOCUMENTATION)
        yield from plugin("lookup", said["name"], said, read(lookup.RETURN))
    for path in sorted((ROOT / "plugins" / "filter").glob("*.yml")):
        found = read(path.read_text(encoding="utf-8"))
        yield from plugin("filter", path.stem, found["DOCUMENTATION"], found["RETURN"])


def events() -> Places:
    """The source of events, what it tells as docs/events.md has it."""
    yield "event source dashboard_changes", {}
    yield from below("event source dashboard_changes", options(SOURCE))
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    keys: list[str] = []
    for name, beside in re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", page, flags=re.MULTILINE):
        if name in EVENTS:
            keys = (keys if beside.startswith("the same") else []) + re.findall(r"`(\w+)`", beside)
            yield f"event {name}", {"keys": sorted(keys)}
    [site] = re.findall(r"^`site` has (.*?)\.", page, flags=re.MULTILINE)
    yield "event", {"keys": ["change", "dashboard", "at"]}
    yield "event site", {"keys": sorted(re.findall(r"`(\w+)`", site))}


def hosts() -> Places:
    """Variables and groups that the inventory makes."""
    update = Update("plugin", "s", "n", "1", "2")
    site = Site(1, "https://s.example", "n", "connected", tags=(Tag(1, "<tag>"),), updates=(update,), client_id=1)
    facts = record(site, {"name": "<name>", "url": ""}, {1: "<client>"}, (update,), counts=True)
    prefix = read(inventory.DOCUMENTATION)["options"]["hostvars_prefix"]["default"]
    for name, value in facts.items():
        parts = value[0] if name == "updates" else value
        yield f"host variable {prefix}{name}", {"keys": sorted(parts)} if isinstance(parts, Mapping) else {}
    shown = {**facts, "status": "STATUS", "dashboard": "NAME", "tags": ["NAME"], "client": "NAME"}
    for group, dummy in groups_of(shown):
        yield f"group {re.sub('_(name|status)$', lambda last: f'_<{last[1]}>', group)}", {}


# -- roles, playbooks, files, words --------------------------------------------------------------------------------------


def walk(value: Any) -> Iterator[Mapping[str, Any]]:
    """All maps in what was read of YAML."""
    if isinstance(value, Mapping):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from walk(inner)


def every(folder: Path) -> list[Mapping[str, Any]]:
    """All maps in the files of a folder."""
    return [part for path in sorted(folder.glob("*.yml")) for part in walk(read(path.read_text(encoding="utf-8")))]


def words(value: Any) -> list[str]:
    """One text or several."""
    return [value] if isinstance(value, str) else list(value or ())


def tags_in(task: Mapping[str, Any]) -> list[str]:
    """The tags of a task, also where they are an expression over a list of them."""
    return [
        tag for text in words(task.get("tags")) for tag in (re.findall(r"'(\w+)'", text) if "{{" in text else [text])
    ]


def roles() -> Places:
    """Entry points with their variables; tags; what they leave behind; what handlers listen to."""
    for folder in sorted((ROOT / "roles").iterdir()):
        role = f"role {folder.name}"
        defaults = read((folder / "defaults" / "main.yml").read_text(encoding="utf-8")) or {}
        specs = read((folder / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
        yield role, {}
        for point, spec in specs.items():
            filled = {
                name: {"default": defaults.get(name), **option} if name in defaults else option
                for name, option in spec["options"].items()
            }
            yield f"{role}{STEP}entry point {point}", {}
            yield from below(f"{role}{STEP}entry point {point}", options(filled))
        tasks = every(folder / "tasks")
        found = {
            "tag": {tag for task in tasks for tag in tags_in(task)} - {"always"},
            "fact": {
                name
                for task in tasks
                for name in (*task.get("ansible.builtin.set_fact", ()), *words(task.get("register")))
                if not name.startswith("_")
            },
            "stats": {name for task in tasks for name in task.get("ansible.builtin.set_stats", {}).get("data", ())},
            "handlers": {topic for part in every(folder / "handlers") for topic in words(part.get("listen"))},
        }
        for kind, names in found.items():
            yield from ((f"{role}{STEP}{kind} {name}", {}) for name in sorted(names - {"cacheable"}))


def started(kind: str, folder: Path) -> Places:
    """Playbooks and rulebooks, with the variables that their first comment tells of, and their defaults where those are
    values."""
    for path in sorted(folder.glob("*.yml")):
        comment, dummy, rest = path.read_text(encoding="utf-8").partition("\n- name:")
        told_of = set(re.findall(r"\b[a-z]+_\w+", comment))
        yield f"{kind} {path.stem}", {}
        defaults = re.findall(r"(?<![.\w])(\w+) \| default\(([^()]*?)(?:, true)?\)", rest)
        for name, default in dict(reversed(defaults)).items():  # the first one counts
            if name in told_of:
                yield f"{kind} {path.stem}{STEP}option {name}", value(default)


def playbooks() -> Places:
    """What is started by its name."""
    yield from started("playbook", ROOT / "playbooks")
    yield from started("rulebook", ROOT / "extensions" / "eda" / "rulebooks")


def value(text: str) -> dict[str, Any]:
    """A default, if it is a value."""
    try:
        return {"default": ast.literal_eval({"true": "True", "false": "False"}.get(text, text))}
    except (SyntaxError, ValueError):
        return {}


def files() -> Places:
    """The reports that runs leave."""
    found = {"result": {}, "failure": "", "name": "", "vulnerabilities": {"before": {"msg": ""}}}
    yield "report of a run", {"format": FORMAT, "keys": sorted(whole(found, "", ""))}
    yield "report of waves", {"format": FORMAT, "keys": sorted(finished(begun("", "", False), "", True))}


def trees() -> Places:
    """What a Dashboard as code is written in."""
    for kind in KINDS:
        rules = rules_of(kind.rules)
        yield f"tree {kind.name}", {"module": kind.module, **({"rules": rules} if rules else {})}
        yield from below(f"tree {kind.name}", options(kind.spec))


def codes() -> Places:
    """Words in results that programs compare."""
    feeds = re.findall(r"^\| `(feed_\w+)` \|", (ROOT / "docs" / "vulnerabilities.md").read_text("utf-8"), re.MULTILINE)
    yield from ((f"reason {reason}", {}) for reason in sorted({*REASONS, *feeds, "invalid_input"} - {""}))
    yield from ((f"symptom {symptom.code}", {}) for symptom in sorted(SYMPTOMS, key=lambda one: one.code))
    page = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("results.md", "getting_started.md"))
    for title, rows in re.findall(r"^\| (\w+) \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", page, flags=re.MULTILINE):
        if title in WORDS:
            firsts = " ".join(re.findall(r"^\|([^|]+)\|", rows, flags=re.MULTILINE))
            yield from ((f"{WORDS[title]} {word}", {}) for word in re.findall(r"`(\w+)`", firsts))


def requirements() -> Places:
    """What it runs on."""
    runtime = read((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    yield "requires ansible-core", {"version": runtime["requires_ansible"]}
    for line in read(ModuleDocFragment.DOCUMENTATION)["requirements"]:
        library, dummy, version = line.partition(" ")
        yield f"requires {library}", {"version": version.replace(" ", "")}


def interface() -> dict[str, dict[str, Any]]:
    """All of it, as JSON has it."""
    parts = (modules, plugins, events, hosts, roles, playbooks, files, trees, codes, requirements)
    return json.loads(json.dumps(dict(sorted(place for part in parts for place in part())), ensure_ascii=False))


# -- the snapshot --------------------------------------------------------------------------------------------------------


def snapshot() -> Interface:
    """What was written down. Without it nothing would be a break, so it has to be there."""
    found: Interface = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    return found


def write(found: Interface) -> None:
    """A place a line, so that differences are easy to read."""
    lines = [
        f"{json.dumps(place, ensure_ascii=False)}: {json.dumps(holds, ensure_ascii=False, sort_keys=True)}"
        for place, holds in found.items()
    ]
    SNAPSHOT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def version() -> tuple[str, Iterable[str]]:
    """(the version in galaxy.yml, versions that are released)."""
    changelog = ROOT / "changelogs" / "changelog.yaml"
    released = read(changelog.read_text(encoding="utf-8"))["releases"] if changelog.exists() else ()
    return read((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"], released


def main(arguments: list[str]) -> int:
    now = interface()
    found = changes(snapshot(), now)
    allowed = "--break" in arguments and may_break(*version())
    if any(one.breaks for one in found) and not allowed:
        print(told(found))
        return 1
    print("\n".join(map(str, found)) or "Nothing changed.")
    write(now)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
