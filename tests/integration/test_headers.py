# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Headers of one's own: the secret ones are not shown, and none spoils what identifies a Dashboard, site or update."""

from __future__ import annotations

import json

import pytest
from integration._fleets import PLUGIN, child, fleet, moves
from integration._inventory import Inventory
from integration._play import Task

from simulator import Offer

TENANT, ODD, GATE = "tenant-of-ours", "odd-but-secret-value", "s3cret-of-the-gate"
ALL = {"all_sites": True}


def headers(url: str) -> dict[str, str]:
    """What firewalls want, and values that are somebody's name here."""
    return {
        "Origin": url,
        "Referer": f"{url}/wp-admin/",
        "X-Tenant": PLUGIN,
        "X-Backend": "s01.example",
        "X-Auth-Realm": "s02.example",
        "X-Short-Token": "1.1.0",
    }


@pytest.mark.claim("secrets-naming")
@pytest.mark.parametrize("door", [pytest.param("controller", marks=pytest.mark.once), "host"])
def test_no_header_spoils_a_plan(play_for, door):
    play = play_for(fleet(child(Offer("1.1.0")), child(Offer("1.1.0"))))
    play.connection["headers"] = headers(play.sim.url)
    plan = play.task("mainwp_update_info", ALL, door=door)
    assert plan["dashboard"]["url"] == play.sim.url
    assert [(entry["site_url"], entry["slug"], entry["version_planned"]) for entry in plan["plan"]] == [
        (f"https://s0{number}.example/", PLUGIN, "1.1.0") for number in (1, 2)
    ]
    real = play.task("mainwp_batch_update", {"plan": plan["plan"]}, door=door)
    assert real.updates("updated") == moves(play.sim)
    assert len(moves(play.sim)) == 2
    assert [site["url"] for site in real["sites"]] == [f"https://s0{number}.example/" for number in (1, 2)]
    assert real["dashboard"]["url"] == play.sim.url


@pytest.mark.claim("secrets-output")
@pytest.mark.parametrize("door", ["controller", "host"])
def test_secret_values_are_shown_nowhere_and_others_not_where_somebody_repeats_them(play_for, door):
    play = play_for(fleet(child()))
    sent = {"X-Tenant": TENANT, "X-Odd": ODD, "CF-Access-Client-Secret": GATE}
    play.connection |= {"headers": sent, "secret_headers": ["x-odd"], "retries": 0}
    page = f"<html><p>Refused: {TENANT} {ODD} {GATE}"
    play.sim.faults.add(action="status", code=403, body=page)
    play.sim.faults.add(action="status", code=400, body={"code": "x", "message": page})
    outcome = play.tasks(
        Task("mainwp_site_info", {}, door=door), Task("mainwp_site_info", {}, door=door), args=["-vvvv"], fresh=False
    )
    for result in outcome:
        assert result.failed
        assert "Refused: ******** ******** ********" in result.msg
        for value in (TENANT, ODD, GATE):
            assert value not in json.dumps({**result.data, "invocation": None})
    for value in (ODD, GATE):
        assert value not in outcome.output


@pytest.mark.claim("secrets-naming", "secrets-host")
@pytest.mark.parametrize("door", [pytest.param("controller", marks=pytest.mark.once), "host"])
def test_no_password_spoils_what_names_something(play_for, door):
    """Somebody's password is an address, another's a role or a piece of a host's name; in texts none of them is shown."""
    play = play_for(fleet(child(), child()))
    url, user = "https://s01.example/", {"login": "kurt", "email": "kurt@s01.example"}
    site = {
        "site_url": url,
        "name": "One",
        "unique_id": "s01.example",
        "http_user": "One",
        "http_pass": "secret-of-s01",
    }
    site["update_password"] = "always"
    role = {"sites": ["1"], **user, "role": "editor"}
    made, same, named, listed = play.tasks(
        Task("mainwp_user", {**role, "password": "editor"}, door=door),
        Task("mainwp_user", {**role, "password": url}, door=door),
        Task("mainwp_site", site, door=door),
        Task("mainwp_site", {"child_sites": [site]}, door=door),
        args=["-vvv"],
    )
    assert [found["url"] for result in (made, same) for found in result["sites"]] == [url, url]
    assert made["sites"][0]["users"][0]["after"]["role"] == "editor"
    assert (named["site"]["url"], named["site"]["name"], listed["sites"][0]["url"]) == (url, "One", url)
    for result, secret in ((made, "editor"), (same, url), (named, "secret-of-s01"), (listed, "secret-of-s01")):
        called = json.dumps(result.data.get("invocation", {}))
        assert "secret-of-s01" not in called
        assert f'"password": "{secret}"' not in called


@pytest.mark.claim("secrets-inventory", "secrets-naming")
def test_no_header_spoils_an_inventory(simulate, tmp_path):
    sim = simulate(fleet(child(), child()))
    listing = Inventory(tmp_path, sim).list(headers=headers(sim.url))
    assert sorted(
        (name, facts["mainwp_site_url"], facts["mainwp_site_dashboard_url"]) for name, facts in listing.hosts.items()
    ) == [(f"s0{number}.example", f"https://s0{number}.example/", sim.url) for number in (1, 2)]


@pytest.mark.claim("secrets-reports", "secrets-naming")
def test_two_dashboards_behind_a_firewall_that_wants_their_origin(maintain):
    maintenance = maintain(a=fleet(child(Offer("1.1.0"))), b=fleet(child(Offer("1.1.0"))))
    for name, sim in maintenance.sims.items():
        maintenance.hosts[name]["mainwp_headers"] = {**headers(sim.url), "X-Odd": ODD}
        maintenance.hosts[name]["mainwp_secret_headers"] = ["X-Odd"]
    done = maintenance.run()
    assert done.rc == 0, done.output
    assert ODD not in done.output
    for name, sim in maintenance.sims.items():
        assert maintenance.report(name)["dashboard"]["url"] == sim.url
        assert len(moves(sim)) == 1
