# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run, and what its requests mean."""

from __future__ import annotations

import html
import json
import re
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from simulator.journal import Entry

from .process import Ended
from .world import Item

#: the header by which the runs of a scenario are told apart
RUN = "X-Run"
#: how long clients wait for an answer, simulated seconds; and how much of that they may lose on the way
TIMEOUT, HASTE = 60, 20

_ITEMS = re.compile(r"/mainwp/v2/updates/(\d+)/update/(plugins|themes|translations|wp)")
_BATCH = re.compile(r"/mainwp/v2/updates/(?:(\d+)/)?update")
_SYNC = re.compile(r"/mainwp/v2/sites/(\d+)/(?:sync|reconnect)|/mainwp/v1/site/(?:sync|reconnect)-site")
_KINDS = {"plugins": "plugin", "themes": "theme", "translations": "translation"}


@dataclass
class Run:
    """One run, from its options to what its process left behind."""

    number: int
    job: str
    options: dict[str, Any]
    check: bool = False
    clean: bool = False
    per_site: bool = False
    playbook: bool = False
    #: the Dashboard's address as it was given
    url: str = ""
    #: processes at a time
    lanes: int = 1
    verbose: bool = True
    #: when it began and was over, by the world's stopwatch
    began: float = 0.0
    over: float = 0.0
    #: where it writes its reports as it goes
    files: list[Path] = field(default_factory=list)
    #: (signal, when)
    signals: list[tuple[int, float]] = field(default_factory=list)
    process: Any = None
    ended: Ended = field(default_factory=lambda: Ended(""))

    @property
    def silenced(self) -> bool:
        """Killed in a way that leaves no report: it had no chance, or Ansible gave it none."""
        numbers = {number for number, _when in self.signals}
        return signal.SIGKILL in numbers or (self.playbook and bool(numbers))

    @property
    def dead(self) -> bool:
        """Was it told to end?"""
        return bool(self.signals)

    @property
    def reports(self) -> list[dict[str, Any]]:
        """The results that report on sites."""
        return [result for result in self.ended.results if "sites" in result]


def items_of(entry: Entry) -> list[Item]:
    """The updates that a request starts; none for a batch, which takes what it finds."""
    found = _ITEMS.fullmatch(entry.path)
    if found:
        if found[2] == "wp":
            return [(int(found[1]), "core", "wordpress")]
        return [(int(found[1]), _KINDS[found[2]], slug) for slug in (entry.json or {}).get("slug", [])]
    site = int(entry.query.get("site_id", 0))
    kinds = {
        "site-update-item": (str(entry.query.get("type")), str(entry.query.get("slug"))),
        "site-update-wordpress": ("core", "wordpress"),
        "site-update-translations": ("translation", "*"),
    }
    name = entry.path.rsplit("/", 1)[-1]
    return [(site, *kinds[name])] if name in kinds else []


def answer_about(entry: Entry, item: Item) -> bool | None:
    """Does the answer to a write say that it moved this update? None: it says nothing of it, or came too late."""
    if entry.ended is None or entry.ended - entry.time > TIMEOUT - HASTE:
        return None
    try:
        body = json.loads(entry.answer)
    except ValueError:
        return None
    data = body.get("data") if isinstance(body, dict) and entry.status == 200 else None
    data = data.get("updates_info", data) if isinstance(data, dict) else {}
    if item[1] == "core":
        # v1 tells no versions
        told = None if entry.path.startswith("/mainwp/v1/") or not body.get("success") else data
    else:
        told = {html.unescape(unquote(slug)): info for slug, info in data.items()}.get(item[2])
    if told is None:
        return None
    if item[1] == "translation":
        return bool(told.get("success"))
    return bool(told.get("old_version")) and told["old_version"] != told.get("version")


def is_batch(entry: Entry) -> bool:
    """Does a request start a batch of the Dashboard?"""
    return _BATCH.fullmatch(entry.path) is not None


def site_of(entry: Entry) -> int:
    """The site that a request speaks of; 0: none, or all."""
    found = re.match(r"/mainwp/v2/(?:updates|sites)/(\d+)(?:/|$)", entry.path)
    return int(found[1]) if found else int(entry.query.get("site_id") or 0)


def is_sync(entry: Entry) -> bool:
    """Does a request sync a site?"""
    return _SYNC.fullmatch(entry.path) is not None


def refused(entry: Entry) -> bool:
    """Did something turn a request away before it could have any effect?"""
    return entry.status == 401 or (entry.fault == "status" and entry.status is not None and 400 <= entry.status < 500)
