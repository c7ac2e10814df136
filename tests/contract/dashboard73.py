# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Dashboard of ``wp71-resources2``: empty at first; what the exchanges that are left out did to its sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contract import fleets
from contract.moments import unix
from simulator import Child, Clock, Fleet, Simulator, Site, Translation

#: the children by the numbers of their sites in exchange 293, the first that tells of all three
CHILDREN = {"http://mike.test/": 5, "http://november.test/": 3, "http://oscar.test/": 4}


def fleet() -> Fleet:
    """No sites, tags, clients or settings; three children that wait to be added."""
    return Fleet(
        clock=Clock(scale=0, start=unix("2026-11-25T22:28:00")), strangers={url: _child(url) for url in CHILDREN}
    )


def _child(url: str) -> Child:
    row = fleets.rows("wp71-resources2", 293)[CHILDREN[url]]
    return fleets.child_of(
        row,
        ip=row["ip"],
        core_offer="7.1" if row["wp_upgrades"] != "[]" else None,
        translations=[Translation("acme-forms", "Acme Forms", "1.1.0")],
        has_key=False,
    )


def _number_2_was_given(simulator: Simulator) -> None:
    """Exchanges 42 to 58: a second row of Mike came and went."""
    simulator.fleet.new_id("sites")


def _mike_can_be_added(simulator: Simulator) -> None:
    """MainWP Child was activated again by hand."""
    simulator.fleet.strangers["http://mike.test/"].has_key = False


def _goes(simulator: Simulator, number: int) -> None:
    """A site is removed; its child can be added again."""
    site = simulator.fleet.sites.pop(number)
    site.child.has_key = False
    simulator.fleet.strangers[site.url] = site.child


def _mike_becomes_6(simulator: Simulator) -> None:
    """Exchanges 485 to 489 and later ones: removed and added, edited, and no longer to be synced."""
    _goes(simulator, 5)
    url = "http://mike.test/"
    site = Site(6, url, "Mike B", simulator.fleet.strangers.pop(url), client_id=1, sync_errors="Error")
    simulator.fleet.add(site)


def _before_1567(simulator: Simulator) -> None:
    """Mike was removed again; Oscar was edited."""
    _goes(simulator, 6)
    oscar = simulator.fleet.sites[4]
    oscar.name, oscar.client_id = "Oscar B", 0


def _mike_loses_its_client(simulator: Simulator) -> None:
    """Exchange 1693: an edit without the client."""
    simulator.fleet.sites[7].client_id = 0


def _oscar_goes(simulator: Simulator) -> None:
    """Exchange 1894, and MainWP Child was activated again by hand."""
    _goes(simulator, 4)


EVENTS: Mapping[int, Callable[[Simulator], None]] = {
    45: _number_2_was_given,
    72: _mike_can_be_added,
    1490: _mike_becomes_6,
    1567: _before_1567,
    1814: _mike_loses_its_client,
    1895: _oscar_goes,
}
