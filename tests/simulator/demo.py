# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet of the demo: twelve believable sites of three clients, with some trouble."""

from __future__ import annotations

from collections.abc import Iterable

from .fleet import Fleet, scheduled
from .state import Child, Client, Offer, Plugin, Site, Tag, Theme, Translation

CANARY, SHOPS, BLOGS = 1, 2, 3
HARBOUR, NORTHWIND, LINDGREN = 1, 2, 3
#: last synced so many seconds ago
AGE = 5 * 3600

#: what there is: key -> (file, name, version installed, version offered)
PLUGINS = {
    "akismet": ("akismet/akismet.php", "Akismet Anti-spam: Spam Protection", "5.3.1", "5.7.2"),
    "forms": ("contact-form-7/wp-contact-form-7.php", "Contact Form 7", "6.0.3", "6.1"),
    "seo": ("wordpress-seo/wp-seo.php", "Yoast SEO", "26.1", "26.4"),
    "shop": ("woocommerce/woocommerce.php", "WooCommerce", "10.3.3", "10.4.0"),
    "redirection": ("redirection/redirection.php", "Redirection", "5.5.1", "5.5.2"),
    "cache": ("wp-super-cache/wp-cache.php", "WP Super Cache", "2.0.1", "3.0.0"),
    "gallery": ("lumen-gallery/lumen-gallery.php", "Lumen Gallery", "1.8.0", "2.0.0"),
    "bookings": ("stay-bookings/stay-bookings.php", "Stay Bookings", "4.2.0", "4.2.1"),
}


def plugins(current: Iterable[str], outdated: Iterable[str]) -> list[Plugin]:
    """Plugins of a site: some up to date, some not, and MainWP Child."""
    found = [Plugin("mainwp-child/mainwp-child.php", "MainWP Child", "6.1")]
    for key in current:
        file, name, _old, new = PLUGINS[key]
        found.append(Plugin(file, name, new))
    for key in outdated:
        file, name, old, new = PLUGINS[key]
        found.append(Plugin(file, name, old, offer=Offer(new)))
    return sorted(found, key=lambda plugin: plugin.name.lower())


def themes(active: str = "Twenty Twenty-Five", update: str = "") -> list[Theme]:
    """The active theme and one in reserve; ``update`` is offered for the active one."""
    slug = active.lower().replace("twenty twenty-", "twentytwenty").replace(" ", "-")
    reserve = Theme("twentytwentyfour", "Twenty Twenty-Four", "1.4")
    return [Theme(slug, active, "1.3", active=True, offer=Offer(update) if update else None), reserve]


def german(*slugs: str) -> list[Translation]:
    """Translations offered for plugins."""
    names = {"woocommerce": "WooCommerce", "contact-form-7": "Contact Form 7", "wordpress-seo": "Yoast SEO"}
    versions = {"woocommerce": "10.3.3", "contact-form-7": "6.0.3", "wordpress-seo": "26.1"}
    return [Translation(slug, names[slug], versions[slug]) for slug in slugs]


def _children() -> dict[int, Child]:
    children = {
        1: Child(plugins(["akismet"], ["forms", "seo"]), themes(update="1.5"), german("contact-form-7")),
        2: Child(plugins(["forms"], ["shop", "seo"]), themes("Storefront Nordic"), german("woocommerce")),
        3: Child(plugins(["seo", "cache"], ["akismet"]), themes(update="1.5")),
        4: Child(plugins(["seo"], ["shop", "redirection"]), themes("Storefront Nordic", "1.4")),
        5: Child(plugins(["forms", "seo"], ["shop", "cache"]), themes("Storefront Nordic")),
        6: Child(plugins(["akismet"], ["gallery", "forms"]), themes(), php_version="8.1.29"),
        7: Child(plugins(["seo"], ["shop", "redirection"]), themes("Storefront Nordic")),
        8: Child(plugins(["akismet", "seo"], ["forms"]), themes(update="1.5")),
        9: Child(plugins(["akismet"], ["seo", "gallery"]), themes()),
        10: Child(plugins(["forms"], ["bookings", "seo"]), themes()),
        11: Child(plugins(["seo"], ["shop"]), themes("Storefront Nordic"), german("woocommerce", "wordpress-seo")),
        12: Child(plugins(["akismet", "seo"], ["forms", "cache"]), themes()),
    }
    children[1].core, children[1].core_offer = "7.0.4", "7.1"
    children[11].core, children[11].core_offer = "7.0.4", "7.1"
    _offer(children[6], "gallery").requires_php = "8.3"
    _offer(children[7], "redirection").broken_package = True
    children[12].premium = {
        "orchard-pro/orchard-pro.php": {
            "Name": "Orchard Pro",
            "Version": "3.1.0",
            "type": "plugin",
            "premium": True,
            "update": {"new_version": "3.2.0", "plugin": "orchard-pro/orchard-pro.php", "slug": "orchard-pro"},
        }
    }
    return children


