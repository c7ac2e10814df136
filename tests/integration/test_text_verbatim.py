# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that looks like a template arrives as it is, through every filter, lookup and module that gets it, on any way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration._ansible import run_ansible

from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.client import clients_of
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.names import file_name
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.run import changed_sites
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils import _filters
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._filters.fleet import (
    failed_task,
    normal_address,
    report_folder,
    site_verdict,
    wave_results,
)

ROOT = Path(__file__).resolve().parents[2]
OURS = "wpfleet.mainwp."
#: A finding whose every text comes from a feed or a site.
FOUND = """{
    'msg': told.names[0],
    'sites': [{'url': told.sites[0].url, 'software': [{
        'name': told.names[1], 'slug': told.names[2], 'version': told.names[4], 'brings': told.names[:2],
        'vulnerabilities': [{
            'cve': told.names[0], 'rating': told.names[1], 'score': 9.8, 'title': told.names[3], 'link': told.names[2],
            'fix': 'none', 'reason': told.names[4], 'message': told.names[0], 'state': told.names[1], 'until': none,
            'why': told.names[3]}]}]}],
    'notices': [{'message': told.names[0], 'notice': told.names[1], 'license': told.names[3], 'license_url': none}],
}"""


def found_lines(told: dict[str, Any]) -> list[str]:
    """The lines for ``FOUND``."""
    one, two, three, four, five = told["names"][:5]
    return [
        one,
        f"s0.example/{one}: {two} {five} – {one} ({two} 9.8) {four}: stays ({five}): {one} {three} [{two} {four}]",
        f"{one} {two} {four}",
    ]


#: A tag that differs, and others that are too much.
DRIFT = """{
    'msg': told.names[0], 'by_hand': [told.names[1]], 'extra': {'tags': told.names[2:4]},
    'summary': {'kinds': {'tags': {'right': 1, 'wrong': 1, 'missing': 0, 'extra': 2}}},
    'drift': [{
        'kind': 'tags', 'standing': 'wrong', 'name': told.names[4], 'action': '', 'site': '',
        'reason': told.names[1], 'message': told.names[3],
        'changes': [{'key': told.names[0], 'before': told.names[2], 'after': told.names[1]}]}],
}"""


def drift_lines(told: dict[str, Any]) -> list[str]:
    """The lines for ``DRIFT``."""
    one, two, three, four, five = told["names"][:5]
    return [
        one,
        f"By hand: {two}",
        "tags: 1 right, 1 wrong, 0 missing, 2 extra",
        f"  wrong: {five} – {two}: {four}",
        f"    {one}: MainWP has {three}; the tree has {two}",
        f"  extra: {three}, {four}",
    ]


#: Filters and lookups that are tested by all means of travel: name → (expression, what it gives).
FILTERS: dict[str, tuple[str, Any]] = {
    "after_canaries": (
        "[{'site_id': 1, 'type': 'plugin', 'slug': told.names[0]}] | wpfleet.mainwp.after_canaries([], none)",
        lambda told: [{"site_id": 1, "type": "plugin", "slug": told["names"][0]}],
    ),
    "changed_sites": ("told.sites | wpfleet.mainwp.changed_sites", lambda told: changed_sites(told["sites"])),
    "config_lines": (f"{DRIFT} | wpfleet.mainwp.config_lines", drift_lines),
    "config_tree": (
        "[['dashboard_config_tags', told.names], ['dashboard_config_tags__acme', none]] | wpfleet.mainwp.config_tree",
        lambda told: {"tags": told["names"], "tags__acme": None},
    ),
    "failed_task": (
        "[told | wpfleet.mainwp.failed_task(told.names[1]), told | wpfleet.mainwp.failed_task(none, told.names[0])]",
        lambda told: [failed_task(told, told["names"][1]), failed_task(told, None, told["names"][0])],
    ),
    "file_name": (
        "told.names | map('wpfleet.mainwp.file_name') | list",
        lambda told: [file_name(name) for name in told["names"]],
    ),
    "normal_address": (
        "told.names | map('wpfleet.mainwp.normal_address') | list",
        lambda told: [normal_address(name) for name in told["names"]],
    ),
    "report_folder": (
        "'/r' | wpfleet.mainwp.report_folder(*told.names)",
        lambda told: report_folder("/r", *told["names"]),
    ),
    "site_verdict": (
        "told | wpfleet.mainwp.site_verdict(told.names[0], told.names[1], told.names[-1])",
        lambda told: site_verdict(told, told["names"][0], told["names"][1], told["names"][-1]),
    ),
    "vulnerability_lines": (f"{FOUND} | wpfleet.mainwp.vulnerability_lines", found_lines),
    "wave_gate": (
        "{'c': {'unseen': told.names[0]}} | wpfleet.mainwp.wave_gate('b', ['c', 'b'], ['c', 'b'], ['b'])",
        lambda told: (
            f"Not touched, because nobody saw the pages of these canary sites healthy after their update: c ({told['names'][0]}). "
            "Name pages that can be judged from here in fleet_maintenance_health_check, or set "
            "fleet_maintenance_require_health to false."
        ),
    ),
    "wave_results": (
        "['localhost'] | wpfleet.mainwp.wave_results(hostvars, told.names[0])",
        lambda told: wave_results(None, ["localhost"], {"localhost": {"fleet_maintenance_result": told}}),
    ),
    "waves": ("groups | wpfleet.mainwp.waves('all', told.names)", lambda told: [1, *told["names"]]),
    "client_texts": (
        "query('wpfleet.mainwp.client_texts', told.sites, template=template)",
        lambda told: [
            f"{client['name']}|" + "".join(f"{site['name'] or ''}," for site in client["sites"]) + "\n"
            for client in clients_of(told["sites"])
        ],
    ),
}


