# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Dashboard written down as code: exact, stable, and nothing in it that could not be applied again."""

from __future__ import annotations

import json

from integration._export import WILD, applied, exported, nasty, renumbered, said, tree_of
from integration._fleets import child, fleet
from unit.test_export_yaml import read_by_ansible

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME
from simulator import Client, Fleet
from simulator.state import Stored


def test_what_is_exported_changes_nothing(direct_for, dialect, tmp_path):
    play = direct_for(nasty(), dialect)
    applied(play, tree_of(play, tmp_path))


def leaves(value) -> int:
    return sum(map(leaves, value.values())) if isinstance(value, dict) else 1


def test_what_is_exported_is_exact(direct_for, tmp_path):
    play = direct_for(nasty())
    tree, result = tree_of(play, tmp_path), exported(play)
    assert (result.failed, result.changed, result.writes) == (False, False, [])
    assert [*tree] == [kind for kind in BY_NAME if kind not in ("client_fields", "themes")]
    assert [tag["name"] for tag in tree["tags"]] == ["R&D", "Shop, EU", "Twin", "twin", "{{ 1/0 }}"]
    sites = {site["site_url"]: site for site in tree["sites"]}
    assert [*sites] == [
        "http://s01.example/shop/",
        "https://s01.example/",
        "https://s02.example/",
        "https://s03.example/",
        "https://s05.example/",
    ]
    assert sites["https://s01.example/"] == {
        "site_url": "https://s01.example/",
        "name": WILD,
        "client": "Lindgren & Sons",
        "site_tags": ["R&D", "Shop, EU", "{{ 1/0 }}"],
        "ignore_core_updates": False,
        "ignore_plugin_updates": False,
        "ignore_theme_updates": False,
        "ssl_version": "auto",
        "force_use_ipv4": "false",
        "protocol": "https",
        "suspended": False,
        "another_child": True,
    }
    assert sites["https://s02.example/"]["client"] == "a@x.test"  # of two that are called Double
    assert sites["https://s05.example/"]["monitoring_emails"] == ["a@x.test", "b@x.test"]
    assert (sites["https://s05.example/"]["health_checking"], sites["https://s05.example/"]["health_threshold"]) == (
        False,
        80,
    )
    assert tree["ignored_updates"] == [
        {"sites": ["https://s03.example/"], "themes": ["paper"]},
        {"sites": ["https://s01.example/", "https://s02.example/"], "plugins": ["shop/shop.php"]},
    ]
    assert tree["plugins"] == [{"site_status": ["connected"], "plugins": ["shop/shop.php"], "state": "active"}]
    assert [(user["login"], user["role"], len(user["sites"])) for user in tree["users"]] == [
        ("admin", "administrator", 3)
    ]
    assert [cost["name"] for cost in tree["costs"]] == ["Gone type", "Half an owner", "Hosting", "Pro", "Tagged"]
    assert tree["cost_payment_methods"] == [{"title": "Bank transfer"}, {"slug": "other", "title": "Renamed"}]
    assert [entry for entry in tree["cost_product_types"] if "title" in entry] == [
        {"slug": "old-title", "title": "New title", "color": "#112233", "icon": "deficon:globe"}
    ]
    assert tree["settings"]["emails"]["uptime"] == {"disable": True, "heading": "Up & down", "subject": "{{ x }}"}
    counts = {kind: len(tree.get(kind, ())) for kind in BY_NAME}
    assert result["summary"] == {**counts, "settings": leaves(tree["settings"])}


LEFT_OUT = {
    "settings": ["emails.uptime.recipients cannot", "api_backups.kinsta.api_key is set"],
    "client_fields": ["Client field '0' is left out"],
    "tags": ["Tag 'same' is left out", "whoever purges this kind removes it"],
    "clients": ["'same again' is left out", "'Nobody's lead' is without suspended"],
    "sites": ["'http://s01.example/shop/' is without client", "Not connected now", "Tags that are left out"],
    "ignored_updates": [
        "The rule of plugin 0 on https://s03.example/: it is broken",
        "The rule of plugin shop/shop.php on https://s03.example/: it is about 1.1 only",
        "plugin gone/gone.php on https://s01.example/, https://s02.example/: what it ignores is not installed",
    ],
    "plugins": ["Active on some of the connected sites only: 1 plugin."],
    "users": ["Users of https://s02.example/ are not known", "Users of https://s03.example/ are not known"],
    "costs": [
        "'Dead owner' is left out",
        "'Half an owner' is without some of its clients",
        "'Gone type' is without product_type",
        "'Gone type' is without payment_method",
        "'No owner' is left out. sites: whose cost is it?",
        "'Of a tag that nobody can name' is left out",
        "'Tagged' is without renewal_type",
        "'Two kinds' is left out. site_tags",
    ],
    "api_keys": ["Tokens cannot be read", "Keys of API v1"],
}


def test_what_is_left_out_is_named(direct_for):
    result = exported(direct_for(nasty()))
    for kind, parts in LEFT_OUT.items():
        for part in parts:
            assert any(part in text for text in said(result, kind)), (part, said(result, kind))


