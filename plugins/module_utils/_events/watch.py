# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A watcher: polls one Dashboard and says what changed. PRIVATE to the collection.

``poll`` reads and compares, ``keep`` remembers; in between its events are put where they belong. So what a crash tears apart
comes again, and is never lost.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .. import _errors as errors
from .._bounds import REQUESTS_IMPORT_ERROR, requests_missing
from .._dashboard import Dashboard
from .._given import unchecked_secrets, with_credentials
from .._models import Site, iso
from . import _names as names
from ._changes import Found, events_of, remembered, sites_in
from ._known import Away
from ._names import Event
from ._options import Options, options_from
from ._reading import read
from ._state import StateFile
from ._telling import Telling

#: The longest pause after polls in vain, seconds, unless the interval is longer.
LONGEST_PAUSE = 3600.0
#: What does not pass by itself. A source that has never read its Dashboard ends with it: it is set up wrongly.
_LASTING = (errors.Unauthorized, errors.TlsFailed, errors.NoRoute, errors.Redirected)


def _lasts(exc: errors.MainWPError) -> bool:
    return exc.lasting or isinstance(exc, _LASTING)


class Ended(Exception):
    """Nobody wants to wait any more."""


def begin(args: Mapping[str, Any], environ: Mapping[str, str], log: logging.Logger) -> Watch:
    """A watcher with the arguments of a source. Raises MainWPError where they, or its file, are of no use."""
    try:
        return Watch(args, environ, log)
    except errors.MainWPError:
        raise
    except Exception as exc:  # noqa: BLE001  # the edge: nothing leaves it unmasked, not even a bug
        text = unchecked_secrets(with_credentials(args, environ)).mask(errors.bug_sentence(exc))
        raise errors.MainWPError(text) from None


class Watch:
    """Of one Dashboard."""

    def __init__(self, args: Mapping[str, Any], environ: Mapping[str, str], log: logging.Logger) -> None:
        if REQUESTS_IMPORT_ERROR is not None:
            hint = "A decision environment has it if its definition names it."
            raise errors.MainWPError(f"dashboard_changes: {requests_missing()}", hint=hint)
        self.options: Options = options_from(args, environ)
        connection = self.options.connection
        with contextlib.ExitStack() as opened:
            self._tell = Telling(log, self.options.secrets)
            opened.callback(self._tell.close)
            if connection.verify is False:
                self._tell(f"validate_certs is false: whoever is between here and {connection.url} can read the key.")
            self._file = StateFile(self.options.state_file, connection.url, self._tell)
            opened.callback(self._file.close)
            #: What was kept, and what the last poll found.
            self._known = self._next = self._file.load()
            opened.pop_all()
        self._failures = 0
        self._gone: frozenset[int] = frozenset()
        self._over, self._at_work = threading.Event(), threading.Lock()
        #: Seconds until the next poll.
        self.pause = self.options.interval

    def poll(self) -> list[Event]:
        """What changed since what is kept. Raises MainWPError where the source is set up wrongly."""
        try:
            with self._at_work:
                return self._polled()
        finally:
            if self._over.is_set():
                self._tell.close()

    def _polled(self) -> list[Event]:
        self._next, self.pause = self._known, self.options.interval
        try:
            with contextlib.closing(Dashboard(self.options.connection, self._tell.murmur, self._wait)) as dashboard:
                dashboard.http.caches.ask_past()
                dashboard.http.before = lambda: self._wait(0.0)
                found = read(dashboard, self.options, self._known, self._tell)
                return self._compared(dashboard, found)
        except Ended:
            return []
        except errors.InputError:
            raise
        except errors.MainWPError as exc:
            if _lasts(exc) and self._known.sites is None:
                raise
            return self._in_vain(exc)
        except Exception as exc:  # noqa: BLE001  # the edge: nothing leaves it unmasked, not even a bug
            self._tell.murmur(traceback.format_exc())
            raise errors.MainWPError(self.options.secrets.mask(errors.bug_sentence(exc))) from None

    def keep(self) -> None:
        """Its events are where they belong: they are not told again."""
        self._known = self._next
        self._file.save(self._known)

    def close(self) -> None:
        """Ends waiting, and leaves the file to others. A poll that is at work asks for nothing more; what it has asked for is
        answered, and no secret is told of it."""
        self._over.set()
        self._file.close()
        if not self._at_work.locked():
            self._tell.close()

    def _compared(self, dashboard: Dashboard, found: Found) -> list[Event]:
        options, known, now = self.options, self._known, iso(found.now)
        gone = frozenset((known.sites or {}).keys() - found.sites.keys())
        doubted, self._gone = self._gone, gone
        if 2 * len(gone) > len(known.sites or {}) and gone != doubted:
            self._tell.warn(f"{len(gone)} of {len(known.sites or {})} sites seem to be gone; the next poll decides.")
            return []
        events = events_of(known, found, options.events, options.stale_after)
        if known.away is not None and names.DASHBOARD_BACK in options.events:
            back = {"change": names.DASHBOARD_BACK, "since": known.away.since, "reason": known.away.reason}
            events = [back, *events]
        named = _names_of(dashboard, sites_in(events))
        finished = [self._finished(event, now, named) for event in events]
        dashboard.http.caches.refuse()
        if self._failures or known.away is not None:
            self._tell.warn(f"{options.connection.url} can be read again.")
        self._failures = 0
        self._next = remembered(known, found, options.stale_after)
        if known.sites is None:
            self._tell.murmur(f"{options.connection.url}: {len(found.sites)} sites. What changes from now on is told.")
        return finished

    def _in_vain(self, exc: errors.MainWPError) -> list[Event]:
        """Nothing was read. Told once, until it can be read again."""
        self._failures += 1
        most = max(LONGEST_PAUSE, self.options.interval)
        self.pause = most if _lasts(exc) else min(most, self.options.interval * 2.0 ** min(self._failures - 1, 30))
        say = self._tell.warn if self._failures == 1 else self._tell.murmur
        say(f"{self.options.connection.url} cannot be read: {exc} Asking again in {self.pause:.0f} s.")
        if self._known.away is not None:
            return []
        now = iso(time.time())
        self._next = replace(self._known, away=Away(now, exc.reason))
        if names.DASHBOARD_LOST not in self.options.events:
            return []
        event = {"change": names.DASHBOARD_LOST, "reason": exc.reason, "message": str(exc)}
        return [self._finished(event, now)]

    def _finished(self, event: Event, at: str, named: Callable[[Site], Event] | None = None) -> Event:
        """As it leaves: no secret in it, and nothing that anybody takes for a template."""
        facts = {name: named(value) if named and isinstance(value, Site) else value for name, value in event.items()}
        whole = {"change": "", "dashboard": self.options.connection.url, "at": at, **facts}
        harmless: Event = names.defused(self.options.secrets.mask_all(whole))
        return harmless

    def _wait(self, seconds: float) -> None:
        if self._over.wait(seconds):
            raise Ended


def _names_of(dashboard: Dashboard, sites: list[Site]) -> Callable[[Site], Event]:
    """What events tell of these sites. Tags and clients are asked for their names only if one has any."""
    tags: Mapping[int, str] = dashboard.tags if any(site.tags for site in sites) else {}
    clients = dashboard.client_names(sites)

    def named(site: Site) -> Event:
        return {
            "id": site.id,
            "url": site.url,
            "domain": site.domain,
            "name": site.name,
            "status": site.status,
            "tags": [tag.name for tag in site.named(tags).tags if tag.name],
            "client": clients.get(site.client_id, ""),
        }

    return named
