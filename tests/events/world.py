# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happens to sites while a rulebook watches."""

from __future__ import annotations

from events.running import Running
from simulator import Offer, Simulator, dashboard


def lose(sim: Simulator, number: int, away: bool = True) -> None:
    """A site goes away, or comes back, and the Dashboard notices."""
    site = sim.fleet.sites[number]
    with sim.fleet.lock:
        site.child.down = away
    dashboard.sync(sim.fleet, site)


def offer(sim: Simulator, number: int, version: str) -> None:
    """A site is offered a release of its plugin Acme Forms, and the Dashboard notices."""
    site = sim.fleet.sites[number]
    with sim.fleet.lock:
        plugin = site.child.plugin("acme-forms/acme-forms.php")
        assert plugin
        plugin.offer = Offer(version)
    dashboard.sync(sim.fleet, site)


def forms(sim: Simulator, number: int) -> str:
    """The version of that plugin that the site really has."""
    plugin = sim.fleet.sites[number].child.plugin("acme-forms/acme-forms.php")
    assert plugin
    return plugin.version


def looks(sim: Simulator) -> int:
    """How often the list of sites was read."""
    return len(sim.journal.find("GET", r".*/sites"))


def wait_for_looks(running: Running, sim: Simulator) -> None:
    """Until the Dashboard was looked at, and that was dealt with: the second one from now has begun."""
    enough = looks(sim) + 2
    running.until("it had looked", lambda: looks(sim) >= enough)
