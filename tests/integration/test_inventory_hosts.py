# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of sites: host names, their order, groups, and text that wants to be a template."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration._ansible import run_ansible
from integration._inventory import PLUGIN, Inventory, plain

from simulator import Client, Fleet, Simulator, Site, Tag, scenarios

SimulatorFor = Callable[..., Simulator]
EVIL = "{{ lookup('pipe','id') }}"
SHOW = {"ansible.builtin.debug": {"msg": "I am {{ inventory_hostname }}"}}


def test_names_are_valid_and_unique(simulate: SimulatorFor, tmp_path: Path) -> None:
    addresses = [
        "https://www.Shop.example/",
        "https://shop.example/de/",
        "https://shop.example/De/",
        "https://shop.example:8443/",
        "https://shop.example:8443/de",
        "http://shop.example/",  # the first one once more, but for www.
        "https://müller-söhne.example/",
        "https://日本.example/",
        "https://[2001:db8::1]:8080/",
        "http://localhost/",
        "https://a[1:3].example/",
        "https://intranet/",
    ]
    fleet = Fleet(Site(id=number, url=url, name=f"S{number}") for number, url in enumerate(addresses, 1))
    inventory = Inventory(tmp_path, simulate(fleet))
    listing = inventory.list()
    assert {facts["mainwp_site_id"]: name for name, facts in listing.hosts.items()} == {
        1: "www.shop.example",
        2: "shop.example_de",
        3: "shop.example_De",
        4: "shop.example_8443",
        5: "shop.example_8443_de",
        6: "shop.example",
        7: "xn--mller-shne-kcb9d.example",
        8: "xn--wgv71a.example",
        9: "2001_db8_1_8080",
        10: "localhost_agency_10",
        11: "a_1_3_.example",
        12: "intranet",
    }
    assert "http://localhost/ of agency cannot be called localhost; it becomes localhost_agency_10." in listing.warnings
    out = inventory.play([SHOW], "--limit", "shop.example_8443:a_1_3_.example:2001_db8_1_8080")
    assert out.count('"msg": "I am ') == 3
    assert "https://www.Shop.example/ of agency cannot be called shop.example; it becomes www.shop.example." in (
        listing.warnings
    )
    # All that want the same name are told apart, none is lost, and none has what belongs to all.
    names = inventory.list(hostname="'x y'").hosts
    assert set(names) == {f"x_y_agency_{number}" for number in range(1, 13)}


def test_what_a_host_is_called_selects_that_very_site(simulate: SimulatorFor, tmp_path: Path) -> None:
    addresses = [
        "https://straße.example/",
        "https://strasse.example/",
        "https://βόλος.example/",
        "https://βόλοσ.example/",
        "https://xn--kln-sna.example/",
        "https://www.Müller-Bäckerei.example/",
        "https://shop.example/",
        "https://www.shop.example/",
        "https://plain.example/",
    ]
    fleet = Fleet(Site(id=number, url=url, name=f"S{number}") for number, url in enumerate(addresses, 1))
    sim = simulate(fleet)
    inventory = Inventory(tmp_path, sim)
    names = {facts["mainwp_site_id"]: name for name, facts in inventory.list().hosts.items()}
    assert names == {
        1: "xn--strae-oqa.example",
        2: "strasse.example",
        3: "xn--nxasmm1c.example",
        4: "xn--nxasmq6b.example",
        5: "xn--kln-sna.example",
        6: "xn--mller-bckerei-hfb76a.example",
        7: "shop.example",
        8: "www.shop.example",
        9: "plain.example",
    }
    same = [
        {
            "wpfleet.mainwp.mainwp_site_info": {
                "sites": ["{{ inventory_hostname }}"],
                "url": sim.url,
                "api_key": sim.key("read").token,
            },
            "register": "found",
        },
        {"ansible.builtin.assert": {"that": ["found.sites | map(attribute='id') | list == [mainwp_site_id]"]}},
    ]
    inventory.play(same)


