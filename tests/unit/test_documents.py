# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents keep pace with the code: names, lists and quoted messages. What they show as code is in test_snippets.py."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from codes import REASONS, SYMPTOMS
from documents import DOCS, DOCSITE, PAGES, README, ROOT, blocks_of, name_of, prose, text_of
from modules import MODULES, code
from returns import promised
from tools.pages import slugs

from ansible_collections.wpfleet.mainwp.plugins.module_utils import (
    _answers,
    _errors,
    _health,
    _refresh,
    _report,
    _symptoms,
    _verdict,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import KINDS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._names import EVENTS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._options import SPEC as SOURCE
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed import _fetch, _source, _stream
from ansible_collections.wpfleet.mainwp.plugins.module_utils._given import CONNECTION, CREDENTIALS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _batch_watch, _findings
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.cost_types import METHODS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import ENVIRONMENT

#: For users: every name in them is one that a user can type or read. (The page of routes is held by test_routes.py.)
GUIDES = [page for page in (README, *DOCS, *DOCSITE) if page.name not in ("architecture.md", "api_coverage.md")]
CONTENT = ROOT / "docs" / "content.md"
RULEBOOKS = sorted((ROOT / "extensions" / "eda" / "rulebooks").glob("*.yml"))
ROLE = ROOT / "roles" / "fleet_maintenance"
ROLES = sorted((ROOT / "roles").iterdir())

#: Names in guides that belong to others.
FOREIGN = {
    "all_sites",
    "block",
    "changed_when",
    "fastcgi_cache_bypass",
    "failed_when",
    "fastcgi_no_cache",
    "example_de",  # shop.example_de, a host made of a sub-directory
    "fastcgi_read_timeout",
    "gather_facts",
    "group_vars",
    "host_vars",
    "http_proxy",
    "https_proxy",
    "ignore_errors",
    "match_multiple_rules",
    "max_fail_percentage",
    "module_defaults",
    "no_log",
    "no_proxy",
    "proxy_read_timeout",
    "run_once",
    "set_stats",
    "requires_ansible",
    "version_added",
}


def words_of(text: str) -> str:
    """Text with quotes' marks and line breaks taken out, to look for sentences in it."""
    return " ".join(re.sub(r"^> ?", "", text, flags=re.MULTILINE).split())


def documented(options: Mapping[str, Any], below: str) -> Iterator[str]:
    """Names in a documentation's nested ``options`` or return values."""
    for name, spec in options.items():
        yield name
        yield from documented(spec.get(below) or {}, below)


@pytest.mark.parametrize("page", ["docs/content.md", "docs/modules.md"])
def test_every_module_is_in_the_tables_of_modules_once(page: str) -> None:
    rows = [line for line in text_of(ROOT / page).splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in re.findall(r"`(mainwp_[a-z_]+)`", row)]
    assert sorted(named) == MODULES


def test_the_table_of_modules_says_what_each_writes() -> None:
    rows = re.findall(r"^\| `(mainwp_\w+)` \| .+ \| (.+) \|$", text_of(CONTENT), flags=re.MULTILINE)
    assert len(rows) == len(MODULES)
    assert {name for name, writes in rows if writes == "no"} == {name for name in MODULES if name.endswith("_info")}


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Roles", [role.name for role in ROLES]),
        ("Playbooks", [path.stem for path in (ROOT / "playbooks").glob("*.yml")]),
        (
            "Events",
            [
                *(path.stem for path in (ROOT / "extensions" / "eda" / "plugins" / "event_source").glob("*.py")),
                *(path.stem for path in RULEBOOKS),
            ],
        ),
        (
            "Filters and lookups",
            [
                *(path.stem for path in (ROOT / "plugins" / "filter").glob("*.yml")),
                *(path.stem for path in (ROOT / "plugins" / "lookup").glob("*.py")),
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_in_the_collection_is_told_once(heading: str, names: list[str]) -> None:
    section = text_of(CONTENT).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == sorted(names)


def test_the_index_names_every_page() -> None:
    index = text_of(ROOT / "docs" / "README.md")
    missing = [page.name for page in DOCS if page.name != "README.md" and f"({page.name})" not in index]
    assert not missing


def test_every_event_and_option_of_the_source_is_on_its_page() -> None:
    page = text_of(ROOT / "docs" / "events.md")
    told, options = (
        page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] for heading in ("What is told", "The options")
    )
    assert re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE) == ["change", *EVENTS]
    rows = re.findall(r"^\| (`.+?) \| (.*?) \|", options, re.MULTILINE)
    assert {name for names, _default in rows for name in re.findall(r"\w+", names)} == SOURCE.keys() - CONNECTION.keys()
    for names, default in rows:
        if default.strip("`").isdigit():
            assert int(default) == SOURCE[names.strip("`")]["default"]


def test_every_rulebook_is_on_its_page() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ", text_of(ROOT / "docs" / "events.md").partition("## What is told")[0], re.MULTILINE
    )
    assert sorted(rows) == [path.stem for path in RULEBOOKS]


