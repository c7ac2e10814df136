# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tree alone shows: what is made of a good one, and all mistakes of a bad one at once, each with its place."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config import _purge
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._entry import Tree
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._tree import tree_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError

PASSWORD = "correct-horse-battery"
SHOP = {"site_url": "https://shop.example"}


def tree_of(tree: Any, **params: Any) -> Tree:
    return tree_from({"tree": tree, **params})


def mistakes_of(tree: Any, **params: Any) -> dict[str, str]:
    """Place → what is said of it."""
    with pytest.raises(InputError) as caught:
        tree_of(tree, **params)
    assert PASSWORD not in str(caught.value)
    assert PASSWORD not in str(caught.value.to_dict())
    told = caught.value.details["mistakes"]
    assert all(one["place"] in str(caught.value) and one["text"] in str(caught.value) for one in told)
    return {one["place"]: one["text"] for one in told}


def _user(login: str) -> dict[str, Any]:
    return {"login": login, "email": "b@x.example", "sites": ["a.example"]}


def _cost(kind: str, slug: str) -> dict[str, Any]:
    return {"name": "x", "product_type": kind, "slug": slug, "sites": ["a.example"]}


def _field(name: str) -> dict[str, Any]:
    return {"name": name, "description": "x"}


# -- good trees ----------------------------------------------------------------------------------------------------------


def test_parts_of_a_kind_are_joined() -> None:
    tree = tree_of({"tags": [{"name": "vip"}], "tags__acme": [{"name": "acme", "color": "#abc"}], "clients": None})
    assert [(one.place, one.options["name"]) for one in tree.of("tags")] == [
        ("tags[0]", "vip"),
        ("tags__acme[0]", "acme"),
    ]
    assert "clients" not in tree.entries
    assert tree.of("tags")[1].at("color") == "tags__acme[0].color"


def test_settings_of_several_parts_are_one_entry() -> None:
    tree = tree_of(
        {
            "settings": {"general": {"automatic_daily_update": "yes", "time_daily_update": "3:05"}},
            "settings__mail": {"emails": {"uptime": {"subject": "Down"}}, "general": {"automatic_daily_update": True}},
        },
        secrets={"settings": {"api_backups": {"kinsta": {"api_key": PASSWORD}}}},
    )
    (entry,) = tree.of("settings")
    assert entry.options["general"] == {"automatic_daily_update": True, "time_daily_update": "3:05"}
    assert entry.options["api_backups"] == {"kinsta": {"api_key": PASSWORD}}
    assert entry.at("emails.uptime.subject") == "settings__mail.emails.uptime.subject"
    assert PASSWORD not in repr(tree)


def test_values_are_what_their_types_want() -> None:
    sites = [{**SHOP, "force_use_ipv4": True, "ssl_version": 1.2, "health_threshold": "80", "site_tags": "a, b"}]
    (entry,) = tree_of({"sites": sites}).of("sites")
    assert entry.options["force_use_ipv4"] == "true"
    assert entry.options["ssl_version"] == "1.2"
    assert entry.options["health_threshold"] == 80
    assert entry.options["site_tags"] == ["a", "b"]
    assert entry.options["update_password"] == "on_create"


def test_a_date_is_text_as_its_option_wants_it() -> None:
    """YAML makes a date of what nobody quoted."""
    clients = [{"name": "A", "created": datetime.date(2026, 11, 23)}]
    assert tree_of({"clients": clients}).of("clients")[0].options["created"] == "2026-11-23"


def test_secrets_are_given_by_name_or_for_all() -> None:
    tree = tree_of(
        {"sites": [SHOP, {"site_url": "https://blog.example", "admin": "eve"}], "users": [_user("Bob")]},
        secrets={
            "sites": {"*": {"admin": "root", "admin_password": PASSWORD}, "http://www.shop.example/": {"admin": "ann"}},
            "users": {"bob": {"password": PASSWORD}},
        },
    )
    shop, blog = tree.of("sites")
    assert (shop.options["admin"], shop.options["admin_password"]) == ("ann", PASSWORD)
    assert (blog.options["admin"], blog.options["admin_password"]) == ("eve", PASSWORD)
    assert tree.of("users")[0].options["password"] == PASSWORD


def test_secrets_of_what_shall_be_absent_may_stay() -> None:
    tree = {"sites": [{**SHOP, "state": "absent"}], "users": None}
    (shop,) = tree_of(tree, secrets={"sites": {"shop.example": {"admin_password": PASSWORD}, "*": {"admin": "x"}}}).of(
        "sites"
    )
    assert "admin_password" not in shop.options