def test_two_dashboards_never_lend_a_name_to_the_other_site(simulate: SimulatorFor, tmp_path: Path) -> None:
    one = simulate(
        Fleet([Site(id=1, url="https://straße.example/", name="A"), Site(id=2, url="http://a.example/", name="B")])
    )
    two = simulate(
        Fleet([Site(id=7, url="https://strasse.example/", name="C"), Site(id=8, url="https://a.example/", name="D")])
    )
    inventory = Inventory(tmp_path, one, two)
    dashboards = [
        {"name": name, "url": sim.url, "api_key": sim.key("read").token}
        for name, sim in (("alpha", one), ("beta", two))
    ]
    listing = inventory.list(url=None, api_key=None, name=None, dashboards=dashboards)
    assert {name: facts["mainwp_site_url"] for name, facts in listing.hosts.items()} == {
        "xn--strae-oqa.example": "https://straße.example/",
        "strasse.example": "https://strasse.example/",
        "a.example_alpha_2": "http://a.example/",
        "a.example_beta_8": "https://a.example/",
    }
    assert "http://a.example/ of alpha cannot be called a.example; it becomes a.example_alpha_2." in listing.warnings
    # the order of the Dashboards has no say
    turned = inventory.list(url=None, api_key=None, name=None, dashboards=dashboards[::-1])
    assert {name: facts["mainwp_site_url"] for name, facts in turned.hosts.items()} == {
        name: facts["mainwp_site_url"] for name, facts in listing.hosts.items()
    }


def test_a_name_does_not_depend_on_servers(simulate: SimulatorFor, tmp_path: Path) -> None:
    fleet = Fleet(
        [
            Site(id=1, url="https://twin.example/", name="A", ip="192.0.2.1"),
            Site(id=2, url="https://www.twin.example/", name="B", ip="192.0.2.2"),
            Site(id=3, url="https://z.example/", name="C", ip="192.0.2.2"),
        ]
    )
    inventory = Inventory(tmp_path, simulate(fleet))
    assert inventory.list().hosts["twin.example"]["mainwp_site_id"] == 1
    fleet.sites[2].ip, fleet.sites[3].ip = "192.0.2.1", "192.0.2.1"
    assert inventory.list().hosts["twin.example"]["mainwp_site_id"] == 1


def test_a_play_meets_servers_in_turn(simulate: SimulatorFor, tmp_path: Path) -> None:
    fleet = scenarios.large(24, ips=4)
    # By address all sites of a server follow each other.
    for site in fleet.sites.values():
        site.url = f"https://{site.ip.replace('.', '-')}-{site.id:02d}.example/"
    inventory = Inventory(tmp_path, simulate(fleet))
    inventory.write()
    out = inventory.play([SHOW], "--forks", "1")
    order = re.findall(r'"msg": "I am 198-51-100-(\d)-', out)
    assert len(order) == 24
    for start in range(0, 24, 4):
        assert len(set(order[start : start + 4])) == 4, order


def test_groups_that_two_names_share_warn(simulate: SimulatorFor, tmp_path: Path) -> None:
    tags = [Tag(1, "VIP Customers"), Tag(2, "vip-customers"), Tag(3, "日本"), Tag(4, "!!!"), Tag(5, "a, b")]
    fleet = Fleet(
        [
            Site(id=1, url="https://a.example/", name="A", tags=[1, 3], client_id=1),
            Site(id=2, url="https://b.example/", name="B", tags=[2, 4, 5], client_id=2),
        ],
        tags=tags,
        clients=[Client(1, "Acme & Co"), Client(2, "ACME / Co.")],
    )
    listing = Inventory(tmp_path, simulate(fleet)).list()
    assert listing.group("mainwp_tag_vip_customers") == ["a.example", "b.example"]
    assert "'VIP Customers' and 'vip-customers' share the group mainwp_tag_vip_customers." in listing.warnings
    assert "'Acme & Co' and 'ACME / Co.' share the group mainwp_client_acme_co." in listing.warnings
    assert listing.warnings.count("[WARNING]") == 2
    assert {"mainwp_tag_日本", "mainwp_tag_unnamed", "mainwp_tag_a_b"} < listing.groups


def test_no_host_has_a_connection(simulate: SimulatorFor, tmp_path: Path) -> None:
    sim = simulate(scenarios.demo())
    listing = Inventory(tmp_path, sim).list(with_updates="lists")
    for facts in listing.hosts.values():
        assert all(name.startswith("mainwp_site_") for name in facts)
    assert not [name for name in listing.data if "vars" in listing.data[name]]


