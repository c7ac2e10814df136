# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is a site's front still what it was? Judging pages: pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._addresses import address, same_host
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError

OK, BAD, UNKNOWN = "ok", "bad", "unknown"
#: Verdicts over all pages of a site, the worst last.
VERDICTS = ("not_checked", "ok", "broken_before", "unknown", "failed")

#: An ordinary page, and one that runs PHP past any page cache.
DEFAULT_PATHS = ("/", "/wp-login.php")

#: What WordPress' page for a critical error carries in every language.
_CRITICAL = ("wp-die-message", 'id="error-page"')
#: Answers to us, not to visitors: password, firewall, rate limit, captcha.
_TO_US = (202, 401, 403, 405, 406, 415, 429, 451)


@dataclass(frozen=True)
class HealthOptions:
    """The checked ``health_check`` option. ``expect`` must stand on the first page; times in seconds."""

    paths: tuple[str, ...] = DEFAULT_PATHS
    expect: str = ""
    timeout: float = 15.0
    patience: float = 60.0
    validate_certs: bool = True


@dataclass(frozen=True)
class Page:
    """One page as it was found."""

    path: str
    state: str
    message: str = ""

    @property
    def may_pass(self) -> bool:
        """True for what looks like maintenance mode, which ends by itself."""
        return self.state == BAD and self.message.startswith("HTTP 503")


def health_options_from(value: Mapping[str, Any] | None) -> HealthOptions | None:
    """Check the ``health_check`` option; None switches it off. Raises InputError."""
    if value is None or value.get("enabled") is False:
        return None
    given = value.get("paths")
    paths = tuple(DEFAULT_PATHS if given is None else given)
    for path in paths:
        if not str(path).startswith("/"):
            raise InputError("health_check", f"the path '{path}' does not begin with a slash.", "Use '/shop/'.")
    timeout, patience = float(value.get("timeout") or 15), float(value.get("patience") or 0)
    if timeout <= 0 or patience < 0:
        raise InputError("health_check", "timeout and patience must not be negative.", "Leave them out for defaults.")
    return HealthOptions(
        paths=paths,
        expect=str(value.get("expect") or ""),
        timeout=timeout,
        patience=patience,
        validate_certs=value.get("validate_certs") is not False,
    )


def judge_page(path: str, site_url: str, status: int, final_url: str, body: str, expect: str) -> Page:
    """What one answer says of the page. ``final_url`` is where redirects led."""
    if not same_host(final_url, site_url):
        return Page(path, BAD, f"redirects to {address(final_url).host}")
    if status in _TO_US:
        return Page(path, UNKNOWN, f"HTTP {status}: the answer is meant for us, not for visitors")
    if status >= 400:
        return Page(path, BAD, f"HTTP {status}")
    if not body.strip():
        return Page(path, BAD, "the page is empty")
    if any(mark in body for mark in _CRITICAL):
        return Page(path, BAD, "WordPress' page for a critical error")
    if expect and expect not in body:
        return Page(path, BAD, f"'{expect}' is not on the page")
    return Page(path, OK, f"HTTP {status}")


def compare(before: Sequence[Page], after: Sequence[Page]) -> tuple[str, str]:
    """(verdict, message) over all pages: what was broken before is named, not blamed."""
    was = {page.path: page for page in before}
    found: list[tuple[str, str]] = [("not_checked" if not after else OK, "")]
    for page in after:
        if page.state == UNKNOWN:
            found.append(("unknown", f"{page.path}: {page.message}"))
        elif page.state == BAD:
            old = was.get(page.path)
            if old is not None and old.state == BAD:
                found.append(("broken_before", f"{page.path}: {page.message}, as before the update"))
            else:
                found.append(("failed", f"{page.path}: {page.message}"))
    return max(found, key=lambda pair: VERDICTS.index(pair[0]))
