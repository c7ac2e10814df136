# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tree names and nothing has, once the Dashboard was read; and sites that only the Dashboard knows."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config import _references
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._members import settled
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._mistakes import Mistakes
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._references import Known
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._tree import tree_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from unit import build

SITES = (
    build.site(1, url="https://shop.example/", name="Shop"),
    build.site(2, url="https://blog.example/", name="Blog"),
)
KNOWN = Known(
    sites=SITES,
    tags=[{"id": 5, "name": "vip"}],
    clients=[{"id": 8, "name": "Acme", "client_email": "a@acme.example"}],
    product_types=["plugin", "licences"],
    payment_methods=["invoice"],
)


def missing(tree: Any, known: Known = KNOWN, purge: tuple[str, ...] = ()) -> dict[str, str]:
    """Place → what is said of it."""
    mistakes = Mistakes()
    _references.look(tree_from({"tree": tree}), known, purge, mistakes)
    return {one.place: one.told for one in mistakes.found}


def cost(**options: Any) -> dict[str, Any]:
    return {"costs": [{"name": "Hosting", **options}]}


def plugins(**options: Any) -> dict[str, Any]:
    return {"plugins": [{"plugins": ["akismet"], "state": "active", **options}]}


@pytest.mark.parametrize(
    "tree",
    [
        {"sites": [{"site_url": "https://shop.example", "client": "ACME", "site_tags": ["Vip", "5"]}]},
        {"sites": [{"site_url": "https://shop.example", "client": "a@acme.example"}]},
        {"tags": [{"name": "new"}], "sites": [{"site_url": "https://new.example", "site_tags": ["new"]}]},
        {"sites": [{"site_url": "https://new.example", "name": "New"}], **plugins(sites=["new.example", "New", "2"])},
        cost(sites=["shop.example"], product_type="hosting", payment_method="paypal"),
        cost(clients=["8"], product_type="licences", payment_method="invoice"),
        {"cost_product_types": [{"title": "Care plans"}], **cost(site_tags=["vip"], product_type="care-plans")},
        plugins(sites=["shop.exmple"], fail_on_missing=False),
        {"sites": [{"site_url": "https://shop.example", "client": ""}]},
        {"costs": [{"name": "Old", "state": "absent"}]},
    ],
)
def test_what_the_tree_or_the_dashboard_has_is_found(tree: Any) -> None:
    assert missing(tree) == {}


@pytest.mark.parametrize(
    ("tree", "place", "said"),
    [
        ({"sites": [{"site_url": "shop.example", "client": "Acne"}]}, "sites[0].client", "Did you mean 'Acme'?"),
        ({"sites": [{"site_url": "shop.example", "site_tags": ["vip", "vipp"]}]}, "sites[0].site_tags[1]", "'vip'?"),
        (plugins(sites=["shop.exmple"]), "plugins[0].sites[0]", "neither the tree nor the Dashboard has a site"),
        (
            plugins(all_sites=True, exclude_sites=["x"], fail_on_missing=False),
            "plugins[0].exclude_sites[0]",
            "a site 'x'",
        ),
        (plugins(clients=["Acne"]), "plugins[0].clients[0]", "has a client 'Acne'"),
        ({"users": [{"login": "b", "email": "b@b.example", "site_tags": ["x"]}]}, "users[0].site_tags[0]", "a tag 'x'"),
        (cost(site_tags=["vap"]), "costs[0].site_tags[0]", "Did you mean 'vip'?"),
        (cost(sites=["1"], product_type="licence"), "costs[0].product_type", "Did you mean 'licences'?"),
        (cost(sites=["1"], payment_method="invoce"), "costs[0].payment_method", "Did you mean 'invoice'?"),
    ],
)
def test_what_nobody_has_is_told_with_what_may_be_meant(tree: Any, place: str, said: str) -> None:
    found = missing(tree)
    assert found.keys() == {place}
    assert said in found[place]


