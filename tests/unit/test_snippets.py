# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every YAML block of every page is something that there is, and what it says is accepted: options, variables, values.

``tests/integration/test_commands.py`` lets Ansible itself look at the plays, and runs the commands;
``test_inventory_examples.py`` runs the inventory files.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from ansible.parsing.yaml.loader import AnsibleLoader
from documents import PAGES, Block, blocks, blocks_of, name_of, text_of
from integration._documented import differences
from returns import promised

from unit.snippets import ANSIBLES, CHECKS, FOREIGN, LEFT_ALONE, documents, kind_of, templates_refused

BLOCKS = [pytest.param(block, id=block.place) for block in blocks("yaml")]


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a reader has a folder of reports, and a logo."""
    monkeypatch.chdir(tmp_path)
    Path("mainwp-reports").mkdir()
    Path("files").mkdir()
    Path("files/logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")


@pytest.mark.parametrize("block", BLOCKS)
def test_what_a_block_says_is_accepted(block: Block) -> None:
    if any(block.text.startswith(head) for head in LEFT_ALONE):
        return
    for value in documents(block):
        kind = kind_of(value)
        assert kind, f"{block.place}: nobody knows what this is; see kind_of"
        problems = [*CHECKS[kind](value)]
        assert not problems, f"{block.place}: {problems}"


@pytest.mark.parametrize("head", LEFT_ALONE)
def test_what_is_left_alone_is_there(head: str) -> None:
    assert any(block.text.startswith(head) for block in blocks("yaml"))


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_modules_are_there(name: str) -> None:
    assert any(f"{name}:" in block.text for block in blocks("yaml"))


@pytest.mark.parametrize("block", [pytest.param(block, id=block.place) for block in blocks("yaml", "console")])
def test_templates_and_whole_names(block: Block) -> None:
    assert not [*templates_refused(block.text)]


@pytest.mark.parametrize("text", ["{{ run | wpfleet.mainwp.changed_site }}", "{{ run.sites | map('x' }}", "{{ a }"])
def test_a_broken_template_would_be_found(text: str) -> None:
    assert [*templates_refused(text)]


#: Page → the module whose result it shows.
SHOWN = {"docs/getting_started.md": "mainwp_dashboard_info", "docs/results.md": "mainwp_batch_update"}


@pytest.mark.parametrize("block", [pytest.param(block, id=block.place) for block in blocks("json")])
def test_a_result_has_what_its_module_returns(block: Block) -> None:
    """Of which a page may leave out something."""
    name = SHOWN[block.page]
    shown = {key: value for key, value in json.loads(block.text).items() if key not in ANSIBLES}
    found = [text for text in differences(shown, promised(name), name) if not text.endswith(" is missing")]
    assert not found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_is_seen_and_in_a_language_that_is_looked_at(page: Path) -> None:
    text, found = text_of(page), blocks_of(page)
    if page.suffix == ".rst":
        assert len(re.findall(r"^ *\.\. code", text, re.MULTILINE)) == len(found)
        assert not re.findall(r"^(?! *\.\. ).*::$", text, re.MULTILINE)
    else:
        assert len(re.findall(r"^[ >]*(?:```|~~~)", text, re.MULTILINE)) == 2 * len(found)
    assert {block.language for block in found} <= {"console", "yaml", "json", "text", "ini", "markdown"}


def test_every_kind_of_block_is_there() -> None:
    assert {kind_of(value) for block in blocks("yaml") for value in documents(block)} - {""} == set(CHECKS)


# -- a check that finds nothing is worth nothing -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- wpfleet.mainwp.mainwp_sync: {all_site: true}", "there is no option all_site"),
        ("- wpfleet.mainwp.mainwp_syncs: {}", "there is no module mainwp_syncs"),
        ("- wpfleet.mainwp.mainwp_batch_update: {all_sites: true, max_version_change: tiny}", "tiny"),
        ("- wpfleet.mainwp.mainwp_batch_update: {all_sites: true, types: [plugin]}", "plugin"),
        ("- wpfleet.mainwp.mainwp_batch_update: {all_sites: true, stop_after: dawn}", "stop_after"),
        ("- wpfleet.mainwp.mainwp_batch_update: {max_version_change: minor}", "select"),
        ("- wpfleet.mainwp.mainwp_batch_update: {all_sites: true, health_check: {path: [/]}}", "path"),
        ("- block: [{wpfleet.mainwp.mainwp_tag: {nam: x}}]", "there is no option nam"),
        ("- ansible.builtin.debug: {message: x}", "there is no option message"),
        ("- vendor.thing.mail: {}", "nobody knows vendor.thing.mail"),
        ("- {hosts: all, vars: {fleet_maintenance_al_sites: true}}", "fleet_maintenance_al_sites"),
        ("fleet_maintenance_report_formats: [pdf]", "pdf"),
        ("fleet_maintenance_tidy: true", "fleet_maintenance_tidy"),
        ("dashboard_config_tags: [{nam: x}]", "nam"),
        ("letters_manner: {langage: de}", "langage"),
        ("patch_min_rating: dreadful", "dreadful"),
        ("mainwp_dashboards: {hosts: {a: {mainwp_ulr: x}}}", "mainwp_ulr"),
        ("{plugin: wpfleet.mainwp.mainwp, site_state: [connected]}", "site_state"),
        ("collections: [{name: x, kind: git}]", "kind"),
        ("- {sources: [{wpfleet.mainwp.dashboard_changes: {intervall: 60}}], rules: [{}]}", "intervall"),
        ("- {sources: [{wpfleet.mainwp.dashboard_change: {}}], rules: [{}]}", "there is no source"),
        ("{version: 3, images: {base: x}}", "base"),
        ("texts: {grating: Moin}", "grating"),
        ("- {hosts: all, module_defaults: {group/wpfleet.mainwp.mainwp: {timeoutt: 60}}}", "timeoutt"),
        ("- {hosts: all, module_defaults: {group/wpfleet.mainwp.mainwp: {retries: often}}}", "often"),
        ("[{wpfleet.mainwp.mainwp_sync: {all_sites: true}, register: run}, {when: run.synct is defined}]", "no synct"),
        ("[{wpfleet.mainwp.mainwp_sync: {all_sites: true}, register: run}, {loop: '{{ run.site }}'}]", "no site"),
        ("{dashboard: {url: 'https://d.example'}, sites: [{id: 12, interval: 300, heartbeats: [{time: noon, status: up}]}]}", "noon"),
    ],
    ids=lambda value: value[:50],
)  # fmt: skip
def test_a_mistake_would_be_found(text: str, told: str) -> None:
    value = yaml.load(text, Loader=AnsibleLoader)
    assert any(told in problem for problem in CHECKS[kind_of(value)](value))
