# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Child sites as code: adding, naming, tagging, suspending, connecting, removing. Numbers are exchanges of wp71-resources2."""

from __future__ import annotations

from integration._fleets import child, fleet
from integration._play import Task

from simulator import Client, Fleet, Tag

ADD = r"/mainwp/v2/sites/add"
NEW = "http://new.example/"
ACCESS = {"site_url": NEW, "admin": "admin", "admin_password": "lab-Pass-1"}


def two(**fields) -> Fleet:
    """Sites s01 and s02, and a child that no Dashboard knows."""
    stranger = child(password="lab-Pass-1", has_key=False, ip="192.0.2.9")
    return fleet(child(), child(), strangers={NEW: stranger}, **fields)


def test_a_site_is_added_and_gets_what_adding_does_not_take(direct_for, dialect):
    world = two(tags=[Tag(1, "R&amp;D"), Tag(2, "Shop, EU")], clients=[Client(7, "Acme", "office@acme.example")])
    play = direct_for(world, dialect)
    options = {
        **ACCESS,
        "name": 'Mike\'s "A" & <b>B</b> ü 😀',
        "client": "OFFICE@acme.example",
        "site_tags": ["R&D", "shop, eu"],
        "ignore_core_updates": True,
        "health_checking": False,
        "health_threshold": 80,
        "monitoring_emails": ["a@x.example", "b@x.example"],
        "ssl_version": "1.2",
        "force_use_ipv4": "true",
        "suspended": True,
    }
    planned, made, again = play.tasks(
        Task("mainwp_site", options, check=True, diff=True),
        Task("mainwp_site", options, diff=True),
        Task("mainwp_site", options),
    )
    assert planned.msg.endswith("Whether MainWP can connect to it cannot be known before it tries.")
    assert (planned["action"], planned.writes) == ("created", [])
    assert (made["action"], made.failed) == ("created", False)
    assert (again["action"], again.writes) == ("unchanged", []), again.msg
    assert again["site"] == made["site"]
