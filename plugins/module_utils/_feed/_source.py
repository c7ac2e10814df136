# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which index answers for a feed now: fetched, condensed and kept on disk, once for all who ask. PRIVATE.

In the folder there is, for each source, a small file that says which feed it had, when, and what came of the last attempt;
beside these the feeds that were fetched and the indexes, by the hash of the feed. All of it is written under one lock, whole
or not at all, and the small file last. Who finds it good reads without a lock. Before a server is asked, the small file says
so: what is broken off, by whatever, counts as asked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import _errors as errors
from .._files import guarded, replacing, write
from .._models import iso
from .._secrets import SHORTEST
from ._fetch import FeedError, Refused, Unavailable, checked_address, fetch
from ._index import FORMAT, Index, build
from ._stream import CutOff, NotAFeed

#: A server is asked at most once in so many seconds, whoever asks here.
INTERVAL = 1800
#: One that could not be reached may be tried again sooner.
_SOON = 60
_HASHED = 1024 * 1024
#: The names of what is made here, in a folder that may be full of other people's files: of a small file, of what belongs to
#: one, and of what a killed process leaves of either.
_SMALL = r"[0-9a-f]{24}\.json"
_BESIDE = r"(?:[0-9a-f]{32}(?:\.feed|-\d+\.index)|new\.feed)"
_LEFT = rf"\.(?:{_SMALL}|{_BESIDE})\.\d+"
#: What there may be in a small file: the kinds of its values, of which the first is that of one that is missing.
_KINDS: dict[str, tuple[Any, ...]] = {
    "digest": (str,),
    "tried": (float, int),
    "fetched": (float, int),
    "failure": (dict, type(None)),
    "marks": (dict,),
    "begun": (bool,),
}
#: No time in a small file is later than this, in the year 5138.
_LATEST = 1e11


class TooOld(errors.MainWPError):
    """There is a feed, and nobody should rely on it any more."""

    reason = "feed_too_old"
    hint = "What has become known since is not in it. Get a newer one, or raise feed_max_age."


@dataclass(frozen=True)
class FeedOptions:
    """Where a feed comes from, where it is kept, and how old it may be."""

    source: str
    key: str = field(repr=False)
    cache: Path
    max_age: int

    @property
    def is_url(self) -> bool:
        """True when there is a server to ask."""
        return "://" in self.source

    @property
    def spoken(self) -> str:
        """How results name it: a server may want a key in the query."""
        return self.source.partition("?")[0] if self.is_url else self.source


def feed_options_from(params: Mapping[str, Any]) -> FeedOptions:
    """Check the options about the feed. Raises InputError before any request."""
    source, key = str(params.get("feed") or "").strip(), str(params.get("feed_key") or "").strip()
    if not source:
        raise errors.InputError("feed", "is empty.", "Give the address of a feed, or a file.")
    if key and not re.fullmatch(rf"[\x21-\x7e]{{{SHORTEST},}}", key):
        raise errors.InputError("feed_key", "is not what a key looks like.", "Copy the whole of it, and nothing else.")
    age = params.get("feed_max_age")
    most = 86400 if age is None else int(age)
    if most < INTERVAL:
        remedy = f"A server is asked at most every {INTERVAL} s, so use {INTERVAL} or more."
        raise errors.InputError("feed_max_age", f"{most} s is too short.", remedy)
    if "://" in source:
        source = checked_address(source)
    else:
        path = Path(source).expanduser()
        if not path.is_file():
            raise errors.InputError(
                "feed", f"there is no file {path}.", "Give a path on the machine that runs the job."
            )
        source = str(path.resolve())
    cache = Path(str(params.get("feed_cache") or "~/.ansible/mainwp-feeds")).expanduser()
    return FeedOptions(source, key, cache, most)


@dataclass(frozen=True)
class Feed:
    """An index, when its feed was current, and what to tell of it."""

    index: Index
    fetched: float
    digest: str


def opened(options: FeedOptions, warn: Callable[[str], None], now: Callable[[], float] = time.time) -> Feed:
    """The feed that answers now. Raises MainWPError."""
    keeper = _Keeper(options, warn, now)
    try:
        feed = keeper.ready()
        if feed is None:
            with guarded(options.cache / "feed"):
                feed = keeper.ready(alone=True) or keeper.renewed()
    except OSError as exc:
        if exc.filename == options.source:
            raise errors.InputError("feed", f"{options.source} cannot be read: {exc.strerror}.") from exc
        raise errors.InputError(
            "feed_cache", f"{options.cache} cannot be used: {exc}.", "Give another folder."
        ) from exc
    return feed


