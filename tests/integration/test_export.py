# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Dashboard written down as code: exact, stable, and nothing in it that could not be applied again."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

from integration._fleets import child, fleet
from unit.test_config_schema import errors_of
from unit.test_export_yaml import read_by_ansible

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._tree import tree_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME
from simulator import Client, Cost, Fleet, Plugin, Tag, picture
from simulator.api import settings_fields
from simulator.state import ClientField, Stored

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


def test_a_file_for_each_kind(direct_for, tmp_path):
    play = direct_for(nasty())
    planned = play.task("mainwp_export", {"dest": f"{tmp_path}/tree/"}, check=True, diff=True)
    assert planned.changed
    assert not (tmp_path / "tree").exists()
    done, again = (play.task("mainwp_export", {"dest": f"{tmp_path}/tree/"}, diff=True) for dummy in range(2))
    assert (done["diff"], done["files"]) == (planned["diff"], planned["files"])
    assert done["files"] == [f"{tmp_path}/tree/{kind}.yml" for kind in BY_NAME]
    assert "tree" not in done.data
    assert (again.changed, again["diff"]) == (False, [])
    for file in map(Path, done["files"]):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert read_by_ansible(file).keys() <= {f"dashboard_config_{file.stem}"}
    Path(done["files"][4]).write_text("other")
    mended = play.task("mainwp_export", {"dest": f"{tmp_path}/tree", "only": ["tags", "clients"]}, diff=True)
    assert [entry["before_header"] for entry in mended["diff"]] == [f"{tmp_path}/tree/tags.yml"]
    assert mended["diff"][0]["before"] == "other"
    assert mended["files"] == [f"{tmp_path}/tree/{kind}.yml" for kind in ("tags", "clients")]


def test_what_cannot_be_read_or_written_leaves_the_files_alone(direct_for, tmp_path):
    play = direct_for(nasty())
    file = tmp_path / "tree.yml"
    file.write_text("old")
    play.sim.faults.add(path=r"/mainwp/v2/costs/9", action="status", code=400, body={"code": "x"}, times=None)
    failed = exported(play, dest=str(file))
    assert (failed.failed, failed.changed, file.read_text()) == (True, False, "old")
    unwritable = exported(play, dest=str(file / "below.yml"), only=["tags"])
    assert unwritable.failed
    assert "cannot be written" in unwritable.msg


def test_a_site_that_is_removed_meanwhile_is_left_out_and_named(direct_for, dialect, tmp_path):
    """Between the list and what is asked of each; nothing of the tree names it, and the rest is whole."""
    made = fleet(child(), child(), child())
    for site in made.sites.values():
        site.ignored_plugins = {"shop/shop.php": {"Name": "Shop", "ignored_versions": ["all_versions"]}}
    made.costs = {9: Cost(9, {"name": "Host", "sites": "[1,2]"})}
    play = direct_for(made, dialect)

    def remove() -> None:
        made.sites.pop(2, None)

    play.sim.faults.add(path=r"/mainwp/v2/sites/2", action="hook", before=remove)
    file = tmp_path / "tree.yml"
    sentence = "https://s02.example/ was removed while the Dashboard was read, and is left out."
    told = play.task("mainwp_export", {"include_personal": True, "dest": str(file)}, warns=(sentence,))
    assert not told.failed, told.msg
    assert told["summary"]["sites"] == 2
    assert "s02.example" not in file.read_text()
    assert "s01.example" in file.read_text()
    assert "Host" in file.read_text()


def test_a_site_that_cannot_be_read_is_not_taken_for_removed(direct_for, tmp_path):
    play = direct_for(fleet(child(), child()))
    body = {"code": "x"}
    play.sim.faults.add(path=r"/mainwp/v2/sites/2", action="status", code=404, body=body, times=None)
    assert exported(play, dest=str(tmp_path / "tree.yml")).failed
    assert [*tmp_path.iterdir()] == []


def test_a_tree_of_which_one_file_cannot_be_written_stays_as_it_was(direct_for, tmp_path, monkeypatch):
    """A disk that is full in the middle of it."""
    play, tree = direct_for(fleet(child(), tags=[Tag(1, "one")])), tmp_path / "tree"
    assert not exported(play, dest=f"{tree}/").failed
    before = {path.name: path.read_text() for path in tree.iterdir()}
    play.sim.fleet.tags[1].name = "two"
    play.sim.fleet.sites[1].name = "other"
    opened = os.open

    def full(path, *more, **how):
        if str(path).startswith(f"{tree}/.sites.yml"):
            raise OSError(28, "No space left on device", str(path))
        return opened(path, *more, **how)

    monkeypatch.setattr(os, "open", full)
    failed = exported(play, dest=f"{tree}/")
    monkeypatch.undo()
    assert (failed.failed, failed.changed) == (True, False)
    assert "No space left" in failed.msg
    assert {path.name: path.read_text() for path in tree.iterdir()} == before


def test_what_is_no_export_is_not_replaced(direct_for, tmp_path):
    """Found out before anything is asked, in check mode, too, and of one file that is in the way before another one is written."""
    play, file = direct_for(fleet(child())), tmp_path / "agency.yml"
    mine = "---\nmainwp_url: https://dashboard.example\n'dashboard_config_secrets': {}\ndashboard_config_tags__mine:\n  - name: x\n"
    folder, pipe = tmp_path / "agency", tmp_path / "pipe"
    (folder / "tags.yml").mkdir(parents=True)
    os.mkfifo(pipe)
    for dest, text, said_of_it in (
        (
            file,
            mine,
            "other variables, which would be lost: mainwp_url, dashboard_config_secrets, dashboard_config_tags__mine.",
        ),
        (file, "$ANSIBLE_VAULT;1.1;AES256\n3334\n", "ansible-vault has encrypted"),
        (pipe, None, "that is no file"),
        (folder, None, "that is no file"),
        (f"{file}/below/", "x", f"{file} is no folder"),
    ):
        if text is not None:
            file.write_text(text)
        for check in (True, False):
            refused = play.task("mainwp_export", {"dest": str(dest)}, check=check, diff=True)
            assert (refused.failed, refused.changed, refused.journal) == (True, False, [])
            assert "cannot be written" in refused.msg
            assert said_of_it in refused.msg
            assert "https://dashboard.example" not in json.dumps(refused.data)
        assert text is None or file.read_text() == text
        assert [entry.name for entry in folder.iterdir()] == ["tags.yml"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    for dest in (" ", "a\0b"):
        assert play.task("mainwp_export", {"dest": dest}).msg.startswith("dest: ")


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
