# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source of events in the real ansible-rulebook: what starts, what is not repeated, what runs nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from events import world
from events.running import INVENTORY, ruleset, written
from simulator import Plugin, dashboard, scenarios

#: What a child site claims, in the hope that somebody runs it.
TRAP = "{{ lookup('ansible.builtin.pipe', 'touch %s') }}"
#: The same as Python writes texts, and so reads it back ansible-rulebook, which makes values of texts in ``extra_vars``.
HIDDEN = f'"{TRAP}"'.replace("{", "\\x7b")


def debug(text: str) -> dict[str, object]:
    return {"action": {"debug": {"msg": text}}}


@pytest.mark.claim("events-text")
def test_what_a_child_claims_runs_nothing(simulate, start, tmp_path):
    """Neither as the event that a playbook gets, nor as variables that a rulebook makes of it."""
    proof = tmp_path / "hacked"
    trap = TRAP % proof
    sim = simulate(scenarios.small(2))
    with sim.fleet.lock:
        sim.fleet.sites[1].name = f"{trap} \N{GRINNING FACE}"  # of which no YAML could be made
        sim.fleet.sites[1].child.plugins.append(Plugin("trap/trap.php", HIDDEN % proof, "1.0"))
    dashboard.sync(sim.fleet, sim.fleet.sites[1])
    variables = {
        "site": "{{ event.site | default('') }}",
        "name": "{{ event.name if event.name is defined else event.site.name }}",
        # that Ansible does look for templates here: this is one when it arrives
        "control": "{% raw %}{{ 'ran' | upper }}{% endraw %}",
    }
    content = "{{ {'event': ansible_eda.event, 'site': site, 'name': name, 'control': control} | to_json }}"
    task = {
        "ansible.builtin.copy": {"content": content, "dest": f"{tmp_path}/told-{{{{ ansible_eda.event.change }}}}.json"}
    }
    written(tmp_path / "note.yml", [{"hosts": "localhost", "gather_facts": False, "tasks": [{"name": "Note", **task}]}])
    rule = {
        "condition": "event.change is defined",
        "action": {"run_playbook": {"name": "note.yml", "extra_vars": variables}},
    }
    arguments = {"events": ["site_lost", "update_offered"], "api_key": "{{ mainwp_api_key }}"}
    rulebook = written(tmp_path / "rulebook.yml", ruleset(arguments, all=rule))
    with start(
        sim, rulebook, "-i", INVENTORY, "-E", "mainwp_api_key", "-vv", mainwp_api_key=sim.key("read").token
    ) as running:
        world.wait_for_looks(running, sim)
        with sim.fleet.lock:
            plugin = sim.fleet.sites[1].child.plugin("trap/trap.php")
            plugin.offer = world.Offer(f"2.0 {trap}")  # newer than what runs, or nobody would be told
        dashboard.sync(sim.fleet, sim.fleet.sites[1])
        offered, lost = tmp_path / "told-update_offered.json", tmp_path / "told-site_lost.json"
        running.until("the offer was noted", offered.exists)
        world.lose(sim, 1)
        running.until("the site was noted", lost.exists)
        running.until("both playbooks had ended", lambda: running.said().count("PLAY RECAP") >= 2)
    for path in (offered, lost):
        told = json.loads(path.read_text())
        assert told["control"] == "RAN"
        assert "lookup('ansible.builtin.pipe'" in told["name"]
    assert not proof.exists()


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """What the package ``ansible`` does: its ansible_collections is a regular package, of which there is only one."""
    others = tmp_path / "site-packages" / "ansible_collections" / "community" / "general"
    others.mkdir(parents=True)
    for folder in (others, others.parent, others.parent.parent):
        (folder / "__init__.py").touch()
    return tmp_path / "site-packages"


def test_the_package_ansible_does_not_get_in_between(simulate, start, tmp_path, community):
    sim = simulate(scenarios.small(2))
    rules = {"all": {"condition": "event.change is defined", **debug("TOLD {{ event.change }} {{ event.site.url }}")}}
    rulebook = written(tmp_path / "rulebook.yml", ruleset({"events": ["site_lost"]}, **rules))
    with start(sim, rulebook, PYTHONPATH=str(community)) as running:
        world.wait_for_looks(running, sim)
        world.lose(sim, 1)
        running.until_said("TOLD site_lost https://site1.example/")


def test_without_requests_it_ends_with_a_sentence(simulate, start, tmp_path):
    (tmp_path / "without" / "requests").mkdir(parents=True)
    (tmp_path / "without" / "requests" / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'requests'\")\n"
    )
    rulebook = written(tmp_path / "rulebook.yml", ruleset({}, none={"condition": "true", **debug("x")}))
    with start(simulate(scenarios.small(1)), rulebook, PYTHONPATH=str(tmp_path / "without")) as running:
        assert running.ended() == 1
    assert "the Python library requests is missing in " in running.said()
    assert "Traceback" not in running.said()


def test_wrong_options_are_told(simulate, start, tmp_path):
    rulebook = written(
        tmp_path / "rulebook.yml",
        ruleset({"intervall": 5, "events": ["site_loss"]}, none={"condition": "true", **debug("x")}),
    )
    with start(simulate(scenarios.small(1)), rulebook) as running:
        assert running.ended() == 1
    for text in ("intervall", "interval?", "site_loss", "site_lost?"):
        assert text in running.said()
    assert "Traceback" not in running.said()


def test_a_key_that_is_refused_is_told(simulate, start, tmp_path):
    rulebook = written(tmp_path / "rulebook.yml", ruleset({}, none={"condition": "true", **debug("x")}))
    with start(simulate(scenarios.small(1)), rulebook, "-vv", scope="disabled") as running:
        assert running.ended() == 1
    assert "does not know this key, or it is switched off" in running.said()
    assert "Traceback" not in running.said()