class _Keeper:
    def __init__(self, options: FeedOptions, warn: Callable[[str], None], now: Callable[[], float]) -> None:
        self._options, self._warn, self._now = options, warn, now
        name = hashlib.sha256(options.source.encode()).hexdigest()[:24]
        self._path = options.cache / f"{name}.json"
        self._key = hashlib.sha256(options.key.encode()).hexdigest()[:16]

    def ready(self, alone: bool = False) -> Feed | None:
        """What answers without any work; None if there is something to do. Raises MainWPError for an attempt in vain that
        is not to be repeated yet. ``alone``: under the lock, so what has begun was broken off."""
        state = self._state()
        if self._options.is_url:
            if not self._asked_lately(state) or (state.get("begun") and not alone):
                return None
        elif state.get("file") != _fingerprint(os.stat(self._options.source)):
            return None
        return self._judged(state)

    def _asked_lately(self, state: Mapping[str, Any]) -> bool:
        failure = state.get("failure") or {}
        if failure.get("reason") == Refused.reason and state.get("key") != self._key:
            return False  # with another key, it is another question
        pause = INTERVAL if failure.get("heard", True) else _SOON
        # those who share the folder may have clocks that differ a little
        return abs(self._now() - float(state.get("tried", 0))) < pause

    def _judged(self, state: Mapping[str, Any]) -> Feed | None:
        """The feed that a state speaks of, if it may be used; None if its index has to be made."""
        failure = _failure_from(state.get("failure"))
        if failure is not None and not failure.passing:
            raise self._later(state, failure)
        if not state.get("digest"):
            if failure is not None:
                raise self._later(state, failure)
            return None
        fetched = float(state.get("fetched", 0))
        age = max(0.0, self._now() - fetched)
        if age > self._options.max_age:
            why = f" {failure}" if failure else ""
            raise TooOld(f"The feed is {_spoken(age)} old, older than feed_max_age.{why}")
        with contextlib.suppress(FileNotFoundError, ValueError):
            feed = Feed(Index(self._index(state["digest"])), fetched, state["digest"])
            if failure is not None:
                self._warn(f"{failure.message} Using the feed of {iso(fetched)}, which is {_spoken(age)} old.")
            return feed
        return None

    def _later(self, state: Mapping[str, Any], failure: FeedError) -> FeedError:
        """The failure of an earlier attempt, told again."""
        since = self._now() - float(state.get("tried", 0))
        if since >= 1 and self._options.is_url:
            pause = INTERVAL if failure.heard else _SOON
            failure.message += f" That was {_spoken(since)} ago; it is asked again in {_spoken(pause - since)}."
        return failure

    def renewed(self) -> Feed:
        """Do what is to be done, under the lock. Raises MainWPError and OSError."""
        state = self._asked(self._state()) if self._options.is_url else self._read(self._state())
        self._tidy()
        feed = self._judged(state)
        if feed is None:
            raise _failure_from(state.get("failure")) or errors.MainWPError(
                f"The index in {self._options.cache} cannot be read.", hint="Remove that folder."
            )
        return feed

    def _asked(self, state: dict[str, Any]) -> dict[str, Any]:
        """The state after asking the server, if it is time for that, or if what it gave is lost."""
        state = self._mended(state)
        if self._asked_lately(state) and (state.get("digest") or state.get("failure")):
            return state
        now = self._now()
        begun = Unavailable("The feed was being fetched, and that was broken off.")
        state = {**state, "source": self._options.spoken, "tried": now, "key": self._key}
        write(self._path, json.dumps({**state, "begun": True, "failure": _failure_to(begun)}))
        state = {**state, "begun": False, "failure": None}
        try:
            state.update(self._fetched(state), fetched=now)
        except (FeedError, CutOff, NotAFeed) as exc:
            state["failure"] = _failure_to(exc)
        except OSError as exc:  # of the disk: the network's are FeedErrors
            text = f"The feed could not be kept: {exc.strerror or exc}."
            state["failure"] = _failure_to(Unavailable(text, hint=f"Is there room in {self._options.cache}?"))
        write(self._path, json.dumps(state))
        return state

    def _mended(self, state: dict[str, Any]) -> dict[str, Any]:
        """The same with an index of the feed that it speaks of, or speaking of none: power cuts empty what was written."""
        digest = state.get("digest")
        if not digest or self._usable(digest):
            return state
        with contextlib.suppress(FileNotFoundError, CutOff, NotAFeed), self._feed(digest).open("rb") as feed:
            build(feed, self._index(digest))
            return state
        self._feed(digest).unlink(missing_ok=True)
        return {name: value for name, value in state.items() if name not in ("digest", "marks")}

    def _fetched(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """What is new: the hash of the feed that was fetched and condensed; nothing if it is the one that we have."""
        partial = self._options.cache / "new.feed"
        with replacing(partial) as into:
            found = fetch(self._options.source, self._options.key, known.get("marks") or {}, into)
        if found is None:
            return {}
        if found.digest != known.get("digest"):
            with partial.open("rb") as feed:
                build(feed, self._index(found.digest))
        partial.replace(self._feed(found.digest))
        return {"digest": found.digest, "marks": dict(found.marks)}

    def _usable(self, digest: str) -> bool:
        """True when there is an index that can be read."""
        try:
            Index(self._index(digest)).close()
        except (FileNotFoundError, ValueError):
            return False
        return True

    def _read(self, state: dict[str, Any]) -> dict[str, Any]:
        """The state after reading a file, which may be replaced, or still be written, meanwhile."""
        with open(self._options.source, "rb") as feed:
            stat = os.fstat(feed.fileno())
            digest = hashlib.sha256()
            while part := feed.read(_HASHED):
                digest.update(part)
            name = digest.hexdigest()
            told = {"digest": name, "fetched": stat.st_mtime, "failure": None}
            try:
                if not self._usable(name):
                    feed.seek(0)
                    build(feed, self._index(name))
            except (CutOff, NotAFeed) as exc:  # what there was before stays
                told = {"failure": _failure_to(exc)}
        state = {**state, "source": self._options.spoken, "file": _fingerprint(stat), **told}
        write(self._path, json.dumps(state))
        return state

    def _state(self) -> dict[str, Any]:
        """What is remembered of this source; empty if that is nothing, or nothing that can be understood."""
        return _state_in(self._path)

    def _index(self, digest: str) -> Path:
        return self._options.cache / f"{digest[:32]}-{FORMAT}.index"

    def _feed(self, digest: str) -> Path:
        return self._options.cache / f"{digest[:32]}.feed"

    def _tidy(self) -> None:
        """Remove what no source has any more, and what killed processes have left."""
        paths = list(self._options.cache.iterdir())
        digests = [_state_in(path).get("digest", "") for path in paths if re.fullmatch(_SMALL, path.name)]
        used = {self._feed(digest) for digest in digests} | {self._index(digest) for digest in digests}
        for path in paths:
            if re.fullmatch(rf"{_BESIDE}|{_LEFT}", path.name) and path not in used and path.is_file():
                path.unlink(missing_ok=True)


def _state_in(path: Path) -> dict[str, Any]:
    """What a small file says; empty if that is nothing that can be understood."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    kinds_fit = isinstance(found, dict) and all(
        isinstance(found.get(name, made()), (made, *more)) for name, (made, *more) in _KINDS.items()
    )
    if not kinds_fit or not all(0 <= found.get(name, 0) < _LATEST for name in ("tried", "fetched")):
        return {}
    failure = found.get("failure") or {"message": "", "reason": ""}
    return found if {"message", "reason"} <= failure.keys() and len(found.get("digest", "")) in (0, 64) else {}


def _fingerprint(stat: os.stat_result) -> list[int]:
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]


def _failure_to(exc: errors.MainWPError) -> dict[str, Any]:
    told = exc.to_dict()
    return {**told, "heard": getattr(exc, "heard", True), "passing": getattr(exc, "passing", isinstance(exc, CutOff))}


def _failure_from(told: Mapping[str, Any] | None) -> FeedError | None:
    if not told:
        return None
    failure = FeedError(told["message"], told.get("hint"), told["reason"], status=told.get("status"))
    failure.heard, failure.passing = bool(told.get("heard", True)), bool(told.get("passing"))
    return failure


def _spoken(seconds: float) -> str:
    """``40 s``, ``12 min``, ``5 h``, ``3 days``."""
    for size, name in ((2 * 86400, "days"), (2 * 3600, "h"), (120, "min")):
        if seconds >= size:
            return f"{seconds // {'days': 86400, 'h': 3600, 'min': 60}[name]:.0f} {name}"
    return f"{max(0.0, seconds):.0f} s"