def test_what_was_not_read_is_not_judged() -> None:
    assert missing({"sites": [{"site_url": "shop.example", "client": "Acne", "site_tags": ["x"]}]}, Known()) == {}


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        (
            {
                "tags": [{"name": "vip", "state": "absent"}],
                "sites": [{"site_url": "shop.example", "site_tags": ["vip"]}],
            },
            "sites[0].site_tags[0]",
        ),
        (
            {"clients": [{"name": "Acme", "state": "absent"}], **cost(clients=["Acme"])},
            "costs[0].clients[0]",
        ),
        (
            {"sites": [{"site_url": "https://shop.example", "state": "absent"}], **plugins(sites=["shop.example"])},
            "plugins[0].sites[0]",
        ),
        (
            {
                "cost_product_types": [{"slug": "licences", "state": "absent"}],
                **cost(sites=["2"], product_type="licences"),
            },
            "costs[0].product_type",
        ),
    ],
)
def test_what_the_tree_takes_away_is_not_there(tree: Any, place: str) -> None:
    """That shows before the first request."""
    with pytest.raises(InputError, match=r"is named here, and \S+\[0\] says that it shall be absent\.$") as caught:
        tree_from({"tree": tree})
    assert [one["place"] for one in caught.value.details["mistakes"]] == [place]


def test_what_differs_in_case_only_may_be_another_one() -> None:
    known = Known(tags=[{"id": 1, "name": "Tag"}, {"id": 2, "name": "tag"}])
    tree = {"tags": [{"name": "Tag", "state": "absent"}], "sites": [{"site_url": "shop.example", "site_tags": ["tag"]}]}
    assert missing(tree, known) == {}


def test_an_absent_site_is_known_by_other_names_on_the_dashboard() -> None:
    tree = {"sites": [{"id": 1, "state": "absent"}], **plugins(sites=["Shop"])}
    assert "sites[0] says that it shall be absent" in missing(tree)["plugins[0].sites[0]"]


def test_what_a_purge_would_take_is_not_there() -> None:
    tree = {"tags": [{"name": "x"}], "sites": [{"site_url": "shop.example", "site_tags": ["vip"]}]}
    assert "purging would take it" in missing(tree, purge=("tags",))["sites[0].site_tags[0]"]
    with pytest.raises(
        InputError, match=r"sites\[0\].site_tags\[0\]: 'vip' is named here, and tags does not mention it"
    ):
        tree_from({"tree": tree, "purge": ["tags"]})
    assert missing(cost(sites=["1"], product_type="hosting"), purge=("cost_product_types",)) == {}


def test_members_that_only_the_dashboard_knows_become_entries() -> None:
    tree = tree_from(
        {
            "tree": {
                "tags": [{"name": "vip", "sites": ["Shop", "2"]}, {"name": "b", "sites": ["blog.example"]}],
                "clients": [{"name": "Acme", "sites": ["Shop"]}],
                "sites": [{"site_url": "http://shop.example", "site_tags": ["old"]}],
            }
        }
    )
    mistakes = Mistakes()
    found = settled(tree, SITES, mistakes)
    assert not mistakes.found
    assert not found.members
    shop, blog = found.of("sites")
    assert (shop.options["site_tags"], shop.options["client"]) == (["old", "vip"], "Acme")
    assert (blog.options["id"], blog.options["site_tags"]) == (2, ["vip", "b"])
    assert blog.options["site_tags_mode"] == "add"
    assert blog.place == "tags[0].sites[1]"


def test_members_that_nobody_knows_are_mistakes() -> None:
    tree = tree_from({"tree": {"tags": [{"name": "vip", "sites": ["shop.exmple"]}], "clients": None}})
    mistakes = Mistakes()
    settled(tree, SITES, mistakes)
    assert [one.place for one in mistakes.found] == ["tags[0].sites[0]"]
    assert "Did you mean 'https://shop.example/'?" in mistakes.found[0].told


def test_two_spellings_of_one_site_cannot_have_two_clients() -> None:
    tree = {"clients": [{"name": "A", "sites": ["Shop"]}, {"name": "B", "sites": ["shop.example"]}]}
    mistakes = Mistakes()
    settled(tree_from({"tree": tree}), SITES, mistakes)
    assert [one.told for one in mistakes.found] == ["a site has one client, and clients[0].sites[0] names another one."]
