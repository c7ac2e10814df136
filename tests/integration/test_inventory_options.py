# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the inventory plugin: where they come from, and which sites they let through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration._ansible import BIN, run_ansible
from integration._inventory import Inventory, Listing, paths

from simulator import Simulator, scenarios

SimulatorFor = Callable[..., Simulator]


@pytest.fixture
def inventory(simulate: SimulatorFor, tmp_path: Path) -> Inventory:
    """The demo fleet's."""
    return Inventory(tmp_path, simulate(scenarios.demo()))


def refusal(listing: Listing) -> str:
    """Why there is no inventory."""
    assert listing.rc == 1
    assert listing.data == {}
    return listing.warnings


# -- where options come from ------------------------------------------------------------------------------------------


def test_connection_from_the_environment(inventory: Inventory) -> None:
    (sim,) = inventory.sims
    inventory.write(url=None, api_key=None, name=None)
    listing = inventory.list(env={"MAINWP_URL": sim.url, "MAINWP_API_KEY": sim.key("read").token})
    assert len(listing.group("mainwp_dashboard_127_0_0_1")) == 12
    pair = sim.key("read")
    env = {"MAINWP_CONSUMER_KEY": pair.consumer_key, "MAINWP_CONSUMER_SECRET": pair.consumer_secret}
    sim.journal.entries.clear()
    listing = inventory.list(env={"MAINWP_URL": sim.url, "MAINWP_AUTH_METHOD": "query", **env})
    assert len(listing.hosts) == 12
    assert {entry.auth for entry in sim.journal.entries} == {"query"}


def test_options_from_ini_give_way_to_the_environment_and_that_to_the_file(inventory: Inventory) -> None:
    (sim,) = inventory.sims
    config = inventory.folder / "ansible.cfg"
    layout = BIN.parent / "layout"
    config.write_text(
        f"[defaults]\ncollections_path = {layout}\n[wpfleet_mainwp]\nurl = {sim.url}\napi_version = v1\nretries = 0\n"
    )
    env = {"ANSIBLE_CONFIG": str(config), "MAINWP_API_KEY": sim.key("read").token}
    inventory.write(url=None, api_key=None)
    assert len(inventory.list(env=env).hosts) == 12
    assert all("/v1/" in path for path in paths(sim.journal))
    assert "url: 'http://other.example' is not encrypted" in refusal(
        inventory.list(env={**env, "MAINWP_URL": "http://other.example"})
    )
    inventory.write(api_version="v2")
    sim.journal.entries.clear()
    assert len(inventory.list(env={**env, "MAINWP_URL": "http://other.example"}).hosts) == 12
    assert all("/v1/" not in path for path in paths(sim.journal))


def test_credentials_as_expressions(inventory: Inventory) -> None:
    (sim,) = inventory.sims
    keys = inventory.folder / "keys.yml"
    keys.write_text(yaml.safe_dump({"agency": sim.key("read").token}))
    lookup = "{{ (lookup('ansible.builtin.file', lookup('ansible.builtin.env', 'KEYS')) | from_yaml).agency }}"
    inventory.write(api_key=lookup, url="{{ lookup('ansible.builtin.env', 'DASHBOARD') }}")
    env = {"KEYS": str(keys), "DASHBOARD": sim.url}
    assert inventory.run("ansible-inventory", "--list", "-vvvv", env=env).stdout.count("mainwp_site_id") == 12
    extra = inventory.folder / "extra.yml"
    extra.write_text(yaml.safe_dump({"vault_key": sim.key("read").token, "gate": "Bearer-of-the-gate"}))
    inventory.write(api_key="{{ vault_key }}", headers={"CF-Access-Token": "{{ gate }}"})
    sim.journal.entries.clear()
    # Not by ansible-inventory, which prints extra variables as if they were each host's.
    out = inventory.play(
        [{"ansible.builtin.debug": {"msg": "one of {{ ansible_play_hosts | length }}"}}], "-e", f"@{extra}"
    )
    assert out.count("one of 12") == 12
    assert {entry.headers.get("Cf-Access-Token") for entry in sim.journal.entries} == {"Bearer-of-the-gate"}


@pytest.mark.claim("credentials-as-a-set")
def test_an_empty_expression_never_falls_back_to_another_key(inventory: Inventory) -> None:
    (sim,) = inventory.sims
    shop = {"name": "shops", "url": sim.url, "api_key": "{{ lookup('ansible.builtin.env', 'NOT_SET') }}"}
    listing = inventory.list(dashboards=[shop], env={"MAINWP_API_KEY": sim.key("read").token})
    assert "api_key: the expression for Dashboard 1 gives nothing." in refusal(listing)
    assert sim.journal.entries == []


