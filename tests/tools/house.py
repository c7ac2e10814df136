# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of the house that no other tool checks: licence headers, doors, arrows, circles, links."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import yaml
from envs import ROOT, git_files
from pages import slugs

PLUGINS = ROOT / "plugins"
COLLECTION = "ansible_collections.wpfleet.mainwp."
PREFIX = f"{COLLECTION}plugins."
HEADER = (
    "Copyright: (c) 2026, wpfleet.mainwp contributors",
    "GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "SPDX-License-Identifier: GPL-3.0-or-later",
)
WITH_HEADER = {".py", ".yml", ".yaml", ".toml", ".sh", ".j2", ".cfg", ".txt", ""}
WITHOUT_HEADER = re.compile(r"COPYING|LICENSES/.*|changelogs/changelog\.yaml|tests/.*/(golden|recordings)/.*")


def headers() -> Iterator[str]:
    for path in git_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix not in WITH_HEADER or WITHOUT_HEADER.fullmatch(name):
            continue
        text = path.read_text(encoding="utf-8")
        top = "\n".join(text.splitlines()[:8])
        if text and not all(line in top for line in HEADER):
            yield f"{name}: lacks the licence header"


def doors() -> Iterator[str]:
    """``meta/runtime.yml`` leads every module to the one action; who talks to a Dashboard is in the action groups."""
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    modules = {path.stem: path.read_text(encoding="utf-8") for path in (PLUGINS / "modules").glob("mainwp_*.py")}
    asking = {name for name, text in modules.items() if "- wpfleet.mainwp.connection\n" in text}
    actions = {path.stem for path in (PLUGINS / "action").glob("*.py")} - {"__init__"}
    if len(actions) != 1 or not actions <= modules.keys():
        yield "plugins/action: one action serves all modules, and is called like one of them"
    route = {"action_plugin": f"wpfleet.mainwp.{min(actions)}"}
    lists = {
        "plugin_routing": (
            modules.keys(),
            {name for name, entry in runtime["plugin_routing"]["modules"].items() if entry == route},
        ),
        "group mainwp": (asking, set(runtime["action_groups"]["mainwp"])),
        "group mainwp_info": (
            {name for name in asking if name.endswith("_info")},
            set(runtime["action_groups"]["mainwp_info"]),
        ),
    }
    for place, (expected, found) in lists.items():
        for name in sorted(expected ^ found):
            yield f"meta/runtime.yml: {name} is {'missing in' if name in expected else 'unknown, but in'} {place}"


def imports(path: Path) -> set[str]:
    """The absolute names of the modules, or of their contents, that a file imports anywhere."""
    names: set[str] = set()
    place = path.parent.relative_to(ROOT).as_posix().replace("/", ".")
    package = f"{COLLECTION}{place}".split(".")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


def ours(*rooms: str) -> tuple[str, ...]:
    return tuple(f"{PREFIX}module_utils.{room}" for room in rooms)


# The floors of plugins/module_utils, from the top: a room uses those of its own floor and of the floors below. All that is
# not named is on the ground floor: values, and what is pure.
EDGES = ("_door", "_dashboard_door", "_resource_doors", "_thing_doors", "_specs", "_signals")
#: Above the doors: an entry of a tree takes what the door of its module takes.
TREE = ("_config",)
POLICY = ("_selection", "_flaws", "_plan", "_proven", "_verdict", "_report", "_brakes", "_ledger")
FLOORS = (
    TREE,
    EDGES,
    ("_events",),
    ("_jobs", "_resources", "_settings", "_things"),
    ("_reports", "_fleet", "_feed", "_pending", "_refresh", "_probe", *POLICY),
    ("_dashboard",),
    ("_api",),
    ("_http",),
)
# What runs on the controller only does without a Dashboard, and without requests.
WITHOUT_DASHBOARD = ("_door", "_reports")
SPEAKS_HTTP = ("_http", "_bounds", "_network", "_probe", "_feed")
PURE = (
    "_addresses",
    "_errors",
    "_models",
    "_versions",
    "_health",
    "_flaws",
    "_selection",
    "_plan",
    "_verdict",
    "_report",
    "_reports",
)
IO = ("requests", "urllib3", "socket", "http", "subprocess", "threading", "concurrent", "time", "os", "pathlib")


def forbidden(room: str) -> tuple[str, ...]:
    """What a room of plugins/module_utils must not import."""
    floor = next((number for number, rooms in enumerate(FLOORS) if room in rooms), len(FLOORS))
    names = ours(*(above for rooms in FLOORS[:floor] for above in rooms))
    if room not in TREE + EDGES:
        names += ("ansible",)
    if room not in SPEAKS_HTTP:
        names += ("requests", "urllib3")
    if room in PURE:
        names += IO + ours(*(other for rooms in FLOORS for other in rooms if other not in PURE + POLICY))
    if room in WITHOUT_DASHBOARD:
        names += ours(
            "_http", "_api", "_dashboard", "_dashboard_door", "_fleet", "_pending", "_refresh", *FLOORS[2], *FLOORS[3]
        )
    return names


def arrows() -> Iterator[str]:
    """Doors -> jobs and resources -> dashboard -> API -> transport -> errors and models; never the other way round."""
    utils = PLUGINS / "module_utils"
    for path in sorted(utils.rglob("*.py")):
        bans = forbidden(path.relative_to(utils).parts[0].removesuffix(".py"))
        for name in sorted(imports(path)):
            if any(name == ban or name.startswith(f"{ban}.") for ban in bans):
                yield f"{path.relative_to(ROOT)}: must not import {name}"


