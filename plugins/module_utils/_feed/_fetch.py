# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Get a feed from its server: one request, with the key for nobody else. PRIVATE to the collection."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from .. import _errors as errors
from .._addresses import ascii_url
from .._bounds import REDIRECTS, BoundedSession, Watch, origin_of, pieces, target_of
from .._connection import is_loopback
from .._http import USER_AGENT
from .._network import trouble_here
from .._secrets import Secrets, plain

#: Seconds for the connection, for each pause in between, and for all of it.
_CONNECT, _PAUSE, _WHOLE = 10.0, 60.0, 600.0
#: A feed beyond this is none.
_LARGEST = 1024**3
_MAX_REDIRECTS = 3
#: As much of an error's page as is read.
_QUOTED = 4096


class FeedError(errors.MainWPError):
    """The feed could not be had. ``passing``: it may well be there the next time."""

    passing = False
    #: The server heard of it, which counts against its limit.
    heard = True

    @property
    def status(self) -> int:
        """The answer's status; 0 if there was none."""
        return int(self.details.get("status", 0))


class Refused(FeedError):
    """401 or 403."""

    reason = "feed_unauthorized"
    hint = "Check feed_key: the feed's server does not know it, or it may not read this feed."


class Limited(FeedError):
    """429."""

    reason = "feed_limited"
    hint = "Others with this key, or at this address, asked a short while ago. Share one feed_cache, or hand the feed on as a file."
    passing = True


class Unavailable(FeedError):
    """No answer, or one that says that there is no feed now."""

    reason = "feed_unavailable"
    hint = "Check feed, DNS, and any firewall or proxy on the way (https_proxy, no_proxy); or get the feed yourself, as a file."
    passing = True


@dataclass(frozen=True)
class Fetched:
    """A feed that was written, and what to ask with the next time."""

    digest: str
    marks: Mapping[str, str]


def checked_address(text: str) -> str:
    """The address of a feed as it is asked. Raises InputError for one that is not encrypted, or holds credentials."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    option, form = "feed", "Use the form https://feeds.example/vulnerabilities."
    if not host or parts.scheme not in ("http", "https") or not re.fullmatch(r"[^\s\\]+", text):
        raise errors.InputError(option, "is not an address.", form)
    if "@" in parts.netloc:
        raise errors.InputError(option, "carries a user name or password.", "Put the key into feed_key.")
    if parts.scheme == "http" and not is_loopback(host):
        raise errors.InputError(option, "is not encrypted, so the key could be read on the way.", form)
    return ascii_url(text.partition("#")[0])


def fetch(url: str, key: str, marks: Mapping[str, str], into: BinaryIO) -> Fetched | None:
    """Write the feed to ``into``; None if it is still the one with ``marks``. Raises FeedError, and OSError of the disk."""
    headers = {"User-Agent": USER_AGENT, "Accept": "application/json", **marks}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    with BoundedSession(True) as session, Watch(_WHOLE) as watch:
        session.auth = _no_auth  # a netrc file must not add a password
        try:
            return _follow(session, url, headers, into, Secrets([key]))
        except errors.MainWPError:
            raise
        except _Disk as exc:
            raise exc.error from None
        except (OSError, ValueError) as exc:  # requests' own exceptions are OSErrors, too
            trouble = f"it took longer than {_WHOLE:g} s" if watch.cut else trouble_here(exc) or type(exc).__name__
            found = Unavailable(f"The feed could not be fetched: {trouble}.")
            found.heard = watch.left
            raise found from None


class _Disk(Exception):
    """What went wrong with our own file, not with the network."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def _follow(session: Any, url: str, headers: Mapping[str, str], into: BinaryIO, secrets: Secrets) -> Fetched | None:
    for _hop in range(_MAX_REDIRECTS + 1):
        with session.get(
            url,
            headers=headers,
            timeout=(_CONNECT, _PAUSE),
            # No proxy of the environment gets what is unencrypted only because it stays on this machine.
            proxies={"http": ""} if url.startswith("http:") else {},
            verify=True,
            allow_redirects=False,
            stream=True,
        ) as response:
            location = response.headers.get("Location")
            if response.status_code not in REDIRECTS or not location:
                return _taken(response, into, secrets)
            target = target_of(url, location)
            if origin_of(target) != origin_of(url):
                raise Unavailable(
                    f"The feed's server redirects to {plain(target.partition('?')[0], 200)}, and the key is not carried there.",
                    hint="Give the feed's own address.",
                    status=response.status_code,
                )
            url = target
    raise Unavailable("The feed's server redirects in a circle.")


def _taken(response: Any, into: BinaryIO, secrets: Secrets) -> Fetched | None:
    status = response.status_code
    if status == 304:
        return None
    if status != 200:
        raise _failure(status, response, secrets)
    digest, size = hashlib.sha256(), 0
    for part in pieces(response):
        size += len(part)
        if size > _LARGEST:
            raise Unavailable(f"The feed is larger than {_LARGEST // 2**20} MB.", hint="Is this the feed's address?")
        digest.update(part)
        try:
            into.write(part)
        except OSError as exc:
            raise _Disk(exc) from None
    told = {"If-Modified-Since": "Last-Modified", "If-None-Match": "ETag"}
    headers = {ours: response.headers.get(theirs) for ours, theirs in told.items()}
    marks = {name: text for name, text in headers.items() if text and re.fullmatch(r"[\x20-\x7e]{1,200}", text)}
    return Fetched(digest.hexdigest(), marks)


def _failure(status: int, response: Any, secrets: Secrets) -> FeedError:
    kind = Refused if status in (401, 403) else Limited if status == 429 else Unavailable
    page = b""
    for part in pieces(response):
        page += part
        if len(page) >= _QUOTED:
            break
    said = plain(secrets.mask(page[:_QUOTED].decode("utf-8", "replace")), 200)
    quoted = f" The feed's server says: {said}" if said else ""
    return kind(f"The feed could not be fetched: HTTP {status}.{quoted}", status=status)


def _no_auth(request: Any) -> Any:
    return request
