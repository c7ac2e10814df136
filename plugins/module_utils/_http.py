# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Transport: one HTTP conversation with one Dashboard. PRIVATE to the collection.

Sends a request, returns JSON or raises one of ``_errors``. Knows authentication, TLS, proxies, timeouts,
retries, redirects and redaction; knows nothing of sites or updates.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from . import _errors as errors
from ._addresses import ascii_url
from ._answers import (
    api_link,
    api_root,
    asked_on,
    explained,
    failure_of,
    in_a_circle,
    not_here,
    not_json,
    parsed,
    redirected,
)
from ._bounds import (
    REDIRECTS,
    REQUESTS_IMPORT_ERROR,
    BoundedSession,
    Watch,
    origin_of,
    pieces,
    requests_missing,
    target_of,
)
from ._caches import Answer, Guard, comment_of, date_of, mark_of, past_caches
from ._connection import V1, V2, Connection
from ._network import broken, proxy_failed, too_slow
from ._outage import Outage
from ._symptoms import Symptom, leads_on, quote

#: Bodies beyond this are refused. v2 lists in pages: 100 sites with everything take about 1 MB. v1 lists all in one answer.
#: Parsed, an answer made for it takes twenty times as much memory.
MAX_BODY = {V2: 16 * 1024 * 1024, V1: 64 * 1024 * 1024}
USER_AGENT = "wpfleet.mainwp (Ansible collection)"
_MAX_REDIRECTS = 3
#: Methods that change nothing.
READS = ("GET", "HEAD")
#: Answers to a read that are worth asking again (429 carries its own pace).
_PASSING = (429, 502, 503, 504)
#: Outages that one request waits out: one that is the cause of the next would go on for ever.
_MOST_OUTAGES = 3


class Form(dict[str, Any]):
    """A body that is sent as a web form, for the routes that read nothing else."""


