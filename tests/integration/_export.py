# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleets that are hard to write down, and what of them was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from integration._fleets import child, fleet
from unit.test_config_schema import errors_of
from unit.test_export_yaml import read_by_ansible

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._tree import tree_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME
from simulator import Client, Cost, Fleet, Plugin, Tag, picture
from simulator.api import settings_fields
from simulator.state import ClientField

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
            Client(6, "Double", "b@x.test", suspended=1),
            Client(7, "DOUBLE"),
            Client(8, "Nobody's lead", suspended=2),
            Client(2, "No", created=1_700_000_000),
            Client(1, "same again"),
            Client(3, "same again"),
        ],
    )
    one, two, three, four, five = (made.sites[number] for number in sorted(made.sites))
    four.child.themes[0].active, four.child.themes[1].active = False, True
    picture.remember(four)
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
    made.client_fields = {2: ClientField(2, "VAT [x]", "id & <more>"), 1: ClientField(1, "0", "zero")}
    made.settings["api-backups"] = {"kinsta": {"enabled": 1, "account_email": "k@x.test", "api_key": "k-123456789"}}
    made.settings["emails"] = {
        "uptime": {"disable": 1, "heading": "Up & down", "subject": "{{ x }}", "recipients": "a@x.test, b@x.test"}
    }
    made.settings["general"] = {"timezone_string": "UTC+5.75", "date_format": ""}
    made.settings["cost-tracker"] = {
        "product_categories": [
            {"slug": "old-title", "title": "New title", "color": "#112233", "icon": "deficon:globe"},
            {"slug": "%d7%90", "title": "\u05d0", "color": "#112233", "icon": "deficon:globe"},
            *settings_fields.SETTINGS["cost-tracker"]["product_categories"],
        ],
        "payment_methods": {"bank-transfer": "Bank transfer", "other": "Renamed"},
    }
    base = {"price": "29.90000000", "renewal_type": "yearly", "last_renewal": "1793491200", "cost_status": "active"}
    made.costs = {
        number: Cost(number, {**base, **columns})
        for number, columns in {
            9: {"name": "Hosting", "sites": "[2,1]", "note": "x &amp; y\nz", "product_type": "hosting", "price": "0"},
            2: {"name": "No owner"},
            3: {"name": "Dead owner", "clients": "[98,99]"},
            10: {"name": "Half an owner", "clients": "[4,99]", "product_type": "old-title"},
            4: {"name": "Two kinds", "clients": "[4]", "groups": "[1]"},
            5: {"name": "Gone type", "clients": "[4]", "product_type": "was-one", "payment_method": "was-one-too"},
            6: {"name": "Tagged", "groups": "[1,3]", "renewal_type": "odd"},
            7: {"name": "Of a tag that nobody can name", "groups": "[6]"},
            8: {"name": "Pro", "clients": "[4]", "product_type": "plugin", "slug": "solo/solo.php"},
        }.items()
    }
    return made


def renumbered() -> Fleet:
    """The same Dashboard, of which everything was made in another order, so ids and answers are others."""
    made, other = nasty(), nasty()
    tags, clients, sites = ({old: 50 - old for old in known} for known in (made.tags, made.clients, made.sites))
    other.tags = {tags[one.id]: replace(one, id=tags[one.id]) for one in reversed(made.tags.values())}
    other.clients = {clients[one.id]: replace(one, id=clients[one.id]) for one in reversed(made.clients.values())}
    other.sites = {}
    for site in reversed(made.sites.values()):
        site.id, site.client_id = sites[site.id], clients.get(site.client_id, 0)
        site.tags = [tags[tag] for tag in reversed(site.tags)]
        other.add(site)
    for cost in made.costs.values():
        for column, known in (("sites", sites), ("groups", tags), ("clients", clients)):
            ids = [known.get(one, one) for one in reversed(json.loads(cost.columns[column] or "[]"))]
            cost.columns[column] = json.dumps(ids) if ids else ""
    other.costs = {number: replace(cost, id=number) for number, cost in enumerate(reversed(made.costs.values()), 1)}
    return other


def exported(play, **options):
    return play.task("mainwp_export", {"include_personal": True, **options})


def tree_of(play, folder: Path, **options) -> dict:
    """As Ansible reads it from the file; what results show is without what steers terminals."""
    file = folder / "tree.yml"
    exported(play, dest=str(file), **options)
    return {name.removeprefix("dashboard_config_"): value for name, value in read_by_ansible(file).items()}


def said(result, kind: str) -> list[str]:
    return [text.removeprefix(f"{kind}: ") for text in result["left_out"] if text.startswith(f"{kind}: ")]


def applied(play, tree) -> None:
    """Each entry by its module, which has nothing to do; and an empty Dashboard, and an editor, would take it."""
    tree_from({"tree": tree})
    assert errors_of(tree) == []
    for kind, entries in tree.items():
        module = BY_NAME[kind].module
        careful = {"max_age": 10**9} if kind in ("plugins", "themes") else {}
        for options in [entries] if kind == "settings" else entries:
            result = play.task(module, {**options, **careful}, warns=None)  # broken rules bring one
            assert (result.failed, result.changed, result.writes) == (False, False, []), (options, result.msg)
