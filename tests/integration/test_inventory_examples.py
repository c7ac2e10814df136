# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every inventory file that the examples and the documentation show works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from integration._inventory import Inventory

from simulator import Simulator, scenarios

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "inventory.md"
PLUGIN = ROOT / "plugins" / "inventory" / "mainwp.py"


def shown() -> Iterator[tuple[str, str]]:
    """(where from, text) of each."""
    for path in sorted((ROOT / "examples" / "inventory").glob("*.mainwp.yml")):
        yield path.name, path.read_text()
    blocks = re.findall(r"^```yaml\n(.*?)^```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    examples = re.search(r'^EXAMPLES = r"""\n(.*?)^"""', PLUGIN.read_text(), re.MULTILINE | re.DOTALL)
    assert examples
    # There can be one document only: all but the first are comments below a line that says what they are.
    parts = [re.sub("^# ", "", part.partition("\n")[2], flags=re.MULTILINE) for part in examples[1].split("\n\n")]
    for source, texts in (("docs", blocks), ("plugin", parts)):
        for number, text in enumerate(texts, 1):
            yield f"{source} {number}", text


FILES = [pytest.param(text, id=name) for name, text in shown() if "plugin: wpfleet.mainwp.mainwp" in text]
PLAYS = [pytest.param(text, id=name) for name, text in shown() if "hosts: mainwp_" in text]


@pytest.fixture
def inventory(simulate: Callable[..., Simulator], tmp_path: Path) -> Inventory:
    return Inventory(tmp_path, simulate(scenarios.demo()), simulate(scenarios.small(2), prefix="dashboard"))


def environment(inventory: Inventory, text: str) -> dict[str, str]:
    """The variables that a file may want; the keys of the second Dashboard where it names two."""
    first, second = inventory.sims
    two = second.key("read")
    found = {
        "HOME": str(inventory.folder),
        "MAINWP_URL": first.url,
        "MAINWP_API_KEY": first.key("read").token,
        "AGENCY_KEY": first.key("read").token,
        "MAINWP_KEY": first.key("read").token,
        "SHOPS_KEY": two.token,
        "RETAIL_CONSUMER_KEY": two.consumer_key,
        "RETAIL_CONSUMER_SECRET": two.consumer_secret,
    }
    wanted = set(re.findall(r"builtin\.env', '(\w+)'", text))
    assert wanted <= set(found), wanted
    return found


def here(inventory: Inventory, text: str) -> str:
    """The same with the addresses of our Dashboards."""
    addresses = list(dict.fromkeys(re.findall(r"url: (https://\S+)", text)))
    for address, sim in zip(addresses, inventory.sims, strict=False):
        text = text.replace(f"url: {address}\n", f"url: {sim.url}\n")
    assert "url: https" not in text
    return text


@pytest.mark.parametrize("text", FILES)
def test_every_inventory_file_that_is_shown(text: str, inventory: Inventory) -> None:
    inventory.path.write_text(here(inventory, text))
    env = environment(inventory, text)
    listing = inventory.list(env=env)
    assert listing.rc == 0, listing.warnings
    assert listing.warnings == ""
    options = yaml.safe_load(text)
    expected = 14 if "dashboards" in options else 12
    assert 0 < len(listing.hosts) <= expected
    if not set(options) & {"filters", "site_status"}:
        assert len(listing.hosts) == expected
    for name in options.get("groups", {}):
        assert name in listing.groups or name == "mainwp_old_php", name


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