class Transport:
    """Requests to one Dashboard. Safe to use from several threads.

    ``warn`` is called with one sentence for each retry. ``sleep`` is the tests' way to skip waiting.
    """

    def __init__(
        self,
        connection: Connection,
        warn: Callable[[str], None] = lambda _text: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.connection = connection
        self.secrets = connection.secrets()
        #: What the other side may repeat.
        self.echoes = connection.echoes(self.secrets)
        self._warn = warn
        self._sleep = sleep
        self._session = self._new_session()
        self._lock = threading.Lock()
        #: Keeps us from believing a cache, and has the Dashboard's clock.
        self.caches = Guard(lambda symptom, evidence: self._warn_once(f"A cache answers ({evidence})", symptom))
        #: Where the API is: below the url, unless WordPress says otherwise.
        self.root = self.usual_root = ascii_url(connection.root)
        #: What a write would meet: a redirect that only reads can follow.
        self.detour: errors.Redirected | None = None
        #: Says that no more work may be started.
        self.closing: Callable[[], bool] = lambda: False
        #: Called before each request, which is not sent if it raises.
        self.before: Callable[[], None] = lambda: None
        #: Told the path of each write, before and after it: what was read is not the truth any more.
        self.on_write: Callable[[str], None] = lambda _path: None
        #: HTTP statuses that are answers, too: whoever asks judges them.
        self.accepted: frozenset[int] = frozenset()
        #: What makes everybody wait while the Dashboard is away; None: nobody waits.
        self.outage: Outage | None = None
        self._looked = False
        self._search = threading.Lock()
        self._told: set[str] = set()

    def now(self) -> float:
        """The time by the Dashboard's clock, unix seconds."""
        return time.time() + (self.caches.skew or 0.0)

    def read(self, path: str, query: Mapping[str, Any] | None = None, step: str = "", method: str = "GET") -> Answer:
        """GET ``path`` (below the API's root), asking again after a passing failure."""

        def ask(unique: bool) -> Answer:
            whole = {**(query or {}), **(past_caches() if unique else {})}
            return self._patiently(lambda _exc: True, lambda: self._send(method, path, whole, step))

        root = self.root
        try:
            return self.caches.read(path, ask, lambda: self._own_time(path))
        except (errors.NotTheApi, errors.Redirected) as exc:
            # WordPress leads page=1 of what it does not know to some page of the site.
            nothing_here = exc.details.get("status") == 404 or exc.details.get("symptom") == "closed_site"
            if not nothing_here or not self._found_elsewhere(exc, root):
                raise
        return self.caches.read(path, ask, lambda: self._own_time(path))

    def write(
        self,
        path: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        step: str = "",
        method: str = "POST",
        work: bool = False,
        kinds: tuple[type, ...] = (dict, bool),
    ) -> Answer:
        """POST (or ``method``) once; the answer is a JSON object (on v1 also ``false``), or one of ``kinds``. Only what surely did not start is
        sent again: it never left this machine, or was refused unread. ``work``: nor is it sent at all once ``closing`` says
        so, however long it waited for its turn. Raises TooLate then."""

        def send() -> Answer:
            if work and self.closing():
                raise errors.TooLate(f"{self._name(step, path)}: too late to start anything.")
            try:
                return self._send(method, path, query, step, body)
            except errors.Redirected as exc:
                # Who closes a site does so before the work; but a plugin may lead elsewhere when that is done.
                exc.may_have_started = work
                raise

        self.caches.writes(work)
        self.on_write(path)
        try:
            answer = self._patiently(lambda exc: not exc.may_have_started, send)
        finally:
            self.on_write(path)
        self.caches.wrote(answer)
        if not isinstance(answer.data, kinds):
            # Done, perhaps, but PHP or a proxy lost the answer: no word is no evidence.
            raise errors.AnswerLost(f"{self._name(step, path)}: the answer is empty or of the wrong kind.")
        return answer

    def _patiently(self, again: Callable[[errors.MainWPError], bool], send: Callable[[], Answer]) -> Answer:
        """``send``, and once more after each error that passes by itself, as long as ``again`` allows it."""
        attempt = outages = 0
        while True:
            if self.outage is not None:
                self.outage.pass_gate()
            self.before()
            asked_at = time.monotonic()
            try:
                return send()
            except errors.MainWPError as exc:
                if not again(exc):
                    raise
                was_away = self.outage is not None and self.outage.met_by(exc, asked_at)
                outages += was_away
                if was_away and outages <= _MOST_OUTAGES:
                    continue
                delay = self._retry_delay(exc, attempt)
                if delay is None:
                    raise
                text = exc.message
            self._warn(f"{text.rstrip('.')}. Trying again in {delay:.1f} s.")
            attempt += 1
            self._sleep(delay)

    def knock(self) -> Answer:
        """Ask for something cheap, once, to see whether the Dashboard is there, and not just a cache that outlives it."""
        return self._send("GET", "", {"_fields": "namespaces", **past_caches()}, "look whether the Dashboard is there")

    def close(self) -> None:
        """Close kept-alive connections."""
        self._session.close()

    # -- one exchange ---------------------------------------------------------------------------------------------

    def _send(self, method: str, path: str, query: Mapping[str, Any] | None, step: str, body: Any = None) -> Answer:
        writing = method not in READS
        url = f"{self.root}/{path.lstrip('/')}"
        params = {**(query or {}), **self.connection.auth_query()}
        session = self._new_session() if writing else self._session
        try:
            return self._follow(session, method, url, params, body, self._name(step, path))
        except errors.MainWPError as exc:
            exc.message, exc.hint = self.secrets.mask(exc.message), self.secrets.mask(exc.hint)
            exc.details = self.secrets.mask_all(exc.details)
            raise explained(exc, writing) from None
        finally:
            if writing:
                # A write never rides on a kept-alive connection: one that the server had just closed
                # would look like a write that was lost on the way.
                session.close()

    def _follow(self, session: Any, method: str, url: str, params: Mapping[str, Any], body: Any, name: str) -> Answer:
        """Send, and follow redirects that keep origin and method, and lead on to the API."""
        cookies, asked, ours = False, time.time(), params
        for _hop in range(_MAX_REDIRECTS + 1):
            response, content = self._exchange(session, method, url, params, body, name)
            location = response.headers.get("Location")
            if response.status_code not in REDIRECTS or not location:
                return self._answer(response, content, name, asked)
            cookies = cookies or "Set-Cookie" in response.headers
            try:
                target = target_of(url, location)
            except ValueError:
                text = f"{name}: the Dashboard redirects to something that is no address."
                raise errors.Redirected(text, hint="Check the url.", status=response.status_code) from None
            detour = redirected(url, target, response.status_code, name, ascii_url(self.connection.url), self.root)
            keeps_method = response.status_code in (307, 308)
            same_origin = origin_of(target) == origin_of(url)
            if not (same_origin and (keeps_method or method in READS) and leads_on(url, target, self.root)):
                detour.mark = self.caches.mark_of_failure(response.headers, asked)
                raise detour
            if not keeps_method:
                self.detour = detour
            url, params = asked_on(target, ours)
        raise in_a_circle(name, cookies)

    def _own_time(self, path: str) -> Answer | None:
        """An answer with the Dashboard's own Date: caches keep none to OPTIONS, and any key may send it (core.md §1.5)."""
        asked = time.time()
        try:
            url = f"{self.root}/{path.lstrip('/')}"
            response, _content = self._exchange(self._session, "OPTIONS", url, {}, None, "read the clock")
        except errors.MainWPError:
            return None
        return Answer(response.status_code, None, date_of(response.headers.get("Date")), asked, time.time())

    def _found_elsewhere(self, failure: errors.MainWPError, root: str) -> bool:
        """Look, once and without credentials, where WordPress says that its API is. True when it is asked there now; else
        ``failure`` says what was found."""
        with self._search:  # who asks meanwhile waits for what is found
            if not self._looked:
                self._looked = True
                self._look_elsewhere(failure)
            return self.root != root

    def _look_elsewhere(self, failure: errors.MainWPError) -> None:
        """Ask where the API is, from now on, if WordPress names another place."""
        index = f"{self.root}/"
        session = self._new_session(anonymous=True)
        try:
            response, content = self._exchange(session, "GET", index, {}, None, "look for the API")
            link = api_link(response.headers.get("Link"), content.decode("utf-8", "replace"))
            if response.status_code != 404 or not link:
                return
            target = target_of(index, link)
        except (errors.MainWPError, ValueError):
            return
        finally:
            session.close()
        scheme, *place = origin_of(index)
        found, symptom = api_root(target, origin_of(target) in ((scheme, *place), ("https", *place)))
        if symptom:
            not_here(failure, symptom, target)
        else:
            self.root = found

    def _exchange(
        self, session: Any, method: str, url: str, params: Mapping[str, Any], body: Any, name: str
    ) -> tuple[Any, bytes]:
        """One request and its whole body, or the error that says how far it came."""
        connection = self.connection
        timeout = (connection.connect_timeout, connection.timeout)
        # The proxies are given with each request, or the environment's would override the proxy option.
        sent = {"data" if isinstance(body, Form) else "json": body}
        given = {"params": params or None, **sent, "proxies": connection.proxies}
        watch = Watch(sum(timeout))
        try:
            with watch, session.ask(method, url, timeout, **given) as response:
                content = self._body(response, name)
        except OSError as exc:  # requests' own exceptions are OSErrors, too
            if not watch.cut:
                raise broken(exc, watch.left, connection, name, self.echoes) from None
        if watch.cut:
            raise too_slow(watch.left, connection, name)
        return response, content

    def _body(self, response: Any, name: str) -> bytes:
        """The decoded body, bounded in size and time."""
        deadline = time.monotonic() + self.connection.timeout
        limit = MAX_BODY[self.connection.api_version]
        parts: list[bytes] = []
        size = 0
        for chunk in pieces(response):
            size += len(chunk)
            if size > limit:
                text = f"{name}: the answer is larger than {limit // 2**20} MB."
                raise errors.TooLarge(text)
            if time.monotonic() > deadline:
                raise too_slow(True, self.connection, name)
            parts.append(chunk)
        return b"".join(parts)

    def _answer(self, response: Any, content: bytes, name: str, asked: float) -> Answer:
        """Body and status as an Answer, or the error they stand for."""
        if response.status_code == 407:
            raise proxy_failed(self.connection, name, "HTTP 407 Proxy Authentication Required")
        received, mark = time.time(), mark_of(response.headers)
        status = response.status_code
        text = content.decode("utf-8", "replace").lstrip("\ufeff\0 \t\r\n")
        media = response.headers.get("Content-Type", "")
        try:
            data, noise, more = parsed(text, status, self.connection.api_version) if text else (None, None, "")
        except (ValueError, RecursionError) as exc:
            # Masked before it is cut: a page may echo the query.
            link = api_link(response.headers.get("Link"), text)
            page = self.echoes.mask(text)
            failure: errors.MainWPError | None = not_json(status, media, page, name, link, exc)
        else:
            if noise:
                mark = mark or comment_of(more)
                self._warn_once(f"The Dashboard's answers hold more than JSON: {quote(self.echoes.mask(more))}", noise)
            failure = failure_of(status, data, name, self.connection)
            if failure is not None and failure.details.get("status") in self.accepted:
                status, failure = failure.details["status"], None
            if failure is not None:  # what it quotes may repeat what we sent
                failure = failure_of(status, self.echoes.mask_all(data), name, self.connection)
        if failure is None:
            stamp = date_of(response.headers.get("Date"))
            return Answer(status, data, stamp, asked, received, mark, response.headers)
        failure.mark = mark or self.caches.mark_of_failure(response.headers, asked)
        pause = _retry_after(response.headers.get("Retry-After"))
        if pause is not None:
            failure.details["retry_after"] = pause
        raise failure

    def _warn_once(self, text: str, symptom: Symptom) -> None:
        with self._lock:
            new = symptom.code not in self._told
            self._told.add(symptom.code)
        if new:
            self._warn(f"{text.rstrip('.')}. {symptom.hint}")

    # -- sessions and retries -------------------------------------------------------------------------------------

    def _new_session(self, anonymous: bool = False) -> Any:
        if REQUESTS_IMPORT_ERROR is not None:
            raise errors.MainWPError(requests_missing())
        connection = self.connection
        session: Any = BoundedSession(connection.verify, None if anonymous else connection.auth_headers())
        # A cookie could log the key's user in, which WordPress prefers over the key (core.md §1.1).
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        asks_for = {"Accept": "application/json", "Cache-Control": "no-cache", "Pragma": "no-cache"}
        session.headers.update({"User-Agent": USER_AGENT, **asks_for, **connection.headers})
        if connection.client_cert:
            session.cert = (connection.client_cert, connection.client_key)
        return session

    def _retry_delay(self, exc: errors.MainWPError, attempt: int) -> float | None:
        """Seconds to wait before asking again, or None when that would not help."""
        details, longest = exc.details, self.connection.retry_max_delay
        passing = (
            isinstance(exc, (errors.ConnectFailed, errors.AnswerLost))
            or details.get("status") in _PASSING
            or exc.php_died
        )
        if attempt >= self.connection.retries or exc.lasting or not passing or isinstance(exc, errors.TooLarge):
            return None
        if (asked := details.get("retry_after")) is not None:
            return min(float(asked), longest)
        return min(2.0**attempt, longest) * (0.5 + random.random() / 2)

    def _name(self, step: str, path: str) -> str:
        """How a message names the request: the step in words and the route."""
        return f"{step} ({path.strip('/')})" if step else path.strip("/")


def _retry_after(value: str | None) -> float | None:
    """Retry-After in seconds, from either of its forms."""
    text = (value or "").strip()
    if text.isdecimal():
        return float(text[:9])  # a larger number is longer than anybody waits
    stamp = date_of(value)
    return max(0.0, stamp - time.time()) if stamp is not None else None
