# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks of one run tell each other about releases: a file that all append to and read. PRIVATE.

In waves each site has a task, and a process, of its own. Without this each would have to learn for itself that a release
kills sites. The file lies beside the locks, is named by run and Dashboard, and holds a line of JSON for each time that a
task changed its mind about a site. A line is written at once, and a broken one is nobody's.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Collection
from pathlib import Path

from ._addresses import normal_url
from ._brakes import Accusations
from ._models import Release

_ALONE = "hold_after counts for each task alone, so a release that breaks sites is not held for those of other tasks."


def ledger_for(directory: str | None, run_id: str | None, dashboard: str, warn: Callable[[str], None]) -> Accusations:
    """The accusations of this task, shared with the others of the run ``run_id`` as far as that is possible."""
    if not run_id:
        return Accusations()
    if directory is None:
        warn(f"lock_dir: locking is switched off. {_ALONE}")
        return Accusations()
    digest = hashlib.sha256(f"{normal_url(dashboard)} {run_id}".encode()).hexdigest()[:24]
    path = Path(directory) / f"run-{digest}.held"
    try:
        return Ledger(path, warn)
    except OSError as exc:
        warn(f"lock_dir: {path} cannot be used: {exc.strerror}. {_ALONE}")
        return Accusations()


class Ledger(Accusations):
    """Accusations that other tasks know, too. Raises OSError when the file cannot be written and read."""

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        super().__init__()
        self._path = path
        self._warn = warn
        #: Tells our lines from those of another task about the same site.
        self._name = secrets.token_hex(8)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._append("")
        self._read()

    def put(self, site: int, releases: Collection[Release]) -> bool:
        """Remember, and tell the others what is new to them."""
        changed = super().put(site, releases)
        if changed:
            line = json.dumps({"by": self._name, "site": site, "releases": sorted(map(list, releases))})
            try:
                self._append(f"{line}\n")
            except OSError as exc:  # a disk that is full by now
                self._warn(f"lock_dir: {self._path} cannot be written: {exc.strerror}. {_ALONE}")
        return changed

    def sites(self) -> dict[Release, set[int]]:
        """By release, the sites that speak against it: those of this task, and those of the others."""
        found = super().sites()
        newest: dict[tuple[str, int], list[Release]] = {}
        lines: list[str] = []
        with contextlib.suppress(OSError):  # somebody removed it
            lines = self._read().splitlines()
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, KeyError):
                entry = json.loads(line)
                releases = [(str(kind), str(slug), str(version)) for kind, slug, version in entry["releases"]]
                newest[str(entry["by"]), int(entry["site"])] = releases
        for (by, site), releases in newest.items():
            for release in releases if by != self._name else ():
                found.setdefault(release, set()).add(site)
        return found

    def _append(self, text: str) -> None:
        """One write of whole lines to the end, wherever that is by now. In a folder of others no link is followed."""
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)

    def _read(self) -> str:
        handle = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW)
        with open(handle, encoding="utf-8", errors="replace") as file:
            return file.read()
