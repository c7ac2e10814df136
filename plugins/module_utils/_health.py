# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is a site's front still what it was? Judging pages: pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ._addresses import address, same_host
from ._errors import InputError

OK, BAD, UNKNOWN = "ok", "bad", "unknown"
#: Verdicts over all pages of a site, the worst last.
VERDICTS = ("not_checked", "ok", "broken_before", "unknown", "failed")

#: What WordPress' page for a critical error carries in every language.
_CRITICAL = ("wp-die-message", 'id="error-page"')
#: Answers to us, not to visitors: password, firewall, our proxy, rate limit, captcha.
_TO_US = (202, 401, 403, 405, 406, 407, 415, 429, 451)


@dataclass(frozen=True)
class Wanted:
    """A page to look at: ``expect`` must stand on it, ``forbid`` must not."""

    path: str
    expect: str = ""
    forbid: str = ""


#: An ordinary page, and one that runs PHP past any page cache.
DEFAULT_PAGES = (Wanted("/"), Wanted("/wp-login.php"))


@dataclass(frozen=True)
class HealthOptions:
    """The checked ``health_check`` option. Times in seconds."""

    pages: tuple[Wanted, ...] = DEFAULT_PAGES
    timeout: float = 15.0
    patience: float = 60.0
    validate_certs: bool = True


@dataclass(frozen=True)
class Page:
    """One page as it was found."""

    path: str
    state: str
    message: str = ""
    #: Not merely missing or not as expected: no PHP answers, or it died.
    dead: bool = False
    #: Dead as far as one can tell: it did not answer in time.
    late: bool = False

    @property
    def may_pass(self) -> bool:
        """True for what looks like maintenance mode, which ends by itself."""
        return self.state == BAD and self.message.startswith("HTTP 503")


def health_options_from(value: Mapping[str, Any] | None) -> HealthOptions | None:
    """Check the ``health_check`` option; None switches it off. Raises InputError."""
    if value is None or value.get("enabled") is False:
        return None
    given = value.get("paths")
    pages = DEFAULT_PAGES if given is None else tuple(_wanted(entry) for entry in given)
    if pages and value.get("expect"):
        pages = (replace(pages[0], expect=pages[0].expect or str(value["expect"])), *pages[1:])
    timeout, patience = float(value.get("timeout", 15.0)), float(value.get("patience", 60.0))
    if timeout <= 0 or patience < 0:
        raise InputError(
            "health_check", "timeout must be positive, and patience not negative.", "Leave them out for defaults."
        )
    return HealthOptions(pages, timeout, patience, value.get("validate_certs") is not False)


def _wanted(entry: Any) -> Wanted:
    """One entry of ``paths``: a path, or a map. Raises InputError."""
    given = entry if isinstance(entry, Mapping) else {"path": entry}
    unknown = sorted(str(name) for name in given if name not in ("path", "expect", "forbid"))
    if unknown:
        raise InputError("health_check", f"paths knows no key '{unknown[0]}'.", "Use path, expect and forbid.")
    texts = {name: str(value) for name, value in given.items() if value is not None}
    path = texts.pop("path", "")
    if not path.startswith("/"):
        raise InputError("health_check", f"the path '{path}' does not begin with a slash.", "Use '/shop/'.")
    return Wanted(path, **texts)


def judge_page(wanted: Wanted, site_url: str, status: int, final_url: str, body: str) -> Page:
    """What one answer says of the page. ``final_url`` is where redirects led."""
    path = wanted.path
    if not same_host(final_url, site_url):
        return Page(path, BAD, f"redirects to {address(final_url).host}")
    if status in _TO_US:
        return Page(path, UNKNOWN, f"HTTP {status}: the answer is meant for us, not for visitors")
    if status >= 400:
        return Page(path, BAD, f"HTTP {status}", dead=status >= 500)
    if not body.strip():
        return Page(path, BAD, "the page is empty", dead=True)
    if any(mark in body for mark in _CRITICAL):
        return Page(path, BAD, "WordPress' page for a critical error", dead=True)
    if wanted.expect and wanted.expect not in body:
        return Page(path, BAD, f"'{wanted.expect}' is not on the page")
    if wanted.forbid and wanted.forbid in body:
        return Page(path, BAD, f"'{wanted.forbid}' is on the page")
    return Page(path, OK, f"HTTP {status}")


def compare(before: Sequence[Page], after: Sequence[Page]) -> tuple[str, str]:
    """(verdict, message) over all pages: what was broken before is named, not blamed."""
    found: list[tuple[str, str]] = [("not_checked" if not after else OK, "")]
    for old, page in paired(before, after):
        text = f"{page.path}: {page.message}"
        if page.state == UNKNOWN:
            found.append(("unknown", text))
        elif page.state == BAD and old is not None and old.state == BAD and not _worse(page, old):
            found.append(("broken_before", f"{text}, as before the update"))
        elif page.state == BAD:
            found.append(("failed", text))
    return max(found, key=lambda pair: VERDICTS.index(pair[0]))


def _worse(page: Page, old: Page) -> bool:
    """True when a page that was bad is dead now, and was not, or was merely late."""
    return page.dead and (not old.dead or (old.late and not page.late))


def paired(before: Sequence[Page], after: Sequence[Page]) -> list[tuple[Page | None, Page]]:
    """Each page as it was, if it was looked at, and as it is. One path may be there twice."""
    return list(zip(before, after, strict=True)) if before else [(None, page) for page in after]