def event_sources() -> Iterator[str]:
    """ansible-rulebook runs a source by itself, perhaps where there is no Ansible: not even what its rooms use may need it."""
    for path in sorted((ROOT / "extensions").rglob("*.py")):
        names = {name.partition(".")[0] for name in imports(path)} - {"__future__"}
        for name in sorted(names - sys.stdlib_module_names):
            yield f"{path.relative_to(ROOT)}: must not import {name}"
    files = {
        PREFIX + path.relative_to(PLUGINS).with_suffix("").as_posix().replace("/", "."): path
        for path in PLUGINS.rglob("*.py")
    }
    seen, left = set(), {name for name in files if name.startswith(f"{PREFIX}module_utils._events.")}
    while left:
        name = left.pop()
        seen.add(name)
        used = imports(files[name])
        if any(one.partition(".")[0] == "ansible" for one in used):
            yield f"{files[name].relative_to(ROOT)}: must not import ansible, for the event source uses it"
        left |= (used & files.keys()) - seen


def relatives() -> Iterator[str]:
    """What plugins import of each other they name from where they are, which is short."""
    for path in sorted(PLUGINS.rglob("*.py")):
        if re.search(rf"^\s*(?:from|import) {re.escape(PREFIX)}", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            yield f"{path.relative_to(ROOT)}: imports its own collection by the whole name"


def circles() -> Iterator[str]:
    """No file of plugins leads back to itself, also not for the type checker alone."""
    files = {
        PREFIX + path.relative_to(PLUGINS).with_suffix("").as_posix().replace("/", "."): path
        for path in sorted(PLUGINS.rglob("*.py"))
    }
    graph = {name: imports(path) & files.keys() - {name} for name, path in files.items()}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as exc:
            circle: list[str] = exc.args[1]
            yield "a circle: " + " <- ".join(name.removeprefix(PREFIX) for name in circle)
            graph[circle[1]] = graph[circle[1]] - {circle[0]}  # and what others are there?
        else:
            return


def jinja() -> Iterator[str]:
    """Jinja picks values, Python computes: no statements in roles, and a variable is one expression."""
    for path in sorted((ROOT / "roles").rglob("*")):
        if path.suffix == ".j2":
            yield f"{path.relative_to(ROOT)}: what people read is made by the collection's Python"
        if path.suffix not in (".yml", ".yaml"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\{%", line):
                yield f"{path.relative_to(ROOT)}:{number}: has a Jinja statement; make it an expression or a filter"
    for path in sorted((ROOT / "roles").glob("*/vars/*.yml")):
        for name, value in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for text in value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]:
                if not re.fullmatch(r"\s*\{\{[^\n]*\}\}\s*", str(text)):
                    yield f"{path.relative_to(ROOT)}: {name} is more than one expression on one line"


def connections() -> Iterator[str]:
    """Each role passes the connection on in one place."""
    for role in sorted((ROOT / "roles").iterdir()):
        files = [*role.glob("tasks/*.yml"), *role.glob("vars/*.yml")]
        found = [path for path in files for dummy in re.findall(r"\bapi_key:", path.read_text(encoding="utf-8"))]
        for path in found[1:]:
            yield f"{path.relative_to(ROOT)}: passes the connection on once more, as {found[0].relative_to(ROOT)} does"


def picture() -> Iterator[str]:
    """The picture of the house shows every room, and no other."""
    page = ROOT / "docs" / "architecture.md"
    shown = set(re.findall(r"\b_[a-z]\w*", page.read_text(encoding="utf-8").split("```")[1]))
    folders, files = (PLUGINS / "module_utils", PLUGINS / "plugin_utils"), git_files()
    paths = [path.relative_to(folder) for folder in folders for path in files if folder in path.parents]
    rooms = {path.parts[0].removesuffix(".py") for path in paths} - {"__init__"}
    known = {part.removesuffix(".py") for path in paths for part in path.parts}
    for name in sorted(rooms - shown):
        yield f"docs/architecture.md: {name} is missing in the picture"
    for name in sorted(shown - known):
        yield f"docs/architecture.md: there is no {name}"


def anchors(page: Path) -> set[str]:
    """The anchors that a hosting site gives to the headings of a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ +(.*?)\s*$", text, flags=re.MULTILINE)
    return set(slugs(titles))


def links() -> Iterator[str]:
    """Relative links in Markdown lead to files, and their anchors to headings."""
    for page in (path for path in git_files() if path.suffix == ".md"):
        for target in re.findall(r"\]\((?![a-z]+:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
            name, dummy, anchor = target.partition("#")
            file = (page.parent / name).resolve() if name else page
            if not file.exists():
                yield f"{page.relative_to(ROOT)}: {target} leads nowhere"
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                yield f"{page.relative_to(ROOT)}: {target} leads to no heading"


def main() -> int:
    findings = [
        *headers(),
        *doors(),
        *arrows(),
        *event_sources(),
        *relatives(),
        *circles(),
        *jinja(),
        *connections(),
        *picture(),
        *links(),
    ]
    print("\n".join(findings) or "The house is in order.")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
