# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every inventory file that the examples and the documentation show works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from documents import ROOT, blocks
from integration._inventory import Inventory

from simulator import Fleet, Simulator, Site, scenarios

DOCUMENT = ROOT / "docs" / "inventory.md"
PLUGIN = ROOT / "plugins" / "inventory" / "mainwp.py"
#: Sites that a real Dashboard has sooner or later, with names that no example chooses.
ODD = {
    90: "https://never-synced.example/",
    91: "https://hides-its-wordpress.example/",
    92: "https://debian.example/",
    93: "https://beta.example/",
}


def shown() -> Iterator[tuple[str, str]]:
    """(where from, text) of each."""
    for path in sorted((ROOT / "examples").rglob("*mainwp.yml")):
        yield path.relative_to(ROOT / "examples").as_posix(), path.read_text()
    examples = re.search(r'^EXAMPLES = r"""\n(.*?)^"""', PLUGIN.read_text(), re.MULTILINE | re.DOTALL)
    assert examples
    # There can be one document only: all but the first are comments below a line that says what they are.
    parts = [re.sub("^# ", "", part.partition("\n")[2], flags=re.MULTILINE) for part in examples[1].split("\n\n")]
    for number, text in enumerate(parts, 1):
        yield f"plugin {number}", text
    for block in blocks("yaml"):
        yield block.place, block.text


#: Each text once: some stand on several pages.
SOURCES = {
    text.removeprefix("---\n"): (name, text) for name, text in shown() if "plugin: wpfleet.mainwp.mainwp" in text
}
FILES = [pytest.param(text, id=name) for name, text in SOURCES.values()]
PLAYS = [
    pytest.param(text, id=name)
    for name, text in shown()
    if name.startswith(("docs/inventory.md", "plugin")) and "hosts: mainwp_" in text
]


def with_odd_sites(fleet: Fleet) -> Fleet:
    """The same with a site that was added a minute ago, one whose WordPress is hidden, and versions as they are packaged."""
    child = scenarios.standard_child
    fleet.add(Site(90, ODD[90], "Never synced", child(), dts_sync=0))
    fleet.add(Site(91, ODD[91], "Hides its WordPress", replace(child(), core="")))
    fleet.add(Site(92, ODD[92], "Debian", replace(child(), php_version="8.2.29-1~deb12u1")))
    fleet.add(Site(93, ODD[93], "Beta", replace(child(), core="7.2-RC1-60112", php_version="8.5.0RC3")))
    return fleet


@pytest.fixture
def inventory(simulate: Callable[..., Simulator], tmp_path: Path) -> Inventory:
    return Inventory(
        tmp_path,
        simulate(with_odd_sites(scenarios.demo())),
        simulate(with_odd_sites(scenarios.small(2)), prefix="dashboard"),
    )


def environment(inventory: Inventory, text: str) -> dict[str, str]:
    """The variables that a file may want; the keys of the second Dashboard where it names two."""
    first, second = inventory.sims
    two = second.key("read")
    keys = inventory.folder / "keys.yml"
    keys.write_text(yaml.safe_dump({"agency": first.key("read").token, "retail": two.token}))
    found = {
        "MAINWP_URL": first.url,
        "MAINWP_API_KEY": first.key("read").token,
        "AGENCY_KEY": first.key("read").token,
        "MAINWP_KEY": first.key("read").token,
        "SHOPS_KEY": two.token,
        "RETAIL_CONSUMER_KEY": two.consumer_key,
        "RETAIL_CONSUMER_SECRET": two.consumer_secret,
        "MAINWP_KEYS_FILE": str(keys),
    }
    wanted = set(re.findall(r"builtin\.env', '(\w+)'", text))
    assert wanted <= set(found), wanted
    return found


def here(inventory: Inventory, text: str) -> str:
    """The same with the addresses of our Dashboards, and with a folder of its own for its cache."""
    addresses = list(dict.fromkeys(re.findall(r"url: (https://\S+)", text)))
    for address, sim in zip(addresses, inventory.sims, strict=False):
        text = text.replace(f"url: {address}\n", f"url: {sim.url}\n")
    assert "url: https" not in text
    return text.replace("~/", f"{inventory.folder}/")


@pytest.mark.parametrize("text", FILES)
def test_every_inventory_file_that_is_shown(text: str, inventory: Inventory) -> None:
    inventory.path.write_text(here(inventory, text))
    options = yaml.safe_load(text)
    dashboards = inventory.sims[: len(options.get("dashboards", [0]))]
    everybody = [site for sim in dashboards for site in sim.fleet.sites.values()]
    listing = inventory.list(env=environment(inventory, text))
    assert listing.rc == 0, listing.warnings
    # whoever is on two Dashboards has two names, which is said
    assert "[WARNING]" not in re.sub(
        r"\[WARNING\]: \S+ of \S+ cannot be called \S+; it becomes \S+\.", "", listing.warnings
    )
    urls = [facts["mainwp_site_url"] for facts in listing.hosts.values()]
    if "filters" not in options:
        wanted = options.get("site_status", ["connected", "disconnected", "suspended"])
        assert len(urls) == sum(1 for site in everybody if status(site) in wanted)
        assert set(ODD.values()) <= set(urls)
    assert urls
    for name in options.get("groups", {}):
        assert name in listing.groups or name == "mainwp_old_php", name
    for entry in options.get("keyed_groups", []):
        grouped = [group for group in listing.groups if group.startswith(f"{entry['prefix']}_")]
        assert sum(len(listing.group(group)) for group in grouped) == len(urls), "every site is in one of them"


def status(site: Site) -> str:
    return "suspended" if site.suspended else "disconnected" if site.sync_errors else "connected"


@pytest.mark.parametrize("text", PLAYS)
def test_every_play_that_is_shown(text: str, inventory: Inventory) -> None:
    inventory.write()
    (play,) = yaml.safe_load(text)
    out = inventory.play(play["tasks"], hosts=play["hosts"])
    assert "Atlas Bicycles: 2" in out


def test_the_documentation_lists_every_variable(inventory: Inventory) -> None:
    listing = inventory.list(with_updates="lists")
    documented = set(re.findall(r"`(mainwp_site_\w+)`", DOCUMENT.read_text()))
    assert {name for facts in listing.hosts.values() for name in facts} == documented