def test_tags_and_clients_take_sites_in() -> None:
    tree = tree_of(
        {
            "tags": [{"name": "vip", "sites": ["shop.example", "blog.example"]}],
            "clients": [{"name": "Acme", "email": "a@acme.example", "sites": ["https://www.shop.example/"]}],
            "sites": [{**SHOP, "site_tags": ["old"]}],
        }
    )
    (shop,) = tree.of("sites")
    assert shop.options["site_tags"] == ["old", "vip"]
    assert shop.options["site_tags_mode"] == "replace"
    assert shop.options["client"] == "a@acme.example"
    assert shop.at("client") == "clients[0].sites[0]"
    assert "sites" not in tree.of("tags")[0].options
    assert [(one.option, one.name, one.site, one.place) for one in tree.members] == [
        ("site_tags", "vip", "blog.example", "tags[0].sites[1]")
    ]


def test_a_client_is_known_by_any_of_its_names() -> None:
    clients = [{"name": "Acme", "email": "a@acme.example", "sites": ["shop.example"]}, {"name": "acme"}]
    (shop,) = tree_of({"clients": clients, "sites": [{**SHOP, "client": "Acme"}]}).of("sites")
    assert shop.options["client"] == "Acme"
    assert mistakes_of({"clients": clients, "sites": [{**SHOP, "client": "acme"}]})


def test_text_that_is_encrypted_in_the_file_is_text() -> None:
    class Encrypted:
        __ENCRYPTED__ = True

        def __str__(self) -> str:
            return PASSWORD

    (shop,) = tree_of({"sites": [{**SHOP, "admin_password": Encrypted()}]}).of("sites")
    assert shop.options["admin_password"] == PASSWORD


def test_a_tag_only_adds_to_a_site_that_says_nothing_of_tags() -> None:
    (shop,) = tree_of({"tags": [{"name": "vip", "sites": ["shop.example"]}], "sites": [SHOP]}).of("sites")
    assert (shop.options["site_tags"], shop.options["site_tags_mode"]) == (["vip"], "add")


def test_what_is_one_thing_by_a_weaker_key_alone_may_be_two() -> None:
    tree_of({"clients": [{"name": "A", "email": "a@x.example"}, {"name": "A", "email": "b@x.example"}]})
    tree_of({"cost_product_types": [{"slug": "licence", "title": "Software"}, {"title": "Software"}]})
    tree_of({"tags": [{"name": "Tag"}, {"name": "tag"}, {"name": "x", "id": 1}, {"name": "x", "id": 2}]})
    tree_of({"costs": [_cost("plugin", "x"), _cost("theme", "x")]})
    tree_of({"users": [_user("bob"), {**_user("bob"), "sites": ["b.example"], "role": "editor"}]})