def test_the_same_dashboard_gives_the_same_bytes(direct_for, dialect, tmp_path):
    first, second = tmp_path / "first.yml", tmp_path / "second.yml"
    play = direct_for(nasty(), dialect)
    made, again = (exported(play, dest=str(first)) for dummy in range(2))
    assert (made.changed, again.changed) == (True, False)
    exported(direct_for(renumbered(), dialect), dest=str(second))
    assert second.read_text() == first.read_text()
    shown = json.dumps(exported(play)["tree"], ensure_ascii=False)
    assert shown == json.dumps(tree_of(play, tmp_path), ensure_ascii=False).replace("\u2028", "")


def test_nothing_personal_unless_it_is_asked_for(direct_for, tmp_path):
    play = direct_for(nasty())
    result = play.task("mainwp_export")
    tree, text = result["tree"], json.dumps(result.data)
    assert "@" not in text.replace(play.sim.url, "")
    assert "users" not in tree
    assert tree["clients"] == [
        {"name": "DOUBLE", "suspended": False},
        {"name": "Lindgren & Sons", "suspended": False},
        {"name": "No", "created": "2023-11-14T22:13:20Z", "suspended": False},
        {"name": "Nobody's lead"},
    ]
    assert "'Double' is left out" in "".join(said(result, "clients"))
    assert not [entry for entry in result.journal if "/users" in entry.path]
    applied(play, tree_of(play, tmp_path, include_personal=False))


def test_no_address_stands_for_a_client_unless_it_is_asked_for(direct_for, tmp_path):
    """One whose name is another one's address."""
    made = nasty()
    made.clients[20] = Client(20, "a@x.test", "boss@y.test")
    made.clients[21] = Client(21, "info@z.test", "info@z.test")
    made.sites[1].client_id, made.sites[2].client_id = 20, 21
    play = direct_for(made)
    slim, full = play.task("mainwp_export"), exported(play)
    clients = [{site["site_url"]: site.get("client") for site in told["tree"]["sites"]} for told in (slim, full)]
    assert [told["https://s01.example/"] for told in clients] == [None, "boss@y.test"]
    assert [told["https://s02.example/"] for told in clients] == ["info@z.test", "info@z.test"]
    assert "boss@y.test" not in json.dumps(slim.data)
    applied(play, tree_of(play, tmp_path))


def test_what_costs_a_request_each_is_read_only_where_it_is_wanted(direct_for):
    play = direct_for(nasty())
    full, slim = exported(play, only=["sites"]), exported(play, only=["sites"], per_site_settings=False)
    assert len(full.journal) - len(slim.journal) == 2 * 5
    assert not [
        entry
        for entry in exported(play, only=["costs"]).journal
        if "/sites/" in entry.path and "basic" not in entry.path
    ]
    assert "without per_site_settings" in "".join(said(slim, "sites"))
    assert play.task("mainwp_export", {"dest": ""}).msg.startswith("dest: is empty")
    assert play.task("mainwp_export", {"only": []}).msg.startswith("only: the list is empty")


def test_an_offset_that_goes_with_the_seasons_is_none_to_keep(direct_for):
    play = direct_for(fleet(child()))
    play.sim.named_timezone = True
    result = exported(play, only=["settings"])
    assert "timezone_string" not in result["tree"]["settings"]["general"]
    assert "the zone Europe/Riga by name" in "".join(said(result, "settings"))
    play.sim.faults.add(path=r"/wp-json/", action="status", code=401, body={"code": "x"})


def test_what_reads_alike_where_it_was_never_saved_is_not_written(direct_for):
    """A Dashboard that never saved it verifies certificates, and tells 0 as well; the way of backups could not be set again."""
    play = direct_for(fleet(child()))
    fresh = exported(play, only=["settings"])
    saved = play.sim.fleet.settings
    saved.setdefault("advanced", {})["mainwp_ssl_verify_certificate"] = 1
    saved.setdefault("general", {})["mainwp_enable_legacy_backup_feature"] = 1
    later = exported(play, only=["settings"])["tree"]["settings"]
    settings = fresh["tree"]["settings"]
    assert "ssl_verify_certificate" not in settings["advanced"]
    assert not {"primary_backup", "enable_legacy_backup_feature"} & {*settings["general"]}
    assert [text.split()[0] for text in said(fresh, "settings")] == [
        "general.primary_backup",
        "advanced.ssl_verify_certificate",
    ]
    assert later["advanced"]["ssl_verify_certificate"] is True
    assert (later["general"]["primary_backup"], later["general"]["enable_legacy_backup_feature"]) == ("native", True)


def test_policy_needs_to_know_what_is_installed(direct_for):
    made = fleet(child(), child())
    made.sites[2].dts_sync, made.sites[2].stored = 0, Stored()
    play = direct_for(made)
    assert "does not know the plugins of https://s02.example/" in said(exported(play, only=["plugins"]), "plugins")[0]
    made.settings["advanced"]["sync_data"] = {"plugins": 0}
    made.sites[2].stored = made.sites[1].stored
    assert "leave out plugins" in said(exported(play, only=["plugins"]), "plugins")[0]


def test_an_empty_dashboard_is_written_down(direct_for, tmp_path):
    play = direct_for(Fleet())
    tree = tree_of(play, tmp_path)
    assert [*tree] == ["settings", "cost_product_types", "api_keys"]
    exported(play, dest=str(tmp_path / "tags.yml"), only=["tags"])
    assert read_by_ansible(tmp_path / "tags.yml") == {}