def test_every_result_and_verdict_is_in_the_result_contract() -> None:
    text = text_of(ROOT / "docs" / "results.md")
    missing = [name for name in (*_verdict.RESULTS, *_health.VERDICTS) if f"| `{name}` |" not in text]
    assert not missing


def test_every_finding_of_the_doctor_is_told() -> None:
    path = ROOT / "plugins" / "module_utils" / "_jobs" / "dashboard_info.py"
    told = [node.value for node in ast.walk(ast.parse(text_of(path))) if isinstance(node, ast.Yield)]
    firsts = [node.elts[0] for node in told if isinstance(node, ast.Tuple)]
    codes = {node.value for node in firsts if isinstance(node, ast.Constant)} | {"pages_unknown", "pages_bad"}
    table = text_of(ROOT / "docs" / "getting_started.md").partition("| finding | means |\n")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", " ".join(line.split(" | ")[0] for line in table.splitlines()))
    assert sorted(named) == sorted(codes)


def test_the_environment_variables_are_all_named() -> None:
    text = text_of(ROOT / "docs" / "getting_started.md")
    assert set(re.findall(r"`(MAINWP_[A-Z_]+)`", text)) == {*CREDENTIALS.values(), *ENVIRONMENT.values()}


@pytest.mark.parametrize(
    "sentence",
    [
        _symptoms.FIREWALL.hint,
        _symptoms.GATEWAY.hint,
        _batch_watch.WAITING["cron_dead"],
        _batch_watch.WAITING["cron_stalled"],
        _errors.AnswerLost.hint,
        _errors.ConnectFailed.hint,
        _errors.NoRoute.hint,
        _errors.TlsFailed.hint,
    ],
    ids=lambda sentence: " ".join(sentence.split()[:4]),
)
def test_troubleshooting_quotes_hints_as_they_are_printed(sentence: str) -> None:
    assert words_of(sentence) in words_of(text_of(ROOT / "docs" / "troubleshooting.md"))


@pytest.mark.parametrize("source", [_answers, _refresh, _errors], ids=lambda source: source.__name__.rpartition(".")[2])
def test_troubleshooting_quotes_nothing_that_is_gone(source: Any) -> None:
    """Sentences of these rooms that the page quotes are still in the code."""
    code = " ".join(re.findall(r'"((?:[^"\\]|\\.)*)"', Path(source.__file__).read_text(encoding="utf-8")))
    quoted = {
        _answers: ["The Dashboard does not know this key, or it is switched off (API Access > API Keys)."],
        _refresh: [
            "MainWP refuses to sync this site since an earlier failure. mainwp_sync with reconnect: true repairs that."
        ],
        _errors: ["The Dashboard may still be working on it."],
    }[source]
    page = words_of(text_of(ROOT / "docs" / "troubleshooting.md"))
    for sentence in quoted:
        assert sentence in page
        assert sentence in code


def test_the_table_of_symptoms_is_that_of_the_code() -> None:
    text = text_of(ROOT / "docs" / "troubleshooting.md").partition("## All symptoms")[2]
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.*) \|$", text, re.MULTILINE)
    assert sorted(rows) == sorted((symptom.code, symptom.hint) for symptom in SYMPTOMS)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    shown = "\n".join([*re.findall(r"`([^`\n]+)`", prose(page)), *(block.text for block in blocks_of(page))])
    for name in re.findall(r"\bmake(?: -\w+)* ([a-z-]+)", shown):
        assert name in targets, f"{name_of(page)}: there is no make {name}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_path_of_some_machine(page: Path) -> None:
    found = re.findall(r"(?<![\w.~/])/(?:work|home|root|tmp|Users|mnt)/\S*", text_of(page))
    assert not found


