# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells that an address is another one of a managed child, and what a child's errors tell of its connection."""

from __future__ import annotations

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.managed_sites import connection
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._spellings import spellings

SITES = [
    Site(1, "https://www.shop.example/", "Shop", ip="192.0.2.1"),
    Site(2, "http://straße.example:8080/de/", "Straße", ip="192.0.2.2"),
    Site(3, "http://127.0.0.1:8081/", "Local", ip="127.0.0.1"),
    Site(4, "http://[2001:db8::1]/", "Six", ip="2001:db8::1"),
    Site(5, "https://blog.example/", "Never synced"),
    Site(6, "https://twin.example/", "Twin", ip="192.0.2.1"),
]


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("http://shop.example/blog", [1]),
        ("https://SHOP.example.:8443/", [1]),
        ("http://xn--strae-oqa.example/", [2]),
        ("http://192.0.2.1/", [1, 6]),
        ("https://192.0.2.1:444/x", [1, 6]),
        ("http://localhost:8082/", [3]),
        ("http://127.1/", [3]),
        ("http://[2001:DB8:0::1]:81/", [4]),
        ("http://[::ffff:192.0.2.2]/", [2]),
        # hosts of their own, whatever server they are on
        ("https://de.shop.example/", []),
        ("https://shop.example.org/", []),
        ("https://myshop.example/", []),
        ("http://192.0.2.9/", []),
    ],
)
def test_which_sites_an_address_may_be_another_one_of(url: str, ids: list[int]) -> None:
    assert sorted(site.id for site, _why in spellings(url, SITES)) == ids


@pytest.mark.parametrize(
    ("sync_errors", "is_"),
    [
        ("", "connected"),
        (
            "ERROR: Authentication failed! Please deactivate and re-activate the MainWP Child plugin on this site.",
            "disconnected",
        ),
        (
            "ERROR: Authentication failed! Please deactivate & re-activate the MainWP Child plugin on this child site.",
            "disconnected",
        ),
        ("ERROR: Authentifizierung fehlgeschlagen! Bitte reaktivieren Sie das MainWP-Child-Plugin.", "disconnected"),
        ("ERROR: Unexisting administrator user. Please verify that it is an existing administrator.", "lost"),
        ("MainWP Child plugin not detected or could not be reached!", "lost"),
        ("HTTP error - Connection timed out after 20001 milliseconds", "lost"),
    ],
)
def test_only_a_child_without_a_key_is_disconnected(sync_errors: str, is_: str) -> None:
    assert connection(sync_errors) == is_