def _offer(child: Child, key: str) -> Offer:
    plugin = child.plugin(PLUGINS[key][0])
    if plugin is None or plugin.offer is None:
        raise KeyError(key)
    return plugin.offer


#: id, name, host, client, tags, last number of the address
SITES = [
    (1, "Canary Café", "canary-cafe.example", NORTHWIND, [CANARY, BLOGS], 10),
    (2, "Harbour Outfitters", "harbour-outfitters.example", HARBOUR, [CANARY, SHOPS], 11),
    (3, "Nordlicht Magazin", "nordlicht-magazin.example", NORTHWIND, [BLOGS], 10),
    (4, "Lindgren Violins", "lindgren-violins.example", LINDGREN, [SHOPS], 12),
    (5, "Atlas Bicycles", "atlas-bicycles.example", HARBOUR, [SHOPS], 11),
    (6, "Sommer & Söhne", "sommer-soehne.example", LINDGREN, [BLOGS], 12),
    (7, "Teahouse Nara", "teahouse-nara.example", HARBOUR, [SHOPS], 13),
    (8, "Riverside Dental", "riverside-dental.example", NORTHWIND, [BLOGS], 13),
    (9, "Studio Marlow", "studio-marlow.example", NORTHWIND, [BLOGS], 14),
    (10, "Pension Alpenblick", "pension-alpenblick.example", LINDGREN, [BLOGS], 14),
    (11, "Fjord Kayaks", "fjord-kayaks.example", HARBOUR, [SHOPS], 15),
    (12, "Green Valley Farm", "green-valley-farm.example", LINDGREN, [SHOPS, BLOGS], 15),
]


def demo() -> Fleet:
    """Site 6 has too old a PHP for one update, 7 a broken package, 8 is down though the Dashboard thinks it well,
    9 is suspended, 10 ignores an update, 12 waits for a premium update, too."""
    fleet = Fleet(
        tags=[Tag(CANARY, "canary", "#f2711c"), Tag(SHOPS, "shops", "#2185d0"), Tag(BLOGS, "blogs", "#21ba45")],
        clients=[
            Client(HARBOUR, "Harbour Trading", "it@harbour-trading.example", fields={"city": "Hamburg"}),
            Client(NORTHWIND, "Northwind Media", "web@northwind-media.example", fields={"city": "Oslo"}),
            Client(LINDGREN, "Lindgren & Sons", "office@lindgren-sons.example", fields={"city": "Malmö"}),
        ],
        sync_seconds=0.05,
        update_seconds=0.15,
    )
    children = _children()
    for number, name, host, client, tags, last in SITES:
        fleet.add(
            Site(
                id=number,
                url=f"https://{host}/",
                name=name,
                child=children[number],
                client_id=client,
                tags=list(tags),
                ip=f"203.0.113.{last}",
                dts_sync=fleet.clock.now() - AGE,
                suspended=number == 9,
            )
        )
    fleet.sites[8].child.down = True
    bookings = PLUGINS["bookings"]
    fleet.sites[10].ignored_plugins = {bookings[0]: {"Name": bookings[1], "ignored_versions": ["all_versions"]}}
    return scheduled(fleet)
