# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A watcher of a simulated Dashboard, as the event source drives it, without ansible-rulebook."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from integration._fleets import child, fleet

from ansible_collections.wpfleet.mainwp.plugins.module_utils._events.watch import Watch
from simulator import Client, Fleet, Offer, Simulator, Tag, picture

LISTING = "/mainwp/v2/sites"
LOG = logging.getLogger("test.events")
Event = dict[str, Any]


@contextmanager
def watching(
    sim: Simulator, environ: Mapping[str, str] | None = None, *, known: bool = True, **args: Any
) -> Iterator[Watch]:
    """A watcher that has polled once, unless it is not to be ``known`` how things were."""
    given = {"url": sim.url, "api_key": sim.key("read").token, "retries": 0, **args}
    watch = Watch(given, environ or {}, LOG)
    try:
        if known:
            assert turn(watch) == []
        yield watch
    finally:
        watch.close()


def turn(watch: Watch) -> list[Event]:
    """One poll whose events reach where they belong."""
    events = watch.poll()
    json.dumps(events, allow_nan=False)
    watch.keep()
    return events


def told(events: list[Event]) -> list[tuple[str, Any]]:
    """(what changed, about which sites) of each."""
    return [
        (event["change"], event["site"]["id"] if "site" in event else [site["id"] for site in event.get("sites", ())])
        for event in events
    ]


def three() -> Fleet:
    """A tagged site of a client, and two others."""
    made = fleet(*(child() for dummy in range(3)), tags=[Tag(5, "canary")], clients=[Client(2, "ACME, Inc.")])
    made.sites[1].tags, made.sites[1].client_id = [5], 2
    return made


def offer(sim: Simulator, number: int, version: str = "1.1.0", what: Offer | None = None) -> None:
    """The sync of a site has brought an offer."""
    with sim.fleet.lock:
        site = sim.fleet.sites[number]
        site.child.plugins[0].offer = what or Offer(version)
        picture.remember(site)