@cache
def vocabulary() -> set[str]:
    """Every name with an underscore that a user can meet."""
    words = {*MODULES, *REASONS, *_verdict.RESULTS, *_health.VERDICTS, *FOREIGN}
    for name in MODULES:
        spec = code(name).DOOR.argument_spec
        words.update(documented(spec, "options"))
        words.update(choices_of(spec))
        words.update(documented(promised(name), "contains"))
    findings = (ROOT / "plugins" / "module_utils" / "_jobs" / "dashboard_info.py").read_text(encoding="utf-8")
    words.update(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', findings))
    inventory = importlib.import_module("ansible_collections.wpfleet.mainwp.plugins.inventory.mainwp")
    words.update(documented(yaml.safe_load(inventory.DOCUMENTATION)["options"], "suboptions"))
    facts = (ROOT / "plugins" / "plugin_utils" / "_inventory.py").read_text(encoding="utf-8")
    keys = {*re.findall(r'"([a-z_]+)"', facts), *_report.site_facts(Site(1, "https://a.example/", "A"))}
    words.update(f"mainwp_site_{key}" for key in keys)
    words.update(role_names())
    words.update(name for kind in KINDS for name in (kind.name, f"dashboard_config_{kind.name}"))
    words.update(METHODS)
    words.update(("dashboard_config", "dashboard_config_tags__acme", "mainwp_config"))
    words.update(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
    words.update(path.stem for path in RULEBOOKS)
    words.update(path.stem for path in (ROOT / "extensions" / "eda").rglob("*.*"))
    words.update((*EVENTS, *documented(SOURCE, "options")))
    words.update(path.stem for path in (ROOT / "plugins" / "lookup").glob("*.py"))
    words.update(path.stem for path in (ROOT / "plugins" / "filter").glob("*.yml"))
    words.update(yaml.safe_load(text_of(ROOT / "meta" / "runtime.yml"))["action_groups"])
    examples = " ".join(text_of(path) for path in (*sorted((ROOT / "examples").rglob("*.yml")), *RULEBOOKS))
    words.update(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", examples))
    words.add("invalid_input")
    words.update((_findings.NOT_OFFERED, _findings.NO_FIX, _findings.NOT_FIXED, *feed_reasons()))
    words.update(symptom.code for symptom in SYMPTOMS)
    return words


def choices_of(options: Mapping[str, Any]) -> Iterator[str]:
    """What can be chosen, in nested options, too."""
    for spec in options.values():
        yield from map(str, spec.get("choices", ()))
        yield from choices_of(spec.get("options") or {})


def feed_reasons() -> set[str]:
    """The reasons for which there is no feed."""
    kinds = (_fetch.Refused, _fetch.Limited, _fetch.Unavailable, _stream.CutOff, _stream.NotAFeed, _source.TooOld)
    return {kind.reason for kind in kinds}


def test_every_reason_for_which_there_is_no_feed_is_told() -> None:
    page = text_of(ROOT / "docs" / "vulnerabilities.md").partition("### When there is no feed")[2]
    assert set(re.findall(r"^\| `(feed_\w+)` \|", page, re.MULTILINE)) == feed_reasons()


def role_names() -> set[str]:
    """The roles' options, and the variables, tags and files that their tasks name."""
    tasks = " ".join(text_of(path) for role in ROLES for path in sorted((role / "tasks").glob("*.yml")))
    playbooks = " ".join(text_of(path) for path in sorted((ROOT / "playbooks").glob("*.yml")))
    return (
        {role.name for role in ROLES}
        | {name for role in ROLES for name in role_variables(role)}
        | set(re.findall(r"\b(?:dashboard_config|fleet_maintenance|letters|mainwp|patch)_[a-z_]+\b", tasks + playbooks))
    )


def role_variables(role: Path) -> set[str]:
    """A role's options in all entry points."""
    specs = role / "meta" / "argument_specs.yml"
    if not specs.exists():
        return set()
    points = yaml.safe_load(specs.read_text(encoding="utf-8"))["argument_specs"]
    return {name for point in points.values() for name in point.get("options", {})}


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_names_in_backticks_exist(page: Path) -> None:
    known = vocabulary()
    for name in re.findall(r"`([^`\n]+)`", prose(page)):
        word = name.partition(":")[0].partition("[")[0].strip()
        for part in word.split("."):
            if re.fullmatch(
                r"(?!mainwp_rest_|ability_|ansible_)[a-z]+(?:_[a-z]+)+", part
            ):  # MainWP's and Ansible's own names apart
                assert part in known, f"{name_of(page)}: nothing is called {part}"


def test_the_role_page_names_every_variable() -> None:
    text = text_of(ROOT / "docs" / "role.md")
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    missing = [name for name in sorted({*defaults, *role_variables(ROLE)}) if f"`{name}`" not in text]
    assert not missing


def test_docs_ansible_com_gets_every_guide() -> None:
    sections = yaml.safe_load(text_of(ROOT / "docs" / "docsite" / "extra-docs.yml"))["sections"]
    listed = [name for section in sections for name in section["toctree"]]
    assert sorted(listed) == sorted(page.stem for page in DOCSITE)


@pytest.mark.parametrize("page", DOCSITE, ids=name_of)
def test_guides_lead_to_pages_that_there_are(page: Path) -> None:
    """Links to the project itself: reStructuredText knows no relative ones out of its folder."""
    found = re.findall(r"https://github\.com/wpfleet/mainwp/blob/main/([^#>]+)(?:#([^>]+))?>", text_of(page))
    assert found
    for name, anchor in found:
        headings = re.findall(r"^#+ (.+)$", text_of(ROOT / name), re.MULTILINE)
        assert not anchor or anchor in slugs(headings), f"{name}#{anchor}"
