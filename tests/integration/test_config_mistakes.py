# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in a tree are told all at once, with their places: those of the tree alone before the first request, names that
nothing has before the first write."""

from __future__ import annotations

from typing import Any

import pytest
from integration._config import CONFIG, world
from integration._play import Result, Task

from simulator import Client, Tag

pytestmark = pytest.mark.usefixtures("hurry")

SECRET = "a-Secret/of & the tests"


def places_of(result: Result) -> list[str]:
    """Where the mistakes are, in the order in which they are told."""
    assert result.failed
    assert SECRET not in str(result.data)
    assert result["error"]["reason"] == "invalid_input"
    return [one["place"] for one in result["error"]["mistakes"]]


@pytest.mark.parametrize("door", ["controller", "host"])
def test_what_the_tree_alone_shows_is_told_before_the_first_request(direct_for, door):
    tree: dict[str, Any] = {
        "tags": [{"name": "vip", "color": "red"}, {"name": "vip"}],
        "clients__acme": [{"name": "Acme", "emial": "a@acme.example"}],
        "sites": [{"site_url": "https://s01.example", "admin_password": [SECRET], "admin_pasword": SECRET}],
        "plugin": [],
    }
    options = {
        "tree": tree,
        "tree_prefix": "dashboard_config_",
        "secrets": {"sites": {"https://s1.example": {"http_pass": SECRET}}},
        "purge": ["sites"],
    }
    result = direct_for(world()).tasks(Task(CONFIG, options, door=door), verbosity=4)[0]
    assert places_of(result) == [
        "dashboard_config_clients__acme[0].emial",
        "dashboard_config_plugin",
        "dashboard_config_purge[0]",
        "dashboard_config_secrets.sites['https://s1.example']",
        "dashboard_config_sites[0].admin_password",
        "dashboard_config_sites[0].admin_pasword",
        "dashboard_config_tags[0].color",
        "dashboard_config_tags[1].name",
    ]
    assert "Did you mean 'email'?" in result.msg
    assert "Did you mean 'https://s01.example'?" in result.msg
    assert result.journal == []


def test_two_entries_of_one_site_are_told_by_their_places(direct_for):
    result = direct_for(world()).task(CONFIG, {"tree": {"sites": [{"id": 1}, {"site_url": "s01.example"}]}})
    assert result.msg == (
        "sites[1].site_url: that is the site of sites[0], too. Say all of a site in one entry. "
        "Name two that differ in www. or http:// alone by their ids."
    )


def test_where_nothing_was_compared_nobody_says_that_all_is_well(direct_for):
    result = direct_for(world()).task(CONFIG, {"tree": {"tags": []}, "only": ["clients"]})
    assert result.msg.startswith("Nothing was compared")
    assert not result.failed


def test_names_that_nothing_has_are_told_before_the_first_write(direct_for):
    tree = {
        "settings": {"general": {"automatic_daily_update": True}},
        "tags": [{"name": "new", "sites": ["s9.example"]}],
        "sites": [{"site_url": "s01.example", "client": "Acne", "site_tags": ["new", "cannary"]}],
        "plugins": [{"plugins": ["acme-forms"], "state": "active", "sites": ["s02.example", "s20.example"]}],
        "costs": [{"name": "Fonts", "site_tags": ["Canary"], "product_type": "fonts"}],
    }
    fleet = world(tags=[Tag(1, "Canary", "#f5a623")], clients=[Client(4, "Acme", "a@acme.example")])
    result = direct_for(fleet).task(CONFIG, {"tree": tree})
    assert places_of(result) == [
        "costs[0].product_type",
        "plugins[0].sites[1]",
        "sites[0].client",
        "sites[0].site_tags[1]",
        "tags[0].sites[0]",
    ]
    assert "Did you mean 'Canary'?" in result.msg
    assert result.writes == []


def test_a_tag_takes_in_sites_that_have_no_entry_and_lets_none_go(direct_for):
    fleet = world(tags=[Tag(1, "Canary", "#f5a623"), Tag(2, "old", "")], clients=[Client(4, "Acme", "a@acme.example")])
    one, two = (fleet.sites[number] for number in (1, 2))
    one.name, one.tags, two.tags = "First", [2], [1]
    tree = {
        "tags": [{"name": "Canary", "sites": ["First", "s03.example"]}],
        "clients": [{"email": "a@acme.example", "sites": ["1"]}],
    }
    play = direct_for(fleet)
    made, again = play.tasks(Task(CONFIG, {"tree": tree}), Task(CONFIG, {"tree": tree}))
    assert not made.failed, made.msg
    found = {site.id: (sorted(site.tags), site.client_id) for site in play.sim.fleet.sites.values()}
    assert found == {1: ([1, 2], 4), 2: ([1], 0), 3: ([1], 0)}
    assert (again.changed, again.writes) == (False, [])
