# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole Dashboard as a tree says: what differs is told, done once, and right afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from integration._config import CONFIG, NEW, PASSWORD, world
from integration._play import Task

pytestmark = pytest.mark.usefixtures("hurry")

TREE: dict[str, Any] = {
    "settings": {"general": {"automatic_daily_update": True}, "monitoring": {"uptime_monitoring_interval": "5m"}},
    "client_fields": [{"name": "VAT", "description": "Number"}],
    "cost_product_types": [{"title": "Fonts"}],
    "cost_payment_methods": [{"title": "Barter"}],
    "tags": [{"name": "Canary", "color": "#f5a623", "sites": ["s01.example"]}],
    "clients": [{"name": "Acme", "email": "a@acme.example", "sites": ["s02.example"]}],
    "sites": [
        {"site_url": "https://s01.example", "name": "First", "client": "Acme"},
        {"site_url": NEW, "name": "New", "client": "Acme", "site_tags": ["Canary"], "admin": "admin"},
    ],
    "ignored_updates": [{"core": True, "site_tags": ["Canary"]}],
    "plugins": [{"plugins": ["acme-forms"], "state": "active", "all_sites": True}],
    "themes": [{"themes": ["stone"], "state": "active", "clients": ["Acme"]}],
    "users": [{"login": "anna", "email": "anna@acme.example", "clients": ["Acme"]}],
    "costs": [
        {"name": "Fonts", "product_type": "fonts", "payment_method": "barter", "price": 12, "site_tags": ["Canary"]},
        {"name": "Hosting", "price": 5, "sites": ["new.example"]},
    ],
    "api_keys": [{"description": "monitoring", "permissions": "read"}],
}
SECRETS = {"sites": {"*": {"admin_password": PASSWORD}}}
OPTIONS = {"tree": TREE, "secrets": SECRETS}


def test_a_tree_is_told_then_done_then_right(direct_for, dialect):
    play = direct_for(world(), dialect)
    planned, made, again = play.tasks(
        Task(CONFIG, OPTIONS, check=True, diff=True), Task(CONFIG, OPTIONS, diff=True), Task(CONFIG, OPTIONS, diff=True)
    )
    assert not planned.failed, planned.msg
    assert planned.writes == []
    assert not made.failed, made.msg
    for result in (planned, made, again):
        print(result.msg)
        print(result["summary"]["kinds"])
        for row in result["drift"]:
            print(row)
    assert again.writes == []
    assert not again.changed