def told(mark: Path) -> dict[str, Any]:
    """What a task may return when sites have such names."""
    names = ["{{ 1/0 }}", "{% raw %}", "!unsafe x", f"{{{{ lookup('pipe', 'touch {mark}') }}}}", "{# no", None, ""]
    sites = [
        {
            "id": number,
            "url": f"https://s{number}.example/{name or ''}",
            "name": name,
            "client_id": number,
            "client_name": name,
            "result": "failed",
            "reason": "child_error",
            "message": name,
            "changed": True,
            "expected": False,
            "health": {"verdict": "unknown", "message": name},
            "updates": [],
        }
        for number, name in enumerate(names)
    ]
    return {"names": names, "sites": sites, "msg": names[0], "summary": {"failed_sites": names[:2]}, "broken_off": ""}


def play(folder: Path) -> list[dict[str, Any]]:
    """Each value travels as a fact, and from there through a template, a loop, hostvars and a handler."""

    def save(name: str, value: str, **more: Any) -> dict[str, Any]:
        note = {"content": f"{{{{ {value} | to_json }}}}", "file": f"{folder}/{name}.json"}
        return {"name": f"Save {name}", "note": note, **more}

    report = {
        "results": [{"host": "{{ told.names[0] }}", "result": "{{ told }}", "failure": "{{ told.names[1] }}"}],
        "dir": str(folder / "reports"),
        "started": "now",
    }
    lock = {"name": "{{ told.names[0] }}", "dir": str(folder / "locks")}
    facts = {name: f"{{{{ {expression} }}}}" for name, (expression, _expected) in FILTERS.items()}
    render = {"src": f"{folder}/facts.j2", "dest": f"{folder}/template.json", "mode": "0600"}
    return [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"template": f"{folder}/client.j2", "ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "tasks": [
                {"name": "Tell", "tell": {"path": f"{folder}/told.json"}, "register": "fleet_maintenance_result"},
                {"name": "Tell again", "tell": {"path": f"{folder}/told.json"}, "register": "told"},
                {"name": "Keep", "ansible.builtin.set_fact": {"facts": facts}},
                save("set_fact", "facts"),
                {"name": "Render", "ansible.builtin.template": render, "notify": "Save notify"},
                save("hostvars", "hostvars['localhost'].facts"),
                save("loop-{{ item.key }}", "item.value", loop="{{ facts | dict2items }}"),
                {"name": "Report", f"{OURS}mainwp_report": report, "register": "reported"},
                save("report", "reported"),
                {"name": "Keep it", "ansible.builtin.set_fact": {"kept": "{{ reported.reports }}"}},
                save("report-kept", "kept"),
                {"name": "Lock", f"{OURS}mainwp_lock": lock, "register": "locked"},
                save("lock", "locked"),
            ],
            "handlers": [save("notify", "facts")],
        }
    ]


@pytest.mark.claim("text-template")
def test_text_arrives_as_it_is(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    given = told(mark)
    (tmp_path / "told.json").write_text(json.dumps(given))
    (tmp_path / "facts.j2").write_text("{{ facts | to_json }}")
    (tmp_path / "client.j2").write_text(
        "{{ client.name }}|{% for site in client.sites %}{{ site.name or '' }},{% endfor %}\n"
    )
    (tmp_path / "play.yml").write_text(yaml.safe_dump(play(tmp_path), sort_keys=False))
    done = run_ansible("ansible-playbook", "-i", "localhost,", "-c", "local", str(tmp_path / "play.yml"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not mark.exists()

    def came(name: str) -> Any:
        return json.loads((tmp_path / f"{name}.json").read_text())

    for name, (_expression, expected) in FILTERS.items():
        for way in ("set_fact", "template", "hostvars", "notify"):
            assert came(way)[name] == expected(given), f"{name} by {way}"
        assert came(f"loop-{name}") == expected(given), f"{name} by loop"

    (report,) = came("report")["reports"]
    assert came("report-kept") == [report]
    assert report["name"] == given["names"][0]
    assert report["stats"]["msg"] == given["names"][1]
    written = json.loads(Path(report["file"]).read_text())
    assert written["sites"] == given["sites"]
    texts = [client["text"] for client in report["clients"]]
    assert any("\n## {{ 1/0 }}\n" in text for text in texts)
    assert any("\n## {% raw %}\n" in text for text in texts)
    assert Path(came("lock")["file"]).name.startswith("_1_0_-")


def test_every_filter_and_lookup_is_tested_so() -> None:
    lookups = {path.stem for path in (ROOT / "plugins" / "lookup").glob("*.py")}
    filters = set(_filters.FILTERS)
    textless = {"__init__", "run_id", "run_start", "smaller_step", "sooner", "unknown_variables", "window_end"}
    assert FILTERS.keys() == (lookups | filters) - textless
    assert filters == {path.stem for path in (ROOT / "plugins" / "filter").glob("*.yml")}, "each is documented"
