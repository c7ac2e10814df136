# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The example of waves over the sites of two Dashboards, as it is but for the addresses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from integration import _fleets as fleets
from integration._ansible import run_ansible
from integration._play import assert_no_secrets
from integration._waves import breaking, good

from simulator import Fleet, Offer, Plugin, Simulator, Site, Tag

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "sites"
TAGS = [Tag(1, "canary"), Tag(2, "shop")]


def example(folder: Path, agency: Simulator, shops: Simulator) -> dict[str, str]:
    """A copy with the simulators' addresses; the environment with their keys."""
    shutil.copytree(EXAMPLE, folder)
    for path in folder.rglob("*.yml"):
        text = path.read_text().replace("https://dashboard.example", agency.url)
        path.write_text(text.replace("https://shops.example", shops.url))
    for sim in (agency, shops):
        sim.serve_children()
    return {"AGENCY_KEY": agency.key().token, "SHOPS_KEY": shops.key().token}


def two_fleets() -> tuple[Fleet, Fleet]:
    """An agency with a canary and a site that was never synced, a shop with a shop system that is not to be touched."""
    agency = fleets.fleet(good(), good(), fleets.child(Offer("2.0.0")), tags=list(TAGS))
    agency.sites[1].tags = [1]
    agency.add(Site(4, "https://s04.example/", "S 4", good(), dts_sync=0))
    woo = Plugin("woocommerce/woocommerce.php", "WooCommerce", "10.0.0", offer=Offer("10.1.0"))
    shops = fleets.fleet(fleets.child(Offer("1.1.0"), woo), fleets.child(php_version="7.4"), tags=list(TAGS))
    shops.sites[1].tags = [2]
    shops.sites[2].child.plugins[0].offer = Offer("1.1.0")
    return agency, shops


def test_the_example_of_waves_runs(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    agency, shops = (simulate(fleet) for fleet in two_fleets())
    folder = tmp_path / "example"
    env = example(folder, agency, shops)
    # where the role leaves its reports by default: where ansible-playbook is started
    variables = ["-e", f"fleet_maintenance_report_dir={tmp_path}/reports"]
    done = run_ansible(
        "ansible-playbook", "-i", str(folder / "inventory"), *variables, str(folder / "maintain.yml"), env=env
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for sim in (agency, shops):
        assert_no_secrets(sim, done.stdout + done.stderr)
    assert [move[:3] for move in fleets.moves(agency)] == [(1, "plugin", fleets.PLUGIN), (2, "plugin", fleets.PLUGIN)]
    assert [move[:3] for move in fleets.moves(shops)] == [(1, "plugin", fleets.PLUGIN)]
    assert done.stdout.count("Purge http") == 3
    assert any(visit.path.endswith("/basket/") for visit in shops.visits.entries)
    assert len(list((tmp_path / "reports").glob("*/*/report.json"))) == 2


def test_a_broken_canary_in_the_example_calls_for_help(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    fleet, other = two_fleets()
    fleet.sites[1].child = breaking()
    agency, shops = simulate(fleet), simulate(other)
    folder = tmp_path / "example"
    env = example(folder, agency, shops)
    variables = ["-e", f"fleet_maintenance_report_dir={tmp_path}/reports"]
    done = run_ansible(
        "ansible-playbook", "-i", str(folder / "inventory"), *variables, str(folder / "maintain.yml"), env=env
    )
    assert done.returncode == 2
    assert f"{agency.child_url(1)} needs help. failed (health): /: HTTP 500" in done.stdout
    assert {event.site_id for event in agency.truth} == {1}
    assert list(shops.truth) == []
