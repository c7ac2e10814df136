# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks that are ready to run, and the example of two Dashboards with hooks."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import README, blocks_of
from integration._role import ROOT, Maintenance

from simulator import Simulator, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

EXAMPLE = ROOT / "examples" / "maintain"


@pytest.fixture
def posts() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Where to post to, and what came in: (path, JSON)."""
    found: list[tuple[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is http.server's
            found.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", found
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("command", "dialect"),
    [
        (["wpfleet.mainwp.first_run", "--check", "--diff"], "abilities"),
        ([str(ROOT / "playbooks" / "first_run.yml")], "classic"),
    ],
    ids=["check", "without check"],
)
def test_the_first_run_shows_a_plan_and_touches_nothing(
    command: list[str], dialect: str, simulate: Callable[..., Simulator], tmp_path: Path
) -> None:
    sim = simulate(scenarios.demo(), dialect)
    sim.fleet.sites[8].sync_errors = "Down since yesterday."
    role = Maintenance(tmp_path, dash=sim)
    role.env = {"MAINWP_URL": sim.url, "MAINWP_API_KEY": sim.key("read").token}
    run = role.ansible_playbook(*command)
    assert run.rc == 0, run.output
    assert run.writes() == []
    run.says(
        "answers, 12 sites, the key may read",
        "Show what would move",
        " planned) · ",
        "atlas-bicycles.example         WooCommerce                                10.3.3 → 10.4.0",
        "canary-cafe.example            Contact Form 7 de_DE                       translation",
        "These would be left alone:",
        "sommer-soehne.example          Lumen Gallery                              stays at 1.8.0: requires_php",
        "This was a plan. Nothing was changed.",
    )
    if dialect == "abilities":  # which refuses to sync such a site
        run.says("riverside-dental.example       Contact Form 7                             stays at 6.0.3: locked_out")
    (shown,) = [block.text for block in blocks_of(README) if block.language == "text"]
    # its first line counts, and here a site is lost
    run.says(*(line for line in shown.splitlines()[1:] if line != "..."))


def test_the_first_run_names_a_wrong_key(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    sim = simulate(scenarios.small(1))
    role = Maintenance(tmp_path, dash=sim)
    role.env = {"MAINWP_URL": sim.url, "MAINWP_API_KEY": "0" * 40 + "==" + "1" * 40}
    run = role.ansible_playbook("wpfleet.mainwp.first_run")
    assert run.rc == 2
    assert "401" in run.output


def test_one_dashboard_without_an_inventory(simulate: Callable[..., Simulator], tmp_path: Path) -> None:
    sim = simulate(scenarios.small(2))
    role = Maintenance(tmp_path, dash=sim)
    role.env = {"MAINWP_URL": sim.url, "MAINWP_API_KEY": sim.key().token}
    more = {
        "mainwp_dashboards": "localhost",
        "fleet_maintenance_sites": ["site2.example"],
        "fleet_maintenance_report_dir": str(role.reports),
        "fleet_maintenance_lock_dir": str(tmp_path / "locks"),
    }
    run = role.ansible_playbook("wpfleet.mainwp.maintain_fleet", "-e", json.dumps(more))
    assert run.rc == 0, run.output
    assert {event.site_id for event in sim.truth if event.type in ("plugin", "theme")} == {2}
    assert role.report("localhost")["msg"] == "1 ok (4 updates)"


def test_reports_go_below_the_current_directory(
    simulate: Callable[..., Simulator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = Maintenance(tmp_path, dash=simulate(scenarios.small(1)))
    del role.vars["fleet_maintenance_report_dir"]
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert role.run(playbook="wpfleet.mainwp.maintain_fleet").rc == 0
    assert list((tmp_path / "here" / "mainwp-reports" / "dash").glob("*/report.json"))


def test_the_example_runs(
    simulate: Callable[..., Simulator], tmp_path: Path, posts: tuple[str, list[tuple[str, Any]]]
) -> None:
    url, received = posts
    agency, retail = simulate(scenarios.small(2)), simulate(scenarios.small(1), "classic")
    retail.fleet.sites[1].child.down = True
    shutil.copytree(EXAMPLE, tmp_path / "example")
    inventory = tmp_path / "example" / "inventory"

    def change(name: str, **values: Any) -> None:
        path = inventory / name
        content = yaml.safe_load(path.read_text())
        assert values.keys() <= content.keys()
        path.write_text(yaml.safe_dump({**content, **values}))

    hosts = yaml.safe_load((inventory / "dashboards.yml").read_text())
    for name, sim in (("agency", agency), ("retail", retail)):
        hosts["mainwp_dashboards"]["hosts"][name]["mainwp_url"] = sim.url
    (inventory / "dashboards.yml").write_text(yaml.safe_dump(hosts))
    change(
        "group_vars/mainwp_dashboards/main.yml",
        fleet_maintenance_report_dir=str(tmp_path / "reports"),
        backup_url=f"{url}/backup",
        chat_url=f"{url}/chat",
        purge_url=f"{url}/purge",
    )
    key = retail.key()
    change(
        "group_vars/mainwp_dashboards/vault.yml",
        vault_agency_api_key=agency.key().token,
        vault_retail_consumer_key=key.consumer_key,
        vault_retail_consumer_secret=key.consumer_secret,
    )
    role = Maintenance(tmp_path, agency=agency, retail=retail)
    more = ["-e", f"fleet_maintenance_lock_dir={tmp_path}/locks"]
    plan = role.ansible_playbook("-i", str(inventory), str(tmp_path / "example" / "maintain.yml"), "--check", *more)
    assert plan.rc == 0, plan.output
    assert received == []
    run = role.ansible_playbook("-i", str(inventory), str(tmp_path / "example" / "maintain.yml"), *more)
    assert run.rc == 2
    assert [run.recap(name)["failed"] for name in ("agency", "retail")] == [0, 1]
    sites = ["https://site1.example/", "https://site2.example/"]
    assert ("/backup", {"sites": sites}) in received
    assert sorted(body["site"] for path, body in received if path == "/purge") == sites
    texts = sorted(body["text"] for path, body in received if path == "/chat")
    assert texts == [
        "agency: 2 ok (8 updates)",
        "retail: 0 ok (0 updates) · 1 failed – new: site1.example (disconnected)",
    ]
