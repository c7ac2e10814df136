# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worlds that are measured: how many sites, on how many addresses, how slow, and by how much time is scaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from simulator import Clock, Fleet, Offer, Plugin, Site
from simulator.scenarios import standard_child

from .second import address, settle

#: Every site address of its own.
DISTINCT = 0
ALL, TENTH, NOTHING = "all", "tenth", "nothing"
#: Updates that wait on a site: three plugins and a theme.
ITEMS = 4


@dataclass(frozen=True)
class World:
    """One fleet and its Dashboard; all times in seconds of the Dashboard, which runs ``factor`` times too fast."""

    sites: int
    #: addresses that the sites share
    ips: int = DISTINCT
    #: on which sites updates wait; those on a tenth of them are ignored in MainWP
    pending: str = ALL
    #: until a child answers, the Dashboard's own work for that call included
    latency: float = 1.0
    #: what the Dashboard needs for any request of ours, beside that
    own: float = 0.05
    factor: float = 1.0
    #: plugins of a site, beside the four of the standard child
    more_plugins: int = 0
    #: where plans are measured: updates that wait on each site, and the Dashboard takes as long as recorded
    offers: int = 0
    #: things are as second runs want them; and one plugin is inactive on each site
    settled: bool = False
    inactive: str = ""

    @property
    def queues(self) -> list[int]:
        """Sites per address."""
        return list(Counter(self.ip(number) for number in range(1, self.sites + 1)).values())

    def ip(self, number: int) -> str:
        """The address of a site."""
        host = number % self.ips if self.ips else number
        return f"10.{host >> 16}.{host >> 8 & 255}.{host & 255}"


def fleet(world: World) -> Fleet:
    """The simulated sites."""
    made = Fleet(_sites(world), clock=Clock(world.factor))
    if world.settled:
        settle(made)
    return made


def _sites(world: World) -> Iterator[Site]:
    for number in range(1, world.sites + 1):
        tenth = world.pending == TENTH and number % 10 == 0
        child = standard_child(updates=tenth or world.pending == ALL)
        child.latency = world.latency
        for more in range(world.offers):
            name = f"offered-{more}"
            child.plugins.append(Plugin(f"{name}/{name}.php", name, "1.0", offer=Offer("1.1")))
        for more in range(world.more_plugins):
            child.plugins.append(Plugin(f"more-{more}/more-{more}.php", f"One More Plugin {more}", f"2.{more}.1"))
        if world.inactive and (plugin := child.plugin(world.inactive)):
            plugin.active = False
        site = Site(
            id=number,
            url=f"https://{address(number)}/",
            name=f"Shop {number}",
            child=child,
            ip=world.ip(number),
        )
        if tenth:
            site.ignored_plugins = {plugin.slug: _always(plugin.name) for plugin in child.plugins}
            site.ignored_themes = {theme.slug: _always(theme.name) for theme in child.themes}
        yield site


def _always(name: str) -> dict[str, object]:
    return {"Name": name, "ignored_versions": ["all_versions"]}