# -- mistakes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "place", "said"),
    [
        ([], "tree", "a map belongs here"),
        ({}, "tree", "nothing would be looked at"),
        ({"tags": None, "clients__acme": None}, "tree", "Is a file lost?"),
        ({"tagz": []}, "tagz", "Did you mean 'tags'?"),
        ({"tags__": []}, "tags__", "the part has no name. Write it after the underscores: tags__more."),
        ({"cost_product_types_acme": []}, "cost_product_types_acme", "in its name: cost_product_types__acme."),
        ({"tags": {"name": "x"}}, "tags", "a list belongs here"),
        ({"settings": []}, "settings", "a map belongs here"),
        ({"tags": ["x"]}, "tags[0]", "a map belongs here"),
        ({"clients": [{"name": "A", "emial": "x"}]}, "clients[0].emial", "Did you mean 'email'?"),
        ({"tags": [{"name": "x", "sites_mode": "add"}]}, "tags[0].sites_mode", "Sites are only taken in here"),
        (
            {"plugins": [{"plugins": ["x"], "state": "active", "all_sites": True, "health_check": {}}]},
            "plugins[0].health_check",
            "It is said once, for the whole tree.",
        ),
        ({"settings": {"generl": {}}}, "settings.generl", "Did you mean 'general'?"),
        (
            {"settings": {"emails": {"uptime": {"subjct": "x"}}}},
            "settings.emails.uptime.subjct",
            "Did you mean 'subject'?",
        ),
        ({"tags": [{"name": True}]}, "tags[0].name", "write it in quotes"),
        ({"tags": [{"name": ["x"]}]}, "tags[0].name", "a list stands where a text belongs"),
        ({"tags": [{"name": "x", "state": "presnt"}]}, "tags[0].state", "Did you mean 'present'?"),
        ({"tags": [{"name": "x", "color": "red"}]}, "tags[0].color", "is no colour"),
        ({"tags": [{"color": "#abc"}]}, "tags[0]", "name or id is needed"),
        ({"plugins": [{"plugins": ["x"], "all_sites": True}]}, "plugins[0].state", "is needed. Give one of active"),
        ({"plugins": [{"plugins": ["x"], "state": "active"}]}, "plugins[0].sites", "no sites are selected"),
        ({"sites": [{**SHOP, "health_threshold": "much"}]}, "sites[0].health_threshold", "is no number"),
        ({"sites": [{**SHOP, "site_tags": [None]}]}, "sites[0].site_tags[0]", "nothing stands where a text belongs"),
        ({"costs": [{"name": "x", "sites": ["a"], "clients": ["b"]}]}, "costs[0]", "exclude each other"),
        ({"costs": [{"name": "x", "slug": "y", "sites": ["a"]}]}, "costs[0]", "slug needs product_type"),
        ({"tags": [{"name": "x y"}, {"name": " x  y "}]}, "tags[1].name", "is tags[0], too"),
        ({"tags": [{"name": "x"}], "tags__b": [{"name": "x"}]}, "tags__b[0].name", "is tags[0], too"),
        (
            {"cost_payment_methods": [{"title": "By hand"}, {"title": "by-hand"}]},
            "cost_payment_methods[1].title",
            "too",
        ),
        ({"client_fields": [_field("VAT"), _field("vat")]}, "client_fields[1].name", "is client_fields[0], too"),
        ({"clients": [{"email": "a@x.example"}, {"email": "A@x.example"}]}, "clients[1].email", "is clients[0], too"),
        ({"clients": [{"name": "A", "email": "a@x.example"}, {"name": "A"}]}, "clients[1].name", "is clients[0], too"),
        ({"sites": [SHOP, {"site_url": "http://www.SHOP.example/"}]}, "sites[1].site_url", "is sites[0], too"),
        ({"sites": [{**SHOP, "id": 7}, {"id": 7}]}, "sites[1].id", "is sites[0], too"),
        ({"tags": [{"name": "x", "color": "#abc", "state": "absent"}]}, "tags[0].color", "has no meaning with"),
        (
            {"settings": {"tools": {"chatbase": True}}, "settings__b": {"tools": {"chatbase": False}}},
            "settings__b.tools.chatbase",
            "settings.tools.chatbase says otherwise",
        ),
        (
            {
                "plugins": [
                    {"plugins": ["akismet"], "state": "active", "all_sites": True},
                    {"plugins": ["Akismet/akismet.php"], "state": "absent", "all_sites": True},
                ]
            },
            "plugins[1].plugins",
            "plugins[0].plugins says otherwise of the same sites",
        ),
        (
            {
                "themes": [
                    {"themes": ["a"], "state": "active", "all_sites": True},
                    {"themes": ["b"], "state": "active", "all_sites": True},
                ]
            },
            "themes[1].themes",
            "themes[0].themes says otherwise",
        ),
        (
            {
                "clients": [{"name": "A", "sites": ["shop.example"]}, {"name": "B", "sites": ["shop.example"]}],
                "sites": [SHOP],
            },
            "clients[1].sites[0]",
            "clients[0].sites[0] names another one",
        ),
        (
            {"clients": [{"name": "A", "sites": ["shop.example"]}, {"name": "B", "sites": ["shop.example/"]}]},
            "clients[1].sites[0]",
            "clients[0].sites[0] names another one",
        ),
        (
            {"clients": [{"name": "A", "sites": ["shop.example"]}], "sites": [{**SHOP, "client": "B"}]},
            "clients[0].sites[0]",
            "sites[0].client names another one",
        ),
        (
            {
                "tags": [{"name": "A", "sites": ["shop.example"]}],
                "sites": [{**SHOP, "site_tags": ["b"], "site_tags_mode": "remove"}],
            },
            "tags[0].sites[0]",
            "takes tags away",
        ),
        (
            {"tags": [{"name": "A", "sites": ["shop.example"]}], "sites": [{**SHOP, "state": "absent"}]},
            "tags[0].sites[0]",
            "shall be absent",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tree: Any, place: str, said: str) -> None:
    found = mistakes_of(tree)
    assert said in found[place]
    assert len(found) == 1


def test_all_mistakes_of_one_entry_are_told_at_once() -> None:
    general = {"time_daily_update": "99:00", "frequency_daily_update": 99, "timezone_string": "Nowhere"}
    found = mistakes_of({"settings": {"general": general, "tools": {"theme": "darkest", "chatbas": True}}})
    assert found.keys() == {
        "settings.general.time_daily_update",
        "settings.general.frequency_daily_update",
        "settings.general.timezone_string",
        "settings.tools.theme",
        "settings.tools.chatbas",
    }


def test_many_mistakes_stay_readable() -> None:
    with pytest.raises(InputError) as caught:
        tree_of({"tags": [{"name": f"t{number}", "colour": "x"} for number in range(200)]})
    lines = str(caught.value).splitlines()
    assert lines[0] == "tree: 200 mistakes."
    assert lines[2].startswith("tags[1].colour: there is no option 'colour'. Did you mean 'color'?")
    assert lines[11].startswith("tags[10].colour")
    assert lines[-1] == "And 150 more."
    assert len(lines) == 52


def test_places_say_where_the_tree_was_written() -> None:
    tree = {"tags__acme": [{"name": "x", "colour": "red"}], "prge": ["tags"], "vault_pass": "x"}
    assert mistakes_of(tree, tree_prefix="dashboard_config_") == {
        "dashboard_config_vault_pass": "there is no kind 'vault_pass'. Variables that begin with dashboard_config_ are all the role's: "
        "give yours another name.",
        "dashboard_config_prge": "there is no kind 'prge'. Did you mean 'purge'?",
        "dashboard_config_tags__acme[0].colour": "there is no option 'colour'. Did you mean 'color'?",
    }


def test_secrets_have_places_and_no_values() -> None:
    tree = {"sites": [{**SHOP, "admin_password": [PASSWORD], "admin_pasword": PASSWORD, "state": PASSWORD}]}
    secrets = {
        "sites": {"shop.exmple": {"admin": PASSWORD}, "shop.example": {"admn": PASSWORD, "connected": PASSWORD}},
        "sits": {PASSWORD: PASSWORD},
        "users": PASSWORD,
    }
    assert mistakes_of(tree, secrets=secrets).keys() == {
        "sites[0].admin_password",
        "sites[0].admin_pasword",
        "sites[0].state",
        "secrets.sites['shop.exmple']",
        "secrets.sites['shop.example'].admn",
        "secrets.sites['shop.example'].connected",
        "secrets.sits",
        "secrets.users",
    }


def test_settings_are_in_the_tree_if_there_are_secrets_of_them() -> None:
    secrets = {"settings": {"api_backups": {"kinsta": {"api_key": PASSWORD}}}}
    assert mistakes_of({"tags": []}, secrets=secrets).keys() == {"secrets.settings"}
    assert tree_of({"settings": {}}, secrets=secrets).of("settings")[0].options["api_backups"]


def test_a_secret_that_the_tree_says_otherwise_is_a_mistake() -> None:
    tree = {"sites": [{**SHOP, "admin_password": PASSWORD + "1"}]}
    found = mistakes_of(tree, secrets={"sites": {"shop.example": {"admin_password": PASSWORD}}})
    assert "sites[0].admin_password says otherwise" in found["secrets.sites['shop.example'].admin_password"]


# -- purging -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "place", "said"),
    [
        ({"purge": ["tagz"]}, "purge[0]", "Did you mean 'tags'?"),
        ({"purge": ["sites"]}, "purge[0]", "never purged"),
        ({"purge": ["costs"]}, "purge[0]", "Is a file lost?"),
        ({"purge": ["client_fields"]}, "purge[0]", "Is a file lost?"),
        ({"purge": ["tags"], "partial": True}, "purge", "sees only a part"),
        ({"purge": ["tags"], "only": ["tags"]}, "purge", "only is given"),
        ({"purge": ["tags"], "purge_max": -1}, "purge_max", "negative"),
        ({"only": []}, "only", "names no kind"),
        ({"only": ["tgas"]}, "only[0]", "Did you mean 'tags'?"),
    ],
)
def test_purging_is_hard_to_get_wrong(params: dict[str, Any], place: str, said: str) -> None:
    tree = {"tags": [{"name": "x"}], "costs": [], "client_fields": [{"name": "old", "state": "absent"}]}
    assert tree_of(tree, purge=["tags"], purge_max=3)
    assert said in mistakes_of(tree, **params)[place]


@pytest.mark.parametrize(("part", "lost"), [("tags", []), ("tags__acme", []), ("tags__acme", None)])
def test_what_a_lost_part_had_is_not_purged(part: str, lost: Any) -> None:
    tree = {part: lost, "tags__b": [{"name": "x"}]}
    assert tree_of(tree)
    assert "Is a file lost?" in mistakes_of(tree, purge=["tags"], purge_max=3)[part]


def test_a_kind_that_is_given_as_null_is_as_good_as_not_given() -> None:
    assert tree_of({"tags": None, "tags__b": [{"name": "x"}]}, purge=["tags"], purge_max=3)


def test_more_than_may_go_is_refused_with_all_of_it() -> None:
    extra = {"tags": ["a", "b"], "costs": ["Hosting"]}
    _purge.refuse(extra, 3)
    with pytest.raises(InputError, match="purge_max: 3 would be removed, and 2 may be: tags: a; tags: b; costs: Host"):
        _purge.refuse(extra, 2)
