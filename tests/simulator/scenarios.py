# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready-made fleets."""

from __future__ import annotations

from collections.abc import Callable

from .demo import demo
from .fleet import Fleet, scheduled
from .state import Child, Offer, Plugin, Site, Theme


def standard_child(updates: bool = True) -> Child:
    """Three Acme plugins and a theme, each with an update, beside what every WordPress has."""

    def offer(version: str) -> Offer | None:
        return Offer(version) if updates else None

    return Child(
        plugins=[
            Plugin("acme-cache/acme-cache.php", "Acme Cache", "3.4.2", active=False, offer=offer("3.5.0")),
            Plugin("acme-forms/acme-forms.php", "Acme Forms", "1.0.0", offer=offer("1.1.0")),
            Plugin("acme-seo/acme-seo.php", "Acme SEO", "2.0.0", offer=offer("2.1.0")),
            Plugin("mainwp-child/mainwp-child.php", "MainWP Child", "6.1"),
        ],
        themes=[
            Theme("acme-theme", "Acme Theme", "1.0", offer=offer("1.2")),
            Theme("twentytwentyfive", "Twenty Twenty-Five", "1.5", active=True),
        ],
    )


def small(n: int = 4, updates: bool = True) -> Fleet:
    """``n`` like sites, each with four updates (or none), each on its own address."""
    return scheduled(
        Fleet(
            Site(
                id=number,
                url=f"https://site{number}.example/",
                name=f"Site {number}",
                child=standard_child(updates),
                ip=f"192.0.2.{number % 250 + 1}",
            )
            for number in range(1, n + 1)
        )
    )


def large(n: int = 400, updates: bool = True, ips: int = 40) -> Fleet:
    """Many like sites, on fewer addresses."""
    return Fleet(
        Site(
            id=number,
            url=f"https://shop{number:04d}.example/",
            name=f"Shop {number}",
            child=standard_child(updates),
            ip=f"198.51.100.{number % ips + 1}",
        )
        for number in range(1, n + 1)
    )


SCENARIOS: dict[str, Callable[[], Fleet]] = {"demo": demo, "small": small, "large": large}


def by_name(name: str) -> Fleet:
    """A fleet by the name of its scenario."""
    return SCENARIOS[name]()
