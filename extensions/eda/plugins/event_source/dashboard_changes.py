# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An event source for ansible-rulebook: what changes on the sites of a MainWP Dashboard."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import logging
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

DOCUMENTATION = r"""
name: dashboard_changes
short_description: What changes on the sites of a MainWP Dashboard, as events
version_added: 0.5.0
author:
  - wpfleet.mainwp contributors (@wpfleet)
description:
  - A source for C(ansible-rulebook). Asks a Dashboard what it knows of its child sites, again and again, and tells what is not as
    it was - a site is lost or back, an update is offered, a monitor finds a site down.
  - Only reads, so a key with C(Read) will do. It tells what the Dashboard knows, which learns from a site when it syncs it.
  - The first poll tells nothing, for nothing is known yet that could have changed. With O(state_file) what was known outlives a
    restart, and what changed meanwhile is told once.
  - What cannot be read whole is compared with nothing. A site counts as removed when it is neither in the list of all sites nor
    found by its id, and if that is more than half of all sites, when the next poll finds the same.
  - One thing that changed is one event. A release that is offered to many sites at once is one event with those sites.
  - An event is put into the queue first and remembered then. If the process dies in between, the events of this one poll come
    again after the restart. What is in the queue and was not taken by the rules yet is lost with C(ansible-rulebook), unless
    the source has C(feedback=true), which needs its persistence; then nothing is remembered before the rules have it, or ten
    minutes are over.
  - In no text of an event is there a C({), for Ansible would run what a hacked site says between two of them. It becomes
    C(｛), as C($), a backslash and a C(#) in front become C(＄), C(＼) and C(＃). Control characters and line ends are
    gone, emoji are C(�), for C(ansible-rulebook) tears them in two, and a text ends after 500 characters. Nothing else
    is quoted - use the filter C(quote) in commands of a shell.
extends_documentation_fragment:
  - wpfleet.mainwp.connection
options:
  timeout:
    description:
      - How long to wait for an answer, in seconds. Here nothing waits for a child site, so it is less than elsewhere.
      - If not set, the environment variable E(MAINWP_TIMEOUT) is used.
    type: float
    default: 60.0
  interval:
    description:
      - Seconds from the end of a poll to the next one.
      - While the Dashboard cannot be read the pause doubles, up to an hour. It is an hour at once for what does not pass by
        itself, such as a key that is refused.
    type: int
    default: 300
  state_file:
    description:
      - The file in which to remember what is known, for its owner only and without any secret. It is made if it is not there.
      - It belongs to one Dashboard and, as long as that runs, to one source. One that is damaged, or of another Dashboard, ends
        the source with a sentence; it is never written over.
      - Without it a restart forgets everything. In a decision environment it has to be on a volume.
    type: path
  events:
    description:
      - Which events are wanted. By default all that need no request beside the lists of sites and of monitors, which are all
        but V(changed_outside), and V(vulnerable) if there is no O(feed).
      - V(changed_outside) takes a request for each site at first, and then one for each site that was synced since.
    type: list
    elements: str
    choices:
      - dashboard_lost
      - dashboard_back
      - site_removed
      - site_added
      - site_lost
      - site_back
      - site_suspended
      - site_resumed
      - core_offered
      - update_offered
      - monitor_down
      - monitor_up
      - sync_stale
      - changed_outside
      - vulnerable
  sync_stale_after:
    description:
      - A connected site that was not synced for so many seconds is told as V(sync_stale), once until it is synced.
    type: int
    default: 172800
  sites:
    description: Tell events about these sites only, by id, address, domain or name. All lists are read all the same.
    type: list
    elements: str
  site_tags:
    description: Only about sites that have one of these tags, by name or id.
    type: list
    elements: str
  clients:
    description: Only about sites of one of these clients, by name or id.
    type: list
    elements: str
  exclude_sites:
    description: Not about these sites. A name that hits no site when nothing is known yet ends the source.
    type: list
    elements: str
    default: []
  feed:
    description:
      - A feed of known vulnerabilities, as of M(wpfleet.mainwp.mainwp_vulnerability_info). With it the lists of plugins and themes
        are read at each poll, about 10 kB for a site.
    type: str
  feed_key:
    description: The key of that feed's server.
    type: str
  feed_cache:
    description: The folder in which the feed is kept.
    type: path
    default: ~/.ansible/mainwp-feeds
  feed_max_age:
    description: Use no feed that is older than this many seconds.
    type: int
    default: 86400
  min_rating:
    description: Tell no flaw that is rated lower. What nobody has rated is told.
    type: str
    choices: [none, low, medium, high, critical]
    default: none
notes:
  - A source that has never read its Dashboard ends with a sentence if the key is refused, the certificate is not trusted, or
    there is no such API. Once it has, such trouble is V(dashboard_lost), and it asks again.
  - Names in O(sites), O(exclude_sites), O(site_tags) and O(clients) that mean nothing end a source that has never read its
    Dashboard. Later they are of what is gone. One that comes to mean several sites ends it at any time.
  - There is no O(api_version). API v1 does not know what is needed here.
  - An outage that a monitor sees begin and end between two polls is not told, nor is a site that is lost and back by then.
  - Updates are told as the last sync stored them, whatever MainWP is told to ignore.
  - C(ansible-rulebook) ends when the answers have come for which this waits, at most O(timeout). Nothing more is asked then.
"""

