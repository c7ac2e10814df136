# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small fleets for stories, and what really moved in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import Child, Fleet, Offer, Plugin, Simulator, Site, Theme, Translation

#: The plugin and the theme that every child here has.
PLUGIN, THEME = "shop/shop.php", "paper"
#: Routes of writes, by site id and type.
UPDATE = r"/mainwp/v2/updates/{}/update/{}"
SYNC = r"/mainwp/v2/sites/{}/sync"

Move = tuple[int, str, str, str, str]


def child(offer: Offer | None = None, *more: Plugin, theme: Offer | None = None, **fields: Any) -> Child:
    """A child with a plugin (1.0.0), a theme (1.0), and what else is given."""
    own = Plugin(PLUGIN, "Shop", "1.0.0", offer=offer)
    themes = [Theme(THEME, "Paper", "1.0", active=True, offer=theme), Theme("stone", "Stone", "2.0")]
    return Child(plugins=[own, *more], themes=themes, **fields)


def german(slug: str = "shop", version: str = "1.0.0") -> Translation:
    """An offered translation."""
    return Translation(slug, slug.title(), version)


def fleet(*children: Child, **fields: Any) -> Fleet:
    """Sites 1, 2, … on addresses of their own."""
    return Fleet(
        (
            Site(
                id=number, url=f"https://s{number:02d}.example/", name=f"S {number}", child=one, ip=f"192.0.2.{number}"
            )
            for number, one in enumerate(children, start=1)
        ),
        **fields,
    )


def moves(sim: Simulator, by: Callable[[str], bool] = lambda actor: actor != "outside") -> list[Move]:
    """What really moved by the Dashboard's doing, in the form of ``Result.updates``."""
    kinds = ("plugin", "theme", "core", "translation")
    return sorted(
        (event.site_id, event.type, event.slug, event.before, event.after)
        for event in sim.truth
        if event.type in kinds and by(event.by)
    )


def lock_out(fleet: Fleet, number: int) -> Site:
    """Leave a site as a failed sync leaves it, although its child is well again."""
    site = fleet.sites[number]
    site.sync_errors, site.version = "ERROR: it did not answer", "0"
    return site
