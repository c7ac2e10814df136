# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which managed sites a new address may be another spelling of: pure. PRIVATE to the collection.

MainWP tells sites apart by host and path. A child that is added once more under another path, port or address of its server
gives its connection to the new one, and the old one is lost (recorded). WordPress in a sub-directory or on another port is a
child of its own, and nothing but its owner can tell.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import socket
from collections.abc import Iterable

from .._addresses import address, ascii_host
from .._models import Site

#: What every resolver takes it for.
_LOCAL = {"localhost": "127.0.0.1"}


def spellings(url: str, sites: Iterable[Site]) -> list[tuple[Site, str]]:
    """The sites that may be the child at ``url``, which none of them is by its own address, each with what says so."""
    here = place(url)
    near = [site for site in sites if here in (place(site.url), _server(site.ip))]
    return [
        (site, "it has the same host" if here == place(site.url) else "its server has this address")
        for site in sorted(near, key=lambda site: site.sort_key)
    ]


@functools.lru_cache(maxsize=16384)
def place(url: str) -> str:
    """What all addresses of one host have in common."""
    return _server(url) or ascii_host(address(url).host).removeprefix("www.")


@functools.lru_cache(maxsize=16384)
def _server(url: str) -> str:
    """The IP address that stands for the host of an address, in its normal form; empty where a name does."""
    host = _LOCAL.get(address(url).host, address(url).host).strip("[]")
    with contextlib.suppress(ValueError):
        number = ipaddress.ip_address(host)
        return str(getattr(number, "ipv4_mapped", None) or number)
    with contextlib.suppress(OSError):  # 127.1 and the like
        return socket.inet_ntoa(socket.inet_aton(host))
    return ""
