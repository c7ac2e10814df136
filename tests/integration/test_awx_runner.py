# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWX examples, run by ansible-runner in a project laid out as AWX does it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from feeds import record, software, versions, written
from integration._ansible import run_ansible
from integration._awx import EXAMPLES, INVENTORY_ENV, Awx, credential_type, inject

from simulator import Fleet, Key, Simulator, Tag, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

SimulatorFor = Callable[..., Simulator]
BAD, CANARY = 4, 2


def fleet() -> Fleet:
    """Five sites whose pages are served; site 2 is the canary, site 4 cannot install one of its updates."""
    world = scenarios.small(5)
    world.settings = {"advanced": {"mainwp_minimum_delay": 0, "mainwp_minimum_ip_delay": 0}}
    world.tags[1] = Tag(1, "canary")
    world.sites[CANARY].tags = [1]
    offer = world.sites[BAD].child.plugins[0].offer
    assert offer is not None
    offer.broken_package = True
    return world


def inputs(sim: Simulator, pair: bool = False) -> dict[str, str]:
    """What a user fills into the form of a credential."""
    key = sim.key()
    if pair:
        return {"url": sim.url, "consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret}
    return {"url": sim.url, "api_key": key.token}


def written_to(sim: Simulator) -> set[int]:
    """The sites that any update was sent to."""
    return {int(entry.path.split("/")[4]) for entry in sim.journal.writes() if "/update/" in entry.path}


@pytest.mark.slow
def test_the_workflow_runs_the_approved_plan_canary_first(simulate: SimulatorFor, tmp_path: Path) -> None:
    sim = simulate(fleet())
    sim.serve_children()
    awx = Awx(tmp_path, sim)
    credential = inject("MainWP Dashboard", inputs(sim), tmp_path)
    survey = {"fleet_maintenance_max_version_change": "minor", "fleet_maintenance_types": ["plugins"]}
    common: dict[str, Any] = {"fleet_maintenance_poll_interval": 1, "mainwp_retries": 0}

    hosts = awx.update_inventory("dashboard.mainwp.yml", credential)
    plan = awx.launch("plan.yml", hosts, credential, extra_vars=survey)
    assert plan.rc == 0, plan.stdout
    assert sim.journal.writes() == []
    approved = plan.artifacts["fleet_maintenance_plan"]
    assert len(approved) == 15
    assert "Acme SEO  2.0.0 to 2.1.0" in plan.stdout

    # Something newer comes out between the plan and its run: it is not what was approved.
    seo = sim.fleet.sites[1].child.plugins[2]
    assert seo.offer is not None
    seo.offer.new_version = "2.2.0"
    variables = {**survey, **common, **plan.artifacts}
    canary = awx.launch("maintain_sites.yml", hosts, credential, "mainwp_tag_canary", variables)
    assert canary.rc == 0, canary.stdout
    assert written_to(sim) == {CANARY}
    moved = {event.slug.split("/")[0] for event in sim.truth.of(CANARY, "plugin")}
    assert moved == {"acme-cache", "acme-forms", "acme-seo"}
    assert sim.truth.of(CANARY, "theme") == []
    stats = canary.artifacts["fleet_maintenance_stats"]
    assert stats, canary.artifacts

    rest = awx.launch("maintain_sites.yml", hosts, credential, "mainwp_sites:!mainwp_tag_canary", variables)
    # One site's trouble is its host's, and seen as such; the others are done.
    (bad,) = rest.hosts("runner_on_failed")
    assert bad.endswith(f"_{BAD}"), bad
    assert "acme-cache" in rest.messages(bad) or "Download failed" in rest.messages(bad)
    assert rest.rc == 2
    assert {event.slug for event in sim.truth.of(1, "plugin")} == {
        "acme-cache/acme-cache.php",
        "acme-forms/acme-forms.php",
    }


def test_looking_every_hour_hands_on_what_closes_something(simulate: SimulatorFor, tmp_path: Path) -> None:
    sim = simulate(fleet())
    sim.serve_children()
    awx = Awx(tmp_path, sim)
    credential = inject("MainWP Dashboard", inputs(sim), tmp_path)
    credential.env |= inject("Vulnerability feed", {"key": "invented-key-of-the-feed"}, tmp_path).env
    flaw = record(1, software("acme-seo", versions(high="2.0.0"), patched=["2.1.0"]), score=9.8)
    kept = {"fleet_maintenance_offer_history": str(tmp_path / "offers"), "mainwp_feed_cache": str(tmp_path / "feeds")}
    hosts = awx.update_inventory("dashboard.mainwp.yml", credential)
    blind = awx.launch("look.yml", hosts, credential, extra_vars={**kept, "mainwp_feed": "nowhere.json"})
    assert blind.rc != 0
    assert "fleet_maintenance_plan" not in blind.artifacts

    feed = str(written(tmp_path / "feed.json", flaw))
    look = awx.launch("look.yml", hosts, credential, extra_vars={**kept, "mainwp_feed": feed})
    assert look.rc != 0, look.stdout
    assert "5 of 5 sites have 5 vulnerabilities (5 critical)" in look.stdout
    assert "Copyright 2026 Invented Feeds" in look.stdout
    assert "Invented" not in str(look.artifacts)
    assert sim.journal.writes() == []
    variables = {**kept, "fleet_maintenance_plan": [], "fleet_maintenance_min_offer_age": 86400, **look.artifacts}
    canary = awx.launch("maintain_sites.yml", hosts, credential, "mainwp_tag_canary", variables)
    assert canary.rc == 0, canary.stdout
    assert [event.slug for event in sim.truth.of(CANARY, "plugin")] == ["acme-seo/acme-seo.php"]
    assert written_to(sim) == {CANARY}


def test_the_drift_job_is_red_and_shows_no_secret(simulate: SimulatorFor, tmp_path: Path) -> None:
    sim = simulate(fleet())
    awx = Awx(tmp_path, sim)
    secret = "invented-password-of-all-children"
    secrets = {"dashboard_config_secrets": {"sites": {"*": {"admin": "care", "admin_password": secret}}}}
    (awx.project / "config" / "agency" / "secrets.yml").write_text(yaml.safe_dump(secrets))
    credential = inject("MainWP Dashboard", {"url": sim.url, "api_key": sim.key("read").token}, tmp_path)
    hosts = awx.update_inventory("dashboard.mainwp.yml", credential)
    variables = {"config_of": "agency", "dashboard_config_fail_on_drift": True}
    drift = awx.launch("configuration.yml", hosts, credential, extra_vars=variables, check=True)
    assert drift.rc == 2, drift.stdout
    counts = drift.artifacts["dashboard_config_stats"]["localhost"]["kinds"]["tags"]
    assert (counts["wrong"], counts["missing"]) == (1, 1)
    assert "+name: shops" in drift.stdout
    assert sim.journal.writes() == []
    texts = [path.read_text() for path in drift.folder.rglob("*") if path.is_file()]
    assert texts
    assert not any(secret in text for text in texts)


def test_all_dashboards_with_a_map_of_keys(simulate: SimulatorFor, tmp_path: Path) -> None:
    """Same site ids on both Dashboards; each gets its own key, and knows no other."""
    sims = {}
    for number, name in enumerate(("agency", "retail")):
        key = Key("read_write", f"ck_{number}{'a' * 39}", f"cs_{number}{'b' * 39}")
        sims[name] = simulate(fleet(), keys=[key])
        sims[name].serve_children()
        del sims[name].fleet.sites[BAD]
    awx = Awx(tmp_path, *sims.values())
    source = awx.project / "all.mainwp.yml"
    text = source.read_text()
    for name, sim in sims.items():
        text = text.replace(f"https://{'dashboard' if name == 'agency' else 'mainwp'}.{name}.example", sim.url)
    source.write_text(text)
    keys = yaml.safe_dump({name: sim.key().token for name, sim in sims.items()})
    credential = inject("MainWP key map", {"keys": keys}, tmp_path)
    hosts = awx.update_inventory("all.mainwp.yml", credential)
    job = awx.launch("maintain_all.yml", hosts, credential, extra_vars={"fleet_maintenance_types": ["themes"]})
    assert job.rc == 0, job.stdout
    for sim in sims.values():
        assert written_to(sim) == {1, 2, 3, 5}
        assert {entry.status for entry in sim.journal.entries if entry.auth != "none"} == {200}
    assert set(job.artifacts["fleet_maintenance_stats"]) == {"agency", "retail"}


def test_what_must_not_look_green(simulate: SimulatorFor, tmp_path: Path) -> None:
    """No canary site, no site at all, and a Dashboard that is away while the inventory is updated."""
    world = fleet()
    world.sites[CANARY].tags = []
    sim = simulate(world)
    awx = Awx(tmp_path, sim)
    credential = inject("MainWP Dashboard", inputs(sim), tmp_path)
    hosts = awx.update_inventory("dashboard.mainwp.yml", credential)
    # A limit that matches nothing is an error of Ansible's own.
    assert awx.launch("maintain_sites.yml", hosts, credential, "mainwp_tag_canary").rc != 0
    for limit in ("mainwp_sites:!mainwp_tag_canary", ""):
        job = awx.launch("maintain_sites.yml", hosts, credential, limit)
        assert job.rc != 0, job.stdout
        assert "There is no canary site" in job.stdout, job.stdout
    empty = tmp_path / "empty"
    empty.write_text("#!/bin/sh\necho '{}'\n")
    empty.chmod(0o700)
    job = awx.launch("maintain_sites.yml", empty, credential)
    assert job.rc != 0, job.stdout
    assert "The inventory has no hosts" in job.stdout, job.stdout
    assert sim.journal.writes() == []
    credential.env["MAINWP_URL"] = "http://127.0.0.1:9"
    source = str(awx.project / "dashboard.mainwp.yml")
    env = {**INVENTORY_ENV, **credential.env, "MAINWP_RETRIES": "0"}
    done = run_ansible("ansible-inventory", "-i", source, "--list", "--export", env=env)
    assert done.returncode != 0
    assert done.stdout == ""


@pytest.mark.parametrize("pair", [False, True], ids=["api_key", "consumer_pair"])
@pytest.mark.parametrize("kind", ["MainWP Dashboard", "MainWP Dashboard (variables)"])
def test_both_forms_of_credentials_in_both_ways(kind: str, pair: bool, simulate: SimulatorFor, tmp_path: Path) -> None:
    sim = simulate(fleet())
    awx = Awx(tmp_path, sim)
    (awx.project / "look.yml").write_text(
        yaml.safe_dump(
            [
                {
                    "hosts": "localhost",
                    "gather_facts": False,
                    "roles": [{"role": "wpfleet.mainwp.fleet_maintenance"}],
                    "vars": {"fleet_maintenance_all_sites": True},
                }
            ]
        )
    )
    credential = inject(kind, inputs(sim, pair), tmp_path)
    assert bool(credential.env) != bool(credential.extra_vars)
    hosts = tmp_path / "hosts"
    hosts.write_text('#!/bin/sh\necho \'{"_meta": {"hostvars": {}}}\'\n')
    hosts.chmod(0o700)
    variables = {"fleet_maintenance_sites": [], "fleet_maintenance_all_sites": False}
    # ansible-runner hands on each form once, and each way once: what the role makes of the other two is plain Ansible
    if pair == bool(credential.extra_vars):
        job = awx.launch("look.yml", hosts, credential, extra_vars=variables)
        assert job.rc == 0, job.stdout
    else:
        given = json.dumps({**credential.extra_vars, **variables})
        playbook = str(awx.project / "look.yml")
        done = run_ansible("ansible-playbook", "-i", str(hosts), "-e", given, playbook, env=credential.env)
        assert done.returncode == 0, done.stdout + done.stderr
        awx.assert_no_secret(done.stdout + done.stderr, "the output")
    assert {entry.auth for entry in sim.journal.entries if entry.auth != "none"} == {"basic" if pair else "bearer"}


def test_secret_fields_are_secret() -> None:
    for name in ("MainWP Dashboard", "MainWP Dashboard (variables)", "MainWP key map"):
        for field in credential_type(name)["inputs"]["fields"]:
            assert bool(field.get("secret")) == (field["id"] != "url"), field


def test_the_documentation_shows_what_is_run_here() -> None:
    text = (EXAMPLES.parent / "docs" / "awx.md").read_text()
    blocks = re.findall(r"^```yaml\n---\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    files = [path.read_text() for path in (EXAMPLES / "awx" / "project").glob("*.yml")]
    assert blocks
    for block in blocks:
        assert any(all(line in file for line in block.splitlines()) for file in files), block
