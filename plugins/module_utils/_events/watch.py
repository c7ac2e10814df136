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
from typing import Any

from .. import _errors as errors
from .._bounds import REQUESTS_IMPORT_ERROR
from .._dashboard import Dashboard
from .._given import unchecked_secrets, with_credentials
from .._models import Site, iso
from .._secrets import Secrets
from . import _names as names
from ._changes import Found, events_of, remembered, sites_in
from ._known import Away, Known
from ._names import Event
from ._options import Options, options_from
from ._reading import read
from ._state import StateFile

#: The longest pause after polls in vain, seconds, unless the interval is longer.
LONGEST_PAUSE = 3600.0
#: What does not pass by itself. A source that has never read its Dashboard ends with it: it is set up wrongly.
_LASTING = (errors.Unauthorized, errors.TlsFailed, errors.NoRoute, errors.Redirected)


#: Where urllib3 writes down the requests that it sends.
_HTTP_LOG = logging.getLogger("urllib3.connectionpool")
#: So many different warnings are told.
_MOST_TOLD = 1000


class Ended(Exception):
    """Nobody wants to wait any more."""


class _Masks(logging.Filter):
    """Takes secrets out of what the HTTP library writes down at ``-vv``: with ``auth_method=query`` they stand in addresses."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._secrets.mask(record.getMessage()), ()
        return True


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
            text = "The Python library requests is missing where ansible-rulebook runs."
            raise errors.MainWPError(text, hint="Install it there, or name it in the decision environment.")
        self.options: Options = options_from(args, environ)
        self._log = log
        self._told: set[str] = set()
        self._failures = 0
        self._gone: frozenset[int] = frozenset()
        self._over = threading.Event()
        connection = self.options.connection
        if connection.verify is False:
            self._tell(f"validate_certs is false: whoever is between here and {connection.url} can read the key.")
        self._file = StateFile(self.options.state_file, connection.url, self._tell)
        try:
            self._known = self._next = self._file.load()
        except errors.MainWPError:
            self._file.close()
            raise
        #: Seconds until the next poll.
        self.pause = self.options.interval
        self._masks = _Masks(self.options.secrets)
        _HTTP_LOG.addFilter(self._masks)

    def poll(self) -> list[Event]:
        """What changed since what is kept. Raises MainWPError where the source is set up wrongly."""
        self._next, self.pause = self._known, self.options.interval
        try:
            with contextlib.closing(Dashboard(self.options.connection, self._murmur, self._wait)) as dashboard:
                dashboard.http.caches.ask_past()
                found = read(dashboard, self.options, self._known, self._tell)
                return self._compared(dashboard, found)
        except Ended:
            return []
        except errors.InputError:
            raise
        except errors.MainWPError as exc:
            if isinstance(exc, _LASTING) and self._known.sites is None:
                raise
            return self._in_vain(exc)
        except Exception as exc:  # noqa: BLE001  # the edge: nothing leaves it unmasked, not even a bug
            self._murmur(traceback.format_exc())
            raise errors.MainWPError(self.options.secrets.mask(errors.bug_sentence(exc))) from None

    def keep(self) -> None:
        """Its events are where they belong: they are not told again."""
        self._known = self._next
        self._file.save(self._known)

    def close(self) -> None:
        """Ends waiting, and leaves the file to others."""
        self._over.set()
        self._file.close()
        _HTTP_LOG.removeFilter(self._masks)

    def _compared(self, dashboard: Dashboard, found: Found) -> list[Event]:
        options, known, now = self.options, self._known, iso(found.now)
        gone = frozenset((known.sites or {}).keys() - found.sites.keys())
        doubted, self._gone = self._gone, gone
        if 2 * len(gone) > len(known.sites or {}) and gone != doubted:
            self._log.warning(
                "%s of %s sites seem to be gone; the next poll decides.", len(gone), len(known.sites or {})
            )
            return []
        events = events_of(known, found, options.events, options.stale_after)
        if known.away is not None and names.DASHBOARD_BACK in options.events:
            back = {"change": names.DASHBOARD_BACK, "since": known.away.since, "reason": known.away.reason}
            events = [back, *events]
        named = _names_of(dashboard, sites_in(events))
        finished = [self._finished(event, now, named) for event in events]
        dashboard.http.caches.refuse()
        if self._failures or known.away is not None:
            self._log.warning("%s can be read again.", options.connection.url)
        self._failures = 0
        self._next = remembered(known, found, options.stale_after)
        if known.sites is None:
            self._log.info("%s: %s sites. What changes from now on is told.", options.connection.url, len(found.sites))
        return finished

    def _in_vain(self, exc: errors.MainWPError) -> list[Event]:
        """Nothing was read. Told once, until it can be read again."""
        self._failures += 1
        most = max(LONGEST_PAUSE, self.options.interval)
        lasting = isinstance(exc, _LASTING)
        self.pause = most if lasting else min(most, self.options.interval * 2.0 ** min(self._failures - 1, 30))
        first = self._log.warning if self._failures == 1 else self._log.info
        text = self.options.secrets.mask(str(exc))
        first("%s cannot be read: %s Asking again in %.0f s.", self.options.connection.url, text, self.pause)
        if self._known.away is not None:
            return []
        now = iso(time.time())
        self._next = Known(
            self._known.sites, self._known.monitors, self._known.logs, self._known.flaws, Away(now, exc.reason)
        )
        if names.DASHBOARD_LOST not in self.options.events:
            return []
        event = {"change": names.DASHBOARD_LOST, "reason": exc.reason, "message": text}
        return [self._finished(event, now)]

    def _finished(self, event: Event, at: str, named: Callable[[Site], Event] | None = None) -> Event:
        """As it leaves: no secret in it, and nothing that anybody takes for a template."""
        facts = {name: named(value) if named and isinstance(value, Site) else value for name, value in event.items()}
        whole = {"change": "", "dashboard": self.options.connection.url, "at": at, **facts}
        harmless: Event = names.defused(self.options.secrets.mask_all(whole))
        return harmless

    def _tell(self, text: str) -> None:
        """Once."""
        if text not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(text)
            self._log.warning("%s", self.options.secrets.mask(text))

    def _murmur(self, text: str) -> None:
        """What becomes of single requests."""
        self._log.info("%s", self.options.secrets.mask(text))

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