def test_vaulted_keys_and_files(inventory: Inventory) -> None:
    (sim,) = inventory.sims
    password = inventory.folder / "password"
    password.write_text("open sesame")
    args = ["--vault-password-file", str(password)]
    done = run_ansible("ansible-vault", "encrypt_string", *args, sim.key("read").token)
    inventory.write(api_key=None)
    plain_file = inventory.path.read_text()
    inventory.path.write_text(f"{plain_file}api_key: {done.stdout}\n")
    assert len(inventory.list(*args).hosts) == 12
    block = done.stdout.replace("\n", "\n  ").rstrip()
    inventory.path.write_text(f"{plain_file}dashboards:\n- name: one\n  api_key: {block}\n")
    assert len(inventory.list(*args).group("mainwp_dashboard_one")) == 12
    inventory.write()
    assert run_ansible("ansible-vault", "encrypt", *args, str(inventory.path)).returncode == 0
    assert inventory.path.read_text().startswith("$ANSIBLE_VAULT")
    assert len(inventory.list(*args).hosts) == 12


@pytest.mark.parametrize("name", ["mainwp.yml", "agency.mainwp.yaml", "agency_mainwp.yml", "fleet.yml", "mainwp.json"])
def test_only_files_of_the_right_name(name: str, inventory: Inventory) -> None:
    inventory.write()
    inventory.path = inventory.path.rename(inventory.folder / name)
    listing = inventory.list(env={"ANSIBLE_INVENTORY_ENABLED": "wpfleet.mainwp.mainwp"})
    assert bool(listing.hosts) == ("mainwp.y" in name)
    assert listing.rc == (0 if "mainwp.y" in name else 1)


# -- which sites ------------------------------------------------------------------------------------------------------


def test_filters_decide_in_their_order(inventory: Inventory) -> None:
    filters: list[dict[str, Any]] = [
        {"exclude": "mainwp_site_client == 'Harbour Trading' and 'canary' not in mainwp_site_tags"},
        {"include": "'shops' in mainwp_site_tags"},
        {"include": "mainwp_site_id == 1"},
        {"exclude": True},
    ]
    listing = inventory.list(filters=filters)
    names = {"canary-cafe.example", "harbour-outfitters.example", "lindgren-violins.example"}
    assert set(listing.hosts) == {*names, "green-valley-farm.example"}
    listing = inventory.list(filters=list(reversed(filters)))
    assert listing.rc == 0
    assert listing.hosts == {}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"filters": [{"include": "mainwp_site_client"}]}, "filters: entry 1: mainwp_site_client gives"),
        ({"filters": [{"include": "mainwp_site_nothing"}]}, "filters: entry 1:"),
        ({"filters": [{"exclude": True, "include": True}]}, "filters: entry 1 must have just include or exclude."),
        ({"hostname": "mainwp_site_nothing"}, "hostname: mainwp_site_nothing:"),
        ({"hostvars_prefix": ""}, "hostvars_prefix: '' would mix"),
        ({"hostvars_prefix": "mainwp_"}, "hostvars_prefix: 'mainwp_' would mix"),
        ({"hostvars_prefix": "ansible_"}, "hostvars_prefix: 'ansible_' would mix"),
        ({"hostvars_prefix": "my-"}, "hostvars_prefix: 'my-' cannot begin a variable's name."),
        ({"dashboards": []}, "dashboards: is not a list of Dashboards."),
        ({"dashboards": [{"name": "a"}, {"name": "a"}]}, "dashboards: two of them are called 'a'."),
        ({"dashboards": [{"name": "a", "apikey": "x"}]}, "dashboards: entry 1 has unknown options: apikey."),
        ({"site_status": ["broken"]}, "site_status"),
        ({"strict": True, "compose": {"a": "nothing + 1"}}, "Could not set a for host"),
    ],
)
def test_what_is_refused(options: dict[str, Any], reason: str, inventory: Inventory) -> None:
    assert reason in refusal(inventory.list(**options))


def test_site_status_updates_prefix_and_host_names(inventory: Inventory) -> None:
    (sim,) = inventory.sims
    sim.fleet.sites[8].sync_errors = "cURL error 28: timed out"
    listing = inventory.list(site_status=["disconnected", "suspended"], with_updates="none", hostvars_prefix="site_")
    assert listing.group("mainwp_status_disconnected") == ["riverside-dental.example"]
    assert listing.group("mainwp_status_suspended") == ["studio-marlow.example"]
    assert len(listing.hosts) == 2
    facts = listing.hosts["riverside-dental.example"]
    assert facts["site_sync_errors"] == "cURL error 28: timed out"
    assert all(name.startswith("site_") for name in facts)
    assert not {"site_update_counts", "site_updates"} & set(facts)
    listing = inventory.list(site_status=["connected"], hostname="mainwp_site_name ~ '-' ~ mainwp_site_id")
    assert {"Harbour_Outfitters-2", "Sommer_S_hne-6", "Teahouse_Nara-7"} < set(listing.hosts)
    assert len(listing.hosts) == 10
