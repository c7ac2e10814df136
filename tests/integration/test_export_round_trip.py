# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Export → apply changes nothing; apply to an empty Dashboard → export gives the same bytes."""

from __future__ import annotations

import difflib

from integration._export import exported, nasty, tree_of

from simulator import Fleet
from simulator.dashboard import SYNC_DATA
from simulator.state import ClientField

PASSWORD = "pass-1"


def test_export_and_apply_changes_nothing(direct_for, dialect, tmp_path):
    play = direct_for(nasty(), dialect)
    tree = tree_of(play, tmp_path)
    for check in (True, False):
        applied = play.task("mainwp_config", {"tree": tree}, check=check, warns=None)
        assert (applied.failed, applied.changed, applied.writes) == (False, False, []), applied.msg
        assert {entry["standing"] for entry in applied["drift"]} == {"extra"}


def tame() -> Fleet:
    """Names as odd as any, but nothing that nobody can make anew: no double names, no dead owners."""
    made = nasty()
    three, five = made.sites[3], made.sites[5]
    three.sync_errors, three.tags, three.ignored_plugins = "", [2, 5], ""
    five.client_id = 7
    made.sites[2].suspended = False
    made.sites[4].client_id = 0
    for number in (1, 2):
        del made.sites[number].ignored_plugins["gone/gone.php"]
    for number in (6, 9):
        del made.tags[number]
    for number in (1, 3, 8):
        del made.clients[number]
    for client in made.clients.values():
        client.created = 1_700_000_000
    for cost in made.costs.values():
        cost.columns |= {"type": "subscription", "license_type": "single_site"}
    made.clients[4].fields.pop("city")
    made.client_fields = {1: ClientField(1, "VAT [x] {{ y }}", "VAT & more")}
    for number in (2, 3, 4, 5, 6, 7, 10):
        del made.costs[number]
    made.settings["cost-tracker"]["product_categories"].pop(1)
    made.settings["general"] = {"timezone_string": "UTC+2", "date_format": ""}
    made.settings["emails"]["uptime"]["recipients"] = "night@x.test"
    del made.settings["api-backups"]["kinsta"]["api_key"]
    made.settings["monitoring"] = {"mainwp_uptime_monitoring_active": 1}
    made.settings["advanced"] = {"sync_data": dict.fromkeys(SYNC_DATA, 1) | {"directories": 0}}
    return made


def test_an_empty_dashboard_becomes_the_same(direct_for, dialect, tmp_path):
    made = tame()
    first = direct_for(made, dialect)
    tree = tree_of(first, tmp_path)
    text = (tmp_path / "tree.yml").read_text()
    strangers = {site.url: site.child for site in tame().sites.values()}
    for one in strangers.values():
        one.password = PASSWORD  # and each still has the key of the Dashboard that is lost
    second = direct_for(Fleet(strangers=strangers), dialect)
    secrets = {"sites": {"*": {"admin": "admin", "admin_password": PASSWORD}}}
    done = second.task("mainwp_config", {"tree": tree, "secrets": secrets}, diff=True, warns=None)
    assert not done.failed, done.msg
    exported(second, dest=str(tmp_path / "second.yml"))
    differs = difflib.unified_diff(text.splitlines(), (tmp_path / "second.yml").read_text().splitlines(), lineterm="")
    assert [*differs] == []
    again = second.task("mainwp_config", {"tree": tree, "secrets": secrets}, warns=None)
    assert (again.failed, again.changed, again.writes) == (False, False, [])
