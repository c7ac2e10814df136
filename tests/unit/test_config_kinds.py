# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of the kinds of a tree: an entry takes what the door of its module takes."""

from __future__ import annotations

import importlib

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME, CAREFULLY, KINDS, Kind
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources.site_list import OPTION
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import lanes_spec

#: Said once for the whole tree, or nowhere.
ONCE = {*CAREFULLY, *lanes_spec(), "sites_mode", OPTION}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_entry_takes_what_its_module_takes(kind: Kind) -> None:
    door = importlib.import_module(f"ansible_collections.wpfleet.mainwp.plugins.modules.{kind.module}").DOOR
    assert kind.spec == {name: one for name, one in door.spec.items() if name not in ONCE}
    rules = {
        name: [one for one in listed if OPTION not in one]
        for name, listed in door.rules.items()
        if name != "required_by"
    }
    if kind.name == "sites":
        rules = {"required_one_of": [("site_url", "id")]}
    elif "required_by" in door.rules:
        rules["required_by"] = door.rules["required_by"]
    assert kind.rules == rules


def test_sites_and_users_and_keys_and_clients_are_never_purged() -> None:
    assert {kind.name for kind in KINDS if kind.purges} == {
        "tags", "client_fields", "cost_product_types", "cost_payment_methods", "costs",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "options", "called"),
    [
        ("clients", {"name": "Harbour", "email": "a@b.example"}, "Harbour"),
        ("clients", {"email": "a@b.example"}, "a@b.example"),
        ("sites", {"site_url": "https://shop.example", "name": "Shop"}, "https://shop.example"),
        ("plugins", {"plugins": ["akismet", "jetpack"], "state": "active"}, "akismet, jetpack"),
        ("ignored_updates", {"plugins": [], "themes": None, "core": True}, "core"),
        ("settings", {"general": {}}, "settings"),
        ("tags", {"id": 3}, "3"),
    ],
)
def test_entries_are_called_as_people_know_them(name: str, options: dict[str, object], called: str) -> None:
    assert BY_NAME[name].called(options) == called