def evil_inventory(simulate: SimulatorFor, tmp_path: Path) -> Inventory:
    """Sites, tags and clients whose names are templates; expressions that use them everywhere."""
    fleet = Fleet(
        [
            Site(id=1, url="https://one.example/", name=EVIL, tags=[1], client_id=1, ip="192.0.2.1"),
            Site(id=2, url="https://two.example/", name="{% raw", sync_errors=EVIL, ip="192.0.2.2"),
            Site(id=3, url="https://three.example/", name="harmless", ip="192.0.2.3"),
        ],
        tags=[Tag(1, EVIL)],
        clients=[Client(1, EVIL)],
    )
    fleet.sites[3].child.plugins = scenarios.standard_child().plugins
    fleet.sites[3].child.plugins[0].name = EVIL
    fleet.add(Site(id=4, url="https://four.example/", name="four", child=fleet.sites[3].child, ip="192.0.2.4"))
    inventory = Inventory(tmp_path, simulate(fleet))
    inventory.write(
        with_updates="lists",
        compose={
            "whole": "mainwp_site_name",
            "part": "'name: ' ~ mainwp_site_name",
            "shout": "mainwp_site_name | upper",
            "nested": "{'a': [mainwp_site_client]}",
            "joined": "mainwp_site_tags | join(', ')",
        },
        groups={"evil": "'lookup' in mainwp_site_name"},
        keyed_groups=[
            {"key": "mainwp_site_name", "prefix": "by_name"},
            {"key": "mainwp_site_tags", "prefix": "by_tag", "parent_group": "tagged"},
        ],
        filters=[{"include": "mainwp_site_name != 'x'"}],
        strict=True,
    )
    return inventory


@pytest.mark.claim("text-template")
def test_a_name_that_is_a_template_stays_text(simulate: SimulatorFor, tmp_path: Path) -> None:
    inventory = evil_inventory(simulate, tmp_path)
    listing = inventory.list()
    assert listing.rc == 0, listing.warnings
    facts = listing.hosts["one.example"]
    assert facts["mainwp_site_name"] == facts["whole"] == EVIL
    assert facts["mainwp_site_client"] == facts["joined"] == EVIL
    assert facts["part"] == f"name: {EVIL}"
    assert listing.hosts["two.example"]["mainwp_site_sync_errors"] == EVIL
    assert {"by_name_lookup_pipe_id", "mainwp_tag_lookup_pipe_id", "mainwp_client_lookup_pipe_id"} <= {
        re.sub(r"_+", "_", name).rstrip("_") for name in listing.groups
    }
    assert listing.group("evil") == ["one.example"]
    assert EVIL in {update["name"] for update in listing.hosts["four.example"]["mainwp_site_updates"]}
    assert "uid=" not in listing.done.stdout + listing.warnings
    # Where it is used – in a task, a condition, a variable of a variable – it is still text.
    tasks: list[dict[str, Any]] = [
        {"ansible.builtin.debug": {"msg": "{{ mainwp_site_name }} / {{ part }} / {{ nested.a[0] }}"}},
        {"ansible.builtin.debug": {"var": "whole"}, "when": "mainwp_site_name == 'harmless'"},
        {"ansible.builtin.debug": {"msg": "{{ again }}"}, "vars": {"again": "{{ whole }} {{ shout }}"}},
    ]
    out = inventory.play(tasks)
    assert f"{EVIL} / name: {EVIL} / {EVIL}" in out
    assert "uid=" not in out.lower()
    out = inventory.play(
        [{"ansible.builtin.debug": {"msg": "group of {{ group_names | length }}"}}], hosts="mainwp_tag_lookup_pipe_id"
    )
    assert "group of" in out


@pytest.mark.claim("text-template")
def test_a_hostname_that_is_a_template_becomes_a_plain_name(simulate: SimulatorFor, tmp_path: Path) -> None:
    inventory = evil_inventory(simulate, tmp_path)
    listing = inventory.list(hostname="mainwp_site_name")
    assert set(listing.hosts) == {"lookup_pipe_id", "raw", "harmless", "four"}


def test_the_listing_survives_the_way_that_awx_takes(simulate: SimulatorFor, tmp_path: Path) -> None:
    """AWX stores what ``--list --export`` prints, and hands it to jobs as a script that prints it again."""
    inventory = evil_inventory(simulate, tmp_path)
    done = inventory.run("ansible-inventory", "--list", "--export")
    script = tmp_path / "hosts"
    script.write_text(f"#!/bin/sh\ncat <<'END'\n{done.stdout}\nEND\n")
    script.chmod(0o700)
    again = run_ansible("ansible-inventory", "-i", str(script), "--list", "--export")
    assert plain(json.loads(again.stdout)) == plain(json.loads(done.stdout))
    assert PLUGIN not in again.stdout
    inventory.path = script
    out = inventory.play([{"ansible.builtin.debug": {"msg": "{{ part }} at {{ mainwp_site_url }}"}}])
    assert f"name: {EVIL} at https://one.example/" in out
    assert "uid=" not in out
