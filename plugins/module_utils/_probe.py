# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetch a site's pages as a visitor would, without any credentials. PRIVATE to the collection."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ._addresses import ascii_url, same_host
from ._bounds import REDIRECTS, BoundedSession, Watch, kinds, pieces, target_of
from ._caches import past_caches
from ._health import BAD, UNKNOWN, HealthOptions, Page, Wanted, judge_page
from ._http import USER_AGENT
from ._models import Site
from ._network import trouble_here
from ._secrets import plain

#: As much of a page as is looked at.
_MAX_PAGE = 512 * 1024
#: As many redirects in a row are followed.
_MAX_HOPS = 10
#: Pause between two looks at a page in maintenance mode, seconds.
_MAINTENANCE_PAUSE = 3.0


class Prober:
    """Looks at the pages named by the options."""

    def __init__(self, options: HealthOptions, sleep: Callable[[float], None] = time.sleep) -> None:
        self._options = options
        self._sleep = sleep

    def look(self, site: Site) -> tuple[Page, ...]:
        """Every page once; a page in maintenance mode again until ``patience`` is used up."""
        deadline = time.monotonic() + self._options.patience
        pages = []
        for wanted in self._options.pages:
            page = self._page(site, wanted)
            while page.may_pass and time.monotonic() < deadline:
                self._sleep(min(_MAINTENANCE_PAUSE, max(0.0, deadline - time.monotonic())))
                page = self._page(site, wanted)
            pages.append(page)
        return tuple(pages)

    def _page(self, site: Site, wanted: Wanted) -> Page:
        path = wanted.path
        url = ascii_url(site.url).rstrip("/") + path
        # PHP pages must not come from a cache that survives a dead site.
        query = past_caches() if path.split("?", maxsplit=1)[0].endswith(".php") else None
        try:
            with BoundedSession(self._options.validate_certs) as session:
                session.headers.update({"User-Agent": USER_AGENT, "Cache-Control": "no-cache"})
                for _hop in range(_MAX_HOPS):
                    status, location, body = self._get(session, url, query)
                    if status not in REDIRECTS or not location:
                        return judge_page(wanted, site.url, status, url, body)
                    url, query = target_of(url, location), None
                    if not same_host(url, site.url):  # nothing is asked of anybody but the site
                        return judge_page(wanted, site.url, status, url, "")
        except (OSError, ValueError) as exc:  # requests' own exceptions are OSErrors, too
            trouble = trouble_here(exc)
            if trouble:
                return Page(path, UNKNOWN, f"cannot be fetched: {trouble}")
            late = isinstance(exc, kinds.Timeout)
            return Page(path, BAD, plain(f"cannot be fetched: {type(exc).__name__}", 200), dead=True, late=late)
        return Page(path, BAD, "redirects in a circle")

    def _get(self, session: Any, url: str, query: Any) -> tuple[int, str, str]:
        """(status, where it redirects, start of the body) of one answer, complete within the timeout."""
        timeout = self._options.timeout
        with Watch(timeout) as watch:
            try:
                with session.ask("GET", url, timeout, params=query) as response:
                    body = _start_of(response)
            except (OSError, ValueError):
                if not watch.cut:
                    raise
        if watch.cut:
            raise kinds.Timeout
        return response.status_code, response.headers.get("Location", ""), body


def _start_of(response: Any) -> str:
    content = b""
    for chunk in pieces(response):
        content += chunk
        if len(content) >= _MAX_PAGE:
            break
    return content.decode("utf-8", "replace")
