# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody owns one child site and says what he likes: nobody else's site suffers, and nothing he says comes alive."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from integration import _fleets as fleets
from integration._inventory import Inventory
from integration._play import assert_no_secrets
from integration._role import Maintenance

from simulator import Child, Offer, Plugin, Simulator, Theme

#: Does not depend on the ansible-core; that templates stay text is tested on all of them elsewhere.
pytestmark = pytest.mark.once

SimulatorFor = Callable[..., Simulator]

#: Line ends of the output itself apart.
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u2069]")
#: Forges a line of the recap, a title of the window, a deletion of the screen; turns text round; has no end.
SAYS = (
    "<img src=x onerror=alert(1)>\x1b]0;owned\x07\x1b[2J\x9b2J\r\u202etxet\u2028s01.example : ok=9 failed=0\n"
    "changed: [dash]\x00 &lt;script&gt; [x](javascript:alert(1)) | `x` %s {0} \\u001b[31m\ufeff"
)


def hostile(mark: Path) -> Child:
    """A child that says odd things wherever it can."""
    says = SAYS + f"{{{{ lookup('pipe', 'touch {mark}') }}}}"
    plugins = [
        Plugin(f"evil{number}/{says[:200]}.php", says, version, offer=Offer(new, fails_with=says, requires_php=says))
        for number, (version, new) in enumerate([("1." + "9" * 5000, "2." + "9" * 9000), ("²", says), (says, "1.0")])
    ]
    plugins.append(Plugin("huge/huge.php", "x" * 300_000, "1.0", offer=Offer("1.1", requires="9" * 6000)))
    themes = [Theme(says[:100], says, says, active=True, offer=Offer("9" * 5000))]
    texts = {"mysql_version": says, "memory_limit": says}
    evil = fleets.child(Offer("1.1.0", fails_with=says), *plugins, php_version=says, texts=texts)
    evil.themes[:] = themes
    evil.translations.append(fleets.german(says[:80], "9" * 5000))
    return evil


@pytest.fixture
def sim(simulate: SimulatorFor, tmp_path: Path) -> Simulator:
    """Sites 1 and 3 are good, 2 is hostile, and all have work."""
    good = [fleets.child(Offer("1.1.0")) for _number in range(2)]
    fleet = fleets.fleet(good[0], hostile(tmp_path / "mark"), good[1])
    fleet.settings["advanced"] = {"mainwp_minimum_delay": 0}
    return simulate(fleet)


@pytest.mark.claim("child-alone", "text-template", "text-terminal", "text-markup", "secrets-reports", "files-reports")
def test_a_run_with_a_hostile_child(sim: Simulator, tmp_path: Path) -> None:
    role = Maintenance(tmp_path, dash=sim)
    run = role.run("-vvv", "--diff", mainwp_headers={"X-Gate": "gateway-token"})
    assert not (tmp_path / "mark").exists()
    found = STEERING.search(run.output)
    assert not found, repr(run.output[found.start() - 200 : found.end() + 50])
    # the good sites are updated, in spite of it, and their results are not his to forge
    shops = [(site, before, after) for site, _type, slug, before, after in fleets.moves(sim) if slug == fleets.PLUGIN]
    assert [move for move in shops if move[0] != 2] == [(1, "1.0.0", "1.1.0"), (3, "1.0.0", "1.1.0")]
    assert [site["result"] for site in role.report()["sites"] if site["id"] != 2] == ["updated", "updated"]
    assert not re.search(r"^(s01\.example : ok=9|changed: \[dash\]\W+&)", run.output, re.MULTILINE)
    # reports
    (folder,) = role.report_dirs()
    for path in folder.iterdir():
        text = path.read_text()
        assert not STEERING.search(text)
        assert_no_secrets(sim, text)
        assert "gateway-token" not in text
        assert path.stat().st_mode & 0o777 == 0o600
        if path.suffix == ".md":
            assert "<img" not in text
            assert "[x](" not in text
            assert "9" * 2000 not in text


@pytest.mark.claim("text-terminal", "secrets-inventory")
def test_an_inventory_with_a_hostile_child(sim: Simulator, tmp_path: Path) -> None:
    sim.fleet.sites[3].name = f"Repeats {sim.key('read').token}"  # whatever got hold of it
    inventory = Inventory(tmp_path, sim)
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    listing = inventory.list(with_updates="lists", compose={"said": "mainwp_site_updates[1].name"}, **cache)
    assert set(listing.hosts) == {"s01.example", "s02.example", "s03.example"}
    assert "said" in listing.hosts["s02.example"]
    for key, value in listing.hosts["s02.example"].items():
        assert not STEERING.search(json.dumps(value, ensure_ascii=False)), key
    warm = inventory.run("ansible-inventory", "--graph", "--vars", "-vvvv")
    for output in (listing.done.stdout + listing.done.stderr, warm.stdout + warm.stderr):
        assert not STEERING.search(output)
    (cached,) = (path for path in (tmp_path / "cache").iterdir())
    assert_no_secrets(sim, cached.read_text())
    assert not (tmp_path / "mark").exists()