EXAMPLES = r"""
- name: Tell when a site is lost
  hosts: localhost
  sources:
    - name: agency
      wpfleet.mainwp.dashboard_changes:
        url: https://dashboard.example
        api_key: "{{ mainwp_api_key }}"
        interval: 300
        state_file: /var/lib/eda/agency.json
        events: [site_lost, site_back]
  rules:
    - name: A site is lost
      condition: event.change == "site_lost"
      action:
        run_playbook:
          name: tell.yml
"""


#: How long the rules may take until they have the events of a poll, seconds. They may be busy with actions.
_PATIENCE = 600.0


def _watcher() -> Any:
    """The watcher of this very copy of the collection.

    ansible-rulebook runs this file by itself, in a process that may have no Ansible, nor a loader of collections, or another
    release of this one. So its rooms are a package of their own here, of which nothing else is known.
    """
    if sys.version_info < (3, 10):  # noqa: UP036  # ansible-rulebook runs on older ones
        raise RuntimeError("wpfleet.mainwp.dashboard_changes needs Python 3.10 or newer where ansible-rulebook runs.")
    rooms = Path(__file__).resolve().parents[4] / "plugins" / "module_utils"
    name = f"wpfleet_mainwp_{hashlib.sha256(str(rooms).encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        package = ModuleType(name, "The rooms of wpfleet.mainwp.")
        package.__path__ = [str(rooms)]
        sys.modules[name] = package
    return importlib.import_module(f"{name}._events.watch")


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Poll until cancelled; put what changed into the queue."""
    watcher = _watcher()
    taken, watch = args.get("eda_feedback_queue"), None
    try:
        watch = watcher.begin(args, os.environ, logging.getLogger("wpfleet.mainwp.dashboard_changes"))
        while True:
            await _put(queue, await asyncio.to_thread(watch.poll), taken)
            watch.keep()
            await asyncio.sleep(watch.pause)
    except watcher.errors.MainWPError as exc:
        raise RuntimeError(str(exc)) from None
    finally:
        if watch is not None:
            watch.close()


async def _put(queue: asyncio.Queue[Any], events: list[dict[str, Any]], taken: asyncio.Queue[Any] | None) -> None:
    """Put them into the queue and, with ``feedback``, wait for each until the rules have taken it: there is room for the word
    of one. What a filter drops is taken by nobody, so not for ever."""
    clock = asyncio.get_running_loop().time
    patience = clock() + _PATIENCE
    while taken is not None and not taken.empty():
        taken.get_nowait()
    for event in events:
        await queue.put(event)
        if taken is not None:
            getting = asyncio.ensure_future(taken.get())
            try:  # not wait_for, which older Pythons do not let be cancelled in the moment in which it ends
                await asyncio.wait({getting}, timeout=max(0.0, patience - clock()))
            finally:
                getting.cancel()
