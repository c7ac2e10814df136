# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a release was first seen offered, anywhere: a file that all runs on a machine share. PRIVATE to the collection.

Whatever is not known counts as just seen: what is forgotten, lost or cannot be read makes a release wait longer, never
shorter. The same holds for the clock: nothing new is noted at an earlier time than the file has seen already, and what is
noted for a later time than now waits until then.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from ._errors import InputError
from ._files import guarded, write
from ._models import TRANSLATION, Update, iso

#: Where the notes are, unless said otherwise.
DEFAULT_DIR = "~/.ansible/mainwp-offers"
_DAY = 86400.0
#: What nobody has seen offered for so long is forgotten, and of more releases than these those that were seen longest ago.
_GONE, _MOST = 180 * _DAY, 20_000
#: How far behind the notes may be in telling the time.
_TICK = 60.0
#: The longest name that is noted.
_LONGEST = 400
#: By release: when it was first seen, and when last, within a day.
Seen = dict[str, tuple[float, float]]


def folder_for_offers(value: str | None) -> str:
    """The folder that ``offer_history`` means."""
    return str(Path(value or DEFAULT_DIR).expanduser())


class Offers:
    """The notes of one run. Safe to use from several threads. Raises InputError where they cannot be kept.

    ``keeps`` False: nothing is written, and what is new is known to this run alone.
    """

    def __init__(
        self,
        folder: str,
        min_age: int,
        keeps: bool,
        warn: Callable[[str], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._path = Path(folder) / "offers.json"
        self._min_age, self._keeps, self._warn, self._now = min_age, keeps, warn, now
        self._lock = threading.Lock()
        self._seen: Seen = {}
        self._latest = 0.0
        try:
            self._read()
            if keeps:
                self._note(set())
        except OSError as exc:
            told = f"{folder} cannot be used: {exc.strerror or exc}."
            raise InputError("offer_history", told, "Give a folder that can be written.") from exc

    def see(self, updates: Iterable[Update]) -> None:
        """Note what is offered."""
        names = {_name(update) for update in updates if update.type != TRANSLATION and update.new_version}
        with self._lock:
            now = self._now()
            news = {name for name in names if name not in self._seen or self._seen[name][1] < now - _DAY}
            if not news:
                return
            if not self._keeps:
                self._add(names, now)
                return
            try:
                self._note(names)
            except OSError as exc:  # a disk that is full by now
                self._warn(f"offer_history: {self._path} cannot be written: {exc.strerror}. What is new counts as new.")
                self._keeps = False
                self._add(names, now)

    def objection(self, update: Update) -> str:
        """Why ``update`` is too new; empty when it is not. Translations, which are no programs, never are."""
        if not self._min_age or update.type == TRANSLATION:
            return ""
        asked = f"min_offer_age asks for {_spoken(self._min_age)}"
        with self._lock:
            now = self._now()
            first = self._seen.get(_name(update), (math.inf, 0.0))[0]
        if first == math.inf:
            return f"{update.new_version} is seen for the first time; {asked}."
        if first > now:
            moment = iso(min(first, 2**33))
            return (
                f"{update.new_version} is noted as first seen at {moment}, which is not yet by the clock here; {asked}."
            )
        if now - first < self._min_age:
            return f"{update.new_version} was first seen offered {_spoken(now - first)} ago; {asked}."
        return ""

    def _note(self, names: set[str]) -> None:
        """Write down what is new, beside what others have written meanwhile. Raises OSError."""
        if not names and self._now() - self._latest < _TICK:
            return
        with guarded(self._path):
            self._read()
            now = self._now()
            self._add(names, now)
            kept = {name: times for name, times in self._seen.items() if times[1] >= now - _GONE}
            newest = sorted(kept, key=lambda name: (-kept[name][1], kept[name][0], name))[:_MOST]
            told = {"latest": self._latest, "releases": {name: kept[name] for name in sorted(newest)}}
            write(self._path, json.dumps(told, separators=(",", ":")) + "\n")

    def _add(self, names: Iterable[str], now: float) -> None:
        self._latest = max(self._latest, now)
        for name in names:
            if len(name) <= _LONGEST:
                first, last = self._seen.get(name, (self._latest, now))
                self._seen[name] = (first, max(last, now))

    def _read(self) -> None:
        """What is in the file joins what this run knows. Raises OSError."""
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        try:
            told = json.loads(text)
            latest, releases = float(told["latest"]), told["releases"].items()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._warn(f"offer_history: {self._path} cannot be understood, so everything counts as just seen.")
            return
        if math.isfinite(latest):
            self._latest = max(self._latest, latest)
        self._seen |= {name: times for name, entry in releases if (times := _times(entry)) is not None}


def _times(entry: object) -> tuple[float, float] | None:
    if not isinstance(entry, list) or len(entry) != 2 or not all(isinstance(one, (int, float)) for one in entry):
        return None
    first, last = float(entry[0]), float(entry[1])
    return (first, last) if math.isfinite(first) and math.isfinite(last) and first > 0 else None


def _name(update: Update) -> str:
    """The release, so that no two have one name."""
    return json.dumps(update.release, ensure_ascii=False)


def _spoken(seconds: float) -> str:
    """Rounded down, so that what is still too new never sounds old enough."""
    hours = seconds / 3600
    if hours < 2:
        return f"{seconds // 60:.0f} min"
    return f"{seconds // 3600:.0f} h" if hours < 72 else f"{seconds // 8640 / 10:.1f} days"
