# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Dashboard written down as code: exact, stable, and nothing in it that could not be applied again."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml
from integration._fleets import child, fleet
from integration._play import Task
from unit.test_export_yaml import Plain

from simulator import Client, ClientField, Cost, Fleet, Plugin, Simulator, Tag

ALL = {"include_personal": True}
WILD = '{{ 1/0 }} & <b>"it\'s"</b> \\ 100 % 😀 Müller, \u2028{% raw %}'


def nasty() -> Fleet:
    """Everything that names can be, and much that cannot be written again."""
    made = fleet(
        child(None, Plugin("solo/solo.php", "Solo", "1.0")),
        child(None, Plugin("mu.php", "Mu", "1.0", mu=True)),
        child(),
        child(),
        child(),
        tags=[
            Tag(3, "Shop, EU", "#2d6cdf"),
            Tag(1, "R&amp;D"),
            Tag(7, "{{ 1/0 }}"),
            Tag(2, "twin"),
            Tag(5, "Twin"),
            Tag(6, "same"),
            Tag(9, "same"),
        ],
        clients=[
            Client(4, "Lindgren & Sons", "office@lindgren.example", fields={"note": "one\ntwo {{ x }}", "city": "0"}),
            Client(5, "Double", "a@x.test"),
            Client(6, "double", "b@x.test", suspended=1),
            Client(8, "Nobody's lead", suspended=2),
            Client(2, "No", created=1_700_000_000),
            Client(1, "same again"),
            Client(3, "Same Again"),
        ],
    )
    one, two, three, four, five = made.sites.values()
    one.name, one.client_id, one.tags = WILD, 4, [1, 3, 7]
    two.name, two.suspended, two.client_id = "two\nlines", True, 5
    three.sync_errors, three.tags = "Site not reached", [2, 6]
    four.url, four.client_id, four.ssl_version, four.automatic_update = "http://s01.example/shop/", 1, 6, 1
    five.options["monitoring_notification_emails"] = "b@x.test,a@x.test"
    five.disable_health_check, five.health_threshold, five.ignore_core, five.force_use_ipv4 = 1, 80, True, 2
    whole = {"Name": "Shop", "ignored_versions": ["all_versions"]}
    one.ignored_plugins = {"shop/shop.php": whole, "gone/gone.php": whole}
    two.ignored_plugins = {"shop/shop.php": whole, "gone/gone.php": whole}
    three.ignored_plugins = {"shop/shop.php": {**whole, "ignored_versions": ["1.1"]}, "0": whole}
    three.ignored_themes = {"paper": whole}
    four.child.themes[0].active, four.child.themes[1].active = False, True
    made.client_fields = {2: ClientField(2, "VAT [x]", "id & <more>"), 1: ClientField(1, "0", "zero")}
    made.settings["api-backups"] = {
        "kinsta": {"enabled": 1, "account_email": "k@x.test", "secrets": {"api_key": "k-123456789"}}
    }
    made.settings["emails"] = {
        "uptime": {"disable": 1, "heading": "Up & down", "subject": "{{ x }}", "recipients": "a@x.test, b@x.test"}
    }
    made.settings["general"] = {"timezone_string": "UTC+5.75", "date_format": ""}
    base = {"price": "29.90000000", "renewal_type": "yearly", "last_renewal": "1793491200", "cost_status": "active"}
    made.costs = {
        number: Cost(number, {**base, **columns})
        for number, columns in {
            9: {"name": "Hosting", "sites": "[2,1]", "note": "x &amp; y\nz", "product_type": "hosting", "price": "0"},
            2: {"name": "No owner"},
            3: {"name": "Dead owner", "clients": "[4,99]"},
            4: {"name": "Two kinds", "clients": "[4]", "groups": "[1]"},
            5: {"name": "Gone type", "clients": "[4]", "product_type": "was-one", "payment_method": "was-one-too"},
            6: {"name": "Tagged", "groups": "[1,3]", "renewal_type": "odd"},
            7: {"name": "Of a tag that nobody can name", "groups": "[6]"},
            8: {"name": "Pro", "clients": "[4]", "product_type": "plugin", "slug": "solo/solo.php"},
        }.items()
    }
    return made


def exported(play, **options):
    return play.task("mainwp_export", {**ALL, **options})


def entries_of(tree: dict, kind: str, *keys: str) -> list:
    return [tuple(entry.get(key) for key in keys) for entry in tree.get(kind, ())]


def test_look(direct_for, dialect):
    play = direct_for(nasty(), dialect)
    r = play.task("mainwp_export", {**ALL, "dest": "~/x.yml"}, diff=True)
    print(r.data.get("msg"))
    print(r.data["diff"][0]["after"])
    assert 0
